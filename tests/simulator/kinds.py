# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of faults, and the params of each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .elsewhere import OTHERS
from .settings import FOR_ONE_REQUEST, Settings


@dataclass(frozen=True)
class Kind:
    """work: whether the request is executed before the fault applies; fixed: an order cannot change that."""

    work: bool
    fixed: bool
    params: tuple[str, ...] = ()


STATUS_PARAMS = ("status", "error_code", "parameters", "detail", "reason", "body", "content_type", "headers")
# Where an error page repeats the Authorization header.
PLACES = ("title", "detail")

# 101 would switch protocols.
INTERIM = frozenset(range(100, 200)) - {101}

KINDS: dict[str, Kind] = {
    "status": Kind(False, False, STATUS_PARAMS),
    "echo": Kind(False, False, ("status", "place", "before")),
    "lost_answer": Kind(True, True),
    "reset": Kind(False, False),
    "drop": Kind(False, True),
    "hang": Kind(False, True, ("seconds",)),
    "hang_after": Kind(True, True, ("seconds",)),
    "cut": Kind(True, True),
    "garbled": Kind(True, False, ("body",)),
    "slow": Kind(True, True, ("seconds",)),
    "trickle": Kind(True, True, ("seconds",)),
    "redirect": Kind(False, False, ("status", "location")),
    "stale_nonce": Kind(False, True),
    "unauthorized": Kind(False, True),
    "passing_404": Kind(False, True, ("error_code",)),
    "slow_headers": Kind(True, True, ("seconds",)),
    "early_hints": Kind(True, True, ("statuses",)),
    "huge": Kind(True, False, ("megabytes",)),
    "gzip_bomb": Kind(True, False, ("megabytes",)),
    "endless": Kind(True, False, ("megabytes", "seconds")),
    "unknown_status": Kind(True, True, ("word",)),
    "replace_json": Kind(True, True, ("fields", "remove", "raw", "each_result")),
    "headers": Kind(True, True, ("headers",)),
    "settings": Kind(True, True, FOR_ONE_REQUEST),
    "wrong_document": Kind(True, True, ("of",)),
}


def check_params(kind: str, params: Any) -> None:
    """ValueError names the params that a fault of this kind cannot have."""
    only(params, KINDS[kind].params, f"the params of {kind}")
    if kind == "settings":
        Settings().changed(params)
    for name, choices in (("of", OTHERS), ("place", PLACES)):
        if params.get(name, choices[0]) not in choices:
            raise ValueError(f"{name} must be one of {', '.join(choices)}")
    if not set(params.get("statuses", ())) <= INTERIM:
        raise ValueError("statuses must be from 100 to 199, 101 excepted")
    _check_headers(params.get("headers", {}))


def only(order: Any, allowed: tuple[str, ...], what: str) -> None:
    """ValueError if the order is not a JSON object, or has other keys than these."""
    if not isinstance(order, Mapping):
        raise ValueError(f"{what} must be a JSON object")
    unknown = sorted(set(order) - set(allowed))
    if unknown:
        raise ValueError(f"{what} cannot have {', '.join(unknown)}; known: {', '.join(allowed) or 'nothing'}")


def _check_headers(headers: Any) -> None:
    """Values are strings or null; line breaks would break the header lines of an answer."""
    if not isinstance(headers, Mapping):
        raise ValueError("headers must be a JSON object")
    for name, value in headers.items():
        if not re.fullmatch(r"[\w-]+", name) or (value is not None and not re.fullmatch(r"[^\r\n\0]*", str(value))):
            raise ValueError(f"header {name!r} cannot be sent: it must be one line of text, or null")
