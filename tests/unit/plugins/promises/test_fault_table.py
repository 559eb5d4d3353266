# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every fault at every step, once or always: how the task ends, its message, and its effect."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.modules import atlas_snapshot, atlas_snapshot_info
from ansible_collections.mongodb_atlas.backup.tests.simulator.snapshots import Snapshot
from ansible_collections.mongodb_atlas.backup.tests.simulator.times import iso
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.run_module import Call
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.simulated import LATENCY, SimulatedAtlas

# The columns of a cell: how often the fault applies, and the wait_timeout of the task.
FREQUENCIES = {"once": (1, 600.0), "always": (None, 100.0)}
REQUEST_TIMEOUT = 10.0
# Reads give up after a minute of errors, whatever the options are.
READS_FOR = 60.0

FAULTS: dict[str, dict[str, Any]] = {
    "status429": {"kind": "status", "params": {"error_code": "RATE_LIMITED", "headers": {"Retry-After": "1"}}},
    "status405": {"kind": "status", "params": {"error_code": "WRITES_NOT_ALLOWED_DURING_APP_UPGRADES"}},
    "status500": {"kind": "status", "params": {"error_code": "UNEXPECTED_ERROR"}},
    "status502": {"kind": "status", "params": {"status": 502, "body": "<html><title>Bad Gateway</title></html>"}},
    "status503": {"kind": "status", "params": {"status": 503, "body": "<html/>", "headers": {"Retry-After": "1"}}},
    "status504": {"kind": "status", "params": {"status": 504}},
    "lost_answer": {"kind": "lost_answer"},
    "drop": {"kind": "drop"},
    "reset": {"kind": "reset"},
    "reset_after": {"kind": "reset", "work": True},
    "hang": {"kind": "hang"},
    "hang_after": {"kind": "hang_after", "params": {"seconds": 3600.0}},
    "cut": {"kind": "cut"},
    "garbled": {"kind": "garbled"},
    "garbled_before": {"kind": "garbled", "work": False},
    "no_keys": {"kind": "replace_json", "params": {"remove": ["id", "results", "access_token"]}},
    "status503_after": {"kind": "status", "work": True, "params": {"status": 503, "body": "<html/>"}},
    "slow": {"kind": "slow", "params": {"seconds": 5.0}},
    "trickle": {"kind": "trickle", "params": {"seconds": 0.5}},
    "redirect": {"kind": "redirect"},
    "redirect_after": {"kind": "redirect", "work": True},
    "stale_nonce": {"kind": "stale_nonce"},
    "unauthorized": {"kind": "unauthorized"},
    "passing_404": {"kind": "passing_404"},
    "unknown_word": {"kind": "unknown_status"},
}

# The column of a step, and the task that reaches it.
STEPS: dict[str, dict[str, Any]] = {
    "token": {"step": "token"},
    "take": {"step": "take"},
    "poll": {"step": "poll"},
    "list": {"step": "list", "options": {"max_age": 600}},
    "page2": {"step": "list", "page": 2, "options": {"max_age": 600}},
    "patch": {"step": "patch", "options": {"retention_in_days": 50}},
    "delete": {"step": "delete", "options": {"state": "absent"}},
    "info": {"step": "list"},
    "info2": {"step": "list", "page": 2},
}

# How the task ends with the fault once and always: . succeeds, R fails.
TABLE = """
                  token  take  poll  list  page2  patch  delete  info  info2
status429         .R     .R    .R    .R    .R     .R     .R      .R    .R
status405         .R     .R    .R    .R    .R     .R     .R      .R    .R
status500         .R     .R    .R    .R    .R     .R     .R      .R    .R
status502         .R     .R    .R    .R    .R     .R     .R      .R    .R
status503         .R     .R    .R    .R    .R     .R     .R      .R    .R
status504         .R     .R    .R    .R    .R     .R     .R      .R    .R
lost_answer       .R     ..    .R    .R    .R     .R     .R      .R    .R
drop              .R     .R    .R    .R    .R     .R     .R      .R    .R
reset             .R     .R    .R    .R    .R     .R     .R      .R    .R
reset_after       .R     ..    .R    .R    .R     .R     .R      .R    .R
hang              .R     .R    .R    .R    .R     .R     .R      .R    .R
hang_after        .R     ..    .R    .R    .R     .R     .R      .R    .R
cut               .R     ..    .R    .R    .R     .R     .R      .R    .R
garbled           .R     ..    .R    .R    .R     .R     .R      .R    .R
garbled_before    .R     .R    .R    .R    .R     .R     .R      .R    .R
no_keys           .R     ..    .R    .R    .R     .R     ..      .R    .R
status503_after   .R     ..    .R    .R    .R     .R     .R      .R    .R
slow              ..     ..    ..    ..    ..     ..     ..      ..    ..
trickle           .R     ..    .R    .R    .R     .R     ..      .R    .R
redirect          RR     RR    RR    RR    RR     RR     RR      RR    RR
redirect_after    RR     ..    RR    RR    RR     RR     RR      RR    RR
stale_nonce       RR     .R    .R    .R    .R     .R     .R      .R    .R
unauthorized      RR     RR    .R    RR    .R     .R     RR      RR    .R
passing_404       RR     RR    .R    RR    RR     RR     ..      RR    RR
unknown_word      ..     ..    .R    ..    ..     ..     ..      ..    ..
"""
# A sharded cluster has other endpoints: they are used after a 404, and after a refusal with a body.
SHARDED_DIFFERS = {
    ("passing_404", "list"): ".R",
    ("passing_404", "info"): ".R",
    ("trickle", "delete"): ".R",
}
# Its list has no pages.
SHARDED_STEPS = [step for step, how in STEPS.items() if "page" not in how]


def expected() -> dict[tuple[str, str], str]:
    """(fault, step) -> its cell."""
    head, *rows = (line.split() for line in TABLE.strip().splitlines())
    return {(row[0], step): cell for row in rows for step, cell in zip(head, row[1:], strict=True)}


@dataclass
class Cell:
    """One run of a module on a cluster with some history, with one fault."""

    step: str
    fault: str
    frequency: str
    topology: str
    atlas: SimulatedAtlas = field(init=False)
    # The snapshot that is changed or deleted, and its expiry before that.
    old: Snapshot = field(init=False)
    expiry: float = field(init=False)
    result: dict[str, Any] = field(init=False)

    @property
    def name(self) -> str:
        return f"{self.fault} {self.frequency}"

    @property
    def only_reads(self) -> bool:
        return self.step.startswith("info")

    @property
    def wait_timeout(self) -> float:
        return READS_FOR if self.only_reads else FREQUENCIES[self.frequency][1]

    def run(self, call: Call) -> None:
        how = STEPS[self.step]
        self.atlas = SimulatedAtlas({"prod": {"topology": self.topology}}, in_progress_seconds=20.0)
        self.old = self.atlas.has_history()[-1]
        self.expiry = self.old.expiry(self.atlas.now())
        if "page" in how:
            # A short first page with a next link, instead of 500 snapshots.
            more = {"totalCount": 501, "links": [{"href": "...", "rel": "next"}]}
            self.atlas.fault("replace_json", "list", match={"page": 1}, times=None, params={"fields": more})
        times = FREQUENCIES[self.frequency][0]
        self.atlas.fault(step=how["step"], match={"page": how.get("page")}, times=times, **FAULTS[self.fault])
        options = {"cluster_name": "prod", "request_timeout": REQUEST_TIMEOUT, **self._credentials()}
        if self.only_reads:
            self.result = call(atlas_snapshot_info.main, self.atlas, **options)
            return
        options.update(wait_timeout=self.wait_timeout, **how.get("options", {}))
        if self.step in ("patch", "delete"):
            options["snapshot_id"] = self.old.id
        self.result = call(atlas_snapshot.main, self.atlas, **options)

    def _credentials(self) -> dict[str, Any]:
        owner = self.atlas.owner
        if self.step == "token":
            return {"access_token": None, "client_id": owner.client_id, "client_secret": owner.client_secret}
        return {"access_token": None, "public_key": owner.public_key, "private_key": owner.private_key}

    def problems(self, ends: str, seconds: float) -> Iterator[str]:
        """What this run did wrong; ends is R if it must fail."""
        red = bool(self.result.get("failed"))
        if red is not (ends == "R"):
            yield f"{'fails' if red else 'succeeds'}: {self.result.get('msg')}"
        if seconds > self.wait_timeout + REQUEST_TIMEOUT:
            yield f"took {seconds:.1f} s"
        writes = [sent for method in ("POST", "PATCH", "DELETE") for sent in self.atlas.sent(method=method)]
        # In the order in which they arrive.
        if max(writes, default=0.0) > self.wait_timeout + LATENCY:
            yield f"sent a write after {max(writes):.1f} s"
        if len(self.atlas.taken()) > 1:
            yield "took two snapshots"
        yield from self._red_problems() if red else self._green_problems()

    def _red_problems(self) -> Iterator[str]:
        message = self.result["errors"][0]["msg"]
        if not re.fullmatch(r"Cluster prod:.*\S\. [A-Z].*\.", message):
            yield f"has no next step: {message}"
        in_doubt = "may have been taken" in message
        taken = {each.id for each in self.atlas.taken()}
        if not (in_doubt or all(each in message for each in taken)):
            yield f"forgets {taken}: {message}"
        if not in_doubt and self.result["changed"] is not bool(taken):
            yield f"has changed={self.result['changed']}, and took {taken}"

    def _green_problems(self) -> Iterator[str]:
        records = self.result["snapshots"]
        if self.only_reads:
            if len(records) != 9 or self.result["changed"]:
                yield f"found {len(records)} snapshots"
            return
        taken = [each.id for each in self.atlas.taken()]
        there = self.atlas.snapshots()
        if self.step == "delete":
            # A 404 means that there was nothing to delete.
            if (self.old.id in there or not self.result["changed"]) and self.fault != "passing_404":
                yield "deleted nothing"
            return
        if not self.result["changed"] or [each["status"] for each in records] != ["completed"]:
            yield f"is not completed, or not changed: {self.result}"
        if self.step != "patch":
            if [each["id"] for each in records] != taken:
                yield f"took {taken}, and reports {records}"
        elif there[self.old.id].expiry(self.atlas.now()) <= self.expiry:
            yield "extended no retention"
        elif records[0]["expires_at"] != iso(there[self.old.id].expiry(self.atlas.now())):
            yield f"reports another expiry: {records[0]['expires_at']}"


def test_table_has_every_fault_and_every_step() -> None:
    assert list(expected()) == [(fault, step) for fault in FAULTS for step in STEPS]


@pytest.mark.parametrize(
    ("topology", "step"),
    [("REPLICASET", step) for step in STEPS] + [("SHARDED", step) for step in SHARDED_STEPS],
)
def test_each_fault_ends_as_in_the_table(topology: str, step: str, call: Call) -> None:
    wrong = []
    for fault in FAULTS:
        ends = expected()[fault, step]
        if topology == "SHARDED":
            ends = SHARDED_DIFFERS.get((fault, step), ends)
        for frequency, end in zip(FREQUENCIES, ends, strict=True):
            cell = Cell(step, fault, frequency, topology)
            cell.run(call)
            wrong += [f"{cell.name}: {problem}" for problem in cell.problems(end, call.seconds)]
    assert wrong == []
