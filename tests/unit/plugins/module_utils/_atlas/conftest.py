# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from ansible_collections.mongodb_atlas.backup.tests.unit.plugins.support.server import (
    Server,
    answers,
    certified,
    serving,
)


@pytest.fixture(name="authority", scope="session")
def _authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(name="tls")
def _tls(authority: trustme.CA) -> Iterator[Server]:
    """A server whose certificate the authority has signed."""
    with serving(answers(), certified(authority, "127.0.0.1")) as server:
        yield server


@pytest.fixture(name="ca_path")
def _ca_path(authority: trustme.CA, tmp_path: Path) -> str:
    return pem(authority, tmp_path / "ca.pem")


@pytest.fixture(name="foreign_ca")
def _foreign_ca(tmp_path: Path) -> str:
    return pem(trustme.CA(), tmp_path / "foreign.pem")


def pem(authority: trustme.CA, path: Path) -> str:
    authority.cert_pem.write_to_path(str(path))
    return str(path)
