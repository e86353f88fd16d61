"""What a box has when it leaves the virtual factory. All of it is invented."""

from functools import partial
from typing import Any

from simulators import pictures

from .algorithms import algorithm
from .channel_requests import camera_of
from .device import Device
from .models import Channel, Library, Person, Platform, always

# Name, what its picture shows, algorithms that run on it.
_PLACES = (
    ("Front door", "door", ("ObjectIsRecognized", "FieldDetectorObjectsInside")),
    (
        "Loading bay",
        "yard",
        ("SafetyHelmetAlarm", "FieldDetectorObjectsInside", "AbnormalParkingDetection"),
    ),
    ("Workshop", "workshop", ("SafetyHelmetAlarm", "FireDetection", "FallOverAlarm")),
    (
        "Checkout",
        "shop",
        ("AreaPeopleCounting", "ObjectIsRecognized", "FallOverAlarm"),
    ),
    ("Entrance hall", "corridor", ("LinePeopleCounting", "FallOverAlarm")),
    ("Warehouse", "workshop", ("SafetyHelmetAlarm", "ChannelBlockageDetection")),
    ("Parking", "yard", ("AbnormalParkingDetection", "FumesAlarmBegin")),
    ("Canteen", "shop", ("NoMaskAlarm", "SmokingAlarm")),
)
# The front door also counts the people who pass.
_COUNTING = {"Front door": "LinePeopleCounting"}

_LIBRARIES = ("Staff", "Watch list")
_PEOPLE = (
    ("Ada Winter", 1, 2, "1984-03-12"),
    ("Boris Reed", 1, 1, "1979-11-02"),
    ("Chen Mei", 1, 2, "1991-07-25"),
    ("Dario Stone", 1, 1, "1996-01-17"),
    ("Elin Frost", 1, 2, "1988-09-30"),
    ("Unwelcome Visitor", 2, 1, ""),
)


def graph_for(code: str) -> list[dict[str, Any]]:
    """Return regions that fit an algorithm."""
    region = algorithm(code).region
    polygon = {"point_x": "50,9950,9950,50", "point_y": "50,50,9950,9950"}
    line = {"point_x": "1000,9000", "point_y": "6000,6000"}
    graph: dict[str, Any] = {"graph_type": region}
    if region in ("polygon", "blend"):
        graph["polygon"] = polygon
    if region in ("line", "blend"):
        graph["line"] = line
        graph["direction_line"] = {"point_x": "5000,5000", "point_y": "5000,7000"}
    return [graph]


def task_for(code: str) -> dict[str, Any]:
    """Return a plausible task (S2) for an algorithm."""
    task: dict[str, Any] = {"algo_model": code, "graphs": graph_for(code)}
    if code == "FallOverAlarm":
        task["time_threshold"] = 5
    if code == "FieldDetectorObjectsInside":
        task["object_type"] = [1, 3]
    return task


def _channel(device: Device, number: int) -> Channel:
    name, scene, codes = _PLACES[(number - 1) % len(_PLACES)]
    if name in _COUNTING:
        codes = (*codes, _COUNTING[name])
    lap = (number - 1) // len(_PLACES)
    if lap:
        name = f"{name} {lap + 1}"
    address = f"192.0.2.{100 + number % 100}"
    camera = camera_of(address)
    channel = Channel(
        device.next_id("channel"),
        name,
        rtsp=f"channel/{number}",
        ip=address,
        port=80,
        username="admin",
        custom_code=f"CAM-{number:03d}",
        serial_number=camera["serial_number"],
        model=camera["model"],
        manufacturer=camera["manufacturer"],
        scene=scene,
        recovery=1,
    )
    channel.tasks = [task_for(code) for code in codes]
    channel.schedules = {code: always() for code in codes}
    if "ObjectIsRecognized" in codes:
        channel.person_control = {
            "alarm_threshold": 85,
            "person_lib_id": [1, 2],
        }
    return channel


def new_channel(device: Device, name: str | None = None) -> Channel:
    """Return a channel with the next free number."""
    channel = _channel(device, len(device.channels) + 1)
    channel.rtsp = f"channel/{channel.channel_id}"
    if name is not None:
        channel.name = name
    return channel


def furnish(device: Device, *, channels: int, people: bool = True) -> None:
    """Fill a new box: channels, libraries, people, two free docking slots."""
    device.platforms = {number: Platform(number) for number in (1, 2)}
    now = int(device.now())
    for number in range(1, channels + 1):
        channel = _channel(device, number)
        device.channels[channel.channel_id] = channel
        device.furnish_channel(channel)
    lib_id = device.next_id("workclothes_library")
    device.workclothes_libraries[lib_id] = Library(lib_id, "Default", now)
    if not people:
        return
    for name in _LIBRARIES:
        lib_id = device.next_id("library")
        device.libraries[lib_id] = Library(lib_id, name, now)
    for index, (name, lib_id, sex, birth_date) in enumerate(_PEOPLE):
        milliseconds = device.next_milliseconds() - 86_400_000 + index * 8_000
        person_id = device.next_id("person", first=2001)
        device.people[person_id] = Person(
            person_id,
            lib_id,
            name,
            device.pictures.library(milliseconds, partial(pictures.face, person_id)),
            milliseconds,
            sex=sex,
            certificate_type=99,
            certificate_no=f"EX-{person_id}",
            birth_date=birth_date,
        )
