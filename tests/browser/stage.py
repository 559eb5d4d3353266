# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A simulated Atlas with clusters in every condition, and the playbook that reports on them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

from simulator.process import Simulator

CHECKOUT = Path(__file__).resolve().parents[2]
BUILD = CHECKOUT / ".build" / "browser"

# As long as a cluster name can be.
LONG_NAME = "a-name-as-long-as-a-name-of-atlas-can-be-and-not-a-letter-longer"
# An unknown status, which would run as a script if it were not escaped.
HOSTILE_WORD = "<img src=x onerror=alert(1)>'\"&amp;"
# A cluster's name -> the reason shown for it, in the order of the page.
UNSAFE = {
    "demo-m0": "A free cluster (M0) has no backups at all.",
    "demo-nobackup": "Backups are switched off. There is no snapshot.",
    "only-failed": "The newest snapshot is not assured: its status is 'failed', not completed.",
    "only-started": "The newest snapshot is not assured: its status is 'inProgress', not completed.",
    "strange": f"The newest snapshot is not assured: its status is '{HOSTILE_WORD}', not completed.",
}
CHECK = ("demo-geo",)
SAFE = (LONG_NAME, "demo-flex", "demo-m2", "demo-m5", "demo-paused", "demo-replica", "demo-sharded")
# Target, source and status of each restore, in the order of the page.
RESTORES = [
    (HOSTILE_WORD, "demo-sharded", "completed"),
    ("drill-replica", "demo-replica", "failed"),
    ("demo-replica", "demo-replica", "completed"),
    ("demo-flex", "demo-flex", "completed"),
    (LONG_NAME, LONG_NAME, "completed"),
]


class Stage:
    """The simulator for the page, and the playbook that writes it."""

    def __init__(self, atlas: Simulator) -> None:
        self._atlas = atlas

    def set(self) -> None:
        """Add one cluster in each condition that the page can show, to those of the demo."""
        self._atlas.order("POST", "clusters", {"name": LONG_NAME, "history": True})
        self._atlas.order("POST", "snapshots", {"cluster": "demo-geo", "status": "failed", "age_seconds": 1200})
        self._atlas.order("POST", "snapshots", {"cluster": "demo-replica", "status": "inProgress", "age_seconds": 90})
        for name, status in (("only-failed", "failed"), ("only-started", "inProgress"), ("strange", "completed")):
            self._atlas.order("POST", "clusters", {"name": name})
            self._atlas.order("POST", "snapshots", {"cluster": name, "status": status, "age_seconds": 7200})
        self._fault("unknown_status", "strange", word=HOSTILE_WORD)
        self._restore("demo-sharded", "Drill/drill-sharded", "completed", 3600)
        self._restore("demo-replica", "Drill/drill-replica", "failed", 7200)
        for place, name in enumerate(("demo-replica", "demo-flex", LONG_NAME), 3):
            self._restore(name, name, "completed", place * 3600)
        fields = {"results.0.targetClusterName": HOSTILE_WORD}
        match = {"step": "restore_list", "path": "/demo-sharded/"}
        fault = {"kind": "replace_json", "match": match, "times": None, "params": {"fields": fields}}
        self._atlas.order("POST", "faults", fault)

    def refuse_to_list(self, cluster: str) -> None:
        """From now on the caller may not list the snapshots of this cluster."""
        self._fault("status", cluster, status=403, error_code="ACCESS_FORBIDDEN")

    def snapshots(self) -> dict[str, list[dict[str, Any]]]:
        """The snapshots of dedicated clusters, from the control interface."""
        return self._atlas.snapshots()

    def report(self, page: Path) -> subprocess.CompletedProcess[str]:
        """Run the playbook as a user does, and write the page."""
        environment = {
            **os.environ,
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            **self._atlas.variables(),
        }
        command = ["ansible-playbook", "mongodb_atlas.backup.snapshot_report", "-e", f"snapshot_report_html={page}"]
        command += ["-e", "snapshot_report_restores=true"]
        return subprocess.run(command, env=environment, cwd=BUILD, capture_output=True, text=True, check=False)

    def _restore(self, source: str, target: str, status: str, seconds_ago: int) -> None:
        order = {"cluster": source, "target": target, "status": status, "age_seconds": seconds_ago}
        self._atlas.order("POST", "restores", {**order, "ended_seconds": seconds_ago - 600})

    def _fault(self, kind: str, cluster: str, **params: Any) -> None:
        match = {"step": "list", "path": f"/{cluster}/"}
        self._atlas.order("POST", "faults", {"kind": kind, "match": match, "times": None, "params": params})
