# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starts the validating proxy, and ends it whatever happens."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from simulator.process import CannotStart, end, launch

CHECKOUT = Path(__file__).resolve().parents[2]
BUILD = CHECKOUT / ".build" / "contract"


@contextmanager
def proxy(document: Path, target: str) -> Iterator[str]:
    """A proxy in front of target that turns what breaks the document into errors: its base address."""
    program = _installed_prism()
    port = _free_port()
    command = [str(program), "proxy", str(document), target, "--errors", "--host", "127.0.0.1", "--port", str(port)]
    process = launch(command, BUILD / "proxy.log", lambda: _listens(port))
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        end(process)


def _installed_prism() -> Path:
    """The proxy's program, installed below the checkout from the lock file if that has not been done yet."""
    here = Path(__file__).parent
    program = BUILD / "node_modules" / ".bin" / "prism"
    lock, installed = here / "package-lock.json", BUILD / "installed-lock.json"
    if program.exists() and installed.exists() and installed.read_bytes() == lock.read_bytes():
        return program
    npm = shutil.which("npm")
    if npm is None:
        raise CannotStart("npm is not there: the validating proxy needs Node.js 18.20 or newer")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(here / name, BUILD / name)
    options = ["--omit=dev", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run([npm, "ci", *options], cwd=BUILD, check=True, stdout=subprocess.DEVNULL)
    shutil.copy(lock, installed)
    return program


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
