# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.receipt import (
    receipt_problem,
    safety_snapshots_in,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.spec import RestoreSpec
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import PROJECT
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.rollback import before_rollback
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import minted

SPECS = [
    RestoreSpec(PROJECT, name, PROJECT, into, snapshot_id=minted(0, number))
    for number, (name, into) in enumerate([("prod", "prod"), ("shop", "staging")])
]
RESTORES = [spec.record() for spec in SPECS]


def problem(receipt: dict[str, Any] | None) -> str | None:
    return receipt_problem(receipt, RESTORES, "r.json", "rollback_receipt_path")


@pytest.mark.parametrize("restores", [RESTORES, RESTORES[::-1], [{**each, "id": minted()} for each in RESTORES]])
def test_receipt_of_the_same_rollback_may_be_overwritten(restores: list[dict[str, Any]]) -> None:
    assert problem({"snapshots": [], "restores": restores}) is None


def test_missing_receipt_is_no_problem() -> None:
    assert problem(None) is None
    assert safety_snapshots_in(None) == []


@pytest.mark.parametrize(
    "restores",
    [
        RESTORES[:1],
        [*RESTORES, {**RESTORES[0], "cluster_name": "third"}],
        [RESTORES[0], {**RESTORES[1], "snapshot_id": minted(5, 5)}],
        [RESTORES[0], {**RESTORES[1], "target_cluster_name": "shop"}],
        [RESTORES[0], {**RESTORES[1], "target_project_id": "5f0c1d2e3b4a59687766aabc"}],
    ],
)
def test_receipt_of_another_rollback_is_refused(restores: list[dict[str, Any]]) -> None:
    found = problem({"snapshots": [before_rollback()], "restores": restores})
    assert found
    assert "rollback_receipt_path is r.json, which is the receipt of another rollback" in found


def test_manifest_of_a_backup_is_refused() -> None:
    found = problem({"snapshots": [before_rollback()]})
    assert found
    assert "the manifest of a backup" in found


def test_safety_snapshots_are_kept() -> None:
    assert safety_snapshots_in({"snapshots": [before_rollback()], "restores": RESTORES}) == [before_rollback()]
