#!/usr/bin/python
# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: snapshot_table
short_description: Show snapshots and restores as a table on the terminal
version_added: 1.0.0
author:
  - mongodb_atlas.backup contributors (@mongodb-atlas-backup)
description:
  - Shows snapshot records as an aligned plain-text table, one line per snapshot.
  - >-
    The columns are cluster, kind, status, id of the snapshot, when it was created, its size, and when it expires.
    Times are UTC. C(-) means unknown.
  - This is an action plugin. It runs on the controller, sends nothing to any host or service, and changes nothing.
options:
  snapshots:
    description:
      - >-
        Records as M(mongodb_atlas.backup.atlas_snapshot) and M(mongodb_atlas.backup.atlas_snapshot_info) return them.
      - They are shown in the order given. An empty list is shown as C(No snapshots.)
    type: list
    elements: dict
  restores:
    description:
      - >-
        Records as M(mongodb_atlas.backup.atlas_restore) and M(mongodb_atlas.backup.atlas_restore_info) return them.
        They are shown as a separate table, below that of O(snapshots) if both are set.
      - >-
        The columns are the cluster that is overwritten, the source, the snapshot or point in time, the status, the id
        of the job, when it was started, how long it took, and the last known state of the target.
      - At least one of O(snapshots) and O(restores) is required.
    type: list
    elements: dict
    version_added: 1.1.0
  title:
    description:
      - Text to show above the table. It may have several lines.
    type: str
  check_mode_title:
    description:
      - Text to show instead of O(title) in check mode.
      - If not set, O(title) is shown in check mode too.
    type: str
    version_added: 1.1.0
extends_documentation_fragment:
  - mongodb_atlas.backup.attributes
  - mongodb_atlas.backup.attributes.info_module
notes:
  - >-
    The table goes to standard output with the callback plugins of ansible-core that write plain text, such as
    P(ansible.builtin.default#callback). With any other, for example one that writes JSON, it goes to standard error,
    so that it does not corrupt standard output.
  - With C(no_log) nothing is shown.
seealso:
  - module: mongodb_atlas.backup.atlas_snapshot
  - module: mongodb_atlas.backup.atlas_snapshot_info
"""

EXAMPLES = r"""
- name: Look at the snapshots of a cluster
  mongodb_atlas.backup.atlas_snapshot_info:
    cluster_name: demo-replica
  register: found

- name: Show them
  mongodb_atlas.backup.snapshot_table:
    snapshots: "{{ found.snapshots }}"

- name: Show the completed ones only, under a title
  mongodb_atlas.backup.snapshot_table:
    title: Backups of demo-replica
    snapshots: "{{ found.snapshots | selectattr('status', 'equalto', 'completed') }}"

- name: Look at the restores of the last day
  mongodb_atlas.backup.atlas_restore_info:
    cluster_name: demo-replica
    max_age: 86400
  register: restored

- name: Show them
  mongodb_atlas.backup.snapshot_table:
    restores: "{{ restored.restores }}"
"""

RETURN = r"""
lines:
  description: The lines of the table, title included, as they were shown.
  returned: success
  type: list
  elements: str
  sample:
    - CLUSTER       KIND         STATUS     SNAPSHOT                  CREATED (UTC)       SIZE  EXPIRES (UTC)
    - demo-replica  replica set  completed  6a80e2504f19b7c2d8a03e61  2026-08-15 22:06  2.1 GB  2026-08-18 22:07
"""
