#!/usr/bin/python
# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: atlas_restore_plan
short_description: Find everything that stands in the way of a rollback before anything is overwritten
version_added: 1.1.0
author:
  - mongodb_atlas.backup contributors (@mongodb-atlas-backup)
description:
  - >-
    Judges whether snapshots can be restored now, each into its own cluster or into another one. It only reads.
  - >-
    Returns the restores for M(mongodb_atlas.backup.atlas_restore), the targets to take a snapshot of first, and the
    plan as a table that a person can read.
  - When anything stands in the way, it fails with every problem of every cluster at once.
  - >-
    When nothing does, it still fails, with the plan and the words to add, as long as O(confirm) does not name every
    cluster that would be overwritten.
  - The role P(mongodb_atlas.backup.rollback#role) calls it first.
  - >-
    Costs one request for each snapshot, one for the restore jobs of each source and one for each target, or one for
    all clusters of the project from three targets on; with O(snapshot_first), one more for the backup compliance
    policy, and one for each target into which its restore runs already.
options:
  snapshots:
    description:
      - >-
        Records of the snapshots to restore, as M(mongodb_atlas.backup.atlas_snapshot) returns them or a manifest holds
        them. C(cluster_name) and C(id) are enough, and C(project_id) where it is another project than that of the
        task. One snapshot of each cluster.
      - >-
        An C(id) of V(newest) stands for the newest assured snapshot of the cluster that is no fallback snapshot. Where
        the target is the cluster itself it is a problem that names the id, because the newest snapshot may hold the
        damage.
      - A list, or the same as JSON text.
      - Required unless O(outcome) is set, which it plays no part in.
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
        The cluster that is overwritten, for sources that are restored into another one than themselves. A dictionary
        of source to target, or text like C(source=target), with commas between several.
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
      - Names of the targets that may be overwritten. Each target of the plan has to be among them.
    type: list
    elements: str
  snapshot_first:
    description:
      - >-
        Whether a snapshot of each dedicated target is going to be taken first, so that the rollback can be undone. It
        is judged as M(mongodb_atlas.backup.atlas_backup_plan) judges a backup.
    type: bool
    default: true
  retention_in_days:
    description:
      - >-
        How many days the snapshots that are taken first are going to be kept. More than one, and no less than a backup
        compliance policy asks for, where the credentials may read it (Project Owner).
    type: int
    default: 7
  max_age:
    description:
      - >-
        Seconds, as it is going to be given to M(mongodb_atlas.backup.atlas_restore). A restore that was done before
        and is older is repeated, a younger one is the result, and with none given it is a problem. V(0) repeats all of
        them.
    type: float
  wait_timeout:
    description:
      - >-
        Seconds that taking the snapshots may take, and the restores again. The snapshots to restore have to exist for
        an hour longer than this.
    type: float
    default: 10800
  receipt_path:
    description:
      - >-
        Path on the controller where a receipt of the rollback is going to be written. It has to be a file in a folder
        that exists and is writable. One that is there has to be the receipt of the same rollback, and keeps its
        snapshots.
      - If not set, it is not judged.
    type: path
  option_names:
    description:
      - What messages call the options, each option with another name. For roles that have variables in their place.
      - If not set, messages name the options of this module.
    type: dict
  outcome:
    description:
      - >-
        Judges how a rollback ended, in place of planning one. For roles. A dictionary of C(planned) and C(sources)
        (RV(planned) and RV(sources) of the plan), C(restored) (what M(mongodb_atlas.backup.atlas_restore) returned)
        and C(snapshots) (RV(kept_first) of the plan and the snapshots that were taken first). Each of these snapshots
        is looked at once more.
    type: dict
extends_documentation_fragment:
  - mongodb_atlas.backup.atlas
  - mongodb_atlas.backup.attributes
  - mongodb_atlas.backup.attributes.info_module
  - mongodb_atlas.backup.attributes.actiongroup_atlas
notes:
  - >-
    O(project_id) and O(project_name) name the project of those snapshots that do not name theirs. An empty
    O(project_id), as against none, keeps the environment out of it: every snapshot then has to name its project.
  - >-
    Lines are shown as by M(mongodb_atlas.backup.snapshot_table): the plan with every ansible-core, and what it fails
    with up to ansible-core 2.18, which shows the message of a failed task without line breaks. With C(no_log) nothing
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

- name: See whether it can be restored into another cluster, and what that would overwrite
  mongodb_atlas.backup.atlas_restore_plan:
    snapshots: "{{ found.snapshots }}"
    targets:
      demo-replica: drill-replica
    target_project_name: Drill
    confirm: drill-replica
    snapshot_first: false
  register: plan

- name: Restore what the plan says
  mongodb_atlas.backup.atlas_restore:
    restores: "{{ plan.restores }}"
  register: restored

- name: See how it ended, and how long it took for how many bytes
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
      What to restore, for O(mongodb_atlas.backup.atlas_restore#module:restores), in the order of O(snapshots). Empty
      where there are problems.
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
    Names of the dedicated targets to take a snapshot of before the restores start. Empty where there are problems.
  returned: when O(outcome) is not set, unless Ansible itself refuses the options
  type: list
  elements: str
  sample:
    - demo-replica
kept_first:
  description:
    - >-
      Records of the snapshots that an earlier run of the same rollback took first. Of a target into which its restore
      runs already it is the newest one completed before that job began; those in the receipt stay in it.
  returned: when O(outcome) is not set, unless Ansible itself refuses the options
  type: list
  elements: dict
  sample: []
planned:
  description:
    - The restores as a receipt holds them before they start. They are records with null C(id) and C(status).
  returned: when O(outcome) is not set, unless Ansible itself refuses the options
  type: list
  elements: dict
  sample: []
sources:
  description:
    - The snapshots to restore as Atlas has them now, in the order of RV(restores).
    - They are records as M(mongodb_atlas.backup.atlas_snapshot_info) returns them.
  returned: when O(outcome) is not set, unless Ansible itself refuses the options
  type: list
  elements: dict
  sample: []
lines:
  description: The plan as a table, and what else a person has to know. With O(outcome), how the rollback ended.
  returned: always, unless Ansible itself refuses the options
  type: list
  elements: str
  sample: []
unconfirmed:
  description: Names of the targets that O(confirm) lacks.
  returned: when O(outcome) is not set, unless Ansible itself refuses the options
  type: list
  elements: str
  sample: []
target_project_id:
  description: Id of the project that the targets are in. Null where there are problems.
  returned: when O(outcome) is not set, unless Ansible itself refuses the options
  type: str
  sample: 5f0c1d2e3b4a59687766aabb
problems:
  description: Everything that stands in the way of the rollback. Empty when only O(confirm) lacks something.
  returned: when O(outcome) is not set, unless Ansible itself refuses the options
  type: list
  elements: dict
  contains:
    cluster_name:
      description: Name of the source. Null where the problem is about no single cluster.
      type: str
      returned: always
      sample: demo-replica
    msg:
      description: What stands in the way, and what to do.
      type: str
      returned: always
      sample: >-
        demo-replica: its target 'a/b' is not a valid cluster name. Correct targets. Or leave demo-replica out with
        clusters.
snapshots:
  description: The snapshots taken first that can undo the rollback, one of each target. A receipt holds these.
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
      description: Seconds by Atlas's times, from the start of the job to its end. Null where Atlas does not say.
      type: int
      returned: always
      sample: 232
    bytes:
      description: Size of the snapshot. Null where it is not known.
      type: int
      returned: always
      sample: 4509715660
    bytes_per_second:
      description: The one divided by the other. Null where one of them is not known.
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
  description: The clock of Atlas at the end of the task. ISO 8601, UTC. Null where Atlas gave no answer.
  returned: always, unless Ansible itself refuses the options
  type: str
  sample: '2026-08-15T22:07:37Z'
"""

from collections.abc import Mapping
from typing import Any

from ..module_utils._atlas.errors import AtlasError
from ..module_utils._module import Conduct, Task, atlas_module, run_module
from ..module_utils._options import check_options
from ..module_utils._plan_rollback import judge_end, needs_project, plan_rollback
from ..module_utils._restores.plan import failed_rollback
from ..module_utils._snapshots.plan import Problem

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
    """The plan of a rollback, or how one has ended."""
    return await (plan_rollback(task) if task.params["outcome"] is None else judge_end(task))


def check(params: Mapping[str, Any]) -> None:
    """Refuse only what no request can be sent with; all else that is wrong is one of the problems."""
    check_options({"cluster_name": None, "request_timeout": params["request_timeout"]})


def failure(error: AtlasError) -> dict[str, Any]:
    """The result where nothing could be read."""
    return failed_rollback([Problem(None, str(error))])


def main() -> None:
    """Run as a module."""
    run_module(
        atlas_module(OPTIONS, required_one_of=[("snapshots", "outcome")]),
        run,
        nothing={},
        conduct=Conduct(check, failure, lambda _params: 0, needs_project),
    )


if __name__ == "__main__":
    main()
