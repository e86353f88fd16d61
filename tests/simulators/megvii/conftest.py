"""A box and a client."""

from collections.abc import AsyncGenerator

from aiohttp import ClientSession
import pytest

from simulators.megvii import MegviiBox

from .client import Client
from .ws_receiver import WsReceiver


@pytest.fixture
async def box() -> AsyncGenerator[MegviiBox]:
    async with MegviiBox(channels=4, seed=7, time_scale=0.02, video=False) as box:
        yield box


@pytest.fixture
async def client(box: MegviiBox) -> AsyncGenerator[Client]:
    async with ClientSession() as session:
        yield Client(session, box)


@pytest.fixture
async def far() -> AsyncGenerator[WsReceiver]:
    receiver = WsReceiver()
    await receiver.start()
    yield receiver
    await receiver.stop()
