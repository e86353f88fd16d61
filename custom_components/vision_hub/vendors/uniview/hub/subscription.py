"""Our place among the platforms that the hub reports to (chapter 12)."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
import re
from typing import Final

from yarl import URL

from ...contract import CallbackServer
from ...errors import (
    InvalidRequest,
    NoCallbackAddress,
    RejectedByHub,
    SubscriptionTaken,
    UnexpectedAnswer,
    Unsupported,
)
from ...model import Hindrance, HindranceKind, HubStatus, Json, SettingKey
from ...toolkit.addresses import is_ours, owner_of
from ...toolkit.lenient import as_int, as_text, rows_of
from ...toolkit.replacing import demand_rows, demand_told, untold_in
from ...toolkit.shapes import as_rows, objects_in
from ...toolkit.shared_config import expect_unchanged, repeated_if_changed
from ..transport import Transport
from ..wire import Platform, Version, list_in, strict
from .readings import UPLOAD_INTERVAL

ALIVE_INTERVAL: Final = 60
"""Seconds; 30 to 600 are possible."""

_SLOTS: Final = (1, 2)
_OFF: Final = frozenset({0, 2})
_VERSION: Final = "V2.0"
_VERSION_2 = re.compile(r"\s*(aapi)?v?\s*2(\.0)*\s*", re.IGNORECASE)
_MAX_URL: Final = 256

_PLATFORM_NUMBERS: Final = (
    "id",
    "enabled",
    "picture_enable",
    "video_enable",
    "http_alive",
    "alive_interval",
    "channel_enable",
)
_TIME_NUMBERS: Final = ("channel_id", "interval", "enable")

# 12.1 demands what 12.2 may leave out.
_BLANK: Final[Mapping[str, Json]] = {
    "version_code": _VERSION,
    "enabled": 0,
    "url": "",
    "picture_enable": 0,
    "video_enable": 0,
    "http_alive": 0,
    "alive_interval": 30,
    "channel_enable": 0,
}


@dataclass(frozen=True, slots=True)
class _Config:
    """12.2 as 12.1 wants it: every platform and every throttle, or they may be lost."""

    platforms: dict[int, dict[str, Json]]
    time_conf: list[dict[str, Json]]

    def with_platform(self, slot: int, platform: dict[str, Json]) -> _Config:
        """Change one platform, if the others are known well enough to go back."""
        for other, row in self.platforms.items():
            if other != slot and _is_used(row):
                keeps_alive = as_int(row.get("http_alive")) not in _OFF
                needed = [
                    name for name in _BLANK if name != "alive_interval" or keeps_alive
                ]
                untold = untold_in(row, needed, filled=needed)
                demand_told(f"platform.{name}" for name in untold)
        return replace(self, platforms={**self.platforms, slot: platform})

    def params(self) -> dict[str, Json]:
        platforms: list[Json] = [
            {**_BLANK, **self.platforms[slot]} for slot in sorted(self.platforms)
        ]
        return {"platform": platforms, "time_conf": list(self.time_conf)}


class Subscription:
    """Takes and gives back one of the hub's two places."""

    def __init__(self, transport: Transport) -> None:
        """Work through `transport`."""
        self._transport = transport
        self._version: str | None = None
        self._lock = asyncio.Lock()
        self._intervals: dict[int, int] = {}

    @repeated_if_changed
    async def subscribe(self, callbacks: CallbackServer, *, take_over: bool) -> bool:
        """Let the hub report to us; tell whether it had to be told."""
        address = _checked(callbacks.url)
        async with self._lock:
            version = await self._version_code()
            config = await self._read()
            slot, ours = _choose(config.platforms, address, take_over=take_over)
            earlier = config.platforms.get(slot)
            platform: dict[str, Json] = {
                **(earlier or {}),
                "id": slot,
                "version_code": version,
                "enabled": 1,
                "url": address,
                **dict.fromkeys(_further_addresses(config), address),
                "picture_enable": 1,
                "video_enable": 1,
                "http_alive": 1,
                "alive_interval": ALIVE_INTERVAL,
                "channel_enable": 1,
            }
            if earlier and _loosely(platform) == _loosely(earlier):
                return False
            wanted = config.with_platform(slot, platform)
            if not ours:
                # Before the write, so that it is known whatever happens then.
                await callbacks.remember(
                    {"slot": slot, "platform": earlier, "address": address}
                )
            await self._write(wanted, read=config)
            return True

    @repeated_if_changed
    async def unsubscribe(self, callbacks: CallbackServer) -> None:
        """Give our place back to whom it belonged, or switch it off."""
        memory = callbacks.memory
        known = memory if isinstance(memory, dict) else {}
        address = callbacks.url or as_text(known.get("address"))
        async with self._lock:
            config = await self._read()
            for slot, platform in config.platforms.items():
                if not _is_ours(platform, address):
                    continue
                earlier = known.get("platform")
                if as_int(known.get("slot")) == slot and isinstance(earlier, dict):
                    restored = {**earlier, "id": slot}
                else:
                    # There was nothing, and no operation deletes a platform.
                    restored = {**platform, "enabled": 0}
                if restored != platform:
                    await self._write(config.with_platform(slot, restored), read=config)
                break
            if memory is not None:
                await callbacks.remember(None)

    @repeated_if_changed
    async def write_interval(self, channel: int, minutes: int) -> None:
        """Let the hub tell alarms of a channel so seldom; at once when it is 0."""
        async with self._lock:
            config = await self._read()
            rows = {as_int(row["channel_id"]): row for row in config.time_conf}
            earlier = rows.get(channel, {"channel_id": channel, "interval": 0})
            rows[channel] = {
                **earlier,
                "interval": minutes or earlier["interval"],
                "enable": int(minutes > 0),
            }
            wanted = replace(config, time_conf=list(rows.values()))
            await self._write(wanted, read=config)
            self._intervals[channel] = minutes

    def added_to(self, status: HubStatus) -> HubStatus:
        """Return a snapshot with what holds alarms back."""
        settings, found = dict(status.settings), list(status.hindrances)
        for number, minutes in self._intervals.items():
            key = SettingKey(UPLOAD_INTERVAL.name, str(number))
            if key.channel in status.channels:
                settings[key] = minutes
                if minutes:
                    found.append(
                        Hindrance(
                            kind=HindranceKind.ALARMS_HELD_BACK,
                            channel=key.channel,
                            settings=((key, 0),),
                        )
                    )
        return replace(status, settings=settings, hindrances=tuple(found))

    async def _version_code(self) -> str:
        """Find how this hub spells the version that chapter 13 describes (12.3)."""
        if self._version is None:
            try:
                data = await self._transport.ask("docking_ability_get")
            except RejectedByHub, Unsupported:
                data = None
            rows = tuple(rows_of(Version, list_in(data)))
            codes = [row.version_code for row in rows if row.version_code]
            fitting = [code for code in codes if _VERSION_2.fullmatch(code)]
            if codes and not fitting:
                raise Unsupported(f"The hub pushes only {', '.join(codes)}")
            self._version = fitting[0] if fitting else _VERSION
        return self._version

    async def _read(self) -> _Config:
        data = await self._transport.ask("docking_config_get")
        if not isinstance(data, dict):
            raise UnexpectedAnswer("The hub did not tell its platforms")
        # What is not understood would be lost with the next write.
        demand_told(untold_in(data, ("platform", "time_conf")))
        platforms: dict[int, dict[str, Json]] = {}
        listed, throttles = data["platform"], data["time_conf"]
        for row in as_rows(listed):
            slot = as_int(row.get("id")) if isinstance(row, dict) else None
            if slot is None or not isinstance(row, dict):
                raise UnexpectedAnswer("A platform of the hub has no number")
            platforms[slot] = strict(row, _PLATFORM_NUMBERS)
        demand_rows("time_conf", data, _TIME_NUMBERS)
        time_conf = [
            strict({k: row[k] for k in row if k != "channel_name"}, _TIME_NUMBERS)
            for row in objects_in(throttles)
        ]
        self._intervals = {
            channel: 0
            if as_int(row["enable"]) in _OFF
            else as_int(row["interval"]) or 0
            for row in time_conf
            if (channel := as_int(row["channel_id"])) is not None
        }
        return _Config(platforms, time_conf)

    async def _write(self, config: _Config, *, read: _Config) -> None:
        """Write if the hub still has what was read."""
        await expect_unchanged(self._read, read)
        await self._transport.ask("docking_config_update", config.params())


def _checked(url: str | None) -> str:
    if url is None:
        raise NoCallbackAddress
    try:
        address = str(URL(url))
    except ValueError as error:
        raise InvalidRequest("Our address is no address") from error
    if not address.isascii() or len(address) > _MAX_URL:
        raise InvalidRequest(f"Our address has more than {_MAX_URL} characters")
    return address


def _further_addresses(config: _Config) -> set[str]:
    """Return what newer firmware has beside `url`: `alive_url` for keep-alives."""
    rows = config.platforms.values()
    return {key for row in rows for key in row if key.endswith("_url")}


def _loosely(platform: Mapping[str, Json]) -> dict[str, Json]:
    """Leave out of a platform how the hub may spell it in another way."""
    code, url = as_text(platform.get("version_code")), as_text(platform.get("url"))
    if _VERSION_2.fullmatch(code):
        code = _VERSION
    return {**platform, "version_code": code, "url": url.rstrip("/")}


def _choose(
    platforms: Mapping[int, dict[str, Json]], address: str, *, take_over: bool
) -> tuple[int, bool]:
    """Choose a slot, and tell whether it was ours already."""
    for slot, platform in platforms.items():
        if _is_ours(platform, address):
            return slot, True
    used = {slot: row for slot, row in platforms.items() if _is_used(row)}
    # An absent or blank slot before one that somebody only switched off.
    blank = [slot for slot in platforms if not Platform.from_dict(platforms[slot]).url]
    absent = [slot for slot in _SLOTS if slot not in platforms]
    if len(platforms) >= len(_SLOTS):
        absent.clear()
    for slot in (*blank, *absent, *platforms):
        if slot not in used:
            return slot, False
    if not take_over:
        urls = (Platform.from_dict(row).url for row in used.values())
        raise SubscriptionTaken(tuple(map(owner_of, urls)))
    # The hub does not tell who reads what it sends. The first platform is what most
    # installers set up, the last one was added later.
    return max(used), False


def _is_used(platform: Mapping[str, Json]) -> bool:
    row = Platform.from_dict(dict(platform))
    return bool(row.url) and row.enabled not in _OFF


def _is_ours(platform: Mapping[str, Json], address: str) -> bool:
    return is_ours(Platform.from_dict(dict(platform)).url, address)
