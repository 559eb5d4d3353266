# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# An action plugin that runs only on the controller: validates its options, and turns a refusal into a failed result.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ansible.plugins.action import ActionBase

from ._refusal import Refusal


class ControllerAction(ActionBase):
    """Runs only on the controller; nothing is sent to a host.

    options, constraints: as AnsibleModule takes them.
    """

    TRANSFERS_FILES = False
    _requires_connection = False
    options: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    constraints: ClassVar[Mapping[str, Any]] = {}

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        _validation, arguments = self.validate_argument_spec(  # type: ignore[no-untyped-call]  # Ansible has no types
            argument_spec=dict(self.options), **self.constraints
        )
        result: dict[str, Any] = super().run(tmp, task_vars)
        try:
            self.act(arguments, result)
        except Refusal as refusal:
            result.update(refusal.result())
        return result

    def act(self, arguments: dict[str, Any], result: dict[str, Any]) -> None:
        """Do the work and add to the result, which is kept if this raises Refusal."""
        raise NotImplementedError
