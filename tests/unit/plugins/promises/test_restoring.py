# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The promises about restores, under random schedules of faults, restores of other users, and interruptions."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.client import AtlasClient
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.credentials import AccessToken
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import AtlasError
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.retry import Deadline
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.secrets import Secrets
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._ensure_restores import ensure_restores
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._interruption import Interruption
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._module import Task
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._restore_results import (
    project_failure,
    restored_result,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._snapshots.suggestions import ClusterNames
from ansible_collections.mongodb_atlas.backup.plugins.modules.atlas_restore import OPTIONS
from ansible_collections.mongodb_atlas.backup.tests.simulator.automatic_api import automatic_of
from ansible_collections.mongodb_atlas.backup.tests.simulator.content import Content, content_at
from ansible_collections.mongodb_atlas.backup.tests.simulator.restores import RestoreJob
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import BASE_URL
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.loop import run as run_in_virtual_time
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.simulated import (
    ANOTHER_ID,
    Blow,
    SimulatedAtlas,
)

from .schedules import BLOWS, any_kind, any_of, many

# Properties of the source cluster, by its kind.
SOURCES: dict[str, dict[str, Any]] = {
    "replica set": {},
    "sharded": {"topology": "SHARDED"},
    "flex": {"instance_size": "FLEX"},
    "point in time": {"pit_enabled": True},
}
OURS, SOMEBODY = "demo-owner", "somebody else"
# Seconds between two runs of the same play.
PAUSE = 5.0


class Other(NamedTuple):
    """Another user's POST for our target: when, and whether it requests the same restore as ours."""

    when: float
    same: bool


@dataclass(frozen=True)
class Schedule:
    """One run: its options, the behaviour of the service, and the events meanwhile.

    quiet: requests before the first blow; the preflight of a replica set takes three, so the fourth starts the restore.
    gone_at: when the caller goes away. again: whether the play is run a second time, without faults.
    """

    source: str
    options: dict[str, Any]
    request_timeout: float
    service: dict[str, Any]
    blows: list[Blow]
    others: list[Other]
    quiet: int = 0
    gone_at: float | None = None
    again: bool = False


LIFE = {
    "restore_queued_seconds": (0.0, 5.0),
    "restore_seconds": (10.0, 30.0),
    "restore_outcome": ("completed", "completed", "failed", "cancelled", "expired"),
    "job_list_lag_seconds": (0.0, 0.0, 4.0, 20.0),
    "job_get_lag_seconds": (0.0, 0.0, 20.0),
    "job_list_order": ("newest_first", "oldest_first"),
}
MANNERS = {
    "flags_have_finished_at": (True, False),
    "job_clock_ahead_seconds": (0.0, 1.0),
    "busy_target_code": ("CLUSTER_RESTORE_IN_PROGRESS_CANNOT_UPDATE", "ATLAS_CLUSTER_RESTORE_IN_PROGRESS"),
    "settling_seconds": (0.0, 0.0, 0.0, 12.0),
    "clock_offset_seconds": (0.0, -7200.0, 86400.0),
}
POINTS = {"pit_job_shows": (("pointInTimeUTCSeconds",), ("desiredTimestamp", "snapshotId"), ("timestamp",))}


def is_decidable(schedule: Schedule) -> bool:
    """Whether it is possible to know which job is ours.

    It is not if another user's job hides its point in time, or if another user starts the same restore while a lost
    POST of ours is still to be executed.
    """
    hides = schedule.source == "point in time" and "timestamp" in schedule.service["pit_job_shows"]
    late = any(blow.late is not None for blow in schedule.blows)
    return not (hides and schedule.others) and not (late and any(other.same for other in schedule.others))


def schedules(*sources: str) -> st.SearchStrategy[Schedule]:
    """Runs on these kinds of sources; interruptions and second runs take long, so they are rare."""
    return st.builds(
        lambda life, manners, circumstances, **more: Schedule(service={**life, **manners}, **circumstances, **more),
        life=any_of(dict, **LIFE),
        manners=any_of(dict, **MANNERS, **POINTS),
        options=any_of(
            dict,
            max_age=(None, None, 0.0, 600.0),
            wait=(True, True, False),
            wait_timeout=(20.0, 100.0, 600.0),
            poll_interval=(None, *(15.0,) * 7),
        ),
        circumstances=any_of(
            dict,
            source=sources,
            request_timeout=(5.0, 30.0),
            quiet=(0, 3, 3, 4),
            gone_at=(*(None,) * 16, 0.1, 0.4, 3.0, 33.0),
            again=(False, False, False, True),
        ),
        blows=st.lists(any_kind(*BLOWS, [Blow(kind="another")]), max_size=6),
        others=st.lists(any_of(Other, when=(0.0, 0.05, 0.3, 1.0, 8.0, 31.0, 70.0), same=(True, False)), max_size=2),
    ).filter(is_decidable)


@dataclass
class Stage:
    """The simulated service of one schedule, and the results."""

    schedule: Schedule
    atlas: SimulatedAtlas
    asked: dict[str, Any]
    # When each write was about to be sent, on the clock of the loop.
    writes: list[float] = field(default_factory=list)

    def jobs(self, by: str | None = None) -> list[RestoreJob]:
        """Every job into the target, or those of one caller."""
        return [job for job in self.atlas.cluster("target").restores if by in (None, job.requested_by)]

    def restore_by_somebody(self, same: bool) -> None:
        """Another client's POST: no effect while a restore into the target is running."""
        world, source = self.atlas.service.world, self.atlas.service.world.find_cluster("source")
        target, now = world.find_cluster("target"), self.atlas.now()
        if target.cluster.restore_into(now):
            return
        point = self.asked.get("point_in_time")
        data = {"snapshot_id": self.asked.get("snapshot_id") if same else "b" * 24}
        if point is not None:
            data = {"snapshot_id": None, "point_in_time": int(point) if same else int(point) - 60}
        content = content_at(source.cluster, now) if same else Content("theirs", SOMEBODY, now)
        kind = "RESTORE" if self.schedule.source == "flex" else "automated"
        world.restore(
            source,
            target,
            self.atlas.service.settings,
            requested_at=now,
            requested_by=SOMEBODY,
            delivery_type=kind if point is None else "pointInTime",
            timestamp=now - 3600,
            content=content,
            **data,
        )


def set_stage(schedule: Schedule) -> Stage:
    """A source with a snapshot, and an empty target; the content of each is different."""
    flex = schedule.source == "flex"
    target = {"topology": "SHARDED"} if schedule.source == "sharded" else {}
    traits = {"source": SOURCES[schedule.source], "target": SOURCES["flex"] if flex else target}
    atlas = SimulatedAtlas(traits, [Blow()] * schedule.quiet + schedule.blows, **schedule.service)
    source = atlas.cluster("source")
    if flex:
        taken = automatic_of(atlas.service.settings, source, atlas.now())
        asked = {"snapshot_id": next(each.id for each in reversed(taken) if each.status(atlas.now()) == "COMPLETED")}
    else:
        asked = {"snapshot_id": atlas.has("source", taken_at=-7200.0).id}
    if schedule.source == "point in time":
        asked = {"point_in_time": str(int(atlas.now()) - 600)}
    return Stage(schedule, atlas, asked)


async def run(stage: Stage, gone_at: float | None) -> dict[str, Any]:
    """The result of one run of the module."""
    loop, schedule = asyncio.get_running_loop(), stage.schedule
    began = loop.time()
    interruption = Interruption(lambda: gone_at is not None and loop.time() - began >= gone_at)

    def before_writing() -> None:
        interruption.check()
        stage.writes.append(loop.time() - began)

    atlas = stage.atlas
    credentials, secrets = AccessToken(atlas.access_token), Secrets([].append)
    client = AtlasClient(BASE_URL, credentials, secrets, atlas.connect, before_writing=before_writing)
    deadline = Deadline(schedule.options["wait_timeout"], schedule.request_timeout)
    given = {"cluster_name": "source", "target_cluster_name": "target", **stage.asked, **schedule.options}
    task = Task(
        params={**{name: spec.get("default") for name, spec in OPTIONS.items()}, **given},
        check_mode=False,
        diff_mode=False,
        client=client,
        project_id=atlas.project.id,
        deadline=deadline,
        waits_when_busy=True,
        names=ClusterNames(client, atlas.project.id, deadline),
        interruption=interruption,
        scrub=secrets.scrub,
    )
    work = ensure_restores(task)
    try:
        # If the caller stays, do not watch it: that takes as long as all the rest.
        ended = await (work if gone_at is None else interruption.run(work))
        return restored_result(ended, asked=1, with_diff=False)
    except AtlasError as error:
        return project_failure(error)


async def drive(schedule: Schedule) -> Stage:
    """One or two runs; the effect of the first is checked before the second."""
    stage = set_stage(schedule)
    loop = asyncio.get_running_loop()
    for other in schedule.others:
        loop.call_later(other.when, partial(stage.restore_by_somebody, other.same))
    await asyncio.sleep(0.01)
    began = loop.time()
    result = await run(stage, schedule.gone_at)
    seconds = loop.time() - began
    # A request that hangs takes effect late.
    await asyncio.sleep(PAUSE)
    check_run(stage, result, seconds)
    if schedule.again:
        await asyncio.sleep(stage.schedule.service["job_list_lag_seconds"])
        await run(stage, None)
    return stage


# The content of the source, and of the target once it is restored.
DATA = "source as it was created"


def check_run(stage: Stage, result: dict[str, Any], seconds: float) -> None:
    """Check every promise after the first run."""
    schedule, ours = stage.schedule, stage.jobs(OURS)
    limit = schedule.options["wait_timeout"]

    assert len(ours) <= 1, "two restores of ours"
    assert seconds <= limit + schedule.request_timeout + 2.0, "later than the deadline allows"
    assert all(when <= limit for when in stage.writes), "a request that writes after the deadline"
    if schedule.gone_at is not None:
        assert all(when < schedule.gone_at for when in stage.writes), "a request that writes after the caller has gone"
    assert len(ours) <= len(stage.writes), "a job without a request"
    if result.get("failed"):
        check_red(stage, result)
    else:
        check_green(stage, result)


def check_red(stage: Stage, result: dict[str, Any]) -> None:
    said = "\n".join(error["msg"] for error in result["errors"])
    ours = stage.jobs(OURS)
    for job in ours:
        assert job.id in said or "may have been started" in said, "a job is lost"
        assert result["changed"], "a job that changed nothing"
        assert "still has its old data" not in said, "a started restore leaves no old data"
    for job_id in stage.atlas.answered:
        assert job_id == ANOTHER_ID or job_id in said, "an id that was known is lost"
    if "has the restored data" in said:
        named = [job for job in stage.jobs() if job.id in said]
        assert any(job.status(stage.atlas.now()) == "completed" for job in named), (
            "claims restored data without a completed job"
        )


def check_green(stage: Stage, result: dict[str, Any]) -> None:
    record, now = result["restore"], stage.atlas.now()
    (job,) = [job for job in stage.jobs() if job.id == record["id"]]
    # Another user's same restore, started while our answer was lost, looks like ours.
    assert result["changed"] or job.requested_by != OURS, "a job of ours that changed nothing"
    assert result["changed"] is not record["reused"]
    if not stage.schedule.options["wait"]:
        return
    assert record["status"] == "completed"
    assert job.status(now) == "completed", "succeeded without completed"
    assert job.content is not None
    assert job.content.text == DATA, "succeeded with other data"
    newer = [other for other in stage.jobs() if other.requested_at > job.requested_at]
    content = content_at(stage.atlas.cluster("target"), now)
    assert newer or (content is not None and content.text == DATA), "succeeded, but the data is not restored"


def check_again(stage: Stage) -> None:
    """A second run repeats no restore that is running or completed, unless the options say so."""
    ours = stage.jobs(OURS)
    assert len(ours) <= 2, "more than one restore per run"
    if len(ours) < 2 or stage.schedule.options["max_age"] == 0:
        return
    earlier = ours[0]
    newest = [job for job in stage.jobs() if job.requested_at < ours[1].requested_at][-1]
    assert earlier.outcome != "completed" or newest is not earlier, "a restore was repeated"


def check(schedule: Schedule) -> None:
    stage = run_in_virtual_time(drive(schedule))
    if schedule.again:
        check_again(stage)


@many(500)
@given(schedules("replica set", "sharded"))
def test_snapshot_is_restored_once_never_lost_and_success_means_its_data(schedule: Schedule) -> None:
    check(schedule)


@many(500)
@given(schedules("flex", "point in time"))
def test_flex_cluster_and_point_in_time_keep_the_same_promises(schedule: Schedule) -> None:
    check(schedule)
