"""10.3.1 and 10.4: snapshots, counts of people, heat maps."""

import base64
from datetime import datetime
from functools import partial
import math
import time

from simulators import pictures, video
from simulators.json_types import Json

from .account import Account
from .error_codes import Code, Refusal, demand
from .models import Channel, Package
from .operation import Answer, Call, Operation
from .people_counts import counts
from .picture_store import picture_store_of
from .request_fields import CHANNEL_ID, DEVICE_ID, moment, one_of, table

_KINDS = ("DAY", "WEEK", "MONTH", "YEAR")
_WEEK = 7 * 86_400
_HEAT = (48, 27)


def _seen(channel: Channel, at: float) -> bytes:
    view = channel.motion.view(at)
    return pictures.jpeg(video.frame(channel.scene, channel.channel_name, at, view))


async def snapshot(account: Account, call: Call) -> Answer:
    """10.3.1: an address is told even when the device takes no picture."""
    query = call.query
    channel = account.reachable_channel(query["device_id"], query["channel_id"])
    demand(channel.mask_mode != "OPEN", Code.MASKED)
    wait = account.timing.snapshot_spacing * account.time_scale
    now = account.steady()
    demand(now - channel.captured >= wait, Code.SNAPSHOT_TOO_OFTEN)
    channel.captured = now
    draw, store = partial(_seen, channel, time.time()), picture_store_of(account)
    key = f"{channel.device_id}_{channel.channel_id}_{account.next_id('snapshot', 210)}"
    if channel.takes_snapshots:
        store.keep(key, draw)
    if query["storage"] == "true":
        return {"pic_url": f"{call.origin}/v1/holo/{key}/static", "pic_data": ""}
    content = await store.read(key)
    if content is None:
        raise Refusal(Code.NO_SNAPSHOT)
    return {"pic_url": "", "pic_data": base64.b64encode(content).decode()}


def _counting(account: Account, call: Call, gb: int) -> Channel:
    channel = account.channel(call.query["device_id"], call.query["channel_id"])
    demand(account.devices[channel.device_id].is_holo, gb)
    return channel


async def people(account: Account, call: Call) -> Answer:
    """10.4.1: a long WEEK is a MONTH and a short MONTH a WEEK."""
    query = call.query
    channel = _counting(account, call, Code.MEDIA_HOLO_ONLY)
    demand("flowstatis" in channel.abilities, Code.NO_STATISTICS)
    kind, start = query["type"], query["start_date"]
    if kind in ("WEEK", "MONTH"):
        span = query.get("end_date", start) - start
        demand(span >= 0, Code.START_AFTER_END)
        if account.quirks.month_is_week:
            kind = "MONTH" if span >= _WEEK - 86_400 / 2 else "WEEK"
    rows = counts(account, channel, start, kind)
    return {"in": [into for into, _ in rows], "out": [out for _, out in rows]}


def _heated(account: Account, call: Call) -> Channel:
    channel = _counting(account, call, Code.NO_GB_HEATMAP)
    demand(channel.granted(Package.INDUSTRY_DATA), Code.NO_DATA_FLOW)
    return channel


async def time_heatmap(account: Account, call: Call) -> Answer:
    """10.4.2."""
    channel, query = _heated(account, call), call.query
    rows = counts(account, channel, query["start_time"], query["type"])
    return {"data": [into + out for into, out in rows]}


def heat(total: int) -> bytes:
    """Return values of 0 to 255, row by row: people walk along the floor."""
    wide, tall = _HEAT
    strength = min(1.0, total / 200)
    values = bytearray()
    for row in range(tall):
        for column in range(wide):
            path = math.exp(-(((row - tall * 0.72) / 4) ** 2))
            door = math.exp(-(((column - wide * 0.3) / 6) ** 2))
            values.append(int(255 * strength * path * (0.35 + 0.65 * door)))
    return bytes(values)


async def space_heatmap(account: Account, call: Call) -> Answer:
    """10.4.3."""
    channel, query = _heated(account, call), call.query
    rows = counts(account, channel, query["start_time"], query["type"])
    values = heat(sum(into + out for into, out in rows))
    return {
        "width": _HEAT[0],
        "height": _HEAT[1],
        "rawbase64": base64.b64encode(values).decode(),
    }


def _date(code: int) -> object:
    def check(value: Json) -> float:
        try:
            demand(isinstance(value, str) and len(value) == 8, code)
            parsed = datetime.strptime(f"{value} +0800", "%Y%m%d %z")
        except ValueError as error:
            raise Refusal(code) from error
        return parsed.timestamp()

    return check


_CHANNEL = {"device_id": DEVICE_ID, "channel_id": CHANNEL_ID}
_MAP = table(
    {
        **_CHANNEL,
        "start_time": moment(Code.START_ILLEGAL),
        "type": one_of(*_KINDS, code=Code.WRONG_REPORT),
    },
    codes={"start_time": Code.START_NULL, "type": Code.WRONG_REPORT},
)

OPERATIONS = (
    # Before the path with a device's id, which it would match too.
    Operation(
        "take_cloud_snapshot",
        "GET",
        "/v1/{user_id}/devices/snap",
        snapshot,
        query=table(
            {**_CHANNEL, "storage": one_of("true", "false", code=Code.WRONG_STORAGE)},
            codes={"storage": Code.WRONG_STORAGE},
        ),
    ),
    Operation(
        "get_people_statistics",
        "GET",
        "/v1/{user_id}/statistics/people",
        people,
        query=table(
            {
                **_CHANNEL,
                "start_date": _date(Code.START_ILLEGAL),
                "type": one_of(*_KINDS, code=Code.WRONG_REPORT),
            },
            {"end_date": _date(Code.END_ILLEGAL)},
            {"start_date": Code.START_NULL, "type": Code.WRONG_REPORT},
        ),
    ),
    Operation(
        "get_time_heatmap",
        "GET",
        "/v1/{user_id}/time-heatmap",
        time_heatmap,
        query=_MAP,
    ),
    Operation(
        "get_space_heatmap",
        "GET",
        "/v1/{user_id}/space-heatmap",
        space_heatmap,
        query=_MAP,
    ),
)
