"""Our places among the receivers of the box (4.1.2 to 4.1.6).

HTTP push has two places, `main` and `slave`. WebSocket has one for alerts, one for
captures and one for heartbeats. What stood there before is remembered before it is
changed, and comes back when we go.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
import logging
from typing import Final

from ...contract import CallbackServer
from ...errors import (
    InvalidRequest,
    RejectedByHub,
    SubscriptionTaken,
    UnexpectedAnswer,
    Unsupported,
)
from ...model import Json
from ...toolkit.addresses import is_ours, owner_of
from ...toolkit.lenient import as_bool, as_int, as_text
from ...toolkit.shapes import as_object
from ...toolkit.shared_config import expect_unchanged, repeated_if_changed
from ..transport import Transport

_LOGGER = logging.getLogger(__name__)

HEARTBEAT: Final = 30
"""Seconds; 1 to 3600 are possible."""

type _Object = dict[str, Json]

HTTP: Final = "http"
REPORTS: Final = "reports"
BEATS: Final = "heartbeat"

_MAIN: Final = "main"
_SLAVE: Final = "slave"

# Captures and recognitions, with both pictures; nobody's feature data.
_WANTED_HTTP: Final[Mapping[str, Json]] = {
    "captureUpload": True,
    "smallCaptureUpload": True,
    "bigCaptureUpload": True,
    "eventType": 3,
    "resend": 3,
    "interval": 5,
    "featureUpload": False,
}
# After an outage the box tries again every 30 minutes; only `main` knows it (23.2).
_WANTED_MAIN: Final[Mapping[str, Json]] = {"persistReport": True}

_PICTURES: Final[Mapping[str, Json]] = {
    "pushImageSW": True,
    "pushBigImageSW": True,
    "pushSmallImageSW": True,
}
_ACTIVE: Final = "activeMode"
_PASSIVE: Final = "passiveMode"


@dataclass(frozen=True, slots=True)
class _Report:
    """One half of 4.1.3."""

    key: str
    mode: str
    wanted: Mapping[str, Json]


_REPORT_PARTS: Final = (
    _Report("alertConfig", "alertReportMode", {"alertInterval": 10, "alertResend": 2}),
    _Report("capture", "captureReportMode", {}),
)


class Subscription:
    """Takes and gives back places of receivers."""

    def __init__(self, transport: Transport) -> None:
        """Work through `transport`."""
        self._transport = transport

    @repeated_if_changed
    async def subscribe_http(
        self, callbacks: CallbackServer, address: str, *, take_over: bool
    ) -> bool:
        """Let the box push over HTTP to `address`; tell whether it had to be told."""
        present = await self._read("get_http_reports")
        known = _known(callbacks, HTTP)
        slot, ours = _choose(present, address, known, take_over=take_over)
        config = dict(present)
        if not ours and as_bool(present.get("enable")) is not True:
            # Nobody receives anything; so shall it be for all others.
            config = {**config, _other(slot): _without_url(present, _other(slot))}
        wanted = {"url": address, **_WANTED_HTTP}
        if slot == _MAIN:
            wanted |= _WANTED_MAIN
        config |= {"enable": True, slot: {**_object(present, slot), **wanted}}
        if _loosely(config) == _loosely(present):
            return False
        if not ours:
            # Before the write, so that it is known whatever happens then.
            known = {"slot": slot, "before": present}
        await remember(callbacks, HTTP, {**known, "address": address})
        await expect_unchanged(partial(self._read, "get_http_reports"), present)
        await self._transport.ask("set_http_reports", _filled(config))
        return True

    @repeated_if_changed
    async def subscribe_sockets(
        self, callbacks: CallbackServer, address: str, *, take_over: bool
    ) -> bool:
        """Let the box push over WebSockets that it opens at `address`.

        Tells whether it had to be told.
        Raises Unsupported when the box does not keep the address as it is.
        """
        present = await self._read("get_ws_reports")
        known = _known(callbacks, REPORTS)
        before = _object(known, "before")
        config: _Object = {}
        owners: list[str] = []
        for part in _REPORT_PARTS:
            row = _object(present, part.key)
            theirs = as_text(row.get("reportServerAdd"))
            if not _is_ours(theirs, address, known):
                before[part.key] = row
                if theirs and as_text(row.get(part.mode)) == _ACTIVE:
                    owners.append(owner_of(theirs))
            config[part.key] = {
                **row,
                **part.wanted,
                **_PICTURES,
                part.mode: _ACTIVE,
                "reportServerAdd": address,
            }
        if owners and not take_over:
            raise SubscriptionTaken(tuple(dict.fromkeys(owners)))
        if _loosely({**present, **config}) == _loosely(present):
            return False
        await remember(callbacks, REPORTS, {"before": before, "address": address})
        await expect_unchanged(partial(self._read, "get_ws_reports"), present)
        await self._transport.ask("set_ws_reports", config)
        kept = await self._read("get_ws_reports")
        if all(
            is_ours(as_text(_object(kept, part.key).get("reportServerAdd")), address)
            for part in _REPORT_PARTS
        ):
            return True
        # It would dial where nobody listens, and not be known again as ours.
        restored: _Object = {
            part.key: _restored_report(_object(kept, part.key), before, part)
            for part in _REPORT_PARTS
        }
        await self._restore("set_ws_reports", restored)
        await remember(callbacks, REPORTS, None)
        raise Unsupported("The box keeps no such address; give it a port")

    @repeated_if_changed
    async def subscribe_heartbeat(
        self, callbacks: CallbackServer, address: str
    ) -> bool:
        """Let the box tell that it lives, if nobody else is told so already."""
        present = await self._read_heartbeat()
        known = _known(callbacks, BEATS)
        theirs = as_text(present.get("serverAdd"))
        ours = _is_ours(theirs, address, known)
        if theirs and not ours:
            return False
        if theirs == address and as_int(present.get("htInterval")) == HEARTBEAT:
            return True
        before = _object(known, "before") if ours else present
        await remember(callbacks, BEATS, {"before": before, "address": address})
        await expect_unchanged(self._read_heartbeat, present)
        wanted: _Object = {"serverAdd": address, "htInterval": HEARTBEAT}
        try:
            await self._transport.ask("set_device", {"deviceHeartbeat": wanted})
        except (RejectedByHub, InvalidRequest, Unsupported) as error:
            _LOGGER.debug("There will be no heartbeats: %s", error)
            return False
        return True

    async def unsubscribe(self, callbacks: CallbackServer) -> None:
        """Set everything back to what it was before us, and forget about it."""
        await self.release_http(callbacks)
        await self.release_sockets(callbacks)
        if callbacks.memory is not None:
            await callbacks.remember(None)

    @repeated_if_changed
    async def release_http(self, callbacks: CallbackServer) -> None:
        """Give our place of HTTP push back, if it is still ours."""
        known = _known(callbacks, HTTP)
        address = callbacks.url or as_text(known.get("address"))
        if not address:
            return
        present = await self._read("get_http_reports")
        for slot in (_MAIN, _SLAVE):
            if _is_ours(_url(present, slot), address, known):
                restored = _restored(present, slot, known)
                await expect_unchanged(partial(self._read, "get_http_reports"), present)
                await self._restore("set_http_reports", restored)
        await remember(callbacks, HTTP, None)

    @repeated_if_changed
    async def release_sockets(self, callbacks: CallbackServer) -> None:
        """Give the places of WebSockets back, those that are still ours."""
        address = socket_address(callbacks.url or "")
        known = _known(callbacks, REPORTS)
        if address or known:
            present = await self._read("get_ws_reports")
            before = _object(known, "before")
            config: _Object = {}
            for part in _REPORT_PARTS:
                row = _object(present, part.key)
                if _is_ours(as_text(row.get("reportServerAdd")), address, known):
                    config[part.key] = _restored_report(row, before, part)
            if config:
                await expect_unchanged(partial(self._read, "get_ws_reports"), present)
                await self._restore("set_ws_reports", config)
            await remember(callbacks, REPORTS, None)
        known = _known(callbacks, BEATS)
        if address or known:
            present = await self._read_heartbeat()
            if _is_ours(as_text(present.get("serverAdd")), address, known):
                beat = {**present, "serverAdd": "", **_object(known, "before")}
                await self._restore("set_device", {"deviceHeartbeat": beat})
            await remember(callbacks, BEATS, None)

    async def _restore(self, operation: str, config: _Object) -> None:
        try:
            await self._transport.ask(operation, config)
        except (RejectedByHub, InvalidRequest) as error:
            # Nothing tells how to write "none"; our address is dead from now on.
            _LOGGER.debug("%s could not be set back: %s", operation, error)

    async def _read_heartbeat(self) -> _Object:
        return _object(await self._read("get_device"), "deviceHeartbeat")

    async def _read(self, operation: str) -> _Object:
        data = as_object(await self._transport.ask(operation))
        if not data:
            raise UnexpectedAnswer("The box did not tell its receivers")
        return data


def socket_address(url: str) -> str:
    """Return the address of a WebSocket at our HTTP address."""
    return f"ws{url.removeprefix('http')}" if url.startswith("http") else ""


def memory_of(callbacks: CallbackServer, name: str) -> Json:
    """Return what was remembered under a name."""
    memory = callbacks.memory
    return memory.get(name) if isinstance(memory, dict) else None


async def remember(callbacks: CallbackServer, name: str, value: Json) -> None:
    """Remember something under a name; None forgets it."""
    memory = callbacks.memory
    earlier: _Object = dict(memory) if isinstance(memory, dict) else {}
    if value is None:
        kept = {key: each for key, each in earlier.items() if key != name}
    else:
        kept = {**earlier, name: value}
    if kept != earlier:
        await callbacks.remember(kept or None)


def _known(callbacks: CallbackServer, name: str) -> _Object:
    value = memory_of(callbacks, name)
    return value if isinstance(value, dict) else {}


def _is_ours(theirs: str, address: str, known: Mapping[str, Json]) -> bool:
    return is_ours(theirs, address) or is_ours(theirs, as_text(known.get("address")))


def _choose(
    present: Mapping[str, Json],
    address: str,
    known: Mapping[str, Json],
    *,
    take_over: bool,
) -> tuple[str, bool]:
    """Choose a place of HTTP push, and tell whether it was ours already."""
    for slot in (_MAIN, _SLAVE):
        if _is_ours(_url(present, slot), address, known):
            return slot, True
    enabled = as_bool(present.get("enable")) is True
    urls = {slot: _url(present, slot) for slot in (_MAIN, _SLAVE)}
    for slot, url in urls.items():
        if not url:
            return slot, False
    # A switched-off address gives way to us for as long as we are there.
    if enabled and not take_over:
        raise SubscriptionTaken(tuple(owner_of(url) for url in urls.values()))
    # The first is what most installers set up.
    return _SLAVE, False


def _restored_report(
    row: _Object, before: Mapping[str, Json], part: _Report
) -> _Object:
    """Return half of 4.1.3 without us."""
    passive: _Object = {**row, part.mode: _PASSIVE, "reportServerAdd": ""}
    return _object(before, part.key) or passive


def _restored(
    present: Mapping[str, Json], slot: str, known: Mapping[str, Json]
) -> _Object:
    """Return the configuration without us."""
    before, other = _object(known, "before"), _other(slot)
    same_slot = as_text(known.get("slot")) == slot
    earlier = _object(before, slot) if same_slot else {}
    config: _Object = {
        **present,
        slot: earlier or _without_url(present, slot),
    }
    nobody_came = _url(present, other) in ("", _url(before, other))
    if same_slot and nobody_came and as_bool(before.get("enable")) is not True:
        if other in before:
            config[other] = before[other]
        return _filled({**config, "enable": False})
    enabled = bool(_url(config, _MAIN) or _url(config, _SLAVE))
    return _filled({**config, "enable": enabled and config.get("enable")})


def _filled(config: _Object) -> _Object:
    """Leave out what the box itself does not have."""
    keys = ("enable", _MAIN, _SLAVE)
    return {key: config[key] for key in keys if config.get(key) not in (None, {})}


def _other(slot: str) -> str:
    return _SLAVE if slot == _MAIN else _MAIN


def _without_url(config: Mapping[str, Json], slot: str) -> _Object:
    row = _object(config, slot)
    return {**row, "url": ""} if row else {}


def _url(config: Mapping[str, Json], slot: str) -> str:
    return as_text(_object(config, slot).get("url"))


def _object(config: Mapping[str, Json], key: str) -> _Object:
    return as_object(config.get(key))


def _loosely(value: Json) -> Json:
    """Make alike what a box may write in other words."""
    if isinstance(value, dict):
        return {key: _loosely(each) for key, each in value.items() if each != {}}
    if not isinstance(value, str):
        return value
    if value.isdecimal():
        return as_int(value)
    word = as_bool(value)
    return value.rstrip("/") if word is None else word
