#!/usr/bin/python
# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: atlas_cluster_info
short_description: List the clusters of a MongoDB Atlas project
version_added: 1.0.0
author:
  - mongodb_atlas.backup contributors (@mongodb-atlas-backup)
description:
  - Lists the clusters of a project with the properties that matter for their backups.
  - Dedicated, shared (M0) and flex clusters are returned in the same format.
  - Costs one request for the dedicated and shared clusters, one for the flex clusters, and one for each further page.
options:
  cluster_name:
    description:
      - Name of a cluster, or a list of names. Only these clusters are returned.
      - A name that does not exist in the project is not a failure; RV(missing) lists it. An empty list is refused.
      - If not set, all clusters of the project are returned.
    type: list
    elements: str
    aliases:
      - cluster
      - clusters
  tags:
    description:
      - Only clusters with all of these tags are returned, each with exactly this value.
      - If not set, clusters with any tags.
    type: dict
extends_documentation_fragment:
  - mongodb_atlas.backup.atlas
  - mongodb_atlas.backup.attributes
  - mongodb_atlas.backup.attributes.info_module
  - mongodb_atlas.backup.attributes.actiongroup_atlas
seealso:
  - module: mongodb_atlas.backup.atlas_snapshot_info
  - ref: ansible_collections.mongodb_atlas.backup.docsite.guide_failures
    description: Each errorCode of Atlas, and what to do.
  - name: Clusters in the Atlas Administration API
    description: The vendor's reference of the requests that this module sends.
    link: https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/group/endpoint-clusters
"""

EXAMPLES = r"""
# Credentials, project and address come from the environment unless an example says otherwise.

- name: List all clusters of the project
  mongodb_atlas.backup.atlas_cluster_info:
  register: found

- name: List the clusters of production
  mongodb_atlas.backup.atlas_cluster_info:
    tags:
      environment: production
  register: production

- name: Take a snapshot of every dedicated cluster of production that is not paused
  mongodb_atlas.backup.atlas_snapshot:
    cluster_name: >-
      {{ production.clusters | selectattr('cluster_type', 'eq', 'dedicated')
         | rejectattr('paused') | map(attribute='name') }}
    description: Before the release
"""

RETURN = r"""
clusters:
  description: The clusters that match, in the order of their names. Empty in a failure.
  returned: always
  type: list
  elements: dict
  contains:
    name:
      description: Name of the cluster.
      type: str
      returned: always
      sample: demo-replica
    id:
      description: Id of the cluster, 24 hexadecimal digits.
      type: str
      returned: always
      sample: 6a60f1d24f19b7c2d8a01001
    project_id:
      description: Id of the project.
      type: str
      returned: always
      sample: 5f0c1d2e3b4a59687766aabb
    cluster_type:
      description: Kind of cluster, as V(dedicated) (M10 and larger), V(tenant) (M0, M2 and M5) or V(flex).
      type: str
      returned: always
      sample: dedicated
    topology:
      description: V(REPLICASET), V(SHARDED) or V(GEOSHARDED).
      type: str
      returned: always
      sample: REPLICASET
    instance_size:
      description: Instance size of the first region. V(FLEX) for flex clusters.
      type: str
      returned: always
      sample: M10
    cloud_providers:
      description: Cloud providers, each once. For shared and flex clusters, their backing provider.
      type: list
      elements: str
      returned: always
      sample:
        - AWS
    regions:
      description: Atlas's names of the regions, each once.
      type: list
      elements: str
      returned: always
      sample:
        - US_EAST_1
    mongodb_version:
      description: Version of MongoDB that the cluster runs.
      type: str
      returned: always
      sample: 8.0.29
    state:
      description: Atlas's C(stateName), such as V(IDLE), V(CREATING), V(UPDATING), V(DELETING) or V(REPAIRING).
      type: str
      returned: always
      sample: IDLE
    paused:
      description: Whether the cluster is paused. Flex clusters never are.
      type: bool
      returned: always
      sample: false
    backup_enabled:
      description: Whether Atlas takes backups of the cluster. Without them no snapshot can be taken.
      type: bool
      returned: always
      sample: true
    pit_enabled:
      description: Whether the cluster can be restored to any point in time.
      type: bool
      returned: always
      sample: true
    termination_protection_enabled:
      description: Whether Atlas refuses to delete the cluster.
      type: bool
      returned: always
      sample: false
    tags:
      description: Tags of the cluster, each key with its value.
      type: dict
      returned: always
      sample:
        environment: production
missing:
  description:
    - The names in O(cluster_name) that do not exist in the project, each with the most similar names, at most three.
    - Only the first 20 have suggestions, fewer in a project of more than 250 clusters.
  returned: success
  type: dict
  sample:
    demo-replcia:
      - demo-replica
      - demo-geo
      - demo-sharded
atlas_time:
  description: The clock of Atlas at the end of the task. ISO 8601, UTC. Null if Atlas did not answer.
  returned: always, unless Ansible itself refuses the options
  type: str
  sample: '2026-08-15T22:07:37Z'
errors:
  description: A single entry, because a failure concerns the whole project.
  returned: failure, unless Ansible itself refuses the options or the library requests is missing
  type: list
  elements: dict
  contains:
    cluster_name:
      description: Always null in this module. The key exists so that the errors of all modules look the same.
      type: str
      returned: always
      sample:
    cluster_type:
      description: Always null in this module.
      type: str
      returned: always
      sample:
    msg:
      description: What went wrong, what Atlas answered, and what to do.
      type: str
      returned: always
      sample: >-
        Atlas answered 404 GROUP_NOT_FOUND: No group with ID 5f0c1d2e3b4a59687766aabb exists.
        Check the project and that the credentials belong to its organization.
    error_code:
      description: The C(errorCode) of Atlas. Null if Atlas gave none.
      type: str
      returned: always
      sample: GROUP_NOT_FOUND
    status_code:
      description: HTTP status of the answer. Null if no answer came.
      type: int
      returned: always
      sample: 404
    snapshot:
      description: Always null in this module.
      type: dict
      returned: always
      sample:
"""

from typing import Any

from ..module_utils._argspec import CLUSTER_NAME_OPTION
from ..module_utils._module import Task, atlas_module, run_module
from ..module_utils._snapshots.clusters import has_tags
from ..module_utils._snapshots.lookup import find_clusters
from ..module_utils._snapshots.suggestions import misspelt, names_of

OPTIONS: dict[str, dict[str, Any]] = {
    "cluster_name": {**CLUSTER_NAME_OPTION, "required": False},
    "tags": {"type": "dict"},
}


async def run(task: Task) -> dict[str, Any]:
    """The clusters of the project that match the filters."""
    names, tags = task.cluster_names, task.params["tags"] or {}
    found = await find_clusters(task.api())
    return {
        "changed": False,
        "clusters": [each for each in found if (not names or each["name"] in names) and has_tags(each, tags)],
        "missing": misspelt(names, names_of(found)),
    }


def main() -> None:
    """Run as a module."""
    run_module(atlas_module(OPTIONS), run, {"clusters": []})


if __name__ == "__main__":
    main()
