# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._times import format_time
from ansible_collections.mongodb_atlas.backup.plugins.plugin_utils._report import (
    AUTOMATIC,
    CHECK,
    ON_DEMAND,
    OTHER,
    SAFE,
    SCHEDULED,
    UNFINISHED,
    UNSAFE,
    Report,
    Row,
    cluster_kind,
    report,
)
from ansible_collections.mongodb_atlas.backup.plugins.plugin_utils._report_lines import report_lines, verdict
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.report_records import (
    NOW,
    PROJECT,
    ago,
    cluster,
    snapshot,
)


def unfinished(born: datetime, status: str = "inProgress", **known: Any) -> dict[str, Any]:
    """An unfinished or failed snapshot as Atlas sends it: without createdAt, and with size 0."""
    return snapshot(born, **{"status": status, "created_at": None, "storage_size_bytes": 0, **known})


def row_of(*snapshots: dict[str, Any], days: int = 14, **known: Any) -> Row:
    """The row of one cluster with these snapshots."""
    return report([cluster(**known)], snapshots, [], NOW, days).rows[0]


def standing(row: Row) -> tuple[str, str]:
    return row.state, row.note


def test_completed_snapshot_that_has_not_expired_is_assured_at_any_age() -> None:
    old = snapshot(ago(days=300), expires_at=format_time(NOW))

    assert standing(row_of(old)) == (SAFE, "")


NOT_ASSURED = "The newest snapshot is not assured: "


@pytest.mark.parametrize(
    ("snapshots", "note"),
    [
        ([], "There is no snapshot."),
        ([unfinished(ago(days=1), "failed")], f"{NOT_ASSURED}its status is 'failed', not completed."),
        (
            [unfinished(ago(days=1), "failed"), unfinished(ago(days=2))],
            f"{NOT_ASSURED}its status is 'failed', not completed.",
        ),
        ([unfinished(ago(minutes=1), "queued")], f"{NOT_ASSURED}its status is 'queued', not completed."),
        ([snapshot(ago(days=8), expires_at=format_time(ago(seconds=1)))], f"{NOT_ASSURED}it expired at "),
        ([snapshot(ago(days=8), expires_at=None)], f"{NOT_ASSURED}Atlas does not say when it expires."),
        ([snapshot(ago(days=8), expires_at="never")], f"{NOT_ASSURED}its expiry is 'never', which is not a time."),
        ([snapshot(ago(days=1), type="replicaSet", storage_size_bytes=0)], f"{NOT_ASSURED}its size is 0."),
        ([snapshot(ago(days=1), type="shardedCluster", members=[])], f"{NOT_ASSURED}Atlas lists no shard in it."),
    ],
)
def test_reason_without_an_assured_backup_is_given(snapshots: list[dict[str, Any]], note: str) -> None:
    row = row_of(*snapshots)

    assert row.state == UNSAFE
    assert row.note.startswith(note)
    assert row.snapshot == (snapshots[0] if snapshots else None)


def test_disabled_backups_are_named_with_the_reason() -> None:
    row = row_of(backup_enabled=False)

    assert standing(row) == (UNSAFE, "Backups are switched off. There is no snapshot.")


def test_free_cluster_has_no_backups() -> None:
    row = row_of(cluster_type="tenant", instance_size="M0", backup_enabled=False)

    assert standing(row) == (UNSAFE, "A free cluster (M0) has no backups at all.")
    assert row.snapshot is None


def test_cluster_that_could_not_be_listed_is_not_assured() -> None:
    errors = [
        {"cluster_name": "prod", "msg": "Cluster prod: Atlas answered 403."},
        {"cluster_name": None, "msg": "Other."},
    ]

    rows = report([cluster(), cluster("other")], [snapshot(ago(days=1), "other")], errors, NOW, 14).rows

    assert [(row.name, *standing(row)) for row in rows] == [
        ("prod", UNSAFE, "Its snapshots could not be listed. Atlas answered 403."),
        ("other", SAFE, ""),
    ]


@pytest.mark.parametrize("code", ["BACKUP_JOB_NOT_FOUND", "BACKUP_CONFIG_NOT_FOUND"])
def test_list_refused_because_of_disabled_backups_is_not_a_failure(code: str) -> None:
    errors = [{"cluster_name": "prod", "msg": "Atlas answered 400.", "error_code": code}]

    made = report([cluster(backup_enabled=False)], [], errors, NOW, 14)

    assert standing(made.rows[0]) == (UNSAFE, "Backups are switched off, so Atlas lists no snapshots.")
    assert made.unlisted == ()


def test_other_errors_of_a_list_are_kept() -> None:
    errors = [
        {"cluster_name": "prod", "msg": "Cluster prod: one.", "error_code": "USER_UNAUTHORIZED"},
        {"cluster_name": "off", "msg": "Cluster off: two.", "error_code": "BACKUP_JOB_NOT_FOUND"},
        {"cluster_name": None, "msg": "Three.", "error_code": None},
    ]

    assert report([cluster()], [], errors, NOW, 14).unlisted == ("Cluster prod: one.", "Three.")


def test_incompletely_listed_cluster_is_not_assured() -> None:
    errors = [{"cluster_name": "prod", "msg": "Atlas answered 500."}]

    (row,) = report([cluster()], [snapshot(ago(days=1))], errors, NOW, 14).rows

    assert standing(row) == (UNSAFE, "Its snapshots could not be listed. Atlas answered 500.")


def test_failed_newest_snapshot_with_an_assured_older_one_should_be_checked() -> None:
    failed, good = unfinished(ago(hours=1), "failed"), snapshot(ago(days=1))

    row = row_of(good, failed)

    note = f"A newer snapshot, {failed['id']}, is not assured: its status is 'failed', not completed."
    assert standing(row) == (CHECK, note)
    assert row.snapshot == good


def test_older_failure_is_ignored() -> None:
    assert standing(row_of(snapshot(ago(hours=1)), unfinished(ago(days=1), "failed"))) == (SAFE, "")


def test_assured_cluster_with_disabled_backups_should_be_checked() -> None:
    row = row_of(snapshot(ago(days=1)), backup_enabled=False)

    assert standing(row) == (CHECK, "Backups are switched off: no more snapshots are taken.")


@pytest.mark.parametrize("word", ["queued", "inProgress", "hibernating"])
def test_unfinished_snapshot_is_noted_beside_the_assured_one(word: str) -> None:
    coming, good = unfinished(ago(minutes=5), word), snapshot(ago(days=1))

    row = row_of(good, coming)

    assert standing(row) == (SAFE, f"A newer snapshot, {coming['id']}, is not completed yet ({word}).")
    assert row.snapshot == good


def test_paused_cluster_has_a_note() -> None:
    assert standing(row_of(snapshot(ago(days=1)), paused=True)) == (SAFE, "The cluster is paused.")


def test_newest_assured_snapshot_is_shown_in_any_order_of_the_list() -> None:
    records = [snapshot(ago(days=3)), snapshot(ago(days=1)), snapshot(ago(days=2))]

    assert row_of(*records).snapshot == records[1]


def test_expired_snapshot_is_not_shown_beside_an_assured_older_one() -> None:
    kept = snapshot(ago(days=9), expires_at=format_time(NOW + timedelta(days=20)))

    assert row_of(snapshot(ago(days=8), expires_at=format_time(ago(seconds=1))), kept).snapshot == kept


def test_records_without_some_keys_are_shown() -> None:
    row = report([{"name": "prod"}], [{"cluster_name": "prod", "id": None}, {}], [], NOW, 14).rows[0]

    assert row.state == UNSAFE
    assert row.kind == ""
    assert row.born is None


def test_clusters_without_an_assured_backup_come_first_and_others_keep_their_order() -> None:
    clusters = [cluster(name) for name in "abcdef"]
    snapshots = [snapshot(ago(days=1), name) for name in "abdf"] + [
        unfinished(ago(hours=1), "failed", cluster_name=name) for name in "be"
    ]

    rows = report(clusters, snapshots, [], NOW, 14).rows

    assert [(row.name, row.state) for row in rows] == [
        *(("c", UNSAFE), ("e", UNSAFE)),
        ("b", CHECK),
        *(("a", SAFE), ("d", SAFE), ("f", SAFE)),
    ]


def test_snapshots_of_other_clusters_are_ignored() -> None:
    assert row_of(snapshot(ago(days=1), "deleted")).snapshot is None


def test_arguments_are_not_modified() -> None:
    clusters, snapshots = [cluster()], [snapshot(ago(days=1))]
    before = ([dict(clusters[0])], [dict(snapshots[0])])

    report_lines(report(clusters, snapshots, [], NOW, 14))

    assert (clusters, snapshots) == before


@pytest.mark.parametrize(
    ("states", "sentence"),
    [
        ("", "The project has no clusters."),
        ("s", "Every cluster has an assured backup."),
        ("ss", "Every cluster has an assured backup."),
        ("u", "1 of 1 cluster has no assured backup."),
        ("us", "1 of 2 clusters has no assured backup."),
        ("uus", "2 of 3 clusters have no assured backup."),
        ("cs", "Every cluster has an assured backup. 1 cluster should be checked."),
        ("ccs", "Every cluster has an assured backup. 2 clusters should be checked."),
        ("ucs", "1 of 3 clusters has no assured backup. 1 more cluster should be checked."),
        ("uccs", "1 of 4 clusters has no assured backup. 2 more clusters should be checked."),
    ],
)
def test_summary_counts_the_clusters(states: str, sentence: str) -> None:
    words = {"u": UNSAFE, "c": CHECK, "s": SAFE}
    rows = tuple(Row("x", "flex", words[state], "", None, ()) for state in states)

    assert verdict(Report(PROJECT, NOW, 14, rows)) == sentence


@pytest.mark.parametrize(
    ("known", "kind"),
    [
        ({}, "replica set M10"),
        ({"topology": "SHARDED", "instance_size": "M30"}, "sharded M30"),
        ({"topology": "GEOSHARDED", "instance_size": "M30"}, "geosharded M30"),
        ({"cluster_type": "tenant", "instance_size": "M2"}, "tenant M2"),
        ({"cluster_type": "flex", "instance_size": "FLEX"}, "flex"),
        ({"topology": "SOMETHING", "instance_size": None}, "SOMETHING"),
        ({"topology": None}, "dedicated M10"),
        ({"topology": None, "cluster_type": None, "instance_size": None}, ""),
    ],
)
def test_kind_of_a_cluster_is_shown_in_words(known: dict[str, Any], kind: str) -> None:
    assert cluster_kind(cluster(**known)) == kind


def test_marks_are_placed_by_time_oldest_first() -> None:
    marks = row_of(snapshot(ago(days=0)), snapshot(ago(days=7)), snapshot(ago(days=14)), days=14).marks

    assert [mark.position for mark in marks] == [0, 0.5, 1]


def test_snapshot_older_than_the_timeline_has_no_mark_but_is_shown() -> None:
    row = row_of(snapshot(ago(days=3, seconds=1)), days=3)

    assert row.marks == ()
    assert row.snapshot is not None


def test_snapshot_ahead_of_the_clock_is_at_the_end() -> None:
    assert [mark.position for mark in row_of(snapshot(NOW + timedelta(seconds=3))).marks] == [1]


def test_time_of_the_id_replaces_a_missing_creation_time() -> None:
    row = row_of(unfinished(ago(days=7)))

    assert row.born == ago(days=7)
    assert [mark.position for mark in row.marks] == [0.5]


def test_snapshot_without_a_time_has_no_mark() -> None:
    assert row_of(unfinished(ago(days=1), id="?")).marks == ()


@pytest.mark.parametrize(
    ("known", "look", "taken_as"),
    [
        ({"snapshot_type": "onDemand"}, ON_DEMAND, "on demand"),
        ({"snapshot_type": None, "frequency_type": "ondemand"}, ON_DEMAND, "on demand"),
        ({"snapshot_type": "scheduled"}, SCHEDULED, "scheduled"),
        ({"snapshot_type": "fallback"}, OTHER, "fallback"),
        ({"snapshot_type": None}, OTHER, "other"),
        ({"snapshot_type": None, "cluster_type": "flex"}, AUTOMATIC, "automatic"),
        ({"snapshot_type": None, "cluster_type": "tenant"}, AUTOMATIC, "automatic"),
        ({"status": "failed"}, "failed", "scheduled"),
        ({"status": "queued"}, UNFINISHED, "scheduled"),
        ({"status": "hibernating", "snapshot_type": "onDemand"}, UNFINISHED, "on demand"),
        ({"status": None}, UNFINISHED, "scheduled"),
        # Status words of Atlas that the page also uses, with another meaning.
        ({"snapshot_type": "failed"}, OTHER, "failed"),
        ({"snapshot_type": "unfinished"}, OTHER, "unfinished"),
    ],
)
def test_mark_shows_how_a_completed_snapshot_was_taken_or_the_status_of_another(
    known: dict[str, Any], look: str, taken_as: str
) -> None:
    (mark,) = row_of(snapshot(ago(days=1), **known)).marks

    assert (mark.look, mark.taken_as) == (look, taken_as)


def test_terminal_report_has_a_summary_and_one_row_per_cluster() -> None:
    clusters = [cluster("prod-eu"), cluster("small", cluster_type="flex"), cluster("trial", instance_size="M0")]
    snapshots = [
        snapshot(ago(days=1, hours=2), "prod-eu"),
        snapshot(ago(minutes=90), "small", cluster_type="flex", storage_size_bytes=None),
        unfinished(ago(minutes=2), cluster_name="prod-eu"),
    ]

    lines = report_lines(report(clusters, snapshots, [], NOW, 14))

    eu, coming, small = (one["id"] for one in (snapshots[0], snapshots[2], snapshots[1]))
    blank = " " * 23
    assert lines == [
        f"Backups of Atlas project {PROJECT}, 2026-08-15 22:07 UTC",
        "1 of 3 clusters has no assured backup.",
        f"BACKUP       CLUSTER  KIND             SNAPSHOT{' ' * 16}  CREATED (UTC)            AGE    SIZE"
        "  EXPIRES (UTC)     NOTE",
        f"NOT ASSURED  trial    replica set M0   -{blank}  -                          -       -  -"
        "                 A free cluster (M0) has no backups at all.",
        f"assured      prod-eu  replica set M10  {eu}  2026-08-14 20:07     1 d 2 h  2.1 GB  2026-08-22 20:07"
        f"  A newer snapshot, {coming}, is not completed yet (inProgress).",
        f"assured      small    flex             {small}  2026-08-15 20:37  1 h 30 min       -  2026-08-23 20:37",
    ]


def test_cluster_to_be_checked_is_marked_on_the_terminal() -> None:
    lines = report_lines(report([cluster(backup_enabled=False)], [snapshot(ago(days=1))], [], NOW, 14))

    assert lines[-1].startswith("ASSURED, CHECK  prod ")


def test_project_without_clusters_has_one_sentence_instead_of_a_table() -> None:
    assert report_lines(report([], [], [], NOW, 14)) == [
        "Atlas backups, 2026-08-15 22:07 UTC",
        "The project has no clusters.",
    ]


def test_control_characters_in_names_are_escaped_in_terminal_lines() -> None:
    hostile = "a\n\x1b[2Jb\u202e"

    lines = report_lines(report([cluster(hostile)], [unfinished(NOW, hostile, cluster_name=hostile)], [], NOW, 14))

    assert len(lines) == 4
    assert all(line.isprintable() for line in lines)


def test_hundreds_of_clusters_are_reported() -> None:
    names = [f"fleet-{number}" for number in range(500)]
    snapshots = [snapshot(ago(days=day), name) for name in names[::2] for day in range(30)]

    made = report([cluster(name) for name in names], snapshots, [], NOW, 14)

    assert made.count(SAFE) == made.count(UNSAFE) == 250
    assert [row.name for row in made.rows] == names[1::2] + names[::2]
    assert len(report_lines(made)) == 503
