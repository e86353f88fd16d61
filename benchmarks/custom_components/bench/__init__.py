"""A bare view to compare with, and a watch on the event loop."""

import asyncio
from http import HTTPStatus

from aiohttp import web
from homeassistant.core import HomeAssistant
from homeassistant.helpers.http import KEY_HASS, HomeAssistantView
from homeassistant.helpers.typing import ConfigType
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.json import json_loads

TICK = 0.002
STALL: HassKey[list[float]] = HassKey("bench_stall")


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Offer the views and begin to watch."""
    hass.http.register_view(BareView())
    hass.http.register_view(StallView())
    longest = hass.data[STALL] = [0.0]

    async def watch() -> None:
        while True:
            due = hass.loop.time() + TICK
            await asyncio.sleep(TICK)
            longest[0] = max(longest[0], hass.loop.time() - due)

    hass.async_create_background_task(watch(), "bench watch")
    return True


class BareView(HomeAssistantView):
    """Reads and parses, and does nothing with it."""

    url = "/api/bench/view"
    name = "api:bench:view"
    requires_auth = False

    async def post(self, request: web.Request) -> web.Response:
        """Take a message."""
        json_loads(await request.read())
        return self.json({"code": 0, "msg": "Succeed", "status_code": 0})


class StallView(HomeAssistantView):
    """Tells the longest time that the event loop was late, and forgets it."""

    url = "/api/bench/stall"
    name = "api:bench:stall"
    requires_auth = False

    async def get(self, request: web.Request) -> web.Response:
        """Return seconds."""
        longest = request.app[KEY_HASS].data[STALL]
        seconds, longest[0] = longest[0], 0.0
        return self.json({"seconds": seconds}, HTTPStatus.OK)
