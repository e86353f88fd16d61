"""Base64 in every spelling: with line breaks, without padding, for URLs, as a data URI."""

import binascii
import re
from typing import Final
from urllib.parse import unquote_to_bytes

_DATA_URI: Final = re.compile(
    r"[\s\"'\ufeff\u200b]*(?:data:[^,]{0,200}|(?:image/[\w.+-]{1,32};)?base64),",
    re.IGNORECASE,
)
_LINE_BREAKS: Final = {ord(sign): None for sign in "\r\n\t\v\f\0\ufeff\u200b"}
_ESCAPE: Final = re.compile(r"\\(?:[nrt]|(?=/))")
"""Of somebody who escaped twice: `\\n`, `\\/`."""
_MOST_ESCAPED: Final = 2
_URL_SAFE: Final = str.maketrans("-_", "+/")


def decode_base64(text: str) -> bytes | None:
    """Decode base64; None when it is none, empty when there is nothing."""
    text = _without_uri(text)
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        pass
    for _ in range(_MOST_ESCAPED):
        if "%" in text:
            text = unquote_to_bytes(text).decode("ascii", "replace")
    text = _ESCAPE.sub("", _without_uri(text)) if "\\" in text else _without_uri(text)
    text = text.translate(_LINE_BREAKS).strip(" \"'").translate(_URL_SAFE)
    for candidate in _without_blanks(text):
        body = candidate.rstrip("=")
        if len(body) % 4 == 0 and body != candidate:
            # Cut off somewhere else.
            continue
        try:
            return binascii.a2b_base64(body + "=" * (-len(body) % 4), strict_mode=True)
        except ValueError:
            continue
    return None


def _without_uri(text: str) -> str:
    uri = _DATA_URI.match(text)
    return text[uri.end() :] if uri else text


def _without_blanks(text: str) -> tuple[str, ...]:
    """Tell what blanks may be: `+` that went through a form, or breaks of lines."""
    if " " not in text:
        return (text,)
    plus, nothing = text.replace(" ", "+"), text.replace(" ", "")
    lines = text.split(" ")
    even = len({len(line) for line in lines[:-1]}) == 1 and len(lines[0]) % 4 == 0
    if "+" in text or (even and len(lines) > 1):
        return nothing, plus
    return plus, nothing
