"""What a hub refused, and when it may be tried again."""

from collections.abc import Generator
from contextlib import contextmanager
from time import monotonic
from typing import Final

from .errors import AuthenticationFailed, LockedOut

RETRY_INTERVAL: Final = 180.0
"""Seconds between attempts, of which too many would lock the user."""
RETRY_INTERVAL_WHEN_SURE: Final = 3600.0
SURE_AFTER: Final = 3
"""So many refusals in a row are no accident."""


class LoginRefusal:
    """Keeps us from trying again at once what a hub refused.

    A password seldom becomes right by itself, and too many attempts lock the user; but
    a box may refuse the right one while it starts. So there is one attempt in minutes.
    """

    def __init__(self) -> None:
        """Nothing was refused yet."""
        self._error: AuthenticationFailed | None = None
        self._until = 0.0
        self._count = 0

    @property
    def pause(self) -> float:
        """For how many seconds the hub is to be left alone."""
        return max(0.0, self._until - monotonic()) if self._error else 0.0

    @property
    def is_sure(self) -> bool:
        """Whether the password is wrong, as far as anybody can know."""
        return self._count >= SURE_AFTER

    def check(self) -> None:
        """Raise what the hub said if it is too early for another attempt."""
        if self._error and self.pause:
            raise type(self._error)(*self._error.args)

    def remember(self, error: AuthenticationFailed) -> None:
        """Let nobody try again for a while."""
        self._error = error
        if isinstance(error, LockedOut):
            wait = error.seconds
        else:
            self._count += 1
            wait = RETRY_INTERVAL_WHEN_SURE if self.is_sure else RETRY_INTERVAL
        self._until = monotonic() + wait

    def forget(self) -> None:
        """Note that the hub accepted us."""
        self._error, self._count = None, 0

    def allow(self) -> None:
        """Allow an attempt that the user wants, but not while the hub has us locked."""
        if not isinstance(self._error, LockedOut):
            self.forget()

    @contextmanager
    def remembered(self) -> Generator[None]:
        """Log in within this context, if it is not too early."""
        self.check()
        try:
            yield
        except AuthenticationFailed as error:
            self.remember(error)
            raise
        self.forget()
