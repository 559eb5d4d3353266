# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Atlas's errorCodes: their names, which of them mean the same, and what a user can do about each.

from __future__ import annotations

UNFINISHED_ON_DEMAND_SNAPSHOT = "UNFINISHED_ON_DEMAND_SNAPSHOT"
CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API = "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API"
CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API = "CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API"
INCORRECT_BACKUP_API_ENDPOINT = "INCORRECT_BACKUP_API_ENDPOINT"
BACKUP_JOB_NOT_FOUND = "BACKUP_JOB_NOT_FOUND"
PROVIDER_BACKUP_NOT_SUPPORTED = "PROVIDER_BACKUP_NOT_SUPPORTED"
CANNOT_DELETE_IN_PROGRESS_SNAPSHOT = "CANNOT_DELETE_IN_PROGRESS_SNAPSHOT"
CANNOT_UPDATE_PAUSED_CLUSTER = "CANNOT_UPDATE_PAUSED_CLUSTER"
TENANT_SNAPSHOT_NOT_FOUND = "TENANT_SNAPSHOT_NOT_FOUND"
CLUSTER_RESTORE_IN_PROGRESS = "CLUSTER_RESTORE_IN_PROGRESS_CANNOT_UPDATE"
CLUSTER_PAUSED_CANNOT_RESTORE = "CLUSTER_PAUSED_CANNOT_RESTORE"
INCOMPLETE_SNAPSHOT = "CANNOT_START_RESTORE_JOB_FOR_INCOMPLETE_CLUSTER_SNAPSHOT"
INVALID_PIT_RESTORE_TIME = "INVALID_PIT_RESTORE_TIME"
SNAPSHOT_NOT_FOUND = "SNAPSHOT_NOT_FOUND"
RATE_LIMITED = "RATE_LIMITED"
WRITES_NOT_ALLOWED_DURING_APP_UPGRADES = "WRITES_NOT_ALLOWED_DURING_APP_UPGRADES"

# The snapshot does not exist. (A 404 about its cluster or project does not prove that.)
SNAPSHOT_ABSENT = frozenset({SNAPSHOT_NOT_FOUND, "INVALID_SNAPSHOT_ID"})
# The cluster, or the whole path, does not exist.
CLUSTER_ABSENT = frozenset({"CLUSTER_NOT_FOUND", "RESOURCE_NOT_FOUND"})
# The restore job does not exist.
JOB_ABSENT = frozenset({"RESTORE_JOB_NOT_FOUND", "INVALID_JOB_ID"})
# Another restore into the target is running.
RESTORE_IN_PROGRESS = frozenset({CLUSTER_RESTORE_IN_PROGRESS, "ATLAS_CLUSTER_RESTORE_IN_PROGRESS"})
# A 404 with one of these codes is the same at the dedicated, the tenant and the flex endpoint.
ABSENT_AT_EVERY_ADDRESS = frozenset({"GROUP_NOT_FOUND", "BACKUP_CONFIG_NOT_FOUND"})
# Backups are switched off for the cluster.
BACKUPS_DISABLED = frozenset({"BACKUP_CONFIG_NOT_FOUND", BACKUP_JOB_NOT_FOUND})
# For a shared cluster (M0, M2, M5), the endpoints of dedicated clusters may answer with any of these.
NO_DEDICATED_BACKUPS = frozenset(
    {
        "BACKUP_CONFIG_NOT_FOUND",
        BACKUP_JOB_NOT_FOUND,
        "FEATURE_UNSUPPORTED",
        "INSUFFICIENT_INSTANCE_SIZE",
        PROVIDER_BACKUP_NOT_SUPPORTED,
        "UNSUPPORTED_FOR_CURRENT_CONFIG",
        "UNSUPPORTED_FOR_CURRENT_PLAN",
    }
)

_ROLES = (
    "Give the credentials a role in this project: Project Backup Manager (or Project Owner) to take, change, delete "
    "and restore snapshots, Project Read Only to read them."
)
_ACCESS_LIST = "Add the public IP address of this host to the API access list of the credentials or the organization."
_IN_PROGRESS = "Wait for the other snapshot (if_in_progress=wait) or use it (if_in_progress=reuse)."
_BACKUPS_OFF = "Enable backups (Cloud Backup) for the cluster, then run this again."
_TIER = "Upgrade the cluster to a dedicated one (M10 or larger): on-demand snapshots exist only for those."
_RETENTION = "Choose another retention_in_days; the project's backup policy or compliance policy sets the limits."
_COMPLIANCE = "Ask the authorized user of the project's backup compliance policy to change it: it forbids this."
_SHARD_PART = "Use the id of the whole snapshot: this id is of one shard's part of a sharded cluster's snapshot."
_FIND_SNAPSHOT = "Look up the snapshot ids of the cluster with atlas_snapshot_info."
_CLUSTER_NAME = "Check the cluster's name, and that the cluster is in this project."
_PROJECT = "Check the project and that the credentials belong to its organization."
_BUSY_STATE = "Wait until the cluster is idle again, then run this again."
_BILLING = "Settle the billing of the organization in Atlas, then run this again."
_RESTORING = "Wait until the restore of the cluster has ended, then run this again."
_RESTORABLE = "Look up a snapshot of the cluster that is completed with atlas_snapshot_info, and restore that one."
_POINT = "Give another point_in_time, within the restore window of the cluster, or restore a snapshot (snapshot_id)."
_NO_JOB = "Look up the restore jobs of the cluster with atlas_restore_info."
_OTHER_TARGET = "Choose another target_cluster_name that fits the snapshot."
_RATE = "Run this later, or poll less often (poll_interval): all users of the project share its rate limit."
_VERSION = "Update this collection: Atlas no longer supports the API version that it uses."

BY_ERROR_CODE: dict[str, str] = {
    UNFINISHED_ON_DEMAND_SNAPSHOT: _IN_PROGRESS,
    CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API: "Use cluster_type=auto or flex: it is a flex cluster.",
    CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API: "Use cluster_type=auto: it is not a flex cluster.",
    INCORRECT_BACKUP_API_ENDPOINT: "Use cluster_type=auto, or report a bug of this collection.",
    BACKUP_JOB_NOT_FOUND: _BACKUPS_OFF,
    "BACKUP_CONFIG_NOT_FOUND": _BACKUPS_OFF,
    "INSUFFICIENT_INSTANCE_SIZE": _TIER,
    PROVIDER_BACKUP_NOT_SUPPORTED: _TIER,
    "FEATURE_UNSUPPORTED": _TIER,
    "UNSUPPORTED_FOR_CURRENT_PLAN": _TIER,
    "UNSUPPORTED_FOR_CURRENT_CONFIG": _TIER,
    "SNAPSHOT_RETENTION_LESS_THAN_BACKUP_COMPLIANCE_POLICY": _RETENTION,
    "BACKUP_SNAPSHOT_RETENTION_VALUE_INVALID": _RETENTION,
    "VALIDATION_ERROR": "Correct the option that Atlas names and run this again.",
    CANNOT_DELETE_IN_PROGRESS_SNAPSHOT: "Wait until the snapshot has ended, then delete it.",
    "CANNOT_MODIFY_IN_PROGRESS_SNAPSHOT_RETENTION": "Wait until the snapshot has ended, then change its retention.",
    "CANNOT_DELETE_SNAPSHOT_WITH_BACKUP_COMPLIANCE_POLICY": _COMPLIANCE,
    "CANNOT_DECREASE_SNAPSHOT_RETENTION_WITH_BACKUP_COMPLIANCE_POLICY": _COMPLIANCE,
    "CANNOT_DELETE_COPY_SNAPSHOT_WITH_BACKUP_COMPLIANCE_POLICY_ENABLED": _COMPLIANCE,
    "CANNOT_DELETE_FROM_CLUSTER_SNAPSHOT": _SHARD_PART,
    "CANNOT_MODIFY_CLUSTER_SNAPSHOT": _SHARD_PART,
    "CANNOT_MODIFY_SNAPSHOT": _SHARD_PART,
    "USER_UNAUTHORIZED": _ROLES,
    "USER_CANNOT_ACCESS_GROUP": _ROLES,
    "NOT_IN_GROUP": _ROLES,
    "TENANT_SNAPSHOT_ACCESS_DENIED": _ROLES,
    "IP_ADDRESS_NOT_ON_ACCESS_LIST": _ACCESS_LIST,
    "IP_ADDRESS_NOT_ON_WHITELIST": _ACCESS_LIST,
    "RESOURCE_REQUIRES_ACCESS_LIST": _ACCESS_LIST,
    "ORG_REQUIRES_ACCESS_LIST": _ACCESS_LIST,
    "ACCESS_FORBIDDEN": _ROLES + " " + _ACCESS_LIST,
    "ACCOUNT_SUSPENDED": _BILLING,
    "NO_PAYMENT_INFORMATION_FOUND": _BILLING,
    "CLUSTER_NOT_FOUND": _CLUSTER_NAME,
    "GROUP_NOT_FOUND": _PROJECT,
    "GROUP_NAME_NOT_FOUND": "Check the spelling of project_name, or use project_id.",
    "MULTIPLE_GROUPS": "Use project_id: several projects have this name.",
    SNAPSHOT_NOT_FOUND: _FIND_SNAPSHOT,
    "INVALID_SNAPSHOT_ID": _FIND_SNAPSHOT,
    TENANT_SNAPSHOT_NOT_FOUND: _FIND_SNAPSHOT,
    "RESOURCE_NOT_FOUND": "Check base_url, the project and the cluster's name.",
    WRITES_NOT_ALLOWED_DURING_APP_UPGRADES: "Run this again in a few minutes: Atlas is being upgraded.",
    "INVALID_VERSION_DATE": _VERSION,
    "VERSION_GONE": _VERSION + " Tenant clusters (M2, M5) have become flex clusters.",
    CLUSTER_RESTORE_IN_PROGRESS: _RESTORING,
    "ATLAS_CLUSTER_RESTORE_IN_PROGRESS": _RESTORING,
    CLUSTER_PAUSED_CANNOT_RESTORE: "Resume the target cluster first, then run this again.",
    INCOMPLETE_SNAPSHOT: "Wait until the snapshot is completed (atlas_snapshot with snapshot_id), then run this again.",
    "CANNOT_START_RESTORE_JOB_FOR_DELETED_SNAPSHOT": _RESTORABLE,
    "AUTOMATED_RESTORE_OF_SHARD_NOT_ALLOWED": _SHARD_PART,
    "INVALID_SNAPSHOT_RESTORE_ENCRYPTION": "Choose a target_cluster_name with the same encryption as the snapshot.",
    "CANNOT_PERFORM_RESTORE_ON_CLUSTER_WITH_RUNNING_LIVE_IMPORT": (
        "Wait until the live import into the target has ended, or stop it, then run this again."
    ),
    "RESTORE_INITIATION_FAILED": "Compare source and target with what Atlas says, then run this again.",
    "CANNOT_RESTORE_TO_TARGET": (
        "Give the credentials the role Project Backup Manager (or Project Owner) in the target's project too."
    ),
    INVALID_PIT_RESTORE_TIME: _POINT,
    "UNABLE_T0_FIND_SNAPSHOT_PRIOR_TO_PIT_RESTORE_OPTIME": _POINT,
    "NO_CHECKPOINT_FOR_PIT_RESTORE": _POINT,
    "PIT_RESTORE_ONLY_SUPPORTED_FOR_REPLICA_SETS": "Restore a snapshot of the sharded cluster instead (snapshot_id).",
    "TENANT_RESTORE_DESTINATION_UNAVAILABLE": "Wait a few minutes until the target is available, then run this again.",
    "TENANT_RESTORE_VERSION_MISMATCH": _OTHER_TARGET,
    "TENANT_RESTORE_INCOMPATIBLE_TOPOLOGY": _OTHER_TARGET,
    "RESTORE_JOB_NOT_FOUND": _NO_JOB,
    "INVALID_JOB_ID": _NO_JOB,
    "CANNOT_CANCEL_AUTOMATED_RESTORE": "Wait for the end of the restore: Atlas cancels only downloads.",
    "MISSING_ATTRIBUTE": "Report a bug of this collection: the request lacks what Atlas names.",
    CANNOT_UPDATE_PAUSED_CLUSTER: "Resume the cluster first, then run this again.",
    RATE_LIMITED: _RATE,
    "RATE_LIMITED_TOKEN_BUCKET": _RATE,
}

_BY_STATUS: dict[int, str] = {
    401: "Check that the credentials are valid and belong to this service. " + _ROLES,
    402: _BILLING,
    403: _ROLES + " " + _ACCESS_LIST,
    404: "Check base_url, the project and the cluster's name.",
    406: _VERSION,
    409: _BUSY_STATE,
    410: BY_ERROR_CODE["VERSION_GONE"],
    429: _RATE,
}


def next_step(status_code: int, error_code: str | None) -> str:
    """What a user can do about an answer with this status and errorCode; a known errorCode wins over the status.

    An unknown errorCode is ignored: a 401 may carry UNEXPECTED_ERROR (as recorded, 2026-08).
    """
    if error_code in BY_ERROR_CODE:
        return BY_ERROR_CODE[error_code]
    if status_code in _BY_STATUS:
        return _BY_STATUS[status_code]
    if status_code >= 500:
        return "Run this again later: Atlas, or a proxy in front of it, has a temporary problem."
    return "Check the options against what Atlas says."
