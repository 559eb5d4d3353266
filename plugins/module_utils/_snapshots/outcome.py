# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# What has become of the work on one cluster, when it ends as it was asked for.

from __future__ import annotations

from dataclasses import dataclass

from .._atlas.errors import SnapshotTrouble
from .clusters import DEDICATED
from .records import FAILED, Record

# Whether the cluster is a dedicated one: Atlas takes the snapshots of others itself.
_ANOTHER = {True: "take another one", False: "wait for the next one"}


@dataclass(frozen=True)
class Outcome:
    """What has become of one cluster.

    before: the snapshot as it was, None where it was not there or not looked at. gone: it is not there any more.
    """

    record: Record
    changed: bool
    reused: bool = False
    before: Record | None = None
    gone: bool = False


def ensure_completed(record: Record) -> None:
    """Raise SnapshotTrouble for a snapshot that has failed: it is no backup."""
    if record["status"] == FAILED:
        raise SnapshotTrouble(
            f"Snapshot {record['id']} failed: it is not a backup",
            f"Look at the cluster's state and alerts in Atlas, then {_ANOTHER[record['cluster_type'] == DEDICATED]}.",
            record=record,
        )
