"""What the box sends by itself: HTTP, WebSocket, FTP, and when."""

import asyncio
import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
import time
from typing import Any

from simulators.push_delivery import (
    Attempt,
    Outbox,
    OutgoingRequest,
    Push,
    ResendPolicy,
)
from simulators.reporter import Reporter as BaseReporter

from . import ftp_upload, push_messages
from .device import Device
from .face_requests import features
from .models import ACTIVE, Alert, Capture, Message, Sighting, Target
from .push_messages import Framed, HttpPictures
from .websocket_client import WebSocketClient
from .websocket_server import Subscribers

MAIN, SLAVE, ALERTS, CAPTURES, HEARTBEAT, FTP = range(1, 7)
_CAPTURED, _RECOGNISED = 1, 2
_RECEIVERS = {MAIN: "main", SLAVE: "slave"}
_CAPTURE_RESENDS = 2


@dataclass(slots=True, eq=False)
class Result:
    """What was seen and what was sent about it.

    `held_back` tells why nothing was reported.
    """

    alert: Alert | None = None
    capture: Capture | None = None
    pushes: list[Push] = field(default_factory=list)
    held_back: str | None = None

    @property
    def track_id(self) -> int:
        """Return the track of what was seen."""
        seen = self.alert or self.capture
        assert seen is not None
        return seen.track_id

    def of(self, kind: Message) -> list[Push]:
        """Return the messages of a kind."""
        return [push for push in self.pushes if push.kind == kind]

    async def delivered(self, timeout: float = 5.0) -> bool:  # noqa: ASYNC109
        """Wait for the outcome; True when every receiver took every message."""
        outcomes = [await push.delivered(timeout) for push in self.pushes]
        return bool(outcomes) and all(outcomes)


def acknowledged(status: int, _: bytes) -> bool:
    """Return whether a receiver took a message: with 200 (4.1.3)."""
    return status == 200


class PersistentOutbox(Outbox):
    """The queue to one HTTP receiver; what failed can be tried again much later."""

    failed: list[OutgoingRequest]
    persists: Callable[[], bool]

    async def _deliver(self, request: OutgoingRequest) -> None:
        await super()._deliver(request)
        taken = any(one.target == self.target for one in request.push.acknowledgements)
        if not taken and self.persists():
            self.failed.append(request)

    def again(self) -> int:
        """Queue what failed; return how much that is."""
        waiting, self.failed = self.failed, []
        for request in waiting:
            self.put(request)
        return len(waiting)


class Reporter(BaseReporter[Device]):
    """Sends alerts, captures, events of the alert mode and heartbeats."""

    def __init__(self, device: Device, subscribers: Subscribers) -> None:
        """Start without receivers."""
        super().__init__(device, ResendPolicy(attempts=2), acknowledged)
        self.subscribers = subscribers
        self.pushes: list[Push] = []
        self.links: dict[int, WebSocketClient] = {}
        self._sequence = 0

    def start(self) -> None:
        """Begin to send."""
        super().start()
        for target in _RECEIVERS:
            self._open(target)
        addresses = {
            ALERTS: lambda: self._address("alertConfig", "alertReportMode"),
            CAPTURES: lambda: self._address("capture", "captureReportMode"),
            HEARTBEAT: lambda: self.device.settings.heartbeat["serverAdd"],
        }
        for target, address in addresses.items():
            link = WebSocketClient(
                target, self.device, self.sender.faults, address, self._taken
            )
            self.links[target] = link
            self.outboxes[target] = link.outbox
            self.in_background(link.run())
        self.configure()
        self.in_background(self._beat())
        self.in_background(self._persist())

    async def close(self) -> None:
        """Stop; what waits is given up."""
        await self.subscribers.close()
        await super().close()
        self.links.clear()

    def configure(self) -> None:
        """Take over the settings of the receivers."""
        for target, name in _RECEIVERS.items():
            receiver = self.device.settings.http_reports[name]
            if target in self.outboxes:
                self.outboxes[target].policy = ResendPolicy(
                    attempts=receiver["resend"] + 1,
                    first_delay=receiver["interval"],
                    growth=1.0,
                    timeout=self.device.timing.http,
                )
        for link in self.links.values():
            link.check_address()

    @property
    def failed(self) -> list[OutgoingRequest]:
        """Return what waits for the next try of persistent reporting."""
        outbox = self.outboxes.get(MAIN)
        return outbox.failed if isinstance(outbox, PersistentOutbox) else []

    def again(self) -> int:
        """Try at once what failed; return how much that is."""
        outbox = self.outboxes.get(MAIN)
        return outbox.again() if isinstance(outbox, PersistentOutbox) else 0

    # Messages

    async def report(self, result: Result, *, send: bool = True) -> Result:
        """Send what was seen to everybody who wants it."""
        if not (send and self.running):
            result.held_back = result.held_back or "not to be sent"
        if result.held_back is not None:
            return result
        if result.alert is not None:
            await self._recognition(result, result.alert)
        capture = result.capture
        if capture is not None and self.device.settings.functions["capturePicEnabled"]:
            if capture.event is not None:
                await self._event(result, capture)
            else:
                await self._capture(result, capture, result.alert)
            await self._ftp(result, capture)
        self.pushes += result.pushes
        del self.pushes[:-10_000]
        return result

    async def heartbeat(self) -> Push:
        """Send a heartbeat now."""
        document = {
            "deviceId": self.device.device_id,
            "timestamp": self.device.stamp(),
        }
        push = Push(str(document["timestamp"]), Message.WS_HEARTBEAT, document)
        self._post(push, HEARTBEAT, Framed("", document))
        return push

    async def _recognition(self, result: Result, alert: Alert) -> None:
        document = push_messages.ws_alert(self.device, alert)
        settings = self.device.settings.reports["alertConfig"]
        if self._address("alertConfig", "alertReportMode"):
            small, full = await self._wanted(settings, alert)
            top = b""
            if small and alert.matches and not alert.stranger:
                top = await self.device.files.read(alert.matches[0].crop) or b""
            pictures = {"captureFace": small, "fullImage": full, "Top1": top}
            images = {name: len(content) for name, content in pictures.items()}
            if not settings["pushImageSW"]:
                images = {}
            framed = Framed(
                "Alert", {**document, "images": images}, (small, full, top), alert
            )
            push = self._push(result, Message.WS_ALERT, framed.document, alert)
            self._post(push, ALERTS, framed)
        await self._http(
            result,
            Message.HTTP_RECOGNITION,
            alert,
            lambda _: push_messages.http_recognition(self.device, alert),
        )
        if len(self.subscribers):
            aboard = {
                "dataType": "Alert",
                "aboveHigh": int(not alert.stranger),
                "fmpErr": 0,
                "images": {
                    "captureFace": await self._base64(alert.crop_path),
                    "fullImage": self._url(alert.full_path),
                    "Top1": 0,
                },
            }
            await self._aboard(
                result, Message.WS_SERVER_ALERT, "Alert", document | aboard
            )

    async def _capture(
        self, result: Result, capture: Capture, alert: Alert | None
    ) -> None:
        document = push_messages.ws_capture(self.device, capture)
        settings = self.device.settings.reports["capture"]
        if self._address("capture", "captureReportMode"):
            small, full = await self._wanted(settings, capture)
            lengths = {"captureFace": len(small), "fullImage": len(full)}
            framed = Framed("Capture", document | lengths, (small, full), capture)
            push = self._push(result, Message.WS_CAPTURE, framed.document, capture)
            self._post(push, CAPTURES, framed)
        face = capture.target is Target.FACE
        kind = Message.HTTP_FACE if face else Message.HTTP_TARGET

        def body(receiver: dict[str, Any]) -> dict[str, Any]:
            feature = None
            best = alert.matches[0] if alert and alert.matches else None
            person = self.device.find(best.token) if best else None
            if receiver["featureUpload"] and person is not None:
                feature = features(person.features)
            return push_messages.http_capture(self.device, capture, alert, feature)

        await self._http(result, kind, capture, body)
        if len(self.subscribers):
            aboard = {
                "dataType": "Capture",
                "captureFace": await self._base64(capture.crop_path),
                "fullImage": self._url(capture.full_path),
            }
            await self._aboard(
                result, Message.WS_SERVER_CAPTURE, "Capture", document | aboard
            )

    async def _event(self, result: Result, capture: Capture) -> None:
        assert capture.event is not None
        document = push_messages.alert_event(self.device, capture, capture.event)
        settings = self.device.settings.reports["capture"]
        if self._address("capture", "captureReportMode"):
            small, full = await self._wanted(settings, capture)
            shown = {
                "captureFace": base64.b64encode(small).decode(),
                "fullImage": base64.b64encode(full).decode(),
            }
            word = "Alert" if self.device.quirks.framed_alert_events else ""
            framed = Framed(word, document | {n: p for n, p in shown.items() if p})
            push = self._push(result, Message.WS_ALERT_EVENT, framed.document, capture)
            self._post(push, CAPTURES, framed)
        await self._http(
            result,
            Message.HTTP_ALERT_EVENT,
            capture,
            lambda _: {**document, "algType": 2},
        )

    async def _ftp(self, result: Result, capture: Capture) -> None:
        settings = dict(self.device.settings.ftp_upload)
        if not settings["enable"]:
            return
        files = {
            ftp_upload.file_name(
                self.device, capture, ftp_upload.SNAPSHOT
            ): await self._read(capture.crop_path)
        }
        if settings["enableBackground"]:
            name = ftp_upload.file_name(self.device, capture, ftp_upload.FULL)
            files[name] = await self._read(capture.full_path)
        path = ftp_upload.folders(self.device, capture)
        listed = {"path": path, "files": list(files)}
        push = self._push(result, Message.FTP_PICTURE, listed, capture)
        push.targets = {FTP}

        async def work() -> None:
            at = time.time()
            done = await asyncio.to_thread(ftp_upload.upload, settings, path, files)
            push.note(Attempt(at, FTP, None, done), last=True)

        self.in_background(work())

    # Ways

    def _push(
        self, result: Result, kind: Message, document: dict[str, Any], one: Sighting
    ) -> Push:
        push = Push(f"{one.channel}-{one.track_id}-{one.at}", kind, document)
        result.pushes.append(push)
        return push

    def _post(self, push: Push, target: int, framed: Framed) -> None:
        """Queue a WebSocket message."""
        push.targets = {target}
        alerts = self.device.settings.reports["alertConfig"]
        resends = {
            ALERTS: alerts["alertResend"],
            CAPTURES: _CAPTURE_RESENDS,
            HEARTBEAT: 0,
        }[target]
        link = self.links.get(target)
        if link is None:
            push.give_up(target)
        else:
            pause = alerts["alertInterval"]
            link.put(push, framed, attempts=resends + 1, pause=pause)

    async def _http(
        self,
        result: Result,
        kind: Message,
        one: Sighting,
        body: Callable[[dict[str, Any]], dict[str, Any]],
    ) -> None:
        reports = self.device.settings.http_reports
        wanted = _RECOGNISED if kind is Message.HTTP_RECOGNITION else _CAPTURED
        targets = [
            target
            for target, name in _RECEIVERS.items()
            if reports["enable"]
            and reports[name]["url"]
            and reports[name]["eventType"] & wanted
        ]
        if not targets:
            return
        push = self._push(result, kind, body({"featureUpload": False}), one)
        push.targets = set(targets)
        for target in targets:
            receiver = reports[_RECEIVERS[target]]
            shown = await self._shown(
                receiver, one, event=kind is Message.HTTP_ALERT_EVENT
            )
            content = push_messages.dump({**body(receiver), **shown}).encode()
            self.post(
                OutgoingRequest(push, partial(receiver.__getitem__, "url"), content),
                target,
            )

    async def _shown(
        self, receiver: dict[str, Any], one: Sighting, *, event: bool
    ) -> dict[str, str]:
        """Return the pictures of an HTTP message; P7 has the full one as `photo`."""
        if not receiver["captureUpload"]:
            return {}
        full = await self._read(one.full_path) if receiver["bigCaptureUpload"] else b""
        if event:
            return {"photo": base64.b64encode(full).decode()}
        small = b""
        if receiver["smallCaptureUpload"]:
            small = await self._read(one.crop_path)
        digests = {}
        if small:
            digests["photo_md5"] = push_messages.digest_of(small)
        if full:
            digests["fullImage_md5"] = push_messages.digest_of(full)
        return HttpPictures(
            base64.b64encode(small).decode(), base64.b64encode(full).decode(), digests
        ).fields()

    async def _aboard(
        self, result: Result, kind: Message, word: str, document: dict[str, Any]
    ) -> None:
        """Send to those who are connected to the box's own WebSocket server."""
        self._sequence += 1
        frame = push_messages.encode(
            self.device,
            Framed(word, document),
            self._sequence,
            push_messages.dump(document),
        )
        assert isinstance(frame, bytes)
        await self.subscribers.push(frame)
        push = Push(str(self._sequence), kind, document)
        push.check()
        result.pushes.append(push)

    def _address(self, part: str, mode: str) -> str:
        settings = self.device.settings.reports[part]
        return str(settings["reportServerAdd"]) if settings[mode] == ACTIVE else ""

    def _taken(self, framed: Framed) -> None:
        if framed.sighting is not None and self.device.quirks.pushed_are_deleted:
            self.device.forget(framed.sighting)

    async def _wanted(
        self, settings: dict[str, Any], one: Sighting
    ) -> tuple[bytes, bytes]:
        """Return the small and the full picture, as far as they are switched on."""
        master = settings["pushImageSW"]
        small = full = b""
        if master and settings["pushSmallImageSW"]:
            small = await self._read(one.crop_path)
        if master and settings["pushBigImageSW"]:
            full = await self._read(one.full_path)
        return small, full

    async def _read(self, path: str) -> bytes:
        return (await self.device.files.read(path) if path else None) or b""

    async def _base64(self, path: str) -> str:
        return base64.b64encode(await self._read(path)).decode()

    def _url(self, path: str) -> str:
        return f"http://{self.device.host}:{self.device.port}/{path}" if path else ""

    def _open(self, target: int) -> None:
        outbox = PersistentOutbox(
            target,
            self.sender,
            policy=self.policy,
            scale=lambda: self.device.time_scale,
        )
        outbox.failed = []
        outbox.persists = lambda: target == MAIN and self._persists()
        self.outboxes[target] = outbox

    def _persists(self) -> bool:
        reports = self.device.settings.http_reports
        return bool(reports["enable"] and reports["main"]["persistReport"])

    async def _beat(self) -> None:
        while True:
            heartbeat = self.device.settings.heartbeat
            pause = heartbeat["htInterval"] if heartbeat["serverAdd"] else 1
            await asyncio.sleep(pause * self.device.time_scale)
            if heartbeat["serverAdd"] and not self.device.rebooting:
                await self.heartbeat()

    async def _persist(self) -> None:
        """Try what failed again, every 30 minutes (23.2)."""
        while True:
            await asyncio.sleep(self.device.timing.persist * self.device.time_scale)
            self.again()
