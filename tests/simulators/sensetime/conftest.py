"""A node and a client that is logged in."""

from collections.abc import AsyncGenerator

from aiohttp import ClientSession
import pytest

from simulators.sensetime import SenseTimeNode

from .client import Client


@pytest.fixture
async def node() -> AsyncGenerator[SenseTimeNode]:
    async with SenseTimeNode(channels=4, seed=7, time_scale=0.01) as node:
        node.timing.session = 180_000
        node.timing.heartbeat = 1_000_000
        yield node


@pytest.fixture
async def client(node: SenseTimeNode) -> AsyncGenerator[Client]:
    async with ClientSession() as session:
        client = Client(session, node)
        await client.log_in()
        yield client
