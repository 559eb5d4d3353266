# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

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
def test_no_attribute_can_be_set(error: errors.AtlasError) -> None:
    for name in ("message", "hint", "record", "status_code", "anything"):
        with pytest.raises(AttributeError, match="in_context"):
            setattr(error, name, "changed")


@every_kind
def test_context_makes_a_copy_that_says_more(error: errors.AtlasError) -> None:
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
def test_context_keeps_what_is_not_given(error: errors.AtlasError) -> None:
    assert vars(error.in_context()) == vars(error)


@every_kind
def test_errors_can_be_raised_and_keep_their_traceback(error: errors.AtlasError) -> None:
    with pytest.raises(type(error)) as caught:
        raise error.in_context(doing="Waiting") from None

    assert caught.value.__traceback__ is not None
