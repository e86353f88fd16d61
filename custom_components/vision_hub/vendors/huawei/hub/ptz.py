"""Cameras that move (8), their presets and cruise tracks (15).

Whoever moves a camera holds its lock: a token that lives for two minutes from each
command on. It is taken when it is needed and given back when nobody moves the camera
any more.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
import logging
import time
from typing import TYPE_CHECKING, Final, override

from ...contract import Ptz, PtzDirection
from ...errors import (
    Busy,
    CannotConnect,
    InvalidRequest,
    RejectedByHub,
    UnexpectedAnswer,
    VisionError,
)
from ...model import Json
from ...toolkit.lenient import as_int, as_text
from ..cameras import Camera
from ..transport import Transport

if TYPE_CHECKING:
    from .details import Details

_LOGGER = logging.getLogger(__name__)

_DIRECTIONS: Final[Mapping[PtzDirection, str]] = {
    PtzDirection.UP: "UP",
    PtzDirection.DOWN: "DOWN",
    PtzDirection.LEFT: "LEFT",
    PtzDirection.RIGHT: "RIGHT",
    PtzDirection.UP_LEFT: "UPPER_LEFT",
    PtzDirection.UP_RIGHT: "UPPER_RIGHT",
    PtzDirection.DOWN_LEFT: "LOWER_LEFT",
    PtzDirection.DOWN_RIGHT: "LOWER_RIGHT",
    PtzDirection.ZOOM_IN: "IN",
    PtzDirection.ZOOM_OUT: "OUT",
    PtzDirection.FOCUS_NEAR: "FOCUS_NEAR",
    PtzDirection.FOCUS_FAR: "FOCUS_FAR",
}


class _Stop(StrEnum):
    """What ends which movement: STOP does not end the zoom of every camera."""

    TURN = "STOP"
    ZOOM = "ZOOM_STOP"
    FOCUS = "FI_STOP"


_STOPS: Final[Mapping[str, _Stop]] = {
    "IN": _Stop.ZOOM,
    "OUT": _Stop.ZOOM,
    "FOCUS_NEAR": _Stop.FOCUS,
    "FOCUS_FAR": _Stop.FOCUS,
    "IRIS_OPEN": _Stop.FOCUS,
    "IRIS_CLOSE": _Stop.FOCUS,
}

_TOKEN_LIFE: Final = 110.0
IDLE: Final = 10.0
"""Seconds without a command after which the lock is given back."""
_TOKEN_CODES: Final = frozenset({"IVM.20002001", "IVM.20002009"})
_STOP_ATTEMPTS: Final = 3
_STOP_PAUSE: Final = 0.5
_MAX_PRESET: Final = 512


@dataclass(slots=True)
class _Hold:
    """What we know of a camera that we move."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    token: str = field(default="", repr=False)
    used: float = 0
    moving: set[_Stop] = field(default_factory=set)
    release: asyncio.Task[None] | None = None


class HuaweiPtz(Ptz):
    """Moves cameras, one command after the other for each."""

    def __init__(self, transport: Transport, details: Details) -> None:
        """Work through `transport`."""
        self._transport = transport
        self._details = details
        self._holds: dict[str, _Hold] = {}
        self._stopping: set[asyncio.Task[None]] = set()

    def _hold(self, camera: Camera) -> _Hold:
        return self._holds.setdefault(camera.key, _Hold())

    @override
    async def move(self, channel: str, direction: PtzDirection, speed: float) -> None:
        camera = self._details.camera(channel)
        hold = self._hold(camera)
        command = _DIRECTIONS[direction]
        async with hold.lock:
            # What is not answered may move the camera all the same.
            hold.moving.add(_STOPS.get(command, _Stop.TURN))
            await self._command(camera, hold, command, speed)

    @override
    async def stop(self, channel: str) -> None:
        """End what we began, else whatever moves; also when the caller is cancelled."""
        task = asyncio.create_task(self._stop(self._details.camera(channel)))
        self._stopping.add(task)
        task.add_done_callback(self._stopped)
        await asyncio.shield(task)

    def _stopped(self, task: asyncio.Task[None]) -> None:
        self._stopping.discard(task)
        if not task.cancelled() and (error := task.exception()):
            # Nobody may be left to hear of it.
            _LOGGER.debug("A camera was not stopped: %s", error)

    async def _stop(self, camera: Camera, *, whatever: bool = True) -> None:
        """End what we began; where that is nothing, `whatever` moves."""
        hold = self._hold(camera)
        failure: VisionError | None = None
        async with hold.lock:
            others = self._stops_of(camera) if whatever else []
            for stop in sorted(hold.moving) or others:
                try:
                    await self._send_stop(camera, hold, stop)
                except VisionError as error:
                    # The other movements must end all the same.
                    failure = failure or error
                else:
                    hold.moving.discard(stop)
        if failure:
            raise failure

    async def _send_stop(self, camera: Camera, hold: _Hold, stop: _Stop) -> None:
        for _ in range(_STOP_ATTEMPTS - 1):
            try:
                return await self._command(camera, hold, stop)
            except (CannotConnect, Busy) as error:
                _LOGGER.debug("A movement has not ended yet: %s", error.key)
                await asyncio.sleep(_STOP_PAUSE)
        return await self._command(camera, hold, stop)

    def _stops_of(self, camera: Camera) -> list[_Stop]:
        stops = [_Stop.TURN]
        if "zoom" in camera.abilities:
            stops.append(_Stop.ZOOM)
        if not camera.abilities.isdisjoint({"autofocus", "iris"}):
            stops.append(_Stop.FOCUS)
        return stops

    async def _command(
        self, camera: Camera, hold: _Hold, command: str, speed: float | None = None
    ) -> None:
        params: dict[str, Json] = {"direction": command}
        if speed is not None:
            # NON_POINT goes on until it is stopped, with every kind of camera (8.3).
            params |= {
                "mode": "NON_POINT",
                "speed": min(max(round(speed / 10), 1), 10),
            }

        async def send(token: str) -> None:
            await self._transport.ask(
                "ptz_control", {**camera.ids, **params, "control_lock": token}
            )

        await self._locked(camera, hold, send)

    async def _locked(
        self, camera: Camera, hold: _Hold, send: Callable[[str], Awaitable[None]]
    ) -> None:
        """Do something with the lock of a camera; take it again once if it is gone."""
        self._keep(hold)
        try:
            try:
                await send(await self._token(camera, hold))
            except RejectedByHub as error:
                if error.code not in _TOKEN_CODES:
                    raise
                hold.token = ""
                await send(await self._token(camera, hold))
            hold.used = time.monotonic()
        finally:
            self._release_after(camera, hold)

    async def _token(self, camera: Camera, hold: _Hold) -> str:
        if not hold.token or time.monotonic() - hold.used > _TOKEN_LIFE:
            answer = await self._transport.ask("ptz_acquire_lock", camera.ids)
            hold.token = as_text(answer.get("control_token"))
            hold.used = time.monotonic()
            if not hold.token:
                raise UnexpectedAnswer("The cloud gave no lock")
        return hold.token

    async def token(self, channel: str) -> str:
        """Return a lock for an operation that asks for one."""
        camera = self._details.camera(channel)
        hold = self._hold(camera)
        async with hold.lock:
            token = await self._token(camera, hold)
            self._release_after(camera, hold)
            return token

    def _release_after(self, camera: Camera, hold: _Hold) -> None:
        self._keep(hold)
        hold.release = asyncio.create_task(self._release_later(camera, hold))

    def _keep(self, hold: _Hold) -> None:
        if hold.release:
            hold.release.cancel()
            hold.release = None

    async def _release_later(self, camera: Camera, hold: _Hold) -> None:
        await asyncio.sleep(IDLE)
        while hold.moving:
            # Whoever began this will end it, with the lock that we hold.
            await asyncio.sleep(IDLE)
            if time.monotonic() - hold.used > _TOKEN_LIFE:
                return
        async with hold.lock:
            hold.release = None
            await self._release(camera, hold)

    async def _release(self, camera: Camera, hold: _Hold) -> None:
        token, hold.token = hold.token, ""
        if token:
            try:
                await self._transport.ask("ptz_release_lock", camera.ids)
            except VisionError as error:
                # It ends by itself.
                _LOGGER.debug("The lock was not given back: %s", error.key)

    async def close(self) -> None:
        """Stop what moves and give back all locks."""
        for key, hold in list(self._holds.items()):
            self._keep(hold)
            if camera := self._details.cameras.get(key):
                if hold.moving:
                    # Unless somebody else is about to.
                    with suppress(VisionError):
                        await self._stop(camera, whatever=False)
                self._keep(hold)
                async with hold.lock:
                    await self._release(camera, hold)
        self._holds.clear()

    @override
    async def goto_preset(self, channel: str, preset: str) -> None:
        camera = self._details.camera(channel)
        hold = self._hold(camera)
        index = _index(preset)

        async def send(token: str) -> None:
            await self._transport.ask(
                "preset_move",
                {**camera.ids, "control_token": token, "preset_index": index},
            )

        async with hold.lock:
            hold.moving &= {_Stop.FOCUS}
            await self._locked(camera, hold, send)

    @override
    async def save_preset(self, channel: str, preset: str | None, name: str) -> str:
        camera = self._details.camera(channel)
        params: dict[str, Json] = {**camera.ids, "preset_name": name}
        try:
            if preset is not None:
                # 15.4 takes a new picture, so the camera is stored as it stands.
                await self._transport.ask(
                    "preset_update", {**params, "preset_index": _index(preset)}
                )
                return preset
            if camera.direct:
                # Such a camera wants to be told the number, others must not be (15.2).
                params["index"] = await self._free_index(camera)
            answer = await self._transport.ask("preset_add", params)
        finally:
            self._details.forget("presets", channel=channel)
        index = as_int(answer.get("preset_index")) or as_int(params.get("index"))
        if index is None:
            raise UnexpectedAnswer("The cloud did not tell the number of the preset")
        return str(index)

    async def _free_index(self, camera: Camera) -> int:
        taken = {preset.id for preset in await self._details.read_presets(camera)}
        for index in range(1, _MAX_PRESET + 1):
            if str(index) not in taken:
                return index
        raise InvalidRequest("There is no room for another preset")

    @override
    async def delete_preset(self, channel: str, preset: str) -> None:
        camera = self._details.camera(channel)
        try:
            await self._transport.ask(
                "preset_delete", {**camera.ids, "preset_index": _index(preset)}
            )
        finally:
            self._details.forget("presets", channel=channel)

    @override
    async def cruise(self, channel: str, cruise: str | None) -> None:
        camera = self._details.camera(channel)
        try:
            if cruise is not None:
                await self._enable(camera, cruise, "OPEN")
                return
            await self._details.read_cruises(camera)
            for each in self._details.cruises(channel):
                if each.running:
                    await self._enable(camera, each.id, "CLOSE")
        finally:
            self._details.forget("cruises", channel=channel)

    async def _enable(self, camera: Camera, cruise: str, state: str) -> None:
        number = as_int(cruise)
        if number is None or number < 1:
            raise InvalidRequest("There is no such cruise track")
        await self._transport.ask(
            "cruise_track_enable",
            {**camera.ids, "cruises_id": number, "enable_cruise": state},
        )


def _index(preset: str) -> int:
    index = as_int(preset)
    if index is None or not 1 <= index <= _MAX_PRESET:
        raise InvalidRequest("Presets have numbers from 1 to 512")
    return index
