# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import os
import re
import stat
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.action import backup_manifest
from ansible_collections.mongodb_atlas.backup.plugins.plugin_utils import _atomic_file
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.action import act, refusal

NOW = "2026-08-15T22:07:37Z"
RECORD = {"cluster_name": "prod", "id": "6a80e2504f19b7c2d8a03e61", "project_id": "5f", "expires_at": NOW}
RESTORE = {"id": None, "status": None, "snapshot_id": RECORD["id"], "target_cluster_name": "prod"}


def run(path: Path, arguments: dict[str, Any] | None = None, **keywords: Any) -> dict[str, Any]:
    return act(backup_manifest, {"path": str(path), **(arguments or {})}, **keywords)


def writes(path: Path, *records: dict[str, Any], more: dict[str, Any] | None = None, **keywords: Any) -> dict[str, Any]:
    arguments = {"snapshots": list(records), "description": "x", "atlas_time": NOW, **(more or {})}
    return run(path, arguments, **keywords)


@pytest.fixture(name="path")
def fixture_path(tmp_path: Path) -> Path:
    return tmp_path / "manifest.json"


def test_manifest_is_private_and_can_be_read_again(path: Path) -> None:
    assert writes(path, RECORD, more={"restores": [RESTORE]}) == {"changed": True, "path": str(path)}

    expected = {
        "format": 1,
        "created_at": NOW,
        "project_id": "5f",
        "description": "x",
        "snapshots": [RECORD],
        "restores": [RESTORE],
    }
    assert json.loads(path.read_text()) == expected
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert run(path) == {"changed": False, "path": str(path), "manifest": expected}


def test_unchanged_manifest_is_not_rewritten(path: Path) -> None:
    writes(path, RECORD)
    before = path.stat()

    assert writes(path, {**RECORD, "reused": True}, more={"description": "y", "atlas_time": None})["changed"] is False
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert writes(path, {**RECORD, "expires_at": "2027-01-01T00:00:00Z"})["changed"] is True


def test_check_mode_writes_nothing_and_accepts_records_without_an_id(path: Path) -> None:
    assert writes(path, {**RECORD, "id": None}, check_mode=True)["changed"] is True
    assert not path.exists()


def test_diff_shows_the_manifest_before_and_after(path: Path) -> None:
    first = writes(path, RECORD, diff=True)["diff"]
    second = writes(path, diff=True)["diff"]

    assert (first["before"], json.loads(first["after"])["snapshots"]) == ("", [RECORD])
    assert second["before"] == first["after"]
    assert second["before_header"] == str(path)


def test_unknown_time_is_null(path: Path) -> None:
    writes(path, RECORD, more={"atlas_time": ""})

    assert json.loads(path.read_text())["created_at"] is None


def test_empty_file_is_replaced(path: Path) -> None:
    path.touch(mode=0o644)

    assert writes(path, RECORD)["changed"] is True
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_symbolic_link_is_kept_and_its_target_written(path: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(path)

    assert writes(tmp_path / "link", RECORD)["path"] == str(path)
    assert (tmp_path / "link").is_symlink()


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize("content", ['{"name": "package"}', "not JSON", '{"format": 2, "snapshots": []}', "[]"])
def test_file_with_other_content_is_neither_read_nor_replaced(path: Path, content: str, check_mode: bool) -> None:
    path.write_text(content)

    for arguments in ({}, {"snapshots": [RECORD]}):
        said = refusal(backup_manifest, {"path": str(path), **arguments}, check_mode=check_mode)
        assert re.match(f"{path} (is not a manifest: |has a newer format than 1).*Choose another file", said)
    assert path.read_text() == content


@pytest.mark.parametrize("check_mode", [False, True])
def test_missing_folder_or_folder_in_place_of_the_file_is_refused(tmp_path: Path, check_mode: bool) -> None:
    for path, said in (
        (tmp_path, "it is a folder. Choose a file"),
        (tmp_path / "a" / "b", "is not a folder. Create the folder"),
    ):
        refused = refusal(backup_manifest, {"path": str(path), "snapshots": [RECORD]}, check_mode=check_mode)
        assert re.match(f"The manifest cannot be written to {path}: .*{said}", refused)


def test_unreadable_file_is_refused_with_a_clear_message(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for odd, said in ((path, "does not exist"), (tmp_path, "is a folder")):
        assert refusal(backup_manifest, {"path": str(odd)}).startswith(f"{odd} {said}. ")
    path.touch()
    assert refusal(backup_manifest, {"path": str(path)}).startswith(f"{path} is not a manifest: it is empty. ")

    def refuse(*_arguments: Any, **_keywords: Any) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    said = refusal(backup_manifest, {"path": str(path)})
    assert said.startswith(f"The manifest {path} cannot be read: Permission denied. Change the")


def test_full_disk_is_reported_and_the_old_manifest_kept(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes(path, RECORD)
    before = path.read_text()

    def full(_handle: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(_atomic_file.os, "fsync", full)
    said = refusal(backup_manifest, {"path": str(path), "snapshots": []})

    assert f"written to {path}: No space left on device. Free some space" in said
    assert path.read_text() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"snapshots": [{"cluster_name": "prod", "id": None}]}, "its snapshot number 1 has no id"),
        ({"snapshots": [{**RECORD, "expires_at": {1, 2}}]}, "a set cannot be written as JSON"),
        ({"restores": [RESTORE]}, "snapshots"),
        ({"snapshots": "prod"}, "snapshots"),
    ],
)
def test_invalid_records_are_refused(path: Path, arguments: dict[str, Any], said: str) -> None:
    assert said in refusal(backup_manifest, {"path": str(path), **arguments})
    assert not path.exists()
