# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starts the validating proxy, and stops it in any case."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from simulator.process import CannotStart, end, launch

CHECKOUT = Path(__file__).resolve().parents[2]
BUILD = CHECKOUT / ".build" / "contract"
LISTENS = re.compile(r"Prism is listening on (http://\S+)\s")


@contextmanager
def proxy(document: Path, target: str) -> Iterator[str]:
    """The base URL of a proxy in front of target that turns every violation of the specification into an error."""
    program = _installed_prism()
    command = [str(program), "proxy", str(document), target, "--errors", "--host", "127.0.0.1", "--port", "0"]
    process = launch(command, BUILD / "proxy.log", lambda: bool(_printed_address()))
    try:
        yield _printed_address()
    finally:
        end(process)


def _printed_address() -> str:
    """The address that the proxy has printed; empty before that."""
    found = LISTENS.search((BUILD / "proxy.log").read_text(encoding="utf-8"))
    return found[1] if found else ""


def _installed_prism() -> Path:
    """The proxy's program; installed below the checkout from the lock file if necessary."""
    here = Path(__file__).parent
    program = BUILD / "node_modules" / ".bin" / "prism"
    lock, installed = here / "package-lock.json", BUILD / "installed-lock.json"
    if program.exists() and installed.exists() and installed.read_bytes() == lock.read_bytes():
        return program
    npm = shutil.which("npm")
    if npm is None:
        raise CannotStart("npm is missing: install Node.js 18.20 or newer for the validating proxy")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(here / name, BUILD / name)
    options = ["--omit=dev", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run([npm, "ci", *options], cwd=BUILD, check=True, stdout=subprocess.DEVNULL)
    shutil.copy(lock, installed)
    return program
