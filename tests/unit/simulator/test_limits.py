# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rate limits: what is left, what is refused, and when requests are allowed again."""

from __future__ import annotations

from ansible_collections.mongodb_atlas.backup.tests.simulator.demo import OTHER_PROJECT_ID
from ansible_collections.mongodb_atlas.backup.tests.simulator.messages import Response
from ansible_collections.mongodb_atlas.backup.tests.unit.simulator.support import CLUSTERS, FLEX, GROUPS, Atlas, code


def test_every_answer_has_rate_limit_headers() -> None:
    atlas = Atlas()
    assert _rate_limit(_list(atlas)) == (1200, 1199)
    assert _rate_limit(atlas.take()) == (1200, 1198)
    assert _rate_limit(atlas.get(f"{atlas.group}/clusters", version=CLUSTERS)) == (10000, 9999)
    assert _rate_limit(atlas.get(f"{atlas.group}/flexClusters", version=FLEX)) == (1200, 1199)
    assert _rate_limit(atlas.poll("demo-replica", "0" * 24)) == (1200, 1197)


def test_empty_bucket_answers_429_with_retry_after() -> None:
    atlas = Atlas(backup_limit=2, backup_refill=6)
    assert [_list(atlas).status for _unused in range(3)] == [200, 200, 429]
    refused = _list(atlas)
    assert code(refused) == (429, "RATE_LIMITED")
    assert _rate_limit(refused) == (2, 0)
    assert refused.headers["Retry-After"] == "10"
    atlas.moment += 4
    assert _list(atlas).headers["Retry-After"] == "6"
    atlas.moment += 6
    assert _list(atlas).status == 200
    assert _list(atlas).status == 429


def test_bucket_never_exceeds_its_size() -> None:
    atlas = Atlas(backup_limit=2, backup_refill=600)
    atlas.moment += 3600
    assert [_list(atlas).status for _unused in range(3)] == [200, 200, 429]


def test_drain_of_other_clients_empties_the_bucket() -> None:
    atlas = Atlas(backup_limit=10, backup_refill=60, backup_drain=120)
    assert _rate_limit(_list(atlas)) == (10, 9)
    atlas.moment += 6
    assert _rate_limit(_list(atlas)) == (10, 2)
    atlas.moment += 6
    assert _list(atlas).headers["Retry-After"] == "60"
    atlas.moment += 3600
    assert _list(atlas).status == 429
    atlas.service.configure({"backup_drain": 0})
    atlas.moment += 1
    assert _list(atlas).status == 200


def test_rate_limited_post_takes_no_snapshot() -> None:
    atlas = Atlas(backup_limit=1, backup_refill=60, history_days=0)
    _list(atlas)
    assert atlas.take().status == 429
    atlas.moment += 2
    assert _list(atlas).json()["results"] == []


def test_each_project_has_its_own_bucket() -> None:
    atlas = Atlas(backup_limit=1)
    assert [_list(atlas).status for _unused in range(2)] == [200, 429]
    other = f"/api/atlas/v2/groups/{OTHER_PROJECT_ID}/clusters/other-replica/backup/snapshots"
    assert atlas.get(other).status == 200


def test_tenant_endpoints_share_the_backup_bucket() -> None:
    atlas = Atlas(backup_limit=1)
    path = f"{atlas.group_v1}/clusters/demo-m2/backup/tenant/snapshots"
    assert [_list(atlas).status, atlas.get(path, version="").status] == [200, 429]


def test_restore_endpoints_share_the_backup_bucket() -> None:
    atlas = Atlas()
    schedule = f"{atlas.group}/clusters/demo-replica/backup/schedule"
    assert _rate_limit(_list(atlas)) == (1200, 1199)
    assert _rate_limit(atlas.get(atlas.jobs())) == (1200, 1198)
    assert _rate_limit(atlas.get(schedule, version=CLUSTERS)) == (1200, 1197)
    assert _rate_limit(atlas.get(f"{atlas.group}/backupCompliancePolicy", version="2023-10-01")) == (1200, 1196)


def test_list_of_projects_has_a_bucket_of_the_recorded_size() -> None:
    assert _rate_limit(Atlas().get("/api/atlas/v2/groups", version=GROUPS)) == (1200, 1199)


def test_challenge_does_not_count_as_a_request() -> None:
    atlas = Atlas(backup_limit=1)
    for _unused in range(3):
        assert atlas.get(atlas.snapshots("demo-replica"), headers={"Authorization": ""}).status == 401
    assert _list(atlas).status == 200


def test_limits_can_change_while_running() -> None:
    atlas = Atlas()
    _list(atlas)
    atlas.service.configure({"backup_limit": 1, "backup_refill": 1.0})
    assert [_list(atlas).status for _unused in range(2)] == [200, 429]


def _list(atlas: Atlas) -> Response:
    return atlas.get(atlas.snapshots("demo-replica"))


def _rate_limit(answer: Response) -> tuple[int, int]:
    return int(answer.headers["RateLimit-Limit"]), int(answer.headers["RateLimit-Remaining"])
