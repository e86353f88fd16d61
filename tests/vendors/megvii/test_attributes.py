"""Both codings of faces, and everything else that is recognised."""

from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.vision_hub.vendors.megvii import attributes
from custom_components.vision_hub.vendors.megvii.attributes import (
    FaceSet,
    attributes_of,
    plate_of,
    type_of,
)

from .samples import FACE_A, FACE_B


def test_both_codings_say_the_same() -> None:
    common = {
        "age": 31,
        "gender": "male",
        "hair": "short",
        "beard": False,
        "hat": "safety_helmet",
        "mask": False,
        "glasses": "sunglasses",
    }
    assert attributes_of({"faceAttr": FACE_A}, FaceSet.A) == common
    assert attributes_of({"faceAttr": FACE_B}, FaceSet.B) == {
        **common,
        "hat_color": "white",
    }


@pytest.mark.parametrize("told", [FACE_A, FACE_B])
def test_keys_tell_the_coding_whatever_the_transport(told: dict[str, Any]) -> None:
    a = attributes_of({"faceAttr": told}, FaceSet.A)
    assert a == attributes_of({"faceAttr": told}, FaceSet.B)
    assert a["gender"] == "male"


@pytest.mark.parametrize(
    ("faces", "code", "gender"),
    [
        (FaceSet.A, 0, "male"),
        (FaceSet.A, 1, "female"),
        (FaceSet.A, 2, None),
        (FaceSet.B, 0, None),
        (FaceSet.B, 1, "male"),
        (FaceSet.B, 2, "female"),
    ],
)
def test_gender_depends_on_the_transport(
    faces: FaceSet, code: int, gender: str | None
) -> None:
    assert attributes_of({"faceAttr": {"gender": code}}, faces).get("gender") == gender


@pytest.mark.parametrize(
    ("wears", "kind", "said"),
    [
        (1, 16, "medical"),
        (1, 19, True),
        (2, 16, False),
        (0, 16, None),
        ("1", "20", "transparent"),
    ],
)
def test_masks(wears: Any, kind: Any, said: Any) -> None:
    mask = {"respirator": {"respiratorWear": wears, "respiratorType": kind}}
    assert attributes_of({"faceAttr": mask}).get("mask") == said


def test_the_eye_that_is_seen_tells() -> None:
    glasses = {"glassLeftWear": 2, "glassRightWear": 16}
    assert attributes_of({"faceAttr": {"glasses": glasses}})["glasses"] is False
    glasses = {"glassLeftWear": 1, "glassLeftType": 34, "glassRightWear": 18}
    assert attributes_of({"faceAttr": {"glasses": glasses}})["glasses"] == "clear"


def test_humans() -> None:
    told = {
        "clothes": {"clothesColor": 4, "clothesSleeve": 33},
        "pants": {"pantsColor": 8, "pantsLen": 34, "pantsSkirt": 50},
        "bags": {"bagCarry": 1, "bagType": 0b01010},
        "rideBike": 2,
        "umbrella": 1,
        "gender": 2,
        "hair": 4,
        "hat": {"hatWear": 2, "hatColor": 17, "hatType": 51},
        "safetyHelmet": {"safetyHelmetWear": 1, "safetyHelmetColor": 18},
        "action": {
            "actionTumble": 1,
            "actionSmoke": 18,
            "actionRun": 33,
            "actionCalling": 48,
            "actionWatchPhone": 65,
        },
    }
    assert attributes_of(
        {"humanAttr": told, "movingStatus": 2, "movingDirection": 5}
    ) == {
        "gender": "female",
        "hair": "long",
        "upper_color": "red",
        "sleeves": "long",
        "lower_color": "dark_blue",
        "lower_length": "short",
        "skirt": False,
        "bag": "backpack, handbag",
        "riding": False,
        "umbrella": True,
        "hat": False,
        "safety_helmet": True,
        "safety_helmet_color": "other",
        "fallen": True,
        "smoking": False,
        "running": True,
        "watching_phone": True,
        "moving": True,
        "direction": "up_left",
    }


@pytest.mark.parametrize(
    ("bags", "said"),
    [
        ({"bagCarry": 2, "bagType": 2}, False),
        ({"bagCarry": 1, "bagType": 1}, True),
        ({"bagCarry": 1}, True),
        ({"bagCarry": 0}, None),
    ],
)
def test_bags(bags: dict[str, Any], said: Any) -> None:
    assert attributes_of({"humanAttr": {"bags": bags}}).get("bag") == said


def test_vehicles_cycles_and_plates() -> None:
    vehicle = {
        "subClass": 1,
        "brand": 0,
        "color": 0x200E,
        "orientation": 0x2021,
        "brandname": "保时捷_Cayenne_06年款",
    }
    assert attributes_of({"vehicleAttr": vehicle}) == {
        "vehicle_type": "car",
        "color": "champagne",
        "orientation": "rear",
        "brand": "保时捷_Cayenne_06年款",
    }
    assert attributes_of({"cycleAttr": {"subClass": 2, "bindingCount": 2}}) == {
        "cycle_type": "electric_bike",
        "riders": 2,
    }
    plate = {"plateAttr": {"type": 0, "color": 5, "num": " 京A12345 "}}
    assert attributes_of(plate) == {
        "plate_color": "small_new_energy",
        "plate_type": "single_row",
    }
    assert plate_of(plate) == "京A12345"


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"objType": "human"}, "person"),
        ({"objType": "motorVehicle"}, "vehicle"),
        ({"objType": "drone"}, None),
        ({"plateAttr": {}}, "plate"),
        ({}, None),
    ],
)
def test_types(fields: dict[str, Any], kind: str | None) -> None:
    assert type_of(fields) == kind


ROOTS = ("faceAttr", "humanAttr", "vehicleAttr", "cycleAttr", "plateAttr")


@given(
    st.dictionaries(
        st.sampled_from(ROOTS),
        st.recursive(
            st.none()
            | st.booleans()
            | st.integers()
            | st.floats()
            | st.text(max_size=3),
            lambda each: (
                st.dictionaries(
                    st.sampled_from(
                        [*FACE_B, "clothes", "bags", "action", "color", "num"]
                    ),
                    each,
                )
                | st.lists(each, max_size=2)
            ),
            max_leaves=12,
        ),
    )
)
def test_nonsense_is_left_out(fields: dict[str, Any]) -> None:
    for faces in FaceSet:
        for value in attributes_of(fields, faces).values():
            assert isinstance(value, bool | int | str)


def test_no_code_means_two_things() -> None:
    tables = {
        name: table
        for name, table in vars(attributes).items()
        if name.endswith(("_A", "_B")) or name in ("DOOR", "DIRECTION")
    }
    assert len(tables) > 15
    for name, table in tables.items():
        assert len(set(table.values())) == len(table), name
