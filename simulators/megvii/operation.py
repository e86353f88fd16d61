"""One request of the manual: path, what is checked, who answers."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
import re
from typing import Any

from simulators.form_data import Part
from simulators.request_fields import Field

from .device import Device
from .error_codes import valid
from .quirks import Quirks

type Fields = dict[str, Any]

_NAME = re.compile(r"\{(\w+)\}")
PAGE = 20


@dataclass(frozen=True, slots=True)
class Call:
    """A request whose fields were checked. `parts` are a form's, in their order."""

    path: dict[str, str]
    query: Fields
    body: Fields
    parts: list[Part] = field(default_factory=list)
    remote: str = ""

    def number(self, name: str) -> int:
        """Return a number of the path, or refuse it with 104001."""
        valid(self.path[name].isdecimal(), name)
        return int(self.path[name])


@dataclass(frozen=True, slots=True)
class File:
    """An answer that is a file stream."""

    content: bytes
    content_type: str


type Answer = Fields | File | None
type Handler = Callable[[Device, Call], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Operation:
    """A request. `other` is the second spelling of its path.

    `modes` are the detect modes (/configs/detect) that offer it, None all of them.
    `parallel`: up to 10 may run at once (chapter 5). `body_optional`: no body is {}.
    `multi_algorithm`: only newer firmware has it. `legacy`: only listed in chapter 2.
    """

    method: str
    path: str
    handler: Handler
    body: tuple[Field, ...] | None = None
    query: tuple[Field, ...] = ()
    form: tuple[Field, ...] | None = None
    other: str = ""
    modes: frozenset[int] | None = None
    parallel: bool = False
    body_optional: bool = False
    multi_algorithm: bool = False
    legacy: bool = False

    def spelled(self, quirks: Quirks) -> str:
        """Return the path that the box knows."""
        return self.other if quirks.other_paths and self.other else self.path

    def match(self, quirks: Quirks, path: str) -> dict[str, str] | None:
        """Return the variables of a path, None when it is another request's."""
        found = _pattern(self.spelled(quirks)).fullmatch(path)
        return None if found is None else found.groupdict()


_PATTERNS: dict[str, re.Pattern[str]] = {}


def _pattern(path: str) -> re.Pattern[str]:
    if path not in _PATTERNS:
        _PATTERNS[path] = re.compile(_NAME.sub(r"(?P<\1>[^/]+)", path))
    return _PATTERNS[path]


def page_of(
    device: Device,
    query: Fields,
    rows: Sequence[Any],
    *,
    name: str,
    total: str,
    total_of_page: bool = False,
) -> Fields:
    """Return one page of a list, its total, and `nextPageToken` if more follow."""
    size = query.get("pageSize", PAGE)
    counted = device.quirks.pages_are_counted
    if "pageOffset" in query:
        valid("pageToken" not in query, "pageOffset", "pageToken")
        start = query["pageOffset"]
    else:
        token = query.get("pageToken", 0)
        start = token * size if counted else token
    chosen = list(rows[start : start + size])
    answer: Fields = {total: len(chosen) if total_of_page else len(rows), name: chosen}
    end = start + len(chosen)
    if end < len(rows) and chosen:
        answer["nextPageToken"] = end // size if counted else end
    return answer
