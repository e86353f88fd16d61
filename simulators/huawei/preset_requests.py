"""Chapter 15: presets and cruise tracks, for devices of the vendor's protocol."""

import asyncio
import base64
import time
from typing import Any

import voluptuous as vol

from simulators import pictures, video
from simulators.json_types import Json

from .account import Account
from .error_codes import Code, Refusal, demand
from .models import Channel, Cruise, CruisePoint, Move, Preset
from .operation import CHANNEL, Answer, Call, Operation
from .ptz_motion import Position, view_of
from .ptz_requests import channel_ids, demand_lock, movable, takes_command
from .request_fields import integer, listed, name, number, one_of, table, text

_OPEN, _CLOSE = "OPEN", "CLOSE"


def _able(account: Account, call: Call, ability: str) -> Channel:
    channel = account.channel(call.path["device_id"], call.path["channel_id"])
    demand(account.devices[channel.device_id].is_holo, Code.MEDIA_HOLO_ONLY)
    demand(ability in channel.abilities, Code.CHANNEL_UNSUPPORTED, ability)
    return account.reachable_channel(*channel.key)


async def drawn(channel: Channel, position: Position | None = None) -> bytes:
    """Return what a camera sees now, or would see from a position."""

    def draw() -> bytes:
        now = time.time()
        view = channel.motion.view(now) if position is None else view_of(position)
        seen = video.frame(channel.scene, channel.channel_name, now, view)
        return pictures.jpeg(seen.resize((320, 180)))

    return await asyncio.to_thread(draw)


def _preset(channel: Channel, index: int) -> Preset:
    if index not in channel.presets:
        raise Refusal(Code.WRONG_PARAMETER, f"preset_index {index}")
    return channel.presets[index]


async def _picture(preset: Preset, channel: Channel) -> str:
    if not preset.picture:
        preset.picture = await drawn(channel, preset.position)
    return base64.b64encode(preset.picture).decode()


async def list_presets(account: Account, call: Call) -> Answer:
    """15.1."""
    channel = _able(account, call, "preset")
    return {
        "preset_positions": [
            {
                "preset_index": preset.preset_index,
                "preset_name": preset.preset_name,
                "jpg_base64": await _picture(preset, channel),
            }
            for _, preset in sorted(channel.presets.items())
        ]
    }


def _new_index(account: Account, channel: Channel, given: int | None) -> int:
    """Return the number of a new preset: given for direct cameras, else the next."""
    direct = account.devices[channel.device_id].is_direct
    if account.quirks.preset_index_demanded:
        demand((given is not None) is direct, detail="index")
    if given is not None:
        return given
    free = (number for number in range(1, 513) if number not in channel.presets)
    index = next(free, None)
    if index is None:
        raise Refusal(Code.DEVICE_ERROR)
    return index


async def add_preset(account: Account, call: Call) -> Answer:
    """15.2: a number that is used is overwritten."""
    channel = _able(account, call, "preset")
    index = _new_index(account, channel, call.body.get("index"))
    picture, position = await drawn(channel), channel.motion.at(time.time())
    channel.presets[index] = Preset(index, call.body["preset_name"], position, picture)
    return {**channel_ids(channel), "preset_index": index}


async def delete_preset(account: Account, call: Call) -> Answer:
    """15.3: cruises lose the point."""
    channel = _able(account, call, "preset")
    index = _preset(channel, call.body["preset_index"]).preset_index
    del channel.presets[index]
    for cruise in channel.cruises.values():
        cruise.cruise_points = [
            point for point in cruise.cruise_points if point.preset_index != index
        ]
    return {**channel_ids(channel), "preset_index": index}


async def update_preset(account: Account, call: Call) -> Answer:
    """15.4: a new picture is taken, so the position is the present one too."""
    channel = _able(account, call, "preset")
    preset = _preset(channel, call.body["preset_index"])
    preset.preset_name = call.body["preset_name"]
    preset.position = channel.motion.at(time.time())
    preset.picture = await drawn(channel)
    return {
        **channel_ids(channel),
        "preset_index": preset.preset_index,
        "preset_name": preset.preset_name,
    }


async def move_to_preset(account: Account, call: Call) -> Answer:
    """15.5."""
    channel = movable(account, call)
    _able(account, call, "preset")
    demand_lock(account, channel, call.body["control_token"])
    preset = _preset(channel, call.body["preset_index"])
    listens = takes_command(account, channel)
    what = f"preset {preset.preset_index}"
    account.moves.append(Move(time.time(), *channel.key, what, heard=listens))
    if listens:
        account.stop_cruises(channel)
        channel.motion.go(time.time(), preset.position, account.time_scale)
    return channel_ids(channel)


# Cruise tracks


def _cruise(channel: Channel, cruises_id: int) -> Cruise:
    if cruises_id not in channel.cruises:
        raise Refusal(Code.WRONG_PARAMETER, f"cruises_id {cruises_id}")
    return channel.cruises[cruises_id]


async def list_cruises(account: Account, call: Call) -> Answer:
    """15.6."""
    channel = _able(account, call, "cruise")
    return {
        **channel_ids(channel),
        "cruises_ids": [
            {
                "cruises_id": cruise.cruises_id,
                "cruises_name": cruise.cruise_name,
                "enable_cruise": _OPEN if cruise.running else _CLOSE,
            }
            for cruise in channel.cruises.values()
        ],
    }


async def get_cruise(account: Account, call: Call) -> Answer:
    """15.7."""
    channel = _able(account, call, "cruise")
    cruise = _cruise(channel, call.query["cruises_id"])
    return {
        **channel_ids(channel),
        "cruises_id": cruise.cruises_id,
        "cruise_type": cruise.cruise_type,
        "cruise_name": cruise.cruise_name,
        "cruise_points": [
            {
                "preset_index": point.preset_index,
                "dwell_time": point.dwell_time,
                "speed_level": point.speed_level,
                "jpg_base64": await _picture(
                    channel.presets[point.preset_index], channel
                ),
            }
            for point in cruise.cruise_points
        ],
    }


def _points(channel: Channel, body: dict[str, Any]) -> list[CruisePoint]:
    points: list[CruisePoint] = body["cruise_points"]
    for point in points:
        _preset(channel, point.preset_index)
    return points


async def add_cruise(account: Account, call: Call) -> Answer:
    """15.8."""
    channel = _able(account, call, "cruise")
    points = _points(channel, call.body)
    number_ = max(channel.cruises, default=0) + 1
    channel.cruises[number_] = Cruise(
        number_, call.body["cruise_type"], call.body["cruise_name"], points
    )
    return {**channel_ids(channel), "cruises_id": number_}


async def delete_cruise(account: Account, call: Call) -> Answer:
    """15.9."""
    channel = _able(account, call, "cruise")
    cruise = _cruise(channel, call.body["cruises_id"])
    if cruise.running:
        account.stop_cruises(channel)
    del channel.cruises[cruise.cruises_id]
    return {**channel_ids(channel), "cruises_id": cruise.cruises_id}


async def update_cruise(account: Account, call: Call) -> Answer:
    """15.10: everything is replaced."""
    channel = _able(account, call, "cruise")
    cruise = _cruise(channel, call.body["cruises_id"])
    cruise.cruise_points = _points(channel, call.body)
    cruise.cruise_type = call.body["cruise_type"]
    cruise.cruise_name = call.body["cruise_name"]
    return {**channel_ids(channel), "cruises_id": cruise.cruises_id}


async def enable_cruise(account: Account, call: Call) -> Answer:
    """15.11: without a lock; one track runs at a time."""
    channel = _able(account, call, "cruise")
    cruise = _cruise(channel, call.body["cruises_id"])
    start = call.body["enable_cruise"] == _OPEN
    if start or cruise.running:
        account.stop_cruises(channel)
    if start:
        demand(cruise.cruise_points, Code.DEVICE_ERROR)
        cruise.running = True
        what = f"cruise {cruise.cruises_id}"
        account.moves.append(Move(time.time(), *channel.key, what))
        channel.motion.cruise(
            time.time(),
            [
                (
                    point.dwell_time * account.time_scale,
                    channel.presets[point.preset_index].position,
                )
                for point in cruise.cruise_points
            ],
        )
    return {
        **channel_ids(channel),
        "cruises_id": cruise.cruises_id,
        "enable_cruise": call.body["enable_cruise"],
    }


def _point(value: Json) -> CruisePoint:
    """Check a point in any of its spellings (dwel_time, speedLevel)."""
    demand(isinstance(value, dict))
    dwell = value.get("dwel_time", value.get("dwell_time"))
    speed = value.get("speed_level", value.get("speedLevel"))
    return CruisePoint(
        _INDEX(value.get("preset_index")),
        integer(30, 3600)(dwell),
        integer(0, 10)(speed),
    )


def _index(value: Json) -> int:
    """Check a number that 15.5 types as text and shows as integer."""
    if isinstance(value, str):
        return number(1, 512)(value)
    return _INDEX(value)


_INDEX = integer(1, 512)
_ID = integer(1)
_NAME = name(1, 128, other=".")
_PRESETS = f"{CHANNEL}/preset-position"
_CRUISES = f"{CHANNEL}/cruise-track"
_TRACK = {
    "cruise_type": one_of("CRUISE_TRACK", "MODEL_TRACK", "PAN_TRACK", "TILT_TRACK"),
    "cruise_name": _NAME,
    "cruise_points": listed(vol.All(_point), 1, 512),
}

OPERATIONS = (
    Operation("presets_list", "GET", _PRESETS, list_presets),
    Operation(
        "preset_add",
        "POST",
        _PRESETS,
        add_preset,
        body=table({"preset_name": _NAME}, {"index": _INDEX}),
    ),
    Operation(
        "preset_delete",
        "DELETE",
        _PRESETS,
        delete_preset,
        body=table({"preset_index": _INDEX}),
    ),
    Operation(
        "preset_update",
        "PUT",
        _PRESETS,
        update_preset,
        body=table({"preset_index": _INDEX, "preset_name": _NAME}),
    ),
    Operation(
        "preset_move",
        "POST",
        f"{_PRESETS}/move",
        move_to_preset,
        body=table(
            {
                "control_token": text(1, code=Code.LOCK_ILLEGAL),
                "preset_index": _index,
            },
            codes={"control_token": Code.LOCK_ILLEGAL},
        ),
    ),
    Operation("cruise_tracks_list", "GET", f"{_CRUISES}/list", list_cruises),
    Operation(
        "cruise_track_get",
        "GET",
        _CRUISES,
        get_cruise,
        query=table({"cruises_id": number(1)}),
    ),
    Operation("cruise_track_add", "POST", _CRUISES, add_cruise, body=table(_TRACK)),
    Operation(
        "cruise_track_delete",
        "DELETE",
        _CRUISES,
        delete_cruise,
        body=table({"cruises_id": _ID}),
    ),
    Operation(
        "cruise_track_update",
        "PUT",
        _CRUISES,
        update_cruise,
        body=table({"cruises_id": _ID, **_TRACK}),
    ),
    Operation(
        "cruise_track_enable",
        "PUT",
        f"{_CRUISES}/enable",
        enable_cruise,
        body=table({"cruises_id": _ID, "enable_cruise": one_of(_OPEN, _CLOSE)}),
    ),
)
