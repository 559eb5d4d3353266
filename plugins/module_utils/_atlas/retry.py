# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# The retry rules: which requests may be sent again, when, and for how long.

from __future__ import annotations

import asyncio
import enum
import random

from .clock import now
from .error_codes import WRITES_NOT_ALLOWED_DURING_APP_UPGRADES
from .errors import AtlasError, NoAnswer, NotConnected, OutOfTime, RequestRefused, SignInFailed

# Seconds of retries after connection errors and 5xx, as long as the task has not started anything in Atlas.
SHORT_LIMIT = 60.0
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 10.0


class Verdict(enum.Enum):
    """What an error means for the request."""

    FINAL = "no retry can help"
    NOTHING_DONE = "Atlas did nothing, so any request may be retried"
    UNCERTAIN = "Atlas may have carried it out, so only an idempotent request may be retried"


def judge(error: AtlasError) -> Verdict:
    """Whether a request may be retried after this error, and whether it may have been carried out."""
    if isinstance(error, SignInFailed):
        return Verdict.FINAL if judge(error.cause) is Verdict.FINAL else Verdict.NOTHING_DONE
    if isinstance(error, NotConnected):
        return Verdict.NOTHING_DONE
    if isinstance(error, NoAnswer):
        return Verdict.UNCERTAIN
    if isinstance(error, RequestRefused):
        return _judge_refusal(error)
    return Verdict.FINAL


def _judge_refusal(error: RequestRefused) -> Verdict:
    """Decide by the status, then the errorCode, then the body: an answer from a proxy may be HTML or empty."""
    status = error.status_code or 0
    if is_busy(error):
        return Verdict.NOTHING_DONE
    # An unexpected 2xx: the request may have taken effect.
    if status >= 500 or status < 300:
        return Verdict.UNCERTAIN
    # 401: a renewed sign-in was refused too. 406 and 410 concern only the API version, and may have no errorCode.
    if status < 400 or status in (401, 406, 410) or error.readable:
        return Verdict.FINAL
    return Verdict.UNCERTAIN


def leaves_doubt(error: AtlasError) -> bool:
    """Whether the request may have been carried out in spite of this error.

    After a redirect it may: a proxy may have forwarded the request first. After a failed sign-in it was not sent.
    """
    if isinstance(error, SignInFailed):
        return False
    return judge(error) is Verdict.UNCERTAIN or 300 <= (error.status_code or 0) < 400


def is_busy(error: AtlasError) -> bool:
    """Whether Atlas is temporarily busy: it limits the rate, or it is being upgraded."""
    return error.status_code == 429 or (
        error.status_code == 405 and error.error_code == WRITES_NOT_ALLOWED_DURING_APP_UPGRADES
    )


class Deadline:
    """The end of a task's time, on the event loop's monotonic clock."""

    def __init__(self, seconds: float, request_timeout: float) -> None:
        self.seconds = seconds
        self._end = now() + seconds
        self._request_timeout = request_timeout

    def remaining(self) -> float:
        """Seconds left, never below 0."""
        return max(0.0, self._left())

    def until_over(self, *, for_writing: bool) -> float:
        """Seconds left to send a request; reading is allowed for one more request_timeout after the deadline."""
        return self._left() + (0.0 if for_writing else self._request_timeout)

    def request_timeout(self) -> float:
        """The timeout of a request that is sent now, in seconds.

        Before the deadline a request must not outlast it, so that one last poll after it fits into one request_timeout.
        """
        left = self._left()
        if left > 0:
            return min(self._request_timeout, max(left, 1.0))
        return max(1.0, self._request_timeout + left)

    def has_shortened(self, timeout: float) -> bool:
        """Whether this timeout is shorter than request_timeout because of the deadline."""
        return timeout < self._request_timeout

    def at_most(self, seconds: float) -> Deadline:
        """This deadline, or one that many seconds from now if that is earlier."""
        return self if seconds >= self._left() else Deadline(seconds, self._request_timeout)

    def for_one_look(self, seconds: float) -> Deadline:
        """A deadline for optional requests: no retries, and they take at most this many seconds."""
        return Deadline(0.0, min(seconds, self._request_timeout))

    def _left(self) -> float:
        return self._end - now()


class RetryBudget:
    """How long requests for one cluster are retried.

    waits_when_busy: whether 429 and upgrades are retried until the deadline. If not, they are retried for a minute, as
    other errors are: nothing is lost when an info module gives up.
    """

    def __init__(self, deadline: Deadline, *, waits_when_busy: bool = True) -> None:
        self.deadline = deadline
        self._waits_when_busy = waits_when_busy
        self._lasts_until_deadline = False

    def extend_to_deadline(self) -> None:
        """Retry every temporary error until the deadline from now on: a snapshot or restore has been started."""
        self._lasts_until_deadline = True

    def new_request(self) -> RetryState:
        """The retry state of one new request."""
        return RetryState(self)

    def lasts_until_deadline(self, error: AtlasError) -> bool:
        """Whether this error is retried until the deadline, not only for a minute."""
        return self._lasts_until_deadline or (self._waits_when_busy and is_busy(error))

    def seconds_left(self, error: AtlasError, spent: float) -> float:
        """Seconds left to retry a request after this error; spent: seconds since its first failure."""
        left = self.deadline.remaining()
        return left if self.lasts_until_deadline(error) else min(left, SHORT_LIMIT - spent)


class RetryState:
    """The attempts of one request. Its minute starts with the first failed attempt, and again after Atlas was busy."""

    def __init__(self, budget: RetryBudget) -> None:
        self._budget = budget
        self._try_began = now()
        self._trouble_began: float | None = None
        self._tries = 0

    async def pause(self, error: AtlasError) -> None:
        """Wait before the next attempt: for Retry-After, or a backoff with jitter.

        Raises the error itself if the next attempt would come too late.
        """
        self._tries += 1
        pause = error.retry_after or self._backoff()
        left = self._budget.seconds_left(error, self._spent(error))
        if pause >= left:
            raise self._last_error(error, max(0.0, left))
        await asyncio.sleep(pause)
        self._try_began = now()

    def _spent(self, error: AtlasError) -> float:
        """Seconds since the first failure; time in which Atlas was busy or limited the rate does not count."""
        if self._budget.lasts_until_deadline(error):
            self._trouble_began = None
        elif self._trouble_began is None:
            self._trouble_began = error.sent.instant if error.sent else self._try_began
        return 0.0 if self._trouble_began is None else now() - self._trouble_began

    def _backoff(self) -> float:
        longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(self._tries, 10))
        return longest * random.uniform(0.5, 1.0)

    def _last_error(self, error: AtlasError, left: float) -> AtlasError:
        if error.retry_after:
            return error.in_context(note=f"it asks to wait {error.retry_after:.0f} s, and only {left:.0f} s are left")
        return error.in_context(note=f"tried {self._tries} times") if self._tries > 1 else error


def out_of_time(what: str, deadline: Deadline, hint: str) -> OutOfTime:
    """The error for an expired wait_timeout."""
    return OutOfTime(f"{what} within {deadline.seconds:g} s (wait_timeout)", hint)
