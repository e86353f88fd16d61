"""Chapters 23 and 25.3: the messages, as they are on the wire."""

from dataclasses import dataclass, field
from hashlib import md5
import json
import struct
from typing import Any

from simulators.json_types import Json

from .algorithms import AREA_WORDS
from .device import Device
from .models import Alert, Capture, Event, Sighting, Target
from .quirks import Ack

HEADER_SIZE = 16
_FACE_ONLY, _STRUCTURED = 1, 3


@dataclass(slots=True)
class Framed:
    """HEADER, JSON and pictures of a WebSocket message (23.1.2).

    `word` is the TYPE and the begin of the acknowledgement; without one the JSON goes
    alone, and nobody acknowledges it.
    """

    word: str
    document: dict[str, Any]
    pictures: tuple[bytes, ...] = ()
    sighting: Alert | Capture | None = None

    @property
    def key(self) -> tuple[str, int, int, int]:
        """Return what an acknowledgement names."""
        assert self.sighting is not None
        one = self.sighting
        return self.word, one.channel, one.at, one.track_id


def encode(device: Device, framed: Framed, number: int, text: str) -> bytes | str:
    """Return a frame with its sequence number around the text of its JSON."""
    if not framed.word:
        return text
    raw = text.encode()
    kind = framed.word.encode()
    kind = kind.ljust(8, b" " if device.quirks.blank_padding else b"\0")
    order = ">" if device.quirks.big_endian else "<"
    header = struct.pack(f"{order}8sII", kind, len(raw), number)
    return b"".join((header, raw, *framed.pictures))


def dump(document: Json) -> str:
    """Return JSON as the box writes it."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def acknowledges(device: Device, text: str, key: tuple[str, int, int, int]) -> bool:
    """Return whether a text is the acknowledgement of a message."""
    word, channel, at, track = key
    style = device.quirks.ack
    padded, plain = f"{channel:02d}", str(channel)
    milliseconds, seconds = str(at), str(at // 1000)
    wanted = {
        Ack.PADDED_MS: {(padded, milliseconds)},
        Ack.PADDED_SECONDS: {(padded, seconds)},
        Ack.PLAIN_MS: {(plain, milliseconds)},
        Ack.ANY: {
            (number, time)
            for number in (padded, plain)
            for time in (milliseconds, seconds)
        },
    }[style]
    given = text.strip().removesuffix("\0")
    return any(given == f"{word}_{no}_{time}_{track}_ACK" for no, time in wanted)


def _common(device: Device, one: Sighting) -> dict[str, Any]:
    faces = one.target is Target.FACE and not one.bindings
    return {
        "deviceId": device.device_id,
        "videoNo": one.channel,
        "channelName": one.channel_name,
        "chnDetectType": _FACE_ONLY if faces else _STRUCTURED,
        "trackId": one.track_id,
        "trackIdTimes": one.times,
        "bindingInfo": _bindings(one),
        "movingStatus": one.moving[0],
        "movingDirection": one.moving[1],
        "objType": one.target.word,
        "detectionResult": one.detection,
        "targetResult": one.within,
    }


def _bindings(one: Sighting) -> list[dict[str, int]]:
    return [
        {"bindingType": int(target), "bindingTrackId": track}
        for target, track in one.bindings
    ]


def _groups(names: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"groupName": name} for name in names]


def flat_attributes(one: Sighting) -> dict[str, Any]:
    """Return the attribute object; that of a face in set A."""
    if one.face_attributes is not None:
        return {"faceAttr": one.face_attributes.flat()}
    return {one.target.attributes: one.attributes}


def ws_alert(device: Device, alert: Alert) -> dict[str, Any]:
    """Return the JSON of an alert, without `images` (P2)."""
    best = alert.matches[0] if alert.matches and not alert.stranger else None
    return {
        **_common(device, alert),
        "alertGroup": _groups(best.alert_groups if best else ()),
        "group": _groups(alert.bound),
        "faceToken": best.token if best else "",
        "imageId": best.image_id if best else "",
        "searchScore": alert.matches[0].score if alert.matches else 0.0,
        "livenessScore": alert.liveness,
        "description": best.description if best else "",
        "timestamp": alert.at,
        "openDoorStatus": alert.door,
        **flat_attributes(alert),
    }


def ws_capture(device: Device, capture: Capture) -> dict[str, Any]:
    """Return the JSON of a capture, without the lengths of its pictures (P3)."""
    document = {
        **_common(device, capture),
        "enterTimestamp": capture.enter,
        "catchTimestamp": capture.at,
        "leaveTimestamp": "" if capture.leave is None else capture.leave,
        **flat_attributes(capture),
    }
    if capture.target is Target.FACE:
        document["bestStranger"] = capture.best_stranger
    return document


@dataclass(frozen=True, slots=True)
class HttpPictures:
    """What an HTTP message carries as Base64."""

    photo: str = ""
    full: str = ""
    digests: dict[str, str] = field(default_factory=dict)

    def fields(self) -> dict[str, str]:
        """Return the fields; those of a picture that is not uploaded are absent."""
        return {
            **({"photo": self.photo} if self.photo else {}),
            **({"fullImage": self.full} if self.full else {}),
            **self.digests,
        }


def digest_of(content: bytes) -> str:
    """Return `photo_md5`: lower-case hex, which the manual does not say."""
    return md5(content, usedforsecurity=False).hexdigest()


def _http_common(device: Device, one: Sighting) -> dict[str, Any]:
    seconds = device.quirks.http_seconds
    common = _common(device, one)
    return {
        "screen_token": one.channel_name,
        "quality": 0.87,
        "track_id": str(one.track_id),
        "track_die": True,
        "timestamp": one.at // 1000 if seconds else one.at,
        "video_number": one.channel,
        "chnDetectType": common["chnDetectType"],
        "device_id": device.device_id,
        "bindingInfo": common["bindingInfo"],
        "objType": one.target.word,
        "detectionResult": one.detection,
        "targetResult": one.within,
        "algType": 1,
    }


def _http_face(one: Sighting, *, recognised: bool, score: float) -> dict[str, Any]:
    assert one.face_attributes is not None
    nested = one.face_attributes.nested()
    return {
        "age": float(one.face_attributes.age),
        "gender": float(nested["gender"]),
        "confidence": score,
        "event_type": 0 if recognised else 1,
        "fmp": 0.98,
        "fmp_error": 0,
        "faceAttr": nested,
    }


def http_capture(
    device: Device, capture: Capture, alert: Alert | None, feature: Json
) -> dict[str, Any]:
    """Return a capture without its pictures (P4, P5)."""
    document = _http_common(device, capture)
    if capture.face_attributes is None:
        return {
            **document,
            "movingStatus": capture.moving[0],
            "movingDirection": capture.moving[1],
            capture.target.attributes: capture.attributes,
        }
    recognised = alert is not None and not alert.stranger
    score = alert.matches[0].score if alert is not None and alert.matches else 0.0
    document |= {
        **_http_face(capture, recognised=recognised, score=score),
        "roll": 1,
        "yaw": -4,
        "pitch": 6,
        "blurness": 2.5,
        "bestStranger": capture.best_stranger,
    }
    if recognised and feature is not None:
        document["featureInfo"] = feature
    return document


def http_recognition(device: Device, alert: Alert) -> dict[str, Any]:
    """Return a recognition alarm without its pictures (P6)."""
    best = alert.matches[0] if alert.matches and not alert.stranger else None
    score = alert.matches[0].score if alert.matches else 0.0
    return {
        **_http_common(device, alert),
        **_http_face(alert, recognised=not alert.stranger, score=score),
        "access_pass": int(alert.door == 0),
        "stranger_flag": int(alert.stranger),
        "ImageID": best.image_id if best else "",
        "Description": best.description if best else "",
        "alertGroup": _groups(best.alert_groups if best else ()),
    }


def alert_event(device: Device, capture: Capture, event: Event) -> dict[str, Any]:
    """Return an event of the alert mode without its pictures (P7, P10)."""
    quirks, box = device.quirks, capture.detection
    name = "deviceId" if quirks.device_id_key else "device_id"
    return {
        "alert_events": [
            {
                "area_id": event.area_id,
                "area_type": AREA_WORDS[event.area_kind - 1],
                "alertor_id": event.rule_id,
                "alertor_type": event.name,
                "target": {
                    "target_type": event.obj_type,
                    "target_id": capture.track_id,
                    "points": [
                        {"x": box["left"], "y": box["top"]},
                        {"x": box["right"], "y": box["bottom"]},
                    ],
                },
            }
        ],
        name: device.device_id,
        "stream_id": capture.channel - quirks.streams_from_zero,
        "frame_id": event.frame_id,
        "dts": capture.at,
        "pts": capture.at,
        "recv_ts": capture.at,
    }
