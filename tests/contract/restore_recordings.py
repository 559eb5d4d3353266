# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lets the simulator reproduce the recorded restores, so that its answers can be compared with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from contract.recordings import CLUSTERS, FLEX, SNAPSHOTS, Answer, ask
from simulator.automatic import FIRST_AFTER, RUNS_FOR, START_DELAY
from simulator.demo import DEMO_PROJECT_ID, demo_world
from simulator.ids import derived_id
from simulator.service import Service
from simulator.settings import Settings
from simulator.snapshots import DATA_HELD_AT
from simulator.times import DAY

SCHEDULE, GROUPS, COMPLIANCE = "2023-01-01", "2023-01-01", "2023-10-01"
GROUP = f"/api/atlas/v2/groups/{DEMO_PROJECT_ID}"

# 2026-08-10T03:36:18Z, the Date of the answer to the POST; the time in the job's id was one second ahead of it.
STARTED_AT = 1786332978.0
LASTED = 232.0
LOOKS = {"02-poll-1": 8, "02-poll-2": 236}
# The snapshot: its data is from 03:35:05Z, and it was completed at 03:36:07Z.
HELD_AT, COMPLETED_AT = STARTED_AT - 73, STARTED_AT - 11
SIZE = 4186517504

# 2026-08-10T03:03:28Z, the Date of the answer to the flex POST, and the end of the snapshot, 2026-08-02T17:06:56Z.
FLEX_STARTED_AT = 1786331008.0
FLEX_LASTED = 64.0
FLEX_LOOKS = {"02-poll-1": 4, "02-poll-2": 67}
FLEX_SNAPSHOT_ENDED_AT = 1785690416.0


def restore_answers() -> Iterator[tuple[str, Answer]]:
    """The simulator's answer for each recording of a restore, by the recording's name."""
    yield from _dedicated_answers()
    yield from _flex_answers()
    moment = STARTED_AT
    settings = Settings(compliance={"Demo": {}})
    service = Service(demo_world(settings, moment), lambda: moment, settings)
    yield "compliance-02-get", ask(service, "GET", f"{GROUP}/backupCompliancePolicy", COMPLIANCE)
    yield "groups-01-list", ask(service, "GET", "/api/atlas/v2/groups", GROUPS)
    # Recorded in the older version, which has the same format.
    yield "schedule-01-get", ask(service, "GET", f"{GROUP}/clusters/demo-replica/backup/schedule", SCHEDULE)
    wrong_family = f"{GROUP}/flexClusters/demo-replica/backup/restoreJobs"
    yield "error-400-restore-non-flex-in-flex-api", ask(service, "GET", wrong_family, FLEX)


def _dedicated_answers() -> Iterator[tuple[str, Answer]]:
    moment = [STARTED_AT]
    settings = Settings(history_days=0, job_clock_ahead_seconds=1, restore_queued_seconds=5, restore_seconds=LASTED - 5)
    service = Service(demo_world(settings, STARTED_AT), lambda: moment[0], settings)
    ran_for = (COMPLETED_AT - HELD_AT) / (1 - DATA_HELD_AT)
    snapshot = service.world.take(
        service.world.find_cluster("demo-replica").cluster,
        settings,
        STARTED_AT,
        taken_at=COMPLETED_AT - ran_for,
        queued_seconds=0,
        in_progress_seconds=ran_for,
        retention_days=1,
        description="test-snapshot",
        storage_size_bytes=SIZE,
    )
    cluster = f"{GROUP}/clusters/demo-replica"
    yield "restore-05-source-snapshot", ask(service, "GET", f"{cluster}/backup/snapshots/{snapshot.id}", SNAPSHOTS)
    yield "restore-06-target-cluster-before", ask(service, "GET", cluster, CLUSTERS)
    body = {
        "deliveryType": "automated",
        "snapshotId": snapshot.id,
        "targetGroupId": DEMO_PROJECT_ID,
        "targetClusterName": "demo-replica",
    }
    jobs = f"{cluster}/backup/restoreJobs"
    yield from _life_of_a_job(service, moment, "restore", jobs, SNAPSHOTS, body, LOOKS)
    yield "restore-03-list", ask(service, "GET", jobs, SNAPSHOTS)


def _flex_answers() -> Iterator[tuple[str, Answer]]:
    moment = [FLEX_STARTED_AT]
    settings = Settings(job_clock_ahead_seconds=1, restore_queued_seconds=1, restore_seconds=FLEX_LASTED - 1)
    service = Service(demo_world(settings, FLEX_STARTED_AT), lambda: moment[0], settings)
    source = service.world.find_cluster("demo-flex")
    scheduled_at = FLEX_SNAPSHOT_ENDED_AT - START_DELAY - RUNS_FOR
    source.cluster.created_at = scheduled_at - FIRST_AFTER - 30 * DAY
    body = {
        "snapshotId": derived_id(scheduled_at + START_DELAY, source.cluster.id, int(scheduled_at)),
        "targetProjectId": DEMO_PROJECT_ID,
        "targetDeploymentItemName": "demo-flex",
    }
    jobs = f"{GROUP}/flexClusters/demo-flex/backup/restoreJobs"
    yield from _life_of_a_job(service, moment, "flex-restore", jobs, FLEX, body, FLEX_LOOKS)
    yield "flex-restore-03-list-page-1", ask(service, "GET", jobs, FLEX)


def _life_of_a_job(
    service: Service,
    moment: list[float],
    prefix: str,
    jobs: str,
    media_type: str,
    body: dict[str, str],
    looks: Mapping[str, float],
) -> Iterator[tuple[str, Answer]]:
    """The answer to the start of a restore, and to polls of its job this many seconds later."""
    created, started_at = ask(service, "POST", jobs, media_type, body), moment[0]
    yield f"{prefix}-01-create", created
    for name, seconds in looks.items():
        moment[0] = started_at + seconds
        yield f"{prefix}-{name}", ask(service, "GET", f"{jobs}/{created.document()['id']}", media_type)
