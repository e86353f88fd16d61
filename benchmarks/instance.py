"""A real Home Assistant in a process of its own, to be measured."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
import signal
import socket
import sys
from tempfile import TemporaryDirectory

from aiohttp import ClientSession

from scripts.lib.home import Home

ROOT = Path(__file__).parent.parent
CONFIGURATION = """
homeassistant:
  name: Benchmark
  internal_url: http://127.0.0.1:{port}
  media_dirs:
    local: {folder}/media
http:
  server_host: 127.0.0.1
  server_port: {port}
logger:
  default: error
api:
config:
auth:
onboarding:
websocket_api:
webhook:
bench:
template:
  - triggers:
      - trigger: webhook
        webhook_id: bench
        local_only: false
        allowed_methods: [POST]
    binary_sensor:
      - name: Bench
        state: "{{{{ trigger.json.type == 1 }}}}"
        auto_off: 30
{more}
"""
ACCOUNT = ("bench", "bench")


class Instance:
    """A running Home Assistant."""

    def __init__(
        self, home: Home, session: ClientSession, url: str, process: int
    ) -> None:
        """Keep what is needed to talk to it and to look at it."""
        self.home = home
        self.session = session
        self.url = url
        self._process = process

    def memory(self) -> float:
        """Return the memory that is its own, in MB."""
        rollup = Path(f"/proc/{self._process}/smaps_rollup").read_text(encoding="utf8")
        line = next(line for line in rollup.splitlines() if line.startswith("Pss:"))
        return int(line.split()[1]) / 1024

    async def stall(self) -> float:
        """Return the longest lateness of the event loop since the last call (s)."""
        async with self.session.get(f"{self.url}/api/bench/stall") as answer:
            return float((await answer.json())["seconds"])


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def running(more: str = "") -> AsyncIterator[Instance]:
    """Start Home Assistant, log in, and stop it at the end."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with TemporaryDirectory() as folder:
        config = Path(folder)
        (config / "configuration.yaml").write_text(
            CONFIGURATION.format(port=port, folder=folder, more=more), encoding="utf8"
        )
        (config / "media").mkdir()
        components = config / "custom_components"
        components.mkdir()
        for component in (
            ROOT / "custom_components/vision_hub",
            ROOT / "benchmarks/custom_components/bench",
        ):
            (components / component.name).symlink_to(component)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(ROOT / "scripts/lib/home_assistant.py"),
            *("--config", folder, "--skip-pip"),
            cwd=folder,
        )
        try:
            async with ClientSession() as session:
                home = Home(url, session)
                async with asyncio.timeout(60):
                    await home.wait()
                await home.log_in(*ACCOUNT)
                yield Instance(home, session, url, process.pid)
        finally:
            process.send_signal(signal.SIGINT)
            await process.wait()
