# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The exceptions of this collection, with the facts that messages and returned errors need.

from __future__ import annotations

from typing import Any, TypeVar

from .._text import printable
from .clock import Moment
from .error_codes import next_step

_Error = TypeVar("_Error", bound="AtlasError")


class AtlasError(Exception):
    """A failure: message says what happened, hint is the next step for the user.

    Instances are immutable: code that knows more raises the copy that in_context returns.
    status_code and error_code come from Atlas, None if no answer came; retry_after is in seconds.
    record: of the snapshot or restore job concerned, None if there is none or it is unknown.
    sent: when the failed request was sent, None if none was.
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
        """A copy of the same class with facts that the caller adds; arguments that are not given change nothing.

        doing: prefix of the message. note: appended in parentheses. hint: replaces the next step.
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
        # Text from Atlas or a proxy may contain control characters, which must not reach a terminal.
        self.__dict__.update({name: printable(fact) if isinstance(fact, str) else fact for name, fact in facts.items()})

    def __setattr__(self, name: str, value: Any) -> None:
        # Python itself sets __traceback__ and its like.
        if not name.startswith("__"):
            raise AttributeError(f"{type(self).__name__} is immutable: raise error.in_context(...) instead")
        super().__setattr__(name, value)

    def __str__(self) -> str:
        return f"{self.message.rstrip('.')}. {self.hint}".strip()


class InvalidInput(AtlasError):
    """The options are invalid; nothing was sent."""


class NotReachable(AtlasError):
    """No request can reach the service, and no retry helps: an unknown host name, a refused certificate."""


class NotConnected(AtlasError):
    """No connection was made, so Atlas did nothing. A retry may help."""


class NoAnswer(AtlasError):
    """The request was sent, but no complete, readable answer came. Atlas may have done it. A retry may help."""


class TimedOut(NoAnswer):
    """The answer did not arrive within the timeout of the request."""


class RequestRefused(AtlasError):
    """Atlas, or a proxy in front of it, answered with an error status.

    readable: whether the body is an error document of Atlas, or a header has the errorCode.
    fields: (field, description) pairs that Atlas reports as invalid.
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
    """Atlas issued no token, for the reason in cause. The request that needed the token was not sent."""

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
    """A snapshot is not a backup to rely on, or nothing proves that it is one.

    For example it failed, it was deleted, or another snapshot is in progress.
    """


class OutOfTime(SnapshotTrouble):
    """wait_timeout expired before the snapshot or restore job was finished."""


class NoDate(AtlasError):
    """A decision needs Atlas's clock, and no answer had a Date header. The local clock may be wrong."""

    def __init__(self, what: str, record: dict[str, Any] | None = None) -> None:
        super().__init__(
            f"{what}: no answer from Atlas had a Date header",
            "Check the proxy in front of Atlas, which removes this header.",
            record=record,
        )
