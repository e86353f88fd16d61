"""What a node has when it leaves the virtual factory. All of it is invented."""

from functools import partial
from typing import Any
from zlib import crc32

from simulators import pictures

from .camera_requests import GB28181, ONVIF, RTSP, new_camera
from .device import Device
from .models import IMAGE, PERSON, Camera, Face, Library, LibraryType

# Name, what its picture shows, kind.
_PLACES = (
    ("Front door", "door", RTSP),
    ("Lobby", "corridor", RTSP),
    ("Turnstile", "corridor", IMAGE),
    ("Shop floor", "shop", RTSP),
    ("Gate", "yard", ONVIF),
    ("Workshop", "workshop", GB28181),
    ("Canteen", "shop", IMAGE),
    ("Yard", "yard", RTSP),
)
_LIBRARIES = (("Staff", LibraryType.WHITE), ("Watch list", LibraryType.BLACK))
_PEOPLE = (
    ("staff-0001", 1, "Ada Winter", "0", "41"),
    ("staff-0002", 1, "Boris Reed", "1", "46"),
    ("staff-0003", 1, "Chen Mei", "0", "34"),
    ("staff-0004", 1, "Dario Stone", "1", "29"),
    ("watch-0001", 2, "Unwelcome Visitor", "1", ""),
)
_PORTS = (
    ("eth0", "192.0.2.56", "192.0.2.1", "00:00:5e:00:53:b5"),
    ("eth1", "198.51.100.10", "", "00:00:5e:00:53:b6"),
)


def seed_of(img_id: str) -> int:
    """Return the seed of a person's portrait."""
    return crc32(img_id.encode())


def furnish_camera(
    device: Device,
    name: str | None = None,
    *,
    kind: str | None = None,
    reserve: int = 0,
) -> Camera:
    """Add a camera as somebody at the node's web page would.

    A VIDEO kind becomes IMAGE when its computing power is not left; `reserve` is
    kept for others.
    """
    number = len(device.cameras) + 1
    place, scene, usual = _PLACES[(number - 1) % len(_PLACES)]
    lap = (number - 1) // len(_PLACES)
    kind = kind or usual
    if kind != IMAGE and device.used_power + 2 + reserve > device.capacity:
        kind = IMAGE
    address = f"192.0.2.{100 + number}"
    given: dict[str, Any] = {
        "camera_name": name or (f"{place} {lap + 1}" if lap else place),
        "threshold": 80,
        "lib_ids": ",".join(str(lib_id) for lib_id in device.libraries),
        "position": place,
    }
    if kind != IMAGE:
        given["snap_mode"] = 1
    match kind:
        case "rtsp":
            given["url"] = ""
        case "onvif":
            given |= {"camera_user": "admin", "camera_pwd": "camera123"}
        case "gb28181":
            given["server_sip_id"] = device.server_sip_id
            given["camera_sip_id"] = f"3402000000132000{number:04d}"
        case _:
            given |= {"camera_user": "admin", "camera_pwd": "camera123"}
            given |= {"vendor": "hikvision", "product": "01"}
    if kind != RTSP:
        port = {ONVIF: 80, GB28181: 5060, IMAGE: 8000}[kind]
        given |= {"ip": address, "port": port}
    camera = new_camera(device, kind, given)
    camera.scene = scene
    device.add_camera(camera)
    camera.stream = f"channel/{camera.channel}"
    return camera


def furnish(device: Device, *, cameras: int, people: bool = True) -> None:
    """Fill a new node: network, libraries, faces, cameras."""
    if cameras > device.capacity:
        raise ValueError(f"{device.model} has {device.capacity} channels")
    for name, address, gateway, hardware in _PORTS:
        device.ethernet[name] = {
            "ethname": name,
            "gateway": gateway,
            "hw_addr": hardware,
            "ip": address,
            "ip_method": "static",
            "ip_version": "IPv4",
            "netmask": "255.255.255.0",
        }
    device.default_port = {
        "dns_method": "static",
        "ethname": "eth0",
        "first_dns": "192.0.2.2",
        "second_dns": "192.0.2.3",
    }
    if people:
        _people(device)
    for number in range(cameras):
        furnish_camera(device, reserve=cameras - number - 1)


def _people(device: Device) -> None:
    past = device.now() - 30 * 86_400
    for name, kind in _LIBRARIES:
        lib_id = device.next_id("library")
        device.libraries[lib_id] = Library(lib_id, name, kind, past, past)
    for number, (img_id, lib_id, name, gender, age) in enumerate(_PEOPLE):
        path = device.files.put(
            f"img/{lib_id}_{img_id}.jpg", partial(pictures.face, seed_of(img_id))
        )
        person = dict.fromkeys(PERSON, "")
        person |= {
            "person_name": name,
            "person_gender": gender,
            "person_age": age,
            "person_idcard": f"EX{number + 1:04d}",
        }
        face = Face(img_id, lib_id, path, past + number * 60, person)
        device.libraries[lib_id].faces[img_id] = face
