# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the checks at scale and the benchmark stand on: a virtual environment, the installed collection, clean settings.

Standard library alone: it runs before anything is installed. Everything that it writes lies below .build.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
PYTHON_VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
# The folder of the program that runs: scale or benchmark. Each has its own files, so that both can run at a time.
PURPOSE = Path(sys.argv[0]).resolve().parent.name
BUILD = CHECKOUT / ".build" / PURPOSE / f"python-{PYTHON_VERSION}"
COLLECTIONS = BUILD / "collections"
EXAMPLES = CHECKOUT / "examples"
REQUIREMENTS = (
    "tools/requirements/ansible.txt",
    "requirements.txt",
    "tests/simulator/requirements.txt",
    f"tests/{PURPOSE}/requirements.txt",
)
FOREIGN_PREFIXES = ("ANSIBLE_", "MONGODB_ATLAS_", "PYTHON")


def enter() -> None:
    """Go on in a virtual environment that has the requirements, made where it is missing; then install the collection.

    The Python that starts this decides on the ansible-core, as tools/requirements/ansible.txt says.
    """
    folder = BUILD / "venv"
    if Path(sys.prefix) != folder:
        _make(folder)
        python = str(folder / "bin" / "python")
        os.execv(python, [python, *sys.argv])
    _install_collection()


def environment(**more: str) -> dict[str, str]:
    """Variables for ansible's programs: nothing of the caller's settings, and these on top."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN_PREFIXES)}
    return {
        **kept,
        "PATH": f"{Path(sys.prefix) / 'bin'}:{kept['PATH']}",
        "HOME": str(_made(BUILD / "home")),
        "LC_ALL": "C.UTF-8",
        "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_NOCOLOR": "true",
        **more,
    }


def scratch(name: str) -> Path:
    """A folder for files of one check."""
    return _made(BUILD / "scratch" / name)


def archive() -> Path:
    """The archive of the collection, as it was installed."""
    (found,) = (BUILD / "archive").glob("*.tar.gz")
    return found


def _make(folder: Path) -> None:
    stamp = folder / "installed.txt"
    files = [CHECKOUT / name for name in REQUIREMENTS if (CHECKOUT / name).exists()]
    wanted = "".join(file.read_text() for file in files)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print(f"installing what is needed below {folder.relative_to(CHECKOUT)}", flush=True)
    venv.create(folder, clear=True, with_pip=True)
    options = [option for file in files for option in ("-r", str(file))]
    pip = [str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*pip, *options], check=True)
    stamp.write_text(wanted)


def _install_collection() -> None:
    """Build and install the archive as a user would."""
    folder = BUILD / "archive"
    for old in folder.glob("*.tar.gz"):
        old.unlink()
    galaxy = [str(Path(sys.prefix) / "bin" / "ansible-galaxy"), "collection"]
    build = [*galaxy, "build", str(CHECKOUT), "--output-path", str(folder), "--force"]
    subprocess.run(build, check=True, env=environment(), stdout=subprocess.DEVNULL)
    install = [*galaxy, "install", "--offline", "--force", "-p", str(COLLECTIONS), str(archive())]
    subprocess.run(install, check=True, env=environment(), stdout=subprocess.DEVNULL)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
