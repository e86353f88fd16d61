"""The envelope, and the six kinds of intelligent data."""

from contextlib import suppress
from datetime import UTC, datetime
import json
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.vision_hub.vendors.contract import MalformedMessage
from custom_components.vision_hub.vendors.huawei.alarms import Message, Traffic
from custom_components.vision_hub.vendors.huawei.codes import TABLES
from custom_components.vision_hub.vendors.huawei.hub.push import read_message
from custom_components.vision_hub.vendors.huawei.messages import opened
from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.model import (
    Alarm,
    Box,
    Counts,
    Match,
    PictureRole,
)

from .samples import (
    DEVICE,
    alarm,
    behaviour,
    checkpoint,
    faces,
    message,
    nested,
    status,
    url,
    vehicle,
)

NOW = datetime(2023, 2, 16, 1, 50, tzinfo=UTC)


def read(body: Any) -> Message:
    return read_message(opened(json.dumps(body).encode()), lambda _: (), NOW)


def read_one(body: Any) -> Alarm:
    (only,) = read(body).alarms
    return only


def pictures(found: Alarm) -> list[tuple[PictureRole, str | None]]:
    return [(each.role, each.reference) for each in found.pictures]


# The envelope


def test_the_test_message_is_one() -> None:
    assert opened(b'{"message_id":1614936351275468803,"test":true}').test


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b'{"message_id":1,"message_ty',
        b'\xff\xfe{"test":true}',
    ],
)
def test_what_is_no_json_is_malformed(content: bytes) -> None:
    with pytest.raises(MalformedMessage):
        opened(content)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"null",
        b'"text"',
        b"{}",
        b'{"test":false}',
        b'{"message_type":"device_alarm"}',
        b'{"message_type":"device_alarm","data":[]}',
        b'{"data":{"a":1}}',
    ],
)
def test_what_says_nothing_has_no_type(content: bytes) -> None:
    envelope = opened(content)
    assert not envelope.type
    assert not envelope.test


def test_test_with_data_is_a_message() -> None:
    assert not opened(json.dumps({**alarm(), "test": True}).encode()).test


def test_a_longer_number_than_fits_is_no_name() -> None:
    body = json.dumps(alarm(alarm_uuid=""))
    first = body.replace("1676021851965927899", "9" * 32)
    assert opened(first.encode()).id == ""


def test_a_comma_too_many_does_no_harm() -> None:
    assert opened(b'{"message_id":1,"test":true,}').test


# Faces


def test_a_face_of_the_manual() -> None:
    found = read_one(faces())
    assert found.id == "167651219912500100070000kcxdq120"
    assert (found.channel, found.code) == (f"{DEVICE}_4", "itgt_type_1")
    assert found.kind is AlarmKind.FACE_CAPTURED
    assert found.time == datetime(2023, 2, 16, 1, 49, 56, 331000, tzinfo=UTC)
    face, person = found.targets
    assert face.type == "face"
    assert face.box == Box(0.15, 0.312, 0.1973, 0.412)
    assert face.attributes == {
        "age_group": "young_adult",
        "gender": "male",
        "glasses": False,
        "hair": "short",
        "hat": False,
        # Unknown outside, told inside.
        "mask": False,
    }
    assert person.type == "person"
    data_id = found.id
    assert pictures(found) == [
        (PictureRole.SCENE, f"{url('0004')}#TARGET/BACKGROUND/{data_id}"),
        (PictureRole.TARGET, f"{url('0001')}#TARGET/TARGET/{data_id}"),
        (PictureRole.TARGET, f"{url('0002')}#TARGET/BODY/{data_id}"),
    ]


def test_a_body_elsewhere_than_its_face_is_no_box_of_the_scene() -> None:
    box = {"height": 9222, "width": 5000, "x_cor": 3312, "y_cor": 250}
    assert [each.type for each in read_one(faces(human_pos=box)).targets] == ["face"]


@pytest.mark.parametrize("scene", [1, 20, 22])
def test_scenes_without_comparison_are_captures(scene: int) -> None:
    assert read_one(faces(scene)).kind is AlarmKind.FACE_CAPTURED


@pytest.mark.parametrize(
    ("inner", "kind", "hit"),
    [
        ({"target_lib_type": 1, "match_type": 1}, AlarmKind.FACE_BLACKLISTED, True),
        ({"target_lib_type": 2, "match_type": 1}, AlarmKind.FACE_RECOGNIZED, True),
        ({"target_lib_type": 0, "match_type": 1}, AlarmKind.FACE_RECOGNIZED, True),
        ({"target_lib_type": 1}, AlarmKind.FACE_BLACKLISTED, True),
        (
            {"target_lib_type": 1, "target_lib_name": "白名单"},
            AlarmKind.FACE_RECOGNIZED,
            True,
        ),
        (
            {"target_lib_type": 2, "target_lib_name": "Blacklist"},
            AlarmKind.FACE_BLACKLISTED,
            True,
        ),
        ({"target_lib_type": 1, "match_type": 0}, AlarmKind.FACE_STRANGER, False),
        ({"target_lib_type": 0}, AlarmKind.FACE_STRANGER, False),
        ({"match_type": 0}, AlarmKind.FACE_STRANGER, False),
        ({}, AlarmKind.FACE_CAPTURED, False),
    ],
)
def test_a_comparison_tells_who_it_is(
    inner: dict[str, Any], kind: AlarmKind, hit: bool
) -> None:
    more = {
        "target_lib_name": "Staff",
        "target_matchrate": 91,
        "target_match": url("lib"),
        **({"target_lib_recordid": 12} if hit else {}),
    }
    found = read_one(faces(2, {**more, **inner}))
    assert found.kind is kind
    assert found.matches == (
        (
            Match(
                person_id="12",
                name="",
                library=inner.get("target_lib_name", "Staff"),
                similarity=91.0,
            ),
        )
        if hit
        else ()
    )
    roles = [each.role for each in found.pictures]
    assert (PictureRole.LIBRARY in roles) is hit


def test_feature_vectors_and_card_numbers_go_nowhere() -> None:
    found = read_one(faces(2, {"target_cap_feature": "c2VjcmV0"}))
    text = repr(found) + repr(found.targets[0].attributes)
    assert "c2VjcmV0" not in text
    assert "0123456789abcdef" not in text


@pytest.mark.parametrize("taken", [51767620, 1631497728392, 2**64 - 1, "soon", None])
def test_a_camera_with_a_wrong_clock_is_not_believed(taken: Any) -> None:
    body = faces(target_pic_time=taken)
    body["data"]["target"]["target_pic_time"] = taken
    assert read_one(body).time == datetime(2023, 2, 16, 1, 49, 56, tzinfo=UTC)


# Vehicles


def test_a_vehicle_of_the_manual() -> None:
    found = read_one(vehicle())
    assert found.kind is AlarmKind.PLATE_RECOGNIZED
    assert found.code == "itgt_type_7"
    assert found.time == datetime(2023, 2, 13, 1, 42, 5, 274000, tzinfo=UTC)
    (target,) = found.targets
    assert (target.type, target.plate) == ("vehicle", "浙A12345")
    assert target.box == Box(0.3218, 0.0111, 0.6303, 0.3513)
    assert target.attributes == {
        "vehicle_type": "hatchback",
        "color": "grey",
        "brand": "Skoda",
        "model": "明锐",
        "model_years": "2010",
        "plate_color": "white_on_blue",
        "plate_type": "single_row_blue",
        "direction": "down",
        "lane": 2,
    }
    assert [role for role, _ in pictures(found)] == [
        PictureRole.SCENE,
        PictureRole.TARGET,
        PictureRole.TARGET,
    ]
    assert "浙A12345" not in repr(found)


@pytest.mark.parametrize("plate", ["", "无车牌", "Unknown", None])
def test_a_vehicle_without_a_plate(plate: Any) -> None:
    found = read_one(vehicle(inner={"plate_char": plate}, plate_char=plate))
    assert found.kind is AlarmKind.VEHICLE_DETECTED
    assert found.targets[0].plate is None


@pytest.mark.parametrize(
    ("record", "kind"),
    [
        (44, AlarmKind.ILLEGAL_PARKING),
        (48, AlarmKind.TRAFFIC_VIOLATION),
        (50, AlarmKind.TRAFFIC_JAM),
        (52, AlarmKind.VEHICLE_BLACKLISTED),
    ],
)
def test_an_offence_is_more_than_a_vehicle(record: int, kind: AlarmKind) -> None:
    found = read_one(vehicle(inner={"trecord_type": record}))
    assert (found.kind, found.code) == (kind, f"trecord_type_{record}")
    assert read_one(checkpoint(trecord_type=record)).kind is kind


def test_the_misprinted_record_type_is_read() -> None:
    body = vehicle(inner={"trecored_type": 48})
    del body["data"]["target"]["trecord_type"]
    assert read_one(body).kind is AlarmKind.TRAFFIC_VIOLATION


def test_a_pedestrian() -> None:
    body = vehicle(
        6,
        {"human_view": 1, "human_feature": {"view": 131072}},
        target_all_pic_url=url("0004"),
        human_gender=1,
        human_age=2,
        human_uppercolor=2,
        human_lowstyle=1,
        human_mouthmask=1,
        human_hair=0,
        human_pos={"x_cor": 1000, "y_cor": 1000, "width": 1000, "height": 5000},
    )
    found = read_one(body)
    assert found.kind is AlarmKind.PERSON_DETECTED
    (person,) = found.targets
    assert person.box == Box(0.1, 0.1, 0.2, 0.6)
    assert person.attributes == {
        "gender": "male",
        "age_group": "young_adult",
        "upper_color": "blue",
        "lower_style": "trousers",
        "mask": False,
        "view": "front",
    }


@pytest.mark.parametrize("scene", [8, 53])
def test_a_cycle_with_its_rider(scene: int) -> None:
    body = vehicle(
        scene,
        {"vehicle_type_ext": 40, "human_gender": 2},
        rider_num=2,
        has_helmet=False,
        rider_gender=1,
        has_motor_carry=True,
    )
    found = read_one(body)
    assert found.kind is AlarmKind.CYCLE_DETECTED
    cycle, person = found.targets
    assert cycle.type == "cycle"
    assert cycle.attributes == {
        "cycle_type": "electric_bike",
        "riders": 2,
        "helmet": False,
        "rider_gender": "male",
        "carrying": True,
    }
    assert person.attributes == {"gender": "female"}


def test_vehicles_that_are_called_targets_are_vehicles() -> None:
    body = vehicle()
    body["message_type"] = "target_data"
    assert read_one(body).kind is AlarmKind.PLATE_RECOGNIZED


# Heads and shoulders


def test_crowds_and_lines_are_counted() -> None:
    crowd = {
        "human_count_all_in_num": 12,
        "human_count_all_out_num": 0,
        "human_time_start": 18446744073696131378,
        "people_num": 3,
        "pic_snapshot_timems": 51767620,
        "target_type": 12,
    }
    found = read_one(nested("head_shoulder_data", [crowd], 9))
    assert found.kind is AlarmKind.PEOPLE_COUNTED
    assert found.counts == Counts(entered=12, left=0, inside=3)
    assert found.code == "target_type_12"
    assert found.time == datetime(2023, 2, 19, 16, 17, 11, tzinfo=UTC)
    assert not found.pictures


@pytest.mark.parametrize("kind", ["head_shoulder_data", "head_should_data"])
def test_a_queue_is_a_reading_and_no_alarm(kind: str) -> None:
    rows = [
        {"queue_time": 0, "shoulder_num": 4, "target_type": 13},
        {"queue_time": 0, "shoulder_num": 2, "target_type": 13},
    ]
    told = read(nested(kind, rows, 11))
    assert not told.alarms
    assert told.queues == {f"{DEVICE}_0": 6}


def test_targets_one_level_up_are_found() -> None:
    body = nested("head_shoulder_data", [], 9)
    data = body["data"]
    del data["data"]["targets"]
    data["targets"] = [{"people_num": 1, "target_type": 12}]
    assert read_one(body).counts == Counts(inside=1)


# Behaviour


def test_a_behaviour_of_the_manual() -> None:
    found = read_one(behaviour(16))
    assert found.kind is AlarmKind.INTRUSION
    assert found.code == "obj_status_16"
    assert found.id == "167682343135900410410000rwnwv040:16"
    assert pictures(found) == [(PictureRole.SCENE, url("0001"))]
    (target,) = found.targets
    assert (target.type, target.box) == ("person", Box(0.4804, 0.3819, 0.6932, 0.9992))
    # The clock of the camera stands in 2021.
    assert found.time == datetime(2023, 2, 19, 16, 17, 11, tzinfo=UTC)


def test_several_states_are_several_alarms() -> None:
    told = read(behaviour(1 | 32 | 512))
    assert [each.kind for each in told.alarms] == [
        AlarmKind.LOITERING,
        AlarmKind.REGION_ENTERED,
    ]
    assert len({each.id for each in told.alarms}) == 2


def test_without_a_state_the_rule_tells() -> None:
    found = read_one(behaviour(0, rule=7))
    assert (found.kind, found.code) == (AlarmKind.FAST_MOVING, "rule_type_7")


def test_an_unknown_rule_arrives_with_its_code() -> None:
    found = read_one(behaviour(0, rule=99))
    assert (found.kind, found.code) == (AlarmKind.OTHER, "rule_type_99")


@pytest.mark.parametrize(
    "common",
    [
        {"meta_type_mask": 8},
        {"meta_type_mask": 1, "target_time_domain_info": 0},
    ],
)
def test_keep_alives_and_boxes_of_live_video_are_no_alarms(
    common: dict[str, int],
) -> None:
    rows = [{"obj_id": 1, "obj_status": 16, "target_type": 21}]
    assert read(nested("behavior_analysis_data", rows, 4, **common)) == Message()


# Checkpoints and third parties


def test_a_checkpoint_of_the_manual() -> None:
    found = read_one(checkpoint())
    assert found.kind is AlarmKind.PLATE_RECOGNIZED
    assert found.id == "167687231972200300350000kcxdq130"
    (target,) = found.targets
    assert target.plate == "浙A306B1"
    assert target.attributes == {
        "vehicle_type": "sedan",
        "color": "grey",
        "brand": "Nissan",
        "model": "轩逸",
        "model_years": "2009_2012",
        "plate_color": "white_on_blue",
        "plate_type": "single_row_blue",
        "plate_confidence": 97,
        "direction": "down",
        "lane": 3,
        "driver_belt": True,
        "driver_phoning": False,
        "driver_sun_visor": False,
    }
    assert {reference for _, reference in pictures(found)} == {
        url("0001"),
        url("0002"),
        url("0032"),
    }


def test_traffic_is_a_reading() -> None:
    told = read(
        checkpoint(
            target_type=52,
            microport_traffic_statistics=1,
            statistics_lane_index=2,
            statistics_vehicle_count=4,
            statistics_average_speed=37,
        )
    )
    assert not told.alarms
    assert told.traffic == (
        Traffic(channel=f"{DEVICE}_0", lane=2, vehicles=4, speed=37),
    )


def test_third_party_data_are_passed_on_as_they_are() -> None:
    data = {
        "device_id": DEVICE,
        "channel_id": "1",
        "report_time": "2023-02-13T09:57:41+08:00",
        "tlv_data": "TUVUQQ==",
    }
    found = read_one(message("third_data", data))
    assert (found.kind, found.code) == (AlarmKind.THIRD_PARTY, "third_data")
    assert found.targets[0].attributes == {"tlv_data": "TUVUQQ=="}
    assert found.id == "1676021851965927899"
    big = read_one(message("third_data", {**data, "tlv_data": "A" * 1_000_000}))
    assert not big.targets


@pytest.mark.parametrize("missing", ["device_id", "channel_id"])
def test_data_of_no_channel_say_nothing(missing: str) -> None:
    assert read(faces(**{missing: ""})) == Message()


@pytest.mark.parametrize(
    "box",
    [
        {"x_cor": 20000, "y_cor": 0, "width": 10, "height": 10},
        {"x_cor": -5, "y_cor": -5, "width": 2, "height": 2},
        {"x_cor": 5, "y_cor": 5, "width": 0, "height": 10},
        {"x_cor": "a", "y_cor": 5, "width": 10, "height": 10},
        {"width": 10, "height": 10},
        [1, 2, 3, 4],
        "box",
    ],
)
def test_an_absurd_box_is_none(box: Any) -> None:
    body = faces(target_pos=box, human_pos=box)
    assert all(each.box is None for each in read_one(body).targets)


@pytest.mark.parametrize("address", ["file:///etc/passwd", "x", 5, "http" * 3000, None])
def test_what_is_no_address_is_no_picture(address: Any) -> None:
    body = faces(panorama_url=address, target_url=address, target_all_pic_url=address)
    assert not read_one(body).pictures


def test_the_tables_of_the_appendix_are_whole() -> None:
    assert {name: len(table) for name, table in TABLES.items()} == {
        "plate_color": 15,
        "vehicle_type": 41,
        "vehicle_color": 14,
        "brand": 231,
        # Unknown is left out.
        "plate_type": 62,
    }


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
_SAMPLES = (
    alarm(target={"target_id": "1"}),
    status("login", video_channel=[{"channel_id": "1"}]),
    faces(2),
    vehicle(),
    behaviour(16),
    checkpoint(),
    nested("head_shoulder_data", [{"target_type": 13, "shoulder_num": 1}]),
)


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_no_message_is_a_fault(data: st.DataObject) -> None:
    """Whatever stands in a field, a message is understood or malformed."""
    body = json.loads(json.dumps(data.draw(st.sampled_from(_SAMPLES))))
    place: Any = body["data"]
    while True:
        key = data.draw(st.sampled_from(sorted(place)))
        value = place[key]
        if isinstance(value, dict) and value and data.draw(st.booleans()):
            place = value
            continue
        place[key] = data.draw(_JSON)
        break
    with suppress(MalformedMessage):
        read(body)
