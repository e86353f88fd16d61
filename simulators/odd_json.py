"""How real devices write JSON, whatever their manuals say: for answers and pushes alike."""

from collections.abc import Callable, Mapping
from enum import StrEnum, auto
import json
import re
from typing import Final

from simulators.json_types import Json

_NAME: Final = "大门口"
_A_WHOLE_NUMBER: Final = 10**30


class Oddity(StrEnum):
    """What differs from the manual."""

    GBK_NAMES = auto()
    """Names begin with Chinese, and the whole is encoded in GBK."""
    LATIN_1_NAMES = auto()
    """Names begin with an umlaut, and the whole is encoded in Latin-1."""
    CUT_NAMES = auto()
    """Names end inside a character of UTF-8, as fields of fixed size do."""
    CONTROL_CHARACTERS = auto()
    """A tab and a line break stand in names as they are."""
    LONE_SURROGATES = auto()
    """Names end in one half of an emoji, escaped."""
    BOM = auto()
    """A byte order mark goes before."""
    NUL_AT_END = auto()
    """The buffer is sent with the zero that ends it in C."""
    NOT_A_NUMBER = auto()
    """A further field is NaN, another Infinity."""
    HUGE_NUMBERS = auto()
    """Further fields are numbers of more than 64 bits."""
    LISTS_OF_ONE_AS_OBJECTS = auto()
    """A list with one object is that object."""
    EMPTY_LISTS_AS_NULL = auto()
    """A list without anything is null."""
    EMPTY_LISTS_AS_TEXT = auto()
    """A list without anything is an empty text."""
    NUMBERS_AS_TEXT = auto()
    """Numbers are texts."""
    TEXT_AS_NUMBERS = auto()
    """Texts that are whole numbers are numbers."""
    PAGE_TOTALS = auto()
    """`total` and its like count what is on this page."""
    OTHER_CASE = auto()
    """Keys begin with a capital letter, or do not."""
    DUPLICATE_KEYS = auto()
    """Names are told twice."""
    TRAILING_COMMAS = auto()
    """A comma stands before each closing bracket."""
    PADDED_SERIALS = auto()
    """Serial numbers are padded with blanks and written in another case."""


NAME_KEYS: Final = re.compile(r"name", re.IGNORECASE)
SERIAL_KEYS: Final = re.compile("serial|device_sn|deviceId")
TOTAL_KEYS: Final = re.compile(r"total(_?(count|num|number|size))?$", re.IGNORECASE)


def _each[T](value: Json, change: Callable[[str, Json], Json], key: str = "") -> Json:
    """Change every value, the inner ones first, knowing its key."""
    if isinstance(value, dict):
        value = {name: _each(item, change, name) for name, item in value.items()}
    elif isinstance(value, list):
        value = [_each(item, change, key) for item in value]
    return change(key, value)


def _in_names(change: Callable[[str], str]) -> Callable[[str, Json], Json]:
    def changed(key: str, value: Json) -> Json:
        return (
            change(value) if isinstance(value, str) and NAME_KEYS.search(key) else value
        )

    return changed


def _with_fields(fields: Mapping[str, Json]) -> Callable[[str, Json], Json]:
    return lambda _, value: {**value, **fields} if isinstance(value, dict) else value


def _list_of_one(_: str, value: Json) -> Json:
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):
        return value[0]
    return value


def _empty_list(replacement: Json) -> Callable[[str, Json], Json]:
    return lambda _, value: replacement if value == [] else value


def _number_as_text(_: str, value: Json) -> Json:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if number else value


def _text_as_number(_: str, value: Json) -> Json:
    if isinstance(value, str) and re.fullmatch(r"[1-9]\d{0,8}", value):
        return int(value)
    return value


def _page_total(_: str, value: Json) -> Json:
    if not isinstance(value, dict):
        return value
    rows = [len(item) for item in value.values() if isinstance(item, list)]
    return {
        key: max(rows) if rows and TOTAL_KEYS.match(key) else item
        for key, item in value.items()
    }


def _other_case(_: str, value: Json) -> Json:
    if not isinstance(value, dict):
        return value
    return {key[:1].swapcase() + key[1:]: item for key, item in value.items()}


def _padded_serial(key: str, value: Json) -> Json:
    if isinstance(value, str) and SERIAL_KEYS.search(key):
        return f"{value.swapcase()}  "
    return value


_VALUES: Final[Mapping[Oddity, Callable[[str, Json], Json]]] = {
    Oddity.GBK_NAMES: _in_names(lambda name: _NAME + name),
    Oddity.LATIN_1_NAMES: _in_names(lambda name: f"Tür {name}"),
    Oddity.CUT_NAMES: _in_names(lambda name: f"{name}{_NAME}|cut|"),
    Oddity.CONTROL_CHARACTERS: _in_names(lambda name: f"{name}|tab||break|"),
    Oddity.LONE_SURROGATES: _in_names(lambda name: f"{name}|half|"),
    Oddity.NOT_A_NUMBER: _with_fields({"load": float("nan"), "gain": float("inf")}),
    Oddity.HUGE_NUMBERS: _with_fields({"uptime": _A_WHOLE_NUMBER, "mask": 2**70}),
    Oddity.LISTS_OF_ONE_AS_OBJECTS: _list_of_one,
    Oddity.EMPTY_LISTS_AS_NULL: _empty_list(None),
    Oddity.EMPTY_LISTS_AS_TEXT: _empty_list(""),
    Oddity.NUMBERS_AS_TEXT: _number_as_text,
    Oddity.TEXT_AS_NUMBERS: _text_as_number,
    Oddity.PAGE_TOTALS: _page_total,
    Oddity.OTHER_CASE: _other_case,
    Oddity.PADDED_SERIALS: _padded_serial,
}

_CUT: Final = re.compile(rb".\|cut\|", re.DOTALL)
_DOUBLE: Final = re.compile(rb'("\w*name\w*":"[^"]*")', re.IGNORECASE)


def _bytes(text: bytes, oddity: Oddity) -> bytes:
    """Spoil what no JSON library would write."""
    match oddity:
        case Oddity.GBK_NAMES:
            return text.decode().encode("gb18030")
        case Oddity.LATIN_1_NAMES:
            return text.decode().encode("latin-1", "replace")
        case Oddity.CUT_NAMES:
            return _CUT.sub(b"", text)
        case Oddity.CONTROL_CHARACTERS:
            return text.replace(b"|tab|", b"\t").replace(b"|break|", b"\n")
        case Oddity.LONE_SURROGATES:
            return text.replace(b"|half|", rb"\ud83d")
        case Oddity.BOM:
            return b"\xef\xbb\xbf" + text
        case Oddity.NUL_AT_END:
            return text + b"\0"
        case Oddity.HUGE_NUMBERS:
            return text.replace(str(_A_WHOLE_NUMBER).encode(), b"1e30")
        case Oddity.DUPLICATE_KEYS:
            return _DOUBLE.sub(rb"\1,\1", text)
        case Oddity.TRAILING_COMMAS:
            return re.sub(rb"(?<![\[{,])([\]}])", rb",\1", text)
    return text


def odd_values(value: Json, oddity: Oddity) -> Json:
    """Return what a device tells, as it might be told otherwise."""
    change = _VALUES.get(oddity)
    return value if change is None else _each(value, change)


def odd_json(document: Json, oddity: Oddity) -> bytes:
    """Return a document as a device might write it; its values are odd already."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return _bytes(text.encode(), oddity)
