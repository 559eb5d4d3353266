# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ast
import importlib
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.mongodb_atlas.backup.plugins.module_utils import _module
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._argspec import CONNECTION_OPTIONS
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.records import RECORD_KEYS as RESTORE_KEYS
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.records import RECORD_KEYS
from ansible_collections.mongodb_atlas.backup.tests.docs.returned import result_problems, sample_problems
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.run_module import Call
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.simulated import SimulatedAtlas

ROOT = Path(__file__).parents[4]
FRAGMENT = "mongodb_atlas.backup.atlas"


def block(path: Path, name: str) -> Any:
    """A documentation block of a plugin's file, with anchors resolved."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == name:
            return yaml.safe_load(ast.literal_eval(node.value))
    raise AssertionError(f"{path} has no {name}")


def documentation(module: str) -> Any:
    return block(ROOT / "plugins" / "modules" / f"{module}.py", "DOCUMENTATION")


def module_of(name: str) -> Any:
    return importlib.import_module(f"ansible_collections.mongodb_atlas.backup.plugins.modules.{name}")


EVERY = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("*.py"))
# The modules that send requests to Atlas.
MODULES = [name for name in EVERY if FRAGMENT in documentation(name).get("extends_documentation_fragment", [])]
every_module = pytest.mark.parametrize("name", MODULES)
SHARED = block(ROOT / "plugins" / "doc_fragments" / "atlas.py", "DOCUMENTATION")["options"]


def test_action_group_contains_the_modules_that_use_atlas() -> None:
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))

    assert runtime["action_groups"].pop("atlas") == MODULES
    # The role's module_defaults apply to the same modules.
    assert runtime["action_groups"] == {
        "pre_maintenance_backup": [{"metadata": {"extend_group": ["mongodb_atlas.backup.atlas"]}}]
    }
    assert {"atlas_snapshot", "atlas_snapshot_info"} <= set(MODULES)


@every_module
def test_each_module_documents_its_action_group(name: str) -> None:
    assert "mongodb_atlas.backup.attributes.actiongroup_atlas" in documentation(name)["extends_documentation_fragment"]


def as_documented(spec: dict[str, Any]) -> dict[str, Any]:
    """An option of an argument spec in the format of the documentation."""
    kept = {key: spec[key] for key in ("type", "elements", "choices", "default", "aliases") if key in spec}
    if spec.get("required"):
        kept["required"] = True
    if "options" in spec:
        kept["suboptions"] = {name: as_documented(each) for name, each in spec["options"].items()}
    return {"type": "str", **kept}


def as_specified(documented: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in documented.items() if key not in ("description", "version_added")}
    if "suboptions" in documented:
        kept["suboptions"] = {name: as_specified(each) for name, each in documented["suboptions"].items()}
    return {"type": "str", **kept}


def test_shared_options_are_documented_in_the_same_order() -> None:
    assert {name: as_specified(each) for name, each in SHARED.items()} == {
        name: as_documented(each) for name, each in CONNECTION_OPTIONS.items()
    }
    assert list(SHARED) == list(CONNECTION_OPTIONS)


@every_module
def test_own_options_of_a_module_are_documented_in_the_same_order(name: str) -> None:
    documented, options = documentation(name)["options"], module_of(name).OPTIONS

    assert {name: as_specified(each) for name, each in documented.items()} == {
        name: as_documented(each) for name, each in options.items()
    }
    assert list(documented) == list(options)


@every_module
def test_argument_spec_of_main_is_documented(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Built(Exception):
        pass

    built: dict[str, Any] = {}

    def module(**how: Any) -> None:
        built.update(how)
        raise Built

    monkeypatch.setattr(_module, "AnsibleModule", module)
    with pytest.raises(Built):
        module_of(name).main()

    assert set(built["argument_spec"]) == {*SHARED, *documentation(name)["options"]}
    assert built["supports_check_mode"] is True
    assert ("project_id", "project_name") in built["mutually_exclusive"]


@pytest.mark.parametrize("name", [name for name in SHARED if name.split("_")[-1] in ("key", "secret", "token")])
def test_secrets_are_no_log(name: str) -> None:
    assert CONNECTION_OPTIONS[name]["no_log"] is True


KINDS: dict[str, dict[str, Any]] = {
    "replica": {"tags": {"a": "b"}},
    "sharded": {"topology": "SHARDED"},
    "flex": {"instance_size": "FLEX"},
    "m5": {"instance_size": "M5"},
}


def module_results(name: str, call: Call) -> list[dict[str, Any]]:
    """Results of a module against the simulator: success, failure, check mode and with a diff."""
    atlas = SimulatedAtlas(KINDS)
    for cluster in ("replica", "sharded"):
        atlas.has(cluster, taken_at=-3600, description="x")
    main = module_of(name).main
    if name == "atlas_restore":
        return restore_results(call, atlas)
    if name == "atlas_restore_plan":
        return restore_plan_results(call, atlas)
    return [
        call(main, atlas, cluster_name=["replica"], diff_mode=True),
        call(main, atlas, cluster_name=["sharded"], check_mode=True),
        call(main, atlas, cluster_name=list(KINDS)),
        call(main, atlas, cluster_name=["nosuch", "replica"]),
        call(main, atlas, cluster_name=["replica"], project_id="f" * 24),
    ]


def restore_results(call: Call, atlas: SimulatedAtlas) -> list[dict[str, Any]]:
    """The same for atlas_restore, which needs a snapshot and a target."""
    main = module_of("atlas_restore").main
    one = {"snapshot_id": atlas.cluster("replica").snapshots[0].id, "target_cluster_name": "replica"}
    return [
        call(main, atlas, cluster_name="replica", check_mode=True, diff_mode=True, **one),
        call(main, atlas, cluster_name="replica", diff_mode=True, **one),
        call(main, atlas, cluster_name="replica", **one),
        call(main, atlas, cluster_name="nosuch", **one),
        call(main, atlas, cluster_name="replica", project_id="f" * 24, **one),
        call(main, atlas, cluster_name="replica"),
    ]


def restore_plan_results(call: Call, atlas: SimulatedAtlas) -> list[dict[str, Any]]:
    """A successful plan, one without confirmation, one with problems, and the outcome of a rollback."""
    main = module_of("atlas_restore_plan").main
    snapshots = [{"cluster_name": "replica", "id": atlas.cluster("replica").snapshots[0].id}]
    return [
        call(main, atlas, snapshots=snapshots, confirm=["replica"]),
        call(main, atlas, snapshots=snapshots),
        call(main, atlas, snapshots=[{"cluster_name": "nosuch", "id": "x"}, 7]),
        call(main, atlas, snapshots=snapshots, project_name="nosuch", project_id=None),
        call(main, atlas, outcome={"planned": [], "restored": {}, "snapshots": []}),
    ]


@every_module
def test_results_are_documented(name: str, call: Call) -> None:
    documented = block(ROOT / "plugins" / "modules" / f"{name}.py", "RETURN")
    results = module_results(name, call)

    assert [problem for result in results for problem in result_problems(documented, result)] == []
    assert {key for result in results for key in result} >= set(documented)


@pytest.mark.parametrize("name", ["atlas_restore", "atlas_restore_info"])
def test_restore_has_the_documented_keys_in_the_documented_order(name: str) -> None:
    contains = block(ROOT / "plugins" / "modules" / f"{name}.py", "RETURN")["restores"]["contains"]

    assert tuple(contains) == RESTORE_KEYS


@pytest.mark.parametrize(("name", "more"), [("atlas_snapshot", {"reused"}), ("atlas_snapshot_info", set())])
def test_record_has_the_documented_keys_in_the_documented_order(name: str, more: set[str]) -> None:
    contains = block(ROOT / "plugins" / "modules" / f"{name}.py", "RETURN")["snapshots"]["contains"]

    assert [key for key in contains if key not in more] == list(RECORD_KEYS)
    assert set(contains) == {*RECORD_KEYS, *more}


@every_module
def test_sample_has_its_documented_type(name: str) -> None:
    assert list(sample_problems(block(ROOT / "plugins" / "modules" / f"{name}.py", "RETURN"))) == []


@every_module
def test_examples_are_tasks_with_documented_options(name: str) -> None:
    known = {
        alias
        for option, each in {**SHARED, **documentation(name)["options"]}.items()
        for alias in (option, *each.get("aliases", []))
    }
    tasks = block(ROOT / "plugins" / "modules" / f"{name}.py", "EXAMPLES")

    used = [task[f"mongodb_atlas.backup.{name}"] for task in flattened(tasks) if f"mongodb_atlas.backup.{name}" in task]
    assert used
    assert {option for options in used for option in options or {}} <= known


def flattened(tasks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All tasks, including those in plays and blocks."""
    found = []
    for task in tasks:
        found.append(task)
        for key in ("tasks", "block", "pre_tasks"):
            found += flattened(task.get(key, []))
    return found
