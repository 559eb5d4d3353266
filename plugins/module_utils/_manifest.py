# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Reads a backup manifest from a file, and refuses anything else.

from __future__ import annotations

import json
import os
from typing import Any

from ._text import printable
from ._writable import check_writable, failure_text, full_path

# A manifest without a format has this one.
FORMAT = 1

Manifest = dict[str, Any]


class NotAManifest(ValueError):
    """The file is not a manifest that this release can read. The message is a clause that follows the path."""


def read_manifest(path: str) -> Manifest | None:
    """The manifest at this path, with its format; None if the file is missing or empty.

    Raises NotAManifest, or OSError for a file that cannot be read.
    """
    if not os.path.lexists(path):
        return None
    if not os.path.isfile(path):
        raise NotAManifest("is a folder" if os.path.isdir(path) else "is not a file")
    with open(path, encoding="utf-8", errors="strict") as file:
        try:
            text = file.read()
        except UnicodeDecodeError:
            raise NotAManifest("is not a manifest: it is not text") from None
    return parse_manifest(text) if text.strip() else None


def parse_manifest(text: str) -> Manifest:
    """The manifest in a text. Raises NotAManifest."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise NotAManifest("is not a manifest: it is not JSON") from None
    if not isinstance(document, dict):
        raise NotAManifest("is not a manifest: it is not a JSON object")
    written = document.get("format", FORMAT)
    if isinstance(written, bool) or not isinstance(written, int) or written < FORMAT:
        raise NotAManifest("is not a manifest: its format is unknown")
    if written > FORMAT:
        raise NotAManifest(f"has a newer format than {FORMAT}, which a newer release of this collection can read")
    problem = records_problem(document.get("snapshots"), document.get("restores", []))
    if problem:
        raise NotAManifest(f"is not a manifest: {problem}")
    return {"format": FORMAT, **document}


def records_problem(snapshots: Any, restores: Any) -> str | None:
    """The problem with the records of a manifest, as a clause; None if there is none."""
    if not _is_list_of_objects(snapshots):
        return "its snapshots are not a list of records"
    if not _is_list_of_objects(restores):
        return "its restores are not a list of records"
    for number, record in enumerate(snapshots, start=1):
        for key in ("cluster_name", "id"):
            if not isinstance(record.get(key), str) or not record[key]:
                return f"its snapshot number {number} has no {key}"
    return None


def manifest_path_problem(path: str, option: str) -> str | None:
    """Why no manifest can be written to this path, as text with the option's name; None if it can."""
    return manifest_to_replace(path, option)[1]


def manifest_to_replace(path: str, option: str) -> tuple[Manifest | None, str | None]:
    """The manifest at a path to which one will be written, None if there is none yet, and the problem with the path."""
    full = full_path(path)
    named = f"{option} is {printable(path)}"
    try:
        check_writable(full)
        return read_manifest(full), None
    except NotAManifest as error:
        return None, f"{named}, which {error}. Choose another file, or move this one."
    except OSError as error:
        return None, f"{named}, and the manifest cannot be written there: {failure_text(error)}"


def _is_list_of_objects(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)
