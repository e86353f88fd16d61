"""Properties of the hub and its parts that a user may change."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum

from ..errors import InvalidRequest
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

    def switch(self, value: Reading) -> bool:
        """Return a value that a switch can have; raises InvalidRequest."""
        if not isinstance(value, bool):
            raise InvalidRequest("A switch is on or off")
        return value

    def number(self, value: Reading) -> float:
        """Return a value that is within the limits; raises InvalidRequest."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InvalidRequest("This is not a number")
        if not self.minimum <= value <= self.maximum:
            raise InvalidRequest(
                f"From {self.minimum:g} to {self.maximum:g} is possible"
            )
        return value

    def option(self, value: Reading) -> str:
        """Return a value that is among the options; raises InvalidRequest."""
        if not isinstance(value, str) or value not in self.options:
            raise InvalidRequest("There is no such option")
        return value


class Settings(ABC):
    """Properties to be changed; their values are in `HubStatus.settings`."""

    catalog: tuple[SettingSpec, ...]

    def spec(self, key: SettingKey) -> SettingSpec:
        """Return what a setting is; raises InvalidRequest."""
        for spec in self.catalog:
            if spec.name == key.name:
                return spec
        raise InvalidRequest("There is no such setting")

    @abstractmethod
    async def write(self, key: SettingKey, value: Reading) -> None:
        """Change one setting."""
