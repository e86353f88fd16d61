"""Chapters 16, 18, 19: passwords of cameras, authorisation of targets, abilities."""

import re
from typing import Any

from .account import Account
from .device_abilities import ABILITIES, SPECIFICATIONS
from .error_codes import Code, demand
from .models import Channel, Device
from .operation import CHANNEL, Answer, Call, Fields, Operation
from .request_fields import boolean, listed, one_of, table, text

_USER = "admin"
_TRIES = 5
_CLASSES = ("[a-z]", "[A-Z]", r"\d", r"[^\da-zA-Z]")
_DEVICE_ITSELF = "-1"
_OPENED, _CLOSED = "OPENED", "CLOSED"


# Chapter 16


def _camera(account: Account, call: Call) -> tuple[Device, Channel]:
    """Return a camera that is connected directly and speaks the vendor's protocol."""
    channel = account.channel(call.path["device_id"], call.path["channel_id"])
    device = account.devices[channel.device_id]
    demand(device.is_holo and device.is_direct, Code.SDC_ONLY)
    account.reachable_channel(*channel.key)
    return device, channel


async def password_state(account: Account, call: Call) -> Answer:
    """16.1."""
    device, _ = _camera(account, call)
    return {"security_key_state": "MODIFY" if device.password else "SET"}


def _demand_current(account: Account, device: Device, given: str | None) -> None:
    """Refuse a wrong password; some lock the user for a while."""
    now = account.steady()
    demand(now >= device.locked_until, Code.DEVICE_USER_LOCKED)
    if not device.password or given == device.password:
        device.wrong_passwords = 0
        return
    device.wrong_passwords += 1
    if device.wrong_passwords >= _TRIES:
        lock = account.timing.password_lock * account.time_scale
        device.wrong_passwords, device.locked_until = 0, now + lock
    demand(False, Code.PASSWORD_WRONG)


async def set_password(account: Account, call: Call) -> Answer:
    """16.2: the first one needs no other before it."""
    device, channel = _camera(account, call)
    _demand_current(account, device, call.body.get("current_security_key"))
    wanted = call.body["new_security_key"]
    classes = sum(bool(re.search(kind, wanted)) for kind in _CLASSES)
    demand(classes >= 2, Code.PASSWORD_WEAK)
    demand(wanted not in (_USER, _USER[::-1]), Code.PASSWORD_WEAK)
    demand(wanted != device.password, Code.PASSWORD_SAME)
    device.password = wanted
    return {"device_id": channel.device_id, "channel_id": channel.channel_id}


# Chapter 18


def _holo(account: Account, device_id: str) -> Device:
    device = account.device(device_id)
    demand(device.is_holo, Code.MEDIA_HOLO_ONLY)
    return account.reachable_device(device_id)


async def authorise(account: Account, call: Call) -> Answer:
    """18.1: of a direct camera the device's state is the channel's too."""
    device = _holo(account, call.path["device_id"])
    opened = call.body["state"] == _OPENED
    known = {*device.channels, _DEVICE_ITSELF}
    wanted: list[str] = call.body["channels"]
    for channel_id in wanted:
        if channel_id in known:
            ids = {channel_id, _DEVICE_ITSELF} if device.is_direct else {channel_id}
            if opened:
                device.authorised |= ids
            else:
                device.authorised -= ids
    answer: dict[str, Any] = {"device_id": device.device_id, "device_result": "0"}
    failed = [channel_id for channel_id in wanted if channel_id not in known]
    if account.quirks.direct_channels_result or failed or not device.is_direct:
        answer["channels_result"] = [
            {"channel_id": channel_id, "channel_result": str(int(channel_id in failed))}
            for channel_id in wanted
            if channel_id != _DEVICE_ITSELF
        ]
    return answer


def _state(device: Device, channel_id: str) -> str:
    return _OPENED if channel_id in device.authorised else _CLOSED


async def authorisation(account: Account, call: Call) -> Answer:
    """18.2: for channel -1 the device alone."""
    device = _holo(account, call.path["device_id"])
    channel_id = call.path["channel_id"]
    answer = {"device_state": _state(device, _DEVICE_ITSELF)}
    if channel_id != _DEVICE_ITSELF:
        channel = account.channel(device.device_id, channel_id)
        answer["channel_state"] = _state(device, channel.channel_id)
    return answer


# Chapter 19


def _abilities(account: Account, version: Fields) -> set[str]:
    """Return what devices and channels of a model and firmware can."""
    wanted = version["model"], version["firmware"]
    rows: list[Device | Channel] = [*account.devices.values(), *account.channels()]
    return {
        ability
        for row in rows
        if (row.model, row.firmware) == wanted
        for ability in row.abilities
    }


async def abilities(account: Account, call: Call) -> Answer:
    """19.1: a model that nobody has supports nothing."""
    names = call.body.get("ability") or ABILITIES
    detailed = call.body.get("need_specification", False)
    rows = []
    for version in call.body["versions"]:
        known = _abilities(account, version)
        found: dict[str, Any] = {}
        for ability in names:
            there = ability in known
            more = SPECIFICATIONS.get(ability, {}) if detailed and there else {}
            found[ability] = {**more, "support": there}
        rows.append({**version, "abilities": found})
    return {"abilities": rows}


_KEY = f"{CHANNEL}/security-key"
_CHANNELS = text(1, 3, pattern=r"-1|\d+", code=Code.ILLEGAL_CHANNEL)

OPERATIONS = (
    Operation("device_password_state_get", "GET", _KEY, password_state),
    Operation(
        "device_password_set",
        "PUT",
        _KEY,
        set_password,
        body=table(
            {"new_security_key": text(8, 20, code=Code.PASSWORD_ILLEGAL)},
            {"current_security_key": text(0, 64, code=Code.PASSWORD_ILLEGAL)},
            {"new_security_key": Code.PASSWORD_ILLEGAL},
        ),
    ),
    Operation(
        "target_authorization_set",
        "PUT",
        "/v1/{user_id}/devices/{device_id}/channels/targets/authorization",
        authorise,
        body=table(
            {
                "state": one_of(_OPENED, _CLOSED),
                "channels": listed(_CHANNELS, 1, 65, code=Code.WRONG_CHANNEL_COUNT),
            }
        ),
    ),
    Operation(
        "target_authorization_get",
        "GET",
        f"{CHANNEL}/targets/authorization",
        authorisation,
    ),
    Operation(
        "device_ability_query",
        "POST",
        "/v1/{user_id}/devices/ability",
        abilities,
        body=table(
            {
                "versions": listed(
                    table(
                        {
                            "device_type": text(1, 32),
                            "firmware": text(1, 128),
                            "model": text(1, 128),
                        }
                    ),
                    1,
                    1000,
                )
            },
            {
                "need_specification": boolean,
                "ability": listed(one_of(*ABILITIES), 0, len(ABILITIES)),
            },
        ),
    ),
)
