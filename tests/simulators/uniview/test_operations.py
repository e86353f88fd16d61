"""Every request of the manual answers, and refuses what the tables do not allow."""

import base64
from collections.abc import Iterator
from typing import Any

from aiohttp import FormData
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key
import pytest

from simulators.uniview import UniviewBox
from simulators.uniview.operation_table import OPERATIONS
from simulators.uniview.upgrade import UPGRADE_PATH

from .client import Client
from .operations_table import ROWS, SECRET, Row

NO_STATUS_CODE = {"rsa/publickey", "channel/delete", "channel/import"}


async def encrypted(client: Client, password: str = "camera") -> str:
    pem = (await client.data("rsa/publickey"))["public_key"]
    key = load_pem_public_key(pem.encode())
    assert isinstance(key, rsa.RSAPublicKey)
    assert key.key_size == 2048
    cipher = key.encrypt(password.encode(), padding.PKCS1v15())
    return base64.b64encode(cipher).decode()


async def filled(client: Client, body: dict[str, Any] | None) -> Any:
    if body is not None and body.get("pwd") == SECRET:
        return body | {"pwd": await encrypted(client)}
    return body


def test_table_is_complete() -> None:
    """49 requests: 44 rows, upgrade, its status, digest, picture, video."""
    paths = {f"/api/v2/{row.path}" for row in ROWS}
    served = {operation.path for operation in OPERATIONS}
    assert len(ROWS) == len(paths) == 44
    assert served == paths | {"/api/v2/upgrade/status"}
    assert UPGRADE_PATH not in served


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.path)
async def test_answers(client: Client, row: Row) -> None:
    body = await filled(client, row.body)
    answer = await client.request("POST", f"/api/v2/{row.path}", body)
    assert answer.status == 200
    document = answer.json
    assert (document["code"], document["msg"]) == (0, "Succeed")
    if row.path in NO_STATUS_CODE:
        assert "status_code" not in document
    else:
        assert document["status_code"] == 0
    if row.path == "extend/get":
        assert document["data"][0].keys() == {"status", "channel_id", "smart_list"}
    elif row.data is None:
        assert "data" not in document
    else:
        assert document["data"].keys() == row.data


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.path)
async def test_unknown_keys_are_tolerated(client: Client, row: Row) -> None:
    if row.body is None:
        pytest.skip("no fields")
    body = await filled(client, row.body)
    document = await client.post(row.path, **body, from_a_web_page=[1])
    assert document["code"] == 0


def invalid(row: Row) -> Iterator[dict[str, Any]]:
    yield from row.bad
    for name in row.required:
        assert row.body is not None
        yield {key: value for key, value in row.body.items() if key != name}


@pytest.mark.parametrize(
    "row", [row for row in ROWS if any(invalid(row))], ids=lambda row: row.path
)
async def test_invalid_arguments(client: Client, row: Row) -> None:
    for body in invalid(row):
        document = await client.post(row.path, **body)
        assert document["code"] == 2, body
        assert document["msg"] == "Invalid Arguments"
        assert "data" not in document


@pytest.mark.parametrize(
    ("path", "code", "body"),
    [(row.path, code, body) for row in ROWS for code, body in row.refused.items()],
)
async def test_refusals(
    client: Client, path: str, code: int, body: dict[str, Any]
) -> None:
    assert (await client.post(path, **body))["code"] == code


async def test_empty_bodies(client: Client) -> None:
    json = {"Content-Type": "application/json"}
    for path in ("algo/list", "device/get", "docking/config/get"):
        answer = await client.request("POST", f"/api/v2/{path}", b"", json)
        assert answer.json["code"] == 0
    answer = await client.request("POST", "/api/v2/rsa/publickey")
    assert answer.json["code"] == 0
    answer = await client.request("POST", "/api/v2/channel/list", b"", json)
    assert answer.json["code"] == 2


@pytest.mark.parametrize("raw", [b"{", b"[]", b'"a"', b"\xff"])
async def test_not_an_object(client: Client, raw: bytes) -> None:
    json = {"Content-Type": "application/json"}
    answer = await client.request("POST", "/api/v2/channel/list", raw, json)
    assert answer.json["code"] == 2


async def test_content_type_is_required(client: Client, box: UniviewBox) -> None:
    path = "/api/v2/device/get"
    text = {"Content-Type": "text/plain"}
    assert (await client.request("POST", path, b"{}", text)).json["code"] == 2
    box.quirks.strict_content_type = False
    assert (await client.request("POST", path, b"{}", text)).json["code"] == 0


async def test_unknown_paths(client: Client) -> None:
    answer = await client.request("POST", "/api/v2/no/such", {})
    assert (answer.status, answer.json["code"]) == (404, 4)
    answer = await client.request("PUT", "/api/v2/device/get", {})
    assert answer.status == 405


@pytest.mark.parametrize(
    "limit",
    [
        ("libraries", "personlib/add", 1100),
        ("people", "person/add", 1200),
        ("workclothes_libraries", "workclotheslib/add", 1601),
        ("workclothes", "workclothes/add", 1700),
    ],
)
async def test_limits(
    client: Client, box: UniviewBox, limit: tuple[str, str, int]
) -> None:
    name, path, code = limit
    setattr(box.limits, name, 0)
    body = next(row.body for row in ROWS if row.path == path)
    assert body is not None
    assert (await client.post(path, **body))["code"] == code


@pytest.mark.parametrize("path_code", [("person/add", 1203), ("workclothes/add", 1701)])
async def test_large_picture(
    client: Client, box: UniviewBox, path_code: tuple[str, int]
) -> None:
    path, code = path_code
    box.limits.picture_bytes = 1000
    body = next(row.body for row in ROWS if row.path == path)
    assert body is not None
    assert (await client.post(path, **body))["code"] == code


async def test_upgrade_needs_the_part(client: Client) -> None:
    form = FormData()
    form.add_field("other", b"x", filename="x.bin")
    answer = await client.request("POST", UPGRADE_PATH, form)
    assert answer.json["code"] == 2
    answer = await client.request("POST", UPGRADE_PATH, {})
    assert answer.json["code"] == 2
