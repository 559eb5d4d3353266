# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Single requests over real connections."""

from __future__ import annotations

import asyncio

import pytest

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.errors import AtlasError
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.http_settings import HttpSettings
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.messages import Answer, Request
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.transport import HttpConnection

PLAIN = HttpSettings()
# Real seconds: SHORT for an answer that never comes, LONG for any machine to answer.
SHORT, LONG = 0.3, 30.0


def exchange(
    url: str,
    settings: HttpSettings = PLAIN,
    timeout: float = LONG,
    *,
    method: str = "GET",
    headers: dict[str, str] | None = None,
    body: bytes | None = None,
) -> Answer:
    """The answer to one request over its own connection."""
    connection = HttpConnection(settings)
    try:
        return asyncio.run(connection.send(Request(method, url, headers or {}, body), timeout))
    finally:
        connection.close()


def failure(url: str, settings: HttpSettings = PLAIN, timeout: float = LONG) -> AtlasError:
    """The error of such a request."""
    with pytest.raises(AtlasError) as caught:
        exchange(url, settings, timeout)
    return caught.value
