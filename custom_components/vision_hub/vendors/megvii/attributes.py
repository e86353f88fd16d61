"""What the analytics say about faces, bodies and vehicles, in one plain form.

The same key means different things in different messages. Faces come in two sets:

* A, flat (`/alerts`, `/captures`, everything over WebSocket): `hat`, `respirator` and
  `glasses` are numbers, `gender` is 0 male, 1 female.
* B, nested (HTTP push, `/captures/face`, `/bindRelation`, `/picture/objAttr`): they are
  objects, `gender` is 0 unknown, 1 male, 2 female.

What is unknown is left out. What is absent is False, what is there without being told
apart is True. Ages are years, qualities 0 to 1, scores percent.
"""

from collections.abc import Mapping
from enum import Enum, auto
from typing import Final

from ..model import Attribute, Json
from ..toolkit.lenient import as_int, as_number, as_text
from ..toolkit.shapes import as_object

type Codes = Mapping[int, Attribute]

_MAX_TEXT: Final = 64

TYPES: Final[Mapping[str, str]] = {
    "face": "face",
    "human": "person",
    "person": "person",
    "head": "person",
    "fighter": "person",
    "uniform": "person",
    "vehicle": "vehicle",
    "car": "vehicle",
    "motorvehicle": "vehicle",
    "cycle": "cycle",
    "nonmotorvehicle": "cycle",
    "plate": "plate",
}
"""Every word for a target that the product knows (S9 of the manual's tables)."""


class FaceSet(Enum):
    """How a message codes faces where its keys do not tell."""

    A = auto()
    B = auto()


HAIR_A: Final[Codes] = {0: "bald", 1: "thin", 2: "short", 3: "long"}
BEARD_A: Final[Codes] = {0: False, 1: "moustache", 2: "full"}
HAT_A: Final[Codes] = {
    0: False,
    1: "safety_helmet",
    2: "chef_hat",
    3: "student_cap",
    4: "helmet",
    5: "white_cap",
    6: "headscarf",
    7: "other",
}
MASK_A: Final[Codes] = {
    0: False,
    1: "medical",
    2: "anti_haze",
    3: "ordinary",
    4: "transparent",
}
GLASSES_A: Final[Codes] = {0: False, 1: "dark_frame", 2: "clear", 3: "sunglasses"}
GENDER_A: Final[Codes] = {0: "male", 1: "female"}

GENDER_B: Final[Codes] = {1: "male", 2: "female"}
SKIN_B: Final[Codes] = {1: "yellow", 2: "white", 3: "black", 4: "brown"}
HAIR_B: Final[Codes] = {1: "bald", 2: "thin", 3: "short", 4: "long", 5: "other"}
BEARD_B: Final[Codes] = {1: False, 2: "moustache", 3: "full", 4: "other"}
WEARS_B: Final[Codes] = {1: True, 2: False}
HAT_COLOR_B: Final[Codes] = {17: "white", 18: "other"}
HAT_B: Final[Codes] = {
    48: "safety_helmet",
    49: "chef_hat",
    50: "student_cap",
    51: "helmet",
    52: "white_cap",
    53: "headscarf",
    54: "other",
}
MASK_B: Final[Codes] = {
    16: "medical",
    17: "anti_haze",
    18: "ordinary",
    20: "transparent",
}
LEFT_GLASSES_B: Final[Codes] = {
    33: "dark_frame",
    34: "clear",
    35: "sunglasses",
    36: "other",
}
RIGHT_WEARS_B: Final[Codes] = {17: True, 18: False}
RIGHT_GLASSES_B: Final[Codes] = {
    49: "dark_frame",
    50: "clear",
    51: "sunglasses",
    52: "other",
}

CLOTHES_COLOR: Final[Codes] = {
    1: "black",
    2: "white",
    3: "grey",
    4: "red",
    5: "orange",
    6: "yellow",
    7: "green",
    8: "dark_blue",
    9: "light_blue",
    10: "purple",
    11: "pink",
    12: "brown",
    13: "multicolored",
}
LENGTH: Final[Codes] = {33: "long", 34: "short"}
SKIRT: Final[Codes] = {49: True, 50: False}
BAGS: Final[Codes] = {
    1: "backpack",
    2: "shoulder_bag",
    3: "handbag",
    4: "trolley",
}
"""By the number of the bit; bit 0 is a bag of unknown type."""
ACTIONS: Final[Mapping[str, tuple[str, Codes]]] = {
    "actionTumble": ("fallen", {1: True, 2: False}),
    "actionSmoke": ("smoking", {17: True, 18: False}),
    "actionRun": ("running", {33: True, 34: False}),
    "actionCalling": ("phoning", {49: True, 50: False}),
    "actionWatchPhone": ("watching_phone", {65: True, 66: False}),
}

VEHICLE_TYPE: Final[Codes] = {
    1: "car",
    2: "suv",
    3: "van",
    4: "bus",
    5: "pickup",
    6: "truck",
    7: "other",
}
VEHICLE_COLOR: Final[Codes] = {
    0x2000: "black",
    0x2001: "white",
    0x2002: "dark_grey",
    0x2003: "brown",
    0x2004: "red",
    0x2005: "blue",
    0x2006: "yellow",
    0x2007: "green",
    0x2008: "patterned",
    0x2009: "silver_grey",
    0x200A: "orange",
    0x200B: "cyan",
    0x200C: "pink",
    0x200D: "purple",
    0x200E: "champagne",
}
ORIENTATION: Final[Codes] = {0x2020: "front", 0x2021: "rear", 0x2022: "other"}
CYCLE_TYPE: Final[Codes] = {
    1: "bicycle",
    2: "electric_bike",
    3: "motorcycle",
    4: "tricycle",
    5: "other",
}
PLATE_TYPE: Final[Codes] = {0: "single_row", 1: "double_row"}
PLATE_COLOR: Final[Codes] = {
    0: "blue",
    1: "yellow",
    2: "black",
    3: "white",
    4: "green",
    5: "small_new_energy",
    6: "large_new_energy",
}

MOVING: Final[Codes] = {1: False, 2: True}
DIRECTION: Final[Codes] = {
    1: "up",
    2: "down",
    3: "left",
    4: "right",
    5: "up_left",
    6: "down_left",
    7: "up_right",
    8: "down_right",
}
DOOR: Final[Codes] = {
    0: "allowed",
    1: "visitors_not_allowed",
    2: "outside_visiting_time",
    3: "not_permitted",
    4: "closed_on_this_date",
    5: "closed_at_this_time",
    6: "not_configured",
    7: "not_recognized",
    8: "yellow_list",
}
"""`openDoorStatus`: what access control made of a face."""

_ROOTS: Final[Mapping[str, str]] = {
    "faceAttr": "face",
    "humanAttr": "person",
    "vehicleAttr": "vehicle",
    "cycleAttr": "cycle",
    "plateAttr": "plate",
}


def type_of(fields: Mapping[str, Json]) -> str | None:
    """Tell what a target is: by its name, or else by the attributes that are there."""
    if name := as_text(fields.get("objType")):
        return TYPES.get(name.casefold())
    return next(
        (kind for key, kind in _ROOTS.items() if isinstance(fields.get(key), dict)),
        None,
    )


def plate_of(fields: Mapping[str, Json]) -> str | None:
    """Return the number plate."""
    return as_text(_object(fields, "plateAttr").get("num"))[:_MAX_TEXT] or None


def attributes_of(
    fields: Mapping[str, Json], faces: FaceSet = FaceSet.B
) -> dict[str, Attribute]:
    """Decode whatever attribute objects a message, a record or an answer has."""
    found = _Found()
    if told := _object(fields, "faceAttr"):
        _face(found, told, faces)
    if told := _object(fields, "humanAttr"):
        _human(found, told)
    if told := _object(fields, "vehicleAttr"):
        _vehicle(found, told)
    if told := _object(fields, "cycleAttr"):
        found.code("cycle_type", told.get("subClass"), CYCLE_TYPE)
        found.count("riders", told.get("bindingCount"))
    if told := _object(fields, "plateAttr"):
        found.code("plate_color", told.get("color"), PLATE_COLOR)
        found.code("plate_type", told.get("type"), PLATE_TYPE)
    found.code("moving", fields.get("movingStatus"), MOVING)
    found.code("direction", fields.get("movingDirection"), DIRECTION)
    return found


class _Found(dict[str, Attribute]):
    """Attributes that are known; the first who tells one is right."""

    def code(self, name: str, value: Json, codes: Codes) -> None:
        number = as_int(value)
        if number is not None and number in codes:
            self.setdefault(name, codes[number])

    def count(self, name: str, value: Json, *, least: int = 0) -> None:
        number = as_int(value)
        if number is not None and number >= least:
            self.setdefault(name, number)

    def worn(self, name: str, wears: Json, codes: Codes, kind: Json) -> None:
        """Join whether something is worn with what it is."""
        self._wear(name, wears, WEARS_B, kind, codes)

    def _wear(
        self, name: str, wears: Json, wearing: Codes, kind: Json, kinds: Codes
    ) -> None:
        known = wearing.get(as_int(wears) or -1)
        if known is False:
            self.setdefault(name, False)
        elif known is True:
            self.setdefault(name, kinds.get(as_int(kind) or -1, True))

    def glasses(self, told: Mapping[str, Json]) -> None:
        """One eye may be hidden: the one that is seen tells."""
        for wears, wearing, kind, kinds in (
            ("glassLeftWear", WEARS_B, "glassLeftType", LEFT_GLASSES_B),
            ("glassRightWear", RIGHT_WEARS_B, "glassRightType", RIGHT_GLASSES_B),
        ):
            self._wear("glasses", told.get(wears), wearing, told.get(kind), kinds)


def _face(found: _Found, told: Mapping[str, Json], faces: FaceSet) -> None:
    worn = [told.get(key) for key in ("hat", "respirator", "glasses")]
    if any(isinstance(value, dict) for value in worn):
        faces = FaceSet.B
    elif any(as_int(value) is not None for value in worn):
        faces = FaceSet.A
    # The age of somebody is never told to be 0 by guessing.
    found.count("age", told.get("age"), least=1)
    if faces is FaceSet.A:
        found.code("gender", told.get("gender"), GENDER_A)
        found.code("hair", told.get("hair"), HAIR_A)
        found.code("beard", told.get("beard"), BEARD_A)
        found.code("hat", told.get("hat"), HAT_A)
        found.code("mask", told.get("respirator"), MASK_A)
        found.code("glasses", told.get("glasses"), GLASSES_A)
        return
    found.code("gender", told.get("gender"), GENDER_B)
    found.code("skin_color", told.get("skinColor"), SKIN_B)
    found.code("hair", told.get("hair"), HAIR_B)
    found.code("beard", told.get("beard"), BEARD_B)
    _hat(found, told)
    mask = _object(told, "respirator")
    found.worn("mask", mask.get("respiratorWear"), MASK_B, mask.get("respiratorType"))
    found.glasses(_object(told, "glasses"))


def _hat(found: _Found, told: Mapping[str, Json]) -> None:
    hat = _object(told, "hat")
    found.worn("hat", hat.get("hatWear"), HAT_B, hat.get("hatType"))
    if found.get("hat", False) is not False:
        found.code("hat_color", hat.get("hatColor"), HAT_COLOR_B)


def _human(found: _Found, told: Mapping[str, Json]) -> None:
    clothes, pants = _object(told, "clothes"), _object(told, "pants")
    found.code("gender", told.get("gender"), GENDER_B)
    found.code("hair", told.get("hair"), HAIR_B)
    found.code("upper_color", clothes.get("clothesColor"), CLOTHES_COLOR)
    found.code("sleeves", clothes.get("clothesSleeve"), LENGTH)
    found.code("lower_color", pants.get("pantsColor"), CLOTHES_COLOR)
    found.code("lower_length", pants.get("pantsLen"), LENGTH)
    found.code("skirt", pants.get("pantsSkirt"), SKIRT)
    bags = _object(told, "bags")
    if (carries := WEARS_B.get(as_int(bags.get("bagCarry")) or -1)) is not None:
        bits = as_int(bags.get("bagType")) or 0
        kinds = [str(name) for bit, name in BAGS.items() if bits >> bit & 1]
        found["bag"] = carries and (", ".join(kinds) or True)
    found.code("riding", told.get("rideBike"), WEARS_B)
    found.code("umbrella", told.get("umbrella"), WEARS_B)
    _hat(found, told)
    helmet = _object(told, "safetyHelmet")
    found.code("safety_helmet", helmet.get("safetyHelmetWear"), WEARS_B)
    if found.get("safety_helmet") is True:
        color = helmet.get("safetyHelmetColor")
        found.code("safety_helmet_color", color, HAT_COLOR_B)
    action = _object(told, "action")
    for key, (name, codes) in ACTIONS.items():
        found.code(name, action.get(key), codes)


def _vehicle(found: _Found, told: Mapping[str, Json]) -> None:
    found.code("vehicle_type", told.get("subClass"), VEHICLE_TYPE)
    found.code("color", told.get("color"), VEHICLE_COLOR)
    found.code("orientation", told.get("orientation"), ORIENTATION)
    # The number of a brand means nothing without the vendor's table.
    if brand := as_text(told.get("brandname"))[:_MAX_TEXT]:
        found.setdefault("brand", brand)


def score(value: Json, most: float) -> float | None:
    """Read a quality or a score; None when it is absurd."""
    number = as_number(value)
    return number if number is not None and 0 <= number <= most else None


def _object(fields: Mapping[str, Json], key: str) -> Mapping[str, Json]:
    return as_object(fields.get(key))
