# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The scenarios of the benchmark and their limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

# The typical time of an answer of Atlas.
DELAY = 0.1
QUEUED = 2.0
# Restores take a few seconds only, so that polls cost little.
ROLLBACK = {
    "backup_limit": 10_000_000,
    "backup_refill": 10_000_000.0,
    "delay_seconds": 0.0,
    "restore_queued_seconds": 1.0,
    "restore_seconds": 4.0,
}
NO_LIMIT = {"backup_limit": 10_000_000, "backup_refill": 10_000_000.0}


@dataclass(frozen=True)
class Figures:
    """The figures of one side of one scenario.

    doubled: clusters with two snapshots, or two restores into them. late: seconds from the completion of the last
    snapshot or restore to the end of the run.
    """

    wall: float
    cpu: float
    module_mb: float
    requests: float
    refused_429: float
    connections: float
    taken: float
    restored: float
    doubled: float
    late: float
    succeeded: bool


@dataclass(frozen=True)
class Bound:
    """A limit for a figure: a number, factor times theirs, or theirs plus more; at_least makes it a lower limit."""

    figure: str
    limit: float | None = None
    factor: float | None = None
    more: float | None = None
    at_least: bool = False


@dataclass(frozen=True)
class World:
    """What a playbook works on: a number of clusters. jobs: ended restore jobs of each; None: no backups either."""

    clusters: int
    jobs: int | None = None


@dataclass(frozen=True)
class Scenario:
    """A number of clusters whose snapshots complete after a number of seconds.

    ours and theirs are the playbooks to compare; theirs is None if nothing is compared. beside: the world of theirs,
    if it is another one. jobs: as in World.
    """

    title: str
    clusters: int
    seconds: float
    bounds: tuple[Bound, ...]
    settings: dict[str, Any] = field(default_factory=dict)
    ours: str = "module.yml"
    theirs: str | None = "uri.yml"
    jobs: int | None = None
    beside: World | None = None

    @property
    def world(self) -> World:
        return World(self.clusters, self.jobs)

    def simulated(self) -> dict[str, Any]:
        """The settings of the simulator."""
        life = {"queued_seconds": QUEUED, "in_progress_seconds": self.seconds - QUEUED, "delay_seconds": DELAY}
        return {**life, **self.settings}


def _all_restored(clusters: int) -> tuple[Bound, ...]:
    """Every cluster is restored, with a safety snapshot before it."""
    return *_all_taken(clusters), Bound("restored", clusters, at_least=True)


def _all_taken(clusters: int) -> tuple[Bound, ...]:
    return Bound("taken", clusters, at_least=True), Bound("doubled", 0)


SCENARIOS = {
    "one": Scenario(
        "one cluster, 30 s",
        clusters=1,
        seconds=30,
        bounds=(*_all_taken(1), Bound("cpu", factor=0.75), Bound("late", 4), Bound("connections", 1)),
    ),
    "fleet": Scenario(
        "100 clusters, 20 s",
        clusters=100,
        seconds=20,
        bounds=(
            *_all_taken(100),
            Bound("wall", 27),
            Bound("cpu", factor=1 / 15),
            Bound("requests", 800),
            Bound("module_mb", 120),
        ),
    ),
    "allowance": Scenario(
        "100 clusters, 60 s, a rate limit of 150 requests and 8 more per second",
        clusters=100,
        seconds=60,
        bounds=(*_all_taken(100), Bound("refused_429", 19), Bound("wall", 90)),
        settings={"backup_limit": 150, "backup_refill": 8 * 60.0},
        theirs=None,
    ),
    "thousand": Scenario(
        "1,000 clusters, 20 s, no limit",
        clusters=1000,
        seconds=20,
        bounds=(*_all_taken(1000), Bound("module_mb", 250)),
        settings=dict(NO_LIMIT),
        theirs=None,
    ),
    **{
        f"role_{clusters}": Scenario(
            f"{clusters:,} clusters, the role and the module",
            clusters=clusters,
            seconds=QUEUED,
            bounds=(*_all_taken(clusters), Bound("cpu", factor=1 + more / alone)),
            settings={**NO_LIMIT, "delay_seconds": 0.0},
            ours="role.yml",
            theirs="module.yml",
        )
        # CPU seconds of the module alone on the reference machine, and how many more the role may take there. The limit
        # is in proportion, because other machines are slower.
        for clusters, alone, more in ((300, 1.9, 1.5), (1000, 3.5, 3.0))
    },
    "rollback_fleet": Scenario(
        "a rollback of 300 clusters and of one",
        clusters=300,
        seconds=QUEUED,
        # Twelve requests and 0.06 s for each cluster; anything quadratic would be far above.
        bounds=(
            *_all_restored(300),
            Bound("requests", 300 * 12),
            Bound("cpu", more=300 * 0.06),
            Bound("module_mb", 120),
        ),
        settings=dict(ROLLBACK),
        ours="rollback.yml",
        theirs="rollback.yml",
        jobs=0,
        beside=World(clusters=1, jobs=0),
    ),
    "rollback_jobs": Scenario(
        "one cluster with 1,000 restore jobs and one without",
        clusters=1,
        seconds=QUEUED,
        # Two lists of three pages, each read twice because its last page is empty, instead of two requests.
        bounds=(*_all_restored(1), Bound("requests", more=14), Bound("cpu", more=2)),
        settings=dict(ROLLBACK),
        ours="rollback.yml",
        theirs="rollback.yml",
        jobs=1000,
        beside=World(clusters=1, jobs=0),
    ),
}
