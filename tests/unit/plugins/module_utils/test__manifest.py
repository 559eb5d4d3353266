# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._manifest import (
    NotAManifest,
    manifest_path_problem,
    parse_manifest,
    read_manifest,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.fuzz import json_values, quick

RECORD = {"cluster_name": "prod", "id": "6a80e2504f19b7c2d8a03e61", "expires_at": "2026-08-18T22:07:34Z"}
# As written by release 1.0.0.
FIRST = {"created_at": "2026-08-15T22:07:37Z", "project_id": "5f", "description": "x", "snapshots": [RECORD]}

# Files that are not a manifest, and the reason given.
FOREIGN: list[tuple[Any, str]] = [
    ("not JSON", "it is not JSON"),
    ('{"format": 1, "snapshots": [', "it is not JSON"),
    ("[" * 100_000, "it is not JSON"),
    ("[]", "it is not a JSON object"),
    ('"text"', "it is not a JSON object"),
    ("{}", "its snapshots are not a list of records"),
    ({"name": "package", "version": "1.0.0"}, "its snapshots are not a list of records"),
    ({**FIRST, "snapshots": {"prod": RECORD}}, "its snapshots are not a list of records"),
    ({**FIRST, "snapshots": [RECORD["id"]]}, "its snapshots are not a list of records"),
    ({**FIRST, "snapshots": [RECORD, {"cluster_name": "prod"}]}, "its snapshot number 2 has no id"),
    ({**FIRST, "snapshots": [{"id": "x", "cluster_name": ""}]}, "its snapshot number 1 has no cluster_name"),
    ({**FIRST, "restores": None}, "its restores are not a list of records"),
    ({**FIRST, "format": "1"}, "its format is unknown"),
    ({**FIRST, "format": True}, "its format is unknown"),
    ({**FIRST, "format": 0}, "its format is unknown"),
    ({**FIRST, "format": None}, "its format is unknown"),
]


def text_of(content: Any) -> str:
    return content if isinstance(content, str) else json.dumps(content)


@pytest.mark.parametrize("more", [{}, {"format": 1}, {"restores": [{"id": None}]}, {"snapshots": []}])
def test_manifest_is_read_with_its_format(more: dict[str, Any]) -> None:
    assert parse_manifest(json.dumps({**FIRST, **more})) == {"format": 1, **FIRST, **more}


@pytest.mark.parametrize(("content", "said"), FOREIGN)
def test_file_other_than_a_manifest_is_refused_with_a_reason(content: Any, said: str) -> None:
    with pytest.raises(NotAManifest, match=f"^is not a manifest: {said}$"):
        parse_manifest(text_of(content))


@pytest.mark.parametrize("newer", [2, 10**4000])
def test_newer_format_is_refused(newer: int) -> None:
    with pytest.raises(NotAManifest, match=r"^has a newer format than 1, which a newer release"):
        parse_manifest(json.dumps({**FIRST, "format": newer}))


@given(json_values, json_values, json_values)
@quick
def test_any_json_is_a_manifest_or_refused(document: Any, snapshots: Any, version: Any) -> None:
    for each in (document, {"format": version, "snapshots": snapshots}, {"snapshots": snapshots}):
        try:
            manifest = parse_manifest(json.dumps(each))
        except NotAManifest:
            continue
        assert manifest["format"] == 1
        assert all(record["id"] for record in manifest["snapshots"])


def test_missing_and_empty_files_have_no_manifest(tmp_path: Path) -> None:
    assert read_manifest(str(tmp_path / "none")) is None
    (tmp_path / "empty").write_text(" \n")
    assert read_manifest(str(tmp_path / "empty")) is None


def test_folders_pipes_and_bytes_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe{}")

    for name, said in (("", "is a folder"), ("pipe", "is not a file"), ("bytes", "is not a manifest: it is not text")):
        with pytest.raises(NotAManifest, match=f"^{said}$"):
            read_manifest(str(tmp_path / name))


def test_new_file_empty_file_and_older_manifest_are_writable(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "older").write_text(json.dumps(FIRST))

    for name in ("new", "empty", "older"):
        assert manifest_path_problem(str(tmp_path / name), "manifest_path") is None


def test_file_with_other_content_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "package.json"
    path.write_text('{"name": "package"}')

    assert manifest_path_problem(str(path), "the_path") == (
        f"the_path is {path}, which is not a manifest: its snapshots are not a list of records. "
        "Choose another file, or move this one."
    )


def test_path_without_a_folder_is_a_problem_with_a_next_step(tmp_path: Path) -> None:
    path = tmp_path / "none" / "a.json"

    assert manifest_path_problem(str(path), "the_path") == (
        f"the_path is {path}, and the manifest cannot be written there: {path.parent} is not a folder. "
        "Create the folder, or name another path."
    )


def test_unreadable_file_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.json"
    path.write_text("{}")

    def refuse(*_arguments: Any, **_keywords: Any) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    said = manifest_path_problem(str(path), "the_path")
    assert said is not None
    assert said.endswith("cannot be written there: Permission denied. Change the permissions, or name another path.")


@pytest.mark.parametrize("name", ["x" * 300, "a\0b"], ids=["long name", "NUL"])
def test_path_that_no_file_can_have_is_a_problem(tmp_path: Path, name: str) -> None:
    said = manifest_path_problem(f"{tmp_path}/{name}", "the_path")
    assert said is not None
    assert said.isprintable()
