# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules for backups that a caller cannot change: the schedule of a cluster, the compliance policy of a project."""

from __future__ import annotations

from typing import Any

from .backup_api import dedicated_cluster
from .call import Call
from .clusters import Cluster
from .ids import derived_id
from .problems import Problem
from .times import iso

REFERENCE_HOUR, REFERENCE_MINUTE = 3, 16
# Frequency, interval, unit and value of the retention, as recorded.
POLICY_ITEMS = [
    ("hourly", 6, "days", 7),
    ("daily", 1, "days", 7),
    ("weekly", 6, "weeks", 4),
    ("monthly", 40, "months", 12),
    ("yearly", 12, "years", 1),
]
NEXT_AFTER = 6 * 3600.0


def get_schedule(call: Call) -> dict[str, Any]:
    cluster = dedicated_cluster(call)
    if not cluster.backup_enabled:
        raise Problem(call.settings.backups_off_code, cluster.name, call.project.id)
    cluster_url = call.cluster_url(cluster)
    document = {
        "autoExportEnabled": False,
        "clusterId": cluster.id,
        "clusterName": cluster.name,
        "copyPolicyItemsEnabled": False,
        "copySettings": [],
        "links": [
            {"href": f"{cluster_url}/backup/schedule", "rel": "self"},
            {"href": cluster_url.rpartition("/clusters/")[0], "rel": "https://cloud.mongodb.com/group"},
        ],
        "policies": [_policy(cluster)],
        "referenceHourOfDay": REFERENCE_HOUR,
        "referenceMinuteOfHour": REFERENCE_MINUTE,
        "restoreWindowDays": call.settings.of_cluster(cluster.name, "restore_window_days"),
        "useOrgAndGroupNamesInExportPrefix": False,
    }
    if call.settings.schedule_has_next:
        document["nextSnapshot"] = iso(call.now + NEXT_AFTER - call.now % NEXT_AFTER)
    return document


def get_compliance_policy(call: Call) -> dict[str, Any]:
    """An empty object if the project has none; names and e-mail address are personal data that no client may show."""
    policy = call.settings.compliance.get(call.project.name)
    if policy is None:
        return {}
    project = call.project
    return {
        "authorizedEmail": "private.person@example.com",
        "authorizedUserFirstName": "Privatefirstname",
        "authorizedUserLastName": "Privatelastname",
        "copyProtectionEnabled": not policy.get("allow_delete", False),
        "deletable": False,
        "encryptionAtRestEnabled": False,
        "onDemandPolicyItem": _on_demand_item(call),
        "pitEnabled": False,
        "projectId": project.id,
        "restoreWindowDays": 0,
        "scheduledPolicyItems": [
            _item(project.created_at, project.id, "hourly", 1, "days", 1),
        ],
        "state": policy.get("state", "ACTIVE"),
        "updatedDate": iso(project.created_at),
        "updatedUser": "privateuser",
    }


def _policy(cluster: Cluster) -> dict[str, Any]:
    return {
        "id": derived_id(cluster.created_at, cluster.id, "policies"),
        "policyItems": [_item(cluster.created_at, cluster.id, *item) for item in POLICY_ITEMS],
    }


def _on_demand_item(call: Call) -> dict[str, Any] | None:
    """The minimum retention of on-demand snapshots; None if the policy sets none."""
    policy = call.settings.compliance[call.project.name]
    unit, value = policy.get("on_demand_unit", "days"), policy.get("on_demand_value", policy.get("min_retention_days"))
    if not value:
        return None
    return _item(call.project.created_at, call.project.id, "ondemand", 0, unit, value)


def _item(moment: float, owner: str, frequency: str, interval: int, unit: str, value: int) -> dict[str, Any]:
    return {
        "frequencyInterval": interval,
        "frequencyType": frequency,
        "id": derived_id(moment, owner, "policy item", frequency),
        "retentionUnit": unit,
        "retentionValue": value,
    }
