"""Sessions of hubs that want a login first, and end them when they like."""

from abc import ABC, abstractmethod
import asyncio
from collections.abc import Awaitable, Callable
from typing import override

from ..errors import Busy, UnexpectedAnswer, VisionError
from ..login_refusal import LoginRefusal


class SessionEnded(Busy):
    """The hub knows the session no more."""


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
