"""Chapter 29: voice files, their binding to events, what is being played."""

from hashlib import md5
from pathlib import PurePath
from typing import Any

from simulators.request_fields import array, each, file, integer, switch

from .device import Device
from .error_codes import Code, demand, valid
from .models import Sound, VoiceFile
from .operation import Call, Fields, Operation
from .request_fields import text

_SLOTS = 10
_LARGEST = {".pcm": 5 * 1024 * 1024, ".mp3": 1024 * 1024, ".MP3": 1024 * 1024}
_BY_HAND = 1
_EVENT = (
    integer("eventType", 1, 8),
    integer("ruleID", 1),
    integer("voiceFileNo", 1, _SLOTS),
    switch("enable"),
    integer("triggerTimes", 1, 1000, required=False),
    integer("triggerInterval", 500, 50_000, required=False),
    integer("priority", 1, 3),
)


def play(
    device: Device,
    number: int,
    *,
    channel: int | None = None,
    priority: int = _BY_HAND,
    times: int = 1,
    interval: int = 0,
) -> Sound:
    """Play a file: a higher priority interrupts, the same one waits its turn."""
    now, scale = device.steady(), device.time_scale
    begin = now
    for sound in device.sounds:
        if sound.end > now and sound.priority > priority:
            sound.end = now
        elif sound.end > begin:
            begin = sound.end
    length = times * device.timing.voice + (times - 1) * interval / 1000
    sound = Sound(number, channel, priority, begin, begin + length * scale)
    device.sounds.append(sound)
    return sound


def playing(device: Device) -> Sound | None:
    """Return what the speaker plays now."""
    now = device.steady()
    current = [sound for sound in device.sounds if sound.begin <= now < sound.end]
    return current[-1] if current else None


def trigger_by_event(device: Device, channel: int, event: int, rule: int) -> None:
    """Play what is bound to an event (`eventType` of 29.2.1) of a channel."""
    binding = device.voices.get(channel)
    if binding is None or not binding["enable"]:
        return
    for row in binding["events"]:
        if (
            row["enable"]
            and (row["eventType"], row["ruleID"]) == (event, rule)
            and row["voiceFileNo"] in device.voice_files
        ):
            play(
                device,
                row["voiceFileNo"],
                channel=channel,
                priority=row["priority"],
                times=row["triggerTimes"],
                interval=row["triggerInterval"],
            )


def _file(device: Device, number: int) -> VoiceFile:
    valid(1 <= number <= _SLOTS, "voiceFileNo")
    demand(number in device.voice_files, Code.RESOURCES_NOT_FOUND)
    return device.voice_files[number]


async def _import(device: Device, call: Call) -> None:
    body = call.body
    content = body["voiceFile"].content
    suffix = PurePath(body["voiceFileName"]).suffix
    valid(suffix in _LARGEST, "voiceFileName")
    valid(0 < len(content) <= _LARGEST[suffix], "voiceFile")
    valid(body.get("fileSize", len(content)) == len(content), "fileSize")
    actual = md5(content, usedforsecurity=False).hexdigest()
    valid(body.get("fileMd5", actual).lower() == actual, "fileMd5")
    number = body["voiceFileNo"]
    device.voice_files[number] = VoiceFile(number, body["voiceFileName"], content)


async def _list(device: Device, _: Call) -> Fields:
    return {
        "voiceFiles": [
            {"voiceFileNo": number, "voiceFileName": file.name}
            for number, file in sorted(device.voice_files.items())
        ]
    }


async def _delete(device: Device, call: Call) -> None:
    del device.voice_files[_file(device, call.number("voiceFileNo")).number]


async def _trigger(device: Device, call: Call) -> None:
    play(device, _file(device, call.number("voiceFileNo")).number)


async def _bind(device: Device, call: Call) -> None:
    device.video(call.body["videoNo"])
    defaults = {"triggerTimes": 3, "triggerInterval": 1000}
    events: list[dict[str, Any]] = [{**defaults, **row} for row in call.body["events"]]
    for row in events:
        demand(row["voiceFileNo"] in device.voice_files, Code.RESOURCES_NOT_FOUND)
    device.voices[call.body["videoNo"]] = {
        "enable": call.body["enable"],
        "events": events,
    }


async def _unbind(device: Device, call: Call) -> None:
    number = device.video(call.number("videoNo")).number
    demand(number in device.voices, Code.RESOURCES_NOT_FOUND)
    del device.voices[number]


async def _get(device: Device, call: Call) -> Fields:
    number = device.video(call.number("videoNo")).number
    return device.voices.get(number, {"enable": False, "events": []})


async def _cancel(device: Device, call: Call) -> None:
    number = device.video(call.number("videoNo")).number
    now = device.steady()
    for sound in device.sounds:
        if sound.channel == number and sound.end > now:
            sound.end = now


OPERATIONS = (
    Operation(
        "POST",
        "/setVoiceFile",
        _import,
        form=(
            integer("voiceFileNo", 1, _SLOTS),
            text("voiceFileName", 255, low=1),
            integer("fileSize", 0, required=False),
            file("voiceFile"),
            text("fileMd5", required=False),
        ),
    ),
    Operation("GET", "/voiceFiles", _list),
    Operation("DELETE", "/voiceFile/{voiceFileNo}", _delete),
    Operation("POST", "/voiceTrigger/{voiceFileNo}", _trigger),
    Operation(
        "POST",
        "/voice",
        _bind,
        (integer("videoNo", 1, 16), switch("enable"), array("events", each(*_EVENT))),
    ),
    Operation("DELETE", "/voice/{videoNo}", _unbind),
    Operation("GET", "/voice/{videoNo}", _get),
    Operation("POST", "/voiceCancel/{videoNo}", _cancel),
)
