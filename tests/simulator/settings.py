# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""All settings with their defaults; each can be set at the start or while the simulator runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from . import oddities, restore_settings
from .restore_settings import PIT_FIELDS

CHOICES: dict[str, tuple[str, ...]] = {
    "outcome": ("completed", "failed"),
    "list_order": ("newest_first", "oldest_first"),
    "sharded_post_type": ("shardedCluster", "replicaSet"),
    "sharded_on_replica_set_address": ("answers", "incorrect_endpoint", "empty", "not_found"),
    "replica_set_on_sharded_address": ("incorrect_endpoint", "empty", "not_found"),
    "tenant_code": (
        "PROVIDER_BACKUP_NOT_SUPPORTED",
        "INSUFFICIENT_INSTANCE_SIZE",
        "FEATURE_UNSUPPORTED",
        "UNSUPPORTED_FOR_CURRENT_PLAN",
        "UNSUPPORTED_FOR_CURRENT_CONFIG",
        "INCORRECT_BACKUP_API_ENDPOINT",
    ),
    "tenant_list": ("code", "empty"),
    "backups_off_code": ("BACKUP_JOB_NOT_FOUND", "BACKUP_CONFIG_NOT_FOUND"),
    "read_only_code": ("USER_UNAUTHORIZED", "ACCESS_FORBIDDEN"),
    "outsider_code": ("NOT_IN_GROUP", "USER_CANNOT_ACCESS_GROUP"),
    **oddities.CHOICES,
    **restore_settings.CHOICES,
}


@dataclass(frozen=True)
class Settings(oddities.Oddities, restore_settings.RestoreSettings):
    """Durations are in seconds; limits are requests, and refills requests per minute."""

    seed: int = 0
    clock_offset_seconds: float = 0.0
    delay_seconds: float = 0.0
    history_days: int = 7

    queued_seconds: float = 2.0
    in_progress_seconds: float = 4.0
    outcome: str = "completed"
    default_retention_days: int = 7
    list_lag_seconds: float = 0.0
    get_lag_seconds: float = 0.0
    list_order: str = "newest_first"
    # name: any of CLUSTER_SETTINGS; those of restores apply to the target.
    clusters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    sharded_post_type: str = "shardedCluster"
    sharded_on_replica_set_address: str = "answers"
    replica_set_on_sharded_address: str = "incorrect_endpoint"
    tenant_code: str = "PROVIDER_BACKUP_NOT_SUPPORTED"
    tenant_list: str = "code"
    backups_off_code: str = "BACKUP_JOB_NOT_FOUND"
    # Parts of the API that answer VERSION_GONE: the parts of routes.py.
    retired: tuple[str, ...] = ()
    # project name: any of POLICY_SETTINGS
    compliance: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    read_only_code: str = "USER_UNAUTHORIZED"
    outsider_code: str = "NOT_IN_GROUP"
    # Addresses or networks that may call; None allows all.
    access_list: tuple[str, ...] | None = None
    nonce_seconds: float = 300.0
    nonce_per_connection: bool = False
    token_seconds: float = 3600.0

    token_limit: int = 50
    backup_limit: int = 1200
    backup_refill: float = 500.0
    # Requests per minute that other clients take from each project's backup bucket.
    backup_drain: float = 0.0
    cluster_limit: int = 10000
    cluster_refill: float = 10000.0

    def changed(self, changes: Mapping[str, Any]) -> Settings:
        """These settings with some replaced; ValueError names a setting that is unknown or has the wrong type."""
        if not isinstance(changes, Mapping):
            raise ValueError("settings must be a JSON object")
        return replace(self, **{name: _checked(name, value) for name, value in changes.items()})

    def of_cluster(self, cluster: str, name: str) -> Any:
        """The value of a setting for one cluster."""
        own = self.clusters.get(cluster, {})
        return own[name] if name in own else getattr(self, name)


# These apply to the whole simulator or before a request is served; all others can be set for one request.
NEVER_FOR_ONE_REQUEST = frozenset(
    (
        "seed",
        "history_days",
        "clock_offset_seconds",
        "delay_seconds",
        "nonce_seconds",
        "nonce_per_connection",
        "challenge",
        "send_date",
    )
)
FOR_ONE_REQUEST = tuple(each.name for each in fields(Settings) if each.name not in NEVER_FOR_ONE_REQUEST)

CLUSTER_SETTINGS = frozenset(
    (
        "queued_seconds",
        "in_progress_seconds",
        "outcome",
        "automatic_missing_days",
        "automatic_newest_status",
        "automatic_running_seconds",
        "restore_queued_seconds",
        "restore_seconds",
        "restore_outcome",
        "restoring_state",
        "settling_state",
        "settling_seconds",
        "restore_window_days",
    )
)
WORDS = ("retired", "access_list", "pit_job_shows", "closed_targets")
POLICY_SETTINGS = frozenset(
    ("min_retention_days", "allow_delete", "allow_decrease", "state", "on_demand_unit", "on_demand_value")
)


def _checked(name: str, value: Any) -> Any:
    if name not in Settings.__dataclass_fields__:
        known = ", ".join(sorted(each.name for each in fields(Settings)))
        raise ValueError(f"unknown setting {name!r}; known: {known}")
    _check_choice(name, value)
    if name in ("clusters", "compliance"):
        return _checked_map(name, value)
    if name in WORDS:
        return _checked_words(name, value)
    kind = type(getattr(Settings, name))
    if isinstance(value, bool) != (kind is bool) or not isinstance(value, (int, kind) if kind is float else kind):
        raise ValueError(f"{name} must be of type {kind.__name__}")
    return kind(value)


def _check_choice(name: str, value: Any) -> None:
    if name in CHOICES and value not in CHOICES[name]:
        raise ValueError(f"{name} must be one of {', '.join(CHOICES[name])}")


def _checked_words(name: str, value: Any) -> tuple[str, ...] | None:
    if value is None and name == "access_list":
        return None
    if not isinstance(value, (list, tuple)) or not all(isinstance(word, str) for word in value):
        raise ValueError(f"{name} must be a list of words")
    if name == "pit_job_shows" and not set(value) <= set(PIT_FIELDS):
        raise ValueError(f"{name} must hold words of {', '.join(PIT_FIELDS)}")
    return tuple(value)


def _checked_map(name: str, value: Any) -> dict[str, dict[str, Any]]:
    allowed = CLUSTER_SETTINGS if name == "clusters" else POLICY_SETTINGS
    if not isinstance(value, Mapping) or not all(isinstance(inner, Mapping) for inner in value.values()):
        raise ValueError(f"{name} must map names to settings")
    for inner in value.values():
        unknown = sorted(set(inner) - allowed)
        if unknown:
            raise ValueError(f"unknown in {name}: {', '.join(unknown)}; known: {', '.join(sorted(allowed))}")
        for key, chosen in inner.items():
            _check_choice(key, chosen)
    return {key: dict(inner) for key, inner in value.items()}
