# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulator as a process of its own, and what there is to order and to ask of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .workshop import CHECKOUT

START_SECONDS = 30.0
# Never through a proxy of the environment.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


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

    def variables(self, *, service_account: bool = False) -> dict[str, str]:
        """What the collection reads from the environment: address, project and credentials."""
        owner = self.owner
        credentials = {
            "MONGODB_ATLAS_PUBLIC_API_KEY": owner["public_key"],
            "MONGODB_ATLAS_PRIVATE_API_KEY": owner["private_key"],
        }
        if service_account:
            credentials = {
                "MONGODB_ATLAS_CLIENT_ID": owner["client_id"],
                "MONGODB_ATLAS_CLIENT_SECRET": owner["client_secret"],
            }
        address = {"MONGODB_ATLAS_BASE_URL": self.base_url, "MONGODB_ATLAS_PROJECT_ID": self.project_id}
        return {**address, **credentials}

    def order(self, method: str, path: str, body: Any = None) -> Any:
        """What the control interface answers."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.base_url}/_simulator/{path}", data, method=method)
        with OPENER.open(request, timeout=START_SECONDS) as answer:
            return json.load(answer)

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

    def taken(self) -> dict[str, list[dict[str, Any]]]:
        """The snapshots that callers took, by the cluster's name; clusters without any are left out."""
        kept = {
            cluster: [each for each in held if each["taken_by"] not in ("schedule", "somebody else")]
            for cluster, held in self.order("GET", "snapshots").items()
        }
        return {cluster: held for cluster, held in kept.items() if held}


@contextmanager
def simulator(folder: Path, **settings: Any) -> Iterator[Simulator]:
    """A simulator on a free port while the block runs; its files lie in the folder."""
    state, log, chosen = folder / "simulator.json", folder / "simulator.log", folder / "settings.json"
    state.unlink(missing_ok=True)
    chosen.write_text(json.dumps(settings))
    command = [sys.executable, str(CHECKOUT / "tests" / "simulator"), "--state-file", str(state)]
    command += ["--settings", str(chosen), "--parent-pid", str(os.getpid())]
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        try:
            _wait(process, state, log)
            yield Simulator(json.loads(state.read_text()))
        finally:
            process.terminate()
            process.wait()


def _wait(process: subprocess.Popen[bytes], state: Path, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not state.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"The simulator did not start: {log.read_text()}")
        time.sleep(0.05)
