#!/usr/bin/python
# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: backup_manifest
short_description: Write or read a file that lists the snapshots of a backup
version_added: 1.1.0
author:
  - mongodb_atlas.backup contributors (@mongodb-atlas-backup)
description:
  - With O(snapshots) it writes a manifest, a JSON file on the controller that lists the snapshots of a backup.
  - Without O(snapshots) it reads a manifest, validates it and returns its content.
  - The file is replaced atomically, so a reader gets either the old or the new manifest. Only its owner can read it.
  - This is an action plugin. It runs on the controller, and sends nothing to any host or service.
options:
  path:
    description:
      - Path of the manifest, on the controller. A relative path starts in the folder where Ansible was started.
      - >-
        A file that is not a manifest, or has a newer format, is refused and not replaced. An empty file is replaced.
        The folder must exist.
    type: path
    required: true
  snapshots:
    description:
      - Records as M(mongodb_atlas.backup.atlas_snapshot) returns them. Each needs C(cluster_name) and C(id).
      - If not set, the manifest is read.
    type: list
    elements: dict
  restores:
    description:
      - Records of restores. With them, the manifest is a receipt of a rollback. Only together with O(snapshots).
      - >-
        A receipt keeps only the first one of O(snapshots) for each cluster. To keep the snapshots of an earlier run,
        list them first.
    type: list
    elements: dict
  description:
    description:
      - Purpose of the backup.
    type: str
  atlas_time:
    description:
      - The clock of Atlas, as the modules of this collection return it. It becomes C(created_at) of the manifest.
    type: str
extends_documentation_fragment:
  - mongodb_atlas.backup.attributes
attributes:
  check_mode:
    support: full
    details:
      - Nothing is written.
  diff_mode:
    support: full
    details:
      - Shows the manifest before and after.
  idempotent:
    support: full
    details:
      - >-
        The file is not rewritten while it lists the same snapshots with the same expiry, and the same restores with
        the same status, even if other values would be different.
notes:
  - >-
    A manifest is a JSON object with the keys C(format) (1; absent means 1), C(created_at), C(project_id),
    C(description), C(snapshots) and, in a receipt, C(restores). C(project_id) is that of the snapshots, or of the
    restores if there are no snapshots. It is null if they are of several projects.
seealso:
  - module: mongodb_atlas.backup.atlas_snapshot
  - module: mongodb_atlas.backup.atlas_backup_plan
  - module: mongodb_atlas.backup.snapshot_table
"""

EXAMPLES = r"""
- name: Take a snapshot
  mongodb_atlas.backup.atlas_snapshot:
    cluster_name: demo-replica
    description: Before the release
  register: taken

- name: Write it to a file
  mongodb_atlas.backup.backup_manifest:
    path: before-the-release.json
    snapshots: "{{ taken.snapshots }}"
    description: Before the release
    atlas_time: "{{ taken.atlas_time }}"

- name: Read the file
  mongodb_atlas.backup.backup_manifest:
    path: before-the-release.json
  register: read

- name: Show what is in it
  mongodb_atlas.backup.snapshot_table:
    title: "{{ read.manifest.description }}, {{ read.manifest.created_at }}"
    snapshots: "{{ read.manifest.snapshots }}"
"""

RETURN = r"""
path:
  description: Full path of the manifest.
  returned: success
  type: str
  sample: /srv/releases/before-the-release.json
manifest:
  description: Content of the manifest.
  returned: when O(snapshots) is not set
  type: dict
  sample:
    format: 1
    created_at: '2026-08-15T22:07:37Z'
    project_id: 5f0c1d2e3b4a59687766aabb
    description: Before the release
    snapshots: []
"""
