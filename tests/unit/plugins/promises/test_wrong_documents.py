# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A cache in front of Atlas answers with another document than requested: at every step, once and always."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.modules import atlas_snapshot, atlas_snapshot_info
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.run_module import Call
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.simulated import SimulatedAtlas

KINDS = {
    "replica": {},
    "sharded": {"topology": "SHARDED"},
    "flex": {"instance_size": "FLEX"},
    "tenant": {"instance_size": "M2"},
}
DEDICATED = ("replica", "sharded")
# The step with wrong answers, and the task that reaches it. HELD stands for an existing snapshot.
HELD = object()
TAKES: dict[str, dict[str, Any]] = {
    "take": {},
    "poll": {},
    "list": {"max_age": 600},
    "patch": {"snapshot_id": HELD, "retention_in_days": 50},
    "cluster": {"check_mode": True},
    "project": {"project_id": None, "project_name": "Shop"},
}
READS: dict[str, dict[str, Any]] = {
    "list": {},
    "poll": {"snapshot_id": HELD},
    "project": {"project_id": None, "project_name": "Shop"},
}
OTHERS = ("older", "cluster", "project")
FREQUENCIES = {"once": 1, "always": None}


def cases(kinds: Iterable[str], steps: Iterable[str]) -> pytest.MarkDecorator:
    """Every kind of cluster with every step, and every wrong document in its answer."""
    return pytest.mark.parametrize(
        ("kind", "step", "of", "frequency"), list(product(kinds, steps, OTHERS, FREQUENCIES))
    )


def served(step: str, of: str, frequency: str, kind: str) -> tuple[SimulatedAtlas, str]:
    atlas = SimulatedAtlas({"prod": KINDS[kind]}, in_progress_seconds=60.0)
    old = atlas.has("prod", taken_at=-7200.0, description="older").id
    atlas.fault("wrong_document", step, times=FREQUENCIES[frequency], params={"of": of})
    return atlas, old


@cases(DEDICATED, TAKES)
def test_result_of_a_write_never_describes_another_document(
    kind: str, step: str, of: str, frequency: str, call: Call
) -> None:
    atlas, old = served(step, of, frequency, kind)
    options = {name: old if value is HELD else value for name, value in TAKES[step].items()}

    result = call(atlas_snapshot.main, atlas, cluster_name="prod", wait_timeout=300, **options)

    right = {each.id for each in atlas.taken()} or {old, None}
    shown = [*result["snapshots"], *(each["snapshot"] for each in result.get("errors", []) if each["snapshot"])]
    assert {each["id"] for each in shown} <= right
    assert {(each["project_id"], each["cluster_name"]) for each in shown} <= {(atlas.project.id, "prod")}
    assert len(atlas.taken()) == (step in ("take", "poll", "list", "project") and not result.get("failed")) or (
        frequency == "always"
    )
    # Once, the request is retried. Always, the task fails, unless the list finds the snapshot of the POST.
    if frequency == "once" or step == "take":
        assert "failed" not in result
        assert {each["status"] for each in result["snapshots"]} <= {"completed", None}
    else:
        assert result["failed"]
        assert "The answer is not about" in result["msg"]


@cases(DEDICATED, ["list"])
def test_list_of_another_cluster_does_not_decide_about_a_post(
    kind: str, step: str, of: str, frequency: str, call: Call
) -> None:
    atlas, _old = served(step, of, frequency, kind)
    atlas.fault("lost_answer", "take")

    result = call(atlas_snapshot.main, atlas, cluster_name="prod", description="x", wait_timeout=300)

    assert len(atlas.taken()) == 1
    if frequency == "once":
        assert [each["id"] for each in result["snapshots"]] == [each.id for each in atlas.taken()]
    else:
        assert "may have been taken" in result["msg"]


@cases(KINDS, READS)
def test_listed_snapshots_never_come_from_another_document(
    kind: str, step: str, of: str, frequency: str, call: Call
) -> None:
    atlas = SimulatedAtlas({"prod": KINDS[kind]})
    if kind in DEDICATED:
        atlas.has("prod", taken_at=-7200.0)
    right = call(atlas_snapshot_info.main, atlas, cluster_name="prod")["snapshots"]
    assert right
    options = {name: right[0]["id"] if value is HELD else value for name, value in READS[step].items()}
    expected = right[:1] if "snapshot_id" in options else right
    atlas.fault("wrong_document", step, times=FREQUENCIES[frequency], params={"of": of})

    result = call(atlas_snapshot_info.main, atlas, cluster_name="prod", **options)

    if frequency == "once":
        assert result["snapshots"] == expected
    else:
        assert result["failed"]
        assert result["snapshots"] == []
