# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ast
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from ansible_collections.mongodb_atlas.backup.plugins.action import backup_manifest, snapshot_report, snapshot_table

MODULES = Path(__file__).parents[4] / "plugins" / "modules"


def documented(name: str) -> dict[str, Any]:
    """The options in the module file that documents an action plugin, without their descriptions."""
    tree = ast.parse((MODULES / f"{name}.py").read_text(encoding="utf-8"))
    (text,) = (
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "DOCUMENTATION"
    )
    words = ("description", "version_added")
    return {
        option: {key: value for key, value in each.items() if key not in words}
        for option, each in yaml.safe_load(text)["options"].items()
    }


@pytest.mark.parametrize(
    "plugin", [backup_manifest, snapshot_report, snapshot_table], ids=lambda plugin: plugin.__name__
)
def test_action_plugin_has_the_documented_options(plugin: ModuleType) -> None:
    assert documented(plugin.__name__.rpartition(".")[2]) == plugin.OPTIONS
