"""Chapter 8: records, their order, pages and deletions."""

from datetime import UTC, datetime
import time
from typing import Any

import pytest

from simulators.camguard import Beyond, CamGuardServer, Classify, Code, Order

from .client import PAGE, RECORDS, Client


async def fill(server: CamGuardServer, count: int) -> None:
    for number in range(count):
        assert await server.stranger(1, at=1_700_000_000 + number)


async def test_a_record(client: Client, server: CamGuardServer) -> None:
    (record,) = await server.recognize(1, 1, similarity=0.9, at=time.time() - 5)
    (row,) = await client.items(RECORDS)
    person = (await client.items("/QueryPersonList", name="Ada"))[0]
    assert row == {
        "record_id": record.record_id,
        "task_id": 1,
        "task_name": "Entrance watch",
        "camera_id": 1,
        "camera_name": "Front door",
        "lib_id": 1,
        "lib_name": "Staff",
        "person_id": 1,
        "person_name": "Ada Winter",
        "sex": 2,
        "category": 0,
        "card_no": "EX0001",
        "classify": 1,
        "similarity": 0.9,
        "pic_url": person["pic_url"],
        "capture_url": record.capture,
        "capture_time": row["capture_time"],
        "create_time": row["capture_time"],
    }
    pictures = {"first_pic": row["pic_url"], "second_pic": row["capture_url"]}
    assert (await client.ok("/Compare1V1", **pictures))["similarity"] == 1


async def test_who_gets_records(client: Client, server: CamGuardServer) -> None:
    visitor = 4
    (black,) = await server.recognize(visitor, 2)
    assert (black.category, black.classify) == (1, Classify.KNOWN)
    server.quirks.black_list_classify = 2
    assert (await server.recognize(visitor, 2))[0].classify == 2
    (elsewhere,) = await server.recognize(visitor, 3)
    assert (elsewhere.task_id, elsewhere.classify) == (3, Classify.STRANGER)
    assert (elsewhere.person_id, elsewhere.person_name) == (0, "")
    (unsure,) = await server.recognize(1, 1, similarity=0.79)
    assert unsure.classify == Classify.STRANGER
    await client.ok("/StartTask", task_id=2)
    assert [row.task_id for row in await server.recognize(1, 2)] == [1, 2]
    await client.ok("/StopTask", task_id=1)
    await client.ok("/StopTask", task_id=2)
    assert await server.recognize(1, 1) == []
    server.set_camera_status(3, online=False)
    assert await server.stranger(3) == []
    with pytest.raises(ValueError, match="camera_id 9"):
        await server.stranger(9)
    server.quirks.stranger_best_match = True
    (stranger,) = await server.stranger(4)
    assert stranger.classify == Classify.STRANGER
    assert stranger.person_name


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (Order.ASCENDING, [1, 2, 3, 4, 5]),
        (Order.DESCENDING, [5, 4, 3, 2, 1]),
        (Order.LATEST_CAPTURE, [4, 3, 2, 1, 5]),
    ],
)
async def test_order(
    client: Client, server: CamGuardServer, order: Order, expected: list[int]
) -> None:
    await fill(server, 4)
    await server.stranger(1, at=1_600_000_000)
    server.quirks.order = order
    assert await client.record_ids() == expected
    for number in (1, 2, 3):
        page = await client.record_ids(page_no=number, page_size=2)
        assert page == expected[2 * number - 2 : 2 * number]


async def test_unordered(client: Client, server: CamGuardServer) -> None:
    await fill(server, 12)
    server.quirks.order = Order.UNORDERED
    found = await client.record_ids()
    assert found == await client.record_ids()
    assert sorted(found) == list(range(1, 13))
    assert found not in (sorted(found), sorted(found, reverse=True))


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({"task_id": 3}, 1),
        ({"camera_id": 1}, 2),
        ({"lib_id": 2}, 1),
        ({"person_name": "winter"}, 1),
        ({"person_name": ""}, 4),
        ({"card_no": "EX0005"}, 1),
        ({"card_no": "EX"}, 0),
        ({"classify": 0}, 1),
        ({"similarity": 0.5}, 3),
    ],
)
async def test_filters(
    client: Client, server: CamGuardServer, filters: dict[str, Any], count: int
) -> None:
    await server.recognize(1, 1)
    await server.recognize(4, 2)
    await server.recognize(5, 3)
    await server.stranger(1)
    info = await client.info(RECORDS, **PAGE, **filters)
    assert (info["total_count"], len(info["items"])) == (count, count)


async def test_pages(client: Client, server: CamGuardServer) -> None:
    await fill(server, 7)
    server.limits.page = 3
    page = await client.info(RECORDS, page_no=2, page_size=50)
    assert [row["record_id"] for row in page["items"]] == [4, 3, 2]
    assert (page["page_size"], page["total_count"]) == (3, 7)
    server.quirks.echo_page_size = True
    page = await client.info(RECORDS, page_no=3, page_size=50)
    assert (page["page_size"], len(page["items"])) == (50, 1)
    beyond = {"page_no": 4, "page_size": 50}
    assert (await client.info(RECORDS, **beyond))["items"] == []
    server.quirks.beyond = Beyond.NULL
    assert (await client.info(RECORDS, **beyond))["items"] is None
    server.quirks.beyond = Beyond.MISSING
    page = await client.info(RECORDS, **beyond)
    assert "items" not in page
    assert page["total_count"] == 7


async def test_deletions(client: Client, server: CamGuardServer) -> None:
    await fill(server, 6)
    await client.ok("/DeleteTaskCaptureRecord", record_id=2)
    gone = {"record_id": 2}
    assert await client.code("/DeleteTaskCaptureRecord", **gone) == Code.UNKNOWN_ID
    assert server.delete_from_middle(2) == [3, 4]
    server.delete_records(6)
    assert await client.record_ids() == [5, 1]
    await fill(server, 1)
    assert await client.record_ids() == [7, 5, 1]
    server.reset_records()
    assert await client.record_ids() == []
    await fill(server, 2)
    assert await client.record_ids() == [2, 1]
    server.limits.records = 2
    await fill(server, 1)
    assert await client.record_ids() == [3, 2]


async def test_written_later(client: Client, server: CamGuardServer) -> None:
    server.hold_records()
    server.hold_records()
    await server.stranger(1, at=1_700_000_000)
    await server.stranger(2, at=1_700_000_001)
    assert await client.record_ids() == []
    released = server.release_records(lambda held: held[::-1])
    assert [(row.record_id, row.camera_id) for row in released] == [(1, 2), (2, 1)]
    assert all(row.create_time > row.capture_time for row in released)
    assert server.release_records() == []
    (late,) = await server.stranger(1, late=40)
    assert late.create_time - late.capture_time == 40
    assert abs(late.create_time - time.time()) < 5


async def test_double_and_long(client: Client) -> None:
    async with CamGuardServer(long_ids=True, video=False) as server:
        server.quirks.double_records = True
        person = next(iter(server.device.people))
        assert person > 2**32
        first, second = await server.recognize(person)
        assert second.record_id == first.record_id + 1 > 2**32
        assert first.capture == second.capture
        other = Client(client.http, server)
        await other.log_in()
        assert len(await other.record_ids()) == 2


async def test_clock_and_zone(client: Client) -> None:
    async with CamGuardServer(time_zone="Asia/Shanghai", video=False) as server:
        server.clock_offset = 3600
        other = Client(client.http, server)
        await other.log_in()
        await server.stranger(1)
        (row,) = await other.items(RECORDS)
        told = datetime.fromisoformat(row["capture_time"]).replace(tzinfo=UTC)
        ahead = told.timestamp() - time.time()
        assert abs(ahead - 9 * 3600) < 5
        await server.stranger(1, at=1_700_000_000)
        times = {row["capture_time"] for row in await other.items(RECORDS)}
        assert "2023-11-15 06:13:20" in times
