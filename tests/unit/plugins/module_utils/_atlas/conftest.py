# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


from __future__ import annotations

from pathlib import Path

import pytest
import trustme


@pytest.fixture(name="authority", scope="session")
def _authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(name="ca_path")
def _ca_path(authority: trustme.CA, tmp_path: Path) -> str:
    return pem(authority, tmp_path / "ca.pem")


@pytest.fixture(name="foreign_ca")
def _foreign_ca(tmp_path: Path) -> str:
    return pem(trustme.CA(), tmp_path / "foreign.pem")


def pem(authority: trustme.CA, path: Path) -> str:
    authority.cert_pem.write_to_path(str(path))
    return str(path)
