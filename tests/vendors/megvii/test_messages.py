"""Headers, JSON and pictures, however they are packed."""

import json
from typing import Any, Literal

from hypothesis import given, strategies as st
import pytest

from custom_components.vision_hub.vendors.contract import (
    CallbackPart,
    CallbackRequest,
    MalformedMessage,
)
from custom_components.vision_hub.vendors.megvii.messages import (
    Message,
    acknowledgement,
    parse_frame,
    parse_request,
    read_frame,
)
from custom_components.vision_hub.vendors.model import PictureRole

from .conftest import DEVICE_ID, JPEG
from .samples import (
    EVENT,
    TIME,
    TRACK,
    encoded,
    framed,
    http_capture,
    ws_alert,
    ws_capture,
)

FACE, SCENE, TOP = JPEG + b"face", JPEG + b"whole scene", JPEG + b"top"
SIZES = {"captureFace": len(FACE), "fullImage": len(SCENE), "Top1": len(TOP)}
PICTURES = {
    PictureRole.TARGET: FACE,
    PictureRole.SCENE: SCENE,
    PictureRole.LIBRARY: TOP,
}


def request(
    content: bytes = b"",
    content_type: str = "application/json",
    method: str = "POST",
    query: dict[str, str] | None = None,
    parts: tuple[CallbackPart, ...] = (),
) -> CallbackRequest:
    return CallbackRequest(
        method=method,
        tail="",
        query=query or {},
        headers={},
        content_type=content_type,
        content=content,
        parts=parts,
    )


@pytest.mark.parametrize("order", ["little", "big"])
@pytest.mark.parametrize("padding", [b"\0", b" "])
def test_both_orders_of_bytes(order: Literal["little", "big"], padding: bytes) -> None:
    message = parse_frame(
        framed(
            "Alert",
            ws_alert(images=SIZES),
            FACE,
            SCENE,
            TOP,
            order=order,
            padding=padding,
        )
    )
    assert (message.type, message.sequence) == ("Alert", 7)
    assert message.fields["trackId"] == TRACK
    assert message.pictures == PICTURES


def test_captures_have_lengths_beside_the_rest() -> None:
    fields = ws_capture(captureFace=len(FACE), fullImage=len(SCENE))
    message = parse_frame(framed("Capture", fields, FACE, SCENE))
    assert message.pictures == {PictureRole.TARGET: FACE, PictureRole.SCENE: SCENE}


def test_the_misprinted_key_is_taken() -> None:
    fields = ws_capture(captureFace=0, fulIImage=str(len(SCENE)))
    message = parse_frame(framed("Capture", fields, SCENE))
    assert message.pictures == {PictureRole.SCENE: SCENE}


@pytest.mark.parametrize(
    ("sizes", "rest", "expected"),
    [
        (SIZES, FACE + SCENE[:5], {PictureRole.TARGET: FACE}),
        (SIZES, b"", {}),
        ({"captureFace": 10**18}, FACE, {}),
        ({"captureFace": -4}, FACE, {}),
        ({"captureFace": 4}, b"nope", {}),
        ("no object", FACE, {}),
        ({}, FACE, {}),
    ],
)
def test_broken_pictures_never_cost_the_message(
    sizes: Any, rest: bytes, expected: dict[PictureRole, bytes]
) -> None:
    message = parse_frame(framed("Alert", ws_alert(images=sizes), rest))
    assert message.pictures == expected
    assert message.fields["description"] == "Ada"


def test_a_length_that_counts_the_header() -> None:
    content = json.dumps(ws_alert()).encode()
    frame = b"Alert\0\0\0" + (16 + len(content)).to_bytes(4, "little") + bytes(4)
    assert parse_frame(frame + content).fields["videoNo"] == 1


def test_messages_without_a_header() -> None:
    beat = {"deviceId": DEVICE_ID, "timestamp": TIME}
    for content in (
        json.dumps(beat).encode(),
        b" " + json.dumps(beat).encode() + b"\0",
    ):
        message = parse_frame(content)
        assert (message.type, message.fields) == ("", beat)
    # 25.4: pictures in Base64.
    event = {**EVENT, "captureFace": encoded(FACE), "fullImage": encoded(SCENE)}
    assert parse_frame(json.dumps(event).encode()).pictures == {
        PictureRole.TARGET: FACE,
        PictureRole.SCENE: SCENE,
    }


def test_the_box_as_server_gives_base64_and_an_address() -> None:
    images = {"captureFace": encoded(FACE), "fullImage": "http://10.0.0.1/a/b.jpg"}
    message = parse_frame(framed("Alert", ws_alert(images=images, dataType="Alert")))
    assert message.pictures == {PictureRole.TARGET: FACE}
    assert message.references == {PictureRole.SCENE: "http://10.0.0.1/a/b.jpg"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"{]}",
        b"\xff\xfe\xfd",
        b"Alert\0\0\0",
        b"Alert\0\0\0\x05\0\0\0\0\0\0\0{}",
        b"12345678" + bytes(8) + b"{}",
        framed("Alert", ws_alert())[:-9],
        framed("Alert", ws_alert()).replace(b"{", b"(", 1),
    ],
)
def test_what_is_no_message(content: bytes) -> None:
    with pytest.raises(MalformedMessage):
        parse_frame(content)


@given(st.binary(max_size=200))
def test_noise(content: bytes) -> None:
    for each in (content, b"Alert\0\0\0" + content, b"{" + content):
        try:
            parse_frame(each)
        except MalformedMessage:
            continue


async def test_big_messages_are_unpacked_elsewhere() -> None:
    big = JPEG + bytes(300_000)
    fields = ws_capture(captureFace=len(big), fullImage=0)
    message = await read_frame(framed("Capture", fields, big))
    assert message.pictures == {PictureRole.TARGET: big}


# HTTP


def test_pictures_in_a_body() -> None:
    message = http_capture(fullImage=encoded(SCENE), photo=encoded(FACE))
    for content_type in ("application/json", "text/plain", "application/octet-stream"):
        (found,) = parse_request(request(json.dumps(message).encode(), content_type))
        assert found.pictures == {PictureRole.TARGET: FACE, PictureRole.SCENE: SCENE}


def test_the_photo_of_an_event_is_the_scene() -> None:
    message = {**EVENT, "photo": encoded(SCENE)}
    (found,) = parse_request(request(json.dumps(message).encode()))
    assert found.pictures == {PictureRole.SCENE: SCENE}


def test_get_and_forms() -> None:
    message = http_capture(photo="")
    texts = {
        key: value if isinstance(value, str) else json.dumps(value)
        for key, value in message.items()
    }
    (in_query,) = parse_request(request(method="GET", query=texts))
    assert in_query.fields["faceAttr"] == message["faceAttr"]
    (in_body,) = parse_request(request(json.dumps(message).encode(), method="GET"))
    assert in_body.fields == message
    (as_one,) = parse_request(request(query={"data": json.dumps(message)}))
    assert as_one.fields == message
    (form,) = parse_request(
        request(b"video_number=1&track_id=5", "application/x-www-form-urlencoded")
    )
    assert form.fields == {"video_number": "1", "track_id": "5"}


def test_multipart() -> None:
    parts = (
        CallbackPart("video_number", None, "text/plain", b"1"),
        CallbackPart("faceAttr", None, "text/plain", b'{"age": 3}'),
        CallbackPart("photo", "a.jpg", "image/jpeg", FACE),
    )
    (found,) = parse_request(request(parts=parts))
    assert found.fields == {"video_number": "1", "faceAttr": {"age": 3}}
    assert found.pictures == {PictureRole.TARGET: FACE}


@pytest.mark.parametrize("content", [b"{", b"x", b"\xff\xd8\xff"])
def test_what_is_no_message_over_http(content: bytes) -> None:
    with pytest.raises(MalformedMessage):
        parse_request(request(content))


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b"{}"])
def test_what_says_nothing_over_http(content: bytes) -> None:
    assert parse_request(request(content)) == []


@pytest.mark.parametrize("photo", ["", "no base64!", encoded(b"no picture"), 7, None])
def test_a_bad_photo_is_left_out(photo: Any) -> None:
    message = http_capture(photo=photo)
    (found,) = parse_request(request(json.dumps(message).encode()))
    assert found.pictures == {}


# Acknowledgements


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (
            Message(type="Alert", fields=ws_alert(timestamp=1543893775, trackId=6018)),
            "Alert_01_1543893775_6018_ACK",
        ),
        (
            Message(type="Capture", fields=ws_capture(catchTimestamp=1543893775)),
            "Capture_01_1543893775_6018_ACK",
        ),
        (
            Message(type="Alert", fields=ws_alert(videoNo=17)),
            f"Alert_17_{TIME}_{TRACK}_ACK",
        ),
        (
            Message(fields=ws_capture(dataType="Capture")),
            f"Capture_01_{TIME}_6018_ACK",
        ),
        (Message(fields=ws_capture()), f"Capture_01_{TIME}_6018_ACK"),
        (Message(fields={"deviceId": DEVICE_ID, "timestamp": TIME}), None),
        (Message(fields=EVENT), None),
        (Message(type="Alert", fields=EVENT), "Alert_00_1596503018000_4593450_ACK"),
    ],
)
def test_acknowledgements_echo_what_came(message: Message, text: str | None) -> None:
    assert acknowledgement(message) == text
