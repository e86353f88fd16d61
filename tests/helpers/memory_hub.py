"""A hub in memory that can do everything a hub may do.

The virtual boxes stand for real systems; this one stands for the contract, for what no
virtual box of ours can do yet.
"""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import override

from aiohttp import ClientSession

from custom_components.vision_hub.vendors.contract import (
    AlarmSink,
    CallbackServer,
    Command,
    Commands,
    ConfigField,
    Discovery,
    FieldType,
    HeatMap,
    HeatMaps,
    Hub,
    HubStore,
    Inspection,
    Ptz,
    PtzDirection,
    Recordings,
    Relays,
    Schedules,
    Settings,
    SettingScope,
    SettingSpec,
    SettingType,
    Snapshots,
    Streams,
    Tasks,
    Vendor,
    Voices,
)
from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.model import (
    Channel,
    ChannelReading,
    Cruise,
    Device,
    FoundCamera,
    HubConfig,
    HubInfo,
    HubStatus,
    Json,
    Measurement,
    Preset,
    Reading,
    Recording,
    RecordingKind,
    Relay,
    Schedule,
    ScheduledEvent,
    Service,
    SettingKey,
    Target,
    Task,
    Voice,
)

PNG = b"\x89PNG\r\n\x1a\npicture"
JPEG = b"\xff\xd8\xff\xe0picture\xff\xd9"


class Told:
    """What the hub was told to do, in order."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, ...]] = []
        self.failure: Exception | None = None

    def __call__(self, *call: str) -> None:
        if self.failure:
            raise self.failure
        self.calls.append(call)


class MemoryPtz(Ptz):
    def __init__(self, told: Told) -> None:
        self.told = told

    @override
    async def move(self, channel: str, direction: PtzDirection, speed: float) -> None:
        self.told("move", channel, direction, f"{speed:g}")

    @override
    async def stop(self, channel: str) -> None:
        self.told("stop", channel)

    @override
    async def goto_preset(self, channel: str, preset: str) -> None:
        self.told("goto", channel, preset)

    @override
    async def save_preset(self, channel: str, preset: str | None, name: str) -> str:
        self.told("save", channel, preset or "new", name)
        return preset or "9"

    @override
    async def delete_preset(self, channel: str, preset: str) -> None:
        self.told("delete", channel, preset)

    @override
    async def cruise(self, channel: str, cruise: str | None) -> None:
        self.told("cruise", channel, cruise or "none")


class MemoryRelays(Relays):
    def __init__(self, told: Told) -> None:
        self.told = told

    @override
    async def trigger(self, relay: str) -> None:
        self.told("trigger", relay)


class MemoryCommands(Commands):
    catalog = tuple(Command)

    def __init__(self, told: Told) -> None:
        self.told = told

    @override
    async def run(self, command: Command) -> None:
        self.told("command", command)


class MemoryTasks(Tasks):
    def __init__(self, hub: MemoryHub) -> None:
        self.hub = hub

    @override
    async def set_enabled(
        self, channel: str | None, task: str, *, enabled: bool
    ) -> None:
        self.hub.told("task", channel or "hub", task, str(enabled))
        self.hub.armed[task] = enabled


class MemorySettings(Settings):
    catalog = (
        SettingSpec(
            name="alarm_video_before",
            type=SettingType.NUMBER,
            maximum=1,
            step=0.1,
        ),
        SettingSpec(
            name="task_threshold", type=SettingType.NUMBER, scope=SettingScope.TASK
        ),
        SettingSpec(
            name="relay_pulse", type=SettingType.NUMBER, scope=SettingScope.RELAY
        ),
    )

    def __init__(self, hub: MemoryHub) -> None:
        self.hub = hub

    @override
    async def write(self, key: SettingKey, value: Reading) -> None:
        self.hub.settings_now[key] = value


class MemoryVoices(Voices):
    def __init__(self, told: Told) -> None:
        self.told = told

    @override
    async def play(self, voice: str) -> None:
        self.told("play", voice)

    @override
    async def cancel(self, channel: str) -> None:
        self.told("cancel", channel)


class MemorySchedules(Schedules):
    def __init__(self) -> None:
        self.event = ScheduledEvent(
            start=datetime(2026, 3, 2, 8, tzinfo=UTC),
            end=datetime(2026, 3, 2, 18, tzinfo=UTC),
            summary="Open",
        )

    @override
    async def events(
        self, schedule: str, start: datetime, end: datetime
    ) -> tuple[ScheduledEvent, ...]:
        assert isinstance(self.event.start, datetime)
        return (self.event,) if start < self.event.start < end else ()


class MemoryDiscovery(Discovery):
    @override
    async def search(self) -> tuple[FoundCamera, ...]:
        return (FoundCamera(address="192.0.2.9", manufacturer="Nobody"),)

    @override
    async def streams(
        self, address: str, username: str | None, password: str | None
    ) -> tuple[str, ...]:
        return (f"rtsp://{username}:{password}@{address}/1",)


class MemoryInspection(Inspection):
    @override
    async def inspect(self, picture: bytes) -> tuple[Target, ...]:
        assert picture.startswith(JPEG[:3])
        return (Target(type="vehicle", attributes={"color": "red"}),)


class MemoryRecordings(Recordings):
    def __init__(self, told: Told) -> None:
        self.told = told

    @override
    async def search(
        self, channel: str, start: datetime, end: datetime
    ) -> tuple[Recording, ...]:
        self.told("search", channel, start.isoformat(), end.isoformat())
        return tuple(
            Recording(
                id=f"cloud/{hour}",
                channel=channel,
                start=start + timedelta(hours=hour),
                end=start + timedelta(hours=hour, minutes=30),
                kind=RecordingKind.MOTION,
                place="cloud",
            )
            for hour in (8, 9)
        )

    @override
    async def source(self, recording: Recording) -> str:
        self.told("source", recording.id)
        return "https://cloud.example/recording.m3u8"


class MemoryHeatMaps(HeatMaps):
    def __init__(self, told: Told) -> None:
        self.told = told

    @override
    async def render(
        self, channel: str, kind: HeatMap, start: datetime, end: datetime
    ) -> bytes:
        self.told(kind, channel, start.isoformat())
        return PNG


class MemoryStreams(Streams):
    """Gives an address that lives as long as its player, so another every time."""

    def __init__(self, told: Told) -> None:
        self.told = told
        self.given = 0
        self.fourth = asyncio.Event()

    @override
    async def source(self, channel: str) -> str | None:
        self.told("stream", channel)
        self.given += 1
        if self.given == 4:
            self.fourth.set()
        return f"rtsp://127.0.0.1:9/{self.given}"


class MemorySnapshots(Snapshots):
    def __init__(self, told: Told) -> None:
        self.told = told

    @override
    async def take(self, channel: str) -> bytes:
        self.told("snapshot", channel)
        return JPEG


class MemoryHub(Hub):
    """Can do everything, and remembers what it was told."""

    operations = {}
    poll_interval = timedelta(seconds=60)
    info = HubInfo(
        serial="M-1",
        name="Memory",
        manufacturer="Nobody",
        model="Everything",
        mac="02:00:00:00:00:01",
    )

    def __init__(self) -> None:
        self.told = Told()
        self.armed = {"7": True, "12": False}
        self.relay_online = True
        self.settings_now: dict[SettingKey, Reading] = {
            SettingKey("alarm_video_before"): 0.2,
            SettingKey("task_threshold", "1", "7"): 80,
            SettingKey("task_threshold", None, "12"): 70,
            SettingKey("relay_pulse", None, "1"): 5,
        }
        self.ptz = MemoryPtz(self.told)
        self.relays = MemoryRelays(self.told)
        self.commands = MemoryCommands(self.told)
        self.tasks = MemoryTasks(self)
        self.settings = MemorySettings(self)
        self.streams = MemoryStreams(self.told)
        self.snapshots = MemorySnapshots(self.told)
        self.voices = MemoryVoices(self.told)
        self.schedules = MemorySchedules()
        self.discovery = MemoryDiscovery()
        self.recordings = MemoryRecordings(self.told)
        self.heat_maps = MemoryHeatMaps(self.told)
        self.service_ends = datetime(2036, 1, 1, tzinfo=UTC)
        self.boxes = {
            "B1": Device(
                id="B1", name="Gatehouse", model="Box", firmware="1.0", online=True
            )
        }
        self.inspection = MemoryInspection()

    @override
    async def connect(self) -> None:
        return

    @override
    async def poll(self) -> HubStatus:
        channel = Channel(
            id="1",
            name="Gate",
            online=True,
            can_ptz=True,
            presets=(Preset("1", "Street"), Preset("2", "Yard")),
            cruises=(Cruise("5", "Round", running=True), Cruise("6", "Fence")),
            heat_map=True,
            device="B1",
            readings={
                ChannelReading.ENTERED_TODAY: 12,
                ChannelReading.PRIVACY_MASK: True,
                ChannelReading.STORAGE_CARD_OK: False,
            },
            tasks=(
                Task(
                    id="7",
                    kind=AlarmKind.INTRUSION,
                    name="Night watch",
                    enabled=self.armed["7"],
                ),
            ),
        )
        return HubStatus(
            channels={"1": channel},
            devices=dict(self.boxes),
            services=(
                Service(
                    id="s1",
                    name="Recording",
                    used=3,
                    total=10,
                    expires=self.service_ends,
                ),
            ),
            tasks=(Task(id="12", name="Roll call", enabled=self.armed["12"]),),
            voices=(Voice("3", "Welcome"),),
            schedules=(Schedule("5", "Shop hours"),),
            relays=(
                Relay(id="1", name="Siren", online=self.relay_online, closed=False),
            ),
            measurements={Measurement.CPU_LOAD: 12.5, Measurement.TEMPERATURE: 41},
            settings=dict(self.settings_now),
            clock_offset=timedelta(seconds=2),
        )

    @override
    async def listen(
        self, sink: AlarmSink, callbacks: CallbackServer, *, take_over: bool = False
    ) -> None:
        sink.expect(None)
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
        return JPEG


def vendor(hub: Hub) -> Vendor:
    """Return a vendor that always opens this hub."""

    def open_hub(config: HubConfig, session: ClientSession, tokens: HubStore) -> Hub:
        return hub

    return Vendor(
        id="memory",
        name="Memory",
        fields=(ConfigField("host", FieldType.HOST),),
        open=open_hub,
    )
