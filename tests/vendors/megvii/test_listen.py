"""Being called over HTTP, being dialled, and polling."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
import json
from typing import Any, Literal

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType, web
from aiohttp.test_utils import TestServer
import orjson
import pytest

from custom_components.vision_hub.vendors.contract import (
    CallbackRequest,
    MalformedMessage,
    SocketHandler,
)
from custom_components.vision_hub.vendors.errors import (
    CannotConnect,
    NoCallbackAddress,
    SubscriptionTaken,
    Unsupported,
)
from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.megvii.hub import push
from custom_components.vision_hub.vendors.megvii.hub.subscription import memory_of
from custom_components.vision_hub.vendors.model import PictureRole, Source
from custom_components.vision_hub.vendors.toolkit.lenient import as_int

from ...helpers.doubles import Callbacks, Sink, listening
from .conftest import DEVICE, DEVICE_ID, JPEG, NOW, Asked, Box, fail, open_hub
from .samples import (
    ALERT_ROW,
    CAPTURE_ROW,
    EVENT,
    EVENT_ROW,
    TIME,
    TRACK,
    framed,
    http_capture,
    http_recognition,
    ws_alert,
    ws_capture,
)

OTHER = {
    "url": "http://user:pass@nvr.lan:9000/in?key=1",
    "captureUpload": False,
    "eventType": 2,
    "resend": 0,
    "interval": 1,
    "featureUpload": True,
}
BLANK = {**OTHER, "url": ""}


class Receivers:
    """What stands in the places of receivers."""

    def __init__(self, box: Box) -> None:
        self.http: dict[str, Any] = {
            "enable": False,
            "main": {**BLANK, "persistReport": False},
            "slave": dict(BLANK),
        }
        self.reports: dict[str, Any] = {
            "alertConfig": {
                "alertReportMode": "passiveMode",
                "reportServerAdd": "",
                "alertInterval": 0,
                "alertResend": 1,
                "pushImageSW": False,
            },
            "capture": {
                "captureReportMode": "passiveMode",
                "reportServerAdd": "",
                "pushImageSW": False,
            },
        }
        self.heartbeat: dict[str, Any] = {"serverAdd": "", "htInterval": 0}
        self.writes: list[str] = []
        box.answers["GET /devices/httpReports"] = lambda _: self.http
        box.answers["POST /devices/httpReports"] = self.set_http
        box.answers["GET /devices/reports"] = lambda _: self.reports
        box.answers["POST /devices/reports"] = self.set_reports
        box.answers["GET /devices"] = lambda _: {
            **DEVICE,
            "deviceHeartbeat": self.heartbeat,
        }
        box.answers["POST /devices"] = self.set_device

    def set_http(self, asked: Asked) -> None:
        self.writes.append("http")
        self.http = asked.body

    def set_reports(self, asked: Asked) -> None:
        self.writes.append("reports")
        self.reports = {**self.reports, **asked.body}

    def set_device(self, asked: Asked) -> None:
        assert set(asked.body) == {"deviceHeartbeat"}
        self.writes.append("heartbeat")
        self.heartbeat = asked.body["deviceHeartbeat"]


@pytest.fixture
def receivers(box: Box) -> Receivers:
    return Receivers(box)


async def soon(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    for _ in range(100):
        if holds():
            return
        await asyncio.sleep(0.05)
    raise AssertionError


async def post(
    callbacks: Callbacks, message: Any, *, method: str = "POST"
) -> tuple[int, Any]:
    assert callbacks.handler
    reply = await callbacks.handler(
        CallbackRequest(
            method=method,
            tail="",
            query={},
            headers={},
            content_type="application/json",
            content=message
            if isinstance(message, bytes)
            else json.dumps(message).encode(),
        )
    )
    return reply.status, reply.content


# HTTP


async def test_a_free_place_is_taken_and_given_back(
    box: Box,
    session: ClientSession,
    receivers: Receivers,
    sink: Sink,
    callbacks: Callbacks,
) -> None:
    hub = open_hub(session, box.port)
    before = json.loads(json.dumps(receivers.http))
    async with listening(hub, sink, callbacks):
        ours = receivers.http["main"]
        assert receivers.http["enable"] is True
        assert ours["url"] == callbacks.url
        assert (ours["eventType"], ours["persistReport"]) == (3, True)
        assert (ours["captureUpload"], ours["bigCaptureUpload"]) == (True, True)
        # Nobody's features are wanted.
        assert ours["featureUpload"] is False
        assert receivers.http["slave"] == BLANK
        assert await post(callbacks, http_recognition()) == (
            200,
            {"code": 0, "message": ""},
        )
        assert (await post(callbacks, http_capture(), method="GET"))[0] == 200
        assert (await post(callbacks, EVENT))[0] == 200
    assert [alarm.kind for alarm in sink.alarms] == [
        AlarmKind.FACE_RECOGNIZED,
        AlarmKind.FACE_CAPTURED,
        AlarmKind.LINE_CROSSED,
    ]
    assert sink.silences == [None]
    assert sink.heards == 3
    # It is still there after a restart, and nothing is written.
    async with listening(open_hub(session, box.port), sink, callbacks):
        assert receivers.writes == ["http"]
    await hub.unsubscribe(callbacks)
    assert receivers.http == before
    assert callbacks.memory is None


async def test_the_second_place_is_taken_beside_another_platform(
    box: Box,
    session: ClientSession,
    receivers: Receivers,
    sink: Sink,
    callbacks: Callbacks,
) -> None:
    receivers.http = {"enable": "true", "main": dict(OTHER), "slave": dict(BLANK)}
    hub = open_hub(session, box.port, push="http")
    async with listening(hub, sink, callbacks):
        assert receivers.http["main"] == OTHER
        assert receivers.http["slave"]["url"] == callbacks.url
        # Only the main place knows it.
        assert "persistReport" not in receivers.http["slave"]
    await hub.unsubscribe(callbacks)
    assert receivers.http["main"] == OTHER
    assert receivers.http["slave"] == BLANK
    assert receivers.http["enable"] in (True, "true")


async def test_nobody_is_pushed_out_without_consent(
    box: Box,
    session: ClientSession,
    receivers: Receivers,
    sink: Sink,
    callbacks: Callbacks,
) -> None:
    second = {**OTHER, "url": "http://10.0.0.7/x"}
    receivers.http = {"enable": True, "main": dict(OTHER), "slave": second}
    hub = open_hub(session, box.port)
    await hub.connect()
    with pytest.raises(SubscriptionTaken) as taken:
        await hub.listen(sink, callbacks)
    assert taken.value.owners == ("http://nvr.lan:9000", "http://10.0.0.7")
    assert (receivers.writes, callbacks.memory) == ([], None)
    async with listening(hub, sink, callbacks, take_over=True):
        assert receivers.http["main"] == OTHER
        assert receivers.http["slave"]["url"] == callbacks.url
    await hub.unsubscribe(callbacks)
    assert receivers.http == {"enable": True, "main": OTHER, "slave": second}


async def test_what_was_switched_off_stays_so(
    box: Box,
    session: ClientSession,
    receivers: Receivers,
    sink: Sink,
    callbacks: Callbacks,
) -> None:
    before = {"enable": False, "main": dict(OTHER), "slave": dict(BLANK)}
    receivers.http = dict(before)
    hub = open_hub(session, box.port)
    async with listening(hub, sink, callbacks):
        # Or the other platform would receive faces that nobody wants it to have.
        assert receivers.http["main"]["url"] == ""
        assert receivers.http["slave"]["url"] == callbacks.url
    await hub.unsubscribe(callbacks)
    assert receivers.http == before


async def test_who_came_meanwhile_stays(
    box: Box,
    session: ClientSession,
    receivers: Receivers,
    sink: Sink,
    callbacks: Callbacks,
) -> None:
    hub = open_hub(session, box.port)
    async with listening(hub, sink, callbacks):
        receivers.http["slave"] = dict(OTHER)
    await hub.unsubscribe(callbacks)
    assert receivers.http["main"]["url"] == ""
    assert receivers.http["slave"] == OTHER
    assert receivers.http["enable"] is True


async def test_a_place_that_was_lost_is_not_given_back(
    box: Box,
    session: ClientSession,
    receivers: Receivers,
    sink: Sink,
    callbacks: Callbacks,
) -> None:
    hub = open_hub(session, box.port)
    async with listening(hub, sink, callbacks):
        receivers.http["main"] = dict(OTHER)
    await hub.unsubscribe(callbacks)
    assert receivers.writes == ["http"]
    assert receivers.http["main"] == OTHER


async def test_our_address_changed(
    box: Box,
    session: ClientSession,
    receivers: Receivers,
    sink: Sink,
    callbacks: Callbacks,
) -> None:
    hub = open_hub(session, box.port)
    async with listening(hub, sink, callbacks):
        pass
    callbacks.url = "https://home.example/api/vision_hub/push/our-secret-token"
    async with listening(hub, sink, callbacks):
        assert receivers.http["main"]["url"] == callbacks.url
        assert receivers.http["slave"]["url"] == ""
    await hub.unsubscribe(callbacks)
    assert receivers.http["main"]["url"] == ""


async def test_the_place_is_looked_after(
    box: Box,
    session: ClientSession,
    receivers: Receivers,
    sink: Sink,
    callbacks: Callbacks,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(push, "RECHECK", push.RECHECK / 6000)
    async with listening(open_hub(session, box.port), sink, callbacks) as task:
        box.answers["GET /devices/httpReports"] = web.Response(status=503)
        await asyncio.sleep(0.3)
        assert not task.done()
        receivers.http["enable"] = False
        box.answers["GET /devices/httpReports"] = lambda _: receivers.http
        assert not sink.missing.is_set()
        await soon(lambda: receivers.http["enable"] is True)
        await sink.missing.wait()


async def test_what_cannot_be_stored_is_refused(
    box: Box,
    session: ClientSession,
    receivers: Receivers,
    sink: Sink,
    callbacks: Callbacks,
) -> None:
    async with listening(open_hub(session, box.port), sink, callbacks):
        sink.broken = True
        with pytest.raises(OSError, match="No space"):
            await post(callbacks, http_capture())
        sink.broken = False
        assert (await post(callbacks, http_capture()))[0] == 200
        with pytest.raises(MalformedMessage):
            await post(callbacks, b"{")
    assert len(sink.alarms) == 1


async def test_an_outage_is_told_in_bulk_and_twice(
    box: Box,
    session: ClientSession,
    receivers: Receivers,
    sink: Sink,
    callbacks: Callbacks,
) -> None:
    messages = [http_capture(timestamp=TIME + 1000 * second) for second in range(30)]
    async with listening(open_hub(session, box.port), sink, callbacks):
        for message in (*messages, *reversed(messages)):
            assert (await post(callbacks, message))[0] == 200
    assert len(sink.alarms) == 60
    assert len({alarm.id for alarm in sink.alarms}) == 30
    assert sink.alarms[0].time == sink.alarms[-1].time


async def test_http_needs_an_address(
    box: Box,
    session: ClientSession,
    receivers: Receivers,
    sink: Sink,
    callbacks: Callbacks,
) -> None:
    callbacks.url = None
    hub = open_hub(session, box.port, push="http")
    await hub.connect()
    with pytest.raises(NoCallbackAddress):
        await hub.listen(sink, callbacks)


# WebSocket


@asynccontextmanager
async def dialled(
    handler: SocketHandler | None,
) -> AsyncIterator[ClientWebSocketResponse]:
    """Dial our server as the box does; a fault closes the socket."""
    assert handler

    async def take(request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse[Literal[False]](
            max_msg_size=1 << 26, decode_text=False
        )
        await socket.prepare(request)
        try:
            await handler(socket, request.remote or "")
        except OSError, MalformedMessage:
            await socket.close(code=1013)
        return socket

    app = web.Application()
    app.router.add_get("/{tail:.*}", take)
    async with (
        TestServer(app) as server,
        ClientSession() as session,
        session.ws_connect(server.make_url("/x"), max_msg_size=1 << 26) as socket,
    ):
        yield socket


@pytest.mark.parametrize("way", ["http", "websocket"])
async def test_another_box_is_refused(
    box: Box,
    session: ClientSession,
    receivers: Receivers,
    sink: Sink,
    callbacks: Callbacks,
    way: str,
) -> None:
    """A box may call itself by its id, its serial number or a MAC; nobody else calls."""
    ports = {"eth": {"ethMac": "78:ca:83:40:05:06"}}
    box.answers["GET /devices"] = DEVICE | {"serialNumber": " sn-1 "} | ports
    hub = open_hub(session, box.port, push=way)
    await hub.connect()
    mac = "78CA83400506"
    async with listening(hub, sink, callbacks):
        for name in (DEVICE_ID, DEVICE_ID.lower(), "SN-1", mac, f"{mac}00000000"):
            event = {**EVENT, "deviceId": name, "pts": EVENT["pts"] + len(sink.alarms)}
            await post(callbacks, event)
        known = len(sink.alarms)
        for key in ("deviceId", "device_id", "deviceID"):
            event = {k: v for k, v in EVENT.items() if k != "deviceId"}
            with pytest.raises(MalformedMessage):
                await post(callbacks, event | {key: "OTHER"})
        with pytest.raises(MalformedMessage):
            await post(callbacks, http_recognition(device_id="OTHER"))
        if callbacks.sockets:
            async with dialled(callbacks.sockets) as socket:
                await socket.send_bytes(framed("Capture", ws_capture(deviceId="OTHER")))
                assert (await socket.receive()).type is WSMsgType.CLOSE
    assert known == 5
    assert len(sink.alarms) == known


async def test_the_box_dials_our_address(
    box: Box,
    session: ClientSession,
    receivers: Receivers,
    sink: Sink,
    callbacks: Callbacks,
) -> None:
    before = json.loads(json.dumps([receivers.reports, receivers.heartbeat]))
    hub = open_hub(session, box.port, push="websocket")
    async with listening(hub, sink, callbacks):
        address = "ws://192.0.2.9:8123/api/vision_hub/push/our-secret-token"
        for part in ("alertConfig", "capture"):
            told = receivers.reports[part]
            assert (told["reportServerAdd"], told["pushImageSW"]) == (address, True)
        assert receivers.reports["alertConfig"]["alertReportMode"] == "activeMode"
        assert receivers.reports["alertConfig"]["alertResend"] == 2
        assert receivers.heartbeat == {"serverAdd": address, "htInterval": 30}
        assert sink.silences == [push.SILENCE]
        async with dialled(callbacks.sockets) as socket:
            await socket.send_bytes(
                framed(
                    "Alert",
                    ws_alert(images={"captureFace": len(JPEG)}),
                    JPEG,
                    order="big",
                )
            )
            assert await socket.receive_str() == f"Alert_01_{TIME}_{TRACK}_ACK"
            await socket.send_bytes(framed("Capture", ws_capture()))
            assert await socket.receive_str() == f"Capture_01_{TIME}_6018_ACK"
            await socket.send_str("ping")
            assert await socket.receive_str() == "pong"
            heards = sink.heards
            await socket.send_json({"deviceId": DEVICE_ID, "timestamp": TIME})
            await socket.send_bytes(b"nonsense")
            await socket.send_str(json.dumps(EVENT))
            await sink.until(3)
            assert sink.heards == heards + 2
    assert [alarm.kind for alarm in sink.alarms] == [
        AlarmKind.FACE_RECOGNIZED,
        AlarmKind.FACE_CAPTURED,
        AlarmKind.LINE_CROSSED,
    ]
    assert [each.role for each in sink.alarms[0].pictures] == [PictureRole.TARGET]
    async with listening(
        open_hub(session, box.port, push="websocket"), sink, callbacks
    ):
        assert receivers.writes == ["reports", "heartbeat"]
    await hub.unsubscribe(callbacks)
    assert [receivers.reports, receivers.heartbeat] == before
    assert callbacks.memory is None


async def test_pings_of_the_protocol_are_answered(
    box: Box,
    session: ClientSession,
    receivers: Receivers,
    sink: Sink,
    callbacks: Callbacks,
) -> None:
    async with (
        listening(open_hub(session, box.port, push="websocket"), sink, callbacks),
        dialled(callbacks.sockets) as socket,
    ):
        socket._autoping = False
        await socket.ping(b"7")
        message = await socket.receive(timeout=2)
        assert (message.type, message.data) == (WSMsgType.PONG, b"7")


async def test_nothing_is_acknowledged_before_it_is_safe(
    box: Box,
    session: ClientSession,
    receivers: Receivers,
    sink: Sink,
    callbacks: Callbacks,
) -> None:
    sink.gate = asyncio.Event()
    async with (
        listening(open_hub(session, box.port, push="websocket"), sink, callbacks),
        dialled(callbacks.sockets) as socket,
    ):
        await socket.send_bytes(framed("Alert", ws_alert()))
        with pytest.raises(TimeoutError):
            await socket.receive_str(timeout=0.2)
        sink.gate.set()
    async with (
        listening(open_hub(session, box.port, push="websocket"), sink, callbacks),
        dialled(callbacks.sockets) as socket,
    ):
        sink.broken = True
        await socket.send_bytes(framed("Alert", ws_alert()))
        message = await socket.receive(timeout=2)
        assert message.type is WSMsgType.CLOSE


async def test_a_socket_that_somebody_else_has(
    box: Box,
    session: ClientSession,
    receivers: Receivers,
    sink: Sink,
    callbacks: Callbacks,
) -> None:
    theirs = {
        "captureReportMode": "activeMode",
        "reportServerAdd": "ws://10.0.0.7:80/",
        "pushImageSW": True,
    }
    receivers.reports["capture"] = theirs
    receivers.heartbeat = {"serverAdd": "ws://10.0.0.8:80/", "htInterval": 5}
    hub = open_hub(session, box.port, push="websocket")
    await hub.connect()
    with pytest.raises(SubscriptionTaken) as taken:
        await hub.listen(sink, callbacks)
    assert taken.value.owners == ("ws://10.0.0.7",)
    assert receivers.writes == []
    async with listening(hub, sink, callbacks, take_over=True):
        assert receivers.writes == ["reports"]
        # Nobody is deprived of heartbeats, so none are expected.
        assert sink.silences == [None]
    await hub.unsubscribe(callbacks)
    assert receivers.reports["capture"] == theirs
    assert receivers.reports["alertConfig"]["alertReportMode"] == "passiveMode"
    assert receivers.heartbeat["serverAdd"] == "ws://10.0.0.8:80/"


async def test_a_box_that_keeps_no_path_needs_a_port(
    box: Box,
    session: ClientSession,
    receivers: Receivers,
    sink: Sink,
    callbacks: Callbacks,
) -> None:
    def cut(asked: Asked) -> None:
        receivers.set_reports(asked)
        for part in receivers.reports.values():
            if part["reportServerAdd"]:
                part["reportServerAdd"] = "ws://192.0.2.9:8123/"

    before = json.loads(json.dumps(receivers.reports))
    box.answers["POST /devices/reports"] = cut
    hub = open_hub(session, box.port, push="websocket")
    await hub.connect()
    # Again and again: our own remains are in nobody's way.
    for _ in range(2):
        with pytest.raises(Unsupported):
            await hub.listen(sink, callbacks)
        assert receivers.reports == before
        assert callbacks.memory is None


async def test_a_port_of_our_own(
    box: Box,
    session: ClientSession,
    receivers: Receivers,
    sink: Sink,
    callbacks: Callbacks,
) -> None:
    hub = open_hub(session, box.port, push="websocket", socket_port=8765)
    async with listening(hub, sink, callbacks):
        assert receivers.reports["capture"]["reportServerAdd"] == "ws://192.0.2.9:8765/"
        assert callbacks.sockets is None
        async with dialled(callbacks.ports[8765]) as socket:
            await socket.send_bytes(framed("Alert", ws_alert()))
            assert await socket.receive_str(timeout=2)
            await socket.send_bytes(framed("Alert", ws_alert(deviceId="0000")))
            assert (await socket.receive(timeout=2)).type is WSMsgType.CLOSE
    assert len(sink.alarms) == 1
    await hub.unsubscribe(callbacks)
    assert receivers.reports["capture"]["reportServerAdd"] == ""


async def test_only_the_box_may_call_at_the_port(
    box: Box,
    session: ClientSession,
    receivers: Receivers,
    sink: Sink,
    callbacks: Callbacks,
) -> None:
    hub = open_hub(session, box.port, push="websocket", socket_port=8765)
    async with listening(hub, sink, callbacks):
        handler = callbacks.ports[8765]
        socket = web.WebSocketResponse[Literal[False]](decode_text=False)
        with pytest.raises(MalformedMessage):
            await handler(socket, "192.0.2.66")
        with pytest.raises(MalformedMessage):
            await handler(socket, "")

        async def mapped(socket: web.WebSocketResponse, peer: str) -> None:
            await handler(socket, f"::ffff:{peer}")

        async with dialled(mapped) as dial:
            await dial.send_bytes(framed("Alert", ws_alert()))
            assert await dial.receive_str(timeout=2)


async def test_changing_the_way_gives_back_the_other(
    box: Box,
    session: ClientSession,
    receivers: Receivers,
    sink: Sink,
    callbacks: Callbacks,
) -> None:
    async with listening(open_hub(session, box.port, push="http"), sink, callbacks):
        pass
    async with listening(
        open_hub(session, box.port, push="websocket"), sink, callbacks
    ):
        assert receivers.http["main"]["url"] == ""
        assert receivers.http["enable"] is False
    async with listening(open_hub(session, box.port, push="http"), sink, callbacks):
        assert receivers.reports["capture"]["captureReportMode"] == "passiveMode"
        assert receivers.heartbeat["serverAdd"] == ""


# Alert mode counts channels in its own way


async def test_numbering_from_zero_is_learned_for_good(
    box: Box,
    session: ClientSession,
    receivers: Receivers,
    sink: Sink,
    callbacks: Callbacks,
) -> None:
    second = {**EVENT, "stream_id": 1, "pts": EVENT["pts"] + 1}
    async with listening(open_hub(session, box.port), sink, callbacks):
        await post(callbacks, second)
        await post(callbacks, EVENT)
        await post(callbacks, second)
    async with listening(open_hub(session, box.port), sink, callbacks):
        await post(callbacks, second)
    assert [alarm.channel for alarm in sink.alarms] == ["1", "1", "2", "2"]


# Polling


class Records:
    """Lists that grow; some forget what they told."""

    def __init__(self, box: Box, *, forgetful: bool = False) -> None:
        self.alerts: list[dict[str, Any]] = []
        self.captures: list[dict[str, Any]] = []
        self.forgetful = forgetful
        self.now = NOW
        self.queries: list[dict[str, str]] = []
        box.answers["GET /alerts"] = lambda asked: self.told(
            asked, "alertsEvent", "totalAlarts", self.alerts, "timestamp"
        )
        box.answers["GET /captures"] = lambda asked: self.told(
            asked, "captures", "toltalCaptures", self.captures, "catchTimestamp"
        )
        box.answers["GET /devices"] = lambda _: {
            **DEVICE,
            "time": {**DEVICE["time"], "deviceTime": self.now},
        }

    def told(
        self, asked: Asked, key: str, total: str, rows: list[Any], time: str
    ) -> dict[str, Any]:
        query = dict(pair.split("=") for pair in asked.query.split("&"))
        self.queries.append(query)
        start, end = int(query["timeStart"]) * 1000, int(query["timeEnd"]) * 1000
        wanted = [row for row in rows if start <= row[time] <= end]
        page, size = int(query.get("pageToken", 0)), int(query["pageSize"])
        some = wanted[page * size : (page + 1) * size]
        if self.forgetful:
            for row in some:
                rows.remove(row)
        answer: dict[str, Any] = {total: len(wanted), key: some}
        if (page + 1) * size < len(wanted):
            answer["nextPageToken"] = page + 1
        return answer


def alert_at(second: int, track: int = 1) -> dict[str, Any]:
    return {**ALERT_ROW, "trackId": track, "timestamp": (NOW + second) * 1000}


def capture_at(second: int, track: int = 1) -> dict[str, Any]:
    return {**CAPTURE_ROW, "trackId": track, "catchTimestamp": (NOW + second) * 1000}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(push, "POLLING", 0.05)


@pytest.mark.parametrize("forgetful", [False, True])
async def test_polling_brings_everything_once(
    box: Box,
    session: ClientSession,
    sink: Sink,
    callbacks: Callbacks,
    forgetful: bool,
) -> None:
    records = Records(box, forgetful=forgetful)
    hub = open_hub(session, box.port, push="polling")
    async with listening(hub, sink, callbacks):
        records.alerts += [alert_at(1, track) for track in range(100)]
        records.captures.append(capture_at(2))
        records.now += 5
        await sink.until(101)
        records.now += 50
        records.captures.append(capture_at(50))
        await sink.until(102)
        heards = sink.heards
        await soon(lambda: sink.heards >= heards + 2)
    assert len(sink.alarms) == len({alarm.id for alarm in sink.alarms}) == 102
    assert {alarm.source for alarm in sink.alarms} == {Source.HISTORY}
    assert isinstance(callbacks.memory, dict)
    assert callbacks.memory["polled"] in range(NOW + 2, NOW + 51)
    # After a restart it goes on where it was.
    records.now += 600
    records.alerts.append(alert_at(300, 7))
    sink.alarms.clear()
    async with listening(open_hub(session, box.port, push="polling"), sink, callbacks):
        await sink.until(1)
        await soon(lambda: callbacks.memory == {"polled": NOW + 300})


async def test_a_forgetful_box_and_a_full_disk(
    box: Box, session: ClientSession, sink: Sink, callbacks: Callbacks
) -> None:
    records = Records(box, forgetful=True)
    async with listening(
        open_hub(session, box.port, push="polling"), sink, callbacks
    ) as task:
        sink.broken = True
        records.alerts += [alert_at(1, 1), alert_at(1, 2)]
        await soon(lambda: sink.entered >= 3)
        assert records.alerts == []
        assert not task.done()
        assert callbacks.memory in (None, {"polled": NOW})
        sink.broken = False
        await sink.until(2)


async def test_a_busy_box_is_asked_later_and_a_lost_one_is_told(
    box: Box, session: ClientSession, sink: Sink, callbacks: Callbacks
) -> None:
    records = Records(box)
    hub = open_hub(session, box.port, push="polling")
    hub._transport.backoff = ()
    async with listening(hub, sink, callbacks) as task:
        answer = box.answers["GET /alerts"]
        box.answers["GET /alerts"] = fail(104004)
        await asyncio.sleep(0.3)
        assert not task.done()
        records.alerts.append(alert_at(1))
        box.answers["GET /alerts"] = answer
        await sink.until(1)
        assert box.server
        await box.server.close()
        with pytest.raises(CannotConnect):
            await asyncio.wait_for(task, 5)


async def test_captures_may_be_switched_off(
    box: Box, session: ClientSession, sink: Sink, callbacks: Callbacks
) -> None:
    records = Records(box)
    box.answers["GET /captures"] = fail(104400)
    async with listening(open_hub(session, box.port, push="polling"), sink, callbacks):
        records.alerts.append(alert_at(1))
        await sink.until(1)


async def test_alert_mode_is_polled_for_events(
    box: Box, session: ClientSession, sink: Sink, callbacks: Callbacks
) -> None:
    records = Records(box)
    box.answers["GET /configs/detect"] = {"type": 3, "support": [3]}
    box.answers["GET /alertVideos"] = {
        "videos": [{"videoNo": 3, "videoName": "fence", "videoConStatus": 0}]
    }
    async with listening(open_hub(session, box.port, push="polling"), sink, callbacks):
        records.captures.append({**EVENT_ROW, "catchTimestamp": NOW * 1000})
        await sink.until(1)
    assert sink.alarms[0].kind is AlarmKind.LINE_CROSSED


@pytest.mark.parametrize("reason", ["no address", "rejected", "no interface"])
async def test_automatic_polls_where_nothing_can_be_pushed(
    box: Box,
    session: ClientSession,
    sink: Sink,
    callbacks: Callbacks,
    reason: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(push, "RECHECK", push.RECHECK / 1200)
    receivers = Receivers(box)
    records = Records(box)
    if reason == "no address":
        callbacks.url = None
    elif reason == "rejected":
        box.answers["POST /devices/httpReports"] = fail(104001)
    else:
        del box.answers["GET /devices/httpReports"]
    async with listening(open_hub(session, box.port), sink, callbacks):
        records.alerts.append(alert_at(1))
        await sink.until(1)
        if reason == "no address":
            callbacks.url = "http://192.0.2.9:8123/api/vision_hub/push/later"
            await soon(lambda: receivers.http["main"]["url"] == callbacks.url)


@pytest.mark.parametrize("number", [10**30, -(2**70), 1e300, "1e999"])
async def test_one_record_never_blocks_another(
    box: Box, session: ClientSession, sink: Sink, callbacks: Callbacks, number: Any
) -> None:
    """Whatever is in a record, those after it are told and the place is kept."""
    records = Records(box)
    hub = open_hub(session, box.port, push="polling")
    async with listening(hub, sink, callbacks):
        records.alerts += [
            {**alert_at(1, 1), "searchScore": number, "livenessScore": number},
            {**alert_at(2, 2), "videoNo": number, "age": number},
            {**alert_at(3, 3), "trackId": number, "frequency": number},
            {**alert_at(4, 4), "detectionResult": {"left": number, "top": number}},
        ]
        records.captures += [
            {**capture_at(5, 5), "faceAttr": {"age": number, "gender": number}},
            capture_at(6, 6),
        ]
        records.now += 10
        await sink.until(6)
        await soon(
            lambda: as_int(memory_of(callbacks, "polled")) in range(NOW + 6, NOW + 11)
        )
    for alarm in sink.alarms:
        orjson.dumps([alarm.matches, alarm.targets, alarm.counts])


async def test_a_record_without_a_time_is_counted(
    box: Box, session: ClientSession, sink: Sink, callbacks: Callbacks
) -> None:
    records = Records(box)
    hub = open_hub(session, box.port, push="polling")
    async with listening(hub, sink, callbacks):
        # The box looks at times, so that it must be within the list of all.
        everything = records.alerts
        box.answers["GET /alerts"] = lambda _: {
            "alertsEvent": [{"trackId": 1, "timestamp": 10**30}, 7, *everything]
        }
        everything.append(alert_at(1, 2))
        await sink.until(1)
    told = {(note.place, note.key, note.type) for note, _ in hub.notes}
    assert ("list_alerts", "timestamp", "NoneType") in told
    assert ("list_alerts", "row", "int") in told
