"""The state of the cloud account that the requests read and change."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
import time
from typing import Any
from uuid import UUID

from simulators.device_state import DeviceState
from simulators.file_store import FileStore

from .change_listeners import ChangeListeners
from .error_codes import Code, Refusal, demand
from .media_addresses import MediaAddresses
from .models import ROOT, Channel, Device, Group, KeyPair, Limits, Moves, State, Timing
from .ptz_locks import PtzLocks
from .quirks import Quirks
from .request_fields import BEIJING
from .service_resources import Resource
from .tokens import Tokens


@dataclass(slots=True)
class Account(DeviceState[Quirks, Timing, Limits]):
    """One enterprise. `serial` is its `user_id`; `extras` is what modules keep."""

    model: str = "IVM"
    quirks: Quirks = field(default_factory=Quirks)
    limits: Limits = field(default_factory=Limits)
    timing: Timing = field(default_factory=Timing)
    keys: dict[str, KeyPair] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    devices: dict[str, Device] = field(default_factory=dict)
    files: FileStore = field(default_factory=FileStore)
    resources: dict[str, Resource] = field(default_factory=dict)
    locks: PtzLocks = field(default_factory=PtzLocks)
    moves: Moves = field(default_factory=lambda: deque(maxlen=10_000))
    verification: dict[str, str] = field(default_factory=dict)
    frozen: bool = False
    change_listeners: ChangeListeners = field(default_factory=ChangeListeners)
    extras: dict[str, Any] = field(default_factory=dict)
    tokens: Tokens = field(init=False)
    media: MediaAddresses = field(init=False)

    def __post_init__(self) -> None:
        """Begin without tokens."""
        self.tokens = Tokens(
            lambda: (
                f"{self.rng.getrandbits(128):032x}DELIMITER_DELIMITER_{self.uuid()}"
            ),
            lambda: self.timing.token * self.time_scale,
            lambda: self.timing.renewable * self.time_scale,
        )
        self.media = MediaAddresses(
            self.uuid, lambda: self.timing.media_use * self.time_scale
        )

    # Time, ids

    def stamp(self, at: float) -> str:
        """Return Unix seconds as answers tell them: Beijing time without a zone."""
        moment = datetime.fromtimestamp(at, UTC).astimezone(BEIJING)
        return moment.strftime("%Y-%m-%d %H:%M:%S")

    def iso(self, at: float) -> str:
        """Return Unix seconds as pushes tell them."""
        moment = datetime.fromtimestamp(int(at), UTC).astimezone(BEIJING)
        return moment.isoformat()

    def uuid(self) -> str:
        """Return a random id."""
        return UUID(int=self.rng.getrandbits(128), version=4).hex

    def long_number(self) -> str:
        """Return a new id of nineteen digits, such as groups have."""
        return str(self.rng.randrange(10**18, 10**19))

    # Rows by id; an unknown id is refused

    def group(self, device_org_id: str) -> Group:
        """Return a device group."""
        form = device_org_id.isdecimal() and len(device_org_id) <= 25
        demand(form, Code.WRONG_GROUP_ID)
        if device_org_id not in self.groups:
            raise Refusal(Code.NO_GROUP)
        return self.groups[device_org_id]

    def device(self, device_id: str) -> Device:
        """Return a device."""
        form = device_id.isalnum() and device_id.isascii() and 8 <= len(device_id) <= 32
        demand(form, Code.ILLEGAL_DEVICE)
        if device_id not in self.devices:
            raise Refusal(Code.FOREIGN_DEVICE)
        return self.devices[device_id]

    def channel(self, device_id: str, channel_id: str) -> Channel:
        """Return a channel."""
        channels = self.device(device_id).channels
        demand(channel_id.removeprefix("-").isdecimal(), Code.ILLEGAL_CHANNEL)
        if channel_id not in channels:
            raise Refusal(Code.NO_CHANNEL)
        return channels[channel_id]

    def reachable_device(self, device_id: str) -> Device:
        """Return a device that can be asked now, or say why not."""
        device = self.device(device_id)
        frozen = device.device_system_state != "NORMAL"
        demand(not frozen, Code.DEVICE_FROZEN)
        demand(device.device_state != State.UNREGISTERED, Code.DEVICE_UNREGISTERED)
        demand(device.device_state == State.ONLINE, Code.DEVICE_OFFLINE)
        return device

    def reachable_channel(self, device_id: str, channel_id: str) -> Channel:
        """Return a channel that can be asked now, or say why not."""
        channel = self.channel(device_id, channel_id)
        self.reachable_device(device_id)
        demand(channel.channel_system_state == "NORMAL", Code.CHANNEL_FROZEN)
        unknown = channel.channel_state == State.UNREGISTERED
        demand(not unknown, Code.CHANNEL_UNALLOCATED)
        demand(channel.channel_state == State.ONLINE, Code.CHANNEL_OFFLINE)
        return channel

    def channels(self) -> Iterator[Channel]:
        """Return every channel of every device."""
        for device in self.devices.values():
            yield from device.channels.values()

    @staticmethod
    def stop_cruises(channel: Channel) -> None:
        """Stop the track that runs; the camera stays where it is."""
        if any(cruise.running for cruise in channel.cruises.values()):
            now = time.time()
            channel.motion.put(now, channel.motion.at(now))
        for cruise in channel.cruises.values():
            cruise.running = False

    def remove_device(self, device_id: str) -> Device:
        """Delete a device with its channels."""
        device = self.devices.pop(self.device(device_id).device_id)
        for resource in self.resources.values():
            for channel in device.channels.values():
                resource.bound.pop(channel.key, None)
        self.change_listeners.unbound("DELETE_DEVICE", device_id, "", "")
        return device

    # The tree of groups

    def children(self, device_org_id: str) -> list[Group]:
        """Return the groups directly below one."""
        return [g for g in self.groups.values() if g.parent_id == device_org_id]

    def below(self, device_org_id: str) -> set[str]:
        """Return the ids of a group and all groups below it."""
        found = {device_org_id}
        for child in self.children(device_org_id):
            found |= self.below(child.device_org_id)
        return found

    def level(self, device_org_id: str) -> int:
        """Return how deep a group is; the root is 0."""
        parent = self.groups[device_org_id].parent_id
        return 0 if parent is None else 1 + self.level(parent)

    def devices_below(self, device_org_id: str) -> list[Device]:
        """Return the devices of a group and all groups below it."""
        groups = self.below(device_org_id or ROOT)
        return [d for d in self.devices.values() if d.device_org_id in groups]
