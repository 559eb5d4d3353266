# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of files in CONTRIBUTING.md is what the files are, and what they import."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PLUGINS = ROOT / "plugins"
HELPERS = sorted(path.stem for path in (PLUGINS / "module_utils").glob("_*.py"))
IMPORT = re.compile(r"^\s*from \.(?:(?:\.module_utils\.)?(?=_\w+ import)| import )(_\w+)", re.MULTILINE)


def table() -> list[tuple[str, set[str]]]:
    """The helper files in the table's order, with the imports that it tells."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    found = re.findall(r"^\| `(_\w+)\.py` \|.*\| ?([^|]*) \|$", text, re.MULTILINE)
    return [(name, set(re.findall(r"`(_\w+)`", imports))) for name, imports in found]


TABLE = dict(table())


def imports(path: Path) -> set[str]:
    return set(IMPORT.findall(path.read_text(encoding="utf-8")))


def test_every_file_is_in_the_table_once() -> None:
    assert sorted(name for name, _imports in table()) == HELPERS


@pytest.mark.parametrize("name", HELPERS)
def test_the_imports_are_those_of_the_file(name: str) -> None:
    assert TABLE[name] == imports(PLUGINS / "module_utils" / f"{name}.py")


def test_imports_go_down_only() -> None:
    order = [name for name, _imports in table()]
    upwards = [(name, one) for name, ones in TABLE.items() for one in ones if order.index(one) <= order.index(name)]
    assert upwards == []


@pytest.mark.parametrize("path", sorted((PLUGINS / "modules").glob("*.py")), ids=lambda path: path.stem)
def test_modules_know_nothing_of_the_connection(path: Path) -> None:
    assert not imports(path) & {"_auth", "_client", "_http"}
