"""What an account has from the start. All of it is invented."""

from .account import Account
from .models import (
    CLOSED,
    GRANT,
    ROOT,
    Channel,
    Cruise,
    CruisePoint,
    Device,
    Group,
    KeyPair,
    Package,
    Preset,
    Protocol,
    State,
)
from .pagination import Dated
from .ptz_motion import Position

_AGE = 90 * 86_400.0
_FIRMWARE = "SDC 10.0.RC11.SPC100"
_SDC = (
    "algorithm",
    "intelligent",
    "talk",
    "soundlightalarm",
    "sdcardformat",
    "localstorage",
    "cloudstorage",
    "alarmvoice",
    "maskmode",
    "securitykey",
    "abilityauth",
    "devnormalrecord",
)
PTZ = ("ptz", "ptzspin", "zoom", "autofocus", "iris", "preset", "cruise")
_COUNTER = (*_SDC, "flowstatis")
# Name, what its picture shows.
_PLACES = (
    ("Gate", "yard"),
    ("Warehouse aisle", "workshop"),
    ("Office corridor", "corridor"),
    ("Car park", "yard"),
    ("Loading bay", "workshop"),
    ("Stairwell", "corridor"),
    ("Kiosk", "shop"),
    ("Back door", "door"),
)


_PRESETS = (
    ("Gate", Position(0.0, 0.0, 1.0)),
    ("Loading bay", Position(70.0, -5.0, 2.0)),
    ("Fence", Position(290.0, 4.0, 3.0)),
)


def serial_of(account: Account, kind: str) -> str:
    """Return a new device id of twenty characters, such as 21024129NVRT00000001."""
    number = account.next_id("device")
    return f"21024129{kind:X>4}{number:08d}"


def furnish_channel(
    account: Account,
    device: Device,
    *,
    name: str | None = None,
    scene: str | None = None,
    abilities: tuple[str, ...] = _SDC,
    model: str = "D2150-10-I-P",
    kind: str = "IPC-BULLET",
) -> Channel:
    """Add a channel as the device reports it; its packages are active."""
    number = len(device.channels)
    place, seen = _PLACES[number % len(_PLACES)]
    lap = number // len(_PLACES)
    channel_id = str(number)
    if not device.is_holo:
        channel_id = f"{device.device_id[:10]}131{number + 1:07d}"
    now = account.now()
    channel = Channel(
        device.device_id,
        channel_id,
        name or (f"{place} {lap + 1}" if lap else place),
        scene or seen,
        abilities,
        model,
        _FIRMWARE,
        kind,
        now,
        now,
        packages={
            Package.MANAGEMENT: GRANT,
            Package.EVENT_RECORD: CLOSED,
            Package.FULL_RECORD: GRANT,
            Package.INDUSTRY_DATA: GRANT,
            Package.CUSTOMER_GROUP: GRANT if "flowstatis" in abilities else CLOSED,
        },
    )
    device.channels[channel.channel_id] = channel
    return channel


def furnish_device(
    account: Account,
    *,
    device_id: str,
    name: str,
    kind: str,
    model: str,
    abilities: tuple[str, ...] = _SDC,
    protocol: Protocol = Protocol.HOLO,
    group: str | None = None,
) -> Device:
    """Register a device without channels."""
    now = account.now()
    number = len(account.devices) + 1
    device = Device(
        device_id,
        name,
        kind,
        model,
        _FIRMWARE if kind.startswith("IP") else "NVR800 V100R019C50",
        abilities,
        now,
        now,
        group or next((g for g in account.groups if g != ROOT), ROOT),
        protocol,
        "HUAWEI" if protocol is Protocol.HOLO else "Example",
        device_ip=f"192.0.2.{10 + number % 240}",
        mac=f"02:00:00:00:{number // 256:02x}:{number % 256:02x}",
        online_since=now,
    )
    account.devices[device_id] = device
    return device


def furnish_recorder(
    account: Account,
    channels: int,
    *,
    name: str | None = None,
    device_id: str | None = None,
    group: str | None = None,
) -> Device:
    """Add a recorder with cameras."""
    device = furnish_device(
        account,
        device_id=device_id or serial_of(account, "NVR"),
        name=name or f"Recorder {len(account.devices) + 1}",
        kind="NVR",
        model="NVR800-B16",
        group=group,
    )
    for _ in range(channels):
        furnish_channel(account, device)
    return device


def furnish_camera(
    account: Account,
    *,
    name: str,
    device_id: str | None = None,
    scene: str = "shop",
    model: str = "D2150-10-I-P",
    kind: str = "IPC-BULLET",
    abilities: tuple[str, ...] = _SDC,
    group: str | None = None,
) -> Device:
    """Add a camera that is connected directly; its channel is 0."""
    device = furnish_device(
        account,
        device_id=device_id or serial_of(account, "SDC"),
        name=name,
        kind=kind,
        model=model,
        abilities=abilities,
        group=group,
    )
    furnish_channel(
        account,
        device,
        name=name,
        scene=scene,
        abilities=abilities,
        model=model,
        kind=kind,
    )
    return device


def furnish_gb(account: Account, device_id: str, name: str, kind: str) -> Device:
    """Add a device of the national standard; it has not registered yet."""
    device = furnish_device(
        account,
        device_id=device_id,
        name=name,
        kind=kind,
        model="GB",
        abilities=("ptz",),
        protocol=Protocol.GB28181,
    )
    device.device_state = State.UNREGISTERED
    channel = furnish_channel(
        account, device, name=name, abilities=("ptz",), model="GB", kind="IPC"
    )
    channel.channel_state = State.UNREGISTERED
    return device


def _furnish_presets(channel: Channel) -> None:
    """Give a camera that moves three presets and a track over them."""
    for index, (name, position) in enumerate(_PRESETS, 1):
        channel.presets[index] = Preset(index, name, position)
    points = [CruisePoint(index, 30, 5) for index in channel.presets]
    channel.cruises[1] = Cruise(1, "CRUISE_TRACK", "Round", points)


def furnish(account: Account, *, ak: str, sk: str, devices: int, channels: int) -> None:
    """Fill a new account: keys, groups, devices with channels.

    The first device is a recorder, the second a dome camera that moves, the third
    counts people; every further one is a recorder. A recorder has `channels`; the
    first has what the cameras lack too where there are more than three devices, so
    that there are `devices` times `channels`.
    """
    account.keys[ak] = KeyPair(ak, sk)
    account.groups[ROOT] = Group(ROOT, "Example Works", None)
    for name in ("Plant", "Shop"):
        group = Group(account.long_number(), name, ROOT)
        account.groups[group.device_org_id] = group
    plant, shop = [group for group in account.groups if group != ROOT]
    for number in range(devices):
        if number == 1:
            dome = furnish_camera(
                account,
                name="Yard dome",
                scene="yard",
                model="D6250-10-Z30",
                kind="IPDOME",
                abilities=(*_SDC, *PTZ),
                group=plant,
            )
            _furnish_presets(dome.channels["0"])
        elif number == 2:
            furnish_camera(
                account,
                name="Shop counter",
                scene="shop",
                model="C2150-10-I-FC",
                kind="IPC-CONCH",
                abilities=_COUNTER,
                group=shop,
            )
        else:
            lacking = 2 * (channels - 1) if number == 0 and devices > 3 else 0
            furnish_recorder(account, channels + lacking, group=plant)
    rows: list[Dated] = [*account.devices.values(), *account.channels()]
    for row in rows:
        row.create_time -= _AGE
        row.update_time -= _AGE / 2
