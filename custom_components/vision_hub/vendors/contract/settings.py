"""Properties of the hub and its parts that a user may change."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum

from ..model import Reading, SettingKey


class SettingType(StrEnum):
    """How a setting is shown."""

    SWITCH = "switch"
    NUMBER = "number"
    SELECT = "select"


class SettingScope(StrEnum):
    """What a setting belongs to."""

    HUB = "hub"
    CHANNEL = "channel"
    TASK = "task"
    """One of `HubStatus.tasks` or of `Channel.tasks`."""
    RELAY = "relay"


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingSpec:
    """A property of the hub or of its parts that a user may change."""

    name: str
    """Also the translation key."""
    type: SettingType
    scope: SettingScope = SettingScope.HUB
    minimum: float = 0
    maximum: float = 100
    step: float = 1
    unit: str | None = None
    options: tuple[str, ...] = ()
    assumed: bool = False
    """The hub cannot be asked for it."""
    common: bool = True
    """Most users want it: shown from the start."""


class Settings(ABC):
    """Properties to be changed; their values are in `HubStatus.settings`."""

    catalog: tuple[SettingSpec, ...]

    @abstractmethod
    async def write(self, key: SettingKey, value: Reading) -> None:
        """Change one setting."""
