# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is measured, and what is held to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

# So long Atlas takes for an answer, roughly.
DELAY = 0.1
QUEUED = 2.0
NO_LIMIT = {"backup_limit": 10_000_000, "backup_refill": 10_000_000.0}


@dataclass(frozen=True)
class Figures:
    """One side of one scenario. late: seconds from the completion of the last snapshot to the end of the run."""

    wall: float
    cpu: float
    module_mb: float
    requests: float
    refused_429: float
    connections: float
    taken: float
    doubled: float
    late: float
    succeeded: bool


@dataclass(frozen=True)
class Bound:
    """A figure may be as large as limit, as factor times theirs, or as theirs and more; at_least turns that round."""

    figure: str
    limit: float | None = None
    factor: float | None = None
    more: float | None = None
    at_least: bool = False


@dataclass(frozen=True)
class Scenario:
    """So many clusters, whose snapshots are completed after so many seconds.

    ours and theirs are the playbooks that are compared; theirs is None where nothing is compared.
    """

    title: str
    clusters: int
    seconds: float
    bounds: tuple[Bound, ...]
    settings: dict[str, Any] = field(default_factory=dict)
    ours: str = "module.yml"
    theirs: str | None = "uri.yml"

    def simulated(self) -> dict[str, Any]:
        """The simulator's settings."""
        life = {"queued_seconds": QUEUED, "in_progress_seconds": self.seconds - QUEUED, "delay_seconds": DELAY}
        return {**life, **self.settings}


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
        "100 clusters, 60 s, an allowance of 150 requests and 8 more a second",
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
            f"{clusters:,} clusters, the role beside the module",
            clusters=clusters,
            seconds=QUEUED,
            bounds=(*_all_taken(clusters), Bound("cpu", more=more)),
            settings={**NO_LIMIT, "delay_seconds": 0.0},
            ours="role.yml",
            theirs="module.yml",
        )
        for clusters, more in ((300, 1.5), (1000, 3.0))
    },
}
