"""Whatever a device makes of its messages: what is whole of them is understood.

`scripts/fuzz` runs the same for longer, from another seed each time.
"""

from pathlib import Path

from hypothesis import HealthCheck, settings
import pytest

from ..helpers.spoilt_vendors import WAYS, check_messages

SETTINGS = settings(
    max_examples=2000,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(autouse=True)
def _sockets(socket_enabled: None) -> None:
    """Talk over loopback."""


@pytest.mark.timeout(300)
@pytest.mark.parametrize("way", WAYS)
def test_messages(way: str, tmp_path: Path) -> None:
    check_messages(way, SETTINGS, tmp_path)
