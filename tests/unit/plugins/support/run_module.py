# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs main() of a module in this process, with arguments as from Ansible and on the fake clock."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
from ansible.module_utils import basic

from ansible_collections.mongodb_atlas.backup.plugins.module_utils import _module

from .atlas import BASE_URL, PROJECT
from .bench import Other
from .fields_read import fields_read
from .loop import timed

try:
    from ansible.module_utils.testing import patch_module_args
except ImportError:  # ansible-core 2.17 and 2.18

    @contextlib.contextmanager
    def patch_module_args(args: dict[str, Any] | None = None) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(basic, "_ANSIBLE_ARGS", json.dumps({"ANSIBLE_MODULE_ARGS": args or {}}).encode())
            yield


class Call:
    """Runs a module; options with the value None are omitted, check_mode and diff_mode apply to the task."""

    # The duration of the last run on the fake clock.
    seconds = 0.0
    # The fields that the last run has read from Atlas's documents.
    fields: set[str]

    def __init__(self, patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]) -> None:
        self._patch = patch
        self._capture = capture

    def __call__(
        self,
        main: Callable[[], None],
        other: Other,
        *,
        check_mode: bool = False,
        diff_mode: bool = False,
        **options: Any,
    ) -> dict[str, Any]:
        self._patch.setattr(asyncio, "run", self._run)
        self._patch.setattr(_module, "HttpConnection", lambda _settings: other.connect())
        given = {
            "base_url": BASE_URL,
            "project_id": PROJECT,
            "access_token": other.access_token,
            "_ansible_check_mode": check_mode,
            "_ansible_diff": diff_mode,
            **options,
        }
        args = {name: value for name, value in given.items() if value is not None}
        with patch_module_args(args), fields_read() as self.fields, pytest.raises(SystemExit) as ended:
            main()
        printed = self._capture.readouterr().out
        result: dict[str, Any] = json.loads(printed)
        assert bool(result.get("failed")) is bool(ended.value.code)
        assert "Traceback" not in printed
        other.check()
        return result

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        result, self.seconds = timed(work)
        return result
