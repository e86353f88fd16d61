"""Tokens, errors, pages and batches."""

import asyncio
from typing import Any

from aiohttp import ClientSession, web
import pytest

from custom_components.vision_hub.vendors.errors import (
    AuthenticationFailed,
    Busy,
    CannotConnect,
    HostNotFound,
    InvalidRequest,
    LockedOut,
    PermissionDenied,
    RejectedByHub,
    UnexpectedAnswer,
    Unsupported,
)
from custom_components.vision_hub.vendors.huawei.error_codes import ERROR_CODES
from custom_components.vision_hub.vendors.huawei.hub import HuaweiHub
from custom_components.vision_hub.vendors.huawei.tokens import DAY
from custom_components.vision_hub.vendors.huawei.transport import Transport
from custom_components.vision_hub.vendors.model import Json
from custom_components.vision_hub.vendors.toolkit.operations import load_operations

from ...helpers.doubles import Tokens
from .conftest import ACCESS_KEY, JPEG, LOGIN, SECRET_KEY, USER, Cloud, fail, open_hub

GROUPS = "GET /v1/device-orgs/0/sub-orgs"
ROOT: dict[str, Json] = {"device_org_id": "0"}


@pytest.fixture
def transport(cloud: Cloud, session: ClientSession, tokens: Tokens) -> Transport:
    """A transport to the scripted cloud."""
    return make(cloud, session, tokens)


def make(cloud: Cloud, session: ClientSession, tokens: Tokens) -> Transport:
    """Make a transport."""
    return Transport(
        session,
        tokens,
        url=cloud.url,
        user_id=USER,
        access_key=ACCESS_KEY,
        secret_key=SECRET_KEY,
        operations=load_operations("huawei"),
    )


async def test_one_token_for_all_requests_and_entries(
    cloud: Cloud, session: ClientSession, tokens: Tokens
) -> None:
    cloud.answers[GROUPS] = {"orgs": []}
    first, second = make(cloud, session, tokens), make(cloud, session, tokens)
    await asyncio.gather(
        *(each.ask("list_sub_groups", ROOT) for each in (first, second) * 5)
    )
    assert cloud.logins == 1
    # After a restart, too.
    await make(cloud, session, tokens).connect()
    assert cloud.logins == 1


async def test_an_expired_token_is_replaced_once_for_all(
    cloud: Cloud, session: ClientSession, tokens: Tokens
) -> None:
    cloud.answers[GROUPS] = {"orgs": []}
    first, second = make(cloud, session, tokens), make(cloud, session, tokens)
    await first.connect()
    await second.connect()
    cloud.expire()
    await asyncio.gather(
        *(each.ask("list_sub_groups", ROOT) for each in (first, second) * 5)
    )
    assert cloud.logins == 2


async def test_a_refusing_cloud_is_not_stormed(
    cloud: Cloud, transport: Transport
) -> None:
    cloud.answers[GROUPS] = lambda _: fail("IVM.10000003", 401)
    for _ in range(10):
        with pytest.raises(Busy):
            await transport.ask("list_sub_groups", ROOT)
    assert cloud.logins == 5


async def test_a_401_that_is_none_of_the_token(
    cloud: Cloud, transport: Transport
) -> None:
    cloud.answers[GROUPS] = lambda _: fail("IVM.20180025", 401)
    with pytest.raises(RejectedByHub) as caught:
        await transport.ask("list_sub_groups", ROOT)
    assert caught.value.code == "IVM.20180025"
    assert cloud.logins == 1


async def test_a_token_is_renewed_before_it_ends(
    cloud: Cloud, session: ClientSession, tokens: Tokens
) -> None:
    cloud.lives = 2 * DAY - 60
    transport = make(cloud, session, tokens)
    cloud.answers[GROUPS] = {"orgs": []}
    await transport.ask("list_sub_groups", ROOT)
    ((key, token),) = tokens.tokens.items()
    assert isinstance(token, dict)
    assert cloud.asked(LOGIN) == [{"ak": ACCESS_KEY, "sk": SECRET_KEY}]
    # It was just asked for: the cloud would give the same.
    await transport.ask("list_sub_groups", ROOT)
    assert cloud.logins == 1
    asked = token["asked"]
    assert isinstance(asked, list)
    tokens.tokens[key] = {**token, "asked": [float(str(asked[0])) - DAY / 2]}
    old = cloud.token
    await transport.ask("list_sub_groups", ROOT)
    assert cloud.logins == 2
    assert cloud.token != old
    assert cloud.asked(LOGIN)[1]["force_update"] is True


async def test_a_token_that_cannot_be_renewed_still_works(
    cloud: Cloud, session: ClientSession, tokens: Tokens
) -> None:
    cloud.lives = DAY
    cloud.answers[GROUPS] = {"orgs": []}
    transport = make(cloud, session, tokens)
    await transport.connect()
    ((key, token),) = tokens.tokens.items()
    assert isinstance(token, dict)
    tokens.tokens[key] = {**token, "asked": []}
    cloud.answers[LOGIN] = lambda _: fail("IVM.90000011", 500)
    for _ in range(3):
        assert await transport.ask("list_sub_groups", ROOT) == {"orgs": []}
    assert len(cloud.asked(LOGIN)) == 2


@pytest.mark.parametrize(
    "stored", [None, 7, {"value": "x"}, {"value": "x", "expires": "soon"}, {}]
)
async def test_a_broken_store_is_no_obstacle(
    cloud: Cloud, session: ClientSession, tokens: Tokens, stored: Json
) -> None:
    transport = make(cloud, session, tokens)
    await transport.connect()
    (key,) = tokens.tokens
    tokens.tokens[key] = stored
    await make(cloud, session, tokens).connect()
    assert cloud.logins == 2


async def test_a_token_from_the_future_is_believed_until_refused(
    cloud: Cloud, session: ClientSession, tokens: Tokens
) -> None:
    transport = make(cloud, session, tokens)
    await transport.connect()
    ((key, token),) = tokens.tokens.items()
    assert isinstance(token, dict)
    tokens.tokens[key] = {**token, "expires": 9e12}
    cloud.answers[GROUPS] = {"orgs": []}
    cloud.expire()
    fresh = make(cloud, session, tokens)
    await fresh.ask("list_sub_groups", ROOT)
    assert cloud.logins == 2


async def test_the_old_path_of_the_token(cloud: Cloud, transport: Transport) -> None:
    def old(_: Any) -> Json:
        cloud.token = "old"
        return {"access_token": "old", "expire_time": "168888"}

    cloud.answers[LOGIN] = lambda _: web.Response(status=404)
    cloud.answers[LOGIN.replace("v2", "v1")] = old
    await transport.connect()
    assert 168_880 <= await transport.token_lifetime() <= 168_888


async def test_wrong_keys_are_tried_once(
    cloud: Cloud, session: ClientSession, tokens: Tokens
) -> None:
    await make(cloud, session, tokens).connect()
    hub = open_hub(session, cloud.url, tokens, secret_key="wrong")
    with pytest.raises(AuthenticationFailed):
        await hub.connect()
    for _ in range(3):
        with pytest.raises(AuthenticationFailed):
            await hub.call("list_devices", {})
    assert cloud.logins == 2
    assert SECRET_KEY not in repr(tokens.tokens)
    assert ACCESS_KEY not in repr(tokens.tokens)
    # The user may have repaired it in the console.
    with pytest.raises(AuthenticationFailed):
        await hub.connect()
    assert cloud.logins == 3


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        ("IVM.10000006", 401, AuthenticationFailed),
        ("IVM.10000013", 400, AuthenticationFailed),
        ("IVM.10028002", 400, LockedOut),
        ("IVM.20000030", 400, PermissionDenied),
        ("IVM.90000011", 500, Busy),
        ("IVM.20002008", 500, Unsupported),
        ("IVM.20000036", 400, RejectedByHub),
        ("IVM.20060011", 200, RejectedByHub),
        ("IVM.99999999", 418, RejectedByHub),
        ("APIG.0101", 418, RejectedByHub),
    ],
)
async def test_codes(
    cloud: Cloud, transport: Transport, code: str, status: int, error: type[Exception]
) -> None:
    cloud.answers[GROUPS] = lambda _: fail(code, status)
    with pytest.raises(error) as caught:
        await transport.ask("list_sub_groups", ROOT)
    assert type(caught.value) is error
    assert code in str(caught.value)


def test_every_code_of_the_manual_is_known() -> None:
    assert len(ERROR_CODES) == 652
    assert all(refusal.text for refusal in ERROR_CODES.values())


@pytest.mark.parametrize(
    "answer",
    [
        {"result": {"code": "IVM.20000036", "msg": "offline"}},
        {"code": "IVM.20000036", "msg": "offline"},
        {"failed_num": 1, "channels": [{"result": {"code": "IVM.20000036"}}]},
    ],
)
async def test_a_code_inside_a_200(
    cloud: Cloud, transport: Transport, answer: Json
) -> None:
    cloud.answers[GROUPS] = answer
    with pytest.raises(RejectedByHub, match="20000036"):
        await transport.ask("list_sub_groups", ROOT)


async def test_what_is_already_so_is_no_failure(
    cloud: Cloud, transport: Transport
) -> None:
    answer: Json = {"channels": [{"result": {"code": "IVM.20060007"}}]}
    cloud.answers[GROUPS] = answer
    assert await transport.ask("list_sub_groups", ROOT) == answer
    mixed: Json = {
        "channels": [{"result": {"code": "IVM.20000036"}}, {"result": {"code": "0"}}]
    }
    cloud.answers[GROUPS] = mixed
    assert await transport.ask("list_sub_groups", ROOT) == mixed


@pytest.mark.parametrize(
    ("code", "status"), [("IVM.20020014", 500), ("IVM.20020012", 400)]
)
async def test_empty_is_an_empty_list(
    cloud: Cloud, transport: Transport, code: str, status: int
) -> None:
    cloud.answers["GET /v1/resources"] = lambda _: fail(code, status)
    assert await transport.rows("list_resources") == []


@pytest.mark.parametrize(
    "answer",
    [
        web.Response(body=b'{"orgs": [', content_type="application/json"),
        web.Response(text="<html>"),
        web.json_response([1, 2]),
        web.Response(status=401, text="no"),
        web.Response(status=302, headers={"Location": "http://192.0.2.1/"}),
    ],
)
async def test_what_is_no_cloud(
    cloud: Cloud, transport: Transport, answer: web.Response
) -> None:
    cloud.answers[GROUPS] = answer
    with pytest.raises(UnexpectedAnswer):
        await transport.ask("list_sub_groups", ROOT)
    assert cloud.logins == 1


async def test_absurd_size(
    cloud: Cloud, transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "custom_components.vision_hub.vendors.toolkit.connection.MAX_ANSWER", 1000
    )
    cloud.answers[GROUPS] = {"orgs": ["x" * 2000]}
    with pytest.raises(UnexpectedAnswer, match="too big"):
        await transport.ask("list_sub_groups", ROOT)


async def test_no_cloud(session: ClientSession, unused_tcp_port: int) -> None:
    hub = open_hub(session, f"http://127.0.0.1:{unused_tcp_port}", Tokens())
    with pytest.raises(CannotConnect):
        await hub.connect()


async def test_keys_do_not_travel_in_the_clear(session: ClientSession) -> None:
    hub = open_hub(session, "http://api-ivm.myhuaweicloud.com", Tokens())
    with pytest.raises(InvalidRequest, match="https"):
        await hub.connect()


@pytest.mark.parametrize("url", ["", "nonsense", "https://", "https://a b/", "//["])
async def test_no_address(session: ClientSession, url: str) -> None:
    with pytest.raises(HostNotFound):
        await open_hub(session, url, Tokens()).connect()


@pytest.mark.parametrize(
    "changes", [{"user_id": "../x"}, {"access_key": " "}, {"user_id": ""}]
)
async def test_incomplete_keys_are_not_sent(
    cloud: Cloud, session: ClientSession, tokens: Tokens, changes: dict[str, str]
) -> None:
    with pytest.raises(AuthenticationFailed):
        await open_hub(session, cloud.url, tokens, **changes).connect()
    assert not cloud.requests


async def test_parameters_go_where_they_belong(
    cloud: Cloud, transport: Transport
) -> None:
    cloud.answers["GET /v1/devices/D1/channels/0"] = {}
    ids: dict[str, Json] = {"device_id": "D1", "channel_id": 0}
    query: dict[str, Json] = {
        **ids,
        "ability": ["ptz", "zoom"],
        "need_cloud_ability": True,
        "x": "2020-05-20 13:14:21",
    }
    await transport.ask("get_channel", query)
    assert cloud.requests[-1].raw.endswith(
        "?ability=ptz%2Czoom&need_cloud_ability=true&x=2020-05-20%2013%3A14%3A21"
    )
    place = "/v1/devices/D1/channels/0/preset-position"
    cloud.answers[f"DELETE {place}"] = {}
    await transport.ask("preset_delete", {**ids, "preset_index": 7})
    assert cloud.requests[-1].body == {"preset_index": 7}
    cloud.answers["DELETE /v1/messages/callback"] = {}
    await transport.ask("delete_message_callback", {"subscription_type": "DEVICE"})
    assert cloud.requests[-1].query == {"subscription_type": "DEVICE"}
    assert cloud.requests[-1].body is None
    cloud.answers["POST /v1/devices/D1/channels/0/control-lock"] = web.Response()
    assert await transport.ask("ptz_release_lock", ids) == {}
    assert cloud.requests[-1].body is None
    for wrong in ("", "../x", "a/b", None):
        with pytest.raises(InvalidRequest):
            await transport.ask("get_device", {"device_id": wrong})


def listed(
    key: str, count: int, most: int, *, by_page: bool, total: bool = True
) -> Any:
    """Answer a list by page or by row."""

    def answer(params: dict[str, Any]) -> Json:
        size, offset = min(int(params["limit"]), most), int(params["offset"])
        start = offset * size if by_page else offset
        rows: list[Json] = [{"id": each} for each in range(count)]
        answer: dict[str, Json] = {key: rows[start : start + size]}
        return {**answer, "total": str(count)} if total else answer

    return answer


@pytest.mark.parametrize(
    ("operation", "key", "by_page"),
    [
        ("list_devices", "devices", True),
        ("list_channels", "channels", False),
        ("list_resources", "resources", True),
        ("list_resources", "resources", False),
    ],
)
@pytest.mark.parametrize(("most", "total"), [(1000, True), (1000, False), (20, True)])
async def test_offset_means_what_it_means(
    cloud: Cloud,
    transport: Transport,
    operation: str,
    key: str,
    by_page: bool,
    most: int,
    total: bool,
) -> None:
    count = 650 if most > 20 else 50
    if operation != "list_resources" and most > 20:
        count = 2100
    cloud.answers[f"GET /v1/{key}"] = listed(
        key, count, most, by_page=by_page, total=total
    )
    rows = await transport.rows(operation)
    assert rows == [{"id": each} for each in range(count)]


async def test_long_batches_are_split(cloud: Cloud, transport: Transport) -> None:
    def answer(params: dict[str, Any]) -> Json:
        assert len(params["channels"]) <= 100
        return {
            "fail_num": 1,
            "live_connections": [
                {**each, "result": {"code": "IVM.0" if number else "IVM.20000036"}}
                for number, each in enumerate(params["channels"])
            ],
        }

    place = "POST /v2/devices/channels/media/live-connections"
    cloud.answers[place] = answer
    whole = await transport.ask_batch(
        "live_connections",
        {"expire_time": 30, "channels": [{"channel_id": n} for n in range(250)]},
    )
    assert whole["fail_num"] == 3
    connections = whole["live_connections"]
    assert isinstance(connections, list)
    assert len(connections) == 250
    assert [each["expire_time"] for each in cloud.asked(place)] == [30] * 3


async def test_pictures(cloud: Cloud, transport: Transport) -> None:
    place = "GET /v1/holo/D1_0_210/static"
    cloud.answers[place] = lambda _: web.Response(body=JPEG)
    # Plain HTTP without a port: the token goes nowhere but to our cloud.
    for reference in (
        f"{cloud.url}v1/holo/D1_0_210/static",
        "http://127.0.0.1/v1/holo/D1_0_210/static",
        "/v1/holo/D1_0_210/static",
    ):
        assert (await transport.download(reference)).content == JPEG
    cloud.answers[place] = lambda _: web.json_response({"pic_data": "/9j/4HBpY3R1cmU="})
    file = await transport.download("/v1/holo/D1_0_210/static")
    assert (file.content, file.content_type) == (JPEG, "image/jpeg")
    cloud.answers[place] = lambda _: fail("IVM.20040011")
    with pytest.raises(RejectedByHub):
        await transport.download("/v1/holo/D1_0_210/static")


@pytest.mark.parametrize(
    "reference",
    [
        "http://192.0.2.1/v1/holo/D1_0_210/static",
        "http://127.0.0.1:1/v1/holo/D1_0_210/static",
        "http://x:y@127.0.0.1/v1/holo/D1/static",
        "file:///etc/passwd",
        "/v1/109/devices",
        "http://[",
        "",
    ],
)
async def test_no_picture_of_the_cloud(
    cloud: Cloud, transport: Transport, reference: str
) -> None:
    with pytest.raises(InvalidRequest):
        await transport.download(reference)
    assert not cloud.requests


async def test_connect_tells_who_it_is(cloud: Cloud, hub: HuaweiHub) -> None:
    await hub.connect()
    assert hub.info.serial == USER
    assert cloud.logins == 1
