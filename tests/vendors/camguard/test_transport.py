"""Sessions, writes that are looked after, errors, and what the server tells."""

import asyncio
from typing import Any
from unittest.mock import patch

from aiohttp import ClientSession, ClientTimeout, web
import pytest

from custom_components.vision_hub.vendors import camguard
from custom_components.vision_hub.vendors.camguard import VENDOR, transport
from custom_components.vision_hub.vendors.camguard.hub import CamGuardHub
from custom_components.vision_hub.vendors.errors import (
    AnswerTimeout,
    AuthenticationFailed,
    Busy,
    CannotConnect,
    InvalidRequest,
    PermissionDenied,
    RejectedByHub,
    UnexpectedAnswer,
    WouldErase,
)
from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.model import SettingKey

from .conftest import Server, fail, open_hub


async def test_connect_tells_who_it_is(server: Server, hub: CamGuardHub) -> None:
    await hub.connect()
    assert hub.info.serial == f"127.0.0.1:{server.port}"
    assert not VENDOR.has_serial
    assert server.logins == 1
    assert camguard.VENDOR.fields[1].default is None


async def test_first_poll_tells_everything(server: Server, hub: CamGuardHub) -> None:
    await hub.connect()
    status = await hub.poll()
    gate, out = status.channels["1"], status.channels["2"]
    assert (gate.name, gate.online, out.online) == ("Gate in", True, False)
    assert gate.kinds == {
        AlarmKind.FACE_RECOGNIZED,
        AlarmKind.FACE_BLACKLISTED,
        AlarmKind.FACE_STRANGER,
    }
    assert [(task.id, task.name, task.enabled) for task in status.tasks] == [
        ("1", "Gate watch", True),
        ("2", "Hall", False),
    ]
    assert [(each.name, each.persons) for each in status.libraries] == [
        ("Staff", 12),
        ("Wanted", 3),
    ]
    assert status.settings == {
        SettingKey("task_threshold", None, "1"): 80,
        SettingKey("task_interval", None, "1"): 3000,
        SettingKey("task_threshold", None, "2"): 100,
        SettingKey("task_interval", None, "2"): 1,
    }
    assert status.clock_offset is not None
    await hub.poll()
    assert len(server.asked("/QueryLibraryList")) == 1
    assert "u:p@" not in repr(hub._details.cameras)


async def test_streams(server: Server, hub: CamGuardHub) -> None:
    assert hub.streams
    assert await hub.streams.source("1") == "rtsp://u:p@10.0.0.1/1"
    assert await hub.streams.source("2") is None
    assert await hub.streams.source("9") is None
    server.lists["cameras"] += [
        {"camera_id": 3, "rtsp": " RTSP://u:p%w@d@10.0.0.1:554/1 "},
        {"camera_id": 4, "rtsp": "rtsp://u:p@[::1:554/1"},
    ]
    assert await hub.streams.source("3") == "rtsp://u:p%25w%40d@10.0.0.1:554/1"
    assert await hub.streams.source("4") is None


@pytest.mark.parametrize("most", [1, 3, 50])
async def test_lists_of_many_pages(server: Server, hub: CamGuardHub, most: int) -> None:
    server.most = most
    server.lists["cameras"] = [{"camera_id": n, "online": "1"} for n in range(1, 120)]
    status = await hub.poll()
    assert len(status.channels) == 119


async def test_answers_as_the_manual_prints_them(
    server: Server, hub: CamGuardHub
) -> None:
    server.chunked = True
    server.spelling = lambda content: content.replace(b'}, "msg"', b'}\n"msg"')
    assert len((await hub.poll()).channels) == 2


async def test_one_login_for_all_who_find_the_session_ended(
    server: Server, hub: CamGuardHub
) -> None:
    await hub.connect()
    server.expire()
    await asyncio.gather(*(hub.poll() for _ in range(5)))
    assert server.logins == 2


async def test_a_read_is_repeated_once(server: Server, hub: CamGuardHub) -> None:
    await hub.connect()
    server.answers["/SearchCamera"] = fail(5, "no network")
    with pytest.raises(RejectedByHub, match="no network"):
        await hub.call("camera_search", {})
    assert len(server.asked("/SearchCamera")) == 2
    assert server.logins == 2


async def test_wrong_password(server: Server, session: ClientSession) -> None:
    hub = open_hub(session, server.port, password="guess")
    for _ in range(3):
        with pytest.raises(AuthenticationFailed):
            await hub.poll()
    # The account might get locked.
    assert server.logins == 1
    with pytest.raises(AuthenticationFailed):
        await hub.connect()
    assert server.logins == 2


@pytest.mark.parametrize(
    "wrap",
    [
        lambda told: told,
        lambda told: {"info": told},
        lambda told: {"info": {"user": told}},
        lambda told: {"data": {"info": [told]}},
    ],
)
async def test_a_session_at_another_level(
    server: Server, hub: CamGuardHub, wrap: Any
) -> None:
    server.session = "opened"
    session = {"user_id": 1, "session": server.session}
    with patch.object(server, "_login", return_value={"code": 0} | wrap(session)):
        await hub.connect()
        assert (await hub.poll()).channels


async def test_a_session_that_is_empty(server: Server, hub: CamGuardHub) -> None:
    answer = {"code": 0, "user_id": 1, "session": "", "msg": ""}
    with (
        patch.object(server, "_login", return_value=answer),
        pytest.raises(UnexpectedAnswer),
    ):
        await hub.connect()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (lambda _: web.Response(text="<html>"), UnexpectedAnswer),
        (
            lambda _: web.Response(text='{"code": 0, "info": {"items": [{'),
            UnexpectedAnswer,
        ),
        ([], UnexpectedAnswer),
        ({"msg": "none"}, UnexpectedAnswer),
        ({"code": "many"}, UnexpectedAnswer),
        (lambda _: web.Response(status=401), PermissionDenied),
        (lambda _: web.Response(status=403), PermissionDenied),
        (lambda _: web.Response(status=503), Busy),
        (
            lambda _: web.Response(status=302, headers={"Location": "/"}),
            UnexpectedAnswer,
        ),
        ({"code": "3", "msg": "odd"}, RejectedByHub),
        (lambda _: web.Response(text="[" * 100_000), UnexpectedAnswer),
        ({"code": 0, "info": {"items": [{"camera_id": "x"}]}}, UnexpectedAnswer),
        # None of these is an empty list.
        ({"code": 0, "info": {}}, UnexpectedAnswer),
        ({"code": 0, "info": {"items": None, "total_count": 2}}, UnexpectedAnswer),
    ],
)
async def test_errors(
    server: Server, hub: CamGuardHub, answer: Any, error: type[Exception]
) -> None:
    server.answers["/QueryCameraList"] = answer or (lambda _: web.json_response([]))
    with pytest.raises(error):
        await hub.poll()


@pytest.mark.parametrize("info", [None, [], "x", {"items": None}, {"items": [None, 1]}])
async def test_lists_without_rows(server: Server, hub: CamGuardHub, info: Any) -> None:
    server.answers["/QueryTaskList"] = {"code": 0, "info": info, "msg": ""}
    assert (await hub.poll()).tasks == ()


async def test_an_answer_that_is_too_big(server: Server, hub: CamGuardHub) -> None:
    server.answers["/QueryCameraList"] = lambda _: web.Response(
        body=b'{"code": 0, "x": "' + b"x" * 33 * 1024 * 1024
    )
    with pytest.raises(UnexpectedAnswer):
        await hub.poll()


async def test_a_slow_server(server: Server, hub: CamGuardHub) -> None:
    async def wait(_: Any) -> Any:
        await asyncio.sleep(5)

    await hub.connect()
    server.answers["/QueryCameraList"] = wait
    with (
        patch.object(transport, "_TIMEOUT", ClientTimeout(total=0.2)),
        pytest.raises(AnswerTimeout),
    ):
        await hub.poll()


async def test_unreachable(server: Server, hub: CamGuardHub) -> None:
    assert server.server
    await server.server.close()
    with pytest.raises(CannotConnect):
        await hub.connect()


async def test_tasks_are_switched(server: Server, hub: CamGuardHub) -> None:
    assert hub.tasks
    await hub.tasks.set_enabled(None, "1", enabled=False)
    await hub.tasks.set_enabled(None, "2", enabled=True)
    assert server.asked("/StopTask") == [{"task_id": 1}]
    assert server.asked("/StartTask") == [{"task_id": 2}]
    assert [task.enabled for task in (await hub.poll()).tasks] == [False, True]
    with pytest.raises(InvalidRequest):
        await hub.tasks.set_enabled(None, "hall", enabled=True)


async def test_a_write_in_an_ended_session_goes_out_again(
    server: Server, hub: CamGuardHub
) -> None:
    assert hub.tasks
    await hub.connect()
    server.expire()
    await hub.tasks.set_enabled(None, "1", enabled=False)
    assert server.logins == 2
    assert len(server.asked("/StopTask")) == 2
    assert server.lists["tasks"][0]["state"] == 0


async def test_a_write_that_took_effect_is_not_repeated(
    server: Server, hub: CamGuardHub
) -> None:
    """The session ends just after the server did what it was told."""
    assert hub.people

    def ended() -> Any:
        server.expire()
        return fail(99, "session")

    server.after_write = ended
    library = await hub.people.create_library("Guests")
    assert (library.id, library.name) == ("3", "Guests")
    assert len(server.asked("/AddLibrary")) == 1


async def test_a_lost_answer_is_looked_after(server: Server, hub: CamGuardHub) -> None:
    assert hub.people
    server.after_write = lambda: web.Response(text='{"co')
    assert (await hub.people.create_library("Guests")).id == "3"
    server.before_write = lambda: server.answers.__setitem__(
        "/AddLibrary", lambda _: web.Response(text='{"co')
    )
    server.answers["/AddLibrary"] = lambda _: web.Response(text='{"co')
    with pytest.raises(UnexpectedAnswer):
        await hub.people.create_library("Others")
    assert len(server.asked("/AddLibrary")) == 2


async def test_a_refused_write_is_not_repeated(
    server: Server, hub: CamGuardHub
) -> None:
    assert hub.tasks
    await hub.connect()
    server.answers["/StopTask"] = fail(3, "busy")
    with pytest.raises(RejectedByHub, match="busy"):
        await hub.tasks.set_enabled(None, "1", enabled=False)
    assert len(server.asked("/StopTask")) == 1
    assert server.logins == 1


async def test_threshold_and_interval_write_the_whole_task(
    server: Server, hub: CamGuardHub
) -> None:
    assert hub.settings
    await hub.settings.write(SettingKey("task_threshold", None, "1"), 65.0)
    whole = {
        "task_id": 1,
        "name": "Gate watch",
        "type": 1,
        "camera_list1": "1",
        "camera_list2": "2",
        "lib_list": "1,2",
        "interval": 3000,
        "threshold": 0.65,
    }
    assert server.asked("/UpdateTask") == [whole]
    server.lists["tasks"][0] |= {"threshold": 0.65}
    await hub.settings.write(SettingKey("task_interval", None, "1"), 500)
    assert server.asked("/UpdateTask")[-1] == whole | {"interval": 500}


async def test_an_interval_that_is_told_in_seconds(
    server: Server, hub: CamGuardHub
) -> None:
    """Who changes another thing loses no interval; an operation goes out as it is."""
    assert hub.settings
    task = server.lists["tasks"][0] | {"interval": 3}
    server.lists["tasks"][0] = task

    def written(body: dict[str, Any]) -> dict[str, Any]:
        task["interval"] = body["interval"] // 1000
        return {"code": 0, "msg": ""}

    server.answers["/UpdateTask"] = written
    await hub.call("task_update", {"task_id": 1, "interval": 2000})
    assert [body["interval"] for body in server.asked("/UpdateTask")] == [2000]
    await hub.settings.write(SettingKey("task_threshold", None, "1"), 65.0)
    assert task["interval"] == 2
    await hub.settings.write(SettingKey("task_interval", None, "1"), 4)
    assert task["interval"] == 4
    # What the unit is was learned once.
    sent = [body["interval"] for body in server.asked("/UpdateTask")]
    assert sent == [2000, 2, 2000, 4000]


async def test_a_threshold_that_may_have_lost_its_fraction_is_not_written_back(
    server: Server, hub: CamGuardHub
) -> None:
    assert hub.settings
    for cut in ("1", 1, 0):
        server.lists["tasks"][1]["threshold"] = cut
        with pytest.raises(WouldErase, match=r": threshold$"):
            await hub.settings.write(SettingKey("task_interval", None, "2"), 500)
    assert not server.asked("/UpdateTask")
    await hub.settings.write(SettingKey("task_threshold", None, "2"), 100)
    (written,) = server.asked("/UpdateTask")
    assert written["threshold"] == 1
    assert (written["camera_list1"], written["camera_list2"]) == ("2", "")
    # This one has its fraction, which is none.
    server.lists["tasks"][1]["threshold"] = 1.0
    await hub.settings.write(SettingKey("task_interval", None, "2"), 500)
    assert server.asked("/UpdateTask")[-1]["interval"] == 500


@pytest.mark.parametrize(
    ("name", "task", "value"),
    [
        ("task_threshold", "1", 101),
        ("task_threshold", "1", True),
        ("task_threshold", "1", "x"),
        ("task_interval", "1", -1),
        ("task_interval", "9", 5),
        ("task_interval", None, 5),
        ("nothing", "1", 5),
    ],
)
async def test_what_cannot_be_set(
    server: Server, hub: CamGuardHub, name: str, task: str | None, value: Any
) -> None:
    assert hub.settings
    with pytest.raises(InvalidRequest):
        await hub.settings.write(SettingKey(name, None, task), value)
    assert not server.asked("/UpdateTask")
