# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Trims the options, and refuses invalid ones with a clear message before any request.

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ._atlas.errors import InvalidInput
from ._atlas.object_id import is_object_id
from ._atlas.path_parts import is_cluster_name
from ._option_limits import MOST_DAYS, SECONDS

# A shorter poll_interval counts as this: it would only use up the rate limit that the whole project shares.
_LEAST_POLL_INTERVAL = 0.1


def trimmed_options(params: Mapping[str, Any]) -> dict[str, Any]:
    """The options with names and description trimmed, and with poll_interval raised to its minimum.

    A list with only one empty name becomes an empty list.
    """
    trimmed = dict(params)
    names = params.get("cluster_name")
    if isinstance(names, list):
        names = [name.strip() for name in names]
        trimmed["cluster_name"] = [] if names == [""] else names
    if params.get("description") is not None:
        trimmed["description"] = params["description"].strip()
    if 0 < (params.get("poll_interval") or 0) < _LEAST_POLL_INTERVAL:
        trimmed["poll_interval"] = _LEAST_POLL_INTERVAL
    return trimmed


def check_options(params: Mapping[str, Any]) -> None:
    """Check what Ansible's argument spec cannot. Raises InvalidInput with every problem."""
    raise_problems(_problems(params))


def check_options_of_a_plan(params: Mapping[str, Any]) -> None:
    """Refuse only options without which no request is possible; everything else becomes a problem in the plan."""
    check_options({"cluster_name": None, "request_timeout": params["request_timeout"]})


def raise_problems(problems: Iterable[str]) -> None:
    """Raise InvalidInput with all of these problems of the options, if there are any."""
    said = "; ".join(problems)
    if said:
        raise InvalidInput(said, "Correct this, then run it again. Nothing was sent to Atlas.")


def id_problems(option: str, value: str | None) -> Iterator[str]:
    """The problem with an id in an option."""
    if value is not None and not is_object_id(value):
        yield f"{option} is {value!r}, but an id has 24 hexadecimal digits"


def checked_project_id(project_id: str, source: str) -> str:
    """The id in lower case. Raises InvalidInput unless it has 24 hexadecimal digits. source: the option or variable."""
    if not is_object_id(project_id):
        raise InvalidInput(
            f"{source} is {project_id!r}, but a project id has 24 hexadecimal digits",
            "Copy it from the project's settings in Atlas, or set project_name.",
        )
    return project_id.lower()


def unique_names(cluster_names: list[str] | None) -> list[str]:
    """The names in the requested order; one that is given twice counts once."""
    return list(dict.fromkeys(cluster_names or []))


def _problems(params: Mapping[str, Any]) -> Iterator[str]:
    names = params["cluster_name"]
    if names == []:
        yield "cluster_name is an empty list: name at least one cluster"
    if "" in (names or []):
        yield "cluster_name contains an empty name: remove the extra comma or item"
    for name in filter(None, names or []):
        yield from name_problems(name)
    yield from _snapshot_problems(params, names)
    yield from seconds_problems(params)


def name_problems(name: str) -> Iterator[str]:
    """The problem with the name of a cluster, if there is one."""
    if not is_cluster_name(name):
        yield (
            f"{name!r} is not a valid cluster name: "
            "it consists of letters, digits and hyphens, and begins with a letter or digit"
        )


def seconds_problems(params: Mapping[str, Any]) -> Iterator[str]:
    """The problems of the options in seconds."""
    for option, limit in SECONDS.items():
        value = params.get(option)
        if value is not None and not limit.allows(value):
            yield f"{option} is {value:g}, but must be a number of seconds, {limit.least} and at most {limit.most:.0f}"


def _snapshot_problems(params: Mapping[str, Any], names: list[str] | None) -> Iterator[str]:
    snapshot_id, days = params.get("snapshot_id"), params.get("retention_in_days")
    if snapshot_id is not None:
        if not is_object_id(snapshot_id):
            yield f"snapshot_id is {snapshot_id!r}, but a snapshot id has 24 hexadecimal digits"
        if len(unique_names(names)) > 1 and "state" in params:
            yield "snapshot_id requires exactly one cluster_name"
    elif params.get("state") == "absent":
        yield "state is absent and snapshot_id is missing: name the snapshot to delete"
    if params.get("outlives") is not None:
        if params["state"] == "absent":
            yield "outlives cannot be used with state=absent"
        elif not params["wait"]:
            yield "outlives cannot be used with wait=false, because only a completed snapshot can be checked"
    if days is not None and not 1 <= days <= MOST_DAYS:
        yield f"retention_in_days is {days}, but must be at least 1 and at most {MOST_DAYS}"
