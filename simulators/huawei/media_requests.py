"""Chapter 9: addresses of live video, in both generations."""

from typing import Any

import voluptuous as vol

from .account import Account
from .batch_results import failures
from .error_codes import SUCCESS, Code, Refusal, demand, spelled
from .media_addresses import Address, Carrier
from .models import ARREAR, GRANT, Channel, Package, State
from .operation import Answer, Call, Fields, Operation
from .request_fields import (
    CHANNEL_ID,
    DEVICE_ID,
    integer,
    listed,
    moment,
    one_of,
    table,
    text,
)

STREAMS = ("PRIMARY_STREAM", "SECONDARY_STREAM_1", "SECONDARY_STREAM_2")
OLD_LIVE = {
    "HOLO": Carrier.HOLO,
    "HLS": Carrier.HTTP_HLS,
    "HLS_HTTPS": Carrier.HTTPS_HLS,
    "HTTP_FLV": Carrier.HTTP_FLV,
    "HTTPS_FLV": Carrier.HTTPS_FLV,
    "RTSP": Carrier.RTSP,
}
LIVE = {carrier.value: carrier for carrier in Carrier}


def playable(
    account: Account, device_id: str, channel_id: str, *, live: bool = True
) -> Channel:
    """Return a channel whose video may be had, or say why not."""
    channel = account.channel(device_id, channel_id)
    frozen = channel.channel_system_state != "NORMAL"
    demand(not frozen, Code.MEDIA_FROZEN)
    management = channel.packages.get(Package.MANAGEMENT)
    demand(management != ARREAR, Code.MANAGEMENT_ARREARS)
    demand(management == GRANT, Code.NO_MANAGEMENT)
    if live:
        account.reachable_channel(device_id, channel_id)
        demand(channel.mask_mode != "OPEN", Code.MASKED)
    return channel


def lifetime(account: Account, given: Fields) -> tuple[float, bool]:
    """Return for how many seconds and whether often (S5)."""
    seconds = given.get("expire_time", 30) * account.time_scale
    return seconds, bool(given.get("use_times", 0))


def media_url(
    account: Account,
    call: Call,
    address: Address,
    *,
    folder: str,
    stream: str = STREAMS[0],
    extra: str = "",
) -> str:
    """Return an address as text. `folder` is live, vod or dev_vod."""
    device_id, channel_id = address.key
    host = call.request.host.rpartition(":")[0] or call.request.host
    token = f"token={address.token}"
    match address.carrier:
        case Carrier.HOLO:
            return f"jvmp://{host}:7070/{folder}/{device_id}?{token}"
        case Carrier.RTSP:
            port = account.rtsp_port or 554
            return f"rtsp://{host}:{port}/{folder}/{address.token}"
        case Carrier.HTTP_FLV | Carrier.HTTPS_FLV:
            return f"{call.origin}/{folder}/{device_id}.flv?{token}"
        case _:
            page = "live" if folder == "live" else "vod"
            number = STREAMS.index(stream)
            shown = "" if folder == "vod" else f"&stream_type={number}"
            return (
                f"{call.origin}/{folder}/{page}.m3u8?{token}&device_id={device_id}"
                f"&channel_id={channel_id}{shown}{extra}"
            )


def p2p_node(account: Account) -> dict[str, Any]:
    """S4."""
    return {
        "node_type": "COMMON",
        "address_type": "IPV4",
        "address": [account.host],
        "tcp_port": 0,
        "udp_port": 7050,
    }


def p2p(account: Account, device_id: str, token: str) -> dict[str, Any]:
    """Return what the SDK of the vendor connects with."""
    online = account.devices[device_id].device_state == State.ONLINE
    return {
        "token": token,
        "device_state": State.ONLINE if online else State.OFFLINE,
        "p2p_nodes": [p2p_node(account)],
    }


def _live(
    account: Account, call: Call, row: Fields, carriers: dict[str, Carrier]
) -> tuple[Address, str]:
    """Give the live address of an item of a batch, or refuse it."""
    carrier = carriers.get(row["live_protocol"])
    if carrier is None:
        raise Refusal(Code.WRONG_LIVE_PROTOCOL)
    demand(row["stream_type"] in STREAMS, Code.WRONG_STREAM_TYPE)
    channel = playable(account, row["device_id"], row["channel_id"])
    demand(row["stream_type"] != STREAMS[2], Code.STREAM_TYPE_UNSUPPORTED)
    seconds, often = lifetime(account, call.body)
    address = account.media.give(channel.key, carrier, seconds=seconds, often=often)
    extra = "&forbid_audio=1" if row.get("forbid_audio") else ""
    url = media_url(
        account, call, address, folder="live", stream=row["stream_type"], extra=extra
    )
    return address, url


async def live_connections(account: Account, call: Call) -> Answer:
    """9.1."""
    rows: list[dict[str, Any]] = []
    for row in call.body["channels"]:
        item: dict[str, Any] = {
            "device_id": row["device_id"],
            "channel_id": row["channel_id"],
            "cloud_trans_connections": {},
            "p2p_connections": {},
            "result": SUCCESS,
        }
        rows.append(item)
        try:
            address, url = _live(account, call, row, LIVE)
        except Refusal as refusal:
            item["result"] = refusal.result()
            continue
        item["cloud_trans_connections"] = {"live_url": url}
        holo = account.devices[row["device_id"]].is_holo
        if address.carrier is Carrier.HOLO and holo:
            item["p2p_connections"] = p2p(account, row["device_id"], address.token)
    return {"fail_num": failures(rows), "live_connections": rows}


async def old_live_urls(account: Account, call: Call) -> Answer:
    """9.10."""
    rows: list[dict[str, Any]] = []
    for row in call.body["channels"]:
        item: dict[str, Any] = {
            "device_id": row["device_id"],
            "channel_id": row["channel_id"],
            "live_url": "",
            "result": SUCCESS,
        }
        rows.append(item)
        try:
            item["live_url"] = _live(account, call, row, OLD_LIVE)[1]
        except Refusal as refusal:
            item["result"] = refusal.result()
    return {"fail_num": failures(rows), "channels": rows, "request_id": account.uuid()}


def _p2p_item(account: Account, row: Fields) -> dict[str, Any]:
    item: dict[str, Any] = {"device_id": row["device_id"], "result": SUCCESS}
    try:
        playable(account, row["device_id"], row["channel_id"])
        holo = account.devices[row["device_id"]].is_holo
        demand(holo, Code.MEDIA_HOLO_ONLY)
        demand(row["stream_type"] in STREAMS, Code.WRONG_STREAM_TYPE)
        item |= p2p(account, row["device_id"], account.uuid())
    except Refusal as refusal:
        item |= {"p2p_nodes": [], "device_state": State.OFFLINE, "token": ""}
        item["result"] = refusal.result()
    return item


async def old_p2p_live(account: Account, call: Call) -> Answer:
    """9.11."""
    nodes, urls = [], []
    for row in call.body["channels"]:
        nodes.append(_p2p_item(account, row))
        url: dict[str, Any] = {
            "device_id": row["device_id"],
            "channel_id": row["channel_id"],
            "live_url": "",
            "result": nodes[-1]["result"],
        }
        urls.append(url)
        if url["result"] is SUCCESS:
            asked = {**row, "live_protocol": "HOLO"}
            url["live_url"] = _live(account, call, asked, OLD_LIVE)[1]
    return {
        "fail_num": failures(nodes),
        "p2p_connections": nodes,
        "live_urls": urls,
        "request_id": account.uuid(),
    }


async def old_p2p_playback(account: Account, call: Call) -> Answer:
    """9.12: `start_time` and `end_time` only together."""
    rows = []
    for row in call.body["channels"]:
        together = ("start_time" in row) is ("end_time" in row)
        demand(together, Code.START_NULL if "end_time" in row else Code.END_NULL)
        item = _p2p_item(account, row)
        for field in ("start_time", "end_time"):
            if field in row:
                item[field] = account.stamp(row[field])
        rows.append(item)
    return {"failNum": failures(rows), "p2p_connections": rows}


async def delete_urls(account: Account, call: Call) -> Answer:
    """9.4: not for RTSP; an address that is not known is no error."""
    for row in call.body["urls"]:
        demand(not row["url"].startswith("rtsp"), Code.WRONG_PARAMETER, "url")
        account.media.revoke(row["url"])
    return {"error_code": spelled(Code.OK), "error_msg": "Success"}


_CHANNEL = {"device_id": DEVICE_ID, "channel_id": CHANNEL_ID, "stream_type": text(1)}
_LIFE = {"expire_time": integer(30, 86_400), "use_times": integer(choices=(0, 1))}
_ROOT = "/v1/{user_id}/devices/channels"


def _batch(item: vol.Schema, most: int = 100) -> dict[str, Any]:
    return {"channels": listed(item, 1, most, code=Code.WRONG_CHANNEL_COUNT)}


OPERATIONS = (
    Operation(
        "live_connections",
        "POST",
        "/v2/{user_id}/devices/channels/media/live-connections",
        live_connections,
        body=table(_batch(table({**_CHANNEL, "live_protocol": text(1)})), _LIFE),
    ),
    Operation(
        "delete_media_urls",
        "POST",
        "/v1/{user_id}/media/urls/batch-delete",
        delete_urls,
        body=table({"urls": listed(table({"url": text(1)}), 1, 1000)}),
    ),
    Operation(
        "old_live_urls",
        "POST",
        f"{_ROOT}/cloud-live/url",
        old_live_urls,
        body=table(
            _batch(
                table(
                    {**_CHANNEL, "live_protocol": text(1)},
                    {
                        "forbid_audio": integer(choices=(0, 1)),
                        "trans_protocol": one_of("TCP", "UDP"),
                    },
                )
            ),
            _LIFE,
        ),
    ),
    Operation(
        "old_p2p_live",
        "POST",
        f"{_ROOT}/p2p-connect/live",
        old_p2p_live,
        body=table(_batch(table(_CHANNEL)), _LIFE),
    ),
    Operation(
        "old_p2p_playback",
        "POST",
        f"{_ROOT}/p2p-connect/playback",
        old_p2p_playback,
        body=table(
            _batch(
                table(
                    _CHANNEL,
                    {
                        "start_time": moment(Code.START_ILLEGAL),
                        "end_time": moment(Code.END_ILLEGAL),
                    },
                ),
                1000,
            )
        ),
    ),
)
