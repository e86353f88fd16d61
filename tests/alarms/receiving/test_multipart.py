"""Parts of bodies as real boxes write them."""

from aiohttp.test_utils import TestClient
import pytest

from custom_components.vision_hub.vendors.contract import (
    CallbackPart,
    MalformedMessage,
    parts_in,
)

from .conftest import Handler

PICTURE = b"\xff\xd8\xff\r\n--bo\r\n\r\n--\x00" + bytes(range(256))


def body(
    boundary: bytes = b"boundary", end: bytes = b"\r\n", last: bytes = b"--\r\n"
) -> bytes:
    lines = [
        b"--" + boundary,
        b'Content-Disposition: form-data; name="json"',
        b"",
        b'{"a": 1}',
        b"--" + boundary,
        b'content-disposition:form-data;name=snap;filename="C:\\pics\\'
        + "人脸".encode("gbk")
        + b'.jpg"',
        b"CONTENT-TYPE: image/jpeg; charset=x",
        b"",
        PICTURE,
        b"--" + boundary,
    ]
    return end.join(lines) + last


PARTS = (
    CallbackPart("json", None, "application/octet-stream", b'{"a": 1}'),
    CallbackPart("snap", "人脸.jpg", "image/jpeg", PICTURE),
)


@pytest.mark.parametrize(
    "content_type",
    [
        *("multipart/form-data", "multipart/form-data; boundary=", ""),
        "multipart/form-data; boundary=boundary",
        'multipart/form-data; boundary="boundary"',
        # With its dashes, which belong to the lines alone.
        "multipart/form-data; boundary=--boundary",
        "multipart/form-data; boundary=another",
        "multipart/form-data; charset=utf-8",
        *("application/octet-stream", "application/json", "text/plain", "odd"),
    ],
)
async def test_whatever_the_header_says(
    client: TestClient,
    handler: Handler,
    path: str,
    content_type: str,
) -> None:
    answer = await client.post(
        path, data=body(), headers={"Content-Type": content_type}
    )
    assert answer.status == 200
    assert handler.requests[0].parts == PARTS
    assert handler.requests[0].content == b""


@pytest.mark.parametrize(
    "content",
    [
        body(end=b"\n"),
        b"\r\n" + body(),
        body(last=b"--"),
        body(last=b"--\r\nepilogue"),
        body(b"----WebKitFormBoundaryX/+(y"),
    ],
)
def test_line_ends_and_boundaries(content: bytes) -> None:
    parts = parts_in(content, "")
    assert parts
    assert [part.name for part in parts] == ["json", "snap"]
    assert parts[0].content == b'{"a": 1}'
    assert parts[1].content == PICTURE


def test_a_body_that_is_cut_off() -> None:
    whole = body()
    cut = whole[: whole.index(PICTURE) + 5]
    (json, picture) = parts_in(cut, "multipart/form-data; boundary=boundary") or ()
    assert (json.content, picture.content) == (b'{"a": 1}', PICTURE[:5])


def test_names_in_any_spelling() -> None:
    content = (
        b"--b\r\nContent-Disposition: form-data; filename*=UTF-8''%E4%BA%BA.jpg;"
        b' name="a\\"b"\r\n\r\n\r\n--b\r\n\r\nbare\r\n--b--'
    )
    first, second = parts_in(content, "") or ()
    assert (first.name, first.filename, first.content) == ('a"b', "人.jpg", b"")
    assert (second.name, second.filename, second.content) == ("", None, b"bare")


@pytest.mark.parametrize(
    "content", [b"", b"x", b"--", b"--b\r\nno end", b"x\r\n--b\r\n"]
)
def test_what_has_no_parts(content: bytes) -> None:
    with pytest.raises(MalformedMessage):
        parts_in(content, "multipart/form-data")


async def test_json_is_never_taken_for_parts(
    client: TestClient, path: str, handler: Handler
) -> None:
    content = b'{"a": "--b\\r\\nContent-Disposition: x"}'
    for content_type in ("multipart/form-data", "text/plain", "application/json"):
        await client.post(path, data=content, headers={"Content-Type": content_type})
    assert [request.content for request in handler.requests] == [content] * 3
    assert not any(request.parts for request in handler.requests)
