# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A simulated Atlas with clusters in every condition, and the playbook that reports on it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]
BUILD = CHECKOUT / ".build" / "browser"
START_SECONDS = 60.0

# As long as a name of Atlas can be.
LONG_NAME = "a-name-as-long-as-a-name-of-atlas-can-be-and-not-a-letter-longer"
# A word of Atlas that nobody knows, and that would be a script if it were not escaped.
HOSTILE_WORD = "<img src=x onerror=alert(1)>'\"&amp;"
# A cluster's name -> what is wrong with it, in the order of the page.
UNSAFE = {
    "demo-m0": "A free cluster (M0) has no backups at all.",
    "demo-nobackup": "Backups are switched off. There is no snapshot.",
    "only-failed": "The newest snapshot failed, and there is no other to rely on.",
    "only-started": "The newest snapshot is not completed (inProgress), and there is no other to rely on.",
    "strange": f"The newest snapshot is not completed ({HOSTILE_WORD}), and there is no other to rely on.",
}
CHECK = ("demo-geo",)
SAFE = (LONG_NAME, "demo-flex", "demo-m2", "demo-m5", "demo-paused", "demo-replica", "demo-sharded")


class Stage:
    """The simulator while it runs. state: how to reach it, as in its state file."""

    def __init__(self, state: dict[str, Any]) -> None:
        self._state = state

    def set(self) -> None:
        """One cluster in each condition that the page can tell, beside those of the demonstration."""
        self._tell("clusters", {"name": LONG_NAME, "history": True})
        self._tell("snapshots", {"cluster": "demo-geo", "status": "failed", "age_seconds": 1200})
        self._tell("snapshots", {"cluster": "demo-replica", "status": "inProgress", "age_seconds": 90})
        for name, status in (("only-failed", "failed"), ("only-started", "inProgress"), ("strange", "completed")):
            self._tell("clusters", {"name": name})
            self._tell("snapshots", {"cluster": name, "status": status, "age_seconds": 7200})
        self._fault("unknown_status", "strange", word=HOSTILE_WORD)

    def refuse_to_list(self, cluster: str) -> None:
        """From now on the caller may not see the snapshots of this cluster."""
        self._fault("status", cluster, status=403, error_code="ACCESS_FORBIDDEN")

    def snapshots(self) -> dict[str, list[dict[str, Any]]]:
        """Those of the dedicated clusters, as the simulator itself tells them."""
        with urllib.request.urlopen(self._address("snapshots"), timeout=10) as answer:
            told: dict[str, list[dict[str, Any]]] = json.load(answer)
        return told

    def report(self, page: Path) -> subprocess.CompletedProcess[str]:
        """Run the playbook as a user does, and let it write the page."""
        owner = self._state["credentials"]["owner"]
        environment = {
            **os.environ,
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "MONGODB_ATLAS_BASE_URL": self._state["base_url"],
            "MONGODB_ATLAS_PROJECT_ID": self._state["project_id"],
            "MONGODB_ATLAS_ACCESS_TOKEN": owner["access_token"],
        }
        command = ["ansible-playbook", "mongodb_atlas.backup.snapshot_report", "-e", f"snapshot_report_html={page}"]
        return subprocess.run(command, env=environment, cwd=BUILD, capture_output=True, text=True, check=False)

    def _fault(self, kind: str, cluster: str, **params: Any) -> None:
        match = {"step": "list", "path": f"/{cluster}/"}
        self._tell("faults", {"kind": kind, "match": match, "times": None, "params": params})

    def _tell(self, what: str, body: dict[str, Any]) -> None:
        with urllib.request.urlopen(self._address(what), data=json.dumps(body).encode(), timeout=10):
            pass

    def _address(self, what: str) -> str:
        return f"{self._state['base_url']}/_simulator/{what}"


@contextmanager
def stage() -> Iterator[Stage]:
    """A simulator of its own, ended whatever happens."""
    state = BUILD / "simulator.json"
    state.unlink(missing_ok=True)
    command = [sys.executable, str(CHECKOUT / "tests" / "simulator"), "--state-file", str(state)]
    command += ["--parent-pid", str(os.getpid())]
    with (BUILD / "simulator.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, cwd=BUILD)
        try:
            deadline = time.monotonic() + START_SECONDS
            while not state.exists():
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"the simulator does not come up; see {log.name}")
                time.sleep(0.05)
            yield Stage(json.loads(state.read_text()))
        finally:
            process.terminate()
            process.wait()
