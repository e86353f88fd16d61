"""Chapter 4: state of the box, push targets, reboot, upgrade, storage."""

from hashlib import md5
from typing import Any

from simulators.request_fields import array, file, group, integer, switch

from .device import SYSTEM_LOG, Device
from .error_codes import Code, demand, given, valid
from .models import ACTIVE, PASSIVE
from .operation import Call, Fields, Operation
from .request_fields import text
from .settings import TIME_ZONES

_ETHERNET = (
    integer("ethNetMode", required=False, choices=(0, 1)),
    text("ethIpAddr", required=False),
    text("ethSubmask", required=False),
    text("ethGateway", required=False),
    text("ethDns", required=False),
)
_DEVICE = (
    group(
        "deviceHeartbeat",
        text("serverAdd"),
        integer("htInterval", 1, 3600, required=False),
        required=False,
    ),
    group(
        "time",
        integer("deviceTime", 0, required=False),
        switch("ntpEnable", required=False),
        text("ntpServerAdd", required=False),
        integer("ntpInterval", 1, 65535, required=False),
        integer("timeZone", 0, len(TIME_ZONES) - 1, required=False),
        required=False,
    ),
    group("eth", *_ETHERNET, required=False),
    group(
        "eth1",
        *_ETHERNET,
        integer("ethBondMode", required=False, choices=(1, 2, 7)),
        required=False,
    ),
)
_MODES = (ACTIVE, PASSIVE)
_PICTURES = (
    switch("pushImageSW"),
    switch("pushBigImageSW", required=False),
    switch("pushSmallImageSW", required=False),
)
_REPORTS = (
    group(
        "alertConfig",
        text("alertReportMode", choices=_MODES),
        text("reportServerAdd"),
        integer("alertInterval", 0, 10),
        integer("alertResend", choices=(0, 1, 2)),
        *_PICTURES,
        required=False,
    ),
    group(
        "capture",
        text("captureReportMode", choices=_MODES),
        text("reportServerAdd"),
        *_PICTURES,
        required=False,
    ),
)
_RECEIVER = (
    text("url", required=False),
    switch("captureUpload", required=False),
    switch("smallCaptureUpload", required=False),
    switch("bigCaptureUpload", required=False),
    integer("eventType", required=False, choices=(1, 2, 3)),
    integer("resend", 0, 3, required=False),
    integer("interval", 1, 5, required=False),
    switch("featureUpload", required=False),
)
_HTTP_REPORTS = (
    switch("enable"),
    group("main", *_RECEIVER, switch("persistReport", required=False), required=False),
    group("slave", *_RECEIVER, required=False),
)
_FTP_SERVER = (
    text("serverIp", 127),
    text("serverPath", 255),
    text("username", 31),
    text("password", 63),
)
_FTP_UPGRADE = (
    switch("enableAuto"),
    array("dayOfWeek", integer(), low=7, high=7),
    integer("timeStart", 0),
    integer("timeEnd", 0),
    *_FTP_SERVER,
)
FIRMWARE_MAGIC = b"MEGBOX"
"""How a package begins that the box takes; anything else gets 104405."""


def ws_address(text_: str) -> bool:
    """Return whether a text is an address for WebSockets, or empty."""
    return not text_ or text_.startswith("ws://")


async def _get_device(device: Device, _: Call) -> Fields:
    settings = device.settings
    answer = {
        "hardwareVer": "000_01_000",
        "firmwareVer": device.version,
        "deviceId": device.device_id,
        "deviceModel": device.model,
        "channelNum": device.limits.videos,
        "licenseKey": "VIRTUAL-DEVICE-B4H",
        "serialNumber": device.serial,
        "megConnectVersion": "V2.1.1.A35",
        "deviceHeartbeat": settings.heartbeat,
        "hardwareStatus": {
            "cpuUseRate": 25 + 3 * sum(c.armed for c in device.channels.values()),
            "cpuTemp": 47,
            "gpuTemp": 45,
            "caseTemp": 38,
            "memSize": 4096,
            "memUse": 2711,
            "storageSize": 25_442,
            "storageUseSize": 6316 + len(device.captures) // 10,
        },
        "time": {"deviceTime": int(device.now()), **settings.time},
        "eth": {**settings.eth, "ethMac": device.mac},
    }
    if settings.eth1 is not None:
        answer["eth1"] = settings.eth1
    return answer


async def _set_device(device: Device, call: Call) -> Fields | None:
    body, settings = call.body, device.settings
    given(body, *(field.name for field in _DEVICE))
    heartbeat = body.get("deviceHeartbeat", {})
    valid(
        ws_address(heartbeat.get("serverAdd", "")),
        "deviceHeartbeat.serverAdd",
    )
    if heartbeat.get("serverAdd"):
        given("htInterval" in heartbeat, "deviceHeartbeat.htInterval")
    if "eth" in body and settings.eth1 is not None:
        given("eth1" in body, "eth1")
    settings.heartbeat.update(heartbeat)
    time: dict[str, Any] = dict(body.get("time", {}))
    if "deviceTime" in time:
        device.clock_offset += time.pop("deviceTime") - device.now()
    settings.time.update(time)
    settings.eth.update(body.get("eth", {}))
    if settings.eth1 is not None:
        settings.eth1.update(body.get("eth1", {}))
    device.on_targets()
    return await _get_device(device, call) if device.quirks.echo_writes else None


async def _set_reports(device: Device, call: Call) -> Fields | None:
    given(call.body, "alertConfig", "capture")
    for name, settings in call.body.items():
        valid(ws_address(settings["reportServerAdd"]), f"{name}.reportServerAdd")
        device.settings.reports[name].update(settings)
    device.on_targets()
    return device.settings.reports if device.quirks.echo_writes else None


async def _get_reports(device: Device, _: Call) -> Fields:
    return device.settings.reports


async def _set_http_reports(device: Device, call: Call) -> None:
    reports = device.settings.http_reports
    for name in ("main", "slave"):
        url = call.body.get(name, {}).get("url", "")
        valid(not url or url.startswith(("http://", "https://")), f"{name}.url")
    if call.body["enable"]:
        main = {**reports["main"], **call.body.get("main", {})}
        slave = {**reports["slave"], **call.body.get("slave", {})}
        given(main["url"] or slave["url"], "main.url")
    reports["enable"] = call.body["enable"]
    for name in ("main", "slave"):
        reports[name].update(call.body.get(name, {}))
    device.on_targets()


async def _get_http_reports(device: Device, _: Call) -> Fields:
    return device.settings.http_reports


async def _upgrade(device: Device, call: Call) -> None:
    content = call.body["firmwareFile"].content
    demand(device.busy[0] == 0, Code.SERVER_BUSY)
    demand(len(content) <= device.limits.firmware, Code.FIRMWARE_TOO_BIG)
    demand(str(len(content)) == call.body["fileSize"], Code.FIRMWARE_RECV_ERROR)
    expected = call.body.get("fileMd5", "").lower()
    actual = md5(content, usedforsecurity=False).hexdigest()
    demand(expected in {"", actual}, Code.FIRMWARE_MD5_ERROR)
    demand(content.startswith(FIRMWARE_MAGIC), Code.FIRMWARE_CHECK_ERROR)
    words = content[: len(FIRMWARE_MAGIC) + 40].decode(errors="replace").split()
    device.on_upgrade(0, words[1] if len(words) > 1 else "B4H-v1.3.1", 0)


async def _reboot(device: Device, _: Call) -> None:
    device.log(SYSTEM_LOG, "reboot")
    device.on_reboot()


async def _factory(device: Device, call: Call) -> None:
    device.on_factory(call.query.get("reserveNet", False))


async def _set_ftp_upgrade(device: Device, call: Call) -> None:
    demand(device.busy[0] == 0, Code.SERVER_BUSY)
    device.settings.ftp_upgrade.update(call.body)


async def _run_ftp_upgrade(device: Device, call: Call) -> Fields | None:
    demand(device.busy[0] == 0, Code.SERVER_BUSY)
    server = call.body["serverIp"]
    demand(server not in device.unreachable, Code.FTP_UPGRADE_ADDR_CONNECT_ERR)
    demand(
        call.body["password"] != "wrong",
        Code.FTP_UPGRADE_USER_PASSWORD_ERR,
    )
    demand(
        call.body["serverPath"] not in device.unreachable,
        Code.FTP_UPGRADE_PATH_IS_NOT_EXIST,
    )
    name = call.body.get("filename", "")
    if not name:
        return {"filename": next(iter(device.ftp_packages), "")}
    known = name in device.ftp_packages
    device.on_upgrade(1, device.ftp_packages.get(name, ""), 0 if known else 3)
    return None


async def _get_ftp_upgrade(device: Device, _: Call) -> Fields:
    return device.settings.ftp_upgrade


async def _busy(device: Device, _: Call) -> Fields:
    return {"operation": device.busy[0], "rate": device.busy[1]}


async def _upgrade_end(device: Device, _: Call) -> Fields:
    return device.upgrade


async def _format(device: Device, _: Call) -> None:
    device.alerts.clear()
    device.captures.clear()
    device.files.forget_captures()


OPERATIONS = (
    Operation("GET", "/devices", _get_device),
    Operation("POST", "/devices", _set_device, _DEVICE),
    Operation("POST", "/devices/reports", _set_reports, _REPORTS),
    Operation("GET", "/devices/reports", _get_reports),
    Operation("POST", "/devices/httpReports", _set_http_reports, _HTTP_REPORTS),
    Operation("GET", "/devices/httpReports", _get_http_reports),
    Operation(
        "POST",
        "/devices/firmware",
        _upgrade,
        form=(text("fileSize"), file("firmwareFile"), text("fileMd5", required=False)),
    ),
    Operation("GET", "/devices/reboot", _reboot),
    Operation(
        "GET",
        "/devices/restoreFactorySet",
        _factory,
        query=(switch("reserveNet", required=False),),
    ),
    Operation("POST", "/ftpUpgrade", _set_ftp_upgrade, _FTP_UPGRADE),
    Operation(
        "PUT",
        "/ftpUpgrade",
        _run_ftp_upgrade,
        (*_FTP_SERVER, text("filename", 63, required=False)),
    ),
    Operation("GET", "/ftpUpgrade", _get_ftp_upgrade),
    Operation("GET", "/devices/busyOperationStatus", _busy),
    Operation("GET", "/devices/upgradeEndStatus", _upgrade_end),
    Operation("DELETE", "/devices/formateDisk", _format),
)
