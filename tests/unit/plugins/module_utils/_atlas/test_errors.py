# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas import errors
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.clock import Moment

EVERY_KIND = [
    errors.AtlasError("It broke", "Fix it."),
    errors.TimedOut("No answer within 30 s", "Check the network."),
    errors.RequestRefused(400, error_code="VALIDATION_ERROR", detail="Said so", fields=(("a", "b"),), readable=False),
    errors.SignInFailed(errors.NoAnswer("reset")),
    errors.NoDate("The age is not known"),
]
every_kind = pytest.mark.parametrize("error", EVERY_KIND, ids=lambda error: type(error).__name__)


@every_kind
def test_attributes_are_read_only(error: errors.AtlasError) -> None:
    for name in ("message", "hint", "record", "status_code", "anything"):
        with pytest.raises(AttributeError, match="in_context"):
            setattr(error, name, "changed")


@every_kind
def test_context_makes_a_copy_with_more_details(error: errors.AtlasError) -> None:
    before = dict(vars(error))
    sent = Moment(1.0, None)

    more = error.in_context(doing="Waiting", note="tried 3 times", hint="Do this.", record={"id": "x"}, sent=sent)

    assert type(more) is type(error)
    assert more.message == f"Waiting: {error.message} (tried 3 times)"
    assert (more.hint, more.record, more.sent) == ("Do this.", {"id": "x"}, sent)
    unchanged = set(before) - {"message", "hint", "record", "sent"}
    assert {name: vars(more)[name] for name in unchanged} == {name: before[name] for name in unchanged}
    assert vars(error) == before


@every_kind
def test_context_keeps_the_other_details(error: errors.AtlasError) -> None:
    assert vars(error.in_context()) == vars(error)


@every_kind
def test_errors_keep_their_traceback(error: errors.AtlasError) -> None:
    with pytest.raises(type(error)) as caught:
        raise error.in_context(doing="Waiting") from None

    assert caught.value.__traceback__ is not None


MODULE_UTILS = Path(errors.__file__).parents[1]
# The position of the next step among the arguments of an error.
HINT_AT = {"out_of_time": 2}
MAKERS = {name for name, made in vars(errors).items() if isinstance(made, type) and issubclass(made, Exception)}
VERBS = {
    *(
        "Add",
        "Allow",
        "Ask",
        "Start",
        "Check",
        "Choose",
        "Copy",
        "Correct",
        "Find",
        "Get",
        "Give",
        "Leave",
        "Look",
        "Name",
        "Put",
    ),
    *("Report", "Restore", "Run", "Set", "Take", "Upgrade", "Use", "Wait", "Write"),
}


def literal_hints() -> Iterator[tuple[str, str]]:
    """The place and first word of each next step that is written with its error; an f-string may start with a value."""
    for path in sorted(MODULE_UTILS.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for hint in _hints(node):
                first = hint.values[0] if isinstance(hint, ast.JoinedStr) else hint
                if isinstance(first, ast.Constant) and first.value:
                    yield f"{path.name}:{hint.lineno}", str(first.value).split()[0]


def _hints(node: ast.AST) -> Iterator[ast.expr]:
    if not isinstance(node, ast.Call):
        return
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    given = [keyword.value for keyword in node.keywords if keyword.arg == "hint"]
    if name in MAKERS or name == "out_of_time":
        given += node.args[HINT_AT.get(name, 1) :][:1]
    for each in given:
        yield from ([each.body, each.orelse] if isinstance(each, ast.IfExp) else [each])


def test_every_next_step_with_its_error_starts_with_a_verb() -> None:
    hints = list(literal_hints())

    assert len(hints) > 30
    assert [(where, word) for where, word in hints if word not in VERBS] == []
