"""5.1.8: batch enrolment, which goes on after its answer; failed enrolments."""

import asyncio
from functools import partial
import json

from simulators.form_data import Upload
from simulators.request_fields import array, integer

from .device import Device
from .error_codes import Code, Refusal, demand, given, valid
from .face_requests import enrol, names_of
from .models import Batch
from .operation import Call, Fields, Operation, page_of
from .request_fields import PAGING, parse, text
from .uploaded_pictures import FacePicture, image_id, inspect

_AT_ONCE, _LONGEST = 50, 2048
_DATA = (
    text("imageMd5", required=False),
    text("imageName", required=False),
    integer("batchNum", 1),
    integer("batchSeq", 1, required=False),
    integer("size", 0, 4 * 1024 * 1024),
    text("description", 255, required=False),
    array("faceGroupList", None, required=False),
)
ENROLLING = 4


def fail(device: Device, content: bytes, name: str, reason: str) -> None:
    """Note a picture that was not enrolled."""
    device.failures.append(
        {
            "imageId": image_id(content),
            "imageName": name,
            "failReason": reason,
            "timeStamp": int(device.now()),
        }
    )


async def _batch(device: Device, call: Call) -> Fields:
    total, count = call.body["total"], call.body["count"]
    valid(1 <= count <= _AT_ONCE, "count")
    keys = [name for name, _ in call.parts]
    valid(keys == ["total", "count", *["data", "image"] * count], "data", "image")
    rows = [
        (_data(data), image)
        for (_, data), (_, image) in zip(
            call.parts[2::2], call.parts[3::2], strict=True
        )
    ]
    _join(device, total, rows[0][0]["batchNum"])
    information = []
    for data, image in rows:
        valid(isinstance(image, Upload), "image")
        assert isinstance(image, Upload)
        if "imageMd5" not in data:
            given("imageName" in data, "imageMd5", "imageName")
            known = image_id(image.content)
            information.append({"imageName": data["imageName"], "imageMd5": known})
        device.batch.received += 1
        seen = await _seen(image.content)
        device.waiting.append(partial(_enrol, device, data, image, seen))
    device.on_batch()
    answer: Fields = device.batch.counts()
    if information:
        answer["faceInfo"] = information
    return answer


def _data(value: object) -> Fields:
    valid(isinstance(value, str) and len(value.encode()) <= _LONGEST, "data")
    assert isinstance(value, str)
    try:
        document = json.loads(value)
    except ValueError as error:
        raise Refusal(Code.ILLEGAL_JSON_BODY) from error
    return parse(_DATA, document)


def _join(device: Device, total: int, number: int) -> None:
    """Begin a batch, or go on with it within 30 s."""
    now, batch = device.steady(), device.batch
    late = now - batch.last > device.timing.batch * device.time_scale
    over = batch.stopped or not batch.total or late
    demand(number == 1 or not over, Code.REQUEST_TIMEOUT)
    if over or batch.received >= batch.total:
        device.batch = Batch(total)
    device.batch.last = now


async def _seen(content: bytes) -> FacePicture | Refusal:
    try:
        return await asyncio.to_thread(inspect, content)
    except Refusal as refusal:
        return refusal


def _enrol(
    device: Device, data: Fields, image: Upload, seen: FacePicture | Refusal
) -> None:
    name: str = data.get("imageName") or image.filename
    try:
        if isinstance(seen, Refusal):
            raise seen
        if "imageMd5" in data:
            same = data["imageMd5"] == image_id(image.content)
            demand(same, Code.IMAGE_MD5_CHECK_FAIL)
        groups = names_of(data.get("faceGroupList", []))
        demand(set(groups) <= set(device.groups), Code.GROUP_NAME_NOT_EXIST)
        person = enrol(device, image.content, seen, data.get("description") or name)
        person.groups.extend(groups)
    except Refusal as refusal:
        device.batch.failed += 1
        reason = ",".join(refusal.details) or refusal.code.name
        fail(device, image.content, name, reason)
    else:
        device.batch.succeeded += 1


async def work(device: Device) -> None:
    """Enrol what waits, one picture after the other."""
    if device.busy[0]:
        return
    done = 0
    while device.waiting:
        total = done + len(device.waiting)
        device.busy = ENROLLING, done * 100 // total
        await asyncio.sleep(device.timing.enrol * device.time_scale)
        if device.waiting:
            device.waiting.pop(0)()
            done += 1
    device.busy = 0, 0


async def _stop(device: Device, _: Call) -> None:
    device.batch.stopped = True


async def _status(device: Device, _: Call) -> Fields:
    return device.batch.counts()


async def _failures(device: Device, call: Call) -> Fields:
    return page_of(
        device, call.query, device.failures, name="fails", total="totalFails"
    )


async def _clear(device: Device, _: Call) -> None:
    device.failures.clear()


OPERATIONS = (
    Operation(
        "POST",
        "/faces/batch",
        _batch,
        form=(integer("total", 1), integer("count")),
        other="/face/batch",
    ),
    Operation("POST", "/faces/faceBatchStop", _stop),
    Operation("GET", "/faces/faceBatchStatus", _status),
    Operation("GET", "/faces/failList", _failures, query=PAGING),
    Operation("DELETE", "/faces/failList", _clear),
)
