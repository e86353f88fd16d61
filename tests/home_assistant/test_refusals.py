"""Messages of hubs that are not taken: counted, told once, and a repair if they go on."""

import asyncio
from collections.abc import Awaitable, Callable
import json
import logging
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientSession
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.vision_hub.alarms.receiving import MAX_BODY, callbacks
from custom_components.vision_hub.const import CONF_TOKEN, DOMAIN, TROUBLESHOOTING
from custom_components.vision_hub.diagnostics import async_get_config_entry_diagnostics
from custom_components.vision_hub.vendors.uniview.hub.push import Receiver
from simulators.huawei import HuaweiCloud
from simulators.huawei.push_messages import envelope as message
from simulators.megvii import MegviiBox
from simulators.sensetime import SenseTimeNode
from simulators.uniview import UniviewBox

from ..conftest import HubEntry, Setup
from ..helpers.megvii import QUICK, slow_to_give_up

SECRET = "Zhang San"

type Post = Callable[[bytes | dict[str, Any]], Awaitable[int]]


def poster(address: str, entry: HubEntry, kind: str = "text/plain") -> Post:
    """Return a function that posts to the address of an entry, as its hub does."""
    url = f"{address}/api/vision_hub/push/{entry.data[CONF_TOKEN]}"

    async def post(message: bytes | dict[str, Any]) -> int:
        body = message if isinstance(message, bytes) else json.dumps(message).encode()
        async with (
            ClientSession() as session,
            session.post(url, data=body, headers={"Content-Type": kind}) as answer,
        ):
            return answer.status

    return post


def refused_issues(hass: HomeAssistant) -> dict[str, ir.IssueEntry]:
    """Return the repairs about refusals, by their key."""
    return {
        issue.translation_key: issue
        for issue in ir.async_get(hass).issues.values()
        if issue.domain == DOMAIN and "refused" in str(issue.translation_key)
    }


async def counts(hass: HomeAssistant, entry: HubEntry) -> dict[str, int]:
    """Return what diagnostics tell."""
    told = await async_get_config_entry_diagnostics(hass, entry)
    return dict(told["push"]["refused"])


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what the log says of refusals."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.levelno >= logging.WARNING and "was refused" in record.getMessage()
    ]


async def expect_repair(hass: HomeAssistant, entry: HubEntry, key: str) -> None:
    """Three messages were refused: that is told, until one is taken."""
    assert entry.state_of("push").state == STATE_OFF
    (issue,) = refused_issues(hass).values()
    assert issue.translation_key == key
    assert issue.translation_placeholders == {"hub": entry.title, "count": "3"}
    assert issue.learn_more_url == f"{TROUBLESHOOTING}#refused"


async def test_unreadable(
    hass: HomeAssistant,
    box: UniviewBox,
    entry: HubEntry,
    address: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    post = poster(address, entry)
    for _ in range(2):
        assert await post(f'{{"name": "{SECRET}"'.encode()) == 400
    assert entry.state_of("push").state == STATE_ON
    assert not refused_issues(hass)
    assert await post(b"\0\1") == 400
    await expect_repair(hass, entry, "refused_unreadable")
    assert await post(b"<xml/>") == 400
    assert refused_issues(hass)["refused_unreadable"].translation_placeholders == {
        "hub": "Shop",
        "count": "4",
    }
    assert await counts(hass, entry) == {"unreadable": 4}
    assert len(warnings(caplog)) == 1
    assert "Shop" in warnings(caplog)[0]

    sent = await box.alarm("SafetyHelmetAlarm", force=True)
    assert await sent.delivered(timeout=5)
    await entry.until("push", STATE_ON)
    assert not refused_issues(hass)
    await post(b"again")
    assert len(warnings(caplog)) == 2
    assert entry.state_of("push").state == STATE_ON
    assert await counts(hass, entry) == {"unreadable": 5}
    assert SECRET not in caplog.text
    assert entry.data[CONF_TOKEN] not in caplog.text


async def test_another_device(
    hass: HomeAssistant, box: UniviewBox, entry: HubEntry, address: str
) -> None:
    post = poster(address, entry)
    for _ in range(3):
        assert await post({"device_info": {"device_sn": "another"}}) == 400
    await expect_repair(hass, entry, "refused_foreign")
    # A heartbeat shows that all is well again.
    await box.keep_alive()
    await entry.until("push", STATE_ON)
    assert not refused_issues(hass)


async def test_too_large(hass: HomeAssistant, entry: HubEntry, address: str) -> None:
    post = poster(address, entry)
    for _ in range(3):
        assert await post(bytes(MAX_BODY + 1)) == 413
    await expect_repair(hass, entry, "refused_too_large")


async def test_too_slow(
    hass: HomeAssistant,
    entry: HubEntry,
    address: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(callbacks, "READ_TIMEOUT", 0.05)
    host, _, port = address.removeprefix("http://").partition(":")
    for _ in range(3):
        reader, writer = await asyncio.open_connection(host, int(port))
        path = f"/api/vision_hub/push/{entry.data[CONF_TOKEN]}"
        writer.write(f"POST {path} HTTP/1.1\r\nHost: x\r\n".encode())
        writer.write(b"Content-Length: 9\r\n\r\n{")
        assert b" 408 " in await reader.readline()
        writer.close()
    await expect_repair(hass, entry, "refused_incomplete")


async def test_too_much(
    hass: HomeAssistant,
    entry: HubEntry,
    address: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    package = "custom_components.vision_hub.alarms.receiving"
    monkeypatch.setattr(f"{package}.request_body.MAX_BODIES", 10)
    post = poster(address, entry)
    for _ in range(3):
        assert await post(bytes(100)) == 503
    await expect_repair(hass, entry, "refused_busy")


async def test_fault_of_our_own(
    hass: HomeAssistant,
    entry: HubEntry,
    address: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fail(*_: object) -> None:
        raise KeyError(SECRET)

    monkeypatch.setattr(Receiver, "_take", fail)
    post = poster(address, entry)
    for _ in range(3):
        assert await post({}) == 500
    await expect_repair(hass, entry, "refused_fault")
    assert SECRET not in caplog.text


async def test_alarms_are_refused_between_heartbeats(
    hass: HomeAssistant, box: UniviewBox, entry: HubEntry, address: str
) -> None:
    """That a hub lives does not show that its alarms are taken."""
    post = poster(address, entry)
    for _ in range(3):
        assert entry.state_of("push").state == STATE_ON
        assert await post(b"an alarm of the future") == 400
        beat = await box.keep_alive()
        assert await beat.delivered(timeout=5)
    await expect_repair(hass, entry, "refused_unreadable")
    sent = await box.alarm("SafetyHelmetAlarm", force=True)
    assert await sent.delivered(timeout=5)
    await entry.until("push", STATE_ON)
    assert not refused_issues(hass)


async def test_unloading_forgets(
    hass: HomeAssistant, entry: HubEntry, address: str
) -> None:
    post = poster(address, entry)
    for _ in range(3):
        await post(b"?")
    assert refused_issues(hass)
    await hass.config_entries.async_unload(entry.entry_id)
    for _ in range(3):
        assert await post(b"?") == 503
    assert not refused_issues(hass)


async def test_sensetime_over_http(
    hass: HomeAssistant, start_hub: Setup, address: str
) -> None:
    async with SenseTimeNode(channels=2) as node:
        entry = await start_hub(node, http_push=True)
        post = poster(address, entry)
        for _ in range(3):
            assert await post(b"no JSON") == 400
        await expect_repair(hass, entry, "refused_unreadable")
        await node.face()
        await entry.until("push", STATE_ON)
        assert not refused_issues(hass)


async def test_megvii_over_http(
    hass: HomeAssistant, start_hub: Setup, address: str
) -> None:
    async with MegviiBox(time_scale=QUICK) as box:
        slow_to_give_up(box)
        entry = await start_hub(box, push="http")
        post = poster(address, entry)
        for _ in range(3):
            assert await post(b"no JSON") == 400
        await expect_repair(hass, entry, "refused_unreadable")
        await box.stranger(2)
        await entry.until("push", STATE_ON)
        assert not refused_issues(hass)


async def test_megvii_over_a_websocket(
    hass: HomeAssistant, start_hub: Setup, address: str
) -> None:
    """Frames that cannot be read end no socket, and are told nevertheless."""
    async with MegviiBox(time_scale=QUICK) as box, ClientSession() as session:
        slow_to_give_up(box)
        entry = await start_hub(box, push="websocket")
        url = f"{address}/api/vision_hub/push/{entry.data[CONF_TOKEN]}"
        async with session.ws_connect(url) as socket:
            for _ in range(3):
                await socket.send_str("odd")
            await entry.until("push", STATE_OFF)
            await expect_repair(hass, entry, "refused_unreadable")
            await box.stranger(2)
            await entry.until("push", STATE_ON)
        assert not refused_issues(hass)
        assert await counts(hass, entry) == {"unreadable": 3}


async def test_huawei_signatures(
    hass: HomeAssistant, start_hub: Setup, address: str
) -> None:
    async with HuaweiCloud(seed=7) as cloud:
        entry = await start_hub(cloud)
        post = poster(address, entry)
        for _ in range(3):
            assert await post(message(7, "device_alarm", {"a": 1})) == 403
        await expect_repair(hass, entry, "refused_foreign")
        sent = await cloud.alarm("region_invasion_alarm", channel=cloud.channels[0])
        assert await sent.delivered(timeout=10)
        await entry.until("push", STATE_ON)
        assert not refused_issues(hass)
        assert await counts(hass, entry) == {"foreign": 3}


@pytest.mark.parametrize("vendor", ["uniview", "sensetime", "megvii"])
async def test_whose_message_it_is(
    hass: HomeAssistant, start_hub: Setup, address: str, vendor: str
) -> None:
    """What does not tell that it is of the hub is refused, and counted as foreign."""
    options = {"sensetime": {"http_push": True}, "megvii": {"push": "http"}}
    entry = await start_hub(vendor, **options.get(vendor, {}))
    serial = entry.runtime_data.hub.info.serial
    result = {"msg_id": "774", "data": {"snap_id": "1", "channel": 1}}
    event = {"alert_events": [{"alertor_type": "fire"}], "stream_id": 1}
    alarm = {"type": 1, "behaviour": {"algo_name": "SmokeAlarm"}}
    nobodys: list[bytes | dict[str, Any]] = {
        "uniview": [
            alarm,
            alarm | {"device_info": {"device_sn": [serial]}},
            alarm | {"device_info": {"device_sn": ""}},
        ],
        "sensetime": [
            urlencode({"json": json.dumps(result)} | key).encode()
            for key in ({}, {"key": ""}, {"key": "another"})
        ],
        "megvii": [
            event | {"deviceId": "another"},
            event | {"device_id": f"{serial}0"},
            {"trackId": 1, "videoNo": 1, "deviceId": "another"},
        ],
    }[vendor]
    kind = "application/x-www-form-urlencoded" if vendor == "sensetime" else "text/json"
    post = poster(address, entry, kind)
    for told in nobodys:
        assert await post(told) == 400
    await expect_repair(hass, entry, "refused_foreign")
    assert await counts(hass, entry) == {"foreign": 3}
