# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The result of the checks of one restore before it starts: problems, lines of the plan, state of the target's data.

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from .._atlas.errors import AtlasError, RequestRefused
from .._snapshots.records import Record

_ROLES = (
    "Give the credentials the role Project Backup Manager (or Project Owner) in the projects of both the source and "
    "the target."
)


class Holds(enum.Enum):
    """Which data the target of a restore has, as a sentence for each error."""

    OLD_DATA = "The target still has its old data."
    UNKNOWN = "It is unknown which data the target has now."
    RESTORED = "The target has the restored data."
    # There is no target, or no sentence is needed.
    NOTHING = ""


class RestoreTrouble(AtlasError):
    """A restore must not start, or has not brought the data back."""


def message_with_data(error: AtlasError, holds: Holds) -> str:
    """The message of the error, which data the target has, and the next step."""
    return " ".join(part for part in (f"{error.message.rstrip('.')}.", holds.value, error.hint) if part)


@dataclass(frozen=True)
class Obstacle:
    """Why a restore must not start. unread: the error of a read that failed, None for other problems."""

    error: AtlasError
    holds: Holds = Holds.OLD_DATA
    unread: str | None = None


@dataclass
class Judgement:
    """The problems and remarks for one restore.

    lines: warnings for the plan: what is unclear, and what Atlas decides. remarks: lines without a warning.
    existing: a job for this restore that still runs, or that max_age accepts, so that nothing has to be started.
    """

    problems: list[Obstacle] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    existing: Record | None = None

    def line(self, text: str) -> None:
        self.lines.append(text)

    def remark(self, text: str) -> None:
        self.remarks.append(text)

    def problem(self, error: AtlasError, holds: Holds = Holds.OLD_DATA) -> None:
        self.problems.append(Obstacle(error, holds))

    def unread(self, error: AtlasError, doing: str, holds: Holds = Holds.OLD_DATA) -> None:
        """Note that something could not be read; the same error of several reads is one problem."""
        if any(known.unread == str(error) for known in self.problems):
            return
        if not isinstance(error, RequestRefused):
            # Such an error concerns the connection or the sign-in, not this restore.
            self.problems.append(Obstacle(error, holds, str(error)))
            return
        hint = _ROLES if error.status_code in (401, 403) else None
        self.problems.append(Obstacle(error.in_context(doing=doing, hint=hint), holds, str(error)))

    def refuse(self, message: str, hint: str) -> None:
        """Note a problem that Atlas has no errorCode for."""
        self.problem(RestoreTrouble(message, hint))

    def foresee(self, message: str, hint: str, *, error_code: str, status_code: int = 400) -> None:
        """Note a problem for which Atlas would refuse the restore with this errorCode."""
        self.problem(RestoreTrouble(message, hint, status_code=status_code, error_code=error_code))

    def add(self, other: Judgement) -> None:
        """Add the results of another judgement of the same restore."""
        known = {problem.unread for problem in self.problems if problem.unread}
        self.problems += [problem for problem in other.problems if problem.unread not in known]
        self.lines += other.lines
        self.remarks += other.remarks
