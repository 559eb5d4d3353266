#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) 2026, mongodb_atlas.backup contributors
"""Checks that every change of plugins/ or roles/ that users can notice has a changelog fragment.

usage: python tools/check_changelog.py [BASE]

BASE is the commit before the change, for example origin/main. Without it, everything since the last release counts as
one change. A new module or role needs no fragment, and nothing does before the first release.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path, PurePosixPath

import yaml

ROOT = Path(__file__).resolve().parent.parent
CHANGELOG = "changelogs/changelog.yaml"
FRAGMENT = re.compile(r"changelogs/fragments/[^/]+\.ya?ml")


def git(*words: str) -> str:
    return subprocess.run(
        ["git", *words], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, stdin=subprocess.DEVNULL
    ).stdout


def last_release() -> str:
    """The last commit that added a version to the changelog; empty before the first release."""
    commits = git("log", "--format=%H", "--diff-filter=AM", "--", CHANGELOG).split()
    versions = [set(yaml.safe_load(git("show", f"{commit}:{CHANGELOG}"))["releases"]) for commit in commits]
    # The newest commit is first, so the one before it is the next in the list.
    pairs = zip(commits, versions, [*versions[1:], set()], strict=False)
    return next((commit for commit, after, before in pairs if after - before), "")


def changes(base: str) -> list[tuple[str, str]]:
    """Status (A, D, M, ...) and path of each file that changed since then, uncommitted files included."""
    fork = git("merge-base", base, "HEAD").strip()
    rows = [line.split("\t") for line in git("diff", "--name-status", "--no-renames", fork).splitlines()]
    new = git("ls-files", "--others", "--exclude-standard").splitlines()
    return [(status, path) for status, path in rows] + [("A", path) for path in new]


def needs_fragment(status: str, path: str, existed: set[str]) -> bool:
    """Whether users of the last release can notice this; `existed` holds the modules and roles of that release."""
    parts = PurePosixPath(path).parts
    if parts[0] == "roles" and len(parts) > 1:
        return parts[1] in existed
    if parts[0] != "plugins":
        return False
    # A new file changes nothing for users, unless it is an action plugin for an existing module.
    return status != "A" or (parts[1] == "action" and PurePosixPath(path).stem in existed)


def main(base: str | None) -> int:
    if not (ROOT / ".git").exists():
        print("changelog fragments: NOT CHECKED, this is not a git checkout")
        return 0
    release = last_release()
    if not release:
        print("changelog fragments: none is needed before the first release")
        return 0
    base = base or release
    changed = changes(base)
    then = git("ls-tree", "-r", "--name-only", release, "plugins/modules", "roles").splitlines()
    existed = {PurePosixPath(path).stem if path.startswith("plugins/") else path.split("/")[1] for path in then}
    noticed = [path for status, path in changed if needs_fragment(status, path, existed)]
    # A release moves the fragments into the changelog.
    described = [path for status, path in changed if status != "D" and (path == CHANGELOG or FRAGMENT.fullmatch(path))]
    if noticed and not described:
        print("\n".join(f"{path}: changed without a changelog fragment; add one" for path in noticed))
        return 1
    print(f"changelog fragments: {len(described)} for {len(noticed)} changed files since {base}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(next(iter(sys.argv[1:]), None)))
    except subprocess.CalledProcessError as error:
        # git has printed the reason.
        sys.exit(f"changelog fragments: {' '.join(error.cmd)} failed")
