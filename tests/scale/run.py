# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks what holds for fleets and for several projects: counts, examples, lines of progress, ansible's other tools.

usage: python tests/scale/run.py [NAME ...]

Everything runs against the simulator. A name is a check_*.py file, a class or a test in it: check_fleet,
check_fleet.OneTask. The last line counts the tests.
"""

from __future__ import annotations

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scale import workshop

HERE = Path(__file__).resolve().parent


def main(names: list[str]) -> int:
    workshop.enter()
    names = names or sorted(path.stem for path in HERE.glob("check_*.py"))
    suite = unittest.defaultTestLoader.loadTestsFromNames([f"scale.{name}" for name in names])
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(suite)
    # A test can fail in several of its parts, and a class before its first test.
    failed = len({test.id().split(" ")[0] for test, _unused in result.failures + result.errors})
    if result.skipped:
        print(f"{len(result.skipped)} skipped")
    passed = max(0, result.testsRun - failed - len(result.skipped))
    print(f"{passed} passed, {failed or int(not passed)} failed")
    return 0 if result.wasSuccessful() and result.testsRun else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
