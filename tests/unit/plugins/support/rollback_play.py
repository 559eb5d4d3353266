# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tasks of the role rollback in order, on a simulated Atlas whose clock continues from task to task."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ansible_collections.mongodb_atlas.backup.plugins.action import backup_manifest
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.messages import Answer, Request
from ansible_collections.mongodb_atlas.backup.plugins.modules import atlas_restore, atlas_restore_plan, atlas_snapshot
from ansible_collections.mongodb_atlas.backup.tests.simulator.content import Content, content_at
from ansible_collections.mongodb_atlas.backup.tests.simulator.restores import RestoreJob

from .action import act
from .rollback import ROLE_NAMES
from .run_module import Call
from .simulated import Connection, SimulatedAtlas
from .times import START

# The modules in the order of the role's tasks; a test compares them with the role.
TASKS = [
    "assert",
    "backup_manifest",
    "atlas_restore_plan",
    "atlas_snapshot",
    "backup_manifest",
    "atlas_restore",
    "atlas_restore_plan",
    "snapshot_table",
    "snapshot_table",
    "set_fact",
    "backup_manifest",
    "assert",
]


class Killed(BaseException):
    """The controller dies: no code catches this, and nothing is reported."""


class LastingAtlas(SimulatedAtlas):
    """A simulated Atlas whose clock continues from one module to the next, and whose client can die in any request.

    dies_at: the number of the request during which the controller dies, or None; does_it: whether Atlas executes that
    request.
    """

    def __init__(self, clusters: dict[str, dict[str, Any]] | None = None, **settings: Any) -> None:
        self.passed = 0.0
        self.requests = 0
        self.dies_at: int | None = None
        self.does_it = True
        super().__init__(clusters, **settings)

    def _host_time(self) -> float:
        with contextlib.suppress(RuntimeError):
            loop = asyncio.get_running_loop()
            if loop is not self._loop:
                self.passed += self._loop.time() if self._loop else 0.0
                self._loop = loop
        return START.timestamp() + self.passed + (self._loop.time() if self._loop else 0.0)

    def write(self, name: str, text: str) -> None:
        self.cluster(name).writes.append(Content(text, "an application", self.now()))

    def data_in(self, name: str, at: float | None = None) -> str | None:
        content = content_at(self.cluster(name), self.now() if at is None else at)
        return content.text if content else None

    def jobs_into(self, name: str) -> list[RestoreJob]:
        return list(self.cluster(name).restores)

    def connect(self) -> Connection:
        return MortalConnection(self, "connection")


class MortalConnection(Connection):
    """A connection of a controller that may die."""

    async def send(self, request: Request, timeout: float) -> Answer:
        atlas = self._atlas
        assert isinstance(atlas, LastingAtlas)
        atlas.requests += 1
        if atlas.dies_at is not None and atlas.requests >= atlas.dies_at:
            if atlas.does_it and atlas.requests == atlas.dies_at:
                atlas.serve(request, "connection")
            raise Killed
        return await super().send(request, timeout)


class Rollback:
    """One run of the role with its variables; each task can be run separately."""

    def __init__(self, call: Call, atlas: LastingAtlas, receipt: Path, snapshots: list[dict[str, Any]], **more: Any):
        self._call = call
        self._atlas = atlas
        self._receipt = receipt
        names = [each["cluster_name"] for each in snapshots]
        self._variables = {"snapshots": snapshots, "confirm": names, "option_names": ROLE_NAMES, **more}
        self._plan: dict[str, Any] = {}
        self._taken: dict[str, Any] = {}
        self._restored: dict[str, Any] = {}

    def tasks(self, *, wait: bool = True) -> Iterator[dict[str, Any]]:
        """Run the tasks one by one; the run ends with the first failure."""
        variables = {"receipt_path": str(self._receipt), **self._variables}
        self._plan = self._call(atlas_restore_plan.main, self._atlas, project_id="", **variables)
        yield self._plan
        if self._plan.get("failed"):
            return
        if self._plan["take_first"]:
            self._taken = self._call(
                atlas_snapshot.main,
                self._atlas,
                cluster_name=self._plan["take_first"],
                description="Before rollback",
                retention_in_days=7,
            )
            yield self._taken
            if self._taken.get("failed"):
                return
        safety = self._plan["kept_first"] + self._taken.get("snapshots", [])
        self._write(safety, self._plan["planned"])
        max_age = self._variables.get("max_age")
        self._restored = self._call(
            atlas_restore.main, self._atlas, restores=self._plan["restores"], max_age=max_age, wait=wait
        )
        yield self._restored
        outcome = {"planned": self._plan["planned"], "restored": self._restored, "snapshots": safety}
        ended = self._call(atlas_restore_plan.main, self._atlas, project_id="", outcome=outcome)
        self._write(ended["snapshots"], ended["restores"])
        yield ended

    def run(self) -> dict[str, Any]:
        """The result of the last task that ran."""
        return list(self.tasks())[-1]

    def receipt(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self._receipt.read_text(encoding="utf-8"))
        return document

    def _write(self, snapshots: list[dict[str, Any]], restores: list[dict[str, Any]]) -> None:
        arguments = {"path": str(self._receipt), "snapshots": snapshots, "restores": restores}
        result = act(backup_manifest, {**arguments, "description": "Before rollback", "atlas_time": "now"})
        assert not result.get("failed"), result
