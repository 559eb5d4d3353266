# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The outcome of successful work on one cluster.

from __future__ import annotations

from dataclasses import dataclass

from .._atlas.errors import SnapshotTrouble
from .clusters import DEDICATED
from .records import FAILED, Record

# Whether the cluster is dedicated -> the next step. Atlas takes the snapshots of other clusters itself.
_ANOTHER = {True: "take another one", False: "wait for the next one"}


@dataclass(frozen=True)
class Outcome:
    """The outcome for one cluster.

    before: the snapshot before the work, None if it did not exist or was not read. gone: whether it was deleted.
    """

    record: Record
    changed: bool
    reused: bool = False
    before: Record | None = None
    gone: bool = False


def ensure_completed(record: Record) -> None:
    """Raise SnapshotTrouble for a failed snapshot."""
    if record["status"] == FAILED:
        raise SnapshotTrouble(
            f"Snapshot {record['id']} failed: it is not a backup",
            f"Check the cluster's state and alerts in Atlas, then {_ANOTHER[record['cluster_type'] == DEDICATED]}.",
            record=record,
        )
