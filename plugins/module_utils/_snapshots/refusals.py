# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Clusters whose snapshots Atlas takes itself, or that have none: why nothing can be taken there.

from __future__ import annotations

from .._atlas.endpoints import AtlasApi
from .._atlas.error_codes import (
    CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API,
    NO_DEDICATED_BACKUPS,
    PROVIDER_BACKUP_NOT_SUPPORTED,
)
from .._atlas.errors import AtlasError, RequestRefused
from .._attempts import Attempt
from .clusters import DEDICATED, FLEX, kind_of
from .records import JsonObject

_ATLAS_DOES_IT = "Atlas takes its snapshots itself, once a day; look at them with atlas_snapshot_info."


def refused_by_kind(cluster: JsonObject) -> AtlasError | None:
    """The refusal that a cluster's kind alone brings about; None for a dedicated cluster."""
    kind, size = kind_of(cluster)
    if kind == DEDICATED:
        return None
    if kind == FLEX:
        return _refused_flex()
    if size == "M0":
        message, hint = "It is a free cluster (M0) and has no backups at all", "Upgrade it to have backups."
    else:
        message, hint = f"It is a tenant cluster ({size}): on-demand snapshots cannot be taken there", _ATLAS_DOES_IT
    return AtlasError(message, hint, status_code=400, error_code=PROVIDER_BACKUP_NOT_SUPPORTED)


async def explained(api: AtlasApi, attempt: Attempt, error: AtlasError) -> AtlasError:
    """The same refusal, naming the kind of the cluster where that is what Atlas refuses."""
    if not isinstance(error, RequestRefused):
        return error
    better = await _better_refusal(api, attempt.cluster_name, error.error_code)
    if better is None:
        return error
    # Status and errorCode stay those of Atlas's answer.
    return AtlasError(
        f"{better.message} ({error.message})",
        better.hint,
        status_code=error.status_code,
        error_code=error.error_code,
    )


async def _better_refusal(api: AtlasApi, cluster_name: str, error_code: str | None) -> AtlasError | None:
    if error_code in NO_DEDICATED_BACKUPS:
        try:
            return refused_by_kind(await api.get_cluster(cluster_name))
        except AtlasError as error:
            error_code = error.error_code
    return _refused_flex() if error_code == CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API else None


def _refused_flex() -> AtlasError:
    message = "It is a flex cluster: on-demand snapshots cannot be taken there"
    return AtlasError(message, _ATLAS_DOES_IT, status_code=400, error_code=CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API)
