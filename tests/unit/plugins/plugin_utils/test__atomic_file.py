# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import errno
import stat
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.plugin_utils import _atomic_file
from ansible_collections.mongodb_atlas.backup.plugins.plugin_utils._atomic_file import (
    replace_file,
)


def permissions(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_file_is_replaced_with_the_given_permissions(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old")
    path.chmod(0o644)

    replace_file(str(path), "nü\n", 0o600)

    assert path.read_bytes() == "nü\n".encode()
    assert permissions(path) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_file_keeps_its_permissions_or_gets_those_of_a_new_file(tmp_path: Path) -> None:
    old, new, usual = tmp_path / "old", tmp_path / "new", tmp_path / "usual"
    old.touch(mode=0o640)
    old.chmod(0o640)
    usual.touch()

    for path in (old, new):
        replace_file(str(path), "x")

    assert permissions(old) == 0o640
    assert permissions(new) == permissions(usual)


@pytest.mark.parametrize("step", ["fsync", "chmod", "replace"])
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_failure_at_any_step_leaves_the_old_file_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: BaseException
) -> None:
    path = tmp_path / "a"
    path.write_text("old")

    def fail(*_arguments: Any) -> None:
        raise error

    monkeypatch.setattr(_atomic_file.os, step, fail)
    with pytest.raises(type(error)):
        replace_file(str(path), "new", 0o600)

    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_file_too_large_for_the_disk_leaves_the_old_one(tmp_path: Path) -> None:
    import resource

    path = tmp_path / "a"
    path.write_text("old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            replace_file(str(path), "x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
