"""The part of the cloud that sees: intelligent data of faces, vehicles, crowds."""

import asyncio
import base64
from collections.abc import Callable
from typing import Any

from simulators.push_delivery import Push

from . import (
    behavior_data as behaviors,
    camera_pictures,
    checkpoint_data as checkpoints,
    target_data as faces,
    vehicle_data as vehicles,
)
from .alarm_actions import AlarmActions
from .behavior_rules import Rule
from .camera_pictures import Shot
from .checkpoint_data import CheckpointScene
from .geometry import part
from .head_shoulder_data import Count, CountScene, head_shoulder_data
from .intelligent_data import IntelligentData, new_data_id
from .models import Channel
from .picture_store import KINDS, DataClass, Record, picture_store_of
from .push_messages import Subscription
from .target_data import Face, LibraryType, Match, TargetScene
from .target_libraries import BLACK, OTHER, Target, TargetGroup
from .vehicle_data import Vehicle, VehicleScene, Walker

_LINES = frozenset({Rule.TRIPWIRE, Rule.HUMAN_COUNT})
# What breaks a rule: its `obj_type` and what is drawn; else a pedestrian.
_OBJECTS = {
    Rule.ABANDON: (0, "boxes"),
    Rule.REMOVE: (0, "boxes"),
    Rule.CAR: (96, "vehicle"),
    Rule.PARKING_DOME: (136, "vehicle"),
    Rule.FIRE: (139, "fire"),
    Rule.MOTORBIKE: (97, "bicycle"),
    Rule.FALL: (98, "lying"),
}
_PEDESTRIAN = (98, "person")
_THIRD_PARTY = b"METB\0\0\0\0behaviorAnalyse"
_PLATES = ("浙", "沪", "京", "苏", "粤")

type Draw = Callable[[], bytes]


class IntelligentDataActions(AlarmActions):
    """A cloud whose cameras report what they see, see `AlarmActions`."""

    async def target(
        self,
        target_id: str = "",
        *,
        channel: Channel | None = None,
        scene: TargetScene | int = TargetScene.RECOGNITION,
        similarity: int = 92,
        gender: str = "",
        age: int | None = None,
        glasses: bool = False,
        mask: bool = False,
        hat: bool = False,
        body: bool = True,
    ) -> Push:
        """Report a face: of somebody enrolled, or a stranger's.

        Scene 1 tells attributes only, 2 whom it was compared with, 20 and 22 are
        recorders' features. `body` False leaves the picture of the body out.
        """
        scene, channel = TargetScene(scene), self._seeing(channel)
        found = self._enrolled(target_id, channel) if target_id else None
        known = {} if found is None else found[1].fields
        rng, now = self.device.rng, self.device.now()
        seed = 0 if found is None else found[1].photo_seed
        shot = camera_pictures.shot(channel, now, rng, seed=seed)
        parts: dict[int, Draw] = {
            faces.FACE: shot.face(glasses=glasses, mask=mask),
            faces.PANORAMA: shot.panorama,
        }
        if body and scene in (TargetScene.ATTRIBUTES, TargetScene.RECOGNITION):
            parts[faces.BODY] = shot.cutout
        seen = await self._intelligent_data(shot, scene.number, parts)
        self._remember(seen, DataClass.TARGET)
        if age is None:
            age = int(known.get("age", 0)) or rng.randrange(18, 70)
        face = Face(
            part(shot.box, 0.02, 0.22, 0.3),
            shot.box,
            gender or str(known.get("gender", rng.choice(("male", "female")))),
            age,
            glasses=glasses,
            mask=mask,
            hat=hat,
            hair=rng.choice(("short", "long")),
            quality=rng.randrange(60, 98),
        )
        match = None if found is None else _match(*found, similarity)
        data = faces.target_data(seen, scene, face, match)
        return self._report(Subscription.TARGET_DATA, channel, data)

    async def vehicle(
        self,
        plate: str | None = None,
        *,
        channel: Channel | None = None,
        scene: VehicleScene | int = VehicleScene.MOTOR,
        helmet: bool = False,
        riders: int = 1,
        **attributes: Any,
    ) -> Push:
        """Report a vehicle (7), a bicycle (8), a rider (53) or a pedestrian (6).

        `attributes` are fields of `Vehicle` in the manual's codes. Without a plate a
        motor vehicle gets an invented one; "" is none.
        """
        scene, channel = VehicleScene(scene), self._seeing(channel)
        motor = scene is VehicleScene.MOTOR
        figure = "person" if scene is VehicleScene.PEDESTRIAN else "bicycle"
        rng = self.device.rng
        shot = camera_pictures.shot(
            channel, self.device.now(), rng, "vehicle" if motor else figure
        )
        if plate is None:
            plate = self._plate() if motor else ""
        parts: dict[int, Draw] = {vehicles.PANORAMA: shot.panorama}
        vehicle = walker = None
        if scene is not VehicleScene.PEDESTRIAN:
            parts[vehicles.VEHICLE] = shot.cutout
            vehicle = Vehicle(
                shot.box, plate, helmet=helmet, riders=riders, **attributes
            )
        if motor and plate:
            parts[vehicles.PLATE] = lambda: camera_pictures.plate(plate)
        if scene in (VehicleScene.PEDESTRIAN, VehicleScene.RIDER):
            parts[vehicles.BODY] = shot.cutout
            walker = Walker(shot.box, rng.choice((1, 2)), rng.choice((1, 2, 3)))
        seen = await self._intelligent_data(shot, scene.number, parts)
        self._remember(seen, DataClass.VEHICLE)
        data = vehicles.vehicle_data(seen, scene, vehicle=vehicle, walker=walker)
        return self._report(Subscription.VEHICLE_DATA, channel, data)

    async def head_shoulder(
        self,
        scene: CountScene | int = CountScene.LINE,
        *,
        channel: Channel | None = None,
        **counted: Any,
    ) -> Push:
        """Report crowd density (12), a queue (13) or people who crossed a line (15).

        `counted` are fields of `Count`.
        """
        scene, channel = CountScene(scene), self._seeing(channel)
        shot = camera_pictures.shot(
            channel, self.device.now(), self.device.rng, "crowd"
        )
        seen = await self._intelligent_data(shot, scene.number, {})
        counted.setdefault("since", seen.at - 60)
        data = head_shoulder_data(seen, scene, Count(**counted))
        return self._report(Subscription.HEAD_SHOULDER_DATA, channel, data)

    async def behavior(
        self, rule: Rule | int = Rule.INVASION, *, channel: Channel | None = None
    ) -> Push:
        """Report that a rule of table 20-4 was broken."""
        rule, channel = Rule(rule), self._seeing(channel)
        obj_type, figure = _OBJECTS.get(rule, _PEDESTRIAN)
        shot = camera_pictures.shot(channel, self.device.now(), self.device.rng, figure)
        bit = behaviors.PANORAMA
        seen = await self._intelligent_data(shot, "0050", {bit: shot.panorama})
        data = behaviors.behavior_data(
            seen, rule, shot.box, obj_type=obj_type, line_rule=rule in _LINES
        )
        return self._report(Subscription.BEHAVIOR_ANALYSIS_DATA, channel, data)

    async def checkpoint(
        self,
        plate: str | None = None,
        *,
        channel: Channel | None = None,
        scene: CheckpointScene | int = CheckpointScene.VEHICLE,
        record: int = 36,
        driver: dict[str, int] | None = None,
        traffic: dict[str, int] | None = None,
        **attributes: Any,
    ) -> Push:
        """Report a vehicle at a checkpoint (51) or how much traffic there is (52).

        `record` is the alarm type of table 20-3 (36, 44 to 54). `driver` and
        `traffic` change fields of table 10-58, `attributes` those of `Vehicle`.
        """
        scene, channel = CheckpointScene(scene), self._seeing(channel)
        shot = camera_pictures.shot(
            channel, self.device.now(), self.device.rng, "vehicle"
        )
        plate = self._plate() if plate is None else plate
        parts: dict[int, Draw] = {
            checkpoints.VEHICLE: shot.cutout,
            checkpoints.PANORAMA: shot.panorama,
            checkpoints.PLATE: lambda: camera_pictures.plate(plate),
        }
        seen = await self._intelligent_data(shot, "0030", parts)
        data = checkpoints.checkpoint_data(
            seen,
            scene,
            Vehicle(shot.box, plate, **attributes),
            record=record,
            driver=driver,
            traffic=traffic,
        )
        return self._report(Subscription.MICRO_CHECKPOINT_DATA, channel, data)

    async def third(
        self, content: bytes | None = None, *, channel: Channel | None = None
    ) -> Push:
        """Report what an algorithm of somebody else made, unchanged."""
        channel = self._seeing(channel)
        shot = camera_pictures.shot(channel, self.device.now(), self.device.rng)
        seen = await self._intelligent_data(shot, "0060", {})
        raw = _THIRD_PARTY + seen.rng.randbytes(96) if content is None else content
        data = seen.outer(data_id=self.device.quirks.third_data_id)
        data["tlv_data"] = base64.b64encode(raw).decode()
        return self._report(Subscription.THIRD_DATA, channel, data)

    # Parts

    async def _intelligent_data(
        self, shot: Shot, kind: str, parts: dict[int, Draw]
    ) -> IntelligentData:
        """Draw the pictures of a report and keep them."""
        account = self.device
        drawn = await asyncio.to_thread(camera_pictures.draw, parts)
        number = account.next_id("data")
        seen = IntelligentData(
            shot.channel.device_id,
            shot.channel.channel_id,
            shot.at,
            new_data_id(shot.at, kind, number, account.rng),
            account.quirks,
            self.url,
            drawn,
            account.rng,
        )
        for bit, content in drawn.items():
            picture_store_of(account).keep(seen.key(bit), content)
        return seen

    def _remember(self, seen: IntelligentData, data_class: DataClass) -> None:
        kinds = KINDS[data_class]
        names = {kinds[bit]: seen.key(bit) for bit in seen.pictures}
        picture_store_of(self.device).remember(seen.id, Record(data_class, names))

    def _report(
        self, subscription: Subscription, channel: Channel, data: dict[str, Any]
    ) -> Push:
        reason = self._obstacle(channel, None)
        return self.reporter.push(subscription, data, held_back=reason)

    def _plate(self) -> str:
        rng = self.device.rng
        return f"{rng.choice(_PLATES)}X{rng.randrange(10_000, 99_999)}"


def _match(group: TargetGroup, target: Target, similarity: int) -> Match:
    kind = LibraryType.WHITE
    if group.group_type == BLACK:
        kind = LibraryType.BLACK
    elif group.group_type == OTHER:
        kind = LibraryType.DEFAULT
    return Match(int(target.target_id), group.name, kind, similarity)
