"""Every error code of the manual (20.2) by its number, and what it means to us."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import orjson

from ..errors import (
    AuthenticationFailed,
    Busy,
    LockedOut,
    PermissionDenied,
    RejectedByHub,
    Unsupported,
    VisionError,
)
from ..model import Json
from ..toolkit.lenient import as_text
from ..toolkit.session import SessionEnded
from ..toolkit.shapes import as_object

SUCCESS: Final = "IVM.0"


class Meaning(StrEnum):
    """What follows from a code."""

    DONE = "done"
    """It is as it was wanted."""
    EMPTY = "empty"
    """There is nothing: an empty list."""
    TOKEN = "token"
    """The cloud wants another access token."""
    KEYS = "keys"
    """The cloud wants other keys."""
    LOCKED = "locked"
    DENIED = "denied"
    BUSY = "busy"
    UNSUPPORTED = "unsupported"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """One row of table 20-2."""

    text: str
    meaning: Meaning


_ERRORS: Final[Mapping[Meaning, type[VisionError]]] = {
    Meaning.TOKEN: SessionEnded,
    Meaning.KEYS: AuthenticationFailed,
    Meaning.LOCKED: LockedOut,
    Meaning.DENIED: PermissionDenied,
    Meaning.BUSY: Busy,
    Meaning.UNSUPPORTED: Unsupported,
}


def _load() -> dict[str, ErrorCode]:
    # While the package is being imported, so that no event loop waits for a disk.
    content = Path(__file__).with_name("errors.json").read_bytes()
    return {
        code: ErrorCode(row["text"], Meaning(row["meaning"]))
        for code, row in orjson.loads(content).items()
    }


ERROR_CODES: Final[Mapping[str, ErrorCode]] = _load()


def meaning_of(code: str) -> Meaning:
    """Tell what follows from a code, also from one that the manual does not know."""
    # A sample of 11.5 says `0`.
    if code in {"", "0"}:
        return Meaning.DONE
    known = ERROR_CODES.get(code)
    return known.meaning if known else Meaning.REJECTED


def error_of(code: str, message: str = "") -> VisionError:
    """Return what a code is in the family of the contract."""
    known = ERROR_CODES.get(code)
    text = known.text if known else message[:200]
    kind = _ERRORS.get(meaning_of(code))
    return kind(f"{text} ({code})") if kind else RejectedByHub(code, text)


def code_in(answer: Mapping[str, Json]) -> tuple[str, str]:
    """Return the code of an answer and its text; the code is empty if there is none.

    It is shown as `error_code` (9.4, 11.3), else as `code`, else within `result`.
    """
    for place in (answer, answer.get("result")):
        if isinstance(place, dict):
            for code, message in (("error_code", "error_msg"), ("code", "msg")):
                if found := as_text(place.get(code)):
                    return found, as_text(place.get(message))
    return "", ""


def failures_in(answer: Mapping[str, Json]) -> list[VisionError]:
    """Return why all the items of a batch failed; nothing if one did not."""
    failures: list[VisionError] = []
    for value in answer.values():
        for item in value if isinstance(value, list) else ():
            result = as_object(as_object(item).get("result"))
            if not result:
                continue
            code, message = code_in(result)
            if meaning_of(code) is Meaning.DONE:
                return []
            failures.append(error_of(code, message))
    return failures
