# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every kind of fault works on the restore endpoints."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.tests.simulator.faults import KINDS
from ansible_collections.mongodb_atlas.backup.tests.simulator.messages import Response
from ansible_collections.mongodb_atlas.backup.tests.unit.simulator.support import CLUSTERS, FLEX, Atlas

NO_JOB = f"/{'0' * 24}"
REQUESTS: dict[str, list[Callable[[Atlas], Response]]] = {
    "restore": [lambda atlas: atlas.restore("0" * 24), lambda atlas: atlas.flex_restore()],
    "restore_list": [
        lambda atlas: atlas.get(atlas.jobs()),
        lambda atlas: atlas.get(atlas.flex_jobs(), version=FLEX),
    ],
    "restore_poll": [
        lambda atlas: atlas.get(atlas.jobs(rest=NO_JOB)),
        lambda atlas: atlas.get(atlas.flex_jobs(NO_JOB), version=FLEX),
    ],
    "restore_cancel": [lambda atlas: atlas.ask("DELETE", atlas.jobs(rest=NO_JOB))],
    "schedule": [lambda atlas: atlas.get(f"{atlas.group}/clusters/demo-replica/backup/schedule", version=CLUSTERS)],
    "compliance": [lambda atlas: atlas.get(f"{atlas.group}/backupCompliancePolicy", version="2023-10-01")],
}


@pytest.mark.parametrize("step", REQUESTS)
def test_fault_applies_to_its_step_only(step: str) -> None:
    atlas = Atlas()
    atlas.service.faults.add(_order("status", step, params={"status": 599}))
    struck = {name: {ask(atlas).status == 599 for ask in asks} for name, asks in REQUESTS.items()}
    assert struck == {name: {name == step} for name in REQUESTS}


@pytest.mark.parametrize("step", REQUESTS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_applies_to_every_step(kind: str, step: str) -> None:
    for ask in REQUESTS[step]:
        atlas = Atlas()
        atlas.service.faults.add(_order(kind, step))
        ask(atlas)
        assert atlas.service.journal.entries[-1].fault == kind


@pytest.mark.parametrize("kind", KINDS)
def test_job_exists_after_kinds_that_execute_the_request(kind: str) -> None:
    atlas = Atlas()
    snapshot_id = atlas.finished()
    atlas.service.faults.add(_order(kind, "restore"))
    atlas.restore(snapshot_id)
    assert len(atlas.get(atlas.jobs()).json()["results"]) == int(KINDS[kind].work)


def test_wrong_document_answers_another_job() -> None:
    atlas = Atlas()
    job = atlas.restore(atlas.finished()).json()
    atlas.service.faults.add(_order("replace_json", "restore_poll", params={"fields": {"id": "1" * 24}}))
    assert atlas.get(atlas.jobs(rest=f"/{job['id']}")).json() == {**job, "id": "1" * 24}


def _order(kind: str, step: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "match": {"step": step}, "times": None, **more}
