# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restores.option_names import in_own_words
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.rollback import ROLE_NAMES


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Set max_age=0 or another max_age.", "Set rollback_max_age=0 or another rollback_max_age."),
        ("Set rollback_max_age=0.", "Set rollback_max_age=0."),
        ("Change target_cluster_name.", "Change rollback_targets."),
        ("Change tenant_max_age.", "Change tenant_max_age."),
    ],
)
def test_whole_option_names_are_replaced(message: str, expected: str) -> None:
    assert in_own_words(message, ROLE_NAMES) == expected


def test_without_other_names_the_options_of_the_plan_are_named() -> None:
    assert in_own_words("Set max_age, or target_cluster_name.", {}) == "Set max_age, or targets."
