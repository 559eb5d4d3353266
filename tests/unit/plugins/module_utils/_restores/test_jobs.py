# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import RequestRefused
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.messages import Answer
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.jobs import SourceJobs
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.answers import (
    FLEX_IN_CLUSTER_API,
    NO_SUCH_CLUSTER,
    ok,
    page,
    refused,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import FIRST_PAGE
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.bench import Bench, play
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.restores import (
    flex_job,
    flex_jobs_path,
    job,
    jobs_path,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.script import GET, Script, Step
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import minted

T = TypeVar("T")
NON_FLEX = refused(400, "CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API")


def ask(question: Callable[[SourceJobs], Awaitable[T]], *steps: Step, kind: str | None = None) -> tuple[T, str | None]:
    """The answer, and the kind of the source that is known after it."""

    async def work(bench: Bench) -> tuple[T, str | None]:
        jobs = SourceJobs(bench.api, "prod", kind)
        return await question(jobs), jobs.kind

    return play(Script(*steps), work)


def listing(jobs: SourceJobs) -> Awaitable[list[dict[str, Any]]]:
    return jobs.list()


def dedicated(gives: Answer) -> Step:
    return GET(jobs_path(rest=FIRST_PAGE), gives)


def flex(gives: Answer) -> Step:
    return GET(flex_jobs_path(rest=FIRST_PAGE), gives)


@pytest.mark.parametrize(
    ("kind", "steps", "found"),
    [
        (None, [dedicated(page(job()))], "dedicated"),
        (None, [dedicated(FLEX_IN_CLUSTER_API), flex(page(flex_job()))], "flex"),
        # The other endpoints do not know a deleted flex cluster.
        (None, [dedicated(NO_SUCH_CLUSTER), flex(page(flex_job()))], "flex"),
        ("dedicated", [dedicated(page(job()))], "dedicated"),
        ("flex", [flex(page(flex_job()))], "flex"),
        # The cluster has become another kind since.
        ("flex", [flex(NON_FLEX), dedicated(page(job()))], "dedicated"),
        ("dedicated", [dedicated(FLEX_IN_CLUSTER_API), flex(page(flex_job()))], "flex"),
    ],
)
def test_matching_endpoint_answers_and_the_kind_is_known(kind: str | None, steps: list[Step], found: str) -> None:
    records, known = ask(listing, *steps, kind=kind)

    assert known == found
    assert [(each["id"], each["cluster_type"]) for each in records] == [(minted(), found)]


@pytest.mark.parametrize(
    ("kind", "steps", "code"),
    [
        (None, [dedicated(NO_SUCH_CLUSTER), flex(refused(404, "RESOURCE_NOT_FOUND"))], "CLUSTER_NOT_FOUND"),
        (None, [dedicated(FLEX_IN_CLUSTER_API), flex(refused(403, "ACCESS_FORBIDDEN"))], "ACCESS_FORBIDDEN"),
        ("dedicated", [dedicated(NO_SUCH_CLUSTER)], "CLUSTER_NOT_FOUND"),
        (None, [dedicated(refused(401, "USER_UNAUTHORIZED"))], "USER_UNAUTHORIZED"),
        # Neither says that there is no such cluster.
        (None, [dedicated(refused(404, "SNAPSHOT_NOT_FOUND"))], "SNAPSHOT_NOT_FOUND"),
        (None, [dedicated(refused(403, "CLUSTER_NOT_FOUND"))], "CLUSTER_NOT_FOUND"),
    ],
)
def test_more_specific_refusal_is_raised(kind: str | None, steps: list[Step], code: str) -> None:
    with pytest.raises(RequestRefused) as raised:
        ask(listing, *steps, kind=kind)

    assert raised.value.error_code == code


def test_job_without_a_valid_id_is_left_out_of_a_list() -> None:
    records, _kind = ask(listing, dedicated(page(job(), job(id=7), job(id="../.."), job(id=None))))

    assert [each["id"] for each in records] == [minted()]


def test_single_job_is_requested_by_its_id() -> None:
    record, _kind = ask(lambda jobs: jobs.get(minted()), GET(jobs_path(rest=f"/{minted()}"), ok(job())))

    assert record["id"] == minted()
