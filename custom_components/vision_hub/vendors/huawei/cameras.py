"""A camera: what the cloud tells of a channel and of the device it belongs to."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ..model import ChannelReading, Device, Hindrance, HindranceKind, Json, Reading
from .wire import ChannelRow, DeviceRow, channel_key, ids_of

ONLINE: Final = "ONLINE"
_STATES: Final[Mapping[str, bool]] = {
    ONLINE: True,
    "OFFLINE": False,
    "UNREGISTERED": False,
    "UNALLOCATED": False,
}
_MASKS: Final[Mapping[str, bool]] = {"OPEN": True, "CLOSE": False}
# 2: there is none; -1: the camera cannot tell; 3: it is being formatted.
_CARDS: Final[Mapping[str, bool]] = {"0": True, "1": False}

_FROZEN: Final = "UNAVAILABLE_FROZEN"
# Access, which the other one needs, and the data stream, without which nothing is pushed.
_NEEDED: Final = ("MANAGEMENT", "INDUSTRY_DATA")

_RECORDERS: Final = frozenset({"NVR", "MEdge"})
_PTZ: Final = frozenset({"ptz", "ptzspin"})


@dataclass(frozen=True, slots=True)
class Camera:
    """A channel of a device."""

    device: DeviceRow
    row: ChannelRow

    @property
    def key(self) -> str:
        """Its id with us."""
        return channel_key(self.device.device_id, self.row.channel_id)

    @property
    def ids(self) -> dict[str, Json]:
        """Its ids in a request."""
        return ids_of(self.key)

    @property
    def direct(self) -> bool:
        """It is connected to the cloud by itself, not through a recorder."""
        return self.device.device_type not in _RECORDERS

    @property
    def holo(self) -> bool:
        """It speaks the vendor's protocol, not GB28181."""
        return self.device.access_protocol != "GB28181"

    @property
    def online(self) -> bool | None:
        """Whether it can be reached."""
        if _STATES.get(self.device.device_state) is False:
            return False
        return _STATES.get(self.row.channel_state)

    @property
    def abilities(self) -> frozenset[str]:
        """What it can do (20.5)."""
        if self.direct:
            return self.row.channel_ability | self.device.device_ability
        return self.row.channel_ability

    def has(self, service: str) -> bool | None:
        """Tell whether a service is open for it; None when nothing is told of it."""
        states = self.row.channel_resource_state
        if f"{service}_GRANT" in states:
            return True
        return False if states & {f"{service}_CLOSED", f"{service}_ARREAR"} else None

    @property
    def hindrances(self) -> Iterator[Hindrance]:
        """What keeps its alarms from being pushed (10.1, 5.2)."""
        kinds: dict[HindranceKind, str | None] = {}
        if _FROZEN in {self.device.device_system_state, self.row.channel_system_state}:
            kinds[HindranceKind.FROZEN] = None
        for service in _NEEDED:
            states = self.row.channel_resource_state
            if f"{service}_ARREAR" in states:
                kinds[HindranceKind.IN_ARREARS] = service
            elif self.holo and self.has(service) is False:
                kinds[HindranceKind.SERVICE_CLOSED] = service
        for kind, name in kinds.items():
            yield Hindrance(kind=kind, channel=self.key, name=name, silences=True)

    @property
    def recorded(self) -> bool:
        """It is recorded in the cloud by a plan."""
        return self.has("FULL_RECORD") is True

    @property
    def kept(self) -> bool:
        """Some of its recordings are kept in the cloud."""
        return self.recorded or self.has("EVENT_RECORD") is True

    @property
    def can_ptz(self) -> bool:
        """It can be moved."""
        return not self.abilities.isdisjoint(_PTZ)

    @property
    def counts(self) -> bool:
        """It counts who passes (10.4)."""
        return (
            self.holo
            and "flowstatis" in self.abilities
            and self.has("INDUSTRY_DATA") is not False
        )

    @property
    def recognizes_faces(self) -> bool:
        """It compares faces with its libraries (18)."""
        return self.holo and "abilityauth" in self.abilities

    @property
    def readings(self) -> dict[ChannelReading, Reading]:
        """What the list of devices tells beside its state."""
        found: dict[ChannelReading, Reading] = {}
        if (masked := _MASKS.get(self.row.mask_mode)) is not None:
            found[ChannelReading.PRIVACY_MASK] = masked
        if (card := _CARDS.get(self.row.storage_card_status)) is not None:
            found[ChannelReading.STORAGE_CARD_OK] = card
        return found


def cameras_of(devices: Iterable[DeviceRow]) -> dict[str, Camera]:
    """Return every channel by its key."""
    found = {}
    for device in devices:
        for row in device.channels:
            if row.channel_id and row.invalid_type != "CHANNEL_ID_INVALID":
                camera = Camera(device, row)
                found[camera.key] = camera
    return found


def stands_alone(device: DeviceRow) -> bool:
    """Tell whether a device is a camera itself, and not shown beside its channel."""
    return device.device_type not in _RECORDERS and len(device.channels) == 1


def box_of(device: DeviceRow) -> Device:
    """Return a device as users see it."""
    return Device(
        id=device.device_id,
        name=device.device_name or device.device_id,
        online=_STATES.get(device.device_state),
        manufacturer=device.manufacture or None,
        model=device.model or None,
        serial=device.device_id,
        firmware=device.firmware or None,
    )
