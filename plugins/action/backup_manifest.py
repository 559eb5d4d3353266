# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes or reads the manifest of a backup on the controller."""

from __future__ import annotations

import os
from typing import Any, ClassVar

from ..module_utils._manifest import Manifest, NotAManifest, read_manifest, records_problem
from ..module_utils._text import printable
from ..module_utils._writable import failure_text, full_path
from ..plugin_utils._file_action import FileAction
from ..plugin_utils._manifest import manifest_of, manifest_text, says_the_same
from ..plugin_utils._refusal import Refusal

MODE = 0o600


OPTIONS: dict[str, dict[str, Any]] = {
    "path": {"type": "path", "required": True},
    "snapshots": {"type": "list", "elements": "dict"},
    "restores": {"type": "list", "elements": "dict"},
    "description": {"type": "str"},
    "atlas_time": {"type": "str"},
}


class ActionModule(FileAction):
    options = OPTIONS
    constraints: ClassVar = {"required_by": {"restores": ["snapshots"]}}

    def act(self, arguments: dict[str, Any], result: dict[str, Any]) -> None:
        path = full_path(arguments["path"])
        try:
            result.update(path=path, **self._read_or_hold(path, arguments))
        except NotAManifest as error:
            raise Refusal(f"{printable(path)} {error}. Choose another file.") from None

    def _read_or_hold(self, path: str, arguments: dict[str, Any]) -> dict[str, Any]:
        if arguments["snapshots"] is None:
            return {"changed": False, "manifest": existing(path)}
        return self._hold(path, arguments)

    def _hold(self, path: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Write the manifest unless the file already has the same content; check mode writes nothing."""
        # Before ansible-core 2.19, a template with the result null gives empty text.
        atlas_time = arguments["atlas_time"] or None
        manifest = manifest_of(arguments["snapshots"], arguments["restores"], arguments["description"], atlas_time)
        text = self._text(manifest)

        def text_at(path: str) -> str | None:
            before = read_manifest(path)
            if before is None:
                return None
            return text if says_the_same(before, manifest) else manifest_text(before)

        return self.write("manifest", path, text, text_at, MODE)

    def _text(self, manifest: Manifest) -> str:
        """The text of the manifest. In check mode, records may have no id yet."""
        problem = records_problem(manifest["snapshots"], manifest.get("restores", []))
        try:
            text = manifest_text(manifest)
        except TypeError as error:
            problem = str(error)
        else:
            if problem is None or self._task.check_mode:
                return text
        raise Refusal(f"These records cannot form a manifest: {problem}. Use records as the modules return them.")


def existing(path: str) -> Manifest:
    """The manifest at this path. Raises NotAManifest if there is none."""
    try:
        manifest = read_manifest(path)
    except OSError as error:
        raise Refusal(f"The manifest {path} cannot be read: {failure_text(error)}") from None
    if manifest is None:
        raise NotAManifest("is not a manifest: it is empty" if os.path.exists(path) else "does not exist")
    return manifest
