# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.modules.atlas_restore_info import main
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.answers import ok, page, refused
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import FIRST_PAGE, cluster
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.restores import SECRET_URL, job, jobs_path
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.run_module import Call
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.script import GET, Script, Step
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.simulated import SimulatedAtlas
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import iso, minted

THERE = (
    job(at=-300, number=1, finishedAt=iso(-200)),
    job(at=-100, number=2, targetClusterName="prod"),
    job(at=-200, number=3, failed=True),
    job(at=-400, number=4, deliveryType="download", targetClusterName=None, deliveryUrl=[SECRET_URL]),
)
KINDS: dict[str, dict[str, Any]] = {
    "prod": {},
    "sharded": {"topology": "SHARDED"},
    "flex": {"instance_size": "FLEX"},
    "m0": {"instance_size": "M0"},
    "m5": {"instance_size": "M5"},
    "off": {"backup_enabled": False},
}


def listing(*jobs: dict[str, Any]) -> Step:
    return GET(jobs_path(rest=FIRST_PAGE), page(*jobs))


def world(**settings: Any) -> SimulatedAtlas:
    """One job in each cluster that can have one, each started a minute before the other."""
    atlas = SimulatedAtlas(KINDS, **settings)
    for minute, name in enumerate(("prod", "sharded", "flex")):
        place = atlas.service.world.find_cluster(name)
        atlas.service.world.restore(
            place,
            place,
            atlas.service.settings,
            requested_at=atlas.now() - 600 + 60 * minute,
            delivery_type="RESTORE" if name == "flex" else "automated",
            timestamp=atlas.now() - 3600,
            content=None,
            snapshot_id="a" * 24,
        )
    return atlas


def names(result: dict[str, Any]) -> list[str]:
    return [record["cluster_name"] for record in result["restores"]]


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        ({}, [2, 3, 1, 4]),
        ({"status": ["inProgress"]}, [2]),
        ({"status": "completed,failed"}, [3, 1, 4]),
        ({"target_cluster_name": "staging"}, [3, 1]),
        ({"max_age": 250}, [2, 3]),
        ({"latest": True}, [2]),
        ({"latest": True, "status": "completed"}, [1]),
        ({"status": "expired"}, []),
    ],
)
def test_jobs_are_filtered_and_newest_first(call: Call, options: dict[str, Any], numbers: list[int]) -> None:
    result = call(main, Script(listing(*THERE)), cluster_name="prod", **options)

    assert [int(record["id"][-6:], 16) for record in result["restores"]] == numbers
    assert result["changed"] is False
    assert SECRET_URL not in str(result)


def test_all_pages_of_five_hundred_are_read(call: Call) -> None:
    first = [job(at=-number, number=number) for number in range(1, 501)]
    script = Script(
        GET(jobs_path(rest=FIRST_PAGE), page(*first, totalCount=501)),
        GET(jobs_path(rest="?pageNum=2&itemsPerPage=500"), page(job(at=-501, number=501), totalCount=501)),
    )

    assert len(call(main, script, cluster_name="prod")["restores"]) == 501


def test_jobs_of_every_cluster_are_newest_first(call: Call) -> None:
    atlas = world()

    assert names(call(main, atlas)) == ["flex", "sharded", "prod"]
    # Two lists of clusters, and one request for each cluster that can have jobs.
    steps = Counter(entry.step for entry in atlas.service.journal.entries)
    assert steps == {"clusters": 2, "restore_list": 4}


@pytest.mark.parametrize(("kind", "found"), [("flex", ["flex"]), ("dedicated", ["sharded", "prod"]), ("tenant", [])])
def test_cluster_type_selects_the_jobs_of_that_kind(call: Call, kind: str, found: list[str]) -> None:
    assert names(call(main, world(), cluster_type=kind)) == found


def test_jobs_of_several_clusters_are_in_the_given_order(call: Call) -> None:
    asked = ["prod", "m5", "flex", "m0", "sharded"]

    assert names(call(main, world(), cluster_name=asked)) == ["prod", "flex", "sharded"]


@pytest.mark.parametrize("code", ["BACKUP_JOB_NOT_FOUND", "BACKUP_CONFIG_NOT_FOUND"])
def test_disabled_backups_of_a_named_cluster_are_an_error(call: Call, code: str) -> None:
    steps = (
        GET(jobs_path(rest=FIRST_PAGE), refused(400, code)),
        GET(jobs_path().replace("/backup/restoreJobs", ""), ok(cluster())),
    )

    assert call(main, Script(*steps), cluster_name="prod")["errors"][0]["error_code"] == code


def test_failed_cluster_is_reported_beside_the_others(call: Call) -> None:
    result = call(main, world(), cluster_name=["nosuch", "prod"])

    assert names(result) == ["prod"]
    assert [(each["cluster_name"], each["error_code"]) for each in result["errors"]] == [
        ("nosuch", "CLUSTER_NOT_FOUND")
    ]
    assert result["errors"][0]["restore"] is None
    assert "prod" in result["errors"][0]["msg"]


@pytest.mark.parametrize("name", ["prod", "flex"])
def test_single_job_is_read_by_its_id(call: Call, name: str) -> None:
    atlas = world()
    job_id = atlas.cluster(name).jobs[0].id

    assert [each["id"] for each in call(main, atlas, cluster_name=name, restore_job_id=job_id)["restores"]] == [job_id]
    assert [each["id"] for each in call(main, atlas, restore_job_id=job_id.upper())["restores"]] == [job_id]


def test_missing_job_is_an_empty_list(call: Call) -> None:
    assert call(main, world(), cluster_name="prod", restore_job_id=minted())["restores"] == []


def test_invalid_id_is_refused_before_any_request(call: Call) -> None:
    result = call(main, Script(), cluster_name="prod", restore_job_id="6a80")

    assert "24 hexadecimal digits" in result["msg"]


def test_age_is_unknown_without_a_clock(call: Call) -> None:
    result = call(main, Script(listing(*THERE), dates=False), cluster_name="prod", max_age=60)

    assert "had a Date" in result["msg"]
