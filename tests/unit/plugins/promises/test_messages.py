# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every errorCode of Atlas at every operation: the contents of the error message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.mongodb_atlas.backup.plugins.modules import (
    atlas_cluster_info,
    atlas_snapshot,
    atlas_snapshot_info,
)
from ansible_collections.mongodb_atlas.backup.tests.simulator.problems import CATALOGUE
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.run_module import Call
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.simulated import SimulatedAtlas

# A placeholder for the id of an existing snapshot.
OLD = object()
BY_NAME = {"project_id": None, "project_name": "Shop"}
# The step that Atlas refuses, and the module and the options that lead there.
OPERATIONS: dict[str, tuple[str, Any, dict[str, Any]]] = {
    "take": ("take", atlas_snapshot, {}),
    "wait": ("poll", atlas_snapshot, {}),
    "reuse": ("list", atlas_snapshot, {"max_age": 60}),
    "pick up": ("poll", atlas_snapshot, {"snapshot_id": OLD}),
    "hold": ("patch", atlas_snapshot, {"snapshot_id": OLD, "retention_in_days": 50}),
    "outlive": ("patch", atlas_snapshot, {"outlives": 50 * 86400.0}),
    "delete": ("delete", atlas_snapshot, {"snapshot_id": OLD, "state": "absent"}),
    "foresee": ("cluster", atlas_snapshot, {"check_mode": True}),
    "find project": ("project", atlas_snapshot, BY_NAME),
    "list": ("list", atlas_snapshot_info, {}),
    "read one": ("poll", atlas_snapshot_info, {"snapshot_id": OLD}),
    "list clusters": ("clusters", atlas_cluster_info, {"cluster_name": None}),
}
DETAIL = "Words of Atlas"
NEXT_STEP = re.compile(
    r"\. (Add|Ask|Check|Choose|Compare|Correct|Enable|Get|Give|Look|Name|Report|Restore|Resume|Run|Settle|Update) "
    r"|\. (Upgrade|Use|Wait) "
)
STATUSES = (400, 401, 402, 403, 404, 405, 406, 409, 410, 429, 500, 503)
GREEN = {
    # There is nothing to delete or to show.
    ("delete", "SNAPSHOT_NOT_FOUND"),
    ("delete", "INVALID_SNAPSHOT_ID"),
    ("read one", "SNAPSHOT_NOT_FOUND"),
    ("read one", "INVALID_SNAPSHOT_ID"),
    ("read one", "TENANT_SNAPSHOT_NOT_FOUND"),
}


def refusals() -> Iterator[tuple[int, str | None]]:
    yield from ((status, code) for code, (status, _words) in CATALOGUE.items())
    yield from ((status, None) for status in STATUSES)
    yield 400, "SOME_NEW_CODE"


@dataclass
class Cell:
    """One run of an operation that Atlas always refuses with this answer."""

    operation: str
    status: int
    code: str | None
    atlas: SimulatedAtlas = field(init=False)
    old: str = field(init=False)

    def run(self, call: Call) -> dict[str, Any]:
        step, module, options = OPERATIONS[self.operation]
        self.atlas = SimulatedAtlas(in_progress_seconds=20.0)
        self.old = self.atlas.has(taken_at=-3600.0).id
        options = {name: self.old if value is OLD else value for name, value in options.items()}
        if module is atlas_snapshot:
            options["wait_timeout"] = 100
        params = {"status": self.status, "error_code": self.code, "detail": DETAIL}
        self.atlas.fault("status", step, times=None, params=params)
        return call(module.main, self.atlas, **{"cluster_name": "prod", **options})

    def missing(self, result: dict[str, Any]) -> Iterator[str]:
        """What the error message should contain but does not."""
        if not result.get("failed"):
            if (self.operation, self.code) not in GREEN:
                yield "a failure"
            return
        (error,) = result["errors"]
        for words in self._words():
            if words not in error["msg"]:
                yield f"{words} in: {error['msg']}"
        if not NEXT_STEP.search(error["msg"]):
            yield f"a next step in: {error['msg']}"
        if (error["status_code"], error["error_code"]) != (self.status, self.code):
            yield f"status and code of Atlas in: {error}"

    def _words(self) -> Iterator[str]:
        options = OPERATIONS[self.operation][2]
        if "project_name" in options:
            yield "Project Shop: "
        elif options.get("cluster_name", "prod"):
            yield "Cluster prod: "
        yield f"{self.status} {self.code}: {DETAIL}" if self.code else f"{self.status}: "
        if options.get("snapshot_id") is OLD:
            yield self.old
        for snapshot in self.atlas.taken():
            yield snapshot.id


def test_message_of_every_refusal_names_cluster_error_and_next_step(call: Call) -> None:
    wrong = []
    for operation in OPERATIONS:
        for status, code in refusals():
            cell = Cell(operation, status, code)
            wrong += [f"{operation}, {status} {code}: no {each}" for each in cell.missing(cell.run(call))]
    assert wrong == []
