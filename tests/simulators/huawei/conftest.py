"""A cloud, a client with a token, and who receives what the cloud pushes."""

from collections.abc import AsyncGenerator

from aiohttp import ClientSession
import pytest

from simulators.huawei import HuaweiCloud

from .client import Client
from .listener import Listener


@pytest.fixture
async def cloud() -> AsyncGenerator[HuaweiCloud]:
    async with HuaweiCloud(seed=7, video=False) as cloud:
        yield cloud


@pytest.fixture
async def client(cloud: HuaweiCloud) -> AsyncGenerator[Client]:
    async with ClientSession() as http:
        client = Client(http, cloud)
        await client.log_in()
        yield client


@pytest.fixture
async def listener() -> AsyncGenerator[Listener]:
    listener = Listener()
    await listener.start()
    yield listener
    await listener.stop()
