# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An action that starts and stops the simulator, changes its world, and returns its log."""

from __future__ import annotations

import contextlib
import os
import signal
from collections import Counter
from pathlib import Path
from typing import Any

import trustme
from ansible.plugins.action import ActionBase

from ansible_collections.mongodb_atlas.backup.tests.simulator.process import Simulator, start, until

# Arguments in the order of execution, each with its request to the control interface.
ORDERS = {
    "reset": ("POST", "reset"),
    "settings": ("PATCH", "settings"),
    "clusters": ("POST", "clusters"),
    "snapshots": ("POST", "snapshots"),
    "contents": ("POST", "contents"),
    "restores": ("POST", "restores"),
    "clear_faults": ("DELETE", "faults"),
    "clear_log": ("DELETE", "requests"),
    "faults": ("POST", "faults"),
}


class ActionModule(ActionBase):
    """Arguments: start or start_tls (a folder for its files), stop, or any of ORDERS, where a list is several requests.

    start returns base_url, project_id, project_name, credentials and pid. All other tasks read them from the variable
    simulator. start_tls also returns ca_path, the certificate authority of its certificate.

    The others return the log and the world: requests, count, steps (of signed requests), connections, on-demand
    snapshots by cluster, taken (those by this collection), added (those of the arguments snapshots and restores), jobs
    (every restore job), started (those by this collection), and contents by cluster.
    """

    TRANSFERS_FILES = False
    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        arguments = self._task.args
        known = (task_vars or {}).get("simulator")
        if "start" in arguments:
            stop(known)
            result.update(begin(Path(arguments["start"])))
        elif "start_tls" in arguments:
            result.update(begin_tls(Path(arguments["start_tls"])))
        elif arguments.get("stop"):
            stop(known)
        else:
            result.update(visit(Simulator(known), arguments))
        return result


def begin(folder: Path) -> dict[str, Any]:
    """Start a simulator; it stops at the latest when the ansible-playbook of this task ends."""
    # A worker runs this task; its parent is the ansible-playbook that runs as long as the test.
    _process, atlas = start(folder, os.getppid(), {"queued_seconds": 0.1, "in_progress_seconds": 0.2})
    return atlas.state


def begin_tls(folder: Path) -> dict[str, Any]:
    """The same over TLS, with a certificate for this machine."""
    folder.mkdir()
    ca_path, chain = folder / "ca.pem", folder / "chain.pem"
    authority = trustme.CA()
    authority.cert_pem.write_to_path(ca_path)
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(chain)
    _process, atlas = start(folder, os.getppid(), {}, "--tls-cert", str(chain))
    return {**atlas.state, "ca_path": str(ca_path)}


def stop(known: Any) -> None:
    """Stop the simulator, if it still runs."""
    if not known:
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(known["pid"], signal.SIGTERM)
    until(lambda: not answers(Simulator(known)))


def answers(atlas: Simulator) -> bool:
    try:
        atlas.log()
    except OSError:
        return False
    return True


def visit(atlas: Simulator, arguments: dict[str, Any]) -> dict[str, Any]:
    """Send the requests to the control interface, then read the log and the world."""
    added = []
    for name, (method, path) in ORDERS.items():
        order = arguments.get(name)
        # All faults go into one request; the others need one request each.
        for each in order if isinstance(order, list) and name != "faults" else [order]:
            if each is not None:
                answer = atlas.order(method, path, each)
                added += [answer] if name in ("snapshots", "restores") else []
    log = atlas.log()
    jobs = atlas.restores()
    snapshots = {
        name: [snapshot for snapshot in held if snapshot["snapshot_type"] == "onDemand"]
        for name, held in atlas.snapshots().items()
    }
    return {
        "requests": [{**entry, "cluster": cluster_in(entry["path"])} for entry in log["requests"]],
        "count": log["count"],
        "steps": dict(Counter(entry["step"] for entry in log["requests"] if entry["signed"])),
        "connections": log["connections"],
        "snapshots": snapshots,
        "taken": [
            {"cluster": name, **snapshot}
            for name, held in snapshots.items()
            for snapshot in held
            if snapshot["taken_by"] != "somebody else"
        ],
        "added": added,
        "jobs": jobs,
        "started": [job for job in jobs if job["requested_by"] != "somebody else"],
        "contents": atlas.contents(),
    }


def cluster_in(path: str) -> str:
    """The cluster in a path, or an empty string."""
    return path.partition("lusters/")[2].partition("/")[0]
