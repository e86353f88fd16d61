"""Chapter 14: the target groups of devices and who is in them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

from simulators import pictures

from .account import Account
from .error_codes import Code, Refusal, demand
from .models import Device

_SHELF = "libraries"
OPEN, CLOSE = "OPEN", "CLOSE"
WHITE, BLACK, STRANGE, RED, OTHER, DEFAULT = (
    "WHITE",
    "BLACK",
    "STRANGE",
    "RED",
    "OTHER",
    "DEFAULT",
)


@dataclass(frozen=True, slots=True)
class Family:
    """What chapter 14 says of one kind of devices.

    `batch` targets are written at once, `photos` bytes of them; `groups` is the
    maximum, -1 without one.
    """

    name: str
    types: tuple[str, ...]
    first_type: str
    batch: int
    photos: int | None = None
    groups: int = 128
    unique_names: bool = True
    fixed: tuple[tuple[str, str], ...] = ()


NVR800 = Family(
    "NVR800",
    (WHITE, STRANGE, BLACK),
    WHITE,
    20,
    photos=700 * 1024,
    unique_names=False,
    fixed=(("Staff", WHITE), ("Banned", BLACK), ("Strangers", STRANGE)),
)
SDC = Family("SDC", (OTHER, DEFAULT, WHITE), OTHER, 1, groups=8)
IVS1800 = Family("IVS1800", (WHITE, STRANGE, RED), WHITE, 20, groups=-1)


def family_of(device: Device) -> Family:
    """Return what applies to a device."""
    return {"NVR": NVR800, "MEdge": IVS1800}.get(device.device_type, SDC)


@dataclass(slots=True)
class Target:
    """Somebody who is enrolled. `fields` are those of the request, without photo."""

    target_id: str
    fields: dict[str, Any]
    photo: str
    external_target_id: str = ""
    fixed: bool = False

    @property
    def name(self) -> str:
        """Return the name."""
        return str(self.fields["name"])

    @property
    def photo_seed(self) -> int:
        """Return the seed of the drawn face, the same for the same name."""
        return crc32(self.name.encode())


@dataclass(slots=True)
class TargetGroup:
    """A list of people. `fixed` groups cannot be changed or deleted."""

    group_id: int
    name: str
    group_type: str
    enable: str = OPEN
    fixed: bool = False
    targets: dict[str, Target] = field(default_factory=dict)


@dataclass(slots=True)
class Libraries:
    """The groups of every device, by their ids."""

    account: Account
    groups: dict[str, dict[int, TargetGroup]] = field(default_factory=dict)

    def of(self, device: Device) -> dict[int, TargetGroup]:
        """Return the groups of a device; a recorder has three from the start."""
        if device.device_id not in self.groups:
            self.groups[device.device_id] = {}
            for name, group_type in family_of(device).fixed:
                self.add(device, name, group_type).fixed = True
        return self.groups[device.device_id]

    def group(self, device: Device, group_id: int) -> TargetGroup:
        """Return a group."""
        groups = self.of(device)
        if group_id not in groups:
            raise Refusal(Code.NO_TARGET_GROUP)
        return groups[group_id]

    def add(self, device: Device, name: str, group_type: str) -> TargetGroup:
        """Make a group."""
        number = self.account.next_id(f"group {device.device_id}")
        group = TargetGroup(number, name, group_type)
        self.groups[device.device_id][number] = group
        return group

    def demand_name(
        self, device: Device, name: str, own: TargetGroup | None = None
    ) -> None:
        """Refuse a name that another group has, where names are unique."""
        others = [group for group in self.of(device).values() if group is not own]
        taken = any(group.name == name for group in others)
        unique = family_of(device).unique_names
        demand(not (taken and unique), Code.TARGET_GROUP_EXISTS)

    def enroll(
        self,
        device: Device,
        group: TargetGroup,
        fields: dict[str, Any],
        photo: bytes | None = None,
        *,
        external_target_id: str = "",
        fixed: bool = False,
    ) -> Target:
        """Put somebody into a group; without a photo a face is drawn."""
        number = str(self.account.next_id(f"target {device.device_id}"))
        path = f"library/{device.device_id}/{number}"
        target = Target(number, fields, path, external_target_id, fixed)
        seed = target.photo_seed
        self.account.files.put(path, photo or (lambda: pictures.face(seed)))
        group.targets[number] = target
        return target

    def remove(self, group: TargetGroup, target_id: str) -> None:
        """Take somebody out of a group."""
        self.account.files.remove(group.targets.pop(target_id).photo)

    def everybody(self) -> Iterator[tuple[Device, TargetGroup, Target]]:
        """Return all who are enrolled on devices that are still there."""
        for device in self.account.devices.values():
            for group in self.groups.get(device.device_id, {}).values():
                for target in group.targets.values():
                    yield device, group, target


def libraries_of(account: Account) -> Libraries:
    """Return the target groups of an account."""
    libraries = account.extras.setdefault(_SHELF, Libraries(account))
    assert isinstance(libraries, Libraries)
    return libraries


# Name, gender, age, organisation, group of the recorder.
_PEOPLE = (
    ("Mira Solberg", "female", 34, "Assembly", 0),
    ("Jonas Albrecht", "male", 45, "Warehouse", 0),
    ("Amara Okoye", "female", 29, "Office", 0),
    ("Liu Chen", "male", 52, "Security", 0),
    ("Viktor Brandt", "male", 38, "", 1),
)


def furnish_people(account: Account) -> None:
    """Enroll invented people on the first recorder, and two on each camera."""
    libraries = libraries_of(account)
    devices = [device for device in account.devices.values() if device.is_holo]
    for device in devices:
        groups = list(libraries.of(device).values())
        chosen: tuple[tuple[str, str, int, str, int], ...] = ()
        if family_of(device) is NVR800 and device is devices[0]:
            chosen = _PEOPLE
        elif family_of(device) is SDC:
            groups = [libraries.add(device, "Staff", OTHER)]
            chosen = _PEOPLE[:2]
        for name, gender, age, organization, which in chosen:
            number = _PEOPLE.index((name, gender, age, organization, which)) + 1
            libraries.enroll(
                device,
                groups[which],
                {
                    "name": name,
                    "gender": gender,
                    "age": age,
                    "organization": organization,
                    "work_no": f"W{number:04d}",
                },
                external_target_id=f"person{number}",
            )
