# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os

import pytest

from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.run_module import Call


def pytest_configure(config: pytest.Config) -> None:
    """Make a coroutine that is never awaited a failure instead of a warning.

    A warning may contain its object, which ansible-test cannot send between processes: it would hang.
    """
    # pytest reports an exception in a finalizer as PytestUnraisableExceptionWarning.
    for category in ("RuntimeWarning", "pytest.PytestUnraisableExceptionWarning"):
        config.addinivalue_line("filterwarnings", f"error::{category}")


@pytest.fixture(autouse=True)
def _nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide credentials, proxies and certificates in the environment of the person who runs the tests."""
    foreign = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NETRC")
    for name in list(os.environ):
        if name.startswith("MONGODB_ATLAS_") or name.upper() in foreign:
            monkeypatch.delenv(name)


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Runs a module; see Call."""
    return Call(monkeypatch, capsys)
