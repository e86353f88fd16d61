"""A virtual SenseTime node."""

from typing import Any

import pytest

from simulators.sensetime import SenseTimeNode

from ...conftest import PASSWORD


@pytest.fixture
async def node() -> Any:
    async with SenseTimeNode(channels=2, password=PASSWORD) as node:
        yield node
