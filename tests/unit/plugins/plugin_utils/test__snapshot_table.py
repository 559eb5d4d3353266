# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.records import empty_record
from ansible_collections.mongodb_atlas.backup.plugins.plugin_utils._snapshot_table import kind_text, snapshot_lines


def record(name: str, **known: Any) -> dict[str, Any]:
    return {**empty_record("5f0c1d2e3b4a59687766aabb", name, "dedicated"), **known}


def completed(name: str, **known: Any) -> dict[str, Any]:
    return record(
        name,
        **{
            "id": "6a80e2504f19b7c2d8a03e61",
            "type": "replicaSet",
            "status": "completed",
            "created_at": "2026-08-15T22:06:21Z",
            "expires_at": "2026-08-18T22:07:34Z",
            "storage_size_bytes": 2214592512,
            **known,
        },
    )


@pytest.mark.parametrize(
    ("cluster_type", "type_", "kind"),
    [
        ("dedicated", "replicaSet", "replica set"),
        ("dedicated", "shardedCluster", "sharded"),
        ("dedicated", None, "dedicated"),
        ("dedicated", "somethingNew", "dedicated"),
        ("flex", None, "flex"),
        ("tenant", None, "tenant"),
        ("flex", "replicaSet", "flex"),
        (None, None, None),
    ],
)
def test_kind_is_shown_in_words(cluster_type: str | None, type_: str | None, kind: str | None) -> None:
    assert kind_text({"cluster_type": cluster_type, "type": type_}) == kind


def test_snapshots_of_every_kind_are_shown() -> None:
    snapshots = [
        completed("prod"),
        completed("prod-sharded", type="shardedCluster", storage_size_bytes=1024),
        completed("small", cluster_type="flex", type=None, storage_size_bytes=None),
    ]

    assert snapshot_lines(snapshots, "Taken now") == [
        "Taken now",
        "CLUSTER       KIND         STATUS     SNAPSHOT                  CREATED (UTC)       SIZE  EXPIRES (UTC)",
        "prod          replica set  completed  6a80e2504f19b7c2d8a03e61  2026-08-15 22:06  2.1 GB  2026-08-18 22:07",
        "prod-sharded  sharded      completed  6a80e2504f19b7c2d8a03e61  2026-08-15 22:06  1.0 kB  2026-08-18 22:07",
        "small         flex         completed  6a80e2504f19b7c2d8a03e61  2026-08-15 22:06       -  2026-08-18 22:07",
    ]


def test_size_of_an_unfinished_snapshot_is_unknown() -> None:
    unfinished = completed("prod", status="inProgress", created_at=None, storage_size_bytes=0)

    assert snapshot_lines([unfinished])[1].split() == [
        *("prod", "replica", "set", "inProgress", "6a80e2504f19b7c2d8a03e61", "-", "-", "2026-08-18", "22:07")
    ]


def test_empty_completed_snapshot_has_a_size() -> None:
    assert "  0 B  " in snapshot_lines([completed("prod", storage_size_bytes=0)])[1]


def test_record_without_known_values_is_shown() -> None:
    assert snapshot_lines([record("prod")])[1].split() == ["prod", "dedicated", "-", "-", "-", "-", "-"]


def test_table_without_snapshots_has_one_line_below_its_title() -> None:
    assert snapshot_lines([]) == ["No snapshots."]
    assert snapshot_lines([], "Taken now") == ["Taken now", "No snapshots."]


def test_records_are_not_modified() -> None:
    snapshot = completed("prod")
    before = dict(snapshot)

    snapshot_lines([snapshot])

    assert snapshot == before
