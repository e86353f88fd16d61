"""What happens in front of the cameras: faces, bodies, recognitions."""

from dataclasses import replace
from functools import partial

from simulators import pictures

from .defaults import seed_of
from .device import Device
from .models import Camera, Capture, Face, Label, Library, Match
from .reporter import Reporter, Result

_COLOURS = ("black", "white", "gray", "red", "blue", "green")
_OFFLINE = "the camera is offline"


class CaptureGenerator:
    """Makes captures and has them reported."""

    def __init__(self, device: Device, reporter: Reporter) -> None:
        """Remember who keeps and who sends."""
        self.device = device
        self.reporter = reporter

    async def face(
        self,
        *,
        channel: int,
        person_id: str | None = None,
        stranger: bool = False,
        similarity: int | None = None,
        gender: str | None = None,
        age: int | None = None,
        mask: bool = False,
        glasses: bool = False,
        at: float | None = None,
        snap_id: str | None = None,
        send: bool = True,
    ) -> Result:
        """Capture a face.

        `person_id` is the `img_id` of an enrolled face. A stranger is compared and
        the best match is below the threshold. With neither nothing was compared.
        """
        device, rng = self.device, self.device.rng
        camera = device.camera(channel)
        match = best = None
        score = -1
        if person_id is not None:
            found = device.find_face(person_id)
            if found is None:
                raise LookupError(f"no face {person_id}")
            best, match = found[1], _match(*found)
            score = rng.randrange(85, 99) if similarity is None else similarity
        elif stranger and not device.quirks.stranger_minus_one:
            watched = [
                (library, face)
                for lib_id in camera.lib_ids
                if (library := device.libraries.get(lib_id)) is not None
                for face in library.faces.values()
            ]
            highest = max(1, camera.settings["threshold"] - 5)
            if watched:
                match = _match(*rng.choice(watched))
                score = similarity if similarity is not None else rng.randrange(highest)
        woman = rng.random() < 0.5
        if best is not None and best.person["person_gender"]:
            woman = best.person["person_gender"] == "0"
        years = rng.randrange(18, 70) if age is None else age
        attributes = {
            "cap_style": "hat_style_type_none",
            "gender_code": gender or ("female" if woman else "male"),
            "glass_style": (
                "transparent_glasses" if glasses else "glasses_style_type_none"
            ),
            "mustache_style": "mustache_style_type_none",
            "respirator_color": "color_type_other" if mask else "color_type_none",
            "st_age": _age_group(years),
            "st_age_value": f"{years:.6f}",
            "st_expression": rng.choice(("st_calm", "st_calm", "st_happy")),
        }
        capture = self._capture(camera, Label.FACE, attributes, at=at, snap_id=snap_id)
        capture = replace(capture, match=match, similarity=score)
        enrolled = None if best is None else await device.files.read(best.path)
        seed = seed_of(person_id or capture.snap_id)
        plain = enrolled is not None and not (mask or glasses)
        drawn = partial(pictures.face, seed, glasses=glasses, mask=mask)
        device.files.capture(
            capture.snap_path, enrolled if plain and enrolled else drawn
        )
        return await self._report(camera, capture, send=send)

    async def body(
        self,
        *,
        channel: int,
        attributes: dict[str, str] | None = None,
        at: float | None = None,
        snap_id: str | None = None,
        send: bool = True,
    ) -> Result:
        """Capture a body; `attributes` replace or add keys of appendix C."""
        rng = self.device.rng
        camera = self.device.camera(channel)
        attributes = {
            "bag_style": rng.choice(("bag_style_type_none", "backpack", "hand_bag")),
            "cap_style": "hat_style_type_none",
            "coat_color": rng.choice(_COLOURS),
            "coat_length": rng.choice(("long_sleeve", "short_sleeve")),
            "coat_style": rng.choice(("t_shirt", "jacket", "shirt")),
            "gender_code": rng.choice(("female", "male")),
            "hair_color": "black",
            "hair_style": rng.choice(("long", "st_short")),
            "shoes_color": rng.choice(_COLOURS),
            "shoes_style": "walking_shoes",
            "st_age": "st_adult",
            "st_coat_pattern": "st_pure",
            "st_pedestrian_angle": rng.choice(("st_front", "st_side", "st_back")),
            "st_trousers_pattern": "st_pure",
            "trousers_color": rng.choice(_COLOURS),
            "trousers_len": rng.choice(("trousers", "shorts")),
            **(attributes or {}),
        }
        capture = self._capture(camera, Label.BODY, attributes, at=at, snap_id=snap_id)
        self.device.files.capture(
            capture.snap_path,
            partial(pictures.cutout, "person", seed_of(capture.snap_id)),
        )
        return await self._report(camera, capture, send=send)

    def _capture(
        self,
        camera: Camera,
        label: Label,
        attributes: dict[str, str],
        *,
        at: float | None,
        snap_id: str | None,
    ) -> Capture:
        device, rng = self.device, self.device.rng
        moment = float(int(device.now() if at is None else at))
        name = snap_id or device.uuid()
        seen = pictures.place_target("person", rng)
        target = pictures.in_pixels(seen)
        if label is Label.FACE:
            target = pictures.face_of(target)
        folder = "record" if label is Label.FACE else f"record/{camera.channel}/body"
        frame = device.files.capture(
            f"record/{name}_frame.jpg",
            partial(
                pictures.scene,
                camera.scene,
                channel_name=camera.name,
                at=moment,
                box=seen,
                seed=seed_of(name),
            ),
        )
        return Capture(
            name,
            label,
            moment,
            camera.channel,
            camera.name,
            camera.settings["position"],
            camera.settings["threshold"],
            -1,
            rng.randrange(55, 99),
            target,
            f"{folder}/{name}.jpg",
            frame,
            attributes,
            "".join(f"{rng.randrange(500)}.000000," for _ in range(8)),
        )

    async def _report(self, camera: Camera, capture: Capture, *, send: bool) -> Result:
        held_back = None if send else "not to be sent"
        if not camera.online:
            held_back = _OFFLINE
        else:
            self.device.remember(capture)
        return await self.reporter.send(capture, held_back=held_back)


def _match(library: Library, face: Face) -> Match:
    return Match(
        face.img_id,
        face.path,
        face.create_time,
        library.lib_id,
        library.name,
        library.kind,
        dict(face.person),
    )


def _age_group(years: int) -> str:
    if years < 15:
        return "st_child"
    return "st_adult" if years < 60 else "st_old"
