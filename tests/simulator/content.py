# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A tiny model of data: the text that each cluster holds, so that tests can prove what a restore overwrote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .clusters import Cluster
    from .restores import RestoreJob


@dataclass(frozen=True)
class Content:
    """The latest text, with its author and time."""

    text: str
    written_by: str
    written_at: float


def content_at(cluster: Cluster, moment: float) -> Content | None:
    """The content at a moment; None (unknown) while a restore runs and after one that did not succeed."""
    made = Content(f"{cluster.name} as it was created", "nobody", cluster.created_at)
    known: Content | None = made
    latest = cluster.created_at
    for since, content in _changes(cluster.writes, cluster.restores):
        if latest <= since <= moment:
            latest, known = since, content
    return known


def _changes(writes: Iterable[Content], restores: Iterable[RestoreJob]) -> Iterator[tuple[float, Content | None]]:
    """Each time at which the content changed, and the new content."""
    for write in writes:
        yield write.written_at, write
    for job in restores:
        if not job.spares_target:
            yield job.starts_at, None
            yield job.ends_at, job.content if job.outcome == "completed" else None
