#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) 2026, mongodb_atlas.backup contributors
"""Runs the version-dependent tests with each supported ansible-core, each on a Python that this machine has.

Twice as many combinations run in parallel as the machine has cores; they share the cores.
These are the unit tests of plugins/, the sanity tests of the installed files, the modules on the oldest Python, every
module with its examples, and the integration targets except wire. `make test` runs everything else with the pinned
version.

usage: python tools/run_matrix.py [--list] [--but VERSION] [VERSION ...]

VERSION selects versions of ansible-core; the default is all of them, and --but leaves one out. --list prints the
combinations as JSON, for a workflow.
A combination without an interpreter on this machine is not run and counts as skipped. If nothing can be run, the result
is a failure.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from make import run_make, stop_targets_on_signal

# The Pythons that each ansible-core runs on. The first one found is used; the order makes the combinations use many.
MATRIX = {
    "2.17": ("3.10", "3.11", "3.12"),
    "2.18": ("3.11", "3.12", "3.13"),
    "2.19": ("3.12", "3.13", "3.11"),
    "2.20": ("3.12", "3.13", "3.14"),
    "2.21": ("3.13", "3.12", "3.14"),
}
# The oldest Python for modules, for all of them.
MODULE_PYTHON = "3.9"
CHECKS = ("units", "sanity", "modules", "examples", "integration")
# Lanes of make targets; without their ending, the targets are the checks above.
LANES = "integration-releases sanity-releases,modules examples-releases units-releases"
MINUTES_EACH = 30
CORES = max(2, os.cpu_count() or 2)
# A line of the table at the end of `make test`.
TABLE_LINE = re.compile(r"^(\S+) +(?:passed|FAILED) +(\d+) +(\d+) +\d+", re.MULTILINE)
TOTAL = re.compile(r"^(\d+) passed, (\d+) failed$", re.MULTILINE)


@dataclass
class Combination:
    """One ansible-core on one Python, with the results of its tests."""

    ansible_core: str
    python: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0
    cells: dict[str, str] = field(default_factory=dict)
    note: str = ""

    def line(self) -> str:
        cells = "".join(f"{self.cells.get(check, '-'):>15}" for check in CHECKS)
        return f"{self.ansible_core:<14}{self.python:<8}{cells}{self.seconds:>9.0f}  {self.note}".rstrip()


def find_python(version: str) -> str | None:
    """The interpreter of this version: from PATH, or from pyenv."""
    name = f"python{version}"
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for candidate in (shutil.which(name), *sorted(pyenv.glob(f"versions/{version}.*/bin/{name}"))):
        if candidate and (executable := ask_python(str(candidate), version)):
            return executable
    return None


def ask_python(candidate: str, version: str) -> str | None:
    """The path of the interpreter behind this name, which may be a launcher; None if its version is another one."""
    code = "import ensurepip, os, sys; print('%d.%d' % sys.version_info[:2], os.path.realpath(sys.executable))"
    done = subprocess.run([candidate, "-c", code], capture_output=True, text=True, check=False)
    found, _, executable = done.stdout.strip().partition(" ")
    return executable if done.returncode == 0 and found == version else None


def run(ansible_core: str, module_python: str | None, beside: int) -> Combination:
    """Run the tests with this ansible-core, in this many parallel lanes; the note explains what could not be run."""
    wanted = MATRIX[ansible_core]
    version, python = next(((each, path) for each in wanted if (path := find_python(each))), ("-", None))
    result = Combination(ansible_core, version)
    if python is None:
        result.skipped = 1
        result.note = f"NOT RUN: install Python {' or '.join(wanted)}"
        return result
    lanes = LANES
    if module_python is None:
        result.skipped = 1
        result.note = f"modules NOT RUN: install Python {MODULE_PYTHON}"
        lanes = lanes.replace(",modules", "")
    started = time.monotonic()
    variables = {"PYTHON": python, "ANSIBLE_CORE": ansible_core, "LANES": lanes, "BESIDE": str(beside)}
    variables["MODULE_PYTHON"] = module_python or ""
    # Clear ARGS: the targets must not get the ARGS of this program.
    settings = [f"{name}={value}" for name, value in variables.items()]
    echo = f"{ansible_core:<5}| "
    output = run_make("test", "--no-print-directory", "ARGS=", *settings, minutes=MINUTES_EACH, echo=echo).output
    result.seconds = time.monotonic() - started
    for check, passed, failed in TABLE_LINE.findall(output):
        result.cells[check.removesuffix("-releases")] = f"{failed} FAILED" if int(failed) else passed
    if total := TOTAL.search(output):
        result.passed, result.failed = int(total[1]), int(total[2])
    else:
        result.failed, result.note = 1, "NO RESULT"
    return result


def run_all(versions: list[str], module_python: str | None) -> list[Combination]:
    """Run every combination with its share of the cores."""
    if module_python:
        # All combinations share this environment, so create it before they start.
        run_make("module-venv", f"MODULE_PYTHON={module_python}", minutes=MINUTES_EACH)
    # More than cores, because each combination waits at times.
    beside = min(2 * CORES, len(versions))
    lanes = max(1, (CORES + 1) // beside)
    with ThreadPoolExecutor(beside) as pool:
        return list(pool.map(partial(run, module_python=module_python, beside=lanes), versions))


def table(results: Iterable[Combination]) -> str:
    head = f"{'ansible-core':<14}{'Python':<8}" + "".join(f"{check:>15}" for check in CHECKS) + f"{'seconds':>9}"
    return "\n".join([head, *(result.line() for result in results)])


def main() -> int:
    stop_targets_on_signal()
    parser = argparse.ArgumentParser(description="Run the version-dependent tests with each supported ansible-core.")
    parser.add_argument("--list", action="store_true", help="print the combinations as JSON")
    parser.add_argument("--but", action="append", default=[], metavar="VERSION", help="skip this ansible-core")
    parser.add_argument("versions", nargs="*", metavar="VERSION", help="ansible-core to run with (default: all)")
    options = parser.parse_args()
    if unknown := {*options.versions, *options.but} - set(MATRIX):
        parser.error(f"not in the matrix: {', '.join(sorted(unknown))}; it has {', '.join(MATRIX)}")
    versions = [version for version in options.versions or MATRIX if version not in options.but]
    if options.list:
        print(json.dumps([{"ansible_core": version, "python": MATRIX[version][0]} for version in versions]))
        return 0
    module_python = find_python(MODULE_PYTHON)
    results = run_all(versions, module_python)
    print(f"\n{table(results)}\n\nmodules run on Python {MODULE_PYTHON}\n")
    passed, failed, skipped = (sum(getattr(each, name) for each in results) for name in ("passed", "failed", "skipped"))
    # If nothing was run, that is a failure.
    failed = failed or int(not passed)
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
