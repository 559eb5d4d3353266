# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Checks that an answer is about the requested thing: a faulty cache may return the answer to another request.

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from .errors import NoAnswer
from .json_values import objects_in

_BY_NAME = "/groups/byName/"
_PROJECT_AND_CLUSTER = re.compile(
    r"/groups/(?P<project>[0-9a-f]{24})(?:/(?:clusters|flexClusters)/(?P<cluster>[^/?#]+)(?P<below>[^?#]*))?",
    re.IGNORECASE,
)
_LAST_ID = re.compile(r"/([0-9a-f]{24})$", re.IGNORECASE)


def ensure_about(path: str, document: Mapping[str, Any]) -> None:
    """Raise NoAnswer if the answer to a request for this path contradicts the path: its id, cluster or project.

    Compares id, name, groupId and the links with rel=self, as far as the answer has them; ignores upper and lower case.
    """
    for asked, answered in _pairs(path, document):
        if isinstance(answered, str) and answered.lower() != asked.lower():
            raise NoAnswer(
                f"The answer is not about {asked}",
                "Check the caches and proxies between this host and Atlas, then run this again.",
            )


def _pairs(path: str, document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Pairs of a value in the path and the corresponding value in the answer."""
    if _BY_NAME in path:
        yield unquote(path.rpartition(_BY_NAME)[2]), document.get("name")
    place = _PROJECT_AND_CLUSTER.search(path)
    if not place:
        return
    project, cluster, below = place["project"], place["cluster"], place["below"]
    its_id = _LAST_ID.search(below or "")
    if its_id:
        yield its_id[1], document.get("id")
    if cluster and not below:
        yield cluster, document.get("name")
    for part in (document, *objects_in(document.get("results"))):
        yield project, part.get("groupId")
        for link in objects_in(part.get("links")):
            target = _PROJECT_AND_CLUSTER.search(str(link.get("href"))) if link.get("rel") == "self" else None
            if target:
                yield project, target["project"]
            if target and cluster:
                yield cluster, target["cluster"]
