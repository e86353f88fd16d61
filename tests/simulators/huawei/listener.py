"""A receiver that looks at the headers too, and subscribes."""

from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from simulators.huawei.push_messages import Subscription
from tests.simulators.push_receiver import Receiver

from .client import Client

KEY = "test123456"


@dataclass
class Listener(Receiver):
    """Collects pushes with their headers."""

    headers: list[dict[str, str]] = field(default_factory=list)

    async def _receive(self, request: web.Request) -> web.Response:
        self.headers.append(dict(request.headers))
        return await super()._receive(request)

    @property
    def callback(self) -> str:
        """Return the URL to configure."""
        return f"{self.url}/dsfa?hub=1"

    async def subscribe(
        self, client: Client, *subscriptions: Subscription, key: str = ""
    ) -> None:
        """Configure the URL; the test messages are forgotten."""
        for subscription in subscriptions or tuple(Subscription):
            body = {"callback_url": self.callback, "subscription_type": subscription}
            if key:
                body["auth_key"] = key
            await client.ok("POST", "messages/callback", body)
        self.messages.clear()
        self.headers.clear()

    async def data(self, number: int = 1) -> dict[str, Any]:
        """Wait for so many messages and return `data` of the last."""
        messages = await self.wait_for(number)
        data: dict[str, Any] = messages[number - 1].json["data"]
        return data
