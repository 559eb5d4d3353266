# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The errors of Atlas: a status and a text for each errorCode."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

# The texts of the recorded codes are as recorded; all others are this simulator's own words.
CATALOGUE: dict[str, tuple[int, str]] = {
    "ACCESS_FORBIDDEN": (403, "The caller may not do this."),
    "ACCOUNT_SUSPENDED": (402, "The account is suspended."),
    "ATLAS_CLUSTER_RESTORE_IN_PROGRESS": (409, "Cluster {0} is being restored."),
    "AUTOMATED_RESTORE_OF_SHARD_NOT_ALLOWED": (
        400,
        "Snapshot {0} is one shard's part of a sharded cluster's snapshot and cannot be restored.",
    ),
    "BACKUP_CONFIG_NOT_FOUND": (404, "No backup configuration exists for cluster {0} in group {1}."),
    "BACKUP_JOB_NOT_FOUND": (400, "No backup job exists for cluster {0}: its backups are not enabled."),
    "BACKUP_SNAPSHOT_RETENTION_VALUE_INVALID": (400, "The retention value {0} is not valid."),
    "CANNOT_CANCEL_AUTOMATED_RESTORE": (400, "Restore job {0} is automated and cannot be cancelled."),
    "CANNOT_DECREASE_SNAPSHOT_RETENTION_WITH_BACKUP_COMPLIANCE_POLICY": (
        400,
        "The backup compliance policy forbids a shorter retention of snapshot {0}.",
    ),
    "CANNOT_DELETE_COPY_SNAPSHOT_WITH_BACKUP_COMPLIANCE_POLICY_ENABLED": (
        400,
        "The backup compliance policy does not allow the deletion of the copied snapshot {0}.",
    ),
    "CANNOT_DELETE_FROM_CLUSTER_SNAPSHOT": (403, "Snapshot {0} is one shard's part of a sharded cluster's snapshot."),
    "CANNOT_DELETE_IN_PROGRESS_SNAPSHOT": (400, "Snapshot {0} is not finished and cannot be deleted yet."),
    "CANNOT_DELETE_SNAPSHOT_WITH_BACKUP_COMPLIANCE_POLICY": (
        400,
        "The backup compliance policy does not allow the deletion of snapshot {0}.",
    ),
    "CANNOT_MODIFY_CLUSTER_SNAPSHOT": (403, "Snapshot {0} is one shard's part of a sharded cluster's snapshot."),
    "CANNOT_MODIFY_IN_PROGRESS_SNAPSHOT_RETENTION": (400, "Snapshot {0} is not finished; change its retention later."),
    "CANNOT_MODIFY_SNAPSHOT": (403, "Snapshot {0} cannot be changed."),
    "CANNOT_PERFORM_RESTORE_ON_CLUSTER_WITH_RUNNING_LIVE_IMPORT": (400, "A live import into cluster {0} is running."),
    "CANNOT_RESTORE_TO_TARGET": (403, "The caller may not restore into group {0}."),
    "CANNOT_START_RESTORE_JOB_FOR_DELETED_SNAPSHOT": (409, "Snapshot {0} has been deleted."),
    "CANNOT_START_RESTORE_JOB_FOR_INCOMPLETE_CLUSTER_SNAPSHOT": (400, "Snapshot {0} is not completed."),
    "CANNOT_UPDATE_PAUSED_CLUSTER": (409, "Cluster {0} is paused."),
    "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API": (400, "Flex cluster {0} cannot be used in the Cluster API."),
    "CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API": (400, "Cannot use non-flex cluster {0} in the flex API."),
    "CLUSTER_NOT_FOUND": (404, "No cluster named {0} exists in group {1}."),
    "CLUSTER_PAUSED_CANNOT_RESTORE": (400, "Cluster {0} is paused and cannot be restored into."),
    "CLUSTER_RESTORE_IN_PROGRESS_CANNOT_UPDATE": (400, "A restore into cluster {0} is in progress."),
    "FEATURE_UNSUPPORTED": (403, "Cluster {0} does not offer this feature."),
    "GROUP_NAME_NOT_FOUND": (404, "No group with name {0} exists."),
    "GROUP_NOT_FOUND": (404, "No group with ID {0} exists."),
    "INCORRECT_BACKUP_API_ENDPOINT": (400, "Cluster {0} is served by another endpoint: use {1}."),
    "INSUFFICIENT_INSTANCE_SIZE": (400, "The instance size of cluster {0} is too small for this."),
    "INVALID_ATTRIBUTE": (400, "Invalid attribute {0} specified."),
    "INVALID_GROUP_ID": (400, "{0} is not a group ID."),
    "INVALID_JOB_ID": (404, "{0} is not a restore job ID."),
    "INVALID_JSON": (400, "The body is not a JSON object."),
    "INVALID_PIT_RESTORE_TIME": (400, "The point in time {0} is outside the restore window."),
    "INVALID_QUERY_PARAMETER": (400, "Invalid query parameter {0} specified."),
    "INVALID_SNAPSHOT_ID": (404, "{0} is not a snapshot ID."),
    "INVALID_SNAPSHOT_RESTORE_ENCRYPTION": (400, "Snapshot {0} and cluster {1} are encrypted in different ways."),
    "INVALID_VERSION_DATE": (406, "The version date {0} is not valid here."),
    "IP_ADDRESS_NOT_ON_ACCESS_LIST": (403, "IP address {0} is not on the API access list."),
    "METHOD_NOT_ALLOWED": (405, "The method {0} is not allowed here."),
    "MISSING_ATTRIBUTE": (400, "The required attribute {0} is missing."),
    "MULTIPLE_GROUPS": (409, "More than one group has the name {0}."),
    "NOT_IN_GROUP": (401, "The caller is not a member of group {0}."),
    "NO_CHECKPOINT_FOR_PIT_RESTORE": (409, "There is no checkpoint for the point in time {0}."),
    "NO_PAYMENT_INFORMATION_FOUND": (402, "The organization has no payment information."),
    "ORG_REQUIRES_ACCESS_LIST": (403, "The organization requires an API access list."),
    "PIT_RESTORE_ONLY_SUPPORTED_FOR_REPLICA_SETS": (
        400,
        "Cluster {0} is sharded and cannot be restored to a point in time.",
    ),
    "PROVIDER_BACKUP_NOT_SUPPORTED": (400, "The tier of cluster {0} does not support these backups."),
    "RATE_LIMITED": (429, "Too many requests: the limit is {0}."),
    "RATE_LIMITED_TOKEN_BUCKET": (429, "Too many requests: the bucket is empty."),
    "RESOURCE_NOT_FOUND": (404, "There is no resource at {0}."),
    "RESOURCE_REQUIRES_ACCESS_LIST": (403, "This resource requires an API access list."),
    "RESTORE_INITIATION_FAILED": (409, "The restore into cluster {0} could not be started: {1}."),
    "RESTORE_JOB_NOT_FOUND": (404, "No restore job with ID {0} exists for cluster {1}."),
    "SNAPSHOT_NOT_FOUND": (404, "No snapshot with ID {0} exists for cluster {1}."),
    "SNAPSHOT_RETENTION_LESS_THAN_BACKUP_COMPLIANCE_POLICY": (
        400,
        "A retention of {0} days is below the {1} days of the backup compliance policy.",
    ),
    "TENANT_RESTORE_DESTINATION_UNAVAILABLE": (400, "Cluster {0} is not available as a target now."),
    "TENANT_RESTORE_INCOMPATIBLE_TOPOLOGY": (400, "The topology of cluster {0} does not fit the snapshot."),
    "TENANT_RESTORE_VERSION_MISMATCH": (400, "The MongoDB version of cluster {0} does not fit the snapshot."),
    "TENANT_SNAPSHOT_ACCESS_DENIED": (401, "The caller may not read the snapshots of cluster {0}."),
    "TENANT_SNAPSHOT_NOT_FOUND": (404, "No snapshot with ID {0} exists for cluster {1}."),
    "UNABLE_T0_FIND_SNAPSHOT_PRIOR_TO_PIT_RESTORE_OPTIME": (404, "No snapshot is older than the point in time {0}."),
    "UNEXPECTED_ERROR": (500, "The server failed."),
    "UNFINISHED_ON_DEMAND_SNAPSHOT": (400, "An on-demand snapshot of cluster {0} is queued or in progress."),
    "UNSUPPORTED_FOR_CURRENT_CONFIG": (403, "The configuration of cluster {0} does not support this."),
    "UNSUPPORTED_FOR_CURRENT_PLAN": (403, "The plan of cluster {0} does not support this."),
    "UNSUPPORTED_MEDIA_TYPE": (415, "The body's media type {0} is not supported."),
    "USER_CANNOT_ACCESS_GROUP": (401, "The caller has no access to group {0}."),
    "USER_UNAUTHORIZED": (401, "The caller's role does not allow this."),
    "VALIDATION_ERROR": (400, "The request is not valid."),
    "VERSION_GONE": (410, "This version of the endpoint has been removed."),
    "WRITES_NOT_ALLOWED_DURING_APP_UPGRADES": (405, "Writes are not allowed while the service is being upgraded."),
}


class Problem(Exception):
    """An error that becomes the answer; an empty code stands for answers without a code."""

    def __init__(
        self,
        code: str,
        *parameters: str,
        status: int | None = None,
        fields: Sequence[tuple[str, str]] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        known_status, sentence = CATALOGUE.get(code, (status or 400, "The request was refused."))
        super().__init__(code)
        self.code = code
        self.parameters = list(parameters)
        self.status = status or known_status
        self.detail = _filled(sentence, parameters)
        self.fields = fields
        self.headers = headers or {}

    def document(self) -> dict[str, Any]:
        """The error body with the recorded keys; badRequestDetail only if fields are invalid."""
        document: dict[str, Any] = {
            "detail": self.detail,
            "error": self.status,
            "parameters": self.parameters,
            "reason": reason(self.status),
        }
        if self.code:
            document["errorCode"] = self.code
        if self.fields:
            document["badRequestDetail"] = {
                "fields": [{"field": name, "description": text} for name, text in self.fields]
            }
        return document


def reason(status: int) -> str:
    """The reason phrase of a status, also of one that no standard defines."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _filled(sentence: str, parameters: Sequence[str]) -> str:
    """The text with its parameters; a fault gives none, so each missing one becomes a dash."""
    places = sentence.count("{")
    return sentence.format(*parameters, *["-"] * (places - len(parameters)))
