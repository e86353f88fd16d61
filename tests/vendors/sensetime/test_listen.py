"""Listening by WebSocket and by HTTP push."""

import asyncio
import json
from typing import Any

from aiohttp import ClientSession
from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from custom_components.vision_hub.vendors.contract import (
    CallbackPart,
    CallbackRequest,
    MalformedMessage,
    Refusal,
)
from custom_components.vision_hub.vendors.errors import (
    AnswerTimeout,
    CannotConnect,
    NoCallbackAddress,
    RejectedByHub,
    SubscriptionTaken,
    UnexpectedAnswer,
)
from custom_components.vision_hub.vendors.model import PictureRole
from custom_components.vision_hub.vendors.sensetime.hub import SenseTimeHub, push
from custom_components.vision_hub.vendors.sensetime.hub.push import Receiver, owner_of
from custom_components.vision_hub.vendors.toolkit.read_notes import Oddity

from ...helpers.doubles import Callbacks, Sink, listening
from .conftest import JPEG, KEY, Node, done, fail, open_hub
from .test_alarms import RESULT, message


def frame(name: str) -> str:
    return message(snap_id=name).decode()


async def test_alarms_come_over_the_websocket(
    node: Node, hub: SenseTimeHub, sink: Sink, callbacks: Callbacks
) -> None:
    node.frames = [frame("a"), message(snap_id="b"), frame("c")]
    async with listening(hub, sink, callbacks):
        await sink.until(3)
    assert [alarm.id for alarm in sink.alarms] == ["a", "b", "c"]
    assert node.subscriptions == [{"key": KEY, "msg_id": "776"}]
    assert sink.silences == [push.SILENCE]
    assert push.SILENCE.total_seconds() <= 60
    assert sink.heards >= 3
    assert callbacks.memories == []


@pytest.mark.parametrize("junk", ["[]", "", "{}", '{"msg_id":"999"}', b"\0"])
async def test_what_says_nothing_is_skipped(
    node: Node, hub: SenseTimeHub, sink: Sink, callbacks: Callbacks, junk: str | bytes
) -> None:
    node.frames = [frame("a"), junk, frame("b")]
    async with listening(hub, sink, callbacks):
        await sink.until(2)
    assert [note.oddity for note, _ in hub.notes] == [Oddity.UNKNOWN]


@pytest.mark.parametrize("junk", ["{", "x", b"\xff\xfe", '{"msg_id":"777"}'])
async def test_what_cannot_be_understood_is_looked_for_in_the_records(
    node: Node, hub: SenseTimeHub, sink: Sink, callbacks: Callbacks, junk: str | bytes
) -> None:
    """It is passed over, and told, so that what it was is looked for elsewhere."""
    node.frames = [frame("a"), junk, frame("b"), junk, frame("c")]
    async with listening(hub, sink, callbacks):
        await sink.until(3)
    assert [alarm.id for alarm in sink.alarms] == ["a", "b", "c"]
    assert sink.refusals == [Refusal.UNREADABLE] * 2


async def test_a_result_may_come_before_the_acknowledgement(
    node: Node, hub: SenseTimeHub, sink: Sink, callbacks: Callbacks
) -> None:
    node.acknowledgement = json.loads(frame("a"))
    async with listening(hub, sink, callbacks):
        await sink.until(1)


async def test_the_next_is_read_after_the_last_is_safe(
    node: Node, hub: SenseTimeHub, sink: Sink, callbacks: Callbacks
) -> None:
    sink.gate = asyncio.Event()
    node.frames = [frame("a"), frame("b")]
    async with listening(hub, sink, callbacks):
        await asyncio.sleep(0.2)
        assert sink.entered == 1
        sink.gate.set()
        await sink.until(2)


async def test_pings_prove_life(
    node: Node,
    hub: SenseTimeHub,
    sink: Sink,
    callbacks: Callbacks,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(push, "HEARTBEAT", 0.1)
    async with listening(hub, sink, callbacks) as task:
        before = sink.heards
        await node.sockets[0].ping()
        await asyncio.sleep(0.5)
        assert sink.heards >= before + 3
        assert not task.done()


async def test_a_silent_node_is_gone(
    node: Node,
    hub: SenseTimeHub,
    sink: Sink,
    callbacks: Callbacks,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(push, "HEARTBEAT", 0.1)
    node.deaf = True
    await hub.connect()
    async with asyncio.timeout(2):
        with pytest.raises(AnswerTimeout):
            await hub.listen(sink, callbacks)


async def test_a_closed_socket_ends_listening(
    node: Node, hub: SenseTimeHub, sink: Sink, callbacks: Callbacks
) -> None:
    node.frames, node.hang_up = [frame("a")], True
    await hub.connect()
    with pytest.raises(CannotConnect):
        await hub.listen(sink, callbacks)
    assert [alarm.id for alarm in sink.alarms] == ["a"]


@pytest.mark.parametrize(
    ("acknowledgement", "error"), [(fail(-1), RejectedByHub), (None, AnswerTimeout)]
)
async def test_a_refused_subscription(
    node: Node,
    hub: SenseTimeHub,
    sink: Sink,
    callbacks: Callbacks,
    monkeypatch: pytest.MonkeyPatch,
    acknowledgement: Any,
    error: type[Exception],
) -> None:
    monkeypatch.setattr(push, "ACKNOWLEDGED_WITHIN", 0.2)
    node.acknowledgement = acknowledgement
    await hub.connect()
    with pytest.raises(error):
        await hub.listen(sink, callbacks)
    assert sink.silences == []


async def test_no_key(
    node: Node, hub: SenseTimeHub, sink: Sink, callbacks: Callbacks
) -> None:
    node.answers["1286"] = done({})
    await hub.connect()
    with pytest.raises(UnexpectedAnswer):
        await hub.listen(sink, callbacks)


async def test_what_cannot_be_stored_ends_listening(
    node: Node, hub: SenseTimeHub, sink: Sink, callbacks: Callbacks
) -> None:
    node.frames, sink.broken = [frame("a")], True
    await hub.connect()
    with pytest.raises(OSError, match="No space"):
        await hub.listen(sink, callbacks)


class Target:
    """The one target of HTTP push."""

    def __init__(self, node: Node, url: str = "", key: str = "") -> None:
        self.present = {"url": url, "key": key}
        self.written: list[dict[str, Any]] = []
        node.answers["1299"] = lambda _: done(dict(self.present))
        node.answers["1298"] = self.write

    def write(self, body: dict[str, Any]) -> Any:
        self.written.append(body)
        self.present = dict(body)
        return done()


@pytest.fixture
def posting(node: Node, session: ClientSession) -> SenseTimeHub:
    return open_hub(session, node.port, http_push=True)


async def test_http_push_takes_a_free_place(
    node: Node, posting: SenseTimeHub, sink: Sink, callbacks: Callbacks
) -> None:
    target = Target(node)
    async with listening(posting, sink, callbacks):
        assert target.present["url"] == callbacks.url
        assert callbacks.handler
        await post(callbacks, key=target.present["key"])
    assert [alarm.id for alarm in sink.alarms] == [RESULT["snap_id"]]
    sink.subscribed.clear()
    async with listening(posting, sink, callbacks):
        assert len(target.written) == 1
    await posting.unsubscribe(callbacks)
    assert target.present == {"url": "", "key": ""}
    assert callbacks.memory is None


async def test_http_push_asks_before_it_takes(
    node: Node, posting: SenseTimeHub, sink: Sink, callbacks: Callbacks
) -> None:
    target = Target(node, "http://user:pass@other:8088/agbox/snap", "their-key")
    await posting.connect()
    with pytest.raises(SubscriptionTaken) as taken:
        await posting.listen(sink, callbacks)
    assert taken.value.owners == ("http://other:8088",)
    assert (target.written, callbacks.memories) == ([], [])
    async with listening(posting, sink, callbacks, take_over=True):
        assert target.present["url"] == callbacks.url
    await posting.unsubscribe(callbacks)
    assert target.present == {
        "url": "http://user:pass@other:8088/agbox/snap",
        "key": "their-key",
    }


async def test_what_is_no_longer_ours_stays(
    node: Node, posting: SenseTimeHub, callbacks: Callbacks
) -> None:
    target = Target(node, "http://other/", "k")
    callbacks.memory = {"url": "http://old/", "key": "o", "address": callbacks.url}
    await posting.unsubscribe(callbacks)
    assert target.written == []
    assert callbacks.memory is None


async def test_websocket_gives_the_http_place_back(
    node: Node, hub: SenseTimeHub, sink: Sink, callbacks: Callbacks
) -> None:
    target = Target(node, str(callbacks.url), "k")
    callbacks.memory = {"url": "http://old/", "key": "o", "address": callbacks.url}
    async with listening(hub, sink, callbacks):
        assert target.present == {"url": "http://old/", "key": "o"}


async def test_no_address(
    node: Node, posting: SenseTimeHub, sink: Sink, callbacks: Callbacks
) -> None:
    callbacks.url = None
    with pytest.raises(NoCallbackAddress):
        await posting.listen(sink, callbacks)


def test_owners() -> None:
    assert owner_of("google.com") == "google.com"
    assert owner_of("user:secret@google.com/x") == "google.com"


def request(*parts: CallbackPart, content: bytes = b"", kind: str = "") -> Any:
    return CallbackRequest(
        method="POST",
        tail="",
        query={},
        headers={},
        content_type=kind or "multipart/form-data",
        content=content,
        parts=parts,
    )


async def post(callbacks: Callbacks, *, key: str, number: Any = 774) -> None:
    assert callbacks.handler
    reply = await callbacks.handler(
        request(
            CallbackPart("key", None, "text/plain", key.encode()),
            CallbackPart("json", None, "text/plain", message(number)),
            CallbackPart("snap", "s.jpg", "image/jpeg", JPEG),
            CallbackPart("snap_frame", "f.jpg", "image/jpeg", JPEG),
            CallbackPart("img", "i.jpg", "image/jpeg", b""),
        )
    )
    assert (reply.status, reply.content) == (200, None)


@pytest.fixture
def receiver(hub: SenseTimeHub, sink: Sink) -> Receiver:
    receiver = Receiver(sink, hub._details, hub.notes)
    receiver.key = "our-key"
    return receiver


async def test_keys(receiver: Receiver, sink: Sink) -> None:
    callbacks = Callbacks(handler=receiver)
    await post(callbacks, key="our-key")
    for wrong in ("", "another"):
        with pytest.raises(MalformedMessage):
            await post(callbacks, key=wrong)
    with pytest.raises(MalformedMessage):
        await receiver(request(CallbackPart("json", None, "text/plain", message(774))))
    assert len(sink.alarms) == 1
    assert [picture.role for picture in sink.alarms[0].pictures if picture.data] == [
        PictureRole.SCENE,
        PictureRole.TARGET,
    ]


async def test_a_post_is_confirmed_after_it_is_safe(
    receiver: Receiver, sink: Sink
) -> None:
    """What cannot be stored is refused, so that the node may send it again."""
    sink.gate = asyncio.Event()
    posted = asyncio.create_task(post(Callbacks(handler=receiver), key="our-key"))
    done, _ = await asyncio.wait({posted}, timeout=0.2)
    assert (sink.entered, done) == (1, set())
    sink.gate.set()
    await posted
    sink.broken = True
    with pytest.raises(OSError, match="No space"):
        await post(Callbacks(handler=receiver), key="our-key")


async def test_heartbeats_teach_their_period(receiver: Receiver, sink: Sink) -> None:
    beat = b'{"data":{"device_id":"x","trigger":"2019-01-24 15:05:05"},"msg_id":775}'
    await receiver(request(CallbackPart("json", None, "text/plain", beat)))
    assert sink.silences == []
    await receiver(request(content=beat, kind="application/json"))
    await receiver(
        request(
            content=b"json=%7B%22msg_id%22%3A775%7D",
            kind="application/x-www-form-urlencoded",
        )
    )
    assert [silence.total_seconds() for silence in sink.silences if silence] == [60, 60]
    assert sink.heards == 3


async def test_a_node_that_sends_json_alone(receiver: Receiver, sink: Sink) -> None:
    """It has no place for the key; but whoever showed it once shows it always."""
    plain = request(content=message(774), kind="application/json")
    await receiver(plain)
    assert len(sink.alarms) == 1
    keyed = {**json.loads(message(774)), "key": "another"}
    with pytest.raises(MalformedMessage):
        await receiver(request(content=json.dumps(keyed).encode(), kind="x/json"))
    await receiver(
        request(content=json.dumps(keyed | {"key": "our-key"}).encode(), kind="x/json")
    )
    assert len(sink.alarms) == 2
    with pytest.raises(MalformedMessage):
        await receiver(plain)


@pytest.mark.parametrize(
    "odd",
    [
        request(content=b"{", kind="application/json"),
        request(content=b"json={", kind="application/x-www-form-urlencoded"),
        request(content=b"\xff", kind="application/x-www-form-urlencoded"),
    ],
)
async def test_malformed_posts(receiver: Receiver, odd: CallbackRequest) -> None:
    with pytest.raises(MalformedMessage):
        await receiver(odd)


@pytest.mark.parametrize(
    "odd",
    [
        request(CallbackPart("key", None, "text/plain", b"our-key")),
        request(content=b"", kind="application/json"),
        request(content=b"{}", kind="application/json"),
        request(content=b'{"msg_id": 999}', kind="text/plain"),
        request(content=b"a=b", kind="application/x-www-form-urlencoded"),
    ],
)
async def test_posts_that_say_nothing(
    hub: SenseTimeHub, receiver: Receiver, sink: Sink, odd: CallbackRequest
) -> None:
    assert (await receiver(odd)).status == 200
    assert not sink.alarms
    ((note, count),) = hub.notes
    assert (note.place, note.oddity, count) == ("push", Oddity.UNKNOWN, 1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.binary(),
    st.sampled_from(["application/json", "application/x-www-form-urlencoded", "x/y"]),
)
def test_arbitrary_posts(receiver: Receiver, content: bytes, kind: str) -> None:
    async def deliver() -> None:
        try:
            await receiver(request(content=content, kind=kind))
        except MalformedMessage:
            return

    asyncio.new_event_loop().run_until_complete(deliver())


async def test_http_push_of_somebody_who_comes_at_the_same_time(
    node: Node, posting: SenseTimeHub, sink: Sink, callbacks: Callbacks
) -> None:
    """Who takes the only target between our read and our write keeps it."""
    target = Target(node)
    reads = 0

    def told(_: Any) -> Any:
        nonlocal reads
        reads += 1
        if reads == 2:
            target.present = {"url": "http://other:8088/snap", "key": "theirs"}
        return done(dict(target.present))

    node.answers["1299"] = told
    await posting.connect()
    with pytest.raises(SubscriptionTaken):
        await posting.listen(sink, callbacks)
    assert target.written == []
