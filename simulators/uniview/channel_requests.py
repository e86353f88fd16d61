"""Chapter 4: cameras."""

from typing import Any

from simulators.request_fields import Field, array, digits, each, integer, text

from .device import Device
from .error_codes import Code, Refusal
from .models import Channel, ChannelMode
from .operation import Answer, Fields, Operation, named_like, page_of
from .request_fields import PAGING

ONVIF = 1
RTSP = 2

_CONNECTION: tuple[Field, ...] = (
    integer("transport_type", required=False, choices=(1, 2)),
    text("rtsp", 256, required=False),
    text("ip", required=False),
    text("username", 64, required=False),
    text("pwd", 512, required=False),
    integer("video_type", required=False, choices=(1, 2)),
    integer("video_id", required=False),
    text("custom_code", 64, required=False),
)
_PORT = integer("port", required=False, low=0, high=65535)
_TYPE = integer("type", choices=(ONVIF, RTSP))

ADD = (_TYPE, text("channel_name", 64, low=1), _PORT, *_CONNECTION)
UPDATE = (integer("channel_id"), text("channel_name", 64), _PORT, *_CONNECTION)
IMPORT_ELEMENT = (
    _TYPE,
    text("channel_name", 64, low=1),
    digits("port", required=False, high=65535),
    *_CONNECTION,
)
LIST = (text("channel_name", 64, required=False), *PAGING)
PROBE = (
    text("ip", low=1),
    integer("port", low=0, high=65535),
    text("username", 64),
    text("pwd", 512),
)

_CAMERAS = (
    ("HD", "A27", "IPC_C6101-B0001P80L01D1809NB"),
    ("Lakeside", "LS-220", "LS220_1.4.12"),
    ("Uniview", "IPC-B2A4", "IPC_B2201-B0018P10D2401"),
)


def camera_of(address: str) -> dict[str, str]:
    """Return the identity that a camera at this address has."""
    number = sum(address.encode())
    manufacturer, model, firmware = _CAMERAS[number % len(_CAMERAS)]
    return {
        "manufacturer": manufacturer,
        "model": model,
        "firmware_version": firmware,
        "serial_number": f"1898{number:08d}V{number % 99999:05d}",
        "hardware_id": model,
    }


async def public_key(device: Device, _: Fields) -> Answer:
    """4.1."""
    return {"public_key": await device.rsa.public_pem()}


async def probe(device: Device, request: Fields) -> Answer:
    """4.2: a camera has a main and a sub stream."""
    await device.rsa.decrypt(request["pwd"])
    address = request["ip"]
    if address in device.unreachable_cameras:
        raise Refusal(Code.COMMON_ERROR)
    streams = (("1024", "H264", "1920*1080"), ("512", "H264", "640*360"))
    return {
        **camera_of(address),
        "video": [
            {
                "id": number,
                "rtsp": device.stream_url(f"camera/{address}/video{number}"),
                "bitrate": bitrate,
                "fps": "25",
                "encoding": encoding,
                "gop": "25",
                "quality": "5",
                "ratio": ratio,
            }
            for number, (bitrate, encoding, ratio) in enumerate(streams, 1)
        ],
    }


async def _connect(device: Device, channel: Channel, request: Fields) -> None:
    """Take over the connection fields; what is left out keeps its value."""
    names = ("transport_type", "ip", "port", "username", "video_type", "video_id")
    for name in (*names, "custom_code", "rtsp"):
        if name in request:
            setattr(channel, name, request[name])
    if request.get("pwd"):
        channel.password = await device.rsa.decrypt(request["pwd"])
    if channel.type == RTSP:
        complete = bool(channel.rtsp)
    else:
        complete = bool(channel.ip) and channel.port is not None
    if channel.video_type == 2 and channel.video_id is None:
        complete = False
    if not complete:
        raise Refusal(Code.INVALID_ARGUMENTS)
    if channel.type == ONVIF and channel.ip:
        camera = camera_of(channel.ip)
        channel.manufacturer = camera["manufacturer"]
        channel.model = camera["model"]
        channel.serial_number = camera["serial_number"]
        channel.online = channel.ip not in device.unreachable_cameras
        if not channel.rtsp:
            channel.rtsp = f"camera/{channel.ip}/video1"


async def _add(device: Device, request: Fields) -> Channel:
    if len(device.channels) >= device.limits.channels:
        raise Refusal(Code.COMMON_ERROR)
    channel = Channel(0, request["channel_name"], type=request["type"])
    await _connect(device, channel, request)
    channel.channel_id = device.next_id("channel")
    return device.add_channel(channel, mode=ChannelMode.ADDED)


async def add(device: Device, request: Fields) -> Answer:
    """4.3."""
    return {"channel_id": (await _add(device, request)).channel_id}


async def delete(device: Device, request: Fields) -> Answer:
    """4.4: nothing is deleted when one of the ids is unknown."""
    for channel_id in request["channel_id_list"]:
        device.channel(channel_id)
    for channel_id in dict.fromkeys(request["channel_id_list"]):
        device.remove_channel(channel_id)
    return None


async def update(device: Device, request: Fields) -> Answer:
    """4.5: a refused change leaves the channel as it was."""
    channel = device.channel(request["channel_id"])
    before = {
        name: getattr(channel, name)
        for name in (
            *("transport_type", "ip", "port", "username", "video_type", "video_id"),
            *("custom_code", "rtsp", "password", "online"),
        )
    }
    try:
        await _connect(device, channel, request)
    except Refusal:
        for name, value in before.items():
            setattr(channel, name, value)
        raise
    channel.name = request["channel_name"]
    device.on_channel(channel, ChannelMode.MODIFIED)
    return None


def describe(device: Device, channel: Channel) -> dict[str, Any]:
    """Return an element of `channel_list`; fields without a value are left out."""
    quirks = device.quirks
    element: dict[str, Any] = {
        "channel_id": channel.channel_id,
        "channel_name": channel.name,
        "status": 1 if channel.online else 2,
        "type": channel.type,
        "off_reason": 0 if channel.online else 1,
        "custom_code": channel.custom_code,
        "ip": channel.ip,
        "port": channel.port,
        "username": channel.username,
        "serial_number": channel.serial_number,
        "model": channel.model,
        "manufacturer": channel.manufacturer,
    }
    if not quirks.all_in_one:
        element["transport_type"] = channel.transport_type
    if not quirks.no_stream_urls:
        element["rtsp"] = channel.rtsp and device.stream_url(channel.rtsp)
        if quirks.all_in_one:
            element["flv"] = f"http://{device.host}/flv/live/{channel.channel_id}.flv"
    return {name: value for name, value in element.items() if value is not None}


async def list_channels(device: Device, request: Fields) -> Answer:
    """4.6."""
    rows = [
        describe(device, channel)
        for _, channel in sorted(device.channels.items())
        if named_like(channel.name, request.get("channel_name"))
    ]
    return page_of(device, rows, request, "channel_list")


async def import_channels(device: Device, request: Fields) -> Answer:
    """4.7: failures are told by name only."""
    failed: list[str] = []
    for element in request["channel_list"]:
        try:
            await _add(device, element)
        except Refusal:
            failed.append(element["channel_name"])
    return {"fail_list": failed}


OPERATIONS = (
    Operation(
        "/api/v2/rsa/publickey",
        public_key,
        empty_body=True,
        content=None,
        no_status_code=True,
    ),
    Operation("/api/v2/channel/device/info", probe, PROBE),
    Operation("/api/v2/channel/add", add, ADD),
    Operation(
        "/api/v2/channel/delete",
        delete,
        (array("channel_id_list", integer()),),
        no_status_code=True,
    ),
    Operation("/api/v2/channel/update", update, UPDATE),
    Operation("/api/v2/channel/list", list_channels, LIST, code_is_string=True),
    Operation(
        "/api/v2/channel/import",
        import_channels,
        (array("channel_list", each(*IMPORT_ELEMENT)),),
        no_status_code=True,
    ),
)
