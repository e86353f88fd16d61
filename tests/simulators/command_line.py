"""Runs `python -m simulators` as a user would, for the tests only."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
import signal
import sys


@asynccontextmanager
async def started(vendor: str, *options: str, folder: Path) -> AsyncGenerator[str]:
    """Start a device with a bit of history and busy cameras; yield its address.

    When it is told to end it must do so without a complaint.
    """
    ready = folder / "ready"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "simulators", vendor, "--port", "0", "--seed", "5", "--history", "5"),
        *("--alarm-every", "0.01:0.02", "--ready-file", str(ready), *options),
        cwd=Path(__file__).parents[2],
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(30):
            line = (await process.stdout.readline()).decode()
            assert line.startswith("ready: http://127.0.0.1:")
            url = line.split()[1]
            yield url
            process.send_signal(signal.SIGTERM)
            _, errors = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == 0
    assert errors == b""
    assert ready.read_text() == url + "\n"
