# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The dated media types."""

from __future__ import annotations

import pytest

from ansible_collections.mongodb_atlas.backup.tests.simulator.media import answered_version
from ansible_collections.mongodb_atlas.backup.tests.simulator.messages import Request
from ansible_collections.mongodb_atlas.backup.tests.unit.simulator.support import CLUSTERS, FLEX, Atlas, code


@pytest.mark.parametrize(
    ("path", "version"),
    [
        ("/clusters/demo-replica/backup/snapshots", "2023-01-01"),
        ("/clusters/demo-replica", CLUSTERS),
        ("/flexClusters/demo-flex", FLEX),
    ],
)
@pytest.mark.parametrize("later", [None, "2025-02-19", "2099-12-31"])
def test_later_date_gets_the_newest_version_before_it(path: str, version: str, later: str | None) -> None:
    answer = Atlas().get(Atlas.group + path, version=later or version)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == f"application/vnd.atlas.{version}+json;charset=utf-8"


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("2023-01-01", "2023-01-01"),
        ("2024-08-04", "2023-01-01"),
        ("2024-08-05", "2024-08-05"),
        ("2026-01-01", "2024-08-05"),
    ],
)
def test_endpoint_can_have_several_versions(asked: str, answered: str) -> None:
    request = Request("GET", "/", {"Accept": f"application/vnd.atlas.{asked}+json"})
    assert answered_version(request, ("2023-01-01", "2024-08-05")) == answered


@pytest.mark.parametrize("date", ["2022-12-31", "2023-13-01", "2023-02-30", "nonsense", "preview", "2023-1-1", ""])
def test_invalid_date_is_refused(date: str) -> None:
    answer = Atlas().get(Atlas().snapshots("demo-replica"), version=date or " ")
    assert answer.status == 406


def test_date_before_the_first_version_is_refused() -> None:
    assert code(Atlas().get(Atlas().snapshots("demo-replica"), version="2022-12-31")) == (406, "INVALID_VERSION_DATE")


@pytest.mark.parametrize("accept", ["", "*/*", "application/json"])
def test_accept_without_a_date_is_refused_without_a_code(accept: str) -> None:
    assert code(Atlas().get(Atlas().snapshots("demo-replica"), headers={"Accept": accept})) == (406, None)


def test_dated_type_may_be_one_of_several() -> None:
    accept = "text/html, application/vnd.atlas.2023-01-01+json;q=0.9, */*"
    assert Atlas().get(Atlas().snapshots("demo-replica"), headers={"Accept": accept}).status == 200


@pytest.mark.parametrize(
    "sent", ["application/json", "", "application/vnd.atlas.2022-01-01+json", "application/x-www-form-urlencoded"]
)
def test_request_body_requires_a_versioned_media_type(sent: str) -> None:
    atlas = Atlas()
    path = atlas.snapshots("demo-replica")
    assert atlas.ask("POST", path, body={}, headers={"Content-Type": sent}).status == 406
    assert atlas.ask("PATCH", f"{path}/{'0' * 24}", body={}, headers={"Content-Type": sent}).status == 406


def test_content_type_may_have_a_charset() -> None:
    atlas = Atlas()
    media_type = "application/vnd.atlas.2023-01-01+json;charset=utf-8"
    assert (
        atlas.ask("POST", atlas.snapshots("demo-replica"), body={}, headers={"Content-Type": media_type}).status == 200
    )


def test_v1_body_needs_plain_json() -> None:
    atlas = Atlas()
    path = f"{atlas.group_v1}/clusters/demo-replica/backup/snapshots"
    assert atlas.ask("POST", path, version="", body={}).status == 200
    refused = atlas.ask("POST", path, version="", body={}, headers={"Content-Type": "text/plain"})
    assert code(refused) == (415, "UNSUPPORTED_MEDIA_TYPE")


def test_v1_ignores_accept() -> None:
    atlas = Atlas()
    path = f"{atlas.group_v1}/clusters/demo-replica/backup/snapshots"
    assert atlas.get(path, version="", headers={"Accept": "*/*"}).status == 200


def test_answer_without_a_body_has_the_dated_type() -> None:
    atlas = Atlas()
    deleted = atlas.ask("DELETE", atlas.snapshots("demo-replica", f"/{atlas.finished()}"))
    assert deleted.headers["Content-Type"] == "application/vnd.atlas.2023-01-01+json;charset=utf-8"


@pytest.mark.parametrize("part", ["backup", "flex", "clusters", "groups"])
def test_every_part_can_be_retired(part: str) -> None:
    atlas = Atlas(retired=[part])
    paths = {
        "backup": (atlas.snapshots("demo-replica"), "2023-01-01"),
        "flex": (f"{atlas.group}/flexClusters", FLEX),
        "clusters": (f"{atlas.group}/clusters", CLUSTERS),
        "groups": ("/api/atlas/v2/groups", "2023-01-01"),
    }
    for name, (path, version) in paths.items():
        answer = atlas.get(path, version=version)
        assert code(answer) == (410, "VERSION_GONE") if name == part else answer.status == 200
