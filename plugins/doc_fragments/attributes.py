# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each module does in check mode, in diff mode and on a second run."""

from __future__ import annotations


class ModuleDocFragment:
    # Each module adds its own support levels.
    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and show what it would change, without changing it.
  diff_mode:
    description: Shows the state before and after a change when C(diff) mode is on.
  idempotent:
    description: A second run with the same options changes nothing, if nothing else has changed in between.
"""

    # For modules that only read.
    INFO_MODULE = r"""
options: {}
attributes:
  check_mode:
    support: full
    details:
      - This module changes nothing, so check mode makes no difference.
  diff_mode:
    support: N/A
    details:
      - This module changes nothing.
  idempotent:
    support: full
    details:
      - This module changes nothing.
"""

    # Not named ATLAS, because Ansible would then read the fragment file of that name.
    ACTIONGROUP_ATLAS = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/mongodb_atlas.backup.atlas) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - mongodb_atlas.backup.atlas
"""
