"""What a box has when it leaves the virtual factory. All of it is invented."""

from functools import lru_cache
from typing import Any

from simulators import pictures

from .algorithms import BY_WORD, EVENTS, POLYGON, Store, word_of
from .device import SYSTEM_LOG, Device
from .face_requests import enrol
from .models import Channel, VoiceFile
from .settings import Settings
from .uploaded_pictures import FacePicture, inspect

STAFF, VISITORS, WATCH_LIST = "Staff", "Visitors", "Watch_list"
_PEOPLE = (
    ("Iris Vale", STAFF),
    ("Jonas Hale", STAFF),
    ("Kong Lin", STAFF),
    ("Lena Frost", STAFF),
    ("Milo Grant", VISITORS),
    ("Barred Guest", WATCH_LIST),
)
# Name, scene, what its second rule slot looks for, `alertType` of the alert mode.
_PLACES = (
    ("Entrance", "door", ("tripwire", "intrusion", "wander", "overwall"), 2),
    (
        "Lobby",
        "corridor",
        ("fall", "fight", "gathering", "call", "watch_phone", "run", "sleep"),
        8,
    ),
    ("Loading_yard", "yard", ("park", "exit", "tripwire", "intrusion"), 4),
    (
        "Workshop",
        "workshop",
        ("no_safetycap", "no_uniform", "no_vest", "flame", "smog"),
        9,
    ),
    ("Canteen", "shop", ("smoke", "person_off_duty_querying"), 6),
)
_VOICES = ((1, "keep_out.mp3"), (2, "evacuate.mp3"))
_ALL_DAY = {"startTime": "000000", "endTime": "000000"}
_TARGETS = ["face", "human", "motorVehicle", "nonMotorVehicle", "plate"]


@lru_cache(maxsize=32)
def _portrait(seed: int) -> tuple[bytes, FacePicture]:
    drawn = pictures.face(seed)
    return drawn, inspect(drawn)


def _groups(device: Device) -> list[dict[str, Any]]:
    return [
        {
            "groupName": name,
            **_ALL_DAY,
            "searchThresholdHigh": 75,
            "searchThresholdLow": 20,
        }
        for name in device.groups
    ]


def _faces(device: Device) -> dict[str, Any]:
    return {
        "filter": {
            "roll": 45,
            "yaw": 35,
            "pitch": 45,
            "blurness": 60,
            "highBrightness": 90,
            "lowBrightness": 20,
            "deviation": 50,
            "faceMin": 80,
        },
        "group": _groups(device),
        "livenessThreshold": 60,
    }


def _structure(device: Device, *, faces: bool) -> dict[str, Any]:
    common = {"attributeEnabled": True, "ruleIndex": 1, "ruleEnable": True}
    push = {"pushMode": 1, "pushInterval": 500, "maxPushNumber": 1}
    if not faces:
        return {
            **common,
            "surveillanceType": 1,
            "structures": {
                "detectTargetList": list(_TARGETS),
                "pushConfigs": push,
                "captureConfigs": {"captureMode": 1},
            },
        }
    return {
        **common,
        "surveillanceType": 0,
        "faces": {
            "livenessEnabled": False,
            "pushConfigs": {**push, "strangerRetryCount": 2},
            "filter": {
                "roll": 45,
                "yaw": 35,
                "pitch": 45,
                "blurness": 60,
                "faceMin": 80,
                "bodyMin": 80,
            },
            "detectTargetList": ["face", "human"],
            "captureConfigs": {"captureMode": 1},
            "group": _groups(device),
            "globalStranger": {"enable": True, "searchThresholdLow": 20, **_ALL_DAY},
        },
    }


def _old_rules(kind: int) -> dict[str, Any]:
    corners = ((100, 100), (1800, 100), (1800, 1000), (100, 1000))
    return {
        "enable": True,
        "alertType": kind,
        "alertSubType": EVENTS[kind].sub_kinds[0],
        "areaType": POLYGON,
        "targetRange": [1, 50],
        "timeRange": [0, 86_400],
        "stayDuration": 5,
        "cooldownDuration": 1,
        "alertArea": [[{"x": x, "y": y} for x, y in corners]],
        "maskArea": [],
    }


def _store_rules(words: tuple[str, ...]) -> dict[str, Any]:
    corners = ((0.05, 0.05), (0.95, 0.05), (0.95, 0.95), (0.05, 0.95))
    areas, alertors = [], []
    for number, word in enumerate(words, 1):
        kind = BY_WORD[word]
        line = "polygon" not in kind.areas
        area = kind.areas[1 if len(kind.areas) > 1 else 0]
        points: list[Any] = [{"x": x, "y": y} for x, y in corners[: 2 if line else 4]]
        if area.startswith("multi_line"):
            points = [points, [{"x": 0.05, "y": 0.5}, {"x": 0.95, "y": 0.5}]]
        areas.append(
            {
                "area_type": area,
                "area_id": number,
                "alertor_ids": [number],
                "points": points,
            }
        )
        alertors.append(
            {
                "alertor_id": number,
                "alertor_type": [word_of(kind)],
                "target_min": 0.05,
                "target_max": 0.5,
                "target_type": list(kind.targets),
                "cooldown_duration": 3,
                "duration": 2,
                "timeRange": [0, 86_400],
            }
        )
    return {
        "proc": "init_rules",
        "customizedOptions": {"area_list": areas, "alertor_configs": alertors},
    }


def furnish_channel(device: Device, number: int | None = None) -> Channel:
    """Add an armed video channel on the first free number."""
    if number is None:
        free = set(range(1, device.limits.videos + 1)) - device.channels.keys()
        if not free:
            raise ValueError("no channel is free")
        number = min(free)
    name, scene, words, kind = _PLACES[(number - 1) % len(_PLACES)]
    if number > len(_PLACES):
        name = f"{name}_{number}"
    channel = Channel(
        number,
        {
            "videoName": name,
            "url": "",
            "subUrl": "",
            "username": "",
            "password": "",
            "rotation": 0,
        },
        scene,
        f"channel/{number}",
        armed=True,
    )
    stores = {BY_WORD[word].store for word in words}
    channel.face = _faces(device)
    channel.structure = _structure(device, faces=number % 4 in {1, 2})
    channel.alert = {"algType": 10, "alertRules": _old_rules(kind)}
    channel.multi[2] = {
        "algType": int(Store.SAFETY if Store.SAFETY in stores else Store.ALERT),
        "ruleIndex": 2,
        "ruleEnable": True,
        "alertRules": _store_rules(words),
    }
    return device.add_channel(channel)


def furnish(device: Device, *, channels: int, people: bool) -> None:
    """Fill a new box: people in groups, channels, relays, voices, ONVIF cameras."""
    device.settings.functions["detectType"] = device.mode
    device.log(SYSTEM_LOG, "start")
    if people:
        device.groups += [STAFF, VISITORS, WATCH_LIST]
        for number, (name, group) in enumerate(_PEOPLE):
            content, seen = _portrait(700 + number)
            enrol(device, content, seen, name).groups.append(group)
    for _ in range(channels):
        furnish_channel(device)
    for number in list(device.channels)[:2]:
        device.relays[number] = {
            "videoNo": number,
            "relayIP": "192.0.2.80",
            "relayMAC": "00:00:5e:00:53:d0",
            "triggerChannel": number - 1,
            "enable": True,
            "relayMode": 0,
            "triggerTime": 2000,
            "delayTime": 0,
            "triggerInterval": 0,
            "triggerCondition": 2,
        }
    for number, name in _VOICES:
        device.voice_files[number] = VoiceFile(number, name, b"ID3\x04\x00" * 200)
    for number in range(1, 4):
        address = f"192.0.2.{120 + number}"
        device.onvif.append(
            {
                "ipv4": address,
                "uri": f"http://{address}/onvif/device_service",
                "uuid": f"urn:uuid:00000000-0000-4000-8000-{number:012d}",
                "main": f"rtsp://{address}:554/main",
                "sub": f"rtsp://{address}:554/sub",
            }
        )
    device.ftp_packages["MegCube-B4H-v1.4.0.bin"] = "B4H-v1.4.0"
    if device.voice_files and device.channels:
        device.voices[next(iter(device.channels))] = {
            "enable": True,
            "events": [
                {
                    "eventType": 2,
                    "ruleID": 2,
                    "voiceFileNo": 1,
                    "enable": True,
                    "triggerTimes": 2,
                    "triggerInterval": 1000,
                    "priority": 1,
                }
            ],
        }


def factory(device: Device, *, keep_network: bool) -> None:
    """Lose all data and settings, as /devices/restoreFactorySet does."""
    old = device.settings
    device.settings = Settings()
    if keep_network:
        device.settings.eth, device.settings.eth1 = old.eth, old.eth1
    device.settings.functions["detectType"] = device.mode
    device.wipe()
    for number in list(device.channels):
        device.remove_channel(number)
    for kept in (
        device.alerts,
        device.captures,
        device.calendars,
        device.schedules,
        device.rules,
        device.relays,
        device.outputs,
        device.voice_files,
        device.voices,
        device.sounds,
        device.logs,
    ):
        kept.clear()
    device.files.forget_captures()
