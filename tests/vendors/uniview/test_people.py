"""Libraries and persons."""

from datetime import date
from typing import Any

import pytest

from custom_components.vision_hub.vendors.contract import People, PersonQuery
from custom_components.vision_hub.vendors.errors import (
    InvalidRequest,
    RejectedByHub,
    UnexpectedAnswer,
    Unsupported,
    VisionError,
    WouldErase,
)
from custom_components.vision_hub.vendors.model import (
    Enrollment,
    Gender,
    Library,
    LibraryKind,
    Person,
    PersonDetails,
)
from custom_components.vision_hub.vendors.uniview.hub import UniviewHub

from .conftest import ScriptedBox, done, paged
from .test_alarms import BASE, JPEG, JPEG_BASE64


def row(number: int, name: str, **changes: Any) -> dict[str, Any]:
    return {
        "person_id": number,
        "person_name": name,
        "sex": 1,
        "email": "",
        "tel": "",
        "modeling_type": 3,
        "certificate_type": 1,
        "certificate_no": "",
        "image_path": BASE,
        "lib_id": 1,
        "birth_date": "",
        "create_time": 2737353968,
    } | changes


@pytest.fixture
def people(scripted: ScriptedBox, hub: UniviewHub) -> People:
    persons = {
        1: [
            row(2001, "Ann", email="ann@example.org", birth_date="2000-01-02"),
            row(2002, "Annette", sex="2", certificate_no="370109", tel=5551),
            row(2003, "Bob", modeling_type=4, sex=99, birth_date="soon"),
            {"person_name": "nobody"},
        ],
        2: [row(2001, "Ann", lib_id=2), row(2009, "ann", lib_id=2, modeling_type=1)],
    }

    def listed(params: Any) -> Any:
        found = [
            person
            for person in persons[params["lib_id"]]
            if params.get("person_name", "").lower() in person["person_name"].lower()
            and params.get("certificate_no", "") in person.get("certificate_no", "")
        ]
        return paged("list", found)(params)

    scripted.answers |= {
        "personlib/list": paged(
            "list", [{"lib_id": 1, "lib_name": "A"}, {"lib_id": "2", "lib_name": "B"}]
        ),
        "person/list": listed,
        "personlib/add": done({"lib_id": 5}),
        "personlib/update": done(),
        "personlib/delete": done(),
        "person/add": done({"person_id": 2003}),
        "person/update": done(),
        "person/delete": done(),
    }
    assert hub.people
    return hub.people


async def found(people: People, query: PersonQuery) -> list[Person]:
    return [person async for person in people.persons(query)]


async def test_libraries(scripted: ScriptedBox, people: People) -> None:
    assert await people.libraries() == (
        Library(id="1", name="A", persons=4),
        Library(id="2", name="B", persons=2),
    )
    assert scripted.asked("person/list") == [
        {"lib_id": 1, "page": 1, "pagesize": 1},
        {"lib_id": 2, "page": 1, "pagesize": 1},
    ]


async def test_create_library(scripted: ScriptedBox, people: People) -> None:
    assert await people.create_library("C") == Library(id="5", name="C", persons=0)
    assert scripted.asked("personlib/add") == [{"lib_name": "C"}]
    scripted.answers["personlib/add"] = done()
    assert (await people.create_library("B")).id == "2"
    with pytest.raises(UnexpectedAnswer):
        await people.create_library("D")


async def test_change_and_delete_library(scripted: ScriptedBox, people: People) -> None:
    await people.update_library("1")
    await people.update_library("1", name="New")
    await people.delete_library("2")
    assert scripted.asked("personlib/update") == [{"lib_name": "New", "lib_id": 1}]
    assert scripted.asked("personlib/delete") == [{"lib_id": [2]}]


async def test_impossible_libraries(scripted: ScriptedBox, people: People) -> None:
    with pytest.raises(InvalidRequest):
        await people.create_library("x" * 65)
    with pytest.raises(InvalidRequest):
        await people.update_library("1", name="")
    with pytest.raises(InvalidRequest):
        await people.delete_library("all")
    with pytest.raises(Unsupported):
        await people.create_library("x", kind=LibraryKind.BLOCKED)
    with pytest.raises(Unsupported):
        await people.update_library("1", kind=LibraryKind.ALLOWED)
    assert not scripted.requests


async def test_persons(people: People) -> None:
    persons = await found(people, PersonQuery())
    assert [person.id for person in persons] == ["2001", "2002", "2003", "2009"]
    assert persons[0] == Person(
        id="2001",
        library_id="1",
        details=PersonDetails(
            name="Ann",
            gender=Gender.MALE,
            birth_date=date(2000, 1, 2),
            email="ann@example.org",
        ),
        enrollment=Enrollment.READY,
        picture=BASE,
    )
    assert persons[1].details.gender is Gender.FEMALE
    assert persons[1].details.phone == "5551"
    assert persons[1].details.id_number == "370109"
    assert persons[2].details.gender is None
    assert persons[2].details.birth_date is None
    assert persons[2].enrollment is Enrollment.FAILED
    assert persons[3].enrollment is Enrollment.WAITING


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        (PersonQuery(libraries=("2",)), ["2001", "2009"]),
        (PersonQuery(name="Ann"), ["2001", "2009"]),
        (PersonQuery(id_number="370109"), ["2002"]),
        (PersonQuery(id_number="3701"), []),
        (PersonQuery(limit=2), ["2001", "2002"]),
        (PersonQuery(name="Zoe"), []),
    ],
)
async def test_find_persons(people: People, query: PersonQuery, ids: list[str]) -> None:
    assert [person.id for person in await found(people, query)] == ids


async def test_enroll(scripted: ScriptedBox, people: People) -> None:
    details = PersonDetails(
        name="Bob",
        gender=Gender.FEMALE,
        birth_date=date(2000, 1, 1),
        email="bob@example.org",
        phone="5551",
        id_number="370109",
    )
    person = await people.enroll("1", details, JPEG)
    assert scripted.asked("person/add") == [
        {
            "person_name": "Bob",
            "image_base64": JPEG_BASE64,
            "sex": 2,
            "email": "bob@example.org",
            "tel": "5551",
            "certificate_type": 1,
            "certificate_no": "370109",
            "birth_date": "2000-01-01",
            "lib_id": 1,
        }
    ]
    assert (person.id, person.enrollment) == ("2003", Enrollment.FAILED)


async def test_enroll_with_the_least(scripted: ScriptedBox, people: People) -> None:
    scripted.answers["person/add"] = done()
    person = await people.enroll("2", PersonDetails(name="Ann"), JPEG)
    assert scripted.asked("person/add") == [
        {"person_name": "Ann", "image_base64": JPEG_BASE64, "lib_id": 2}
    ]
    assert person.id == "2001"


async def test_enroll_without_a_list_to_read_back(
    scripted: ScriptedBox, people: People
) -> None:
    scripted.answers["person/list"] = {"code": 6, "msg": "System Busy"}
    person = await people.enroll("1", PersonDetails(name="Bob"), JPEG)
    assert (person.id, person.enrollment) == ("2003", Enrollment.WAITING)
    scripted.answers["person/add"] = done()
    with pytest.raises(UnexpectedAnswer):
        await people.enroll("1", PersonDetails(name="Bob"), JPEG)


async def test_the_hub_refuses_a_picture(scripted: ScriptedBox, people: People) -> None:
    scripted.answers["person/add"] = {"code": 1202, "msg": "Image format error"}
    with pytest.raises(RejectedByHub, match="1202"):
        await people.enroll("1", PersonDetails(name="Bob"), JPEG)


@pytest.mark.parametrize(
    ("details", "picture", "error"),
    [
        (PersonDetails(), JPEG, InvalidRequest),
        (PersonDetails(name=""), JPEG, InvalidRequest),
        (PersonDetails(name="x" * 65), JPEG, InvalidRequest),
        (PersonDetails(name="x", phone="1" * 33), JPEG, InvalidRequest),
        (PersonDetails(name="x", remark="tall"), JPEG, Unsupported),
        (PersonDetails(name="x"), b"", InvalidRequest),
        (PersonDetails(name="x"), b"GIF89a", InvalidRequest),
    ],
)
async def test_impossible_persons(
    scripted: ScriptedBox,
    people: People,
    details: PersonDetails,
    picture: bytes,
    error: type[VisionError],
) -> None:
    with pytest.raises(error):
        await people.enroll("1", details, picture)
    assert not scripted.requests


async def test_update_sends_everything_that_can_be_read(
    scripted: ScriptedBox, people: People
) -> None:
    await people.update("2001", "1", PersonDetails(phone="5551"))
    assert scripted.asked("person/update") == [
        {
            "person_id": 2001,
            "person_name": "Ann",
            "sex": 1,
            "email": "ann@example.org",
            "tel": "5551",
            "certificate_type": 1,
            "certificate_no": "",
            "birth_date": "2000-01-02",
            "lib_id": 1,
        }
    ]


async def test_update_of_a_person_who_is_not_told_whole(
    scripted: ScriptedBox, people: People
) -> None:
    """What is hidden would be lost; what may be missing does not go out as empty."""
    row: dict[str, Any] = {"person_id": 7, "tel": "136****0055"}
    scripted.answers["person/list"] = done({"total": 1, "list": [row]})
    with pytest.raises(WouldErase) as caught:
        await people.update("7", "1", PersonDetails(email="z@example.org"))
    assert caught.value.parts == ("person_name", "tel")
    assert not scripted.asked("person/update")
    await people.update("7", "1", PersonDetails(name="Zoe", phone="5551"))
    assert scripted.asked("person/update") == [
        {"person_id": 7, "person_name": "Zoe", "tel": "5551", "lib_id": 1}
    ]


async def test_update_with_a_picture(scripted: ScriptedBox, people: People) -> None:
    scripted.answers["person/list"] = done(
        {"total": 1, "list": [{"person_id": "7", "person_name": "Zoe"}]}
    )
    await people.update("7", "1", PersonDetails(id_number="9"), JPEG)
    assert scripted.asked("person/update") == [
        {
            "person_id": 7,
            "person_name": "Zoe",
            "certificate_type": 1,
            "certificate_no": "9",
            "lib_id": 1,
            "image_base64": JPEG_BASE64,
        }
    ]


async def test_update_of_nobody(scripted: ScriptedBox, people: People) -> None:
    with pytest.raises(InvalidRequest):
        await people.update("9999", "1", PersonDetails(name="X"))
    with pytest.raises(InvalidRequest):
        await people.update("2001", "1", PersonDetails(name=""))
    assert not scripted.asked("person/update")


async def test_remove(scripted: ScriptedBox, people: People) -> None:
    await people.remove(("2001", "2002"), None)
    await people.remove((), "1")
    assert scripted.asked("person/delete") == [{"person_id_list": [2001, 2002]}]


async def test_faces_cannot_be_compared(people: People) -> None:
    with pytest.raises(Unsupported):
        await people.search(JPEG, (), 1)
    with pytest.raises(Unsupported):
        await people.compare(JPEG, JPEG)
