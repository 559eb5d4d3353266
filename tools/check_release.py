#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) 2026, mongodb_atlas.backup contributors
"""Rehearses a release in a temporary copy, to check that this checkout can be released.

It checks the version, generates the changelog, builds the archive, imports it as Ansible Galaxy does, installs it into
an empty path, and tests it there against the simulator. The checkout stays unchanged. The last line has the counts.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
NUMBERS = re.compile(r"(\d+)\.(\d+)\.(\d+)")
VERSION_ADDED = re.compile(r"^ *version_added: *[\"']?([\w.-]+)", re.MULTILINE)
# Files for developers of the collection only.
NOT_SHIPPED = ("Makefile", "conftest.py", "pyproject.toml", "tools")
SHIPPED = ("CHANGELOG.rst", "COPYING", "README.md", "meta/runtime.yml", "meta/execution-environment.yml")


class NotReady(Exception):
    """The reason why this cannot be released."""


def numbers(version: str) -> tuple[int, ...]:
    """The version as numbers, to compare; pre-releases and words are refused."""
    found = NUMBERS.fullmatch(version)
    if not found:
        raise NotReady(f"{version} is not a version of the form 1.2.3")
    return tuple(map(int, found.groups()))


def run(*command: str, cwd: Path, **environment: str) -> None:
    done = subprocess.run(command, cwd=cwd, env={**os.environ, **environment}, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise NotReady(f"exit code {done.returncode} of {' '.join(command)}")


class Release:
    """One rehearsal; each step needs the steps before it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tree = folder / "ansible_collections" / "mongodb_atlas" / "backup"
        self.collections = folder / "installed"
        self.version = ""
        self.archive = Path()

    def released(self) -> dict[str, object]:
        """The releases in the changelog of the temporary copy."""
        path = self.tree / "changelogs" / "changelog.yaml"
        return yaml.safe_load(path.read_text(encoding="utf-8"))["releases"] if path.exists() else {}

    def copy(self) -> None:
        """Copy the files that git tracks or would add, hidden files included, but no build results."""
        command = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
        listed = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
        if listed.returncode:
            raise NotReady("git cannot list the files")
        for name in filter(None, listed.stdout.split("\0")):
            if (ROOT / name).is_file():
                (self.tree / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, self.tree / name)

    def check_version(self) -> None:
        """The version is not older than the last release, and no version_added is newer."""
        self.version = yaml.safe_load((self.tree / "galaxy.yml").read_text(encoding="utf-8"))["version"]
        this = numbers(self.version)
        newest = max((numbers(version) for version in self.released()), default=(0, 0, 0))
        if this < newest:
            raise NotReady(f"galaxy.yml says {self.version}, but {'.'.join(map(str, newest))} is released")
        for folder in ("plugins", "roles"):
            for path in sorted((self.tree / folder).rglob("*")):
                if path.suffix in (".py", ".yml"):
                    for added in VERSION_ADDED.findall(path.read_text(encoding="utf-8")):
                        if numbers(added) > this:
                            raise NotReady(f"{path.relative_to(self.tree)}: added in {added}, after {self.version}")
        print(f"version {self.version}")

    def generate_changelog(self) -> None:
        """The fragments become a changelog that lists every module and role."""
        fragments = sorted((self.tree / "changelogs" / "fragments").glob("*.y*ml"))
        if self.version not in self.released():
            run("antsibull-changelog", "release", cwd=self.tree)
        elif fragments:
            raise NotReady(f"{self.version} is already released, but {fragments[0].name} is new: raise the version")
        run("antsibull-changelog", "lint", cwd=self.tree)
        text = (self.tree / "CHANGELOG.rst").read_text(encoding="utf-8")
        missing = [
            name
            for name in (f"v{self.version}", *(path.stem for path in (self.tree / "plugins" / "modules").glob("*.py")))
            if name not in text
        ]
        if missing:
            raise NotReady(f"CHANGELOG.rst does not mention {', '.join(missing)}")
        print(text)

    def build(self) -> None:
        """The archive contains everything that users need, and nothing else."""
        run("ansible-galaxy", "collection", "build", "--output-path", str(self.folder), cwd=self.tree)
        self.archive = self.folder / f"mongodb_atlas-backup-{self.version}.tar.gz"
        with tarfile.open(self.archive) as archive:
            names = archive.getnames()
        unwanted = [
            name
            for name in names
            if name.split("/")[0] in NOT_SHIPPED or any(part.startswith(".") for part in name.split("/"))
        ]
        if unwanted:
            raise NotReady(f"the archive must not contain {', '.join(unwanted)}")
        if missing := sorted(set(SHIPPED) - set(names)):
            raise NotReady(f"the archive lacks {', '.join(missing)}")
        print(f"{len(names)} files and folders, {self.archive.stat().st_size // 1024} KiB")

    def import_it(self) -> None:
        """Ansible Galaxy accepts it without a warning."""
        run(sys.executable, str(ROOT / "tools" / "check_import.py"), str(self.archive), cwd=self.folder)

    def install(self) -> None:
        """It installs into an empty path."""
        galaxy = ("ansible-galaxy", "collection")
        run(*galaxy, "install", "--offline", str(self.archive), cwd=self.folder, **self.path())
        run(*galaxy, "verify", "--offline", "mongodb_atlas.backup", cwd=self.folder, **self.path())

    def try_it(self) -> None:
        """It takes, lists and deletes snapshots."""
        run(sys.executable, str(ROOT / "tools" / "smoke_test.py"), cwd=self.folder, **self.path())

    def path(self) -> dict[str, str]:
        return {"ANSIBLE_COLLECTIONS_PATH": str(self.collections)}

    def steps(self) -> tuple[Callable[[], None], ...]:
        return (
            self.copy,
            self.check_version,
            self.generate_changelog,
            self.build,
            self.import_it,
            self.install,
            self.try_it,
        )


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        steps = Release(Path(folder)).steps()
        for passed, step in enumerate(steps):
            print(f"\n--- {step.__name__.replace('_', ' ')}: {step.__doc__} ---", flush=True)
            try:
                step()
            except NotReady as reason:
                print(f"NOT READY: {reason}\n\n{passed} passed, 1 failed")
                return 1
    print(f"\n{len(steps)} passed, 0 failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
