# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inputs of a rollback plan: snapshots, targets and jobs, in the recorded format of Atlas."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.plan import (
    RollbackPlan,
    SeenOfTargets,
    judge_restores,
    judge_rollback,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.preflight import Facts
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.records import restore_record
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.rollback_options import (
    RollbackOptions,
    select_restores,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.target import (
    TargetCluster,
    dedicated_target,
    flex_target,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.records import Record, snapshot_record

from . import restores
from .atlas import PROJECT, automatic, snapshot
from .times import iso, moment

HOUR, DAY = 3600.0, 86400.0
NOW = moment(0)
# The role's names for the options.
ROLE_NAMES = {
    option: f"rollback_{option}"
    for option in (
        "snapshots",
        "clusters",
        "targets",
        "confirm",
        "snapshot_first",
        "retention_in_days",
        "max_age",
        "wait_timeout",
        "receipt_path",
        "project_id",
        "project_name",
    )
}


def backup(name: str = "prod", at: float = -HOUR, number: int = 7, **more: Any) -> Record:
    """The record of a snapshot to restore."""
    return {**snapshot_record(snapshot("completed", at, number), PROJECT, name, "dedicated"), **more}


def flex_backup(name: str = "bend", at: float = -HOUR, number: int = 8) -> Record:
    return snapshot_record(automatic("COMPLETED", at, number), PROJECT, name, "flex")


def before_rollback(name: str = "prod", at: float = -600.0, number: int = 20, **more: Any) -> Record:
    """A safety snapshot: its data is from 86 s after the request, and it completes after 159 s."""
    return backup(name, at, number, **{"description": "Before rollback", **more})


def target(name: str = "prod", **more: Any) -> TargetCluster:
    return dedicated_target(restores.target_document(name=name, **more), PROJECT)


def flex_cluster(name: str = "bend") -> TargetCluster:
    return flex_target(restores.flex_document(name=name), PROJECT)


def job(of: Record, at: float = -300.0, number: int = 1, into: str | None = None, **more: Any) -> Record:
    """A job that has been restoring a snapshot since this second, into its own cluster or another one."""
    name = into or of["cluster_name"]
    sent = restores.job(at, number, snapshotId=of["id"], targetClusterName=name, **more)
    return restore_record(sent, PROJECT, of["cluster_name"], "dedicated")


def done(of: Record, at: float = -300.0, number: int = 1, **more: Any) -> Record:
    return job(of, at, number, finishedAt=iso(at + 60), **more)


def facts(record: Record, **more: Any) -> Facts:
    """The facts for the restore of a snapshot into its own cluster, without any problem."""
    is_flex = record["cluster_type"] == "flex"
    own = flex_cluster(record["cluster_name"]) if is_flex else target(record["cluster_name"])
    return Facts(**{"target": own, "jobs": [], "snapshot": record, **more})


def planned(
    *known: Facts,
    now: datetime | None = NOW,
    seen: SeenOfTargets | None = None,
    **options: Any,
) -> tuple[RollbackOptions, RollbackPlan]:
    """The plan for these snapshots, or for those in the options."""
    given = [each.snapshot for each in known if isinstance(each.snapshot, dict)]
    asked = RollbackOptions(**{"snapshots": given, "option_names": ROLE_NAMES, **options})
    selection = select_restores(asked)
    restores_of_plan = judge_restores(asked, selection, known, now)
    return asked, judge_rollback(asked, selection, restores_of_plan, seen or SeenOfTargets())
