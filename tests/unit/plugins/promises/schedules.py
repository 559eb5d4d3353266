# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The values of random schedules, and the real code that they test."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterable
from itertools import product
from typing import Any, NamedTuple, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.client import AtlasClient
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.clock import AtlasClock
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.credentials import AccessToken
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.endpoints import AtlasApi
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.retry import Deadline, RetryBudget
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.secrets import Secrets
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._attempts import Attempt, attempt_all
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._interruption import Interruption
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import BASE_URL
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.simulated import Blow, SimulatedAtlas

T = TypeVar("T")


# Multiplies the number of schedules; the nightly run sets it.
_TIMES = int(os.environ.get("SCHEDULES_TIMES", "1"))


def many(count: int) -> settings:
    """Settings for this many schedules; a failure found once is found again by the next run."""
    chosen = {"deadline": None, "database": None, "derandomize": True}
    return settings(max_examples=count * _TIMES, suppress_health_check=list(HealthCheck), **chosen)


def each(make: Callable[..., T], **fields: Iterable[Any]) -> list[T]:
    """All combinations of these values."""
    return [make(**dict(zip(fields, values, strict=True))) for values in product(*fields.values())]


def any_of(make: Callable[..., T], **fields: Iterable[Any]) -> st.SearchStrategy[T]:
    """One of all combinations of these values.

    It is drawn at once: drawing each value separately takes longer than the run that uses it.
    """
    return st.sampled_from(each(make, **fields))


# The number of values in the longest list below.
_OF_A_KIND = 128


def any_kind(*kinds: list[T]) -> st.SearchStrategy[T]:
    """One value of one of these lists; each list has the same probability, and the value is drawn at once."""
    return st.sampled_from([kind[number * len(kind) // _OF_A_KIND] for kind in kinds for number in range(_OF_A_KIND)])


_LATENCIES = (0.06, 0.13, 0.5, 2.0)
BLOWS = [
    each(Blow, latency=_LATENCIES),
    each(Blow, kind=["not_connected"], latency=_LATENCIES),
    each(Blow, kind=["lost"], works=(True, False), latency=_LATENCIES),
    each(Blow, kind=["hang"], works=(True, False), late=(None, 0.5, 2.0, 5.0)),
    each(
        Blow,
        kind=["status"],
        works=(True, False),
        status=(500, 502, 503, 504),
        retry_after=(None, 1, 7, 30),
        latency=_LATENCIES,
    ),
    each(Blow, kind=["status"], works=[False], status=[429], retry_after=(None, 1, 7, 90), latency=_LATENCIES),
    each(Blow, kind=("cut", "garbled"), latency=_LATENCIES),
]

_NO_TIMES = (None, 0, -1, "never", "yesterday", "9999-12-31T23:59:59-14:00", [], {"$date": 1})
_NO_SIZES = (None, -1, 10**400, "large", [[[]]], {})
_FIELDS = [
    *({field: value} for field in ("createdAt", "expiresAt") for value in _NO_TIMES),
    *({f"results.*.{field}": value} for field in ("createdAt", "expiresAt") for value in _NO_TIMES),
    *({"storageSizeBytes": value, "results.*.storageSizeBytes": value} for value in _NO_SIZES),
    *({"status": value, "results.0.status": value} for value in (None, 5, "hibernating", [])),
    *({"id": value} for value in (None, 7, "../..", [])),
    *({"results.0.id": value} for value in (None, 7, "../..", [])),
    *({"members": value, "snapshotIds": value, "type": value} for value in (None, 7, [7], [{}])),
    *({"results": value} for value in (None, 7, "x", {})),
    *({"totalCount": value} for value in (None, -1, 10**400, "many", 0)),
    *({"links": value} for value in (None, 7, [7], [{"rel": "self", "href": 7}], [{"rel": "next"}])),
]
_HEADERS = [
    *({"Date": value} for value in (None, "soon", "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 99 Foo 2026")),
    *({"RateLimit-Limit": value, "RateLimit-Remaining": value} for value in ("9" * 5000, "-1", "x", "1e999")),
    {"Content-Type": "text/plain"},
]
# Faults of a cache in front of Atlas, or of Atlas itself, in one answer.
ODD_ANSWERS = [
    each(Blow, fault=[{"kind": "wrong_document", "params": {"of": of}} for of in ("older", "cluster", "project")]),
    each(Blow, fault=[{"kind": "replace_json", "params": {"fields": fields}} for fields in _FIELDS]),
    each(
        Blow, fault=[{"kind": "replace_json", "params": {"raw": {"storageSizeBytes": raw}}} for raw in ("NaN", "1e999")]
    ),
    each(Blow, fault=[{"kind": "headers", "params": {"headers": headers}} for headers in _HEADERS]),
    each(
        Blow,
        fault=[
            {"kind": "settings", "params": params}
            for params in (
                {"list_shift": 1},
                {"list_shift": -1},
                {"list_next_link": False},
                {"list_total_error": -2},
                {"list_total_error": 2, "list_shift": 1},
                {"list_total": "absent", "list_shift": 1},
            )
        ],
    ),
]

# Behaviour that was not recorded, so both are possible.
FAMILIES = {
    "clock_offset_seconds": (0.0, -7200.0, 86400.0),
    "list_order": ("newest_first", "oldest_first"),
    "sharded_post_type": ("shardedCluster", "replicaSet"),
    "sharded_on_replica_set_address": ("answers", "incorrect_endpoint", "empty", "not_found"),
    "replica_set_on_sharded_address": ("incorrect_endpoint", "empty", "not_found"),
}


def vanishing(when: float | None) -> Interruption | None:
    """The interruption for a caller that goes away after this many seconds; None if it stays."""
    return None if when is None else Interruption(lambda: asyncio.get_running_loop().time() >= when)


async def until_vanished(interruption: Interruption | None, work: Callable[[Attempt], Awaitable[Any]]) -> list[Any]:
    """The results of the work on the cluster prod. A caller that stays is not watched, which saves time."""
    if interruption is None:
        return await attempt_all([Attempt("prod")], work, Interruption(lambda: False))
    return await interruption.run(attempt_all([Attempt("prod")], work, interruption))


class Service(NamedTuple):
    """The real client of the simulated service, with the other arguments of the work."""

    api: AtlasApi
    budget: RetryBudget
    clock: AtlasClock


def service_of(atlas: SimulatedAtlas, deadline: Deadline, interruption: Interruption | None = None) -> Service:
    """The objects that work on one cluster needs."""
    client = AtlasClient(
        BASE_URL,
        AccessToken(atlas.access_token),
        Secrets([].append),
        atlas.connect,
        before_writing=interruption.check if interruption else lambda: None,
    )
    budget = RetryBudget(deadline)
    return Service(AtlasApi(client, atlas.project.id, budget), budget, client.clock)
