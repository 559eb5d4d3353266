# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules that break a function: each replaces one node of its syntax tree with something that is valid, and wrong.

There is no rule whose breakages other rules include. A condition, for example, becomes true and false, but it is not
negated: a test that fails for both would fail for the negation as well.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterable, Iterator
from typing import TypeAlias, TypeVar

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
_Node = TypeVar("_Node", bound=ast.AST)

OPPOSITES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
SWAPPED_CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}
# Enumerations that decide: each member becomes the next one.
ENUMERATIONS = {
    "Verdict": ("FINAL", "NOTHING_DONE", "UNCERTAIN"),
    "Holds": ("OLD_DATA", "UNKNOWN", "RESTORED", "NOTHING"),
    "Match": ("SAME", "UNCLEAR", "OTHER"),
}


def breakages(function: Function) -> Iterator[tuple[str, Function]]:
    """Every broken version of a function, with a text that shows the code before and after."""
    count: dict[str, int] = {}
    for node in _places(function):
        for instead in _variants(node):
            what = _what(node, instead)
            count[what] = count.get(what, 0) + 1
            yield what if count[what] == 1 else f"{what} ({count[what]})", _replaced(function, node, instead)


def replaced(function: Function, source: str, instead: str) -> Function:
    """The function with one expression or statement replaced; ValueError if it is not there exactly once."""
    wanted = ast.dump(_parsed(source))
    found = [node for node in ast.walk(function) if ast.dump(node) == wanted]
    if len(found) != 1:
        raise ValueError(f"{function.name} has this {len(found)} times: {source}")
    return _replaced(function, found[0], _parsed(instead))


def _replaced(function: Function, node: ast.AST, instead: ast.AST) -> Function:
    # To deepcopy, what is in the memo has been copied already.
    return ast.fix_missing_locations(copy.deepcopy(function, {id(node): instead}))


def _places(function: Function) -> Iterator[ast.AST]:
    """The nodes of the body that can be broken; texts for users, types and default values are left out."""
    todo: list[ast.AST] = list(function.body)
    covered: list[ast.AST] = []
    while todo:
        node = todo.pop(0)
        if isinstance(node, (ast.JoinedStr, ast.arguments)):
            continue
        covered += _covered(node)
        if not any(node is each for each in covered):
            yield node
        types = (getattr(node, "annotation", None), getattr(node, "returns", None))
        todo += [child for child in ast.iter_child_nodes(node) if child not in types]


def _covered(node: ast.AST) -> Iterable[ast.AST]:
    """The children that need no breakage of their own, since those of this node include it."""
    found: list[ast.expr] = []
    if isinstance(node, (ast.If, ast.While, ast.IfExp)):
        found = [node.test]
    elif isinstance(node, ast.comprehension):
        found = node.ifs
    elif isinstance(node, ast.BoolOp):
        found = node.values
    elif isinstance(node, ast.Compare):
        found = node.comparators
    yield from (each for each in found if isinstance(each, (ast.Compare, ast.UnaryOp, ast.Constant, ast.Attribute)))
    if isinstance(node, ast.If) and len(node.body) == 1 and not node.orelse:
        yield node.body[0]


def _variants(node: ast.AST) -> Iterator[ast.AST]:
    """What can stand in the place of a node."""
    if isinstance(node, (ast.If, ast.While, ast.IfExp)):
        yield from _other_branches(node)
    elif isinstance(node, ast.comprehension):
        for kept in _without_each(node.ifs):
            yield ast.comprehension(node.target, node.iter, kept, node.is_async)
    elif isinstance(node, ast.BoolOp):
        for kept in _without_each(node.values):
            yield ast.BoolOp(node.op, kept) if len(kept) > 1 else kept[0]
    elif isinstance(node, ast.Compare):
        yield ast.Compare(node.left, [OPPOSITES[type(node.ops[0])](), *node.ops[1:]], node.comparators)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    elif isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
        yield ast.BinOp(node.left, ast.Sub() if isinstance(node.op, ast.Add) else ast.Add(), node.right)
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node, ast.Name) and node.id in SWAPPED_CALLS:
        yield ast.Name(SWAPPED_CALLS[node.id], node.ctx)
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ENUMERATIONS:
        members = ENUMERATIONS[node.value.id]
        yield ast.Attribute(node.value, members[(members.index(node.attr) + 1) % len(members)], node.ctx)
    elif isinstance(node, ast.Call):
        for keywords in _without_each(node.keywords):
            yield ast.Call(node.func, node.args, keywords)
    elif isinstance(node, ast.ExceptHandler) and not isinstance(node.body[0], ast.Raise):
        yield ast.ExceptHandler(node.type, node.name, [ast.Raise()])
    elif _has_effect(node):
        yield ast.Pass()


def _other_branches(node: ast.If | ast.While | ast.IfExp) -> Iterator[ast.AST]:
    if isinstance(node, ast.IfExp):
        yield node.body
        yield node.orelse
        return
    if isinstance(node, ast.If):
        yield ast.If(ast.Constant(True), node.body, node.orelse)
    if not isinstance(node.test, ast.Constant):
        yield type(node)(ast.Constant(False), node.body, node.orelse)


def _without_each(nodes: list[_Node]) -> Iterator[list[_Node]]:
    for dropped in nodes:
        yield [node for node in nodes if node is not dropped]


def _has_effect(node: ast.AST) -> bool:
    """Whether it is a statement that can be left out: a call, an attribute that is set, an exception that is raised."""
    if isinstance(node, ast.Expr):
        return not isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Assign):
        targets = [each for target in node.targets for each in ast.walk(target)]
        return not any(isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store) for each in targets)
    return isinstance(node, (ast.Raise, ast.AugAssign))


def _parsed(source: str) -> ast.AST:
    """An expression, or a statement."""
    node = ast.parse(source).body[0]
    return node.value if isinstance(node, ast.Expr) else node


def _what(node: ast.AST, instead: ast.AST) -> str:
    """The code before and after."""
    if isinstance(node, ast.Call) and isinstance(instead, ast.Call):
        dropped = next(each for each in node.keywords if each not in instead.keywords)
        return f"{ast.unparse(node.func)}(... {ast.unparse(dropped)})  =>  {ast.unparse(node.func)}(...)"
    return f"{_shown(node)}  =>  {_shown(instead)}"


def _shown(node: ast.AST) -> str:
    """One line; for a statement with a body, what stands above the body."""
    shown = copy.copy(node)
    if isinstance(shown, ast.ExceptHandler):
        is_raised = ast.unparse(ast.fix_missing_locations(shown.body[0])) == "raise"
        shown.body = [ast.Raise() if is_raised else ast.Pass()]
    elif isinstance(shown, (ast.If, ast.While)):
        shown.body, shown.orelse = [ast.Pass()], []
    return " ".join(ast.unparse(ast.fix_missing_locations(shown)).split())
