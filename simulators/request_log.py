"""A record of every request that a virtual box received."""

import asyncio
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from aiohttp import hdrs, web


@dataclass(slots=True)
class LoggedRequest:
    """One received request and what the box answered.

    `at` is Unix seconds of the real clock. `target` is path and query exactly as they
    stood on the request line. `body` is the parsed JSON, else None. `status` is the
    HTTP status and `code` the vendor's own code; both are None while the box has not
    answered (or never did).
    """

    at: float
    method: str
    path: str
    target: str
    headers: dict[str, str]
    remote: str | None = None
    body: Any = None
    size: int = 0
    authorized: bool = False
    status: int | None = None
    code: int | None = None


LOGGED = web.RequestKey("logged_request", LoggedRequest)


@dataclass(slots=True)
class RequestLog:
    """Every received request, oldest first; the last `keep` are kept."""

    keep: int = 10_000
    entries: list[LoggedRequest] = field(default_factory=list)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def __len__(self) -> int:
        """Return how many requests are recorded."""
        return len(self.entries)

    def __iter__(self) -> Iterator[LoggedRequest]:
        """Iterate over the requests, oldest first."""
        return iter(list(self.entries))

    def record(self, entry: LoggedRequest) -> None:
        """Append an entry."""
        self.entries.append(entry)
        del self.entries[: -self.keep]
        self.changed()

    def changed(self) -> None:
        """Wake those who wait for a request."""
        self._changed.set()
        self._changed = asyncio.Event()

    def clear(self) -> None:
        """Forget everything."""
        self.entries.clear()

    def find(
        self, pattern: str = "*", *, authorized: bool | None = True
    ) -> list[LoggedRequest]:
        """Return the requests whose path matches the shell pattern.

        `authorized` True: only those that passed authentication, False: only those
        that did not, None: all.
        """
        return [
            entry
            for entry in self.entries
            if fnmatchcase(entry.path, pattern)
            and (authorized is None or entry.authorized is authorized)
        ]

    def count(self, pattern: str = "*", *, authorized: bool | None = True) -> int:
        """Return how many requests match, see `find`."""
        return len(self.find(pattern, authorized=authorized))

    def bodies(self, pattern: str = "*") -> list[Any]:
        """Return the parsed bodies of the authorized requests that match."""
        return [entry.body for entry in self.find(pattern)]

    async def wait_for(
        self,
        pattern: str,
        *,
        count: int = 1,
        timeout: float = 5.0,  # noqa: ASYNC109
    ) -> list[LoggedRequest]:
        """Wait until `count` authorized requests that match were answered."""

        def found() -> list[LoggedRequest]:
            return [e for e in self.find(pattern) if e.status is not None]

        await self.until(lambda: len(found()) >= count, timeout=timeout)
        return found()

    async def until(
        self,
        condition: Callable[[], bool],
        *,
        timeout: float = 5.0,  # noqa: ASYNC109
    ) -> None:
        """Wait for a condition that may become true when a request comes."""
        async with asyncio.timeout(timeout):
            while True:
                changed = self._changed
                if condition():
                    return
                await changed.wait()


def headers_of(
    request: web.BaseRequest, credentials: Container[str] = ()
) -> dict[str, str]:
    """Return the headers worth recording: all but the credentials (lower case)."""
    return {
        name: value
        for name, value in request.headers.items()
        if name.title() != hdrs.AUTHORIZATION and name.lower() not in credentials
    }
