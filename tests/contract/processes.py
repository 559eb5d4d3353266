# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starts the simulator and the validating proxy, and ends them whatever happens."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]
BUILD = CHECKOUT / ".build" / "contract"
START_SECONDS = 60.0
LISTENS = re.compile(r"Prism is listening on (http://\S+)\s")


class CannotStart(Exception):
    """Something that the check needs is not there or does not come up."""


@contextmanager
def simulator() -> Iterator[dict[str, Any]]:
    """A running simulator with short-lived snapshots: how to reach it, as in its state file."""
    state = BUILD / "simulator.json"
    state.unlink(missing_ok=True)
    command = [sys.executable, str(CHECKOUT / "tests" / "simulator"), "--state-file", str(state)]
    command += ["--queued-seconds", "0.3", "--in-progress-seconds", "0.9", "--parent-pid", str(os.getpid())]
    with _running(command, "simulator") as process:
        _wait(process, state.exists, "the simulator")
        yield json.loads(state.read_text())


@contextmanager
def proxy(document: Path, target: str) -> Iterator[str]:
    """A proxy in front of target that turns what breaks the document into errors: its base address."""
    program = _installed_prism()
    command = [str(program), "proxy", str(document), target, "--errors", "--host", "127.0.0.1", "--port", "0"]
    with _running(command, "proxy") as process:
        _wait(process, lambda: bool(_told_address()), "the proxy")
        yield _told_address()


def _told_address() -> str:
    """Where the proxy says that it listens; empty while it has not said so."""
    found = LISTENS.search((BUILD / "proxy.log").read_text(encoding="utf-8"))
    return found[1] if found else ""


def _installed_prism() -> Path:
    """The proxy's program, installed below the checkout from the lock file if that has not been done yet."""
    here = Path(__file__).parent
    program = BUILD / "node_modules" / ".bin" / "prism"
    lock, installed = here / "package-lock.json", BUILD / "installed-lock.json"
    if program.exists() and installed.exists() and installed.read_bytes() == lock.read_bytes():
        return program
    npm = shutil.which("npm")
    if npm is None:
        raise CannotStart("npm is not there: the validating proxy needs Node.js 18.20 or newer")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(here / name, BUILD / name)
    options = ["--omit=dev", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run([npm, "ci", *options], cwd=BUILD, check=True, stdout=subprocess.DEVNULL)
    shutil.copy(lock, installed)
    return program


@contextmanager
def _running(command: list[str], name: str) -> Iterator[subprocess.Popen[bytes]]:
    """The process while the block runs; its output goes to a log that a failure names."""
    log = BUILD / f"{name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, cwd=BUILD)
        try:
            yield process
        finally:
            process.terminate()
            process.wait()


def _wait(process: subprocess.Popen[bytes], is_ready: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not is_ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise CannotStart(f"{what} does not come up; see the logs in {BUILD.relative_to(CHECKOUT)}")
        time.sleep(0.05)
