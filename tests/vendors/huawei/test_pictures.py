"""Pictures: addresses that live for five minutes, and what must not be followed."""

import asyncio
import base64
from collections.abc import AsyncIterator
from typing import Any

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
import pytest

from custom_components.vision_hub.vendors.errors import (
    AuthenticationFailed,
    InvalidRequest,
    RejectedByHub,
    UnexpectedAnswer,
    VisionError,
)
from custom_components.vision_hub.vendors.huawei.hub import HuaweiHub, pictures

from ...helpers.doubles import Tokens
from .conftest import JPEG, Cloud, fail, open_hub
from .samples import DEVICE

ALARMS = "POST /v1/alarms/pictures"
DATA = "POST /v1/intelligence-data/pictures"
UUID = f"{DEVICE}_0_mask_alarm_20230210173730_148"
KEY = "167651219912500100070000kcxdq120"
STATIC = f"/v1/holo/tlv_{DEVICE}_4_20230216_tlv_0004.jpg/static"
DONE: Any = {"code": "IVM.0", "msg": "Success"}


def picture(content: bytes = JPEG) -> Any:
    return lambda _: web.Response(body=content, content_type="application/octet-stream")


def links(cloud: Cloud, scene: str = "/x.jav", library: str = "") -> dict[str, Any]:
    base = cloud.url.rstrip("/")
    return {
        "failed_num": 0,
        "alarms": [
            {
                "alarm_uuid": UUID,
                "url": scene and f"{base}{scene}?secret=a%2Bb&expire=1",
                "targetgroup_url": library and f"{base}{library}?secret=c",
                "result": DONE,
            }
        ],
    }


async def test_an_alarm_is_asked_for_its_pictures_when_they_are_fetched(
    hub: HuaweiHub, cloud: Cloud
) -> None:
    cloud.answers[ALARMS] = links(cloud, "/scene.jav", "/library.jav")
    cloud.answers["GET /scene.jav"] = picture()
    cloud.answers["GET /library.jav"] = picture(JPEG + b"!")
    assert await hub.fetch(f"alarm:{UUID}") == JPEG
    assert await hub.fetch(f"alarm-library:{UUID}") == JPEG + b"!"
    # Once for both.
    assert cloud.asked(ALARMS) == [{"alarm_uuids": [UUID]}]
    # The query string is a signature.
    assert any("secret=a%2Bb&expire=1" in each.raw for each in cloud.requests)


async def test_addresses_are_not_used_after_their_time(
    hub: HuaweiHub, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(pictures, "monotonic", lambda: now[0])
    cloud.answers[ALARMS] = links(cloud)
    cloud.answers["GET /x.jav"] = picture()
    await hub.fetch(f"alarm:{UUID}")
    now[0] = 299.0
    await hub.fetch(f"alarm:{UUID}")
    assert len(cloud.asked(ALARMS)) == 2


async def test_an_address_that_died_early_is_asked_for_again(
    hub: HuaweiHub, cloud: Cloud
) -> None:
    cloud.answers[ALARMS] = links(cloud)
    cloud.answers["GET /x.jav"] = lambda _: web.Response(status=403)
    with pytest.raises(VisionError):
        await hub.fetch(f"alarm:{UUID}")
    cloud.answers["GET /x.jav"] = picture()
    assert await hub.fetch(f"alarm:{UUID}") == JPEG
    assert len(cloud.asked(ALARMS)) == 2


async def test_nobody_recognised_has_no_library_picture(
    hub: HuaweiHub, cloud: Cloud
) -> None:
    cloud.answers[ALARMS] = links(cloud)
    with pytest.raises(RejectedByHub):
        await hub.fetch(f"alarm-library:{UUID}")


@pytest.mark.parametrize("form", ["item", "whole"])
async def test_an_alarm_without_a_picture_is_told(
    hub: HuaweiHub, cloud: Cloud, form: str
) -> None:
    result: Any = {"code": "IVM.20040004", "msg": "no picture"}
    cloud.answers[ALARMS] = (
        {"failed_num": 1, "alarms": [{"alarm_uuid": UUID, "result": result}]}
        if form == "item"
        else lambda _: fail("IVM.20040004")
    )
    with pytest.raises(RejectedByHub) as caught:
        await hub.fetch(f"alarm:{UUID}")
    assert caught.value.code == "IVM.20040004"


@pytest.mark.parametrize("answer", [{}, {"alarms": None}, {"alarms": [5]}])
async def test_an_odd_answer_is_told(hub: HuaweiHub, cloud: Cloud, answer: Any) -> None:
    cloud.answers[ALARMS] = answer
    with pytest.raises(UnexpectedAnswer):
        await hub.fetch(f"alarm:{UUID}")


@pytest.mark.parametrize("form", ["binary", "json"])
async def test_the_address_of_a_message_is_followed_with_our_token(
    hub: HuaweiHub, cloud: Cloud, form: str
) -> None:
    data: Any = {"pic_data": base64.b64encode(JPEG).decode()}
    cloud.answers[f"GET {STATIC}"] = picture() if form == "binary" else data
    reference = f"{cloud.url.rstrip('/')}{STATIC}#TARGET/BACKGROUND/{KEY}"
    assert await hub.fetch(reference) == JPEG
    assert not cloud.asked(DATA)


async def test_a_dead_address_is_replaced(hub: HuaweiHub, cloud: Cloud) -> None:
    base = cloud.url.rstrip("/")
    cloud.answers[f"GET {STATIC}"] = lambda _: fail("IVM.20040011")
    cloud.answers[DATA] = {
        "failed_num": 0,
        "data": [
            {
                "data_id": KEY,
                "urls": [
                    {"type": "TARGET", "url": f"{base}/other.jav"},
                    {"type": "BACKGROUND", "url": f"{base}/new.jav"},
                ],
                "result": DONE,
            }
        ],
    }
    cloud.answers["GET /new.jav"] = picture()
    assert await hub.fetch(f"{base}{STATIC}#TARGET/BACKGROUND/{KEY}") == JPEG
    assert cloud.asked(DATA) == [
        {"data_classification": "TARGET", "type": "BACKGROUND", "data_ids": [KEY]}
    ]


@pytest.mark.parametrize(
    "answer",
    [
        {"data": [{"data_id": KEY, "urls": [], "result": DONE}]},
        {"data": [{"data_id": KEY, "result": {"code": "IVM.10027008"}}]},
    ],
)
async def test_a_picture_that_is_gone_is_told(
    hub: HuaweiHub, cloud: Cloud, answer: Any
) -> None:
    cloud.answers[f"GET {STATIC}"] = lambda _: fail("IVM.20040011")
    cloud.answers[DATA] = answer
    with pytest.raises(RejectedByHub):
        await hub.fetch(f"{cloud.url.rstrip('/')}{STATIC}#TARGET/BODY/{KEY}")


async def test_wrong_keys_are_not_taken_for_a_dead_address(
    session: ClientSession, cloud: Cloud
) -> None:
    hub = open_hub(session, cloud.url, Tokens(), secret_key="wrong")
    with pytest.raises(AuthenticationFailed):
        await hub.fetch(f"{cloud.url.rstrip('/')}{STATIC}#TARGET/BODY/{KEY}")
    assert not cloud.asked(DATA)


async def test_what_is_no_picture_is_none(hub: HuaweiHub, cloud: Cloud) -> None:
    cloud.answers[f"GET {STATIC}"] = picture(b"<html>Sorry</html>")
    with pytest.raises(UnexpectedAnswer):
        await hub.fetch(f"{cloud.url.rstrip('/')}{STATIC}")


@pytest.fixture
async def neighbour() -> AsyncIterator[tuple[TestServer, list[str]]]:
    """Something else in our own network."""
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.headers.get("Access-Token", ""))
        return web.Response(body=JPEG, content_type="image/jpeg")

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", answer)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    yield server, asked
    await server.close()


async def test_a_message_leads_nobody_into_our_network(
    hub: HuaweiHub, cloud: Cloud, neighbour: tuple[TestServer, list[str]]
) -> None:
    server, asked = neighbour
    with pytest.raises(InvalidRequest):
        await hub.fetch(str(server.make_url("/admin")))
    assert not asked


async def test_an_answer_leads_nobody_into_our_network(
    hub: HuaweiHub, cloud: Cloud, neighbour: tuple[TestServer, list[str]]
) -> None:
    """The cloud may name other hosts (10.2.2), but none of ours."""
    server, asked = neighbour
    for url in (server.make_url("/x.jav"), f"https://localhost:{server.port}/x.jav"):
        cloud.answers[ALARMS] = {
            "alarms": [{"alarm_uuid": UUID, "url": str(url), "result": DONE}]
        }
        with pytest.raises(InvalidRequest):
            await hub.fetch(f"alarm:{UUID}")
        hub._pictures._links.clear()
    assert not asked


@pytest.mark.parametrize(
    "reference",
    ["", "file:///etc/passwd", "http://", "x", "https://[", "ftp://a.example/x.jpg"],
)
async def test_odd_references_are_no_fault(hub: HuaweiHub, reference: str) -> None:
    with pytest.raises(VisionError):
        await hub.fetch(reference)


async def test_only_some_are_fetched_at_once(hub: HuaweiHub, cloud: Cloud) -> None:
    at_work, most = 0, 0
    full = asyncio.Event()

    async def slow(_: dict[str, Any]) -> web.Response:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        if at_work >= pictures.AT_ONCE:
            full.set()
        async with asyncio.timeout(5):
            await full.wait()
        at_work -= 1
        return web.Response(body=JPEG, content_type="image/jpeg")

    cloud.answers[f"GET {STATIC}"] = slow
    reference = f"{cloud.url.rstrip('/')}{STATIC}"
    found = await asyncio.gather(*(hub.fetch(reference) for _ in range(12)))
    assert found == [JPEG] * 12
    assert most == pictures.AT_ONCE
