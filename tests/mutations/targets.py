# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds a function by its name: its syntax tree, the function as Python runs it, and the code of a broken version."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from .functions import FUNCTIONS, KNOWN
from .rules import Function, breakages, replaced

CHECKOUT = Path(__file__).resolve().parents[2]
MODULE_UTILS = CHECKOUT / "plugins" / "module_utils"
PACKAGE = "ansible_collections.mongodb_atlas.backup.plugins.module_utils"


class Missing(Exception):
    """A function, or a place in it, that does not exist (any more)."""


@dataclass(frozen=True)
class Breakage:
    """One broken version of a function. what: the code before and after, or a sentence."""

    target: Target
    what: str
    broken: Function
    is_known: bool = False


@dataclass(frozen=True)
class Target:
    """A function of a file, as in _atlas/retry:Deadline.remaining."""

    name: str

    @property
    def file(self) -> str:
        """Its path below module_utils, without .py."""
        return self.name.partition(":")[0]

    @property
    def _parts(self) -> list[str]:
        return self.name.partition(":")[2].split(".")

    @property
    def _source(self) -> Path:
        return MODULE_UTILS / f"{self.file}.py"

    @property
    def node(self) -> Function:
        """The function in the syntax tree of its file."""
        found: Any = _parsed(self._source)
        for part in self._parts:
            found = next((each for each in getattr(found, "body", ()) if getattr(each, "name", None) == part), None)
        if not isinstance(found, (ast.FunctionDef, ast.AsyncFunctionDef)):
            raise Missing(f"{self.name} does not exist: change tests/mutations/functions.py")
        return found

    def function(self) -> FunctionType:
        """The function as Python runs it."""
        found: Any = import_module(f"{PACKAGE}.{self.file.replace('/', '.')}")
        for part in self._parts:
            found = inspect.getattr_static(found, part)
        if isinstance(found, property):
            found = found.fget
        if not isinstance(found, FunctionType):
            raise Missing(f"{self.name} is not a plain function or property")
        return found

    def code(self, version: Function) -> CodeType:
        """What Python runs for another version of the function, compiled in its place in the file."""
        node = self.node
        body, node.body = node.body, version.body
        try:
            code = compile(_parsed(self._source), str(self._source), "exec", dont_inherit=True)
        finally:
            node.body = body
        for part in self._parts:
            code = next(each for each in code.co_consts if isinstance(each, CodeType) and each.co_name == part)
        return code


@cache
def _parsed(source: Path) -> ast.Module:
    if not source.is_file():
        raise Missing(f"{source.relative_to(CHECKOUT)} does not exist: change tests/mutations/functions.py")
    return ast.parse(source.read_text(encoding="utf-8"))


def in_table() -> list[str]:
    """The functions that the rules break."""
    return [f"{file}:{path}" for file, paths in FUNCTIONS.items() for path in paths.split()]


def every_target() -> list[Target]:
    """Every function of the table, and those of the known breakages."""
    return [Target(name) for name in dict.fromkeys([*in_table(), *(known.function for known in KNOWN)])]


def breakages_of(target: Target) -> Iterator[Breakage]:
    """The known breakages of a function, and those that the rules make of a function of the table."""
    for known in KNOWN:
        if known.function == target.name:
            try:
                yield Breakage(target, known.what, replaced(target.node, known.source, known.instead), is_known=True)
            except ValueError as error:
                raise Missing(f"{target.file}: {error}: change tests/mutations/functions.py") from None
    if target.name not in in_table():
        return
    for what, broken in breakages(target.node):
        yield Breakage(target, what, broken)
