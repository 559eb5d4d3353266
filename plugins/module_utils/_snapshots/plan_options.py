# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The options of a backup plan, and their problems that show before any request. Pure functions.

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .._option_limits import MOST_DAYS, SECONDS
from .._option_names import NamedOptions

_DAY = 86400.0
# The options in seconds.
_DURATIONS = ("max_age", "outlives", "tenant_max_age", "wait_timeout")


@dataclass(frozen=True)
class PlanOptions(NamedOptions):
    """The parsed options of a backup plan; durations are in seconds.

    cluster_names: None for all of the project. tags: empty for no filter. manifest_problem: the problem with the path
    of the manifest, None if there is none. option_names: option -> its name in messages, empty if users cannot set it.
    """

    cluster_names: list[str] | None
    tags: Mapping[str, Any]
    retention_in_days: int | None
    max_age: float | None
    outlives: float
    wait_timeout: float
    tenant_policy: str
    tenant_max_age: float
    manifest_problem: str | None = None
    option_names: Mapping[str, str] = field(default_factory=dict)


def option_problems(options: PlanOptions, *, takes: bool) -> Iterator[str]:
    """The problems of the options. takes: whether any snapshot will be taken, so that its retention matters."""
    called = options.called
    if options.cluster_names is not None and options.tags:
        yield f"{called('cluster_name')} and {called('tags')} cannot be used together. Give one of them."
    if options.cluster_names == []:
        yield f"{called('cluster_name')} is an empty list. Name a cluster, or leave it out for all of the project."
    yield from _numbers_out_of_bounds(options)
    # Retention counts from completion, and outlives from a later moment, the end of the task.
    days = options.retention_in_days
    if takes and days is not None and days <= options.outlives / _DAY:
        seconds = f"{number_text(options.outlives)} seconds"
        yield f"{called('retention_in_days')} is {days}, " + (
            f"too short for {called('outlives')} ({seconds}). Raise the first or lower the second."
            if called("outlives")
            else f"too short: the snapshots must exist for {seconds} after the task. Raise it."
        )
    if options.manifest_problem:
        yield options.manifest_problem


def _numbers_out_of_bounds(options: PlanOptions) -> Iterator[str]:
    for option in _DURATIONS:
        value, limit = getattr(options, option), SECONDS[option]
        if value is None or limit.allows(value):
            continue
        bound = f"at most {limit.most:.0f}" if value > limit.most else limit.least
        expected = bound if math.isfinite(value) else "a number"
        yield f"{options.called(option)} is {number_text(value)}, but must be {expected}. Give a number of seconds."
    days = options.retention_in_days
    if days is not None and not 1 <= days <= MOST_DAYS:
        bound = f"at most {MOST_DAYS}" if days > 1 else "at least 1"
        yield f"{options.called('retention_in_days')} is {days}, but must be {bound}. Give a number of days."


def number_text(value: float) -> str:
    """A number without an exponent: 2592000, not 2.592e+06."""
    return f"{value:.15g}"
