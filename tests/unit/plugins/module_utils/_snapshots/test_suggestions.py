# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import (
    AtlasError,
    NoAnswer,
    RequestRefused,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.suggestions import (
    LOOK_UP_TIMEOUT,
    MOST_CLUSTERS,
    MOST_COMPARISONS,
    ClusterNames,
    find_project,
    misspelt,
    nearest,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.answers import ok, page, refused
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import FIRST_PAGE, PROJECT, V2, cluster
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.bench import Bench, play
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.loop import elapsed
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.script import FOR_EVER, GET, Script, Step

GROUPS = "/api/atlas/v2/groups"


def refusal(status: int = 404, code: str = "CLUSTER_NOT_FOUND") -> AtlasError:
    return RequestRefused(status, error_code=code)


def lists_clusters(*names: str) -> tuple[Step, Step]:
    """Both lists of clusters; the last one is a flex cluster."""
    *dedicated, flex = names
    return (
        GET(f"{V2}/clusters{FIRST_PAGE}", page(*(cluster(name=name, id=name) for name in dedicated))),
        GET(f"{V2}/flexClusters{FIRST_PAGE}", page({"name": flex, "id": flex})),
    )


def hints(script: Script, *names: str, status: int = 404, code: str = "CLUSTER_NOT_FOUND") -> list[str]:
    """The next step for each of these clusters."""

    async def work(bench: Bench) -> list[str]:
        known = ClusterNames(bench.client, PROJECT, bench.deadline)
        advised = await asyncio.gather(*(known.advised(name, refusal(status, code)) for name in names))
        return [each.hint for each in advised]

    return play(script, work)


@pytest.mark.parametrize(
    ("name", "best"),
    [("prod-e", "prod-eu"), ("PROD-EU", "prod-eu"), ("prod-eu-1", "prod-eu"), ("stagging", "staging")],
)
def test_nearest_name_comes_first_and_there_are_three(name: str, best: str) -> None:
    found = nearest(name, ["billing", "staging", "prod-us", "prod-eu"])

    assert found[0] == best
    assert len(found) == 3


def test_clusters_are_listed_once_for_all_names() -> None:
    first, second = hints(Script(*lists_clusters("prod-eu", "staging", "trial")), "prod-ue", "trail")

    assert first.endswith("in this project. The nearest names in this project: prod-eu, trial, staging.")
    assert "project: trial," in second


def test_project_without_clusters_has_no_suggestions() -> None:
    script = Script(GET(f"{V2}/clusters{FIRST_PAGE}", page()), GET(f"{V2}/flexClusters{FIRST_PAGE}", page()))

    assert "nearest" not in hints(script, "prod")[0]


def test_existing_cluster_is_not_misspelled() -> None:
    assert "nearest" not in hints(Script(*lists_clusters("prod", "trial")), "prod")[0]


@pytest.mark.parametrize(
    ("status", "code"), [(404, "GROUP_NOT_FOUND"), (404, "SNAPSHOT_NOT_FOUND"), (403, "CLUSTER_NOT_FOUND")]
)
def test_other_refusals_list_no_clusters(status: int, code: str) -> None:
    assert "nearest" not in hints(Script(), "prod", status=status, code=code)[0]


@pytest.mark.parametrize("gives", [refused(403), refused(503), refused(429, retry_after="1"), NoAnswer("reset")])
def test_failed_list_is_not_repeated(gives: Any) -> None:
    assert hints(Script(GET(f"{V2}/clusters{FIRST_PAGE}", gives)), "prod", "trial")[0].endswith("in this project.")


def test_unanswered_list_is_given_up_after_the_timeout_for_suggestions() -> None:
    async def work(bench: Bench) -> float:
        await ClusterNames(bench.client, PROJECT, bench.deadline).advised("prod", refusal())
        return elapsed()

    assert play(Script(GET(f"{V2}/clusters{FIRST_PAGE}", page(), takes=FOR_EVER)), work) == LOOK_UP_TIMEOUT


def test_many_misspelled_names_are_not_all_compared() -> None:
    found = hints(Script(*lists_clusters("prod-eu", "trial")), *(f"prod-{number}" for number in range(100)))

    assert sum("nearest" in hint for hint in found) == MOST_CLUSTERS


def test_unknown_names_have_suggestions_while_they_are_few() -> None:
    found = misspelt(["trial", "prod-ue", *(f"prod-{number}" for number in range(100))], ["prod-eu", "trial"])

    assert next(iter(found.items())) == ("prod-ue", ["prod-eu", "trial"])
    assert len(found) == 101
    assert sum(bool(nearest_ones) for nearest_ones in found.values()) == MOST_CLUSTERS


def test_misspelled_names_in_a_large_project_are_not_all_compared() -> None:
    known = [f"fleet-{number}" for number in range(1000)]

    found = misspelt([f"flete-{number}" for number in range(30)], known)

    assert sum(bool(nearest_ones) for nearest_ones in found.values()) == MOST_COMPARISONS / len(known)


def look_for_project(*steps: Step) -> AtlasError:
    async def work(bench: Bench) -> AtlasError:
        with pytest.raises(AtlasError) as caught:
            await find_project(bench.client, "Shop", bench.budget)
        return caught.value

    return play(Script(*steps), work)


def not_found(status: int, code: str) -> Step:
    return GET(f"{GROUPS}/byName/Shop", refused(status, code))


def projects(**names: str) -> Step:
    return GET(f"{GROUPS}{FIRST_PAGE}", ok({"results": [{"id": each, "name": name} for each, name in names.items()]}))


def test_unknown_project_is_reported_with_the_nearest_names() -> None:
    error = look_for_project(not_found(404, "GROUP_NAME_NOT_FOUND"), projects(a="Billing", b="Sholp", c="Sholp"))

    assert error.hint.endswith("or use project_id. The nearest project names: Sholp, Billing.")


def test_ambiguous_name_is_reported_with_the_ids() -> None:
    error = look_for_project(not_found(409, "MULTIPLE_GROUPS"), projects(a="Shop", b="Ship", c="Shop"))

    assert error.hint.endswith("several projects have this name. Its projects: a, c.")


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 406, 409, 410, 418])
def test_project_in_a_failed_lookup_is_named_for_any_reason(status: int) -> None:
    advice = [projects(a="Billing")] if status in (404, 409) else []

    assert look_for_project(not_found(status, "CODE"), *advice).message.startswith("Project Shop: ")


@pytest.mark.parametrize("gives", [refused(403), NoAnswer("reset"), page()])
def test_failed_list_of_projects_keeps_the_error_of_atlas(gives: Any) -> None:
    error = look_for_project(not_found(404, "GROUP_NAME_NOT_FOUND"), GET(f"{GROUPS}{FIRST_PAGE}", gives))

    assert error.hint == "Check the spelling of project_name, or use project_id."
