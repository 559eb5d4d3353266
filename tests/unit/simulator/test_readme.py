# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The README lists every setting and every fault, with the defaults, choices and params of the code."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path

import pytest

from ansible_collections.mongodb_atlas.backup.tests import simulator
from ansible_collections.mongodb_atlas.backup.tests.simulator.faults import STEPS
from ansible_collections.mongodb_atlas.backup.tests.simulator.kinds import KINDS
from ansible_collections.mongodb_atlas.backup.tests.simulator.settings import CHOICES, FOR_ONE_REQUEST, Settings
from ansible_collections.mongodb_atlas.backup.tests.unit.simulator.support import Atlas

README = (Path(simulator.__file__).parent / "README.md").read_text()
DEFAULTS = json.loads(json.dumps(asdict(Settings())))
WORD = re.compile(r"`([^`]+)`")


def test_every_setting_is_listed_with_its_default() -> None:
    listed = {}
    for names, values, *_unused in _rows("Settings"):
        settings, given = WORD.findall(names), [_value(text) for text in re.split(r", (?![^[]*\])", values)]
        # A single default applies to all settings of its row.
        listed.update(zip(settings, given * (len(settings) if len(given) == 1 else 1), strict=True))
    assert listed == DEFAULTS


@pytest.mark.parametrize("setting", sorted(set(CHOICES) & set(DEFAULTS)))
def test_every_choice_of_a_setting_is_listed(setting: str) -> None:
    row = next(row for row in _rows("Settings") if f"`{setting}`" in row[0])
    words = set(WORD.findall(" ".join(row[1:])))
    # A row may refer to another setting with the same choices.
    words.update(*(CHOICES[word] for word in words if word in CHOICES))
    assert set(CHOICES[setting]) <= words


def test_every_kind_of_fault_is_listed_with_its_params() -> None:
    listed = {kind: set(WORD.findall(row[2])) for row in _rows("Faults") for kind in WORD.findall(row[0])}
    assert set(listed) == set(KINDS)
    for kind, params in listed.items():
        known = set() if KINDS[kind].params == FOR_ONE_REQUEST else set(KINDS[kind].params)
        assert known <= params, kind


def test_every_step_is_listed() -> None:
    text = README.partition("## Faults")[2].replace("```", "")
    assert {step for step in STEPS if step != "unknown"} <= set(WORD.findall(text))


@pytest.mark.parametrize("order", re.findall(r"(?:^|`)(\{\"kind\".*?\})(?:$|`)", README, re.MULTILINE))
def test_every_example_fault_is_valid(order: str) -> None:
    Atlas().service.faults.add(json.loads(order))


def _value(text: str) -> object:
    """A default is JSON or a plain word, with or without backquotes."""
    try:
        return json.loads(text.strip("`"))
    except ValueError:
        return text.strip("`")


def _rows(heading: str) -> list[list[str]]:
    """The cells of all tables in a section, without the header rows."""
    section = README.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
