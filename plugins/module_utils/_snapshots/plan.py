# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The plan of a backup: which snapshots to take or rely on, and every problem. Pure functions.

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from .._atlas.errors import NoDate
from .._atlas.path_parts import is_cluster_name
from .._problems import LeftOut, Problem
from .._text import printable
from .._times import parse_time
from .assurance import judge_snapshot, moment_after
from .clusters import DEDICATED, has_tags
from .plan_options import PlanOptions, number_text, option_problems
from .records import Record
from .suggestions import misspelt, names_of

FREE = "M0"


@dataclass(frozen=True)
class Selection:
    """The requested clusters, in the requested order, and how each can have a backup.

    take: dedicated clusters. automatic: flex and tenant clusters.
    """

    clusters: list[Record]
    left_out: list[LeftOut]
    wanted: list[Record]
    take: list[str]
    automatic: list[Record]


@dataclass(frozen=True)
class Seen:
    """The data that was read from Atlas.

    clusters: all of the project. automatic: cluster -> its completed automatic snapshots, newest first.
    refusals: cluster -> why its automatic snapshots cannot be listed. now: Atlas's clock, None if unknown.
    least_retention: days, by the project's backup compliance policy; None if there is none or it is not readable.
    """

    clusters: Sequence[Record]
    automatic: Mapping[str, Sequence[Record]] = field(default_factory=dict)
    refusals: Mapping[str, str] = field(default_factory=dict)
    now: datetime | None = None
    least_retention: int | None = None


@dataclass(frozen=True)
class Plan:
    """take and rely_on: what to do if there are no problems; rely_on is in the requested order."""

    take: list[str]
    rely_on: list[Record]
    left_out: list[LeftOut]
    clusters: list[Record]
    problems: list[Problem]


def select_clusters(options: PlanOptions, clusters: Sequence[Record]) -> Selection:
    """Select the requested clusters, and how each of them can have a backup."""
    by_name = {cluster["name"]: cluster for cluster in clusters if is_cluster_name(cluster["name"])}
    if options.cluster_names is None:
        asked = [cluster for cluster in clusters if has_tags(cluster, options.tags)]
    else:
        asked = [by_name[name] for name in options.cluster_names if name in by_name]
    reasons = [_why_left_out(options, cluster) for cluster in asked]
    wanted = [cluster for cluster, reason in zip(asked, reasons) if reason is None]
    able = [cluster for cluster in wanted if not list(_cluster_problems(options, cluster))]
    return Selection(
        clusters=asked,
        left_out=[LeftOut(str(cluster["name"]), reason) for cluster, reason in zip(asked, reasons) if reason],
        wanted=wanted,
        take=[cluster["name"] for cluster in able if cluster["cluster_type"] == DEDICATED],
        automatic=[cluster for cluster in able if cluster["cluster_type"] != DEDICATED],
    )


def judge_plan(options: PlanOptions, seen: Seen) -> Plan:
    """The plan, with every problem of every cluster."""
    selection = select_clusters(options, seen.clusters)
    problems = [Problem(None, message) for message in option_problems(options, takes=bool(selection.take))]
    problems += _retention_problems(options, seen, selection)
    problems += _selection_problems(options, seen, selection)
    for cluster in selection.wanted:
        problems += _cluster_problems(options, cluster)
    rely_on = []
    for cluster in selection.automatic:
        found = _automatic_snapshot(options, seen, cluster["name"])
        if isinstance(found, Problem):
            problems.append(found)
        else:
            rely_on.append(found)
    return Plan(selection.take, rely_on, selection.left_out, selection.clusters, problems)


def _why_left_out(options: PlanOptions, cluster: Record) -> str | None:
    """Why a cluster is left out; None if it is not."""
    searched = options.cluster_names is None
    if cluster["instance_size"] == FREE and (searched or options.tenant_policy == "skip"):
        return "an M0 cluster has no backups"
    if searched and cluster["paused"] is True:
        return "it is paused"
    if cluster["cluster_type"] != DEDICATED and options.tenant_policy == "skip":
        return f"it is a {cluster['cluster_type']} cluster, and {options.called('tenant_policy')} is skip"
    return None


def _retention_problems(options: PlanOptions, seen: Seen, selection: Selection) -> Iterator[Problem]:
    days, least = options.retention_in_days, seen.least_retention
    if selection.take and days is not None and least is not None and days < least:
        yield Problem(
            None,
            f"{options.called('retention_in_days')} is {days}, but the project's backup compliance policy requires at "
            f"least {least} days. Set it to {least} or more.",
        )


def _selection_problems(options: PlanOptions, seen: Seen, selection: Selection) -> Iterator[Problem]:
    where = options.called("cluster_name")
    for name, nearest in misspelt(options.cluster_names or [], names_of(seen.clusters)).items():
        offer = f" The nearest are {', '.join(map(printable, nearest))}." if nearest else ""
        msg = f"{name or repr(name)}: the project has no cluster with this name.{offer} Check {where}, and the project."
        yield Problem(name, msg)
    if options.cluster_names is None and not selection.clusters:
        asked = f", and {options.called('tags')}" if options.tags else ""
        yield Problem(None, f"No cluster matches. Check the project{asked}.")
    elif selection.clusters and not selection.wanted and not _skips_some(options, selection):
        yield Problem(None, f"No cluster is left to back up. Name the ones that you need in {where}.")
        for each in selection.left_out:
            yield Problem(each.cluster_name, str(each))


def _skips_some(options: PlanOptions, selection: Selection) -> bool:
    """Whether tenant_policy=skip leaves some of these clusters out."""
    return options.tenant_policy == "skip" and any(
        cluster["cluster_type"] != DEDICATED for cluster in selection.clusters
    )


def _cluster_problems(options: PlanOptions, cluster: Record) -> Iterator[Problem]:
    """The problems that prevent a backup of a cluster, from its own record."""
    name, kind = cluster["name"], cluster["cluster_type"]
    policy = options.called("tenant_policy")
    if not is_cluster_name(name):
        yield Problem(None, f"Atlas lists a cluster with the invalid name {name!r:.60}. Run this again.")
        return
    if cluster["paused"] is True:
        yield Problem(
            name,
            f"{name}: it is paused, and Atlas cannot take a snapshot of a paused cluster. Resume it, or leave it out.",
        )
    if cluster["instance_size"] == FREE:
        yield Problem(
            name,
            f"{name}: it is an M0 cluster, and has no backups at all. Leave it out, or set {policy} to skip.",
        )
    elif kind != DEDICATED and options.tenant_policy == "fail":
        yield Problem(
            name,
            f"{name}: it is a {kind} cluster, whose snapshots only Atlas itself takes, and {policy} is fail. "
            "Leave it out, or set that to require_recent.",
        )
    elif cluster["backup_enabled"] is False:
        yield Problem(name, f"{name}: its backups are switched off. Switch them on in Atlas, or leave it out.")


def _automatic_snapshot(options: PlanOptions, seen: Seen, name: str) -> Record | Problem:
    """The newest automatic snapshot that is recent and assured, or the problem of the newest one."""
    if name in seen.refusals:
        return Problem(name, seen.refusals[name])
    snapshots = seen.automatic.get(name, ())
    if not snapshots:
        advice = f"Wait until Atlas has taken one, or set {options.called('tenant_policy')} to skip."
        return Problem(name, f"{name}: it has no completed automatic snapshot. {advice}")
    if seen.now is None:
        return Problem(name, f"{name}: {NoDate('the age of its automatic snapshots is unknown')}")
    complaints = [_complaint(options, snapshot, seen.now) for snapshot in snapshots]
    for snapshot, complaint in zip(snapshots, complaints):
        if complaint is None:
            return {**snapshot, "reused": True}
    return Problem(name, f"{name}: its newest completed automatic snapshot {complaints[0]}")


def _complaint(options: PlanOptions, snapshot: Record, now: datetime) -> str | None:
    """Why an automatic snapshot is not recent or not assured, and the next step; None if it is both."""
    created = parse_time(snapshot["created_at"])
    if created is None:
        policy = options.called("tenant_policy")
        return f"has no readable creation time ({snapshot['id']}). Wait for the next one, or set {policy} to skip."
    if (now - created).total_seconds() > options.tenant_max_age:
        limit, most = options.called("tenant_max_age"), number_text(options.tenant_max_age)
        age = f"is from {snapshot['created_at']}, longer ago than {limit} ({most} seconds)"
        return f"{age}: {snapshot['id']}. Wait for the next one, or raise {limit}."
    until = moment_after(now, options.wait_timeout + options.outlives)
    verdict = judge_snapshot(snapshot, until, now=now)
    if verdict.assured:
        return None
    problem = f"is not assured ({snapshot['id']}): {verdict.reason}."
    if verdict.unclear:
        return f"{problem} Wait for the next one, or leave the cluster out."
    asked = " or ".join(
        f"{options.called(option)} ({number_text(seconds)} seconds)"
        for option, seconds in (("outlives", options.outlives), ("wait_timeout", options.wait_timeout))
    )
    return f"{problem} Lower {asked}, or leave the cluster out."
