# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ids that look like Atlas's, made without randomness so that a run can be repeated."""

from __future__ import annotations

import hashlib
import re

OBJECT_ID = re.compile(r"[a-f0-9]{24}")


def derived_id(moment: float, *words: object) -> str:
    """The ObjectId for these words, always the same: the time in its first 8 digits, a digest in the others."""
    digest = hashlib.sha256("/".join(map(str, words)).encode()).hexdigest()
    return f"{int(moment) & 0xFFFFFFFF:08x}{digest[:16]}"


class Mint:
    """Issues ids and other unique words that look random."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._issued = 0

    def object_id(self, moment: float) -> str:
        """A new ObjectId: time in seconds, then five bytes for the machine, then a counter."""
        self._issued += 1
        machine = (0x2C88FAEBA5 + self._seed) & 0xFFFFFFFFFF
        return f"{int(moment) & 0xFFFFFFFF:08x}{machine:010x}{self._issued & 0xFFFFFF:06x}"

    def word(self, purpose: str) -> str:
        """A new word of 32 letters and digits."""
        self._issued += 1
        return hashlib.sha256(f"{self._seed}/{purpose}/{self._issued}".encode()).hexdigest()[:32]
