# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signed requests: one after the other, and many at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.client import Call
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.credentials import Credentials
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.secrets import Secrets

from .answers import ok
from .bench import Bench, play
from .script import GET, Script, Sent, Step

ASK = Call("GET", "/x", "application/json", "backup")
FINE = ok({})

Make = Callable[[Secrets], Credentials]


def ask(gives: Any = FINE, authorization: str | None = None, **more: Any) -> Step:
    """The request to sign; authorization is compared if given."""
    headers = {"Authorization": authorization} if authorization else {}
    return GET("/x", gives, headers=headers, **more)


def signed(credentials: Make, script: Script, times: int = 1, pause: float = 0.0, **how: Any) -> list[Sent]:
    """The requests sent while one request was made this many times, one after the other."""

    async def work(bench: Bench) -> None:
        for _time in range(times):
            await bench.client.ask(ASK, bench.budget)
            await asyncio.sleep(pause)

    play(script, work, credentials=credentials, **how)
    return script.sent


def signed_at_once(credentials: Make, script: Script, count: int) -> list[Any]:
    """The results of this many requests at the same time."""

    async def work(bench: Bench) -> list[Any]:
        asked = (bench.client.ask(ASK, bench.budget) for _each in range(count))
        return await asyncio.gather(*asked, return_exceptions=True)

    return play(script, work, credentials=credentials, connections=count)
