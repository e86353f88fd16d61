"""Start a virtual box: `python -m simulators uniview --port 8081`."""

import argparse
import asyncio
import contextlib
from pathlib import Path
import signal
import sys
from typing import Any

from .background_task import running
from .vendors import Vendor, vendors


def _span(text: str) -> tuple[float, float]:
    shortest, _, longest = text.partition(":")
    span = float(shortest), float(longest or shortest)
    if not 0 < span[0] <= span[1]:
        raise argparse.ArgumentTypeError("expected SHORTEST:LONGEST seconds")
    return span


def _add_options(parser: argparse.ArgumentParser, vendor: Vendor) -> None:
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=vendor.port)
    parser.add_argument("--rtsp-port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--channels", type=int, default=4)
    parser.add_argument("--serial", default=None)
    parser.add_argument("--username", default=vendor.username)
    parser.add_argument("--password", default=vendor.password)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument(
        "--history", type=int, default=40, help="alarms of the last day"
    )
    parser.add_argument("--time-scale", type=float, default=1.0)
    parser.add_argument(
        "--alarm-every",
        type=_span,
        metavar="A:B",
        help="make a plausible alarm every A to B seconds",
    )
    parser.add_argument(
        "--ready-file", type=Path, help="write the address here when listening"
    )
    for name, details in vendor.own.items():
        parser.add_argument(name, **details)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="simulators", description=__doc__)
    commands = parser.add_subparsers(dest="vendor", required=True)
    for name, vendor in vendors().items():
        _add_options(commands.add_parser(name, help=vendor.what), vendor)
    return parser


async def _run(
    *,
    vendor: str,
    alarm_every: tuple[float, float] | None,
    ready_file: Path | None,
    **options: Any,
) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with vendors()[vendor].make(**options) as box:
        line = (
            f"ready: {box.url} serial={box.serial} user={box.username} "
            f"rtsp_port={box.rtsp_port} control={box.url}/_control"
        )
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
        if ready_file is not None:
            await asyncio.to_thread(ready_file.write_text, box.url + "\n")
        async with contextlib.AsyncExitStack() as stack:
            if alarm_every is not None:
                activity = box.activity(*alarm_every).run()
                await stack.enter_async_context(running(activity))
            await stopped.wait()


def main() -> None:
    """Run until interrupted or terminated."""
    asyncio.run(_run(**vars(_parser().parse_args())))


if __name__ == "__main__":
    main()
