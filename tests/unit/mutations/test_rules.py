# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ast

import pytest

from ansible_collections.mongodb_atlas.backup.tests.mutations.rules import breakages, replaced


def function(body: str) -> ast.FunctionDef:
    definition = ast.parse(f"def example():\n    {body}").body[0]
    assert isinstance(definition, ast.FunctionDef)
    return definition


@pytest.mark.parametrize(
    ("body", "broken"),
    [
        ("if a == b: return c", ["if True: return c", "if False: return c"]),
        ("if a: self.b = c", ["if True: self.b = c", "if False: self.b = c"]),
        ("while a < b: c = d", ["while False: c = d"]),
        ("return a if b else c", ["return a", "return c"]),
        ("return a and b == c or d", ["return a and b == c", "return d", "return a or d", "return b == c or d"]),
        ("return [a for a in b if a > c]", ["return [a for a in b]"]),
        ("return a >= b", ["return a < b"]),
        ("return a is None", ["return a is not None"]),
        ("return not a", ["return a"]),
        ("return a - b", ["return a + b"]),
        ("return True", ["return False"]),
        ("return min(a, b)", ["return max(a, b)"]),
        ("return Verdict.UNCERTAIN", ["return Verdict.FINAL"]),
        ("return a(b, c=d, e=f)", ["return a(b, e=f)", "return a(b, c=d)"]),
        ("self.a = b", ["pass"]),
        ("self.a()", ["pass"]),
        ("raise a", ["pass"]),
    ],
)
def test_each_rule_generates_the_expected_breakages(body: str, broken: list[str]) -> None:
    found = [ast.unparse(version) for _what, version in breakages(function(body))]
    assert sorted(found) == sorted(ast.unparse(function(each)) for each in broken)


@pytest.mark.parametrize("body", ["return None", "a = b", "'documentation'", "return f'{a - b}'", "a: b | None = c"])
def test_code_without_decisions_is_not_broken(body: str) -> None:
    assert list(breakages(function(body))) == []


def test_breakages_of_equal_code_have_different_names() -> None:
    names = [what for what, _version in breakages(function("return a(not b, not b)"))]
    assert names == ["not b  =>  b", "not b  =>  b (2)"]


def test_breakage_shows_the_dropped_argument_only() -> None:
    names = [what for what, _version in breakages(function("return a(b, c=d, e=f)"))]
    assert names == ["a(... c=d)  =>  a(...)", "a(... e=f)  =>  a(...)"]


@pytest.mark.parametrize("source", ["c", "b"])
def test_source_code_must_occur_exactly_once(source: str) -> None:
    with pytest.raises(ValueError, match="times"):
        replaced(function("return a(b, b)"), source, "None")
