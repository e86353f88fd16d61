"""What happens in front of the cameras: faces, targets, events."""

from functools import partial
from typing import Any
from zlib import crc32

from simulators import pictures

from . import relay_requests, target_attributes, voice_requests
from .algorithms import AREA_WORDS, EventKind, event_kind, word_of
from .capture_scene import FIGURES, Scene, scene_at
from .device import ALARM_LOG, Device
from .door_access import Door, door
from .models import (
    ALERT_MODE,
    FACE_MODE,
    Alert,
    Capture,
    Channel,
    Event,
    Match,
    Person,
    Target,
)
from .reporter import Reporter, Result

_NAMES = {
    Target.FACE: "face",
    Target.HUMAN: "human",
    Target.VEHICLE: "motorVehicle",
    Target.CYCLE: "nonMotorVehicle",
    Target.PLATE: "plate",
}
_BY_EVENT = {"car": Target.VEHICLE, "cycle": Target.CYCLE, "plate": Target.PLATE}
OFFLINE, DISARMED = "the camera is offline", "the channel is not armed for it"
WRONG_MODE = "the detect mode does not look for it"


class EventGenerator:
    """Makes alerts, captures and events, and has them reported."""

    def __init__(self, device: Device, reporter: Reporter) -> None:
        """Remember who keeps and who sends."""
        self.device = device
        self.reporter = reporter

    def person(self, name: str) -> Person:
        """Return an enrolled face by faceToken, imageId or description."""
        for person in self.device.people.values():
            if person.token and name in {
                person.token,
                person.image_id,
                person.description,
            }:
                return person
        raise LookupError(f"no face {name}")

    async def recognize(self, person: str, channel: int, **options: Any) -> Result:
        """Let an enrolled person come by, see `_face`.

        There is an alert if a group of the person is bound to the channel and `score`
        reaches its threshold.
        """
        return await self._face(channel, self.person(person), (86, 99), **options)

    async def stranger(self, channel: int, **options: Any) -> Result:
        """Let somebody come by who is not enrolled, see `_face`.

        There is a stranger alert if groups are bound to the channel, or
        `globalStranger` is on, and `score` is below their lower threshold.
        """
        return await self._face(channel, None, (3, 15), **options)

    async def _face(
        self,
        number: int,
        person: Person | None,
        scores: tuple[float, float],
        *,
        score: float | None = None,
        track_id: int | None = None,
        staying: bool = False,
        at: float | None = None,
        send: bool = True,
        **face_attributes: Any,
    ) -> Result:
        """Let somebody come by.

        `face_attributes` are those of `FaceAttributes`. Who stays longer than 10 s is
        reported again with the same `track_id`; while `staying` there is no leave time
        (chapter 8).
        """
        device, channel = self.device, self.device.channel(number)
        if score is None:
            score = round(device.rng.uniform(*scores), 2)
        scene = scene_at(device, channel, Target.FACE, at, track_id=track_id)
        appearance = target_attributes.face_attributes(device.rng, **face_attributes)
        earlier = [
            one
            for one in device.captures
            if (one.channel, one.track_id) == (channel.number, scene.track_id)
        ]
        result = Result(held_back=self.refusal(channel, Target.FACE))
        common = scene.common(device, "face")
        seed = crc32((person.token if person else str(scene.track_id)).encode())
        drawn: Any = partial(
            pictures.face,
            seed,
            glasses=appearance.glasses != "none",
            mask=appearance.mask != "none",
        )
        if person is not None and appearance.mask == appearance.glasses == "none":
            drawn = await device.files.read(person.path) or drawn
        device.files.capture(common["crop_path"], drawn)
        matches, bound = self._compare(scene, person, score)
        alarmed = person is not None and matches and matches[0].alert_groups
        unknown = not alarmed and self._is_stranger(channel, score)
        if alarmed or unknown:
            groups = list(matches[0].groups) if alarmed else []
            status = (
                door(device, channel.number, groups, scene.at / 1000)
                if alarmed
                else Door.UNRECOGNIZED
            )
            result.alert = Alert(
                **common,
                times=len(earlier) + 1,
                target=Target.FACE,
                face_attributes=appearance,
                matches=matches,
                bound=bound,
                stranger=not alarmed,
                liveness=97.5,
                door=int(status),
            )
        result.capture = Capture(
            **common,
            target=Target.FACE,
            face_attributes=appearance,
            times=len(earlier) + 1,
            enter=earlier[0].enter if earlier else scene.at - 1200,
            leave=None if staying else scene.at + 700,
            best_stranger=bool(unknown) and self._tells_best(channel),
        )
        return await self._report(channel, result, send=send)

    def _compare(
        self, scene: Scene, person: Person | None, score: float
    ) -> tuple[tuple[Match, ...], tuple[str, ...]]:
        """Return `top1` to `top5` and the groups of the channel."""
        device = self.device
        rows = device.watched(scene.channel, scene.at / 1000)
        watched = {row["groupName"]: row for row in rows}
        others = {
            member.token: member
            for name in watched
            for member in device.members(name)
            if member is not person
        }
        matches: list[Match] = []
        if person is not None and set(person.groups) & watched.keys():
            reached = tuple(
                name
                for name in person.groups
                if name in watched and score >= watched[name]["searchThresholdHigh"]
            )
            matches.append(_match(person, score, reached))
        best = score if matches else max(score, 0.0)
        for member in list(others.values())[: 5 - len(matches)]:
            lower = best if not matches else device.rng.uniform(2, 12)
            matches.append(_match(member, round(min(best, lower), 2)))
        matches.sort(key=lambda match: -match.score)
        return tuple(matches), tuple(watched)

    def _is_stranger(self, channel: Channel, score: float) -> bool:
        bound = self.device.faces_of(channel)
        rows = list(bound.get("group", ()))
        everywhere = bound.get("globalStranger", {})
        if everywhere.get("enable"):
            rows.append(everywhere)
        return any(score < row["searchThresholdLow"] for row in rows)

    def _tells_best(self, channel: Channel) -> bool:
        """Return whether the best picture of a stranger is told as such (7.1.2)."""
        of_mode = self.device.mode == FACE_MODE or channel.is_picture
        settings = channel.face if of_mode else channel.structure
        return bool(settings.get("bestStrangerUpload"))

    async def capture(
        self,
        kind: str,
        channel: int,
        *,
        bound: bool = True,
        plate: str | None = None,
        at: float | None = None,
        send: bool = True,
        **attributes: Any,
    ) -> Result:
        """Capture a `face`, `human`, `vehicle`, `cycle` or `plate`.

        A vehicle comes with its plate (`bound`), as one more capture that is bound to
        it and reported too. `plate` is its number.
        """
        target = Target[kind.upper()]
        device = self.device
        where = device.channel(channel)
        scene = scene_at(self.device, where, target, at)
        result = Result(held_back=self.refusal(where, target))
        partner = {Target.VEHICLE: Target.PLATE}.get(target) if bound else None
        track = scene.track_id + 1
        capture = self._seen(
            scene,
            target,
            attributes,
            plate,
            ((partner, track),) if partner else (),
        )
        result.capture = capture
        result = await self._report(where, result, send=send)
        if partner is not None:
            device.next_id("track")
            other = Scene(
                where, track, scene.at, scene.full_path, scene.detection, scene.within
            )
            links = ((target, scene.track_id),)
            follower = Result(held_back=self.refusal(where, partner))
            follower.capture = self._seen(other, partner, {}, plate, links)
            follower = await self._report(where, follower, send=send)
            result.pushes += follower.pushes
        return result

    def _seen(
        self,
        scene: Scene,
        target: Target,
        attributes: dict[str, Any],
        plate: str | None,
        bindings: tuple[tuple[Target, int], ...],
    ) -> Capture:
        device, rng = self.device, self.device.rng
        common = scene.common(device, target.word)
        draw: Any = partial(pictures.cutout, FIGURES[target], scene.track_id)
        details: dict[str, Any] = {"moving": (2, rng.randrange(1, 9))}
        match target:
            case Target.FACE:
                draw = partial(pictures.face, scene.track_id)
                details = {
                    "face_attributes": target_attributes.face_attributes(
                        rng, **attributes
                    )
                }
            case Target.HUMAN:
                details["attributes"] = {**target_attributes.human(rng), **attributes}
            case Target.VEHICLE:
                details["attributes"] = {**target_attributes.vehicle(rng), **attributes}
            case Target.CYCLE:
                details["attributes"] = {**target_attributes.cycle(rng), **attributes}
            case Target.PLATE:
                details = {
                    "attributes": {**target_attributes.plate(rng, plate), **attributes}
                }
        device.files.capture(common["crop_path"], draw)
        return Capture(
            **common,
            **details,
            target=target,
            bindings=bindings,
            enter=scene.at - 900,
            leave=scene.at + 1500,
        )

    async def alert(
        self,
        event_type: int | str,
        channel: int,
        *,
        target: str | None = None,
        at: float | None = None,
        send: bool = True,
    ) -> Result:
        """Let a rule of the channel fire.

        `event_type` is a number or word of the event dictionary (26.6). It is held
        back unless a rule for it is armed on the channel.
        """
        kind = event_kind(event_type)
        device, where = self.device, self.device.channel(channel)
        rule = self.rule(where, kind)
        word = target or kind.targets[0]
        seen = _BY_EVENT.get(word, Target.HUMAN)
        scene = scene_at(
            self.device, where, seen, at, figure=kind.figure, label=kind.word
        )
        result = Result()
        if not where.online:
            result.held_back = OFFLINE
        elif rule is None:
            result.held_back = DISARMED
        rule_id, area_id, area = rule or (1, 1, 5)
        common = scene.common(device, word_of(kind))
        device.files.capture(
            common["crop_path"], partial(pictures.cutout, kind.figure, scene.track_id)
        )
        result.capture = Capture(
            **common,
            target=seen,
            enter=scene.at,
            leave=scene.at,
            event=Event(
                kind=kind.number,
                name=word_of(kind),
                sub_kind=kind.sub_kinds[0] if kind.sub_kinds else 5,
                area_kind=area,
                rule_id=rule_id,
                area_id=area_id,
                obj_type=word,
                over_wall=kind.number == 7,
                frame_id=scene.track_id * 25,
            ),
        )
        if result.held_back is None and kind.voice and send:
            voice_requests.trigger_by_event(device, channel, kind.voice, rule_id)
        return await self._report(where, result, send=send)

    def rule(self, channel: Channel, kind: EventKind) -> tuple[int, int, int] | None:
        """Return rule id, area id and area type of what is armed for an event."""
        if not channel.armed:
            return None
        old = channel.alert.get("alertRules", {})
        if (
            self.device.mode == ALERT_MODE
            and old.get("enable")
            and old["alertType"] == kind.number
        ):
            return 1, 1, old["areaType"]
        words = {kind.word or word_of(kind)}
        for settings in channel.multi.values():
            rules = settings["alertRules"]
            if not settings["ruleEnable"] or not self.device.multi_algorithm:
                continue
            if rules.get("alertType") == kind.number:
                return 1, 1, rules["areaType"]
            options = rules.get("customizedOptions", {})
            for row in options.get("alertor_configs", ()):
                if words & set(row["alertor_type"]):
                    return _rule_of(options, row["alertor_id"])
        return None

    def refusal(self, channel: Channel, target: Target) -> str | None:
        """Return why the box does not report a target, None when it does."""
        if not channel.online:
            return OFFLINE
        if not channel.armed:
            return DISARMED
        mode = self.device.mode
        if mode == ALERT_MODE or (mode == FACE_MODE and target is not Target.FACE):
            return WRONG_MODE
        if mode == FACE_MODE or channel.is_picture:
            return None
        settings = channel.structure
        kind = "structures" if settings.get("surveillanceType") else "faces"
        wanted = settings.get(kind, {}).get("detectTargetList", ())
        return None if _NAMES[target] in wanted else DISARMED

    async def _report(self, channel: Channel, result: Result, *, send: bool) -> Result:
        device = self.device
        if result.held_back is None:
            if result.alert is not None:
                device.remember_alert(result.alert)
                device.log(ALARM_LOG, f"alert {channel.name} {result.track_id}")
            stores = device.settings.functions["capturePicEnabled"]
            if result.capture is not None and stores:
                device.remember_capture(result.capture)
            if send:
                relay_requests.trigger_by_event(
                    device, channel.number, recognised=result.alert is not None
                )
        return await self.reporter.report(result, send=send)


def _match(person: Person, score: float, reached: tuple[str, ...] = ()) -> Match:
    return Match(
        score,
        person.token,
        person.image_id,
        person.description,
        person.crop,
        tuple(person.groups),
        reached,
    )


def _rule_of(options: dict[str, Any], alertor: int) -> tuple[int, int, int]:
    for area in options["area_list"]:
        if alertor in area["alertor_ids"]:
            return alertor, area["area_id"], AREA_WORDS.index(area["area_type"]) + 1
    return alertor, 1, 5
