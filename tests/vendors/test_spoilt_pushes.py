"""An alarm counts, with its picture, whatever the box made of its message."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
import json
from typing import Any
from urllib.parse import quote

import orjson
import pytest

from custom_components.vision_hub.vendors.contract import (
    CallbackPart,
    CallbackRequest,
    open_body,
)
from custom_components.vision_hub.vendors.huawei.hub.push import (
    read_message as read_huawei,
)
from custom_components.vision_hub.vendors.huawei.messages import opened
from custom_components.vision_hub.vendors.megvii.alarms import (
    Site as MegviiSite,
    read_message,
)
from custom_components.vision_hub.vendors.megvii.attributes import FaceSet
from custom_components.vision_hub.vendors.megvii.messages import (
    parse_frame,
    parse_request,
)
from custom_components.vision_hub.vendors.model import Alarm, PictureRole
from custom_components.vision_hub.vendors.sensetime.alarms import Site, parse_pushes
from custom_components.vision_hub.vendors.uniview.alarms import read_pushes

from ..helpers.spoilt import BYTES, NAME, NUMBERS, odd_numbers
from .huawei.samples import alarm as huawei_alarm, face_alarm
from .megvii.samples import JPEG, encoded, http_capture, ws_alert
from .sensetime.test_alarms import RESULT
from .uniview.test_alarms import SERIAL, behaviour, compared, message as uniview_message

NOW = datetime(2024, 5, 1, 2, 0, tzinfo=UTC)

OPEN = MegviiSite()

type Read = Callable[[bytes], list[Alarm]]


def request(content: bytes, content_type: str = "application/json") -> CallbackRequest:
    return CallbackRequest(
        method="POST",
        tail="",
        query={},
        headers={},
        content_type=content_type,
        content=content,
    )


def uniview(content: bytes) -> list[Alarm]:
    body = open_body(request(content)).json
    return [each.alarm for each in read_pushes(body, SERIAL, NOW) if each.alarm]


def megvii_http(content: bytes) -> list[Alarm]:
    return [
        alarm
        for message in parse_request(request(content))
        for alarm in read_message(message, OPEN, NOW, faces=FaceSet.B)
    ]


def megvii_socket(content: bytes) -> list[Alarm]:
    head = b"Alert\0\0\0" + len(content).to_bytes(4, "little") + bytes(4)
    message = parse_frame(head + content + JPEG)
    return list(read_message(message, OPEN, NOW, faces=FaceSet.A))


def sensetime(content: bytes) -> list[Alarm]:
    body = open_body(request(content)).json
    return [each.alarm for each in parse_pushes(body, Site(), NOW) if each.alarm]


def huawei(content: bytes) -> list[Alarm]:
    return list(read_huawei(opened(content), lambda _: (), NOW).alarms)


CASES: dict[str, tuple[Read, Any]] = {
    "uniview": (
        uniview,
        uniview_message(
            channel_info={"channel_id": 1, "channel_name": NAME},
            behaviour=behaviour(in_num=3, out_num=2),
            compare_results=[compared(person_name=NAME)],
        ),
    ),
    "megvii over HTTP": (
        megvii_http,
        http_capture(screen_token=NAME, photo=encoded(JPEG)),
    ),
    "megvii over a socket": (
        megvii_socket,
        ws_alert(channelName=NAME, description=NAME, images={"captureFace": len(JPEG)}),
    ),
    "sensetime": (
        sensetime,
        {
            "code": 0,
            "msg": "",
            "msg_id": 774,
            "data": RESULT | {"camera_name": NAME, "snap_buf": encoded(JPEG)},
        },
    ),
    "huawei": (huawei, face_alarm(name=NAME)),
    "huawei, an alarm": (huawei, huawei_alarm(channel_name=NAME, enter_count=3)),
}


RENAMED = {
    *("latin-1", "cut", "control characters", "nul in a name"),
    *("surrogate", "wrong escapes"),
}


def written(message: Any) -> bytes:
    return json.dumps(message, ensure_ascii=False).encode()


def shown(alarm: Alarm) -> tuple[Any, ...]:
    return (
        alarm.id,
        alarm.kind,
        alarm.code,
        alarm.channel,
        alarm.time,
        [(picture.role, picture.data, picture.reference) for picture in alarm.pictures],
    )


@pytest.mark.parametrize("how", BYTES)
@pytest.mark.parametrize("case", CASES)
def test_bytes(case: str, how: str) -> None:
    read, message = CASES[case]
    (whole,) = read(written(message))
    (alarm,) = read(BYTES[how](message))
    assert shown(alarm) == shown(whole)
    if how not in RENAMED:
        assert alarm == whole


@pytest.mark.parametrize(
    "wrap",
    [
        lambda message: {"data": message},
        lambda message: {"events": [message]},
        lambda message: {"code": 0, "data": {"params": message}},
        lambda message: {"code": 0, "data": {"list": [message]}},
        lambda message: {"data": json.dumps(message)},
    ],
)
@pytest.mark.parametrize("case", CASES)
def test_a_message_within_others(case: str, wrap: Callable[[Any], Any]) -> None:
    read, message = CASES[case]
    assert read(written(wrap(message))) == read(written(message))


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("case", CASES)
def test_numbers(case: str, number: str) -> None:
    read, message = CASES[case]
    (whole,) = read(written(message))
    for content in odd_numbers(message, number):
        alarms = read(content)
        # A message whose kind is not told may be any.
        assert alarms or b'"type"' in content or b'"msg_id"' in content
        for alarm in alarms:
            # Who archives and who tells it can write it down.
            orjson.dumps(asdict(alarm), default=repr)
            pictures = {picture.role: picture.data for picture in alarm.pictures}
            expected = {picture.role: picture.data for picture in whole.pictures}
            if case != "megvii over a socket":
                assert pictures == expected


@pytest.mark.parametrize(
    "content_type",
    [
        "application/x-www-form-urlencoded",
        "text/plain",
        "octet-stream",
        "",
        "multipart/x",
    ],
)
@pytest.mark.parametrize("case", ["uniview", "sensetime", "megvii over HTTP"])
def test_json_of_another_type(case: str, content_type: str) -> None:
    _, message = CASES[case]
    assert open_body(request(written(message), content_type)).json == written(message)
    found = parse_request(request(written(http_capture()), content_type))
    assert found[0].fields == http_capture()


@pytest.mark.parametrize("end", ["", "=", "=\r\n"])
def test_json_as_the_name_of_a_field(end: str) -> None:
    _, message = CASES["sensetime"]
    content = quote(json.dumps(message), safe="") + end
    body = open_body(request(content.encode(), "application/x-www-form-urlencoded"))
    assert json.loads(body.json) == message


@pytest.mark.parametrize("name", ["json", "data", "message"])
def test_json_within_a_form_or_parts(name: str) -> None:
    content = BYTES["gbk name"](CASES["sensetime"][1])
    form = b"key=our-key&" + name.encode() + b"=" + content.replace(b"&", b"%26")
    escaped = b"key=our-key&%s=%s" % (
        name.encode(),
        b"".join(b"%%%02X" % byte for byte in content),
    )
    for body in (form.replace(b"+", b"%2B"), escaped):
        opened_form = open_body(request(body, "application/x-www-form-urlencoded"))
        assert opened_form.fields["key"] == b"our-key"
        assert opened_form.json == content
    parts = (
        CallbackPart("key", None, "text/plain", b"our-key"),
        CallbackPart(name, None, "text/plain", content),
        CallbackPart("snap", "a.jpg", "image/jpeg", JPEG),
    )
    opened_parts = open_body(
        CallbackRequest(
            method="POST",
            tail="",
            query={},
            headers={},
            content_type="multipart/form-data",
            content=b"",
            parts=parts,
        )
    )
    assert opened_parts.json == content
    assert opened_parts.fields["snap"] == JPEG


def test_a_picture_behind_a_message_in_gbk() -> None:
    fields = ws_alert(channelName=NAME, images={"captureFace": len(JPEG)})
    (alarm,) = megvii_socket(BYTES["gbk"](fields))
    assert alarm.channel_name == NAME
    assert {picture.role: picture.data for picture in alarm.pictures} == {
        PictureRole.TARGET: JPEG
    }
