"""Logging in by HTTP: what is offered, what is chosen, what is sent."""

import base64
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
import hashlib
from pathlib import Path
import re

from aiohttp import ClientSession, ClientTimeout, web
from aiohttp.test_utils import TestServer
import pytest

from custom_components.vision_hub.vendors.toolkit import authentication
from custom_components.vision_hub.vendors.toolkit.authentication import Authentication
from custom_components.vision_hub.vendors.toolkit.connection import (
    Account,
    Answer,
    Connection,
)

from ...helpers.tls import self_signed

CNONCE = "1a42d15d190f2f7c93cfe0f749aa4674"
PATH = "/api/v2/algo/list"
PATIENCE = ClientTimeout(total=5)
MANUAL = (
    'Digest qop="auth",algorithm="MD5",realm="NVRDVR",nonce="1923473498",stale="FALSE"'
)
MD5 = 'Digest realm="hub", qop="auth", nonce="n5", algorithm=MD5'
SHA = 'Digest realm="hub", qop="auth", nonce="n256", algorithm=SHA-256'
BASIC = 'Basic realm="hub, or: Digest", charset="UTF-8"'


class Hub:
    """Asks for a login and takes any; keeps what was sent."""

    def __init__(self, challenges: Sequence[str]) -> None:
        self.challenges = challenges
        self.sent: list[str] = []
        self.stale = False

    async def handle(self, request: web.Request) -> web.Response:
        self.sent.append(request.headers.get("Authorization", ""))
        if self.sent[-1] and not self.stale:
            return web.json_response({})
        self.stale = False
        response = web.Response(status=401)
        for challenge in self.challenges:
            response.headers.add("WWW-Authenticate", challenge)
        return response


@asynccontextmanager
async def asked(
    *challenges: str, password: str = "admin123.", folder: Path | None = None
) -> AsyncIterator[tuple[Hub, Connection, Authentication]]:
    """Yield a hub with these challenges, over TLS where there is a folder for it."""
    hub = Hub(challenges)
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", hub.handle)
    server = TestServer(app, host="127.0.0.1")
    context = self_signed(folder, "127.0.0.1") if folder else None
    await server.start_server(ssl=context)
    account = Account(
        scheme="https" if folder else "http",
        host="127.0.0.1",
        port=server.port or 0,
        username="admin",
        password=password,
    )
    async with server, ClientSession() as session:
        if folder:
            session.connector._ssl = False
        login = Authentication(account, also_quoted=frozenset({"algorithm"}))
        yield hub, Connection(session, account, at_once=1), login


async def ask(connection: Connection, login: Authentication) -> Answer:
    return await connection.exchange(
        "POST",
        connection.origin.with_path(PATH),
        patience=PATIENCE,
        middlewares=(login,),
    )


@pytest.fixture
def _cnonce(monkeypatch: pytest.MonkeyPatch) -> None:
    """Choose the client's nonce of Uniview's manual."""
    monkeypatch.setattr(authentication.secrets, "token_hex", lambda _: CNONCE)


@pytest.mark.usefixtures("_cnonce")
async def test_worked_example() -> None:
    """The second header of chapter 1, byte for byte."""
    async with asked(MANUAL) as (hub, connection, login):
        await ask(connection, login)
        await ask(connection, login)
    assert len(hub.sent) == 3
    assert hub.sent[2] == (
        'Digest username="admin", realm="NVRDVR", nonce="1923473498", '
        'uri="/api/v2/algo/list", algorithm="MD5", qop=auth, nc=00000002, '
        'cnonce="1a42d15d190f2f7c93cfe0f749aa4674", '
        'response="ebaadf53a48e3156cd5a1485b63658b0"'
    )


@pytest.mark.usefixtures("_cnonce")
@pytest.mark.parametrize(
    ("challenge", "response"),
    [
        (
            MANUAL.replace("1923473498", "1983339259"),
            "8413c8efa0d9a1962f14648e1dd813a4",
        ),
        (
            'Digest qop=auth,algorithm=MD5,realm="NVRDVR",nonce="1923473498",stale=false',
            "ebaadf53a48e3156cd5a1485b63658b0",
        ),
        (
            'digest REALM="NVRDVR" , Nonce = "1923473498", qop="auth-int,auth"',
            "ebaadf53a48e3156cd5a1485b63658b0",
        ),
        # The older form of RFC 2617, without qop.
        (
            'Digest realm="NVRDVR", nonce="1923473498"',
            "3fd16fcf8e945a2ea052c24ecb18132c",
        ),
    ],
)
async def test_styles_of_challenges(challenge: str, response: str) -> None:
    async with asked(challenge) as (hub, connection, login):
        await ask(connection, login)
        await ask(connection, login)
    assert f'response="{response}"' in hub.sent[2]
    assert ("qop=auth, nc=00000002" in hub.sent[2]) is ("qop" in challenge)


async def test_quotes_are_escaped() -> None:
    quoted = 'Digest realm="NVR\\"DVR", nonce="1", qop="auth", opaque="x"'
    async with asked(quoted) as (hub, connection, login):
        await ask(connection, login)
    assert 'realm="NVR\\"DVR"' in hub.sent[1]
    assert hub.sent[1].endswith(', opaque="x"')


@pytest.mark.parametrize(
    "challenges",
    [
        (BASIC, SHA, MD5),
        (BASIC, MD5, SHA),
        (f"{BASIC}, {MD5}", SHA),
        (f"{BASIC}, {MD5}, {SHA}",),
        (f"{SHA}, {MD5}, {BASIC}",),
        ("Negotiate YII==, " + BASIC, f"{MD5.replace('MD5', 'MD4')}, {SHA}"),
    ],
)
async def test_the_strongest_scheme_is_used(challenges: tuple[str, ...]) -> None:
    """Whatever stands first, in one header or in several."""
    async with asked(*challenges) as (hub, connection, login):
        assert (await ask(connection, login)).status == 200
    assert hub.sent[0] == ""
    told = dict(re.findall(r'(\w+)="?([^",]*)"?', hub.sent[1]))
    assert (told["nonce"], told["algorithm"]) == ("n256", "SHA-256")

    def hashed(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()

    who, what = hashed("admin:hub:admin123."), hashed(f"POST:{PATH}")
    words = f"{who}:n256:00000001:{told['cnonce']}:auth:{what}"
    assert told["response"] == hashed(words)


@pytest.mark.parametrize(
    "challenges", [(BASIC, MD5), (f"{BASIC}, {MD5}",), (f"{MD5}, {BASIC}",)]
)
async def test_digest_before_basic(challenges: tuple[str, ...], tmp_path: Path) -> None:
    for folder in (None, tmp_path):
        async with asked(*challenges, folder=folder) as (hub, connection, login):
            assert (await ask(connection, login)).status == 200
        assert hub.sent[1].startswith("Digest ")


async def test_no_password_in_the_clear(tmp_path: Path) -> None:
    """Where a hub offers nothing but Basic, it gets the password over TLS only."""
    async with asked(BASIC, password="pässword") as (hub, connection, login):
        answer = await ask(connection, login)
        assert answer.status == 401
        assert login.challenge_in(answer) is None
    assert hub.sent == [""]
    async with asked(BASIC, password="pässword", folder=tmp_path) as parts:
        hub, connection, login = parts
        assert (await ask(connection, login)).status == 200
        assert (await ask(connection, login)).status == 200
    wanted = "Basic " + base64.b64encode("admin:pässword".encode()).decode()
    assert hub.sent == ["", wanted, wanted]


async def test_a_nonce_that_is_too_old() -> None:
    async with asked(MD5) as (hub, connection, login):
        await ask(connection, login)
        hub.stale = True
        assert (await ask(connection, login)).status == 200
    assert ["nc=00000001" in sent for sent in hub.sent] == [False, True, False, True]


async def test_sessions_of_digest() -> None:
    async with asked(MD5.replace("MD5", "MD5-sess")) as (hub, connection, login):
        await ask(connection, login)
    told = dict(re.findall(r'(\w+)="?([^",]*)"?', hub.sent[1]))

    def hashed(text: str) -> str:
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    who = hashed(f"{hashed('admin:hub:admin123.')}:n5:{told['cnonce']}")
    words = f"{who}:n5:00000001:{told['cnonce']}:auth:{hashed(f'POST:{PATH}')}"
    assert told["response"] == hashed(words)


@pytest.mark.parametrize(
    "challenge",
    ['Digest qop="auth"', "Digest", 'Digest realm="x",nonce="1",qop=x', "", ",,="],
)
async def test_what_nobody_can_answer(challenge: str) -> None:
    async with asked(challenge) as (hub, connection, login):
        assert (await ask(connection, login)).status == 401
    assert hub.sent == [""]
