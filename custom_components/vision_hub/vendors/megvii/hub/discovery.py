"""Cameras that answer to ONVIF in the box's network (22)."""

from typing import override

from ...contract import Discovery
from ...model import FoundCamera, Json
from ...toolkit.lenient import rows_of
from ...toolkit.shapes import as_object, rows_in
from ..transport import Transport
from ..wire import OnvifDevice, StreamUrls


class MegviiDiscovery(Discovery):
    """Lets the box look for cameras, and ask one for its streams."""

    def __init__(self, transport: Transport) -> None:
        """Work through `transport`."""
        self._transport = transport

    @override
    async def search(self) -> tuple[FoundCamera, ...]:
        data = await self._transport.ask("list_onvif_devices")
        return tuple(
            # The address of its service is what `streams` takes.
            FoundCamera(address=row.uri, name=row.ipv4 or None)
            for row in rows_of(OnvifDevice, rows_in(data, "deviceInfo"))
            if row.uri
        )

    @override
    async def streams(
        self, address: str, username: str | None, password: str | None
    ) -> tuple[str, ...]:
        params: dict[str, Json] = {
            "uri": address,
            "username": username or "",
            "password": password or "",
        }
        data = await self._transport.ask("get_onvif_stream_urls", params)
        found = StreamUrls.from_dict(as_object(data))
        return tuple(filter(None, (found.main_url, found.sub_url)))
