# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible.plugins.action.normal import ActionModule as NormalAction

from ansible_collections.mongodb_atlas.backup.plugins.action import atlas_snapshot
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.progress_file import (
    FILE_VARIABLE,
    append_to_file,
)
from ansible_collections.mongodb_atlas.backup.plugins.plugin_utils import _progress_lines
from ansible_collections.mongodb_atlas.backup.plugins.plugin_utils._watched_action import SWITCH_VARIABLE
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.action import Terminal, act

RunModule = Callable[[Callable[[], None]], None]


@pytest.fixture(name="run_module")
def fixture_run_module(monkeypatch: pytest.MonkeyPatch) -> RunModule:
    """Replaces the module with the given function when Ansible runs it."""

    def set_work(work: Callable[[], None]) -> None:
        def run(_self: Any, _tmp: Any = None, _task_vars: Any = None) -> dict[str, Any]:
            work()
            return {"changed": True}

        monkeypatch.setattr(NormalAction, "run", run)

    return set_work


def write_line() -> None:
    append_to_file("prod: queued")
    append_to_file("prod: completed, 2:41, 1.5 GB")


def test_every_progress_line_is_shown_on_standard_error(run_module: RunModule, terminal: Terminal) -> None:
    run_module(write_line)

    assert act(atlas_snapshot, {}) == {"changed": True}
    assert terminal.shown == [("stderr", "prod: queued"), ("stderr", "prod: completed, 2:41, 1.5 GB")]


def test_progress_line_is_shown_while_the_module_runs(
    run_module: RunModule, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = threading.Event()
    monkeypatch.setattr(terminal, "display", lambda *_words, **_more: shown.set())

    def work() -> None:
        append_to_file("prod: queued")
        assert shown.wait(30)

    run_module(work)
    act(atlas_snapshot, {})


def test_incomplete_progress_line_is_not_shown_until_it_ends(run_module: RunModule, terminal: Terminal) -> None:
    def work() -> None:
        with Path(os.environ[FILE_VARIABLE]).open("a", encoding="utf-8") as file:
            for part in ("prod: que", "ued\nprod: inPro"):
                file.write(part)
                file.flush()
                threading.Event().wait(2 * _progress_lines.LOOK_EVERY)

    run_module(work)
    act(atlas_snapshot, {})

    assert terminal.shown == [("stderr", "prod: queued")]


@pytest.mark.parametrize(
    "task",
    [
        {"transport": "ssh"},
        {"async_val": 60},
        {"no_log": True},
        {"check_mode": True},
    ],
    ids=str,
)
def test_progress_file_is_not_followed_if_the_output_is_hidden_or_remote(
    task: dict[str, Any], run_module: RunModule, terminal: Terminal
) -> None:
    def work() -> None:
        assert FILE_VARIABLE not in os.environ
        write_line()

    run_module(work)

    assert act(atlas_snapshot, {}, **task) == {"changed": True}
    assert terminal.shown == []


@pytest.mark.parametrize(("value", "shown"), [("false", 0), ("0", 0), ("No", 0), ("true", 2), ("", 2)])
def test_environment_variable_disables_progress(
    value: str, shown: int, run_module: RunModule, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SWITCH_VARIABLE, value)
    run_module(write_line)
    act(atlas_snapshot, {})

    assert len(terminal.shown) == shown


def test_progress_file_is_private_and_removed_after_the_task(run_module: RunModule) -> None:
    seen: list[str] = []

    def work() -> None:
        seen.append(os.environ[FILE_VARIABLE])
        assert stat.S_IMODE(Path(seen[0]).stat().st_mode) == 0o600

    run_module(work)
    act(atlas_snapshot, {})

    assert not Path(seen[0]).exists()
    assert FILE_VARIABLE not in os.environ


def test_failed_task_leaves_no_progress_file(run_module: RunModule) -> None:
    def work() -> None:
        raise RuntimeError("the module could not be run")

    run_module(work)
    with pytest.raises(RuntimeError):
        act(atlas_snapshot, {})

    assert FILE_VARIABLE not in os.environ
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("Thread") and thread.is_alive()]


def test_task_runs_without_progress_if_the_file_cannot_be_created(
    run_module: RunModule, terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_progress_lines.C, "DEFAULT_LOCAL_TMP", str(tmp_path / "gone"))
    run_module(write_line)

    assert act(atlas_snapshot, {}) == {"changed": True}
    assert terminal.shown == []


def test_removed_progress_file_does_not_fail_the_task(run_module: RunModule, terminal: Terminal) -> None:
    def work() -> None:
        write_line()
        Path(os.environ[FILE_VARIABLE]).unlink()

    run_module(work)

    assert act(atlas_snapshot, {}) == {"changed": True}
    assert len(terminal.shown) == 2
