"""Processes that take alarms at the real address and store them, to be killed.

For every line that comes in there is one. It is born of a process that has loaded
Home Assistant, which takes seconds, and tells its number and its port.
"""

import asyncio
import base64
import os
from pathlib import Path
import sys

from aiohttp import web
from homeassistant.core import HomeAssistant
from homeassistant.helpers.http import KEY_HASS
from homeassistant.util import dt as dt_util
import orjson

from custom_components.vision_hub.alarms.archive import Archive
from custom_components.vision_hub.alarms.receiving import (
    CallbackEndpoint,
    PushView,
    async_registry,
)
from custom_components.vision_hub.vendors.contract import CallbackReply, CallbackRequest
from custom_components.vision_hub.vendors.model import Picture, PictureRole

from ..helpers.alarms import an_alarm


async def serve(folder: Path, token: str) -> None:
    """Serve until killed."""
    hass = HomeAssistant(str(folder))
    archive = Archive(folder / "vision_hub.db", folder / "media")
    await archive.open()

    async def store(request: CallbackRequest) -> CallbackReply:
        message = orjson.loads(request.content)
        alarm = an_alarm(
            id=message["id"],
            pictures=(
                Picture(PictureRole.SCENE, base64.b64decode(message["picture"])),
            ),
        )
        await archive.add("hub", alarm, received=dt_util.utcnow(), late=False)
        return CallbackReply()

    endpoint = CallbackEndpoint(hass, "entry", token=token, base_url="http://x")
    await endpoint.load()
    app = web.Application()
    app[KEY_HASS] = hass
    PushView(async_registry(hass)).register(hass, app, app.router)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    with endpoint.serve(store):
        print(os.getpid(), runner.addresses[0][1], flush=True)  # noqa: T201
        await asyncio.Event().wait()


if __name__ == "__main__":
    for _ in sys.stdin:
        if (child := os.fork()) == 0:
            asyncio.run(serve(Path(sys.argv[1]), sys.argv[2]))
        os.waitpid(child, 0)
