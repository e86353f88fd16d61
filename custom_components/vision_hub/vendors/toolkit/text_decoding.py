"""Text as devices write it: UTF-8 as a rule, else what a Chinese system has."""

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from typing import Final

_CUT: Final = frozenset({"unexpected end of data", "invalid continuation byte"})
_FIRST_COMMON_TRAIL: Final = 0xA1
"""The second byte of the Chinese characters in daily use begins here (GB 2312)."""


def text_of(content: bytes) -> str:
    """Read text in whatever encoding; what cannot be read is replaced. Never fails."""
    if (text := utf_16(content)) is not None:
        return text
    content = content.removeprefix(BOM_UTF8)
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        return _odd(content, error)


def whole(text: str) -> str:
    """Join halves of characters beyond 16 bits; what is only half is replaced."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def utf_16(content: bytes) -> str | None:
    """Read UTF-16, which a mark or the zeros of its first letters tell."""
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    match [bool(byte) for byte in content[:4]]:
        case [True, False, True, False]:
            return content.decode("utf-16-le", "replace")
        case [False, True, False, True]:
            return content.decode("utf-16-be", "replace")
    return None


def _odd(content: bytes, error: UnicodeDecodeError) -> str:
    try:
        return whole(content.decode("utf-8", "surrogatepass"))
    except UnicodeDecodeError:
        pass
    if _is_cut(content, error):
        return content.decode("utf-8", "replace")
    try:
        return content.decode("gb18030")
    except UnicodeDecodeError as found:
        # Cut inside of a character, too.
        chinese = found.end == len(content)
        return content.decode("gb18030" if chinese else "utf-8", "replace")


def _is_cut(content: bytes, error: UnicodeDecodeError) -> bool:
    """Tell whether this is UTF-8 but for one character that is not whole."""
    head, tail = content[: error.start], content[error.end :]
    if error.reason not in _CUT:
        return False
    try:
        tail.decode()
    except UnicodeDecodeError:
        return False
    others = head + tail
    return not others.isascii() or (
        error.end - error.start > 1 and content[error.end - 1] < _FIRST_COMMON_TRAIL
    )
