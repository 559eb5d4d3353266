# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Modules that check a manifest on the controller use the same path as the plugin that writes it."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from ansible.plugins.action.normal import ActionModule as NormalAction

from ansible_collections.mongodb_atlas.backup.plugins.action import (
    atlas_backup_plan,
    atlas_restore_plan,
    backup_manifest,
    snapshot_report,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.action import act, action, refusal

each_plan = pytest.mark.parametrize(
    ("plugin", "option"), [(atlas_backup_plan, "manifest_path"), (atlas_restore_plan, "receipt_path")]
)
each_invalid = pytest.mark.parametrize("name", ["a\0b", "x" * 300], ids=["NUL", "long name"])


def given_to_the_module(
    monkeypatch: pytest.MonkeyPatch, plugin: ModuleType, arguments: dict[str, Any]
) -> dict[str, Any]:
    given: dict[str, Any] = {}

    def module(self: Any, _tmp: Any, _task_vars: Any) -> dict[str, Any]:
        given.update(self._task.args)
        return {"changed": False, "lines": [], "left_out": []}

    monkeypatch.setattr(NormalAction, "run", module)
    action(plugin, arguments).run(task_vars={})
    return given


@each_plan
@pytest.mark.parametrize("path", ["backup.json", "./backup.json", "folder/../backup.json", "~/backup.json"])
def test_path_equals_the_path_of_backup_manifest(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, plugin: ModuleType, option: str, path: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "folder").mkdir()
    written = act(backup_manifest, {"path": path, "snapshots": []})["path"]

    assert given_to_the_module(monkeypatch, plugin, {option: path}) == {option: written}


@each_plan
@each_invalid
def test_path_that_no_file_can_have_is_left_to_the_module(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, plugin: ModuleType, option: str, name: str
) -> None:
    path = f"{tmp_path}/{name}"

    assert given_to_the_module(monkeypatch, plugin, {option: path}) == {option: path}


@each_plan
@each_invalid
@pytest.mark.parametrize("planned", [[], [{"id": None}]], ids=["with problems", "planned"])
def test_path_is_checked_here_if_the_module_runs_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    plugin: ModuleType,
    option: str,
    name: str,
    planned: list[dict[str, Any]],
) -> None:
    ends = {"changed": False, "problems": [], "planned": planned, "kept_first": [], "lines": [], "left_out": []}
    monkeypatch.setattr(NormalAction, "run", lambda *_given: dict(ends))
    arguments = {option: f"{tmp_path}/{name}", "option_names": {option: "the_path"}}

    result = act(plugin, arguments, transport="ssh")

    (problem,) = result["problems"]
    assert (result["failed"], problem["cluster_name"]) == (True, None)
    assert problem["msg"].startswith("the_path is ")
    assert "cannot be written there: " in problem["msg"]


@pytest.mark.parametrize("plugin", [atlas_backup_plan, atlas_restore_plan])
def test_missing_path_stays_missing(monkeypatch: pytest.MonkeyPatch, plugin: ModuleType) -> None:
    assert given_to_the_module(monkeypatch, plugin, {}) == {}


@pytest.mark.parametrize("check_mode", [False, True])
@each_invalid
@pytest.mark.parametrize(
    ("plugin", "option", "more"),
    [
        (backup_manifest, "path", {"snapshots": []}),
        (snapshot_report, "html", {"clusters": [], "snapshots": [], "atlas_time": "2026-08-15T22:07:37Z"}),
    ],
    ids=["backup_manifest", "snapshot_report"],
)
def test_path_that_no_file_can_have_is_refused(
    tmp_path: Path, plugin: ModuleType, option: str, more: dict[str, Any], name: str, check_mode: bool
) -> None:
    said = refusal(plugin, {option: f"{tmp_path}/{name}", **more}, check_mode=check_mode)

    assert "cannot be written to" in said
    assert said.endswith(". Choose another path.")
    assert said.isprintable()
