# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A callback for these tests: one JSON document on standard output at the end."""

from __future__ import annotations

import json
import sys
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: whole_json
type: stdout
short_description: One JSON document at the end
description:
  - Writes the results of all tasks as one JSON document at the end of the playbook.
"""


class CallbackModule(CallbackBase):
    """Collects every result, to print what a program can parse."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "whole_json"

    def __init__(self) -> None:
        super().__init__()
        self._results: list[dict[str, Any]] = []

    def v2_runner_on_ok(self, result: Any) -> None:
        self._keep(result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._keep(result)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        sys.stdout.write(json.dumps({"results": self._results}) + "\n")

    def _keep(self, result: Any) -> None:
        self._results.append(json.loads(self._dump_results(result._result)))
