# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Replaces the option names in messages about a restore by those of a rollback. Pure functions.

from __future__ import annotations

import re
from collections.abc import Mapping

# Option of atlas_restore, as messages name it -> the corresponding option of a rollback.
_OPTIONS_OF_RESTORES = {"max_age": "max_age", "target_cluster_name": "targets"}


def in_own_words(message: str, option_names: Mapping[str, str]) -> str:
    """The message with atlas_restore's option names replaced. option_names: option of a rollback -> its name."""
    for theirs, ours in _OPTIONS_OF_RESTORES.items():
        message = re.sub(rf"\b{theirs}\b", option_names.get(ours, ours), message)
    return message
