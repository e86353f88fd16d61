"""Life in front of the cameras: alarms, people, vehicles now and then."""

from collections.abc import Awaitable, Callable

from simulators.activity import Activity as BaseActivity
from simulators.push_delivery import Push

from .actions import HuaweiActions
from .behavior_rules import Rule
from .head_shoulder_data import CountScene
from .models import Channel, State
from .target_libraries import libraries_of
from .vehicle_data import VehicleScene

_ALARMS = (
    "motion_detection",
    "human_detection",
    "region_invasion_alarm",
    "over_line_alarm",
    "linger_alarm",
    "abandon_alarm",
    "illegal_parking_alarm",
    "mask_alarm",
    "people_queue_alarm",
    "electric_bicycle_alarm",
)
_RULES = (Rule.INVASION, Rule.TRIPWIRE, Rule.WANDER, Rule.ENTER, Rule.EXIT)
_VEHICLES = (*[VehicleScene.MOTOR] * 3, VehicleScene.NON_MOTOR, VehicleScene.PEDESTRIAN)


class Activity(BaseActivity[HuaweiActions, Push]):
    """Lets something happen at the channels that are online."""

    async def one(self, at: float | None = None) -> Push | None:
        """Let something happen; in the past only alarms, for those are remembered."""
        channels = [
            channel
            for channel in self._box.device.channels()
            if channel.channel_state == State.ONLINE
        ]
        if not channels:
            return None
        channel = self._rng.choice(channels)
        if at is not None:
            return await self._alarm(channel, at)
        makers: tuple[Callable[[Channel], Awaitable[Push]], ...] = (
            self._alarm,
            self._face,
            self._vehicle,
            self._count,
            self._behaviour,
        )
        return await self._rng.choices(makers, (4, 3, 2, 1, 1))[0](channel)

    async def _alarm(self, channel: Channel, at: float | None = None) -> Push:
        return await self._box.alarm(self._rng.choice(_ALARMS), channel=channel, at=at)

    async def _face(self, channel: Channel) -> Push:
        """Let somebody pass: a face, and an alarm when it is known."""
        known = [
            target.target_id
            for device, _, target in libraries_of(self._box.device).everybody()
            if device.device_id == channel.device_id
        ]
        who = self._rng.choice(known) if known and self._rng.random() < 0.7 else ""
        similarity = self._rng.randrange(82, 99)
        push = await self._box.target(
            who,
            channel=channel,
            similarity=similarity,
            glasses=self._rng.random() < 0.3,
            mask=self._rng.random() < 0.1,
        )
        if who:
            await self._box.alarm(
                "target_alarm", channel=channel, target_id=who, similarity=similarity
            )
        return push

    async def _vehicle(self, channel: Channel) -> Push:
        scene = self._rng.choice(_VEHICLES)
        return await self._box.vehicle(channel=channel, scene=scene)

    async def _count(self, channel: Channel) -> Push:
        scene = self._rng.choice(tuple(CountScene))
        people = self._rng.randrange(12)
        return await self._box.head_shoulder(
            scene,
            channel=channel,
            people=people,
            entered=people,
            left=people // 2,
            entered_in_all=people * 9,
            left_in_all=people * 8,
            density=people * 4,
            queue_seconds=people * 20,
        )

    async def _behaviour(self, channel: Channel) -> Push:
        return await self._box.behavior(self._rng.choice(_RULES), channel=channel)
