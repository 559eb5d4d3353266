# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the guides say of the code is what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from ansible_collections.mongodb_atlas.backup.plugins.module_utils import _module
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas import auth, endpoints, rate_limit, retry
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.error_codes import BY_ERROR_CODE
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots import take, wait

DOCSITE = Path(__file__).parents[3] / "docs" / "docsite"
GUIDES = DOCSITE / "rst"


def rows(guide: str) -> list[list[str]]:
    """The cells of every row of every table, each as one line."""
    text = (GUIDES / guide).read_text(encoding="utf-8")
    found = []
    for row in re.findall(r"^   \* - .*\n(?:     .*\n)*", text, re.MULTILINE):
        cells = re.split(r"^     - ", row.removeprefix("   * - "), flags=re.MULTILINE)
        found.append([" ".join(cell.split()) for cell in cells])
    return found


CODE_AND_STATUS = re.compile(r"``([A-Z_]+)`` \(\d{3}\)")
ERROR_CODES = {
    CODE_AND_STATUS.sub(r"\1", row[0]): row for row in rows("guide_failures.rst") if CODE_AND_STATUS.fullmatch(row[0])
}
# The row of the guide's last table, and the number in the code.
NUMBERS = {
    "Seconds for which errors are repeated while no snapshot is known": retry.SHORT_LIMIT,
    "Longest first pause, in seconds": 2 * retry.FIRST_PAUSE,
    "Longest pause, in seconds": retry.LONGEST_PAUSE,
    "Seconds after which a look for the task's own snapshot is made again": take.STALE_AFTER,
    "Most looks for the task's own snapshot in a row": take.MOST_LOOKS,
    "Seconds allowed for when clocks are compared": take.CLOCK_SLACK.total_seconds(),
    "Seconds until a 404 for a new snapshot is believed": wait.SHOWS_WITHIN,
    "First pause between looks, in seconds": wait.FIRST_GAP,
    "Growth of that pause with each look, in seconds": wait.GAP_GROWTH,
    "Longest pause between looks, in seconds": wait.LONGEST_GAP,
    "Seconds between looks for each cluster of a fleet, at first": wait.GAP_PER_CLUSTER,
    "The same for each second that they have waited": wait.GAP_PER_CLUSTER_AND_SECOND,
    "The same at most": wait.LONGEST_GAP_PER_CLUSTER,
    "Part of the allowance that is left to others, one in": rate_limit.RESERVED_PART,
    "Seconds between requests below that": rate_limit.TRICKLE,
    "Most connections": _module.MOST_CONNECTIONS,
    "Entries in a page": endpoints.PAGE_SIZE,
}


def test_the_failures_are_those_of_the_code() -> None:
    assert set(ERROR_CODES) == set(BY_ERROR_CODE)


@pytest.mark.parametrize("code", BY_ERROR_CODE)
def test_the_next_step_is_that_of_the_message(code: str) -> None:
    _code, meaning, next_step = ERROR_CODES[code]
    assert meaning
    assert next_step == BY_ERROR_CODE[code]


@pytest.mark.parametrize("number", NUMBERS)
def test_the_numbers_of_the_request_policy_are_those_of_the_code(number: str) -> None:
    told = {row[0]: row[1] for row in rows("guide_requests.rst")}
    assert float(told[number]) == NUMBERS[number]


@pytest.mark.parametrize("page", ["README.md", "docs/docsite/rst/guide_credentials.rst"])
def test_every_variable_of_the_credentials_is_told(page: str) -> None:
    text = (DOCSITE.parents[1] / page).read_text(encoding="utf-8")
    names = {name for names in auth.CREDENTIAL_VARIABLES.values() for name in names}
    assert {name for name in [*names, _module.PROJECT_VARIABLE, "MONGODB_ATLAS_BASE_URL"] if name not in text} == set()


def test_every_guide_is_in_the_table_of_contents() -> None:
    extra = yaml.safe_load((DOCSITE / "extra-docs.yml").read_text(encoding="utf-8"))
    listed = [guide for section in extra["sections"] for guide in section["toctree"]]
    assert sorted(listed) == sorted(path.stem for path in GUIDES.glob("*.rst"))
