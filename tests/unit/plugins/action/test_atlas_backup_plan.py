# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.action import atlas_backup_plan
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._problems import Problem, failed_plan
from ansible_collections.mongodb_atlas.backup.plugins.plugin_utils import _module_action, _plan_action
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.action import Terminal, action

GREEN = {
    "changed": False,
    "take": ["prod"],
    "left_out": [{"cluster_name": "trial", "reason": "an M0 cluster has no backups"}],
    "problems": [],
}
RED = failed_plan([Problem("asleep", "asleep: it is paused."), Problem(None, "No cluster matches.")])
LINES = "Nothing was taken.\nasleep: it is paused.\nNo cluster matches."


def run(monkeypatch: pytest.MonkeyPatch, result: dict[str, Any], version: str = "2.19.1", **keywords: Any) -> Any:
    """The result of the task, and the arguments that the module got."""
    given: dict[str, Any] = {}

    def module(self: Any, _tmp: Any, _task_vars: Any) -> dict[str, Any]:
        given.update(self._task.args)
        return dict(result)

    monkeypatch.setattr(_module_action.NormalAction, "run", module)
    monkeypatch.setattr(_plan_action, "ansible_version", version)
    made = action(atlas_backup_plan, keywords.pop("arguments", {}), **keywords)
    return made.run(task_vars={}), given


@pytest.mark.parametrize("version", ["2.17.14", "2.19.0b1", "2.21.0"])
def test_skipped_clusters_are_displayed_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, terminal: Terminal, version: str
) -> None:
    assert run(monkeypatch, GREEN, version)[0] == GREEN
    assert terminal.shown == [("stdout", "trial is left out: an M0 cluster has no backups.")]


@pytest.mark.parametrize(
    ("version", "shown"),
    [
        ("2.17.0", [("stdout", LINES)]),
        ("2.18.12", [("stdout", LINES)]),
        ("2.19.0b1", []),
        ("2.19.0", []),
        ("2.21.3", []),
        ("3.0", []),
    ],
)
def test_problems_are_displayed_on_ansible_core_before_2_19(
    monkeypatch: pytest.MonkeyPatch, terminal: Terminal, version: str, shown: list[tuple[str, str]]
) -> None:
    assert run(monkeypatch, RED, version)[0] == RED
    assert terminal.shown == shown


@pytest.mark.parametrize("result", [{"failed": True, "msg": "refused"}, {"changed": False, "ansible_job_id": "j"}])
def test_result_without_a_plan_shows_nothing(
    monkeypatch: pytest.MonkeyPatch, terminal: Terminal, result: dict[str, Any]
) -> None:
    assert run(monkeypatch, result, "2.17.0")[0] == result
    assert terminal.shown == []


def test_no_log_shows_nothing(monkeypatch: pytest.MonkeyPatch, terminal: Terminal) -> None:
    run(monkeypatch, GREEN, no_log=True)
    run(monkeypatch, RED, "2.17.0", no_log=True)

    assert terminal.shown == []


@pytest.mark.parametrize("transport", ["local", "ansible.builtin.local"])
@pytest.mark.parametrize(
    ("path", "given"), [("a/b.json", "{here}/a/b.json"), ("~/b.json", "{home}/b.json"), ("/b.json", "/b.json")]
)
def test_module_on_the_controller_gets_an_absolute_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, transport: str, path: str, given: str
) -> None:
    monkeypatch.chdir(tmp_path)
    full = given.format(here=tmp_path, home=Path.home())

    outcome = run(monkeypatch, GREEN, arguments={"manifest_path": path}, transport=transport)

    assert outcome == (GREEN, {"manifest_path": full})


@pytest.mark.parametrize("path", ["", None])
def test_missing_path_is_passed_on_as_none(monkeypatch: pytest.MonkeyPatch, path: str | None) -> None:
    assert run(monkeypatch, GREEN, arguments={"manifest_path": path}) == (GREEN, {})


def test_manifest_is_checked_on_the_controller_if_the_module_runs_elsewhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    names = {"manifest_path": "the_path"}
    arguments = {"manifest_path": str(tmp_path / "a" / "b.json"), "option_names": names}

    result, given = run(monkeypatch, RED, arguments=arguments, transport="ssh")

    assert given == {"option_names": names}
    assert [problem["cluster_name"] for problem in result["problems"]] == [None, "asleep", None]
    assert result["problems"][0]["msg"].startswith(
        f"the_path is {tmp_path}/a/b.json, and the manifest cannot be written"
    )
    assert result["msg"].splitlines()[1].startswith("the_path is ")

    green, _given = run(
        monkeypatch, GREEN, arguments=dict(arguments, manifest_path=str(tmp_path / "a")), transport="ssh"
    )
    assert green == GREEN
    red, _given = run(monkeypatch, GREEN, arguments={"manifest_path": str(tmp_path)}, transport="ssh")
    assert (red["failed"], red["take"]) == (True, [])
