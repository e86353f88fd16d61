"""What the messages of chapter 13 and the codes of 14.3 become."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime
import json
from typing import Any

import pytest

from custom_components.vision_hub.vendors.contract import MalformedMessage
from custom_components.vision_hub.vendors.kinds import AlarmGroup, AlarmKind
from custom_components.vision_hub.vendors.model import (
    Alarm,
    Box,
    Counts,
    Match,
    Phase,
    PictureRole,
    Source,
    Target,
)
from custom_components.vision_hub.vendors.toolkit import pictures
from custom_components.vision_hub.vendors.uniview import alarms
from custom_components.vision_hub.vendors.uniview.alarms import (
    KINDS,
    Message,
    decoded,
    percent,
    read_pushes,
    unix_time,
)
from custom_components.vision_hub.vendors.uniview.wire import as_int, list_in

from .conftest import SERIAL

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
TIME = datetime.fromtimestamp(1716533613, UTC)
JPEG = b"\xff\xd8\xff\xe0picture"
JPEG_BASE64 = base64.b64encode(JPEG).decode()
SCENE = (
    "/api/v2/smart/picture?Type=1&Index=ubs_5_0_0_0_0_0_752_54_63652_1716533613"
    "&Size=219148"
)
CROP = (
    "/api/v2/smart/picture?Type=2&Index=ubs_5_0_0_0_0_0_751_1_40041_1716464847&Size=1"
)
BASE = "/api/v2/smart/picture?Type=3&Index=ubs_0_0_0_0_2_1716429305/"

# 14.3, and the two names that stand only in the samples of 6.3 to 6.5.
CODES = {
    AlarmGroup.PERIMETER: """
        FieldDetectorObjectsInside LongStayDetection LineDetectorCrossed EnterArea
        LeaveArea ClimbingDetectionAlarm FastMoving""",
    AlarmGroup.SAFETY: """
        SafetyHelmetAlarm WorkClothesAlarm TelephoningAlarm SmokingAlarm
        SleepingDetectionAlarm OffDutyDetectionAlarm AccessElevatorAlarm NoMaskAlarm
        FallOverAlarm ReflectiveClothesDetectionAlarm FumesAlarmBegin
        PlayMobilePhoneDetection FireDetection FightDetectionAlarm KnifeStickDetection
        ChefHatAlarm ChefClothesDetection ShirtlessDetection SafetyHarnessDetection
        StayAloneDetection""",
    AlarmGroup.CROWD: """
        CrowdDensityCriticalAlarm AreaPeopleCounting LinePeopleCounting PeopleGathering
        LineRuleData AreaRuleData""",
    AlarmGroup.FACE: "ObjectIsRecognized",
    AlarmGroup.VEHICLE: """
        ChannelBlockageDetection AbnormalParkingDetection
        NonMotorAbnormalParkingDetection UnwashedVehicleDetection
        SharedBicylesRandomParkingDetection WasteTruckDetection""",
    AlarmGroup.OBJECT: "ObjectRemoved",
    AlarmGroup.ENVIRONMENT: """
        UncoveredTrashCanDetection MouseDetect DisorderStackingDetection
        BareSoilCoverDetection ExposedGarbageDetection OutsideTheStoreBusinessDetection
        PackedGarbageDetection FloatingObjOnRiverDetection TrashOverflowingDetection
        SetFileOnTheRoadDetection DirtyRoadDetection SurfaceWaterDetection DogDetection
        IllegalUseOfAnUmbrellaDetection IllegalBillboardsDetection
        DryingOnTheStreetDetection StreetVendorDetection
        RoadsideStallBusinessDetection""",
}


def codes() -> Iterator[tuple[AlarmGroup, str]]:
    for group, text in CODES.items():
        for code in text.split():
            yield group, code


def test_all_codes_of_the_manual() -> None:
    known = [code for _, code in codes()]
    assert len(known) == 59
    assert set(known) == set(KINDS)
    for group, code in codes():
        assert KINDS[code] is not AlarmKind.OTHER
        assert KINDS[code].traits.group is group, code


def test_kinds_that_share_a_code() -> None:
    shared = [
        kind for kind in set(KINDS.values()) if len(alarms.codes_of([kind], ())) > 1
    ]
    assert shared == [AlarmKind.PEOPLE_COUNTED]


def message(**changes: Any) -> dict[str, Any]:
    """Return the manual's only sample, completed to be valid."""
    return {
        "type": 1,
        "event_id": "123456789",
        "has_result": 1,
        "device_info": {
            "device_code": 1,
            "device_name": "ECS-B501@8HA-SF",
            "device_sn": SERIAL,
        },
        "channel_info": {
            "mode": 0,
            "ipc_sn": "189802C04B7201V00081",
            "ipc_addr": "217.1.0.143",
            "channel_id": 1,
            "channel_name": "Camera1",
        },
        "behaviour": {
            "algo_model": "SafetyHelmetAlarm",
            "image_base64": JPEG_BASE64,
            "image_path": SCENE,
            "capture_time": 1716533613,
            "capture_info": [
                {"point_x": "4296,4796", "point_y": "398,1287", "PlateNo": ""}
            ],
        },
    } | changes


def behaviour(**changes: Any) -> dict[str, Any]:
    return message()["behaviour"] | changes


def face(**changes: Any) -> dict[str, Any]:
    return {
        "capture_time": 1716533613,
        "point_x": "1000,2000",
        "point_y": "3000,4000",
        "orig_image_path": SCENE,
        "crop_image_path": CROP,
        "orig_image_base64": JPEG_BASE64,
        "crop_image_base64": JPEG_BASE64,
    } | changes


def compared(**changes: Any) -> dict[str, Any]:
    return {
        "target_id": 0,
        "lib_id": 1,
        "lib_name": "Staff",
        "person_id": 2005,
        "person_name": "Ann",
        "image_path": BASE,
        "image_base64": JPEG_BASE64,
        "similarity": 95,
    } | changes


def read_push(content: bytes, serial: str, now: datetime) -> Message:
    (message,) = read_pushes(content, serial, now)
    return message


def read(data: Any) -> Alarm:
    alarm = read_push(json.dumps(data).encode(), SERIAL, NOW).alarm
    assert alarm
    return alarm


def test_behaviour_alarm() -> None:
    alarm = read(message())
    assert alarm == Alarm(
        id="123456789@1716533613",
        source=Source.PUSH,
        channel="1",
        channel_name="Camera1",
        kind=AlarmKind.NO_HELMET,
        code="SafetyHelmetAlarm",
        time=TIME,
        phase=Phase.STARTED,
        targets=(Target(box=Box(0.4296, 0.0398, 0.4796, 0.1287)),),
        pictures=alarm.pictures,
    )
    (picture,) = alarm.pictures
    assert picture.role is PictureRole.SCENE
    assert picture.data == JPEG
    assert picture.reference == SCENE


def test_the_broken_picture_of_the_sample_keeps_its_reference() -> None:
    alarm = read(message(behaviour=behaviour(image_base64="/9j/D/2Q==")))
    (picture,) = alarm.pictures
    assert picture.data is None
    assert picture.reference == SCENE


def test_unknown_code() -> None:
    alarm = read(message(behaviour=behaviour(algo_model=" DroneDetection ")))
    assert (alarm.kind, alarm.code) == (AlarmKind.OTHER, "DroneDetection")


@pytest.mark.parametrize(
    ("named", "kind", "code"),
    [
        ({"algo_model": "GasLeakDetection"}, AlarmKind.GAS_LEAK, "GasLeakDetection"),
        (
            {"algo_model": "SmokeAndFireDetectionEvent"},
            AlarmKind.FIRE,
            "SmokeAndFireDetectionEvent",
        ),
        (
            {"algo_model": "Ext17", "algo_name": "未戴安全帽"},
            AlarmKind.NO_HELMET,
            "Ext17",
        ),
        ({"algo_model": "Ext17", "algo_name": "甲乙"}, AlarmKind.OTHER, "Ext17"),
        ({"algo_model": "", "algo_name": "吸烟检测"}, AlarmKind.SMOKING, "吸烟检测"),
    ],
)
def test_words_tell_what_the_manual_does_not(
    named: dict[str, str], kind: AlarmKind, code: str
) -> None:
    alarm = read(message(behaviour=behaviour(**named)))
    assert (alarm.kind, alarm.code) == (kind, code)


def test_recovery_never_takes_the_id_of_its_alarm() -> None:
    ended = read(message(type=2))
    assert ended.phase is Phase.ENDED
    assert ended.kind is AlarmKind.NO_HELMET
    assert ended.id != read(message()).id
    assert read(message(type=2, event_id="")).id != read(message(event_id="")).id


def test_the_messages_about_one_event_have_ids_of_their_own() -> None:
    ids = {read(message(type=kind, face=face())).id for kind in range(1, 6)}
    assert len(ids) == 5


@pytest.mark.parametrize("event", ["", None, [], "  ", 0, "0", "0000"])
def test_no_event_id(event: Any) -> None:
    alarm = read(message(event_id=event))
    assert alarm.id == read(message(event_id=event)).id
    assert alarm.id == "1/SafetyHelmetAlarm@1716533613"
    later = behaviour(capture_time=1716533614)
    assert alarm.id != read(message(event_id=event, behaviour=later)).id


def test_no_event_id_and_no_time() -> None:
    first = message(event_id="", behaviour=behaviour(capture_time=None))
    second = message(
        event_id="", behaviour=behaviour(capture_time=None, image_path="/other")
    )
    assert read(first).id == read(first).id
    assert read(first).id != read(second).id


def test_a_box_that_counts_from_one_again() -> None:
    """The same number at another time is another alarm, not a repeat."""
    later = behaviour(capture_time=1716533613 + 86400)
    assert read(message()).id == read(message()).id
    assert read(message()).id != read(message(behaviour=later)).id


def test_event_id_as_number_and_absurdly_long() -> None:
    assert read(message(event_id=17)).id.startswith("17@")
    long = read(message(event_id="9" * 10_000)).id
    assert len(long) < 100
    assert long != read(message(event_id="9" * 10_001)).id


def test_face_capture() -> None:
    alarm = read(message(type=3, behaviour=None, face=face()))
    assert alarm.kind is AlarmKind.FACE_CAPTURED
    assert alarm.code == "ObjectIsRecognized"
    assert alarm.time == TIME
    assert alarm.targets == (Target(type="face", box=Box(0.1, 0.3, 0.2, 0.4)),)
    assert [picture.role for picture in alarm.pictures] == [
        PictureRole.SCENE,
        PictureRole.TARGET,
    ]


def test_face_recognized() -> None:
    alarm = read(
        message(type=4, behaviour=None, face=face(), compare_results=[compared()])
    )
    assert alarm.kind is AlarmKind.FACE_RECOGNIZED
    assert alarm.matches == (
        Match(
            person_id="2005",
            name="Ann",
            library_id="1",
            library="Staff",
            similarity=95.0,
        ),
    )
    assert alarm.pictures[-1].role is PictureRole.LIBRARY
    assert alarm.pictures[-1].reference == BASE
    assert "Ann" not in repr(alarm)


@pytest.mark.parametrize("results", [[], None, "", [{}], [None]])
def test_stranger(results: Any) -> None:
    alarm = read(message(type=4, behaviour=None, face=face(), compare_results=results))
    assert alarm.kind is AlarmKind.FACE_STRANGER
    assert alarm.matches == ()


def test_behaviour_comparison() -> None:
    alarm = read(message(type=5, face=face(), compare_results=[compared()]))
    assert alarm.kind is AlarmKind.NO_HELMET
    assert alarm.matches[0].name == "Ann"
    assert [target.type for target in alarm.targets] == [None, "face"]
    roles = [picture.role for picture in alarm.pictures]
    assert roles == [PictureRole.SCENE, PictureRole.TARGET, PictureRole.LIBRARY]


def test_a_behaviour_about_faces() -> None:
    about = behaviour(algo_model="ObjectIsRecognized")
    assert read(message(behaviour=about)).kind is AlarmKind.FACE_CAPTURED
    alarm = read(message(behaviour=about, compare_results=[compared()]))
    assert alarm.kind is AlarmKind.FACE_RECOGNIZED


def test_has_result_is_not_believed() -> None:
    assert read(message(has_result=1)).matches == ()
    alarm = read(message(has_result=0, compare_results=[compared()]))
    assert len(alarm.matches) == 1


def test_keep_alive_and_channel_change() -> None:
    device = {"device_sn": SERIAL}
    told = read_push(
        json.dumps({"type": 6, "device_info": device}).encode(), SERIAL, NOW
    )
    assert (told.alarm, told.changed) == (None, False)
    for mode, modified in ((1, 7), (2, 7), (3, None), (4, None), ("2", 7)):
        told = read_push(
            json.dumps(
                {
                    "type": 7,
                    "event_id": "",
                    "device_info": device,
                    "channel_info": {"mode": mode, "channel_id": 7, "status": 2},
                }
            ).encode(),
            SERIAL,
            NOW,
        )
        assert told.changed
        assert told.alarm is None
        assert told.modified == modified
    bare = json.dumps({"type": 7, "device_info": device}).encode()
    assert read_push(bare, SERIAL, NOW).changed


def test_type_as_text_or_missing() -> None:
    assert read(message(type="2")).phase is Phase.ENDED
    assert read(message(type=None)).kind is AlarmKind.NO_HELMET
    assert (
        read(message(type=None, behaviour=None, face=face())).kind
        is AlarmKind.FACE_CAPTURED
    )
    both = message(type=99, behaviour=None, face=face(), compare_results=[compared()])
    assert read(both).kind is AlarmKind.FACE_RECOGNIZED


def test_a_type_of_the_future_is_accepted() -> None:
    told = read_push(json.dumps({"type": 8}).encode(), SERIAL, NOW)
    assert (told.alarm, told.changed) == (None, False)


def test_an_alarm_without_its_data_is_not_lost() -> None:
    device = {"device_sn": SERIAL}
    alarm = read(
        {"type": 1, "behaviour": "?", "channel_info": [], "device_info": device}
    )
    assert (alarm.kind, alarm.code) == (AlarmKind.OTHER, "type_1")
    assert (alarm.channel, alarm.channel_name, alarm.time) == (None, None, NOW)


@pytest.mark.parametrize("content", [b"{", b"x", b"\xff\xfe", b'{"type": "x}'])
def test_malformed(content: bytes) -> None:
    with pytest.raises(MalformedMessage):
        read_pushes(content, SERIAL, NOW)


@pytest.mark.parametrize("content", [b"", b"\0\r\n", b"{}", b"[]", b"null", b"7"])
def test_what_says_nothing(content: bytes) -> None:
    assert read_pushes(content, SERIAL, NOW) == []


def test_several_messages_at_once() -> None:
    messages = [message(), {"type": "x"}, None, message(event_id="2")]
    told = read_pushes(json.dumps(messages).encode(), SERIAL, NOW)
    assert [bool(each.alarm) for each in told] == [True, False, True]
    assert told[1].unknown is str


@pytest.mark.parametrize(
    "sender",
    [
        {"device_sn": "OTHER"},
        {"device_sn": [SERIAL]},
        {"device_sn": {"0": SERIAL}},
        {"device_sn": None},
        {"device_sn": ""},
        {},
        [],
        None,
        3,
    ],
)
def test_another_device_is_refused(sender: object) -> None:
    """An alarm tells whose it is."""
    with pytest.raises(MalformedMessage):
        read(message(device_info=sender))
    change = {"type": 7, "device_info": sender, "channel_info": {"channel_id": 1}}
    with pytest.raises(MalformedMessage):
        read_push(json.dumps(change).encode(), SERIAL, NOW)


def test_serials_are_compared_as_firmware_may_write_them() -> None:
    assert read(message(device_info={"device_sn": f" {SERIAL.lower()}\0"}))
    assert read_push(b'{"type": 6}', SERIAL, NOW).alarm is None


def test_counts() -> None:
    counting = behaviour(algo_model="LinePeopleCounting", in_num=3, out_num="0")
    assert read(message(behaviour=counting)).counts == Counts(entered=3, left=0)
    nobody = behaviour(algo_model="AreaPeopleCounting", area_num=0)
    assert read(message(behaviour=nobody)).counts == Counts(inside=0)
    filler = behaviour(in_num=0, out_num=0, area_num=0)
    assert read(message(behaviour=filler)).counts is None
    assert read(message(behaviour=behaviour(area_num=4))).counts == Counts(inside=4)


@pytest.mark.parametrize(
    ("row", "target"),
    [
        ({"object_type": 1}, Target(type="person")),
        ({"object_type": 2}, Target(type="vehicle")),
        ({"object_type": "3"}, Target(type="cycle")),
        ({"plate_no": "浙A12345"}, Target(type="vehicle", plate="浙A12345")),
        ({"PlateNo": "浙A12345"}, Target(type="vehicle", plate="浙A12345")),
        ({"plate_no": "", "PlateNo": "B"}, Target(type="vehicle", plate="B")),
        (
            {"point_x": "20000,-5", "point_y": " 0 , 10000"},
            Target(box=Box(0, 0, 1, 1)),
        ),
        (
            {"point_x": [100, 200], "point_y": [1, 2]},
            Target(box=Box(0.01, 1e-4, 0.02, 2e-4)),
        ),
        ({"object_type": 1, "point_x": "5", "point_y": "1,2"}, Target(type="person")),
        ({"object_type": 1, "point_x": "5,5", "point_y": "1,2"}, Target(type="person")),
        ({"object_type": 1, "point_x": 5, "point_y": {}}, Target(type="person")),
    ],
)
def test_targets(row: dict[str, Any], target: Target) -> None:
    alarm = read(message(behaviour=behaviour(capture_info=[None, {}, row])))
    assert alarm.targets == (target,)


def test_clip() -> None:
    assert read(message()).clip is None
    with_url = behaviour(video_url="/video/1.mp4")
    assert read(message(behaviour=with_url)).clip == "/video/1.mp4"
    with_both = with_url | {"video_uuid": "u-1"}
    assert read(message(behaviour=with_both)).clip == "u-1"


@pytest.mark.parametrize(
    ("value", "time"),
    [
        (1716533613, TIME),
        ("1716533613", TIME),
        (1716533613000, TIME),
        (1716533613.0, TIME),
        (0, None),
        (-5, None),
        (4102444800, None),
        (10**30, None),
        ("9" * 400, None),
        ("yesterday", None),
        ({}, None),
        (None, None),
    ],
)
def test_times(value: Any, time: datetime | None) -> None:
    assert unix_time(value) == time
    assert read(message(behaviour=behaviour(capture_time=value))).time == (time or NOW)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (95, 95.0),
        (1, 1.0),
        ("95", 95.0),
        (0.95, 95.0),
        (1.0, 100.0),
        ("1.0", 100.0),
        ("1", 1.0),
        (250, 100.0),
        (-1, 0.0),
        (None, None),
        ("high", None),
    ],
)
def test_similarity(value: Any, wanted: float | None) -> None:
    assert percent(value) == wanted


@pytest.mark.parametrize(
    ("encoded", "data"),
    [
        (JPEG_BASE64, JPEG),
        (f"data:image/jpeg;base64,{JPEG_BASE64}", JPEG),
        (JPEG_BASE64[:4] + "\n" + JPEG_BASE64[4:], JPEG),
        (base64.b64encode(b"\x89PNG\r\n\x1a\nx").decode(), b"\x89PNG\r\n\x1a\nx"),
        (base64.b64encode(b"GIF89a").decode(), None),
        (JPEG_BASE64[:-1], JPEG),
        ("{image_base64}", None),
        ("图片", None),
        ("", None),
    ],
)
def test_pictures(encoded: str, data: bytes | None) -> None:
    assert decoded(encoded) == data


def test_a_picture_too_big(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MAX_PICTURE", 8)
    assert decoded(JPEG_BASE64) is None


def test_wire_leniency() -> None:
    assert as_int("12") == 12
    assert as_int(12.0) == 12
    assert as_int(True) == 1
    assert as_int("1e999") is None
    assert as_int([1]) is None
    assert list_in({"channel_list": [1]}) == [1]
    assert list_in({"workcloth_lib_list": [2]}) == [2]
    assert list_in({"list": {}, "workclothes_list": [3]}) == [3]
    assert list_in([4]) == [4]
    assert list_in(None) == []
