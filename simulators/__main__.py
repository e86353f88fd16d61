"""Start a virtual box: `python -m simulators uniview --port 8081`."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable
import contextlib
from pathlib import Path
import signal
import sys

from .sensetime import SenseTimeNode
from .sensetime.activity import Activity as SenseTimeActivity
from .sensetime.device import CHANNELS
from .uniview import UniviewBox
from .uniview.activity import Activity as UniviewActivity

type Box = UniviewBox | SenseTimeNode
type Life = Callable[[], Awaitable[None]]


def _span(text: str) -> tuple[float, float]:
    shortest, _, longest = text.partition(":")
    span = float(shortest), float(longest or shortest)
    if not 0 < span[0] <= span[1]:
        raise argparse.ArgumentTypeError("expected SHORTEST:LONGEST seconds")
    return span


def _add_options(vendor: argparse.ArgumentParser, *, port: int, password: str) -> None:
    vendor.add_argument("--host", default="127.0.0.1")
    vendor.add_argument("--port", type=int, default=port)
    vendor.add_argument("--rtsp-port", type=int, default=0, help="0 takes a free one")
    vendor.add_argument("--channels", type=int, default=4)
    vendor.add_argument("--serial", default=None)
    vendor.add_argument("--username", default="admin")
    vendor.add_argument("--password", default=password)
    vendor.add_argument("--seed", type=int, default=None)
    vendor.add_argument(
        "--history", type=int, default=40, help="alarms of the last day"
    )
    vendor.add_argument("--time-scale", type=float, default=1.0)
    vendor.add_argument(
        "--alarm-every",
        type=_span,
        metavar="A:B",
        help="make a plausible alarm every A to B seconds",
    )
    vendor.add_argument(
        "--ready-file", type=Path, help="write the address here when listening"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="simulators", description=__doc__)
    vendors = parser.add_subparsers(dest="vendor", required=True)
    uniview = vendors.add_parser("uniview", help="a Uniview box")
    _add_options(uniview, port=8081, password="admin123.")
    sensetime = vendors.add_parser("sensetime", help="a SenseTime SenseNebula-M node")
    _add_options(sensetime, port=8082, password="Nebula123!")
    sensetime.add_argument("--model", choices=tuple(CHANNELS), default="M8s")
    sensetime.add_argument("--time-zone", default="GMT+08:00", help="of the node")
    return parser


def _uniview(options: argparse.Namespace) -> tuple[UniviewBox, Life | None]:
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
    if options.alarm_every is None:
        return box, None
    return box, UniviewActivity(box, *options.alarm_every).run


def _sensetime(options: argparse.Namespace) -> tuple[SenseTimeNode, Life | None]:
    node = SenseTimeNode(
        channels=options.channels,
        model=options.model,
        host=options.host,
        port=options.port,
        rtsp_port=options.rtsp_port,
        serial=options.serial,
        username=options.username,
        password=options.password,
        seed=options.seed,
        history=options.history,
        time_scale=options.time_scale,
        time_zone=options.time_zone,
    )
    if options.alarm_every is None:
        return node, None
    return node, SenseTimeActivity(node, *options.alarm_every).run


_MAKERS: dict[str, Callable[[argparse.Namespace], tuple[Box, Life | None]]] = {
    "uniview": _uniview,
    "sensetime": _sensetime,
}


async def _run(options: argparse.Namespace) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    box, live = _MAKERS[options.vendor](options)
    async with box:
        line = (
            f"ready: {box.url} serial={box.serial} user={box.username} "
            f"rtsp_port={box.rtsp_port} control={box.url}/_control"
        )
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
        if options.ready_file is not None:
            await asyncio.to_thread(options.ready_file.write_text, box.url + "\n")
        life = None if live is None else asyncio.ensure_future(live())
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
