#!/usr/bin/python
# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: snapshot_report
short_description: Report which clusters have an assured backup, as a table and as an HTML page
version_added: 1.0.0
author:
  - mongodb_atlas.backup contributors (@mongodb-atlas-backup)
description:
  - Shows a table on the terminal with the newest backup of every cluster, and writes the same as an HTML page.
  - Clusters without an assured backup come first and are marked, with the reason.
  - >-
    A snapshot is assured when it is completed, has an expiry that is known and not past, and is not empty. The
    snapshot of a dedicated replica set must have a size above 0, that of a sharded cluster at least one shard if Atlas
    lists shards. The report shows the age of a snapshot, but any age is accepted.
  - >-
    Each cluster is assured or not. An assured cluster is marked for a check if its newest finished snapshot is not
    assured, or if backups are switched off so that Atlas takes no more snapshots.
  - >-
    The columns are the overall result, cluster, kind, id of the snapshot, when it was created, its age, its size, when
    it expires, and a note: why it is not assured, or what to check. Times are UTC. C(-) means unknown.
  - >-
    The report shows the newest assured snapshot of a cluster, or else the newest one with any status.
  - This is an action plugin. It runs on the controller, and sends nothing to any host or service.
options:
  clusters:
    description:
      - Records as M(mongodb_atlas.backup.atlas_cluster_info) returns them. All of them are shown.
    type: list
    elements: dict
    required: true
  snapshots:
    description:
      - Records as M(mongodb_atlas.backup.atlas_snapshot_info) returns them, in any order.
      - Snapshots of clusters that are not in O(clusters) are left out.
    type: list
    elements: dict
    required: true
  errors:
    description:
      - >-
        The C(errors) that M(mongodb_atlas.backup.atlas_snapshot_info) returned, for clusters whose snapshots it could
        not list. These clusters are not assured, with the message as the reason.
      - For a cluster whose backups are switched off, the report shows that, and it is not a failure.
    type: list
    elements: dict
    default: []
  restores:
    description:
      - >-
        Records as M(mongodb_atlas.backup.atlas_restore_info) returns them. The report shows the last restore from and
        into each cluster below the clusters. A cluster into which a restore runs is shown as C(restore running), not
        as assured.
      - If not set, the report does not show restores.
    type: list
    elements: dict
    version_added: 1.1.0
  restore_errors:
    description:
      - >-
        The C(errors) that M(mongodb_atlas.backup.atlas_restore_info) returned, for clusters whose restores it could
        not list. Each is a line below the table, not a failure.
    type: list
    elements: dict
    default: []
    version_added: 1.1.0
  atlas_time:
    description:
      - The clock of Atlas, as the modules of this collection return it. Ages count up to this moment.
    type: str
    required: true
  days:
    description:
      - How many days the timelines of the page go back, from 1 to 3660.
    type: int
    default: 14
  html:
    description:
      - >-
        Path of the page, on the controller. A relative path starts in the folder where Ansible was started. The folder
        must exist.
      - >-
        The page is one self-contained file, without scripts and without files from the network. For each cluster it
        has a timeline of the snapshots of the last O(days) days.
      - >-
        The file is replaced atomically and keeps its permissions. It is not rewritten if it already has the same
        content.
      - If not set, no page is written.
    type: path
extends_documentation_fragment:
  - mongodb_atlas.backup.attributes
attributes:
  check_mode:
    support: full
    details:
      - The table is shown. The page is not written.
  diff_mode:
    support: full
    details:
      - Shows the page before and after.
  idempotent:
    support: full
    details:
      - The page shows O(atlas_time) and ages, so a later report changes the file.
notes:
  - >-
    The table goes to standard output or standard error, as with M(mongodb_atlas.backup.snapshot_table). With C(no_log)
    it is not shown, but the page is still written.
seealso:
  - module: mongodb_atlas.backup.atlas_cluster_info
  - module: mongodb_atlas.backup.atlas_snapshot_info
  - module: mongodb_atlas.backup.snapshot_table
"""

EXAMPLES = r"""
# The playbook mongodb_atlas.backup.snapshot_report does this for all clusters of a project.

- name: List the clusters of production
  mongodb_atlas.backup.atlas_cluster_info:
    tags:
      environment: production
  register: production

- name: List their snapshots
  mongodb_atlas.backup.atlas_snapshot_info:
    cluster_name: "{{ production.clusters | map(attribute='name') }}"
  register: found

- name: Show them as a table, and write a page that goes back a month
  mongodb_atlas.backup.snapshot_report:
    clusters: "{{ production.clusters }}"
    snapshots: "{{ found.snapshots }}"
    atlas_time: "{{ found.atlas_time }}"
    html: backups.html
    days: 30
  register: report

- name: Fail when a cluster has no assured backup
  ansible.builtin.assert:
    that: report.clusters | selectattr('backup', 'equalto', 'unsafe') | length == 0
"""

RETURN = r"""
lines:
  description: The lines of the table, title included, as they were shown.
  returned: success
  type: list
  elements: str
  sample:
    - Backups of Atlas project 5f0c1d2e3b4a59687766aabb, 2026-08-15 22:07 UTC
    - Every cluster has an assured backup.
    - BACKUP   CLUSTER    KIND     SNAPSHOT                  CREATED (UTC)           AGE    SIZE  EXPIRES (UTC)     NOTE
    - assured  demo-flex  flex     6a808f104f19b7c2d8a03e61  2026-08-15 17:05  5 h 2 min       -  2026-08-23 17:05
    - assured  prod       sharded  6a80e2504f19b7c2d8a03e61  2026-08-15 22:06      1 min  2.1 GB  2026-08-18 22:07
clusters:
  description: The state of each cluster, in the order of the report.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the cluster.
      type: str
      returned: always
      sample: demo-m0
    backup:
      description: >-
        V(safe) if the cluster has an assured backup, V(check) if it has one but should be checked, V(unsafe) if it has
        none, V(restoring) if a restore into it is running.
      type: str
      returned: always
      sample: unsafe
    note:
      description: Why it is not assured, or what to check. May be empty.
      type: str
      returned: always
      sample: A free cluster (M0) has no backups at all.
unlisted:
  description: >-
    Messages about snapshots that could not be listed, except for clusters whose backups are switched off.
  returned: success
  type: list
  elements: str
  sample: []
html:
  description: Full path of the page.
  returned: when O(html) is set
  type: str
  sample: /srv/www/backups.html
"""
