# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user may expect of each module in check mode, in diff mode and on a second run."""

from __future__ import annotations


class ModuleDocFragment:
    # The modules say themselves how far each of these is supported.
    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and tell what would be changed, without changing it.
  diff_mode:
    description: Shows what is changed, before and after, when C(diff) mode is on.
  idempotent:
    description: A second run with the same options, when nothing else has changed in between, changes nothing.
"""

    # For modules that only look.
    INFO_MODULE = r"""
options: {}
attributes:
  check_mode:
    support: full
    details:
      - This module changes nothing, so that check mode makes no difference to it.
  diff_mode:
    support: N/A
    details:
      - This module changes nothing.
  idempotent:
    support: full
    details:
      - This module changes nothing.
"""

    # Not named ATLAS: Ansible would then take the fragment file of that name.
    ACTIONGROUP_ATLAS = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/mongodb_atlas.backup.atlas) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - mongodb_atlas.backup.atlas
"""
