"""Takes what is secret or personal out of what hubs tell.

Any text may be a name, a serial number or an address, also within an id or as a key.
So no text is shown but what our own code wrote, and what says of which make a thing is.
"""

from collections.abc import Collection, Mapping, Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
import re
from typing import Any, Final

from homeassistant.components.diagnostics import REDACTED

from .vendors.model import Channel, Device, HubInfo, SettingKey

_SHOWN: Final[Mapping[type, AbstractSet[str]]] = {
    HubInfo: {"manufacturer", "model", "firmware"},
    Channel: {"manufacturer", "model"},
    Device: {"manufacturer", "model", "firmware"},
    SettingKey: {"name"},
}
"""The fields whose text is shown."""

# The numbers of channels, tasks and libraries tell nobody anything.
_NUMBER: Final = re.compile(r"[0-9]{1,4}")


class Redactor:
    """Replaces texts by numbers, the same text by the same number."""

    def __init__(self) -> None:
        """Know no text yet."""
        self._known: dict[str, str] = {}

    def text(self, text: str) -> str:
        """Return what stands for a text."""
        if not text or _NUMBER.fullmatch(text):
            return text
        return self._known.setdefault(text, f"**{len(self._known) + 1}**")

    def __call__(self, value: object) -> Any:  # noqa: ANN401
        """Return a value as JSON without what is private, in an order of its own."""
        match value:
            case Enum():
                return value.value
            case None | bool() | int() | float():
                return value
            case str():
                return self.text(value)
            case datetime() | date():
                return value.isoformat()
            case timedelta():
                return value.total_seconds()
            case Mapping():
                return {
                    str(self(key)): self(value[key]) for key in sorted(value, key=str)
                }
            case AbstractSet():
                return [self(item) for item in sorted(value, key=str)]
            case bytes() | bytearray():
                return len(value)
            case Collection():
                return [self(item) for item in value]
        if is_dataclass(value) and not isinstance(value, type):
            shown = _SHOWN.get(type(value), frozenset())
            return {
                field.name: part if field.name in shown else self(part)
                for field in fields(value)
                for part in (getattr(value, field.name),)
            }
        return REDACTED
