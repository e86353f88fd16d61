"""Video and pictures: live, recorded, and drawn by the hub."""

from abc import ABC, abstractmethod
from datetime import datetime
from enum import StrEnum

from ..model import Recording


class Streams(ABC):
    """Live video."""

    @abstractmethod
    async def source(self, channel: str) -> str | None:
        """Return an address that a player can open now; None when there is none."""


class Snapshots(ABC):
    """Still pictures on demand."""

    @abstractmethod
    async def take(self, channel: str) -> bytes:
        """Return a JPEG of what the camera sees now."""


class Recordings(ABC):
    """Video that the hub recorded."""

    @abstractmethod
    async def search(
        self, channel: str, start: datetime, end: datetime
    ) -> tuple[Recording, ...]:
        """Return what overlaps with a time, oldest first."""

    @abstractmethod
    async def source(self, recording: Recording) -> str:
        """Return an address of HLS, MP4 or RTSP that a player can open now."""


class HeatMap(StrEnum):
    """What a heat map tells; also the key of its entity."""

    SPACE = "heat_map"
    """Where people were: may be laid over the camera's picture."""
    TIME = "heat_map_time"
    """When there were how many: a bar for each hour or day."""


class HeatMaps(ABC):
    """Pictures of where people were, and when."""

    @abstractmethod
    async def render(
        self, channel: str, kind: HeatMap, start: datetime, end: datetime
    ) -> bytes:
        """Return a PNG. Raises Unsupported where the hub made none."""
