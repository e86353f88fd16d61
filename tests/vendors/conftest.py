"""What every vendor's client is tested with."""

from collections.abc import AsyncIterator

from aiohttp import ClientSession
import pytest

from ..helpers.doubles import Callbacks, Sink, Tokens


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    """The session that Home Assistant would give."""
    async with ClientSession() as session:
        yield session


@pytest.fixture
def sink() -> Sink:
    """Where alarms arrive."""
    return Sink()


@pytest.fixture
def callbacks() -> Callbacks:
    """How a hub reaches us."""
    return Callbacks()


@pytest.fixture
def tokens() -> Tokens:
    """Where tokens are kept."""
    return Tokens()
