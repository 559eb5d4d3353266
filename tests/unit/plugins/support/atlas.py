# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents of Atlas in the recorded format, whose times follow the fake clock of the event loop."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.messages import Answer

BASE_URL = "https://atlas.test"
PROJECT = "5f0c1d2e3b4a59687766aabb"
V2 = f"/api/atlas/v2/groups/{PROJECT}"
V1 = f"/api/atlas/v1.0/groups/{PROJECT}"
BACKUPS_TYPE = "application/vnd.atlas.2023-01-01+json"
CLUSTERS_TYPE = "application/vnd.atlas.2024-08-05+json"
FLEX_TYPE = "application/vnd.atlas.2024-11-13+json"

# Atlas's clock at the start of the loop.
START = datetime(2026, 8, 15, 22, 4, tzinfo=timezone.utc)
DESCRIPTION = "Before maintenance"
FIRST_PAGE = "?pageNum=1&itemsPerPage=500"


def moment(seconds: float) -> datetime:
    """Atlas's clock this many seconds after the start of the loop."""
    return START + timedelta(seconds=seconds)


def iso(seconds: float) -> str:
    """The same in the format of a document."""
    return moment(seconds).strftime("%Y-%m-%dT%H:%M:%SZ")


def http_date(seconds: float) -> str:
    """The same in the format of a Date header."""
    return format_datetime(moment(seconds).replace(microsecond=0), usegmt=True)


def minted(seconds: float = 0.0, number: int = 1) -> str:
    """An ObjectId that Atlas created this many seconds after the start of the loop."""
    return f"{int(moment(seconds).timestamp()):08x}2c88faeba5{number:06x}"


def snapshots_path(cluster: str = "prod", rest: str = "", root: str = V2) -> str:
    return f"{root}/clusters/{cluster}/backup/snapshots{rest}"


def flex_path(cluster: str = "prod", rest: str = "") -> str:
    return f"{V2}/flexClusters/{cluster}/backup/snapshots{rest}"


def tenant_path(cluster: str = "prod", rest: str = "") -> str:
    return f"{V1}/clusters/{cluster}/backup/tenant/snapshots{rest}"


def snapshot(status: str = "queued", at: float = 0.0, number: int = 1, **more: Any) -> dict[str, Any]:
    """A snapshot of a dedicated cluster that was requested at this second, in the recorded format."""
    document: dict[str, Any] = {
        "copyRegions": [],
        "description": DESCRIPTION,
        "expiresAt": iso(at + 7 * 86400),
        "frequencyType": "ondemand",
        "id": minted(at, number),
        "links": [],
        "policyItems": [],
        "replicaSetName": "prod",
        "snapshotType": "onDemand",
        "status": status,
        "storageSizeBytes": 0,
        "type": "replicaSet",
    }
    if status == "completed":
        document.update(
            cloudProvider="AWS",
            createdAt=iso(at + 86),
            expiresAt=iso(at + 159 + 7 * 86400),
            mongodVersion="8.0.29",
            storageSizeBytes=1582854144,
        )
    return {**document, **more}


def sharded(status: str = "queued", at: float = 0.0, number: int = 1, **more: Any) -> dict[str, Any]:
    """The same for a sharded cluster, from the sharded endpoint."""
    document = snapshot(status, at, number)
    for key in ("replicaSetName", "copyRegions", "cloudProvider", "policyItems"):
        document.pop(key, None)
    part = minted(at, number + 1000)
    members = [{"id": part, "cloudProvider": "AWS", "replicaSetName": "prod-shard-0"}]
    document.update(type="shardedCluster", snapshotIds=[part], members=members)
    return {**document, **more}


def automatic(status: str = "COMPLETED", at: float = 0.0, number: int = 1, **more: Any) -> dict[str, Any]:
    """A snapshot of a tenant or flex cluster that was scheduled for this second."""
    document = {
        "id": minted(at, number),
        "status": status,
        "scheduledTime": iso(at),
        "startTime": iso(at + 27),
        "finishTime": iso(at + 106),
        "expiration": iso(at + 8 * 86400),
        "mongoDBVersion": "8.0.29",
    }
    return {**document, **more}


def cluster(size: str = "M10", provider: str = "AWS", topology: str = "REPLICASET", **more: Any) -> dict[str, Any]:
    """A cluster in the format of the cluster endpoint."""
    region = {"providerName": provider, "electableSpecs": {"instanceSize": size}, "regionName": "US_EAST_1"}
    document = {
        "name": "prod",
        "clusterType": topology,
        "backupEnabled": True,
        "paused": False,
        "replicationSpecs": [{"regionConfigs": [region]}],
    }
    return {**document, **more}


def ok(document: Any, **headers: str) -> Answer:
    """200 with a document."""
    return answer(200, json.dumps(document).encode(), content_type="application/json", **headers)


def page(*items: dict[str, Any], **more: Any) -> Answer:
    """200 with one page of a list."""
    return ok({"links": [], "results": list(items), "totalCount": len(items), **more})


def refused(status: int, code: str | None = None, detail: str | None = "Said so.", **headers: str) -> Answer:
    """An error document of Atlas."""
    document = {"error": status, "errorCode": code, "reason": "Refused", "detail": detail, "parameters": []}
    return answer(status, json.dumps(document).encode(), content_type="application/json", **headers)


def html(status: int, title: str = "Bad gateway", **headers: str) -> Answer:
    """An HTML page, as from a proxy."""
    body = f"<html><head><title>{title}</title></head><body>sorry</body></html>".encode()
    return answer(status, body, content_type="text/html; charset=utf-8", **headers)


def answer(status: int, body: bytes = b"", **headers: str) -> Answer:
    """Any answer; an underscore in a header name stands for a hyphen."""
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, body)


NOT_THERE = refused(404, "SNAPSHOT_NOT_FOUND")
NO_SUCH_CLUSTER = refused(404, "CLUSTER_NOT_FOUND")
UNFINISHED = refused(400, "UNFINISHED_ON_DEMAND_SNAPSHOT")
WRONG_FAMILY = refused(400, "INCORRECT_BACKUP_API_ENDPOINT")
FLEX_IN_CLUSTER_API = refused(400, "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API")
CHALLENGE = 'Digest realm="MMS Public API", domain="", nonce="{nonce}", algorithm=MD5, qop="auth", stale={stale}'


def challenge(nonce: str = "first", stale: str = "false") -> Answer:
    """The 401 that asks for a signature."""
    return refused(401, "UNEXPECTED_ERROR", www_authenticate=CHALLENGE.format(nonce=nonce, stale=stale))


def token(access_token: str = "issued-token-1", expires_in: Any = 3600) -> Answer:
    """The answer of the token endpoint."""
    return ok({"access_token": access_token, "expires_in": expires_in, "token_type": "Bearer"})
