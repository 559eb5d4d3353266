# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._writable import (
    check_writable,
    failure_text,
    full_path,
)

# Paths that no file can have, and why.
INVALID = {"x" * 300: "File name too long", "folder/" * 2000: "File name too long", "a\0b": "NUL character"}


def test_path_for_a_new_or_an_existing_file_is_writable(tmp_path: Path) -> None:
    (tmp_path / "old").touch()

    for name in ("new", "old"):
        check_writable(str(tmp_path / name))


def test_unwritable_path_is_detected_beforehand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotADirectoryError):
        check_writable(str(tmp_path / "none" / "a"))
    with pytest.raises(IsADirectoryError):
        check_writable(str(tmp_path))
    # The superuser may write everywhere.
    monkeypatch.setattr(os, "access", lambda *_arguments: False)
    with pytest.raises(PermissionError):
        check_writable(str(tmp_path / "a"))


@pytest.mark.parametrize(("name", "reason"), INVALID.items(), ids=["long name", "long path", "NUL"])
def test_path_that_no_file_can_have_is_not_writable(tmp_path: Path, name: str, reason: str) -> None:
    with pytest.raises(OSError, match=reason):
        check_writable(full_path(f"{tmp_path}/{name}"))


@pytest.mark.parametrize("path", ["backup.json", "./backup.json", "folder/../backup.json", "~/backup.json", "link"])
def test_full_path_has_no_links_and_no_home_sign(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, path: str) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "link").symlink_to(tmp_path / "backup.json")

    assert full_path(path) == str(tmp_path / "backup.json")


@pytest.mark.parametrize(
    "code", [errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EIO]
)
def test_every_failure_has_a_next_step(code: int) -> None:
    said, step = failure_text(OSError(code, os.strerror(code))).split(". ", 1)

    assert said == os.strerror(code)
    assert step.split()[0] in ("Create", "Choose", "Change", "Free")
