# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compares the simulator with the evidence of what Atlas answers: recordings, and the published specification.

usage: python tests/contract/run.py

The evidence is outside of the project, in $ATLAS_API_DIR or in shared/atlas-api beside the checkout. Without it, the
check fails.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from contract.proxy import BUILD, CHECKOUT, proxy
from contract.recordings import Answer, backup_answers, compare
from contract.restore_recordings import restore_answers
from simulator.process import CannotStart, simulator

PROBE_RESULT = re.compile(r"contract: (\d+) of (\d+) answers hold")


def main() -> int:
    evidence = Path(os.environ.get("ATLAS_API_DIR") or CHECKOUT.parent / "shared" / "atlas-api")
    if not (evidence / "openapi.json").is_file():
        print("contract: NOT CHECKED: set ATLAS_API_DIR to the folder with the evidence")
        return 1
    BUILD.mkdir(parents=True, exist_ok=True)
    try:
        results = [
            _check_recordings(evidence / "recordings", backup_answers()),
            _check_recordings(evidence / "recordings-restores", restore_answers()),
            _check_document(evidence, "contract_probe.py"),
            _check_document(evidence, "contract_probe_restores.py"),
        ]
    except (CannotStart, subprocess.CalledProcessError) as error:
        print(f"contract: {error}", file=sys.stderr)
        return 1
    passed, failed = (sum(counts) for counts in zip(*results, strict=True))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def _check_recordings(folder: Path, answers: Iterable[tuple[str, Answer]]) -> tuple[int, int]:
    """How many recordings the simulator reproduces, and how many it does not."""
    results = list(compare(folder, answers))
    for name, differences in results:
        for difference in differences:
            print(f"recording {name}: {difference}")
    failed = sum(bool(differences) for _unused, differences in results)
    # Without any recording, the check fails.
    return len(results) - failed, failed or int(not results)


def _check_document(evidence: Path, name: str) -> tuple[int, int]:
    """Run the probe; return how many answers conform to the specification, and how many do not."""
    short = {"queued_seconds": 0.3, "in_progress_seconds": 0.9, "restore_queued_seconds": 0.3, "restore_seconds": 0.9}
    with simulator(BUILD, **short) as atlas, proxy(evidence / "openapi.json", atlas.base_url) as address:
        token = atlas.owner["access_token"]
        command = [sys.executable, str(evidence / name), address, atlas.project_id, token]
        probe = subprocess.run(command, capture_output=True, text=True, check=False)
    print(probe.stdout + probe.stderr, end="")
    result = PROBE_RESULT.search(probe.stdout)
    if result is None:
        return 0, 1
    held, asked = int(result[1]), int(result[2])
    # An exit code that the counts do not explain is one more failure.
    return held, (asked - held) or int(probe.returncode != 0)


if __name__ == "__main__":
    sys.exit(main())
