"""The operations of a vendor's manual: `operations.json` is where paths are written."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import orjson

from ..errors import InvalidRequest, Unsupported

_VENDORS: Final = Path(__file__).parents[1]


class Danger(StrEnum):
    """What an operation may do to a hub."""

    NONE = "none"
    WRITES = "writes"
    DESTRUCTIVE = "destructive"


class Direction(StrEnum):
    """Whether we ask the hub or the hub tells us."""

    REQUEST = "request"
    PUSH = "push"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One request or push message of a manual."""

    kind: Direction
    method: str
    path: str
    name: str
    danger: Danger


type Operations = Mapping[str, Operation]


def load_operations(vendor: str) -> Operations:
    """Read the `operations.json` of a vendor's folder, by operation id.

    Works while the package is being imported, so that no event loop waits for a disk.
    """
    content = (_VENDORS / vendor / "operations.json").read_bytes()
    return {
        operation: Operation(
            kind=Direction(row["kind"]),
            method=row["method"],
            path=row["path"],
            name=row["name"],
            danger=Danger(row["danger"]),
        )
        for operation, row in orjson.loads(content).items()
    }


def request_of(operations: Operations, name: str) -> Operation:
    """Return an operation that we may ask a hub for.

    Raises InvalidRequest for what is in no manual, Unsupported for what hubs tell.
    """
    row = operations.get(name)
    if row is None:
        raise InvalidRequest("There is no such operation")
    if row.kind is not Direction.REQUEST:
        raise Unsupported("Only the hub itself does this")
    return row
