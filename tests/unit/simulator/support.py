# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""An Atlas in the same process, whose clock moves only when a test moves it."""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.mongodb_atlas.backup.tests.simulator.demo import DEMO_PROJECT_ID, demo_world
from ansible_collections.mongodb_atlas.backup.tests.simulator.messages import Request, Response
from ansible_collections.mongodb_atlas.backup.tests.simulator.service import Service
from ansible_collections.mongodb_atlas.backup.tests.simulator.settings import Settings

# 2026-03-01T12:00:00Z
START = 1772366400.0
BACKUP, FLEX, CLUSTERS, GROUPS = "2023-01-01", "2024-11-13", "2024-08-05", "2023-01-01"
# A snapshot takes six seconds; its createdAt is the time at the third.
LIFE = {"queued_seconds": 2.0, "in_progress_seconds": 4.0}


class Clock:
    """A clock that only a test moves."""

    moment = START

    def __call__(self) -> float:
        return self.moment


class Atlas:
    """The demo world behind a service, with methods for the requests of tests."""

    group = f"/api/atlas/v2/groups/{DEMO_PROJECT_ID}"
    group_v1 = f"/api/atlas/v1.0/groups/{DEMO_PROJECT_ID}"

    def __init__(self, **settings: Any) -> None:
        self.moment = START
        self.settings = Settings().changed({**LIFE, **settings})
        self.service = Service(demo_world(self.settings, START), lambda: self.moment, self.settings)

    def snapshots(self, cluster: str, rest: str = "") -> str:
        return f"{self.group}/clusters/{cluster}/backup/snapshots{rest}"

    def jobs(self, cluster: str = "demo-replica", rest: str = "") -> str:
        return f"{self.group}/clusters/{cluster}/backup/restoreJobs{rest}"

    def flex_jobs(self, rest: str = "", cluster: str = "demo-flex") -> str:
        return f"{self.group}/flexClusters/{cluster}/backup/restoreJobs{rest}"

    def restore(self, snapshot_id: str, cluster: str = "demo-replica", role: str = "owner", **body: Any) -> Response:
        """Restore into the same cluster unless the body names another; a None in the body omits the attribute."""
        whole = {
            "deliveryType": "automated",
            "snapshotId": snapshot_id,
            "targetGroupId": DEMO_PROJECT_ID,
            "targetClusterName": cluster,
            **body,
        }
        sent = {name: value for name, value in whole.items() if value is not None}
        return self.ask("POST", self.jobs(cluster), body=sent, role=role)

    def flex_restore(self, **body: Any) -> Response:
        """Restore the oldest snapshot of the flex cluster into the same cluster unless the body names others."""
        listed = self.get(f"{self.group}/flexClusters/demo-flex/backup/snapshots", version=FLEX).json()["results"]
        whole = {
            "snapshotId": listed[0]["id"],
            "targetProjectId": DEMO_PROJECT_ID,
            "targetDeploymentItemName": "demo-flex",
            **body,
        }
        sent = {name: value for name, value in whole.items() if value is not None}
        return self.ask("POST", self.flex_jobs(), version=FLEX, body=sent)

    def cluster(self, name: str = "demo-replica") -> dict[str, Any]:
        document: dict[str, Any] = self.get(f"{self.group}/clusters/{name}", version=CLUSTERS).json()
        return document

    def token(self, role: str = "owner") -> str:
        return next(each.access_token for each in self.service.world.credentials if each.role == role)

    def ask(
        self,
        method: str,
        target: str,
        *,
        version: str = BACKUP,
        body: Any = None,
        role: str = "owner",
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> Response:
        media_type = f"application/vnd.atlas.{version}+json" if version else "application/json"
        sent = {"Host": "atlas.test", "Authorization": f"Bearer {self.token(role)}", "Accept": media_type}
        if body is not None:
            sent["Content-Type"] = media_type
        raw = b"" if body is None else json.dumps(body).encode()
        return self.service.handle(Request(method, target, {**sent, **(headers or {})}, raw, **more))

    def get(self, target: str, **more: Any) -> Response:
        return self.ask("GET", target, **more)

    def take(self, cluster: str = "demo-replica", role: str = "owner", **body: Any) -> Response:
        return self.ask("POST", self.snapshots(cluster), body=body, role=role)

    def poll(self, cluster: str, snapshot_id: str) -> Response:
        return self.get(self.snapshots(cluster, f"/{snapshot_id}"))

    def finished(self, cluster: str = "demo-replica", **body: Any) -> str:
        """The id of a new snapshot after it has ended."""
        snapshot_id: str = self.take(cluster, **body).json()["id"]
        self.moment += 10
        return snapshot_id


def code(response: Response) -> tuple[int, str | None]:
    """Status and error code of an answer; checks that the header repeats the code of the body."""
    found = response.json().get("errorCode")
    assert response.headers.get("X-Error-Code") == found
    return response.status, found
