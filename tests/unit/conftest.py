# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Work that is never awaited is a failure, not a warning.

    A warning may hold the object it is about, which ansible-test cannot pass from one process to the next: it hangs.
    """
    # What a finalizer raises is a warning again.
    for category in ("RuntimeWarning", "pytest.PytestUnraisableExceptionWarning"):
        config.addinivalue_line("filterwarnings", f"error::{category}")
