"""Chapter 1: log in and accounts."""

import hmac

import voluptuous as vol

from simulators.validators import table

from .device import Device
from .error_codes import Code, demand
from .models import Answer, User
from .operation import Fields, Operation
from .request_fields import ID, NAME, TEXT, md5, only
from .sessions import md5_of


def _same(first: str, second: str) -> bool:
    return hmac.compare_digest(first.encode(), second.encode())


async def log_in(device: Device, request: Fields) -> Answer:
    """1.1."""
    given = request["password"]
    for user in device.users.values():
        right = _same(user.password, given) or (
            not device.quirks.require_md5 and _same(user.password, md5_of(given))
        )
        if user.name == request["username"] and right and not device.sessions.locked:
            break
    else:
        demand(False, Code.WRONG_CREDENTIALS)
    if device.quirks.single_session:
        device.sessions.end(user.user_id)
    session = device.sessions.open(device.uuid(), user.user_id)
    return {"user_id": user.user_id, "session": session}


def _demand_free(device: Device, name: str, own: User | None = None) -> None:
    users = device.users.values()
    taken = any(user.name == name and user is not own for user in users)
    demand(not taken, Code.EXISTS, "name")


async def register(device: Device, request: Fields) -> Answer:
    """1.2: account names are unique because they are logged in with."""
    _demand_free(device, request["name"])
    user = User(device.next_id("user"), **request)
    device.users[user.user_id] = user
    return {}


async def modify(device: Device, request: Fields) -> Answer:
    """1.3: a new password needs the old one."""
    user = device.user(request["user_id"])
    if "name" in request:
        _demand_free(device, request["name"], user)
    if "password" in request:
        demand("old_password" in request, detail="old_password")
        right = _same(user.password, request["old_password"])
        demand(right, Code.WRONG_CREDENTIALS)
    for name in ("name", "password", "remark"):
        setattr(user, name, request.get(name, getattr(user, name)))
    return {}


async def delete(device: Device, request: Fields) -> Answer:
    """1.4: the last account stays."""
    user = device.user(request["user_id"])
    demand(len(device.users) > 1, Code.IN_USE)
    del device.users[user.user_id]
    device.sessions.end(user.user_id)
    return {}


OPERATIONS = (
    Operation("/Login", log_in, only(username=TEXT, password=TEXT), open=True),
    Operation(
        "/RegisterUser",
        register,
        table({"name": NAME, "password": md5}, {"remark": TEXT}),
    ),
    Operation(
        "/UpdateUser",
        modify,
        table(
            {"user_id": ID},
            {
                "name": NAME,
                "old_password": vol.Any(md5, ""),
                "password": md5,
                "remark": TEXT,
            },
        ),
    ),
    Operation("/DeleteUser", delete, only(user_id=ID)),
)
