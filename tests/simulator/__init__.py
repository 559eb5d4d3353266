# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A simulator of the part of the MongoDB Atlas Administration API that backups need.

The core (service.py and what it imports) is pure: it maps requests to responses and reads the time from a given clock.
server.py serves it over HTTP; it is the only part that sleeps or opens a socket.
"""

from __future__ import annotations
