# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role pre_maintenance_backup with its two modules, in every scenario of its integration target.

Both read the same scenarios. Here the modules run one after the other, as the tasks of the role call them. The
integration target runs the role itself with Ansible, in the scenarios with with_ansible.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.mongodb_atlas.backup.plugins.action import backup_manifest
from ansible_collections.mongodb_atlas.backup.plugins.modules import atlas_backup_plan, atlas_snapshot
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.action import act
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.run_module import Call
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.simulated import SimulatedDemo

ROOT = Path(__file__).parents[3]
ROLE = ROOT / "roles" / "pre_maintenance_backup"
SCENARIOS = ROOT / "tests" / "integration" / "targets" / "role_pre_maintenance_backup" / "vars" / "main"


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def scenarios(name: str) -> Any:
    return pytest.mark.parametrize("case", read(SCENARIOS / f"{name}.yml")[name], ids=lambda case: case["what"])


DEFAULTS = {
    name.removeprefix("pre_maintenance_backup_"): value for name, value in read(ROLE / "defaults" / "main.yml").items()
}
OPTION_NAMES = read(ROLE / "vars" / "main.yml")["__pre_maintenance_backup_option_names"]


class Run:
    """One run of the role, with what a user sees and what Atlas has after it."""

    def __init__(self, call: Call, case: dict[str, Any], folder: Path, before: Run | None = None) -> None:
        """Run the role on the simulated Atlas that the case describes, or on the one that an earlier run used."""
        self.atlas = before.atlas if before else SimulatedDemo(**case.get("world", {}))
        for order in listed(case.get("new_clusters")):
            self.atlas.control.add_clusters(order)
        self.added = [self.atlas.control.add_snapshot(order) for order in listed(case.get("new_snapshots"))]
        self.atlas.control.add_faults(case.get("faults", []))
        self._call = call
        given = {**DEFAULTS, "wait_timeout": 60, **case}
        # The variables in the templates of the scenarios.
        self._given = {
            key: value.replace("{{ output_dir }}", str(folder)) if isinstance(value, str) else value
            for key, value in given.items()
        }
        self.records: list[dict[str, Any]] = []
        self.message = ""
        self._run()

    def _run(self) -> None:
        planning = ("retention_in_days", "max_age", "outlives", "wait_timeout", "tenant_policy", "tenant_max_age")
        plan = self._module(
            atlas_backup_plan.main,
            *planning,
            cluster_name=self._given["clusters"] or None,
            tags=self._given["cluster_tags"] or None,
            manifest_path=self._given.get("manifest_path"),
            option_names=OPTION_NAMES,
        )
        if plan.get("failed"):
            self.message = plan["msg"]
            return
        taken: dict[str, Any] = {"snapshots": []}
        if plan["take"]:
            taking = ("description", "retention_in_days", "max_age", "if_in_progress", "wait_timeout", "outlives")
            taken = self._module(atlas_snapshot.main, *taking, cluster_name=plan["take"])
        by_name = {each["cluster_name"]: each for each in plan["rely_on"] + taken["snapshots"]}
        missing = [name for name in plan["take"] if name not in by_name]
        if missing:
            self.message = f"No assured backup of {', '.join(missing)}. {taken['msg']}"
            return
        self.records = [by_name[each["name"]] for each in plan["clusters"] if each["name"] in by_name]
        if path := self._given.get("manifest_path"):
            time = taken.get("atlas_time") or plan["atlas_time"]
            manifest = {"path": path, "snapshots": self.records, "description": self._given["description"]}
            assert "failed" not in act(backup_manifest, {**manifest, "atlas_time": time})

    def _module(self, main: Any, *names: str, **options: Any) -> dict[str, Any]:
        by_name = "project_name" in self._given
        project = {
            "project_id": None if by_name else self.atlas.project.id,
            "project_name": self._given.get("project_name"),
        }
        return self._call(main, self.atlas, **project, **{name: self._given.get(name) for name in names}, **options)

    @property
    def taken(self) -> dict[str, Any]:
        """The new snapshot of each cluster; never two."""
        found = [
            (name, each)
            for name, held in self.atlas.control.snapshots().items()
            for each in held
            if each["taken_by"] not in ("schedule", "somebody else")
        ]
        assert len(dict(found)) == len(found)
        return dict(found)


def seconds(time: str) -> float:
    return datetime.fromisoformat(time.replace("Z", "+00:00")).timestamp()


def listed(orders: Any) -> list[Any]:
    return orders if isinstance(orders, list) else [] if orders is None else [orders]


@scenarios("problems")
def test_every_problem_is_reported_before_anything_is_taken(call: Call, case: dict[str, Any], tmp_path: Path) -> None:
    run = Run(call, case, tmp_path)

    assert run.message.startswith("Nothing was taken")
    assert [said for said in case["says"] if said not in run.message] == []
    assert len(run.message.split("\n")) == 1 + len(case["says"])
    assert {entry.method for entry in run.atlas.service.journal.entries} <= {"GET"}


@scenarios("backups")
def test_backup_is_complete(call: Call, case: dict[str, Any], tmp_path: Path) -> None:
    run = Run(call, case, tmp_path)

    assert run.message == ""
    assert [each["cluster_name"] for each in run.records] == case["relied_on"]
    assert {each["status"] for each in run.records} <= {"completed"}
    assert set(run.taken) == set(case["taken"])
    for each in run.taken.values():
        assert each["description"] == case.get("description", DEFAULTS["description"])
        assert each["retention_days"] == case.get("retention_in_days", DEFAULTS["retention_in_days"])
    new = {each["id"] for each in run.records if not each["reused"]}
    assert new == {each["id"] for each in run.taken.values()}
    assert len(run.atlas.sent("patch")) == case.get("patches", 0)
    assert len({tuple(each) for each in run.records}) <= 1
    if "kept_days" in case:
        kept, held = run.records[0], {each["id"]: each for each in run.atlas.control.snapshots()[case["clusters"][0]]}
        assert kept["id"] == run.added[0]["id"]
        assert kept["expires_at"] == held[kept["id"]]["expiresAt"]
        lasts = seconds(kept["expires_at"]) - seconds(kept["created_at"])
        assert round(lasts / 86400, 3) == case["kept_days"]


@scenarios("gates")
def test_unsafe_backup_fails_the_role(call: Call, case: dict[str, Any], tmp_path: Path) -> None:
    run = Run(call, case, tmp_path)

    assert run.message.startswith(f"No assured backup of {', '.join(case['unsafe'])}.")
    assert [said for said in case["says"] if said not in run.message + "Nothing that was taken has been deleted."] == []
    assert set(run.taken) == set(case["taken"])
    assert run.atlas.sent("delete") == []
    assert run.records == []


def test_manifest_is_not_rewritten_while_the_backup_is_the_same(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    case = {"clusters": ["demo-sharded", "demo-m2"], "max_age": 3600, "manifest_path": str(path)}
    first = Run(call, case, tmp_path)
    text, inode = path.read_text(), path.stat().st_ino

    assert json.loads(text)["snapshots"] == first.records

    second = Run(call, case, tmp_path, first)

    assert (path.read_text(), path.stat().st_ino) == (text, inode)
    assert [each["id"] for each in second.records] == [each["id"] for each in first.records]

    longer = Run(
        call, {**case, "retention_in_days": 30, "outlives": 864000, "clusters": ["demo-sharded"]}, tmp_path, first
    )

    assert json.loads(path.read_text())["snapshots"] == longer.records
    assert [each["id"] for each in longer.records] == [first.records[0]["id"]]

    path.write_text("")

    assert Run(call, case, tmp_path, first).message == ""
    assert [each["cluster_name"] for each in json.loads(path.read_text())["snapshots"]] == case["clusters"]

    path.write_text('{"name": "package"}')

    assert "manifest.json, which is not a manifest" in Run(call, case, tmp_path, first).message
    assert json.loads(path.read_text()) == {"name": "package"}


def test_manifest_without_snapshots_has_an_empty_list(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"

    assert (
        Run(call, {"clusters": ["demo-flex"], "tenant_policy": "skip", "manifest_path": str(path)}, tmp_path).message
        == ""
    )
    assert json.loads(path.read_text())["snapshots"] == []
