"""Digest authentication with lock-out."""

from aiohttp import DigestAuthMiddleware

from simulators.megvii import MegviiBox

from .client import Client

ON = {"modelSw": {"digestMode": True, "digestMaxAuthTries": 3}}


def digest(password: str = "megbox") -> DigestAuthMiddleware:
    return DigestAuthMiddleware("admin", password)


async def test_open_until_switched_on(client: Client, box: MegviiBox) -> None:
    box.timing.nonce = 3000
    await client.post("/configs", ON)
    answer = await client.send("GET", "/devices")
    assert (answer.status, answer.raw) == (401, b"")
    challenge = answer.headers["WWW-Authenticate"]
    assert challenge.startswith('Digest realm="MEGBOX", qop="auth", nonce="')
    client.digest = digest()
    assert await client.code("GET", "/devices") == 0
    assert await client.code("GET", "/captures?pageSize=3") == 0
    # A nonce that is too old is challenged again, as stale.
    seen = box.request_log.count("*/devices", authorized=False)
    box.expire_nonces()
    assert await client.code("GET", "/devices") == 0
    assert box.request_log.count("*/devices", authorized=False) == seen + 1


async def test_lock_out(client: Client, box: MegviiBox) -> None:
    box.timing.nonce = 3000
    await client.post("/configs", ON)
    client.digest = digest("wrong")
    answer = await client.send("GET", "/devices")
    assert (answer.status, answer.code) == (400, 104005)
    assert await client.code("GET", "/devices") == 104005
    assert await client.code("GET", "/devices") == 104101
    client.digest = digest()
    assert await client.code("GET", "/devices") == 104101
    box.unlock()
    assert await client.code("GET", "/devices") == 0
    box.lock_out(0)
    assert await client.code("GET", "/devices") == 0


async def test_new_password(client: Client, box: MegviiBox) -> None:
    box.timing.nonce = 3000
    await client.post("/configs", ON)
    client.digest = digest()
    assert await client.code("PUT", "/keyword", {"password": "bmV3"}) == 0
    assert box.password == "new"
    client.digest = digest("new")
    assert await client.code("GET", "/devices") == 0
