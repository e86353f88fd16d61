"""Alarms and device states as alarms, and what their codes mean."""

from collections.abc import Collection
from datetime import UTC, datetime
import json
from typing import Any

import pytest

from custom_components.vision_hub.vendors.huawei.alarms import (
    ALARM_TYPES,
    OBJECT_STATES,
    RECORD_TYPES,
    RULE_TYPES,
    Message,
)
from custom_components.vision_hub.vendors.huawei.hub.push import read_message
from custom_components.vision_hub.vendors.huawei.messages import opened
from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.model import (
    Alarm,
    Counts,
    Match,
    Phase,
    PictureRole,
)

from .samples import DEVICE, alarm, face_alarm, message, status, video_channel

NOW = datetime(2024, 5, 1, tzinfo=UTC)

# Table 10-15, and what table 11.8 adds.
CODES = [
    "motion_detection",
    "human_detection",
    "abandon_alarm",
    "removed_alarm",
    "lift_electric_alarm",
    "electric_bicycle_alarm",
    "illegal_parking_alarm",
    "fire_detect_alarm",
    "io_event",
    "disk_failure",
    "device_offline",
    "target_alarm",
    "target_high_frequency_alarm",
    "mask_alarm",
    "people_queue_alarm",
    "people_count_region_alarm",
    "people_count_line_alarm",
    "people_leave_station_alarm",
    "over_line_alarm",
    "region_invasion_alarm",
    "region_in_alarm",
    "region_out_alarm",
    "occlusion_alarm",
    "fast_move_alarm",
    "linger_alarm",
    "beh_parking_detection",
    "thirdparty_intelligent",
    "face_alarm",
]


def read(body: Any, *channels: str) -> Message:
    def channels_of(device: str) -> Collection[str]:
        return channels if device == DEVICE else ()

    return read_message(opened(json.dumps(body).encode()), channels_of, NOW)


def read_one(body: Any, *channels: str) -> Alarm:
    (only,) = read(body, *channels).alarms
    return only


@pytest.mark.parametrize("code", CODES)
def test_every_alarm_type_has_a_kind(code: str) -> None:
    found = read_one(alarm(alarm_type=code))
    assert found.kind is not AlarmKind.OTHER
    assert found.code == code


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        (RECORD_TYPES, range(61)),
        (RULE_TYPES, range(24)),
        (OBJECT_STATES, [1 << bit for bit in range(9)]),
    ],
)
def test_every_code_of_the_appendix_has_a_kind(
    table: dict[int, AlarmKind], codes: Collection[int]
) -> None:
    assert set(table) == set(codes)
    assert AlarmKind.OTHER not in table.values()


def test_there_is_no_code_that_the_manual_does_not_have() -> None:
    assert set(ALARM_TYPES) == set(CODES)


def test_an_unknown_code_arrives_verbatim() -> None:
    found = read_one(alarm(alarm_type="new_alarm"))
    assert (found.kind, found.code) == (AlarmKind.OTHER, "new_alarm")


def test_an_alarm_of_the_manual() -> None:
    found = read_one(alarm())
    assert found.id == f"{DEVICE}_0_abandon_alarm_20230210142011_162"
    assert found.channel == f"{DEVICE}_0"
    assert found.channel_name == "Gate"
    assert found.kind is AlarmKind.OBJECT_LEFT
    assert found.time == datetime(2023, 2, 10, 6, 20, 11, tzinfo=UTC)
    assert found.phase is Phase.STARTED
    assert [(each.role, each.reference) for each in found.pictures] == [
        (PictureRole.SCENE, f"alarm:{found.id}")
    ]


def test_an_end_would_be_another_message_of_the_same_alarm() -> None:
    ended = read_one(alarm(alarm_status="stop"))
    assert ended.phase is Phase.ENDED
    assert ended.id == f"{read_one(alarm()).id}:ended"
    assert not ended.pictures


def test_an_input_names_its_port_and_has_no_picture() -> None:
    found = read_one(alarm(alarm_type="io_event", alarm_type_name="Local<-3"))
    assert (found.kind, found.task) == (AlarmKind.INPUT_TRIGGERED, "Local<-3")
    assert not found.pictures


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("烟雾", AlarmKind.SMOKE),
        ("HelmetDetection", AlarmKind.NO_HELMET),
        ("甲乙丙", AlarmKind.THIRD_PARTY),
        ("", AlarmKind.THIRD_PARTY),
    ],
)
def test_the_algorithm_of_somebody_else_is_what_its_name_says(
    name: str, kind: AlarmKind
) -> None:
    found = read_one(
        alarm(
            classification="THIRDPARTY_INTELLIGENT",
            alarm_type="thirdparty_intelligent",
            alarm_type_name=name,
        )
    )
    assert (found.kind, found.task) == (kind, name or None)
    assert found.code == "thirdparty_intelligent"


@pytest.mark.parametrize(
    ("code", "name", "classification", "kind"),
    [
        ("gas_leak_alarm", "", "ALARM", AlarmKind.GAS_LEAK),
        ("device_ai_17", "烟火检测", "ALARM", AlarmKind.FIRE),
        ("smoking_detection", "算法17", "ALARM", AlarmKind.SMOKING),
        ("beh_17", "", "PERIMETER", AlarmKind.INTRUSION),
        ("beh_17", "", "ALARM", AlarmKind.OTHER),
    ],
)
def test_words_tell_what_the_table_does_not(
    code: str, name: str, classification: str, kind: AlarmKind
) -> None:
    found = read_one(
        alarm(alarm_type=code, alarm_type_name=name, classification=classification)
    )
    assert (found.kind, found.code) == (kind, code)


@pytest.mark.parametrize(
    ("classification", "kind"),
    [("PERIMETER", AlarmKind.OBJECT_LEFT), ("ALARM", AlarmKind.TAMPERED)],
)
def test_occlusion_is_a_left_object_where_the_table_says_so(
    classification: str, kind: AlarmKind
) -> None:
    body = alarm(alarm_type="occlusion_alarm", classification=classification)
    assert read_one(body).kind is kind


def test_flow_statistics_bring_counts() -> None:
    found = read_one(
        alarm(
            alarm_type="customer_flow_statistics_alarm",
            enter_count=5,
            leave_count="3",
            repeat_count=1,
        )
    )
    assert found.kind is AlarmKind.PEOPLE_COUNTED
    assert found.counts == Counts(entered=5, left=3)
    assert found.targets[0].attributes == {"repeated": 1}


def test_a_person_who_is_recognised() -> None:
    found = read_one(face_alarm())
    assert found.kind is AlarmKind.FACE_RECOGNIZED
    assert found.matches == (
        Match(
            person_id="7",
            name="Li Lei",
            library_id=f"{DEVICE}_4",
            library="Staff",
            similarity=93.0,
        ),
    )
    assert found.targets[0].type == "face"
    assert found.targets[0].attributes == {
        "age": 50,
        "age_group": "middle_aged",
        "gender": "male",
        "appearances": 21,
    }
    assert [each.role for each in found.pictures] == [
        PictureRole.SCENE,
        PictureRole.LIBRARY,
    ]


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ({"target_alarm_type": "黑名单"}, AlarmKind.FACE_BLACKLISTED),
        ({"targetgroup_name": "Blacklist"}, AlarmKind.FACE_BLACKLISTED),
        ({"targetgroup_name": "Block A"}, AlarmKind.FACE_RECOGNIZED),
        ({"targetgroup_name": "Black Forest"}, AlarmKind.FACE_RECOGNIZED),
        (
            {"targetgroup_name": "白名单", "target_alarm_type": "黑名单"},
            AlarmKind.FACE_RECOGNIZED,
        ),
        ({"target_id": "-1", "target_alarm_type": "陌生人"}, AlarmKind.FACE_STRANGER),
        ({"target_id": -1}, AlarmKind.FACE_STRANGER),
        ({"target_alarm_type": "陌生人"}, AlarmKind.FACE_STRANGER),
        ({}, AlarmKind.FACE_RECOGNIZED),
    ],
)
def test_lists_tell_what_a_face_is(target: dict[str, Any], kind: AlarmKind) -> None:
    assert read_one(face_alarm(**target)).kind is kind


def test_a_stranger_is_no_match() -> None:
    found = read_one(face_alarm(target_id="-1"))
    assert not found.matches
    assert [each.role for each in found.pictures] == [PictureRole.SCENE]


def test_a_target_beside_another_classification_is_read() -> None:
    body = face_alarm(target_id="-1", age=0)
    body["data"] |= {"classification": "TARGET_DET", "alarm_type": "mask_alarm"}
    found = read_one(body)
    assert found.kind is AlarmKind.NO_MASK
    assert "age" not in found.targets[0].attributes


@pytest.mark.parametrize("similarity", [-3, 100000, "nan", None, [], "x"])
def test_an_absurd_similarity_loses_no_alarm(similarity: Any) -> None:
    (match,) = read_one(face_alarm(similarity=similarity)).matches
    assert match.similarity is None or 0 <= match.similarity <= 100


@pytest.mark.parametrize(
    "told",
    ["", "yesterday", "0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-12:00", 5],
)
def test_an_absurd_time_is_now(told: Any) -> None:
    assert read_one(alarm(alarm_time=told)).time == NOW


def test_a_time_without_a_zone_is_beijing() -> None:
    found = read_one(alarm(alarm_time="2023-02-10 14:20:11"))
    assert found.time == datetime(2023, 2, 10, 6, 20, 11, tzinfo=UTC)


def test_wrong_types_lose_no_alarm() -> None:
    body = alarm(
        device_name=[1],
        channel_name={},
        target="nobody",
        enter_count={},
        alarm_status=3,
        alarm_type_name=None,
    )
    assert read_one(body).kind is AlarmKind.OBJECT_LEFT


@pytest.mark.parametrize("missing", ["device_id", "channel_id"])
def test_without_a_channel_it_is_about_the_account(missing: str) -> None:
    assert read_one(alarm(**{missing: ""})).channel is None


def test_an_absurd_name_is_shortened_alike() -> None:
    body = alarm(alarm_uuid="x" * 100_000, channel_name="y" * 100_000)
    found = read_one(body)
    assert len(found.id) <= 256
    assert len(found.channel_name or "") <= 256
    assert read_one(body).id == found.id


def test_secrets_are_not_shown() -> None:
    assert "Li Lei" not in repr(opened(json.dumps(face_alarm()).encode()))
    assert "Li Lei" not in repr(read_one(face_alarm()))


# Devices and channels


def test_a_recorder_that_goes_takes_its_channels_along() -> None:
    told = read(
        status("logout", online_time=1077, offline_reason_type="TMOUT"),
        f"{DEVICE}_1",
        f"{DEVICE}_2",
    )
    assert told.changed
    assert [(each.channel, each.phase) for each in told.alarms] == [
        (f"{DEVICE}_1", Phase.STARTED),
        (f"{DEVICE}_2", Phase.STARTED),
    ]
    assert {each.kind for each in told.alarms} == {AlarmKind.CHANNEL_OFFLINE}
    assert told.alarms[0].targets[0].attributes == {"reason": "tmout"}
    assert len({each.id for each in told.alarms}) == 2


def test_an_unknown_device_has_one_channel() -> None:
    assert read_one(status("logout")).channel == f"{DEVICE}_0"


def test_a_device_that_comes_tells_which_channels_it_has() -> None:
    told = read(
        status("login", video_channel=[video_channel("7", 1), video_channel("8", 0)]),
        f"{DEVICE}_9",
    )
    assert [(each.channel, each.phase) for each in told.alarms] == [
        (f"{DEVICE}_7", Phase.ENDED),
        (f"{DEVICE}_8", Phase.STARTED),
    ]


def test_a_device_that_comes_without_channels_is_whole() -> None:
    found = read_one(status("login"), f"{DEVICE}_3")
    assert (found.channel, found.phase) == (f"{DEVICE}_3", Phase.ENDED)


@pytest.mark.parametrize(("state", "phase"), [(0, Phase.STARTED), (1, Phase.ENDED)])
def test_a_channel_comes_and_goes(state: int, phase: Phase) -> None:
    told = read(
        status("channel_state_notice", video_channel=[video_channel("14", state)])
    )
    (found,) = told.alarms
    assert (found.channel, found.phase) == (f"{DEVICE}_14", phase)
    assert found.channel_name == "Hall"
    assert found.time == datetime(2023, 2, 13, 12, 43, 47, tzinfo=UTC)
    assert told.changed


def test_the_mis_nested_sample_is_read() -> None:
    body = status("channel_state_notice")
    body["data"]["param"] |= video_channel("14", 0)
    del body["data"]["param"]["video_channel"]
    assert read_one(body).channel == f"{DEVICE}_14"


@pytest.mark.parametrize("state", [None, 7, "gone"])
def test_an_unknown_state_only_asks_for_a_look(state: Any) -> None:
    told = read(
        status("channel_state_notice", video_channel=[video_channel("14", state)])
    )
    assert not told.alarms
    assert told.changed


@pytest.mark.parametrize(
    "method", ["channel_name_notice", "offline_reason_notice", "something_new"]
)
def test_other_notices_only_ask_for_a_look(method: str) -> None:
    told = read(status(method, video_channel=[video_channel("1", 1)]))
    assert told == Message(changed=True)


def test_an_upgrade_tells_what_became_of_it() -> None:
    files = [{"file_type": 0, "package_name": "base", "status": "success"}]
    found = read_one(
        status(
            "upgrade_result",
            overall_upgrade_status="success",
            video_channel=[video_channel("1", 1, status_list=files)],
        )
    )
    assert (found.kind, found.channel) == (AlarmKind.HUB_UPGRADED, None)
    assert found.targets[0].attributes == {"base": "success", "status": "success"}


@pytest.mark.parametrize(
    "kind",
    [
        "DELETE_DEVICE",
        "UNBIND_DEVICE",
        "UNBIND_MANAGE",
        "UNBIND_MOTION",
        "UNBIND_NORMAL",
        "UNBIND_DATAFLOW",
    ],
)
def test_what_is_unbound_asks_for_a_look(kind: str) -> None:
    devices = [{"device_id": DEVICE, "channel_id": "0", "message": None}]
    told = read(message("device_unbind", {"message_type": kind, "devices": devices}))
    assert told == Message(changed=True)


def test_an_unknown_message_says_nothing() -> None:
    assert read(message("weather_data", {"rain": True})) == Message()
