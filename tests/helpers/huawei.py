"""What tests of a virtual Huawei account share."""

from dataclasses import replace

import pytest

from custom_components.vision_hub.vendors.huawei.hub import details
from simulators.huawei import HuaweiCloud, Subscription
from simulators.huawei.models import Channel

ACCESS_KEY = "EXAMPLEAK"
SECRET_KEY = "example-sk-123"


def allow_reads(monkeypatch: pytest.MonkeyPatch, **changes: float) -> None:
    """Change how much hubs that are opened from now on may ask beside the list."""
    monkeypatch.setattr(details, "BUDGET", replace(details.BUDGET, **changes))


async def subscribed(cloud: HuaweiCloud, address: str) -> None:
    """Wait until messages of every type are sent to an address."""

    def ours() -> bool:
        urls = cloud.callbacks.values()
        return len(urls) == len(Subscription) and all(
            url.startswith(address) for url in urls
        )

    await cloud.request_log.until(ours, timeout=10)


def key(channel: Channel, name: str) -> str:
    """Return how the unique id of an entity of a channel ends."""
    return f"{channel.device_id}_{channel.channel_id}_{name}"
