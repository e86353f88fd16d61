"""Parts of a body, also where its header does not tell what stands between them."""

from collections.abc import Iterator
from email.message import Message
from pathlib import PurePosixPath
import quopri
import re
from typing import Final
from urllib.parse import unquote_to_bytes

from ..toolkit.base64_reader import decode_base64
from ..toolkit.json_reader import is_json
from ..toolkit.text_decoding import text_of
from .callbacks import CallbackPart, MalformedMessage

MAX_PARTS: Final = 64

_MAX_NAME: Final = 255
_MAX_HEAD: Final = 8192
_FIRST_LINE: Final = re.compile(rb"\s*--([^\r\n]{1,200}?)[ \t]*\r?\n")
_HEAD_END: Final = re.compile(rb"\r?\n\r?\n|\A\r?\n")
_DISPOSITION: Final = re.compile(rb"content-disposition\s*:", re.IGNORECASE)
_PARAMETER: Final = re.compile(
    rb'[;\s](name|filename)(\*?)\s*=\s*(?:"((?:[^"\\\r\n]|\\.)*)"|([^;\s]+))',
    re.IGNORECASE,
)
_EXTENDED: Final = re.compile(rb"[\w.-]*'[^']*'")


def parts_in(content: bytes, content_type: str) -> tuple[CallbackPart, ...] | None:
    """Take the parts out of a body; None when it is in one piece.

    `content_type` is that of the header, which may be wrong: a body that looks like
    JSON is none of parts, and one that looks like parts is. Where it tells no boundary,
    or one that is not there, that is the first line. Raises MalformedMessage.
    """
    told = content_type.strip().lower().startswith("multipart/")
    if not _has_parts(content) and (not told or is_json(content)):
        return None
    header = Message()
    header["Content-Type"] = content_type
    between = (header.get_boundary() or "").encode("utf-8", "replace")
    if not between or b"--" + between not in content:
        first = _FIRST_LINE.match(content)
        if first is None:
            raise MalformedMessage("The body has no parts")
        between = first[1]
    return tuple(_part(piece) for piece in _pieces(content, between))


def _has_parts(content: bytes) -> bool:
    return _FIRST_LINE.match(content) is not None and (
        _DISPOSITION.search(content, 0, _MAX_HEAD) is not None
    )


def _pieces(content: bytes, between: bytes) -> Iterator[bytes]:
    mark = b"--" + between
    start: int | None = None
    count = 0
    found = content.find(mark)
    while found >= 0:
        end = found + len(mark)
        if _is_line(content, found, end):
            if start is not None:
                yield content[start:found].removesuffix(b"\n").removesuffix(b"\r")
            if content.startswith(b"--", end):
                return
            count += 1
            if count > MAX_PARTS:
                raise MalformedMessage("Too many parts")
            start = content.find(b"\n", end) + 1
        found = content.find(mark, end)
    if start is not None:
        # Its end was cut off.
        yield content[start:]


def _is_line(content: bytes, start: int, end: int) -> bool:
    begins = not content[:start].strip() if start < _MAX_HEAD else False
    after = content[end : end + 2].lstrip(b" \t")[:1]
    return (begins or content[start - 1 : start] == b"\n") and after in b"\r\n-"


def _part(piece: bytes) -> CallbackPart:
    end = _HEAD_END.search(piece, 0, _MAX_HEAD)
    if end is None:
        raise MalformedMessage("A part has no end of its head")
    headers: dict[bytes, bytes] = {}
    for line in re.split(rb"\r?\n(?![ \t])", piece[: end.start()]):
        key, _, value = line.partition(b":")
        headers[key.strip().lower()] = value.strip()
    media_type = headers.get(b"content-type", b"application/octet-stream")
    media_type = media_type.partition(b";")[0].strip().lower()
    if media_type.startswith(b"multipart/"):
        raise MalformedMessage("Parts within parts")
    names = _names(headers.get(b"content-disposition", b""))
    return CallbackPart(
        name=names.get("name", "")[:_MAX_NAME],
        filename=_file_name(names.get("filename")),
        content_type=media_type.decode("ascii", "replace"),
        content=_decoded(
            piece[end.end() :], headers.get(b"content-transfer-encoding", b"")
        ),
    )


def _names(disposition: bytes) -> dict[str, str]:
    names: dict[str, str] = {}
    for key, extended, quoted, bare in _PARAMETER.findall(disposition):
        value = re.sub(rb'\\(["\\])', rb"\1", quoted) or bare
        if extended:
            value = unquote_to_bytes(_EXTENDED.sub(b"", value, count=1))
        names.setdefault(key.decode().lower(), text_of(value))
    return names


def _decoded(content: bytes, encoding: bytes) -> bytes:
    match encoding.lower():
        case b"base64":
            decoded = decode_base64(content.decode("ascii", "replace"))
            if decoded is None:
                raise MalformedMessage("A part is no base64")
            return decoded
        case b"quoted-printable":
            return quopri.decodestring(content)
    return content


def _file_name(name: str | None) -> str | None:
    """Return the last part of a name, whichever slashes its system uses."""
    if name is None:
        return None
    return PurePosixPath(name.replace("\\", "/")).name[:_MAX_NAME] or None
