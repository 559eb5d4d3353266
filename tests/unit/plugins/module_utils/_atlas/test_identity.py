# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import NoAnswer
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.identity import ensure_about
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.atlas import PROJECT, V1, V2, cluster, snapshot
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.fuzz import documents, json_values, quick
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.times import minted

ID, OTHER_ID, OTHER_PROJECT = minted(), minted(number=2), "5f0c1d2e3b4a59687766aabc"
SNAPSHOTS = f"{V2}/clusters/prod/backup/snapshots"


def link(project: str = PROJECT, name: str = "prod", rest: str = "/backup/snapshots", rel: str = "self") -> Any:
    return {"rel": rel, "href": f"https://cloud.mongodb.com/api/atlas/v2/groups/{project}/clusters/{name}{rest}"}


def linked(**more: Any) -> dict[str, Any]:
    return snapshot(links=[link(**more)])


GOOD = {
    "snapshot": (f"{SNAPSHOTS}/{ID}", snapshot()),
    "snapshot id in upper case": (f"{SNAPSHOTS}/{ID.upper()}", snapshot()),
    "sharded snapshot": (f"{SNAPSHOTS}/shardedCluster/{ID}", snapshot()),
    "snapshot with a link": (f"{SNAPSHOTS}/{ID}", linked(rest=f"/backup/snapshots/{ID}")),
    "new snapshot": (SNAPSHOTS, linked()),
    "other links": (SNAPSHOTS, snapshot(links=[link(OTHER_PROJECT, "other", rel="next"), None, {"rel": "self"}])),
    "links of a proxy": (SNAPSHOTS, snapshot(links=[{"rel": "self", "href": f"http://proxy{V1}/clusters/PROD/x?a=b"}])),
    "links elsewhere": (SNAPSHOTS, snapshot(links=[{"rel": "self", "href": "https://example.com/"}])),
    "list": (SNAPSHOTS, {"results": [snapshot(), linked()], "links": [link()]}),
    "clusters": (f"{V2}/clusters", {"results": [cluster(groupId=PROJECT, links=[link(name="a", rest="")])]}),
    "cluster": (f"{V2}/clusters/prod", cluster(groupId=PROJECT.upper())),
    "cluster without a project": (f"{V2}/clusters/prod", cluster()),
    "flex snapshot": (f"{V2}/flexClusters/prod/backup/snapshots/{ID}", {"id": ID}),
    "tenant snapshot": (f"{V1}/clusters/prod/backup/tenant/snapshots/{ID}", {"id": ID}),
    "project by name": ("/api/atlas/v2/groups/byName/My%20shop%2F1", {"id": PROJECT, "name": "my Shop/1"}),
    "projects": ("/api/atlas/v2/groups", {"results": [{"id": PROJECT, "links": [link(rest="")]}]}),
    "nothing": (SNAPSHOTS, {}),
}

STRANGE = {
    "another snapshot": (f"{SNAPSHOTS}/{ID}", snapshot(id=OTHER_ID)),
    "another sharded snapshot": (f"{SNAPSHOTS}/shardedCluster/{ID}", snapshot(id=OTHER_ID)),
    "another flex snapshot": (f"{V2}/flexClusters/prod/backup/snapshots/{ID}", {"id": OTHER_ID}),
    "another tenant snapshot": (f"{V1}/clusters/prod/backup/tenant/snapshots/{ID}", {"id": OTHER_ID}),
    "a new snapshot of another cluster": (SNAPSHOTS, linked(name="other")),
    "a new snapshot of another project": (SNAPSHOTS, linked(project=OTHER_PROJECT)),
    "the list of another cluster": (SNAPSHOTS, {"results": [], "links": [link(name="other")]}),
    "the list of another project": (SNAPSHOTS, {"results": [], "links": [link(OTHER_PROJECT)]}),
    "a list with an entry of another cluster": (SNAPSHOTS, {"results": [linked(), linked(name="other")]}),
    "a list with an entry of another project": (SNAPSHOTS, {"results": [linked(project=OTHER_PROJECT)]}),
    "another cluster": (f"{V2}/clusters/prod", cluster(name="other")),
    "the same cluster of another project": (f"{V2}/clusters/prod", cluster(groupId=OTHER_PROJECT)),
    "the clusters of another project": (f"{V2}/clusters", {"results": [cluster(groupId=OTHER_PROJECT)]}),
    "the flex clusters of another project": (f"{V2}/flexClusters", {"results": [cluster(groupId=OTHER_PROJECT)]}),
    "another project by name": ("/api/atlas/v2/groups/byName/Shop", {"id": OTHER_PROJECT, "name": "Store"}),
    "another restore job": (f"{V2}/clusters/prod/backup/restoreJobs/{ID}", {"id": OTHER_ID}),
}


@pytest.mark.parametrize(("path", "document"), GOOD.values(), ids=GOOD)
def test_answer_about_the_requested_document_is_accepted(path: str, document: dict[str, Any]) -> None:
    ensure_about(path, document)


@pytest.mark.parametrize(("path", "document"), STRANGE.values(), ids=STRANGE)
def test_answer_about_another_document_is_no_answer(path: str, document: dict[str, Any]) -> None:
    with pytest.raises(NoAnswer, match="The answer is not about"):
        ensure_about(path, document)


@quick
@given(
    path=st.sampled_from([path for path, _document in GOOD.values()]),
    document=documents("name", "groupId", "links", "results", "id"),
    inner=st.lists(st.dictionaries(st.sampled_from(("rel", "href", "links", "groupId")), json_values), max_size=3),
)
def test_any_document_can_be_compared(path: str, document: dict[str, Any], inner: list[Any]) -> None:
    for each in (document, {**document, "links": inner}, {**document, "results": [{"links": inner}, *inner]}):
        try:
            ensure_about(path, each)
        except NoAnswer:
            continue
