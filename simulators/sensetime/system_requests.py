"""Chapters 6 to 8: system, HTTP push target, certificates."""

from ipaddress import AddressValueError, IPv4Address, IPv4Interface, NetmaskValueError
from typing import Any

from simulators.request_fields import Field, file, integer, text

from .device import TIME_FORMATS, Device
from .error_codes import Code, Refusal, demand
from .models import Ntp
from .operation import Answer, Fields, Operation

_METHODS = ("static", "dhcp")
_NTP_DEFAULTS = {"url": "pool.ntp.org", "ntp_cycle": "10", "ntp_disable": "1"}


async def ntp(device: Device, _: Fields) -> Answer:
    """6.1."""
    return {
        "ntp_cycle": device.ntp.cycle,
        "ntp_disable": device.ntp.disable,
        "port": device.ntp.port,
        "url": device.ntp.url,
    }


async def set_ntp(device: Device, request: Fields) -> Answer:
    """6.2."""
    current = device.ntp
    left_out = _NTP_DEFAULTS
    if not device.quirks.ntp_resets:
        left_out = {
            "url": current.url,
            "ntp_cycle": current.cycle,
            "ntp_disable": current.disable,
        }
    wanted = {**left_out, **request}
    demand(wanted["ntp_cycle"].isdecimal() and int(wanted["ntp_cycle"]) > 0)
    demand(wanted["url"] not in device.unreachable_ntp, Code.NTP_UNREACHABLE)
    device.ntp = Ntp(wanted["url"], wanted["ntp_cycle"], wanted["ntp_disable"])
    if device.ntp.disable == "0":
        device.clock_offset = 0.0
    return ""


async def versions(device: Device, _: Fields) -> Answer:
    """6.3."""
    return {
        "device_id": device.device_id,
        "serial_id": device.serial,
        "version": device.version,
        "web_version": device.web_version,
    }


async def storage(device: Device, _: Fields) -> Answer:
    """6.4."""
    return {
        "cur_storage": min(
            device.max_storage, device.used_storage + len(device.captures) // 100
        ),
        "max_storage": device.max_storage,
        "storage_strategy": device.storage_strategy,
    }


async def set_storage(device: Device, request: Fields) -> Answer:
    """6.5."""
    device.storage_strategy = request["storage_strategy"]
    return ""


async def system_time(device: Device, _: Fields) -> Answer:
    """6.6."""
    return {
        "sys_time": device.stamp(device.now()),
        "time_format": device.time_format,
        "time_zone": device.time_zone,
    }


async def set_time(device: Device, request: Fields) -> Answer:
    """6.7."""
    wanted = request.get("time_format", device.time_format)
    demand(wanted in TIME_FORMATS)
    former = device.time_zone, device.time_format
    device.time_zone, device.time_format = request["time_zone"], wanted
    try:
        at = device.moment(request["sys_time"])
    except Refusal:
        device.time_zone, device.time_format = former
        raise
    device.clock_offset += at - device.now()
    return ""


async def network(device: Device, _: Fields) -> Answer:
    """6.8."""
    return {
        "default_info": dict(device.default_port),
        "ethernet": [dict(port) for port in device.ethernet.values()],
    }


async def set_network(device: Device, request: Fields) -> Answer:
    """6.9: -3606 for an impossible mask or gateway, or another port's subnet."""
    name = request["ethname"]
    demand(name in device.ethernet)
    if request["ip_method"] == "static" and request["ip_version"] == "IPv4":
        try:
            wanted = IPv4Interface(f"{request['ip']}/{request['netmask']}").network
            gateway = request["gateway"] and IPv4Address(request["gateway"])
        except (AddressValueError, NetmaskValueError) as error:
            raise Refusal(Code.WRONG_NETWORK) from error
        demand(not gateway or gateway in wanted, Code.WRONG_NETWORK)
        for other in device.ethernet.values():
            if other["ethname"] != name and other["ip"]:
                taken = IPv4Interface(f"{other['ip']}/{other['netmask']}").network
                demand(not taken.overlaps(wanted), Code.WRONG_NETWORK)
    device.ethernet[name].update(request)
    return ""


async def set_default_port(device: Device, request: Fields) -> Answer:
    """6.10."""
    demand(request["ethname"] in device.ethernet)
    device.default_port.update(request)
    return ""


async def upgrade(device: Device, request: Fields) -> Answer:
    """6.11: the node restarts with the new version afterwards."""
    package = request["file"]
    right = package.content and package.filename.endswith(".tar.bz2")
    demand(right, Code.UPGRADE_FAILED)
    device.upgrading = True
    device.on_reboot()
    return ""


async def reboot(device: Device, _: Fields) -> Answer:
    """6.12."""
    device.on_reboot()
    return ""


async def device_id(device: Device, _: Fields) -> Answer:
    """6.13."""
    return {"device_id": device.device_id}


async def set_device_id(device: Device, request: Fields) -> Answer:
    """6.14."""
    device.device_id = request["device_id"]
    return ""


async def restore_defaults(device: Device, _: Fields) -> Answer:
    """6.15: what is kept is not stated; here network, libraries and captures."""
    for channel in list(device.cameras):
        device.remove_camera(channel)
    device.ntp = Ntp()
    device.device_id = "test_device"
    device.push_url = device.push_key = ""
    device.storage_strategy = 1
    device.web_enabled = True
    device.on_push_target()
    return ""


async def enable_web(device: Device, _: Fields) -> Answer:
    """6.16."""
    device.web_enabled = True
    return ""


async def disable_web(device: Device, _: Fields) -> Answer:
    """6.17."""
    device.web_enabled = False
    return ""


async def cpu(device: Device, _: Fields) -> Answer:
    """6.18."""
    return {
        "cpu_type": "ARMv8 Processor rev 3 (v8l)",
        "cpu_usage": 12 + 4 * len(device.cameras) + device.rng.random() * 8,
        "kernel_num": 6,
    }


async def memory(device: Device, _: Fields) -> Answer:
    """6.19."""
    return {
        "memory_usage": 52 + len(device.cameras) + device.rng.random() * 4,
        "total_memory": 8232378368,
    }


async def push_target(device: Device, _: Fields) -> Answer:
    """7.1."""
    return {"key": device.push_key, "url": device.push_url}


async def set_push_target(device: Device, request: Fields) -> Answer:
    """7.2: one target, the former one is gone."""
    device.push_url, device.push_key = request["url"], request["key"]
    device.on_push_target()
    return ""


async def add_certificate(device: Device, request: Fields) -> Answer:
    """8.1."""
    demand(not device.https, Code.NO_UPLOAD_IN_HTTPS)
    demand(request["file"].content)
    device.https_files[request["file_type"]] = request["file"].filename
    return ""


async def delete_certificate(device: Device, request: Fields) -> Answer:
    """8.2."""
    demand(not device.https, Code.NO_DELETION_IN_HTTPS)
    demand(request["file_type"] in device.https_files, Code.NO_DATA)
    del device.https_files[request["file_type"]]
    return ""


async def certificates(device: Device, _: Fields) -> Answer:
    """8.3."""
    return {
        "https_cert": device.https_files.get("crt", ""),
        "https_key": device.https_files.get("key", ""),
    }


async def switch_https(device: Device, request: Fields) -> Answer:
    """8.4: the state and the reboot; the port of this node stays plain HTTP."""
    wanted = request["prot_mode"] == "https"
    demand(wanted is not device.https, Code.ALREADY_IN_MODE)
    if wanted:
        demand({"crt", "key"} <= device.https_files.keys(), Code.NO_CERTIFICATE)
    device.https = wanted
    device.on_reboot()
    return ""


async def https_state(device: Device, _: Fields) -> Answer:
    """8.5."""
    return {"https_stat": "https" if device.https else "http"}


def _texts(*names: str, **options: Any) -> tuple[Field, ...]:
    return tuple(text(name, **options) for name in names)


_FILE_TYPE = text("file_type", choices=("crt", "key"))

OPERATIONS = (
    Operation(1291, ntp),
    Operation(
        1290,
        set_ntp,
        (
            *_texts("url", "ntp_cycle", required=False, low=1),
            text("ntp_disable", required=False, choices=("0", "1")),
        ),
    ),
    Operation(1281, versions),
    Operation(1288, storage),
    Operation(1287, set_storage, (integer("storage_strategy", low=1, high=2),)),
    Operation(1283, system_time),
    Operation(
        1282,
        set_time,
        (*_texts("sys_time", "time_zone"), text("time_format", required=False)),
    ),
    Operation(1297, network),
    Operation(
        1296,
        set_network,
        (
            *_texts("ethname", "ip", "netmask", "gateway"),
            text("ip_method", choices=_METHODS),
            text("ip_version", choices=("IPv4", "IPv6")),
        ),
    ),
    Operation(
        1295,
        set_default_port,
        (
            text("dns_method", choices=_METHODS),
            text("ethname"),
            *_texts("first_dns", "second_dns", required=False),
        ),
    ),
    Operation(1292, upgrade, (file("file"),), form=True),
    Operation(1294, reboot),
    Operation(1301, device_id),
    Operation(1300, set_device_id, (text("device_id", low=1),)),
    Operation(1317, restore_defaults),
    Operation(1315, enable_web),
    Operation(1316, disable_web),
    Operation(1313, cpu),
    Operation(1314, memory),
    Operation(1299, push_target),
    Operation(1298, set_push_target, (text("url", low=1), text("key"))),
    Operation(1302, add_certificate, (file("file"), _FILE_TYPE), form=True),
    Operation(1303, delete_certificate, (_FILE_TYPE,)),
    Operation(1304, certificates),
    Operation(1305, switch_https, (text("prot_mode", choices=("http", "https")),)),
    Operation(1306, https_state),
)
