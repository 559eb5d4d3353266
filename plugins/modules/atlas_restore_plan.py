#!/usr/bin/python
# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: atlas_restore_plan
short_description: Find every problem of a rollback before anything is overwritten
version_added: 1.1.0
author:
  - mongodb_atlas.backup contributors (@mongodb-atlas-backup)
description:
  - >-
    Checks whether snapshots can be restored now, each into its own cluster or into another one. It only reads.
  - >-
    Returns the restores for M(mongodb_atlas.backup.atlas_restore), the targets to take a snapshot of first, and the
    plan as a readable table.
  - If there are problems, it fails with every problem of every cluster at once.
  - >-
    Without problems, it still fails until O(confirm) names every cluster that would be overwritten. The message has
    the plan and the words to add.
  - The role P(mongodb_atlas.backup.rollback#role) calls it first.
  - >-
    Costs one request for each snapshot, one for the restore jobs of each source, and one for each target (for three
    targets or more, one for all clusters of the project instead). With O(snapshot_first), one more for the backup
    compliance policy, and one for each target whose restore already runs.
options:
  snapshots:
    description:
      - >-
        Records of the snapshots to restore, as M(mongodb_atlas.backup.atlas_snapshot) returns them or from a manifest.
        C(cluster_name) and C(id) are enough, and C(project_id) if the project is not that of the task. One snapshot
        per cluster.
      - >-
        An C(id) of V(newest) stands for the newest assured snapshot of the cluster, fallback snapshots excluded. If
        the target is the cluster itself, this is a problem that names the id, because the newest snapshot may contain
        the damage.
      - A list, or the same as JSON text.
      - Required unless O(outcome) is set.
    type: raw
  clusters:
    description:
      - Names of clusters among those of O(snapshots). The others are left out.
      - If not set or empty, all of them.
    type: list
    elements: str
  targets:
    description:
      - >-
        For sources that are restored into another cluster, the name of that target. A dictionary of source to target,
        or text like C(source=target), several pairs separated by commas.
    type: raw
  target_project_id:
    description:
      - Id of the project that all targets are in.
      - If neither this nor O(target_project_name) is set, each target is in the project of its source.
    type: str
  target_project_name:
    description:
      - Name of the project that all targets are in.
    type: str
  confirm:
    description:
      - Names of the targets that may be overwritten. Every target of the plan must be among them.
    type: list
    elements: str
  snapshot_first:
    description:
      - >-
        Whether to take a snapshot of each dedicated target first, so that the rollback can be undone. The plan checks
        this as M(mongodb_atlas.backup.atlas_backup_plan) checks a backup.
    type: bool
    default: true
  retention_in_days:
    description:
      - >-
        How many days Atlas will keep the snapshots that are taken first. More than one, and no less than a backup
        compliance policy requires, if the credentials may read it (Project Owner).
    type: int
    default: 7
  max_age:
    description:
      - >-
        Seconds, the same as for M(mongodb_atlas.backup.atlas_restore). An earlier completed restore that is older is
        repeated, a more recent one is the result. If not set, any earlier one is a problem. V(0) repeats all of them.
    type: float
  wait_timeout:
    description:
      - >-
        Timeout in seconds for taking the snapshots, and again for the restores. The snapshots to restore must exist
        for an hour longer than this.
    type: float
    default: 10800
  receipt_path:
    description:
      - >-
        Path on the controller for a receipt of the rollback. It must be a file in a folder that exists and is
        writable. An existing file must be the receipt of the same rollback, and keeps its snapshots.
      - If not set, it is not checked.
    type: path
  option_names:
    description:
      - Other names of options for messages, each option with its name. For roles, which have variables instead.
      - If not set, messages name the options of this module.
    type: dict
  outcome:
    description:
      - >-
        Reports the outcome of a rollback, instead of planning one. For roles. A dictionary of C(planned) and
        C(sources) (RV(planned) and RV(sources) of the plan), C(restored) (the result of
        M(mongodb_atlas.backup.atlas_restore)) and C(snapshots) (RV(kept_first) of the plan and the snapshots that were
        taken first). The module reads each of these snapshots again. O(max_age) is the value that the restores were
        given, so that the next step in a failure repeats no completed restore.
    type: dict
extends_documentation_fragment:
  - mongodb_atlas.backup.atlas
  - mongodb_atlas.backup.attributes
  - mongodb_atlas.backup.attributes.info_module
  - mongodb_atlas.backup.attributes.actiongroup_atlas
notes:
  - >-
    O(project_id) and O(project_name) set the project of the snapshots that do not name theirs. With an empty
    O(project_id), the environment is ignored too, and every snapshot must name its project.
  - >-
    The module shows the plan as lines, like M(mongodb_atlas.backup.snapshot_table). Up to ansible-core 2.18, which
    shows the message of a failed task without line breaks, it also shows the message as lines. With C(no_log) nothing
    is shown.
seealso:
  - module: mongodb_atlas.backup.atlas_restore
  - module: mongodb_atlas.backup.atlas_restore_info
  - module: mongodb_atlas.backup.atlas_backup_plan
  - module: mongodb_atlas.backup.backup_manifest
  - ref: ansible_collections.mongodb_atlas.backup.docsite.guide_roll_back
    description: Restoring after failed maintenance, step by step.
"""

EXAMPLES = r"""
# Credentials, project and address come from the environment unless an example says otherwise.

- name: Find the newest completed snapshot
  mongodb_atlas.backup.atlas_snapshot_info:
    cluster_name: demo-replica
    status: completed
    latest: true
  register: found

- name: Check whether it can be restored into another cluster, and show the plan
  mongodb_atlas.backup.atlas_restore_plan:
    snapshots: "{{ found.snapshots }}"
    targets:
      demo-replica: drill-replica
    target_project_name: Drill
    confirm: drill-replica
    snapshot_first: false
  register: plan

- name: Restore as planned
  mongodb_atlas.backup.atlas_restore:
    restores: "{{ plan.restores }}"
  register: restored

- name: Show the outcome, the duration and the size
  mongodb_atlas.backup.atlas_restore_plan:
    outcome:
      planned: "{{ plan.planned }}"
      sources: "{{ plan.sources }}"
      restored: "{{ restored }}"
      snapshots: []
"""

RETURN = r"""
restores:
  description:
    - >-
      The restores for O(mongodb_atlas.backup.atlas_restore#module:restores), in the order of O(snapshots). Empty if
      there are problems.
    - With O(outcome), a record of each restore, as M(mongodb_atlas.backup.atlas_restore) returns them.
  returned: always, unless Ansible itself refuses the options
  type: list
  elements: dict
  sample:
    - project_id: 5f0c1d2e3b4a59687766aabb
      cluster_name: demo-replica
      snapshot_id: 6a7944f22c88faeba59d3572
      target_project_id: 5f0c1d2e3b4a59687766aabb
      target_cluster_name: demo-replica
take_first:
  description: >-
    Names of the dedicated targets to take a snapshot of before the restores start. Empty if there are problems.
  returned: when O(outcome) is not set, unless Ansible itself refuses the options
  type: list
  elements: str
  sample:
    - demo-replica
kept_first:
  description:
    - >-
      Records of the snapshots that an earlier run of the same rollback took first. For a target whose restore already
      runs, it is the one in the receipt, or else the newest one that was completed before that job began.
  returned: when O(outcome) is not set, unless Ansible itself refuses the options
  type: list
  elements: dict
  sample: []
planned:
  description:
    - The restores for a receipt before they start. They are records with null C(id) and C(status).
  returned: when O(outcome) is not set, unless Ansible itself refuses the options
  type: list
  elements: dict
  sample: []
sources:
  description:
    - The current records of the snapshots to restore, in the order of RV(restores).
    - They are records as M(mongodb_atlas.backup.atlas_snapshot_info) returns them.
  returned: when O(outcome) is not set, unless Ansible itself refuses the options
  type: list
  elements: dict
  sample: []
lines:
  description: The plan as a table, with notes. With O(outcome), the outcome of the rollback.
  returned: always, unless Ansible itself refuses the options
  type: list
  elements: str
  sample: []
unconfirmed:
  description: Names of the targets that are missing in O(confirm).
  returned: when O(outcome) is not set, unless Ansible itself refuses the options
  type: list
  elements: str
  sample: []
target_project_id:
  description: Id of the project that the targets are in. Null if there are problems.
  returned: when O(outcome) is not set, unless Ansible itself refuses the options
  type: str
  sample: 5f0c1d2e3b4a59687766aabb
problems:
  description: Every problem of the rollback. Empty if only names in O(confirm) are missing.
  returned: when O(outcome) is not set, unless Ansible itself refuses the options
  type: list
  elements: dict
  contains:
    cluster_name:
      description: Name of the source. Null if the problem does not concern a single cluster.
      type: str
      returned: always
      sample: demo-replica
    msg:
      description: The problem, and what to do.
      type: str
      returned: always
      sample: >-
        demo-replica: its target 'a/b' is not a valid cluster name. Correct targets. Or leave demo-replica out with
        clusters.
snapshots:
  description: The snapshots taken first that can undo the rollback, one per target. The receipt contains these.
  returned: when O(outcome) is set
  type: list
  elements: dict
  sample: []
measured:
  description: How long each completed restore took, and for how many bytes.
  returned: when O(outcome) is set
  type: list
  elements: dict
  contains:
    target_cluster_name:
      description: Name of the target.
      type: str
      returned: always
      sample: demo-replica
    seconds:
      description: Seconds from the start of the job to its end, by Atlas's times. Null if unknown.
      type: int
      returned: always
      sample: 232
    bytes:
      description: Size of the snapshot. Null if unknown.
      type: int
      returned: always
      sample: 4509715660
    bytes_per_second:
      description: C(bytes) divided by C(seconds). Null if one of them is unknown.
      type: int
      returned: always
      sample: 19438429
    text:
      description: The same as a sentence.
      type: str
      returned: always
      sample: >-
        The restore of demo-replica into demo-replica took 3:52 (232 s) for 4.2 GB (4509715660 bytes), 18.5 MB per
        second.
restored:
  description: Whether every restore is completed.
  returned: when O(outcome) is set
  type: bool
  sample: true
atlas_time:
  description: The clock of Atlas at the end of the task. ISO 8601, UTC. Null if Atlas did not answer.
  returned: always, unless Ansible itself refuses the options
  type: str
  sample: '2026-08-15T22:07:37Z'
"""

from typing import Any

from ..module_utils._atlas.errors import AtlasError
from ..module_utils._module import Conduct, Task, atlas_module, run_module
from ..module_utils._options import check_options_of_a_plan
from ..module_utils._plan_rollback import judge_end, needs_project, plan_rollback
from ..module_utils._problems import Problem, failed_rollback

OPTIONS: dict[str, dict[str, Any]] = {
    "snapshots": {"type": "raw"},
    "clusters": {"type": "list", "elements": "str"},
    "targets": {"type": "raw"},
    "target_project_id": {"type": "str"},
    "target_project_name": {"type": "str"},
    "confirm": {"type": "list", "elements": "str"},
    "snapshot_first": {"type": "bool", "default": True},
    "retention_in_days": {"type": "int", "default": 7},
    "max_age": {"type": "float"},
    "wait_timeout": {"type": "float", "default": 10800},
    "receipt_path": {"type": "path"},
    "option_names": {"type": "dict"},
    "outcome": {"type": "dict"},
}


async def run(task: Task) -> dict[str, Any]:
    """The plan of a rollback, or the outcome of one."""
    return await (plan_rollback(task) if task.params["outcome"] is None else judge_end(task))


def failure(error: AtlasError) -> dict[str, Any]:
    """The result if nothing could be read."""
    return failed_rollback([Problem(None, str(error))])


def main() -> None:
    """Run as a module."""
    run_module(
        atlas_module(OPTIONS, required_one_of=[("snapshots", "outcome")]),
        run,
        nothing={},
        conduct=Conduct(check_options_of_a_plan, failure, lambda _params: 0, needs_project),
    )


if __name__ == "__main__":
    main()
