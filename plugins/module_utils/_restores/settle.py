# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Polls the target of a completed restore until it is IDLE. A problem is only a warning: the data is already back.

from __future__ import annotations

from dataclasses import dataclass

from .._atlas.client import AtlasClient
from .._atlas.clock import now
from .._atlas.endpoints import AtlasApi
from .._atlas.errors import AtlasError
from .._atlas.retry import Deadline, RetryBudget
from .._snapshots.clusters import FLEX
from .._snapshots.records import Record
from .._snapshots.wait import Pace
from .cluster_lookup import read_cluster
from .target import IDLE

# Seconds to wait for the target to become IDLE.
MOST_SECONDS = 600.0


@dataclass(frozen=True)
class Settled:
    """The last known state of the target, None if it could not be read. warning: empty if it is IDLE."""

    state: str | None
    warning: str = ""


async def look_until_idle(client: AtlasClient, job: Record, deadline: Deadline, pace: Pace) -> Settled:
    """Poll the job's target until it is IDLE, for ten minutes at most and within the deadline."""
    within = deadline.at_most(MOST_SECONDS)
    api = AtlasApi(client, job["target_project_id"], RetryBudget(within))
    named = f"Restore job {job['id']} is completed, and its target, cluster {job['target_cluster_name']},"
    began, looks, misses, state = now(), 0, 0, None
    while True:
        last_look = within.remaining() <= 0
        try:
            target = await read_cluster(api, job["target_cluster_name"], likely_flex=job["cluster_type"] == FLEX)
        except AtlasError as error:
            misses += 1
            # One 404 may come from a replica that lags; believe the second.
            if last_look or error.status_code != 404 or misses > 1:
                return Settled(state, f"{named} could not be read: {error}")
        else:
            misses, state = 0, target.state
            if state == IDLE:
                return Settled(state)
            if last_look:
                return Settled(state, f"{named} is {state or 'in an unknown state'}, not {IDLE}")
        await pace.sleep(looks, now() - began, within.remaining())
        looks += 1
