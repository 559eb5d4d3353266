# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compares the answers of the simulator with recordings of the real service, field by field."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator.demo import DEMO_PROJECT_ID, demo_world
from simulator.messages import Request, Response
from simulator.service import Service
from simulator.settings import Settings

# The time of the recorded POST, 2026-08-10T03:26:42Z, and the seconds after it at which the snapshot was polled.
TAKEN_AT = 1786332402.0
LOOKS = {"02-poll-1": 7, "02-poll-2": 15, "02-poll-3": 89, "02-poll-4": 162}
RECORDED_LIFE = Settings(queued_seconds=5, in_progress_seconds=154, history_days=0)

# The web server adds Content-Length. Deprecation and Sunset belong to an older version of the cluster endpoint.
UNCOMPARED_HEADERS = {"content-length", "deprecation", "sunset"}
COMPARED_VALUES = {"content-type", "ratelimit-limit", "strict-transport-security", "vary", "x-error-code"}
# Values of the recorded snapshots that the simulator can reproduce; the key identifies the kind of document.
LIVED_AGAIN = {
    "snapshotType": (
        "createdAt",
        "expiresAt",
        "frequencyType",
        "snapshotType",
        "status",
        "storageSizeBytes",
        "type",
    ),
    "deliveryType": (
        "cancelled",
        "deliveryType",
        "deliveryUrl",
        "desiredTimestamp",
        "expirationDate",
        "expired",
        "failed",
        "finishedAt",
        "restoreFinishedDate",
        "restoreScheduledDate",
        "snapshotFinishedDate",
        "status",
        "timestamp",
    ),
    "policies": ("referenceHourOfDay", "referenceMinuteOfHour", "restoreWindowDays"),
}

CLUSTERS, SNAPSHOTS, FLEX = "2024-08-05", "2023-01-01", "2024-11-13"
NOBODYS_PROJECT = "1" * 24


@dataclass
class Answer:
    """Status, headers by lower-case name, and body."""

    status: int
    headers: dict[str, str]
    body: str

    def document(self) -> Any:
        return json.loads(self.body) if self.body else None


def compare(folder: Path, named: Iterable[tuple[str, Answer]]) -> Iterator[tuple[str, list[str]]]:
    """Each recording's name and the differences; a recording without an answer to compare counts as different."""
    answers = dict(named)
    for file in sorted(folder.glob("*.http")):
        if file.stem not in answers:
            yield file.stem, ["the simulator has no answer for this recording"]
        else:
            yield file.stem, list(_differences(_read(file), answers[file.stem]))


def _read(file: Path) -> Answer:
    head, _unused, body = file.read_text().partition("\n\n")
    status, *lines = head.splitlines()
    headers = dict(line.split(": ", 1) for line in lines)
    return Answer(int(status.split()[1]), {name.lower(): value for name, value in headers.items()}, body.strip())


def backup_answers() -> Iterator[tuple[str, Answer]]:
    """The simulator's answer for each recording of taking snapshots, by the recording's name."""
    moment = [TAKEN_AT]
    service = Service(demo_world(RECORDED_LIFE, TAKEN_AT), lambda: moment[0], RECORDED_LIFE)
    group = f"/api/atlas/v2/groups/{DEMO_PROJECT_ID}"
    backups = f"{group}/clusters/demo-replica/backup/snapshots"

    taken = ask(service, "POST", backups, SNAPSHOTS, {"description": "test-snapshot", "retentionInDays": 1})
    yield "dedicated-01-take", taken
    one = f"{backups}/{taken.document()['id']}"
    for name, seconds in LOOKS.items():
        moment[0] = TAKEN_AT + seconds
        yield f"dedicated-{name}", ask(service, "GET", one, SNAPSHOTS)
    yield "dedicated-03-list", ask(service, "GET", backups, SNAPSHOTS)
    yield "dedicated-04-delete", ask(service, "DELETE", one, SNAPSHOTS)

    for name, cluster in {"dedicated": "demo-replica", "sharded": "demo-sharded", "tenant-m0": "demo-m0"}.items():
        yield f"cluster-{name}", ask(service, "GET", f"{group}/clusters/{cluster}", CLUSTERS)
    flex = f"{group}/flexClusters/demo-flex"
    listed = ask(service, "GET", f"{flex}/backup/snapshots", FLEX)
    yield "flex-01-list", listed
    first = listed.document()["results"][0]["id"]
    yield "flex-02-get", ask(service, "GET", f"{flex}/backup/snapshots/{first}", FLEX)
    yield "flex-03-cluster", ask(service, "GET", flex, FLEX)

    yield "error-400-flex-in-cluster-api", ask(service, "GET", f"{group}/clusters/demo-flex", CLUSTERS)
    wrong_family = f"{group}/flexClusters/demo-replica/backup/snapshots"
    yield "error-400-non-flex-in-flex-api", ask(service, "GET", wrong_family, FLEX)
    yield "error-401-digest-challenge", _plain(service.handle(Request("GET", group)))
    yield "error-404-cluster-not-found", ask(service, "GET", f"{group}/clusters/nosuch", CLUSTERS)
    nobodys = f"/api/atlas/v2/groups/{NOBODYS_PROJECT}/clusters"
    yield "error-404-group-not-found", ask(service, "GET", nobodys, CLUSTERS)


def ask(service: Service, method: str, path: str, version: str, body: dict[str, Any] | None = None) -> Answer:
    media_type = f"application/vnd.atlas.{version}+json"
    token = service.world.credentials[0].access_token
    headers = {"Accept": media_type, "Content-Type": media_type, "Authorization": f"Bearer {token}"}
    return _plain(service.handle(Request(method, path, headers, json.dumps(body).encode() if body else b"")))


def _plain(response: Response) -> Answer:
    return Answer(
        response.status,
        {name.lower(): value for name, value in response.headers.items()},
        response.body.decode(),
    )


def _differences(recorded: Answer, answer: Answer) -> Iterator[str]:
    if recorded.status != answer.status:
        yield f"status {answer.status}, recorded {recorded.status}"
        return
    yield from _header_differences(recorded.headers, answer.headers)
    yield from _shape_differences(recorded.document(), answer.document(), "body")
    if recorded.status == 401 and recorded.body != answer.body:
        yield "the body of the challenge is not as recorded"
    elif recorded.status >= 400:
        yield from _error_differences(recorded.document(), answer.document())
    elif recorded.document():
        yield from _life_differences(recorded.document(), answer.document())


def _life_differences(recorded: dict[str, Any], answer: dict[str, Any]) -> Iterator[str]:
    """Values that the simulator did not reproduce; of a list only the first result is compared."""
    if recorded.get("results") and answer.get("results"):
        yield from _life_differences(recorded["results"][0], answer["results"][0])
    for kind, names in LIVED_AGAIN.items():
        for name in names if kind in recorded else ():
            if recorded.get(name) != answer.get(name):
                yield f"{name} is {answer.get(name)!r}, recorded {recorded.get(name)!r}"


def _header_differences(recorded: dict[str, str], answer: dict[str, str]) -> Iterator[str]:
    for name in sorted((set(recorded) ^ set(answer)) - UNCOMPARED_HEADERS):
        yield f"header {name} is {'missing' if name in recorded else 'not recorded'}"
    for name in sorted(COMPARED_VALUES & set(recorded) & set(answer)):
        # The sharded cluster was recorded as the answer to a PATCH, which has another version.
        if recorded[name] != answer[name] and "2024-10-23" not in recorded[name]:
            yield f"header {name} is {answer[name]!r}, recorded {recorded[name]!r}"


def _shape_differences(recorded: Any, answer: Any, where: str) -> Iterator[str]:
    """Differences of keys and JSON types at every depth; of lists only the first items are compared."""
    if type(recorded) is not type(answer):
        yield f"{where} is {type(answer).__name__}, recorded {type(recorded).__name__}"
    elif isinstance(recorded, dict):
        for name in sorted(set(recorded) ^ set(answer)):
            yield f"{where}.{name} is {'missing' if name in recorded else 'not recorded'}"
        for name in sorted(set(recorded) & set(answer)):
            yield from _shape_differences(recorded[name], answer[name], f"{where}.{name}")
    elif isinstance(recorded, list) and recorded and answer:
        yield from _shape_differences(recorded[0], answer[0], f"{where}[0]")
    elif isinstance(recorded, list) and recorded:
        yield f"{where} is empty, unlike the recording"


def _error_differences(recorded: dict[str, Any], answer: dict[str, Any]) -> Iterator[str]:
    """Differences of code, reason, and the text without its parameters."""
    for name in ("error", "errorCode", "reason"):
        if recorded.get(name) != answer.get(name):
            yield f"{name} is {answer.get(name)!r}, recorded {recorded.get(name)!r}"
    if _sentence(recorded) != _sentence(answer):
        yield f"detail is {answer.get('detail')!r}, recorded {recorded.get('detail')!r}"


def _sentence(document: dict[str, Any]) -> str:
    sentence = str(document.get("detail"))
    for parameter in document.get("parameters", []):
        sentence = sentence.replace(parameter, "...")
    return sentence
