"""Chapter 7: what the node posts to the one HTTP target, and to WebSockets."""

import asyncio
import base64
from dataclasses import dataclass
import json
from typing import Any
from uuid import uuid4

from simulators.file_store import content_type
from simulators.push_delivery import OutgoingRequest, Push, ResendPolicy
from simulators.reporter import Reporter as BaseReporter

from .capture_views import described, spelled
from .device import Device
from .models import Capture, Label, Message
from .quirks import NoImage
from .sessions import Sessions
from .websocket_server import Subscribers

_TARGET = 1
_NOBODY = "no HTTP target is set"


@dataclass(slots=True, eq=False)
class Result:
    """A capture and what was sent about it.

    `push` is the HTTP message, `subscribers` how many WebSockets it was queued for.
    """

    capture: Capture
    push: Push
    subscribers: int

    @property
    def snap_id(self) -> str:
        """Return the id of the capture."""
        return self.capture.snap_id


@dataclass(frozen=True, slots=True)
class Counts:
    """Messages sent so far: frames written, HTTP messages acknowledged or tried."""

    websocket: int
    http: int
    http_acknowledged: int
    heartbeats: int


def acknowledged(status: int, _: bytes) -> bool:
    """Return whether the target took a message: any 2xx (its sample answers 200)."""
    return 200 <= status < 300


class Reporter(BaseReporter[Device]):
    """Sends results and heartbeats."""

    def __init__(
        self, device: Device, sessions: Sessions, policy: ResendPolicy
    ) -> None:
        """Start without a target."""
        super().__init__(device, policy, acknowledged)
        self.subscribers = Subscribers(device, sessions, self.sender.faults)
        self.pushes: list[Push] = []

    def start(self) -> None:
        """Begin to send."""
        super().start()
        self.open_outbox(_TARGET)
        self.in_background(self._beat())

    async def close(self) -> None:
        """Stop; what waits is given up."""
        self.subscribers.drop()
        await super().close()

    @property
    def counts(self) -> Counts:
        """Return how much was sent."""
        results = [p for p in self.pushes if p.kind == Message.HTTP_RESULT]
        beats = [p for p in self.pushes if p.kind == Message.HEARTBEAT]
        return Counts(
            self.subscribers.sent,
            sum(len(push.attempts) for push in results),
            sum(len(push.acknowledgements) for push in results),
            sum(len(push.attempts) for push in beats),
        )

    async def send(self, capture: Capture, *, held_back: str | None = None) -> Result:
        """Send a result to every subscriber (777) and to the HTTP target (774)."""
        if (
            not self.device.quirks.below_threshold_pushed
            and capture.label is Label.FACE
            and not capture.alarm
        ):
            held_back = held_back or "below the threshold"
        push = await self._post_result(capture, held_back)
        receivers = 0
        if held_back is None and self.running and len(self.subscribers):
            receivers = self.subscribers.push(await self._frame(capture))
        return Result(capture, push, receivers)

    async def heartbeat(self) -> Push:
        """Post a heartbeat (775) now, past the queue and only once."""
        quirks, device = self.device.quirks, self.device
        msg_id: int | str = int(Message.HEARTBEAT)
        if quirks.http_msg_id_as_text:
            msg_id = str(msg_id)
        body = {
            "data": {
                "device_id": device.device_id,
                "trigger": device.stamp(device.now()),
            },
            "msg_id": msg_id,
        }
        push = self._new_push(device.uuid(), Message.HEARTBEAT, body, None)
        if push.held_back is None:
            content, kind = json.dumps(body).encode(), "application/json"
            if not quirks.heartbeat_plain_json:
                texts = {"json": content.decode()}
                if quirks.heartbeat_key:
                    texts["key"] = device.push_key
                content, kind = _multipart(texts, {})
            request = OutgoingRequest(push, lambda: device.push_url, content, kind)
            self.post_once(request, _TARGET)
        return push

    def _new_push(
        self, name: str, kind: Message, body: dict[str, Any], held_back: str | None
    ) -> Push:
        push = Push(name, int(kind), body, held_back=held_back)
        if held_back is None and not (self.running and self.device.push_url):
            push.held_back = _NOBODY
        if push.held_back is None:
            push.targets = {_TARGET}
            self.pushes.append(push)
            del self.pushes[:-10_000]
        push.check()
        return push

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self.device.timing.heartbeat * self.device.time_scale)
            if not self.device.rebooting:
                await self.heartbeat()

    async def _post_result(self, capture: Capture, held_back: str | None) -> Push:
        device, quirks = self.device, self.device.quirks
        data = described(device, capture)
        if quirks.reserved_paths:
            data["img_path"], data["snap_path"] = "img_pic", "snap_pic"
        msg_id = int(Message.HTTP_RESULT)
        body = {
            "data": spelled(quirks, data),
            "msg_id": str(msg_id) if quirks.http_msg_id_as_text else msg_id,
        }
        push = self._new_push(capture.snap_id, Message.HTTP_RESULT, body, held_back)
        if push.held_back is None:
            files = {"snap": capture.snap_path, "snap_frame": capture.frame_path}
            if capture.match is not None:
                files["img"] = capture.match.img_path
            contents = {}
            for name, path in files.items():
                if (content := await device.files.read(path)) is not None:
                    contents[name] = path, content
            texts = {
                "key": device.push_key,
                "json": json.dumps(body, ensure_ascii=False),
            }
            content, kind = _multipart(texts, contents)
            request = OutgoingRequest(push, lambda: device.push_url, content, kind)
            self.post(request, _TARGET)
        return push

    async def _frame(self, capture: Capture) -> dict[str, Any]:
        quirks = self.device.quirks
        data = described(self.device, capture)
        data["ranking"] = 1
        data["snap_buf"] = await self._base64(capture.snap_path)
        data["snap_frame"] = await self._base64(capture.frame_path)
        if capture.match is not None:
            data["img"] = await self._base64(capture.match.img_path)
        elif quirks.no_image is not NoImage.MISSING:
            data["img"] = -1 if quirks.no_image is NoImage.MINUS_ONE else ""
        msg_id = int(Message.WS_RESULT)
        return {
            "code": 0,
            "data": spelled(quirks, data),
            "msg": "",
            "msg_id": msg_id if quirks.ws_msg_id_as_number else str(msg_id),
        }

    async def _base64(self, path: str) -> str:
        content = await self.device.files.read(path)
        if content is None:
            return ""
        encoded = base64.b64encode(content).decode()
        if self.device.quirks.bare_base64:
            return encoded
        return f"data:{content_type(path)};base64,{encoded}"


def _multipart(
    texts: dict[str, str], files: dict[str, tuple[str, bytes]]
) -> tuple[bytes, str]:
    """Return a form and its Content-Type."""
    boundary = f"----SenseNebula{uuid4().hex}"
    parts = bytearray()
    for name, text in texts.items():
        parts += (
            f"--{boundary}\r\nContent-Disposition: form-data; "
            f'name="{name}"\r\n\r\n{text}\r\n'
        ).encode()
    for name, (path, content) in files.items():
        parts += (
            f"--{boundary}\r\nContent-Disposition: form-data; "
            f'name="{name}"; filename="{path.rpartition("/")[2]}"\r\n'
            f"Content-Type: {content_type(path)}\r\n\r\n"
        ).encode()
        parts += content + b"\r\n"
    parts += f"--{boundary}--\r\n".encode()
    return bytes(parts), f"multipart/form-data; boundary={boundary}"
