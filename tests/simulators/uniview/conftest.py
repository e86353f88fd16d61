"""A box and a client."""

from collections.abc import AsyncGenerator

from aiohttp import ClientSession
import pytest

from simulators.uniview import ResendPolicy, UniviewBox

from .client import Client


@pytest.fixture
async def box() -> AsyncGenerator[UniviewBox]:
    resend = ResendPolicy(first_delay=0.02)
    async with UniviewBox(channels=2, seed=7, resend=resend) as box:
        yield box


@pytest.fixture
async def client(box: UniviewBox) -> AsyncGenerator[Client]:
    async with ClientSession() as session:
        yield Client(session, box)
