# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The AWX workflow: its nodes are connected, and its jobs pass the backup on to the rollback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml
from simulator.process import Simulator

from .support import COLLECTIONS, EXAMPLES, SHORT, assert_went_well, play

CONTROLLER = EXAMPLES / "controller"
WORKFLOW: dict[str, Any] = yaml.safe_load((CONTROLLER / "maintenance_workflow.yml").read_text(encoding="utf-8"))
NODES = {node["identifier"]: node for node in WORKFLOW["workflow_nodes"]}
SETTINGS = SHORT


def variables_of(role: str) -> set[str]:
    """The variables of a role."""
    path = (
        COLLECTIONS
        / "ansible_collections"
        / "mongodb_atlas"
        / "backup"
        / "roles"
        / role
        / "meta"
        / "argument_specs.yml"
    )
    return set(yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"]["main"]["options"])


def test_every_node_is_reached_exactly_once() -> None:
    reached = [
        link["identifier"] for node in NODES.values() for links in node.get("related", {}).values() for link in links
    ]

    assert sorted(["back_up", *reached]) == sorted(NODES)


def test_rollback_needs_a_failed_deployment_and_an_approval() -> None:
    assert NODES["deploy"]["related"] == {"failure_nodes": [{"identifier": "approve_rollback"}]}
    assert NODES["approve_rollback"]["unified_job_template"]["type"] == "workflow_approval"
    assert NODES["approve_rollback"]["related"] == {"success_nodes": [{"identifier": "roll_back"}]}


def test_survey_asks_for_variables_of_the_roles() -> None:
    asked = {question["variable"] for question in WORKFLOW["survey_spec"]["spec"]}

    assert asked <= variables_of("pre_maintenance_backup") | variables_of("rollback")


def handed_on(atlas: Simulator, folder: Path) -> list[str]:
    """The options of the jobs after Back up: AWX passes the data of set_stats as extra variables."""
    done = play(
        *(atlas, CONTROLLER / "back_up.yml", "-e", "pre_maintenance_backup_clusters=demo-replica"),
        ANSIBLE_SHOW_CUSTOM_STATS="true",
    )
    assert_went_well(done)
    stats = done.stdout.partition("CUSTOM STATS: ")[2].partition("RUN: ")[2]
    artifacts = folder / "artifacts.json"
    artifacts.write_text(json.dumps(json.JSONDecoder().raw_decode(stats)[0]))
    return ["-e", f"@{artifacts}"]


def test_rollback_writes_nothing_until_it_is_confirmed(atlas: Simulator, tmp_path: Path) -> None:
    artifacts = handed_on(atlas, tmp_path)

    for confirm in ("", "demo-sharded"):
        atlas.order("DELETE", "requests")
        done = play(atlas, CONTROLLER / "roll_back.yml", *artifacts, "-e", f"rollback_confirm={confirm}")
        assert done.returncode != 0
        assert "rollback_confirm" in done.stdout
        assert {entry["method"] for entry in atlas.order("GET", "requests")["requests"]} == {"GET"}

    done = play(atlas, CONTROLLER / "roll_back.yml", *artifacts, "-e", "rollback_confirm=demo-replica")
    assert_went_well(done)
    assert atlas.order("GET", "requests")["by_step"]["restore"] == 1
