"""Chapter 1: log in, sessions that end, accounts."""

import pytest

from simulators.camguard import CamGuardServer, Code, UploadSession, md5_of

from .client import PAGE, Client

LIST = "/QueryCameraList"


async def test_log_in(client: Client, server: CamGuardServer) -> None:
    former = client.session
    assert await client.log_in() == 1
    assert client.session != former
    assert server.sessions == 2
    client.session = former
    assert await client.code(LIST, **PAGE) == 0
    assert md5_of("123456") == "e10adc3949ba59abbe56e057f20f883e"


async def test_only_md5(client: Client, server: CamGuardServer) -> None:
    plain = {"username": "admin", "password": server.password}
    assert await client.post("/Login", **plain) == {
        "code": Code.WRONG_CREDENTIALS,
        "msg": "账号或密码错误",
    }
    server.quirks.require_md5 = False
    assert await client.code("/Login", **plain) == 0
    plain["password"] = md5_of(server.password)
    assert await client.code("/Login", **plain) == 0


async def test_lock_out(client: Client, server: CamGuardServer) -> None:
    right = {"username": "admin", "password": md5_of(server.password)}
    server.lock_out(60)
    assert await client.code("/Login", **right) == Code.WRONG_CREDENTIALS
    server.unlock()
    assert await client.code("/Login", **right) == 0


async def test_end_of_a_session(client: Client, server: CamGuardServer) -> None:
    server.expire_session()
    assert await client.code(LIST, **PAGE) == Code.NOT_LOGGED_IN
    await client.log_in()
    server.timing.session = -1
    assert await client.code(LIST, **PAGE) == Code.NOT_LOGGED_IN
    assert server.sessions == 0
    server.quirks.expired_code = 42
    assert await client.code(LIST, **PAGE) == 42
    server.quirks.single_code = -1
    assert await client.code(LIST, **PAGE) == -1
    assert await client.code("/Login", username="x", password="y") == -1


async def test_http_401(client: Client, server: CamGuardServer) -> None:
    server.quirks.expired_http_401 = True
    body = {"session": "gone", **PAGE}
    async with client.http.post(server.url + LIST, json=body) as response:
        assert response.status == 401
        assert (await response.json())["code"] == Code.NOT_LOGGED_IN
    assert await client.code(LIST, **PAGE) == 0


async def test_single_session(client: Client, server: CamGuardServer) -> None:
    server.quirks.single_session = True
    former = client.session
    await client.log_in()
    client.session = former
    assert await client.code(LIST, **PAGE) == Code.NOT_LOGGED_IN


async def test_reboot_ends_sessions(client: Client, server: CamGuardServer) -> None:
    await server.reboot(0)
    assert await client.code(LIST, **PAGE) == Code.NOT_LOGGED_IN


async def test_accounts(client: Client, server: CamGuardServer) -> None:
    rose = {"name": "rose", "password": md5_of("one"), "remark": "r"}
    await client.ok("/RegisterUser", **rose)
    other = Client(client.http, server)
    answer = await other.ok("/Login", username="rose", password=md5_of("one"))
    other.session = answer["session"]
    change = {"user_id": answer["user_id"], "name": "Rose"}
    assert await client.code("/UpdateUser", user_id=2, name="admin") == Code.EXISTS
    await client.ok(
        "/UpdateUser", **change, old_password=md5_of("one"), password=md5_of("two")
    )
    assert server.device.users[2].remark == "r"
    again = {"username": "Rose", "password": md5_of("two")}
    assert await other.code("/Login", **again) == 0
    await client.ok("/DeleteUser", user_id=2)
    assert await other.code(LIST, **PAGE) == Code.NOT_LOGGED_IN
    assert await other.code("/Login", **again) == Code.WRONG_CREDENTIALS
    assert await client.code("/DeleteUser", user_id=1) == Code.IN_USE


@pytest.mark.parametrize(
    ("place", "form", "query", "nothing"),
    [
        (UploadSession.ANY, True, True, False),
        (UploadSession.FORM, True, False, False),
        (UploadSession.QUERY, False, True, False),
        (UploadSession.NONE, True, True, True),
    ],
)
async def test_session_of_an_upload(
    client: Client,
    server: CamGuardServer,
    place: UploadSession,
    form: bool,
    query: bool,
    nothing: bool,
) -> None:
    server.quirks.upload_session = place
    assert ((await client.upload())["code"] == 0) is form
    assert ((await client.upload(in_query=True))["code"] == 0) is query
    assert ((await client.upload(session="no"))["code"] == 0) is nothing


async def test_journal_hides_sessions(client: Client, server: CamGuardServer) -> None:
    await client.ok(LIST, **PAGE)
    await client.upload()
    listed, uploaded = server.request_log.entries[-2:]
    assert listed.body == PAGE
    assert (listed.authorized, listed.code) == (True, 0)
    assert uploaded.body == {"file": "face.jpg"}
    assert client.session not in repr(server.request_log.entries[-2:])
