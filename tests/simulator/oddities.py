# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings for behaviour that Atlas was never seen to have, but that it, or a proxy in front of it, could have."""

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
    """The default of each setting is the recorded behaviour."""

    # False: no answer has a Date header.
    send_date: bool = True
    trim_descriptions: bool = False
    # The format of the challenge in a 401.
    challenge: str = "recorded"
    # code: listing the snapshots of a cluster with backups disabled answers backups_off_code.
    backups_off_list: str = "snapshots"

    # repeat: pageNum is ignored, so every page is the first one; endless: every page is full and has a next link.
    list_pages: str = "as_asked"
    # Pages after the first begin this many items later (negative: earlier), as if items had expired or appeared.
    list_shift: int = 0
    list_next_link: bool = True
    # How totalCount is sent, and what is added to the correct number.
    list_total: str = "number"
    list_total_error: int = 0
