"""What messages and records mean, and which of them are the same."""

from dataclasses import replace
from datetime import UTC, datetime
import json
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.megvii.alarms import (
    CAPTURES,
    Site,
    read_alert,
    read_capture,
    read_message,
)
from custom_components.vision_hub.vendors.megvii.attributes import FaceSet
from custom_components.vision_hub.vendors.megvii.events import EVENTS, kind_of_event
from custom_components.vision_hub.vendors.megvii.messages import Message, parse_frame
from custom_components.vision_hub.vendors.model import (
    Alarm,
    Box,
    Match,
    PictureRole,
    Source,
)

from .conftest import JPEG
from .samples import (
    ALERT_ROW,
    CAPTURE_ROW,
    EVENT,
    EVENT_ROW,
    IMAGE_ID,
    TIME,
    TOKEN,
    TRACK,
    VEHICLE_ROW,
    encoded,
    framed,
    http_capture,
    http_recognition,
    scene,
    ws_alert,
    ws_capture,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
WATCHED = Site(blacklist=True, channels={"gate": "1"})
OPEN = Site(blacklist=False)


def over_http(fields: dict[str, Any], site: Site = WATCHED) -> Alarm:
    (alarm,) = read_message(Message(fields=fields), site, NOW, faces=FaceSet.B)
    return alarm


def over_ws(name: str, fields: dict[str, Any], site: Site = WATCHED) -> Alarm:
    message = parse_frame(framed(name, fields))
    (alarm,) = read_message(message, site, NOW, faces=FaceSet.A)
    return alarm


def test_the_whole_of_a_websocket_alert() -> None:
    picture = scene()
    fields = ws_alert(images={"captureFace": len(JPEG), "fullImage": len(picture)})
    message = parse_frame(framed("Alert", fields, JPEG, picture))
    (alarm,) = read_message(message, WATCHED, NOW, faces=FaceSet.A)
    assert alarm.kind is AlarmKind.FACE_BLACKLISTED
    assert (alarm.channel, alarm.channel_name, alarm.code) == ("1", "gate", "alert")
    assert alarm.time == datetime.fromtimestamp(TIME / 1000, UTC)
    assert alarm.source is Source.PUSH
    assert alarm.matches == (
        Match(
            person_id=IMAGE_ID,
            name="Ada",
            library_id="staff",
            library="staff",
            similarity=80.64,
        ),
    )
    (target,) = alarm.targets
    assert (target.type, target.box) == ("face", Box(0.1, 0.1, 0.6, 0.6))
    assert target.attributes["glasses"] == "sunglasses"
    assert target.attributes["liveness"] == 91.5
    assert target.attributes["access"] == "allowed"
    assert {each.role: each.data for each in alarm.pictures} == {
        PictureRole.TARGET: JPEG,
        PictureRole.SCENE: picture,
    }


@pytest.mark.parametrize(
    ("site", "kind"),
    [(WATCHED, AlarmKind.FACE_BLACKLISTED), (OPEN, AlarmKind.FACE_RECOGNIZED)],
)
def test_the_work_mode_tells_friend_from_foe(site: Site, kind: AlarmKind) -> None:
    assert over_ws("Alert", ws_alert(), site).kind is kind
    assert over_http(http_recognition(), site).kind is kind
    record = read_alert(ALERT_ROW, site)
    assert record
    assert record.kind is kind


@pytest.mark.parametrize(
    "changes",
    [
        {"stranger_flag": 1},
        {"stranger_flag": None, "event_type": 1},
        {
            "stranger_flag": None,
            "event_type": None,
            "ImageID": "",
            "alertGroup": [],
        },
    ],
)
def test_strangers_over_http(changes: dict[str, Any]) -> None:
    alarm = over_http(http_recognition(**changes))
    assert (alarm.kind, alarm.code) == (AlarmKind.FACE_STRANGER, "stranger")
    assert alarm.matches == ()


def test_strangers_over_a_websocket() -> None:
    nobody = ws_alert(alertGroup=[], faceToken="", imageId="", description="")
    assert over_ws("Alert", nobody).kind is AlarmKind.FACE_STRANGER
    # Whom a stranger resembles most is no match.
    told = over_ws("Alert", ws_alert(aboveHigh=0))
    assert (told.kind, told.matches) == (AlarmKind.FACE_STRANGER, ())
    best = over_ws("Capture", ws_capture(bestStranger=True))
    assert (best.kind, best.code) == (AlarmKind.FACE_STRANGER, "stranger")


def test_a_photograph_of_a_known_face_is_nobody() -> None:
    alarm = over_http(http_recognition(fmp_error=1))
    assert (alarm.kind, alarm.code) == (AlarmKind.FACE_STRANGER, "spoof")
    assert alarm.matches == ()
    assert alarm.targets[0].attributes["live"] is False
    assert over_ws("Alert", ws_alert(fmpErr=1)).kind is AlarmKind.FACE_STRANGER


def test_a_door_opened_by_password_recognises_nobody() -> None:
    alarm = over_http(http_recognition(event_type=2))
    assert alarm.kind is AlarmKind.FACE_CAPTURED


def test_http_knows_people_by_their_picture() -> None:
    (match,) = over_http(http_recognition()).matches
    assert (match.person_id, match.name, match.similarity) == (IMAGE_ID, "Ada", 77.5)
    attributes = over_http(http_recognition()).targets[0].attributes
    assert (attributes["access"], attributes["gender"]) == ("allowed", "male")


def test_one_match_for_each_group() -> None:
    groups = [{"groupName": "staff"}, "night"]
    alarm = over_ws("Alert", ws_alert(alertGroup=groups, imageId=""))
    assert [match.library for match in alarm.matches] == ["staff", "night"]
    assert {match.person_id for match in alarm.matches} == {TOKEN}


@pytest.mark.parametrize(("target", "kind"), CAPTURES.items())
def test_targets(target: str, kind: AlarmKind) -> None:
    for alarm in (
        over_http(http_capture(objType=target)),
        over_ws("Capture", ws_capture(objType=target)),
    ):
        assert (alarm.kind, alarm.code) == (kind, target)


def test_plates() -> None:
    fields = ws_capture(objType="plate", plateAttr={"num": "京A12345", "color": 0})
    del fields["faceAttr"]
    (target,) = over_ws("Capture", fields).targets
    assert (target.type, target.plate) == ("plate", "京A12345")
    assert "京A12345" not in repr(target)


# Alert mode


@pytest.mark.parametrize(("number", "meaning"), EVENTS.items())
def test_the_whole_event_dictionary(
    number: int, meaning: tuple[str, AlarmKind]
) -> None:
    word, kind = meaning
    assert kind is not AlarmKind.OTHER
    assert kind_of_event(word) is kind
    assert kind_of_event(str(number)) is kind
    record = read_capture({**EVENT_ROW, "alertType": number}, WATCHED, faces=FaceSet.B)
    assert record
    assert (record.kind, record.code) == (kind, word)


@pytest.mark.parametrize("told", ["gas_leak", "燃气泄漏"])
def test_a_record_may_tell_its_event_in_words(told: str) -> None:
    record = read_capture({**EVENT_ROW, "alertType": told}, WATCHED, faces=FaceSet.B)
    assert record
    assert (record.kind, record.code) == (AlarmKind.GAS_LEAK, told)


def test_the_dictionary_is_whole() -> None:
    assert sorted(EVENTS) == list(range(1, 36))


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("smoke", AlarmKind.SMOKING),
        ("smog", AlarmKind.SMOKE),
        ("flame", AlarmKind.FIRE),
        ("overwll", AlarmKind.CLIMBING),
        ("SMOKE", AlarmKind.SMOKING),
        ("ELECTRIC_BIKE_IN_ELEVATOR", AlarmKind.E_BIKE),
        ("FlameWithoutHuman", AlarmKind.HOT_WORK),
        ("烟火检测", AlarmKind.FIRE),
        ("未戴安全帽", AlarmKind.NO_HELMET),
        ("teleportation", AlarmKind.OTHER),
        ("36", AlarmKind.OTHER),
    ],
)
def test_words_that_are_easily_confused(word: str, kind: AlarmKind) -> None:
    event = {
        **EVENT,
        "alert_events": [{**EVENT["alert_events"][0], "alertor_type": word}],
    }
    alarm = over_http(event)
    assert (alarm.kind, alarm.code) == (kind, word)


def test_parked_cycles() -> None:
    assert kind_of_event("park", "cycle") is AlarmKind.ILLEGAL_CYCLE_PARKING
    assert kind_of_event("park", "car") is AlarmKind.ILLEGAL_PARKING


def test_an_event_of_the_manual() -> None:
    picture = scene()
    (alarm,) = read_message(
        Message(fields=EVENT, pictures={PictureRole.SCENE: picture}),
        WATCHED,
        NOW,
        faces=FaceSet.B,
    )
    assert (alarm.kind, alarm.code) == (AlarmKind.LINE_CROSSED, "tripwire")
    assert alarm.channel == "1"
    assert alarm.time == datetime.fromtimestamp(1596503018, UTC)
    assert alarm.task == "polygon 0, rule 0"
    assert alarm.targets[0].type == "person"
    assert alarm.targets[0].box == Box(0.1, 0.1, 0.6, 0.6)


LINE = frozenset({AlarmKind.LINE_CROSSED})
NOTHING: frozenset[AlarmKind] = frozenset()


@pytest.mark.parametrize(
    ("looks_for", "channel"),
    [
        # As the samples do.
        ({}, "2"),
        ({"1": LINE, "2": LINE}, "2"),
        ({"1": NOTHING, "2": LINE}, "2"),
        ({"1": NOTHING, "2": NOTHING}, "2"),
        # It cannot be the other one.
        ({"1": LINE, "2": NOTHING}, "1"),
        ({"1": LINE}, "1"),
        ({"1": NOTHING}, "1"),
    ],
)
def test_channels_of_events_are_numbered_from_zero_or_from_one(
    looks_for: dict[str, frozenset[AlarmKind]], channel: str
) -> None:
    second = {**EVENT, "stream_id": 1}
    site = Site(looks_for=looks_for)
    assert over_http(second, site).channel == channel
    assert over_http(second, replace(site, counts_from_zero=True)).channel == "2"
    assert over_http({**EVENT, "stream_id": 0}, site).channel == "1"


def test_several_events_in_one_message() -> None:
    first = EVENT["alert_events"][0]
    other = {**first, "alertor_type": "fall", "alertor_id": 2}
    event = {**EVENT, "alert_events": [first, other, first, None, "x", {}, {"new": 1}]}
    alarms = read_message(Message(fields=event), WATCHED, NOW, faces=FaceSet.B)
    assert [alarm.code for alarm in alarms] == ["tripwire", "fall"]
    assert len({alarm.id for alarm in alarms}) == 2


def test_records_of_events() -> None:
    record = read_capture(EVENT_ROW, WATCHED, faces=FaceSet.B)
    assert record
    pushed = over_http({**EVENT, "stream_id": 2})
    assert (record.channel, record.kind, record.code, record.time) == (
        pushed.channel,
        pushed.kind,
        pushed.code,
        pushed.time,
    )
    assert record.targets[0].attributes == {"passage": "left"}
    assert record.task == "polygon 2, rule 1"


# Records


def test_records_of_alerts() -> None:
    alarm = read_alert(ALERT_ROW, WATCHED)
    assert alarm
    assert (alarm.source, alarm.channel) == (Source.HISTORY, "1")
    assert alarm.time == datetime.fromtimestamp(1570691102.826, UTC)
    (match,) = alarm.matches
    assert (match.name, match.similarity, match.library) == ("Ada", 80.64, "staff")
    assert {each.role: each.reference for each in alarm.pictures} == {
        PictureRole.SCENE: ALERT_ROW["captureFullImageURL"],
        PictureRole.TARGET: ALERT_ROW["captureImageURL"],
        PictureRole.LIBRARY: ALERT_ROW["top1"]["faceImageURL"],
    }


def test_records_of_strangers_do_not_tell_whom_they_resemble() -> None:
    alarm = read_alert({**ALERT_ROW, "stranger": 1, "frequency": 4}, WATCHED)
    assert alarm
    assert (alarm.kind, alarm.matches) == (AlarmKind.FACE_STRANGER, ())
    assert PictureRole.LIBRARY not in {each.role for each in alarm.pictures}
    assert alarm.targets[0].attributes["times_seen"] == 4


def test_pictures_of_records_may_be_in_them() -> None:
    row = {**ALERT_ROW, "captureImageURL": encoded(JPEG)}
    alarm = read_alert(row, WATCHED)
    assert alarm
    pictures = {each.role: (each.data, each.reference) for each in alarm.pictures}
    assert pictures[PictureRole.TARGET] == (JPEG, None)


def test_nothing_is_fetched_from_elsewhere() -> None:
    row = {
        **CAPTURE_ROW,
        "faceImageURI": "http://evil.example/a.jpg",
        "fullImageURI": "file:///etc/passwd",
    }
    alarm = read_capture(row, WATCHED, faces=FaceSet.A)
    assert alarm
    assert [each.reference for each in alarm.pictures] == ["/a.jpg"]


def test_records_of_captures() -> None:
    face = read_capture(CAPTURE_ROW, WATCHED, target="face", faces=FaceSet.A)
    assert face
    assert (face.kind, face.channel) == (AlarmKind.FACE_CAPTURED, "1")
    vehicle = read_capture(VEHICLE_ROW, WATCHED, target="vehicle", faces=FaceSet.B)
    assert vehicle
    assert vehicle.kind is AlarmKind.VEHICLE_DETECTED
    assert vehicle.targets[0].attributes["color"] == "white"
    # The list of everything tells by its keys.
    assert read_capture(VEHICLE_ROW, WATCHED, faces=FaceSet.B) == vehicle
    assert read_capture({"trackId": 1}, WATCHED, faces=FaceSet.B) is None


# Which are the same


def test_a_repeat_is_the_same_whatever_else_changed() -> None:
    first = over_http(http_capture())
    assert over_http(http_capture(track_die=True, quality=0.99)).id == first.id
    assert over_ws("Capture", ws_capture(trackId=TRACK)).id == first.id
    capture = over_ws("Capture", ws_capture())
    left = over_ws("Capture", ws_capture(leaveTimestamp=TIME + 60000, trackIdTimes=2))
    assert left.id == capture.id
    assert over_ws("Alert", ws_alert()).id == over_http(http_recognition()).id


@pytest.mark.parametrize(
    "changes",
    [
        {"timestamp": TIME + 60000},
        {"track_id": "5"},
        {"video_number": 2},
        {"device_id": "other"},
        {"bestStranger": True},
        {"stranger_flag": 0},
    ],
)
def test_what_makes_a_report_new(changes: dict[str, Any]) -> None:
    assert over_http(http_capture(**changes)).id != over_http(http_capture()).id


def test_the_stranger_of_a_comparison_is_that_of_the_capture() -> None:
    compared = over_http(http_recognition(stranger_flag=1))
    assert compared.id == over_http(http_capture(bestStranger=True)).id


def test_without_a_time_it_is_now_and_still_known_again() -> None:
    fields = http_capture(timestamp="yesterday")
    del fields["timestamp"]
    alarm = over_http(fields)
    assert alarm.time == NOW
    assert over_http(fields).id == alarm.id
    assert over_http({**fields, "quality": 0.1}).id != alarm.id


@pytest.mark.parametrize("told", [TIME // 1000, TIME, str(TIME), float(TIME)])
def test_seconds_and_milliseconds(told: Any) -> None:
    alarm = over_http(http_capture(timestamp=told))
    assert alarm.time == datetime.fromtimestamp(TIME / 1000, UTC)


@pytest.mark.parametrize("told", [0, -5, 10**30, "x", None, [], {}, True])
def test_absurd_times(told: Any) -> None:
    assert over_http(http_capture(timestamp=told)).time == NOW


def test_a_wrong_clock_is_told_as_it_is() -> None:
    assert over_http(http_capture(timestamp=86_400)).time.year == 1970


def test_heartbeats_are_no_alarms() -> None:
    beat = Message(fields={"deviceId": "x", "timestamp": TIME})
    assert read_message(beat, WATCHED, NOW, faces=FaceSet.A) == ()


@pytest.mark.parametrize("fields", [{"a": 1}, {"timestamp": TIME}])
def test_what_is_none_of_the_box(fields: dict[str, Any]) -> None:
    message = Message(fields=fields)
    assert read_message(message, WATCHED, NOW, faces=FaceSet.B) == ()


@pytest.mark.parametrize(
    ("blacklist", "group", "kind"),
    [
        (True, "staff", AlarmKind.FACE_BLACKLISTED),
        (False, "staff", AlarmKind.FACE_RECOGNIZED),
        (True, "白名单", AlarmKind.FACE_RECOGNIZED),
        (False, "Blacklist", AlarmKind.FACE_BLACKLISTED),
    ],
)
def test_a_group_that_says_so_decides(
    blacklist: bool, group: str, kind: AlarmKind
) -> None:
    fields = http_recognition(alertGroup=[{"groupName": group}])
    site = replace(WATCHED, blacklist=blacklist)
    (alarm,) = read_message(Message(fields=fields), site, NOW, faces=FaceSet.B)
    assert alarm.kind is kind


def test_nobody_is_blacklisted_whom_nothing_names() -> None:
    fields = http_recognition(alertGroup=[], ImageID="", Description="")
    (alarm,) = read_message(Message(fields=fields), WATCHED, NOW, faces=FaceSet.B)
    assert (alarm.kind, alarm.matches) == (AlarmKind.FACE_CAPTURED, ())


def test_unknown_targets_arrive() -> None:
    alarm = over_http(http_capture(objType="drone"))
    assert (alarm.kind, alarm.code) == (AlarmKind.OTHER, "drone")


def test_sizes_are_bounded() -> None:
    long = "x" * 100_000
    fields = http_recognition(
        track_id=long, screen_token=long, Description=long, ImageID=long, objType="face"
    )
    alarm = over_http(fields)
    assert len(alarm.id) <= 128
    assert len(alarm.matches[0].name) == len(alarm.matches[0].person_id) == 256
    assert len(alarm.channel_name or "") == 256
    assert len(over_http(http_capture(objType=long)).code) == 256
    many = {**EVENT, "alert_events": EVENT["alert_events"] * 10}
    many["alert_events"] = [
        {**each, "alertor_id": number}
        for number, each in enumerate(many["alert_events"] * 100)
    ]
    assert len(read_message(Message(fields=many), OPEN, NOW, faces=FaceSet.B)) == 64


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda each: (
        st.lists(each, max_size=3)
        | st.dictionaries(st.text(max_size=3) | st.sampled_from(list(ALERT_ROW)), each)
    ),
    max_leaves=6,
)
KEYS = sorted(
    {*http_recognition(), *ws_alert(), *ws_capture(), *EVENT, *EVENT_ROW, *ALERT_ROW}
)


@given(st.dictionaries(st.sampled_from(KEYS), VALUES), st.sampled_from(["", "Alert"]))
def test_odd_fields_never_break_anything(fields: dict[str, Any], name: str) -> None:
    fields = json.loads(json.dumps({**http_recognition(), **fields}))
    message = Message(type=name, fields=fields)
    for alarm in read_message(message, WATCHED, NOW, faces=FaceSet.B):
        assert alarm.time.tzinfo
        for match in alarm.matches:
            assert match.similarity is None or 0 <= match.similarity <= 100
    for record in (
        read_alert(fields, OPEN),
        read_capture(fields, OPEN, faces=FaceSet.A),
    ):
        assert record is None or record.source is Source.HISTORY
