"""Groups, faces, batches, and who resembles whom."""

import base64
from io import BytesIO
import json
from typing import Any

from PIL import Image
import pytest

from custom_components.vision_hub.vendors.contract import (
    EnrollmentProgress,
    PersonQuery,
)
from custom_components.vision_hub.vendors.errors import (
    AnswerTimeout,
    InvalidRequest,
    RejectedByHub,
    UnexpectedAnswer,
    Unsupported,
)
from custom_components.vision_hub.vendors.megvii.hub import MegviiHub, people
from custom_components.vision_hub.vendors.megvii.hub.people import picture_id
from custom_components.vision_hub.vendors.model import (
    Enrollment,
    Gender,
    LibraryKind,
    PersonDetails,
)

from .conftest import JPEG, Asked, Box, done, fail
from .samples import IMAGE_ID, TOKEN

ADA = PersonDetails(name="Ada")


def rows_of(count: int) -> list[dict[str, Any]]:
    return [
        {"imageId": f"image{n}", "faceToken": f"token{n}", "description": f"Name {n}"}
        for n in range(count)
    ]


@pytest.fixture(autouse=True)
async def _library(box: Box, hub: MegviiHub) -> None:
    box.answers |= {
        "GET /faceGroups": {
            "faceGroupList": [
                {"groupName": "staff", "groupFaces": 4},
                {"groupName": "访客", "groupFaces": "2"},
                {},
            ]
        },
        "POST /faceGroups": {"faceGroupList": []},
        "POST /faces": {
            "imageId": IMAGE_ID,
            "faceToken": TOKEN,
            "rect": {"left": 1, "top": 1, "right": 2, "bottom": 2},
        },
        f"POST /faceGroups/binding/{TOKEN}": {},
        "GET /faceGroups/staff": paged(rows_of(70)),
        "GET /faceGroups/访客": paged([]),
    }
    await hub.connect()


def paged(rows: list[Any], key: str = "face") -> Any:
    def answer(asked: Asked) -> dict[str, Any]:
        query = dict(pair.split("=") for pair in asked.query.split("&"))
        page, size = int(query.get("pageToken", 0)), int(query["pageSize"])
        some = rows[page * size : (page + 1) * size]
        told: dict[str, Any] = {key: some, "totalFaces": len(some)}
        if (page + 1) * size < len(rows):
            told["nextPageToken"] = page + 1
        return told

    return answer


def test_the_id_of_a_picture() -> None:
    # 5.1.1; the value of an empty file is well known.
    assert picture_id(b"") == "1B2M2Y8AsgTpgAmY7PhCfg=="
    for content in (JPEG, b"x", b"\xff\xd8\xff" * 50):
        name = picture_id(content)
        assert len(name) == 24
        assert not set(name) & {"+", "/"}


async def test_groups_mean_what_the_work_mode_means(hub: MegviiHub, box: Box) -> None:
    assert hub.people
    staff, guests = await hub.people.libraries()
    assert (staff.id, staff.name, staff.persons) == ("staff", "staff", 4)
    assert (guests.id, guests.persons) == ("访客", 2)
    assert staff.kind is LibraryKind.ALLOWED
    box.answers["GET /configs"] = {"modelSw": {"workMode": "BlackNameListMode"}}
    await hub.connect()
    assert (await hub.people.libraries())[0].kind is LibraryKind.BLOCKED
    with pytest.raises(Unsupported):
        await hub.people.create_library("night", kind=LibraryKind.ALLOWED)
    with pytest.raises(Unsupported):
        await hub.people.update_library("staff", kind=LibraryKind.ALLOWED)


async def test_making_a_group(hub: MegviiHub, box: Box) -> None:
    assert hub.people
    library = await hub.people.create_library("夜班_1", kind=LibraryKind.ALLOWED)
    assert (library.id, library.kind) == ("夜班_1", LibraryKind.ALLOWED)
    assert box.asked("POST", "/faceGroups") == [{"groupName": "夜班_1"}]
    for name in ("", " ", "a b", "a/b", "x" * 33, "夜" * 11):
        with pytest.raises(InvalidRequest):
            await hub.people.create_library(name)
    with pytest.raises(Unsupported):
        await hub.people.update_library("staff", name="crew")
    await hub.people.update_library("staff", name="staff")
    assert len(box.asked("POST", "/faceGroups")) == 1


@pytest.mark.parametrize("in_query", [True, False])
async def test_deleting_a_group_never_deletes_faces(
    hub: MegviiHub, box: Box, in_query: bool
) -> None:
    def delete(asked: Asked) -> Any:
        told = asked.query if in_query else asked.body
        return {} if told else fail(104002, "MISSING_ARGUMENT:deleteAllFace")

    assert hub.people
    box.answers["DELETE /faceGroups/staff"] = delete
    await hub.people.delete_library("staff")
    last = box.requests[-1]
    assert (last.query, last.body) == (
        ("deleteAllFace=1", None) if in_query else ("", {"deleteAllFace": 1})
    )
    box.answers["DELETE /faceGroups/staff"] = fail(104304)
    with pytest.raises(RejectedByHub) as refusal:
        await hub.people.delete_library("staff")
    assert refusal.value.code == "104304"


async def test_who_is_in_a_group(hub: MegviiHub) -> None:
    assert hub.people
    persons = [
        person async for person in hub.people.persons(PersonQuery(libraries=("staff",)))
    ]
    assert [person.id for person in persons] == [f"image{n}" for n in range(70)]
    assert persons[0].details.name == "Name 0"
    assert persons[0].library_id == "staff"
    assert persons[0].enrollment is Enrollment.READY
    for query, count in (
        (PersonQuery(name=" name 7 "), 1),
        (PersonQuery(name="Name"), 0),
        (PersonQuery(limit=3), 3),
        (PersonQuery(id_number="1"), 0),
    ):
        assert len([person async for person in hub.people.persons(query)]) == count


async def test_odd_rows_of_faces(hub: MegviiHub, box: Box) -> None:
    assert hub.people
    box.answers["GET /faceGroups/staff"] = {
        "faces": [
            None,
            {},
            {"imageId": "a", "faceToken": "", "description": "refused"},
            {"imageId": "", "faceToken": "b"},
            {"imageId": "c", "faceToken": 0},
        ]
    }
    persons = [
        person async for person in hub.people.persons(PersonQuery(libraries=("staff",)))
    ]
    assert [(person.id, person.enrollment) for person in persons] == [
        ("a", Enrollment.FAILED),
        ("b", Enrollment.READY),
        ("c", Enrollment.FAILED),
    ]


async def test_enrolling(hub: MegviiHub, box: Box) -> None:
    assert hub.people
    person = await hub.people.enroll("staff", ADA, JPEG)
    assert (person.id, person.library_id) == (IMAGE_ID, "staff")
    (form,) = box.asked("POST", "/faces")
    assert form == [
        ("image", "image.jpg", JPEG),
        ("description", None, b"Ada"),
        ("imageMd5", None, picture_id(JPEG).encode()),
    ]
    assert box.asked("POST", f"/faceGroups/binding/{TOKEN}") == [
        {"faceGroupList": ["staff"]}
    ]


async def test_a_face_that_is_there_already_is_bound(hub: MegviiHub, box: Box) -> None:
    assert hub.people
    box.answers["POST /faces"] = fail(104204)
    box.answers["GET /faces"] = paged(
        [
            *rows_of(40),
            {"imageId": picture_id(JPEG), "faceToken": TOKEN, "description": "Ada"},
        ]
    )
    person = await hub.people.enroll("staff", ADA, JPEG)
    assert person.id == picture_id(JPEG)
    assert box.count("POST", f"/faceGroups/binding/{TOKEN}") == 1
    # It belongs to somebody else.
    with pytest.raises(RejectedByHub):
        await hub.people.enroll("staff", PersonDetails(name="Eve"), JPEG)


async def test_a_face_that_cannot_be_bound_is_not_left_behind(
    hub: MegviiHub, box: Box
) -> None:
    assert hub.people
    box.answers[f"POST /faceGroups/binding/{TOKEN}"] = fail(104301)
    box.answers[f"DELETE /faces/image/{IMAGE_ID}"] = {}
    with pytest.raises(RejectedByHub) as refusal:
        await hub.people.enroll("nowhere", ADA, JPEG)
    assert refusal.value.code == "104301"
    assert box.count("DELETE", f"/faces/image/{IMAGE_ID}") == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"faceToken": 0, "imageId": IMAGE_ID}, RejectedByHub),
        ({}, RejectedByHub),
        (fail(104201, "BAD_QUALITY:BLURNESS"), RejectedByHub),
    ],
)
async def test_faces_that_are_not_taken(
    hub: MegviiHub, box: Box, answer: Any, error: type[Exception]
) -> None:
    assert hub.people
    box.answers["POST /faces"] = answer
    with pytest.raises(error):
        await hub.people.enroll("staff", ADA, JPEG)
    assert box.count("POST", f"/faceGroups/binding/{TOKEN}") == 0


def drawn(width: int, height: int) -> bytes:
    file = BytesIO()
    Image.new("RGB", (width, height)).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("details", "picture", "error"),
    [
        (PersonDetails(), JPEG, InvalidRequest),
        (PersonDetails(name="x" * 256), JPEG, InvalidRequest),
        (PersonDetails(name="Ada", gender=Gender.FEMALE), JPEG, Unsupported),
        (PersonDetails(name="Ada", phone="1"), JPEG, Unsupported),
        (ADA, b"GIF89a", InvalidRequest),
        (ADA, JPEG + bytes(4 << 20), InvalidRequest),
        (ADA, drawn(99, 200), InvalidRequest),
        (ADA, drawn(200, 4097), InvalidRequest),
    ],
)
async def test_what_is_not_sent(
    hub: MegviiHub,
    box: Box,
    details: PersonDetails,
    picture: bytes,
    error: type[Exception],
) -> None:
    assert hub.people
    with pytest.raises(error):
        await hub.people.enroll("staff", details, picture)
    assert box.count("POST", "/faces") == 0


async def test_a_person_cannot_be_changed(hub: MegviiHub) -> None:
    assert hub.people
    with pytest.raises(Unsupported):
        await hub.people.update(IMAGE_ID, "staff", PersonDetails(name="Eve"))


# Batches


@pytest.fixture
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "PROGRESS", 0.01)
    monkeypatch.setattr(people, "PATIENCE", 0.1)


class Batch:
    """Learns some faces each time somebody asks."""

    def __init__(self, box: Box, *, speed: int = 20, failing: int = 0) -> None:
        self.total = self.received = self.asked = 0
        self.speed, self.failing = speed, failing
        box.answers |= {
            "POST /faces/batch": self.take,
            "POST /faces/faceBatchStop": {},
            "GET /faces/faceBatchStatus": self.status,
        }

    def take(self, asked: Asked) -> dict[str, int]:
        (_, _, total), (_, _, count) = asked.body[:2]
        self.total = int(total)
        self.received += int(count)
        return self.told()

    def status(self, _: Asked) -> dict[str, int]:
        self.asked += 1
        return self.told()

    def told(self) -> dict[str, int]:
        done = min(self.received, self.asked * self.speed)
        failed = min(done, self.failing)
        return {
            "totalCnt": self.total,
            "recvCnt": self.received,
            "successCnt": done - failed,
            "failCnt": failed,
        }


@pytest.mark.usefixtures("_patient")
async def test_a_batch_with_progress(hub: MegviiHub, box: Box) -> None:
    assert hub.people
    Batch(box, failing=3)
    many = [(PersonDetails(name=f"Name {n}"), JPEG + n.to_bytes(2)) for n in range(120)]
    many.insert(60, (ADA, b"no picture"))
    told = [progress async for progress in hub.people.enroll_many("staff", many)]
    assert told[0] == EnrollmentProgress(1, 1, 121)
    assert told[-1] == EnrollmentProgress(121, 4, 121)
    assert [each.done for each in told] == sorted(each.done for each in told)
    first, second, third = box.asked("POST", "/faces/batch")
    assert [name for name, _, _ in first[:4]] == ["total", "count", "data", "image"]
    assert [part[2] for part in third[:2]] == [b"120", b"20"]
    assert len(second) == 2 + 2 * 50
    row = json.loads(second[2][2])
    assert row == {
        "imageMd5": picture_id(JPEG + (50).to_bytes(2)),
        "batchNum": 2,
        "batchSeq": 1,
        "size": len(JPEG) + 2,
        "description": "Name 50",
        "faceGroupList": ["staff"],
    }
    assert second[3][1:] == ("image.jpg", JPEG + (50).to_bytes(2))
    assert box.count("POST", "/faces/faceBatchStop") == 1


@pytest.mark.usefixtures("_patient")
async def test_a_batch_that_is_refused_is_ended(hub: MegviiHub, box: Box) -> None:
    assert hub.people
    Batch(box)
    box.answers["POST /faces/batch"] = fail(104205)
    with pytest.raises(RejectedByHub):
        async for _ in hub.people.enroll_many("staff", [(ADA, JPEG)]):
            pass
    assert box.count("POST", "/faces/faceBatchStop") == 1


@pytest.mark.usefixtures("_patient")
async def test_a_batch_that_never_ends(hub: MegviiHub, box: Box) -> None:
    assert hub.people
    Batch(box, speed=0)
    with pytest.raises(AnswerTimeout):
        async for _ in hub.people.enroll_many("staff", [(ADA, JPEG)]):
            pass


async def test_a_batch_of_nothing(hub: MegviiHub, box: Box) -> None:
    assert hub.people
    told = [each async for each in hub.people.enroll_many("staff", [(ADA, b"")])]
    assert told == [EnrollmentProgress(1, 1, 1)]
    assert box.count("POST", "/faces/batch") == 0


# Removing


async def test_removing_by_either_id(hub: MegviiHub, box: Box) -> None:
    assert hub.people
    box.answers |= {
        "DELETE /faces/image/image1": {},
        "DELETE /faces/image/token2": fail(104203),
        "DELETE /faces/faceToken/token2": {},
        "DELETE /faces/image/nobody": fail(104203),
        "DELETE /faces/faceToken/nobody": fail(104202),
    }
    await hub.people.remove(("image1", "token2"), None)
    assert box.count("DELETE", "/faces/image/image1") == 1
    assert box.count("DELETE", "/faces/faceToken/token2") == 1
    with pytest.raises(InvalidRequest):
        await hub.people.remove(("nobody",), None)


async def test_removing_from_one_group_only(hub: MegviiHub, box: Box) -> None:
    assert hub.people
    box.answers |= {
        "GET /faces/faceToken/token1": {
            "faceGroupList": [{"groupName": "staff"}, {"groupName": "night"}]
        },
        "GET /faces/faceToken/token2": {"faceGroupList": ["staff"]},
        "DELETE /faceGroups/unbind/token1": {},
        "DELETE /faces/image/image2": {},
    }
    await hub.people.remove(("image1", "token2"), "staff")
    assert box.asked("DELETE", "/faceGroups/unbind/token1") == [
        {"faceGroupList": ["staff"]}
    ]
    assert box.count("DELETE", "/faces/image/image2") == 1
    assert box.count("DELETE", "/faces/image/image1") == 0
    with pytest.raises(InvalidRequest):
        await hub.people.remove(("stranger",), "staff")


# Comparing


async def test_who_a_face_resembles(hub: MegviiHub, box: Box) -> None:
    assert hub.people
    box.answers["POST /search"] = {
        "detectionResult": {"left": 1},
        "top1": {
            "searchScore": 98.5,
            "faceToken": TOKEN,
            "description": "Ada",
            "imageUrl": "./face_data/x.jpg",
            "group": [{"groupName": "night"}, {"groupName": "staff"}],
        },
        "top2": {"searchScore": "31", "faceToken": "gone", "description": "Bob"},
        "top3": {},
    }
    box.answers[f"GET /faces/faceToken/{TOKEN}"] = {"imageId": IMAGE_ID}
    box.answers["GET /faces/faceToken/gone"] = fail(104202)
    first, second = await hub.people.search(JPEG, ("staff",), 5)
    assert (first.person_id, first.name, first.similarity) == (IMAGE_ID, "Ada", 98.5)
    assert first.library == "staff"
    assert (second.person_id, second.similarity, second.library) == ("gone", 31, None)
    (form,) = box.asked("POST", "/search")
    assert form[0] == ("image", "image.jpg", JPEG)
    assert form[1][0] == "group"
    assert json.loads(form[1][2]) == [{"groupName": "staff"}]
    assert len(await hub.people.search(JPEG, (), 1)) == 1
    box.answers["POST /search"] = fail(104200)
    with pytest.raises(RejectedByHub):
        await hub.people.search(JPEG, (), 1)


async def test_how_alike_two_faces_are(hub: MegviiHub, box: Box) -> None:
    assert hub.people
    box.answers["POST /compare"] = {"compareScore": 22.55}
    assert await hub.people.compare(JPEG, JPEG) == 22.55
    (form,) = box.asked("POST", "/compare")
    assert [name for name, _, _ in form] == ["image1", "image2", "livenessEnabled"]
    for answer in ({}, {"compareScore": "x"}, done([])):
        box.answers["POST /compare"] = answer
        with pytest.raises(UnexpectedAnswer):
            await hub.people.compare(JPEG, JPEG)


async def test_the_face_of_a_person_can_be_fetched(hub: MegviiHub, box: Box) -> None:
    assert hub.people
    person = await hub.people.enroll("staff", ADA, JPEG)
    assert person.picture
    box.answers[f"GET /faces/faceToken/{TOKEN}"] = {
        "image": base64.b64encode(JPEG).decode()
    }
    assert await hub.fetch(person.picture) == JPEG
    box.answers[f"GET /faces/faceToken/{TOKEN}"] = {"image": "x"}
    with pytest.raises(UnexpectedAnswer):
        await hub.fetch(person.picture)
