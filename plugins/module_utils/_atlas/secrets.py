# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# What nobody may see, and the filter that keeps it out of messages.

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote

MASK = "********"

_AUTHORIZATION = re.compile(r"(?i)\b(authorization\b\s*[:=].*|(?:bearer|basic)\s+[\w.~+/=-]{8,}|digest\s+username=.*)")


class Secrets:
    """Every secret of a task, those issued while it runs included."""

    def __init__(self, hide: Callable[[str], None]) -> None:
        """hide is told of each secret, so that Ansible masks it in everything it shows."""
        self._hide = hide
        self._known: set[str] = set()

    def add(self, *secrets: str) -> None:
        """Hide these from now on, also as they look in an address."""
        for secret in secrets:
            for form in (secret, quote(secret, safe="")):
                self._known.add(form)
                self._hide(form)

    def scrub(self, text: str) -> str:
        """The text with every secret, and whatever looks like an Authorization header, masked."""
        for secret in sorted(self._known, key=len, reverse=True):
            text = text.replace(secret, MASK)
        return _AUTHORIZATION.sub(MASK, text)
