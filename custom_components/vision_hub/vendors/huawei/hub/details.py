"""What the cloud told so far: one list often, everything else in turns."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from math import ceil
from time import monotonic
from typing import Final

from ...errors import InvalidRequest, UnexpectedAnswer
from ...model import (
    Channel,
    ChannelReading,
    Cruise,
    HubStatus,
    Json,
    Preset,
    Reading,
    Service,
    SettingKey,
)
from ...toolkit.lenient import rows_of
from ...toolkit.polling import Budget, PartReader, PollScheduler, Reader
from ..cameras import Camera, box_of, cameras_of, stands_alone
from ..transport import Transport
from ..wire import (
    STREAMS,
    CruiseRow,
    DeviceRow,
    PresetRow,
    RecordPlan,
    Resource,
    TimePolicy,
    time_of,
)
from .statistics import Statistics

_EVERYTHING: Final[Mapping[str, Json]] = {
    # The root group and all those below it, in an order that does not change.
    "device_org_id": "0",
    "is_current_org": "2",
    "sort_by": "create_time",
    "direction": "ASC",
}
_PAGE: Final = 1000
_PAGES_A_MINUTE: Final = 2

_MINUTE: Final = 60.0
_HOUR: Final = 3600.0

_NOTES_HOLD: Final = _HOUR

# However many cameras there are, beside the list; a small account is complete at once.
BUDGET: Final = Budget(per_minute=8, first_reads=60, first_seconds=4)
_CONCURRENCY: Final = 4


class Details:
    """Reads the account and remembers it."""

    def __init__(self, transport: Transport) -> None:
        """Ask through `transport`."""
        self._transport = transport
        self._devices: dict[str, DeviceRow] = {}
        self._cameras: dict[str, Camera] = {}
        self._list_period = 0.0
        self._resources: tuple[Resource, ...] = ()
        self._presets: dict[str, tuple[Preset, ...]] = {}
        self._cruises: dict[str, tuple[Cruise, ...]] = {}
        self._plans: dict[str, RecordPlan] = {}
        self._record_streams: dict[str, str] = {}
        self._storage_days: dict[str, int] = {}
        self._noted: dict[str, dict[ChannelReading, tuple[float, Reading]]] = {}
        self._statistics = Statistics(transport)
        counts = self._statistics.read
        each = self._of_cameras
        self._scheduler = PollScheduler(
            {
                "devices": Reader(
                    self._read_devices, lambda: self._list_period, needed=True
                ),
                "resources": Reader(self._read_services, 6 * _HOUR),
                "people_day": each(partial(counts, kind="DAY"), 10 * _MINUTE, _counts),
                "people_week": each(partial(counts, kind="WEEK"), _HOUR, _counts),
                "people_month": each(partial(counts, kind="MONTH"), _HOUR, _counts),
                "record_plan": each(self.read_plan, _HOUR, _recorded),
                "record_config": each(self._read_record_stream, 6 * _HOUR, _recorded),
                "time_policy": each(self._read_time_policy, 6 * _HOUR, _kept),
                # With a picture of each preset: long answers.
                "presets": each(self.read_presets, 12 * _HOUR, _has_presets),
                "cruises": each(self.read_cruises, _HOUR / 2, _has_cruises),
            },
            BUDGET,
            concurrency=_CONCURRENCY,
            clock=monotonic,
        )

    def _of_cameras(
        self,
        read: Callable[[Camera], Awaitable[object]],
        period: float,
        wanted: Callable[[Camera], bool],
    ) -> PartReader[str]:
        return PartReader(
            lambda key: read(self.camera(key)),
            period,
            lambda: (key for key, camera in self._cameras.items() if wanted(camera)),
        )

    def camera(self, channel: str | None) -> Camera:
        """Return a channel that the cloud has."""
        camera = self._cameras.get(channel or "")
        if camera is None:
            raise InvalidRequest("There is no such channel")
        return camera

    @property
    def cameras(self) -> Mapping[str, Camera]:
        """Every channel by its id with us."""
        return self._cameras

    @property
    def devices(self) -> Mapping[str, DeviceRow]:
        """Every device by its id."""
        return self._devices

    async def refresh(self) -> None:
        """Read the list of devices, and a little more."""
        await self._scheduler.poll()

    async def read_devices(self) -> None:
        """Read devices and channels now."""
        await self._scheduler.read("devices")

    async def _read_devices(self) -> None:
        """5.2: one request for a thousand devices."""
        rows = await self._transport.rows("list_group_devices", _EVERYTHING)
        # Thousands of channels take a while.
        devices, cameras = await asyncio.to_thread(_parsed, rows)
        if rows and not devices:
            raise UnexpectedAnswer("The cloud's devices have no ids")
        self._devices, self._cameras = devices, cameras
        turns = ceil((len(rows) // _PAGE + 1) / _PAGES_A_MINUTE)
        # Half a minute less, since polls do not keep their time exactly.
        self._list_period = _MINUTE * (turns - 0.5) if turns > 1 else 0

    def forget(self, *names: str, channel: str | None = None) -> None:
        """Read again soon; everything when nothing is named."""
        self._scheduler.forget("devices")
        self._scheduler.forget(*names, part=channel)
        if not names:
            self._scheduler.forget_unsupported()

    def note(self, channel: str, readings: Mapping[ChannelReading, Reading]) -> None:
        """Show for a while what a camera said of itself."""
        now = monotonic()
        noted = self._noted.setdefault(channel, {})
        noted.update({name: (now, value) for name, value in readings.items()})

    def presets(self, channel: str) -> tuple[Preset, ...]:
        """Return the presets as last read."""
        return self._presets.get(channel, ())

    def plan(self, channel: str) -> RecordPlan | None:
        """Return the recording plan as last read."""
        return self._plans.get(channel)

    async def _read_services(self) -> None:
        """13.1: what was bought, and when it ends."""
        rows = await self._transport.rows("list_resources")
        found = {
            resource.resource_id: resource
            for resource in rows_of(Resource, rows)
            if resource.resource_id
        }
        self._resources = tuple(found.values())

    async def read_presets(self, camera: Camera) -> tuple[Preset, ...]:
        """15.1, without the pictures."""
        answer = await self._transport.ask("presets_list", camera.ids)
        found = self._presets[camera.key] = tuple(
            Preset(str(row.preset_index), row.preset_name or str(row.preset_index))
            for row in rows_of(PresetRow, answer.get("preset_positions"))
            if row.preset_index is not None
        )
        return found

    async def read_cruises(self, camera: Camera) -> None:
        """15.6."""
        answer = await self._transport.ask("cruise_tracks_list", camera.ids)
        self._cruises[camera.key] = tuple(
            Cruise(
                str(row.cruises_id),
                row.cruises_name or str(row.cruises_id),
                {"OPEN": True, "CLOSE": False}.get(row.enable_cruise),
            )
            for row in rows_of(CruiseRow, answer.get("cruises_ids"))
            if row.cruises_id is not None
        )

    def cruises(self, channel: str) -> tuple[Cruise, ...]:
        """Return the cruise tracks as last read."""
        return self._cruises.get(channel, ())

    async def read_plan(self, camera: Camera) -> None:
        """11.3."""
        answer = await self._transport.ask("get_record_plan", camera.ids)
        self._plans[camera.key] = RecordPlan.from_dict(answer)

    async def _read_record_stream(self, camera: Camera) -> None:
        """11.1."""
        answer = await self._transport.ask("get_record_config", camera.ids)
        told = answer.get("stream_type")
        for name, stream in STREAMS.items():
            if told == stream:
                self._record_streams[camera.key] = name

    async def _read_time_policy(self, camera: Camera) -> None:
        """11.6. Of two kinds of recordings, the one that is kept longer counts."""
        answer = await self._transport.ask(
            "get_time_policy",
            {**camera.ids, "record_type": "normal" if camera.recorded else "alarm"},
        )
        wanted = "PLAN_RECORD" if camera.recorded else "MOTION_RECORD"
        for policy in rows_of(TimePolicy, answer.get("time_policies")):
            # 0 is for ever.
            if policy.storage_type == wanted and policy.storage_days:
                self._storage_days[camera.key] = policy.storage_days

    def status(self) -> HubStatus:
        """Return what is known."""
        return HubStatus(
            channels={key: self._channel(each) for key, each in self._cameras.items()},
            devices={
                device.device_id: box_of(device)
                for device in self._devices.values()
                if not stands_alone(device)
            },
            services=tuple(_service(each) for each in self._resources),
            settings=self._settings(),
            hindrances=tuple(
                hindrance
                for camera in self._cameras.values()
                for hindrance in camera.hindrances
            ),
        )

    def _channel(self, camera: Camera) -> Channel:
        device, row = camera.device, camera.row
        alone = stands_alone(device)
        name = row.channel_name or f"{device.device_name} {row.channel_id}".strip()
        return Channel(
            id=camera.key,
            name=(device.device_name or name) if alone else name,
            online=camera.online,
            manufacturer=device.manufacture or None,
            model=row.channel_model
            or row.channel_model_e
            or (device.model if alone else "")
            or None,
            serial=device.device_id if alone else None,
            counts_passing=camera.counts,
            recognizes_faces=camera.recognizes_faces,
            # Live video needs the access service (9).
            streams=camera.has("MANAGEMENT") is not False,
            can_ptz=camera.can_ptz,
            presets=self.presets(camera.key),
            cruises=self.cruises(camera.key),
            heat_map=camera.counts,
            device=None if alone else device.device_id,
            readings=self._readings(camera),
        )

    def _readings(self, camera: Camera) -> dict[ChannelReading, Reading]:
        found = camera.readings
        if (days := self._storage_days.get(camera.key)) is not None and camera.kept:
            found[ChannelReading.STORAGE_DAYS] = days
        found |= self._statistics.readings(camera.key)
        since = monotonic() - _NOTES_HOLD
        for name, (when, value) in self._noted.get(camera.key, {}).items():
            if when > since:
                found[name] = value
        return found

    def _settings(self) -> dict[SettingKey, Reading]:
        found: dict[SettingKey, Reading] = {}
        for key, camera in self._cameras.items():
            if not camera.recorded:
                continue
            if plan := self._plans.get(key):
                found[SettingKey("recording_plan", key)] = plan.all_day is True
            if stream := self._record_streams.get(key):
                found[SettingKey("recording_stream", key)] = stream
        return found


def _parsed(rows: list[Json]) -> tuple[dict[str, DeviceRow], dict[str, Camera]]:
    devices = {
        device.device_id: device
        for device in rows_of(DeviceRow, rows)
        if device.device_id
    }
    return devices, cameras_of(devices.values())


def _service(resource: Resource) -> Service:
    total = resource.total_num
    return Service(
        id=resource.resource_id,
        name=resource.resource_name or resource.resource_type_code,
        used=resource.usage_num,
        # -1 is as many as are wanted.
        total=None if total is None or total < 0 else total,
        expires=time_of(resource.exp_time),
        active=resource.resource_state == "NORMAL" if resource.resource_state else None,
    )


def _counts(camera: Camera) -> bool:
    return camera.counts


def _recorded(camera: Camera) -> bool:
    return camera.recorded


def _kept(camera: Camera) -> bool:
    return camera.kept


def _has_presets(camera: Camera) -> bool:
    return bool(camera.holo and camera.online) and (
        camera.can_ptz and "preset" in camera.abilities
    )


def _has_cruises(camera: Camera) -> bool:
    return bool(camera.holo and camera.online) and (
        camera.can_ptz and "cruise" in camera.abilities
    )
