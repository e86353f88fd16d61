"""Chapter 8: movement of cameras."""

import re
import time

from .account import Account
from .error_codes import Code, Refusal, demand
from .models import Channel, Move
from .operation import CHANNEL, Answer, Call, Operation
from .ptz_motion import PAN_SPEED, STEP, TILT_SPEED, ZOOM_SPEED
from .quirks import Hurry
from .request_fields import integer, one_of, table, text

POINT, NON_POINT = "POINT", "NON_POINT"
# Right and up are positive.
TURNS = {
    "LEFT": (-1, 0),
    "RIGHT": (1, 0),
    "UP": (0, 1),
    "DOWN": (0, -1),
    "UPPER_LEFT": (-1, 1),
    "UPPER_RIGHT": (1, 1),
    "LOWER_LEFT": (-1, -1),
    "LOWER_RIGHT": (1, -1),
}
ZOOMS = {"IN": 1, "OUT": -1}
_FOCUS = ("FOCUS_FAR", "FOCUS_NEAR")
_IRIS = ("IRIS_OPEN", "IRIS_CLOSE")
_STOPS = ("STOP", "ZOOM_STOP", "FI_STOP")
_AUTO_FOCUS = "AUTO_FOCUS"
_SINCE_10 = (*(turn for turn in TURNS if "_" in turn), _AUTO_FOCUS)
DIRECTIONS = (*TURNS, *ZOOMS, *_FOCUS, *_IRIS, *_STOPS, _AUTO_FOCUS)
_ABILITIES = {
    **dict.fromkeys(ZOOMS, "zoom"),
    **dict.fromkeys(_IRIS, "iris"),
    _AUTO_FOCUS: "autofocus",
}


def channel_ids(channel: Channel) -> Answer:
    """Return what most answers about a channel have."""
    return {"device_id": channel.device_id, "channel_id": channel.channel_id}


def movable(account: Account, call: Call) -> Channel:
    """Return the channel of a request if it can be moved now."""
    channel = account.channel(call.path["device_id"], call.path["channel_id"])
    demand("ptz" in channel.abilities, Code.NO_PTZ)
    account.reachable_channel(*channel.key)
    demand(channel.mask_mode != "OPEN", Code.MASKED)
    return channel


def _until(account: Account) -> float:
    return account.steady() + account.timing.control_lock * account.time_scale


def demand_lock(account: Account, channel: Channel, token: str) -> None:
    """Refuse a command without the lock; with it, the lock lives on."""
    now = account.steady()
    account.locks.renew(channel.key, token, now, _until(account))


def takes_command(account: Account, channel: Channel) -> bool:
    """Return whether a camera hears a command that comes now."""
    spacing = account.locks.spacing(channel.key, account.steady())
    if spacing >= account.limits.ptz_spacing or account.quirks.hurry is Hurry.TAKEN:
        return True
    demand(account.quirks.hurry is Hurry.IGNORED, Code.DEVICE_ERROR)
    return False


async def acquire(account: Account, call: Call) -> Answer:
    """8.1."""
    channel = movable(account, call)
    token = account.locks.take(channel.key, account.uuid(), _until(account))
    return {"control_token": token}


async def release(account: Account, call: Call) -> Answer:
    """8.2: without a token; nothing to release is no error."""
    channel = account.channel(call.path["device_id"], call.path["channel_id"])
    account.locks.release(channel.key)
    return channel_ids(channel)


def _version(firmware: str) -> int:
    found = re.search(r"(\d+)\.", firmware)
    return int(found[1]) if found else 0


def _demand_direction(
    account: Account, channel: Channel, direction: str, mode: str
) -> None:
    device = account.devices[channel.device_id]
    old = device.is_holo and _version(channel.firmware) < 10
    demand(not (old and direction in _SINCE_10), Code.WRONG_METHOD_PARAMETER)
    ability = _ABILITIES.get(direction)
    if device.is_holo and ability is not None:
        demand(ability in channel.abilities, Code.CHANNEL_UNSUPPORTED, ability)
    if mode == NON_POINT or direction in _STOPS or direction == _AUTO_FOCUS:
        return
    demand(device.is_holo, Code.WRONG_METHOD_PARAMETER, "mode")
    steps = device.is_direct and direction in (*ZOOMS, *_FOCUS)
    demand(not steps, Code.WRONG_METHOD_PARAMETER, "mode")


def _move(
    account: Account, channel: Channel, direction: str, mode: str, speed: int
) -> None:
    """Move a camera; a zoom behind a recorder goes on even after a step."""
    motion, now = channel.motion, time.time()
    direct = account.devices[channel.device_id].is_direct
    step = STEP if mode == POINT else None
    if direction in TURNS:
        pan, tilt = TURNS[direction]
        motion.turn(
            now, pan * speed * PAN_SPEED, tilt * speed * TILT_SPEED, seconds=step
        )
    elif direction in ZOOMS:
        motion.zoom(now, ZOOMS[direction] * speed * ZOOM_SPEED, seconds=None)
    elif direction == "ZOOM_STOP":
        motion.stop_zooming(now)
    elif direction == "STOP":
        motion.stop_turning(now)
        if not direct:
            motion.stop_zooming(now)


async def control(account: Account, call: Call) -> Answer:
    """8.3."""
    body = call.body
    channel = movable(account, call)
    demand_lock(account, channel, body["control_lock"])
    direction, mode = body["direction"], body.get("mode", POINT)
    speed = body.get("speed", 10)
    _demand_direction(account, channel, direction, mode)
    try:
        listens = takes_command(account, channel)
    except Refusal:
        account.moves.append(
            Move(time.time(), *channel.key, direction, mode, speed, heard=False)
        )
        raise
    account.moves.append(
        Move(time.time(), *channel.key, direction, mode, speed, heard=listens)
    )
    if listens:
        account.stop_cruises(channel)
        _move(account, channel, direction, mode, speed)
    return channel_ids(channel)


_LOCK = f"{CHANNEL}/control-lock"

OPERATIONS = (
    Operation("ptz_acquire_lock", "GET", _LOCK, acquire),
    Operation("ptz_release_lock", "POST", _LOCK, release),
    Operation(
        "ptz_control",
        "POST",
        f"{CHANNEL}/ptz/angle-spin",
        control,
        body=table(
            {
                "direction": one_of(*DIRECTIONS, code=Code.WRONG_METHOD_PARAMETER),
                "control_lock": text(1, code=Code.LOCK_ILLEGAL),
            },
            {
                "speed": integer(1, 10),
                "mode": one_of(POINT, NON_POINT),
                "heartbeat_mode": one_of("OPEN", "CLOSE"),
            },
            {
                "direction": Code.WRONG_METHOD_PARAMETER,
                "control_lock": Code.LOCK_ILLEGAL,
            },
        ),
    ),
)
