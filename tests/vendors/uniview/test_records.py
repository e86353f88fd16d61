"""Rows of the searches, and whatever else may come."""

from contextlib import suppress
import json
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.vision_hub.vendors.contract import MalformedMessage
from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.model import Match, Source, Target
from custom_components.vision_hub.vendors.uniview.alarms import read_pushes, read_record
from custom_components.vision_hub.vendors.uniview.wire import Record

from .conftest import SERIAL
from .test_alarms import (
    BASE,
    JPEG_BASE64,
    NOW,
    SCENE,
    behaviour,
    compared,
    face,
    message,
)


def test_record_of_a_behaviour() -> None:
    row = Record.from_dict(
        {
            "alarm_id": 6318,
            "capture_time": 1716533613,
            "channel_id": 1,
            "channel_name": "Camera1",
            "algo_model": " AbnormalParkingDetection",
            "big_picture_url": SCENE,
            "video_url": "/video/1",
            "object_list": [{"plate_no": "浙A12345"}, {"plate_no": ""}],
            "compare_list": [
                {
                    "match_type": 1,
                    "base_image_id": 2005,
                    "name": "5",
                    "similarity": 95,
                    "base_image_url": BASE,
                },
                {"match_type": 2, "name": "", "similarity": 3},
            ],
        }
    )
    alarm = read_record("behavior", row, about_face=False)
    assert alarm
    assert alarm.id == "behavior:6318"
    assert alarm.source is Source.HISTORY
    assert (alarm.kind, alarm.code) == (
        AlarmKind.ILLEGAL_PARKING,
        "AbnormalParkingDetection",
    )
    assert alarm.matches == (Match(person_id="2005", name="5", similarity=95.0),)
    assert alarm.targets == (Target(type="vehicle", plate="浙A12345"),)
    assert [picture.reference for picture in alarm.pictures] == [SCENE, BASE]
    assert alarm.clip == "/video/1"


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, AlarmKind.FACE_CAPTURED),
        ({"object_list": [{"match_type": 2}]}, AlarmKind.FACE_STRANGER),
        ({"object_list": [{"match_type": "1"}]}, AlarmKind.FACE_RECOGNIZED),
        ({"compare_list": [{"name": "Ann"}]}, AlarmKind.FACE_RECOGNIZED),
    ],
)
def test_record_of_a_face(changes: dict[str, Any], kind: AlarmKind) -> None:
    row = Record.from_dict({"capture_time": "1716533613", "channel_id": 1} | changes)
    alarm = read_record("facematch", row, about_face=True)
    assert alarm
    assert alarm.kind is kind
    assert alarm.code == "ObjectIsRecognized"
    assert alarm.id == "facematch:1/ObjectIsRecognized/1716533613"


def test_a_record_without_time() -> None:
    row = Record.from_dict({"alarm_id": 1, "capture_time": 0})
    assert read_record("behavior", row, about_face=False) is None


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
    ),
    max_leaves=10,
)
KEYS = sorted(
    {
        *message(),
        *message()["device_info"],
        *message()["channel_info"],
        *behaviour(),
        *face(),
        *compared(),
        *("face", "compare_results", "in_num", "video_uuid", "object_type"),
    }
)
NESTED = st.recursive(
    JSON | st.sampled_from(["1,2", "", JPEG_BASE64, SERIAL]) | st.integers(0, 8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6)
    ),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(data=JSON | NESTED | st.dictionaries(st.sampled_from(KEYS), NESTED))
def test_any_json(data: Any) -> None:
    with suppress(MalformedMessage):
        read_pushes(json.dumps(data).encode(), SERIAL, NOW)


@settings(max_examples=100, deadline=None)
@given(content=st.binary())
def test_any_bytes(content: bytes) -> None:
    with suppress(MalformedMessage):
        read_pushes(content, SERIAL, NOW)


@settings(max_examples=100, deadline=None)
@given(data=st.dictionaries(st.sampled_from(sorted(Record.__slots__)), NESTED))
def test_any_record(data: dict[str, Any]) -> None:
    read_record("behavior", Record.from_dict(data), about_face=False)
