#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) 2026, mongodb_atlas.backup contributors
"""Runs smoke_test.yml with the installed collection, against the simulator.

usage: python tools/smoke_test.py [--module-python PATH]

Ansible runs from this program's environment and finds the collection where ANSIBLE_COLLECTIONS_PATH says. The
modules run on the interpreter that is named, else on Ansible's own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLAYBOOK = Path(__file__).with_suffix(".yml")
SECONDS_TO_START = 30
SECONDS_TO_RUN = 180


@contextmanager
def simulator(folder: Path) -> Iterator[dict[str, str]]:
    """A simulated Atlas, and the environment that leads to it."""
    state_file = folder / "simulator.json"
    command = [sys.executable, "-m", "tests.simulator", "--queued-seconds", "0.5", "--in-progress-seconds", "1"]
    command += ["--state-file", str(state_file), "--parent-pid", str(os.getpid())]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        try:
            end = time.monotonic() + SECONDS_TO_START
            while not state_file.exists():
                if process.poll() is not None or time.monotonic() > end:
                    raise SystemExit("smoke test: the simulator does not start")
                time.sleep(0.1)
            state = json.loads(state_file.read_text(encoding="utf-8"))
            owner = state["credentials"]["owner"]
            yield {
                "MONGODB_ATLAS_BASE_URL": state["base_url"],
                "MONGODB_ATLAS_PROJECT_ID": state["project_id"],
                "MONGODB_ATLAS_PUBLIC_API_KEY": owner["public_key"],
                "MONGODB_ATLAS_PRIVATE_API_KEY": owner["private_key"],
            }
        finally:
            process.terminate()


def main() -> int:
    parser = argparse.ArgumentParser(description="Try the installed collection against the simulator.")
    parser.add_argument("--module-python", default=sys.executable, metavar="PATH", help="what modules run on")
    # Kept as it is: the path of a virtual environment is a link to another interpreter.
    module_python = os.path.abspath(parser.parse_args().module_python)
    command = ["ansible-playbook", "-i", "localhost,", "-c", "local", str(PLAYBOOK)]
    with tempfile.TemporaryDirectory() as folder, simulator(Path(folder)) as atlas:
        variables = {"ansible_python_interpreter": module_python, "manifest": f"{folder}/manifest.json"}
        done = subprocess.run(
            [*command, "-e", json.dumps(variables)],
            cwd=folder,
            env={**os.environ, **atlas, "ANSIBLE_FORCE_COLOR": "false", "ANSIBLE_LOCALHOST_WARNING": "false"},
            stdin=subprocess.DEVNULL,
            timeout=SECONDS_TO_RUN,
            check=False,
        )
    print(f"smoke test: {'FAILED' if done.returncode else 'passed'}, modules on {module_python}")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
