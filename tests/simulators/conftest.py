"""What tests of every virtual device use, on real loopback sockets."""

from collections.abc import AsyncGenerator

import pytest

from .push_receiver import Receiver


@pytest.fixture(autouse=True)
def _sockets(socket_enabled: None) -> None:
    """Let the tests talk over loopback."""


@pytest.fixture
async def receiver() -> AsyncGenerator[Receiver]:
    receiver = Receiver()
    await receiver.start()
    yield receiver
    await receiver.stop()
