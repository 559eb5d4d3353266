# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.clusters import cluster_record
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.plan import (
    Plan,
    Seen,
    judge_plan,
    select_clusters,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.plan_options import PlanOptions
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.records import (
    Filter,
    Record,
    snapshot_record,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support import atlas
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import PROJECT
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.fuzz import documents, json_values, quick
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import iso, moment

DAY, HOUR = 86400, 3600
# Atlas's clock at the time of the plan, and the default lifetime that automatic snapshots need from then on.
NOW = 10 * DAY
SAFE = DAY + HOUR


def cluster(name: str, size: str = "M10", **more: Any) -> Record:
    tenant = {"M0": "TENANT", "M2": "TENANT", "M5": "TENANT", "FLEX": "FLEX"}
    return cluster_record(atlas.cluster(size, tenant.get(size, "AWS"), name=name, **more), PROJECT)


def automatic(name: str, kind: str = "flex", *, age: float = HOUR, lasts: float = SAFE, **more: Any) -> Record:
    """A completed automatic snapshot with this age and remaining lifetime in seconds."""
    sent = atlas.automatic("COMPLETED", NOW - age, startTime=iso(NOW - age), expiration=iso(NOW + lasts))
    return {**snapshot_record(sent, PROJECT, name, kind), **more}


PROD, OTHER = cluster("prod"), cluster("other", tags=[{"key": "team", "value": "shop"}])
PAUSED, OFF = cluster("asleep", paused=True), cluster("off", backupEnabled=False)
FREE, M5, FLEX = cluster("free", "M0"), cluster("small", "M5"), cluster("bend", "FLEX")


def asked(names: list[str] | None = None, **more: Any) -> PlanOptions:
    defaults: dict[str, Any] = {
        "tags": {},
        "retention_in_days": 7,
        "max_age": None,
        "outlives": DAY,
        "wait_timeout": HOUR,
        "tenant_policy": "require_recent",
        "tenant_max_age": DAY + HOUR,
    }
    return PlanOptions(cluster_names=names, **{**defaults, **more})


def judge(clusters: Sequence[Record], options: PlanOptions, *snapshots: Record, **more: Any) -> Plan:
    """The plan for these clusters. snapshots: newest first for each cluster."""
    held: dict[str, list[Record]] = {}
    for record in snapshots:
        held.setdefault(record["cluster_name"], []).append(record)
    return judge_plan(options, Seen(**{"clusters": clusters, "automatic": held, "now": moment(NOW), **more}))


def messages(plan: Plan) -> list[str]:
    return [problem.msg for problem in plan.problems]


# Clusters that are taken, relied on and left out.


def test_named_clusters_are_taken_and_relied_on_in_the_given_order() -> None:
    bend, small = automatic("bend"), automatic("small", "tenant")
    plan = judge([FLEX, OTHER, PROD, M5], asked(["prod", "small", "other", "bend"]), bend, small)

    assert (plan.take, plan.problems, plan.left_out) == (["prod", "other"], [], [])
    assert plan.rely_on == [{**small, "reused": True}, {**bend, "reused": True}]
    assert [each["name"] for each in plan.clusters] == ["prod", "small", "other", "bend"]


def test_search_takes_the_clusters_with_the_tags() -> None:
    assert judge([OTHER, PROD], asked(tags={"team": "shop"})).take == ["other"]
    assert judge([OTHER, PROD], asked()).take == ["other", "prod"]


def test_search_leaves_out_paused_and_free_clusters_with_the_reason() -> None:
    plan = judge([FREE, PAUSED, PROD], asked())

    assert (plan.take, plan.problems) == (["prod"], [])
    assert [str(each) for each in plan.left_out] == [
        "free is left out: an M0 cluster has no backups.",
        "asleep is left out: it is paused.",
    ]


@pytest.mark.parametrize("names", [None, ["free", "small", "bend", "prod"]])
def test_skip_leaves_out_clusters_with_automatic_snapshots(names: list[str] | None) -> None:
    plan = judge([FREE, M5, FLEX, PROD], asked(names, tenant_policy="skip"))

    assert (plan.take, plan.rely_on, plan.problems) == (["prod"], [], [])
    assert [str(each) for each in plan.left_out] == [
        "free is left out: an M0 cluster has no backups.",
        "small is left out: it is a tenant cluster, and tenant_policy is skip.",
        "bend is left out: it is a flex cluster, and tenant_policy is skip.",
    ]


def test_cluster_without_backup_status_is_taken() -> None:
    assert judge([cluster("prod", backupEnabled=None, paused=None)], asked(["prod"])).take == ["prod"]


def test_only_skipped_clusters_is_a_valid_plan() -> None:
    assert judge([FLEX, PAUSED], asked(tenant_policy="skip")).problems == []


def test_automatic_snapshots_are_requested_only_of_clusters_that_have_them() -> None:
    off = cluster("bend-off", "FLEX", backupEnabled=False)
    selection = select_clusters(asked(), [FREE, M5, FLEX, PROD, off])

    assert [each["name"] for each in selection.automatic] == ["small", "bend"]
    assert select_clusters(asked(tenant_policy="fail"), [M5, FLEX]).automatic == []


@pytest.mark.parametrize(
    ("clusters", "options", "said"),
    [
        ([PROD], asked(wait_timeout=0.5), []),
        # Each row breaks one rule.
        (
            [PROD],
            asked(["prod"], tags={"a": "b"}),
            ["cluster_name and tags cannot be used together. Give one of them."],
        ),
        ([PROD], asked([]), ["cluster_name is an empty list. Name a cluster, or leave it out for all of the project."]),
        ([PROD], asked(max_age=-1), ["max_age is -1, but must be at least 0. Give a number of seconds."]),
        ([PROD], asked(outlives=-0.5), ["outlives is -0.5, but must be at least 0. Give a number of seconds."]),
        ([PROD], asked(wait_timeout=0), ["wait_timeout is 0, but must be above 0. Give a number of seconds."]),
        (
            [PROD],
            asked(tenant_max_age=-1),
            ["tenant_max_age is -1, but must be at least 0. Give a number of seconds."],
        ),
        ([PROD], asked(max_age=math.nan), ["max_age is nan, but must be a number. Give a number of seconds."]),
        (
            [PROD],
            asked(wait_timeout=math.inf),
            ["wait_timeout is inf, but must be a number. Give a number of seconds."],
        ),
        ([PROD], asked(max_age=1e13), ["max_age is 10000000000000, but must be at most 1000000000000. "]),
        ([PROD], asked(retention_in_days=400_000), ["retention_in_days is 400000, but must be at most 365000. "]),
        (
            [PROD],
            asked(retention_in_days=0, outlives=-1),
            ["outlives is -1, but", "retention_in_days is 0, but must be at least 1. Give a number of days."],
        ),
        (
            [PROD],
            asked(retention_in_days=30, outlives=30 * DAY),
            ["retention_in_days is 30, too short for outlives (2592000 seconds). Raise the first or lower the second."],
        ),
        ([PROD], asked(manifest_problem="manifest_path is /, and so on."), ["manifest_path is /, and so on."]),
        (
            [PROD],
            asked(["prdo", "prod", ""]),
            [
                "prdo: the project has no cluster with this name. The nearest are prod. "
                "Check cluster_name, and the project.",
                "'': the project has no cluster with this name.",
            ],
        ),
        (
            [],
            asked(["prod"]),
            ["prod: the project has no cluster with this name. Check cluster_name, and the project."],
        ),
        ([], asked(), ["No cluster matches. Check the project."]),
        ([PROD], asked(tags={"a": "b"}), ["No cluster matches. Check the project, and tags."]),
        (
            [FREE, PAUSED],
            asked(),
            [
                "No cluster is left to back up. Name the ones that you need in cluster_name.",
                "free is left out: an M0 cluster has no backups.",
                "asleep is left out: it is paused.",
            ],
        ),
        ([PAUSED], asked(tenant_policy="skip"), ["No cluster is left to back up.", "asleep is left out"]),
        (
            [PAUSED],
            asked(["asleep"]),
            ["asleep: it is paused, and Atlas cannot take a snapshot of a paused cluster. Resume it, or leave it out."],
        ),
        ([OFF], asked(), ["off: its backups are switched off. Switch them on in Atlas, or leave it out."]),
        ([OFF], asked(["off"]), ["off: its backups are switched off. "]),
        (
            [FREE],
            asked(["free"]),
            ["free: it is an M0 cluster, and has no backups at all. Leave it out, or set tenant_policy to skip."],
        ),
        ([FREE], asked(["free"], tenant_policy="fail"), ["free: it is an M0 cluster, and has no backups at all. "]),
        (
            [M5],
            asked(tenant_policy="fail"),
            [
                "small: it is a tenant cluster, whose snapshots only Atlas itself takes, and tenant_policy is fail. "
                "Leave it out, or set that to require_recent."
            ],
        ),
        ([FLEX], asked(["bend"], tenant_policy="fail"), ["bend: it is a flex cluster, whose snapshots only Atlas"]),
        (
            [cluster("../../other")],
            asked(),
            ["Atlas lists a cluster with the invalid name '../../other'. Run this again."],
        ),
        (
            [M5],
            asked(),
            [
                "small: it has no completed automatic snapshot. "
                "Wait until Atlas has taken one, or set tenant_policy to skip."
            ],
        ),
    ],
)
def test_each_problem_has_a_next_step(clusters: list[Record], options: PlanOptions, said: list[str]) -> None:
    found = messages(judge(clusters, options))

    assert len(found) == len(said)
    assert all(message.startswith(start) for message, start in zip(found, said, strict=True))


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (
            automatic("bend", age=DAY + HOUR + 1),
            f"is from {iso(NOW - DAY - HOUR - 1)}, longer ago than tenant_max_age (90000 seconds): <id>. "
            "Wait for the next one, or raise tenant_max_age.",
        ),
        (
            automatic("bend", lasts=SAFE - 1),
            f"is not assured (<id>): it expires at {iso(NOW + SAFE - 1)}, but must exist until {iso(NOW + SAFE)}. "
            "Lower outlives (86400 seconds) or wait_timeout (3600 seconds), or leave the cluster out.",
        ),
        (
            automatic("bend", lasts=-60),
            f"is not assured (<id>): it expired at {iso(NOW - 60)}. ",
        ),
        (
            automatic("bend", expires_at=None),
            "is not assured (<id>): Atlas does not say when it expires. Wait for the next one, ",
        ),
        (
            automatic("bend", expires_at="never"),
            "is not assured (<id>): its expiry is 'never', which is not a time. Wait",
        ),
        (
            automatic("bend", created_at="yesterday"),
            "has no readable creation time (<id>). Wait for the next one, or set tenant_policy to skip.",
        ),
        (automatic("bend", created_at=None), "has no readable creation time (<id>)."),
    ],
)
def test_automatic_snapshot_must_be_recent_and_assured(record: Record, said: str) -> None:
    plan = judge([FLEX, PROD], asked(), record)

    assert [problem.cluster_name for problem in plan.problems] == ["bend"]
    start = f"bend: its newest completed automatic snapshot {said}".replace("<id>", record["id"])
    assert plan.problems[0].msg.startswith(start)


def test_automatic_snapshot_at_both_limits_is_accepted() -> None:
    assert judge([FLEX], asked(), automatic("bend", age=DAY + HOUR, lasts=SAFE)).problems == []


def test_older_automatic_snapshot_is_used_if_the_newest_is_not_assured() -> None:
    good = automatic("bend", age=2 * HOUR)

    assert judge([FLEX], asked(), automatic("bend", expires_at=None), good).rely_on == [{**good, "reused": True}]


def test_refused_list_is_a_problem_of_its_cluster() -> None:
    plan = judge([FLEX, M5], asked(), automatic("small"), refusals={"bend": "Cluster bend: Atlas answered 403."})

    assert [(problem.cluster_name, problem.msg) for problem in plan.problems] == [
        ("bend", "Cluster bend: Atlas answered 403.")
    ]


def test_ages_are_unknown_without_a_clock() -> None:
    assert judge([PROD], asked(), now=None).problems == []
    (message,) = messages(judge([FLEX, PROD], asked(), automatic("bend"), now=None))
    assert message.startswith("bend: the age of its automatic snapshots is unknown: no answer")
    assert "Check the proxy" in message


@pytest.mark.parametrize(("least", "problems"), [(None, 0), (6, 0), (7, 0), (8, 1)])
def test_compliance_policy_limits_the_retention(least: int | None, problems: int) -> None:
    plan = judge([PROD], asked(), least_retention=least)

    assert [message.startswith("retention_in_days is 7, but the project's backup") for message in messages(plan)] == [
        True
    ] * problems
    assert judge([FLEX], asked(), automatic("bend"), least_retention=least).problems == []
    assert judge([PROD], asked(retention_in_days=None), least_retention=least).problems == []


def test_retention_is_not_compared_with_outlives_if_nothing_is_taken() -> None:
    assert judge([FLEX], asked(retention_in_days=1, outlives=DAY), automatic("bend")).problems == []


def test_every_problem_of_every_cluster_is_reported_at_once() -> None:
    plan = judge(
        [FREE, OFF, PAUSED, PROD, FLEX],
        asked(["free", "off", "asleep", "prod", "bend", "nosuch"], tags={"a": "b"}, retention_in_days=1),
        least_retention=3,
    )

    assert [problem.cluster_name for problem in plan.problems] == [
        *[None] * 3,
        "nosuch",
        "free",
        "off",
        "asleep",
        "bend",
    ]


def test_messages_use_the_option_names_of_the_caller() -> None:
    options = [
        "cluster_name",
        "tags",
        "retention_in_days",
        "max_age",
        "outlives",
        "wait_timeout",
        "tenant_policy",
        "tenant_max_age",
    ]
    names = {option: f"<{option}>" for option in options}
    broken = asked(
        ["free", "nosuch", "bend", "small", "prod"],
        tags={"a": "b"},
        retention_in_days=1,
        max_age=-1,
        option_names=names,
    )
    late = automatic("small", age=9 * DAY)
    clusters = [FREE, FLEX, M5, PROD]
    texts = " ".join(
        [
            *messages(judge(clusters, broken, automatic("bend", lasts=0), late, least_retention=9)),
            *messages(judge([PROD], asked(tags={"a": "b"}, option_names=names))),
        ]
    )

    assert all(f"<{option}>" in texts for option in options)
    for option in options:
        texts = texts.replace(f"<{option}>", "")
    assert not [option for option in options if option in texts]


CLUSTER_KEYS = ("name", "paused", "backupEnabled", "clusterType", "tags", "replicationSpecs", "stateName")


@given(
    clusters=st.lists(documents(*CLUSTER_KEYS), max_size=4),
    # The id in a record is a valid one or null.
    automatic_values=st.fixed_dictionaries(
        {}, optional={"id": st.none(), "status": json_values, "created_at": json_values, "expires_at": json_values}
    ),
    names=st.none() | st.lists(st.sampled_from(["prod", "bend", "nosuch", ""]), max_size=3),
    policy=st.sampled_from(["require_recent", "skip", "fail"]),
)
@quick
def test_any_answer_gives_a_plan_that_accounts_for_every_cluster(
    clusters: list[dict[str, Any]], automatic_values: dict[str, Any], names: list[str] | None, policy: str
) -> None:
    records = [*(cluster_record(sent, PROJECT) for sent in clusters), PROD, FLEX]
    plan = judge(records, asked(names, tenant_policy=policy), automatic("bend", **automatic_values))

    accounted = {*plan.take, *(each["cluster_name"] for each in plan.rely_on)}
    accounted |= {each.cluster_name for each in plan.left_out} | {each.cluster_name for each in plan.problems}
    unnamed = None in accounted
    for each in plan.clusters:
        assert unnamed or str(each["name"]) in accounted
    assert all(message.isprintable() for message in messages(plan))


def test_automatic_snapshots_are_returned_newest_first_by_the_filter() -> None:
    old, new = automatic("bend", age=2 * HOUR), automatic("bend", age=HOUR)

    assert Filter(status=["completed"]).apply([old, new, {**new, "status": "failed"}], None) == [new, old]
