# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Interrupted tasks: one without its caller takes nothing more, and one that gets a signal names its snapshot."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from simulator.process import Simulator, until

from .support import NO_LIMIT, PATIENCE_SECONDS, PLAYBOOKS, SHORT, environment

SETTINGS = {**SHORT, **NO_LIMIT}
PLAYBOOK = PLAYBOOKS / "interrupted.yml"
MARK = "MARK_OF_THIS_TEST"


class Run:
    """One run of the playbook, in its own process group, and the processes of its module."""

    def __init__(self, atlas: Simulator, tag: str, folder: Path) -> None:
        self._mark = uuid.uuid4().hex
        self.errors = folder / "stderr.txt"
        with self.errors.open("w") as output:
            self.process = subprocess.Popen(
                ["ansible-playbook", str(PLAYBOOK), "--tags", tag],
                env=environment(**atlas.variables(), **{MARK: self._mark}, ANSIBLE_STDOUT_CALLBACK="whole_json"),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=output,
                text=True,
                start_new_session=True,
            )

    def module(self) -> list[int]:
        """The processes that run the module now, without the shells that started it."""
        return [int(folder.name) for folder in Path("/proc").glob("[0-9]*") if self._is_module(folder)]

    def _is_module(self, folder: Path) -> bool:
        try:
            command = (folder / "cmdline").read_bytes().split(b"\0")
            variables = (folder / "environ").read_bytes().split(b"\0")
        except OSError:  # it has just ended, or belongs to another user
            return False
        ours = f"{MARK}={self._mark}".encode() in variables
        return ours and b"sh" not in command[0][-2:] and any(b"AnsiballZ_atlas_snapshot" in each for each in command)

    def wait_for_line(self, words: str) -> None:
        assert until(lambda: words in self.errors.read_text()), self.errors.read_text()

    def end(self) -> None:
        for each in self.module():
            os.kill(each, signal.SIGKILL)
        self.process.kill()
        self.process.communicate()


@contextmanager
def running(atlas: Simulator, tag: str, folder: Path) -> Iterator[Run]:
    run = Run(atlas, tag, folder)
    try:
        yield run
    finally:
        run.end()


def another_in_the_way(atlas: Simulator) -> str:
    order = {"cluster": "demo-replica", "status": "inProgress", "description": "somebody else's"}
    return str(atlas.order("POST", "snapshots", order)["id"])


def times_out(run: Run) -> None:
    run.process.communicate(timeout=PATIENCE_SECONDS)


def loses_its_controller(run: Run) -> None:
    run.process.kill()
    run.process.wait()


def is_interrupted(run: Run) -> None:
    os.killpg(run.process.pid, signal.SIGINT)
    run.process.communicate(timeout=PATIENCE_SECONDS)


@pytest.mark.parametrize(
    ("tag", "happens"), [("timed", times_out), ("plain", loses_its_controller), ("plain", is_interrupted)]
)
def test_task_without_its_caller_takes_nothing_and_ends(
    tag: str, happens: Callable[[Run], None], atlas: Simulator, tmp_path: Path
) -> None:
    other = another_in_the_way(atlas)
    with running(atlas, tag, tmp_path) as run:
        run.wait_for_line(f"waiting for another snapshot: inProgress, snapshot {other}")
        happens(run)
        # The module was waiting for this: from now on it could take a snapshot.
        atlas.order("PATCH", f"snapshots/{other}", {"status": "completed"})
        assert until(lambda: not run.module()), "the module is still running without its caller"

        assert atlas.taken() == {}


def test_progress_line_names_the_snapshot_before_the_caller_ends(atlas: Simulator, tmp_path: Path) -> None:
    atlas.reset(**{**SETTINGS, "in_progress_seconds": 3600.0})
    with running(atlas, "timed", tmp_path) as run:
        run.process.communicate(timeout=PATIENCE_SECONDS)
        ((taken,),) = atlas.taken().values()
        assert taken["id"] in run.errors.read_text()
        assert until(lambda: not run.module())


def test_module_that_gets_a_signal_returns_a_result_with_its_snapshot(atlas: Simulator, tmp_path: Path) -> None:
    atlas.reset(**{**SETTINGS, "in_progress_seconds": 3600.0})
    with running(atlas, "plain", tmp_path) as run:
        run.wait_for_line("demo-replica: queued")
        for each in run.module():
            os.kill(each, signal.SIGTERM)
        output, _unused = run.process.communicate(timeout=PATIENCE_SECONDS)
    (result,) = json.loads(output)["results"]
    ((taken,),) = atlas.taken().values()
    assert "SIGTERM has ended this module" in result["msg"]
    assert f"run again with snapshot_id={taken['id']}" in result["msg"]
    assert (result["changed"], result["errors"][0]["snapshot"]["id"]) == (True, taken["id"])


def test_background_task_outlives_its_playbook(atlas: Simulator, tmp_path: Path) -> None:
    other = another_in_the_way(atlas)
    with running(atlas, "background", tmp_path) as run:
        run.process.communicate(timeout=PATIENCE_SECONDS)
        atlas.order("PATCH", f"snapshots/{other}", {"status": "completed"})

        assert until(lambda: bool(atlas.taken()))
        assert until(lambda: not run.module())
