"""The buttons of the control page for a SenseTime node."""

from dataclasses import asdict
from typing import Any

from simulators.control_page import Arguments, Command, Input, Panel

from .actions import SenseTimeActions
from .reporter import Result

_CHANNEL = Input("channel", 1)


def _told(result: Result) -> dict[str, Any]:
    return {
        "snap_id": result.snap_id,
        "similarity": result.capture.similarity,
        "subscribers": result.subscribers,
        "http": result.push.held_back or "queued",
    }


class SenseTimePanel(Panel[SenseTimeActions]):
    """Shows a node and presses its buttons."""

    error_code = -1

    def title(self) -> str:
        """Return the headline."""
        return f"Virtual SenseNebula {self._box.device.model} {self._box.serial}"

    def state(self) -> dict[str, Any]:
        """Return cameras, faces, counts."""
        device = self._box.device
        return {
            **super().state(),
            "cameras": [
                {
                    "channel": camera.channel,
                    "name": camera.name,
                    "kind": camera.kind,
                    "online": camera.online,
                }
                for camera in device.cameras.values()
            ],
            "faces": {
                face.img_id: face.person["person_name"]
                for library in device.libraries.values()
                for face in library.faces.values()
            },
            "push_url": device.push_url,
            "sessions": len(self._box.sessions),
            "subscribers": self._box.subscribers,
            "sent": asdict(self._box.counts),
            "captures": len(device.captures),
        }

    def commands(self) -> tuple[Command, ...]:
        """Return the buttons."""
        person = Input("person_id", "staff-0001")
        return (
            Command("recognize", "Known person", self._recognize, (_CHANNEL, person)),
            Command("stranger", "Stranger", self._stranger, (_CHANNEL,)),
            Command("face", "Face without comparison", self._face, (_CHANNEL,)),
            Command("body", "Body", self._body, (_CHANNEL,)),
            Command("heartbeat", "Heartbeat", self._heartbeat),
            Command("add_camera", "Add camera", self._add, (Input("name"),)),
            Command("remove_camera", "Remove camera", self._remove, (_CHANNEL,)),
            Command("offline", "Camera offline", self._offline, (_CHANNEL,)),
            Command("online", "Camera online", self._online, (_CHANNEL,)),
            Command("expire_session", "Expire sessions", self._expire),
            Command("lock_out", "Lock out", self._lock, (Input("seconds", 60),)),
            Command("drop", "Cut WebSockets", self._drop),
            *super().commands(),
        )

    async def _recognize(self, given: Arguments) -> object:
        return _told(
            await self._box.recognize(
                str(given["person_id"]), channel=self._channel(given)
            )
        )

    async def _stranger(self, given: Arguments) -> object:
        return _told(await self._box.face(channel=self._channel(given), stranger=True))

    async def _face(self, given: Arguments) -> object:
        return _told(await self._box.face(channel=self._channel(given)))

    async def _body(self, given: Arguments) -> object:
        return _told(await self._box.body(channel=self._channel(given)))

    async def _heartbeat(self, _: Arguments) -> object:
        return (await self._box.heartbeat()).held_back or "sent"

    async def _add(self, given: Arguments) -> object:
        if self._box.device.used_power >= self._box.device.capacity:
            raise ValueError("no computing power left")
        return {"channel": self._box.add_camera(given.get("name")).channel}

    async def _remove(self, given: Arguments) -> None:
        self._box.remove_camera(self._channel(given))

    async def _offline(self, given: Arguments) -> None:
        self._box.set_camera_status(self._channel(given), online=False)

    async def _online(self, given: Arguments) -> None:
        self._box.set_camera_status(self._channel(given), online=True)

    def _channel(self, given: Arguments) -> int:
        channel = int(given.get("channel", 1))
        if channel not in self._box.device.cameras:
            raise LookupError(f"no channel {channel}")
        return channel

    async def _expire(self, _: Arguments) -> None:
        self._box.expire_session()

    async def _lock(self, given: Arguments) -> None:
        self._box.lock_out(float(given.get("seconds", 60)))

    async def _drop(self, _: Arguments) -> object:
        return self._box.drop_subscribers()
