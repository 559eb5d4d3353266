# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import RequestRefused
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._attempts import Attempt
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.dedicated import (
    DedicatedSnapshots,
    asks_for_other_family,
    is_absent,
    more_telling,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.lookup import (
    ClusterSnapshots,
    find_snapshots,
)
from ansible_collections.mongodb_atlas.backup.tests.simulator.settings import CHOICES
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.answers import (
    FLEX_IN_CLUSTER_API,
    NO_SUCH_CLUSTER,
    NOT_THERE,
    WRONG_FAMILY,
    ok,
    page,
    refused,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import (
    FIRST_PAGE,
    V2,
    automatic,
    cluster,
    flex_path,
    sharded,
    snapshot,
    snapshots_path,
    tenant_path,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.bench import Bench, play
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.script import (
    DELETE,
    GET,
    Script,
    Step,
    lists,
    lists_sharded,
    look,
    look_sharded,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.simulated import SimulatedAtlas
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import minted

every_tenant_code = pytest.mark.parametrize("tenant_code", CHOICES["tenant_code"])
MODES = CHOICES["sharded_on_replica_set_address"]
every_mode = pytest.mark.parametrize("mode", MODES)
every_other_mode = pytest.mark.parametrize("other_mode", CHOICES["replica_set_on_sharded_address"])
ID = minted()


def with_snapshots(other: Any, work: Callable[[DedicatedSnapshots], Awaitable[Any]], **how: Any) -> Any:
    return play(other, lambda bench: work(DedicatedSnapshots(bench.api, "prod")), **how)


def info(other: Any, cluster_type: str = "auto", snapshot_id: str | None = None, **how: Any) -> list[dict[str, Any]]:
    async def work(bench: Bench) -> list[dict[str, Any]]:
        return await find_snapshots(bench.api, Attempt("prod"), cluster_type, snapshot_id)

    return play(other, work, **how)


# Both families, for each answer of the replica set endpoint about a sharded cluster.


@every_mode
@pytest.mark.parametrize("api_version", ["v2", "v1.0"])
def test_sharded_snapshot_is_read_with_its_members_in_every_mode(mode: str, api_version: str) -> None:
    atlas = SimulatedAtlas({"prod": {"topology": "SHARDED"}}, sharded_on_replica_set_address=mode)
    snapshot_id = atlas.has(taken_at=-3600).id

    record = with_snapshots(atlas, lambda found: found.get(snapshot_id), api_version=api_version)

    assert (record["id"], record["type"], record["status"]) == (snapshot_id, "shardedCluster", "completed")
    assert len(record["members"]) == len(record["snapshot_ids"]) == 3


@every_mode
def test_detected_family_is_remembered(mode: str) -> None:
    atlas = SimulatedAtlas({"prod": {"topology": "SHARDED"}}, sharded_on_replica_set_address=mode)
    snapshot_id = atlas.has(taken_at=-3600).id

    async def look_often(found: DedicatedSnapshots) -> None:
        for _each in range(5):
            await found.get(snapshot_id)

    with_snapshots(atlas, look_often)

    assert len(atlas.sent()) == 6


@every_mode
@pytest.mark.parametrize("topology", ["SHARDED", "GEOSHARDED"])
def test_snapshots_of_a_sharded_cluster_are_listed_in_every_mode(mode: str, topology: str) -> None:
    atlas = SimulatedAtlas({"prod": {"topology": topology}}, sharded_on_replica_set_address=mode)
    ids = [atlas.has(taken_at=-3600 * hours).id for hours in (1, 2)]

    assert [record["id"] for record in info(atlas)] == ids
    assert len(atlas.sent()) == 2


@every_other_mode
def test_replica_set_needs_one_request(other_mode: str) -> None:
    atlas = SimulatedAtlas(replica_set_on_sharded_address=other_mode)
    ids = [atlas.has(taken_at=-3600 * hours).id for hours in (1, 2)]

    assert [record["id"] for record in info(atlas)] == ids
    assert len(atlas.sent()) == 1


@every_mode
@every_other_mode
@pytest.mark.parametrize("topology", ["REPLICASET", "SHARDED"])
def test_empty_list_is_believed_after_both_families(mode: str, other_mode: str, topology: str) -> None:
    atlas = SimulatedAtlas(
        {"prod": {"topology": topology}},
        sharded_on_replica_set_address=mode,
        replica_set_on_sharded_address=other_mode,
    )

    assert info(atlas) == []
    assert len(atlas.sent()) == 2


@every_mode
@every_other_mode
@pytest.mark.parametrize("topology", ["REPLICASET", "SHARDED"])
@pytest.mark.parametrize("cluster_type", ["auto", "dedicated"])
def test_unknown_id_gives_nothing_after_both_families(
    mode: str, other_mode: str, topology: str, cluster_type: str
) -> None:
    atlas = SimulatedAtlas(
        {"prod": {"topology": topology}},
        sharded_on_replica_set_address=mode,
        replica_set_on_sharded_address=other_mode,
    )

    assert info(atlas, cluster_type, minted(number=77)) == []
    assert len(atlas.sent("poll")) == 2


@every_mode
@pytest.mark.parametrize("topology", ["REPLICASET", "SHARDED"])
def test_snapshot_is_deleted_once_in_every_mode(mode: str, topology: str) -> None:
    atlas = SimulatedAtlas({"prod": {"topology": topology}}, sharded_on_replica_set_address=mode)
    snapshot_id = atlas.has(taken_at=-3600).id

    async def delete_twice(found: DedicatedSnapshots) -> None:
        await found.delete(snapshot_id)
        await found.delete(snapshot_id)

    with pytest.raises(RequestRefused) as caught:
        with_snapshots(atlas, delete_twice)

    assert is_absent(caught.value)
    assert atlas.cluster().snapshots == []


@every_mode
def test_filtered_snapshots_are_found_newest_first_in_every_mode(mode: str) -> None:
    atlas = SimulatedAtlas({"prod": {"topology": "SHARDED"}}, sharded_on_replica_set_address=mode)
    wanted = [atlas.has(taken_at=-3600 * hours, description="x").id for hours in (1, 2)]
    atlas.has(taken_at=-60, description="y")

    async def find(found: DedicatedSnapshots) -> Any:
        return await found.find(lambda record: record["description"] == "x")

    assert [record["id"] for record in with_snapshots(atlas, find)] == wanted


def test_cluster_that_became_sharded_has_snapshots_in_both_families() -> None:
    script = Script(lists(page(snapshot("completed", number=1))), lists_sharded(page(sharded("queued", number=2))))

    async def find(found: DedicatedSnapshots) -> Any:
        return await found.find(lambda record: record["status"] == "queued")

    assert [record["id"] for record in with_snapshots(script, find)] == [minted(number=2)]


def test_snapshot_listed_by_both_families_is_returned_once_with_its_members() -> None:
    shown_by_both = snapshot("completed", number=2, type="shardedCluster")
    script = Script(
        lists(page(snapshot("completed", number=1), shown_by_both)), lists_sharded(page(sharded("completed", number=2)))
    )

    found = with_snapshots(script, lambda found: found.find())
    assert [record["id"] for record in found] == [minted(number=2), minted(number=1)]
    assert found[0]["members"]


def test_family_that_a_list_shows_is_asked_first_afterwards() -> None:
    script = Script(
        lists(page()),
        lists_sharded(page(sharded("completed"))),
        look_sharded(ID, ok(sharded("completed"))),
        lists_sharded(page(sharded("completed"))),
    )

    async def find_and_look(found: DedicatedSnapshots) -> Any:
        await found.find()
        await found.get(ID)
        return await found.find()

    assert [record["id"] for record in with_snapshots(script, find_and_look)] == [ID]


@pytest.mark.parametrize("refusal", [NOT_THERE, WRONG_FAMILY, NO_SUCH_CLUSTER, refused(404, "GROUP_NOT_FOUND")])
def test_refusal_of_one_family_is_followed_by_the_other(refusal: Any) -> None:
    script = Script(look(ID, refusal), look_sharded(ID, ok(sharded("completed"))))

    assert with_snapshots(script, lambda found: found.get(ID))["type"] == "shardedCluster"


@pytest.mark.parametrize("first", [NOT_THERE, WRONG_FAMILY])
@pytest.mark.parametrize("passing", [refused(503), refused(429)])
def test_temporary_error_of_one_family_does_not_mean_gone(first: Any, passing: Any) -> None:
    script = Script(look(ID, first), look_sharded(ID, passing), look_sharded(ID, ok(sharded("completed"))))

    assert with_snapshots(script, lambda found: found.get(ID))["status"] == "completed"


def test_snapshot_without_readable_members_is_returned_and_not_read_again() -> None:
    whole = ok(snapshot("completed", type="shardedCluster"))
    script = Script(look(ID, whole), look_sharded(ID, NOT_THERE), look(ID, whole))

    async def look_twice(found: DedicatedSnapshots) -> Any:
        await found.get(ID)
        return await found.get(ID)

    record = with_snapshots(script, look_twice)
    assert (record["type"], record["members"]) == ("shardedCluster", None)


def test_sharded_snapshot_is_recognized_by_its_missing_replica_set() -> None:
    called_so = {**snapshot("completed"), "replicaSetName": None}
    script = Script(look(ID, ok(called_so)), look_sharded(ID, ok(sharded("completed"))))

    record = with_snapshots(script, lambda found: found.get(ID))
    assert record["type"] == "shardedCluster"
    assert record["members"]


@pytest.mark.parametrize(
    ("method", "final"),
    [
        *((method, refused(403, "ACCESS_FORBIDDEN")) for method in ("get", "delete", "list")),
        *((method, refused(404, "GROUP_NOT_FOUND")) for method in ("delete", "list")),
    ],
)
def test_other_refusal_is_final(method: str, final: Any) -> None:
    step: Step = {
        "get": look(ID, final),
        "delete": DELETE(snapshots_path(rest=f"/{ID}"), final),
        "list": lists(final),
    }[method]

    async def ask(found: DedicatedSnapshots) -> Any:
        return await (found.find() if method == "list" else getattr(found, method)(ID))

    with pytest.raises(RequestRefused):
        with_snapshots(Script(step), ask)


def refusal(status: int, code: str | None = None) -> RequestRefused:
    return RequestRefused(status, error_code=code)


@pytest.mark.parametrize(
    ("status", "code", "absent", "other_family"),
    [
        (404, "SNAPSHOT_NOT_FOUND", True, True),
        (404, "INVALID_SNAPSHOT_ID", True, True),
        (404, "RESOURCE_NOT_FOUND", False, True),
        (404, "CLUSTER_NOT_FOUND", False, True),
        (404, None, False, True),
        (400, "INCORRECT_BACKUP_API_ENDPOINT", False, True),
        (404, "GROUP_NOT_FOUND", False, False),
        (404, "BACKUP_CONFIG_NOT_FOUND", False, False),
        (400, "SNAPSHOT_NOT_FOUND", False, False),
        (400, "VALIDATION_ERROR", False, False),
        (403, "ACCESS_FORBIDDEN", False, False),
        (410, "VERSION_GONE", False, False),
    ],
)
def test_refusal_may_mean_absent_or_suggest_the_other_family(
    status: int, code: str | None, absent: bool, other_family: bool
) -> None:
    assert is_absent(refusal(status, code)) is absent
    assert asks_for_other_family(refusal(status, code)) is other_family


ABSENT, WRONG, CLUSTER = "SNAPSHOT_NOT_FOUND", "INCORRECT_BACKUP_API_ENDPOINT", "CLUSTER_NOT_FOUND"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((404, ABSENT), (400, WRONG), ABSENT),
        ((400, WRONG), (404, ABSENT), ABSENT),
        ((404, CLUSTER), (404, ABSENT), ABSENT),
        ((404, CLUSTER), (400, WRONG), CLUSTER),
        ((400, WRONG), (404, CLUSTER), CLUSTER),
        ((400, WRONG), (400, WRONG), WRONG),
    ],
)
def test_more_specific_of_two_refusals_is_raised(one: tuple[int, str], other: tuple[int, str], expected: str) -> None:
    assert more_telling(refusal(*one), refusal(*other)).error_code == expected


@pytest.mark.parametrize(("size", "kind", "requests"), [("FLEX", "flex", 2), ("M2", "tenant", 3), ("M5", "tenant", 3)])
@every_tenant_code
def test_cluster_type_auto_finds_the_automatic_snapshots(size: str, kind: str, requests: int, tenant_code: str) -> None:
    atlas = SimulatedAtlas({"prod": {"instance_size": size}}, tenant_code=tenant_code)

    found = info(atlas)

    assert {record["cluster_type"] for record in found} == {kind}
    assert len(atlas.sent()) == requests
    assert info(atlas, "auto", found[0]["id"]) == [found[0]]
    assert info(atlas, "auto", found[0]["id"].upper()) == [found[0]]
    assert info(atlas, "auto", minted(number=77)) == []


@pytest.mark.parametrize(("size", "kind"), [("FLEX", "flex"), ("M2", "tenant"), ("M10", "dedicated")])
def test_given_cluster_type_needs_one_request(size: str, kind: str) -> None:
    atlas = SimulatedAtlas({"prod": {"instance_size": size}})
    if kind == "dedicated":
        atlas.has(taken_at=-3600)

    assert {record["cluster_type"] for record in info(atlas, kind)} == {kind}
    assert len(atlas.sent()) == 1


@pytest.mark.parametrize("tenant_list", ["code", "empty"])
@pytest.mark.parametrize("cluster_type", ["auto", "tenant"])
@pytest.mark.parametrize("snapshot_id", [None, "a" * 24])
@every_tenant_code
def test_m0_has_no_snapshots(tenant_list: str, cluster_type: str, snapshot_id: str | None, tenant_code: str) -> None:
    atlas = SimulatedAtlas({"prod": {"instance_size": "M0"}}, tenant_list=tenant_list, tenant_code=tenant_code)

    assert info(atlas, cluster_type, snapshot_id) == []


@pytest.mark.parametrize(
    ("cluster_type", "size"), [("tenant", "M10"), ("flex", "M10"), ("dedicated", "FLEX"), ("dedicated", "M2")]
)
def test_wrong_cluster_type_fails_the_task(cluster_type: str, size: str) -> None:
    with pytest.raises(RequestRefused):
        info(SimulatedAtlas({"prod": {"instance_size": size}}), cluster_type)


@pytest.mark.parametrize("part", ["tenant", "flex"])
@pytest.mark.parametrize("snapshot_id", [None, ID])
@every_tenant_code
def test_retired_endpoint_fails_the_task_instead_of_returning_an_empty_list(
    part: str, snapshot_id: str | None, tenant_code: str
) -> None:
    size = {"tenant": "M2", "flex": "FLEX"}[part]
    atlas = SimulatedAtlas({"prod": {"instance_size": size}}, retired=[part], tenant_code=tenant_code)

    with pytest.raises(RequestRefused) as caught:
        info(atlas, "auto", snapshot_id)

    assert (caught.value.status_code, caught.value.error_code) == (410, "VERSION_GONE")


@pytest.mark.parametrize("code", ["BACKUP_JOB_NOT_FOUND", "BACKUP_CONFIG_NOT_FOUND"])
def test_disabled_backups_are_reported_with_the_code_of_atlas(code: str) -> None:
    status = 400 if code == "BACKUP_JOB_NOT_FOUND" else 404
    script = Script(lists(refused(status, code)), GET(f"{V2}/clusters/prod", ok(cluster())))
    with pytest.raises(RequestRefused) as caught:
        info(script)
    assert caught.value.error_code == code


@pytest.mark.parametrize("snapshot_id", [None, ID])
def test_unknown_cluster_fails_the_task(snapshot_id: str | None) -> None:
    with pytest.raises(RequestRefused, match="CLUSTER_NOT_FOUND"):
        info(SimulatedAtlas({"other": {}}), "auto", snapshot_id)


@pytest.mark.parametrize("topology", ["REPLICASET", "SHARDED"])
def test_snapshots_of_a_deleted_cluster_can_be_read(topology: str) -> None:
    atlas = SimulatedAtlas({"prod": {"deleted": True, "topology": topology}})
    snapshot_id = atlas.has(taken_at=-3600).id

    assert [record["id"] for record in info(atlas)] == [snapshot_id]
    assert [record["id"] for record in info(atlas, "auto", snapshot_id)] == [snapshot_id]


@pytest.mark.parametrize("topology", ["REPLICASET", "SHARDED"])
def test_unknown_id_of_a_deleted_cluster_gives_nothing(topology: str) -> None:
    atlas = SimulatedAtlas({"prod": {"deleted": True, "topology": topology}})
    atlas.has(taken_at=-3600)

    assert info(atlas, "auto", minted(number=77)) == []


def test_cluster_that_only_its_own_endpoint_calls_flex_is_read_as_flex() -> None:
    """No recording shows which code the endpoints of dedicated clusters send for a flex cluster."""
    script = Script(
        lists(refused(403, "FEATURE_UNSUPPORTED")),
        GET(f"{V2}/clusters/prod", FLEX_IN_CLUSTER_API),
        GET(flex_path(rest=FIRST_PAGE), page(automatic())),
    )

    assert [record["cluster_type"] for record in info(script)] == ["flex"]


def test_flex_snapshot_that_the_endpoints_of_dedicated_clusters_do_not_know_is_found() -> None:
    script = Script(
        look(ID, NOT_THERE),
        look_sharded(ID, NOT_THERE),
        GET(f"{V2}/clusters/prod", FLEX_IN_CLUSTER_API),
        GET(flex_path(rest=f"/{ID}"), ok(automatic())),
    )

    assert [record["id"] for record in info(script, "auto", ID)] == [ID]


def test_cluster_is_read_once_if_both_kinds_of_endpoints_refuse() -> None:
    script = Script(
        lists(refused(403, "FEATURE_UNSUPPORTED")),
        GET(f"{V2}/clusters/prod", ok(cluster("M5", "TENANT"))),
        GET(tenant_path(rest=FIRST_PAGE), refused(403, "FEATURE_UNSUPPORTED")),
    )
    with pytest.raises(RequestRefused, match="FEATURE_UNSUPPORTED"):
        info(script)


@pytest.mark.parametrize(
    ("size", "cluster_type", "requests"),
    [("FLEX", "auto", 2), ("M2", "auto", 3), ("FLEX", "flex", 1), ("M2", "tenant", 1)],
)
@every_tenant_code
def test_unknown_id_of_a_tenant_or_flex_cluster_needs_as_few_requests_as_a_known_one(
    size: str, cluster_type: str, requests: int, tenant_code: str
) -> None:
    atlas = SimulatedAtlas({"prod": {"instance_size": size}}, tenant_code=tenant_code)

    assert info(atlas, cluster_type, minted(number=77)) == []
    assert len(atlas.sent()) == requests


@pytest.mark.parametrize(("size", "kind"), [("FLEX", "flex"), ("M2", "tenant")])
@every_tenant_code
def test_kind_of_a_cluster_is_found_out_once(size: str, kind: str, tenant_code: str) -> None:
    atlas = SimulatedAtlas({"prod": {"instance_size": size}}, tenant_code=tenant_code)
    newest = info(atlas)[0]["id"]

    async def look_twice(bench: Bench) -> int:
        snapshots = ClusterSnapshots(bench.api, "prod")
        await snapshots.get(newest)
        before = len(atlas.sent())
        assert (await snapshots.get(newest))["cluster_type"] == kind
        return len(atlas.sent()) - before

    assert play(atlas, look_twice) == 1


@pytest.mark.parametrize("cluster_type", ["flex", "tenant"])
def test_refusal_of_a_cluster_of_a_given_kind_is_the_only_request(cluster_type: str) -> None:
    path = flex_path(rest=FIRST_PAGE) if cluster_type == "flex" else tenant_path(rest=FIRST_PAGE)
    with pytest.raises(RequestRefused, match="ACCESS_FORBIDDEN"):
        info(Script(GET(path, refused(403, "ACCESS_FORBIDDEN"))), cluster_type)


@every_tenant_code
def test_snapshot_of_an_m0_is_refused_with_what_atlas_answered(tenant_code: str) -> None:
    atlas = SimulatedAtlas({"prod": {"instance_size": "M0"}}, tenant_code=tenant_code)

    with pytest.raises(RequestRefused) as caught:
        play(atlas, lambda bench: ClusterSnapshots(bench.api, "prod").get(ID))

    assert caught.value.error_code == tenant_code


@pytest.mark.parametrize(
    ("cluster_type", "path", "item"),
    [("dedicated", snapshots_path(), snapshot), ("flex", flex_path(), automatic), ("tenant", tenant_path(), automatic)],
)
def test_every_page_is_read(cluster_type: str, path: str, item: Any) -> None:
    items = [item("completed", number=number) for number in range(502)]
    second = f"{path}?pageNum=2&itemsPerPage=500"
    script = Script(
        GET(path + FIRST_PAGE, page(*items[:500], totalCount=502)), GET(second, page(*items[500:], totalCount=502))
    )

    assert sorted(record["id"] for record in info(script, cluster_type)) == sorted(each["id"] for each in items)


def test_items_without_an_id_are_not_merged() -> None:
    script = Script(lists(page(snapshot("completed", id=None), snapshot("completed", id={}), snapshot("completed"))))

    assert len(info(script, "dedicated")) == 3


@pytest.mark.parametrize("odd", [ok({}), ok({"results": None}), ok({"results": {}})])
def test_list_without_results_is_retried_and_not_empty(odd: Any) -> None:
    assert len(info(Script(lists(odd), lists(page(snapshot("completed")))))) == 1


def test_items_other_than_snapshots_are_ignored() -> None:
    odd = ok({"results": [None, "x", snapshot("completed")], "totalCount": 3, "links": []})

    assert len(info(Script(lists(odd)))) == 1


# The kind of the cluster, for failures.


@pytest.mark.parametrize("code", ["BACKUP_JOB_NOT_FOUND", "BACKUP_CONFIG_NOT_FOUND"])
def test_disabled_backups_keep_their_code_and_the_kind_is_known(code: str) -> None:
    settings = {"backups_off_list": "code", "backups_off_code": code}
    attempt, error = failed_attempt(SimulatedAtlas({"prod": {"backup_enabled": False}}, **settings))

    assert (error.error_code, attempt.cluster_type) == (code, "dedicated")


@pytest.mark.parametrize(("size", "kind"), [("M2", "tenant"), ("FLEX", "flex")])
@every_tenant_code
def test_kind_of_a_cluster_without_readable_snapshots_is_known(size: str, kind: str, tenant_code: str) -> None:
    atlas = SimulatedAtlas({"prod": {"instance_size": size}}, retired=[kind], tenant_code=tenant_code)
    attempt, error = failed_attempt(atlas)

    assert (error.error_code, attempt.cluster_type) == ("VERSION_GONE", kind)


def test_kind_of_a_missing_cluster_is_unknown() -> None:
    attempt, error = failed_attempt(SimulatedAtlas({"other": {}}))

    assert (error.error_code, attempt.cluster_type) == ("CLUSTER_NOT_FOUND", None)


@pytest.mark.parametrize(("listed", "kind"), [([], None), ([snapshot("completed")], "dedicated")])
def test_only_a_list_with_snapshots_shows_that_a_cluster_is_dedicated(listed: list[Any], kind: str | None) -> None:
    """An endpoint of dedicated clusters may answer with an empty list for a tenant cluster."""
    attempt = Attempt("prod")
    script = Script(lists(page(*listed)), *(() if listed else (lists_sharded(page()),)))
    play(script, lambda bench: find_snapshots(bench.api, attempt, "auto"))

    assert attempt.cluster_type == kind


def test_error_names_the_requested_snapshot() -> None:
    attempt, error = failed_attempt(SimulatedAtlas({"other": {}}), snapshot_id=ID)

    assert f"Snapshot {ID}: Atlas answered 404" in str(attempt.failure(error).error)


def failed_attempt(other: Any, snapshot_id: str | None = None) -> tuple[Attempt, RequestRefused]:
    """The attempt and the error after a failed search for snapshots."""
    attempt = Attempt("prod")

    async def work(bench: Bench) -> RequestRefused:
        with pytest.raises(RequestRefused) as caught:
            await find_snapshots(bench.api, attempt, "auto", snapshot_id)
        return caught.value

    return attempt, play(other, work)
