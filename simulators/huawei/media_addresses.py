"""Addresses of live and recorded video: how long they live, how often they serve."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
import time
from urllib.parse import parse_qs, urlsplit

from .models import Recording

_KEPT = 20_000
# An RTSP player asks for a path twice: DESCRIBE and SETUP.
_RTSP_QUESTIONS = 2


class Carrier(StrEnum):
    """What carries the video of an address, whatever the operations call it."""

    HOLO = "HOLO"
    HTTP_HLS = "HTTP_HLS"
    HTTPS_HLS = "HTTPS_HLS"
    HTTP_FLV = "HTTP_FLV"
    HTTPS_FLV = "HTTPS_FLV"
    RTSP = "RTSP"

    @property
    def is_hls(self) -> bool:
        """Return whether it is HLS."""
        return self in (Carrier.HTTP_HLS, Carrier.HTTPS_HLS)


@dataclass(slots=True)
class Address:
    """An address that was given. `pieces` is what it plays, None for live video.

    `uses` counts down; None for any number. `until` is on the steady clock.
    """

    token: str
    key: tuple[str, str]
    carrier: Carrier
    until: float
    uses: int | None
    pieces: tuple[Recording, ...] | None = None
    used: int = 0


@dataclass(slots=True)
class Session:
    """Somebody who plays HLS."""

    session_id: str
    address: Address
    until: float


def _kept[T](rows: OrderedDict[str, T], key: str, row: T) -> T:
    rows[key] = row
    while len(rows) > _KEPT:
        rows.popitem(last=False)
    return row


@dataclass(slots=True)
class MediaAddresses:
    """Gives addresses and tells whether they still serve.

    `renewal` is by how many seconds a use lengthens the life of HLS.
    """

    new_token: Callable[[], str]
    renewal: Callable[[], float]
    clock: Callable[[], float] = time.monotonic
    addresses: OrderedDict[str, Address] = field(default_factory=OrderedDict)
    sessions: OrderedDict[str, Session] = field(default_factory=OrderedDict)

    def give(
        self,
        key: tuple[str, str],
        carrier: Carrier,
        *,
        seconds: float,
        often: bool,
        pieces: tuple[Recording, ...] | None = None,
    ) -> Address:
        """Make an address that lives for a while; RTSP serves once whatever is asked."""
        token = self.new_token()
        uses = None if often and carrier is not Carrier.RTSP else 1
        if carrier is Carrier.RTSP:
            uses = _RTSP_QUESTIONS
        address = Address(token, key, carrier, self.clock() + seconds, uses, pieces)
        return _kept(self.addresses, token, address)

    def use(self, token: str) -> Address | None:
        """Return an address that serves now, and count the use."""
        address = self.addresses.get(token)
        if address is None:
            return None
        setting_up = address.carrier is Carrier.RTSP and address.used > 0
        over = self.clock() >= address.until and not setting_up
        if over or (address.uses is not None and address.used >= address.uses):
            return None
        address.used += 1
        if address.carrier.is_hls:
            address.until = max(address.until, self.clock() + self.renewal())
        return address

    def open(self, address: Address) -> Session:
        """Begin to play HLS."""
        session = Session(self.new_token(), address, 0.0)
        _kept(self.sessions, session.session_id, session)
        session.until = max(address.until, self.clock() + self.renewal())
        return session

    def watch(self, session_id: str) -> Session | None:
        """Return a session that goes on, and renew it."""
        session = self.sessions.get(session_id)
        if session is None or self.clock() >= session.until:
            return None
        session.until = max(session.until, self.clock() + self.renewal())
        return session

    def revoke(self, url: str) -> bool:
        """End an address and who plays it; False when it is not known (9.4)."""
        parts = urlsplit(url)
        tokens = parse_qs(parts.query).get("token", [""])
        address = self.addresses.pop(tokens[0], None)
        if address is None:
            return False
        self.sessions = OrderedDict(
            (key, session)
            for key, session in self.sessions.items()
            if session.address is not address
        )
        return True

    def expire(self) -> None:
        """End every address and session."""
        self.addresses.clear()
        self.sessions.clear()
