"""Chapter 3: captures and alarms, and every export."""

from collections.abc import Callable, Iterable
import csv
from functools import partial
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZIP_STORED, ZipFile

from simulators.request_fields import Field, integer, text

from .capture_views import alarm_record, body_record, face_record
from .device import Device
from .error_codes import Code, Refusal, demand
from .library_requests import ids_of, in_order
from .models import PERSON, Capture, Face, Label
from .operation import Answer, Fields, Operation, page_of, window
from .request_fields import PAGING, SPAN

type Record = Callable[[Device, Capture], dict[str, Any]]
type Wanted = Callable[[Capture], bool]


def _is_face(capture: Capture) -> bool:
    return capture.label is Label.FACE


def _is_alarm(capture: Capture) -> bool:
    return capture.label is Label.FACE and capture.alarm


def _is_body(capture: Capture) -> bool:
    return capture.label is Label.BODY


def _chosen(device: Device, request: Fields, wanted: Wanted) -> list[Capture]:
    start = device.moment(request["start_time"]) if request.get("start_time") else None
    stop = device.moment(request["stop_time"]) if request.get("stop_time") else None
    lib_ids = None
    if request.get("lib_ids"):
        known = device.known_libraries(request["lib_ids"])
        lib_ids = {library.lib_id for library in known}

    def passes(capture: Capture) -> bool:
        match = capture.match
        return (
            wanted(capture)
            and request.get("channel", capture.channel) == capture.channel
            and (start is None or capture.at >= start)
            and (stop is None or capture.at <= stop)
            and (lib_ids is None or (match is not None and match.lib_id in lib_ids))
            and (
                not request.get("lib_name")
                or (match is not None and match.lib_name == request["lib_name"])
            )
            and (
                "lib_type" not in request
                or (match is not None and match.lib_type == request["lib_type"])
            )
        )

    rows = sorted(filter(passes, device.captures), key=lambda capture: capture.at)
    return in_order(device, rows)


async def query(
    device: Device, request: Fields, *, wanted: Wanted, record: Record
) -> Answer:
    """3.13, 3.16, 3.22."""
    rows = _chosen(device, request, wanted)
    page = page_of(device, rows, request)
    page["record"] = [record(device, capture) for capture in page["record"]]
    return page


async def forget_all(device: Device, _: Fields) -> Answer:
    """3.21."""
    device.forget_captures()
    return ""


async def _export(
    device: Device, kind: str, rows: Iterable[tuple[str, list[str]]]
) -> tuple[str, int]:
    """Write a zip with a table and the pictures; return its path and their number."""
    table, archive = StringIO(), BytesIO()
    writer = csv.writer(table)
    count = 0
    with ZipFile(archive, "w", ZIP_STORED) as target:
        for path, values in rows:
            count += 1
            name = path.rpartition("/")[2]
            writer.writerow([name, *values])
            if (content := await device.files.read(path)) is not None:
                target.writestr(name, content)
        demand(count, Code.NOTHING_TO_EXPORT)
        target.writestr(f"{kind}.csv", table.getvalue())
    stamp = device.local(device.now(), "%Y-%m-%d-%H-%M-%S")
    path = device.files.put(f"tmp/{kind}_{stamp}.zip", archive.getvalue())
    return path, count


def _face_row(face: Face) -> tuple[str, list[str]]:
    values = [face.person[name] for name in PERSON]
    # Commas make the export fail (3.11, 3.12).
    if any("," in value for value in values):
        raise Refusal(Code.UNKNOWN)
    return face.path, [face.img_id, *values]


def _capture_row(device: Device, capture: Capture) -> tuple[str, list[str]]:
    name = capture.match.person["person_name"] if capture.match else ""
    values = [
        capture.snap_id,
        device.stamp(capture.at),
        capture.camera_name,
        str(capture.similarity),
        name,
    ]
    return capture.snap_path, values


async def export_faces(device: Device, request: Fields) -> Answer:
    """3.11."""
    faces = in_order(device, list(device.library(request["lib_id"]).faces.values()))
    page = window(device, faces, request, device.limits.export)
    path, count = await _export(device, "face", [_face_row(face) for face in page])
    return {"export_url": path, "result_num": count, "total_num": len(faces)}


async def export_chosen_faces(device: Device, request: Fields) -> Answer:
    """3.12."""
    library = device.library(request["lib_id"])
    img_ids = ids_of(request["img_ids"])
    faces = [library.faces[i] for i in img_ids if i in library.faces]
    path, count = await _export(device, "face", [_face_row(face) for face in faces])
    return {
        "export_url": path,
        "failed_img_ids": ",".join(i for i in img_ids if i not in library.faces),
        "result_num": count,
        "total_num": len(img_ids),
    }


async def export_page(
    device: Device, request: Fields, *, wanted: Wanted, kind: str
) -> Answer:
    """3.14, 3.17, 3.23."""
    rows = _chosen(device, request, wanted)
    page = window(device, rows, request, device.limits.export)
    path, count = await _export(
        device, kind, [_capture_row(device, capture) for capture in page]
    )
    return {"export_url": path, "result_num": count, "total_num": len(rows)}


async def export_chosen(
    device: Device, request: Fields, *, wanted: Wanted, kind: str
) -> Answer:
    """3.15, 3.18, 3.24."""
    snap_ids = ids_of(request["snap_ids"])
    known = {row.snap_id: row for row in device.captures if wanted(row)}
    rows = [_capture_row(device, known[i]) for i in snap_ids if i in known]
    path, count = await _export(device, kind, rows)
    return {
        "export_url": path,
        "failed_img_ids": ",".join(i for i in snap_ids if i not in known),
        "result_num": count,
        "total_num": len(snap_ids),
    }


_CHANNEL = integer("channel", required=False, low=1)
_BODY: tuple[Field, ...] = (*PAGING, *SPAN, _CHANNEL)
_CAPTURE: tuple[Field, ...] = (
    *_BODY,
    text("lib_name", required=False),
    integer("lib_type", required=False, low=1, high=2),
)
_SNAP_IDS = (text("snap_ids", low=1),)
_LIB_ID = integer("lib_id")

OPERATIONS = (
    Operation(1037, partial(query, wanted=_is_face, record=face_record), _CAPTURE),
    Operation(
        1036,
        partial(query, wanted=_is_alarm, record=alarm_record),
        (*_CAPTURE, text("lib_ids", required=False)),
    ),
    Operation(1046, partial(query, wanted=_is_body, record=body_record), _BODY),
    Operation(1045, forget_all),
    Operation(1038, export_faces, (_LIB_ID, *PAGING)),
    Operation(1041, export_chosen_faces, (_LIB_ID, text("img_ids", low=1))),
    Operation(1040, partial(export_page, wanted=_is_face, kind="catch"), _CAPTURE),
    Operation(1043, partial(export_chosen, wanted=_is_face, kind="catch"), _SNAP_IDS),
    Operation(
        1039,
        partial(export_page, wanted=_is_alarm, kind="alarm"),
        (*_CAPTURE, text("lib_ids", low=1)),
    ),
    Operation(1042, partial(export_chosen, wanted=_is_alarm, kind="alarm"), _SNAP_IDS),
    Operation(1048, partial(export_page, wanted=_is_body, kind="body"), _BODY),
    Operation(1047, partial(export_chosen, wanted=_is_body, kind="body"), _SNAP_IDS),
)
