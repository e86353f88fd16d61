"""Chapter 13: the messages that the box sends."""

import asyncio
import base64
from collections.abc import Callable, Iterable
import json
from typing import Any
from uuid import uuid4

from simulators.json_types import Json
from simulators.push_delivery import OutgoingRequest, Push, ResendPolicy
from simulators.reporter import Reporter as BaseReporter

from .device import Device
from .models import Channel, ChannelMode, Platform, PushType
from .quirks import PushUrl

DATA_PATH = "/custom/router1"
VIDEO_PATH = "/custom/router2"

# Names of path fields and of the base64 field that goes with each.
PICTURE_FIELDS = {
    "image_path": "image_base64",
    "orig_image_path": "orig_image_base64",
    "crop_image_path": "crop_image_base64",
}


def acknowledged(status: int, answer: bytes) -> bool:
    """Return whether a receiver took a message: HTTP 200 and JSON with code 0."""
    if status != 200:
        return False
    try:
        document = json.loads(answer)
    except ValueError:
        return False
    return isinstance(document, dict) and document.get("code") == 0


class Reporter(BaseReporter[Device]):
    """Sends to the enabled platforms, each with its own queue."""

    def __init__(
        self, device: Device, policy: ResendPolicy, *, connections: int = 1
    ) -> None:
        """Start without receivers."""
        super().__init__(device, policy, acknowledged)
        self.connections = connections
        self.first_event_id = device.rng.randrange(10**8, 9 * 10**8)
        self._events = 0
        self._keep_alive: dict[int, tuple[int, asyncio.Future[None]]] = {}

    def start(self) -> None:
        """Begin to send."""
        super().start()
        self.apply_docking()

    async def close(self) -> None:
        """Stop; what waits is given up."""
        await super().close()
        self._keep_alive.clear()

    def enabled(self) -> list[Platform]:
        """Return the platforms that want messages."""
        return [row for row in self.device.platforms.values() if row.enabled]

    def next_event_id(self) -> str:
        """Return a new `event_id`."""
        self._events += 1
        return str(self.first_event_id + self._events)

    def apply_docking(self) -> None:
        """Follow a changed configuration."""
        if not self.running:
            return
        wanted = {row.id: row for row in self.enabled()}
        for key in self.outboxes.keys() - wanted.keys():
            self.in_background(self.outboxes.pop(key).close())
        for key in wanted.keys() - self.outboxes.keys():
            self.open_outbox(key, connections=self.connections)
        intervals = {
            key: row.alive_interval for key, row in wanted.items() if row.http_alive
        }
        for key, (interval, task) in list(self._keep_alive.items()):
            if intervals.get(key) != interval:
                task.cancel()
                del self._keep_alive[key]
        for key in intervals.keys() - self._keep_alive.keys():
            task = self.in_background(self._beat(key, intervals[key]))
            self._keep_alive[key] = (intervals[key], task)

    async def send(
        self,
        kind: PushType,
        parts: dict[str, Any],
        *,
        event_id: str | None = None,
        has_result: bool = False,
        pictures: bool = True,
        platforms: Iterable[Platform] | None = None,
        held_back: str | None = None,
    ) -> Push:
        """Queue a message for the platforms (default: all enabled ones).

        `parts` are channel_info, behaviour, face and compare_results. Pictures are put
        in for platforms that want them. `held_back` keeps it from being sent.
        """
        body: dict[str, Any] = {
            "type": int(kind),
            "event_id": self.next_event_id() if event_id is None else event_id,
            "has_result": int(has_result),
            "device_info": self._device_info(),
            **parts,
        }
        push = Push(body["event_id"], int(kind), body, held_back=held_back)
        receivers = list(self.enabled() if platforms is None else platforms)
        if held_back is not None or not self.running or not receivers:
            push.held_back = held_back or "no platform is enabled"
            push.check()
            return push
        push.targets = {platform.id for platform in receivers}
        plain = _encode(body)
        rich: bytes | None = None
        for platform in receivers:
            content = plain
            if pictures and platform.picture_enable:
                if rich is None:
                    rich = _encode(await self._with_pictures(body))
                content = rich
            url = self._url_of(platform, DATA_PATH)
            self.post(OutgoingRequest(push, url, content), platform.id)
        return push

    async def keep_alive(self, platforms: Iterable[Platform] | None = None) -> Push:
        """Send a keep-alive (type 6) now, past the queue and only once."""
        receivers = list(self.enabled() if platforms is None else platforms)
        event_id = "" if self.device.quirks.empty_event_id else self.next_event_id()
        body = {
            "type": int(PushType.KEEP_ALIVE),
            "event_id": event_id,
            "has_result": 0,
            "device_info": self._device_info(),
        }
        push = Push(event_id, int(PushType.KEEP_ALIVE), body)
        if not self.running or not receivers:
            push.held_back = "no platform is enabled"
            push.check()
            return push
        push.targets = {platform.id for platform in receivers}
        content = _encode(body)
        for platform in receivers:
            request = OutgoingRequest(push, self._url_of(platform, DATA_PATH), content)
            self.post_once(request, platform.id)
        return push

    def channel_changed(self, channel: Channel, mode: ChannelMode) -> None:
        """Report a channel (type 7) to the platforms that want it."""
        wanted = [row for row in self.enabled() if row.channel_enable]
        if not wanted:
            return
        info = channel_info(channel, mode)
        info["status"] = 1 if channel.online else 2
        event_id = "" if self.device.quirks.empty_event_id else self.next_event_id()
        self.in_background(
            self.send(
                PushType.CHANNEL,
                {"channel_info": info},
                event_id=event_id,
                platforms=wanted,
            )
        )

    def send_video(self, uuid: str, content: bytes) -> list[Push]:
        """Queue an alarm video (13.2) for the platforms that want it."""
        pushes = []
        boundary = f"----VirtualBox{uuid4().hex}"
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="video_uuid"\r\n\r\n'
            f"{uuid}\r\n--{boundary}\r\nContent-Disposition: form-data; "
            f'name="file"; filename="{uuid}.mp4"\r\nContent-Type: video/mp4\r\n\r\n'
        )
        body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
        for platform in self.enabled():
            outbox = self.outboxes.get(platform.id)
            if platform.video_enable and outbox is not None:
                push = Push(uuid, 0, {"video_uuid": uuid}, {platform.id})
                outbox.put(
                    OutgoingRequest(
                        push,
                        self._url_of(platform, VIDEO_PATH),
                        body,
                        f"multipart/form-data; boundary={boundary}",
                    )
                )
                pushes.append(push)
        return pushes

    async def _beat(self, key: int, interval: int) -> None:
        while True:
            await asyncio.sleep(interval * self.device.time_scale)
            if not self.device.rebooting:
                await self.keep_alive([self.device.platforms[key]])

    def _url_of(self, platform: Platform, path: str) -> Callable[[], str]:
        def url() -> str:
            current = self.device.platforms.get(platform.id, platform)
            if self.device.quirks.push_url is PushUrl.VERBATIM:
                return current.url
            return current.url.rstrip("/") + path

        return url

    def _device_info(self) -> dict[str, Any]:
        device = self.device
        info: dict[str, Any] = {
            "device_code": device.device_code,
            "device_name": device.name,
            "device_sn": device.serial,
        }
        if device.custom_code is not None:
            info["custom_code"] = device.custom_code
        return info

    async def _with_pictures(self, value: Json) -> Json:
        if isinstance(value, list):
            return [await self._with_pictures(item) for item in value]
        if not isinstance(value, dict):
            return value
        rich: dict[str, Any] = {}
        for name, item in value.items():
            rich[name] = await self._with_pictures(item)
            if name in PICTURE_FIELDS and item:
                file = await self.device.pictures.read(item)
                if file is not None:
                    rich[PICTURE_FIELDS[name]] = base64.b64encode(file[0]).decode()
        return rich


def channel_info(channel: Channel, mode: ChannelMode) -> dict[str, Any]:
    """Return `channel_info` of 13.1."""
    info: dict[str, Any] = {
        "mode": int(mode),
        "ipc_sn": channel.serial_number,
        "ipc_addr": channel.ip or "",
        "channel_id": channel.channel_id,
        "channel_name": channel.name,
    }
    if channel.custom_code is not None:
        info["custom_code"] = channel.custom_code
    return info


def _encode(body: dict[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
