# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Reports restores as progress lines, under the name of the target cluster.

from __future__ import annotations

from .._snapshots.progress import Progress
from .._snapshots.records import Record

NOUN = "restore job"


def report(progress: Progress, job: Record) -> None:
    """Report a job as it is now."""
    progress.report({**job, "cluster_name": _label(job), "storage_size_bytes": None})


def report_failure(progress: Progress, job: Record) -> None:
    """Report a failed restore; keys of its record may be null."""
    progress.report_failure(_label(job))


def _label(job: Record) -> str:
    """The target's name, with its project if that differs from the source's: names are unique only in a project."""
    name, project_id = job["target_cluster_name"] or job["cluster_name"], job["target_project_id"]
    return str(name) if project_id in (None, job["project_id"]) else f"{name} ({project_id})"
