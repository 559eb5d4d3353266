# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A connection for these tests: it runs commands locally but has the name of a remote connection."""

from __future__ import annotations

from ansible.plugins.connection.local import Connection as LocalConnection

DOCUMENTATION = """
name: elsewhere
short_description: Runs commands locally under the name of a remote connection
description:
  - For action plugins, a task with this connection runs on another machine.
extends_documentation_fragment:
  - connection_pipelining
"""


class Connection(LocalConnection):
    """A local connection that action plugins treat as a remote one."""

    transport = "elsewhere"
