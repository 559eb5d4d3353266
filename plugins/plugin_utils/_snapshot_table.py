# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The table of snapshots: one line per record. Pure functions.

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..module_utils._table import Column, table_lines
from ..module_utils._text import minute_text, size_text


def kind_text(snapshot: Mapping[str, Any]) -> Any:
    """The kind of the cluster as text; for a dedicated cluster its topology."""
    kind = snapshot.get("cluster_type")
    if kind not in (None, "dedicated"):
        return kind
    return {"replicaSet": "replica set", "shardedCluster": "sharded"}.get(str(snapshot.get("type")), kind)


def snapshot_size_text(snapshot: Mapping[str, Any]) -> str | None:
    """The size of a snapshot as readable text, None if it is unknown."""
    # Atlas sends 0 until a snapshot is completed (as recorded, 2026-08), so 0 then means unknown, not empty.
    size = snapshot.get("storage_size_bytes")
    return None if size == 0 and snapshot.get("status") != "completed" else size_text(size)


SNAPSHOT_COLUMNS: tuple[Column[Mapping[str, Any]], ...] = (
    Column("CLUSTER", lambda snapshot: snapshot.get("cluster_name")),
    Column("KIND", kind_text),
    Column("STATUS", lambda snapshot: snapshot.get("status")),
    Column("SNAPSHOT", lambda snapshot: snapshot.get("id")),
    Column("CREATED (UTC)", lambda snapshot: minute_text(snapshot.get("created_at"))),
    Column("SIZE", snapshot_size_text, align_right=True),
    Column("EXPIRES (UTC)", lambda snapshot: minute_text(snapshot.get("expires_at"))),
)


def snapshot_lines(snapshots: Iterable[Mapping[str, Any]], title: str | None = None) -> list[str]:
    """One line per snapshot record, in the order given."""
    return table_lines(SNAPSHOT_COLUMNS, snapshots, title=title, when_empty="No snapshots.")
