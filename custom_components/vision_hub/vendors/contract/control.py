"""What a hub can be made to do: analytics, relays, announcements, commands."""

from abc import ABC, abstractmethod
from enum import StrEnum


class Tasks(ABC):
    """Analytics that can be armed and disarmed."""

    @abstractmethod
    async def set_enabled(
        self, channel: str | None, task: str, *, enabled: bool
    ) -> None:
        """Start or stop a task; `channel` is None for one of `HubStatus.tasks`."""


class Relays(ABC):
    """Outputs of the hub."""

    @abstractmethod
    async def trigger(self, relay: str) -> None:
        """Close the relay for the time that is set on the hub."""


class Voices(ABC):
    """Announcements that the hub can play."""

    @abstractmethod
    async def play(self, voice: str) -> None:
        """Play one of `HubStatus.voices`."""

    @abstractmethod
    async def cancel(self, channel: str) -> None:
        """End what is played for a channel."""


class Command(StrEnum):
    """Something a hub does when told."""

    REBOOT = "reboot"
    SET_CLOCK = "set_clock"
    ENABLE_WEB = "enable_web"
    """Turn on the hub's own web pages; it cannot be asked whether they are."""


class Commands(ABC):
    """What the hub does when told."""

    catalog: tuple[Command, ...]

    @abstractmethod
    async def run(self, command: Command) -> None:
        """Do it."""
