# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings for what Atlas was not seen to do, but what it, or a proxy in front of it, could do."""

from __future__ import annotations

from dataclasses import dataclass

CHOICES: dict[str, tuple[str, ...]] = {
    "challenge": ("recorded", "capitals", "auth_int", "basic_too", "two_joined", "two_headers"),
    "backups_off_list": ("snapshots", "code"),
    "list_pages": ("as_asked", "repeat", "endless"),
    "list_total": ("number", "absent", "null", "text"),
}


@dataclass(frozen=True)
class Oddities:
    """By default none of them happens."""

    # False: no answer has a Date.
    send_date: bool = True
    trim_descriptions: bool = False
    # What the 401 for a caller who is not known looks like.
    challenge: str = "recorded"
    # code: the lists of clusters whose backups are off answer backups_off_code.
    backups_off_list: str = "snapshots"

    # repeat: pageNum is ignored, and every page is the first one; endless: every page is full and has a next link.
    list_pages: str = "as_asked"
    # Pages after the first begin so many items later (negative: earlier), as when others expire or appear meanwhile.
    list_shift: int = 0
    list_next_link: bool = True
    # How totalCount is sent, and what is added to the right number.
    list_total: str = "number"
    list_total_error: int = 0
