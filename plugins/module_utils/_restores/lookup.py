# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Lists the restore jobs of clusters of any kind, for atlas_restore_info.

from __future__ import annotations

from .._atlas.endpoints import AtlasApi
from .._atlas.error_codes import JOB_ABSENT, NO_DEDICATED_BACKUPS
from .._atlas.errors import RequestRefused
from .._snapshots.clusters import DEDICATED, TENANT, kind_of
from .._snapshots.records import Record
from .jobs import SourceJobs


async def find_restores(
    api: AtlasApi,
    cluster_name: str,
    cluster_type: str,
    *,
    job_id: str | None = None,
    backups_may_be_off: bool = False,
) -> list[Record]:
    """Every job whose source is this cluster, or the one with this id; an empty list if that does not exist.

    cluster_type: dedicated, tenant, flex, or auto to find out, which costs one more request for a flex cluster. Shared
    clusters (M0, M2, M5) have no jobs: their endpoints are retired. backups_may_be_off: return an empty list, not an
    error, for a cluster whose backups are switched off.
    """
    if cluster_type == TENANT:
        return []
    kind = None if cluster_type == "auto" else cluster_type
    jobs = SourceJobs(api, cluster_name, kind)
    try:
        return await jobs.list() if job_id is None else [await jobs.get(job_id.lower())]
    except RequestRefused as refused:
        if refused.status_code == 404 and refused.error_code in JOB_ABSENT:
            return []
        refused_by_kind = refused.error_code in NO_DEDICATED_BACKUPS
        if refused_by_kind and (backups_may_be_off or await _is_shared(api, cluster_name)):
            return []
        raise


async def _is_shared(api: AtlasApi, cluster_name: str) -> bool:
    try:
        return kind_of(await api.get_cluster(cluster_name))[0] != DEDICATED
    except RequestRefused:
        return False
