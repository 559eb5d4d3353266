# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CONTRIBUTING.md against the tree: the tests that it names, the table of files, and the rules that it states."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PLUGINS = ROOT / "plugins"
FOLDERS = ("plugin_utils", "module_utils")
FILES = {
    path.relative_to(ROOT).as_posix(): path
    for folder in FOLDERS
    for path in sorted((PLUGINS / folder).rglob("*.py"))
    if path.name != "__init__.py"
}
MODULE_FILES = {name: path for name, path in FILES.items() if name.startswith("plugins/module_utils/")}
every_file = pytest.mark.parametrize("name", FILES)


def table() -> list[str]:
    """The files of the layers, in the order of the table."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return re.findall(r"^\| `(plugins/(?:plugin|module)_utils/[\w/]+\.py)` \|", text, re.MULTILINE)


def imports(path: Path) -> list[ast.Import | ast.ImportFrom]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]


def lines(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def is_documentation(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in ("DOCUMENTATION", "EXAMPLES", "RETURN")


def packages(path: Path) -> set[str]:
    """The names of its imports from outside, such as requests or ansible.module_utils.basic."""
    names: set[str] = set()
    for node in imports(path):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif not node.level:
            names.add(node.module or "")
    return names


def own(path: Path) -> set[str]:
    """The paths of the collection's files that it imports."""
    found: set[str] = set()
    for node in imports(path):
        if not isinstance(node, ast.ImportFrom) or not node.level:
            continue
        base = path.parents[node.level - 1].joinpath(*(node.module or "").split("."))
        targets = [base.with_suffix(".py")] if base.with_suffix(".py").is_file() else []
        targets += [base / f"{alias.name}.py" for alias in node.names if (base / f"{alias.name}.py").is_file()]
        assert targets, f"{path}: there is no file for {'.' * node.level}{node.module}"
        found.update(target.relative_to(ROOT).as_posix() for target in targets)
    return found


def importers(package: str) -> list[str]:
    """The files that import a package."""
    return [name for name, path in FILES.items() if any(each.split(".")[0] == package for each in packages(path))]


def test_every_test_that_the_page_names_exists() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\btest_\w+\b(?!\.py)", text))
    written = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests").rglob("test_*.py")))
    assert named - set(re.findall(r"\bdef (test_\w+)", written)) == set()


def test_every_file_is_in_the_table_once() -> None:
    assert sorted(table()) == sorted(FILES)


@every_file
def test_file_imports_lower_layers_only(name: str) -> None:
    order = table()
    assert [other for other in own(FILES[name]) if order.index(other) <= order.index(name)] == []


@every_file
def test_own_files_are_imported_relatively(name: str) -> None:
    assert not [each for each in packages(FILES[name]) if each.startswith("ansible_collections")]


def test_only_digest_and_the_connection_import_requests() -> None:
    connection = [f"plugins/module_utils/_atlas/{name}.py" for name in ("http_session", "http_settings")]
    assert importers("requests") == ["plugins/module_utils/_atlas/digest.py", *connection]
    assert importers("urllib3") == connection[:1]


@pytest.mark.parametrize("name", sorted(set(MODULE_FILES) - {"plugins/module_utils/_module.py"}))
def test_only_module_calls_exit_json_and_fail_json(name: str) -> None:
    text = FILES[name].read_text(encoding="utf-8")
    assert "AnsibleModule" not in text
    assert "fail_json" not in text
    assert "exit_json" not in text


def test_only_module_and_argspec_import_ansible() -> None:
    assert [name for name in importers("ansible") if name in MODULE_FILES] == [
        "plugins/module_utils/_argspec.py",
        "plugins/module_utils/_module.py",
    ]


@pytest.mark.parametrize("path", sorted((PLUGINS / "modules").glob("*.py")), ids=lambda path: path.stem)
def test_modules_import_neither_http_nor_time(path: Path) -> None:
    assert not {name.split(".")[0] for name in packages(path)} & {"requests", "urllib3", "time", "os", "asyncio"}
    internals = {f"plugins/module_utils/_atlas/{stem}.py" for stem in ("auth", "client", "http_session", "transport")}
    assert not own(path) & internals


def with_all_imports(path: Path) -> set[Path]:
    """The file, and all files of the collection that it imports directly or through others."""
    found, open_files = {path}, [path]
    while open_files:
        more = {ROOT / name for name in own(open_files.pop())} - found
        found |= more
        open_files += more
    return found


@pytest.mark.parametrize("path", sorted((PLUGINS / "action").glob("*.py")), ids=lambda path: path.stem)
def test_action_plugins_load_neither_http_nor_the_event_loop(path: Path) -> None:
    """Ansible imports them in every run, and these packages take most of the time that the imports cost."""
    used = {name.split(".")[0] for each in with_all_imports(path) for name in packages(each)}
    assert not used & {"asyncio", "requests", "urllib3"}


MOST_LINES_OF_A_FILE, MOST_LINES_OF_A_FUNCTION = 300, 40


@pytest.mark.parametrize("path", sorted(PLUGINS.rglob("*.py")), ids=lambda path: str(path.relative_to(PLUGINS)))
def test_files_and_functions_are_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    documentation = sum(lines(node) for node in tree.body if is_documentation(node))
    assert len(text.splitlines()) - documentation <= MOST_LINES_OF_A_FILE
    functions = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    assert {node.name: lines(node) for node in functions if lines(node) > MOST_LINES_OF_A_FUNCTION} == {}


@every_file
def test_every_file_says_that_it_is_private(name: str) -> None:
    assert "# Private to this collection" in FILES[name].read_text(encoding="utf-8")
