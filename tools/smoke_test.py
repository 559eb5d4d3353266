#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) 2026, mongodb_atlas.backup contributors
"""Runs smoke_test.yml with the installed collection, against the simulator.

usage: python tools/smoke_test.py [--module-python PATH]

Ansible runs from this program's environment and finds the collection in ANSIBLE_COLLECTIONS_PATH. The modules run on
the given interpreter, by default on Ansible's own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from simulator.process import simulator

PLAYBOOK = Path(__file__).with_suffix(".yml")
SECONDS_TO_RUN = 180


def main() -> int:
    parser = argparse.ArgumentParser(description="Test the installed collection against the simulator.")
    parser.add_argument("--module-python", default=sys.executable, metavar="PATH", help="interpreter for the modules")
    # Do not resolve links: the interpreter of a virtual environment is a link to another one.
    module_python = os.path.abspath(parser.parse_args().module_python)
    command = ["ansible-playbook", "-i", "localhost,", "-c", "local", str(PLAYBOOK)]
    quiet = {"ANSIBLE_FORCE_COLOR": "false", "ANSIBLE_LOCALHOST_WARNING": "false"}
    life = {"queued_seconds": 0.5, "in_progress_seconds": 1}
    with tempfile.TemporaryDirectory() as folder, simulator(Path(folder), **life) as atlas:
        variables = {"ansible_python_interpreter": module_python, "manifest": f"{folder}/manifest.json"}
        done = subprocess.run(
            [*command, "-e", json.dumps(variables)],
            cwd=folder,
            env={**os.environ, **quiet, **atlas.variables()},
            stdin=subprocess.DEVNULL,
            timeout=SECONDS_TO_RUN,
            check=False,
        )
    print(f"smoke test: {'FAILED' if done.returncode else 'passed'}, modules on {module_python}")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
