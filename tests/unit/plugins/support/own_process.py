# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A program that runs one module and shows on standard error how much memory it took at most.

Arguments: the folder of the collection, the name of the module, its options as JSON.
"""

from __future__ import annotations

import importlib
import json
import re
import resource
import sys
from pathlib import Path
from types import ModuleType

from ansible.module_utils import basic

COLLECTION = "ansible_collections.mongodb_atlas.backup"
PEAK = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)


def peak_kb() -> int:
    """The peak memory of this process in kB; on Linux ru_maxrss would start with the memory of the parent."""
    status = Path("/proc/self/status")
    found = PEAK.search(status.read_text()) if status.exists() else None
    return int(found[1]) if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(folder: str, name: str, options: str) -> None:
    for part, path in (("ansible_collections", []), ("ansible_collections.mongodb_atlas", []), (COLLECTION, [folder])):
        package = ModuleType(part)
        package.__path__ = path
        sys.modules[part] = package
    basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": json.loads(options)}).encode()
    basic._ANSIBLE_PROFILE = "legacy"  # needed since ansible-core 2.19
    module = importlib.import_module(f"{COLLECTION}.plugins.modules.{name}")
    try:
        module.main()
    finally:
        print(peak_kb(), file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
