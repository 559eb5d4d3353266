#!/usr/bin/python
# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: atlas_snapshot_info
short_description: List the snapshots of MongoDB Atlas clusters
version_added: 1.0.0
author:
  - mongodb_atlas.backup contributors (@mongodb-atlas-backup)
description:
  - Lists the snapshots of one or many MongoDB Atlas clusters, newest first, scheduled and on-demand ones alike.
  - Works with dedicated clusters (replica sets and sharded clusters), with flex and with tenant (M2, M5) clusters.
  - An M0 cluster has no backups, so its list is empty.
  - Never changes anything.
options:
  cluster_name:
    description:
      - Name of the cluster, or a list of names.
      - >-
        If one of them fails, the module still lists the others. The task then fails, with RV(errors) and the records
        of the others.
      - A name that is given twice counts once. An empty list is refused.
    type: list
    elements: str
    required: true
    aliases:
      - cluster
      - clusters
  snapshot_id:
    description:
      - Id of one snapshot, 24 hexadecimal digits. Only that one is returned.
      - A snapshot that does not exist gives an empty list. A cluster or project that does not exist is an error.
    type: str
  cluster_type:
    description:
      - Kind of the clusters.
      - >-
        V(auto) detects it. It costs one request for a replica set that has snapshots, two for a sharded or flex
        cluster or an empty list, and at most three for a tenant cluster.
      - V(dedicated) is M10 and larger, V(tenant) is M2 and M5, V(flex) is flex.
    type: str
    choices:
      - auto
      - dedicated
      - tenant
      - flex
    default: auto
  status:
    description:
      - >-
        Only snapshots with one of these values of RV(snapshots[].status): V(queued), V(inProgress), V(completed),
        V(failed). They are the same for every kind of cluster.
      - If not set, snapshots with every status.
    type: list
    elements: str
  snapshot_type:
    description:
      - >-
        Only snapshots with one of these values of RV(snapshots[].snapshot_type): V(onDemand), V(scheduled),
        V(fallback).
      - Snapshots of tenant and flex clusters have no type, so they never match.
      - If not set, snapshots of every type.
    type: list
    elements: str
  description:
    description:
      - Only snapshots with exactly this description.
      - If not set, snapshots with any description or without one.
    type: str
  max_age:
    description:
      - Age in seconds, 0 or more. Only snapshots that are not older, by the clock of Atlas.
      - If not set, snapshots of every age.
    type: float
  latest:
    description:
      - Only the newest match of each cluster.
    type: bool
    default: false
  api_version:
    description:
      - Version of the Atlas Administration API for the snapshots of dedicated clusters.
      - The name of a project is always looked up with V(v2).
    type: str
    choices:
      - v2
      - v1.0
    default: v2
extends_documentation_fragment:
  - mongodb_atlas.backup.atlas
  - mongodb_atlas.backup.attributes
  - mongodb_atlas.backup.attributes.info_module
  - mongodb_atlas.backup.attributes.actiongroup_atlas
seealso:
  - module: mongodb_atlas.backup.atlas_snapshot
  - module: mongodb_atlas.backup.snapshot_table
  - ref: ansible_collections.mongodb_atlas.backup.docsite.guide_failures
    description: Each errorCode of Atlas, and what to do.
  - name: Cloud backups in the Atlas Administration API
    description: The vendor's reference of the requests that this module sends.
    link: https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/group/endpoint-cloud-backups
"""

EXAMPLES = r"""
# Credentials, project and address come from the environment unless an example says otherwise.

- name: List all snapshots of a cluster
  mongodb_atlas.backup.atlas_snapshot_info:
    cluster_name: demo-replica
  register: found

- name: Show them as a table
  mongodb_atlas.backup.snapshot_table:
    snapshots: "{{ found.snapshots }}"

- name: Find the newest backup of every cluster, whatever its kind
  mongodb_atlas.backup.atlas_snapshot_info:
    cluster_name:
      - demo-replica
      - demo-sharded
      - demo-flex
    status: completed
    latest: true
  register: newest

- name: Find the on-demand snapshots of the last two hours
  mongodb_atlas.backup.atlas_snapshot_info:
    cluster_name: demo-replica
    snapshot_type: onDemand
    max_age: 7200

- name: Check whether a snapshot is being taken
  mongodb_atlas.backup.atlas_snapshot_info:
    cluster_name: demo-sharded
    status:
      - queued
      - inProgress

- name: List the daily snapshots of a flex cluster, without detecting its kind
  mongodb_atlas.backup.atlas_snapshot_info:
    cluster_name: demo-flex
    cluster_type: flex

- name: Look at one snapshot, with credentials given in the task
  mongodb_atlas.backup.atlas_snapshot_info:
    client_id: "{{ atlas_client_id }}"
    client_secret: "{{ atlas_client_secret }}"
    project_id: "{{ atlas_project_id }}"
    cluster_name: demo-flex
    snapshot_id: "{{ (newest.snapshots | selectattr('cluster_name', 'equalto', 'demo-flex') | first).id }}"
"""

RETURN = r"""
snapshots:
  description:
    - >-
      The snapshots that match, in the requested order of the clusters, and newest first for each cluster. Empty if
      there are none.
    - In a failure, those of the clusters that succeeded.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the snapshot, 24 hexadecimal digits.
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
      sample: demo-replcia
    cluster_type:
      description:
        - Kind of the cluster, as V(dedicated), V(tenant) (M0, M2 and M5) or V(flex).
        - Null if unknown, or if the failure does not concern a particular cluster.
      type: str
      returned: always
      sample:
    msg:
      description: What went wrong, what Atlas answered, and what to do.
      type: str
      returned: always
      sample: >-
        Cluster demo-replcia: Atlas answered 404 CLUSTER_NOT_FOUND: No cluster named demo-replcia exists in group
        5f0c1d2e3b4a59687766aabb. Check the cluster's name, and that the cluster is in this project. The nearest names
        in this project: demo-replica, demo-geo, demo-sharded.
    error_code:
      description: The C(errorCode) of Atlas. Null if Atlas gave none.
      type: str
      returned: always
      sample: CLUSTER_NOT_FOUND
    status_code:
      description: HTTP status of the answer. Null if no answer came.
      type: int
      returned: always
      sample: 404
    snapshot:
      description: Always null in this module. The key exists so that the errors of all modules look the same.
      type: dict
      returned: always
      sample:
"""

from typing import Any

from ..module_utils._argspec import CLUSTER_NAME_OPTION
from ..module_utils._atlas.errors import AtlasError, NoDate
from ..module_utils._attempts import Attempt, attempt_all
from ..module_utils._module import Task, atlas_module, run_module
from ..module_utils._results import listed_result
from ..module_utils._snapshots.lookup import find_snapshots
from ..module_utils._snapshots.records import Filter, Record

OPTIONS: dict[str, dict[str, Any]] = {
    "cluster_name": CLUSTER_NAME_OPTION,
    "snapshot_id": {"type": "str"},
    "cluster_type": {"type": "str", "choices": ["auto", "dedicated", "tenant", "flex"], "default": "auto"},
    "status": {"type": "list", "elements": "str"},
    "snapshot_type": {"type": "list", "elements": "str"},
    "description": {"type": "str"},
    "max_age": {"type": "float"},
    "latest": {"type": "bool", "default": False},
    "api_version": {"type": "str", "choices": ["v2", "v1.0"], "default": "v2"},
}


async def run(task: Task) -> dict[str, Any]:
    """The snapshots of every cluster in the requested order, newest first for each."""
    attempts = [Attempt(name) for name in task.cluster_names]
    return listed_result(await attempt_all(attempts, lambda attempt: find(task, attempt), task.interruption))


async def find(task: Task, attempt: Attempt) -> list[Record]:
    """The snapshots of one cluster that match the filters."""
    params = task.params
    wanted = Filter(
        status=params["status"],
        snapshot_type=params["snapshot_type"],
        description=params["description"],
        max_age=params["max_age"],
    )
    try:
        found = await find_snapshots(task.api(), attempt, params["cluster_type"], params["snapshot_id"])
    except AtlasError as error:
        raise await task.names.advised(attempt.cluster_name, error) from None
    now = task.client.clock.now()
    if found and wanted.max_age is not None and now is None:
        raise NoDate("The age of its snapshots is unknown")
    return wanted.apply(found, now, latest=params["latest"])


def main() -> None:
    """Run as a module."""
    run_module(atlas_module(OPTIONS), run, {"snapshots": []})


if __name__ == "__main__":
    main()
