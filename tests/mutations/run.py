# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Break the request policy on purpose, one breakage at a time, and see that its test turns red.

Works on a copy of the checkout. Each test has to pass before its breakage, and to fail after it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from breakages import BREAKAGES, Breakage

CHECKOUT = Path(__file__).resolve().parents[2]
PARTS = ("conftest.py", "pyproject.toml", "plugins", "meta", "tests/unit", "tests/simulator")
TESTS = "tests/unit/plugins/module_utils/"


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "ansible_collections" / "mongodb_atlas" / "backup"
        for part in PARTS:
            copy_part(part, copy)
        tests = sorted({breakage.caught_by for breakage in BREAKAGES})
        unbroken = run_tests(copy, tests)
        if unbroken.returncode:
            print(f"{unbroken.stdout}{unbroken.stderr}\nthe tests fail without any breakage")
            return 1
        survivors = [breakage for breakage in BREAKAGES if not is_caught(copy, breakage)]
    print(f"\n{len(BREAKAGES) - len(survivors)} passed, {len(survivors)} failed")
    return 1 if survivors else 0


def copy_part(part: str, copy: Path) -> None:
    (copy / part).parent.mkdir(parents=True, exist_ok=True)
    if (CHECKOUT / part).is_dir():
        shutil.copytree(CHECKOUT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(CHECKOUT / part, copy / part)


def is_caught(copy: Path, breakage: Breakage) -> bool:
    """Whether the test turns red; a text that is not there any more is a breakage that breaks nothing."""
    file = copy / "plugins" / "module_utils" / breakage.file
    whole = file.read_text(encoding="utf-8")
    broken = whole.replace(breakage.text, breakage.instead)
    file.write_text(broken, encoding="utf-8")
    caught = broken != whole and turns_red(copy, breakage.caught_by)
    file.write_text(whole, encoding="utf-8")
    print(
        f"{'caught' if caught else 'NOT CAUGHT':<11} {breakage.what} ({breakage.file}): {breakage.caught_by}",
        flush=True,
    )
    return caught


def turns_red(copy: Path, test: str) -> bool:
    """Whether the test itself fails; pytest that ends otherwise, as over a file that nobody can import, is no proof."""
    outcome = run_tests(copy, [test])
    return outcome.returncode == 1 and f"\nFAILED {os.path.normpath(TESTS + test)}" in outcome.stdout


def run_tests(copy: Path, tests: list[str]) -> subprocess.CompletedProcess[str]:
    options = ["-q", "-x", "--color=no", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *options, *(TESTS + test for test in tests)]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)


if __name__ == "__main__":
    sys.exit(main())
