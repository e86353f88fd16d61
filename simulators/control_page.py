"""A small page and JSON commands to play with a virtual box, at /_control.

Outside every manual and without authentication; only loopback may use it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from html import escape
from ipaddress import ip_address
import json
from typing import Any, Protocol

from aiohttp import web

from .device_state import HasState
from .faults import Fault, Faults
from .odd_json import Oddity
from .push_delivery import PushFault, PushFaults
from .reporter import Reporter
from .request_log import RequestLog

type Arguments = dict[str, Any]
type Action = Callable[[Arguments], Awaitable[Any]]

PREFIX = "/_control"


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a command; `choices` makes it a list. Default "" means left out."""

    name: str
    default: str | int = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """A button of the page and a POST to /_control/<name> with a JSON object."""

    name: str
    title: str
    action: Action
    inputs: tuple[Input, ...] = field(default=())


class Controllable(HasState, Protocol):
    """A device as its control page needs it."""

    @property
    def request_log(self) -> RequestLog:
        """Return the requests that it received."""

    @property
    def faults(self) -> Faults:
        """Return the faults of answers."""

    @property
    def push_faults(self) -> PushFaults:
        """Return the faults of pushes."""

    @property
    def reporter(self) -> Reporter[Any]:
        """Return what sends its messages."""

    async def reboot(self, seconds: float | None = None) -> None:
        """Be away for a while."""


class Panel[B: Controllable]:
    """Shows a device and presses its buttons; a vendor adds its own.

    `error_code` is what the button for faults proposes.
    """

    error_code = 1

    def __init__(self, box: B) -> None:
        """Remember the device."""
        self._box = box

    def title(self) -> str:
        """Return the headline."""
        return f"Virtual {self._box.device.model} {self._box.device.serial}"

    def state(self) -> dict[str, Any]:
        """Return what the page shows about the device."""
        return {
            "clock_offset": self._box.device.clock_offset,
            "requests": len(self._box.request_log),
            "faults": [
                f"{rule.fault} {rule.pattern} {rule.times}"
                for rule in self._box.faults.rules
            ],
        }

    def commands(self) -> tuple[Command, ...]:
        """Return the buttons that every device has."""
        return (
            Command("clock", "Set clock skew", self._clock, (Input("seconds", 0),)),
            Command(
                "fault",
                "Answer with a fault",
                self._fault,
                (
                    Input("fault", choices=(*Fault, *Oddity)),
                    Input("pattern", "*"),
                    Input("times", 1),
                    Input("code", self.error_code),
                    Input("delay", 5),
                ),
            ),
            Command(
                "push_fault",
                "Push with a fault",
                self._push_fault,
                (Input("fault", choices=(*PushFault, *Oddity)), Input("times", 1)),
            ),
            Command("clear_faults", "Clear faults", self._clear),
            Command("reboot", "Reboot", self._reboot, (Input("seconds", 8),)),
        )

    async def _clock(self, given: Arguments) -> None:
        self._box.device.clock_offset = float(given["seconds"])

    async def _fault(self, given: Arguments) -> None:
        times = given.get("times")
        self._box.faults.add(
            _chosen(given["fault"], Fault),
            str(given.get("pattern", "*")),
            times=None if times is None else int(times),
            code=int(given.get("code", self.error_code)),
            delay=float(given.get("delay", 5)),
        )

    async def _push_fault(self, given: Arguments) -> None:
        times = given.get("times")
        self._box.push_faults.add(
            _chosen(given["fault"], PushFault),
            times=None if times is None else int(times),
        )

    async def _clear(self, _: Arguments) -> None:
        self._box.faults.clear()
        self._box.push_faults.clear()

    async def _reboot(self, given: Arguments) -> None:
        self._box.reporter.in_background(
            self._box.reboot(float(given.get("seconds", 8)))
        )


def add_control(app: web.Application, panel: Panel[Any]) -> None:
    """Add the page and its commands to a box's own web server."""

    async def page(request: web.Request) -> web.Response:
        _only_loopback(request)
        return web.Response(text=_page(panel), content_type="text/html")

    async def state(request: web.Request) -> web.Response:
        _only_loopback(request)
        return web.json_response(panel.state())

    async def run(request: web.Request) -> web.Response:
        _only_loopback(request)
        commands = {command.name: command for command in panel.commands()}
        command = commands.get(request.match_info["name"])
        if command is None:
            raise web.HTTPNotFound
        try:
            text = await request.text()
            arguments = json.loads(text) if text else {}
            if not isinstance(arguments, dict):
                return _failed("a JSON object is expected")
            result = await command.action(arguments)
        except (KeyError, TypeError, ValueError, LookupError) as error:
            return _failed(f"{type(error).__name__}: {error}")
        return web.json_response({"ok": True, "result": result})

    app.router.add_get(PREFIX, page)
    app.router.add_get(f"{PREFIX}/state", state)
    app.router.add_post(f"{PREFIX}/{{name}}", run)


def _chosen[F: StrEnum](name: str, faults: type[F]) -> F | Oddity:
    return Oddity(name) if name in Oddity else faults(name)


def _failed(reason: str) -> web.Response:
    return web.json_response({"ok": False, "error": reason}, status=400)


def _only_loopback(request: web.Request) -> None:
    try:
        allowed = ip_address(request.remote or "").is_loopback
    except ValueError:
        allowed = False
    # A page elsewhere must not press the buttons through the visitor's browser.
    origin = request.headers.get("Origin")
    if not allowed or (origin and origin != f"http://{request.host}"):
        raise web.HTTPForbidden


def _input(item: Input) -> str:
    if item.choices:
        options = "".join(
            f"<option>{escape(choice)}</option>" for choice in item.choices
        )
        return f"<label>{escape(item.name)} <select name={item.name}>{options}</select></label>"
    kind = "number" if isinstance(item.default, int) else "text"
    return (
        f"<label>{escape(item.name)} <input name={item.name} type={kind} "
        f'value="{escape(str(item.default))}"></label>'
    )


def _page(panel: Panel[Any]) -> str:
    forms = "".join(
        f'<form data-name="{escape(command.name)}">'
        f"{''.join(_input(item) for item in command.inputs)}"
        f"<button>{escape(command.title)}</button></form>"
        for command in panel.commands()
    )
    title = escape(panel.title())
    return _PAGE.replace("{title}", title).replace("{forms}", forms)


_PAGE = """<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title>
<style>
body{font:15px system-ui,sans-serif;margin:2rem auto;max-width:64rem;padding:0 1rem;
background:#f4f6f8;color:#223}
main{display:grid;gap:.6rem;grid-template-columns:repeat(auto-fill,minmax(20rem,1fr))}
form{background:#fff;border-radius:.6rem;padding:.8rem;display:grid;gap:.4rem;align-content:start;
box-shadow:0 1px 3px #0002}
label{display:flex;justify-content:space-between;gap:1rem}
input,select{width:11rem}
button{padding:.5rem;border:0;border-radius:.4rem;background:#0b6fa4;color:#fff}
pre{background:#fff;border-radius:.6rem;padding:1rem;overflow:auto}
</style>
<h1>{title}</h1><main>{forms}</main><h2>State</h2><pre id=state></pre><pre id=said></pre>
<script>
const show=async()=>{state.textContent=
JSON.stringify(await (await fetch('/_control/state')).json(),null,2)};
for(const form of document.forms)form.onsubmit=async event=>{event.preventDefault();
const given={};for(const item of form.elements)if(item.name&&item.value!=='')
given[item.name]=item.type==='number'?Number(item.value):item.value;
const answer=await fetch('/_control/'+form.dataset.name,
{method:'POST',body:JSON.stringify(given)});
said.textContent=JSON.stringify(await answer.json(),null,2);show()};
show();setInterval(show,3000)
</script>"""
