# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: other code must not import it, and it may change in any release.
# Suggests the nearest existing names for an unknown cluster or project name.

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Collection, Iterable
from difflib import SequenceMatcher

from .._atlas.client import AtlasClient
from .._atlas.endpoints import AtlasApi, ProjectsApi
from .._atlas.error_codes import CLUSTER_ABSENT
from .._atlas.errors import AtlasError, RequestRefused
from .._atlas.retry import Deadline, RetryBudget
from .._text import printable
from .lookup import find_clusters
from .records import JsonObject

# Limits on the suggested names, and on the clusters of a task that get suggestions: comparing names takes time.
MOST_NAMES = 3
MOST_CLUSTERS = 20
MOST_COMPARISONS = 5000
# Seconds to look up names; after that, the error is reported without suggestions.
LOOK_UP_TIMEOUT = 5.0


def nearest(name: str, names: Collection[str]) -> list[str]:
    """The names most similar to this one, the best first; ignores upper and lower case."""
    return heapq.nlargest(
        MOST_NAMES, names, key=lambda other: SequenceMatcher(None, name.lower(), other.lower()).ratio()
    )


def names_of(those: Iterable[JsonObject]) -> list[str]:
    """The names of clusters or projects; entries without a name are skipped."""
    return [str(each["name"]) for each in those if each.get("name")]


def misspelt(names: Iterable[str], known: Collection[str]) -> dict[str, list[str]]:
    """Unknown names -> the nearest known names.

    Only the first MOST_CLUSTERS names get suggestions, and fewer in a project of more than 250 clusters.
    """
    unknown = [name for name in names if name not in known]
    offers = min(MOST_CLUSTERS, MOST_COMPARISONS // max(1, len(known)))
    return {name: nearest(name, known) if place < offers else [] for place, name in enumerate(unknown)}


class ClusterNames:
    """The names of a project's clusters, looked up once, when the first requested cluster does not exist."""

    def __init__(self, client: AtlasClient, project_id: str, deadline: Deadline) -> None:
        self._client = client
        self._project_id = project_id
        self._deadline = deadline
        self._names: list[str] | None = None
        self._lock = asyncio.Lock()
        self._left = MOST_CLUSTERS

    async def advised(self, cluster_name: str, error: AtlasError) -> AtlasError:
        """The error; if the cluster does not exist, with the nearest names as suggestions."""
        if error.status_code != 404 or error.error_code not in CLUSTER_ABSENT or not self._left:
            return error
        self._left -= 1
        names = await self._known()
        if cluster_name not in names:
            offer = _offer("The nearest names in this project", nearest(cluster_name, names))
            return error.in_context(hint=error.hint + offer)
        return error

    async def _known(self) -> list[str]:
        """Every name, or none if the look-up fails: the error itself is still reported."""
        async with self._lock:
            if self._names is None:
                self._names = await self._look_up()
        return self._names

    async def _look_up(self) -> list[str]:
        api = AtlasApi(self._client, self._project_id, _brief(self._deadline))
        try:
            return names_of(await find_clusters(api))
        except AtlasError:
            return []


async def find_project(client: AtlasClient, name: str, budget: RetryBudget) -> str:
    """The id of the project with this name; the error for none or several suggests names or ids."""
    try:
        return str((await ProjectsApi(client, budget).get_project(name))["id"])
    except AtlasError as error:
        is_asked_about = isinstance(error, RequestRefused) and error.status_code in (404, 409)
        advice = await _advice_on_project(client, name, budget) if is_asked_about else ""
        raise error.in_context(doing=f"Project {name}", hint=error.hint + advice) from None


async def _advice_on_project(client: AtlasClient, name: str, budget: RetryBudget) -> str:
    try:
        projects = await ProjectsApi(client, _brief(budget.deadline)).list_projects()
    except AtlasError:
        return ""  # report the error without a suggestion
    ids = [str(project.get("id")) for project in projects if project.get("name") == name]
    names = sorted(set(names_of(projects)))
    return _offer("Its projects", ids) or _offer("The nearest project names", nearest(name, names))


def _offer(what: str, offered: Collection[str]) -> str:
    return f" {what}: {', '.join(map(printable, offered))}." if offered else ""


def _brief(deadline: Deadline) -> RetryBudget:
    return RetryBudget(deadline.for_one_look(LOOK_UP_TIMEOUT))
