"""Our address at the cloud, one for each kind of message (10.1.1 to 10.1.3)."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
import logging
import secrets
from typing import Final

from yarl import URL

from ...contract import CallbackServer
from ...errors import (
    InvalidRequest,
    NoCallbackAddress,
    RejectedByHub,
    SubscriptionTaken,
    Unsupported,
)
from ...model import Json
from ...toolkit.addresses import is_inside, is_ours, owner_of
from ...toolkit.lenient import as_text
from ...toolkit.shared_config import expect_unchanged, repeated_if_changed
from ..signature import LONGEST_KEY
from ..transport import Transport

_LOGGER = logging.getLogger(__name__)

TYPES: Final = (
    "DEVICE_ALARM",
    # Its messages are called `device_status`.
    "DEVICE_EXCEPTION",
    "DEVICE_UNBIND",
    "TARGET_DATA",
    "THIRD_DATA",
    "VEHICLE_DATA",
    "HEAD_SHOULDER_DATA",
    "BEHAVIOR_ANALYSIS_DATA",
    "MICRO_CHECKPOINT_DATA",
)
"""Every `subscription_type`: the first must succeed, the others where they exist."""

_ABSENT: Final = "IVM.20050004"
_MAX_URL: Final = 256


@dataclass(frozen=True, slots=True)
class _Receiver:
    """Who gets the messages of one type."""

    url: str = ""
    key: str = field(default="", repr=False)

    def as_json(self) -> Json:
        return {"url": self.url, "key": self.key}


class Subscription:
    """Takes and gives back the places of a receiver. There is one for each type."""

    def __init__(self, transport: Transport) -> None:
        """Work through `transport`."""
        self._transport = transport
        self._lock = asyncio.Lock()
        self.key = ""
        """The secret of signatures; empty while there is none."""
        self.addresses: tuple[str, ...] = ()
        """What the cloud was told to call, byte for byte; also before it was changed."""

    def recall(self, callbacks: CallbackServer) -> None:
        """Know our key again: the cloud may push before we have looked at the places."""
        memory = callbacks.memory
        if isinstance(memory, dict):
            self.key = as_text(memory.get("key"))
            self.addresses = (as_text(memory.get("address")),)

    @repeated_if_changed
    async def subscribe(
        self, callbacks: CallbackServer, *, take_over: bool, renew: bool
    ) -> bool:
        """Let the cloud push everything to us; tell whether it had to be told.

        With `renew` it is told again what it knows: that ends the ten minutes of silence
        after six failures. It tries our address each time, which must answer.
        """
        address = _checked(callbacks.url, self._transport.origin)
        async with self._lock:
            present = {kind: await self._read(kind) for kind in TYPES}
            foreign = {
                kind: receiver
                for kind, receiver in present.items()
                if receiver.url and not is_ours(receiver.url, address)
            }
            if foreign and not take_over:
                owners = dict.fromkeys(owner_of(row.url) for row in foreign.values())
                raise SubscriptionTaken(tuple(owners))
            await self._remember(callbacks, address, present)
            lost = [
                kind
                for kind, told in present.items()
                if renew or (told.url, told.key) != (address, self.key)
            ]
            for kind in lost:
                await expect_unchanged(partial(self._read, kind), present[kind])
                await self._take(kind, address)
            return bool(lost)

    async def unsubscribe(self, callbacks: CallbackServer) -> None:
        """Give every place that is still ours back to whom it belonged."""
        memory = callbacks.memory
        if not isinstance(memory, dict):
            return
        addresses = [as_text(memory.get("address")), callbacks.url or ""]
        earlier = memory.get("earlier")
        places = earlier if isinstance(earlier, dict) else {}
        async with self._lock:
            for kind in TYPES:
                present = await self._read(kind)
                if any(is_ours(present.url, address) for address in addresses):
                    await self._restore(kind, _remembered(places.get(kind)))
            await callbacks.remember(None)
            self.key, self.addresses = "", ()

    async def _remember(
        self, callbacks: CallbackServer, address: str, present: Mapping[str, _Receiver]
    ) -> None:
        """Keep whose the places were and our key, before anything is changed."""
        memory = callbacks.memory
        known = memory if isinstance(memory, dict) else {}
        places = known.get("earlier")
        earlier = dict(places) if isinstance(places, dict) else {}
        for kind, receiver in present.items():
            if not is_ours(receiver.url, address):
                earlier[kind] = receiver.as_json() if receiver.url else None
        key = as_text(known.get("key"))
        self.key = key or secrets.token_hex(LONGEST_KEY // 2)
        self.addresses = (
            address,
            *(each for each in self.addresses if each != address),
        )
        wanted: Json = {"key": self.key, "address": address, "earlier": earlier}
        if wanted != memory:
            await callbacks.remember(wanted)

    async def _take(self, kind: str, address: str) -> None:
        try:
            await self._write(kind, _Receiver(address, self.key))
        except (RejectedByHub, Unsupported) as error:
            if kind == TYPES[0]:
                raise
            # Not every account may have everything.
            _LOGGER.debug("The cloud does not push %s: %s", kind, error)

    async def _restore(self, kind: str, earlier: _Receiver) -> None:
        if earlier.url:
            try:
                await self._write(kind, earlier)
            except (RejectedByHub, InvalidRequest) as error:
                # It does not answer any more, but ours is dead from now on.
                _LOGGER.debug("The receiver of %s is not restored: %s", kind, error)
            else:
                return
        try:
            await self._transport.ask(
                "delete_message_callback", {"subscription_type": kind}
            )
        except RejectedByHub as error:
            if error.code != _ABSENT:
                raise

    async def _read(self, kind: str) -> _Receiver:
        try:
            answer = await self._transport.ask(
                "get_message_callback", {"subscription_type": kind}
            )
        except (RejectedByHub, Unsupported) as error:
            if kind == TYPES[0] and getattr(error, "code", None) != _ABSENT:
                raise
            # Nobody receives it, or this account does not have it.
            return _Receiver()
        return _Receiver(
            as_text(answer.get("callback_url")), as_text(answer.get("auth_key"))
        )

    async def _write(self, kind: str, receiver: _Receiver) -> None:
        params: dict[str, Json] = {
            "callback_url": receiver.url,
            "subscription_type": kind,
        }
        if receiver.key:
            params["auth_key"] = receiver.key
        await self._transport.ask("set_message_callback", params)


def _remembered(place: Json) -> _Receiver:
    known = place if isinstance(place, dict) else {}
    return _Receiver(as_text(known.get("url")), as_text(known.get("key")))


def _checked(address: str | None, cloud: URL) -> str:
    """Return our address if the cloud can call it."""
    if address is None:
        raise NoCallbackAddress
    try:
        url = URL(address)
    except ValueError as error:
        raise InvalidRequest("Our address is no address") from error
    if not address.isascii() or len(address) > _MAX_URL:
        raise InvalidRequest(f"Our address has more than {_MAX_URL} characters")
    # A cloud of one's own network, such as a virtual one, may call there.
    if not is_inside(cloud) and (is_inside(url) or url.scheme != "https"):
        raise NoCallbackAddress(
            f"{owner_of(address)} is no https address of the internet"
        )
    return address
