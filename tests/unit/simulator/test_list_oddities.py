# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists that mislead a client: pages that shift, repeat or never end; totals and links that are wrong or missing."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mongodb_atlas.backup.tests.unit.simulator.support import CLUSTERS, FLEX, Atlas

# Every paginated endpoint: its path below the project, its version, and the key that identifies an item.
PAGED = {
    "snapshots": ("/clusters/demo-replica/backup/snapshots", "2023-01-01", "id"),
    "flex snapshots": ("/flexClusters/demo-flex/backup/snapshots", FLEX, "id"),
    "clusters": ("/clusters", CLUSTERS, "name"),
}


@pytest.fixture(params=PAGED.values(), ids=PAGED)
def paged(request: pytest.FixtureRequest) -> Paged:
    return Paged(*request.param)


class Paged:
    """One endpoint with pages of three items."""

    def __init__(self, path: str, version: str, key: str) -> None:
        self.path, self.version, self.key = path, version, key

    def page(self, atlas: Atlas, number: int, size: int = 3) -> dict[str, Any]:
        query = f"?itemsPerPage={size}&pageNum={number}"
        document: dict[str, Any] = atlas.get(atlas.group + self.path + query, version=self.version).json()
        return document

    def items(self, atlas: Atlas, number: int, size: int = 3) -> list[Any]:
        return [each[self.key] for each in self.page(atlas, number, size)["results"]]


def test_shift_forward_omits_an_item_between_two_pages(paged: Paged) -> None:
    everything = paged.items(Atlas(), 1, 100)
    atlas = _struck(list_shift=1)
    assert paged.items(atlas, 1) + paged.items(atlas, 2) == everything[:3] + everything[4:7]
    assert paged.items(atlas, 2) == everything[3:6]


def test_shift_backward_repeats_an_item_on_two_pages(paged: Paged) -> None:
    everything = paged.items(Atlas(), 1, 100)
    atlas = _struck(list_shift=-1)
    assert paged.items(atlas, 1) + paged.items(atlas, 2) == everything[:3] + everything[2:5]


@pytest.mark.parametrize("shift", [-2, -1, 1, 2])
def test_total_count_follows_the_shift(paged: Paged, shift: int) -> None:
    right = paged.page(Atlas(), 2)["totalCount"]
    assert paged.page(Atlas(list_shift=shift), 2)["totalCount"] == right - shift
    assert paged.page(Atlas(list_shift=shift), 1)["totalCount"] == right


@pytest.mark.parametrize("error", [-100, -1, 1, 100])
def test_total_count_can_be_wrong(paged: Paged, error: int) -> None:
    right = paged.page(Atlas(), 1)["totalCount"]
    assert paged.page(Atlas(list_total_error=error), 1)["totalCount"] == max(right + error, 0)


@pytest.mark.parametrize(
    ("kind", "expected"), [("text", {"totalCount": "9"}), ("null", {"totalCount": None}), ("absent", {})]
)
@pytest.mark.parametrize("rest", ["", "/shardedClusters"])
def test_total_count_can_be_no_number(kind: str, expected: dict[str, Any], rest: str) -> None:
    atlas = Atlas(list_total=kind)
    document = atlas.get(atlas.snapshots("demo-sharded" if rest else "demo-replica", rest)).json()
    assert {name: value for name, value in document.items() if name not in ("links", "results")} == expected
    assert len(document["results"]) == 9


def test_next_link_can_be_missing(paged: Paged) -> None:
    assert "next" in _links(paged.page(Atlas(), 1))
    assert "next" not in _links(paged.page(Atlas(list_next_link=False), 1))


def test_repeated_pages_ignore_the_page_number(paged: Paged) -> None:
    atlas = Atlas(list_pages="repeat")
    assert paged.page(atlas, 1) == paged.page(atlas, 2) == paged.page(atlas, 99)
    assert "next" in _links(paged.page(atlas, 99))


def test_endless_pages_are_full_and_have_a_next_link(paged: Paged) -> None:
    atlas = Atlas(list_pages="endless")
    seen = [item for number in range(1, 9) for item in paged.items(atlas, number)]
    assert len(seen) == len(set(seen)) == 24
    assert "next" in _links(paged.page(atlas, 9999))
    assert len(paged.items(atlas, 9999)) == 3
    everything = paged.items(Atlas(), 1, 100)
    assert seen[: len(everything)] == everything
    assert len({each["id"] for each in paged.page(atlas, 2, 500)["results"]}) == 500


def test_endless_pages_of_an_empty_list_are_empty() -> None:
    atlas = Atlas(list_pages="endless", history_days=0)
    document = atlas.get(atlas.snapshots("demo-replica")).json()
    assert (document["results"], "next" in _links(document)) == ([], True)


def _links(document: dict[str, Any]) -> set[str]:
    return {each["rel"] for each in document["links"]}


def _struck(**settings: Any) -> Atlas:
    """An Atlas whose second page is served once with these settings."""
    atlas = Atlas()
    atlas.service.faults.add({"kind": "settings", "match": {"page": 2}, "params": settings})
    return atlas
