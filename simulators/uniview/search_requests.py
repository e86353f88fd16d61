"""Chapter 11: the history of alarms, newest first."""

from collections.abc import Callable, Iterable
from typing import Any

from simulators.request_fields import Field, array, digits, group, integer, text

from .alarm_generator import FACE_ALGORITHM
from .device import Device
from .error_codes import Code, Refusal
from .models import AlarmRecord, Match
from .operation import Answer, Fields, Operation, named_like, page_of
from .request_fields import PAGING

ALL = 999
_ALL_MATCHES = (99, ALL)
_MATCHED, _STRANGER = 1, 2
_GENDER_UNKNOWN = (3, 99)

_COMMON: tuple[Field, ...] = (
    *PAGING,
    array("channel_id", integer()),
    integer("start_time", low=0),
    integer("end_time", low=0),
)
_SIMILARITY = group(
    "similarity",
    integer("min", low=0, high=100),
    integer("max", low=0, high=100),
    required=False,
)
_PERSON = (
    text("name", 64, required=False),
    text("certificate_no", 64, required=False),
)
_MATCH_TYPE = integer(
    "match_type", required=False, choices=(_MATCHED, _STRANGER, *_ALL_MATCHES)
)
_ALGORITHMS = array("algo_model", text("", 128), required=False)
# Table 11.4 has texts for glass and mask, table 11.2 integers: both are taken.
_LOOKS = group(
    "faceattr",
    integer("gender", required=False, choices=(1, 2, 3, 99, ALL)),
    integer("age", required=False, choices=(5, 20, 40, 60, 99, ALL)),
    digits("glass", required=False),
    digits("mask", required=False),
    required=False,
)

BEHAVIOR = (
    *_COMMON,
    _ALGORITHMS,
    integer("compare_flag", required=False, choices=(1, 2)),
    array("object_type", integer(choices=(1, 2, 3)), required=False),
    text("plate_no", required=False),
)
FACE_CAPTURE = (
    *_COMMON,
    _LOOKS,
    integer("compare_flag", choices=(1, 2)),
    *_PERSON,
    _SIMILARITY,
    _MATCH_TYPE,
)
BEHAVIOR_MATCH = (*_COMMON, *_PERSON, _ALGORITHMS, _SIMILARITY, _MATCH_TYPE)
FACE_MATCH = (*_COMMON, _MATCH_TYPE, *_PERSON, _SIMILARITY, _LOOKS)

type Test = Callable[[AlarmRecord], bool]


def _found(device: Device, request: Fields, tests: Iterable[Test]) -> list[AlarmRecord]:
    """Return the matching rows, newest first; both ends of the time count."""
    start, end = request["start_time"], request["end_time"]
    if start > end:
        raise Refusal(Code.INVALID_ARGUMENTS)
    channels = set(request["channel_id"])
    tests = tuple(tests)
    rows = [
        row
        for row in device.history
        if row.channel_id in channels
        and start <= row.capture_time <= end
        and all(test(row) for test in tests)
    ]
    rows.sort(key=lambda row: (row.capture_time, row.alarm_id), reverse=True)
    return rows


def _is_face(row: AlarmRecord) -> bool:
    return row.algo_model == FACE_ALGORITHM


def _is_behaviour(row: AlarmRecord) -> bool:
    return row.algo_model != FACE_ALGORITHM


def _compared(row: AlarmRecord) -> bool:
    return row.compared


def _of_algorithms(request: Fields) -> Test:
    wanted = {code.strip() for code in request.get("algo_model", ())}
    return lambda row: not wanted or row.algo_model in wanted


def _of_compare_flag(request: Fields) -> Test:
    return lambda row: request.get("compare_flag", 1) == 1 or row.compared


def _of_matches(request: Fields) -> Test:
    """Name, certificate and similarity are about a match; "" is no filter."""
    span = request.get("similarity", {"min": 0, "max": 100})
    name, certificate = request.get("name"), request.get("certificate_no")
    kind = request.get("match_type", ALL)

    def passes(row: AlarmRecord) -> bool:
        if kind == _MATCHED and not row.matches:
            return False
        if kind == _STRANGER and (row.matches or not row.compared):
            return False
        if not row.matches:
            return not name and not certificate
        return any(
            named_like(match.name, name)
            and named_like(match.certificate_no, certificate)
            and span["min"] <= match.similarity <= span["max"]
            for match in row.matches
        )

    return passes


def _of_attributes(request: Fields) -> Test:
    attributes = request.get("faceattr", {})

    def passes(row: AlarmRecord) -> bool:
        gender = attributes.get("gender", ALL)
        if gender in _GENDER_UNKNOWN:
            gender = 99
        return (
            gender in (ALL, row.gender)
            and attributes.get("age", ALL) in (ALL, row.age)
            and attributes.get("glass", ALL) in (ALL, row.glass)
            and attributes.get("mask", ALL) in (ALL, row.mask)
        )

    return passes


def _common(row: AlarmRecord) -> dict[str, Any]:
    return {
        "alarm_id": row.alarm_id,
        "capture_time": row.capture_time,
        "channel_id": row.channel_id,
        "channel_name": row.channel_name,
        "algo_model": row.algo_model,
        "big_picture_url": row.scene_path,
    }


def _attributes(row: AlarmRecord) -> dict[str, Any]:
    return {
        "gender": row.gender,
        "age": row.age,
        "glass": row.glass,
        "mask": row.mask,
    }


def _match(match: Match) -> dict[str, Any]:
    return {
        "match_type": _MATCHED,
        "base_image_id": match.person_id,
        "name": match.name,
        "similarity": match.similarity,
        "certificate_no": match.certificate_no,
        "base_image_url": match.image_path,
    }


def _matches(row: AlarmRecord) -> list[dict[str, Any]]:
    """Return the comparison results (S8); a stranger has only a match_type."""
    if row.compared and not row.matches:
        return [{"match_type": _STRANGER}]
    return [_match(match) for match in row.matches]


async def behavior(device: Device, request: Fields) -> Answer:
    """11.1."""
    kinds = set(request.get("object_type", ()))
    plate = request.get("plate_no")
    found = _found(
        device,
        request,
        (
            _is_behaviour,
            _of_algorithms(request),
            _of_compare_flag(request),
            lambda row: not kinds or row.object_type in kinds,
            lambda row: named_like(row.plate_no, plate),
        ),
    )
    rows = []
    for row in found:
        element = _common(row)
        if row.video_url is not None:
            element["video_url"] = row.video_url
        element["object_list"] = [{"plate_no": row.plate_no}]
        if row.compared:
            element["compare_list"] = _matches(row)
        rows.append(element)
    return page_of(device, rows, request)


async def face_capture(device: Device, request: Fields) -> Answer:
    """11.2."""
    found = _found(
        device,
        request,
        (
            _is_face,
            _of_compare_flag(request),
            _of_attributes(request),
            _of_matches(request),
        ),
    )
    rows = []
    for row in found:
        element = _common(row) | {"small_picture_url": row.face_path} | _attributes(row)
        if row.compared:
            element["compare_list"] = _matches(row)
        rows.append(element)
    return page_of(device, rows, request)


async def behavior_match(device: Device, request: Fields) -> Answer:
    """11.3."""
    found = _found(
        device,
        request,
        (_is_behaviour, _compared, _of_algorithms(request), _of_matches(request)),
    )
    blank = " " if device.quirks.leading_blank else ""
    rows = [
        _common(row)
        | {"algo_model": f"{blank}{row.algo_model}", **_attributes(row)}
        | {"object_list": _matches(row)}
        for row in found
    ]
    return page_of(device, rows, request)


async def face_match(device: Device, request: Fields) -> Answer:
    """11.4."""
    found = _found(
        device,
        request,
        (_is_face, _compared, _of_attributes(request), _of_matches(request)),
    )
    rows = [
        _common(row)
        | _attributes(row)
        | {
            "object_list": [
                {"small_picture_url": row.face_path, **match} for match in _matches(row)
            ]
        }
        for row in found
    ]
    return page_of(device, rows, request)


OPERATIONS = (
    Operation("/api/v2/search/behavior", behavior, BEHAVIOR),
    Operation("/api/v2/search/facecap", face_capture, FACE_CAPTURE),
    Operation("/api/v2/search/behaviormatch", behavior_match, BEHAVIOR_MATCH),
    Operation("/api/v2/search/facematch", face_match, FACE_MATCH),
)
