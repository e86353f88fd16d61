"""What the rows of requests are made of."""

from dataclasses import dataclass, field
from typing import Any

RECORDER = "21024129XNVR00000001"
DOME = "21024129XSDC00000002"
COUNTER = "21024129XSDC00000003"
GB = "34020000001320000001"
# Stand for ids that the test looks up: groups, resources, the lock of the dome.
PLANT, SPARE, LOCK = "{plant}", "{spare}", "{lock}"
STORAGE, MOTION = "{storage}", "{motion}"
# Stand for Beijing time: two hours ago, now.
SINCE, NOW = "{since}", "{now}"
TIMES = {"start_time": SINCE, "end_time": NOW}
IDS = {"device_id", "channel_id"}
REF = {"device_id": RECORDER, "channel_id": "0"}
LIVE = {**REF, "stream_type": "PRIMARY_STREAM", "live_protocol": "HTTPS_HLS"}
GB_ROW = {
    "device_id": "34020000001320000009",
    "device_name": "Old camera",
    "device_password": "Secret-12",
    "algorithm": "SHA256",
}
TRACK = {
    "cruise_type": "CRUISE_TRACK",
    "cruise_name": "Night",
    "cruise_points": [{"preset_index": 1, "dwel_time": 30, "speed_level": 2}],
}
SECTION = {"day_of_week": 1, "start_time": "00:02:00", "end_time": "00:05:00"}
MAP = {"device_id": COUNTER, "channel_id": "0", "start_time": SINCE, "type": "DAY"}
PEOPLE = {
    "device_id": COUNTER,
    "channel_id": "0",
    "start_date": "20260320",
    "type": "DAY",
}
STREAM = {"stream_type": 0, "encode_type": "H.264", "resolution": "1920*1080"}
RECORD_ROW = {
    "record_id",
    "record_name",
    "record_type",
    "storage_state",
    "record_size",
    "start_time",
    "end_time",
    "alarm_rec_type",
}


@dataclass(frozen=True)
class Row:
    """A request; `changes` of query and body by the code that refuses them."""

    name: str
    keys: set[str]
    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] | None = None
    bad: tuple[tuple[str, dict[str, Any]], ...] = ()


def on(device_id: str, channel_id: str = "0") -> dict[str, str]:
    return {"device_id": device_id, "channel_id": channel_id}


def page_refusals() -> tuple[tuple[str, dict[str, Any]], ...]:
    return (
        ("10020009", {"limit": "1001"}),
        ("10020009", {"limit": "x"}),
        ("10020010", {"offset": "-1"}),
        ("10020011", {"direction": "UP"}),
        ("10020012", {"sort_by": "name"}),
    )
