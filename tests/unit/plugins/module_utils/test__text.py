# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._text import (
    clock_text,
    duration_text,
    minute_text,
    printable,
    size_text,
)


def test_letters_of_any_script_are_kept() -> None:
    assert printable("Größe, 東京 ✓") == "Größe, 東京 ✓"


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 kB"),
        (1536, "1.5 kB"),
        (1024**2 - 1, "1.0 MB"),
        (1582854144, "1.5 GB"),
        (5 * 1024**4, "5.0 TB"),
        (3 * 1024**6, "3072.0 PB"),
        (None, None),
        ("12", None),
        (True, None),
    ],
)
def test_size_has_a_readable_unit(size: Any, text: str | None) -> None:
    assert size_text(size) == text


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        ("2026-08-15T22:06:21Z", "2026-08-15 22:06"),
        ("2026-08-15T22:06:21+00:00", "2026-08-15 22:06"),
        ("soon", "soon"),
        (None, None),
    ],
)
def test_time_is_shown_to_the_minute(moment: str | None, text: str | None) -> None:
    assert minute_text(moment) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "0 s"),
        (0, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h 0 min"),
        (5 * 3600 + 12 * 60 + 59, "5 h 12 min"),
        (86399, "23 h 59 min"),
        (86400, "1 d 0 h"),
        (400 * 86400 + 3 * 3600, "400 d 3 h"),
    ],
)
def test_duration_is_shown_in_its_two_largest_units(seconds: float, text: str) -> None:
    assert duration_text(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(("seconds", "text"), [(0.9, "0:00"), (42, "0:42"), (161, "2:41"), (3800, "1:03:20")])
def test_durations_are_formatted_as_a_clock(seconds: float, text: str) -> None:
    assert clock_text(seconds) == text
