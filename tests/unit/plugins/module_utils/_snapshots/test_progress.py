# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.progress import (
    COUNT_EVERY,
    GIVEN_UP,
    MOST_NAMED,
    STILL_THERE,
    Progress,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._text import clock_text
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.fuzz import json_values, quick
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.loop import run
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import minted

GIGABYTES = 1582854144
# When a snapshot was polled, its cluster, and its status.
Seen = tuple[float, str, str]


def lines_for(*seen: Seen, clusters: int = 1, in_the_way: bool = False) -> list[str]:
    """The progress lines for these polls."""
    lines: list[str] = []

    async def scene() -> None:
        progress = Progress(clusters, lines.append)
        for at, name, status in seen:
            await asyncio.sleep(at - asyncio.get_running_loop().time())
            if status == GIVEN_UP:
                progress.report_failure(name)
                continue
            record = {"id": f"{name}-1", "cluster_name": name, "status": status, "storage_size_bytes": GIGABYTES}
            progress.report(record, in_the_way=in_the_way)

    run(scene())
    return lines


def test_each_status_change_has_one_progress_line() -> None:
    assert lines_for(
        (0, "prod-eu", "queued"),
        (5, "prod-eu", "queued"),
        (42, "prod-eu", "inProgress"),
        (50, "prod-eu", "inProgress"),
        (161, "prod-eu", "completed"),
    ) == ["prod-eu: queued, snapshot prod-eu-1", "prod-eu: inProgress, 0:42", "prod-eu: completed, 2:41, 1.5 GB"]


def test_unchanged_status_is_repeated_once_a_minute() -> None:
    lines = lines_for(*((at, "prod", "inProgress") for at in range(0, 200, 5)))

    assert lines == [
        "prod: inProgress, snapshot prod-1",
        *(f"prod: inProgress, {clock_text(n * STILL_THERE)}" for n in (1, 2, 3)),
    ]


def test_snapshot_finished_at_the_first_poll_has_a_time_and_a_size() -> None:
    assert lines_for((0, "prod", "completed")) == ["prod: completed, 0:00, 1.5 GB, snapshot prod-1"]


def test_failed_snapshot_has_no_size() -> None:
    assert lines_for((0, "prod", "queued"), (61, "prod", "failed"))[-1] == "prod: failed, 1:01"


def test_snapshot_of_another_user_is_named_as_such() -> None:
    assert lines_for((0, "prod", "queued"), in_the_way=True) == [
        "prod: waiting for another snapshot: queued, snapshot prod-1"
    ]


def test_unknown_status_cannot_control_the_terminal() -> None:
    assert "\x1b" not in lines_for((0, "prod", "\x1b[31mred"))[0]


def fleet(number: int, at: float, status: str) -> list[Seen]:
    return [(at + index / 1000, f"cluster-{index}", status) for index in range(number)]


def test_few_clusters_are_named_and_many_are_counted() -> None:
    assert len(lines_for(*fleet(MOST_NAMED, 0, "queued"), clusters=MOST_NAMED)) == MOST_NAMED
    assert lines_for(*fleet(MOST_NAMED + 1, 0, "queued"), clusters=MOST_NAMED + 1) == [
        "11 clusters: 1 queued, 10 to come, 0:00"
    ]


def test_counts_are_shown_periodically_and_at_the_end() -> None:
    lines = lines_for(
        *fleet(100, 0, "queued"),
        *fleet(60, COUNT_EVERY, "inProgress"),
        *fleet(100, COUNT_EVERY + 5, "completed"),
        clusters=100,
    )

    assert lines == [
        "100 clusters: 1 queued, 99 to come, 0:00",
        "100 clusters: 1 inProgress, 99 queued, 0:10",
        "100 clusters: 100 completed, 0:15",
    ]


def test_counts_add_up_when_some_clusters_fail() -> None:
    lines = lines_for(
        (0, "refused-before-the-first-count", GIVEN_UP),
        *fleet(98, 0.1, "queued"),
        (1, "refused", GIVEN_UP),
        (COUNT_EVERY + 1, "cluster-97", GIVEN_UP),
        *fleet(96, COUNT_EVERY + 2, "completed"),
        (COUNT_EVERY + 3, "cluster-96", "failed"),
        (COUNT_EVERY + 3, "cluster-96", GIVEN_UP),
        clusters=100,
    )

    assert lines == [
        "100 clusters: 1 given up, 1 queued, 98 to come, 0:00",
        "100 clusters: 3 given up, 97 queued, 0:11",
        "100 clusters: 96 completed, 1 failed, 3 given up, 0:13",
    ]


def test_counts_need_a_cluster_that_did_not_fail() -> None:
    assert lines_for(*fleet(20, 0, GIVEN_UP), clusters=20) == []


def test_failed_cluster_has_no_progress_line_while_clusters_are_named() -> None:
    assert lines_for((0, "prod", "queued"), (1, "prod", GIVEN_UP), clusters=2) == ["prod: queued, snapshot prod-1"]


def test_each_snapshot_of_a_cluster_is_named_once() -> None:
    lines: list[str] = []

    async def scene() -> None:
        progress = Progress(1, lines.append)
        for number, status in ((1, "queued"), (1, "completed"), (2, "queued"), (1, "completed"), (2, "completed")):
            await asyncio.sleep(1)
            record = {"id": minted(number=number), "cluster_name": "prod", "status": status, "storage_size_bytes": 1}
            progress.report(record, in_the_way=number == 1)

    run(scene())

    assert ["".join(lines).count(minted(number=number)) for number in (1, 2)] == [1, 1]


@quick
@given(
    values=st.fixed_dictionaries(dict.fromkeys(("id", "cluster_name", "status", "storage_size_bytes"), json_values)),
    clusters=st.sampled_from((1, 2, 20)),
    in_the_way=st.booleans(),
)
def test_progress_lines_of_any_record_are_printable(values: dict[str, Any], clusters: int, in_the_way: bool) -> None:
    lines: list[str] = []

    async def scene() -> None:
        progress = Progress(clusters, lines.append)
        progress.report(values, in_the_way=in_the_way)
        progress.report_failure(str(values["cluster_name"]))

    run(scene())

    assert all(line.isprintable() for line in lines)
    for line in lines:
        line.encode()
