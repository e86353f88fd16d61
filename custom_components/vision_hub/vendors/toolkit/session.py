"""Sessions of hubs that want a login first, and end them when they like."""

from abc import ABC, abstractmethod
import asyncio
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from time import monotonic
from typing import Final, override

from ..errors import (
    AuthenticationFailed,
    Busy,
    LockedOut,
    UnexpectedAnswer,
    VisionError,
)

RETRY_SECONDS: Final = 170.0
"""A little less than three minutes, since polls do not keep their time exactly."""
RETRY_SECONDS_WHEN_SURE: Final = 3590.0
SURE_AFTER: Final = 3
"""So many refusals in a row are no accident."""


class SessionEnded(Busy):
    """The hub knows the session no more."""


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

    def check(self) -> None:
        """Raise what the hub said if it is too early for another attempt."""
        if self._error and monotonic() < self._until:
            raise type(self._error)(*self._error.args)

    def remember(self, error: AuthenticationFailed) -> None:
        """Let nobody try again for a while."""
        self._count += 1
        self._error = error
        often = self._count < SURE_AFTER
        wait = RETRY_SECONDS if often else RETRY_SECONDS_WHEN_SURE
        if isinstance(error, LockedOut):
            wait = error.seconds
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


class Session(ABC):
    """What a hub knows us by for a while; all requests share it."""

    def __init__(self) -> None:
        """Nothing was refused yet."""
        self._refusal = LoginRefusal()

    async def run[T](
        self,
        exchange: Callable[[str], Awaitable[T]],
        *,
        ended: tuple[type[VisionError], ...] = (SessionEnded,),
    ) -> T:
        """Do something in a session; renew it if it has ended, but once only.

        `ended` is what the hub says then.
        """
        session = await self.current()
        try:
            return await exchange(session)
        except ended:
            session = await self.renewed(session)
        try:
            return await exchange(session)
        except SessionEnded:
            self.drop(session)
            raise

    @abstractmethod
    async def current(self) -> str:
        """Return a session that lives, as far as we know."""

    @abstractmethod
    async def renewed(self, ended: str) -> str:
        """Return another session than one that has ended."""

    def drop(self, session: str) -> None:
        """Begin the next request with another session than one that ended at once."""


class LoginSession(Session):
    """A session that a login opens, and that lives as long as the hub likes."""

    def __init__(self, login: Callable[[], Awaitable[str]]) -> None:
        """Prepare. `login` asks the hub for a session."""
        super().__init__()
        self._login = login
        self._lock = asyncio.Lock()
        self._id = ""

    async def open(self) -> None:
        """Log in, also after a refusal."""
        self._refusal.forget()
        async with self._lock:
            await self._open()

    def close(self) -> str:
        """Use the session no more, and return it; empty if there is none."""
        session, self._id = self._id, ""
        return session

    @override
    async def current(self) -> str:
        return await self.renewed("")

    @override
    async def renewed(self, ended: str) -> str:
        async with self._lock:
            # Who waited here finds the session that another request opened.
            if self._id in {"", ended}:
                await self._open()
            return self._id

    @override
    def drop(self, session: str) -> None:
        if self._id == session:
            self._id = ""

    async def _open(self) -> None:
        self._id = ""
        with self._refusal.remembered():
            session = await self._login()
        if not session:
            raise UnexpectedAnswer("The hub gave no session")
        self._id = session
