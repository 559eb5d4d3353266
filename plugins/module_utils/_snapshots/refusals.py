# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Explains refusals for flex, tenant and M0 clusters, where snapshots cannot be taken, changed or deleted.

from __future__ import annotations

from .._atlas.endpoints import AtlasApi
from .._atlas.error_codes import (
    CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API,
    INCORRECT_BACKUP_API_ENDPOINT,
    NO_DEDICATED_BACKUPS,
    PROVIDER_BACKUP_NOT_SUPPORTED,
)
from .._atlas.errors import AtlasError, RequestRefused
from .._attempts import Attempt
from .clusters import DEDICATED, FLEX, TENANT, kind_of
from .records import JsonObject

# What Atlas refuses, as text for messages.
TAKE = "on-demand snapshots are not possible"
CHANGE = "the retention of its snapshots cannot be changed"
DELETE = "its snapshots cannot be deleted"

_CODES = {FLEX: CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API, TENANT: PROVIDER_BACKUP_NOT_SUPPORTED}
_OTHER_KIND = NO_DEDICATED_BACKUPS | {INCORRECT_BACKUP_API_ENDPOINT}


def refused_by_kind(cluster: JsonObject, what: str = TAKE) -> AtlasError | None:
    """The error for a cluster whose kind has no on-demand snapshots; None for a dedicated cluster."""
    kind, size = kind_of(cluster)
    if kind == DEDICATED:
        return None
    if size == "M0":
        return AtlasError(
            "It is a free cluster (M0) and has no backups at all",
            "Upgrade the cluster: to Flex for daily backups, or to M10 or larger for on-demand snapshots.",
            status_code=400,
            error_code=PROVIDER_BACKUP_NOT_SUPPORTED,
        )
    return refused_automatic(kind, what, size)


def refused_automatic(kind: str, what: str, size: str | None = None) -> AtlasError:
    """The error for a flex or tenant cluster."""
    of_size = f" ({size})" if kind == TENANT and size else ""
    return AtlasError(
        f"It is a {kind} cluster{of_size}, so {what}. Atlas takes its snapshots itself, once a day",
        "Look them up with atlas_snapshot_info.",
        status_code=400,
        error_code=_CODES[kind],
    )


async def explained(api: AtlasApi, attempt: Attempt, error: AtlasError, what: str = TAKE) -> AtlasError:
    """The refusal, explained by the kind of the cluster if that is its reason.

    Status and errorCode stay those of Atlas's answer. Stores the kind in the attempt.
    """
    if not isinstance(error, RequestRefused):
        return error
    better = await _better_refusal(api, attempt, error.error_code, what)
    if better is None:
        return error
    return AtlasError(
        f"{better.message} ({error.message})",
        better.hint,
        status_code=error.status_code,
        error_code=error.error_code,
        record=error.record,
    )


async def _better_refusal(api: AtlasApi, attempt: Attempt, error_code: str | None, what: str) -> AtlasError | None:
    if error_code in _OTHER_KIND:
        try:
            cluster = await api.get_cluster(attempt.cluster_name)
        except AtlasError as error:
            error_code = error.error_code
        else:
            attempt.cluster_type = kind_of(cluster)[0]
            return refused_by_kind(cluster, what)
    if error_code == CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API:
        attempt.cluster_type = FLEX
        return refused_automatic(FLEX, what)
    return None
