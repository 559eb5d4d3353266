#!/usr/bin/python
# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: atlas_restore
short_description: Restore a snapshot to a MongoDB Atlas cluster, which deletes its current data
version_added: 1.1.0
author:
  - mongodb_atlas.backup contributors (@mongodb-atlas-backup)
description:
  - >-
    B(Atlas deletes all data of the target cluster first). The target is unavailable until the restore has ended, and a
    restore that has been started cannot be cancelled. Stop everything that uses the target before you run this.
  - >-
    Restores a snapshot, or a point in time, of one cluster to that cluster or to another one, and waits until the data
    is back. One task can run many restores.
  - >-
    Only a target that is named in O(target_cluster_name) is overwritten. One run of a task starts one restore per
    target and never two, even when an answer from Atlas is lost. A second run waits for a restore that still runs, and
    repeats a completed one only with O(max_age=0), or when it is older than O(max_age).
  - >-
    Before it starts anything, the module checks everything that can be known for all restores of the task: the
    snapshot, the target, and the restore jobs of the source. If any of them has a problem, it starts nothing and fails
    with every problem at once. Check mode does only this.
  - >-
    The data comes back with its indexes. The version of MongoDB, the tier and the settings of the target stay as they
    are. Take a snapshot afterwards: continuous backup can restore again only from the next snapshot on.
  - Dedicated clusters (replica sets and sharded clusters) and flex clusters can be restored. M0, M2 and M5 cannot.
options:
  cluster_name:
    description:
      - Name of the cluster that the snapshot was taken of. The cluster itself may have been deleted.
      - Required, unless O(restores) is given.
    type: str
  snapshot_id:
    description:
      - Id of the snapshot to restore, 24 hexadecimal digits.
      - Exactly one of O(snapshot_id) and O(point_in_time) is needed, unless O(restore_job_id) names the restore.
    type: str
  point_in_time:
    description:
      - >-
        The time to restore to, for dedicated clusters with continuous backup. ISO 8601 with an offset from UTC, such as
        V(2026-08-10T03:26:40Z) or V(2026-08-10 05:26:40+02:00), or seconds since 1970, such as V(1786332400).
      - >-
        A time without an offset is refused, and so are milliseconds (13 digits). Fractions of a second are cut off.
        Quote a time in YAML.
      - It must not be in the future by the clock of Atlas, or before the restore window of the backup schedule.
    type: raw
  target_cluster_name:
    description:
      - Name of the cluster that is overwritten.
      - There is no default. To restore a cluster in place, give its name here too.
    type: str
  target_project_id:
    description:
      - Id of the project of the target, 24 hexadecimal digits.
      - If neither this nor O(target_project_name) is given, the target is in the project of the source.
    type: str
  target_project_name:
    description:
      - Name of the project of the target. The module looks up its id once, which costs one request.
      - Mutually exclusive with O(target_project_id).
    type: str
  restores:
    description:
      - >-
        Several restores, instead of O(cluster_name), O(snapshot_id), O(point_in_time), O(target_cluster_name),
        O(target_project_id) and O(target_project_name). They run at the same time, in one process.
      - O(max_age), O(wait), O(wait_timeout) and O(poll_interval) apply to all of them.
      - Two restores with the same target are refused, and so is an empty list.
    type: list
    elements: dict
    suboptions:
      cluster_name:
        description: As O(cluster_name).
        type: str
      snapshot_id:
        description: As O(snapshot_id).
        type: str
      point_in_time:
        description: As O(point_in_time).
        type: raw
      target_cluster_name:
        description: As O(target_cluster_name).
        type: str
      target_project_id:
        description: As O(target_project_id).
        type: str
      target_project_name:
        description: As O(target_project_name).
        type: str
      project_id:
        description:
          - Id of the project of the source, 24 hexadecimal digits.
          - If not given, the project of the task.
        type: str
  restore_job_id:
    description:
      - >-
        Id of a restore job, 24 hexadecimal digits. The module waits for that job and starts nothing.
      - >-
        Requires O(cluster_name). If O(snapshot_id), O(point_in_time) or options of the target are set too, they must
        match the job.
    type: str
  max_age:
    description:
      - >-
        Age in seconds, 0 or more, up to which an earlier, completed restore counts as the result. The age counts from
        the start of the restore, by the clock of Atlas.
      - >-
        Among the jobs of the source, the module looks at the newest restore into the target. If it is completed and
        restored the same snapshot or point in time, and is not older than this, it is the result and nothing is
        started. V(0) restores again.
      - >-
        If not set, such an earlier restore is a problem and nothing is started, because to repeat it would delete
        everything written since. The message explains both choices.
      - >-
        If the same restore still runs, the module always waits for it, whatever this option is. Restores that failed,
        were cancelled or have expired never count as the result.
    type: float
  wait:
    description:
      - >-
        V(true) waits until each restore is completed, and then, for ten minutes at most, until its target is IDLE.
        When the task succeeds, all restores are completed.
      - >-
        V(false) ends as soon as Atlas has accepted the restores. The targets have B(no) usable data yet.
        Run the module again with O(restore_job_id) to wait for one of them.
    type: bool
    default: true
  wait_timeout:
    description:
      - >-
        Timeout in seconds, above 0, for the whole task and all its restores, including retries and the checks
        beforehand.
      - >-
        After a timeout, the restore continues in Atlas. Run the module again with O(restore_job_id), or with the same
        options, to wait for it.
    type: float
    default: 10800
  poll_interval:
    description:
      - Seconds above 0 between two polls of a restore. Less than 0.1 counts as 0.1.
      - >-
        If not set, the module adapts the interval. It polls often at first, less often as time passes or when there
        are many restores, and never faster than the rate limit of Atlas allows.
    type: float
notes:
  - >-
    Before anything is started, the module checks that the snapshot exists under O(cluster_name), is completed and does
    not expire within the next hour; that the target exists, is of the right kind, is not paused, being created or
    being deleted, runs the same or a newer MongoDB and has as many shards; and that no other restore into the target is
    running. If Atlas's answer lacks a value, this is a warning, not a problem, and Atlas decides.
  - >-
    The credentials need the role Project Backup Manager or Project Owner in the project of the source and in that of
    the target.
  - >-
    Atlas lists a restore job under the source, the cluster whose snapshot is restored. The module notices a restore
    from another source into the same target only when Atlas refuses the new one.
  - Termination protection and a backup compliance policy do not prevent a restore.
  - >-
    This module cannot restore to another organization, or restore a single database or collection.
  - >-
    While it waits on the controller, it writes progress lines to standard error. Set the environment variable
    E(MONGODB_ATLAS_PROGRESS) of C(ansible-playbook) to V(false) to switch them off. There are none with C(async),
    with C(no_log), in check mode, and where the module runs on another host.
extends_documentation_fragment:
  - mongodb_atlas.backup.atlas
  - mongodb_atlas.backup.attributes
  - mongodb_atlas.backup.attributes.actiongroup_atlas
attributes:
  check_mode:
    support: full
    details:
      - Sends only reading requests, and fails if the real run can be expected to fail.
      - The records have every key. Values that are not known beforehand, such as the id of the job, are null.
  diff_mode:
    support: full
    details:
      - Shows the data of each target before and after.
  idempotent:
    support: full
    details:
      - >-
        A restore that still runs is not started again. A completed one is repeated only with O(max_age=0), or when it
        is older than O(max_age).
seealso:
  - module: mongodb_atlas.backup.atlas_restore_info
  - module: mongodb_atlas.backup.atlas_snapshot_info
  - ref: ansible_collections.mongodb_atlas.backup.docsite.guide_roll_back
    description: Restoring after failed maintenance, step by step.
  - ref: ansible_collections.mongodb_atlas.backup.docsite.guide_failures
    description: Each errorCode of Atlas, and what to do.
  - name: Create one restore job
    description: The vendor's reference of the request that this module sends.
    link: https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/operation/operation-creategroupclusterbackuprestorejob
  - name: Restore your cluster
    description: The vendor's guide to restores.
    link: https://www.mongodb.com/docs/atlas/backup-restore-cluster/
"""

EXAMPLES = r"""
# Credentials, project and address come from the environment unless an example says otherwise.

- name: Find the newest backup of a cluster
  mongodb_atlas.backup.atlas_snapshot_info:
    cluster_name: demo-replica
    status: completed
    latest: true
  register: newest

- name: Check whether it can be restored in place, without changing anything
  mongodb_atlas.backup.atlas_restore:
    cluster_name: demo-replica
    snapshot_id: "{{ newest.snapshots[0].id }}"
    target_cluster_name: demo-replica
  check_mode: true
  diff: true

- name: Restore it in place, which deletes everything written since
  mongodb_atlas.backup.atlas_restore:
    cluster_name: demo-replica
    snapshot_id: "{{ newest.snapshots[0].id }}"
    target_cluster_name: demo-replica
  register: restored

- name: Accept that restore when the play runs again within a day
  mongodb_atlas.backup.atlas_restore:
    cluster_name: demo-replica
    snapshot_id: "{{ newest.snapshots[0].id }}"
    target_cluster_name: demo-replica
    max_age: 86400

- name: Start a restore into a cluster of another project, and continue with other work
  mongodb_atlas.backup.atlas_restore:
    cluster_name: demo-replica
    snapshot_id: "{{ newest.snapshots[0].id }}"
    target_cluster_name: drill-replica
    target_project_name: Drill
    wait: false
  register: started

- name: Wait for it
  mongodb_atlas.backup.atlas_restore:
    cluster_name: demo-replica
    restore_job_id: "{{ started.restore.id }}"

- name: Restore a cluster with continuous backup to its state ten minutes ago
  mongodb_atlas.backup.atlas_restore:
    cluster_name: demo-replica
    point_in_time: "{{ '%Y-%m-%dT%H:%M:%SZ' | strftime(now().timestamp() - 600, utc=true) }}"
    target_cluster_name: demo-replica

- name: Find the newest backups of two clusters
  mongodb_atlas.backup.atlas_snapshot_info:
    cluster_name:
      - demo-sharded
      - demo-flex
    status: completed
    latest: true
  register: newest_of_both

- name: Restore both in place at the same time, and give them six hours
  mongodb_atlas.backup.atlas_restore:
    restores:
      - cluster_name: demo-sharded
        snapshot_id: "{{ newest_of_both.snapshots[0].id }}"
        target_cluster_name: demo-sharded
      - cluster_name: demo-flex
        snapshot_id: "{{ newest_of_both.snapshots[1].id }}"
        target_cluster_name: demo-flex
    wait_timeout: 21600
"""

RETURN = r"""
changed:
  description: >-
    Whether a restore was started, or in check mode would be. In a failure, V(true) can also mean that a restore may
    have been started.
  returned: always
  type: bool
  sample: true
restores:
  description: >-
    One record per restore, in the requested order. In a failure, the records of the restores that succeeded.
  returned: always
  type: list
  elements: dict
  contains: &record
    id:
      description: Id of the restore job, 24 hexadecimal digits. Null in check mode, when there is no job yet.
      type: str
      returned: always
      sample: 6a80e3b04f19b7c2d8a03e6f
    project_id:
      description: Id of the project of the source.
      type: str
      returned: always
      sample: 5f0c1d2e3b4a59687766aabb
    cluster_name:
      description: Name of the source, the cluster that the snapshot was taken of.
      type: str
      returned: always
      sample: demo-replica
    cluster_type:
      description: Kind of the source, V(dedicated) or V(flex).
      type: str
      returned: always
      sample: dedicated
    snapshot_id:
      description: Id of the snapshot. Null for a point in time, unless the job shows the snapshot that it starts from.
      type: str
      returned: always
      sample: 6a80e2504f19b7c2d8a03e61
    snapshot_created_at:
      description: When the snapshot was created. ISO 8601, UTC. Null if unknown.
      type: str
      returned: always
      sample: '2026-08-15T22:06:21Z'
    point_in_time:
      description: >-
        The restored point in time. ISO 8601, UTC. Null for a snapshot, or if the job does not show it.
      type: str
      returned: always
      sample:
    delivery_type:
      description: V(automated) for a snapshot, V(pointInTime), or V(download).
      type: str
      returned: always
      sample: automated
    status:
      description:
        - V(queued), V(inProgress), V(completed), V(failed), V(cancelled) or V(expired).
        - Null in check mode, when there is no job yet.
        - A status that this collection does not know is returned unchanged.
      type: str
      returned: always
      sample: completed
    created_at:
      description: When the job was started. ISO 8601, UTC.
      type: str
      returned: always
      sample: '2026-08-15T22:12:16Z'
    finished_at:
      description: When the job ended. ISO 8601, UTC. Null until then.
      type: str
      returned: always
      sample: '2026-08-15T22:16:08Z'
    expires_at:
      description: When the URL of a download expires. ISO 8601, UTC. Null for restores.
      type: str
      returned: always
      sample:
    target_project_id:
      description: Id of the project of the target. Null for a download.
      type: str
      returned: always
      sample: 5f0c1d2e3b4a59687766aabb
    target_cluster_name:
      description: Name of the target, the cluster that is overwritten. Null for a download.
      type: str
      returned: always
      sample: demo-replica
    target_state:
      description: >-
        C(stateName) of the target at the last poll after the restore. Null in check mode, with O(wait=false), or if
        the target could not be read.
      type: str
      returned: always
      sample: IDLE
    reused:
      description: Whether this is an earlier restore that still ran, or that O(max_age) accepts as the result.
      type: bool
      returned: always
      sample: false
restore:
  description: The record of the restore, the same as in RV(restores).
  returned: success, when one restore was requested
  type: dict
  contains: *record
reused:
  description: Whether all restores are earlier ones. V(false) if any of them was started now, or failed.
  returned: always, unless Ansible itself refuses the options
  type: bool
  sample: false
atlas_time:
  description:
    - The clock of Atlas at the end of the task. ISO 8601, UTC. Null if Atlas did not answer.
    - Compare the times of restores with this one, not with a local clock.
  returned: always, unless Ansible itself refuses the options
  type: str
  sample: '2026-08-15T22:16:10Z'
errors:
  description: >-
    One entry per problem, or a single one if the failure does not concern a particular restore.
  returned: failure, unless Ansible itself refuses the options or the library requests is missing
  type: list
  elements: dict
  contains:
    cluster_name:
      description: Name of the source. Null if the failure does not concern a particular restore.
      type: str
      returned: always
      sample: demo-replica
    cluster_type:
      description: Kind of the source, as in RV(restores[].cluster_type). Null if unknown.
      type: str
      returned: always
      sample: dedicated
    msg:
      description: Which restore failed, what Atlas answered, which data the target has now, and what to do.
      type: str
      returned: always
      sample: >-
        Restore of snapshot 6a80e2504f19b7c2d8a03e61 of cluster demo-replica into cluster demo-paused: The target is
        paused. The target still has its old data. Resume it first, then run this again.
    error_code:
      description: The C(errorCode) of Atlas. Null if Atlas gave none.
      type: str
      returned: always
      sample: CLUSTER_PAUSED_CANNOT_RESTORE
    status_code:
      description: HTTP status of the answer. Null if no answer came.
      type: int
      returned: always
      sample: 400
    restore:
      description: >-
        Record of the restore job concerned: the one that this task started, or another one that runs into the same
        target. It has the keys of RV(restores). Null if there is none, or if it is unknown.
      type: dict
      returned: always
      sample:
diff:
  description: One entry per restore, as C(--diff) shows it. In check mode, what would be overwritten.
  returned: in diff mode
  type: list
  elements: dict
  contains:
    before_header:
      description: The target.
      type: str
      returned: always
      sample: cluster demo-replica
    after_header:
      description: The same.
      type: str
      returned: always
      sample: cluster demo-replica
    before:
      description: The target before the task.
      type: dict
      returned: always
      sample: &side
        project_id: 5f0c1d2e3b4a59687766aabb
        cluster_name: demo-replica
        mongodb_version: 8.0.29
        data: the current data, all of which is deleted
        data_created_at:
        data_size_bytes:
    after:
      description: The target after the task. The same as before if nothing is started.
      type: dict
      returned: always
      sample: *side
"""

from collections.abc import Mapping
from typing import Any

from ..module_utils._ensure_restores import ensure_restores
from ..module_utils._module import Conduct, Task, atlas_module, run_module
from ..module_utils._restore_options import RESTORE_OPTIONS, asked_restores, check_restore_options, needs_project
from ..module_utils._restore_results import project_failure, restored_result

OPTIONS: dict[str, dict[str, Any]] = {
    **RESTORE_OPTIONS,
    "restores": {"type": "list", "elements": "dict", "options": {**RESTORE_OPTIONS, "project_id": {"type": "str"}}},
    "restore_job_id": {"type": "str"},
    "max_age": {"type": "float"},
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "float", "default": 10800},
    "poll_interval": {"type": "float"},
}


async def run(task: Task) -> dict[str, Any]:
    """Run all restores; returns one record per restore, in the requested order."""
    ended = await ensure_restores(task)
    return restored_result(ended, asked=width(task.params), with_diff=task.diff_mode)


def width(params: Mapping[str, Any]) -> int:
    """The number of restores."""
    return len(asked_restores(params))


def main() -> None:
    """Run as a module."""
    module = atlas_module(OPTIONS)
    run_module(
        module,
        run,
        nothing={"restores": [], "reused": False},
        wait_timeout=module.params["wait_timeout"],
        conduct=Conduct(check_restore_options, project_failure, width, needs_project),
    )


if __name__ == "__main__":
    main()
