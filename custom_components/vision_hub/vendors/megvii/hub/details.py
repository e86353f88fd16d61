"""What is known of a box: its channels at every poll, the rest as it grows old."""

from datetime import UTC, datetime, timedelta, timezone
from time import monotonic
from typing import Final

from ...errors import UnexpectedAnswer, Unsupported
from ...model import (
    Channel,
    HubStatus,
    Json,
    Library,
    LibraryKind,
    Measurement,
    Reading,
    Schedule,
    SettingKey,
    Task,
    Voice,
)
from ...toolkit.http import offset_of
from ...toolkit.lenient import as_bool, as_int, as_text, rows_of
from ...toolkit.polling import (
    FIVE_MINUTES,
    ONE_MINUTE,
    UNSUPPORTED_PERIOD,
    PollScheduler,
    Reader,
)
from ...toolkit.shapes import as_object, objects_in, rows_in
from ..alarms import Site
from ..request_queue import Priority
from ..transport import Transport
from ..wire import (
    Detect,
    DetectMode,
    Device,
    DeviceTime,
    FaceGroup,
    Hardware,
    RelayRow,
    VoiceFile,
    zone_of,
)
from .channels import (
    ANY_FAMILY,
    FAMILIES,
    Family,
    Source,
    channel_of,
    hindrance_of,
    sources_in,
)
from .readings import hub_readings, relay_of, relay_readings

ACCESS: Final = "access"
CALENDAR: Final = "calendar"
WEEK: Final = "week"

_BLACKLIST: Final = "blacknamelistmode"


class Details:
    """Remembers what the box told, and asks again for what is old."""

    def __init__(self, transport: Transport) -> None:
        """Know nothing yet."""
        self._transport = transport
        self._lacking: dict[Family, float] = {}
        self._writes = 0
        self._device = Device()
        self.clock_offset: timedelta | None = None
        self._relays: tuple[RelayRow, ...] = ()
        self._relay_parameters: dict[str, Json] = {}
        self._groups: tuple[FaceGroup, ...] = ()
        self._voices: tuple[VoiceFile, ...] = ()
        self._access: tuple[Task, ...] = ()
        self.configs: dict[str, Json] = {}
        """3.1.2 as it was read."""
        self.detect: int | None = None
        """One of `DetectMode`, or what newer firmware has."""
        self.sources: dict[str, Source] = {}
        """The channels as the box wrote them."""
        self.family: Family | None = None
        """The list that tells the channels."""
        self.calendars: dict[str, list[Json]] = {}
        """The `dateRange` of each calendar (12.1.1)."""
        self.schedules: dict[str, dict[str, Json]] = {}
        """The rows of 12.2.1 by name."""
        # The box serves one request at a time: a steady poll has four.
        self._scheduler = PollScheduler(
            {
                "device": Reader(self._read_device, ONE_MINUTE, needed=True),
                "channels": Reader(self._read_channels, needed=True),
                "mode": Reader(self._follow_mode, FIVE_MINUTES),
                "configs": Reader(self._read_configs, FIVE_MINUTES),
                "relays": Reader(self._read_relays, ONE_MINUTE),
                "relay_parameters": Reader(self._read_relay_parameters, FIVE_MINUTES),
                "groups": Reader(self._read_groups, FIVE_MINUTES),
                "voices": Reader(self._read_voices, FIVE_MINUTES),
                "calendars": Reader(self._read_calendars, FIVE_MINUTES),
                "schedules": Reader(self._read_schedules, FIVE_MINUTES),
                "access": Reader(self._read_access, FIVE_MINUTES),
            }
        )

    @property
    def zone(self) -> timezone:
        """The zone that the box counts its days in."""
        return zone_of((self._device.time or DeviceTime()).time_zone)

    @property
    def blacklist(self) -> bool:
        """Whether who is enrolled is wanted, which is how boxes begin (3.1.1)."""
        switches = self.configs.get("modelSw")
        mode = as_object(switches).get("workMode")
        return (as_text(mode).casefold() or _BLACKLIST) == _BLACKLIST

    @property
    def knows_faces(self) -> bool:
        """Whether the box has a library of faces in its mode."""
        return self.family is not Family.ALERT

    def site(self, *, counts_from_zero: bool = False) -> Site:
        """Return what is needed to understand messages and records."""
        channels = self.channels()
        return Site(
            blacklist=self.blacklist,
            channels={channel.name: id_ for id_, channel in channels.items()},
            looks_for={id_: channel.kinds for id_, channel in channels.items()},
            counts_from_zero=counts_from_zero,
        )

    @property
    def names(self) -> frozenset[str]:
        """What the box may call itself in messages."""
        return self._device.names

    async def device(self) -> Device:
        """Ask who the box is (4.1.1)."""
        await self._scheduler.read("device")
        return self._device

    async def prepare(self) -> None:
        """Read the mode, which decides what else can be asked for."""
        for what in ("mode", "configs"):
            await self._scheduler.read(what, needed=False)
        await self._scheduler.read("channels")

    async def refresh(self) -> None:
        """Read what is due."""
        if self._writes != self._transport.writes:
            # Whatever became of a write, what it was to change is read again.
            self._writes = self._transport.writes
            self._scheduler.forget()
        await self._scheduler.poll()

    async def read_channels(self, *, polling: bool = True) -> dict[str, Source]:
        """Read the channels from the list that the mode has."""
        priority = Priority.POLL if polling else Priority.COMMAND
        try:
            found = await self._sources(priority)
        except Unsupported:
            # Somebody changed the mode meanwhile.
            self._lacking.clear()
            await self._read_mode()
            found = await self._sources(priority)
        self.sources = found
        return found

    async def read_libraries(self) -> tuple[Library, ...]:
        """Read the groups (6.1.1)."""
        await self._read_groups(Priority.COMMAND)
        return self.libraries()

    async def _ask(self, operation: str) -> dict[str, Json]:
        data = await self._transport.ask(operation, priority=Priority.POLL)
        told = as_object(data)
        if not told:
            raise UnexpectedAnswer("The answer is empty")
        return told

    async def _follow_mode(self) -> None:
        if await self._read_mode() and self.family is not None:
            # The channels were read as the earlier mode has them.
            await self._read_channels()

    async def _read_mode(self) -> bool:
        """Read the mode; tell whether it changed."""
        mode = Detect.from_dict(await self._ask("get_detect_mode")).type
        if mode == self.detect:
            return False
        self.detect = mode
        # Another mode may have what this one lacked.
        self._lacking.clear()
        self._scheduler.forget_unsupported()
        return True

    async def _read_configs(self) -> None:
        self.configs = await self._ask("get_configs")
        switches = self.configs.get("modelSw")
        if isinstance(switches, dict) and (
            minutes := as_int(switches.get("digestUnlockTime"))
        ):
            self._transport.unlock_minutes = min(max(minutes, 5), 30)

    async def _read_device(self) -> None:
        asked = datetime.now(UTC)
        device = Device.from_dict(await self._ask("get_device"))
        now = datetime.now(UTC)
        if not device.device_id:
            raise UnexpectedAnswer("The box has no identity")
        self._device = device
        self.clock_offset = _offset(device.time, asked + (now - asked) / 2)

    async def _read_channels(self) -> None:
        try:
            await self.read_channels()
        except Unsupported as error:
            raise UnexpectedAnswer("The box has no channels") from error

    async def _sources(self, priority: Priority) -> dict[str, Source]:
        found: dict[str, Source] | None = None
        for family in FAMILIES.get(self.detect, ANY_FAMILY):
            told = await self._listed(family, priority)
            if told is not None and (told or found is None):
                self.family, found = family, told
            if found:
                break
        if found is None:
            raise Unsupported("The box lists no channels")
        if self.detect != DetectMode.ALERT:
            found = {**found, **(await self._listed(Family.PICTURES, priority) or {})}
        return found

    async def _listed(
        self, family: Family, priority: Priority
    ) -> dict[str, Source] | None:
        """Read one list; None when the box has no such."""
        if self._lacking.get(family, 0) > monotonic():
            return None
        try:
            data = await self._transport.ask(family, priority=priority)
        except Unsupported:
            self._lacking[family] = monotonic() + UNSUPPORTED_PERIOD
            return None
        return sources_in(family, data)

    async def _read_relays(self) -> None:
        rows = rows_in(await self._ask("list_relays"), "relay")
        self._relays = tuple(rows_of(RelayRow, rows))

    async def _read_relay_parameters(self) -> None:
        self._relay_parameters = await self._ask("get_relay_work_para")

    async def _read_groups(self, priority: Priority = Priority.POLL) -> None:
        data = await self._transport.ask("list_face_groups", priority=priority)
        rows = rows_of(FaceGroup, rows_in(data, "faceGroupList"))
        self._groups = tuple(row for row in rows if row.group_name)

    async def _read_voices(self) -> None:
        rows = rows_of(
            VoiceFile, rows_in(await self._ask("list_voice_files"), "voiceFiles")
        )
        self._voices = tuple(rows)

    async def _read_calendars(self) -> None:
        self.calendars = {
            as_text(row.get("calendarName")): rows_in(
                row.get("dateRange", row.get("date_range"))
            )
            for row in await self._named_rows("list_calendars", "calendar")
            if as_text(row.get("calendarName"))
        }

    async def _read_schedules(self) -> None:
        self.schedules = {
            as_text(row.get("scheduleName")): row
            for row in await self._named_rows("list_schedules", "schedule")
            if as_text(row.get("scheduleName"))
        }

    async def _read_access(self) -> None:
        rows = await self._named_rows("list_access_rules", "rules")
        self._access = tuple(
            Task(id=f"{ACCESS}:{name}", name=name, enabled=as_bool(row.get("enable")))
            for row in rows
            if (name := as_text(row.get("ruleName")))
        )

    async def _named_rows(self, operation: str, key: str) -> list[dict[str, Json]]:
        rows = self._transport.pages(operation, (key,), priority=Priority.POLL)
        return [each async for row in rows for each in objects_in([row])]

    def libraries(self) -> tuple[Library, ...]:
        """Return the groups as they were last read; their names are their ids."""
        kind = LibraryKind.BLOCKED if self.blacklist else LibraryKind.ALLOWED
        return tuple(
            Library(
                id=row.group_name,
                name=row.group_name,
                kind=kind,
                persons=row.group_faces,
            )
            for row in self._groups
        )

    def channels(self) -> dict[str, Channel]:
        """Return the channels as they were last read."""
        return {
            id_: channel_of(id_, source, blacklist=self.blacklist)
            for id_, source in self.sources.items()
        }

    def status(self) -> HubStatus:
        """Return all that is known."""
        channels = self.channels()
        settings: dict[SettingKey, Reading] = {
            SettingKey(name): value
            for name, value in hub_readings(
                self.configs, self._device.time, self._relay_parameters
            ).items()
        }
        relays = [row for row in self._relays if row.video_no is not None]
        for row in relays:
            for name, value in relay_readings(row).items():
                settings[SettingKey(name, None, str(row.video_no))] = value
        return HubStatus(
            channels=channels,
            tasks=self._access,
            voices=tuple(
                Voice(
                    str(row.voice_file_no),
                    row.voice_file_name or str(row.voice_file_no),
                )
                for row in self._voices
                if row.voice_file_no is not None
            ),
            schedules=(
                *(Schedule(f"{CALENDAR}:{name}", name) for name in self.calendars),
                *(Schedule(f"{WEEK}:{name}", name) for name in self.schedules),
            ),
            libraries=self.libraries(),
            relays=tuple(relay_of(row, channels) for row in relays),
            measurements=_measured(self._device),
            settings=settings,
            hindrances=tuple(
                hindrance
                for id_, source in self.sources.items()
                if (hindrance := hindrance_of(id_, source))
            ),
            clock_offset=self.clock_offset,
        )


def _offset(time: DeviceTime | None, now: datetime) -> timedelta | None:
    try:
        told = datetime.fromtimestamp((time and time.device_time) or 0, UTC)
    except ValueError, OverflowError, OSError:
        return None
    return offset_of(told, now) if time and time.device_time else None


def _measured(device: Device) -> dict[Measurement, Reading]:
    told = device.hardware_status or Hardware()
    return {
        Measurement.CPU_LOAD: told.cpu_use_rate,
        Measurement.MEMORY_LOAD: _share(told.mem_use, told.mem_size),
        Measurement.STORAGE_LOAD: _share(told.storage_use_size, told.storage_size),
        Measurement.TEMPERATURE: told.cpu_temp,
        Measurement.GPU_TEMPERATURE: told.gpu_temp,
        Measurement.CASE_TEMPERATURE: told.case_temp,
        Measurement.NTP_FAILURES: device.time.ntp_fail_count if device.time else None,
    }


def _share(used: int | None, size: int | None) -> float | None:
    return round(100 * used / size, 1) if used is not None and size else None
