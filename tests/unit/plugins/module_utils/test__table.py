# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.records import empty_record
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._table import Column, table_lines
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._text import minute_text, printable, size_text
from ansible_collections.mongodb_atlas.backup.plugins.plugin_utils._snapshot_table import kind_text, snapshot_lines

NAME_AND_AGE = (
    Column("NAME", lambda row: row.get("name")),
    Column("AGE", lambda row: row.get("age"), align_right=True),
)


def record(name: str, **known: Any) -> dict[str, Any]:
    return {**empty_record("5f0c1d2e3b4a59687766aabb", name, "dedicated"), **known}


def completed(name: str, **known: Any) -> dict[str, Any]:
    return record(
        name,
        **{
            "id": "6a80e2504f19b7c2d8a03e61",
            "type": "replicaSet",
            "status": "completed",
            "created_at": "2026-08-15T22:06:21Z",
            "expires_at": "2026-08-18T22:07:34Z",
            "storage_size_bytes": 2214592512,
            **known,
        },
    )


def test_rows_are_lines_in_the_given_order_and_aligned() -> None:
    rows = [{"name": "b", "age": 120}, {"name": "a-longer-name", "age": 5}]

    assert table_lines(NAME_AND_AGE, rows, when_empty="None.") == [
        "NAME           AGE",
        "b              120",
        "a-longer-name    5",
    ]


def test_column_is_as_wide_as_its_heading() -> None:
    columns = (Column("A LONG HEADING", lambda row: row["name"]), NAME_AND_AGE[1])

    assert table_lines(columns, [{"name": "x", "age": 1}], when_empty="None.") == [
        "A LONG HEADING  AGE",
        "x                 1",
    ]


@pytest.mark.parametrize("row", [{}, {"name": None, "age": None}, {"name": "", "age": ""}])
def test_unknown_value_is_a_dash(row: dict[str, Any]) -> None:
    assert table_lines(NAME_AND_AGE, [row], when_empty="None.")[1].split() == ["-", "-"]


def test_zero_is_not_a_dash() -> None:
    assert table_lines(NAME_AND_AGE, [{"name": "x", "age": 0}], when_empty="None.")[1].split() == ["x", "0"]


def test_no_line_ends_in_spaces() -> None:
    columns = (NAME_AND_AGE[1], NAME_AND_AGE[0])

    lines = table_lines(columns, [{"name": "a", "age": 1}, {"name": "a-longer-name", "age": 2}], when_empty="None.")

    assert lines == [line.rstrip() for line in lines]


@pytest.mark.parametrize(
    ("title", "head"),
    [(None, []), ("", []), ("Newest", ["Newest"]), ("One\nTwo", ["One", "Two"])],
)
def test_title_comes_first_with_and_without_rows(title: str | None, head: list[str]) -> None:
    assert table_lines(NAME_AND_AGE, [], title=title, when_empty="None.") == [*head, "None."]
    assert table_lines(NAME_AND_AGE, [{"name": "x"}], title=title, when_empty="None.")[: len(head) + 1] == [
        *head,
        "NAME  AGE",
    ]


def test_rows_may_be_an_iterator() -> None:
    assert len(table_lines(NAME_AND_AGE, iter([{"name": "x"}]), when_empty="None.")) == 2


def test_control_characters_are_escaped_in_every_cell() -> None:
    lines = table_lines(NAME_AND_AGE, [{"name": "a\n\x1b[31mred\r\tb"}], title="T\x1b[2J", when_empty="None.")

    assert lines == ["T\\x1b[2J", "NAME                 AGE", "a\\n\\x1b[31mred\\r\\tb    -"]


def test_letters_of_any_script_are_kept() -> None:
    assert printable("Größe, 東京 ✓") == "Größe, 東京 ✓"


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 kB"),
        (1536, "1.5 kB"),
        (1024**2 - 1, "1.0 MB"),
        (1582854144, "1.5 GB"),
        (5 * 1024**4, "5.0 TB"),
        (3 * 1024**6, "3072.0 PB"),
        (None, None),
        ("12", None),
        (True, None),
    ],
)
def test_size_has_a_readable_unit(size: Any, text: str | None) -> None:
    assert size_text(size) == text


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        ("2026-08-15T22:06:21Z", "2026-08-15 22:06"),
        ("2026-08-15T22:06:21+00:00", "2026-08-15 22:06"),
        ("soon", "soon"),
        (None, None),
    ],
)
def test_time_is_shown_to_the_minute(moment: str | None, text: str | None) -> None:
    assert minute_text(moment) == text


@pytest.mark.parametrize(
    ("cluster_type", "type_", "kind"),
    [
        ("dedicated", "replicaSet", "replica set"),
        ("dedicated", "shardedCluster", "sharded"),
        ("dedicated", None, "dedicated"),
        ("dedicated", "somethingNew", "dedicated"),
        ("flex", None, "flex"),
        ("tenant", None, "tenant"),
        ("flex", "replicaSet", "flex"),
        (None, None, None),
    ],
)
def test_kind_is_shown_in_words(cluster_type: str | None, type_: str | None, kind: str | None) -> None:
    assert kind_text({"cluster_type": cluster_type, "type": type_}) == kind


def test_snapshots_of_every_kind_are_shown() -> None:
    snapshots = [
        completed("prod"),
        completed("prod-sharded", type="shardedCluster", storage_size_bytes=1024),
        completed("small", cluster_type="flex", type=None, storage_size_bytes=None),
    ]

    assert snapshot_lines(snapshots, "Taken now") == [
        "Taken now",
        "CLUSTER       KIND         STATUS     SNAPSHOT                  CREATED (UTC)       SIZE  EXPIRES (UTC)",
        "prod          replica set  completed  6a80e2504f19b7c2d8a03e61  2026-08-15 22:06  2.1 GB  2026-08-18 22:07",
        "prod-sharded  sharded      completed  6a80e2504f19b7c2d8a03e61  2026-08-15 22:06  1.0 kB  2026-08-18 22:07",
        "small         flex         completed  6a80e2504f19b7c2d8a03e61  2026-08-15 22:06       -  2026-08-18 22:07",
    ]


def test_size_of_an_unfinished_snapshot_is_unknown() -> None:
    unfinished = completed("prod", status="inProgress", created_at=None, storage_size_bytes=0)

    assert snapshot_lines([unfinished])[1].split() == [
        *("prod", "replica", "set", "inProgress", "6a80e2504f19b7c2d8a03e61", "-", "-", "2026-08-18", "22:07")
    ]


def test_empty_completed_snapshot_has_a_size() -> None:
    assert "  0 B  " in snapshot_lines([completed("prod", storage_size_bytes=0)])[1]


def test_record_without_known_values_is_shown() -> None:
    assert snapshot_lines([record("prod")])[1].split() == ["prod", "dedicated", "-", "-", "-", "-", "-"]


def test_table_without_snapshots_has_one_line_below_its_title() -> None:
    assert snapshot_lines([]) == ["No snapshots."]
    assert snapshot_lines([], "Taken now") == ["Taken now", "No snapshots."]


def test_records_are_not_modified() -> None:
    snapshot = completed("prod")
    before = dict(snapshot)

    snapshot_lines([snapshot])

    assert snapshot == before
