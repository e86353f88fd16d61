"""The header of chapter 1, against the manual's own numbers."""

from types import SimpleNamespace
from unittest.mock import Mock

from aiohttp import client_middleware_digest_auth
import pytest
from yarl import URL

from custom_components.vision_hub.vendors.uniview.transport import Digest

CNONCE = "1a42d15d190f2f7c93cfe0f749aa4674"
ADDRESS = URL("http://192.0.2.5/api/v2/algo/list")


class _Uncut(str):
    __slots__ = ()

    def __getitem__(self, _: object) -> str:
        return str(self)


@pytest.fixture(autouse=True)
def _same_cnonce(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the library choose the client's nonce of the manual."""
    chosen = SimpleNamespace(hexdigest=lambda: _Uncut(CNONCE))
    monkeypatch.setattr(
        client_middleware_digest_auth, "hashlib", SimpleNamespace(sha1=lambda _: chosen)
    )


def challenged(header: str, password: str = "admin123.") -> Digest:
    digest = Digest("admin", password)
    response = Mock(status=401, headers={"www-authenticate": header}, url=ADDRESS)
    assert digest._authenticate(response)
    return digest


async def second_header(digest: Digest) -> str:
    """Return the header with `nc` 00000002, as in the manual."""
    await digest._encode("POST", ADDRESS, b"")
    return await digest._encode("POST", ADDRESS, b"")


async def test_worked_example() -> None:
    digest = challenged(
        'Digest qop="auth",algorithm="MD5",realm="NVRDVR",nonce="1923473498",stale="FALSE"'
    )
    assert await second_header(digest) == (
        'Digest username="admin", realm="NVRDVR", nonce="1923473498", '
        'uri="/api/v2/algo/list", algorithm="MD5", qop=auth, nc=00000002, '
        'cnonce="1a42d15d190f2f7c93cfe0f749aa4674", '
        'response="ebaadf53a48e3156cd5a1485b63658b0"'
    )


async def test_shortened_example_of_the_table() -> None:
    digest = challenged(
        'Digest qop="auth",algorithm="MD5",realm="NVRDVR",nonce="1983339259",stale="FALSE"'
    )
    assert 'response="8413c8efa0d9a1962f14648e1dd813a4"' in await second_header(digest)


@pytest.mark.parametrize(
    "header",
    [
        'Digest qop=auth,algorithm=MD5,realm="NVRDVR",nonce="1923473498",stale=false',
        'Digest realm="NVRDVR", nonce="1923473498", qop="auth", stale="FALSE"',
        'Digest qop="auth,auth-int", realm="NVRDVR", nonce="1923473498"',
    ],
)
async def test_other_styles_of_challenge(header: str) -> None:
    answer = await second_header(challenged(header))
    assert 'algorithm="MD5", qop=auth, nc=00000002' in answer
    assert 'response="ebaadf53a48e3156cd5a1485b63658b0"' in answer


async def test_a_challenge_without_qop() -> None:
    digest = challenged('Digest realm="NVRDVR", nonce="1923473498"')
    header = await second_header(digest)
    assert "qop" not in header
    assert "nc=" not in header
    # md5(r1:nonce:r2), the older form of RFC 2617.
    assert 'response="3fd16fcf8e945a2ea052c24ecb18132c"' in header
    assert header.startswith('Digest username="admin", realm="NVRDVR", nonce=')


async def test_quotes_are_escaped() -> None:
    digest = challenged('Digest realm="NVR\\"DVR", nonce="1", qop="auth", opaque="x"')
    header = await digest._encode("POST", ADDRESS, b"")
    assert 'realm="NVR\\"DVR"' in header
    assert header.endswith(', opaque="x"')
