"""Spoils messages as real boxes do."""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
import json
from typing import Any, Final

NAME: Final = "门口"
"""Stands in a message for what shall be spoilt."""


def _written(message: Any) -> bytes:
    return json.dumps(message, ensure_ascii=False).encode()


def _named(raw: bytes) -> Callable[[Any], bytes]:
    return lambda message: _written(message).replace(NAME.encode(), raw)


def _cased(message: Any) -> Any:
    if isinstance(message, dict):
        return {key.upper(): _cased(value) for key, value in message.items()}
    return [_cased(each) for each in message] if isinstance(message, list) else message


BYTES: Final[Mapping[str, Callable[[Any], bytes]]] = {
    "gbk": lambda message: json.dumps(message, ensure_ascii=False).encode("gbk"),
    "gbk name": _named(NAME.encode("gbk")),
    "latin-1": _named("Entrée".encode("latin-1")),
    "cut": _named(NAME.encode()[:-1]),
    "control characters": _named(b"a\tb\n\x01"),
    "nul in a name": _named(b"a\0\0"),
    "surrogate": _named(rb"\ud83d"),
    "wrong escapes": _named(rb"it\'s \x41 \q"),
    "utf-8 mark": lambda message: b"\xef\xbb\xbf" + _written(message),
    "utf-16": lambda message: json.dumps(message, ensure_ascii=False).encode("utf-16"),
    "nul behind": lambda message: _written(message) + b"\0\0",
    "blanks around": lambda message: b"\r\n\0" + _written(message) + b"\x1a \n",
    "no comma": lambda message: _written(message).replace(b"}, ", b"} "),
    "spare commas": lambda message: _written(message).replace(b"}", b",}"),
    "keys in capitals": lambda message: _written(_cased(message)),
    "a list of one": lambda message: _written([message]),
    "odd numbers beside": lambda message: (
        b'{"odd": [NaN, -Infinity, 1e999, 1e30, '
        + str(2**70).encode()
        + b'], "o": nan, '
        + _written(message)[1:]
    ),
}
"""How the bytes of a message may be spoilt while it stays whole."""

NUMBERS: Final = ("1e30", str(2**70), str(-(2**70)), "1e999", "NaN", "-Infinity")


def odd_numbers(message: Any, number: str) -> Iterator[bytes]:
    """Yield a message with a number where there is one, each once."""
    for path in _numbers(message):
        spoilt = deepcopy(message)
        place = spoilt
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = "@@"
        yield _written(spoilt).replace(b'"@@"', number.encode())


def _numbers(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        items = enumerate(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        yield path
    for key, item in items:
        yield from _numbers(item, (*path, key))
