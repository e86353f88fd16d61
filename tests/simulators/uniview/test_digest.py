"""Chapter 1: the worked example, the challenge, nonces, lock-out."""

import re

import pytest

from simulators.digest_auth import digest_response, parse_authorization
from simulators.uniview import Quirks, UniviewBox

from .client import Client

GET = "/api/v2/device/get"


@pytest.mark.parametrize(
    ("nonce", "response"),
    [
        ("1923473498", "ebaadf53a48e3156cd5a1485b63658b0"),
        ("1983339259", "8413c8efa0d9a1962f14648e1dd813a4"),
    ],
)
def test_worked_example(nonce: str, response: str) -> None:
    assert response == digest_response(
        username="admin",
        password="admin123.",
        method="POST",
        uri="/api/v2/algo/list",
        nonce=nonce,
        nc="00000002",
        cnonce="1a42d15d190f2f7c93cfe0f749aa4674",
        realm="NVRDVR",
    )


async def test_worked_example_passes_the_gate(box: UniviewBox) -> None:
    box.digest_auth.nonce = "1923473498"
    header = (
        'Digest username="admin", realm="NVRDVR", nonce="1923473498", '
        'uri="/api/v2/algo/list", algorithm="MD5", qop=auth, nc=00000002, '
        'cnonce="1a42d15d190f2f7c93cfe0f749aa4674", '
        'response="ebaadf53a48e3156cd5a1485b63658b0"'
    )
    verdict = box.digest_auth.check(
        method="POST", target="/api/v2/algo/list", authorization=header, address="a"
    )
    assert verdict.code == 0


async def test_challenge_is_the_samples(client: Client) -> None:
    answer = await client.send("POST", GET, {})
    assert answer.status == 401
    assert answer.json == {"code": 3, "msg": "Not Authorized", "status_code": 401}
    assert re.fullmatch(
        r'Digest qop="auth",algorithm="MD5",realm="NVRDVR",nonce="\d{10}",'
        r'stale="FALSE"',
        answer.headers["WWW-Authenticate"],
    )


@pytest.mark.parametrize(
    ("quirks", "expected"),
    [
        (Quirks(unquoted_qop=True), "Digest qop=auth,"),
        (Quirks(rfc_challenge=True), 'Digest realm="NVRDVR", nonce="'),
    ],
)
async def test_other_challenges(
    client: Client, box: UniviewBox, quirks: Quirks, expected: str
) -> None:
    box.digest_auth.quirks = quirks
    answer = await client.send("POST", GET, {})
    assert answer.headers["WWW-Authenticate"].startswith(expected)


@pytest.mark.parametrize(
    "style",
    [
        Client.style,
        (
            'Digest username="{u}",realm="NVRDVR",nonce="{n}",uri="{uri}",'
            'algorithm=MD5,qop="auth",nc="{nc}",cnonce={c},response={r}'
        ),
        (
            'digest response="{r}" , cnonce="{c}" , nc={nc} , qop=auth , uri="{uri}" ,'
            ' nonce="{n}" , realm="NVRDVR" , username="{u}"'
        ),
    ],
)
async def test_both_quoting_styles(client: Client, style: str) -> None:
    client.style = style
    assert (await client.request("POST", GET, {})).json["code"] == 0


@pytest.mark.parametrize("text", ["Basic abc", "Digest ===", "Digest username", ""])
def test_malformed_header(text: str) -> None:
    assert not parse_authorization(text)


async def test_each_401_replaces_the_nonce(client: Client, box: UniviewBox) -> None:
    await client.challenge()
    old = client.nonce
    await client.send("POST", GET, {})
    assert box.digest_auth.nonce != old
    header = {"Authorization": client.authorization("POST", GET)}
    answer = await client.send("POST", GET, {}, header)
    assert answer.status == 401
    assert 'stale="TRUE"' in answer.headers["WWW-Authenticate"]


async def test_counter_must_rise(client: Client) -> None:
    await client.challenge()
    for nc, status in (("00000002", 200), ("0000000a", 200), ("0000000a", 401)):
        header = {"Authorization": client.authorization("POST", GET, nc)}
        answer = await client.send("POST", GET, {}, header)
        assert answer.status == status


async def test_uri_must_be_the_target(client: Client) -> None:
    await client.challenge()
    header = {"Authorization": client.authorization("POST", "/api/v2/algo/list")}
    answer = await client.send("POST", GET, {}, header)
    assert (answer.status, answer.json["code"]) == (401, 3)


async def test_expired_nonce(client: Client, box: UniviewBox) -> None:
    await client.data("device/get")
    box.expire_nonce()
    await client.data("device/get")
    assert box.request_log.count(GET, authorized=False) == 2
    box.quirks.nonce_uses = 2
    box.expire_nonce()
    for _ in range(5):
        await client.data("device/get")
    assert box.request_log.count(GET, authorized=False) == 5


@pytest.mark.parametrize("field", ["username", "password"])
async def test_wrong_credentials(client: Client, field: str) -> None:
    setattr(client, field, "wrong")
    answer = await client.request("POST", GET, {})
    assert (answer.status, answer.json["code"]) == (401, 1000)
    assert 'stale="FALSE"' in answer.headers["WWW-Authenticate"]


async def test_lock_out(client: Client, box: UniviewBox) -> None:
    client.password = "wrong"
    codes = [(await client.post("device/get"))["code"] for _ in range(4)]
    assert codes[0] == 1000
    assert codes[-1] == 1004
    client.password = "admin123."
    assert (await client.post("device/get"))["code"] == 1004
    box.unlock()
    await client.data("device/get")
    box.lock_out(seconds=0)
    await client.data("device/get")
    box.lock_out()
    box.quirks.refusal_status = 200
    answer = await client.request("POST", GET, {})
    assert (answer.status, answer.json["code"]) == (200, 1004)


async def test_busy(client: Client, box: UniviewBox) -> None:
    box.busy = True
    assert (await client.post("device/get"))["code"] == 6
