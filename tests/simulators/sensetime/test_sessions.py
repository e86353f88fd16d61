"""Chapters 1 and 2: log in, session id, log out, msg_id."""

from simulators.sensetime import SenseTimeNode

from .client import Client


async def test_log_in_and_out(client: Client, node: SenseTimeNode) -> None:
    assert client.headers["sessionid"].isdecimal()
    assert await client.code("1281") == 0
    former = client.headers["sessionid"]
    await client.log_in()
    assert len(node.sessions) == 2
    assert await client.json("258") == {"code": 0, "data": "", "msg": ""}
    assert await client.code("1281") == -141
    client.headers["sessionid"] = former
    assert await client.code("1281") == 0
    client.headers.clear()
    assert await client.code("1281") == -141
    assert await client.code("9999") == -141


async def test_wrong_credentials(client: Client, node: SenseTimeNode) -> None:
    wrong = {"user_name": "admin", "user_pwd": "wrong"}
    assert await client.code("257", **wrong) == -113
    assert await client.code("257", user_name="admin") == -3596
    node.lock_out(60)
    right = {"user_name": "admin", "user_pwd": node.password}
    assert await client.code("257", **right) == -113
    node.unlock()
    assert await client.code("257", **right) == 0


async def test_expiry(client: Client, node: SenseTimeNode) -> None:
    node.expire_session()
    assert await client.code("516") == -141
    await client.log_in()
    node.timing.session = -1
    assert await client.code("516") == -141


async def test_single_session(client: Client, node: SenseTimeNode) -> None:
    node.quirks.single_session = True
    former = client.headers["sessionid"]
    await client.log_in()
    client.headers["sessionid"] = former
    assert await client.code("516") == -141


async def test_msg_id(client: Client, node: SenseTimeNode) -> None:
    assert await client.code("4711") == -3599
    assert await client.code(1281) == -3599
    assert await client.code("1292") == -3599
    assert (await client.form("516"))["code"] == -3599
    node.quirks.strict_msg_id = False
    node.quirks.echo_msg_id = True
    assert (await client.json(1281))["msg_id"] == 1281
    url = f"{node.url}/api/json"
    async with client.session.post(url, data="{", headers=client.headers) as answer:
        assert (await answer.json())["code"] == -3596
    async with client.session.get(url) as answer:
        assert answer.status == 405


async def test_journal_hides_session(client: Client, node: SenseTimeNode) -> None:
    await client.code("516")
    entry = node.request_log.find("/api/json/516")[-1]
    assert "sessionid" not in entry.headers
    assert entry.code == 0
    assert entry.body == {"msg_id": "516"}
