"""From a hub to all who care: events, states, catching up, and how listening goes."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from datetime import datetime, timedelta
import gc
import time
from typing import override

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    async_fire_time_changed,
)

from custom_components.vision_hub.alarms import (
    AlarmCenter,
    AlarmOptions,
    AlarmUpdate,
    Reason,
)
from custom_components.vision_hub.alarms.archive import Archive, ArchiveQuery, Limits
from custom_components.vision_hub.alarms.receiving import CallbackEndpoint, PushState
from custom_components.vision_hub.vendors.contract import (
    AlarmQuery,
    AlarmSink,
    CallbackServer,
    History,
    Hub,
)
from custom_components.vision_hub.vendors.errors import (
    AuthenticationFailed,
    CannotConnect,
    SubscriptionTaken,
    VisionError,
)
from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.model import (
    Alarm,
    Box,
    Counts,
    HubStatus,
    Json,
    Match,
    Passage,
    Phase,
    Picture,
    PictureRole,
    Source,
    Target,
)

from ..helpers.alarms import an_alarm, jpeg, scene
from .conftest import until


class Records(History):
    """What a hub remembers."""

    def __init__(self) -> None:
        self.alarms: list[Alarm] = []
        self.queries: list[AlarmQuery] = []
        self.error: VisionError | None = None

    @override
    async def search(self, query: AlarmQuery) -> AsyncIterator[Alarm]:
        self.queries.append(query)
        if self.error is not None:
            raise self.error
        for alarm in sorted(self.alarms, key=lambda a: a.time, reverse=True):
            if query.start <= alarm.time < query.end:
                yield alarm


class FakeHub(Hub):
    """A hub that does what a test wants."""

    def __init__(self) -> None:
        self.errors: list[Exception] = []
        self.within: timedelta | None = timedelta(seconds=90)
        self.taken_over: list[bool] = []
        self.pictures: dict[str, bytes | VisionError] = {}
        self.history = Records()

    @override
    async def connect(self) -> None: ...

    @override
    async def poll(self) -> HubStatus:
        return HubStatus(channels={})

    @override
    async def listen(
        self, sink: AlarmSink, callbacks: CallbackServer, *, take_over: bool = False
    ) -> None:
        self.taken_over.append(take_over)
        if self.errors and not take_over:
            raise self.errors.pop(0)
        assert callbacks.url is not None
        sink.expect(self.within)
        await asyncio.Event().wait()

    @override
    async def unsubscribe(self, callbacks: CallbackServer) -> None:
        return

    @override
    async def call(
        self, operation: str, params: Mapping[str, Json]
    ) -> Mapping[str, Json]:
        return {}

    @override
    async def fetch(self, reference: str) -> bytes:
        found = self.pictures[reference]
        if isinstance(found, VisionError):
            raise found
        return found


@pytest.fixture
def hub() -> FakeHub:
    return FakeHub()


@pytest.fixture
def entry(hass: HomeAssistant) -> MockConfigEntry:
    entry = MockConfigEntry(
        domain="vision_hub", title="Shop", unique_id="box", data={"vendor": "uniview"}
    )
    entry.add_to_hass(hass)
    return entry


def make_center(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hub: FakeHub,
    archive: Archive,
    *,
    hold: timedelta | None = None,
    megabytes: int = 1000,
    base_url: str | None = "http://home",
) -> AlarmCenter:
    return AlarmCenter(
        hass,
        entry,
        hub,
        archive,
        CallbackEndpoint(hass, entry.entry_id, token="token", base_url=base_url),
        AlarmOptions(callback_url=None, hold=hold, limits=Limits(30, megabytes)),
        on_changed=lambda: None,
    )


@pytest.fixture
async def center(
    hass: HomeAssistant, entry: MockConfigEntry, hub: FakeHub, archive: Archive
) -> AsyncGenerator[AlarmCenter]:
    center = make_center(hass, entry, hub, archive)
    await center.load()
    yield center
    await center.stop()


@pytest.fixture
def updates(center: AlarmCenter) -> list[AlarmUpdate]:
    updates: list[AlarmUpdate] = []
    center.subscribe(updates.append)
    return updates


def now(ago: float = 0) -> datetime:
    return dt_util.utcnow() - timedelta(seconds=ago)


async def pass_time(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float
) -> None:
    freezer.tick(seconds)
    async_fire_time_changed(hass)
    await asyncio.sleep(0)


async def test_event(
    hass: HomeAssistant, entry: MockConfigEntry, center: AlarmCenter
) -> None:
    """Every key is there, whatever is known."""
    events = async_capture_events(hass, "vision_hub_alarm")
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={("vision_hub", "box:1")},
        name="Door",
    )
    full = an_alarm(
        kind=AlarmKind.FACE_RECOGNIZED,
        time=now(),
        matches=(Match(person_id="7", name="Ann", library="Staff", similarity=90),),
        targets=(Target(type="face", box=Box(0, 0, 0.5, 1), attributes={"age": 40}),),
        counts=Counts(entered=1),
        task="Gate",
        passage=Passage.ENTRY,
        pictures=(scene(),),
    )
    await center.accept(full)
    await center.accept(an_alarm(channel=None, time=now()))
    await hass.async_block_till_done()
    one, two = (dict(event.data) for event in events)
    pictures = one.pop("pictures")
    assert one == {
        "entry_id": entry.entry_id,
        "vendor": "uniview",
        "hub": "Shop",
        "device_id": device.id,
        "channel": "1",
        "channel_name": "Door",
        "alarm_id": full.id,
        "key": 1,
        "kind": "face_recognized",
        "group": "face",
        "code": "intrusion",
        "phase": "started",
        "time": full.time.isoformat(),
        "late": False,
        "matches": [
            {
                "person_id": "7",
                "name": "Ann",
                "library_id": None,
                "library": "Staff",
                "similarity": 90,
            }
        ],
        "targets": [
            {
                "type": "face",
                "plate": None,
                "box": {"left": 0, "top": 0, "right": 0.5, "bottom": 1},
                "attributes": {"age": 40},
            }
        ],
        "counts": {"entered": 1, "left": None, "inside": None},
        "task": "Gate",
        "passage": "entry",
    }
    stored = center.latest_alarm["1"]
    name = stored.pictures[0].path.rpartition("/")[2]
    assert pictures == [
        {
            "role": "scene",
            "media_content_id": f"media-source://vision_hub/{entry.entry_id}/1/1/{name}",
        }
    ]
    assert two.keys() == one.keys() | {"pictures"}
    assert (two["device_id"], two["channel"], two["counts"]) == (None, None, None)


async def test_repeat_is_told_once(
    hass: HomeAssistant, center: AlarmCenter, updates: list[AlarmUpdate]
) -> None:
    alarm = an_alarm(time=now())
    await asyncio.gather(*(center.accept(alarm) for _ in range(5)))
    assert len(updates) == 1


async def test_stored_is_told_though_the_hub_hung_up(
    center: AlarmCenter, updates: list[AlarmUpdate]
) -> None:
    task = asyncio.create_task(center.accept(an_alarm(time=now())))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await center.stop()
    assert [update.reason for update in updates] == [Reason.ALARM]


async def test_recovery(center: AlarmCenter, updates: list[AlarmUpdate]) -> None:
    await center.accept(an_alarm(time=now(5)))
    assert center.is_on("1", AlarmKind.INTRUSION)
    assert not center.is_on("1", AlarmKind.FIRE)
    assert not center.is_on("2", AlarmKind.INTRUSION)
    # The end of an earlier one.
    await center.accept(an_alarm(time=now(6), phase=Phase.ENDED))
    assert center.is_on("1", AlarmKind.INTRUSION)
    await center.accept(an_alarm(time=now(), phase=Phase.ENDED))
    assert not center.is_on("1", AlarmKind.INTRUSION)
    assert [update.reason for update in updates] == [
        Reason.ALARM,
        Reason.ENDED,
        Reason.ENDED,
    ]


@pytest.mark.parametrize("hold", [None, timedelta(seconds=10)])
async def test_hold_time(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hub: FakeHub,
    archive: Archive,
    freezer: FrozenDateTimeFactory,
    hold: timedelta | None,
) -> None:
    center = make_center(hass, entry, hub, archive, hold=hold)
    await center.load()
    updates: list[AlarmUpdate] = []
    center.subscribe(updates.append)
    seconds = 10 if hold else 30
    await center.accept(an_alarm(time=now()))
    await center.accept(an_alarm(time=now(), kind=AlarmKind.FIRE))
    await pass_time(hass, freezer, seconds - 1)
    await center.accept(an_alarm(time=now()))
    await pass_time(hass, freezer, seconds - 1)
    assert center.is_on("1", AlarmKind.INTRUSION)
    assert center.is_on("1", AlarmKind.FIRE) is (hold is None)
    await pass_time(hass, freezer, 2)
    assert not center.is_on("1", AlarmKind.INTRUSION)
    assert updates[-1] == AlarmUpdate("1", AlarmKind.INTRUSION, None, Reason.ENDED)
    await center.stop()


async def test_what_happens_has_no_state(center: AlarmCenter) -> None:
    await center.accept(an_alarm(time=now(), kind=AlarmKind.HUB_LOGIN))
    assert not center.is_on("1", AlarmKind.HUB_LOGIN)
    assert center.seen == {("1", AlarmKind.HUB_LOGIN)}


async def test_late(
    hass: HomeAssistant, center: AlarmCenter, updates: list[AlarmUpdate]
) -> None:
    events = async_capture_events(hass, "vision_hub_alarm")
    await center.accept(an_alarm(time=now(70)))
    await center.accept(an_alarm(time=now(50), kind=AlarmKind.FIRE))
    await hass.async_block_till_done()
    assert [event.data["late"] for event in events] == [True, False]
    assert not center.is_on("1", AlarmKind.INTRUSION)
    assert center.is_on("1", AlarmKind.FIRE)
    assert center.latest_alarm["1"].alarm.kind is AlarmKind.FIRE


@pytest.mark.parametrize(("ahead", "pause"), [(300, 0), (-300, 2)])
async def test_wrong_clock(
    center: AlarmCenter,
    freezer: FrozenDateTimeFactory,
    updates: list[AlarmUpdate],
    ahead: int,
    pause: int,
) -> None:
    """Three alarms that agree tell; a single one or a backlog does not."""
    await center.accept(an_alarm(time=now(7200)))
    for number in range(3):
        assert center.clock_offset is None, number
        await center.accept(an_alarm(time=now(-ahead)))
        freezer.tick(pause)
    assert center.clock_offset == timedelta(seconds=ahead)
    assert updates[-2].reason is Reason.PUSH
    await center.accept(an_alarm(time=now(-ahead)))
    assert center.is_on("1", AlarmKind.INTRUSION)


async def test_backlog_is_no_wrong_clock(center: AlarmCenter) -> None:
    for number in range(20):
        await center.accept(an_alarm(time=now(3600 - number / 10)))
    assert center.clock_offset is None


async def test_latest_after_a_restart(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hub: FakeHub,
    archive: Archive,
    center: AlarmCenter,
) -> None:
    await center.accept(an_alarm(time=now(3), pictures=(scene(),)))
    await center.accept(an_alarm(time=now(2), kind=AlarmKind.FACE_CAPTURED))
    await center.accept(
        an_alarm(time=now(1), kind=AlarmKind.PEOPLE_COUNTED, counts=Counts(inside=2))
    )
    await center.accept(an_alarm(time=now(), phase=Phase.ENDED))
    again = make_center(hass, entry, hub, archive)
    await again.load()
    for which in ("alarm", "picture", "face", "counts"):
        name = f"latest_{which}"
        assert getattr(again, name) == getattr(center, name)
        assert getattr(again, name)["1"]
    assert again.seen == center.seen
    assert len(again.seen) == 3


async def test_pictures_are_fetched(
    hass: HomeAssistant,
    center: AlarmCenter,
    hub: FakeHub,
    updates: list[AlarmUpdate],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "custom_components.vision_hub.alarms.picture_fetcher.WAITS", (0.001, 0.001)
    )
    hub.pictures = {"good": jpeg(), "bad": CannotConnect("no")}
    await center.accept(
        an_alarm(
            time=now(),
            pictures=tuple(
                Picture(PictureRole.SCENE, None, reference)
                for reference in hub.pictures
            ),
        )
    )
    assert "1" not in center.latest_picture
    await hass.async_block_till_done(wait_background_tasks=True)
    assert [update.reason for update in updates] == [Reason.ALARM, Reason.PICTURE]
    assert updates[1].stored == center.latest_picture["1"] == center.latest_alarm["1"]
    assert len(center.latest_picture["1"].pictures) == 1


async def test_clip(center: AlarmCenter, updates: list[AlarmUpdate]) -> None:
    await center.accept(an_alarm(time=now(), clip="clip"))
    await center.add_clip("clip", b"\0\0\0\x18ftypmp42", "video/mp4")
    await center.add_clip("other", b"\0\0\0\x18ftypmp42", "video/mp4")
    assert [update.reason for update in updates] == [Reason.ALARM, Reason.PICTURE]
    assert center.latest_alarm["1"].clip


async def test_refused(
    center: AlarmCenter,
    updates: list[AlarmUpdate],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space")

    monkeypatch.setattr("os.write", full)
    alarm = an_alarm(time=now(), pictures=(scene(),))
    for _ in range(3):
        with pytest.raises(OSError, match="No space"):
            await center.accept(alarm)
    assert center.archive_full
    monkeypatch.undo()
    await center.accept(alarm)
    assert not center.archive_full
    assert [update.reason for update in updates] == [
        Reason.PUSH,
        Reason.PUSH,
        Reason.ALARM,
    ]
    assert caplog.text.count("cannot be stored") == 1


async def test_listening_and_silence(
    hass: HomeAssistant,
    center: AlarmCenter,
    freezer: FrozenDateTimeFactory,
    updates: list[AlarmUpdate],
) -> None:
    assert center.push is PushState.STARTING
    center.start()
    await until(lambda: center.push is PushState.LISTENING)
    await pass_time(hass, freezer, 80)
    center.heard()
    assert center.last_heard == dt_util.utcnow()
    await pass_time(hass, freezer, 80)
    assert center.push is PushState.LISTENING
    await pass_time(hass, freezer, 11)
    assert center.push is PushState.SILENT
    center.heard()
    assert center.push is PushState.LISTENING
    center.expect(None)
    await pass_time(hass, freezer, 10_000)
    assert center.push is PushState.LISTENING
    assert [update.reason for update in updates] == [Reason.PUSH] * 3


async def test_failures(
    hass: HomeAssistant,
    center: AlarmCenter,
    hub: FakeHub,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is tried again, less and less often; what is not expected is no end either."""
    error = CannotConnect("no route")
    hub.errors = [error, OSError(28, "full"), KeyError("张三"), error]
    center.start()
    for number in range(4):
        await until(lambda n=number: len(hub.taken_over) == n + 1)
        await until(lambda: center.push is PushState.FAILED)
        await pass_time(hass, freezer, 2**number)
    await until(lambda: center.push is PushState.LISTENING)
    assert center.error is None
    assert "张三" not in caplog.text
    assert "KeyError" in caplog.text


async def test_wrong_password(
    entry: MockConfigEntry,
    center: AlarmCenter,
    hub: FakeHub,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hub.errors = [AuthenticationFailed("wrong")]
    started: list[HomeAssistant] = []
    monkeypatch.setattr(entry, "async_start_reauth", started.append)
    center.start()
    await until(lambda: center.push is PushState.FAILED)
    assert isinstance(center.error, AuthenticationFailed)
    assert started


async def test_taken(
    hass: HomeAssistant,
    center: AlarmCenter,
    hub: FakeHub,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Nobody is turned out without consent; a free place is found by itself."""
    hub.errors = [SubscriptionTaken(("192.0.2.1",))] * 3
    center.start()
    await until(lambda: center.push is PushState.TAKEN)
    assert center.owners == ("192.0.2.1",)
    await pass_time(hass, freezer, 901)
    await until(lambda: len(hub.taken_over) == 2)
    assert center.push is PushState.TAKEN
    await center.take_over()
    await until(lambda: center.push is PushState.LISTENING)
    assert hub.taken_over == [False, False, True]
    assert center.owners == ()


async def test_no_address(
    hass: HomeAssistant, entry: MockConfigEntry, hub: FakeHub, archive: Archive
) -> None:
    class Picky(FakeHub):
        @override
        async def listen(
            self, sink: AlarmSink, callbacks: CallbackServer, *, take_over: bool = False
        ) -> None:
            if callbacks.url is None:
                raise CannotConnect("no address")

    hass.config.internal_url = hass.config.external_url = hass.config.api = None
    center = make_center(hass, entry, Picky(), archive, base_url=None)
    await center.load()
    center.start()
    await until(lambda: center.push is PushState.NO_ADDRESS)
    await center.stop()


async def test_catching_up(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    center: AlarmCenter,
    hub: FakeHub,
    archive: Archive,
    freezer: FrozenDateTimeFactory,
) -> None:
    """What was missed is fetched once; the first start missed nothing."""
    events = async_capture_events(hass, "vision_hub_alarm")
    center.start()
    await until(lambda: center.push is PushState.LISTENING)
    await hass.async_block_till_done()
    pushed = an_alarm(time=now())
    await center.accept(pushed)
    assert not hub.history.queries
    begin = now()
    await until_marked(archive, entry, begin)

    # It is silent for two hours, then heard again.
    hub.history.alarms = [
        an_alarm(source=Source.HISTORY, time=pushed.time),
        *(
            an_alarm(source=Source.HISTORY, time=now(-3600 - n % 2), id=f"record-{n}")
            for n in range(4)
        ),
    ]
    await pass_time(hass, freezer, 7200)
    assert center.push is PushState.SILENT
    center.heard()
    await until_marked(archive, entry, begin + timedelta(seconds=7200))
    await hass.async_block_till_done()
    assert len(events) == 5
    assert all(event.data["late"] for event in events[1:])
    assert [event.data["alarm_id"] for event in events[1:]] == [
        f"record-{n}" for n in (2, 0, 3, 1)
    ]
    assert len(await archive.search(ArchiveQuery())) == 5
    assert hub.history.queries[0].start <= begin - timedelta(seconds=60)


async def until_marked(
    archive: Archive, entry: MockConfigEntry, mark: datetime
) -> None:
    for _ in range(2000):
        last = await archive.last_time(entry.entry_id)
        if last is not None and last >= mark:
            return
        await asyncio.to_thread(time.sleep, 0.002)
    pytest.fail("It was not noted that nothing is missing")


async def test_catching_up_is_tried_again(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    center: AlarmCenter,
    hub: FakeHub,
    archive: Archive,
    freezer: FrozenDateTimeFactory,
) -> None:
    await archive.set_complete(entry.entry_id, now(600))
    hub.history.error = CannotConnect("no")
    hub.history.alarms = [an_alarm(source=Source.HISTORY, time=now(300))]
    center.start()
    await until(lambda: len(hub.history.queries) == 1)
    await pass_time(hass, freezer, 31)
    await until(lambda: len(hub.history.queries) == 2)
    hub.history.error = None
    await pass_time(hass, freezer, 121)
    await until_marked(archive, entry, now(1))
    assert (await archive.usage()).alarms == 1


async def test_retention(
    hass: HomeAssistant, entry: MockConfigEntry, hub: FakeHub, archive: Archive
) -> None:
    center = make_center(hass, entry, hub, archive, megabytes=1)
    await center.load()
    for number in range(30):
        await center.accept(an_alarm(time=now(), pictures=(scene(number, 100_000),)))
    center.start()
    await until(lambda: not archive.exceeds(entry.entry_id, Limits(30, 1)))
    assert (await archive.usage()).alarms == 9
    await center.stop()


async def test_stored_but_not_told(
    hass: HomeAssistant, entry: MockConfigEntry, hub: FakeHub, archive: Archive
) -> None:
    """What a crash kept from being told is told after the restart, once."""
    untold = an_alarm(time=now(10))
    await archive.add(entry.entry_id, untold, received=now(10), late=False)
    events = async_capture_events(hass, "vision_hub_alarm")

    for _ in range(2):
        center = make_center(hass, entry, hub, archive)
        await center.load()
        center.start()
        await center.accept(untold)
        await hass.async_block_till_done()
        await center.stop()
    assert [event.data["alarm_id"] for event in events] == [untold.id]
    assert events[0].data["late"] is False


async def test_failing_while_stopping(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    archive: Archive,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A hub that breaks down while we stop listening is not worth a word."""
    listening = asyncio.Event()

    class Failing(FakeHub):
        @override
        async def listen(
            self,
            sink: AlarmSink,
            callbacks: CallbackServer,
            *,
            take_over: bool = False,
        ) -> None:
            listening.set()
            try:
                await asyncio.Event().wait()
            finally:
                raise CannotConnect

    center = make_center(hass, entry, Failing(), archive)
    await center.load()
    center.start()
    await listening.wait()
    await center.stop()
    del center
    gc.collect()
    await hass.async_block_till_done()
    assert "never retrieved" not in caplog.text
