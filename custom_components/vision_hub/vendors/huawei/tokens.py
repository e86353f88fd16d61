"""The access token (4.1): one for all who use the same keys, over restarts too."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
import hashlib
import logging
import time
from typing import Final, override

from mashumaro import DataClassDictMixin

from ..contract import HubStore
from ..errors import AuthenticationFailed, Busy, UnexpectedAnswer, VisionError
from ..model import Json
from ..toolkit.lenient import as_number, as_text
from ..toolkit.session import Session
from ..toolkit.shapes import object_in

_LOGGER = logging.getLogger(__name__)

DAY: Final = 86_400
LIFE: Final = 7 * DAY
RENEWABLE: Final = 2 * DAY
"""From then on the cloud makes a new token if it is told to (4.1)."""
_HOUR: Final = 3600
_LOGINS_AN_HOUR: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Token(DataClassDictMixin):
    """A token, until when it lives, and when it and those before were asked for.

    Times are seconds since 1970 by our clock.
    """

    value: str = field(repr=False)
    expires: float
    asked: tuple[float, ...] = ()

    @property
    def left(self) -> float:
        """How many seconds it will live."""
        return self.expires - time.time()


class AccessTokens(Session):
    """Keeps a token fresh, and asks for as few as can be.

    Two tokens live at most for a pair of keys, so that each careless request would end
    somebody's session.
    """

    def __init__(
        self,
        store: HubStore,
        keys: tuple[str, ...],
        request: Callable[[bool], Awaitable[Json]],
    ) -> None:
        """Prepare. `request` asks the cloud; True wants a new token."""
        super().__init__()
        self._store = store
        # Wrong keys must not find the token of the right ones.
        self._key = "huawei-" + hashlib.sha256("\0".join(keys).encode()).hexdigest()
        self._request = request
        self._token: Token | None = None

    async def open(self) -> None:
        """Have a token, also after keys were refused."""
        self._refusal.forget()
        await self.current()

    @override
    async def current(self) -> str:
        if self._token is not None and self._token.left > RENEWABLE:
            return self._token.value
        return await self._living(refused=None)

    @override
    async def renewed(self, ended: str) -> str:
        return await self._living(refused=ended)

    async def lifetime(self) -> int:
        """Return how many seconds the token will live."""
        await self.current()
        return int(self._token.left) if self._token else 0

    async def _living(self, refused: str | None) -> str:
        async with self._store.exclusively(self._key):
            with self._refusal.remembered():
                self._token = await self._stored_or_new(refused)
            return self._token.value

    async def _stored_or_new(self, refused: str | None) -> Token:
        known = _read(await self._store.load(self._key))
        living = known is not None and known.left > 0 and known.value != refused
        if known and living and not self._shall_renew(known):
            return known
        try:
            token = await self._ask(known, force=known is not None)
        except AuthenticationFailed:
            raise
        except VisionError as error:
            if not known or not living:
                raise
            _LOGGER.debug("The token could not be renewed: %s", error.key)
            # There is time to try again.
            await self._store.save(self._key, _attempted(known).to_dict())
            return known
        await self._store.save(self._key, token.to_dict())
        return token

    def _shall_renew(self, token: Token) -> bool:
        """Tell whether to try: while another token lives, the cloud gives the old."""
        latest = max(_recent(token.asked, RENEWABLE), default=0)
        return token.left < RENEWABLE and time.time() - latest > token.left / 8

    async def _ask(self, known: Token | None, *, force: bool) -> Token:
        asked = _recent(known.asked, RENEWABLE) if known else ()
        if len(_recent(asked, _HOUR)) >= _LOGINS_AN_HOUR:
            raise Busy("The cloud refuses new access tokens")
        answer = await self._request(force)
        row = object_in(answer, "access_token")
        value = as_text(row.get("access_token"))
        if not value or not value.isprintable():
            raise UnexpectedAnswer("The cloud gave no access token")
        left = as_number(row.get("expire_time"))
        now = time.time()
        return Token(
            value=value,
            expires=now + min(LIFE if left is None else left, LIFE),
            asked=(*asked, now),
        )


def _recent(times: tuple[float, ...], seconds: float) -> tuple[float, ...]:
    now = time.time()
    return tuple(when for when in times if 0 <= now - when < seconds)


def _attempted(token: Token) -> Token:
    return Token(
        value=token.value,
        expires=token.expires,
        asked=(*_recent(token.asked, RENEWABLE), time.time()),
    )


def _read(stored: Json) -> Token | None:
    """Read what was saved; a token that lives longer than any is of a wrong clock."""
    if not isinstance(stored, dict):
        return None
    value, expires = as_text(stored.get("value")), as_number(stored.get("expires"))
    asked = stored.get("asked")
    if not value or expires is None:
        return None
    return Token(
        value=value,
        expires=min(expires, time.time() + LIFE),
        asked=tuple(
            when
            for each in (asked if isinstance(asked, list) else ())
            if (when := as_number(each)) is not None
        ),
    )
