# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# What is known of one restore while it is worked on, and what has become of it in the end.

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .._atlas.errors import AtlasError
from .._attempts import Attempt, Failure
from .._snapshots.records import Record
from .judgement import Holds
from .records import DOWNLOAD
from .spec import RestoreSpec


@dataclass(frozen=True)
class RestoreFailure(Failure):
    """A restore that did not bring the data back. subject: which one, in words. target: its target, in words."""

    subject: str = ""
    target: str = ""
    holds: Holds = Holds.OLD_DATA


@dataclass
class RestoreAttempt(Attempt):
    """An Attempt whose record is a restore job; cluster_name is the source's.

    subject: which restore, in words. holds: what the target holds by now. spec: None where only a job is named.
    """

    subject: str = ""
    holds: Holds = Holds.OLD_DATA
    spec: RestoreSpec | None = None

    def failure(self, error: AtlasError) -> RestoreFailure:
        failed = super().failure(error)
        return RestoreFailure(
            cluster_name=failed.cluster_name,
            error=failed.error,
            changed=failed.changed,
            cluster_type=failed.cluster_type,
            subject=self.subject,
            target=self.spec.target if self.spec else "",
            holds=self.holds,
        )

    def may_have_started(self) -> None:
        """Note that a request to start the restore may have taken effect."""
        self.changed = True
        self.holds = Holds.UNKNOWN
        self.doubt = (
            "A restore may have been started all the same: look with atlas_restore_info, or run this again, which "
            "picks up a restore that runs."
        )

    def has_not_started(self, holds: Holds = Holds.OLD_DATA) -> None:
        """Note that no request to start the restore has taken effect."""
        self.changed, self.doubt, self.holds = False, "", holds

    def has_job(self, record: Record, *, ours: bool) -> None:
        """Note the job, from whose start on the target's data are gone. ours: this task has started it."""
        self.record, self.doubt, self.changed = record, "", ours
        self.holds = Holds.NOTHING if record["delivery_type"] == DOWNLOAD else Holds.UNKNOWN


@dataclass(frozen=True)
class RestoreOutcome:
    """What has become of one restore, or in check mode would become of it.

    reused: the job was there before. warnings: what the user should look at, such as a target that is not IDLE.
    """

    record: Record
    changed: bool
    reused: bool = False
    warnings: tuple[str, ...] = ()
    diff: dict[str, Any] | None = None
