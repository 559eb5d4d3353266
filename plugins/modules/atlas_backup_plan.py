#!/usr/bin/python
# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: atlas_backup_plan
short_description: Find every problem of a backup before it is taken
version_added: 1.1.0
author:
  - mongodb_atlas.backup contributors (@mongodb-atlas-backup)
description:
  - Checks whether all clusters of a project can have a backup now. It only reads.
  - >-
    Returns the dedicated clusters to take snapshots of, and the automatic snapshots of flex and tenant clusters to rely
    on.
  - If there are problems, it fails with every problem of every cluster at once.
  - >-
    The role P(mongodb_atlas.backup.pre_maintenance_backup#role) calls it first, and then takes the snapshots with
    M(mongodb_atlas.backup.atlas_snapshot).
  - >-
    Costs one request for the dedicated and shared clusters, one for the flex clusters, one for each further page, and
    one for each flex or tenant cluster. With O(retention_in_days), one more for the backup compliance policy.
options:
  cluster_name:
    description:
      - >-
        Name of a cluster, or a list of names. A named cluster that cannot have a backup is a problem. An empty list is
        refused.
      - >-
        If not set, all clusters of the project with O(tags). Paused clusters and clusters without any backups (M0) are
        then left out, and RV(left_out) names them. Backups that are switched off are a problem in either case.
    type: list
    elements: str
    aliases:
      - cluster
      - clusters
  tags:
    description:
      - Only clusters with all of these tags, each with exactly this value. Not together with O(cluster_name).
      - If not set or empty, clusters with any tags.
    type: dict
  retention_in_days:
    description:
      - How many days Atlas will keep the snapshots. At least 1, and longer than O(outlives).
      - >-
        It must also be no less than the project's backup compliance policy requires for on-demand snapshots. A month
        counts 28 days, a year 365. If the credentials may not read the policy (Project Owner), this is not checked.
      - If not set, it is not checked.
    type: int
  max_age:
    description:
      - Seconds, the same as for M(mongodb_atlas.backup.atlas_snapshot). It must not be below 0.
    type: float
  outlives:
    description:
      - Seconds, counted from the end of the backup, for which every snapshot must exist.
    type: float
    default: 86400
  wait_timeout:
    description:
      - Timeout in seconds for taking the snapshots. Automatic snapshots must exist for this time too.
    type: float
    default: 3600
  tenant_policy:
    description:
      - What to do about flex and tenant (M2, M5) clusters. Atlas takes their snapshots itself, once a day.
      - >-
        V(require_recent) relies on the newest completed one, which must not be older than O(tenant_max_age). A named
        M0 cluster is a problem, because it has no backups.
      - V(skip) leaves these clusters out, M0 clusters included.
      - V(fail) makes each of them a problem.
    type: str
    choices:
      - require_recent
      - skip
      - fail
    default: require_recent
  tenant_max_age:
    description:
      - Maximum age in seconds of the automatic snapshot of a flex or tenant cluster. The default is a day and an hour.
    type: float
    default: 90000
  manifest_path:
    description:
      - >-
        Path on the controller for a manifest of the backup. It must be a file in a folder that exists and is
        writable.
      - If not set, it is not checked.
    type: path
  option_names:
    description:
      - Other names of options for messages, each option with its name. For roles, which have variables instead.
      - If not set, messages name the options of this module.
    type: dict
extends_documentation_fragment:
  - mongodb_atlas.backup.atlas
  - mongodb_atlas.backup.attributes
  - mongodb_atlas.backup.attributes.info_module
  - mongodb_atlas.backup.attributes.actiongroup_atlas
notes:
  - >-
    Up to ansible-core 2.18 a failed task shows its message as JSON, without line breaks, so the module also shows the
    problems as lines, like M(mongodb_atlas.backup.snapshot_table). With every ansible-core, it shows the clusters that
    are left out as lines. With C(no_log) nothing is shown.
seealso:
  - module: mongodb_atlas.backup.atlas_snapshot
  - module: mongodb_atlas.backup.atlas_cluster_info
  - module: mongodb_atlas.backup.backup_manifest
  - ref: ansible_collections.mongodb_atlas.backup.docsite.guide_pre_maintenance
    description: Back up before maintenance.
"""

EXAMPLES = r"""
# Credentials, project and address come from the environment unless an example says otherwise.

- name: Check whether everything in production can be backed up now
  mongodb_atlas.backup.atlas_backup_plan:
    tags:
      environment: production
    retention_in_days: 7
  register: plan

- name: Take a snapshot of every dedicated cluster of the plan
  mongodb_atlas.backup.atlas_snapshot:
    cluster_name: "{{ plan.take }}"
    description: Before the release
    retention_in_days: 7

- name: Show the automatic snapshots of the flex and tenant clusters
  mongodb_atlas.backup.snapshot_table:
    snapshots: "{{ plan.rely_on }}"
"""

RETURN = r"""
take:
  description: Names of the dedicated clusters to take a snapshot of, in the requested order. Empty in a failure.
  returned: always, unless Ansible itself refuses the options
  type: list
  elements: str
  sample:
    - demo-replica
    - demo-sharded
rely_on:
  description:
    - The automatic snapshots to rely on, one per flex or tenant cluster, in the requested order. Empty in a failure.
    - >-
      They are records as M(mongodb_atlas.backup.atlas_snapshot) returns them. C(reused) is true, because they already
      existed.
  returned: always, unless Ansible itself refuses the options
  type: list
  elements: dict
  sample: []
left_out:
  description: Clusters that match but get no backup. Empty in a failure.
  returned: always, unless Ansible itself refuses the options
  type: list
  elements: dict
  contains:
    cluster_name:
      description: Name of the cluster.
      type: str
      returned: always
      sample: demo-m0
    reason:
      description: Why it is left out.
      type: str
      returned: always
      sample: an M0 cluster has no backups
clusters:
  description:
    - The clusters that match, in the requested order, or sorted by name. Empty in a failure.
    - They are records as M(mongodb_atlas.backup.atlas_cluster_info) returns them.
  returned: always, unless Ansible itself refuses the options
  type: list
  elements: dict
  sample: []
problems:
  description: Every problem of the backup. Empty on success.
  returned: always, unless Ansible itself refuses the options
  type: list
  elements: dict
  contains:
    cluster_name:
      description: Name of the cluster. Null if the problem does not concern a single cluster.
      type: str
      returned: always
      sample: demo-paused
    msg:
      description: The problem, and what to do.
      type: str
      returned: always
      sample: >-
        demo-paused: it is paused, and Atlas cannot take a snapshot of a paused cluster. Resume it, or leave it out.
atlas_time:
  description: The clock of Atlas at the end of the task. ISO 8601, UTC. Null if Atlas did not answer.
  returned: always, unless Ansible itself refuses the options
  type: str
  sample: '2026-08-15T22:07:37Z'
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ..module_utils._argspec import CLUSTER_NAME_OPTION
from ..module_utils._atlas.errors import AtlasError
from ..module_utils._attempts import Attempt, Failure, attempt_all
from ..module_utils._manifest import manifest_path_problem
from ..module_utils._module import Conduct, Task, atlas_module, run_module
from ..module_utils._option_names import names_in
from ..module_utils._options import check_options_of_a_plan, unique_names
from ..module_utils._problems import Problem, failed_plan
from ..module_utils._results import failed_result
from ..module_utils._snapshots.compliance import least_retention
from ..module_utils._snapshots.lookup import find_clusters, list_snapshots
from ..module_utils._snapshots.plan import Plan, Seen, judge_plan, select_clusters
from ..module_utils._snapshots.plan_options import PlanOptions, option_problems
from ..module_utils._snapshots.records import COMPLETED, Filter, Record

OPTIONS: dict[str, dict[str, Any]] = {
    "cluster_name": {**CLUSTER_NAME_OPTION, "required": False},
    "tags": {"type": "dict"},
    "retention_in_days": {"type": "int"},
    "max_age": {"type": "float"},
    "outlives": {"type": "float", "default": 86400},
    "wait_timeout": {"type": "float", "default": 3600},
    "tenant_policy": {"type": "str", "choices": ["require_recent", "skip", "fail"], "default": "require_recent"},
    "tenant_max_age": {"type": "float", "default": 90000},
    "manifest_path": {"type": "path"},
    "option_names": {"type": "dict"},
}


async def run(task: Task) -> dict[str, Any]:
    """The plan of a backup, or every problem."""
    options = plan_options(task.params)
    try:
        clusters = await find_clusters(task.api())
    except AtlasError as error:
        # Report invalid options together with the other problems.
        known = [*option_problems(options, takes=True), str(error)]
        return failed_plan([Problem(None, message) for message in known])
    selection = select_clusters(options, clusters)
    names = [cluster["name"] for cluster in selection.automatic]
    kinds = {cluster["name"]: cluster["cluster_type"] for cluster in selection.automatic}
    found = await attempt_all(
        [Attempt(name, cluster_type=kinds[name]) for name in names],
        lambda attempt: completed_snapshots(task, attempt.cluster_name, kinds[attempt.cluster_name]),
        task.interruption,
    )
    seen = Seen(
        clusters=clusters,
        automatic={name: each for name, each in zip(names, found) if not isinstance(each, Failure)},
        refusals={each.cluster_name: failed_result([each])["msg"] for each in found if isinstance(each, Failure)},
        now=task.client.clock.now(),
        # Read last: credentials that can take snapshots are often not allowed to read the policy.
        least_retention=await least_retention_asked(task) if selection.take and options.retention_in_days else None,
    )
    return result_of(judge_plan(options, seen))


def plan_options(params: Mapping[str, Any]) -> PlanOptions:
    """The parsed options."""
    names, path = params["cluster_name"], params["manifest_path"]
    called = names_in(params["option_names"])
    return PlanOptions(
        cluster_names=None if names is None else unique_names([name.strip() for name in names]),
        tags=params["tags"] or {},
        retention_in_days=params["retention_in_days"],
        max_age=params["max_age"],
        outlives=params["outlives"],
        wait_timeout=params["wait_timeout"],
        tenant_policy=params["tenant_policy"],
        tenant_max_age=params["tenant_max_age"],
        manifest_problem=manifest_path_problem(path, called.get("manifest_path", "manifest_path")) if path else None,
        option_names=called,
    )


async def completed_snapshots(task: Task, cluster_name: str, cluster_type: str) -> list[Record]:
    """The completed automatic snapshots of one cluster, the newest first."""
    listed = await list_snapshots(task.api(), cluster_name, cluster_type)
    return Filter(status=[COMPLETED]).apply(listed, None)


async def least_retention_asked(task: Task) -> int | None:
    """The least retention by the project's compliance policy, in days; None if the policy cannot be read."""
    try:
        return least_retention(await task.api().get_compliance_policy())
    except AtlasError:
        return None


def result_of(plan: Plan) -> dict[str, Any]:
    """The return values for this plan."""
    if plan.problems:
        return failed_plan(plan.problems)
    return {
        "changed": False,
        "take": plan.take,
        "rely_on": plan.rely_on,
        "left_out": [asdict(each) for each in plan.left_out],
        "clusters": plan.clusters,
        "problems": [],
    }


def main() -> None:
    """Run as a module."""
    run_module(
        atlas_module(OPTIONS),
        run,
        nothing={},
        conduct=Conduct(check=check_options_of_a_plan, failure=lambda error: failed_plan([Problem(None, str(error))])),
    )


if __name__ == "__main__":
    main()
