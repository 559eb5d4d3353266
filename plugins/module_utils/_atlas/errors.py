# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Everything that can go wrong, as exceptions that carry what a person and a playbook need to know.

from __future__ import annotations

from typing import Any

from .clock import Moment
from .error_codes import next_step


class AtlasError(Exception):
    """Something kept the work from being done: what happened, and what to do about it.

    status_code and error_code are Atlas's, None where no answer came; retry_after is in seconds.
    snapshot: the record of the snapshot that this is about, None where there is none or it is not known.
    sent: when the request went out that met this, None where none did.
    """

    sent: Moment | None = None

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        status_code: int | None = None,
        error_code: str | None = None,
        retry_after: float | None = None,
        snapshot: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.status_code = status_code
        self.error_code = error_code
        self.retry_after = retry_after
        self.snapshot = snapshot

    def __str__(self) -> str:
        return f"{self.message.rstrip('.')}. {self.hint}".strip()


class InvalidInput(AtlasError):
    """The options cannot be meant so; nothing was sent."""


class NotReachable(AtlasError):
    """No request can get there however often it is tried: an unknown host name, a certificate that is refused."""


class NotConnected(AtlasError):
    """No connection was made, so Atlas surely did nothing. Passing."""


class NoAnswer(AtlasError):
    """The request went out and no whole answer that can be read came back. Atlas may have carried it out. Passing."""


class TimedOut(NoAnswer):
    """The answer did not come in the time that the request was given."""


class RequestRefused(AtlasError):
    """Atlas, or a proxy before it, answered with an error status.

    readable: the body is an error document of Atlas's own, or a header names the code.
    parameters: of any type, as recorded. fields: (field, description) pairs of what Atlas finds invalid.
    """

    def __init__(
        self,
        status_code: int,
        *,
        error_code: str | None = None,
        detail: str = "",
        parameters: tuple[Any, ...] = (),
        fields: tuple[tuple[str, str], ...] = (),
        readable: bool = True,
        retry_after: float | None = None,
    ) -> None:
        said = [f"Atlas answered {status_code}"]
        if error_code:
            said.append(f" {error_code}")
        if detail:
            said.append(f": {detail.rstrip('.')}")
        if fields:
            said.append(" (" + "; ".join(f"{field}: {description}" for field, description in fields) + ")")
        super().__init__(
            "".join(said),
            next_step(status_code, error_code),
            status_code=status_code,
            error_code=error_code,
            retry_after=retry_after,
        )
        self.detail = detail
        self.parameters = parameters
        self.fields = fields
        self.readable = readable


class SignInFailed(AtlasError):
    """No token could be had. cause tells why; the request that needed the token was not carried out."""

    def __init__(self, cause: AtlasError) -> None:
        super().__init__(
            f"Signing in with the service account failed: {cause.message}",
            cause.hint,
            status_code=cause.status_code,
            error_code=cause.error_code,
            retry_after=cause.retry_after,
        )
        self.cause = cause


class SnapshotTrouble(AtlasError):
    """A snapshot is not, or cannot be shown to be, a backup to rely on.

    It failed, it went away, or somebody else's is in the way.
    """


class OutOfTime(SnapshotTrouble):
    """wait_timeout is over and what was waited for has not come."""


class NoDate(AtlasError):
    """Something cannot be told without Atlas's clock, and no answer had a Date; a local clock says nothing of it."""

    def __init__(self, what: str, snapshot: dict[str, Any] | None = None) -> None:
        super().__init__(
            f"{what}, as no answer of Atlas had a Date",
            "Look at the proxy before Atlas, which takes the header away.",
            snapshot=snapshot,
        )
