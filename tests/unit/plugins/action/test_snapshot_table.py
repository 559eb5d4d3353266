# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleError

from ansible_collections.mongodb_atlas.backup.plugins.action import snapshot_table
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.action import Terminal, act

SNAPSHOT = {"cluster_name": "prod", "cluster_type": "dedicated", "type": "replicaSet", "status": "completed"}


def run(arguments: dict[str, Any], **keywords: Any) -> dict[str, Any]:
    return act(snapshot_table, arguments, **keywords)


@pytest.mark.parametrize("check_mode", [False, True])
def test_table_returns_its_lines_and_is_not_changed(check_mode: bool) -> None:
    result = run({"snapshots": [SNAPSHOT], "title": "Taken now"}, check_mode=check_mode)

    assert result["changed"] is False
    assert not result.get("failed")
    assert not result.get("skipped")
    assert [line.split()[0] for line in result["lines"]] == ["Taken", "CLUSTER", "prod"]


def test_table_is_displayed_at_once(terminal: Terminal) -> None:
    result = run({"snapshots": [SNAPSHOT, SNAPSHOT]})

    assert terminal.shown == [("stdout", "\n".join(result["lines"]))]


def test_table_is_displayed_in_check_mode_too(terminal: Terminal) -> None:
    run({"snapshots": [SNAPSHOT]}, check_mode=True)

    assert len(terminal.shown) == 1


@pytest.mark.parametrize(
    ("check_mode", "more", "title"),
    [(False, "Would be taken", "Taken now"), (True, "Would be taken", "Would be taken"), (True, None, "Taken now")],
)
def test_check_mode_can_have_its_own_title(check_mode: bool, more: str | None, title: str) -> None:
    arguments = {"snapshots": [SNAPSHOT], "title": "Taken now", "check_mode_title": more}

    assert run(arguments, check_mode=check_mode)["lines"][0] == title


def test_restores_have_their_own_table() -> None:
    restore = {
        "id": "6a80e2504f19b7c2d8a03e70",
        "cluster_name": "prod",
        "target_cluster_name": "staging",
        "snapshot_id": "6a80e2504f19b7c2d8a03e61",
        "status": "completed",
        "created_at": "2026-08-15T22:06:21Z",
        "finished_at": "2026-08-15T22:10:13Z",
        "target_state": "IDLE",
    }
    heading, line = run({"restores": [restore]})["lines"]
    assert heading.split()[:2] == ["INTO", "FROM"]
    assert line.split() == [
        "staging",
        "prod",
        restore["snapshot_id"],
        "completed",
        restore["id"],
        "2026-08-15",
        "22:06",
        "3:52",
        "IDLE",
    ]
    assert len(run({"snapshots": [SNAPSHOT], "restores": [restore, restore]})["lines"]) == 5
    assert run({"restores": []})["lines"] == ["No restores."]


def test_table_without_snapshots_is_displayed_as_one_line(terminal: Terminal) -> None:
    assert run({"snapshots": []})["lines"] == ["No snapshots."]
    assert terminal.shown == [("stdout", "No snapshots.")]


def test_no_log_shows_nothing(terminal: Terminal) -> None:
    run({"snapshots": [SNAPSHOT]}, no_log=True)

    assert terminal.shown == []


@pytest.mark.parametrize(
    ("callback", "stream"),
    [
        ("default", "stdout"),
        ("ansible.builtin.default", "stdout"),
        ("minimal", "stdout"),
        ("ansible.posix.json", "stderr"),
        ("ansible.posix.jsonl", "stderr"),
        ("somebody.theirs.default", "stderr"),
    ],
)
def test_table_is_not_printed_if_standard_output_may_be_json(
    callback: str, stream: str, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANSIBLE_STDOUT_CALLBACK", callback)

    run({"snapshots": [SNAPSHOT]})

    assert [shown_on for shown_on, _text in terminal.shown] == [stream]


@pytest.mark.parametrize(
    "arguments",
    [{}, {"snapshots": ["prod"]}, {"snapshots": [], "titel": "Taken now"}],
)
def test_unknown_values_are_refused(arguments: dict[str, Any], terminal: Terminal) -> None:
    with pytest.raises(AnsibleError):
        run(arguments)
    assert terminal.shown == []
