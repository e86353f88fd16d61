"""Chapter 8: capture records."""

from typing import Any

from simulators.validators import integer

from .device import Device
from .models import Answer, Record
from .operation import Fields, Listing, Operation
from .request_fields import ID, TEXT, only, query, share


def _record(device: Device, record: Record) -> dict[str, Any]:
    """Return a record as 8.1 shows it."""
    row = {
        "record_id": record.record_id,
        "task_id": record.task_id,
        "task_name": record.task_name,
        "camera_id": record.camera_id,
        "camera_name": record.camera_name,
        "lib_id": record.lib_id,
        "lib_name": record.lib_name,
        "person_id": record.person_id,
        "person_name": record.person_name,
        "sex": record.sex,
        "category": int(record.category),
        "card_no": record.card_no,
        "classify": int(record.classify),
        "similarity": record.similarity,
        "pic_url": device.address(record.picture),
        "capture_url": device.address(record.capture),
        "capture_time": device.stamp(record.capture_time),
        "create_time": device.stamp(record.create_time),
    }
    if device.quirks.missing_record_id:
        del row["record_id"]
    return row


# 8.1: `similarity` is taken for a lower bound.
_RECORDS: Listing[Record] = Listing(
    lambda device: device.records,
    _record,
    exact=("task_id", "camera_id", "lib_id", "card_no", "classify"),
    fuzzy=("person_name",),
    least=("similarity",),
    order=lambda quirks: quirks.order,
)


async def delete(device: Device, request: Fields) -> Answer:
    """8.2."""
    del device.records[device.record(request["record_id"]).record_id]
    return {}


OPERATIONS = (
    Operation(
        "/QueryTaskCaptureRecord",
        _RECORDS.query,
        query(
            task_id=ID,
            camera_id=ID,
            lib_id=ID,
            person_name=TEXT,
            card_no=TEXT,
            classify=integer(0, 1),
            similarity=share,
        ),
    ),
    Operation("/DeleteTaskCaptureRecord", delete, only(record_id=ID)),
)
