# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The options that every module shares, in the order of the doc fragment.

from __future__ import annotations

from typing import Any

from ansible.module_utils.common.parameters import env_fallback
from ansible.module_utils.errors import AnsibleFallbackNotFound


def _set_in_environment(*names: str) -> str:
    """env_fallback of Ansible, except that an empty variable counts as not set."""
    value: str = env_fallback(*names)
    if not value:
        raise AnsibleFallbackNotFound
    return value


CONNECTION_OPTIONS: dict[str, dict[str, Any]] = {
    "public_key": {"type": "str", "no_log": True, "aliases": ["api_username"]},
    "private_key": {"type": "str", "no_log": True, "aliases": ["api_password"]},
    "client_id": {"type": "str", "no_log": True, "aliases": ["service_account_id"]},
    "client_secret": {"type": "str", "no_log": True, "aliases": ["service_account_secret"]},
    "access_token": {"type": "str", "no_log": True},
    "project_id": {"type": "str", "aliases": ["group_id"]},
    "project_name": {"type": "str"},
    "base_url": {
        "type": "str",
        "aliases": ["api_url"],
        "default": "https://cloud.mongodb.com",
        "fallback": (_set_in_environment, ["MONGODB_ATLAS_BASE_URL"]),
    },
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "request_timeout": {"type": "float", "default": 30},
}

# Credentials are not mutually exclusive: _atlas/auth.py decides which kind wins, and completes half a pair.
CONNECTION_CONSTRAINTS: dict[str, Any] = {"mutually_exclusive": [("project_id", "project_name")]}

CLUSTER_NAME_OPTION: dict[str, Any] = {
    "type": "list",
    "elements": "str",
    "required": True,
    "aliases": ["cluster", "clusters"],
}
