"""Cameras that move."""

from abc import ABC, abstractmethod
from enum import StrEnum

from ..errors import Unsupported


class PtzDirection(StrEnum):
    """What a PTZ camera can be told to do until it is stopped."""

    UP = "up"
    DOWN = "down"
    LEFT = "left"
    RIGHT = "right"
    UP_LEFT = "up_left"
    UP_RIGHT = "up_right"
    DOWN_LEFT = "down_left"
    DOWN_RIGHT = "down_right"
    ZOOM_IN = "zoom_in"
    ZOOM_OUT = "zoom_out"
    FOCUS_NEAR = "focus_near"
    FOCUS_FAR = "focus_far"


class Ptz(ABC):
    """Cameras that move."""

    @abstractmethod
    async def move(self, channel: str, direction: PtzDirection, speed: float) -> None:
        """Start a movement; `speed` is percent of what the camera can do."""

    @abstractmethod
    async def stop(self, channel: str) -> None:
        """End every movement."""

    @abstractmethod
    async def goto_preset(self, channel: str, preset: str) -> None:
        """Move to a stored position."""

    @abstractmethod
    async def save_preset(self, channel: str, preset: str | None, name: str) -> str:
        """Store the present position, as a new preset when None; return its id."""

    @abstractmethod
    async def delete_preset(self, channel: str, preset: str) -> None:
        """Forget a stored position."""

    async def cruise(self, channel: str, cruise: str | None) -> None:
        """Start one of `Channel.cruises`, or end the one that runs when None."""
        raise Unsupported
