# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of files in CONTRIBUTING.md is what the files are, and what they import; and which file may touch what."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PLUGINS = ROOT / "plugins"
FILES = sorted((PLUGINS / "module_utils").glob("_*.py"))
HELPERS = [path.stem for path in FILES]
every_file = pytest.mark.parametrize("path", FILES, ids=HELPERS)


def table() -> list[tuple[str, set[str]]]:
    """The helper files in the table's order, with the imports that it tells."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    found = re.findall(r"^\| `(_\w+)\.py` \|.*\| ?([^|]*) \|$", text, re.MULTILINE)
    return [(name, set(re.findall(r"`(_\w+)`", imports))) for name, imports in found]


TABLE = dict(table())


def imported(path: Path) -> set[str]:
    """The names of modules and what is taken from them, as in requests, ansible.module_utils.basic.AnsibleModule."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            names.update(f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)
    return names


def own(path: Path) -> set[str]:
    """The helper files that it imports."""
    return {part for name in imported(path) if name.startswith(".") for part in name.split(".")} & set(HELPERS)


def of(package: str) -> list[str]:
    """The helper files that import a package."""
    return [path.stem for path in FILES if any(name.split(".")[0] == package for name in imported(path))]


def test_every_file_is_in_the_table_once() -> None:
    assert sorted(name for name, _imports in table()) == HELPERS


@every_file
def test_the_imports_are_those_of_the_file(path: Path) -> None:
    assert TABLE[path.stem] == own(path)


def test_imports_go_down_only() -> None:
    order = [name for name, _imports in table()]
    upwards = [(name, one) for name, ones in TABLE.items() for one in ones if order.index(one) <= order.index(name)]
    assert upwards == []


def test_only_two_files_import_requests() -> None:
    assert of("requests") == ["_auth", "_http"]
    assert of("urllib3") == ["_http"]


@every_file
def test_only_module_ends_the_module(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if path.stem != "_module":
        assert "AnsibleModule" not in text
        assert "fail_json" not in text
        assert "exit_json" not in text


@every_file
def test_ansible_is_known_to_two_files_only(path: Path) -> None:
    assert path.stem in ("_module", "_argspec") or not any(name.startswith("ansible") for name in imported(path))


@pytest.mark.parametrize("stem", ["_records", "_hints", "_secrets"])
def test_pure_files_import_none_of_the_others(stem: str) -> None:
    assert own(PLUGINS / "module_utils" / f"{stem}.py") == set()


@pytest.mark.parametrize("path", sorted((PLUGINS / "modules").glob("*.py")), ids=lambda path: path.stem)
def test_modules_know_neither_http_nor_time(path: Path) -> None:
    names = imported(path)
    assert not {name for name in names if name.split(".")[0] in ("requests", "urllib3", "time", "os", "asyncio")}
    assert not own(path) & {"_auth", "_client", "_http"}


@every_file
def test_every_file_says_that_it_is_private(path: Path) -> None:
    assert "# Private to this collection" in path.read_text(encoding="utf-8")
