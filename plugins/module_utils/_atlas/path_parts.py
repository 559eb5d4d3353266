# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Checks ids and names from outside before they become part of a URL.

from __future__ import annotations

import re
from urllib.parse import quote

from .errors import InvalidInput
from .object_id import is_object_id

_CLUSTER_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9-]*")


def is_cluster_name(name: object) -> bool:
    """Whether a cluster can have this name: letters, digits and hyphens, beginning with a letter or digit."""
    return isinstance(name, str) and _CLUSTER_NAME.fullmatch(name) is not None


def id_part(value: str) -> str:
    """An id as part of a path. Raises InvalidInput if it is not an id, also for an id from an answer."""
    if not is_object_id(value):
        raise InvalidInput(f"{str(value)[:100]!r} is not an id", "Use an id of 24 hexadecimal digits.")
    return value


def cluster_part(name: str) -> str:
    """A cluster's name as part of a path. Raises InvalidInput for an invalid name."""
    if not is_cluster_name(name):
        raise InvalidInput(
            f"{str(name)[:100]!r} is not a valid cluster name", "Use letters, digits and hyphens, as Atlas does."
        )
    return name


def project_part(name: str) -> str:
    """A project's name as part of a path. Raises InvalidInput for a name that a URL cannot contain."""
    try:
        part = quote(name, safe="")
    except UnicodeError:
        part = ""
    # A name of only dots would change the path, even if escaped.
    if not part.strip("."):
        raise InvalidInput(f"The project {name!r} cannot be looked up by its name", "Set project_id instead.")
    return part
