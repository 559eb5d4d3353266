# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Reads the target cluster of a restore, from the dedicated or the flex endpoint.

from __future__ import annotations

from .._atlas.endpoints import AtlasApi
from .._atlas.error_codes import CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API, CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API
from .._atlas.errors import RequestRefused
from .target import TargetCluster, dedicated_target, flex_target


async def read_cluster(api: AtlasApi, cluster_name: str, *, likely_flex: bool = False) -> TargetCluster:
    """The cluster with this name. likely_flex: try the flex endpoint first, which saves a request for flex clusters."""
    if likely_flex:
        try:
            return flex_target(await api.get_flex_cluster(cluster_name), api.project_id)
        except RequestRefused as refused:
            # How the flex endpoint answers for clusters of other kinds is not recorded, so accept a 404 too.
            if refused.error_code != CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API and refused.status_code != 404:
                raise
    try:
        return dedicated_target(await api.get_cluster(cluster_name), api.project_id)
    except RequestRefused as refused:
        if likely_flex or refused.error_code != CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API:
            raise
    return flex_target(await api.get_flex_cluster(cluster_name), api.project_id)
