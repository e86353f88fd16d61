"""Every request of the manual: a good one, and ones that are refused."""

from collections.abc import Iterator
from typing import Any

import pytest

from simulators.camguard import CamGuardServer, Code
from simulators.camguard.operation_table import OPERATIONS

from .client import Client
from .operations_table import NEW, PICTURE, RECORD, ROWS, Row

UPLOAD = "/UploadPersonPicture"


async def prepare(client: Client, server: CamGuardServer) -> dict[Any, Any]:
    """Add a free user, library, camera; return what the placeholders stand for."""
    await client.ok("/RegisterUser", name="spare", password=NEW)
    await client.ok("/AddLibrary", name="Spare", type=0)
    await client.ok("/AddCamera", name="Spare", rtsp="rtsp://192.0.2.8/")
    (record,) = await server.recognize(1, 1)
    return {PICTURE: await client.uploaded(), RECORD: record.record_id}


def filled(body: dict[str, Any], made: dict[Any, Any]) -> dict[str, Any]:
    return {
        name: made.get(value, value) if isinstance(value, str) else value
        for name, value in body.items()
    }


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.path)
async def test_answers(client: Client, server: CamGuardServer, row: Row) -> None:
    made = await prepare(client, server)
    answer = await client.post(row.path, **filled(row.body, made), from_a_page=[1])
    assert answer["code"] == 0, answer
    assert answer["msg"] == ""
    assert answer.keys() == {"code", "msg", *row.keys}
    if row.info:
        assert answer["info"].keys() == set(row.info)


def invalid(row: Row) -> Iterator[dict[str, Any]]:
    for changes in row.bad:
        yield row.body | changes
    for name in row.required:
        yield {key: value for key, value in row.body.items() if key != name}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.path)
async def test_wrong_parameters(
    client: Client, server: CamGuardServer, row: Row
) -> None:
    made = await prepare(client, server)
    for body in invalid(row):
        answer = await client.post(row.path, **filled(body, made))
        assert answer["code"] == Code.WRONG_PARAMETER, body
        assert answer["msg"]
        assert answer.keys() == {"code", "msg"}


@pytest.mark.parametrize(
    ("path", "code", "body"),
    [
        (row.path, code, row.body | changes)
        for row in ROWS
        for code, changes in row.refused.items()
    ],
)
async def test_refusals(
    client: Client, server: CamGuardServer, path: str, code: Code, body: dict[str, Any]
) -> None:
    made = await prepare(client, server)
    assert await client.code(path, **filled(body, made)) == code


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.path)
async def test_session_is_needed(
    client: Client, server: CamGuardServer, row: Row
) -> None:
    made = await prepare(client, server)
    client.session = "no such session"
    expected = Code.OK if row.path == "/Login" else Code.NOT_LOGGED_IN
    assert await client.code(row.path, **filled(row.body, made)) == expected


def test_all_requests_are_in_the_table() -> None:
    paths = {row.path for row in ROWS} | {UPLOAD}
    assert paths == {operation.path for operation in OPERATIONS}
    assert len(OPERATIONS) == len(ROWS) + 1 == 31


async def test_paths_and_methods(client: Client, server: CamGuardServer) -> None:
    for method, path, status in (
        ("POST", "/login", 404),
        ("POST", "/DeletePersonPicture", 404),
        ("GET", "/Login", 405),
        ("GET", "/", 404),
        ("GET", "/storage/none.jpg", 404),
    ):
        async with client.http.request(method, server.url + path) as response:
            assert response.status == status, path


async def test_content_types(client: Client, server: CamGuardServer) -> None:
    url = f"{server.url}/SearchCamera"
    raw = f'{{"session":"{client.session}"}}'

    async def code(data: str, kind: str, url: str = url) -> int:
        headers = {"Content-Type": kind}
        async with client.http.post(url, data=data, headers=headers) as response:
            return int((await response.json())["code"])

    assert await code(raw, "Application/json") == 0
    assert await code(raw, "text/plain") == Code.WRONG_PARAMETER
    assert await code("[]", "application/json") == Code.NOT_LOGGED_IN
    assert await code("{", "application/json") == Code.NOT_LOGGED_IN
    server.quirks.strict_content_type = False
    assert await code(raw, "text/plain") == 0
    upload = f"{server.url}{UPLOAD}?session={client.session}"
    assert await code(raw, "application/json", upload) == Code.WRONG_PARAMETER
