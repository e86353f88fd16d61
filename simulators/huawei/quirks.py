"""Where the manual contradicts itself or is silent: which way this cloud goes."""

from dataclasses import dataclass
from enum import StrEnum, auto


class Hurry(StrEnum):
    """What happens to movements that come too fast one after another (8.3)."""

    IGNORED = auto()
    """The command is answered but the camera does not hear it."""
    REFUSED = auto()
    """IVM.90000010, as if the device had answered an error."""
    RUNAWAY = auto()
    """The camera goes on turning until it is stopped."""


@dataclass(slots=True)
class Quirks:
    """The default of every quirk is what the tables say."""

    token_v1: bool = True
    """The token is had at /v1 too (overview table of chapter 2)."""
    user_id: str = ""
    """Not used by the cloud: keeps the dataclass open for more."""
    hurry: Hurry = Hurry.IGNORED
