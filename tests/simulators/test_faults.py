"""Faults of answers and the record of requests, at the example of one box."""

import asyncio
from collections.abc import AsyncGenerator, Callable
import json
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout
import pytest

from simulators.odd_json import Oddity
from simulators.uniview import Fault, UniviewBox

from .uniview.client import Client
from .waiting import until

LIST = "/api/v2/channel/list"
PAGE = {"page": 1, "pagesize": 10}


@pytest.fixture
async def box() -> AsyncGenerator[UniviewBox]:
    async with UniviewBox(channels=2, seed=7, video=False) as box:
        yield box


@pytest.fixture
async def client(box: UniviewBox) -> AsyncGenerator[Client]:
    async with ClientSession() as session:
        yield Client(session, box)


async def test_times_and_pattern(client: Client, box: UniviewBox) -> None:
    box.faults.add(Fault.CODE, "/api/v2/channel/*", times=2, code=6)
    assert (await client.post("device/get"))["code"] == 0
    codes = [(await client.post("channel/list", **PAGE))["code"] for _ in range(3)]
    assert codes == [6, 6, 0]
    rule = box.faults.add(Fault.CODE, code=1)
    assert (await client.post("device/get"))["code"] == 1
    assert rule.hits == 1
    box.faults.clear()
    assert (await client.post("device/get"))["code"] == 0


async def test_challenge_is_not_counted(client: Client, box: UniviewBox) -> None:
    box.faults.add(Fault.TRUNCATED, LIST, times=1)
    await client.challenge()
    answer = await client.request("POST", LIST, PAGE)
    with pytest.raises(ValueError, match=r"."):
        json.loads(answer.raw)
    assert (await client.post("channel/list", **PAGE))["code"] == 0


async def test_before_authentication(client: Client, box: UniviewBox) -> None:
    box.faults.add(Fault.HTTP_STATUS, times=1, status=503, before_auth=True)
    assert (await client.send("POST", LIST, PAGE)).status == 503


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault.WRONG_TYPES, lambda data: isinstance(data["total"], str)),
        (Fault.NULLS, lambda data: data["total"] is None),
        (Fault.MISSING_KEYS, lambda data: data == {}),
        (Fault.HUGE, lambda data: len(data["padding"]) == 1_000_000),
    ],
)
async def test_data(
    client: Client, box: UniviewBox, fault: Fault, expected: Callable[[Any], bool]
) -> None:
    box.faults.add(fault, LIST, size=1_000_000)
    document = await client.post("channel/list", **PAGE)
    assert document["code"] == 0
    assert expected(document["data"])


@pytest.mark.parametrize(
    ("oddity", "expected"),
    [
        (Oddity.GBK_NAMES, "大门口".encode("gbk")),
        (Oddity.LATIN_1_NAMES, b"T\xfcr "),
        (Oddity.CUT_NAMES, "大门".encode() + b'\xe5\x8f"'),
        (Oddity.CONTROL_CHARACTERS, b"\t"),
        (Oddity.LONE_SURROGATES, b'\\ud83d"'),
        (Oddity.BOM, b"\xef\xbb\xbf{"),
        (Oddity.NUL_AT_END, b"}\0"),
        (Oddity.NOT_A_NUMBER, b"NaN"),
        (Oddity.HUGE_NUMBERS, b'"uptime":1e30'),
        (Oddity.EMPTY_LISTS_AS_NULL, b"{"),
        (Oddity.NUMBERS_AS_TEXT, b'"total":"2"'),
        (Oddity.PAGE_TOTALS, b'"total":1,'),
        (Oddity.OTHER_CASE, b'"Total"'),
        (Oddity.TRAILING_COMMAS, b",}"),
    ],
)
async def test_oddities(
    client: Client, box: UniviewBox, oddity: Oddity, expected: bytes
) -> None:
    """What real boxes do stands in the answer, byte for byte."""
    box.faults.add(oddity, LIST)
    await client.challenge()
    answer = await client.request("POST", LIST, {"page": 1, "pagesize": 1})
    assert expected in answer.raw


async def test_not_json(client: Client, box: UniviewBox) -> None:
    box.faults.add(Fault.NOT_JSON, times=1)
    answer = await client.request("POST", LIST, PAGE)
    assert answer.headers["Content-Type"].startswith("text/html")
    box.faults.add(Fault.EMPTY, times=1)
    assert (await client.request("POST", LIST, PAGE)).raw == b""
    box.faults.add(Fault.HTTP_STATUS, times=1)
    assert (await client.request("POST", LIST, PAGE)).status == 500


async def test_reset(client: Client, box: UniviewBox) -> None:
    await client.data("device/get")
    box.faults.add(Fault.RESET, times=1)
    header = {"Authorization": client.authorization("POST", LIST)}
    with pytest.raises((ClientError, ConnectionError)):
        await client.send("POST", LIST, PAGE, header)


async def test_slow(client: Client, box: UniviewBox) -> None:
    await client.data("device/get")
    box.faults.add(Fault.SLOW, times=1, delay=0.1)
    loop = asyncio.get_running_loop()
    start = loop.time()
    assert (await client.post("channel/list", **PAGE))["code"] == 0
    assert loop.time() - start >= 0.09


async def test_silent(client: Client, box: UniviewBox) -> None:
    await client.data("device/get")
    box.faults.add(Fault.SILENT, times=1)
    header = {"Authorization": client.authorization("POST", LIST)}
    with pytest.raises(TimeoutError):
        await client.session.post(
            box.url + LIST, json=PAGE, headers=header, timeout=ClientTimeout(0.1)
        )
    (entry,) = box.request_log.find(LIST)
    assert entry.status is None


async def test_stop_does_not_wait_for_silence(client: Client, box: UniviewBox) -> None:
    await client.data("device/get")
    box.faults.add(Fault.SILENT, before_auth=True)
    request = asyncio.ensure_future(client.send("POST", LIST, PAGE))
    await until(lambda: box.faults.rules[0].hits)
    async with asyncio.timeout(5):
        await box.stop()
        with pytest.raises((ClientError, ConnectionError)):
            await request


async def test_journal(client: Client, box: UniviewBox) -> None:
    await client.data("channel/list", **PAGE, channel_name="")
    waiting = asyncio.ensure_future(box.request_log.wait_for("*/device/get"))
    await client.data("device/get")
    (entry,) = await waiting
    assert (entry.method, entry.status, entry.code) == ("POST", 200, 0)
    assert box.request_log.bodies(LIST) == [{**PAGE, "channel_name": ""}]
    assert box.request_log.count() == 2
    assert box.request_log.count(authorized=None) == 3
    assert not any("Authorization" in entry.headers for entry in box.request_log)
    box.request_log.clear()
    assert len(box.request_log) == 0
