# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Shared by all tests: running playbooks against the simulator, and assertions about the result."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from simulator.process import Simulator

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parents[1] / "examples"
PLAYBOOKS = HERE / "playbooks"
# Set by make.
COLLECTIONS = Path(os.environ["ANSIBLE_COLLECTIONS_PATH"])
PATIENCE_SECONDS = 300.0
NO_LIMIT = {"backup_limit": 100_000, "backup_refill": 100_000.0}
# A snapshot that completes quickly.
SHORT = {"queued_seconds": 1.5, "in_progress_seconds": 0.7, **NO_LIMIT}


def environment(**more: str) -> dict[str, str]:
    """The environment of Ansible's programs: the plugins of these tests, and the given variables."""
    return {
        **os.environ,
        # By default this folder is below HOME, which can differ between the background job and the task that polls it.
        "ANSIBLE_ASYNC_DIR": str(Path(tempfile.gettempdir(), "ansible_async")),
        "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "plugins" / "callback"),
        "ANSIBLE_CONNECTION_PLUGINS": str(HERE / "plugins" / "connection"),
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_NOCOLOR": "true",
        **more,
    }


def run(*command: str, variables: Mapping[str, str], cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a program until it ends; variables are added to the usual environment."""
    return subprocess.run(
        command,
        cwd=cwd,
        env=environment(**variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def play(atlas: Simulator, playbook: Path, *options: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return run("ansible-playbook", str(playbook), *options, variables={**atlas.variables(), **variables})


def assert_went_well(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


def assert_one_each(atlas: Simulator, names: list[str]) -> None:
    """Exactly these clusters have a snapshot taken by the test, one each."""
    counts = {name: len(held) for name, held in atlas.taken().items()}
    assert counts == dict.fromkeys(names, 1), counts


def assert_no_secret(atlas: Simulator, text: str) -> None:
    for name in ("private_key", "client_secret", "access_token"):
        assert atlas.owner[name] not in text, name


def listed(names: list[str]) -> str:
    """The names of clusters as JSON for --extra-vars."""
    return json.dumps({"clusters": names})
