# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os

import pytest

from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.run_module import Call


def pytest_configure(config: pytest.Config) -> None:
    """Work that is never awaited is a failure, not a warning.

    A warning may hold the object it is about, which ansible-test cannot pass from one process to the next: it hangs.
    """
    # What a finalizer raises is a warning again.
    for category in ("RuntimeWarning", "pytest.PytestUnraisableExceptionWarning"):
        config.addinivalue_line("filterwarnings", f"error::{category}")


@pytest.fixture(autouse=True)
def _nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """No credentials, proxies or certificates of whoever runs the tests."""
    foreign = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NETRC")
    for name in list(os.environ):
        if name.startswith("MONGODB_ATLAS_") or name.upper() in foreign:
            monkeypatch.delenv(name)


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Runs a module; see there."""
    return Call(monkeypatch, capsys)
