# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Everything that can go wrong, as exceptions that carry what a person and a playbook need to know.

from __future__ import annotations

from typing import Any, TypeVar

from .._text import printable
from .clock import Moment
from .error_codes import next_step

_Error = TypeVar("_Error", bound="AtlasError")


class AtlasError(Exception):
    """Something kept the work from being done: what happened, and what to do about it.

    An error is made once and never changes: code that knows more raises the copy that in_context returns.
    status_code and error_code are Atlas's, None where no answer came; retry_after is in seconds.
    record: the record of the snapshot or restore job that this is about, None where there is none or it is not known.
    sent: when the request that failed went out, None where none did.
    """

    message: str
    hint: str
    status_code: int | None
    error_code: str | None
    retry_after: float | None
    record: dict[str, Any] | None
    sent: Moment | None

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        status_code: int | None = None,
        error_code: str | None = None,
        retry_after: float | None = None,
        record: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self._set(
            message=message,
            hint=hint,
            status_code=status_code,
            error_code=error_code,
            retry_after=retry_after,
            record=record,
            sent=None,
        )

    def in_context(
        self: _Error,
        *,
        doing: str = "",
        note: str = "",
        hint: str | None = None,
        record: dict[str, Any] | None = None,
        sent: Moment | None = None,
    ) -> _Error:
        """The same error, of the same class, with what the caller knows about it; what is not given stays as it is.

        doing: goes before the message. note: goes behind it, in parentheses. hint: replaces the next step.
        """
        more = type(self).__new__(type(self), *self.args)
        more._set(**self.__dict__)
        message = f"{doing}: {self.message}" if doing else self.message
        more._set(
            message=f"{message} ({note})" if note else message,
            hint=self.hint if hint is None else hint,
            record=self.record if record is None else record,
            sent=self.sent if sent is None else sent,
        )
        return more

    def _set(self, **facts: Any) -> None:
        # The words of Atlas, and of others, must not steer a terminal.
        self.__dict__.update({name: printable(fact) if isinstance(fact, str) else fact for name, fact in facts.items()})

    def __setattr__(self, name: str, value: Any) -> None:
        # Python itself sets __traceback__ and its like.
        if not name.startswith("__"):
            raise AttributeError(f"{type(self).__name__} never changes: raise error.in_context(...) instead")
        super().__setattr__(name, value)

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
    fields: (field, description) pairs of what Atlas finds invalid.
    """

    detail: str
    fields: tuple[tuple[str, str], ...]
    readable: bool

    def __init__(
        self,
        status_code: int,
        *,
        error_code: str | None = None,
        detail: str = "",
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
        self._set(detail=detail, fields=fields, readable=readable)


class SignInFailed(AtlasError):
    """No token could be had. cause tells why; the request that needed the token was not carried out."""

    cause: AtlasError

    def __init__(self, cause: AtlasError) -> None:
        super().__init__(
            f"Signing in with the service account failed: {cause.message}",
            cause.hint,
            status_code=cause.status_code,
            error_code=cause.error_code,
            retry_after=cause.retry_after,
        )
        self._set(cause=cause)


class SnapshotTrouble(AtlasError):
    """A snapshot is not, or cannot be shown to be, a backup to rely on.

    It failed, it went away, or somebody else's is in the way.
    """


class OutOfTime(SnapshotTrouble):
    """wait_timeout is over and what was waited for has not come."""


class NoDate(AtlasError):
    """Something cannot be told without Atlas's clock, and no answer had a Date; a local clock says nothing of it."""

    def __init__(self, what: str, record: dict[str, Any] | None = None) -> None:
        super().__init__(
            f"{what}, as no answer of Atlas had a Date",
            "Look at the proxy before Atlas, which takes the header away.",
            record=record,
        )
