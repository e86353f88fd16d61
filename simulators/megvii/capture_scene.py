"""Where and when something is seen, and the picture of it."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from simulators import pictures

from .device import Device
from .models import Channel, Rect, Target
from .uploaded_pictures import rect_of

FIGURES = {
    Target.FACE: "person",
    Target.HUMAN: "worker",
    Target.VEHICLE: "vehicle",
    Target.CYCLE: "bicycle",
    Target.PLATE: "vehicle",
}
_MARGIN = 12


@dataclass(frozen=True, slots=True)
class Scene:
    """Where and when something is seen."""

    channel: Channel
    track_id: int
    at: int
    full_path: str
    detection: Rect
    within: Rect

    def crop_path(self, device: Device, what: str) -> str:
        """Return the path of the small picture."""
        return f"{_folder(device, self.channel, self.at)}_{self.track_id}_1_{what}.jpg"

    def common(self, device: Device, what: str) -> dict[str, Any]:
        """Return the fields of a sighting."""
        return {
            "channel": self.channel.number,
            "channel_name": self.channel.name,
            "track_id": self.track_id,
            "at": self.at,
            "full_path": self.full_path,
            "crop_path": self.crop_path(device, what),
            "detection": self.detection,
            "within": self.within,
        }


def _folder(device: Device, channel: Channel, at: int) -> str:
    moment = device.local(at / 1000)
    return (
        f"record_CHN{channel.number - 1}/{moment:%YY%mM%dD%HH}/"
        f"N{moment:%M}M{moment:%S}S{at % 1000:03d}"
    )


def scene_at(
    device: Device,
    channel: Channel,
    target: Target,
    at: float | None,
    *,
    figure: str | None = None,
    label: str = "",
    track_id: int | None = None,
) -> Scene:
    """Let a target stand somewhere, and draw the scene when it is asked for."""
    shown = figure or FIGURES[target]
    moment = device.stamp() if at is None else int(at * 1000)
    track = device.next_id("track", 6018) if track_id is None else track_id
    box = pictures.place_target(shown, device.rng)
    found = pictures.in_pixels(box)
    if target is Target.FACE:
        found = pictures.face_of(found)
    path = ""
    if device.settings.functions["captureFullPicEnabled"]:
        path = device.files.capture(
            f"{_folder(device, channel, moment)}_{track}_0.jpg",
            partial(
                pictures.scene,
                channel.scene,
                channel_name=channel.name,
                at=moment / 1000,
                target=shown,
                label=label,
                box=box,
                seed=track,
            ),
        )
    left, top, right, bottom = found
    inner = (_MARGIN, _MARGIN, right - left + _MARGIN, bottom - top + _MARGIN)
    return Scene(
        channel,
        track,
        moment,
        path,
        rect_of(found),
        rect_of(inner),
    )
