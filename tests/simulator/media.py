# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The dated media types of v2: which version a request asks for, and which one answers it."""

from __future__ import annotations

import re
from datetime import date

from .messages import Request
from .problems import Problem

_VENDOR = re.compile(r"application/vnd\.atlas\.([^+;,\s]*)\+json")


def answered_version(request: Request, versions: tuple[str, ...]) -> str:
    """The newest version of the endpoint that is not later than the date in Accept."""
    return _resolve(request.header("Accept"), versions)


def check_body_type(request: Request, versions: tuple[str, ...]) -> None:
    """Refuse a body with the wrong type: v2 needs the dated type, v1.0 (versions is empty) plain JSON."""
    sent = request.header("Content-Type")
    if versions:
        _resolve(sent, versions)
    elif sent.partition(";")[0].strip().lower() != "application/json":
        raise Problem("UNSUPPORTED_MEDIA_TYPE", sent)


def _resolve(media_types: str, versions: tuple[str, ...]) -> str:
    asked = _VENDOR.search(media_types)
    if asked is None:
        raise Problem("", status=406)
    day = asked.group(1)
    known = [version for version in versions if version <= day]
    if not _is_day(day) or not known:
        raise Problem("INVALID_VERSION_DATE", day)
    return max(known)


def _is_day(text: str) -> bool:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
