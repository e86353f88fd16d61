"""How devices and channels read in answers."""

from collections.abc import Collection
from typing import Any

from .account import Account
from .models import Channel, Device, Package, State

# Packages that 5.2 and 7.3 know; 7.2 knows the flow of customers too.
_FIRST = tuple(package for package in Package if package != Package.CUSTOMER_GROUP)


def packages(channel: Channel, known: tuple[Package, ...] = _FIRST) -> list[str]:
    """Return `channel_resource_state`."""
    return [f"{p}_{channel.packages[p]}" for p in known if p in channel.packages]


def online(device: Device) -> int:
    """Return how many channels of a device are online."""
    return sum(c.channel_state == State.ONLINE for c in device.channels.values())


def channel_in_group(channel: Channel) -> dict[str, Any]:
    """S3: a channel inside the devices of a group."""
    return {
        "channel_resource_state": packages(channel),
        "channel_state": channel.channel_state,
        "channel_system_state": channel.channel_system_state,
        "channel_id": channel.channel_id,
        "channel_name": channel.channel_name,
        "channel_model": channel.model,
        "channel_model_e": channel.model,
        "invalid_type": "NORMAL",
        "channel_ability": ",".join(channel.abilities),
        "storage_card_status": channel.storage_card_status,
        "mask_mode": channel.mask_mode,
    }


def cloud_ability(channel_or_device: Device | Channel) -> dict[str, Any] | None:
    """Return `device_cloud_ability`: what the cloud adds to a device."""
    if "alarmvoice" not in channel_or_device.abilities:
        return None
    return {"alarm_voice": {"support": "true"}}


def shown(row: Device | Channel, wanted: Collection[str]) -> list[str]:
    """Return the abilities that were asked for; without a wish all."""
    return [a for a in row.abilities if not wanted or a in wanted]


def device_common(device: Device, wanted: Collection[str] = ()) -> dict[str, Any]:
    """Return what every view of a device has."""
    return {
        "device_id": device.device_id,
        "device_name": device.device_name,
        "device_state": device.device_state,
        "device_type": device.device_type,
        "device_system_state": device.device_system_state,
        "access_protocol": device.access_protocol,
        "manufacture": device.manufacture,
        "device_ability": ",".join(shown(device, wanted)),
    }


def times(account: Account, row: Device | Channel, suffix: str = "") -> dict[str, str]:
    """Return `create_time` and `update_time`."""
    return {
        "create_time": account.stamp(row.create_time) + suffix,
        "update_time": account.stamp(row.update_time) + suffix,
    }


def counted(account: Account, number: int) -> int | str:
    """Return a count, as text where the samples have it so."""
    return str(number) if account.quirks.numbers_as_text else number


def device_in_group(account: Account, device: Device) -> dict[str, Any]:
    """5.2."""
    return {
        **device_common(device),
        "channel_total": counted(account, len(device.channels)),
        "channels": [channel_in_group(c) for c in device.channels.values()],
        "operator_total": counted(account, 0),
        "model": device.model,
        **times(account, device),
        "device_org_name": account.groups[device.device_org_id].device_org_name,
        "firmware": device.firmware,
        "channel_allocated_total": len(device.channels),
        "channel_online_count": online(device),
        "audio_input_count": 1,
        "audio_output_count": 1,
        "gb_access_state": ""
        if device.is_holo
        else "CONNECTED"
        if device.device_state == State.ONLINE
        else "NOT_CONNECTED",
    }


def device_in_list(
    account: Account,
    device: Device,
    *,
    need_cloud_ability: bool,
    wanted: Collection[str] = (),
) -> dict[str, Any]:
    """6.2."""
    group = account.groups[device.device_org_id]
    org = {
        "device_org_id": group.device_org_id,
        "device_org_name": group.device_org_name,
        "device_org_level": counted(account, account.level(group.device_org_id)),
    }
    return {
        **device_common(device, wanted),
        **times(account, device),
        "device_cloud_ability": cloud_ability(device) if need_cloud_ability else None,
        "channel_total": counted(account, len(device.channels)),
        "channel_online_total": online(device),
        "channel_offline_total": len(device.channels) - online(device),
        "org_list": org if account.quirks.org_list_object else [org],
        "sdk_ability": "",
    }


def device_detail(
    account: Account,
    device: Device,
    *,
    need_cloud_ability: bool,
    wanted: Collection[str] = (),
) -> dict[str, Any]:
    """6.1."""
    group = account.groups[device.device_org_id]
    return {
        "mac": device.mac,
        **device_common(device, wanted),
        "description": device.description,
        "model": device.model,
        "channel_total": len(device.channels),
        "stream_total": 2,
        "firmware": device.firmware,
        "device_cloud_ability": cloud_ability(device) if need_cloud_ability else None,
        **times(account, device),
        "protocol_version": "2.0.0",
        "device_ip": device.device_ip,
        "device_port": "8090",
        "device_org_id": group.device_org_id,
        "device_org_name": group.device_org_name,
        "sn": device.device_id,
        "operator_total": "0",
        "sdk_ability": "",
    }


def _channel_common(account: Account, channel: Channel) -> dict[str, Any]:
    """Return what every view of a channel has."""
    device = account.devices[channel.device_id]
    return {
        "device_id": device.device_id,
        "channel_id": channel.channel_id,
        "channel_name": channel.channel_name,
        "channel_state": channel.channel_state,
        "access_protocol": device.access_protocol,
        "channel_system_state": channel.channel_system_state,
        "model": channel.model,
        **times(account, channel, ".0"),
        "channel_type": channel.channel_type,
        "resolution": channel.resolution,
    }


def channel_in_list(account: Account, channel: Channel) -> dict[str, Any]:
    """7.2."""
    device = account.devices[channel.device_id]
    unknown = channel.channel_state == State.UNREGISTERED
    return {
        **_channel_common(account, channel),
        "device_name": device.device_name,
        "channel_state": "UNALLOCATED" if unknown else channel.channel_state,
        "channel_resource_state": packages(channel, tuple(Package)),
        "channel_ability": list(channel.abilities),
        "channel_firmware": channel.firmware,
        "config_state": "TRUE",
        "device_org_name": account.groups[device.device_org_id].device_org_name,
    }


def channel_detail(
    account: Account,
    channel: Channel,
    *,
    need_cloud_ability: bool,
    wanted: Collection[str] = (),
) -> dict[str, Any]:
    """7.3."""
    return {
        **_channel_common(account, channel),
        "channel_resource_state": packages(channel),
        "channel_ability": ",".join(shown(channel, wanted)),
        "device_cloud_ability": cloud_ability(channel) if need_cloud_ability else None,
        "channel_intelligent": "(perimeter/enable)",
        "firmware": channel.firmware,
        "channel_firmware_id": channel.firmware,
        "sn": "",
    }
