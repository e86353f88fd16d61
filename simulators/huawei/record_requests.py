"""Chapter 9: recordings and addresses to play them, in both generations."""

from functools import partial
from typing import Any

from .account import Account
from .error_codes import Code, Refusal, demand
from .media_addresses import Carrier
from .media_requests import STREAMS, lifetime, media_url, p2p, playable
from .models import Channel, Place, Recording, RecordType
from .operation import CHANNEL, CHANNEL_V2, Answer, Call, Operation
from .pagination import page_by_rows, page_of
from .recordings import cut, recorded
from .request_fields import moment, number, one_of, table, text

_KINDS = {
    "ALL_RECORD": frozenset(RecordType),
    "NORMAL_RECORD": frozenset({RecordType.NORMAL}),
    "MOTION_RECORD": frozenset({RecordType.MOTION}),
}
_OLD_KINDS = ("NORMAL_RECORD", "MOTION_RECORD")
_BYTES_A_SECOND = 62_500
_PLAYBACK = {name: Carrier(name) for name in ("HOLO", "HTTP_HLS", "HTTPS_HLS", "RTSP")}
_OLD_CLOUD = {
    "HOLO": Carrier.HOLO,
    "HLS": Carrier.HTTP_HLS,
    "HLS_HTTPS": Carrier.HTTPS_HLS,
    "RTSP": Carrier.RTSP,
}
_OLD_DEVICE = {
    "HLS_DEV": Carrier.HTTP_HLS,
    "HLS_DEV_HTTPS": Carrier.HTTPS_HLS,
    "RTSP_DEV": Carrier.RTSP,
    "HTTP_FLV_DEV": Carrier.HTTP_FLV,
    "HTTPS_FLV_DEV": Carrier.HTTPS_FLV,
}


def _found(
    account: Account, call: Call, place: Place
) -> tuple[Channel, list[Recording]]:
    """Return the channel of a request and what was recorded in its time."""
    query = call.query
    live = place is Place.DEVICE
    channel = playable(
        account, call.path["device_id"], call.path["channel_id"], live=live
    )
    start, end = query["start_time"], query["end_time"]
    demand(start < end, Code.START_AFTER_END)
    kinds = frozenset(RecordType)
    if place is Place.CLOUD:
        kinds = _KINDS[query.get("record_type", "ALL_RECORD")]
    found = recorded(account, channel, place, start, end, kinds)
    alarm = query.get("alarm_rec_type")
    if alarm:
        found = [recording for recording in found if alarm in recording.alarm_types]
    if not found and account.quirks.no_records_is_error:
        cloud = place is Place.CLOUD
        raise Refusal(Code.NO_RECORDS if cloud else Code.NO_DEVICE_RECORDS)
    return channel, found


def _row(account: Account, channel: Channel, recording: Recording) -> dict[str, Any]:
    """Return a recording as 9.2 and 9.5 have it."""
    start = int(recording.start)
    row: dict[str, Any] = {
        "record_name": f"_{channel.channel_id}_{start % 86_400}_rf",
        "record_type": recording.record_type,
        "storage_state": recording.storage_state,
        "start_time": account.stamp(recording.start),
        "end_time": account.stamp(recording.end),
        "alarm_rec_type": list(recording.alarm_types),
    }
    if recording.place is Place.CLOUD:
        seconds = int(recording.end - recording.start)
        row["record_id"] = f"{start}{int(channel.channel_id) % 1000:03d}"
        row["record_size"] = seconds * _BYTES_A_SECOND
    return row


def _page(account: Account, call: Call, found: list[Recording]) -> list[Recording]:
    turn = page_of if account.quirks.pages_of_records else page_by_rows
    return turn(found, call.query)


def _listed(account: Account, call: Call, place: Place) -> Answer:
    channel, found = _found(account, call, place)
    return {
        "total": len(found),
        "device_id": channel.device_id,
        "channel_id": channel.channel_id,
        "records": [
            _row(account, channel, record) for record in _page(account, call, found)
        ],
    }


async def list_records(account: Account, call: Call) -> Answer:
    """9.2."""
    return _listed(account, call, Place(call.query["record_position"]))


async def old_cloud_records(account: Account, call: Call) -> Answer:
    """9.5: `alarm_rec_type` is a text or null."""
    answer = _listed(account, call, Place.CLOUD)
    for row in answer["records"]:
        row["alarm_rec_type"] = ",".join(row["alarm_rec_type"]) or None
        del row["storage_state"]
        if row["record_type"] is RecordType.ALARM:
            row["record_type"] = RecordType.MOTION
    return answer


async def old_device_records(account: Account, call: Call) -> Answer:
    """9.7."""
    answer = _listed(account, call, Place.DEVICE)
    keys = ("record_name", "record_type", "start_time", "end_time")
    return {
        "total": 0 if account.quirks.old_total_zero else answer["total"],
        "records": [{key: row[key] for key in keys} for row in answer["records"]],
    }


def _url(
    account: Account, call: Call, place: Place, carrier: Carrier
) -> tuple[Channel, str, str]:
    """Give the address of what was recorded; return channel, address and token."""
    channel, found = _found(account, call, place)
    cloud = place is Place.CLOUD
    stream = call.query.get("stream_type", STREAMS[0])
    demand(stream in STREAMS, Code.WRONG_STREAM_TYPE)
    demand(stream != STREAMS[2], Code.STREAM_TYPE_UNSUPPORTED)
    pieces = cut(found, call.query["start_time"], call.query["end_time"])
    demand(pieces, Code.CLOUD_URL_FAILED if cloud else Code.DEVICE_URL_FAILED)
    seconds, often = lifetime(account, call.query)
    address = account.media.give(
        channel.key, carrier, seconds=seconds, often=often, pieces=pieces
    )
    folder = "vod" if cloud or carrier is Carrier.HOLO else "dev_vod"
    url = media_url(account, call, address, folder=folder, stream=stream)
    return channel, url, address.token


async def playback(account: Account, call: Call) -> Answer:
    """9.3: the whole answer about P2P is for the SDK only."""
    place = Place(call.query["record_position"])
    carrier = _PLAYBACK[call.query["playback_protocol"]]
    channel, url, token = _url(account, call, place, carrier)
    nodes: dict[str, Any] = {}
    holo = account.devices[channel.device_id].is_holo
    if carrier is Carrier.HOLO and place is Place.DEVICE and holo:
        nodes = {
            **p2p(account, channel.device_id, token),
            "result": {"code": "IVM.0", "msg": "Success"},
        }
    inner: dict[str, Any] = {
        "device_id": channel.device_id,
        "channel_id": channel.channel_id,
        "cloud_trans_connections": {"playback_url": url},
    }
    if not account.quirks.p2p_beside:
        return {"playback_connections": {**inner, "p2p_connections": nodes}}
    times = {
        name: account.stamp(call.query[name]) for name in ("start_time", "end_time")
    }
    return {"playback_connections": inner, "p2p_connections": {**nodes, **times}}


async def _old_url(
    place: Place, carriers: dict[str, Carrier], account: Account, call: Call
) -> Answer:
    query = call.query
    wanted = query.get("playback_protocol") or query.get("protocol") or "HOLO"
    gb_only = place is Place.DEVICE and "flv" in wanted.lower()
    device = account.device(call.path["device_id"])
    demand(not (gb_only and device.is_holo), Code.MEDIA_GB_ONLY)
    channel, url, _ = _url(account, call, place, carriers[wanted])
    return {
        "device_id": channel.device_id,
        "channel_id": channel.channel_id,
        "playback_url": url,
    }


async def old_gb_url(account: Account, call: Call) -> Answer:
    """9.8: for GB28181 only."""
    device = account.device(call.path["device_id"])
    demand(not device.is_holo, Code.MEDIA_GB_ONLY)
    return await _old_url(Place.DEVICE, {"HOLO": Carrier.HOLO}, account, call)


async def old_web_url(account: Account, call: Call) -> Answer:
    """9.9: `protocol` (table) or `playback_protocol` (samples)."""
    named = call.query.keys() & {"protocol", "playback_protocol"}
    demand(named, Code.WRONG_PLAYBACK)
    return await _old_url(Place.DEVICE, _OLD_DEVICE, account, call)


_TIMES = {
    "start_time": moment(Code.START_ILLEGAL),
    "end_time": moment(Code.END_ILLEGAL),
}
_NO_TIMES = {"start_time": Code.START_NULL, "end_time": Code.END_NULL}
_PLACE = one_of(*Place)
_TURN = {
    "limit": number(1, 1000, code=Code.WRONG_LIMIT),
    "offset": number(0, 1_000_000, code=Code.WRONG_OFFSET),
}
_LIFE = {"expire_time": number(30, 86_400), "use_times": number(choices=(0, 1))}
_STREAM = {"stream_type": text(1, code=Code.WRONG_STREAM_TYPE)}
_TRANSPORT = {"trans_protocol": one_of("TCP", "UDP")}
_KIND = {"record_type": one_of(*_KINDS, code=Code.WRONG_RECORD_TYPE)}
_OLD_KIND = {"record_type": one_of(*_OLD_KINDS, code=Code.WRONG_RECORD_TYPE)}
_RECORDS = f"{CHANNEL}/device-records"

OPERATIONS = (
    Operation(
        "list_records",
        "GET",
        f"{CHANNEL_V2}/media/records",
        list_records,
        query=table(
            {**_TIMES, "record_position": _PLACE},
            {**_TURN, **_KIND, "alarm_rec_type": text()},
            _NO_TIMES,
        ),
    ),
    Operation(
        "playback_connections",
        "GET",
        f"{CHANNEL_V2}/media/playback-connections",
        playback,
        query=table(
            {
                **_TIMES,
                "playback_protocol": one_of(*_PLAYBACK, code=Code.WRONG_PLAYBACK),
                "record_position": _PLACE,
            },
            {**_LIFE, **_KIND, **_STREAM},
            {**_NO_TIMES, "playback_protocol": Code.WRONG_PLAYBACK},
        ),
    ),
    Operation(
        "old_list_cloud_records",
        "GET",
        f"{CHANNEL}/cloud-records",
        old_cloud_records,
        query=table(_TIMES, {**_TURN, **_OLD_KIND}, _NO_TIMES),
    ),
    Operation(
        "old_cloud_playback_url",
        "GET",
        f"{CHANNEL}/cloud-records/playback-url",
        partial(_old_url, Place.CLOUD, _OLD_CLOUD),
        query=table(
            {
                **_TIMES,
                "playback_protocol": one_of(*_OLD_CLOUD, code=Code.WRONG_PLAYBACK),
            },
            {**_LIFE, **_OLD_KIND},
            {**_NO_TIMES, "playback_protocol": Code.WRONG_PLAYBACK},
        ),
    ),
    Operation(
        "old_list_device_records",
        "GET",
        _RECORDS,
        old_device_records,
        query=table(_TIMES, _TURN, _NO_TIMES),
    ),
    Operation(
        "old_device_playback_url_gb",
        "GET",
        f"{_RECORDS}/playback-url",
        old_gb_url,
        query=table(
            _TIMES,
            {
                **_LIFE,
                **_STREAM,
                **_TRANSPORT,
                "playback_protocol": one_of("HOLO", code=Code.WRONG_PLAYBACK),
            },
            _NO_TIMES,
        ),
    ),
    Operation(
        "old_device_web_playback_url",
        "GET",
        f"{_RECORDS}/web-playback-url",
        old_web_url,
        query=table(
            _TIMES,
            {
                **_LIFE,
                **_STREAM,
                **_TRANSPORT,
                "protocol": one_of(*_OLD_DEVICE, code=Code.WRONG_PLAYBACK),
                "playback_protocol": one_of(*_OLD_DEVICE, code=Code.WRONG_PLAYBACK),
            },
            _NO_TIMES,
        ),
    ),
)
