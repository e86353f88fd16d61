"""What a user may change: when and what the cloud records (11)."""

from typing import TYPE_CHECKING, Final, override

from ...contract import HubStore, Settings, SettingScope, SettingSpec, SettingType
from ...model import Json, Reading, SettingKey
from ..cameras import Camera
from ..transport import Transport
from ..wire import STREAMS

if TYPE_CHECKING:
    from .details import Details

CATALOG: Final = (
    SettingSpec(
        name="recording_plan",
        type=SettingType.SWITCH,
        scope=SettingScope.CHANNEL,
    ),
    SettingSpec(
        name="recording_stream",
        type=SettingType.SELECT,
        scope=SettingScope.CHANNEL,
        options=tuple(STREAMS),
        common=False,
    ),
)


class HuaweiSettings(Settings):
    """Changes plans and streams of channels that are recorded in the cloud."""

    catalog = CATALOG

    def __init__(
        self, transport: Transport, details: Details, store: HubStore, key: str
    ) -> None:
        """Write through `transport`, tell `details`, keep earlier plans in `store`."""
        self._transport = transport
        self._details = details
        self._store = store
        self._key = key

    @override
    async def write(self, key: SettingKey, value: Reading) -> None:
        camera = self._details.camera(key.channel)
        spec = self.spec(key)
        match spec.name:
            case "recording_plan":
                all_day = spec.switch(value)
                async with self._store.exclusively(self._key):
                    await self._plan(camera, all_day=all_day)
            case "recording_stream":
                await self._write(
                    camera,
                    "set_record_configs",
                    "channel_record_configs",
                    {"stream_type": STREAMS[spec.option(value)]},
                )
                self._details.forget("record_config", channel=camera.key)

    async def _plan(self, camera: Camera, *, all_day: bool) -> None:
        """Record all day, or as before; without a plan where there was none (11.5).

        A plan replaces what there was, so a weekly one is kept.
        """
        await self._details.read_plan(camera)
        plan = self._details.plan(camera.key)
        if all_day:
            if plan and not plan.all_day and plan.time_sections:
                # Before the write, so that it is known whatever happens then.
                weekly: list[Json] = [each.to_dict() for each in plan.time_sections]
                earlier = await self._earlier()
                await self._store.save(self._key, {**earlier, camera.key: weekly})
            await self._write(camera, "set_record_plans", "plans", {"all_day": True})
        elif plan and plan.all_day:
            if kept := (await self._earlier()).get(camera.key):
                await self._write(
                    camera,
                    "set_record_plans",
                    "plans",
                    {"all_day": False, "time_sections": kept},
                )
            else:
                await self._write(
                    camera,
                    "delete_record_plans",
                    "channels",
                    {"record_type": "normal"},
                )
        self._details.forget("record_plan", channel=camera.key)

    async def _earlier(self) -> dict[str, Json]:
        """Return the weekly plans that were replaced, by camera."""
        kept = await self._store.load(self._key)
        return kept if isinstance(kept, dict) else {}

    async def _write(
        self, camera: Camera, operation: str, key: str, row: dict[str, Json]
    ) -> None:
        await self._transport.ask(operation, {key: [{**camera.ids, **row}]})
