"""Life in front of the cameras: plausible alarms now and then."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from simulators.activity import Activity as BaseActivity
from simulators.push_delivery import Push

from .actions import UniviewActions
from .alarm_generator import FACE_ALGORITHM
from .models import Channel, PushType

_LINE = "LinePeopleCounting"
_AREA = "AreaPeopleCounting"


class Activity(BaseActivity[UniviewActions, Push]):
    """Makes alarms of all kinds; they recover later."""

    def follow_up(self, result: Push) -> Coroutine[Any, Any, None] | None:
        """Return the recovery of an alarm that recovers."""
        return self._end(result) if _recovers(result) else None

    async def _end(self, push: Push) -> None:
        await asyncio.sleep(self._rng.uniform(5, 20))
        if push.body["channel_info"]["channel_id"] in self._box.device.channels:
            await self._box.recover(push)

    async def one(self, at: float | None = None) -> Push | None:
        """Make one alarm that fits a task of a channel that is online.

        `at` is Unix seconds on the box's clock, default now.
        """
        device = self._box.device
        choices = [
            (channel, task["algo_model"])
            for channel in device.channels.values()
            if channel.online and channel.analysing
            for task in channel.tasks
        ]
        if not choices:
            return None
        channel, code = self._rng.choice(choices)
        makers: dict[str, Callable[[Channel, float | None], Awaitable[Push]]] = {
            FACE_ALGORITHM: self._face,
            _LINE: self._line,
            _AREA: self._area,
        }
        if code in makers:
            return await makers[code](channel, at)
        options: dict[str, Any] = {"at": at}
        if code == "FieldDetectorObjectsInside":
            options["object_type"] = self._rng.choice((1, 1, 1, 2))
        if code == "AbnormalParkingDetection":
            options["plate_no"] = f"EX {self._rng.randrange(1000, 9999)}"
        return await self._box.alarm(code, channel_id=channel.channel_id, **options)

    async def _face(self, channel: Channel, at: float | None) -> Push:
        attributes: dict[str, Any] = {
            "at": at,
            "gender": self._rng.choice((1, 2)),
            "age": self._rng.choice((20, 40, 40, 60)),
            "glasses": self._rng.random() < 0.3,
            "mask": self._rng.random() < 0.1,
        }
        channel_id = channel.channel_id
        if not channel.person_control or self._rng.random() < 0.3:
            return await self._box.face(channel_id=channel_id, **attributes)
        if self._rng.random() < 0.35 or not self._box.device.people:
            return await self._box.face(
                channel_id=channel_id, stranger=True, **attributes
            )
        person = self._rng.choice(list(self._box.device.people.values()))
        return await self._box.face(
            channel_id=channel_id,
            person_id=person.person_id,
            similarity=self._rng.randrange(86, 99),
            **{**attributes, "gender": person.sex},
        )

    async def _line(self, channel: Channel, at: float | None) -> Push:
        return await self._box.people_count(
            channel_id=channel.channel_id,
            entered=self._rng.randrange(0, 4),
            left=self._rng.randrange(0, 3),
            at=at,
        )

    async def _area(self, channel: Channel, at: float | None) -> Push:
        return await self._box.people_count(
            channel_id=channel.channel_id, inside=self._rng.randrange(0, 12), at=at
        )


def _recovers(push: Push) -> bool:
    behaviour = push.body.get("behaviour", {})
    counted = {"in_num", "out_num", "area_num"} & behaviour.keys()
    return push.kind == PushType.ALARM and bool(behaviour) and not counted
