"""1.4: one request at a time, who gives way; the order of the query."""

import asyncio

import pytest

from simulators.megvii import MegviiBox, Order, SecondGet

from ..waiting import until
from .client import PORTRAIT, Client, form_of

MODE = {"enable": False, "url": ""}


async def begin(
    client: Client, box: MegviiBox, method: str, path: str, body: object = None
) -> asyncio.Task[int]:
    """Send a request, and return when it runs."""
    before = len(box.request_queue)
    task = asyncio.create_task(client.code(method, path, body))
    await until(lambda: len(box.request_queue) > before)
    return task


async def test_write_aborts_get(client: Client, box: MegviiBox) -> None:
    box.durations["GET *"] = 5
    slow = await begin(client, box, "GET", "/devices")
    assert await client.code("POST", "/devices/megConnect", MODE) == 0
    assert await slow == 104004
    assert box.request_queue.aborted == 1


async def test_everything_waits_for_nobody_while_a_write_runs(
    client: Client, box: MegviiBox
) -> None:
    box.durations["POST /devices/*"] = 0.3
    write = await begin(client, box, "POST", "/devices/megConnect", MODE)
    assert await client.code("GET", "/devices") == 104004
    assert await client.code("DELETE", "/faces/failList") == 104004
    assert await client.code("POST", "/devices/megConnect", MODE) == 104004
    assert await write == 0
    assert box.request_queue.refused == 3
    assert await client.code("GET", "/devices") == 0


async def test_delete_is_in_between(client: Client, box: MegviiBox) -> None:
    box.durations["*"] = 5
    slow = await begin(client, box, "GET", "/devices")
    deletion = asyncio.create_task(client.code("DELETE", "/relay/1"))
    assert await slow == 104004
    assert await client.code("GET", "/devices") == 104004
    box.durations.clear()
    assert await client.code("POST", "/devices/megConnect", MODE) == 0
    assert await deletion == 104004
    # It was aborted before it did anything.
    assert len((await client.get("/relay"))["relay"]) == 2


@pytest.mark.parametrize(
    ("quirk", "codes"),
    [
        (SecondGet.WAITS, (0, 0)),
        (SecondGet.REFUSED, (0, 104004)),
        (SecondGet.WINS, (104004, 0)),
    ],
)
async def test_second_get(
    client: Client, box: MegviiBox, quirk: SecondGet, codes: tuple[int, int]
) -> None:
    box.quirks.second_get = quirk
    box.durations["GET /devices"] = 0.2
    first = await begin(client, box, "GET", "/devices")
    second = await client.code("GET", "/relay")
    assert (await first, second) == codes


async def test_enrolment_runs_in_parallel(client: Client, box: MegviiBox) -> None:
    box.durations["POST /faces"] = 0.4
    form = [("image", PORTRAIT), ("description", "x")]
    tasks = [
        asyncio.create_task(client.code("POST", "/faces", form_of(*form)))
        for _ in range(10)
    ]
    await until(lambda: len(box.request_queue) == 10)
    assert await client.code("POST", "/faces", form_of(*form)) == 104012
    assert await client.code("GET", "/devices") == 104004
    codes = sorted(await asyncio.gather(*tasks))
    assert codes == [0] + [104204] * 9


async def test_many_at_once(client: Client, box: MegviiBox) -> None:
    """Whatever arrives, the box answers 0 or 104004 and is idle in the end."""
    requests = [("GET", "/devices", None), ("POST", "/devices/megConnect", MODE)] * 10
    codes = await asyncio.gather(*(client.code(*request) for request in requests))
    assert set(codes) == {0, 104004}
    assert len(box.request_queue) == 0


async def test_query_order(client: Client, box: MegviiBox) -> None:
    path = "/faces?pageSize=2&pageToken=1"
    answer = await client.send("GET", path)
    assert answer.json["message"] == "ILLEGAL_ARGUMENT:pageToken"
    box.quirks.query_order = Order.IGNORED
    first = (await client.get(path))["face"][0]
    box.quirks.query_order = Order.FREE
    second = (await client.get(path))["face"][0]
    rows = (await client.get("/faces"))["face"]
    assert [first, second] == rows[:2]
