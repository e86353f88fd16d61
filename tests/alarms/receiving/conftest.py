"""Who answers at the address that hubs call."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from custom_components.vision_hub.alarms.receiving import CallbackEndpoint
from custom_components.vision_hub.vendors.contract import CallbackReply, CallbackRequest


class Handler:
    """Keeps what came, and answers as told."""

    def __init__(self) -> None:
        self.requests: list[CallbackRequest] = []
        self.reply = CallbackReply(200, {"ok": True})
        self.error: Exception | None = None

    async def __call__(self, request: CallbackRequest) -> CallbackReply:
        self.requests.append(request)
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error
        return self.reply


@pytest.fixture
def handler() -> Handler:
    return Handler()


@pytest.fixture
async def path(endpoint: CallbackEndpoint, handler: Handler) -> AsyncIterator[str]:
    with endpoint.serve(handler):
        assert endpoint.url is not None
        yield endpoint.url.removeprefix("http://home:8123")
