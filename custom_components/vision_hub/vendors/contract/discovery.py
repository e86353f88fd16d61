"""What a hub finds when it is asked: cameras in its network, faces in a picture."""

from abc import ABC, abstractmethod

from ..model import FoundCamera, Target


class Discovery(ABC):
    """Cameras in the hub's network."""

    @abstractmethod
    async def search(self) -> tuple[FoundCamera, ...]:
        """Look for cameras; takes its time."""

    @abstractmethod
    async def streams(
        self, address: str, username: str | None, password: str | None
    ) -> tuple[str, ...]:
        """Return the addresses of a camera's streams."""


class Inspection(ABC):
    """Analytics on a picture that we bring."""

    @abstractmethod
    async def inspect(self, picture: bytes) -> tuple[Target, ...]:
        """Return what the hub recognises in a picture."""
