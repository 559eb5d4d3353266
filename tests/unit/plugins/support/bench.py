# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client and the objects that use it, created inside the fake event loop."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.client import AtlasClient
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.credentials import AccessToken, Credentials
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.endpoints import AtlasApi
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.retry import Deadline, RetryBudget
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.secrets import Secrets

from .atlas import BASE_URL, PROJECT
from .fields_read import fields_read
from .loop import run

T = TypeVar("T")


class Other(Protocol):
    """The other end of the connections: a script, or a simulated Atlas."""

    access_token: str

    def connect(self) -> Any:
        """One more connection."""

    def check(self) -> None:
        """Fail if something expected has not happened."""


class OneConnection:
    """A service that is its own connection, and accepts any number of requests; a subclass has send."""

    access_token = "given-token"

    def connect(self) -> Any:
        return self

    def check(self) -> None:
        """Accept any number of requests."""

    def close(self) -> None:
        """Nothing to release."""


@dataclass
class Bench:
    """The objects that the code under test needs."""

    client: AtlasClient
    api: AtlasApi
    budget: RetryBudget
    deadline: Deadline


def play(
    other: Other,
    work: Callable[[Bench], Awaitable[T]],
    *,
    seconds: float = 3600.0,
    request_timeout: float = 30.0,
    api_version: str = "v2",
    credentials: Callable[[Secrets], Credentials] | None = None,
    connections: int = 1,
) -> T:
    """The result of work and its virtual seconds; the other end is checked in any case.

    credentials: replaces the access token of the other end.
    """

    async def scene() -> T:
        secrets = Secrets(lambda _secret: None)
        chosen = credentials(secrets) if credentials else AccessToken(other.access_token)
        client = AtlasClient(BASE_URL, chosen, secrets, other.connect, connections)
        deadline = Deadline(seconds, request_timeout)
        budget = RetryBudget(deadline, waits_when_busy=math.isfinite(seconds))
        return await work(Bench(client, AtlasApi(client, PROJECT, budget, api_version), budget, deadline))

    try:
        with fields_read():
            return run(scene())
    finally:
        other.check()
