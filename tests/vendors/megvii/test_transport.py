"""Digest on request, lock-out, queue, queries, pages, files and errors."""

import asyncio
from typing import Any

from aiohttp import ClientSession, ClientTimeout, web
import pytest

from custom_components.vision_hub.vendors.errors import (
    AuthenticationFailed,
    Busy,
    CannotConnect,
    InvalidRequest,
    LockedOut,
    RejectedByHub,
    UnexpectedAnswer,
    Unsupported,
    VisionError,
)
from custom_components.vision_hub.vendors.megvii.hub import MegviiHub
from custom_components.vision_hub.vendors.megvii.request_queue import (
    Priority,
    RequestQueue,
)
from custom_components.vision_hub.vendors.megvii.transport import Transport
from custom_components.vision_hub.vendors.toolkit.request_body import Part

from .conftest import (
    BASE,
    DEVICE,
    DEVICE_ID,
    HANG_UP,
    JPEG,
    PASSWORD,
    Box,
    done,
    fail,
    open_hub,
)


@pytest.fixture
def transport(hub: MegviiHub) -> Transport:
    return hub._transport


async def test_an_open_box_never_sees_credentials(
    box: Box, session: ClientSession
) -> None:
    for password in ("", PASSWORD):
        hub = open_hub(session, box.port, password=password)
        await hub.connect()
        assert hub.info.serial == DEVICE_ID
    assert box.challenges == 0
    assert not box.authorized


async def test_a_box_that_wants_digest_gets_it(
    box: Box, session: ClientSession
) -> None:
    box.digest = True
    hub = open_hub(session, box.port, password=PASSWORD)
    await hub.connect()
    for _ in range(3):
        await hub.call("get_device", {})
    # One handshake serves them all.
    assert box.challenges == 1
    assert box.wrong == 0


async def test_digest_of_a_query_and_an_escaped_path(
    box: Box, session: ClientSession
) -> None:
    box.digest = True
    box.answers["DELETE /faceGroups/访客 1"] = None
    hub = open_hub(session, box.port, password=PASSWORD)
    await hub.call("delete_face_group", {"groupName": "访客 1"})
    assert box.asked("DELETE", "/faceGroups/访客 1") == ["deleteAllFace=1"]


async def test_an_old_nonce_is_not_tried(
    box: Box, session: ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.digest = True
    hub = open_hub(session, box.port, password=PASSWORD)
    await hub.connect()
    monkeypatch.setattr(
        "custom_components.vision_hub.vendors.megvii.transport._NONCE_LIFE", -1.0
    )
    await hub.call("get_device", {})
    assert box.challenges == 2
    assert set(box.handshakes) == {"nonce1", "nonce2"}


async def test_digest_without_credentials(box: Box, hub: MegviiHub) -> None:
    box.digest = True
    with pytest.raises(AuthenticationFailed):
        await hub.connect()
    # Somebody switched it off again.
    box.digest = False
    await hub.poll()


async def test_a_wrong_password_is_tried_once(box: Box, session: ClientSession) -> None:
    box.digest = True
    hub = open_hub(session, box.port, password="wrong")
    with pytest.raises(AuthenticationFailed):
        await hub.connect()
    for _ in range(3):
        with pytest.raises(AuthenticationFailed):
            await hub.poll()
    assert box.wrong == 1


@pytest.mark.parametrize("count", [5, 40])
async def test_requests_that_wait_do_not_lock_the_account(
    box: Box, session: ClientSession, count: int
) -> None:
    box.digest = True
    hub = open_hub(session, box.port, password="wrong")
    results = await asyncio.gather(
        *(hub.call("get_device", {}) for _ in range(count)), return_exceptions=True
    )
    assert {type(result) for result in results} == {AuthenticationFailed}
    assert box.wrong == 1


async def test_a_lock_is_kept_as_long_as_the_box_says(
    box: Box, session: ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = "custom_components.vision_hub.vendors.login_refusal.monotonic"
    now = 1000.0
    monkeypatch.setattr(module, lambda: now)
    box.digest = True
    hub = open_hub(session, box.port, password=PASSWORD)
    await hub.connect()
    await hub.poll()
    box.wrong = box.tries
    with pytest.raises(LockedOut):
        await hub.poll()
    seen = box.challenges + sum(box.handshakes.values())
    box.wrong = 0
    # digestUnlockTime of the box is 12 minutes.
    now += 12 * 60 - 1
    for _ in range(3):
        with pytest.raises(LockedOut):
            await hub.connect()
    assert box.challenges + sum(box.handshakes.values()) == seen
    now += 2
    await hub.connect()


async def test_another_kind_of_login_is_no_box(box: Box, hub: MegviiHub) -> None:
    box.answers["GET /devices"] = web.Response(
        status=401, headers={"WWW-Authenticate": 'Basic realm="router"'}
    )
    with pytest.raises(UnexpectedAnswer):
        await hub.connect()


async def test_nobody_there(session: ClientSession, unused_tcp_port: int) -> None:
    with pytest.raises(CannotConnect):
        await open_hub(session, unused_tcp_port).connect()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (fail(104003, "SYSTEM_REBOOT"), Busy),
        (fail(104306), Busy),
        (fail(104402), Unsupported),
        (fail(104400), Unsupported),
        (web.Response(status=404), UnexpectedAnswer),
        (fail(105000), RejectedByHub),
        (fail(14001, "ILLEGAL_ARGUMENT：searchThreshold"), RejectedByHub),
        (web.Response(body=b'{"code":0,"data":{'), UnexpectedAnswer),
        (web.json_response([1]), UnexpectedAnswer),
        (web.json_response({"code": "many"}), UnexpectedAnswer),
        (web.Response(text="<html>", content_type="text/html"), UnexpectedAnswer),
        (done("nothing"), UnexpectedAnswer),
        (done({"deviceId": []}), UnexpectedAnswer),
    ],
)
async def test_errors(
    box: Box, hub: MegviiHub, answer: web.Response, error: type[VisionError]
) -> None:
    box.answers["GET /devices"] = answer
    with pytest.raises(error):
        await hub.connect()


async def test_a_slow_box(
    box: Box, hub: MegviiHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "custom_components.vision_hub.vendors.megvii.transport._TIMEOUT",
        ClientTimeout(total=0.05),
    )
    box.slowness = 1
    with pytest.raises(CannotConnect):
        await hub.connect()


async def test_an_answer_beyond_all_measure(
    box: Box, hub: MegviiHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "custom_components.vision_hub.vendors.toolkit.connection.MAX_ANSWER", 1024
    )
    box.answers["GET /devices"] = DEVICE | {"licenseKey": "x" * 2000}
    with pytest.raises(UnexpectedAnswer):
        await hub.connect()


async def test_the_reason_is_told_in_words(box: Box, transport: Transport) -> None:
    box.answers["POST /faces"] = fail(104201, "BAD_QUALITY:POSE")
    with pytest.raises(
        RejectedByHub, match=r"The face is not good enough: POSE \(104201\)"
    ):
        await transport.ask_form("create_face", (Part("image", JPEG, "a.jpg"),))


async def test_a_request_in_somebodys_way_goes_out_again(
    box: Box, transport: Transport
) -> None:
    answers = [fail(104004), fail(104012), fail(104401), done({"type": 1})]
    box.answers["GET /configs/detect"] = lambda _: answers.pop(0)
    assert await transport.ask("get_detect_mode") == {"type": 1}
    box.answers["GET /configs/detect"] = fail(104004)
    with pytest.raises(Busy):
        await transport.ask("get_detect_mode")
    assert box.count("GET", "/configs/detect") == 4 + 6


@pytest.mark.parametrize(
    ("operation", "path"),
    [
        ("reboot_device", "/devices/reboot"),
        ("restore_factory", "/devices/restoreFactorySet"),
        ("reset_video_track", "/videos/1/trackReset"),
        ("set_telnet", "/telnet_control"),
    ],
)
async def test_what_changes_by_get_goes_out_once(
    box: Box, transport: Transport, operation: str, path: str
) -> None:
    params: dict[str, Any] = {"videoNo": 1} if "1" in path else {}
    box.answers[f"GET {path}"] = fail(104004)
    with pytest.raises(Busy):
        await transport.ask(operation, params)
    box.answers[f"GET {path}"] = HANG_UP
    with pytest.raises(CannotConnect):
        await transport.ask(operation, params)
    assert box.count("GET", path) == 2


async def test_a_deletion_that_was_interrupted_after_its_end(
    box: Box, transport: Transport
) -> None:
    answers = [fail(104004), fail(104202)]
    box.answers["DELETE /faces/faceToken/a=="] = lambda _: answers.pop(0)
    await transport.ask("delete_face", {"faceToken": "a=="})
    box.answers["DELETE /faces/faceToken/a=="] = fail(104202)
    with pytest.raises(RejectedByHub):
        await transport.ask("delete_face", {"faceToken": "a=="})


async def test_a_query_keeps_the_order_of_the_manual(
    box: Box, transport: Transport
) -> None:
    box.answers |= {"GET /alerts": {}, "GET /captures": {}, "GET /log": {}}
    await transport.ask(
        "list_alerts",
        {
            "faceToken": "x+y==",
            "timeStart": 5,
            "Dedup": 1,
            "QueryType": 0,
            "pageSize": 30,
            "chnNo": None,
            "pageToken": 2,
        },
    )
    await transport.ask(
        "list_captures", {"timeEnd": 2, "timeStart": 1, "chnNo": 3, "pageOffset": 0}
    )
    await transport.ask("query_logs", {"pageSize": 9, "pageToken": 0, "type": 1})
    assert [row.query for row in box.requests] == [
        "pageToken=2&pageSize=30&QueryType=0&Dedup=1&timeStart=5&faceToken=x%2By%3D%3D",
        "pageOffset=0&chnNo=3&timeStart=1&timeEnd=2",
        "type=1&pageToken=0&pageSize=9",
    ]


async def test_a_group_is_never_deleted_with_its_faces_by_accident(
    box: Box, transport: Transport
) -> None:
    box.answers["DELETE /faceGroups/staff"] = None
    for params in ({}, {"deleteAllFace": None}, {"deleteAllFace": 2}):
        await transport.ask("delete_face_group", {"groupName": "staff", **params})
    assert [row.query for row in box.requests] == [
        "deleteAllFace=1",
        "deleteAllFace=1",
        "deleteAllFace=2",
    ]
    box.requests.clear()
    box.answers["DELETE /faceGroups/staff"] = lambda asked: (
        fail(104002, "MISSING_ARGUMENT:deleteAllFace") if asked.query else None
    )
    await transport.ask("delete_face_group", {"groupName": "staff"})
    assert box.requests[1].body == {"deleteAllFace": 1}
    assert not box.requests[1].query


@pytest.mark.parametrize("name", ["", "..", ".", None, ["a"], "a\nb"])
async def test_what_stands_in_a_path_must_be_there(
    box: Box, transport: Transport, name: Any
) -> None:
    with pytest.raises(InvalidRequest):
        await transport.ask("delete_face_group", {"groupName": name})
    assert not box.requests


async def test_a_path_that_is_printed_in_two_ways(
    box: Box, transport: Transport
) -> None:
    box.answers |= {"GET /relayPara": {"netMode": 1}, "GET /faces/a==": {"image": "x"}}
    assert await transport.ask("get_relay_work_para") == {"netMode": 1}
    assert await transport.ask("get_face", {"faceToken": "a=="}) == {"image": "x"}
    with pytest.raises(Unsupported):
        await transport.ask("get_gat1400_status")


async def test_a_form_keeps_the_order_of_its_parts(
    box: Box, transport: Transport
) -> None:
    answers = [fail(104004), done({"faceToken": "t"})]
    box.answers["POST /faces"] = lambda _: answers.pop(0)
    await transport.ask_form(
        "create_face",
        (Part("image", JPEG, "a.jpg"), Part("description", "李"), Part("count", "1")),
    )
    expected = [
        ("image", "a.jpg", JPEG),
        ("description", None, "李".encode()),
        ("count", None, b"1"),
    ]
    assert box.asked("POST", "/faces") == [expected, expected]


def _paged(count: int, *, most: int = 1000, tokens: str = "index") -> Any:
    rows = [{"faceToken": str(number)} for number in range(count)]

    def answer(asked: Any) -> Any:
        query = dict(pair.split("=") for pair in asked.query.split("&"))
        size = min(int(query["pageSize"]), most)
        token = int(query.get("pageToken", 0))
        start = token * size if tokens == "index" else token
        data: dict[str, Any] = {"face": rows[start : start + size], "totalFaces": 1}
        if start + size < count or tokens == "always":
            data["nextPageToken"] = token + (1 if tokens == "index" else size)
        return done(data)

    return answer


@pytest.mark.parametrize("count", [0, 1, 29, 30, 31, 60, 137])
@pytest.mark.parametrize("tokens", ["index", "offset", "always"])
@pytest.mark.parametrize("most", [7, 1000])
async def test_pages(
    box: Box, transport: Transport, count: int, tokens: str, most: int
) -> None:
    box.answers["GET /faces"] = _paged(count, most=most, tokens=tokens)
    rows = [row async for row in transport.pages("list_faces", ("faces", "face"))]
    assert rows == [{"faceToken": str(number)} for number in range(count)]
    assert box.requests[0].query == "pageSize=30"


async def test_pages_of_a_box_that_does_not_look_at_the_token(
    box: Box, transport: Transport
) -> None:
    box.answers["GET /faces"] = {"face": [{"faceToken": "a"}], "nextPageToken": 1}
    rows = [row async for row in transport.pages("list_faces", ("face",))]
    assert rows == [{"faceToken": "a"}]


async def test_pictures(box: Box, hub: MegviiHub) -> None:
    name = "2019Y10M10D15H/N13M12S918_684_0_c0.00_r-1.97.jpg"
    box.files[f"{BASE}/record_CHN0/{name}"] = JPEG
    assert await hub.fetch(f"./record_CHN0/{name}") == JPEG
    with pytest.raises(RejectedByHub):
        await hub.fetch("./record_CHN0/none.jpg")
    for reference in ("", "./", "../etc/passwd", "a/../b", "http://x/y", "a?b", "a\\b"):
        with pytest.raises(InvalidRequest):
            await hub.fetch(reference)
    box.files["/record_CHN0/1.jpg"] = b""
    with pytest.raises(UnexpectedAnswer):
        await hub.fetch("record_CHN0/1.jpg")
    # The box has another network port, with another address.
    box.files["/record_CHN0/a b.jpg"] = JPEG
    for other in ("http://192.0.2.66", "https://192.0.2.66:8443"):
        assert await hub.fetch(f"{other}/record_CHN0/a%20b.jpg?t=1%2B2") == JPEG
        assert box.fetched[-1] == "/record_CHN0/a%20b.jpg?t=1%2B2"
        with pytest.raises(InvalidRequest):
            await hub.fetch(f"{other}/v1/MEGBOX/devices/reboot?x=.jpg")


@pytest.mark.parametrize(
    "reference",
    [
        "./devices/restoreFactorySet",
        "/v1/MEGBOX/devices/reboot",
        "devices/reboot;x.jpg",
        "devices/reboot%00.jpg",
        "telnet_control?telnetEnabled=true&x=.jpg",
        "devices/reboot\n.jpg",
    ],
)
async def test_a_picture_whose_path_is_a_command(
    box: Box, hub: MegviiHub, reference: str
) -> None:
    """Messages tell paths, and on this box a GET may wipe everything."""
    with pytest.raises(InvalidRequest):
        await hub.fetch(reference)
    assert not box.requests


async def test_a_file_that_is_an_error(box: Box, transport: Transport) -> None:
    box.answers["GET /faces/image/a=="] = fail(104203)
    with pytest.raises(RejectedByHub):
        await transport.ask_file("get_face_image", {"imageId": "a=="})
    box.answers["GET /faces/image/a=="] = web.Response(body=JPEG)
    file = await transport.ask_file("get_face_image", {"imageId": "a=="})
    assert file.content == JPEG


async def test_commands_go_before_polling(box: Box, transport: Transport) -> None:
    box.slowness = 0.01
    box.answers |= {"GET /configs/detect": {}, "POST /voiceTrigger/1": None}
    polls = [
        asyncio.create_task(transport.ask("get_detect_mode", priority=Priority.POLL))
        for _ in range(5)
    ]
    await asyncio.sleep(0)
    command = asyncio.create_task(transport.ask("trigger_voice", {"voiceFileNo": 1}))
    await asyncio.gather(*polls, command)
    assert [row.method for row in box.requests[:3]] == ["GET", "POST", "GET"]


async def test_a_poll_that_waits_lets_a_command_in(
    box: Box, transport: Transport
) -> None:
    transport.backoff = (30.0,)
    busy = asyncio.Event()

    def answer(_: Any) -> web.Response:
        busy.set()
        return fail(104004)

    box.answers |= {"GET /configs/detect": answer, "POST /voiceTrigger/1": None}
    poll = asyncio.create_task(transport.ask("get_detect_mode", priority=Priority.POLL))
    await busy.wait()
    async with asyncio.timeout(5):
        await transport.ask("trigger_voice", {"voiceFileNo": 1})
    poll.cancel()
    await asyncio.gather(poll, return_exceptions=True)
    box.answers["GET /configs/detect"] = {}
    await transport.ask("get_detect_mode")


async def test_turns_survive_those_who_give_up() -> None:
    queue = RequestQueue()
    order: list[int] = []

    async def take(number: int, priority: Priority) -> None:
        async with queue.slot(priority):
            await asyncio.sleep(0)
            order.append(number)

    tasks = [
        asyncio.create_task(take(number, Priority(number % 2))) for number in range(40)
    ]
    await asyncio.sleep(0)
    for task in tasks[::5]:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    left = [number for number in range(40) if number % 5]
    assert order == [n for n in left if not n % 2] + [n for n in left if n % 2]


async def test_fifty_at_once_on_a_box_that_stops_reading_when_somebody_writes(
    box: Box, hub: MegviiHub, session: ClientSession
) -> None:
    """Others write, too; nothing is lost and commands keep their order."""
    box.single = True
    box.slowness = 0.002
    box.answers |= {
        f"{method} {path}": None
        for number in range(50)
        for method, path in (
            ("POST", f"/relayTrigger/{number}"),
            ("DELETE", f"/voiceFile/{number}"),
        )
    } | {"POST /foreign": None}
    transport = hub._transport
    transport.backoff = (0.003,) * 200
    finished: list[str] = []
    over = asyncio.Event()

    async def foreign() -> None:
        url = f"http://127.0.0.1:{box.port}{BASE}/foreign"
        while not over.is_set():
            async with session.post(url) as response:
                await response.read()
            await asyncio.sleep(0.006)

    async def command(number: int) -> None:
        if number % 3:
            await transport.ask("trigger_relay", {"videoNo": number})
        else:
            await transport.ask("delete_voice_file", {"voiceFileNo": number})
        finished.append(f"command {number}")

    async def poll(number: int) -> None:
        data = await transport.ask("get_device", priority=Priority.POLL)
        assert isinstance(data, dict)
        assert data["deviceId"] == DEVICE_ID
        finished.append(f"poll {number}")

    other = asyncio.create_task(foreign())
    async with asyncio.timeout(30):
        await asyncio.gather(
            *(command(n // 2) if n % 2 else poll(n // 2) for n in range(100))
        )
    over.set()
    await other
    assert box.preempted
    assert box.refused
    commands = [name for name in finished if name.startswith("command")]
    polls = [name for name in finished if name.startswith("poll")]
    assert commands == [f"command {number}" for number in range(50)]
    assert polls == [f"poll {number}" for number in range(50)]
    # Polls waited for the commands, but for the one that was there before them.
    assert finished.index("command 49") < finished.index("poll 2")
    served = [
        row.path
        for row in box.requests
        if row.path.startswith(("/relayTrigger", "/voiceFile"))
    ]
    assert served == [
        f"/relayTrigger/{n}" if n % 3 else f"/voiceFile/{n}" for n in range(50)
    ]
