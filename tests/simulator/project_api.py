# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Projects, clusters and tokens."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from .automatic_api import flex_cluster
from .call import Call
from .cluster_json import cluster_json, flex_json, project_json
from .clusters import Cluster
from .paging import page
from .problems import Problem
from .restore_rules import shown_state


def list_projects(call: Call) -> dict[str, Any]:
    open_to_caller = [each for each in call.world.projects.values() if call.world.may_enter(call.caller.role, each)]
    return page([project_json(each, call.request.base_url) for each in open_to_caller], call)


def project_by_name(call: Call) -> dict[str, Any]:
    name = call.params["name"]
    found = [each for each in call.world.projects.values() if each.name == name]
    if not found:
        raise Problem("GROUP_NAME_NOT_FOUND", name)
    if len(found) > 1:
        raise Problem("MULTIPLE_GROUPS", name)
    if not call.world.may_enter(call.caller.role, found[0]):
        raise Problem(call.settings.outsider_code, found[0].id)
    return project_json(found[0], call.request.base_url)


def list_clusters(call: Call) -> dict[str, Any]:
    """Dedicated clusters and tenants; flex clusters have their own list."""
    shown = [each for each in call.project.clusters.values() if each.kind != "flex" and not each.deleted]
    return page([_cluster(call, each) for each in shown], call)


def get_cluster(call: Call) -> dict[str, Any]:
    cluster = call.cluster()
    if cluster.kind == "flex":
        raise Problem("CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API", cluster.name)
    return _cluster(call, cluster)


def list_flex_clusters(call: Call) -> dict[str, Any]:
    shown = [each for each in call.project.clusters.values() if each.kind == "flex" and not each.deleted]
    return page([flex_json(each, call.project, shown_state(call, each)) for each in shown], call)


def get_flex_cluster(call: Call) -> dict[str, Any]:
    cluster = flex_cluster(call)
    return flex_json(cluster, call.project, shown_state(call, cluster))


def issue_token(call: Call) -> dict[str, Any]:
    """The OAuth 2 grant client_credentials, as a form."""
    form = parse_qs(call.request.body.decode(errors="replace"))
    if form.get("grant_type") != ["client_credentials"]:
        raise Problem("VALIDATION_ERROR", fields=[("grant_type", "must be client_credentials")])
    return {
        "access_token": call.gate.issue_token(call.caller, call.settings, call.clock_now),
        "expires_in": int(call.settings.token_seconds),
        "token_type": "Bearer",
    }


def _cluster(call: Call, cluster: Cluster) -> dict[str, Any]:
    return cluster_json(cluster, call.project, call.cluster_url(cluster), shown_state(call, cluster))
