"""Where parameters stand: in the path, in the query, in the body."""

from collections.abc import Mapping
from dataclasses import dataclass, field
import re
from typing import Final
from urllib.parse import quote, unquote

from ..errors import InvalidRequest
from ..model import Json
from ..toolkit.addresses import path_in
from ..toolkit.lenient import as_text
from ..toolkit.operations import Operation

# The box reads a query in the order of its tables and in no other.
_QUERIES: Final[Mapping[str, tuple[str, ...]]] = {
    "restore_factory": ("reserveNet",),
    "delete_face_group": ("deleteAllFace",),
    "list_alerts": ("QueryType", "Dedup", "chnNo", "timeStart", "timeEnd", "faceToken"),
    "query_logs": ("type", "timeStart", "timeEnd", "pageToken", "pageSize"),
    "debug_ping": ("eth", "ip"),
    "set_telnet": ("telnetEnabled",),
}
_PAGING: Final = ("pageOffset", "pageToken", "pageSize")
_LISTING: Final = ("chnNo", "timeStart", "timeEnd", "alertType", "alertObjType")

# Where the manual prints a path in two ways, the other one.
_MISPRINTS: Final[Mapping[str, str]] = {
    "reset_face_library": "/faces/faceLib",
    "batch_create_faces": "/face/batch",
    "get_face": "/faces/{faceToken}",
    "delete_face": "/faces/{faceToken}",
    "set_video_surveillance": "/videos/{videoNo}/serveillances",
    "set_picture_surveillance": "/pictures/{pictureNo}/serveillances",
    "set_relay_work_para": "/relayPara",
    "get_relay_work_para": "/relayPara",
}

_RENAMES: Final[Mapping[str, str]] = {
    "update_calendar": "calendarName",
    "update_schedule": "scheduleName",
    "update_access_rule": "ruleName",
}

# Who tells a path may lie, and here even a GET may reset the box.
_FILE_PATH: Final = re.compile(
    r"[\w./=+,() ~-]+\.(?:jpe?g|png|bmp|mp4|avi)", re.IGNORECASE
)
_FILE_QUERY: Final = re.compile(r"[\w=&%.+~-]*", re.ASCII)
_PLACEHOLDER: Final = re.compile(r"{(\w+)}")


@dataclass(frozen=True, slots=True)
class Route:
    """Where a request goes, and with what."""

    path: str
    """Encoded, below the base of the interface."""
    query: str
    """Encoded, in the order of the manual."""
    in_query: dict[str, Json] = field(repr=False)
    """The parameters of the query."""
    in_body: dict[str, Json] = field(repr=False)


def route(operation: str, row: Operation, params: Mapping[str, Json]) -> Route:
    """Distribute the parameters of a request; raises InvalidRequest."""
    path, rest = _filled(row.path.partition("?")[0], params)
    if name := _RENAMES.get(operation):
        # The path has the name that is, the body the name that shall be.
        new = rest.pop("newName", None)
        rest[name] = params[name] if new is None else new
    if operation == "delete_face_group" and rest.get("deleteAllFace") is None:
        # What the box does by itself is to delete everybody in the group.
        rest["deleteAllFace"] = 1
    if row.method != "GET" and operation not in _QUERIES:
        return Route(path, "", {}, rest)
    query = _query(operation, rest)
    pairs = (f"{key}={quote(value, safe='')}" for key, value in query.items())
    return Route(path, "&".join(pairs), rest, {})


def other_path(operation: str, row: Operation, path: str) -> str | None:
    """Return the other way in which the manual prints a path, filled alike."""
    other = _MISPRINTS.get(operation)
    found = re.fullmatch(_PLACEHOLDER.sub(r"(?P<\1>[^/]+)", row.path), path)
    return other.format(**found.groupdict()) if other and found else None


def _filled(path: str, params: Mapping[str, Json]) -> tuple[str, dict[str, Json]]:
    """Put parameters into a path; return it and what is left of them."""
    rest = dict(params)
    # `videoNo` and `videoNO` are the same.
    names = {name.lower(): name for name in rest}

    def fill(found: re.Match[str]) -> str:
        name = names.get(found[1].lower(), found[1])
        value = _plain(rest.pop(name, None))
        if not value or not value.isprintable() or value in {".", ".."}:
            raise InvalidRequest(f"{found[1]} is missing")
        # Tokens end with `=`; nothing says that the box decodes it.
        return quote(value, safe="=")

    return _PLACEHOLDER.sub(fill, path), rest


def _query(operation: str, params: Mapping[str, Json]) -> dict[str, str]:
    """Write a query in the order of the manual's table."""
    told = _QUERIES.get(operation, _LISTING)
    order = told if "pageToken" in told else (*_PAGING, *told)
    names = [name for name in order if name in params]
    names += [name for name in params if name not in order]
    return {name: _word(value) for name in names if (value := params[name]) is not None}


def _word(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        raise InvalidRequest("A query holds numbers and texts only")
    return _plain(value)


def _plain(value: Json) -> str:
    whole = isinstance(value, float) and value.is_integer()
    return as_text(round(value) if whole and isinstance(value, float) else value)


def file_reference(address: str) -> str:
    """Return what a picture is known by on the box, whatever host is told with it."""
    told = path_in(address)
    if told is None:
        return address
    path, mark, query = told.partition("?")
    return f"{unquote(path)}{mark}{query}"


def file_path(reference: str) -> str:
    """Return the path of a picture, encoded; raises InvalidRequest."""
    path, _, query = file_reference(reference).partition("?")
    path = path.removeprefix("./").lstrip("/")
    if (
        not _FILE_PATH.fullmatch(path)
        or ".." in path.split("/")
        or not _FILE_QUERY.fullmatch(query)
    ):
        raise InvalidRequest("This is not a picture of the box")
    return quote(path, safe="/=") + (f"?{query}" if query else "")
