# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where restore jobs are listed and found, from when and for how long."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.tests.unit.simulator.support import FLEX, Atlas, code


def test_jobs_are_listed_under_their_source_newest_first() -> None:
    atlas = Atlas()
    ids = _restored(atlas, 3)
    assert _listed(atlas) == ids[::-1]
    assert _listed(atlas, cluster="demo-sharded") == []


@pytest.mark.parametrize("order", ["newest_first", "oldest_first"])
def test_order_of_dedicated_jobs_is_as_set(order: str) -> None:
    atlas = Atlas(job_list_order=order)
    ids = _restored(atlas, 2)
    assert _listed(atlas) == (ids if order == "oldest_first" else ids[::-1])


def test_jobs_are_listed_in_pages() -> None:
    atlas = Atlas()
    ids = _restored(atlas, 3)
    first = atlas.get(atlas.jobs() + "?itemsPerPage=2").json()
    assert [each["id"] for each in first["results"]] == ids[:0:-1]
    assert first["totalCount"] == 3
    assert [link["rel"] for link in first["links"]] == ["self", "next"]
    assert _listed(atlas, "?itemsPerPage=2&pageNum=2") == ids[:1]


def test_flex_jobs_are_listed_newest_first_in_pages() -> None:
    atlas = Atlas()
    ids = []
    for _unused in range(3):
        ids.append(atlas.flex_restore().json()["id"])
        atlas.moment += 10
    answer = atlas.get(atlas.flex_jobs("?itemsPerPage=2"), version=FLEX).json()
    assert [each["id"] for each in answer["results"]] == ids[:0:-1]
    assert [link["rel"] for link in answer["links"]] == ["self", "next"]


@pytest.mark.parametrize("lag", [0, 7])
def test_lists_and_single_jobs_can_lag_independently(lag: int) -> None:
    atlas = Atlas(job_list_lag_seconds=lag, job_get_lag_seconds=7 - lag)
    job = atlas.restore(atlas.finished()).json()
    assert _listed(atlas) == ([] if lag else [job["id"]])
    assert atlas.get(atlas.jobs(rest=f"/{job['id']}")).status == (200 if lag else 404)
    atlas.moment += 7
    assert _listed(atlas) == [job["id"]]
    assert atlas.get(atlas.jobs(rest=f"/{job['id']}")).status == 200


def test_jobs_are_removed_some_time_after_their_end() -> None:
    atlas = Atlas(job_kept_seconds=100, restore_queued_seconds=1, restore_seconds=4)
    job = atlas.restore(atlas.finished()).json()
    atlas.moment += 104
    assert _listed(atlas) == [job["id"]]
    atlas.moment += 1
    assert _listed(atlas) == []
    assert code(atlas.get(atlas.jobs(rest=f"/{job['id']}"))) == (404, "RESTORE_JOB_NOT_FOUND")


def test_unknown_and_invalid_job_ids_are_refused() -> None:
    atlas = Atlas()
    assert code(atlas.get(atlas.jobs(rest=f"/{'0' * 24}"))) == (404, "RESTORE_JOB_NOT_FOUND")
    assert code(atlas.get(atlas.jobs(rest="/nonsense"))) == (404, "INVALID_JOB_ID")
    assert code(atlas.get(atlas.flex_jobs("/nonsense"), version=FLEX)) == (404, "INVALID_JOB_ID")


@pytest.mark.parametrize(
    ("setting", "listed", "found"), [("listed", 200, 200), ("list_not_found", 404, 200), ("not_found", 404, 404)]
)
def test_jobs_of_a_deleted_source_answer_as_set(setting: str, listed: int, found: int) -> None:
    atlas = Atlas(deleted_source_jobs=setting)
    snapshots = atlas.get(atlas.snapshots("demo-deleted")).json()["results"]
    job = atlas.restore(snapshots[0]["id"], "demo-deleted", targetClusterName="demo-replica")
    assert job.status == 200
    answers = [atlas.get(atlas.jobs("demo-deleted", rest)) for rest in ("", f"/{job.json()['id']}")]
    assert [answer.status for answer in answers] == [listed, found]
    assert {code(answer)[1] for answer in answers if answer.status == 404} <= {"CLUSTER_NOT_FOUND"}


@pytest.mark.parametrize(("setting", "listed"), [("listed", 200), ("list_not_found", 404), ("not_found", 404)])
def test_jobs_of_a_deleted_flex_source_answer_as_set(setting: str, listed: int) -> None:
    atlas = Atlas(deleted_source_jobs=setting)
    atlas.service.world.find_cluster("demo-flex").cluster.deleted = True
    assert atlas.flex_restore(targetDeploymentItemName="demo-replica").status == 200
    assert atlas.get(atlas.flex_jobs(), version=FLEX).status == listed


@pytest.mark.parametrize("readers", ["read_only", "backup_manager"])
def test_lowest_role_that_reads_jobs_is_as_set(readers: str) -> None:
    atlas = Atlas(job_readers=readers)
    answers = {role: atlas.get(atlas.jobs(), role=role) for role in ("read_only", "backup_manager", "owner")}
    refused = ["read_only"] if readers == "backup_manager" else []
    assert [role for role, answer in answers.items() if answer.status == 401] == refused
    assert atlas.get(atlas.flex_jobs(), version=FLEX, role="read_only").status == 200


def test_endpoint_of_the_wrong_family_is_refused() -> None:
    atlas = Atlas()
    dedicated = atlas.get(atlas.flex_jobs(cluster="demo-replica"), version=FLEX)
    assert code(dedicated) == (400, "CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API")
    assert code(atlas.get(atlas.jobs("demo-flex"))) == (400, "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API")
    assert code(atlas.get(atlas.jobs("demo-m5"))) == (400, "PROVIDER_BACKUP_NOT_SUPPORTED")
    assert code(atlas.get(atlas.jobs("nosuch"))) == (404, "CLUSTER_NOT_FOUND")


def _restored(atlas: Atlas, count: int) -> list[str]:
    """The ids of this many restores, one after the other."""
    snapshot_id = atlas.finished()
    ids = []
    for _unused in range(count):
        ids.append(atlas.restore(snapshot_id).json()["id"])
        atlas.moment += 10
    return ids


def _listed(atlas: Atlas, query: str = "", cluster: str = "demo-replica") -> list[Any]:
    return [each["id"] for each in atlas.get(atlas.jobs(cluster) + query).json()["results"]]
