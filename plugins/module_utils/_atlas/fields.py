# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Reduces a large document to the fields that this collection reads, and shortens very long texts and lists.

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

# Every field of Atlas's documents that this collection reads.
FIELDS = frozenset(
    (
        *("results", "totalCount", "links", "rel", "href", "groupId", "id", "name"),
        *("errorCode", "detail", "reason", "badRequestDetail", "fields", "field"),
        *("access_token", "expires_in"),
        # Snapshots.
        *("type", "status", "snapshotType", "frequencyType", "description", "createdAt", "expiresAt", "mongodVersion"),
        *("storageSizeBytes", "cloudProvider", "replicaSetName", "copyRegions", "policyItems", "masterKeyUUID"),
        *("configServerType", "snapshotIds", "members"),
        *("startTime", "scheduledTime", "finishTime", "expiration", "mongoDBVersion"),
        # Clusters.
        *("clusterType", "stateName", "paused", "backupEnabled", "pitEnabled", "terminationProtectionEnabled"),
        *("tags", "key", "value", "replicationSpecs", "regionConfigs", "regionName", "providerName"),
        *("backingProviderName", "electableSpecs", "instanceSize", "diskSizeGB"),
        *("providerSettings", "backupSettings", "enabled"),
        # Restore jobs, the backup schedule and the compliance policy.
        *("snapshotId", "deliveryType", "deliveryUrl", "desiredTimestamp", "date", "oplogTs", "pointInTimeUTCSeconds"),
        *("timestamp", "time", "finishedAt", "cancelled", "failed", "expired", "targetGroupId", "targetClusterName"),
        *("restoreScheduledDate", "restoreFinishedDate", "expirationDate", "targetProjectId"),
        *("targetDeploymentItemName", "restoreWindowDays"),
        *("onDemandPolicyItem", "retentionUnit", "retentionValue"),
    )
)
# The most characters of a text, and of a text in a list.
LONGEST_TEXT = 1000
_LONGEST_TEXT_IN_LIST = 100
_LONGEST_LIST = 500
_BEGINNING = 50


def kept(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """The members of a JSON object that this collection reads, with very long values shortened."""
    return {name: _cut(name, value) for name, value in pairs if name in FIELDS}


def shortened(text: str, longest: int = LONGEST_TEXT) -> str:
    """The text; if it is too long, its beginning and its hash.

    Different texts stay different, apart from white space around them.
    """
    if len(text) <= longest:
        return text
    text = text.strip()
    if len(text) <= longest:
        return text
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    return f"{text[: longest - len(digest) - _BEGINNING].strip()}... (SHA-256 of all of it: {digest})"


def _cut(name: str, value: Any) -> Any:
    if isinstance(value, str):
        return shortened(value)
    if isinstance(value, list) and name != "results":
        return [_cut_text(each) for each in value[:_LONGEST_LIST]]
    return value


def _cut_text(value: Any) -> Any:
    return value[:_LONGEST_TEXT_IN_LIST] if isinstance(value, str) else value
