"""Run the benchmarks: `python -m benchmarks [throughput] [latency] [set_up] ...`."""

import asyncio
import sys

from .alarms import latency, throughput
from .scale import account, idle, set_up
from .storm import storm
from .table import table

BENCHMARKS = {
    "throughput": throughput,
    "latency": latency,
    "set_up": set_up,
    "account": account,
    "idle": idle,
    "storm": storm,
}


async def main(names: list[str]) -> None:
    """Run the named benchmarks, or all, one after the other."""
    rows = []
    for name in names or BENCHMARKS:
        rows += await BENCHMARKS[name]()
    print(table(rows))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
