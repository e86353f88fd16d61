"""Login, expiry, lock-out, paging and errors."""

import asyncio
from datetime import timedelta
from typing import Any

from aiohttp import ClientSession, ClientTimeout, web
import pytest

from custom_components.vision_hub.vendors.errors import (
    AnswerTimeout,
    AuthenticationFailed,
    Busy,
    CannotConnect,
    InvalidRequest,
    LockedOut,
    PermissionDenied,
    RejectedByHub,
    UnexpectedAnswer,
    Unsupported,
)
from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.model import Measurement, SettingKey
from custom_components.vision_hub.vendors.sensetime import transport
from custom_components.vision_hub.vendors.sensetime.hub import SenseTimeHub

from .conftest import JPEG, SERIAL, Node, done, fail, open_hub, paged


async def test_connect_tells_who_it_is(node: Node, hub: SenseTimeHub) -> None:
    await hub.connect()
    assert hub.info.serial == SERIAL
    assert hub.info.model == "SenseNebula-M8s"
    assert hub.info.firmware == "SenseNebula-M-V2.1.0"
    assert hub.info.mac == "00:07:32:4e:68:44"
    assert node.logins == 1
    await hub.close()
    assert node.asked(258) == [{}]


async def test_first_poll_tells_everything(node: Node, hub: SenseTimeHub) -> None:
    await hub.connect()
    status = await hub.poll()
    gate, door = status.channels["7"], status.channels["4"]
    assert (gate.name, gate.online, door.online) == ("Gate", True, False)
    assert (door.manufacturer, door.model) == ("hikvision", "IPC-1")
    assert gate.kinds == {
        AlarmKind.FACE_STRANGER,
        AlarmKind.FACE_BLACKLISTED,
        AlarmKind.FACE_RECOGNIZED,
    }
    assert door.kinds == {AlarmKind.FACE_CAPTURED}
    assert [library.persons for library in status.libraries] == [6, None]
    (relay,) = status.relays
    assert (relay.id, relay.name, relay.online) == ("2", "Barrier Gate", True)
    assert status.measurements == {
        Measurement.COMPUTING_LOAD: 18.8,
        Measurement.CPU_LOAD: 14.5,
        Measurement.MEMORY_LOAD: 78.6,
        Measurement.STORAGE_LOAD: 25,
        Measurement.STORAGE_FULL: False,
    }
    assert status.settings == {
        SettingKey("storage_strategy"): "overwrite",
        SettingKey("ntp"): True,
        SettingKey("match_threshold", "4"): 85,
        SettingKey("match_threshold", "7"): 75,
        SettingKey("face_min_size", "7"): 60,
        SettingKey("face_max_size", "7"): 1000,
        SettingKey("snap_mode", "7"): "real_time",
    }
    assert status.clock_offset is not None
    assert status.clock_offset < timedelta(days=-365)
    asked = len(node.requests)
    await hub.poll()
    assert len(node.requests) == asked + 1


@pytest.mark.parametrize(
    ("used", "strategy", "full"), [(2048, 1, False), (2048, 2, True), (2047, 2, False)]
)
async def test_storage_is_full_only_where_nothing_makes_room(
    node: Node, hub: SenseTimeHub, used: int, strategy: int, full: bool
) -> None:
    node.answers["1288"] = done(
        {"cur_storage": used, "max_storage": 2048, "storage_strategy": strategy}
    )
    await hub.connect()
    status = await hub.poll()
    assert status.measurements[Measurement.STORAGE_FULL] is full


async def test_what_a_node_lacks_is_not_asked_for_again(
    node: Node, hub: SenseTimeHub
) -> None:
    node.answers["1313"] = fail(-3599)
    node.answers["1537"] = fail(-1)
    await hub.connect()
    status = await hub.poll()
    assert Measurement.CPU_LOAD not in status.measurements
    assert status.relays == ()


async def test_an_expired_session_is_renewed_once(
    node: Node, hub: SenseTimeHub
) -> None:
    await hub.connect()
    node.expire()
    await asyncio.gather(*(hub.call("cpu_get", {}) for _ in range(5)))
    assert node.logins == 2


async def test_never_two_logins_in_a_row(node: Node, hub: SenseTimeHub) -> None:
    await hub.connect()
    node.refuse_sessions = True
    with pytest.raises(Busy):
        await hub.call("cpu_get", {})
    assert node.logins == 2
    node.refuse_sessions = False
    await hub.call("cpu_get", {})
    assert node.logins == 3


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (-108, AuthenticationFailed),
        (-113, AuthenticationFailed),
        (-145, AuthenticationFailed),
        (-144, LockedOut),
    ],
)
async def test_refused_credentials_are_not_tried_again(
    node: Node, hub: SenseTimeHub, code: int, error: type[AuthenticationFailed]
) -> None:
    await hub.connect()
    node.login_answer = fail(code)
    node.expire()
    for _ in range(3):
        with pytest.raises(error):
            await hub.poll()
    assert node.logins == 2
    node.login_answer = None
    await hub.connect()
    await hub.poll()


async def test_wrong_password(node: Node, session: ClientSession) -> None:
    hub = open_hub(session, node.port, password="wrong")
    with pytest.raises(AuthenticationFailed):
        await hub.connect()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (fail(-140), PermissionDenied),
        (fail(-3599), Unsupported),
        (fail(-1101), RejectedByHub),
        ({"hello": "world"}, UnexpectedAnswer),
        ([], UnexpectedAnswer),
        ({"code": "many"}, UnexpectedAnswer),
    ],
)
async def test_errors(
    node: Node, hub: SenseTimeHub, answer: Any, error: type[Exception]
) -> None:
    node.answers["1313"] = answer
    await hub.connect()
    with pytest.raises(error):
        await hub.call("cpu_get", {})


async def test_a_code_without_words_gets_ours(node: Node, hub: SenseTimeHub) -> None:
    node.answers["1313"] = fail(-1101)
    with pytest.raises(RejectedByHub, match=r"No face was found .*\(-1101\)"):
        await hub.call("cpu_get", {})


async def test_nobody_there(session: ClientSession, unused_tcp_port: int) -> None:
    with pytest.raises(CannotConnect):
        await open_hub(session, unused_tcp_port).connect()


async def test_not_a_node(node: Node, hub: SenseTimeHub) -> None:
    node.answers["1281"] = lambda _: web.Response(text="<html>")
    with pytest.raises(UnexpectedAnswer):
        await hub.connect()


@pytest.mark.parametrize("count", [0, 1, 49, 50, 51, 100, 137])
async def test_pages(node: Node, hub: SenseTimeHub, count: int) -> None:
    rows = [{"img_id": f"p{number}"} for number in range(count)]
    node.answers["1035"] = paged(rows)
    transport = hub._transport
    assert [row async for row in transport.pages("face_query", {"lib_id": 1})] == rows
    starts = [body["start_no"] for body in node.asked(1035)]
    # A full page is followed by another whatever the node counts.
    assert starts == list(range(1, count + 2, 50))


async def test_pages_of_a_node_that_does_not_count(
    node: Node, hub: SenseTimeHub
) -> None:
    node.answers["1035"] = done({"record": [{"img_id": "a"}] * 50})
    rows = [row async for row in hub._transport.pages("face_query")]
    assert len(rows) == 50


async def test_pictures_are_fetched_in_a_session(node: Node, hub: SenseTimeHub) -> None:
    await hub.connect()
    node.expire()
    assert await hub.fetch("record/17/body/x y.jpg") == JPEG
    assert node.logins == 2
    with pytest.raises(RejectedByHub):
        await hub.fetch("record/none.jpg")
    # The node has another network port, with another address.
    for other in ("http://192.0.2.66", "https://192.0.2.66:8443"):
        assert await hub.fetch(f"{other}/ws/record/17/body/x%20y.jpg?a=1") == JPEG
        with pytest.raises(InvalidRequest):
            await hub.fetch(f"{other}/ws/%2e%2e/etc/passwd")
    for reference in ("", "../etc/passwd", "a/../../b", "ftp://x/y", "a?b", "a\\b"):
        with pytest.raises(InvalidRequest):
            await hub.fetch(reference)


@pytest.mark.parametrize("shown", [404, 403, 401, 302, 200])
async def test_a_session_that_is_over_hides_pictures(
    node: Node, hub: SenseTimeHub, shown: int
) -> None:
    node.without_session = shown
    await hub.connect()
    node.expire()
    assert await hub.fetch("record/17/body/x y.jpg") == JPEG
    assert node.logins == 2
    for _ in range(3):
        with pytest.raises(RejectedByHub):
            await hub.fetch("record/none.jpg")
    assert node.logins == 2


@pytest.mark.parametrize("operation", ["camera_add", "camera_modify"])
async def test_cameras_take_their_time(
    node: Node,
    hub: SenseTimeHub,
    monkeypatch: pytest.MonkeyPatch,
    operation: str,
) -> None:
    """With an address where no camera is, the node answers very late."""

    async def late(_: dict[str, Any]) -> Any:
        await asyncio.sleep(0.5)
        return done({"channel": 7})

    await hub.connect()
    monkeypatch.setattr(transport, "_TIMEOUT", ClientTimeout(total=0.2))
    node.answers |= {"513": late, "515": late, "1313": late}
    answer = await hub.call(operation, {"channel": 7, "camera_mode": "VIDEO"})
    assert answer["data"] == {"channel": 7}
    with pytest.raises(AnswerTimeout):
        await hub.call("cpu_get", {})
