"""Packages and on-demand resources, and which channels are bound to them."""

from dataclasses import dataclass, field

from .models import ARREAR, CLOSED, GRANT, Channel, Package

type Key = tuple[str, str]

# `resource_type_code` of chapter 13 and what it opens.
TYPES = {
    "MANAGE": Package.MANAGEMENT,
    "NORMAL": Package.FULL_RECORD,
    "MOTION": Package.EVENT_RECORD,
    "DATAFLOW": Package.INDUSTRY_DATA,
}
PACKAGE, ONDEMAND = "PACKAGE", "ONDEMAND"
STATES = {"NORMAL": GRANT, "ARREARS": ARREAR, "UNAVAILABLE": ARREAR}


@dataclass(slots=True)
class Resource:
    """A resource. `bound` are storage days by channel; `total_num` -1: any number."""

    resource_id: str
    resource_type_code: str
    resource_name: str
    mode: str
    exp_time: float
    total_num: int = -1
    version: str = "ENTERPRISE"
    resource_state: str = "NORMAL"
    bound: dict[Key, float] = field(default_factory=dict)

    @property
    def package(self) -> Package:
        """Return what it opens."""
        return TYPES[self.resource_type_code]

    def bind(self, channel: Channel, days: float = 0.0) -> None:
        """Open the service for a channel."""
        self.bound[channel.key] = days
        channel.packages[self.package] = STATES[self.resource_state]

    def unbind(self, channel: Channel) -> None:
        """Close the service for a channel."""
        self.bound.pop(channel.key, None)
        channel.packages[self.package] = CLOSED
