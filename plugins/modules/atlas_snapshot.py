#!/usr/bin/python
# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: atlas_snapshot
short_description: Take, keep or delete on-demand snapshots of MongoDB Atlas clusters
version_added: 1.0.0
author:
  - mongodb_atlas.backup contributors (@mongodb-atlas-backup)
description:
  - Takes an on-demand snapshot of one or many MongoDB Atlas clusters, and waits until each of them is completed.
  - Also changes the retention of an existing snapshot, or deletes it.
  - >-
    One run of a task takes one snapshot per cluster and never two, even when an answer from Atlas is lost.
    When the outcome of a request is unknown, the module looks for the snapshot before it requests another one.
  - >-
    A task that fails names the snapshots that exist by then. Nothing is deleted because of a timeout.
  - >-
    On-demand snapshots exist for dedicated clusters only (M10 and larger). Flex and tenant (M2, M5) clusters are
    refused: Atlas takes their snapshots itself, once a day. M0 clusters have no backups at all.
options:
  cluster_name:
    description:
      - Name of the cluster, or a list of names.
      - >-
        The module works on all clusters at the same time, in one process. If one of them fails, it continues with the
        others.
      - White space around a name is ignored. A name that is given twice counts once. An empty list is refused.
    type: list
    elements: str
    required: true
    aliases:
      - cluster
      - clusters
  state:
    description:
      - V(present) without O(snapshot_id) takes a snapshot of every cluster.
      - V(present) with O(snapshot_id) and O(retention_in_days) sets the retention of this snapshot, longer or shorter.
      - V(present) with O(snapshot_id) only waits for that snapshot and changes nothing.
      - V(absent) deletes the snapshot O(snapshot_id). It succeeds if the snapshot does not exist any more.
    type: str
    choices:
      - present
      - absent
    default: present
  description:
    description:
      - Description of the snapshot, shown by Atlas beside it.
      - >-
        With O(max_age), only snapshots with the same description are reused. Give each purpose its own description.
      - White space around it is ignored. No description, an empty one and a missing one are the same.
    type: str
  retention_in_days:
    description:
      - How many days Atlas keeps the snapshot. At least 1.
      - >-
        For a new snapshot Atlas counts from its completion, for an existing one from its creation. With O(snapshot_id),
        a snapshot is not changed if it expires this many days after its creation, or less than a day later.
      - >-
        A snapshot that is reused by O(max_age) or O(if_in_progress=reuse) keeps its retention, unless O(outlives)
        needs a longer one.
      - If not set, Atlas decides about a new snapshot, and an existing one is not changed.
    type: int
  snapshot_id:
    description:
      - Id of an existing snapshot, 24 hexadecimal digits. Only with exactly one name in O(cluster_name).
      - Required for O(state=absent).
      - >-
        A snapshot that is still being taken can neither be changed nor deleted. Before the module changes its
        retention, it waits for its end. A deletion fails, because Atlas refuses it.
      - >-
        The module can also wait for automatic snapshots of flex and tenant clusters. It cannot change their retention
        or delete them.
    type: str
  if_in_progress:
    description:
      - >-
        What to do when Atlas refuses because another on-demand snapshot of the cluster is queued or in progress.
        Atlas takes one at a time. Scheduled snapshots do not matter.
      - V(wait) waits until the other one ends, then takes one, even with O(wait=false).
      - V(reuse) returns the other one as the result, whatever its description.
      - V(fail) fails, and names the id of the other one.
    type: str
    choices:
      - wait
      - reuse
      - fail
    default: wait
  max_age:
    description:
      - Age in seconds, 0 or more. If not set, every run takes a new snapshot.
      - >-
        If the cluster has a completed on-demand snapshot with the same O(description) that is not older than this,
        that one is the result and no new one is taken. If such a snapshot is still being taken, the module waits for
        it and uses it, whatever O(if_in_progress) is.
      - Ages are measured by the clock of Atlas, never by the local one.
    type: float
  outlives:
    description:
      - >-
        Seconds, 0 or more, for which each snapshot must exist after the end of the task, by the clock of Atlas.
        If not set, the expiry is not checked.
      - >-
        A snapshot that expires sooner gets a longer retention, whether it was taken, reused, or named by
        O(snapshot_id): long enough for this time, and at least O(retention_in_days) if that is set. This never makes
        a retention shorter. Snapshots of flex and tenant clusters are only checked.
      - >-
        In the end the module checks each snapshot. One that is not completed, that expires too soon or at an unknown
        time, or that is empty, is an error that names it. Check mode reports such errors if they can be predicted.
      - Cannot be used together with O(state=absent) or O(wait=false).
    type: float
    version_added: 1.1.0
  wait:
    description:
      - V(true) waits until the snapshots are completed. When the task succeeds, all of them are.
      - >-
        If a snapshot fails, is deleted meanwhile, or is not completed within O(wait_timeout), the task fails and names
        it.
      - V(false) ends as soon as Atlas has accepted the snapshots. They are B(not) backups yet.
      - >-
        To poll in the playbook, take the snapshot in one task with V(false), and poll it in another one, with its
        O(snapshot_id) or with M(mongodb_atlas.backup.atlas_snapshot_info). Do not use C(until) on the first task: it
        would take another snapshot each time.
    type: bool
    default: true
  wait_timeout:
    description:
      - >-
        Timeout in seconds, above 0, for the whole task and all its clusters, including the wait for other snapshots,
        retries, deletions and changes of the retention.
      - >-
        Snapshots of large clusters take hours. After a timeout, the snapshot continues in Atlas. Run the module again
        with O(snapshot_id) to wait for it.
    type: float
    default: 3600
  poll_interval:
    description:
      - Seconds above 0 between two polls of a snapshot. Less than 0.1 counts as 0.1.
      - >-
        If not set, the module adapts the interval. It polls often at first, less often as time passes or when there
        are many snapshots, and never faster than the rate limit of Atlas allows.
    type: float
  api_version:
    description:
      - Version of the Atlas Administration API to take, poll and list snapshots.
      - Deletions, changes of the retention, and the look-up of a project by name always use V(v2).
    type: str
    choices:
      - v2
      - v1.0
    default: v2
notes:
  - >-
    While it waits on the controller, it writes progress lines to standard error. Set the environment variable
    E(MONGODB_ATLAS_PROGRESS) of C(ansible-playbook) to V(false) to switch them off. There are none with C(async),
    with C(no_log), in check mode, and where the module runs on another host. For up to ten clusters, the lines show
    the id of each snapshot.
  - >-
    When the C(timeout) keyword ends a task, or C(ansible-playbook) is interrupted or killed, the module starts nothing
    more. A snapshot that was started before continues in Atlas. Run the module with its O(snapshot_id) to wait for it.
extends_documentation_fragment:
  - mongodb_atlas.backup.atlas
  - mongodb_atlas.backup.attributes
  - mongodb_atlas.backup.attributes.actiongroup_atlas
attributes:
  check_mode:
    support: full
    details:
      - Sends only reading requests, and fails if the real run can be expected to fail.
      - The records have every key. Values that are not known beforehand, such as the id, are null.
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - Taking a snapshot is idempotent only with O(max_age), and only until the snapshot is older than that.
      - Without O(max_age) every run takes a new snapshot, as requested.
      - Changing the retention of a snapshot and deleting it are idempotent.
seealso:
  - module: mongodb_atlas.backup.atlas_snapshot_info
  - module: mongodb_atlas.backup.snapshot_table
  - ref: ansible_collections.mongodb_atlas.backup.docsite.guide_failures
    description: Each errorCode of Atlas, and what to do.
  - name: Take on-demand snapshots
    description: The vendor's reference of the request that this module sends.
    link: https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/operation/operation-takegroupclusterbackupsnapshots
  - name: Back up your Atlas cluster
    description: The vendor's guide to backups of each kind of cluster.
    link: https://www.mongodb.com/docs/atlas/backup/cloud-backup/overview/
"""

EXAMPLES = r"""
# Credentials, project and address come from the environment unless an example says otherwise.

- name: Take a snapshot and wait until it is completed
  mongodb_atlas.backup.atlas_snapshot:
    cluster_name: demo-replica
    description: Before maintenance
    retention_in_days: 3
  register: before_maintenance

- name: Take snapshots of two clusters at the same time, and give them two hours
  mongodb_atlas.backup.atlas_snapshot:
    cluster_name:
      - demo-replica
      - demo-sharded
    description: Before the upgrade to 2.4
    retention_in_days: 7
    wait_timeout: 7200

- name: Take a snapshot unless there is one from the last hour, so that the play can be repeated
  mongodb_atlas.backup.atlas_snapshot:
    cluster_name: demo-replica
    description: Before maintenance
    max_age: 3600

- name: Take a snapshot or use the one from the last hour, and make sure that it exists for three more days
  mongodb_atlas.backup.atlas_snapshot:
    cluster_name: demo-replica
    description: Before maintenance
    max_age: 3600
    outlives: 259200

- name: Use another snapshot that is in progress, if there is one
  mongodb_atlas.backup.atlas_snapshot:
    cluster_name: demo-sharded
    if_in_progress: reuse

- name: Start a snapshot and continue with other work
  mongodb_atlas.backup.atlas_snapshot:
    cluster_name: demo-replica
    description: Nightly export
    wait: false
  register: started

- name: Wait for it
  mongodb_atlas.backup.atlas_snapshot:
    cluster_name: demo-replica
    snapshot_id: "{{ started.snapshot.id }}"

- name: Keep an existing snapshot for 30 days
  mongodb_atlas.backup.atlas_snapshot:
    cluster_name: demo-replica
    snapshot_id: "{{ before_maintenance.snapshot.id }}"
    retention_in_days: 30

- name: Delete a snapshot
  mongodb_atlas.backup.atlas_snapshot:
    cluster_name: demo-replica
    snapshot_id: "{{ started.snapshot.id }}"
    state: absent

- name: Give an API key and the project in the task
  mongodb_atlas.backup.atlas_snapshot:
    public_key: "{{ atlas_public_key }}"
    private_key: "{{ atlas_private_key }}"
    project_id: "{{ atlas_project_id }}"
    cluster_name: demo-replica
    description: Before maintenance
    max_age: 3600

- name: Give a service account and the project once for several tasks
  module_defaults:
    group/mongodb_atlas.backup.atlas:
      client_id: "{{ atlas_client_id }}"
      client_secret: "{{ atlas_client_secret }}"
      project_id: "{{ atlas_project_id }}"
  block:
    - name: Take a snapshot
      mongodb_atlas.backup.atlas_snapshot:
        cluster_name: demo-sharded
        description: Before maintenance

    - name: Look at the newest snapshot
      mongodb_atlas.backup.atlas_snapshot_info:
        cluster_name: demo-sharded
        latest: true
"""

RETURN = r"""
changed:
  description: Whether a snapshot was taken, changed or deleted, or in check mode would be. Also set in a failure.
  returned: always
  type: bool
  sample: true
snapshots:
  description:
    - One record per cluster, in the requested order. In a failure, the records of the clusters that succeeded.
    - After a deletion, only the id is certain. Other values are null if the module did not read the snapshot first.
  returned: always
  type: list
  elements: dict
  contains: &record
    id:
      description: >-
        Id of the snapshot, 24 hexadecimal digits. Null in check mode, when the snapshot does not exist yet.
      type: str
      returned: always
      sample: 6a80e2504f19b7c2d8a03e61
    project_id:
      description: Id of the project.
      type: str
      returned: always
      sample: 5f0c1d2e3b4a59687766aabb
    cluster_name:
      description: Name of the cluster.
      type: str
      returned: always
      sample: demo-replica
    cluster_type:
      description:
        - Kind of cluster, as V(dedicated) (M10 and larger), V(tenant) (M2 and M5) or V(flex).
      type: str
      returned: always
      sample: dedicated
    type:
      description:
        - V(replicaSet) or V(shardedCluster). Null for tenant and flex clusters.
        - >-
          Atlas may send V(replicaSet) for a sharded cluster in its first answer. After the first poll, the value is
          correct.
      type: str
      returned: always
      sample: replicaSet
    status:
      description:
        - V(queued), V(inProgress), V(completed) or V(failed), for every kind of cluster.
        - Only V(completed) is a backup.
        - A status that this collection does not know is returned unchanged.
      type: str
      returned: always
      sample: completed
    snapshot_type:
      description: V(onDemand), V(scheduled) or V(fallback), as Atlas sends it. Null for tenant and flex clusters.
      type: str
      returned: always
      sample: onDemand
    frequency_type:
      description:
        - Why Atlas took the snapshot, for example V(ondemand), V(hourly) or V(daily), as Atlas sends it.
        - Null for tenant and flex clusters.
      type: str
      returned: always
      sample: ondemand
    description:
      description: >-
        The description from when the snapshot was taken. Null for scheduled snapshots, and if there is none.
      type: str
      returned: always
      sample: Before maintenance
    created_at:
      description:
        - When the snapshot was taken. ISO 8601, UTC.
        - Null until the snapshot is completed. For tenant and flex clusters, when Atlas began to take it.
      type: str
      returned: always
      sample: '2026-08-15T22:06:21Z'
    scheduled_at:
      description: When the snapshot was due. ISO 8601, UTC. Tenant and flex clusters only, null for others.
      type: str
      returned: always
      sample:
    finished_at:
      description: >-
        When the snapshot was completed. ISO 8601, UTC. Tenant and flex clusters only, null for others and until then.
      type: str
      returned: always
      sample:
    expires_at:
      description:
        - When Atlas deletes the snapshot. ISO 8601, UTC.
        - Atlas counts from completion, so the time changes once while the snapshot is taken.
      type: str
      returned: always
      sample: '2026-08-18T22:07:34Z'
    mongod_version:
      description: Version of MongoDB of the cluster. Null until Atlas has begun to take the snapshot.
      type: str
      returned: always
      sample: 8.0.29
    storage_size_bytes:
      description: Size of the snapshot in bytes. 0 until it is completed. Null for tenant and flex clusters.
      type: int
      returned: always
      sample: 2214592512
    cloud_provider:
      description:
        - Cloud provider that stores the snapshot, V(AWS), V(AZURE) or V(GCP).
        - >-
          Null until Atlas has begun to take it, for sharded clusters (see RV(snapshots[].members)), and for tenant
          and flex clusters.
      type: str
      returned: always
      sample: AWS
    replica_set_name:
      description: Name of the replica set. Null for sharded, tenant and flex clusters.
      type: str
      returned: always
      sample: demo-replica
    copy_regions:
      description: Regions that the snapshot is copied to. Null for sharded, tenant and flex clusters.
      type: list
      elements: str
      returned: always
      sample: []
    policy_items:
      description: >-
        Ids of the items of the backup policy that the snapshot belongs to. Empty for on-demand snapshots, null for
        tenant and flex clusters.
      type: list
      elements: str
      returned: always
      sample: []
    master_key_uuid:
      description: Id of the AWS KMS key that encrypts the snapshot. Null without such a key.
      type: str
      returned: always
      sample:
    config_server_type:
      description: Kind of config server, V(EMBEDDED) or V(DEDICATED). Sharded clusters only, null for others.
      type: str
      returned: always
      sample:
    members:
      description: >-
        The parts of the snapshot, one per shard and config server. Sharded clusters only, null for others.
      type: list
      elements: dict
      returned: always
      sample:
      contains:
        id:
          description: Id of the part, 24 hexadecimal digits.
          type: str
          returned: always
          sample: 6a80e251a7c4d05b93e8f216
        cloud_provider:
          description: Cloud provider that stores the part, V(AWS), V(AZURE) or V(GCP).
          type: str
          returned: always
          sample: AWS
        replica_set_name:
          description: Name of the shard or config server.
          type: str
          returned: always
          sample: atlas-7hq2xk-shard-0
    snapshot_ids:
      description: Ids of the parts, as in RV(snapshots[].members). Sharded clusters only, null for others.
      type: list
      elements: str
      returned: always
      sample:
    reused:
      description: >-
        Whether the module reused an existing snapshot instead of taking one, because of O(max_age) or
        O(if_in_progress=reuse).
      type: bool
      returned: always
      sample: false
snapshot:
  description: The record of the cluster, the same as in RV(snapshots).
  returned: success, when one cluster was requested
  type: dict
  contains: *record
reused:
  description: Whether all snapshots were reused. V(false) if any of them was taken now, or failed.
  returned: always, unless Ansible itself refuses the options
  type: bool
  sample: false
atlas_time:
  description:
    - The clock of Atlas at the end of the task. ISO 8601, UTC. Null if Atlas did not answer.
    - Compare the times of snapshots with this one, not with a local clock.
  returned: always, unless Ansible itself refuses the options
  type: str
  sample: '2026-08-15T22:07:37Z'
errors:
  description: One entry per cluster that failed, or a single one if the failure does not concern a particular cluster.
  returned: failure, unless Ansible itself refuses the options or the library requests is missing
  type: list
  elements: dict
  contains:
    cluster_name:
      description: Name of the cluster. Null if the failure does not concern one, for example refused credentials.
      type: str
      returned: always
      sample: demo-flex
    cluster_type:
      description:
        - Kind of the cluster, as V(dedicated), V(tenant) (M0, M2 and M5) or V(flex).
        - Null if unknown, or if the failure does not concern a particular cluster.
      type: str
      returned: always
      sample: flex
    msg:
      description: What went wrong, what Atlas answered, and what to do.
      type: str
      returned: always
      sample: >-
        Cluster demo-flex: It is a flex cluster, so on-demand snapshots are not possible. Atlas takes its snapshots
        itself, once a day (Atlas answered 400 CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API: Flex cluster demo-flex cannot be
        used in the Cluster API). Look them up with atlas_snapshot_info.
    error_code:
      description: The C(errorCode) of Atlas. Null if Atlas gave none.
      type: str
      returned: always
      sample: CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API
    status_code:
      description: HTTP status of the answer. Null if no answer came.
      type: int
      returned: always
      sample: 400
    snapshot:
      description: >-
        Record of the snapshot that exists in spite of the failure, or of another one that is in progress. It has the
        keys of RV(snapshots) except RV(snapshots[].reused). Null if none is known.
      type: dict
      returned: always
      sample:
diff:
  description: One entry per cluster, as C(--diff) shows it. In check mode, what would be changed.
  returned: in diff mode
  type: list
  elements: dict
  contains:
    before_header:
      description: What is compared.
      type: str
      returned: always
      sample: snapshot of demo-replica
    after_header:
      description: The same.
      type: str
      returned: always
      sample: snapshot of demo-replica
    before:
      description: The record before the task. Empty if there was no snapshot, or if the module did not read it.
      type: dict
      returned: always
      sample: {}
    after:
      description: The record after the task. Empty if the snapshot was deleted.
      type: dict
      returned: always
      sample: {}
"""

from typing import Any

from ..module_utils._argspec import CLUSTER_NAME_OPTION
from ..module_utils._ensure_snapshots import ensure_snapshots
from ..module_utils._module import Task, atlas_module, run_module
from ..module_utils._results import taken_result

OPTIONS: dict[str, dict[str, Any]] = {
    "cluster_name": CLUSTER_NAME_OPTION,
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "description": {"type": "str"},
    "retention_in_days": {"type": "int"},
    "snapshot_id": {"type": "str"},
    "if_in_progress": {"type": "str", "choices": ["wait", "reuse", "fail"], "default": "wait"},
    "max_age": {"type": "float"},
    "outlives": {"type": "float"},
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "float", "default": 3600},
    "poll_interval": {"type": "float"},
    "api_version": {"type": "str", "choices": ["v2", "v1.0"], "default": "v2"},
}


async def run(task: Task) -> dict[str, Any]:
    """Take, change or delete the snapshots; returns one record per cluster, in the requested order."""
    return taken_result(await ensure_snapshots(task), with_diff=task.diff_mode)


def main() -> None:
    """Run as a module."""
    module = atlas_module(OPTIONS)
    run_module(module, run, {"snapshots": [], "reused": False}, wait_timeout=module.params["wait_timeout"])


if __name__ == "__main__":
    main()
