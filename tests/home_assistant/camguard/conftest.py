"""A virtual CamGuard server."""

from collections.abc import AsyncIterator

import pytest

from custom_components.vision_hub.vendors.camguard.hub import record_listener
from simulators.camguard import CamGuardServer, Quirks

from ...helpers.camguard import PASSWORD


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read records as often as they come here."""
    monkeypatch.setattr(record_listener, "FASTEST", 0.05)
    monkeypatch.setattr(record_listener, "SLOWEST", 0.2)


@pytest.fixture(params=[Quirks(), Quirks.samples()], ids=["tables", "samples"])
async def server(request: pytest.FixtureRequest) -> AsyncIterator[CamGuardServer]:
    """A server that spells as the tables of the manual, and one as its samples."""
    async with CamGuardServer(
        channels=4, password=PASSWORD, quirks=request.param
    ) as server:
        yield server
