"""Pictures that the server keeps (2.2), by the addresses that it gives."""

import asyncio
from typing import Final

from yarl import URL

from ...errors import UnexpectedAnswer, VisionError
from ...toolkit.lenient import as_text
from ...toolkit.pictures import decoded, is_picture
from ...toolkit.shapes import value_in
from ..transport import Transport
from .details import Details

_THEMSELVES: Final = frozenset({"localhost", "127.0.0.1", "0.0.0.0", "::1", "::"})


class Pictures:
    """Fetches from the server and from its storage, and from nowhere else."""

    def __init__(self, transport: Transport, details: Details, host: str) -> None:
        """Fetch through `transport`."""
        self._transport = transport
        self._details = details
        self._host = host.lower()

    async def fetch(self, reference: str) -> bytes:
        """Return a picture; what is not found may be had through the server itself."""
        url = await self._own(reference)
        if url is not None:
            try:
                content = (await self._transport.download(url)).content
            except VisionError:
                content = b""
            if is_picture(content):
                return content
        answer = await self._transport.ask("picture_download", {"pic_url": reference})
        encoded = as_text(value_in(answer, "data"))
        picture = await asyncio.to_thread(decoded, encoded)
        if picture is None:
            raise UnexpectedAnswer("The server sent no picture")
        return picture

    async def _own(self, reference: str) -> URL | None:
        """Return an address that we may call; None when there is none."""
        if not reference.lower().startswith(("http://", "https://")):
            return None
        try:
            url = URL(reference)
            host = (url.host or "").lower()
        except ValueError:
            return None
        if host in _THEMSELVES:
            # The server means itself.
            return url.with_host(self._host)
        if host == self._host:
            return url
        storage = await self._details.storage_host()
        if storage and host == storage.lower():
            return url
        # It may be another address of the server; nobody else is asked.
        return URL(f"{self._transport.origin}{url.raw_path_qs}", encoded=True)
