"""Start a virtual box: `python -m simulators uniview --port 8081`."""

import argparse
import asyncio
import contextlib
from pathlib import Path
import signal
import sys

from .uniview import UniviewBox
from .uniview.activity import Activity


def _span(text: str) -> tuple[float, float]:
    shortest, _, longest = text.partition(":")
    span = float(shortest), float(longest or shortest)
    if not 0 < span[0] <= span[1]:
        raise argparse.ArgumentTypeError("expected SHORTEST:LONGEST seconds")
    return span


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="simulators", description=__doc__)
    vendors = parser.add_subparsers(dest="vendor", required=True)
    uniview = vendors.add_parser("uniview", help="a Uniview box")
    uniview.add_argument("--host", default="127.0.0.1")
    uniview.add_argument("--port", type=int, default=8081)
    uniview.add_argument("--rtsp-port", type=int, default=0, help="0 takes a free one")
    uniview.add_argument("--channels", type=int, default=4)
    uniview.add_argument("--serial", default=None)
    uniview.add_argument("--username", default="admin")
    uniview.add_argument("--password", default="admin123.")
    uniview.add_argument("--seed", type=int, default=None)
    uniview.add_argument(
        "--history", type=int, default=40, help="alarms of the last day"
    )
    uniview.add_argument("--time-scale", type=float, default=1.0)
    uniview.add_argument(
        "--alarm-every",
        type=_span,
        metavar="A:B",
        help="make a plausible alarm every A to B seconds",
    )
    uniview.add_argument(
        "--ready-file", type=Path, help="write the address here when listening"
    )
    return parser


async def _run(options: argparse.Namespace) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    box = UniviewBox(
        channels=options.channels,
        host=options.host,
        port=options.port,
        rtsp_port=options.rtsp_port,
        serial=options.serial,
        username=options.username,
        password=options.password,
        seed=options.seed,
        history=options.history,
        time_scale=options.time_scale,
    )
    async with box:
        line = (
            f"ready: {box.url} serial={box.serial} user={box.username} "
            f"rtsp_port={box.rtsp_port} control={box.url}/_control"
        )
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
        if options.ready_file is not None:
            await asyncio.to_thread(options.ready_file.write_text, box.url + "\n")
        life = None
        if options.alarm_every is not None:
            activity = Activity(box, *options.alarm_every)
            life = asyncio.create_task(activity.run())
        await stopped.wait()
        if life is not None:
            life.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await life


def main() -> None:
    """Run until interrupted or terminated."""
    asyncio.run(_run(_parser().parse_args()))


if __name__ == "__main__":
    main()
