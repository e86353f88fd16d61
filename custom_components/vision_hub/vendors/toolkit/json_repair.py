"""JSON that is none by the letter, as C libraries, scripts and manuals write it."""

import json
import re
from typing import Final

from ..model import Json
from .text_decoding import text_of, utf_16, whole

DEEPEST: Final = 64
"""Levels of a message; what lies deeper is nothing that anybody asked for."""

_MOST_STRINGS: Final = 400_000
"""More than this is no message, and would keep a thread busy for long."""

# A string in bytes, also where a Chinese character has a quote's or a backslash's like
# as its second byte.
_RAW_STRING: Final = re.compile(
    rb'"((?:[^"\\\x80-\xff]++|\\.'
    rb"|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
    rb'|[\x81-\xfe][\x40-\x7e\x80-\xfe]|[\x80-\xff])*+)"',
    re.DOTALL,
)
_STRING: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_NESTING: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[{]|[\]}]', re.DOTALL)
_ESCAPE: Final = re.compile(
    r"\\(?:(?P<good>[\"\\/bfnrt]|u[0-9a-fA-F]{4})|x(?P<hex>[0-9a-fA-F]{2})|(?P<sign>.))",
    re.DOTALL,
)
_AROUND: Final = "\0\ufeff\ufffd \t\r\n\v\f\x1a\x1b\xa0\u3000"
"""What may stand before and behind a message."""

_BARE: Final = re.compile(r"[^\s,:\[\]{}]+")
_NUMBER: Final = re.compile(
    r"(?P<sign>[+-]?)0*(?P<whole>\d*)(?:\.(?P<fraction>\d*))?(?P<power>[eE][+-]?\d+)?"
)
_DIGIT: Final = re.compile(r"^[+-]?\.?\d")
_NOTHING: Final = re.compile(
    r"[+-]?(?:nan(?:\(\w*\))?|inf(?:inity)?|\d\.#\w+)|null|none|nil|undefined",
    re.IGNORECASE,
)
_EMPTY_VALUE: Final = re.compile(r":(?=\s*[,}\]])")
_SPARE_COMMA: Final = re.compile(r",(?=\s*[,}\]])")
_FIRST_COMMA: Final = re.compile(r"([\[{]\s*),")
_MISSING_COMMA: Final = re.compile(r"([}\]])(\s*)(?=[{\[])")
_BEFORE_STRING: Final = (":", ",", "[", "{")


def repaired(content: bytes) -> Json:
    """Read what a strict reader refused; numbers beyond any size are None.

    Raises ValueError.
    """
    if content.count(b'"') > _MOST_STRINGS:
        raise ValueError("This is no JSON, and very long")
    text = _shallow(_text(content).strip(_AROUND))
    try:
        return _read(text)
    except ValueError:
        return _read(_mended(text))


def _text(content: bytes) -> str:
    if (text := utf_16(content)) is not None:
        return text
    try:
        return content.decode()
    except UnicodeDecodeError:
        pass
    # Names come from many hands: each is read by itself.
    pieces, end = [], 0
    for found in _RAW_STRING.finditer(content):
        pieces += [text_of(content[end : found.start()]), '"', text_of(found[1]), '"']
        end = found.end()
    return "".join((*pieces, text_of(content[end:])))


def _shallow(text: str) -> str:
    """Leave out what lies too deep for any reader."""
    pieces: list[str] = []
    end = depth = 0
    for found in _NESTING.finditer(text):
        sign = found[0]
        if sign in {"[", "{"}:
            depth += 1
            if depth == DEEPEST + 1:
                pieces += [text[end : found.start()], "null"]
        elif sign in {"]", "}"}:
            if depth == DEEPEST + 1:
                end = found.end()
            depth -= 1
    return "".join((*pieces, text[end:])) if depth <= DEEPEST else "".join(pieces)


def _read(text: str) -> Json:
    value: Json
    value, end = _DECODER.raw_decode(text)
    rest = text[end:].lstrip(" \t\r\n")
    if rest and not rest.startswith("\0"):
        raise ValueError("There is more than one message")
    # Behind a NUL stands what was in the buffer before.
    return value


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    return {whole(key): _whole(value) for key, value in pairs}


def _whole(value: Json) -> Json:
    if isinstance(value, str):
        return whole(value)
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return value


def _int(text: str) -> int | None:
    return int(text) if len(text) <= 20 else None


_DECODER: Final = json.JSONDecoder(
    strict=False,
    parse_int=_int,
    parse_constant=lambda _: None,
    object_pairs_hook=_object,
)


def _mended(text: str) -> str:
    """Put right escapes, commas, numbers and words, each where it can stand."""
    pieces: list[str] = []
    end = 0
    for found in _STRING.finditer(text):
        between = _between(text[end : found.start()])
        if not between.rstrip().endswith(_BEFORE_STRING) and pieces:
            between += ","
        pieces += [between, _ESCAPE.sub(_escape, found[0])]
        end = found.end()
    pieces.append(_between(text[end:]))
    return "".join(pieces)


def _escape(found: re.Match[str]) -> str:
    if found["good"]:
        return found[0]
    if found["hex"]:
        return rf"\u00{found['hex']}"
    return "'" if found["sign"] == "'" else rf"\{found[0]}"


def _between(text: str) -> str:
    """Mend what stands between two strings."""
    if text.strip() in {":", ","}:
        return text
    text = _BARE.sub(_word, text)
    text = _EMPTY_VALUE.sub(":null", text)
    text = _SPARE_COMMA.sub("", text)
    text = _FIRST_COMMA.sub(r"\1", text)
    return _MISSING_COMMA.sub(r"\1,\2", text)


def _word(found: re.Match[str]) -> str:
    word = found[0].strip(_AROUND)
    if word.casefold() in {"true", "false"}:
        return word.casefold()
    if _NOTHING.fullmatch(word):
        return "null"
    if (number := _NUMBER.fullmatch(word)) and _DIGIT.search(word):
        sign = "-" if number["sign"] == "-" else ""
        fraction = f".{number['fraction']}" if number["fraction"] else ""
        return f"{sign}{number['whole'] or '0'}{fraction}{number['power'] or ''}"
    return word
