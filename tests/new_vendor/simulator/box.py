"""The virtual toy box: a camera, a password, and a place that alarms go to."""

from dataclasses import dataclass, field
from http import HTTPStatus
import json
import random
from typing import Any, Unpack

from aiohttp import hdrs, web

from simulators.activity import Activity as BaseActivity
from simulators.control_page import Arguments, Command, Panel as BasePanel
from simulators.device_state import DeviceState, Timing
from simulators.push_delivery import OutgoingRequest, Push, ResendPolicy
from simulators.reporter import Reporter
from simulators.virtual_device import Listening, VirtualDevice
from simulators.web_server import WebServer as BaseWebServer, json_answer


@dataclass(slots=True)
class Device(DeviceState[None, Timing, None]):
    """What a box knows."""

    model: str = "Box"
    quirks: None = None
    timing: Timing = field(default_factory=Timing)
    limits: None = None
    password: str = ""
    cameras: dict[int, str] = field(default_factory=dict)
    receiver: str = ""


class WebServer(BaseWebServer[Device]):
    """Answers the three requests of the manual."""

    credentials = frozenset({"x-password"})

    def error(self, code: int) -> web.Response:
        """Return the answer for an error code, which is a status here."""
        return web.Response(status=code)

    def _refused(self, request: web.Request) -> web.Response | None:
        right = request.headers.get("X-Password") == self.device.password
        return None if right else self.error(HTTPStatus.UNAUTHORIZED)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        match request.method, request.path:
            case hdrs.METH_GET, "/info":
                return json_answer({"serial": self.device.serial})
            case hdrs.METH_GET, "/cameras":
                cameras = self.device.cameras.items()
                rows = [{"id": key, "name": name, "online": 1} for key, name in cameras]
                return json_answer({"cameras": rows})
            case hdrs.METH_POST, "/receiver":
                self.device.receiver = (await request.json())["url"]
                return json_answer({})
        return self.error(HTTPStatus.NOT_FOUND)


class ToyActions(VirtualDevice[None, Timing, None]):
    """What can be done to a box."""

    device: Device
    reporter: Reporter[Device]

    async def alarm(self, camera: int = 1) -> Push:
        """Let somebody pass a camera, and tell the receiver."""
        number = self.device.next_id("alarm")
        body = {"id": number, "camera": camera, "what": "intruder"}
        body["time"] = int(self.device.now())
        push = Push(str(number), 0, body, {0} if self.device.receiver else set())
        if push.targets:
            content = json.dumps(body).encode()
            request = OutgoingRequest(push, lambda: self.device.receiver, content)
            self.reporter.post(request, 0)
        return push


class Panel(BasePanel[ToyActions]):
    """Has one button more than any other box."""

    def commands(self) -> tuple[Command, ...]:
        """Return the buttons."""
        return (Command("alarm", "Raise an alarm", self._alarm), *super().commands())

    async def _alarm(self, _: Arguments) -> str:
        return (await self._box.alarm()).event_id


class Activity(BaseActivity[ToyActions, Push]):
    """Lets somebody pass now and then."""

    async def one(self, at: float | None = None) -> Push:
        """Let somebody pass; a box has no memory of the past."""
        return await self._box.alarm()


class ToyBox(ToyActions):
    """Puts the parts together."""

    def __init__(
        self,
        *,
        channels: int = 1,
        serial: str | None = None,
        username: str = "",
        password: str = "toy",
        time_scale: float = 1.0,
        seed: int | None = None,
        **listening: Unpack[Listening],
    ) -> None:
        """Make a box; it listens only when started."""
        rng = random.Random(seed)
        device = Device(
            serial or f"TOY{rng.randrange(10**6)}", rng=rng, time_scale=time_scale
        )
        device.password = password
        device.cameras = {number: f"Door {number}" for number in range(1, channels + 1)}
        super().__init__(
            WebServer(device),
            Reporter(device, ResendPolicy(), lambda status, _: status == HTTPStatus.OK),
            username=username,
            password=password,
            **listening,
        )

    def _started(self) -> None:
        self.reporter.open_outbox(0)

    def panel(self) -> Panel:
        """Return what the control page shows."""
        return Panel(self)

    def activity(
        self, shortest: float = 0, longest: float = 0
    ) -> BaseActivity[Any, Any]:
        """Return the life in front of the camera."""
        return Activity(self, shortest, longest)
