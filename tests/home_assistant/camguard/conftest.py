"""A virtual CamGuard server."""

from collections.abc import AsyncIterator

import pytest

from simulators.camguard import CamGuardServer, Quirks

from ...conftest import PASSWORD


@pytest.fixture(params=[Quirks(), Quirks.samples()], ids=["tables", "samples"])
async def server(request: pytest.FixtureRequest) -> AsyncIterator[CamGuardServer]:
    """A server that spells as the tables of the manual, and one as its samples."""
    async with CamGuardServer(
        channels=4, password=PASSWORD, quirks=request.param
    ) as server:
        yield server
