# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A connection for the checks: it runs commands here, and says that it is somewhere else."""

from __future__ import annotations

from ansible.plugins.connection.local import Connection as LocalConnection

DOCUMENTATION = """
name: elsewhere
short_description: Runs here, and says that it is somewhere else
description:
  - Behaves as a connection to another machine for all that cannot look through it.
extends_documentation_fragment:
  - connection_pipelining
"""


class Connection(LocalConnection):
    """Another machine, as far as an action plugin can tell."""

    transport = "elsewhere"
