# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.mongodb_atlas.backup.tests.mutations.accepted import ACCEPTED
from ansible_collections.mongodb_atlas.backup.tests.mutations.run import Mutations
from ansible_collections.mongodb_atlas.backup.tests.mutations.targets import Target, breakages_of


@pytest.mark.parametrize(
    ("accepted", "is_caught", "said"),
    [
        (False, True, ""),
        (False, False, "NOT CAUGHT"),
        (True, False, ""),
        (True, True, "CAUGHT, so remove it from accepted.py"),
    ],
)
def test_accepted_breakage_has_to_survive_and_every_other_one_has_to_be_caught(
    accepted: bool, is_caught: bool, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    target = Target("_snapshots/first_look:_is_new")
    breakage = next(each for each in breakages_of(target) if ((target.name, each.what) in ACCEPTED) is accepted)
    mutations = Mutations([])

    mutations.judge(breakage, is_caught)

    assert (mutations.passed, mutations.failed) == ((0, 1) if said else (1, 0))
    assert capsys.readouterr().out.startswith(said)
