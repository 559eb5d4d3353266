# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulator as a process of its own: starts it, orders and asks, ends it. Needs the standard library alone."""

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

# On a machine that has much else to do, the libraries take long to load.
PATIENCE_SECONDS = 60.0
# Never through a proxy of the environment.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class CannotStart(RuntimeError):
    """A process ended, or took too long, before it was ready."""


@dataclass(frozen=True)
class Simulator:
    """state: what the simulator told of itself at its start."""

    state: dict[str, Any]

    @property
    def base_url(self) -> str:
        return str(self.state["base_url"])

    @property
    def project_id(self) -> str:
        return str(self.state["project_id"])

    @property
    def owner(self) -> dict[str, str]:
        """The credentials of the one who may do everything."""
        return dict(self.state["credentials"]["owner"])

    def variables(self) -> dict[str, str]:
        """What the collection reads from the environment: address, project and key pair."""
        return {
            "MONGODB_ATLAS_BASE_URL": self.base_url,
            "MONGODB_ATLAS_PROJECT_ID": self.project_id,
            "MONGODB_ATLAS_PUBLIC_API_KEY": self.owner["public_key"],
            "MONGODB_ATLAS_PRIVATE_API_KEY": self.owner["private_key"],
        }

    def order(self, method: str, path: str, body: Any = None) -> Any:
        """What the control interface answers; RuntimeError with its own words where it refuses."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.base_url}/_simulator/{path}", data, method=method)
        try:
            with OPENER.open(request, timeout=PATIENCE_SECONDS) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"The simulator refused {method} {path}: {error.read().decode()}") from None

    def reset(self, **settings: Any) -> None:
        """A fresh world with the settings of the start and these."""
        self.order("POST", "reset", settings)

    def fleet(self, count: int) -> list[str]:
        """The names of so many new clusters."""
        names: list[str] = self.order("POST", "clusters", {"name": "fleet", "count": count})
        return names

    def log(self) -> dict[str, Any]:
        """Every request so far."""
        log: dict[str, Any] = self.order("GET", "requests")
        return log

    def snapshots(self) -> dict[str, list[dict[str, Any]]]:
        """Those of the dedicated clusters, by the cluster's name."""
        snapshots: dict[str, list[dict[str, Any]]] = self.order("GET", "snapshots")
        return snapshots

    def restores(self) -> list[dict[str, Any]]:
        """Every restore job, oldest first, with its status."""
        jobs: list[dict[str, Any]] = self.order("GET", "restores")
        return jobs

    def contents(self) -> dict[str, dict[str, Any]]:
        """What each cluster holds, by the cluster's name."""
        contents: dict[str, dict[str, Any]] = self.order("GET", "contents")
        return contents

    def taken(self) -> dict[str, list[dict[str, Any]]]:
        """The snapshots that callers took; clusters without any are left out."""
        kept = {
            cluster: [each for each in held if each["taken_by"] not in ("schedule", "somebody else")]
            for cluster, held in self.snapshots().items()
        }
        return {cluster: held for cluster, held in kept.items() if held}


@contextmanager
def simulator(folder: Path, **settings: Any) -> Iterator[Simulator]:
    """A simulator while the block runs; its files lie in the folder."""
    process, atlas = start(folder, os.getpid(), settings)
    try:
        yield atlas
    finally:
        end(process)


def start(
    folder: Path, parent: int, settings: dict[str, Any], *options: str, python: str = sys.executable
) -> tuple[subprocess.Popen[bytes], Simulator]:
    """A simulator on a free port that ends with the process parent at the latest.

    options: more of its command line. python: what it runs on.
    """
    state, chosen = folder / "simulator.json", folder / "settings.json"
    state.unlink(missing_ok=True)
    chosen.write_text(json.dumps(settings))
    command = [python, str(Path(__file__).parent), "--parent-pid", str(parent)]
    command += ["--state-file", str(state), "--settings", str(chosen), *options]
    process = launch(command, folder / "simulator.log", state.exists)
    return process, Simulator(json.loads(state.read_text()))


def launch(command: Sequence[str], log: Path, is_ready: Callable[[], bool]) -> subprocess.Popen[bytes]:
    """A process that is ready, and that writes into the log; CannotStart with its words otherwise."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
    until(lambda: process.poll() is not None or is_ready())
    if process.poll() is None and is_ready():
        return process
    end(process)
    raise CannotStart(f"{log.stem} did not start: {log.read_text(errors='replace')}")


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask it to end, and see that it does."""
    process.terminate()
    try:
        process.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def until(holds: Callable[[], bool]) -> bool:
    """Whether it holds before the patience is over."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
