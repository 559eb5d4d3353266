# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) 2026, mongodb_atlas.backup contributors
"""Builds the documentation as a web site that loads nothing from the network.

python docs/build.py [FOLDER], with docs/requirements.txt and the collection installed.
Everything is written below FOLDER, by default .build/docs. The start page is FOLDER/html/index.html.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COLLECTION = "mongodb_atlas.backup"

# Additions to the generated configuration.
CONFIGURATION = """

# Fetch nothing: references into the documentation of Ansible become plain text.
intersphinx_mapping = {}
nitpick_ignore_regex = [
    (".*", r"ansible_collections\\.ansible\\..*"),
    (".*", r"action_plugins|ansible_configuration_settings|common_return_values"),
]
suppress_warnings = ["misc.highlighting_failure"]
html_css_files = ["wide.css"]
html_static_path = ["static"]
html_show_sourcelink = False
smartquotes = False
"""

# Tables of options are wide and have long texts, so wrap the text and use more of the width.
STYLE = """
.wy-nav-content { max-width: 72rem; }
.wy-menu-vertical a { overflow-wrap: anywhere; }
.wy-table-responsive table td, .wy-table-responsive table th { white-space: normal; }
.wy-table-responsive table.docutils td code { white-space: normal; overflow-wrap: anywhere; }
"""


def run(*command: str, **environment: str) -> None:
    subprocess.run(command, check=True, env={**os.environ, **environment})


def fix_title(index: Path) -> None:
    """Undo the capital letters that antsibull-docs puts into the collection's name."""
    text = index.read_text(encoding="utf-8")
    capitals = COLLECTION.title()
    index.write_text(text.replace(f"\n{capitals}\n{'=' * len(capitals)}\n", f"\n{COLLECTION}\n{'=' * len(capitals)}\n"))


def main(arguments: list[str]) -> int:
    """Build from scratch; returns 1 if anything fails, including any warning of Sphinx."""
    folder = Path(arguments[0] if arguments else ROOT / ".build" / "docs").resolve()
    source, pages = folder / "source", folder / "source" / "rst"
    shutil.rmtree(folder, ignore_errors=True)
    pages.mkdir(parents=True)
    # antsibull-docs requires this mode.
    pages.chmod(0o700)
    common = ("--use-current", "--squash-hierarchy", "--fail-on-error")
    try:
        run(
            *("antsibull-docs", "sphinx-init", *common, "--dest-dir", str(source), "--no-add-antsibull-docs-version"),
            *("--sphinx-theme", "sphinx_rtd_theme", "--project", COLLECTION, "--title", COLLECTION),
            *("--copyright", f"{COLLECTION} contributors", COLLECTION),
        )
        with (source / "conf.py").open("a") as configuration:
            configuration.write(CONFIGURATION)
        (source / "static").mkdir()
        (source / "static" / "wide.css").write_text(STYLE)
        run(
            *("antsibull-docs", "--config-file", str(source / "antsibull-docs.cfg"), "collection", *common),
            *("--cleanup", "everything", "--dest-dir", str(pages), COLLECTION),
        )
        fix_title(pages / "index.rst")
        run(
            *("sphinx-build", "-b", "html", "-q", "-W", "--keep-going", "-c", str(source)),
            *("-d", str(folder / "doctrees"), str(pages), str(folder / "html")),
        )
    except subprocess.CalledProcessError as error:
        print(f"{error.cmd[0]} has failed", file=sys.stderr)
        return 1
    print(f"The documentation is in {folder / 'html' / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
