"""Chapters 8, 9, 20.2, 20.3, 25.2: alerts, captures, what belongs together."""

import base64
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from simulators.request_fields import integer

from .algorithms import TARGET_WORDS
from .device import Device
from .error_codes import Code, Refusal, demand
from .models import (
    ALERT_MODE,
    FACE_MODE,
    MIXED_MODE,
    Alert,
    Capture,
    Match,
    Sighting,
    Target,
)
from .operation import Call, Fields, Operation, page_of
from .request_fields import PAGING, SPAN, text

_CHANNEL = integer("chnNo", 1, 48, required=False)
_CAPTURES = (
    *PAGING,
    _CHANNEL,
    *SPAN,
    integer("alertType", 1, 35, required=False),
    text("alertObjType", required=False, choices=TARGET_WORDS),
)
_STRUCTURED = frozenset({MIXED_MODE})
_FACES = frozenset({FACE_MODE, MIXED_MODE})
# A target, and those that its relation may name (20.3).
_RELATED = {
    Target.FACE: (Target.HUMAN, Target.CYCLE),
    Target.HUMAN: (Target.FACE, Target.CYCLE),
    Target.VEHICLE: (Target.PLATE,),
    Target.PLATE: (Target.VEHICLE,),
}


def _wanted(sighting: Sighting, query: Fields) -> bool:
    return (
        query.get("chnNo", sighting.channel) == sighting.channel
        and query.get("timeStart", 0) * 1000 <= sighting.at
        and ("timeEnd" not in query or sighting.at // 1000 <= query["timeEnd"])
    )


async def _page[S: (Alert, Capture)](
    device: Device,
    call: Call,
    chosen: Sequence[S],
    row: Callable[[S], Any],
    *,
    name: str,
    total: str,
) -> Fields:
    answer = page_of(device, call.query, chosen, name=name, total=total)
    page = answer[name]
    answer[name] = [await row(one) for one in page]
    if device.quirks.fetched_are_deleted:
        for one in page:
            device.forget(one)
    return answer


def relative(path: str) -> str:
    """Return the address of a picture as the answers write it."""
    return f"./{path}" if path else ""


async def _base64(device: Device, path: str) -> str:
    return base64.b64encode(await device.files.read(path) or b"").decode()


def _groups(names: Sequence[str]) -> list[dict[str, str]]:
    return [{"groupName": name} for name in names]


async def _match(device: Device, match: Match) -> Fields:
    row: Fields = {
        "searchScore": match.score,
        "faceToken": match.token,
        "imageId": match.image_id,
        "description": match.description,
        "group": _groups(match.groups),
        "alertGroup": _groups(match.alert_groups),
    }
    if device.quirks.pictures_inline:
        row["faceImage"] = await _base64(device, match.crop)
    else:
        row["faceImageURL"] = f"./group/{match.crop}"
    return row


async def _alert_row(alert: Alert, *, device: Device) -> Fields:
    inline = device.quirks.pictures_inline
    row: Fields = {
        "channelName": alert.channel_name,
        "trackId": alert.track_id,
        "livenessScore": alert.liveness,
        "captureImageURL": (
            await _base64(device, alert.crop_path)
            if inline
            else relative(alert.crop_path)
        ),
        "captureFullImageURL": relative(alert.full_path),
        "timestamp": alert.at,
        "videoNo": alert.channel,
    }
    for place in range(5):
        matches = alert.matches
        row[f"top{place + 1}"] = (
            await _match(device, matches[place]) if place < len(matches) else {}
        )
    assert alert.face_attributes is not None
    return {
        **row,
        "faceAttr": alert.face_attributes.flat(),
        "stranger": int(alert.stranger),
        "frequency": alert.frequency,
    }


async def _list_alerts(device: Device, call: Call) -> Fields:
    query = call.query
    kind = query.get("QueryType", 0)
    chosen = [
        alert
        for alert in device.alerts
        if _wanted(alert, query)
        and (kind == 0 or alert.stranger is (kind == 2))
        and ("faceToken" not in query or _token(alert) == query["faceToken"])
    ]
    if query.get("Dedup"):
        newest = {_token(alert) or alert.track_id: alert for alert in chosen}
        chosen = [alert for alert in chosen if alert in newest.values()]
    return await _page(
        device,
        call,
        chosen,
        partial(_alert_row, device=device),
        name="alertsEvent",
        total="totalAlerts" if device.quirks.full_names else "totalAlarts",
    )


def _token(alert: Alert) -> str:
    return "" if alert.stranger or not alert.matches else alert.matches[0].token


async def _delete_alert(device: Device, call: Call) -> None:
    key = call.number("trackId"), call.number("timestamp")
    found = [alert for alert in device.alerts if (alert.track_id, alert.at) == key]
    demand(found, Code.RESOURCES_NOT_FOUND)
    device.forget(found[0])


def _enabled(device: Device) -> None:
    enabled = device.settings.functions["capturePicEnabled"]
    demand(enabled, Code.CAPTURE_DISABLE)


def _times(capture: Capture) -> Fields:
    return {
        "enterTimestamp": capture.enter,
        "catchTimestamp": capture.at,
        "leaveTimestamp": "" if capture.leave is None else capture.leave,
    }


def attributes(capture: Sighting) -> Fields:
    """Return the attribute object in the codes of chapter 20 (set B)."""
    if capture.face_attributes is not None:
        return {"faceAttr": capture.face_attributes.nested()}
    found = dict(capture.attributes)
    found.pop("bindingCount", None)
    return {capture.target.attributes: found}


async def _face_row(capture: Capture) -> Fields:
    assert capture.face_attributes is not None
    return {
        "channelName": capture.channel_name,
        "trackId": capture.track_id,
        "faceImageURI": relative(capture.crop_path),
        "fullImageURI": relative(capture.full_path),
        **_times(capture),
        "faceAttr": capture.face_attributes.flat(),
    }


async def _structured_row(capture: Capture) -> Fields:
    row: Fields = {
        "videoNo": capture.channel,
        "channelName": capture.channel_name,
        "trackId": capture.track_id,
        "trackIdTimes": capture.times,
        "imageURI": relative(capture.crop_path),
        "fullImageURI": relative(capture.full_path),
        "catchTimestamp": capture.at,
    }
    event = capture.event
    if event is None:
        return row | attributes(capture)
    row |= {
        "rule_id": event.rule_id,
        "area_id": event.area_id,
        "alertType": event.kind,
        "alertSubType": event.sub_kind,
        "areaType": event.area_kind,
        "objType": event.obj_type,
    }
    if event.over_wall:
        row["personPreOverWall"] = True
    return row


def _in_mode(device: Device, capture: Capture) -> bool:
    """Return whether the mode at hand shows a capture (20.2, 25.2.1).

    A channel with several algorithms has events in the mixed mode too.
    """
    if device.mode == ALERT_MODE:
        return capture.event is not None
    if device.mode == FACE_MODE:
        return capture.event is None and capture.target is Target.FACE
    return capture.event is None or device.multi_algorithm


async def _list_captures(
    device: Device, call: Call, *, target: Target | None = None
) -> Fields:
    _enabled(device)
    query = call.query
    chosen = [
        capture
        for capture in device.captures
        if _in_mode(device, capture)
        and _wanted(capture, query)
        and (target is None or (capture.event is None and capture.target is target))
        and _of_event(capture, query)
    ]
    row = _face_row if device.mode == FACE_MODE else _structured_row
    total = "totalCaptures" if device.quirks.full_names else "toltalCaptures"
    return await _page(device, call, chosen, row, name="captures", total=total)


def _of_event(capture: Capture, query: Fields) -> bool:
    event = capture.event
    if event is None:
        return not {"alertType", "alertObjType"} & query.keys()
    return bool(
        query.get("alertType", event.kind) == event.kind
        and query.get("alertObjType", event.obj_type) == event.obj_type
    )


def _found(device: Device, call: Call) -> list[Capture]:
    _enabled(device)
    key = call.number("trackId"), call.number("catchTimestamp")
    found = [one for one in device.captures if (one.track_id, one.at) == key]
    demand(found, Code.RESOURCES_NOT_FOUND)
    return found


async def _get_capture(device: Device, call: Call) -> Fields:
    capture = _found(device, call)[0]
    row = await (_structured_row if capture.face_attributes is None else _face_row)(
        capture
    )
    if not device.quirks.capture_nested:
        return row
    head = {name: row.pop(name) for name in ("channelName", "trackId")}
    return {**head, "captures": [row]}


async def _delete_capture(device: Device, call: Call) -> None:
    for capture in _found(device, call):
        device.forget(capture)
        device.files.remove(capture.crop_path)
        device.files.remove(capture.full_path)


async def _relation(device: Device, call: Call) -> Fields:
    target = Target(call.body["mainObject"])
    number, track = call.body["videoNo"], call.body["trackId"]
    times = call.body.get("trackIdTimes", 1)
    of_channel = [one for one in device.captures if one.channel == number]
    for capture in of_channel:
        if (capture.target, capture.track_id, capture.times) == (target, track, times):
            break
    else:
        raise Refusal(Code.RESOURCES_NOT_FOUND)
    bound = {
        one.target: one
        for one in of_channel
        if (one.target, one.track_id) in capture.bindings
    }
    if target is Target.CYCLE:
        riders = _bound(bound, (Target.HUMAN, Target.FACE))
        return {"bindArray": [riders] if riders else []}
    return _bound(bound, _RELATED[target])


def _bound(bound: dict[Target, Capture], wanted: tuple[Target, ...]) -> Fields:
    return {
        f"bind{target.word.title()}": {
            "imageURI": relative(bound[target].crop_path),
            **attributes(bound[target]),
        }
        for target in wanted
        if target in bound
    }


_ONE_CAPTURE = "/captures/{trackId}/{catchTimestamp}"

OPERATIONS = (
    Operation(
        "GET",
        "/alerts",
        _list_alerts,
        query=(
            *PAGING,
            integer("QueryType", required=False, choices=(0, 1, 2)),
            integer("Dedup", required=False, choices=(0, 1)),
            _CHANNEL,
            *SPAN,
            text("faceToken", required=False),
        ),
        modes=_FACES,
    ),
    Operation("DELETE", "/alerts/{trackId}/{timestamp}", _delete_alert),
    Operation("GET", "/captures", _list_captures, query=_CAPTURES),
    *(
        Operation(
            "GET",
            f"/captures/{target.word}",
            partial(_list_captures, target=target),
            query=(*PAGING, _CHANNEL, *SPAN),
            modes=_STRUCTURED,
        )
        for target in Target
    ),
    Operation("GET", _ONE_CAPTURE, _get_capture),
    Operation("DELETE", _ONE_CAPTURE, _delete_capture),
    Operation(
        "POST",
        "/bindRelation",
        _relation,
        (
            integer("mainObject", 1, 5),
            integer("videoNo", 1, 16),
            integer("trackId", 0),
            integer("trackIdTimes", 1, required=False),
        ),
        modes=_STRUCTURED,
    ),
)
