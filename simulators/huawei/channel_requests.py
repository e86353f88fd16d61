"""Chapter 7: channels."""

from .account import Account
from .device_requests import ABILITIES
from .device_views import channel_detail, channel_in_list, counted, packages
from .error_codes import Code, demand
from .models import ARREAR, CLOSED, GRANT, Channel, Package, Protocol, State
from .operation import CHANNEL, Answer, Call, Operation
from .pagination import in_order, matches_filters, name_contains, page_by_rows
from .request_fields import (
    DEVICE_ID,
    LIMIT,
    OFFSET,
    direction,
    name,
    one_of,
    some_of,
    table,
    text,
)

STATES = tuple(f"{p}_{state}" for p in Package for state in (GRANT, ARREAR, CLOSED))


async def rename(account: Account, call: Call) -> Answer:
    """7.1: not for GB28181."""
    channel = account.channel(call.path["device_id"], call.path["channel_id"])
    demand(account.devices[channel.device_id].is_holo, Code.MEDIA_HOLO_ONLY)
    account.reachable_channel(*channel.key)
    channel.channel_name = call.body["channel_name"]
    account.change_listeners.channel_name(channel)
    return {
        "device_id": channel.device_id,
        "channel_id": channel.channel_id,
        "channel_name": channel.channel_name,
    }


async def list_channels(account: Account, call: Call) -> Answer:
    """7.2: `offset` is the row."""
    query = call.query
    state = query.pop("channel_state", None)
    if state is not None:
        query["channel_state"] = State.UNREGISTERED if state == "UNALLOCATED" else state
    wanted = set(query.get("channel_resource_state", ()))
    protocols = query.get("access_protocol", tuple(Protocol))
    attributes = {
        key: key for key in ("channel_state", "channel_system_state", "device_id")
    }

    def fits(channel: Channel) -> bool:
        return (
            matches_filters(channel, query, attributes)
            and name_contains(channel.channel_name, query.get("channel_name"))
            and account.devices[channel.device_id].access_protocol in protocols
            and (not wanted or bool(wanted & {*packages(channel, tuple(Package))}))
        )

    found = [channel for channel in account.channels() if fits(channel)]
    rows = page_by_rows(in_order(found, query, "ASC"), query)
    return {
        "total": counted(account, len(found)),
        "channels": [channel_in_list(account, channel) for channel in rows],
    }


async def get_channel(account: Account, call: Call) -> Answer:
    """7.3."""
    channel = account.channel(call.path["device_id"], call.path["channel_id"])
    needed = call.query.get("need_cloud_ability", False)
    wanted = call.query.get("ability", ())
    return channel_detail(account, channel, need_cloud_ability=needed, wanted=wanted)


_NAME = name(1, 128, other=r"\n\r", code=Code.WRONG_CHANNEL_NAME)

OPERATIONS = (
    Operation(
        "rename_channel",
        "PUT",
        CHANNEL,
        rename,
        body=table(
            {"channel_name": _NAME}, codes={"channel_name": Code.WRONG_CHANNEL_NAME}
        ),
    ),
    Operation(
        "list_channels",
        "GET",
        "/v1/{user_id}/channels",
        list_channels,
        query=table(
            {},
            {
                "access_protocol": some_of(*Protocol, code=Code.WRONG_PROTOCOL),
                "channel_name": text(1, 128, code=Code.WRONG_CHANNEL_NAME),
                "channel_resource_state": some_of(
                    *STATES, code=Code.WRONG_RESOURCE_STATE
                ),
                "channel_state": one_of(
                    "OFFLINE", "ONLINE", "UNALLOCATED", code=Code.WRONG_CHANNEL_STATE
                ),
                "channel_system_state": one_of(
                    "NORMAL",
                    "UNAVAILABLE_FROZEN",
                    code=Code.WRONG_CHANNEL_SYSTEM_STATE,
                ),
                "device_id": DEVICE_ID,
                "direction": direction,
                "limit": LIMIT,
                "offset": OFFSET,
                "sort_by": one_of("create_time", "update_time", code=Code.WRONG_SORT),
            },
        ),
    ),
    Operation("get_channel", "GET", CHANNEL, get_channel, query=table({}, ABILITIES)),
)
