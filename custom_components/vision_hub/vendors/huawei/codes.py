"""What intelligent data say about faces, bodies and vehicles, in one plain form (20.6).

`codes.json` has the tables of the appendix. Gender, glasses and clothes are coded in
several ways, so every field has its own. What is unknown, or coded in a way that table
and samples disagree on, is left out. What is absent is False.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson

from ..model import Attribute, Json
from ..toolkit.lenient import as_int, as_text

type Codes = Mapping[str, Attribute]

_MAX_TEXT: Final = 64

TABLES: Final[Mapping[str, Codes]] = orjson.loads(
    Path(__file__).with_name("codes.json").read_bytes()
)
"""Plate colours, vehicle types and colours, brands and plate types, by their codes."""

OBJECT_TYPES: Final[Mapping[int | None, str]] = {
    1: "vehicle",
    2: "person",
    96: "vehicle",
    97: "cycle",
    98: "person",
    128: "face",
    129: "person",
    130: "cycle",
    131: "vehicle",
    133: "vehicle",
    134: "person",
    135: "person",
    136: "vehicle",
}
"""`obj_type` of behaviour analysis, as far as it tells what was seen."""

_TRUTH: Final[Codes] = {"true": True, "false": False}
_YES_NO: Final[Codes] = {"1": False, "2": True}
_MARKED: Final[Codes] = {"0": False, "1": True}
_WORDS_GENDER: Final[Codes] = {"male": "male", "female": "female"}
_GENDER: Final[Codes] = {"1": "male", "2": "female"}
_LENGTH: Final[Codes] = {"long": "long", "short": "short"}
_AGES: Final[Codes] = {"1": "juvenile", "2": "young_adult", "3": "old"}
_FACE_AGES: Final[Codes] = {**_AGES, "4": "child", "5": "middle_aged"}
_WORDS_AGES: Final[Codes] = {
    "children": "child",
    "juvenile": "juvenile",
    "youths": "young_adult",
    "middle_age": "middle_aged",
    "old_age": "old",
}
_EXPRESSIONS: Final[Codes] = {
    word: word for word in ("smile", "anger", "sad", "normal", "surprised")
}
_SLEEVES: Final[Codes] = {"1": "long", "2": "short"}
_CLOTHES_COLOR: Final[Codes] = {
    "1": "black",
    "2": "blue",
    "3": "green",
    "4": "white_or_grey",
    "5": "yellow_orange_or_brown",
    "6": "red_pink_or_purple",
}
_LOWER: Final[Codes] = {"1": "trousers", "2": "shorts", "3": "skirt"}
_HAIR: Final[Codes] = {"1": "long", "2": "short", "3": "bald"}
_BUILD: Final[Codes] = {"1": "standard", "2": "heavy", "3": "thin"}
_TEXTURE: Final[Codes] = {"1": "plain", "2": "stripes", "3": "checks"}
_VIEW: Final[Codes] = {
    "1": "front",
    "2": "back",
    "3": "left",
    "4": "right",
}
_DIRECTION: Final[Codes] = {"1": "left", "2": "right", "3": "up", "4": "down"}


@dataclass(frozen=True, slots=True)
class _Field:
    """Where an attribute stands; numbers and texts have no codes."""

    name: str
    keys: tuple[str, ...]
    codes: Codes | None = None
    least: int | None = None


FACE: Final = (
    _Field("age", ("age", "target_age", "taget_age"), least=1),
    _Field("age_group", ("age_group", "target_age_group"), _FACE_AGES),
    _Field("gender", ("gender", "target_gender"), _WORDS_GENDER),
    _Field("glasses", ("glasses", "target_glass"), _TRUTH),
    _Field("hair", ("hair", "target_hair"), _LENGTH),
    _Field("hat", ("hat", "target_hat"), _TRUTH),
    _Field("mask", ("mouth_mask", "target_mouth_mask"), _TRUTH),
    _Field("expression", ("target_expression",), _EXPRESSIONS),
    _Field("visitor", ("visitor_type",), _MARKED),
    _Field("quality", ("quality_score", "target_quality_score"), least=0),
)
"""`target_data` (P2)."""

ALARM_FACE: Final = (
    _Field("age", ("age",), least=1),
    _Field("age_group", ("age_group",), _WORDS_AGES),
    _Field("gender", ("gender",), _WORDS_GENDER),
    _Field("appearances", ("appear_cnt",), least=1),
)
"""`target` of an alarm."""

BODY: Final = (
    _Field("age_group", ("human_age",), _AGES),
    _Field("gender", ("human_gender",), _GENDER),
    _Field("hair", ("human_hair",), _HAIR),
    _Field("build", ("human_shape",), _BUILD),
    _Field("upper_color", ("human_uppercolor", "human_upper_color"), _CLOTHES_COLOR),
    _Field("upper_texture", ("human_upper_texture",), _TEXTURE),
    _Field("sleeves", ("human_upperstyle", "human_upper_style"), _SLEEVES),
    _Field("lower_color", ("human_lowercolor", "human_lower_color"), _CLOTHES_COLOR),
    _Field("lower_style", ("human_lowstyle", "human_lower_style"), _LOWER),
    _Field("mask", ("human_mouthmask", "human_mouth_mask"), _YES_NO),
    _Field("umbrella", ("human_umbrella",), _YES_NO),
    _Field("carrying", ("human_carry",), _YES_NO),
    _Field("luggage", ("human_luggage",), _YES_NO),
    _Field("backpack", ("human_backpack",), _YES_NO),
    _Field("front_bag", ("human_frontpack",), _YES_NO),
    _Field("shoulder_bag", ("human_satchel",), _YES_NO),
    _Field("view", ("human_view",), _VIEW),
)
"""A pedestrian or rider of `vehicle_data` (P4)."""

CYCLE: Final = (
    _Field(
        "cycle_type",
        ("vehicle_type_ext", "vehicle_type"),
        {code: TABLES["vehicle_type"][code] for code in ("8", "36", "38", "39", "40")},
    ),
    _Field("riders", ("rider_num", "riderman_num"), least=0),
    _Field("rider_age_group", ("rider_age_range", "riderman_age"), _AGES),
    _Field("rider_gender", ("rider_gender", "riderman_gender"), _GENDER),
    _Field("helmet", ("has_helmet",), _TRUTH),
    _Field("sunshade", ("has_motor_sunshade",), _TRUTH),
    _Field("carrying", ("has_motor_carry",), _TRUTH),
    _Field("has_plate", ("has_license_plate",), _TRUTH),
)
"""A cycle of `vehicle_data`."""

VEHICLE: Final = (
    _Field(
        "vehicle_type", ("vehicle_type_ext", "vehicle_type"), TABLES["vehicle_type"]
    ),
    _Field("color", ("vehicle_color",), TABLES["vehicle_color"]),
    _Field("brand", ("car_pre_brand_index", "car_pre_brand"), TABLES["brand"]),
    _Field("model_years", ("car_year_brand",)),
    _Field("plate_color", ("plate_color",), TABLES["plate_color"]),
    _Field("plate_type", ("plate_type",), TABLES["plate_type"]),
    _Field("plate_confidence", ("plate_confidence",), least=0),
    _Field("direction", ("vehicle_direction",), _DIRECTION),
    _Field("lane", ("lane_id",), least=0),
)
"""A motor vehicle of `vehicle_data` or of a checkpoint."""

CABIN: Final = (
    _Field("driver_belt", ("mfr_main_belt",), _MARKED),
    _Field("driver_phoning", ("mfr_main_call",), _MARKED),
    _Field("driver_sun_visor", ("mfr_main_sunvisor", "mfr_main_sun_visior"), _MARKED),
    _Field("passenger", ("mfr_vice_exist",), _MARKED),
    _Field("passenger_belt", ("mfr_vice_belt",), _MARKED),
    _Field(
        "passenger_sun_visor", ("mfr_vice_sunvisor", "mfr_vice_sun_visior"), _MARKED
    ),
    _Field("pendant", ("mfr_car_pendant",), _MARKED),
    _Field("tissue_box", ("mfr_nap_kin_box",), _MARKED),
    _Field("inspection_sticker", ("mfr_year_log",), _MARKED),
)
"""What a checkpoint sees through the windscreen (P7)."""

_UNKNOWN: Final = frozenset({"unknown", "other", "all"})


def attributes_of(
    fields: tuple[_Field, ...], *places: Mapping[str, Json]
) -> dict[str, Attribute]:
    """Read attributes; the first key in the first place that tells one is right."""
    found: dict[str, Attribute] = {}
    for wanted in fields:
        told = (
            _value(wanted, place.get(key)) for key in wanted.keys for place in places
        )
        value = next((each for each in told if each is not None), None)
        if value is not None and value not in _UNKNOWN:
            found[wanted.name] = value
    return found


def named_vehicle(
    attributes: dict[str, Attribute], target: Mapping[str, Json]
) -> dict[str, Attribute]:
    """Add what has no table: the names that the camera gives, in Chinese."""
    if "brand" not in attributes and (brand := _name(target.get("car_pre_brand"))):
        attributes["brand"] = brand
    if model := _name(target.get("car_sub_brand")):
        attributes["model"] = model
    return attributes


def _name(value: Json) -> str:
    # Outside of `target` these are numbers of a table that is not printed.
    name = value.strip()[:_MAX_TEXT] if isinstance(value, str) else ""
    return "" if name.isdecimal() else name


def _value(wanted: _Field, value: Json) -> Attribute | None:
    if wanted.codes is not None:
        if isinstance(value, bool):
            return wanted.codes.get(str(value).casefold())
        return wanted.codes.get(as_text(value).casefold())
    if wanted.least is not None:
        number = as_int(value)
        return number if number is not None and number >= wanted.least else None
    return as_text(value)[:_MAX_TEXT] or None
