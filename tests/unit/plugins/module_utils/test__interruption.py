# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import pty
import signal
import socket
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils import _interruption
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._interruption import (
    CHECK_EVERY,
    SIGNALS,
    Interrupted,
    Interruption,
    ignore_signals,
    is_caller_gone,
    signals_restored,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.loop import run, timed

fork = multiprocessing.get_context("fork")
# The kinds of standard output, and how each loses its reader.
Stdout = tuple[int, Callable[[], None]]


def _pipe() -> Stdout:
    reading, writing = os.pipe()
    return writing, lambda: os.close(reading)


def _socket() -> Stdout:
    ours, theirs = socket.socketpair()
    return ours.detach(), theirs.close


def _terminal() -> Stdout:
    controlling, ours = pty.openpty()
    return ours, lambda: os.close(controlling)


@pytest.fixture(name="stdout")
def fixture_stdout(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[Callable[[], None]]:
    descriptor, end = request.param()
    monkeypatch.setattr(_interruption, "_STDOUT", descriptor)
    yield end
    os.close(descriptor)


@pytest.mark.parametrize("stdout", [_pipe, _socket, _terminal], indirect=True)
def test_caller_is_gone_when_nobody_reads_the_output(stdout: Callable[[], None]) -> None:
    assert not is_caller_gone()
    stdout()
    assert is_caller_gone()


@pytest.mark.parametrize("kind", ["file", "null", "closed"])
def test_output_without_a_reader_such_as_a_file_does_not_mean_that_the_caller_is_gone(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "output" if kind == "file" else Path(os.devnull)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT)
    monkeypatch.setattr(_interruption, "_STDOUT", descriptor)
    if kind == "closed":
        os.close(descriptor)
    assert not is_caller_gone()
    if kind != "closed":
        os.close(descriptor)


def test_full_pipe_does_not_mean_that_the_caller_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with contextlib.suppress(BlockingIOError):
        while os.write(writing, b"x" * 4096):
            pass
    monkeypatch.setattr(_interruption, "_STDOUT", writing)

    assert not is_caller_gone()
    os.close(reading)
    os.close(writing)


def test_finished_work_is_the_result() -> None:
    async def work() -> int:
        await asyncio.sleep(10)
        return 5

    assert timed(Interruption(lambda: False).run(work())) == (5, 10)


def test_missing_caller_ends_the_work_within_a_second() -> None:
    async def scene() -> None:
        interruption = Interruption(lambda: asyncio.get_running_loop().time() >= 100)
        with pytest.raises(Interrupted, match="Nobody waits for the result"):
            await interruption.run(asyncio.sleep(3600))

    assert timed(scene())[1] <= 100 + CHECK_EVERY


def test_writes_are_refused_after_the_caller_is_gone() -> None:
    gone: list[bool] = []
    interruption = Interruption(lambda: bool(gone))
    interruption.check()
    gone.append(True)

    for _time in range(2):
        with pytest.raises(Interrupted):
            interruption.check()
    assert interruption.reason is not None


def test_only_the_first_reason_counts() -> None:
    interruption = Interruption(lambda: True)
    interruption.interrupt("The first")
    interruption.interrupt("The second")

    with pytest.raises(Interrupted, match="The first"):
        interruption.check()


def test_work_cancelled_by_other_code_is_not_called_interrupted() -> None:
    async def scene() -> None:
        work = asyncio.ensure_future(Interruption(lambda: False).run(asyncio.sleep(3600)))
        await asyncio.sleep(1)
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work

    run(scene())


async def waits(ready: Connection) -> None:
    ready.send("ready")
    await asyncio.sleep(600)


def works(ready: Connection, ignored: signal.Signals | None) -> None:
    """Run in a process: work until interrupted, and send the reason."""
    for each in SIGNALS:
        signal.signal(signal.Signals[each], signal.SIG_DFL)
    if ignored:
        signal.signal(ignored, signal.SIG_IGN)
    try:
        asyncio.run(Interruption(lambda: False).run(waits(ready)))
    except Interrupted as error:
        ready.send(str(error))


def said_after(*signals: signal.Signals, ignored: signal.Signals | None = None) -> Any:
    """The reason sent by a process that gets these signals while it works."""
    ours, theirs = fork.Pipe()
    process = fork.Process(target=works, args=(theirs, ignored))
    process.start()
    theirs.close()
    assert ours.recv() == "ready"
    for each in signals:
        os.kill(process.pid or 0, each)
    words = ours.recv()
    process.join()
    assert process.exitcode == 0
    return words


@pytest.mark.parametrize("name", SIGNALS)
def test_signal_ends_the_work_with_a_message(name: str) -> None:
    assert said_after(signal.Signals[name]) == f"{name} has ended this module. Run this again to continue."


def test_signal_that_the_caller_ignores_stays_ignored() -> None:
    words = said_after(signal.SIGHUP, signal.SIGTERM, ignored=signal.SIGHUP)
    assert words.startswith("SIGTERM")


def test_signals_after_the_work_are_ignored_until_the_result_is_written() -> None:
    before = [signal.getsignal(signal.Signals[name]) for name in SIGNALS]

    with signals_restored():
        ignore_signals()
        for name in SIGNALS:
            os.kill(os.getpid(), signal.Signals[name])
    assert [signal.getsignal(signal.Signals[name]) for name in SIGNALS] == before
