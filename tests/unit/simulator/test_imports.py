# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The core imports no sockets, does not sleep, and does not import the collection."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from ansible_collections.mongodb_atlas.backup.tests import simulator

FOLDER = Path(simulator.__file__).parent
FILES = sorted(FOLDER.glob("*.py"))
# Only these files may use sockets, processes or sleep.
OUTER = {"__main__.py", "cli.py", "delivery.py", "process.py", "server.py"}
FORBIDDEN = {"aiohttp", "asyncio", "random", "socket", "subprocess", "threading", "time"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_imports_are_allowed(file: Path) -> None:
    relative, absolute = _imports(file)
    assert not [name for name in absolute if name.split(".")[0] in ("plugins", "ansible", "ansible_collections")]
    if file.name not in OUTER:
        assert not {name.split(".")[0] for name in absolute} & FORBIDDEN
        assert not {f"{name}.py" for name in relative} & OUTER


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_files_are_short(file: Path) -> None:
    assert len(file.read_text().splitlines()) < 300


def _imports(file: Path) -> tuple[set[str], set[str]]:
    """The package's own modules and the other modules that a file imports."""
    relative: set[str] = set()
    absolute: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            relative |= {node.module} if node.module else {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            absolute.add(node.module or "")
        elif isinstance(node, ast.Import):
            absolute |= {each.name for each in node.names}
    return relative, absolute
