#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) 2026, mongodb_atlas.backup contributors
"""Stands in for the pip bootstrap script that `ansible-test sanity` downloads: the pip of the interpreter does.

--place copies this file to where ansible-test looks before it downloads. Without it, this is the bootstrap script:
it runs in an empty virtual environment, and its arguments are those of `pip install`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path


def place() -> None:
    """Copy this file into ansible-test's cache, once for each version of pip that it asks for."""
    from ansible_test._internal.constants import SUPPORTED_PYTHON_VERSIONS
    from ansible_test._internal.host_configs import VirtualPythonConfig
    from ansible_test._internal.python_requirements import get_venv_packages

    cache = Path.home() / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    pythons = [VirtualPythonConfig(version=version, path="") for version in SUPPORTED_PYTHON_VERSIONS]
    for pip_version in {get_venv_packages(python)["pip"] for python in pythons}:
        shutil.copyfile(__file__, cache / f"get_pip_{pip_version.replace('.', '_')}.py")


def bootstrap(arguments: list[str]) -> None:
    """Do what the real script does: install pip and the packages named."""
    packages_and_options = [word for word in arguments if word not in ("--no-setuptools", "--no-wheel")]
    subprocess.run([sys.executable, "-m", "ensurepip"], check=True)
    subprocess.run([sys.executable, "-m", "pip", "install", *packages_and_options], check=True)


if __name__ == "__main__":
    place() if sys.argv[1:] == ["--place"] else bootstrap(sys.argv[1:])
