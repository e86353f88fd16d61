"""`python -m simulators` as a user runs it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
import signal
import sys

from aiohttp import ClientSession
import pytest

from simulators.__main__ import _parser


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


@pytest.mark.parametrize(
    ("vendor", "options", "happened", "cameras"),
    [
        ("uniview", (), "alarms", "channels"),
        ("sensetime", ("--model", "M4s"), "captures", "cameras"),
        ("camguard", ("--time-zone", "Asia/Shanghai"), "records", "cameras"),
        ("megvii", ("--mode", "3"), "captures", "channels"),
    ],
)
async def test_command_line(
    vendor: str, options: tuple[str, ...], happened: str, cameras: str, tmp_path: Path
) -> None:
    async with (
        started(vendor, "--channels", "3", *options, folder=tmp_path) as url,
        ClientSession() as session,
    ):
        while True:
            async with session.get(f"{url}/_control/state") as response:
                state = await response.json()
            if state[happened] > 7:
                break
            await asyncio.sleep(0.02)
        assert len(state[cameras]) == 3
        assert state.get("mode") == (3 if vendor == "megvii" else None)


@pytest.mark.parametrize("text", ["5:1", "0:1", "a"])
def test_bad_span(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        _parser().parse_args(["uniview", "--alarm-every", text])
    assert "alarm-every" in capsys.readouterr().err
