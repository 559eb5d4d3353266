# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which file may touch what."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PLUGINS = Path(__file__).parents[4] / "plugins"
FILES = sorted((PLUGINS / "module_utils").glob("_*.py"))
MODULES = sorted((PLUGINS / "modules").glob("*.py"))
every_file = pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])


def imported(path: Path) -> set[str]:
    """The names of modules and what is taken from them, as in requests, ansible.module_utils.basic.AnsibleModule."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            names.update(f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)
    return names


def own(path: Path) -> set[str]:
    return {name.split(".")[1] for name in imported(path) if name.startswith("._")}


def of(package: str) -> list[str]:
    """The helper files that import a package."""
    return [path.stem for path in FILES if any(name.split(".")[0] == package for name in imported(path))]


def test_there_is_no_circle() -> None:
    order = list(TopologicalSorter({path.stem: own(path) for path in FILES}).static_order())

    assert set(order) == {path.stem for path in FILES}
    assert order.index("_records") < order.index("_find") < order.index("_wait") < order.index("_take")
    assert order.index("_client") < order.index("_api") < order.index("_module")


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


@pytest.mark.parametrize("path", MODULES, ids=[path.stem for path in MODULES])
def test_modules_know_neither_http_nor_time(path: Path) -> None:
    names = imported(path)
    assert not {name for name in names if name.split(".")[0] in ("requests", "urllib3", "time", "os", "asyncio")}
    assert not {name for name in names if "_http" in name or "_client" in name or "_auth" in name}


@every_file
def test_every_file_says_that_it_is_private(path: Path) -> None:
    assert "# Private to this collection" in path.read_text(encoding="utf-8")
