"""Tokens: two for a key pair, seven days; throttling; what is refused."""

from simulators.faults import Fault
from simulators.huawei import Code, HuaweiCloud

from .client import Client

TOKEN = "enterprises/access-token"
DAY = 86_400


async def obtain(
    client: Client, *, force: bool | None = None, version: int = 2
) -> tuple[str, int]:
    keys = {"ak": client.cloud.username, "sk": client.cloud.password}
    body = keys if force is None else {**keys, "force_update": force}
    answer = await client.ok("POST", TOKEN, body, version=version)
    assert isinstance(answer["expire_time"], str)
    return answer["access_token"], int(answer["expire_time"])


async def test_the_same_token_again(client: Client) -> None:
    token, left = await obtain(client)
    assert token == client.token
    assert 7 * DAY - 10 < left <= 7 * DAY


async def test_force_only_near_the_end(client: Client, cloud: HuaweiCloud) -> None:
    assert (await obtain(client, force=True))[0] == client.token
    cloud.shorten_tokens(2 * DAY - 1)
    assert (await obtain(client))[0] == client.token
    fresh, left = await obtain(client, force=True)
    assert fresh != client.token
    assert left > 6 * DAY
    await client.ok("GET", "devices")


async def test_no_third_token(client: Client, cloud: HuaweiCloud) -> None:
    cloud.shorten_tokens(DAY)
    second, _ = await obtain(client, force=True)
    cloud.shorten_tokens(DAY)
    assert (await obtain(client, force=True))[0] == second
    assert cloud.tokens_issued == 2


async def test_eager_tokens(client: Client, cloud: HuaweiCloud) -> None:
    cloud.quirks.eager_tokens = True
    second, _ = await obtain(client)
    assert second != client.token
    assert (await obtain(client))[0] == second
    await client.ok("GET", "devices")
    client.token = second
    await client.ok("GET", "devices")


async def test_overdue(client: Client, cloud: HuaweiCloud) -> None:
    cloud.expire_tokens()
    answer = await client.send("GET", "devices")
    assert (answer.status, answer.code) == (401, "IVM.10000002")
    assert await client.log_in()
    await client.ok("GET", "devices")


async def test_unknown_and_missing(client: Client, cloud: HuaweiCloud) -> None:
    cloud.forget_tokens()
    assert await client.code("GET", "devices") == "IVM.10000005"
    client.token = ""
    assert await client.code("GET", "devices") == "IVM.10000004"


async def test_wrong_keys(client: Client, cloud: HuaweiCloud) -> None:
    right = {"ak": cloud.username, "sk": cloud.password}
    for body, code in (
        (right | {"sk": "wrong"}, "IVM.10020022"),
        (right | {"ak": "wrong"}, "IVM.10020022"),
        (right | {"ak": ""}, "IVM.10020020"),
        (right | {"sk": "with blank"}, "IVM.10020021"),
        (right | {"force_update": "true"}, "IVM.10020001"),
    ):
        assert await client.code("POST", TOKEN, body, version=2) == code
    cloud.revoke_keys()
    assert await client.code("POST", TOKEN, right, version=2) == "IVM.10020022"


async def test_frozen_and_foreign(client: Client, cloud: HuaweiCloud) -> None:
    assert await client.code("GET", "devices", user_id="1" * 19) == "IVM.10020000"
    cloud.freeze()
    assert await client.code("GET", "devices") == "IVM.10000006"
    cloud.freeze(frozen=False)
    await client.ok("GET", "devices")


async def test_both_paths(client: Client, cloud: HuaweiCloud) -> None:
    assert (await obtain(client, version=1))[0] == client.token
    cloud.quirks.token_v1 = False
    keys = {"ak": cloud.username, "sk": cloud.password}
    answer = await client.send("POST", TOKEN, keys, version=1)
    assert (answer.status, answer.code) == (404, "IVM.90000007")


async def test_throttling(client: Client, cloud: HuaweiCloud) -> None:
    cloud.throttle(times=2)
    for _ in range(2):
        answer = await client.send("GET", "devices")
        assert (answer.status, answer.code) == (500, "IVM.90000011")
    await client.ok("GET", "devices")
    cloud.throttle(seconds=60)
    assert await client.code("GET", "devices") == "IVM.90000011"
    cloud.throttle()
    cloud.limits.requests_per_second = 1
    statuses = [(await client.send("GET", "devices")).status for _ in range(5)]
    assert statuses.count(500) >= 1
    assert cloud.throttled >= 4


async def test_faults_and_journal(client: Client, cloud: HuaweiCloud) -> None:
    cloud.faults.add(Fault.CODE, "/v1/*/devices", code=Code.INTERNAL, times=1)
    answer = await client.send("GET", "devices")
    assert (answer.status, answer.code) == (500, "IVM.90000001")
    cloud.faults.add(Fault.TRUNCATED, "/v1/*/channels", times=1)
    assert not (await client.send("GET", "channels")).raw.endswith(b"}")
    assert cloud.request_log.entries[-2].code == Code.INTERNAL
    written = str([(entry.headers, entry.body) for entry in cloud.request_log])
    assert client.token not in written
    assert cloud.password not in written


async def test_spoilt_answers(client: Client, cloud: HuaweiCloud) -> None:
    cloud.faults.add(Fault.WRONG_TYPES, "/v1/*/devices", times=1)
    assert isinstance((await client.ok("GET", "devices"))["total"], str)
    cloud.faults.add(Fault.MISSING_KEYS, "/v1/*/devices", times=1)
    assert await client.ok("GET", "devices") == {}
    cloud.faults.add(Fault.HUGE, "/v1/*/devices", times=1, size=100_000)
    assert len((await client.send("GET", "devices")).raw) > 100_000


async def test_paths_methods_bodies(client: Client) -> None:
    assert await client.code("GET", "nothing/here") == "IVM.90000007"
    answer = await client.send("PATCH", "devices")
    assert (answer.status, answer.code) == (405, "IVM.90000009")
    client_url = f"{client.cloud.url}/v1/{client.cloud.user_id}/device-orgs"
    headers = {"Access-Token": client.token, "Content-Type": "application/json"}
    for raw in (b"{", b"[]", b'{"a":NaN}'):
        async with client.http.post(client_url, data=raw, headers=headers) as answered:
            assert (await answered.json())["error_code"] == "IVM.10020008"
    async with client.http.post(
        client_url, data=b"{}", headers={**headers, "Content-Type": "text/plain"}
    ) as answered:
        assert (await answered.json())["error_code"] == "IVM.10020016"
