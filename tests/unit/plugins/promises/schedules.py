# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What random schedules are made of, and the real code that they are held against."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import strategies as st

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.auth import AccessToken
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.client import AtlasClient
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.clock import AtlasClock
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.endpoints import AtlasApi
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.retry import Deadline, RetryBudget
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.secrets import Secrets

from .simulated import BASE_URL, Blow, SimulatedAtlas

TOKEN = "not-a-real-access-token-owner"

_LATENCIES = st.sampled_from((0.06, 0.13, 0.5, 2.0))
BLOWS = st.one_of(
    st.builds(Blow, latency=_LATENCIES),
    st.builds(Blow, kind=st.just("not_connected"), latency=_LATENCIES),
    st.builds(Blow, kind=st.just("lost"), works=st.booleans(), latency=_LATENCIES),
    st.builds(Blow, kind=st.just("hang"), works=st.booleans(), late=st.sampled_from((None, 0.5, 2.0, 5.0))),
    st.builds(
        Blow,
        kind=st.just("status"),
        works=st.booleans(),
        status=st.sampled_from((500, 502, 503, 504)),
        retry_after=st.sampled_from((None, 1, 7, 30)),
        latency=_LATENCIES,
    ),
    st.builds(
        Blow,
        kind=st.just("status"),
        works=st.just(False),
        status=st.just(429),
        retry_after=st.sampled_from((None, 1, 7, 90)),
        latency=_LATENCIES,
    ),
    st.builds(Blow, kind=st.sampled_from(("cut", "garbled")), latency=_LATENCIES),
)

# What is not recorded of the service, and so may be either way.
FAMILIES = {
    "clock_offset_seconds": st.sampled_from((0.0, -7200.0, 86400.0)),
    "list_order": st.sampled_from(("newest_first", "oldest_first")),
    "sharded_post_type": st.sampled_from(("shardedCluster", "replicaSet")),
    "sharded_on_replica_set_address": st.sampled_from(("answers", "incorrect_endpoint", "empty", "not_found")),
    "replica_set_on_sharded_address": st.sampled_from(("incorrect_endpoint", "empty", "not_found")),
}


class Service(NamedTuple):
    """The real client of the simulated service, and what the work is handed beside it."""

    api: AtlasApi
    budget: RetryBudget
    clock: AtlasClock


def service_of(atlas: SimulatedAtlas, deadline: Deadline) -> Service:
    """What the work on one cluster is made from."""
    client = AtlasClient(BASE_URL, AccessToken(TOKEN), Secrets([].append), atlas.connect)
    budget = RetryBudget(deadline)
    return Service(AtlasApi(client, atlas.project.id, budget), budget, client.clock)
