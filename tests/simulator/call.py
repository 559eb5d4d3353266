# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""One admitted request as the handlers get it, with the lookups that they share."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .clusters import Cluster, Project
from .gate import Gate
from .ids import OBJECT_ID
from .messages import Request
from .problems import Problem
from .settings import Settings
from .world import Credentials, World


@dataclass(frozen=True)
class Call:
    """now is Atlas's clock, clock_now the clock for the expiry of tokens; params are the parts of the path."""

    request: Request
    params: Mapping[str, str]
    api: str
    caller: Credentials
    world: World
    gate: Gate
    settings: Settings
    now: float
    clock_now: float

    @property
    def project(self) -> Project:
        """The project in the path; the service has checked that it exists."""
        return self.world.projects[self.params["group"]]

    @property
    def is_v1(self) -> bool:
        return self.api == "v1.0"

    def cluster_url(self, cluster: Cluster) -> str:
        return f"{self.request.base_url}/api/atlas/{self.api}/groups/{self.project.id}/clusters/{cluster.name}"

    def cluster(self, *, deleted_too: bool = False) -> Cluster:
        """The cluster in the path; deleted_too also finds a deleted one, whose snapshots can still be read."""
        name = self.params["cluster"]
        cluster = self.project.clusters.get(name)
        if cluster is None or (cluster.deleted and not deleted_too):
            raise Problem("CLUSTER_NOT_FOUND", name, self.project.id)
        return cluster

    def wrong_tier(self, cluster: Cluster, other_address: str) -> Problem:
        """The error for a tenant at an endpoint that does not serve its tier; it may name other_address."""
        code = self.settings.tenant_code
        names_address = code == "INCORRECT_BACKUP_API_ENDPOINT"
        return Problem(code, cluster.name, other_address) if names_address else Problem(code, cluster.name)

    def snapshot_id(self) -> str:
        snapshot_id = self.params["snapshot"]
        if not OBJECT_ID.fullmatch(snapshot_id):
            raise Problem("INVALID_SNAPSHOT_ID", snapshot_id)
        return snapshot_id

    def body(self, *allowed: str) -> dict[str, Any]:
        """The JSON object in the body; attributes that the endpoint does not know are refused."""
        try:
            document = json.loads(self.request.body or b"{}")
        except ValueError:
            document = None
        if not isinstance(document, dict):
            raise Problem("INVALID_JSON")
        for name in document:
            if name not in allowed:
                raise Problem("INVALID_ATTRIBUTE", name)
        return document
