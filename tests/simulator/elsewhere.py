# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers about another document than requested, as from a cache that mixes up URLs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlsplit

from .automatic_api import taken_snapshots
from .call import Call
from .clusters import Cluster, Project
from .ids import derived_id
from .problems import Problem
from .routes import Route, find_route
from .snapshots import Snapshot
from .times import DAY
from .world import World

# What the answer is about: an older snapshot or restore job of the same cluster, another cluster, another project.
OTHERS = ("older", "cluster", "project")

# A seed that no simulator uses, so ids made with it are unique.
UNUSED_SEED = -1


def other_document(route: Route, call: Call, of: str) -> dict[str, Any] | None:
    """The answer of a GET for another document; a request that writes is executed first.

    If the path has no snapshot or job, the answer is about another cluster; if it has no cluster either, about another
    project. Tokens, deletions and the list of projects are answered normally.
    """
    reading = call
    if route.method != "GET":
        done = route.handler(call)
        if done is None or "id" not in done:
            return done
        path = call.request.path if "snapshot" in call.params else f"{call.request.path}/{done['id']}"
        reading = replace(call, request=replace(call.request, method="GET", target=path))
    found = find_route("GET", reading.request.path)
    if isinstance(found, Problem) or not found[1]:
        return route.handler(reading)
    reading_route, params = found
    return reading_route.handler(_moved(reading_route, replace(reading, params=params), of))


def _moved(route: Route, call: Call, of: str) -> Call:
    """The same request for another cluster or project, which is added to the simulated state if missing."""
    if "group" not in call.params:
        return _with_other_name(route, call)
    project, name = call.project, call.params.get("cluster", "")
    if of == "project" or not name:
        project = _other_project(project, project.name)
    cluster = project.clusters.get(name)
    if cluster is None:
        return _in_world(route, call, project, {"group": project.id})
    if of == "cluster" or (of == "older" and not {"snapshot", "job"} & set(call.params)):
        cluster = _other_cluster(cluster, f"{cluster.name}-other")
    else:
        cluster = replace(cluster, snapshots=list(cluster.snapshots), jobs=list(cluster.jobs))
    params = {"group": project.id, "cluster": cluster.name}
    params["snapshot"] = _completed_snapshot(call, cluster)
    params["job"] = _completed_job(call, cluster)
    project = replace(project, clusters={**project.clusters, cluster.name: cluster})
    return _in_world(route, call, project, params)


def _with_other_name(route: Route, call: Call) -> Call:
    """Answer a lookup by name with another project; a name that does not exist stays not found."""
    for project in call.world.projects.values():
        if project.name == call.params["name"]:
            other = _other_project(project, f"{project.name}-other")
            return _in_world(route, call, other, {"name": other.name})
    return call


def _in_world(route: Route, call: Call, project: Project, changes: Mapping[str, str]) -> Call:
    """The call with these parts of its path changed, and with this project added to the simulated state."""
    world = World()
    world.projects = {**call.world.projects, project.id: project}
    world.outsiders_in = {*call.world.outsiders_in, project.id}
    params = {name: changes.get(name, value) for name, value in call.params.items()}
    path, query = call.request.path, urlsplit(call.request.target).query
    match = route.pattern.fullmatch(path)
    assert match is not None
    for name in sorted(params, key=match.start, reverse=True):
        path = path[: match.start(name)] + quote(params[name]) + path[match.end(name) :]
    request = replace(call.request, target=f"{path}?{query}" if query else path)
    return replace(call, world=world, params=params, request=request)


def _completed_snapshot(call: Call, cluster: Cluster) -> str:
    """The newest completed snapshot other than the requested one; if there is none, add one from yesterday.

    Atlas's own daily snapshots cannot be added: if there is no other, keep the requested id.
    """
    asked = call.params.get("snapshot", "")
    if cluster.kind != "dedicated":
        daily = [each for each in taken_snapshots(call, cluster) if each.status(call.now) == "COMPLETED"]
        return next((each.id for each in reversed(daily) if each.id != asked), asked)
    held = [each for each in cluster.snapshots if each.is_completed(call.now) and not each.is_gone(call.now)]
    others = [each for each in held if each.id != asked]
    if not others:
        same = call.cluster(deleted_too=True).snapshot(asked)
        others = [_yesterdays(call, cluster, same.description if same else None)]
    return max(others, key=lambda each: (each.taken_at, each.id)).id


def _completed_job(call: Call, cluster: Cluster) -> str:
    """Add a job that is like the requested one, but a day older and completed."""
    asked = call.params.get("job", "")
    same = next((job for job in call.cluster(deleted_too=True).jobs if job.id == asked), None)
    if same is None:
        return asked
    older = replace(same, queued_seconds=1, running_seconds=60, outcome="completed", content=None)
    older.shift(-DAY)
    older.id = derived_id(older.requested_at, same.id, cluster.id)
    cluster.jobs.append(older)
    return older.id


def _yesterdays(call: Call, cluster: Cluster, description: str | None) -> Snapshot:
    """Add a snapshot that was completed yesterday; its id is the same each time."""
    return World(UNUSED_SEED).take(
        cluster,
        call.settings,
        call.now,
        taken_at=call.now - DAY,
        queued_seconds=10,
        in_progress_seconds=150,
        outcome="completed",
        retention_days=30,
        description=description,
        taken_by="somebody else",
    )


def _other_cluster(cluster: Cluster, name: str) -> Cluster:
    """Another cluster of the same kind, without snapshots."""
    other_id = derived_id(cluster.created_at, cluster.id, name, "other")
    return replace(cluster, id=other_id, name=name, deleted=False, snapshots=[], jobs=[], restores=[])


def _other_project(project: Project, name: str) -> Project:
    """Another project, whose clusters have the same names."""
    clusters = {each.name: _other_cluster(each, each.name) for each in project.clusters.values()}
    other_id = derived_id(project.created_at, project.id, name, "other")
    return replace(project, id=other_id, name=name, clusters=clusters)
