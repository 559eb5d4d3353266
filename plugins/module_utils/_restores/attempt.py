# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The state of one restore while it runs, and its outcome.

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
    """A restore that failed. subject: describes the restore. target: describes its target. holds: the target's data."""

    subject: str = ""
    target: str = ""
    holds: Holds = Holds.OLD_DATA


@dataclass
class RestoreAttempt(Attempt):
    """An Attempt whose record is a restore job; cluster_name is the source's.

    subject: describes the restore. holds: which data the target has now. spec: None if only a job is named.
    """

    subject: str = ""
    holds: Holds = Holds.OLD_DATA
    spec: RestoreSpec | None = None

    @classmethod
    def of(cls, spec: RestoreSpec) -> RestoreAttempt:
        """The attempt to run this restore."""
        return cls(cluster_name=spec.cluster_name, subject=str(spec), spec=spec)

    @property
    def known_spec(self) -> RestoreSpec:
        """The specification. An attempt for a job that the user named by its id has none."""
        if self.spec is None:
            raise AssertionError("the attempt is for a job id, and has no specification")
        return self.spec

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

    def prefix_of(self, error: AtlasError, record: dict[str, Any] | None) -> str:
        """Nothing: the sentence about a failed restore begins with the subject, or with all targets of alike ones."""
        return ""

    def may_have_started(self) -> None:
        """Note that a request to start the restore may have taken effect."""
        self.changed = True
        self.holds = Holds.UNKNOWN
        self.doubt = (
            "A restore may have been started: check with atlas_restore_info, or run this again without "
            "max_age=0, which waits for a restore that already runs and does not repeat a completed one."
        )

    def has_not_started(self, holds: Holds = Holds.OLD_DATA) -> None:
        """Note that no request has started the restore."""
        self.changed, self.doubt, self.holds = False, "", holds

    def has_job(self, record: Record, *, ours: bool) -> None:
        """Note the job; from its start on, the target's old data is gone. ours: this task has started it."""
        self.record, self.doubt, self.changed = record, "", ours
        self.holds = Holds.NOTHING if record["delivery_type"] == DOWNLOAD else Holds.UNKNOWN


@dataclass(frozen=True)
class RestoreOutcome:
    """The outcome of one restore; in check mode, the expected one.

    reused: the job existed before. warnings: for example about a target that is not IDLE.
    """

    record: Record
    changed: bool
    reused: bool = False
    warnings: tuple[str, ...] = ()
    diff: dict[str, Any] | None = None
