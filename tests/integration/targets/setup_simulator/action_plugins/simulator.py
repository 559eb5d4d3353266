# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator as a task: starts and stops it, sets up its world, and tells what was asked of it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase

from ansible_collections.mongodb_atlas import backup as collection

PATIENCE_SECONDS = 20.0
# Arguments in the order in which they are carried out: how each is asked of the control interface.
ORDERS = {
    "reset": ("POST", "reset"),
    "settings": ("PATCH", "settings"),
    "clusters": ("POST", "clusters"),
    "snapshots": ("POST", "snapshots"),
    "clear_faults": ("DELETE", "faults"),
    "faults": ("POST", "faults"),
}


class ActionModule(ActionBase):
    """Arguments: start (a folder for its files), stop, or any of ORDERS, where a list is a list of orders, and run.

    run (module_name, module_args) executes a module once the orders are carried out, and returns its result in ran.

    start returns base_url, project_id, project_name, credentials and pid, for the variable simulator that all others
    read. They return what the simulator was asked and holds by then: requests, count, steps (of signed requests),
    connections, on-demand snapshots by cluster, taken (those by this collection), and added (those of the argument
    snapshots).
    """

    TRANSFERS_FILES = False
    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        arguments = self._task.args
        known = (task_vars or {}).get("simulator")
        if "start" in arguments:
            stop(known)
            result.update(start(Path(arguments["start"])))
        elif arguments.get("stop"):
            stop(known)
        else:
            result.update(visit(str(known["base_url"]), arguments))
            if "run" in arguments:
                result["ran"] = self._execute_module(**arguments["run"], task_vars=task_vars)
        return result


def start(folder: Path) -> dict[str, Any]:
    """How to reach a new simulator; it ends at the latest with the ansible-playbook that runs this task."""
    state, log = folder / "simulator.json", folder / "simulator.log"
    state.unlink(missing_ok=True)
    program = Path(next(iter(collection.__path__)), "tests", "simulator")
    # A worker runs this task: its parent is the ansible-playbook that lives as long as the test.
    options = ["--state-file", str(state), "--parent-pid", str(os.getppid())]
    options += ["--queued-seconds", "0.1", "--in-progress-seconds", "0.2"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, str(program), *options],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    if not until(lambda: state.exists() or process.poll() is not None) or process.poll() is not None:
        process.kill()
        raise AnsibleError(f"The simulator did not start: {log.read_text(errors='replace')}")
    known: dict[str, Any] = json.loads(state.read_text())
    return known


def stop(known: Any) -> None:
    """End it; one that is not there any more is fine."""
    if not known:
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(known["pid"], signal.SIGTERM)
    until(lambda: not answers(known["base_url"]))


def answers(base_url: str) -> bool:
    try:
        control(base_url, "GET", "settings")
    except OSError:
        return False
    return True


def visit(base_url: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Carry out the orders, then look around."""
    added = []
    for name, (method, path) in ORDERS.items():
        order = arguments.get(name)
        # The faults are one request, the others one for each order.
        for each in order if isinstance(order, list) and name != "faults" else [order]:
            if each is not None:
                answer = control(base_url, method, path, each)
                added += [answer] if name == "snapshots" else []
    log = control(base_url, "GET", "requests")
    snapshots = {
        name: [snapshot for snapshot in held if snapshot["snapshot_type"] == "onDemand"]
        for name, held in control(base_url, "GET", "snapshots").items()
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
    }


def cluster_in(path: str) -> str:
    """The cluster that an address is of, empty where it is of none."""
    return path.partition("lusters/")[2].partition("/")[0]


def control(base_url: str, method: str, path: str, body: Any = None) -> Any:
    """What the control interface answers; its own words where it refuses."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{base_url}/_simulator/{path}", data, method=method)
    # Never through a proxy of the environment.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=PATIENCE_SECONDS) as answer:
            return json.load(answer)
    except urllib.request.HTTPError as error:
        raise AnsibleError(f"The simulator refused {method} {path}: {error.read().decode()}") from None


def until(holds: Any) -> bool:
    """Whether it holds before the patience is over."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True
