# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A simulator of the part of the MongoDB Atlas Administration API that backups need.

The core (service.py and what it imports) is pure: requests in, responses out, time from a clock that is handed in.
server.py puts it behind HTTP, and is the only part that sleeps or touches a socket.
"""

from __future__ import annotations
