"""How captures are written in pushes (7.4, 9.2) and in lists (3.13, 3.16, 3.22)."""

from typing import Any

from .device import Device
from .models import PERSON, Capture, Label
from .quirks import Quirks


def spelled(quirks: Quirks, record: dict[str, Any]) -> dict[str, Any]:
    """Return a record as the quirks want it."""
    if quirks.missing_optional:
        record = {
            key: value
            for key, value in record.items()
            if value not in ("", 0, -1) and value != {}
        }
    if quirks.numbers_as_text:
        record = {
            key: str(value) if isinstance(value, int) else value
            for key, value in record.items()
        }
    return record


def _library(capture: Capture) -> dict[str, Any]:
    match = capture.match
    return {
        "lib_id": 0 if match is None else match.lib_id,
        "lib_name": "" if match is None else match.lib_name,
        "lib_type": 0 if match is None else match.lib_type,
    }


def _person(capture: Capture) -> dict[str, Any]:
    match = capture.match
    return dict.fromkeys(PERSON, "") if match is None else dict(match.person)


def _attributes(capture: Capture) -> dict[str, Any]:
    name = "face_attr" if capture.label is Label.FACE else "body_attr"
    return {name: dict(capture.attributes)}


def described(device: Device, capture: Capture) -> dict[str, Any]:
    """Return the fields that both pushes have in common."""
    match = capture.match
    left, top, right, bottom = capture.box
    if device.quirks.inverted_box:
        top, bottom = bottom, top
    return {
        **_attributes(capture),
        "camera_name": capture.camera_name,
        "device_id": device.device_id,
        "channel": capture.channel,
        "img_id": "" if match is None else match.img_id,
        "img_path": "" if match is None else match.img_path,
        **_library(capture),
        "obj_label": int(capture.label),
        **_person(capture),
        "position": capture.position,
        "similarity": capture.similarity,
        "quality": capture.quality,
        "pos_top": top,
        "pos_bottom": bottom,
        "pos_left": left,
        "pos_right": right,
        "snap_feat": capture.features,
        "snap_id": capture.snap_id,
        "snap_path": capture.snap_path,
        "threshold": capture.threshold,
        "trigger": device.stamp(capture.at),
    }


def face_record(device: Device, capture: Capture) -> dict[str, Any]:
    """Return a record of 3.13."""
    record = {
        "camera_name": capture.camera_name,
        "channel": capture.channel,
        **_attributes(capture),
        **_library(capture),
        "position": capture.position,
        "ranking": 1,
        "similarity": capture.similarity,
        "snap_id": capture.snap_id,
        "snap_path": capture.snap_path,
        "threshold": capture.threshold,
        "trigger": device.stamp(capture.at),
    }
    return spelled(device.quirks, record)


def alarm_record(device: Device, capture: Capture) -> dict[str, Any]:
    """Return a record of 3.16."""
    match = capture.match
    assert match is not None
    record = {
        **face_record(device, capture),
        "create_time": device.stamp(match.create_time),
        "img_id": match.img_id,
        "img_path": match.img_path,
        **_person(capture),
    }
    return spelled(device.quirks, record)


def body_record(device: Device, capture: Capture) -> dict[str, Any]:
    """Return a record of 3.22."""
    record = {
        **_attributes(capture),
        "camera_name": capture.camera_name,
        "channel": capture.channel,
        "position": capture.position,
        "quality": capture.quality,
        "snap_id": capture.snap_id,
        "snap_path": capture.snap_path,
        "trigger": device.stamp(capture.at),
    }
    return spelled(device.quirks, record)
