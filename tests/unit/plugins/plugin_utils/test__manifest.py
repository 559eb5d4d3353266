# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.plugin_utils._manifest import (
    manifest_of,
    manifest_text,
    says_the_same,
)

NOW = "2026-08-15T22:07:37Z"
ONE = {"cluster_name": "prod", "id": "1", "expires_at": "2026-08-18T22:07:34Z", "project_id": "a", "reused": False}
TWO = {"cluster_name": "trial", "id": "2", "expires_at": None, "project_id": "a", "reused": True}
RESTORE = {
    "id": None,
    "status": None,
    "snapshot_id": "1",
    "point_in_time": None,
    "project_id": "r",
    "target_project_id": "r",
    "target_cluster_name": "prod",
    "target_state": None,
}


def test_keys_of_a_manifest_are_in_order() -> None:
    manifest = manifest_of([ONE, TWO], None, "x", NOW)

    assert list(manifest.items()) == [
        ("format", 1),
        ("created_at", NOW),
        ("project_id", "a"),
        ("description", "x"),
        ("snapshots", [ONE, TWO]),
    ]


def test_manifest_with_restores_is_a_receipt() -> None:
    assert manifest_of([ONE], [RESTORE], None, None)["restores"] == [RESTORE]
    assert manifest_of([ONE], [], None, None)["restores"] == []


@pytest.mark.parametrize(
    ("snapshots", "restores", "project"),
    [
        ([ONE], None, "a"),
        ([ONE, {**TWO, "project_id": "b"}], None, None),
        ([ONE], [RESTORE], "a"),
        ([], [RESTORE], "r"),
        ([], [RESTORE, {**RESTORE, "project_id": "s"}], None),
        ([], None, None),
        ([{"cluster_name": "prod", "id": "1"}], None, None),
    ],
)
def test_project_is_that_of_the_snapshots_or_of_the_restores(
    snapshots: list[Any], restores: Any, project: str | None
) -> None:
    assert manifest_of(snapshots, restores, None, None)["project_id"] == project


@pytest.mark.parametrize(
    ("snapshots", "restores", "same"),
    [
        ([ONE, TWO], [RESTORE], True),
        ([{**ONE, "reused": True, "storage_size_bytes": 5}, TWO], [{**RESTORE, "target_state": "IDLE"}], True),
        ([{**ONE, "expires_at": "2026-08-19T22:07:34Z"}, TWO], [RESTORE], False),
        ([{**ONE, "id": "3"}, TWO], [RESTORE], False),
        ([{**ONE, "cluster_name": "prod2"}, TWO], [RESTORE], False),
        ([TWO, ONE], [RESTORE], False),
        ([ONE], [RESTORE], False),
        ([ONE, TWO], None, False),
        ([ONE, TWO], [], False),
        *[
            ([ONE, TWO], [{**RESTORE, key: "other"}], False)
            for key in RESTORE
            if key not in ("project_id", "target_state")
        ],
    ],
)
def test_manifests_are_equal_if_ids_expiry_and_restores_are(snapshots: list[Any], restores: Any, same: bool) -> None:
    before = manifest_of([ONE, TWO], [RESTORE], "x", NOW)

    assert says_the_same(before, manifest_of(snapshots, restores, "y", None)) is same


def test_missing_and_empty_restores_are_equal() -> None:
    assert says_the_same(manifest_of([ONE], None, "x", NOW), manifest_of([ONE], [], "x", NOW))


def test_manifest_text_is_json_with_unescaped_letters() -> None:
    text = manifest_text(manifest_of([{**ONE, "description": "für Müller"}], None, "x", NOW))

    assert "für Müller" in text
    assert text.endswith("}\n")
    assert json.loads(text)["snapshots"][0]["id"] == "1"


def test_yaml_timestamp_is_written_as_text() -> None:
    moment = datetime(2026, 8, 18, 22, 7, tzinfo=timezone.utc)

    assert "2026-08-18T22:07:00+00:00" in manifest_text(manifest_of([{**ONE, "expires_at": moment}], None, None, None))
    with pytest.raises(TypeError, match="a object cannot be written as JSON"):
        manifest_text(manifest_of([{**ONE, "expires_at": object()}], None, None, None))
