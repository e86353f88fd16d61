"""The control page of the virtual box."""

from typing import Any

from simulators.control_page import Arguments, Command, Input, Panel

from .actions import MegviiActions
from .algorithms import EVENTS
from .error_codes import Code
from .models import ALERT_MODE, FACE_MODE, MIXED_MODE, Target
from .relay_requests import is_closed
from .reporter import Result
from .voice_requests import playing

_CHANNEL = Input("channel", 1)
_KIND = Input("kind", choices=tuple(target.word for target in Target))
_EVENTS = tuple(kind.word or str(kind.number) for kind in EVENTS.values())


class MegviiPanel(Panel[MegviiActions]):
    """What is shown about a box, and its buttons."""

    error_code = int(Code.SERVER_BUSY)

    def state(self) -> dict[str, Any]:
        """Return channels, people, what is sent and what sounds."""
        device, box = self._box.device, self._box
        sound = playing(device)
        return {
            **super().state(),
            "mode": device.mode,
            "work_mode": device.settings.model["workMode"],
            "digest": device.settings.model["digestMode"],
            "running": len(box.request_queue),
            "aborted": box.request_queue.aborted,
            "refused": box.request_queue.refused,
            "channels": [
                {
                    "channel": channel.number,
                    "name": channel.name,
                    "armed": channel.armed,
                    "status": channel.status,
                }
                for channel in device.channels.values()
            ],
            "people": {
                person.description: person.groups
                for person in device.people.values()
                if person.token
            },
            "relays": {
                number: is_closed(device, binding)
                for number, binding in device.relays.items()
            },
            "playing": None if sound is None else sound.file,
            "alerts": len(device.alerts),
            "captures": len(device.captures),
            "http_reports": device.settings.http_reports,
            "reports": device.settings.reports,
            "links": {
                target: link.connected for target, link in box.reporter.links.items()
            },
            "waiting": len(box.reporter.failed),
        }

    def commands(self) -> tuple[Command, ...]:
        """Return the buttons."""
        modes = tuple(str(mode) for mode in (FACE_MODE, MIXED_MODE, ALERT_MODE))
        return (
            Command(
                "recognize",
                "Known person",
                self._recognize,
                (Input("person", "Iris Vale"), _CHANNEL),
            ),
            Command("stranger", "Stranger", self._stranger, (_CHANNEL,)),
            Command("capture", "Capture", self._capture, (_KIND, _CHANNEL)),
            Command(
                "alert",
                "Event of a rule",
                self._alert,
                (Input("event", choices=_EVENTS), _CHANNEL),
            ),
            Command("relay", "Trigger relay", self._relay, (_CHANNEL,)),
            Command(
                "status",
                "Connection of a camera",
                self._status,
                (_CHANNEL, Input("status", 1)),
            ),
            Command("mode", "Detect mode", self._mode, (Input("mode", choices=modes),)),
            Command("add_channel", "Add channel", self._add),
            Command("remove_channel", "Remove channel", self._remove, (_CHANNEL,)),
            Command("heartbeat", "Heartbeat", self._heartbeat),
            Command("drop", "Cut WebSockets", self._drop),
            Command(
                "lock_out", "Lock the account", self._lock, (Input("seconds", 60),)
            ),
            *super().commands(),
        )

    async def _recognize(self, given: Arguments) -> object:
        return _told(
            await self._box.recognize(str(given["person"]), self._channel(given))
        )

    async def _stranger(self, given: Arguments) -> object:
        return _told(await self._box.stranger(self._channel(given)))

    async def _capture(self, given: Arguments) -> object:
        return _told(await self._box.capture(str(given["kind"]), self._channel(given)))

    async def _alert(self, given: Arguments) -> object:
        return _told(await self._box.alert(given["event"], self._channel(given)))

    async def _relay(self, given: Arguments) -> object:
        return self._box.trigger_relay(self._channel(given))

    async def _status(self, given: Arguments) -> None:
        self._box.set_channel_status(self._channel(given), int(given["status"]))

    async def _mode(self, given: Arguments) -> None:
        self._box.change_mode(int(given["mode"]))

    async def _add(self, _: Arguments) -> object:
        return {"channel": self._box.add_channel().number}

    async def _remove(self, given: Arguments) -> None:
        self._box.remove_channel(self._channel(given))

    async def _heartbeat(self, _: Arguments) -> None:
        await self._box.heartbeat()

    async def _drop(self, _: Arguments) -> None:
        self._box.drop_links()

    async def _lock(self, given: Arguments) -> None:
        self._box.lock_out(float(given.get("seconds", 60)))

    def _channel(self, given: Arguments) -> int:
        channel = int(given.get("channel", 1))
        if channel not in self._box.device.channels:
            raise LookupError(f"no channel {channel}")
        return channel


def _told(result: Result) -> object:
    return {
        "track_id": result.track_id,
        "alert": result.alert is not None,
        "held_back": result.held_back,
        "messages": [int(push.kind) for push in result.pushes],
    }
