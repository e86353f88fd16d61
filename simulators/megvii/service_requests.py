"""Chapters 19, 21, 22, 27, 28: FTP upload, logs, ONVIF, local screen, debugging."""

import asyncio
from ipaddress import AddressValueError, IPv4Address

from simulators.json_types import Json
from simulators.request_fields import array, each, integer, switch

from . import ftp_upload
from .device import Device
from .error_codes import Code, Refusal, demand, given, valid
from .operation import Call, Fields, Operation, page_of
from .request_fields import PAGING, SPAN, text

_SERVER = (
    text("serverAddr", required=False),
    integer("serverPort", 1, 65535),
    text("username", 256, required=False),
    text("password", 256, required=False),
)
_FTP = (
    switch("enable", required=False),
    *_SERVER,
    text("remoteDir", 256, required=False),
    switch("enableBackground", required=False),
    array("pathMode", integer("", 0, 4), low=3, high=3, required=False),
    text("customPath", 256, required=False),
)
_WINDOWS = (1, 4, 9)


async def _set_ftp(device: Device, call: Call) -> None:
    levels: list[int] = call.body.get("pathMode") or [
        *device.settings.ftp_upload["pathMode"]
    ]
    valid(tuple(levels) in ftp_upload.ALLOWED_LEVELS, "pathMode")
    if ftp_upload.CUSTOM in levels:
        given(call.body.get("customPath"), "customPath")
    device.settings.ftp_upload.update(call.body)


async def _get_ftp(device: Device, _: Call) -> Fields:
    return device.settings.ftp_upload


async def _test_ftp(device: Device, call: Call) -> None:
    settings = {**device.settings.ftp_upload, **call.body}
    demand(await asyncio.to_thread(ftp_upload.reachable, settings), Code.FTP_TEST_FAIL)


async def _logs(device: Device, call: Call) -> Fields:
    query = call.query
    wanted = query.get("type", 0)
    rows = [
        {
            "id": entry.number,
            "type": entry.kind,
            "userIP": entry.address,
            "timestamp": entry.at,
            "description": entry.text,
        }
        for entry in device.logs
        if wanted in {0, entry.kind}
        and query.get("timeStart", 0) <= entry.at <= query.get("timeEnd", entry.at)
    ]
    return page_of(device, query, rows, name="log", total="totalLogs")


async def _log_file(device: Device, _: Call) -> Fields:
    lines = "".join(f"{e.at} {e.kind} {e.address} {e.text}\n" for e in device.logs)
    path = device.files.put("log/megbox.log", lines.encode())
    return {"logURI": f"./{path}"}


async def _onvif(device: Device, _: Call) -> Fields:
    await asyncio.sleep(device.timing.onvif * device.time_scale)
    wanted = ("ipv4", "uri", "uuid")
    return {"deviceInfo": [{n: row[n] for n in wanted} for row in device.onvif]}


async def _onvif_uri(device: Device, call: Call) -> Fields:
    for row in device.onvif:
        if row["uri"] == call.body["uri"]:
            return {"mainUrl": row["main"], "subUrl": row["sub"]}
    raise Refusal(Code.RESOURCES_NOT_FOUND)


async def _set_layout(device: Device, call: Call) -> None:
    body = call.body
    if body["guiEnable"]:
        missing = [name for name in ("windowNum", "videos") if name not in body]
        given(not missing, *missing)
        demand(len(body["videos"]) <= body["windowNum"], Code.GUI_DISPLAY_CH_OVER_LIMIT)
        valid(len(body["videos"]) == body["windowNum"], "videos")
        shown = [row["videoChn"] for row in body["videos"] if row["videoChn"] != -1]
        valid(0 not in shown, "videoChn")
        demand(len(set(shown)) == len(shown), Code.GUI_CONNECT_DUPLICATE_CHN)
    device.settings.layout.update(body)


async def _get_layout(device: Device, _: Call) -> Fields:
    return device.settings.layout


async def _ping(device: Device, call: Call) -> Fields:
    demand(call.query.get("eth", "wan") in {"wan", "lan"}, Code.ETH_IS_ERR)
    address = call.query["ip"]
    try:
        IPv4Address(address)
    except AddressValueError as error:
        raise Refusal(Code.IP_ADDR_IS_ERR) from error
    demand(address not in device.unreachable, Code.IP_ADDR_TEST_FAIL)
    return {
        "timeDelay": f"64 bytes from {address}: seq=0 ttl=254 time=5.192 ms",
        "packetReceive": ("1 packets transmitted, 1 packets received, 0% packet loss"),
    }


async def _telnet(device: Device, call: Call) -> Json:
    if "telnetEnabled" in call.query:
        device.settings.telnet = call.query["telnetEnabled"]
        return None
    return {"telnetEnabled": device.settings.telnet}


OPERATIONS = (
    Operation("PUT", "/ftpUpload", _set_ftp, _FTP),
    Operation("GET", "/ftpUpload", _get_ftp),
    Operation("POST", "/ftpUpload", _test_ftp, _SERVER),
    Operation(
        "GET",
        "/log",
        _logs,
        query=(
            integer("type", required=False, choices=(0, 1, 2, 3, 4)),
            *SPAN,
            *PAGING[1:],
        ),
    ),
    Operation("GET", "/logFile", _log_file),
    Operation("GET", "/videos/onvif/list", _onvif),
    Operation(
        "POST",
        "/videos/onvif/uri",
        _onvif_uri,
        (
            text("uri"),
            text("username", required=False),
            text("password", required=False),
        ),
    ),
    Operation(
        "POST",
        "/GUI/layout",
        _set_layout,
        (
            integer("guiEnable", choices=(0, 1)),
            integer("windowNum", required=False, choices=_WINDOWS),
            array("videos", each(integer("videoChn", -1, 16)), required=False),
        ),
    ),
    Operation("GET", "/GUI/layout", _get_layout),
    Operation(
        "GET", "/debug_ping", _ping, query=(text("eth", required=False), text("ip"))
    ),
    Operation(
        "GET",
        "/telnet_control",
        _telnet,
        query=(switch("telnetEnabled", required=False),),
    ),
)
