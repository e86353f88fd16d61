"""Lists of persons and who is in them: rows, types, and what devices take (14)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
import re
from typing import Final, override

from ..errors import InvalidRequest, Unsupported
from ..model import Gender, Json, LibraryKind, PersonDetails
from ..toolkit.fields import Fields
from ..toolkit.lenient import WireObject, as_text, number, secret, text
from .wire import DeviceRow

TARGET_PREFIX: Final = "target:"
"""Begins the reference of an enrolled picture: `<library>/<target_id>` follows."""

NVR, EDGE = "NVR", "MEdge"

# What a list may be on a device; an SDC has neither black lists nor red ones.
_TYPES: Final[Mapping[tuple[str, LibraryKind], str]] = {
    (NVR, LibraryKind.ALLOWED): "WHITE",
    (NVR, LibraryKind.BLOCKED): "BLACK",
    (EDGE, LibraryKind.ALLOWED): "WHITE",
    ("", LibraryKind.ALLOWED): "WHITE",
}
KINDS: Final[Mapping[str, LibraryKind]] = {
    "WHITE": LibraryKind.ALLOWED,
    "BLACK": LibraryKind.BLOCKED,
}
DEFAULT_TYPES: Final[Mapping[str, str]] = {NVR: "WHITE", EDGE: "WHITE", "": "OTHER"}
"""The type of a list that is created without one (14.2)."""

_MAX_GROUP_NAME: Final = 63
_NAME: Final = re.compile(r"[\w \-]{1,128}")
_PHONE: Final = re.compile(r"\d{11}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(WireObject):
    """14.1, one row."""

    group_id: int | None = number()
    name: str = text()
    enable: str = text()


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRow(WireObject):
    """`TargetVo` (14.8, 14.10)."""

    target_id: str = text()
    name: str = secret()
    gender: str = text()
    age: int | None = number()
    country: str = secret()
    native: str = secret()
    occupation: str = secret()
    work_no: str = secret()
    phone: str = secret()
    email: str = secret()
    domicile: str = secret()
    remark: str = secret()
    jpg: str = secret()
    external_target_id: str = text()

    @override
    @classmethod
    def __pre_deserialize__(cls, d: dict[str, Json]) -> dict[str, Json]:
        """Take the picture also as the samples call it."""
        told = super().__pre_deserialize__(d)
        pictures = (told.get(key) for key in ("jpg", "jpegBase64", "jpg_base64"))
        return Fields(told, jpg=next(filter(None, pictures), None))


def family_of(device: DeviceRow) -> str:
    """`NVR`, `MEdge`, or empty for a camera that is connected by itself."""
    return device.device_type if device.device_type in {NVR, EDGE} else ""


def device_name(device: DeviceRow) -> str:
    """Name a device without what would end its name in `Staff (Recorder)`."""
    return (device.device_name or device.device_id).translate({40: None, 41: None})


def group_type(device: DeviceRow, kind: LibraryKind) -> str:
    """Return the `group_type` of a kind, or raise Unsupported."""
    told = _TYPES.get((family_of(device), kind))
    if told is None:
        raise Unsupported("This device has no list of blocked persons")
    return told


def check_list_name(name: str) -> None:
    """Raise InvalidRequest for a name that 14.2 does not take."""
    if not name.strip() or len(name) > _MAX_GROUP_NAME:
        raise InvalidRequest(f"The name is empty or over {_MAX_GROUP_NAME} characters")


def target_body(details: PersonDetails, family: str) -> dict[str, Json]:
    """Return what 14.12 takes of the details that are given."""
    if family != NVR and (details.phone or details.email or details.birth_date):
        raise Unsupported("Only a recorder keeps birth date, phone number and email")
    if not family and details.remark:
        raise Unsupported("This camera keeps no remark")
    if details.phone and not _PHONE.fullmatch(details.phone):
        raise InvalidRequest("A phone number has 11 digits")
    told: dict[str, Json] = {
        "name": details.name,
        "gender": details.gender and details.gender.value,
        "age": _age(details.birth_date),
        "work_no": details.id_number,
        "phone": details.phone,
        "email": details.email,
        "remark": details.remark,
    }
    return {key: value for key, value in told.items() if value}


def _age(birth: date | None) -> int | None:
    if birth is None:
        return None
    today = datetime.now(UTC).date()
    had = (today.month, today.day) >= (birth.month, birth.day)
    return min(max(today.year - birth.year - (not had), 1), 255)


def check_person(target: Mapping[str, Json]) -> None:
    """Raise InvalidRequest for a person that 14.12 does not take."""
    if not _NAME.fullmatch(as_text(target.get("name"))):
        raise InvalidRequest("The name has 1 to 128 letters, digits, blanks, _ or -")
    if target.get("gender") not in {gender.value for gender in Gender}:
        raise InvalidRequest("The cloud demands a gender")
    for key, longest in (("work_no", 64), ("remark", 512)):
        if len(as_text(target.get(key))) > longest:
            raise InvalidRequest(f"{key} has more than {longest} characters")


def kept_fields(row: TargetRow, family: str) -> dict[str, Json]:
    """Return what a person has, as far as the device takes it again."""
    wanted = ["name", "gender", "work_no"]
    if family == NVR:
        wanted += ["age", "phone", "email"]
    if family != EDGE:
        wanted += ["native", "domicile"]
    if family:
        wanted += ["country", "occupation", "remark"]
    return {key: value for key in wanted if (value := getattr(row, key))}
