"""Run Home Assistant with virtual boxes behind it, for people to look at.

Everything it makes is below one folder, by default .demo/ in the project.
Ctrl-C ends all of it.
"""

import argparse
import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
import ctypes
from dataclasses import dataclass, replace
import fcntl
import functools
import json
import os
from pathlib import Path
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from typing import Any

from aiohttp import ClientSession, ClientTimeout
from homeassistant.components.http.config import HTTP_STORAGE_SCHEMA

from simulators.vendors import vendors

from .config_flow import entered
from .dashboard import URL_PATH, save_dashboard
from .home import Commands, Home, HomeError, Json

ROOT = Path(__file__).resolve().parents[2]
USER = "demo"
PASSWORD = "demo"
START_TIMEOUT = 180

CONFIGURATION = """\
# Home Assistant of the demo; written anew at every start.
homeassistant:
  name: Vision Hub demo
  country: US
  time_zone: {time_zone}
  internal_url: {url}
  external_url: {url}
  media_dirs:
    local: {media}

frontend:
history:
logbook:
my:
media_source:
stream:
logger:
  default: warning
  logs:
    aiohttp_fast_zlib: error
    custom_components.vision_hub: info

automation: !include automations.yaml
script: !include scripts.yaml
scene: !include scenes.yaml
"""

AUTOMATIONS = """\
- id: vision_hub_demo
  alias: Tell about alarms
  description: Shows the newest alarm as a notification. Change it as you like.
  triggers:
    - trigger: event
      event_type: vision_hub_alarm
      event_data:
        phase: started
  actions:
    - action: persistent_notification.create
      data:
        notification_id: vision_hub_demo
        title: "{{ trigger.event.data.kind | replace('_', ' ') | capitalize }}"
        message: >-
          {{ trigger.event.data.channel_name or trigger.event.data.hub }}
          at {{ now().strftime('%H:%M:%S') }}
  mode: queued
"""


class DemoError(Exception):
    """The demo cannot go on; the text tells the user why."""


@dataclass(frozen=True)
class Box:
    """A virtual box."""

    vendor: str
    serial: str
    port: int
    channels: int
    password: str
    alarms: str | None
    """Seconds between two alarms, from:to; None for a box that is quiet."""
    added: bool
    """Whether the demo adds it, or leaves that to the user."""
    username: str = "admin"

    @property
    def command(self) -> list[str]:
        """What to run."""
        command = [sys.executable, "-m", "simulators", self.vendor]
        command += ["--port", str(self.port), "--rtsp-port", "0"]
        command += ["--channels", str(self.channels)]
        command += ["--serial", self.serial, "--password", self.password]
        command += ["--username", self.username]
        return [*command, "--alarm-every", self.alarms] if self.alarms else command

    @property
    def fields(self) -> dict[str, str | int | bool]:
        """What a user types into the config flow."""
        return entered(
            self.vendor,
            host="127.0.0.1",
            port=self.port,
            serial=self.serial,
            username=self.username,
            password=self.password,
        )


CHOSEN = (
    Box("uniview", "210235VB01DEMO000001", 8081, 4, "demo-box-1", "15:30", added=True),
    Box("uniview", "210235VB01DEMO000002", 8082, 2, "demo-box-2", "30:60", added=False),
    Box("sensetime", "SN-DEMO-0001", 8083, 2, "Demo-node-1", "20:40", added=True),
    Box("camguard", "FACES-DEMO-01", 8084, 4, "Demo-guard-1", "20:40", added=True),
    Box("megvii", "78CA8340DEM000000001", 8085, 4, "Demo-mega-1", "20:40", added=True),
    Box(
        "huawei",
        "2562572829000000001",
        8086,
        3,
        "demo-sk-1",
        "20:40",
        added=True,
        username="DEMOAK",
    ),
)
OTHERS = (
    Box(
        name,
        f"{name.upper()}-DEMO-1",
        vendor.port,
        4,
        vendor.password,
        "20:40",
        added=True,
        username=vendor.username,
    )
    for name, vendor in vendors().items()
    if name not in {box.vendor for box in CHOSEN}
)
BOXES = (*CHOSEN, *OTHERS)
"""A box of every vendor; the demo has chosen those of the first ones."""


@dataclass
class Child:
    """A process of the demo."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def check(self) -> None:
        """Raise when it ended by itself."""
        if (code := self.process.poll()) is not None:
            raise DemoError(f"{self.name} ended with status {code}.\n{self.said}")

    @property
    def said(self) -> str:
        """What it wrote last, and where the rest is."""
        lines = self.log.read_text(errors="replace").splitlines()[-15:]
        return "\n".join([*lines, f"See {display(self.log)}"])


class Children:
    """Starts processes that end with the demo, however it ends."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._children: list[Child] = []

    def start(self, name: str, command: list[str]) -> Child:
        """Start a process that Ctrl-C in the terminal does not reach."""
        self._logs.mkdir(parents=True, exist_ok=True)
        log = self._logs / f"{name.lower().replace(' ', '-')}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509
            )
        child = Child(name, process, log)
        self._children.append(child)
        return child

    def check(self) -> None:
        """Raise when one of them ended by itself."""
        for child in self._children:
            child.check()

    def stop(self, grace: float = 20) -> None:
        """End all of them, the last one first."""
        end = time.monotonic() + grace
        for child in reversed(self._children):
            if child.process.poll() is None:
                child.process.terminate()
                with suppress(subprocess.TimeoutExpired):
                    child.process.wait(max(0.1, end - time.monotonic()))
            with suppress(ProcessLookupError):
                os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()
        self._children.clear()


def _die_with_parent() -> None:
    """Ask Linux to end this process when the demo is killed without a chance to."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


class Demo:
    """Home Assistant and its boxes, with all state below one folder."""

    def __init__(self, state: Path, host: str, port: int) -> None:
        self.state = state
        self.host = host
        self.port = port or free_port()
        self.children = Children(state / "logs")
        self.boxes = BOXES
        reach = "127.0.0.1" if host in {"0.0.0.0", "::"} else host
        self.url = f"http://{reach}:{self.port}"

    async def run(self) -> None:
        """Start everything, then keep the dashboard in step until cancelled."""
        if not is_free(self.host, self.port):
            raise DemoError(
                f"Port {self.port} is in use. Stop what uses it, "
                f"or choose another: scripts/demo --port {self.port + 1}"
            )
        try:
            self._start_boxes()
            self.home_assistant = self._start_home_assistant()
            async with AsyncExitStack() as stack:
                session = await stack.enter_async_context(
                    ClientSession(timeout=ClientTimeout(total=60))
                )
                home = Home(self.url, session)
                await self._watched(home.wait())
                await home.log_in(USER, PASSWORD)
                await self._watched(home.wait_until_started())
                for box in self.boxes:
                    if box.added:
                        say(f"Adding the {box.vendor} hub through its config flow")
                        await self._watched(home.add_hub(box.vendor, box.fields))
                commands = await stack.enter_async_context(home.commands())
                await self._keep_dashboard(commands)
        finally:
            say("Stopping")
            self.children.stop()
            (self.state / "demo.json").unlink(missing_ok=True)

    def _start_boxes(self) -> None:
        self.boxes = tuple(
            box if is_free("127.0.0.1", box.port) else replace(box, port=free_port())
            for box in self.boxes
        )
        for number, box in enumerate(self.boxes, 1):
            say(f"Starting a virtual {box.vendor} hub on port {box.port}")
            self.children.start(f"box {number}", box.command)

    def _start_home_assistant(self) -> Child:
        config = self.state / "config"
        (config / ".storage").mkdir(parents=True, exist_ok=True)
        (config / "media").mkdir(exist_ok=True)
        link = config / "custom_components"
        link.unlink(missing_ok=True)
        link.symlink_to(ROOT / "custom_components")
        (config / "configuration.yaml").write_text(
            CONFIGURATION.format(
                url=self.url, time_zone=time_zone(), media=config / "media"
            )
        )
        for name, content in (
            ("automations.yaml", AUTOMATIONS),
            ("scripts.yaml", ""),
            ("scenes.yaml", ""),
        ):
            if not (config / name).exists():
                (config / name).write_text(content)
        # The steps of onboarding after the first one add integrations that
        # need the internet.
        onboarding = config / ".storage" / "onboarding"
        if not onboarding.exists():
            done = ["core_config", "analytics", "integration"]
            write_store(onboarding, (4, 1), {"done": done})
        # Where to listen is a setting of the frontend, that has to be confirmed there.
        stable = HTTP_STORAGE_SCHEMA(
            {"server_host": [self.host], "server_port": self.port}
        )
        write_store(
            config / ".storage" / "http",
            (2, 2),
            {"stable": stable, "pending": None, "yaml_migration_done": True},
        )
        say(f"Starting Home Assistant on port {self.port}")
        command = [
            sys.executable,
            "-m",
            "scripts.lib.home_assistant",
            "--config",
            str(config),
        ]
        return self.children.start("Home Assistant", [*command, "--skip-pip"])

    async def _watched[T](self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for something that never comes when a process ended."""
        task = asyncio.create_task(work)
        end = time.monotonic() + START_TIMEOUT
        try:
            while not task.done():
                self.children.check()
                if time.monotonic() > end:
                    raise DemoError(
                        f"Nothing came for {START_TIMEOUT} s.\n{self.home_assistant.said}"
                    )
                await asyncio.wait({task}, timeout=0.3)
        finally:
            task.cancel()
        return task.result()

    async def _keep_dashboard(self, commands: Commands) -> None:
        """Add to the dashboard what is added to Home Assistant."""
        changed = asyncio.Event()
        await commands.subscribe("entity_registry_updated", lambda _: changed.set())
        await commands.subscribe("device_registry_updated", lambda _: changed.set())
        await save_dashboard(commands)
        await commands.run(
            "frontend/set_system_data",
            key="core",
            value={"default_panel": URL_PATH},
        )
        self._tell()
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await changed.wait()
                    await asyncio.sleep(1)
            self.children.check()
            if changed.is_set():
                changed.clear()
                await save_dashboard(commands)

    def _tell(self) -> None:
        """Say where to look, also to programs."""
        ready = {
            "url": self.url,
            "username": USER,
            "password": PASSWORD,
            "boxes": [
                {
                    "vendor": box.vendor,
                    "added": box.added,
                    "port": box.port,
                    "fields": box.fields,
                }
                for box in self.boxes
            ],
        }
        path = self.state / "demo.json"
        path.with_suffix(".new").write_text(json.dumps(ready, indent=2))
        path.with_suffix(".new").replace(path)
        spare = next(box for box in self.boxes if not box.added)
        control = f"http://127.0.0.1:{self.boxes[0].port}/_control"
        say(f"""
  Home Assistant   {self.url}
  User             {USER}
  Password         {PASSWORD}

What to look at
  * The dashboard "Vision Hub": cameras, the pictures of the last alarms, what is on.
    An alarm comes every 15 to 30 seconds.
  * Settings > Devices & services > Vision Hub: the box and its cameras as devices.
  * Add a second box yourself: Settings > Devices & services > Add integration >
    Vision Hub > {spare.vendor.capitalize()}, host 127.0.0.1, port {spare.port}, no SSL,
    user {spare.username}, password {spare.password}.
  * Media > Vision Hub: every alarm of every camera, by day, with its pictures.
  * Settings > Automations: "Tell about alarms" runs at every alarm; the bell shows it.
  * The box itself has a page of buttons: {control} raises
    any alarm, takes cameras away, breaks the network.

Logs are in {display(self.state / "logs")}. Ctrl-C stops everything.
""")


def write_store(path: Path, version: tuple[int, int], data: Json) -> None:
    """Write what Home Assistant keeps of one of its parts."""
    major, minor = version
    store = {"version": major, "minor_version": minor, "key": path.name, "data": data}
    path.write_text(json.dumps(store, indent=2))


def time_zone() -> str:
    """Return the name of this machine's time zone."""
    with suppress(OSError, ValueError):
        zone = Path("/etc/localtime").resolve()
        return str(zone.relative_to("/usr/share/zoneinfo")).removeprefix("Etc/")
    return "UTC"


def say(text: str) -> None:
    """Tell the user at once."""
    print(text, flush=True)


def display(path: Path) -> str:
    """Return a path as short as it can be."""
    with suppress(ValueError):
        return str(path.relative_to(Path.cwd()))
    return str(path)


def is_free(host: str, port: int) -> bool:
    """Tell whether nobody listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def free_port() -> int:
    """Return a port that nobody uses, and that the system gives to nobody by itself."""
    ports = random.sample(range(20000, 32000), 200)
    return next(port for port in ports if is_free("127.0.0.1", port))


@contextmanager
def only_one(state: Path) -> Iterator[None]:
    """Keep a second demo from working on the same folder."""
    state.mkdir(parents=True, exist_ok=True)
    with (state / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise DemoError(f"A demo is running on {display(state)} already.") from None
        yield


def clear(state: Path) -> None:
    """Forget everything but the lock."""
    for path in state.iterdir():
        if path.name == "lock":
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


async def run_until_stopped(demo: Demo) -> None:
    """Run; Ctrl-C, SIGTERM and a closed terminal end it in good order."""
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(demo.run())
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, functools.partial(task.cancel))
    with suppress(asyncio.CancelledError):
        await task


def main() -> int:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(
        prog="scripts/demo", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument(
        "--port", type=int, default=8123, help="of Home Assistant; 0 for any free one"
    )
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on; 0.0.0.0 for all"
    )
    parser.add_argument(
        "--fresh", action="store_true", help="forget everything and start over"
    )
    parser.add_argument(
        "--state", type=Path, default=ROOT / ".demo", help="folder to keep all state in"
    )
    arguments = parser.parse_args()
    state = arguments.state.resolve()
    try:
        with only_one(state):
            if arguments.fresh:
                clear(state)
            asyncio.run(run_until_stopped(Demo(state, arguments.host, arguments.port)))
    except (DemoError, HomeError, OSError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
