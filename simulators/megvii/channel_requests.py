"""Chapters 7, 14, 15: video and picture channels, their surveillance, ROI."""

import asyncio
import base64
from functools import partial
import re

from simulators import pictures
from simulators.request_fields import array, each, integer, switch

from .arming_fields import ARMING, check_groups, thresholds_read
from .device import Device
from .error_codes import Code, demand, valid
from .models import FACE_MODE, FIRST_PICTURE, LAST_PICTURE, MIXED_MODE, Channel
from .operation import Call, Fields, Operation
from .request_fields import text

_NAME = re.compile(r"[A-Za-z0-9_]+")
_ONLY_FACES = frozenset({FACE_MODE})
_FACES = frozenset({FACE_MODE, MIXED_MODE})
_CREDENTIALS = (
    text("subUrl", 128, required=False),
    text("username", 31, required=False),
    text("password", 63, required=False),
)
_VIDEO = (
    text("videoName", 50, low=1),
    text("url", 128, low=1),
    *_CREDENTIALS,
    integer("rotation"),
)
_PICTURE = (
    text("pictureName", 50, low=1),
    text("deviceId", 128, low=20),
    *_CREDENTIALS,
)
_ROI = (
    integer("videoNo", 1, 16),
    switch("enable"),
    array(
        "area",
        each(integer("posX", 0, 1920), integer("posY", 0, 1080)),
        low=3,
        high=5,
    ),
)


def video_fields(device: Device, channel: Channel) -> Fields:
    """Return what every list of video channels begins with (S16).

    The address is the camera's; the box does not forward streams (chapter 7).
    """
    info = channel.info
    url = info["url"]
    if not url and device.rtsp_port:
        url = f"rtsp://{device.host}:{device.rtsp_port}/{channel.stream}"
    return {
        "videoNo": channel.number,
        "videoName": channel.name,
        "url": url,
        "subUrl": info.get("subUrl", "") or url,
        "username": info.get("username", ""),
        "password": info.get("password", ""),
        "rotation": info.get("rotation", 0),
        "surveillanceEnabled": channel.armed,
        "videoConStatus": channel.status,
    }


def _checked(name: str, body: Fields) -> Fields:
    valid(_NAME.fullmatch(body[name]), name)
    if body.get("rotation", 0) not in {0, 90, 180, 270}:
        body["rotation"] = 0
    return body


def _reachable(device: Device, body: Fields) -> None:
    demand(body["url"].startswith("rtsp://"), Code.ILLEGAL_ARGUMENT, "url")
    demand(
        not any(host in body["url"] for host in device.unreachable),
        Code.VIDEO_CH_ACCESS_FAIL,
    )


async def _create_video(device: Device, call: Call) -> Fields | None:
    body = _checked("videoName", call.body)
    number = body.pop("videoNo")
    demand(number not in device.channels, Code.VIDEO_CH_EXIST)
    videos = device.of_kind(pictures=False)
    demand(len(videos) < device.limits.videos, Code.VIDEO_CH_OVER_LIMIT)
    _reachable(device, body)
    channel = device.add_channel(Channel(number, body))
    return {"videoNo": number, **channel.info} if device.quirks.echo_writes else None


async def _update_video(device: Device, call: Call) -> None:
    channel = device.video(call.number("videoNo"), Code.VIDEO_CH_NOT_EXIST)
    body = _checked("videoName", call.body)
    _reachable(device, body)
    channel.info = body


async def _delete(device: Device, call: Call, *, name: str) -> None:
    number = call.number(name)
    demand(
        number in device.channels
        and device.channels[number].is_picture is (name == "pictureNo"),
        Code.VIDEO_CH_NOT_EXIST,
    )
    ruled = any(number in rule["videoNo"] for rule in device.rules.values())
    demand(not ruled, Code.CHANNEL_BIND_RULES)
    device.remove_channel(number)


async def _arm(device: Device, call: Call, *, name: str) -> None:
    channel = device.channel(call.number(name))
    demand(channel.is_picture is (name == "pictureNo"), Code.NO_VIDEO)
    check_groups(device, call.body)
    body = dict(call.body)
    channel.armed = body.pop("surveillanceEnabled")
    channel.face = body


def _face_settings(channel: Channel) -> Fields:
    """Return how faces are compared at a channel, as it is read."""
    face = dict(channel.face)
    face.pop("bestStrangerUpload", None)
    return {
        "livenessThreshold": float(face.pop("livenessThreshold", 0)),
        "filter": face.pop("filter", {}),
        "group": [thresholds_read(row) for row in face.pop("group", ())],
        **face,
    }


async def _list_videos(device: Device, _: Call) -> Fields:
    rows = [
        {**video_fields(device, channel), **_face_settings(channel)}
        for channel in device.of_kind(pictures=False)
    ]
    return {"videos": rows}


async def _list_pictures(device: Device, _: Call) -> Fields:
    rows = [
        {
            "pictureNo": channel.number,
            **channel.info,
            "livenessEnabled": True,
            "surveillanceEnabled": channel.armed,
            "isOnline": channel.online,
            **_face_settings(channel),
        }
        for channel in device.of_kind(pictures=True)
    ]
    return {"pictures": rows}


async def _create_picture(device: Device, call: Call) -> None:
    body = _checked("pictureName", call.body)
    number = body.pop("pictureNo")
    demand(number not in device.channels, Code.VIDEO_CH_EXIST)
    _own_id(device, body["deviceId"], number)
    device.add_channel(Channel(number, body))


async def _update_picture(device: Device, call: Call) -> None:
    number = call.number("pictureNo")
    channel = device.channel(number, Code.VIDEO_CH_NOT_EXIST)
    demand(channel.is_picture, Code.VIDEO_CH_NOT_EXIST)
    body = _checked("pictureName", call.body)
    _own_id(device, body["deviceId"], number)
    channel.info = body


def _own_id(device: Device, name: str, number: int) -> None:
    valid(name.isdecimal(), "deviceId")
    taken = any(
        channel.info["deviceId"] == name and channel.number != number
        for channel in device.of_kind(pictures=True)
    )
    demand(not taken, Code.DEVICE_ID_IS_EXIST)


async def _snapshot(device: Device, call: Call) -> Fields:
    channel = device.video(call.number("videoNo"))
    demand(channel.online, Code.REQUEST_TIMEOUT)
    drawn = await asyncio.to_thread(
        pictures.scene,
        channel.scene,
        channel_name=channel.name,
        at=device.now(),
        target="empty",
        seed=int(device.now()),
    )
    return {"image": base64.b64encode(drawn).decode()}


async def _reset_track(device: Device, call: Call) -> None:
    demand(device.video(call.number("videoNo")).online, Code.REQUEST_TIMEOUT)


async def _get_roi(device: Device, call: Call) -> Fields:
    return device.video(call.number("videoNO")).roi or {"enable": False, "area": []}


async def _set_roi(device: Device, call: Call) -> None:
    body = dict(call.body)
    device.video(body.pop("videoNo")).roi = body


async def _delete_roi(device: Device, call: Call) -> None:
    device.video(call.number("videoNO")).roi = None


_VIDEO_NO, _PICTURE_NO = "/videos/{videoNo}", "/pictures/{pictureNo}"

OPERATIONS = (
    Operation("POST", "/videos", _create_video, (integer("videoNo", 1, 16), *_VIDEO)),
    Operation("GET", "/videos", _list_videos, modes=_ONLY_FACES),
    Operation(
        "PUT",
        f"{_VIDEO_NO}/surveillances",
        partial(_arm, name="videoNo"),
        ARMING,
        other=f"{_VIDEO_NO}/serveillances",
        modes=_ONLY_FACES,
    ),
    Operation("DELETE", _VIDEO_NO, partial(_delete, name="videoNo")),
    Operation("GET", f"{_VIDEO_NO}/snapFullImage", _snapshot),
    Operation("GET", f"{_VIDEO_NO}/trackReset", _reset_track),
    Operation("PUT", _VIDEO_NO, _update_video, _VIDEO),
    Operation(
        "POST",
        "/pictures",
        _create_picture,
        (integer("pictureNo", FIRST_PICTURE, LAST_PICTURE), *_PICTURE),
    ),
    Operation(
        "PUT",
        f"{_PICTURE_NO}/surveillances",
        partial(_arm, name="pictureNo"),
        (*ARMING, switch("livenessEnabled", required=False)),
        other=f"{_PICTURE_NO}/serveillances",
        modes=_FACES,
    ),
    Operation("GET", "/pictures", _list_pictures),
    Operation("DELETE", _PICTURE_NO, partial(_delete, name="pictureNo")),
    Operation("PUT", _PICTURE_NO, _update_picture, _PICTURE),
    Operation("GET", "/areaROI/{videoNO}", _get_roi),
    Operation("POST", "/areaROI", _set_roi, _ROI),
    Operation("DELETE", "/areaROI/{videoNO}", _delete_roi),
)
