"""Makes alarms: pictures, history row and message (chapters 11 and 13)."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime
from functools import partial
import random
from typing import Any
from uuid import UUID

from simulators import pictures, video
from simulators.push_delivery import Push

from .algorithms import algorithm
from .device import Device
from .error_codes import Refusal
from .models import DAYS, AlarmRecord, Channel, ChannelMode, Match, Person, PushType
from .picture_store import PictureType
from .reporter import Reporter, channel_info

FACE_ALGORITHM = "ObjectIsRecognized"
_VEHICLE, _BICYCLE = 2, 3
_OBJECT_TYPES = {"vehicle": _VEHICLE, "bicycle": _BICYCLE}

type Draw = Callable[[], bytes]


class AlarmGenerator:
    """Raises what the box's algorithms would see."""

    def __init__(self, device: Device, reporter: Reporter) -> None:
        """Keep the parts together."""
        self.device = device
        self.reporter = reporter
        self._last_upload: dict[int, float] = {}
        self._rng = random.Random(device.rng.random())

    async def alarm(
        self,
        algo_model: str,
        *,
        channel_id: int,
        picture: bytes | Draw | None = None,
        person_id: int | None = None,
        stranger: bool = False,
        similarity: int = 92,
        object_type: int | None = None,
        plate_no: str = "",
        counts: dict[str, int] | None = None,
        at: float | None = None,
        event_id: str | None = None,
        force: bool = False,
    ) -> Push:
        """Raise a behaviour alarm (type 1), or a comparison (type 5).

        A comparison is made when `person_id` or `stranger` is given. `counts` has
        in_num, out_num or area_num. `object_type` is 1 person, 2 motor vehicle, 3
        non-motor vehicle. `at` is Unix seconds on the box's clock.
        """
        channel = self._channel(channel_id)
        seconds = int(self.device.now() if at is None else at)
        row = algorithm(algo_model)
        if object_type is None:
            object_type = _OBJECT_TYPES.get(row.target, 1)
        target = row.target
        if object_type == _VEHICLE:
            target = "vehicle"
        box = pictures.place_target(target, self._rng)
        path = self._scene(
            channel, seconds, picture, label=row.title, target=target, box=box
        )
        matches = self._matches(person_id, similarity)
        compared = stranger or bool(matches)
        capture: dict[str, Any] = {
            "target_id": self.device.next_id("target"),
            "point_x": f"{box[0]},{box[2]}",
            "point_y": f"{box[1]},{box[3]}",
            "object_type": object_type,
        }
        quirks = self.device.quirks
        capture["plate_no" if quirks.plate_no_as_table else "PlateNo"] = plate_no
        behaviour: dict[str, Any] = {
            "algo_model": algo_model,
            "image_path": path,
            "capture_time": seconds,
            **(counts or {}),
            "capture_info": [capture],
        }
        held_back = None if force else self._held_back(channel, algo_model)
        clip = self._clip(channel, behaviour) if held_back is None else None
        self.device.remember(
            AlarmRecord(
                self.device.next_id("alarm", first=3741),
                algo_model,
                seconds,
                channel.channel_id,
                channel.name,
                path,
                video_url=behaviour.get("video_url"),
                plate_no=plate_no,
                object_type=object_type,
                compared=compared,
                matches=matches,
            )
        )
        parts: dict[str, Any] = {
            "channel_info": channel_info(channel, ChannelMode.INFORMATION),
            "behaviour": behaviour,
        }
        if compared:
            parts["compare_results"] = self._results(matches, capture["target_id"])
        push = await self.reporter.send(
            PushType.BEHAVIOUR_COMPARISON if compared else PushType.ALARM,
            parts,
            event_id=event_id,
            has_result=compared or quirks.always_has_result,
            held_back=held_back,
        )
        if clip is not None:
            self.reporter.in_background(clip)
        return push

    async def recover(self, push: Push, *, at: float | None = None) -> Push:
        """End a behaviour alarm (type 2), if the channel reports recoveries."""
        behaviour = push.body["behaviour"]
        channel = self._channel(push.body["channel_info"]["channel_id"])
        parts = {
            "channel_info": channel_info(channel, ChannelMode.INFORMATION),
            "behaviour": {
                "algo_model": behaviour["algo_model"],
                "capture_time": int(self.device.now() if at is None else at),
            },
        }
        repeats = self.device.quirks.recovery_repeats_event_id
        return await self.reporter.send(
            PushType.RECOVERY,
            parts,
            event_id=push.event_id if repeats else None,
            held_back=None if channel.recovery else "recovery is off",
        )

    async def face(
        self,
        *,
        channel_id: int,
        person_id: int | None = None,
        stranger: bool = False,
        similarity: int = 92,
        gender: int = 99,
        age: int = 40,
        glasses: bool = False,
        mask: bool = False,
        scene: bytes | Draw | None = None,
        crop: bytes | Draw | None = None,
        at: float | None = None,
        event_id: str | None = None,
        force: bool = False,
    ) -> Push:
        """Capture a face: type 3, or type 4 with `person_id` or `stranger`."""
        channel = self._channel(channel_id)
        seconds = int(self.device.now() if at is None else at)
        matches = self._matches(person_id, similarity)
        compared = stranger or bool(matches)
        box = pictures.place_target("person", self._rng)
        scene_path = self._scene(
            channel, seconds, scene, label="Face", target="person", box=box
        )
        crop_path = self.device.pictures.capture(
            PictureType.FACE,
            seconds,
            crop
            or partial(
                pictures.face,
                self._rng.randrange(10**6) if person_id is None else person_id,
                glasses=glasses,
                mask=mask,
            ),
            self._rng.randrange(9_500, 12_000),
        )
        self.device.remember(
            AlarmRecord(
                self.device.next_id("alarm", first=3741),
                FACE_ALGORITHM,
                seconds,
                channel.channel_id,
                channel.name,
                scene_path,
                face_path=crop_path,
                gender=gender,
                age=age,
                glass=2 if glasses else 1,
                mask=2 if mask else 1,
                compared=compared,
                matches=matches,
            )
        )
        head = (box[3] - box[1]) // 5
        parts: dict[str, Any] = {
            "channel_info": channel_info(channel, ChannelMode.INFORMATION),
            "face": {
                "capture_time": seconds,
                "point_x": f"{box[0]},{box[2]}",
                "point_y": f"{box[1]},{box[1] + head}",
                "orig_image_path": scene_path,
                "crop_image_path": crop_path,
            },
        }
        if compared:
            target_id = self.device.next_id("target")
            parts["compare_results"] = self._results(matches, target_id)
        return await self.reporter.send(
            PushType.FACE_COMPARISON if compared else PushType.FACE,
            parts,
            event_id=event_id,
            has_result=compared,
            held_back=None if force else self._held_back(channel, FACE_ALGORITHM),
        )

    async def people_count(
        self,
        *,
        channel_id: int,
        entered: int | None = None,
        left: int | None = None,
        inside: int | None = None,
        at: float | None = None,
        force: bool = False,
    ) -> Push:
        """Count people (type 1): over a line (in_num, out_num), in an area (area_num).

        The algorithm is LinePeopleCounting when `entered` or `left` is given, else
        AreaPeopleCounting; a message may have all three numbers.
        """
        given = {"in_num": entered, "out_num": left, "area_num": inside}
        counts = {name: value for name, value in given.items() if value is not None}
        line = entered is not None or left is not None
        return await self.alarm(
            "LinePeopleCounting" if line else "AreaPeopleCounting",
            channel_id=channel_id,
            counts=counts,
            at=at,
            force=force,
        )

    def _channel(self, channel_id: int) -> Channel:
        try:
            return self.device.channel(channel_id)
        except Refusal as refusal:
            raise LookupError(f"No channel {channel_id}") from refusal

    def _scene(
        self,
        channel: Channel,
        seconds: int,
        picture: bytes | Draw | None,
        *,
        label: str,
        target: str,
        box: pictures.Box,
    ) -> str:
        draw = picture or partial(
            pictures.scene,
            channel.scene,
            channel_name=channel.name,
            at=seconds,
            target=target,
            label=label,
            box=box,
            seed=self._rng.randrange(10**6),
        )
        size = self._rng.randrange(120_000, 160_000)
        return self.device.pictures.capture(PictureType.SCENE, seconds, draw, size)

    def _matches(self, person_id: int | None, similarity: int) -> tuple[Match, ...]:
        if person_id is None:
            return ()
        person = self.device.people.get(person_id)
        if person is None:
            raise LookupError(f"No person {person_id}")
        return (
            Match(
                person.person_id,
                person.lib_id,
                person.name,
                person.certificate_no,
                similarity,
                person.image_path,
            ),
        )

    def _results(
        self, matches: tuple[Match, ...], target_id: int
    ) -> list[dict[str, Any]]:
        """Return `compare_results` of 13.1; empty for a stranger."""
        results = []
        for match in matches:
            person = self.device.people[match.person_id or 0]
            results.append(_result(self.device, person, match, target_id))
        return results

    def _held_back(self, channel: Channel, algo_model: str) -> str | None:
        """Return why the box would not report this now, None when it would."""
        if not channel.online:
            return "the channel is offline"
        if not channel.analysing:
            return "the analysis is stopped"
        if not self._armed(channel, algo_model):
            return "not armed at this time"
        throttle = self.device.throttles.get(channel.channel_id)
        if throttle and throttle["enable"] and throttle["interval"]:
            now = self.device.steady()
            pause = throttle["interval"] * 60 * self.device.time_scale
            if now - self._last_upload.get(channel.channel_id, -pause) < pause:
                return "the upload interval has not passed"
            self._last_upload[channel.channel_id] = now
        return None

    def _armed(self, channel: Channel, algo_model: str) -> bool:
        week = channel.schedules.get(algo_model)
        if week is None:
            return True
        moment = datetime.fromtimestamp(self.device.now()).astimezone()
        clock = moment.strftime("%H:%M")
        return any(
            segment.get("start", "00:00") <= clock < segment.get("end", "24:00")
            for segment in week[DAYS[moment.weekday()]]
        )

    def _clip(
        self, channel: Channel, behaviour: dict[str, Any]
    ) -> Coroutine[Any, Any, None] | None:
        """Announce a video in the alarm and return what makes and sends it."""
        if not channel.video_param["status"]:
            return None
        uuid = str(UUID(int=self._rng.getrandbits(128), version=4))
        behaviour["video_uuid"] = uuid
        behaviour["video_url"] = self.device.pictures.video_path(uuid)
        return self._make_clip(channel, uuid)

    async def _make_clip(self, channel: Channel, uuid: str) -> None:
        parameters = channel.video_param
        wait = parameters["after_alarmed_time"] * self.device.time_scale
        await asyncio.sleep(wait)
        content = await asyncio.to_thread(video.clip, channel.name, channel.scene)
        self.device.pictures.add_video(uuid, content)
        self.reporter.send_video(uuid, content)


def _result(
    device: Device, person: Person, match: Match, target_id: int
) -> dict[str, Any]:
    library = device.libraries.get(person.lib_id)
    return {
        "target_id": target_id,
        "lib_id": person.lib_id,
        "lib_name": library.name if library else "",
        "person_id": person.person_id,
        "person_name": person.name,
        "sex": person.sex,
        "email": person.email,
        "tel": person.tel,
        "certificate_type": person.certificate_type,
        "certificate_no": person.certificate_no,
        "image_path": person.image_path,
        "similarity": match.similarity,
    }
