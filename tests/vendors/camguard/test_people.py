"""Who is enrolled, comparing, and pictures."""

import base64
import json
from typing import Any
from unittest.mock import patch

from aiohttp import ClientSession, web
import pytest

from custom_components.vision_hub.vendors.camguard.hub import CamGuardHub, pictures
from custom_components.vision_hub.vendors.contract import PersonQuery
from custom_components.vision_hub.vendors.errors import (
    InvalidRequest,
    RejectedByHub,
    UnexpectedAnswer,
    Unsupported,
)
from custom_components.vision_hub.vendors.model import (
    Gender,
    LibraryKind,
    PersonDetails,
)

from .conftest import JPEG, Server, fail, open_hub

ADA = PersonDetails(name="Ada", gender=Gender.FEMALE, id_number="1815", phone="12")


async def names(hub: CamGuardHub, **query: Any) -> list[str | None]:
    assert hub.people
    return [
        person.details.name async for person in hub.people.persons(PersonQuery(**query))
    ]


async def test_enrolling_uploads_adds_and_finds(
    server: Server, hub: CamGuardHub
) -> None:
    assert hub.people
    person = await hub.people.enroll("1", ADA, JPEG)
    assert (person.id, person.library_id) == ("6", "1")
    assert server.uploads == [("file", "picture.jpg", JPEG)]
    assert server.asked("/AddPerson") == [
        {
            "lib_id": 1,
            "name": "Ada",
            "sex": 2,
            "card_no": "1815",
            "phone": "12",
            "category": 0,
            "pic_url": "/pics/new1.jpg",
            "remark": "",
        }
    ]
    assert await names(hub, name="Ada") == ["Ada"]
    assert server.pictures == {"/pics/new1.jpg"}


async def test_a_second_of_the_same_name_is_refused_before_it_is_made(
    server: Server, hub: CamGuardHub
) -> None:
    assert hub.people
    with pytest.raises(InvalidRequest):
        await hub.people.enroll("1", PersonDetails(name=" Rose "), JPEG)
    with pytest.raises(InvalidRequest):
        await hub.people.create_library("Staff")
    with pytest.raises(InvalidRequest):
        await hub.call("camera_add", {"name": "Gate in", "rtsp": "rtsp://x"})
    with pytest.raises(InvalidRequest):
        await hub.call("task_add", {"name": "Gate watch"})
    assert server.uploads == []
    for path in ("/AddPerson", "/AddLibrary", "/AddCamera", "/AddTask"):
        assert not server.asked(path)
    # Fuzzy is not the same, nor is another library.
    assert (await hub.people.create_library("Sta")).id == "3"
    assert (await hub.people.enroll("2", PersonDetails(name="Rose"), JPEG)).id == "6"


async def test_the_upload_is_undone_when_the_add_fails(
    server: Server, hub: CamGuardHub
) -> None:
    assert hub.people
    server.answers["/AddPerson"] = fail(5, "no face")
    with pytest.raises(RejectedByHub, match="no face"):
        await hub.people.enroll("1", ADA, JPEG)
    assert server.pictures == set()
    assert len(server.asked("/AddPerson")) == 1


async def test_an_add_that_is_not_listed_keeps_its_picture(
    server: Server, hub: CamGuardHub
) -> None:
    assert hub.people
    server.answers["/AddPerson"] = {"code": 0, "msg": ""}
    with pytest.raises(UnexpectedAnswer):
        await hub.people.enroll("1", ADA, JPEG)
    assert server.pictures == {"/pics/new1.jpg"}


async def test_the_session_of_an_upload_may_be_elsewhere(
    server: Server, session: ClientSession
) -> None:
    """2.1 has no table of parameters."""
    hub = open_hub(session, server.port, upload_part="image")
    assert hub.people
    server.session_in = "query"
    await hub.people.enroll("1", ADA, JPEG)
    await hub.people.enroll("1", PersonDetails(name="Bob"), b"\x89PNG\r\n\x1a\nx")
    assert [upload[:2] for upload in server.uploads] == [
        ("image", "picture.jpg"),
        ("image", "picture.png"),
    ]


@pytest.mark.parametrize("session_in", ["form", "query"])
async def test_an_upload_in_an_ended_session(
    server: Server, hub: CamGuardHub, session_in: str
) -> None:
    assert hub.people
    await hub.connect()
    server.session_in = session_in
    server.expire()
    assert await hub.people.compare(JPEG, JPEG) == 82


@pytest.mark.parametrize(
    ("library", "details", "picture", "error"),
    [
        ("1", PersonDetails(), JPEG, InvalidRequest),
        ("1", PersonDetails(name=" "), JPEG, InvalidRequest),
        ("x", ADA, JPEG, InvalidRequest),
        ("1", ADA, b"GIF89a", InvalidRequest),
        ("1", ADA, b"", InvalidRequest),
        ("1", PersonDetails(name="A", email="a@b"), JPEG, Unsupported),
    ],
)
async def test_who_cannot_be_enrolled(
    server: Server,
    hub: CamGuardHub,
    library: str,
    details: PersonDetails,
    picture: bytes,
    error: type[Exception],
) -> None:
    assert hub.people
    with pytest.raises(error):
        await hub.people.enroll(library, details, picture)
    assert server.uploads == []
    assert not server.asked("/AddPerson")


async def test_updating_sends_the_whole_person(
    server: Server, hub: CamGuardHub
) -> None:
    """Black-listed people stay so; what is empty does not go out."""
    assert hub.people
    await hub.people.update("5", "1", PersonDetails(phone="77"))
    assert server.asked("/UpdatePerson") == [
        {
            "lib_id": 1,
            "person_id": 5,
            "name": "Rose",
            "sex": 2,
            "card_no": "110101",
            "phone": "77",
            "category": 1,
            "pic_url": "/pics/5.jpg",
        }
    ]
    await hub.people.update("5", "1", PersonDetails(), JPEG)
    assert server.asked("/UpdatePerson")[-1]["pic_url"] == "/pics/new1.jpg"
    server.answers["/UpdatePerson"] = fail()
    with pytest.raises(RejectedByHub):
        await hub.people.update("5", "1", PersonDetails(), JPEG)
    assert server.pictures == {"/pics/new1.jpg"}
    with pytest.raises(InvalidRequest):
        await hub.people.update("5", "2", PersonDetails(phone="77"))


async def test_removing_finds_the_library(server: Server, hub: CamGuardHub) -> None:
    assert hub.people
    await hub.people.enroll("2", ADA, JPEG)
    await hub.people.remove(("6",), None)
    assert server.asked("/DeletePerson") == [{"lib_id": 2, "person_id": 6}]
    with pytest.raises(InvalidRequest):
        await hub.people.remove(("5", "99"), None)
    await hub.people.remove(("5",), "1")
    assert server.lists["persons"] == []


async def test_libraries(server: Server, hub: CamGuardHub) -> None:
    assert hub.people
    await hub.people.delete_library("2")
    assert [library.id for library in await hub.people.libraries()] == ["1"]
    with pytest.raises(Unsupported):
        await hub.people.update_library("1", name="Crew")
    with pytest.raises(Unsupported):
        await hub.people.create_library("Crew", kind=LibraryKind.BLOCKED)
    with pytest.raises(Unsupported):
        await hub.people.search(JPEG, (), 1)


@pytest.mark.parametrize("name_filter", ["name", "lib_name"])
async def test_persons_are_found_whatever_the_filter_means(
    server: Server, hub: CamGuardHub, name_filter: str
) -> None:
    """4.4 calls `name` the name of a library."""
    server.name_filter = name_filter
    server.lists["persons"] += [
        {"person_id": number, "lib_id": 2, "lib_name": "Wanted", "name": f"P{number}"}
        for number in range(10, 100)
    ]
    assert await names(hub, name="P42") == ["P42"]
    assert await names(hub, name="P") == []
    assert len(await names(hub)) == 91
    assert len(await names(hub, libraries=("2",), limit=7)) == 7


async def test_comparing_leaves_nothing_behind(
    server: Server, hub: CamGuardHub
) -> None:
    assert hub.people
    assert await hub.people.compare(JPEG, JPEG + b"2") == 82
    assert server.asked("/Compare1V1") == [
        {"first_pic": "/pics/new1.jpg", "second_pic": "/pics/new2.jpg"}
    ]
    assert server.pictures == set()
    server.answers["/Compare1V1"] = fail()
    with pytest.raises(RejectedByHub):
        await hub.people.compare(JPEG, JPEG)
    assert server.pictures == set()
    server.answers["/Compare1V1"] = {"code": 0, "msg": ""}
    with pytest.raises(UnexpectedAnswer):
        await hub.people.compare(JPEG, JPEG)
    assert server.pictures == set()


async def test_pictures_come_through_the_server(
    server: Server, hub: CamGuardHub
) -> None:
    assert await hub.fetch("/captures/1.jpg") == JPEG
    assert server.asked("/DownloadPersonPicture") == [{"pic_url": "/captures/1.jpg"}]
    data = base64.b64encode(JPEG).decode()
    server.answers["/DownloadPersonPicture"] = {
        "code": 0,
        "data": f"data:image/jpeg;base64,{data}",
    }
    assert await hub.fetch("x") == JPEG
    for junk in ("", "%%", base64.b64encode(b"text").decode(), None, 5):
        server.answers["/DownloadPersonPicture"] = {"code": 0, "data": junk}
        with pytest.raises(UnexpectedAnswer):
            await hub.fetch("x")
    server.answers["/DownloadPersonPicture"] = fail(4, "gone")
    with pytest.raises(RejectedByHub, match="gone"):
        await hub.fetch("x")


@pytest.mark.parametrize(
    ("reference", "direct"),
    [
        ("http://127.0.0.1:{port}/store/a.jpg", True),
        ("http://localhost:{port}/store/a.jpg", True),
        ("http://127.0.0.1:{port}/store/none.jpg", False),
        # Another address of the server: path and query are asked where we know it.
        ("http://10.1.1.1:{port}/store/a.jpg", True),
        ("https://user@10.1.1.1/store/a.jpg?x=1", True),
        ("http://127.0.0.1.example.com/store/a.jpg", True),
        ("http://10.1.1.1/store/none.jpg", False),
        ("http://[broken", False),
        ("ftp://127.0.0.1/store/a.jpg", False),
    ],
)
async def test_only_the_server_itself_is_called_directly(
    server: Server, hub: CamGuardHub, reference: str, direct: bool
) -> None:
    reference = reference.format(port=server.port)
    assert await hub.fetch(reference) == JPEG
    assert bool(server.asked("/DownloadPersonPicture")) is not direct
    # What is not there was looked for nevertheless.
    tried = direct or "none" in reference
    assert len(server.gets) == tried


@pytest.mark.parametrize("as_text", [True, False])
async def test_the_storage_is_called_directly(
    server: Server,
    session: ClientSession,
    monkeypatch: pytest.MonkeyPatch,
    as_text: bool,
) -> None:
    """The storage is on another host, here under another name of the same."""
    monkeypatch.setattr(pictures, "_THEMSELVES", frozenset())
    hub = open_hub(session, server.port, host="localhost")
    config: Any = {"ip": "127.0.0.1", "port": server.port}
    if as_text:
        config = json.dumps(config)
    server.answers["/GetSystemConfig"] = {"code": 0, "info": {"config": config}}
    reference = f"http://127.0.0.1:{server.port}/store/a.jpg"
    assert await hub.fetch(reference) == JPEG
    assert await hub.fetch(reference) == JPEG
    assert server.asked("/GetSystemConfig") == [{"name": "StorageServer"}]
    assert not server.asked("/DownloadPersonPicture")


async def test_a_refused_picture_leaves_the_session_where_it_was(
    server: Server, hub: CamGuardHub
) -> None:
    """Another place is tried, for the refusal may mean it; addresses get logged."""
    await hub.connect()
    assert hub.people
    in_address = []

    async def refuse(request: web.Request) -> dict[str, Any]:
        in_address.append("session" in request.query)
        await request.read()
        return fail(8, "no face")

    with patch.object(server, "_upload", refuse):
        for _ in range(2):
            with pytest.raises(RejectedByHub, match="no face"):
                await hub.people.compare(JPEG, JPEG)
    assert in_address == [False, True] * 2
