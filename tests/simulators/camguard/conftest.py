"""A server and a client that is logged in."""

from collections.abc import AsyncGenerator

from aiohttp import ClientSession
import pytest

from simulators.camguard import CamGuardServer

from .client import Client


@pytest.fixture
async def server() -> AsyncGenerator[CamGuardServer]:
    async with CamGuardServer(channels=4, seed=7, time_scale=0.01) as server:
        server.timing.session = 180_000
        yield server


@pytest.fixture
async def client(server: CamGuardServer) -> AsyncGenerator[Client]:
    async with ClientSession() as http:
        client = Client(http, server)
        await client.log_in()
        yield client
