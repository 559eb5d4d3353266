# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulator as a separate process: start it, send it commands, stop it. Uses the standard library only."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# On a busy machine, loading the libraries takes long.
PATIENCE_SECONDS = 60.0
# Ignore proxies in the environment.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class CannotStart(RuntimeError):
    """A process ended, or took too long, before it was ready."""


@dataclass(frozen=True)
class Simulator:
    """state: the content of the state file that the simulator wrote at its start."""

    state: dict[str, Any]

    @property
    def base_url(self) -> str:
        return str(self.state["base_url"])

    @property
    def project_id(self) -> str:
        return str(self.state["project_id"])

    @property
    def owner(self) -> dict[str, str]:
        """The credentials with all permissions."""
        return dict(self.state["credentials"]["owner"])

    def variables(self) -> dict[str, str]:
        """The environment variables of the collection: base URL, project and key pair."""
        return {
            "MONGODB_ATLAS_BASE_URL": self.base_url,
            "MONGODB_ATLAS_PROJECT_ID": self.project_id,
            "MONGODB_ATLAS_PUBLIC_API_KEY": self.owner["public_key"],
            "MONGODB_ATLAS_PRIVATE_API_KEY": self.owner["private_key"],
        }

    def order(self, method: str, path: str, body: Any = None) -> Any:
        """The answer of the control interface; RuntimeError with its message if it refuses."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.base_url}/_simulator/{path}", data, method=method)
        try:
            with OPENER.open(request, timeout=PATIENCE_SECONDS) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"The simulator refused {method} {path}: {error.read().decode()}") from None

    def reset(self, **settings: Any) -> None:
        """Start again with the initial settings and these."""
        self.order("POST", "reset", settings)

    def fleet(self, count: int) -> list[str]:
        """The names of this many new clusters."""
        names: list[str] = self.order("POST", "clusters", {"name": "fleet", "count": count})
        return names

    def log(self) -> dict[str, Any]:
        """Every request so far."""
        log: dict[str, Any] = self.order("GET", "requests")
        return log

    def snapshots(self) -> dict[str, list[dict[str, Any]]]:
        """The snapshots of dedicated clusters, by the cluster's name."""
        snapshots: dict[str, list[dict[str, Any]]] = self.order("GET", "snapshots")
        return snapshots

    def restores(self) -> list[dict[str, Any]]:
        """Every restore job, oldest first, with its status."""
        jobs: list[dict[str, Any]] = self.order("GET", "restores")
        return jobs

    def contents(self) -> dict[str, dict[str, Any]]:
        """The content of each cluster, by the cluster's name."""
        contents: dict[str, dict[str, Any]] = self.order("GET", "contents")
        return contents

    def taken(self) -> dict[str, list[dict[str, Any]]]:
        """The snapshots that API callers took; clusters without any are left out."""
        kept = {
            cluster: [each for each in held if each["taken_by"] not in ("schedule", "somebody else")]
            for cluster, held in self.snapshots().items()
        }
        return {cluster: held for cluster, held in kept.items() if held}


@contextmanager
def simulator(folder: Path, **settings: Any) -> Iterator[Simulator]:
    """A simulator that runs during the block; its files are in the folder."""
    process, atlas = start(folder, os.getpid(), settings)
    try:
        yield atlas
    finally:
        end(process)


def start(
    folder: Path, parent: int, settings: dict[str, Any], *options: str, python: str = sys.executable
) -> tuple[subprocess.Popen[bytes], Simulator]:
    """Start a simulator on a free port; it ends with the process parent at the latest.

    options: further command line options. python: the interpreter.
    """
    state, chosen = folder / "simulator.json", folder / "settings.json"
    state.unlink(missing_ok=True)
    chosen.write_text(json.dumps(settings))
    command = [python, str(Path(__file__).parent), "--parent-pid", str(parent)]
    command += ["--state-file", str(state), "--settings", str(chosen), *options]
    process = launch(command, folder / "simulator.log", state.exists)
    return process, Simulator(json.loads(state.read_text()))


def launch(command: Sequence[str], log: Path, is_ready: Callable[[], bool]) -> subprocess.Popen[bytes]:
    """Start a process and wait until it is ready; CannotStart with the content of its log if that fails."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
    until(lambda: process.poll() is not None or is_ready())
    if process.poll() is None and is_ready():
        return process
    end(process)
    raise CannotStart(f"{log.stem} did not start: {log.read_text(errors='replace')}")


def end(process: subprocess.Popen[bytes]) -> None:
    """Terminate the process, and kill it if it does not end."""
    process.terminate()
    try:
        process.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def until(holds: Callable[[], bool]) -> bool:
    """Whether the condition became true before the timeout."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
