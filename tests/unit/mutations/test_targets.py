# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The functions that `make mutations` breaks exist, so that a refactoring fails here and not in the nightly run."""

from __future__ import annotations

import pytest

from ansible_collections.mongodb_atlas.backup.tests.mutations.accepted import ACCEPTED
from ansible_collections.mongodb_atlas.backup.tests.mutations.functions import KNOWN
from ansible_collections.mongodb_atlas.backup.tests.mutations.targets import (
    Missing,
    Target,
    breakages_of,
    every_target,
)


def test_every_function_of_the_table_exists() -> None:
    for target in every_target():
        assert target.function().__code__.co_name == target.node.name


@pytest.mark.parametrize("name", ["_atlas/retry:judges", "_atlas/retry:Deadline.left", "_atlas/retries:judge"])
def test_function_that_does_not_exist_is_reported(name: str) -> None:
    with pytest.raises(Missing, match=r"tests/mutations/functions\.py"):
        assert Target(name).node


def test_known_and_accepted_breakages_still_fit_their_functions() -> None:
    listed = {(known.function, known.what) for known in KNOWN} | set(ACCEPTED)
    targets = {Target(name) for name, _what in listed}
    assert listed <= {(target.name, breakage.what) for target in targets for breakage in breakages_of(target)}


def test_generated_breakage_changes_the_result_of_the_function() -> None:
    target = Target("_snapshots/records:is_ended")
    broken = next(breakage.broken for breakage in breakages_of(target))
    function = target.function()
    whole = function.__code__
    try:
        function.__code__ = target.code(broken)
        assert function({"status": "an unknown word"})
    finally:
        function.__code__ = whole
    assert not function({"status": "an unknown word"})
