# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Restores in the lines of progress, each under the name of the cluster that it overwrites.

from __future__ import annotations

from .._snapshots.progress import Progress
from .._snapshots.records import Record

NOUN = "restore job"


def report(progress: Progress, job: Record) -> None:
    """Report a job as it is now."""
    progress.report({**job, "cluster_name": _label(job), "storage_size_bytes": None})


def report_failure(progress: Progress, job: Record) -> None:
    """Report a restore that has failed; job is its record, however little is known of it."""
    progress.report_failure(_label(job))


def _label(job: Record) -> str:
    """The target's name; with its project where that is not the source's, as clusters of two may have one name."""
    name, project_id = job["target_cluster_name"] or job["cluster_name"], job["target_project_id"]
    return str(name) if project_id in (None, job["project_id"]) else f"{name} ({project_id})"
