"""The buttons of the control page for the cloud."""

from typing import Any

from simulators.control_page import Arguments, Command, Input, Panel
from simulators.push_delivery import Push

from .actions import HuaweiActions
from .behavior_rules import Rule
from .checkpoint_data import CheckpointScene
from .device_messages import ALARMS, Method, Unbind
from .error_codes import Code
from .head_shoulder_data import CountScene
from .models import Channel
from .target_data import TargetScene
from .target_libraries import libraries_of
from .vehicle_data import VehicleScene

_CHANNEL = Input("channel", 1)
_TARGET = Input("target_id", "person1")
_PLATE = Input("plate")


def _scenes(scenes: type[TargetScene | VehicleScene | CountScene]) -> Input:
    names = {scene.name.lower(): None for scene in scenes}
    return Input("scene", choices=tuple(names))


def _told(push: Push) -> dict[str, Any]:
    return {
        "message_id": push.event_id,
        "message_type": push.body["message_type"],
        "http": push.held_back or "queued",
    }


class HuaweiPanel(Panel[HuaweiActions]):
    """Shows an account and presses its buttons. Channels are counted from 1."""

    error_code = int(Code.BUSY)

    def title(self) -> str:
        """Return the headline."""
        return f"Virtual IVM cloud, user {self._box.serial}"

    def state(self) -> dict[str, Any]:
        """Return devices, people, where messages go and what became of them."""
        box, account = self._box, self._box.device
        return {
            **super().state(),
            "channels": {
                number: [
                    f"{channel.device_id}/{channel.channel_id}",
                    channel.channel_name,
                    channel.channel_state,
                ]
                for number, channel in enumerate(account.channels(), 1)
            },
            "devices": {
                device.device_id: [device.device_name, device.device_state]
                for device in account.devices.values()
            },
            "people": {
                f"{device.device_id}/{target.target_id}": [target.name, group.name]
                for device, group, target in libraries_of(account).everybody()
            },
            "callbacks": {str(name): url for name, url in box.callbacks.items()},
            "silent": box.silent,
            "sent": {str(name): count for name, count in box.sent.items()},
            "taken": {str(name): count for name, count in box.taken.items()},
            "dropped": {str(name): count for name, count in box.dropped.items()},
        }

    def commands(self) -> tuple[Command, ...]:
        """Return the buttons."""
        device = Input("device_id")
        return (
            Command(
                "alarm",
                "Alarm",
                self._alarm,
                (
                    Input("alarm_type", choices=(*ALARMS, "customer_flow")),
                    _CHANNEL,
                    Input("target_id"),
                ),
            ),
            Command(
                "target",
                "Known person",
                self._target,
                (_CHANNEL, _TARGET, _scenes(TargetScene)),
            ),
            Command(
                "stranger", "Stranger", self._target, (_CHANNEL, _scenes(TargetScene))
            ),
            Command(
                "vehicle",
                "Vehicle, bicycle, pedestrian",
                self._vehicle,
                (_CHANNEL, _scenes(VehicleScene), _PLATE),
            ),
            Command(
                "head_shoulder",
                "Count",
                self._count,
                (_CHANNEL, _scenes(CountScene), Input("people", 3)),
            ),
            Command(
                "behavior",
                "Rule broken",
                self._behavior,
                (
                    _CHANNEL,
                    Input("rule", choices=tuple(rule.name.lower() for rule in Rule)),
                ),
            ),
            Command(
                "checkpoint",
                "Checkpoint",
                self._checkpoint,
                (
                    _CHANNEL,
                    Input("scene", choices=("vehicle", "traffic")),
                    _PLATE,
                    Input("record", 36),
                ),
            ),
            Command("third", "Third-party data", self._third, (_CHANNEL,)),
            Command(
                "status",
                "Report a state",
                self._status,
                (Input("method", choices=tuple(Method)), device),
            ),
            Command(
                "unbind",
                "Delete or unbind",
                self._unbind,
                (Input("kind", choices=tuple(Unbind)), _CHANNEL),
            ),
            Command("lift", "Push again to silent URLs", self._lift),
            *super().commands(),
        )

    def _channel(self, given: Arguments) -> Channel:
        number = int(given.get("channel", 1))
        channels = list(self._box.device.channels())
        if not 1 <= number <= len(channels):
            raise LookupError(f"no channel {number}")
        return channels[number - 1]

    async def _alarm(self, given: Arguments) -> object:
        push = await self._box.alarm(
            str(given.get("alarm_type", "motion_detection")),
            channel=self._channel(given),
            target_id=str(given.get("target_id", "")),
        )
        return _told(push)

    async def _target(self, given: Arguments) -> object:
        scene = TargetScene[str(given.get("scene", "recognition")).upper()]
        push = await self._box.target(
            str(given.get("target_id", "")), channel=self._channel(given), scene=scene
        )
        return _told(push)

    async def _vehicle(self, given: Arguments) -> object:
        scene = VehicleScene[str(given.get("scene", "motor")).upper()]
        push = await self._box.vehicle(
            given.get("plate"), channel=self._channel(given), scene=scene
        )
        return _told(push)

    async def _count(self, given: Arguments) -> object:
        scene, people = str(given.get("scene", "line")), int(given.get("people", 3))
        push = await self._box.head_shoulder(
            CountScene[scene.upper()],
            channel=self._channel(given),
            people=people,
            entered=people,
        )
        return _told(push)

    async def _behavior(self, given: Arguments) -> object:
        rule = Rule[str(given.get("rule", "invasion")).upper()]
        return _told(await self._box.behavior(rule, channel=self._channel(given)))

    async def _checkpoint(self, given: Arguments) -> object:
        push = await self._box.checkpoint(
            given.get("plate"),
            channel=self._channel(given),
            scene=CheckpointScene[str(given.get("scene", "vehicle")).upper()],
            record=int(given.get("record", 36)),
        )
        return _told(push)

    async def _third(self, given: Arguments) -> object:
        return _told(await self._box.third(channel=self._channel(given)))

    async def _status(self, given: Arguments) -> object:
        wanted = given.get("device_id")
        device = self._box.device.devices[str(wanted)] if wanted else None
        return _told(await self._box.status(str(given["method"]), device=device))

    async def _unbind(self, given: Arguments) -> object:
        channel = self._channel(given)
        return _told(await self._box.unbind(str(given["kind"]), channel=channel))

    async def _lift(self, _: Arguments) -> None:
        self._box.lift_silence()
