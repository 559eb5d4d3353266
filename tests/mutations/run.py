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
        if not passes(copy, tests):
            print("the tests fail without any breakage")
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
    caught = broken != whole and not passes(copy, [breakage.caught_by])
    file.write_text(whole, encoding="utf-8")
    print(
        f"{'caught' if caught else 'NOT CAUGHT':<11} {breakage.what} ({breakage.file}): {breakage.caught_by}",
        flush=True,
    )
    return caught


def passes(copy: Path, tests: list[str]) -> bool:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *(TESTS + test for test in tests)]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=copy, env=environment, capture_output=True, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
