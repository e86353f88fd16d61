"""Intelligent data of every family and scene (10.1.4.5), and their contradictions."""

import base64
from collections.abc import Callable
import re
from typing import Any

import pytest

from simulators.huawei import HuaweiCloud
from simulators.huawei.behavior_rules import STATUS_OF, Rule
from simulators.huawei.checkpoint_data import CheckpointScene
from simulators.huawei.head_shoulder_data import CountScene
from simulators.huawei.target_data import Face, TargetScene
from simulators.huawei.vehicle_data import VehicleScene
from simulators.push_delivery import Push

from .client import Client
from .listener import Listener


@pytest.fixture
async def heard(client: Client, listener: Listener) -> Listener:
    await listener.subscribe(client)
    return listener


async def _pictures(client: Client, value: Any) -> int:
    """Fetch every picture that a message names; return how many there are."""
    if isinstance(value, list):
        return sum([await _pictures(client, item) for item in value])
    if isinstance(value, dict):
        return sum([await _pictures(client, item) for item in value.values()])
    if not isinstance(value, str) or not value.startswith("http"):
        return 0
    answer = await client.fetch(value, token=True)
    assert (answer.status, answer.raw[:2]) == (200, b"\xff\xd8")
    return 1


def _checked(data: dict[str, Any], bits: int) -> None:
    assert re.fullmatch(r"\d{13}\d{4}\d{3}\d{4}[a-z]{5}\d{3}", data["data_id"])
    assert int(data["data_id"][17:20]) == bits
    assert data["report_time"].endswith("+08:00")


@pytest.mark.parametrize("scene", list(TargetScene))
async def test_targets(
    heard: Listener, cloud: HuaweiCloud, client: Client, scene: TargetScene
) -> None:
    await cloud.target("person2", scene=scene, glasses=True)
    data = await heard.data()
    with_body = scene < TargetScene.MASTER_AND_SLAVES
    _checked(data, 7 if with_body else 5)
    assert data["itgt_type"] == data["target"]["target_type"] == scene
    assert (data["glasses"], data["gender"]) == ("true", "male")
    assert data["target"]["target_feature"]["glasses"] == 2
    assert ("target_cap_feature" in data) == (scene != TargetScene.ATTRIBUTES)
    assert ("target_lib_name" in data["target"]) == (scene == TargetScene.RECOGNITION)
    assert data["age_group"] == str(5) if "age" in data else data["age_group"]
    assert await _pictures(client, data) == (6 if with_body else 4)


async def test_strangers_and_black_lists(heard: Listener, cloud: HuaweiCloud) -> None:
    await cloud.target(gender="female", age=8)
    stranger = await heard.data()
    assert stranger["target"]["match_type"] == 0
    assert (stranger["gender"], stranger["age_group"]) == ("female", "4")
    await cloud.target("Viktor Brandt", similarity=88)
    banned = (await heard.data(2))["target"]
    assert (banned["match_type"], banned["target_lib_type"]) == (1, 1)
    assert (banned["target_lib_name"], banned["target_matchrate"]) == ("Banned", 88)


@pytest.mark.parametrize("scene", list(VehicleScene))
async def test_vehicles(
    heard: Listener, cloud: HuaweiCloud, client: Client, scene: VehicleScene
) -> None:
    await cloud.vehicle(scene=scene)
    data = await heard.data()
    assert data["itgt_type"] == data["target"]["target_type"] == scene
    bits = {6: 6, 7: 11, 8: 3, 53: 7}[scene]
    _checked(data, bits)
    assert ("plate_char" in data) == (scene == VehicleScene.MOTOR)
    assert ("human_pos" in data) == (scene in (6, 53))
    assert ("vehicle_pos" in data) == (scene != 6)
    assert ("riderman_feature" in data["target"]) == (scene == 8)
    assert await _pictures(client, data) == {6: 4, 7: 5, 8: 4, 53: 6}[scene]


async def test_plates(heard: Listener, cloud: HuaweiCloud) -> None:
    await cloud.vehicle("浙XTEST1", plate_color=5, color=7, brand=(81, "比亚迪"))
    data = await heard.data()
    assert (data["plate_char"], data["plate_color"]) == ("浙XTEST1", 5)
    assert (data["car_pre_brand"], data["target"]["car_pre_brand"]) == (81, "比亚迪")
    whole, relative = data["target"]["vehicle_pos_abs"], data["target"]["vehicle_pos"]
    assert whole["x"] == relative["x"] * 1280 // 10_000
    await cloud.vehicle("")
    assert (await heard.data(2))["target"]["plate_pic"] == ""


@pytest.mark.parametrize("scene", list(CountScene))
async def test_counts(heard: Listener, cloud: HuaweiCloud, scene: CountScene) -> None:
    await cloud.head_shoulder(scene, people=4, entered=2, left=1, queue_seconds=90)
    data = await heard.data()
    _checked(data, 0)
    inner = data["data"]
    (target,) = inner["targets"]
    assert target["target_type"] == scene
    index = inner["common"]["intelligent_target_index"]
    assert index == 1 << {12: 63, 13: 62, 15: 61}[scene]
    assert ("rule_area_pos" in inner["rule"]) == (scene == CountScene.QUEUE)
    if scene == CountScene.CROWD:
        assert (target["people_num"], inner["rule"]["rule_type"]) == (4, 9)
    elif scene == CountScene.QUEUE:
        assert (target["shoulder_num"], target["queue_time"]) == (4, 90)
    else:
        assert (target["human_count_in"], target["human_count_out"]) == (2, 1)


@pytest.mark.parametrize("rule", list(Rule))
async def test_behaviour(
    heard: Listener, cloud: HuaweiCloud, client: Client, rule: Rule
) -> None:
    await cloud.behavior(rule)
    data = await heard.data()
    _checked(data, 1)
    picture, thing = data["data"]["targets"]
    assert data["data"]["rule"]["rule_type"] == rule
    assert "obj_id" not in picture
    assert thing["obj_status"] == STATUS_OF.get(rule, 0)
    assert picture["panorama_pic_size"] > 10_000
    assert await _pictures(client, data) == 1


@pytest.mark.parametrize("scene", list(CheckpointScene))
async def test_checkpoints(
    heard: Listener, cloud: HuaweiCloud, client: Client, scene: CheckpointScene
) -> None:
    await cloud.checkpoint(
        "沪XTEST2",
        scene=scene,
        record=44,
        driver={"mfr_main_belt": 0},
        traffic={"statistics_vehicle_count": 12},
    )
    data = await heard.data()
    _checked(data, 35)
    (target,) = data["data"]["targets"]
    assert (target["plate_char"], target["trecord_type"]) == ("沪XTEST2", 44)
    assert target["mfr_main_belt"] == 0
    traffic = scene == CheckpointScene.TRAFFIC
    assert target.get("statistics_vehicle_count") == (12 if traffic else None)
    assert ("target_type" in data["data"]["common"]) == traffic
    assert await _pictures(client, data) == 3


async def test_third_parties(heard: Listener, cloud: HuaweiCloud) -> None:
    await cloud.third(b"raw")
    data = await heard.data()
    assert base64.b64decode(data["tlv_data"]) == b"raw"
    assert "data_id" not in data
    cloud.quirks.third_data_id = True
    await cloud.third()
    assert "data_id" in await heard.data(2)


type Happen = Callable[[HuaweiCloud], Any]


@pytest.mark.parametrize(
    ("quirk", "value", "happen", "found"),
    [
        (
            "head_should_data",
            True,
            lambda c: c.head_shoulder(),
            '"message_type": "head_should_data"',
        ),
        (
            "vehicles_as_target_data",
            True,
            lambda c: c.vehicle(),
            '"message_type": "target_data"',
        ),
        ("doubled_data", False, lambda c: c.behavior(), '"rule": {"rule_area_pos"'),
        ("targets_as_object", True, lambda c: c.head_shoulder(), '"targets": {'),
        ("shallow_targets", True, lambda c: c.behavior(), '"rule_type": 4}, "targets"'),
        ("table_names", True, lambda c: c.target(), '"taget_age"'),
        ("table_names", True, lambda c: c.head_shoulder(12), '"head_should_r_pos"'),
        ("table_names", True, lambda c: c.checkpoint(), '"mfr_main_sunvisor"'),
        ("table_names", True, lambda c: c.vehicle(scene=8), '"motor_type": 1, "motor'),
        ("misprints", True, lambda c: c.vehicle(), '"trecored_type"'),
        ("misprints", True, lambda c: c.checkpoint(), '"sdcc_uuid"'),
        (
            "attributes_by_table",
            True,
            lambda c: c.target(gender="male", age=30, mask=True, glasses=True),
            '"target_feature": {"glasses": 0, "gender": 2, "age": 30, "mouth_mask": 1',
        ),
        ("shifted_features", False, lambda c: c.vehicle(scene=6), '"glass": 1,'),
        ("shifted_features", True, lambda c: c.vehicle(scene=6), '"glass": 65536,'),
        ("scene_53_as_8", True, lambda c: c.vehicle(scene=53), '"itgt_type": 8'),
        ("crowd_as_count", False, lambda c: c.head_shoulder(12), '"rule_type": 10'),
        ("null_mask", True, lambda c: c.head_shoulder(12), '"meta_type_mask": null'),
        (
            "underflowing_times",
            True,
            lambda c: c.head_shoulder(12),
            '"human_time_start": 18446744073696131378',
        ),
    ],
)
async def test_quirks(
    heard: Listener,
    cloud: HuaweiCloud,
    quirk: str,
    value: bool,
    happen: Happen,
    found: str,
) -> None:
    setattr(cloud.quirks, quirk, value)
    push: Push = await happen(cloud)
    assert await push.delivered()
    text = heard.messages[0].raw.decode().replace('":', '": ').replace(',"', ', "')
    assert found in text


async def test_behaviour_ids_as_numbers(cloud: HuaweiCloud) -> None:
    cloud.quirks.behaviour_id_as_number = True
    push = await cloud.behavior()
    ids = [row["data_id"] for row in push.body["data"]["data"]["targets"]]
    assert all(isinstance(number, int) for number in ids)


@pytest.mark.parametrize(
    ("age", "number"), [(0, 0), (11, 4), (12, 1), (18, 2), (36, 5), (60, 3)]
)
def test_age_classes(age: int, number: int) -> None:
    box = (0, 0, 1, 1)
    assert Face(box, box, age=age).age_class == number
