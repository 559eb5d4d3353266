# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# ruff: noqa: PT009  (unittest has assertions of its own, which tell the values)

"""What all checks have in common: a simulator of their own, and playbooks that run against it."""

from __future__ import annotations

import json
import subprocess
import sys
import unittest
from pathlib import Path
from typing import Any, ClassVar

from . import workshop
from .simulated import Simulator, simulator

PLAYBOOKS = Path(__file__).parent / "playbooks"
PLUGINS = Path(__file__).parent / "plugins"
PATIENCE_SECONDS = 300.0
# A snapshot that is over at once, or nearly.
SHORT = {"queued_seconds": 0.3, "in_progress_seconds": 0.7}
NO_LIMIT = {"backup_limit": 100_000, "backup_refill": 100_000.0}


def program(name: str) -> str:
    """The path of one of ansible's programs."""
    return str(Path(sys.prefix) / "bin" / name)


class Case(unittest.TestCase):
    """Each test begins in a fresh world, with settings as the class has them."""

    settings: ClassVar[dict[str, Any]] = SHORT
    atlas: ClassVar[Simulator]
    folder: ClassVar[Path]

    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = workshop.scratch(cls.__name__)
        cls.atlas = cls.enterClassContext(simulator(cls.folder)) if hasattr(cls, "enterClassContext") else _started(cls)

    def setUp(self) -> None:
        self.atlas.reset(**self.settings)

    def environment(self, **more: str) -> dict[str, str]:
        """Variables for ansible's programs: address and credentials of the simulator, and plugins of these checks."""
        return workshop.environment(
            **{
                **self.atlas.variables(),
                "ANSIBLE_CALLBACK_PLUGINS": str(PLUGINS / "callback"),
                "ANSIBLE_CONNECTION_PLUGINS": str(PLUGINS / "connection"),
                "ANSIBLE_ASYNC_DIR": str(self.folder / "async"),
                **more,
            }
        )

    def play(self, playbook: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a playbook to its end; environment: variables on top of the usual ones."""
        return subprocess.run(
            [program("ansible-playbook"), str(playbook), *options],
            env=self.environment(**environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )

    def assert_went_well(self, done: subprocess.CompletedProcess[str]) -> None:
        self.assertEqual(done.returncode, 0, f"{done.stdout}\n{done.stderr}")

    def assert_one_each(self, names: list[str]) -> None:
        """These clusters, and no others, have a snapshot of ours, and one each."""
        self.assertEqual({name: len(held) for name, held in self.atlas.taken().items()}, dict.fromkeys(names, 1))

    def assert_no_secret(self, text: str) -> None:
        for name in ("private_key", "client_secret", "access_token"):
            self.assertNotIn(self.atlas.owner[name], text)


def _started(cls: type[Case]) -> Simulator:
    """What enterClassContext does, for Python 3.10."""
    context = simulator(cls.folder)
    cls.addClassCleanup(lambda: context.__exit__(None, None, None))
    return context.__enter__()


def listed(names: list[str]) -> str:
    """Names as an extra variable of a playbook."""
    return json.dumps({"clusters": names})
