"""The buttons of the control page for a SenseTime node."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from simulators.control import Arguments, Command, Input
from simulators.delivery import PushFault
from simulators.faults import Fault

from .reporter import Result

if TYPE_CHECKING:
    from .node import SenseTimeNode

_CHANNEL = Input("channel", 1)


def _told(result: Result) -> dict[str, Any]:
    return {
        "snap_id": result.snap_id,
        "similarity": result.capture.similarity,
        "subscribers": result.subscribers,
        "http": result.push.held_back or "queued",
    }


class SenseTimePanel:
    """Shows a node and presses its buttons."""

    def __init__(self, node: SenseTimeNode) -> None:
        """Remember the node."""
        self._node = node

    def title(self) -> str:
        """Return the headline."""
        return f"Virtual SenseNebula {self._node.device.model} {self._node.serial}"

    def state(self) -> dict[str, Any]:
        """Return cameras, faces, counts."""
        device = self._node.device
        return {
            "clock_offset": device.clock_offset,
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
            "sessions": len(self._node.sessions),
            "subscribers": self._node.subscribers,
            "sent": asdict(self._node.counts),
            "captures": len(device.captures),
            "requests": len(self._node.journal),
            "faults": [
                f"{rule.fault} {rule.pattern} {rule.times}"
                for rule in self._node.faults.rules
            ],
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
            Command("clock", "Set clock skew", self._clock, (Input("seconds", 0),)),
            Command(
                "fault",
                "Answer with a fault",
                self._fault,
                (
                    Input("fault", choices=tuple(Fault)),
                    Input("pattern", "*"),
                    Input("times", 1),
                    Input("code", -1),
                    Input("delay", 5),
                ),
            ),
            Command(
                "push_fault",
                "Push with a fault",
                self._push_fault,
                (Input("fault", choices=tuple(PushFault)), Input("times", 1)),
            ),
            Command("clear_faults", "Clear faults", self._clear),
            Command("expire_session", "Expire sessions", self._expire),
            Command("lock_out", "Lock out", self._lock, (Input("seconds", 60),)),
            Command("drop", "Cut WebSockets", self._drop),
            Command("reboot", "Reboot", self._reboot, (Input("seconds", 8),)),
        )

    async def _recognize(self, given: Arguments) -> object:
        return _told(
            await self._node.recognize(
                str(given["person_id"]), channel=self._channel(given)
            )
        )

    async def _stranger(self, given: Arguments) -> object:
        return _told(await self._node.face(channel=self._channel(given), stranger=True))

    async def _face(self, given: Arguments) -> object:
        return _told(await self._node.face(channel=self._channel(given)))

    async def _body(self, given: Arguments) -> object:
        return _told(await self._node.body(channel=self._channel(given)))

    async def _heartbeat(self, _: Arguments) -> object:
        return (await self._node.heartbeat()).held_back or "sent"

    async def _add(self, given: Arguments) -> object:
        if self._node.device.used_power >= self._node.device.capacity:
            raise ValueError("no computing power left")
        return {"channel": self._node.add_camera(given.get("name")).channel}

    async def _remove(self, given: Arguments) -> None:
        self._node.remove_camera(self._channel(given))

    async def _offline(self, given: Arguments) -> None:
        self._node.set_camera_status(self._channel(given), online=False)

    async def _online(self, given: Arguments) -> None:
        self._node.set_camera_status(self._channel(given), online=True)

    def _channel(self, given: Arguments) -> int:
        channel = int(given.get("channel", 1))
        if channel not in self._node.device.cameras:
            raise LookupError(f"no channel {channel}")
        return channel

    async def _clock(self, given: Arguments) -> None:
        self._node.clock_offset = float(given["seconds"])

    async def _fault(self, given: Arguments) -> None:
        times = given.get("times")
        self._node.faults.add(
            Fault(given["fault"]),
            str(given.get("pattern", "*")),
            times=None if times is None else int(times),
            code=int(given.get("code", -1)),
            delay=float(given.get("delay", 5)),
        )

    async def _push_fault(self, given: Arguments) -> None:
        times = given.get("times")
        self._node.push_faults.add(
            PushFault(given["fault"]), times=None if times is None else int(times)
        )

    async def _clear(self, _: Arguments) -> None:
        self._node.faults.clear()
        self._node.push_faults.clear()

    async def _expire(self, _: Arguments) -> None:
        self._node.expire_session()

    async def _lock(self, given: Arguments) -> None:
        self._node.lock_out(float(given.get("seconds", 60)))

    async def _drop(self, _: Arguments) -> object:
        return self._node.drop_subscribers()

    async def _reboot(self, given: Arguments) -> None:
        self._node.reporter.later(self._node.reboot(float(given.get("seconds", 8))))
