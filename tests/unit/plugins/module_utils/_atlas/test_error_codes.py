# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas import error_codes
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.error_codes import BY_ERROR_CODE, next_step

GENERAL = next_step(418, None)


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (401, "IP_ADDRESS_NOT_ON_ACCESS_LIST", "API access list"),
        (403, "ACCOUNT_SUSPENDED", "billing"),
        (404, "SNAPSHOT_NOT_FOUND", "atlas_snapshot_info"),
        (409, "CANNOT_UPDATE_PAUSED_CLUSTER", "Resume the cluster"),
        (500, "UNSUPPORTED_FOR_CURRENT_PLAN", "Upgrade the cluster"),
    ],
)
def test_known_code_wins_over_the_status(status: int, code: str, words: str) -> None:
    assert words in next_step(status, code)
    assert words not in next_step(status, None)


@pytest.mark.parametrize("status", [401, 402, 403, 404, 406, 409, 410, 429, 500, 503])
@pytest.mark.parametrize("code", [None, "NEVER_HEARD_OF"])
def test_every_known_status_has_its_own_next_step(status: int, code: str | None) -> None:
    assert next_step(status, code) not in ("", GENERAL)


VERBS = re.compile(
    "(Add|Ask|Check|Choose|Compare|Correct|Enable|Get|Give|Look|Name|Report|Restore|Resume|Run|Settle) "
    "|(Update|Upgrade|Use|Wait) "
)
STATUSES = (400, 401, 402, 403, 404, 405, 406, 409, 410, 418, 429, 500, 503)


@pytest.mark.parametrize(
    ("status", "code"), [*((400, code) for code in BY_ERROR_CODE), *((status, None) for status in STATUSES)]
)
def test_every_next_step_starts_with_a_verb(status: int, code: str | None) -> None:
    assert VERBS.match(next_step(status, code))


def test_401_with_an_uninformative_code_suggests_checking_the_credentials() -> None:
    assert "credentials" in next_step(401, "UNEXPECTED_ERROR")


PLUGINS = Path(error_codes.__file__).parents[2]
OTHER_FILES = sorted(set(PLUGINS.rglob("*.py")) - {Path(error_codes.__file__)})
WORDS = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b")


def texts(path: Path) -> Iterator[str]:
    """Every string in a Python file, except its documentation."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documentation = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr)
        or (
            isinstance(node, ast.Assign)
            and getattr(node.targets[0], "id", "") in ("DOCUMENTATION", "EXAMPLES", "RETURN")
        )
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.value


@pytest.mark.parametrize("path", OTHER_FILES, ids=lambda path: path.relative_to(PLUGINS).as_posix())
def test_no_other_file_of_plugins_contains_an_error_code(path: Path) -> None:
    spelt = {word for text in texts(path) for word in WORDS.findall(text)}

    assert sorted(spelt & set(BY_ERROR_CODE)) == []


YAML_FILES = sorted(path for folder in ("playbooks", "roles") for path in (PLUGINS.parent / folder).rglob("*.yml"))


@pytest.mark.parametrize("path", YAML_FILES, ids=lambda path: path.relative_to(PLUGINS.parent).as_posix())
def test_no_playbook_or_role_contains_an_error_code(path: Path) -> None:
    spelt = WORDS.findall(json.dumps(yaml.safe_load(path.read_text(encoding="utf-8"))))

    assert sorted(set(spelt) & set(BY_ERROR_CODE)) == []
