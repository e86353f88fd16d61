"""Both push formats, with all their oddities, and records."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
import json
from typing import Any

from hypothesis import given, settings, strategies as st
from PIL import Image
import pytest

from custom_components.vision_hub.vendors.contract import MalformedMessage
from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.model import (
    Alarm,
    Box,
    LibraryKind,
    PictureRole,
    Source,
)
from custom_components.vision_hub.vendors.sensetime.alarms import (
    Message,
    Site,
    parse_pushes,
    read_record,
)
from custom_components.vision_hub.vendors.sensetime.node_clock import (
    NodeClock,
    read_clock,
)
from custom_components.vision_hub.vendors.sensetime.wire import (
    ObjectLabel,
    Result,
    SystemTime,
)

from .conftest import JPEG

NOW = datetime(2019, 1, 24, 6, 0, tzinfo=UTC)
SITE = Site(clock=NodeClock(timezone(timedelta(hours=8))), comparing={"1"})
ENCODED = "data:image/jpeg;base64," + base64.b64encode(JPEG).decode()

# 9.2, shortened.
RESULT: dict[str, Any] = {
    "camera_name": "test",
    "device_id": "123",
    "channel": 1,
    "img": -1,
    "img_id": "3c370627-d082-4c53-b156-e9380163d22f",
    "img_path": "img/12_3c370627.jpg",
    "lib_id": 12,
    "lib_name": "Marry",
    "lib_type": 1,
    "person_name": "1201020000000589932",
    "ranking": 1,
    "similarity": 96,
    "quality": 1,
    "pos_top": 1000,
    "pos_bottom": 100,
    "pos_left": 100,
    "pos_right": 1000,
    "snap_buf": "",
    "snap_id": "5672fb61-74ab-4037-8a37-a3c0abf417a3",
    "snap_path": "record/5672fb61.jpg",
    "threshold": 60,
    "trigger": "2019-01-24 14:09:21",
    "snap_frame": "",
    "obj_label": 1,
    "face_attr": {"gender_code": "female"},
}


def message(number: Any = "777", **changes: Any) -> bytes:
    data = {key: value for key, value in (RESULT | changes).items() if value != "gone"}
    return json.dumps({"code": 0, "data": data, "msg": "", "msg_id": number}).encode()


def parse_message(content: bytes, site: Site = SITE, files: Any = None) -> Message:
    (message,) = parse_pushes(content, site, NOW, files)
    return message


def parsed(content: bytes, files: Any = None) -> Alarm:
    alarm = parse_message(content, files=files).alarm
    assert alarm
    return alarm


@pytest.mark.parametrize("number", ["777", 777, "774", 774, None, {"wrong": 1}])
def test_a_face_of_the_black_list(number: Any) -> None:
    alarm = parsed(message(number))
    assert alarm.id == RESULT["snap_id"]
    assert alarm.source is Source.PUSH
    assert (alarm.channel, alarm.channel_name) == ("1", "test")
    assert alarm.kind is AlarmKind.FACE_BLACKLISTED
    assert alarm.code == "obj_label_1"
    assert alarm.time == datetime(2019, 1, 24, 6, 9, 21, tzinfo=UTC)
    (match,) = alarm.matches
    assert (match.person_id, match.library_id, match.similarity) == (
        RESULT["img_id"],
        "12",
        96,
    )
    assert [(item.role, item.data, item.reference) for item in alarm.pictures] == [
        (PictureRole.TARGET, None, "record/5672fb61.jpg"),
        (PictureRole.LIBRARY, None, "img/12_3c370627.jpg"),
    ]


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"lib_type": 2}, AlarmKind.FACE_RECOGNIZED),
        ({"lib_type": "1"}, AlarmKind.FACE_BLACKLISTED),
        ({"lib_type": "gone"}, AlarmKind.FACE_RECOGNIZED),
        ({"similarity": 60}, AlarmKind.FACE_BLACKLISTED),
        ({"similarity": "59"}, AlarmKind.FACE_STRANGER),
        ({"similarity": -1, "channel": 2}, AlarmKind.FACE_CAPTURED),
        ({"similarity": -1}, AlarmKind.FACE_STRANGER),
        ({"similarity": "gone"}, AlarmKind.FACE_BLACKLISTED),
        (
            {"similarity": "gone", "lib_id": "gone", "lib_name": "", "channel": 2},
            AlarmKind.FACE_CAPTURED,
        ),
        ({"obj_label": 2}, AlarmKind.PERSON_DETECTED),
        ({"obj_label": "2"}, AlarmKind.PERSON_DETECTED),
        ({"obj_label": "gone"}, AlarmKind.FACE_BLACKLISTED),
        (
            {"obj_label": "gone", "face_attr": "gone", "body_attr": {"st_hat": "x"}},
            AlarmKind.PERSON_DETECTED,
        ),
        ({"obj_label": 3}, AlarmKind.OTHER),
        ({"obj_label": "face", "lib_type": 2}, AlarmKind.FACE_RECOGNIZED),
        ({"obj_label": "body"}, AlarmKind.PERSON_DETECTED),
        ({"obj_label": "st_smoking"}, AlarmKind.SMOKING),
        ({"obj_label": "未戴安全帽"}, AlarmKind.NO_HELMET),
    ],
)
def test_kinds(changes: dict[str, Any], kind: AlarmKind) -> None:
    assert parsed(message(**changes)).kind is kind


@pytest.mark.parametrize(
    ("own", "told", "kind"),
    [
        (LibraryKind.ALLOWED, 1, AlarmKind.FACE_RECOGNIZED),
        (LibraryKind.BLOCKED, 2, AlarmKind.FACE_BLACKLISTED),
        (LibraryKind.BLOCKED, None, AlarmKind.FACE_BLACKLISTED),
    ],
)
def test_the_library_decides_what_a_match_is(
    own: LibraryKind, told: int | None, kind: AlarmKind
) -> None:
    site = replace(SITE, libraries={12: own})
    alarm = parse_message(message(lib_type=told), site).alarm
    assert alarm
    assert alarm.kind is kind
    alarm = parse_message(message(lib_type=1, lib_id=13), site).alarm
    assert alarm
    assert alarm.kind is AlarmKind.FACE_BLACKLISTED


def test_a_label_in_words_is_kept_as_it_came() -> None:
    alarm = parsed(message(obj_label="st_fire_smoke_v2"))
    assert (alarm.kind, alarm.code) == (AlarmKind.FIRE, "st_fire_smoke_v2")
    assert alarm.matches == ()


def test_a_stranger_is_nobody() -> None:
    alarm = parsed(message(similarity=38, img=ENCODED))
    assert alarm.matches == ()
    assert [picture.role for picture in alarm.pictures] == [PictureRole.TARGET]


def test_minus_one_is_no_similarity() -> None:
    for match in parsed(message(similarity=-1, threshold=0)).matches:
        assert match.similarity is None or match.similarity >= 0


@pytest.mark.parametrize("prefix", ["data:image/jpeg;base64,", "data:;base64,", ""])
def test_pictures_in_the_frame(prefix: str) -> None:
    text = prefix + base64.b64encode(JPEG).decode()
    alarm = parsed(message(snap_buf=text, snap_frame=text, img=text))
    assert [(item.role, item.data) for item in alarm.pictures] == [
        (PictureRole.SCENE, JPEG),
        (PictureRole.TARGET, JPEG),
        (PictureRole.LIBRARY, JPEG),
    ]


@pytest.mark.parametrize("img", [-1, "", None, "gone", "!!", [], 7.5, "data:,x"])
def test_no_library_picture(img: Any) -> None:
    alarm = parsed(message(img=img, img_path=""))
    assert [picture.role for picture in alarm.pictures] == [PictureRole.TARGET]


def test_the_crop_by_its_other_name() -> None:
    alarm = parsed(message(snap_buf="gone", snap=ENCODED))
    assert alarm.pictures[0].data == JPEG


def test_http_has_files_and_names_that_are_no_paths() -> None:
    files = dict.fromkeys(PictureRole, JPEG)
    alarm = parsed(message(774, img_path="img_pic", snap_path="snap_pic"), files)
    assert [(item.role, item.data, item.reference) for item in alarm.pictures] == [
        (PictureRole.SCENE, JPEG, None),
        (PictureRole.TARGET, JPEG, None),
        (PictureRole.LIBRARY, JPEG, None),
    ]


def test_both_formats_tell_the_same() -> None:
    files = {PictureRole.SCENE: JPEG, PictureRole.TARGET: JPEG}
    assert parsed(message("777", snap_buf=ENCODED, snap_frame=ENCODED)) == parsed(
        message(774), files
    )


def scene(width: int, height: int) -> bytes:
    content = BytesIO()
    Image.new("RGB", (width, height)).save(content, "JPEG")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "changes", "box"),
    [
        (scene(2000, 1250), {}, Box(0.05, 0.08, 0.5, 0.8)),
        (
            scene(2000, 1250),
            {"pos_top": 100, "pos_bottom": 1000},
            Box(0.05, 0.08, 0.5, 0.8),
        ),
        # Pixels of another picture, or no box at all.
        (scene(640, 360), {}, None),
        (scene(2000, 1250), {"pos_left": -1}, None),
        (scene(2000, 1250), {"pos_right": "gone"}, None),
        (scene(2000, 1250), {"pos_right": 100}, None),
        (JPEG, {}, None),
        (None, {}, None),
    ],
)
def test_where_in_the_scene(
    content: bytes | None, changes: dict[str, Any], box: Box | None
) -> None:
    files = {PictureRole.SCENE: content} if content else {}
    (target,) = parsed(message(774, **changes), files).targets
    assert (target.type, target.box) == ("face", box)


def test_what_a_face_looks_like() -> None:
    """The sample of 7.4."""
    looks = {
        "cap_style": "hat_style_type_none",
        "gender_code": "male",
        "glass_style": "sunglasses",
        "mustache_style": "mustache_style_type_none",
        "respirator_color": "color_type_other",
        "st_age": "st_adult",
        "st_age_value": "24.000000",
        "st_expression": "st_calm",
    }
    (target,) = parsed(message(face_attr=looks, quality=67)).targets
    assert target.attributes == {
        "quality": 67,
        "hat": False,
        "gender": "male",
        "glasses": "sunglasses",
        "beard": False,
        "mask": True,
        "age_group": "adult",
        "age": 24,
        "expression": "calm",
    }


def test_what_a_body_looks_like() -> None:
    """What the node does not say is not denied."""
    looks = {"coat_color": "red", "st_hat": "st_hat", "bag_style": "backpack"}
    result = message(obj_label=2, body_attr=looks, face_attr="gone", quality="gone")
    (target,) = parsed(result).targets
    assert target.attributes == {
        "coat_color": "red",
        "hat": True,
        "bag_style": "backpack",
    }


def test_trailing_commas_as_in_the_sample() -> None:
    content = b'{"data": {"snap_id": "x", "channel": 19,\n}, "msg_id": 774\n}'
    alarm = parsed(content)
    assert (alarm.id, alarm.channel, alarm.time) == ("x", "19", NOW)


def test_ids() -> None:
    assert parsed(message(obj_label=2)).id == f"{RESULT['snap_id']}:body"
    assert parsed(message(ranking=2)).id == f"{RESULT['snap_id']}:2"
    nameless = parsed(message(snap_id=""))
    assert nameless.id == parsed(message(snap_id="", quality=2)).id
    assert nameless.id != parsed(message(snap_id="", pos_left=7)).id
    assert parsed(message(snap_id="", trigger="")).id
    assert len(parsed(message(snap_id="x" * 5000)).id) < 100


@pytest.mark.parametrize(
    ("key", "text", "name", "value"),
    [
        ("st_smoking", "st_smoking_without", "smoking", False),
        ("st_smoking", "st_smoking", "smoking", True),
        ("st_smoking", "false", "smoking", False),
        (
            "st_reflective_clothes",
            "st_reflective_clothes_without",
            *("reflective_clothes", False),
        ),
        ("st_respirator", "st_respirator_v2", "mask", True),
        ("st_respirator", "st_respirator_full", "mask", True),
        ("st_respirator", "st_respirator_half", "mask", True),
        ("st_respirator", "st_respirator_v2_full", "mask", True),
        ("st_respirator_v2", "st_respirator_full", "mask", True),
        ("st_respirator_v2", "st_respirator_v2_without", "mask", False),
        ("ST_Respirator", "ST_Respirator_None", "mask", False),
        ("st_helmet_v3", "st_helmet_none", "helmet", False),
        ("cap_style", "hat_style_type_none", "hat", False),
        ("cap_style", "cap", "hat", "cap"),
        ("cap_style_v2", "bucket_hat", "hat", "bucket_hat"),
        ("coat_length", "sleeve_half", "coat_length", "sleeve_half"),
    ],
)
def test_endings_of_newer_versions(
    key: str, text: str, name: str, value: bool | str
) -> None:
    alarm = parsed(message(obj_label=2, body_attr={key: text}, face_attr="gone"))
    assert alarm.targets[0].attributes[name] == value


def test_other_messages_are_no_alarms() -> None:
    assert parse_message(b'{"code":0,"msg":""}').alarm is None
    beat = parse_message(b'{"data":{"device_id":"x"},"msg_id":775}')
    assert (beat.number, beat.alarm) == (775, None)


@pytest.mark.parametrize("content", [b"{", b"\xff", b"x"])
def test_malformed(content: bytes) -> None:
    with pytest.raises(MalformedMessage):
        parse_pushes(content, SITE, NOW)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"null", b'{"msg_id":777}'])
def test_what_says_nothing(content: bytes) -> None:
    assert all(each.unknown for each in parse_pushes(content, SITE, NOW))


def test_several_messages_at_once() -> None:
    content = b"[" + message() + b", 7, " + message(snap_id="other") + b"]"
    assert len([each.alarm for each in parse_pushes(content, SITE, NOW)]) == 2


def test_a_result_without_its_envelope() -> None:
    content = json.dumps({**RESULT, "snap_id": "x"}).encode()
    assert parsed(content).id == parsed(message(snap_id="x")).id


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([*RESULT, "body_attr", "snap"]), JUNK))
def test_odd_fields_never_lose_an_alarm(changes: dict[str, Any]) -> None:
    alarm = parsed(message(**changes))
    assert alarm.id
    assert alarm.time.tzinfo


@settings(deadline=None)
@given(st.binary() | JUNK.map(lambda junk: json.dumps(junk).encode()))
def test_arbitrary_frames(content: bytes) -> None:
    try:
        parse_pushes(content, SITE, NOW)
    except MalformedMessage:
        return


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019-01-24 14:09:21", "2019-01-24T06:09:21+00:00"),
        ("24-01-2019 14:09:21", "2019-01-24T06:09:21+00:00"),
        ("2019/1/24  14:09:21.5", "2019-01-24T06:09:21+00:00"),
        ("1024-01-24 14:09:21", None),
        ("2019-13-24 14:09:21", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_times(text: str, expected: str | None) -> None:
    time = SITE.clock.read(text)
    assert (time and time.astimezone(UTC).isoformat()) == expected


@pytest.mark.parametrize(
    ("zone", "local", "name"),
    [
        ("GMT+08:00", "2019-01-24 14:00:00", "UTC+08:00"),
        ("GMT-03:30", "2019-01-24 02:30:00", "UTC-03:30"),
        ("UTC+5", "2019-01-24 11:00:00", "UTC+05:00"),
        ("GMT", "2019-01-24 06:00:00", "UTC"),
        # Of an unknown zone the clock tells.
        ("Asia/Shanghai", "2019-01-24 14:00:00", "UTC+08:00"),
        ("GMT+99:00", "2019-01-24 01:00:00", "UTC-05:00"),
    ],
)
def test_zones(zone: str, local: str, name: str) -> None:
    clock, offset = read_clock(SystemTime(sys_time=local, time_zone=zone), NOW)
    assert str(clock.zone) == name
    assert offset == timedelta()
    assert clock.write(NOW) == local


def test_month_first() -> None:
    told = SystemTime(
        sys_time="01-24-2019 14:00:07",
        time_format="MM-dd-yyyy HH:mm:ss",
        time_zone="GMT+08:00",
    )
    clock, offset = read_clock(told, NOW)
    assert offset is not None
    assert abs(offset - timedelta(seconds=7)) <= timedelta(seconds=1)
    assert clock.read("02-03-2019 00:00:00") == datetime(
        2019, 2, 3, tzinfo=timezone(timedelta(hours=8))
    )


def test_nobody_knows_the_clock() -> None:
    clock, offset = read_clock(SystemTime(), NOW)
    assert (str(clock.zone), offset) == ("UTC+08:00", None)


def test_records_are_named_like_pushes() -> None:
    for label in ObjectLabel:
        record = read_record(Result.from_dict(RESULT), SITE, label=label)
        assert record
        push = parsed(message(obj_label=int(label)))
        assert record.source is Source.HISTORY
        assert (record.id, record.kind, record.code, record.time, record.channel) == (
            push.id,
            push.kind,
            push.code,
            push.time,
            push.channel,
        )
    untimed = Result.from_dict(RESULT | {"trigger": ""})
    assert read_record(untimed, SITE, label=ObjectLabel.FACE) is None
