# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.endpoints import (
    REPLICA_SET,
    SHARDED,
    AtlasApi,
    ProjectsApi,
)
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import InvalidInput
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.path_parts import (
    cluster_part,
    id_part,
    project_part,
)
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.bench import Bench, play
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.fuzz import quick
from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.script import Script

ODD = [
    "",
    ".",
    "..",
    "../..",
    "a/b",
    "a?b",
    "a#b",
    "%2e%2e",
    "a b",
    "a\nb",
    "\x00",
    "\ud800",
    "prod\n",
    "-a",
    "é",
]
ID = "5f0c1d2e3b4a59687766aabb"

# Every endpoint with an odd cluster name, and those with an id, with an odd id.
Ask = Callable[[AtlasApi, str], Awaitable[Any]]
BY_CLUSTER: dict[str, Ask] = {
    "take": lambda api, odd: api.take_snapshot(odd, None, None),
    "list": lambda api, odd: api.list_dedicated(odd, REPLICA_SET),
    "list sharded": lambda api, odd: api.list_dedicated(odd, SHARDED),
    "get": lambda api, odd: api.get_dedicated(odd, ID, REPLICA_SET),
    "delete": lambda api, odd: api.delete_snapshot(odd, ID, REPLICA_SET),
    "retention": lambda api, odd: api.change_retention(odd, ID, 7),
    "list flex": lambda api, odd: api.list_flex(odd),
    "get flex": lambda api, odd: api.get_flex(odd, ID),
    "list tenant": lambda api, odd: api.list_tenant(odd),
    "get tenant": lambda api, odd: api.get_tenant(odd, ID),
    "cluster": lambda api, odd: api.get_cluster(odd),
}
BY_ID: dict[str, Ask] = {
    "get": lambda api, odd: api.get_dedicated("prod", odd, REPLICA_SET),
    "get sharded": lambda api, odd: api.get_dedicated("prod", odd, SHARDED),
    "delete": lambda api, odd: api.delete_snapshot("prod", odd, SHARDED),
    "retention": lambda api, odd: api.change_retention("prod", odd, 7),
    "get flex": lambda api, odd: api.get_flex("prod", odd),
    "get tenant": lambda api, odd: api.get_tenant("prod", odd),
}
CALLS = [
    *((BY_CLUSTER[name], odd) for name in BY_CLUSTER for odd in ODD),
    *((BY_ID[name], odd) for name in BY_ID for odd in (*ODD, "prod", ID[:-1], f"{ID}a")),
]


@pytest.mark.parametrize(("call", "odd"), CALLS)
def test_nothing_is_sent_to_a_path_with_an_invalid_part(
    call: Callable[[AtlasApi, str], Awaitable[Any]], odd: str
) -> None:
    async def work(bench: Bench) -> None:
        with pytest.raises(InvalidInput):
            await call(bench.api, odd)

    play(Script(), work)


@pytest.mark.parametrize("odd", ["", ".", "..", "...", "\ud800"])
def test_invalid_project_name_is_refused(odd: str) -> None:
    async def work(bench: Bench) -> None:
        with pytest.raises(InvalidInput, match="project") as caught:
            await ProjectsApi(bench.client, bench.budget).get_project(odd)
        assert "project_id" in caught.value.hint

    play(Script(), work)


@pytest.mark.parametrize("odd", [None, 5, ["x"], {}])
def test_part_of_a_path_must_be_text(odd: Any) -> None:
    for part in (id_part, cluster_part):
        with pytest.raises(InvalidInput):
            part(odd)


@given(st.text())
@quick
def test_part_of_a_path_never_changes_the_endpoint(text: str) -> None:
    for part in (id_part, cluster_part, project_part):
        try:
            made = part(text)
        except InvalidInput:
            continue
        assert made
        assert not set(made) & set("/?#\\ ")
        assert made.strip(".")
