"""Life in front of the cameras."""

from typing import TYPE_CHECKING

from simulators.activity import Activity as BaseActivity

if TYPE_CHECKING:
    from .cloud import HuaweiCloud


class Activity(BaseActivity[object]):
    """Nothing happens yet."""

    _box: HuaweiCloud

    async def one(self, at: float | None = None) -> object | None:
        """Let something happen."""
        return None
