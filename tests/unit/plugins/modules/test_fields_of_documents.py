# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules read every field that remains of a large document. That they read no other one, every run checks."""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.fields import FIELDS
from ansible_collections.mongodb_atlas.backup.plugins.modules import (
    atlas_backup_plan,
    atlas_cluster_info,
    atlas_restore,
    atlas_restore_info,
    atlas_restore_plan,
    atlas_snapshot,
    atlas_snapshot_info,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.answers import answer, page
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import FIRST_PAGE, V2
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.bench import Other
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.restores import (
    flex_job,
    flex_jobs_path,
    job,
    jobs_path,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.run_module import Call
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.script import GET, Script
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.simulated import SimulatedAtlas
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import iso

CLUSTERS: dict[str, dict[str, Any]] = {
    "prod": {"pit_enabled": True, "tags": {"team": "shop"}},
    "staging": {},
    "sharded": {"topology": "SHARDED"},
    "flex": {"instance_size": "FLEX"},
    "m5": {"instance_size": "M5"},
}
FIELD_REFUSED = {"badRequestDetail": {"fields": [{"field": "name", "description": "is bad"}]}, "reason": "Bad Request"}


class Reading:
    """Runs modules, all of which must succeed, and collects the fields that they read."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self.fields: set[str] = set()

    def __call__(self, main: Any, other: Other, **options: Any) -> dict[str, Any]:
        result = self._call(main, other, **options)
        self.fields |= self._call.fields
        assert not result.get("failed"), result["msg"]
        return result


def test_modules_read_every_field_that_a_large_document_keeps(call: Call) -> None:
    atlas, run = SimulatedAtlas(CLUSTERS, compliance={"Shop": {"min_retention_days": 1}}), Reading(call)
    account = {"client_id": atlas.owner.client_id, "client_secret": atlas.owner.client_secret}
    atlas.has("prod", taken_at=-3600.0)
    by_name = {"project_id": None, "project_name": "Shop"}

    taken = run(atlas_snapshot.main, atlas, cluster_name="prod,sharded", access_token=None, **account)["snapshots"]
    found = run(atlas_snapshot_info.main, atlas, cluster_name="flex,m5", latest=True, **by_name)["snapshots"]
    run(atlas_cluster_info.main, atlas)
    run(atlas_backup_plan.main, atlas, retention_in_days=3)
    restores = [
        {"cluster_name": each["cluster_name"], "snapshot_id": each["id"], "target_cluster_name": each["cluster_name"]}
        for each in [*taken, found[0]]
    ]
    run(atlas_restore.main, atlas, restores=restores)
    run(atlas_restore.main, atlas, cluster_name="prod", point_in_time=iso(-60), target_cluster_name="staging")
    run(atlas_restore_info.main, atlas)
    run(atlas_restore_plan.main, atlas, snapshots=taken, confirm=["prod", "sharded"], max_age=0)
    flex_download = flex_job("COMPLETED", deliveryType="DOWNLOAD")
    listed = Script(GET(flex_jobs_path("flex", FIRST_PAGE), page(flex_download)))
    run(atlas_restore_info.main, listed, cluster_name="flex", cluster_type="flex")
    rare = job(number=1, deliveryType="download"), job(number=2, deliveryType="pointInTime")
    listed = Script(GET(jobs_path("prod", FIRST_PAGE), page(*rare)))
    run(atlas_restore_info.main, listed, cluster_name="prod", cluster_type="dedicated")
    refused = answer(400, json.dumps(FIELD_REFUSED).encode(), content_type="application/json")
    call(atlas_cluster_info.main, Script(GET(f"{V2}/clusters{FIRST_PAGE}", refused)))

    assert FIELDS - run.fields - call.fields == set()
