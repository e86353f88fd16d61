"""FLV over HTTP: what a camera sees, written as it happens."""

import asyncio
from collections.abc import Buffer
from io import RawIOBase
import time

from aiohttp import web

from simulators.video import FRAMES_PER_SECOND, Muxer

from .account import Account
from .error_codes import Refusal
from .media_addresses import Address, Carrier
from .operation import Call, Operation


class _Tail(RawIOBase):
    """Takes what the muxer writes and gives it away in pieces."""

    def __init__(self) -> None:
        super().__init__()
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece: Buffer, /) -> int:
        content = bytes(piece)
        self._written += content
        return len(content)

    def take(self) -> bytes:
        """Return what was written since the last time."""
        taken, self._written = bytes(self._written), bytearray()
        return taken


def _served(account: Account, call: Call) -> Address | None:
    address = account.media.use(call.request.query.get("token", ""))
    flv = (Carrier.HTTP_FLV, Carrier.HTTPS_FLV)
    if address is None or address.carrier not in flv:
        return None
    return address if address.key[0] == call.path["device_id"] else None


async def stream(account: Account, call: Call) -> web.StreamResponse:
    """Play until the viewer leaves or the camera is gone."""
    address = _served(account, call)
    if address is None:
        return web.Response(status=403, text="403 Forbidden")
    channel = account.channel(*address.key)
    start = time.time() if address.pieces is None else address.pieces[0].start
    response = web.StreamResponse(headers={"Content-Type": "video/x-flv"})
    await response.prepare(call.request)
    tail, number, began = _Tail(), 0, account.steady()
    muxer = Muxer(
        tail,
        "flv",
        channel.channel_name,
        channel.scene,
        view=channel.motion.view,
        options={"flvflags": "no_duration_filesize"},
    )
    while account.media.addresses.get(address.token) is address:
        try:
            if address.pieces is None:
                account.reachable_channel(*address.key)
        except Refusal:
            break
        at = start + number / FRAMES_PER_SECOND
        await asyncio.to_thread(muxer.add, at, number)
        try:
            await response.write(tail.take())
        except ConnectionError:
            break
        number += 1
        due = began + number / FRAMES_PER_SECOND
        await asyncio.sleep(max(0.0, due - account.steady()))
    return response


OPERATIONS = (
    Operation("flv_live", "GET", "/live/{device_id}.flv", stream, open=True),
    Operation("flv_dev_vod", "GET", "/dev_vod/{device_id}.flv", stream, open=True),
)
