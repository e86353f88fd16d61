"""Every request of the manual: answered as documented, refused with its code."""

from datetime import datetime, timedelta
import re
from typing import Any

import pytest

from simulators.huawei import HuaweiCloud, State
from simulators.huawei.defaults import furnish_gb
from simulators.huawei.operation_table import OPERATIONS
from simulators.huawei.request_fields import BEIJING

from .client import Answer, Client
from .configuration_rows import CONFIGURATION
from .device_rows import DEVICES
from .media_rows import MEDIA
from .operation_paths import PATHS
from .operations_table import (
    DOME,
    GB,
    LOCK,
    MOTION,
    NOW,
    PLANT,
    SINCE,
    SPARE,
    STORAGE,
    Row,
)

ROWS = (*DEVICES, *MEDIA, *CONFIGURATION)
# Tested beside pushes, pictures and libraries.
ELSEWHERE = re.compile(r"get_access_token|.*message_callback|.*picture.*|targets?_.*")


def prepare(cloud: HuaweiCloud, name: str) -> dict[str, str]:
    """Add what the rows name; return what their placeholders stand for."""
    account = cloud.device
    groups = {group.device_org_name: key for key, group in account.groups.items()}
    if name in ("delete_group", "move_devices"):
        shop = groups["Shop"]
        for device in cloud.devices:
            if device.device_org_id == shop:
                device.device_org_id = groups["Plant"]
    camera = furnish_gb(account, GB, "Old", "IPC")
    camera.device_state = State.OFFLINE
    (channel,) = camera.channels.values()
    if name == "old_device_playback_url_gb":
        camera.device_state = channel.channel_state = State.ONLINE
        channel.create_time = 0.0
    lock = account.locks.take((DOME, "0"), "lock", account.steady() + 60)
    ids = {
        resource.resource_type_code: resource.resource_id
        for resource in account.resources.values()
    }
    now = datetime.now(BEIJING)
    return {
        PLANT: groups["Plant"],
        SPARE: groups["Shop"],
        LOCK: lock,
        STORAGE: ids["NORMAL"],
        MOTION: ids["MOTION"],
        "{gb}": channel.channel_id,
        SINCE: f"{now - timedelta(hours=2):%Y-%m-%d %H:%M:%S}",
        NOW: f"{now:%Y-%m-%d %H:%M:%S}",
    }


def filled(given: dict[str, Any], made: dict[str, str]) -> dict[str, Any]:
    return {
        key: made.get(value, value) if isinstance(value, str) else value
        for key, value in given.items()
        if value is not None
    }


async def ask(
    client: Client, row: Row, made: dict[str, str], changes: dict[str, Any]
) -> Answer:
    method, path = PATHS[row.name]
    version, _, rest = path.removeprefix("/v").partition("/{user_id}/")
    path = rest.format(**filled(row.path, made))
    query, body = row.query, row.body
    if body is None:
        query = query | changes
    else:
        body = filled(body | changes, made)
    return await client.send(
        method, path, body, version=int(version), **filled(query, made)
    )


def test_all_requests_are_there() -> None:
    known = {op.name: (op.method, op.path) for op in OPERATIONS}
    assert {name: known.get(name) for name in PATHS} == PATHS
    tested = {row.name for row in ROWS}
    assert [
        name for name in PATHS if name not in tested and not ELSEWHERE.match(name)
    ] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_answers(client: Client, cloud: HuaweiCloud, row: Row) -> None:
    made = prepare(cloud, row.name)
    answer = await ask(client, row, made, {"from_a_later_version": "1"})
    assert answer.status == 200, answer.raw
    assert answer.json.keys() == row.keys


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_refusals(client: Client, cloud: HuaweiCloud, row: Row) -> None:
    made = prepare(cloud, row.name)
    for code, changes in row.bad:
        answer = await ask(client, row, made, changes)
        assert answer.code == f"IVM.{code}", changes
        assert answer.json.keys() == {"error_code", "error_msg"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_token_is_needed(client: Client, cloud: HuaweiCloud, row: Row) -> None:
    made = prepare(cloud, row.name)
    client.token = "invented"
    answer = await ask(client, row, made, {})
    assert (answer.status, answer.code) == (401, "IVM.10000005")
