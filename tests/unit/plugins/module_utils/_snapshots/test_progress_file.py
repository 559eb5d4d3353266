# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.progress_file import (
    FILE_VARIABLE,
    append_to_file,
)


def test_progress_lines_are_appended_to_the_file_that_the_environment_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "progress"
    file.write_text("before\n", encoding="utf-8")
    monkeypatch.setenv(FILE_VARIABLE, str(file))
    append_to_file("prod: queued")

    assert file.read_text(encoding="utf-8") == "before\nprod: queued\n"


def test_missing_file_is_not_created_and_breaks_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FILE_VARIABLE, str(tmp_path / "gone"))
    append_to_file("prod: queued")

    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_without_a_file_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FILE_VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    append_to_file("prod: queued")

    assert list(tmp_path.iterdir()) == []


def test_full_disk_leaves_no_descriptor_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FILE_VARIABLE, "/dev/full")
    before = os.listdir("/proc/self/fd")
    for _line in range(3):
        append_to_file("prod: queued")

    assert len(os.listdir("/proc/self/fd")) == len(before)
