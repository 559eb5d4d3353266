#!/usr/bin/python
# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: atlas_restore_info
short_description: List the restore jobs of MongoDB Atlas clusters
version_added: 1.1.0
author:
  - mongodb_atlas.backup contributors (@mongodb-atlas-backup)
description:
  - Lists the restore jobs of some or all clusters of a project, newest first.
  - >-
    Atlas lists a job under its source, the cluster whose snapshot is restored. Restores into a cluster from other
    projects, or from clusters that have been deleted since, are B(not) included.
  - >-
    Works with dedicated clusters (replica sets and sharded clusters) and with flex clusters. M0, M2 and M5 clusters
    have no restore jobs, so their lists are empty.
  - The URL of a download is never shown, because it contains a secret.
  - Never changes anything.
options:
  cluster_name:
    description:
      - Name of the source, or a list of names. The cluster itself may have been deleted.
      - If not set, every cluster of the project, which costs two more requests.
      - >-
        If one of them fails, the module still lists the others. The task then fails, with RV(errors) and the records
        of the others.
      - A name that is given twice counts once. An empty list is refused.
    type: list
    elements: str
    aliases:
      - cluster
      - clusters
  restore_job_id:
    description:
      - Id of one restore job, 24 hexadecimal digits. Only that one is returned.
      - A job that does not exist gives an empty list. A cluster or project that does not exist is an error.
    type: str
  status:
    description:
      - >-
        Only jobs with one of these values of RV(restores[].status): V(queued), V(inProgress), V(completed),
        V(failed), V(cancelled), V(expired). They are the same for every kind of cluster.
      - If not set, jobs with every status.
    type: list
    elements: str
  target_cluster_name:
    description:
      - Only jobs that restore into a cluster with this name, in any project.
      - If not set, jobs with any target, and downloads.
    type: str
  max_age:
    description:
      - Age in seconds, 0 or more. Only jobs that are not older, counted from their start by the clock of Atlas.
      - If not set, jobs of every age.
    type: float
  latest:
    description:
      - Only the newest match of each source.
    type: bool
    default: false
  cluster_type:
    description:
      - Kind of the clusters.
      - V(auto) detects it. It costs one more request for each flex cluster in O(cluster_name).
      - >-
        V(dedicated) is M10 and larger, V(tenant) is M2 and M5, V(flex) is flex. Without O(cluster_name), the module
        lists the jobs of clusters of this kind only.
    type: str
    choices:
      - auto
      - dedicated
      - tenant
      - flex
    default: auto
notes:
  - >-
    Listing the jobs of a dedicated cluster may need the role Project Backup Manager; for flex clusters Project Read
    Only is enough.
extends_documentation_fragment:
  - mongodb_atlas.backup.atlas
  - mongodb_atlas.backup.attributes
  - mongodb_atlas.backup.attributes.info_module
  - mongodb_atlas.backup.attributes.actiongroup_atlas
seealso:
  - module: mongodb_atlas.backup.atlas_restore
  - ref: ansible_collections.mongodb_atlas.backup.docsite.guide_roll_back
    description: Restoring after failed maintenance, step by step.
  - ref: ansible_collections.mongodb_atlas.backup.docsite.guide_failures
    description: Each errorCode of Atlas, and what to do.
  - name: Return all restore jobs for one cluster
    description: The vendor's reference of the request that this module sends.
    link: https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/operation/operation-listgroupclusterbackuprestorejobs
"""

EXAMPLES = r"""
# Credentials, project and address come from the environment unless an example says otherwise.

- name: Check whether a restore is running in the project
  mongodb_atlas.backup.atlas_restore_info:
    status:
      - queued
      - inProgress
  register: running

- name: Find the last restore into a cluster
  mongodb_atlas.backup.atlas_restore_info:
    cluster_name: demo-replica
    target_cluster_name: demo-replica
    latest: true

- name: List the restores of the last day that did not succeed
  mongodb_atlas.backup.atlas_restore_info:
    max_age: 86400
    status: failed,cancelled,expired

- name: Look at one restore job
  mongodb_atlas.backup.atlas_restore_info:
    cluster_name: demo-replica
    restore_job_id: 6a80e3b04f19b7c2d8a03e6f
"""

RETURN = r"""
restores:
  description:
    - The restore jobs, newest first. With O(cluster_name), in the requested order, and newest first for each cluster.
    - In a failure, those of the clusters that succeeded.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the restore job, 24 hexadecimal digits.
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
      description: When the snapshot was created. ISO 8601, UTC. Null for flex clusters, whose jobs do not show it.
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
        - Jobs of dedicated clusters are never V(queued). A download is V(completed) once it can be fetched.
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
      description: Always null in this module, which does not read the target.
      type: str
      returned: always
      sample:
    reused:
      description: Always null in this module.
      type: bool
      returned: always
      sample:
atlas_time:
  description:
    - The clock of Atlas at the end of the task. ISO 8601, UTC. Null if Atlas did not answer.
    - Compare the times of restores with this one, not with a local clock.
  returned: always, unless Ansible itself refuses the options
  type: str
  sample: '2026-08-15T22:16:10Z'
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
      description: Kind of the cluster, V(dedicated), V(tenant) or V(flex). Null if unknown.
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
    restore:
      description: Always null in this module. The key exists so that the errors of all modules look the same.
      type: dict
      returned: always
      sample:
"""

from collections.abc import Mapping
from typing import Any

from ..module_utils._argspec import CLUSTER_NAME_OPTION
from ..module_utils._atlas.errors import AtlasError, NoDate
from ..module_utils._attempts import Attempt, attempt_all
from ..module_utils._module import Conduct, Task, atlas_module, run_module
from ..module_utils._options import unique_names
from ..module_utils._restore_options import check_restore_info_options
from ..module_utils._restore_results import listed_result, project_failure
from ..module_utils._restores.lookup import find_restores
from ..module_utils._restores.records import RestoreFilter
from ..module_utils._snapshots.lookup import find_clusters
from ..module_utils._snapshots.records import Record, newest_first

OPTIONS: dict[str, dict[str, Any]] = {
    "cluster_name": {**CLUSTER_NAME_OPTION, "required": False},
    "restore_job_id": {"type": "str"},
    "status": {"type": "list", "elements": "str"},
    "target_cluster_name": {"type": "str"},
    "max_age": {"type": "float"},
    "latest": {"type": "bool", "default": False},
    "cluster_type": {"type": "str", "choices": ["auto", "dedicated", "tenant", "flex"], "default": "auto"},
}


async def run(task: Task) -> dict[str, Any]:
    """The jobs of the named clusters, in the requested order, or of the whole project; newest first."""
    if task.params["cluster_name"] is not None:
        attempts = [Attempt(name) for name in task.cluster_names]
        return listed_result(await attempt_all(attempts, lambda attempt: named(task, attempt), task.interruption))
    attempts = await every_cluster(task)
    found = await attempt_all(attempts, lambda attempt: listed(task, attempt, searched=True), task.interruption)
    result = listed_result(found)
    return {**result, "restores": newest_first(result["restores"])}


async def every_cluster(task: Task) -> list[Attempt]:
    """The clusters of the project, or those of one kind."""
    kind = task.params["cluster_type"]
    return [
        Attempt(cluster["name"], cluster_type=cluster["cluster_type"])
        for cluster in await find_clusters(task.api())
        if kind in ("auto", cluster["cluster_type"])
    ]


async def named(task: Task, attempt: Attempt) -> list[Record]:
    """The jobs of one named cluster."""
    try:
        return await listed(task, attempt)
    except AtlasError as error:
        raise await task.names.advised(attempt.cluster_name, error) from None


async def listed(task: Task, attempt: Attempt, *, searched: bool = False) -> list[Record]:
    """The matching jobs of one cluster. searched: the cluster was not named, so backups that are off are no error."""
    params = task.params
    wanted = RestoreFilter(params["status"], params["target_cluster_name"], params["max_age"])
    found = await find_restores(
        task.api(),
        attempt.cluster_name,
        attempt.cluster_type or params["cluster_type"],
        job_id=params["restore_job_id"],
        backups_may_be_off=searched,
    )
    now = task.client.clock.now()
    if found and wanted.max_age is not None and now is None:
        raise NoDate("The age of its restore jobs is unknown")
    return wanted.apply(found, now, latest=params["latest"])


def width(params: Mapping[str, Any]) -> int:
    """The number of clusters, 0 for the whole project."""
    return len(unique_names(params["cluster_name"]))


def main() -> None:
    """Run as a module."""
    # Without wait_timeout: the only limit is that each request is retried for a minute at most.
    conduct = Conduct(check_restore_info_options, project_failure, width)
    run_module(atlas_module(OPTIONS), run, nothing={"restores": []}, conduct=conduct)


if __name__ == "__main__":
    main()
