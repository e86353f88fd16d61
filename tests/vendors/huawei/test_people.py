"""Face lists: two versions of the requests, three families of devices."""

import base64
from datetime import date
from io import BytesIO
import json
import random
from typing import Any

from aiohttp import web
from PIL import Image
import pytest

from custom_components.vision_hub.vendors.contract import People, PersonQuery
from custom_components.vision_hub.vendors.errors import (
    InvalidRequest,
    RejectedByHub,
    UnexpectedAnswer,
    Unsupported,
)
from custom_components.vision_hub.vendors.huawei.hub import HuaweiHub
from custom_components.vision_hub.vendors.huawei.hub.face_pictures import (
    MAX_ENCODED,
    MAX_SIDE,
)
from custom_components.vision_hub.vendors.model import (
    Enrollment,
    Gender,
    LibraryKind,
    PersonDetails,
)

from .conftest import JPEG, Cloud, fail

GROUPS_V1 = "/v1/target-groups"
GROUPS_V2 = "/v2/target-groups"
DONE = {"code": "IVM.0", "msg": "Success"}
GONE = {"code": "IVM.20090027", "msg": "no such face"}

NVR, SDC, EDGE, GB = "NVR0000001", "SDC0000001", "EDGE000001", "34020000001320000001"
LI = PersonDetails(name="李雷", gender=Gender.MALE)


def device(number: str, family: str, **changes: Any) -> dict[str, Any]:
    return {
        "device_id": number,
        "device_name": changes.pop("name", number),
        "device_state": "ONLINE",
        "device_type": family,
        "access_protocol": "HOLO",
        "device_ability": "ptz,intelligent",
        "channels": [],
        **changes,
    }


def photo(side: int = 64, *, noise: bool = False, form: str = "JPEG") -> bytes:
    image = Image.new("RGB", (side, side // 2), "grey")
    if noise:
        image = Image.frombytes(
            "RGB", image.size, random.Random(5).randbytes(side * (side // 2) * 3)
        )
    buffer = BytesIO()
    image.save(buffer, form)
    return buffer.getvalue()


class Lists:
    """The lists of the devices of an account, as chapter 14 keeps them."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.devices: list[Any] = []
        self.groups: dict[str, list[dict[str, Any]]] = {}
        self.targets: dict[tuple[str, int], list[Any]] = {}
        self.by_page = False
        answers = cloud.answers
        answers["GET /v1/device-orgs/0/devices"] = lambda _: {
            "devices": self.devices,
            "total": len(self.devices),
        }
        answers[f"GET {GROUPS_V1}"] = self.list
        answers[f"POST {GROUPS_V2}"] = self.add
        answers[f"PUT {GROUPS_V2}"] = self.put
        answers[f"DELETE {GROUPS_V2}"] = self.delete
        answers["GET /v1/targets"] = self.page
        answers["POST /v1/targets"] = self.get
        answers["POST /v1/targets/batch-add"] = self.enrol
        answers["PUT /v1/targets"] = self.change
        answers["POST /v1/target/batch-delete"] = self.remove

    def have(self, number: str, family: str, **changes: Any) -> None:
        self.devices.append(device(number, family, **changes))
        self.groups[number] = [
            {
                "group_id": 2,
                "name": "Staff",
                "enable": "CLOSE",
                "is_fixed": False,
                "is_hidden": False,
            }
        ]
        if family == "MEdge":
            del self.groups[number][0]["enable"]

    def fill(self, number: str, count: int) -> None:
        self.targets[number, 2] = [
            {
                "target_id": str(each),
                "name": f"Person {each}",
                "gender": "female",
                "work_no": f"W{each}",
                "remark": "kept",
            }
            for each in range(count)
        ]

    def list(self, params: dict[str, Any]) -> Any:
        groups = self.groups.get(params["device_id"])
        if groups is None:
            return fail("IVM.20000036")
        return {
            "device_id": params["device_id"],
            "groups": groups,
            "group_max_count": "128",
        }

    def add(self, params: dict[str, Any]) -> Any:
        number = 9
        self.groups[params["device_id"]].append(
            {"group_id": number, "name": params["group_name"], "enable": "CLOSE"}
        )
        return {"device_id": params["device_id"], "group_id": number}

    def put(self, params: dict[str, Any]) -> Any:
        assert {"device_id", "group_id", "group_name", "group_type"} <= set(params)
        for group in self.groups[params["device_id"]]:
            if group["group_id"] == params["group_id"]:
                group["name"] = params["group_name"]
                if "enable" in params:
                    group["enable"] = params["enable"]
        return {"device_id": params["device_id"], "group_id": params["group_id"]}

    def delete(self, params: dict[str, Any]) -> Any:
        return {"device_id": params["device_id"], "group_id": params["group_id"]}

    def page(self, params: dict[str, Any]) -> Any:
        rows = self.targets.get((params["device_id"], int(params["group_id"])), [])
        start, count = int(params["start"]), int(params["count"])
        assert 0 <= start <= 5000
        assert 1 <= count <= 5000
        if self.by_page:
            start *= count
        return {
            "device_id": params["device_id"],
            "targets": rows[start : start + count],
        }

    def get(self, params: dict[str, Any]) -> Any:
        ids = [each.rpartition("_")[2] for each in params["target_ids"]]
        assert len(ids) <= 100
        found = [{"jpegBase64": base64.b64encode(JPEG).decode()} for _ in ids]
        return {"targets": found, "target_id": ids[0]}

    def enrol(self, params: dict[str, Any]) -> Any:
        (target,) = params["targets"]
        result = {"name": target["name"], "result": DONE, "target_id": "77"}
        return {"targets": [result]}

    def change(self, params: dict[str, Any]) -> Any:
        (target,) = params["targets"]
        return {
            "group_id": params["group_id"],
            "target_ids": [{"result": DONE, "target_id": target["target_id"]}],
        }

    def remove(self, params: dict[str, Any]) -> Any:
        return {
            "group_id": params["group_id"],
            "target_ids": [
                {"target_id": each, "result": GONE if each == "gone" else DONE}
                for each in params["target_ids"]
            ],
        }


@pytest.fixture
def lists(cloud: Cloud) -> Lists:
    return Lists(cloud)


@pytest.fixture
def people(hub: HuaweiHub, lists: Lists) -> People:
    assert hub.people
    return hub.people


# Lists


async def test_lists_of_several_devices_are_told_apart(
    people: People, lists: Lists
) -> None:
    lists.have(NVR, "NVR", name="Recorder")
    lists.have(SDC, "IPC-BOX", name="Gate (left)")
    assert [(each.id, each.name) for each in await people.libraries()] == [
        (f"{NVR}_2", "Staff (Recorder)"),
        (f"{SDC}_2", "Staff (Gate left)"),
    ]


async def test_the_lists_of_one_device_have_their_own_names(
    people: People, lists: Lists
) -> None:
    lists.have(NVR, "NVR")
    lists.groups[NVR] = [
        {"group_id": "1", "name": "黑名单"},
        {"group_id": 2, "name": "White list"},
        {"group_id": 3, "name": "Guests"},
        {"name": "no number"},
    ]
    assert [(each.name, each.kind) for each in await people.libraries()] == [
        ("黑名单", LibraryKind.BLOCKED),
        ("White list", LibraryKind.ALLOWED),
        ("Guests", None),
    ]


async def test_who_cannot_have_lists_is_not_asked(
    people: People, lists: Lists, cloud: Cloud
) -> None:
    lists.have(NVR, "NVR")
    lists.have(GB, "NVR", access_protocol="GB28181")
    lists.have(SDC, "IPC-BOX", device_state="OFFLINE")
    lists.have(EDGE, "MEdge", device_ability="talk,ptz")
    assert len(await people.libraries()) == 1
    assert cloud.asked(f"GET {GROUPS_V1}") == [{"device_id": NVR}]


@pytest.mark.parametrize("code", ["IVM.20000036", "IVM.20090017", "IVM.20090013"])
async def test_a_device_that_fails_does_not_hide_the_others(
    people: People, lists: Lists, cloud: Cloud, code: str
) -> None:
    lists.have(NVR, "NVR")
    lists.have(SDC, "IPC")
    answer = lists.list

    def some(params: dict[str, Any]) -> Any:
        return fail(code) if params["device_id"] == SDC else answer(params)

    cloud.answers[f"GET {GROUPS_V1}"] = some
    assert [each.id for each in await people.libraries()] == [f"{NVR}_2"]


async def test_a_device_without_lists_is_asked_once(
    people: People, lists: Lists, cloud: Cloud
) -> None:
    lists.have(NVR, "NVR")
    cloud.answers[f"GET {GROUPS_V1}"] = lambda _: fail("IVM.20090017")
    assert await people.libraries() == ()
    assert await people.libraries() == ()
    assert len(cloud.asked(f"GET {GROUPS_V1}")) == 1
    with pytest.raises(Unsupported):
        await people.create_library("Guests")


@pytest.mark.parametrize(
    ("family", "kind", "told"),
    [
        ("NVR", None, "WHITE"),
        ("NVR", LibraryKind.ALLOWED, "WHITE"),
        ("NVR", LibraryKind.BLOCKED, "BLACK"),
        ("MEdge", None, "WHITE"),
        ("IPC-BOX", None, "OTHER"),
        ("IPC-BOX", LibraryKind.ALLOWED, "WHITE"),
    ],
)
async def test_a_list_has_a_type_that_its_device_knows(
    people: People,
    lists: Lists,
    cloud: Cloud,
    family: str,
    kind: LibraryKind | None,
    told: str,
) -> None:
    lists.have(NVR, family)
    made = await people.create_library("Guests", kind=kind)
    assert made.id == f"{NVR}_9"
    assert cloud.asked(f"POST {GROUPS_V2}") == [
        {"device_id": NVR, "group_name": "Guests", "group_type": told}
    ]


@pytest.mark.parametrize("family", ["MEdge", "IPC-BOX"])
async def test_not_every_device_can_block(
    people: People, lists: Lists, cloud: Cloud, family: str
) -> None:
    lists.have(NVR, family)
    with pytest.raises(Unsupported):
        await people.create_library("Wanted", kind=LibraryKind.BLOCKED)
    assert not cloud.asked(f"POST {GROUPS_V2}")


async def test_an_account_with_the_first_version_only(
    people: People, lists: Lists, cloud: Cloud
) -> None:
    lists.have(NVR, "NVR")
    for method in ("POST", "PUT", "DELETE"):
        del cloud.answers[f"{method} {GROUPS_V2}"]
        cloud.answers[f"{method} {GROUPS_V1}"] = {"device_id": NVR, "group_id": "4"}
    made = await people.create_library("Guests", kind=LibraryKind.ALLOWED)
    assert made.id == f"{NVR}_4"
    lists.groups[NVR].append({"group_id": 4, "name": "Guests", "enable": "CLOSE"})
    await people.update_library(made.id, name="Visitors")
    await people.delete_library(made.id)
    methods = [
        each.place.split()[0]
        for each in cloud.requests
        if each.place.endswith(GROUPS_V1) and not each.place.startswith("GET")
    ]
    assert methods == ["POST", "PUT", "DELETE"]


async def test_a_list_is_made_on_the_device_that_is_named(
    people: People, lists: Lists, cloud: Cloud
) -> None:
    lists.have(NVR, "NVR", name="Recorder")
    lists.have(SDC, "IPC", name="Gate")
    with pytest.raises(InvalidRequest):
        await people.create_library("Guests")
    await people.create_library("Guests (gate)")
    await people.create_library(f"Guests ({NVR})")
    assert [each["device_id"] for each in cloud.asked(f"POST {GROUPS_V2}")] == [
        SDC,
        NVR,
    ]
    assert {each["group_name"] for each in cloud.asked(f"POST {GROUPS_V2}")} == {
        "Guests"
    }


async def test_a_type_is_never_guessed(
    people: People, lists: Lists, cloud: Cloud
) -> None:
    """It cannot be read, and a black list would become a white one."""
    lists.have(NVR, "NVR")
    with pytest.raises(InvalidRequest):
        await people.update_library(f"{NVR}_2", name="Crew")
    assert not cloud.asked(f"PUT {GROUPS_V2}")
    await people.update_library(f"{NVR}_2", name="Crew", kind=LibraryKind.BLOCKED)
    # From now on it is known.
    await people.update_library(f"{NVR}_2", name="Team")
    assert cloud.asked(f"PUT {GROUPS_V2}") == [
        {
            "device_id": NVR,
            "group_id": 2,
            "group_name": name,
            "group_type": "BLACK",
            "enable": "CLOSE",
        }
        for name in ("Crew", "Team")
    ]


async def test_an_edge_box_is_not_told_whether_a_list_is_open(
    people: People, lists: Lists, cloud: Cloud
) -> None:
    lists.have(EDGE, "MEdge")
    await people.update_library(f"{EDGE}_2", kind=LibraryKind.ALLOWED)
    (sent,) = cloud.asked(f"PUT {GROUPS_V2}")
    assert "enable" not in sent
    assert sent["group_name"] == "Staff"


@pytest.mark.parametrize("name", ["", "  ", "x" * 64])
async def test_a_name_that_the_cloud_refuses_is_not_sent(
    people: People, lists: Lists, cloud: Cloud, name: str
) -> None:
    lists.have(NVR, "NVR")
    with pytest.raises(InvalidRequest):
        await people.create_library(name)
    assert not cloud.asked(f"POST {GROUPS_V2}")


@pytest.mark.parametrize("library", ["", "x", f"{NVR}_x", f"{NVR}_77", "NOBODY00_2"])
async def test_a_list_that_is_not_there(
    people: People, lists: Lists, library: str
) -> None:
    lists.have(NVR, "NVR")
    with pytest.raises(InvalidRequest):
        await people.enroll(library, LI, photo())


async def test_a_camera_refuses_to_delete_a_list_with_persons(
    people: People, lists: Lists, cloud: Cloud
) -> None:
    lists.have(SDC, "IPC")
    cloud.answers[f"DELETE {GROUPS_V2}"] = lambda _: fail("IVM.20090026")
    with pytest.raises(RejectedByHub) as caught:
        await people.delete_library(f"{SDC}_2")
    assert caught.value.code == "IVM.20090026"
    assert cloud.asked(f"DELETE {GROUPS_V2}") == [{"device_id": SDC, "group_id": 2}]


# Persons


async def names(people: People, **query: Any) -> list[str | None]:
    return [each.details.name async for each in people.persons(PersonQuery(**query))]


@pytest.mark.parametrize("count", [0, 1, 199, 200, 201, 400, 450])
@pytest.mark.parametrize("by_page", [False, True])
async def test_a_list_is_read_whole_whatever_start_means(
    people: People, lists: Lists, count: int, by_page: bool
) -> None:
    lists.have(NVR, "NVR")
    lists.fill(NVR, count)
    lists.by_page = by_page
    found = await names(people)
    assert found == [f"Person {each}" for each in range(count)]


async def test_a_device_that_repeats_itself_ends_the_list(
    people: People, lists: Lists, cloud: Cloud
) -> None:
    lists.have(NVR, "NVR")
    lists.fill(NVR, 200)
    rows = lists.targets[NVR, 2]
    cloud.answers["GET /v1/targets"] = {"targets": rows}
    assert len(await names(people)) == 200


async def test_persons_are_found_by_what_is_written(
    people: People, lists: Lists
) -> None:
    lists.have(NVR, "NVR")
    lists.fill(NVR, 30)
    assert await names(people, name="person 7") == ["Person 7"]
    assert await names(people, id_number="W9") == ["Person 9"]
    assert len(await names(people, limit=4)) == 4
    (found,) = [each async for each in people.persons(PersonQuery(name="Person 3"))]
    assert (found.id, found.library_id) == ("3", f"{NVR}_2")
    assert found.details.gender is Gender.FEMALE
    assert "Person 3" not in repr(found)


async def test_a_person_is_enrolled(people: People, lists: Lists, cloud: Cloud) -> None:
    lists.have(NVR, "NVR")
    picture = photo()
    details = PersonDetails(
        name="李雷",
        gender=Gender.MALE,
        birth_date=date(1980, 1, 1),
        phone="13800000000",
        email="li@example.org",
        id_number="W12",
        remark="night shift",
    )
    made = await people.enroll(f"{NVR}_2", details, picture)
    assert (made.id, made.enrollment) == ("77", Enrollment.READY)
    (sent,) = cloud.asked("POST /v1/targets/batch-add")
    (target,) = sent["targets"]
    assert sent["group_id"] == 2
    assert base64.b64decode(target.pop("jpegBase64")) == picture
    assert target.pop("age") >= 40
    assert target == {
        "name": "李雷",
        "gender": "male",
        "phone": "13800000000",
        "email": "li@example.org",
        "work_no": "W12",
        "remark": "night shift",
    }


async def test_a_list_that_we_made_takes_effect_with_its_first_person(
    people: People, lists: Lists, cloud: Cloud
) -> None:
    lists.have(NVR, "NVR")
    made = await people.create_library("Wanted", kind=LibraryKind.BLOCKED)
    assert not cloud.asked(f"PUT {GROUPS_V2}")
    await people.enroll(made.id, LI, photo())
    await people.enroll(made.id, LI, photo())
    (sent,) = cloud.asked(f"PUT {GROUPS_V2}")
    assert (sent["enable"], sent["group_type"]) == ("OPEN", "BLACK")


async def test_a_list_of_an_unknown_type_stays_as_it_is(
    people: People, lists: Lists, cloud: Cloud
) -> None:
    lists.have(NVR, "NVR")
    await people.enroll(f"{NVR}_2", LI, photo())
    assert not cloud.asked(f"PUT {GROUPS_V2}")


@pytest.mark.parametrize(
    ("family", "changes"),
    [
        ("IPC", {"phone": "13800000000"}),
        ("IPC", {"email": "a@b.c"}),
        ("IPC", {"remark": "x"}),
        ("MEdge", {"birth_date": date(1980, 1, 1)}),
    ],
)
async def test_what_a_device_does_not_keep_is_told(
    people: People, lists: Lists, cloud: Cloud, family: str, changes: dict[str, Any]
) -> None:
    lists.have(NVR, family)
    details = PersonDetails(name="Li", gender=Gender.MALE, **changes)
    with pytest.raises(Unsupported):
        await people.enroll(f"{NVR}_2", details, photo())
    assert not cloud.asked("POST /v1/targets/batch-add")


@pytest.mark.parametrize(
    "details",
    [
        PersonDetails(name="Li"),
        PersonDetails(gender=Gender.MALE),
        PersonDetails(name="Li<script>", gender=Gender.MALE),
        PersonDetails(name="x" * 129, gender=Gender.MALE),
        PersonDetails(name="Li", gender=Gender.MALE, phone="123"),
        PersonDetails(name="Li", gender=Gender.MALE, id_number="1" * 65),
    ],
)
async def test_a_person_that_the_cloud_refuses_is_not_sent(
    people: People, lists: Lists, cloud: Cloud, details: PersonDetails
) -> None:
    lists.have(NVR, "NVR")
    with pytest.raises(InvalidRequest):
        await people.enroll(f"{NVR}_2", details, photo())
    assert not cloud.asked("POST /v1/targets/batch-add")


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
@pytest.mark.parametrize("side", [1300, 3000])
async def test_a_picture_is_made_as_small_as_devices_take_it(
    people: People, lists: Lists, cloud: Cloud, side: int, form: str
) -> None:
    lists.have(NVR, "NVR")
    await people.enroll(f"{NVR}_2", LI, photo(side, noise=True, form=form))
    (sent,) = cloud.asked("POST /v1/targets/batch-add")
    encoded = sent["targets"][0]["jpegBase64"]
    assert len(encoded) <= MAX_ENCODED
    with Image.open(BytesIO(base64.b64decode(encoded))) as image:
        assert max(image.size) <= MAX_SIDE
        assert image.width / image.height == pytest.approx(2, rel=0.05)


@pytest.mark.parametrize("picture", [b"", b"GIF89a", b"\xff\xd8\xff broken"])
async def test_what_is_no_picture_is_not_sent(
    people: People, lists: Lists, cloud: Cloud, picture: bytes
) -> None:
    lists.have(NVR, "NVR")
    with pytest.raises(InvalidRequest):
        await people.enroll(f"{NVR}_2", LI, picture)
    assert not cloud.asked("POST /v1/targets/batch-add")


async def test_a_person_that_the_device_refuses_is_told(
    people: People, lists: Lists, cloud: Cloud
) -> None:
    lists.have(NVR, "NVR")
    row: Any = {"name": "Li", "result": {"code": "IVM.20090014", "msg": "failed"}}
    cloud.answers["POST /v1/targets/batch-add"] = {"targets": [row]}
    with pytest.raises(RejectedByHub) as caught:
        await people.enroll(f"{NVR}_2", LI, photo())
    assert caught.value.code == "IVM.20090014"


async def test_an_answer_without_an_id_is_told(
    people: People, lists: Lists, cloud: Cloud
) -> None:
    lists.have(NVR, "NVR")
    cloud.answers["POST /v1/targets/batch-add"] = {"targets": []}
    with pytest.raises(UnexpectedAnswer):
        await people.enroll(f"{NVR}_2", LI, photo())


async def test_a_change_keeps_everything_else(
    people: People, lists: Lists, cloud: Cloud
) -> None:
    """What is left out is lost, the picture too (14.13)."""
    lists.have(NVR, "NVR")
    lists.fill(NVR, 8)
    await people.update("7", f"{NVR}_2", PersonDetails(name="Han Meimei"))
    (sent,) = cloud.asked("PUT /v1/targets")
    (target,) = sent["targets"]
    assert target == {
        "target_id": "7",
        "name": "Han Meimei",
        "gender": "female",
        "work_no": "W7",
        "remark": "kept",
        "jpegBase64": base64.b64encode(JPEG).decode(),
    }
    assert cloud.asked("POST /v1/targets") == [{"device_id": NVR, "target_ids": ["7"]}]


async def test_a_camera_wants_the_list_before_the_id(
    people: People, lists: Lists, cloud: Cloud
) -> None:
    lists.have(SDC, "IPC-BOX")
    lists.fill(SDC, 3)
    await people.update("1", f"{SDC}_2", PersonDetails(id_number="W100"))
    assert cloud.asked("POST /v1/targets") == [
        {"device_id": SDC, "target_ids": ["2_1"]}
    ]
    (sent,) = cloud.asked("PUT /v1/targets")
    assert "remark" not in sent["targets"][0]


async def test_an_edge_box_gives_no_picture_by_id(
    people: People, lists: Lists, cloud: Cloud
) -> None:
    lists.have(EDGE, "MEdge")
    lists.fill(EDGE, 2)
    with pytest.raises(InvalidRequest):
        await people.update("1", f"{EDGE}_2", PersonDetails(name="Li"))
    await people.update("1", f"{EDGE}_2", PersonDetails(name="Li"), photo())
    assert not cloud.asked("POST /v1/targets")
    assert len(cloud.asked("PUT /v1/targets")) == 1


async def test_an_enrolled_picture_is_fetched(
    hub: HuaweiHub, people: People, lists: Lists
) -> None:
    lists.have(NVR, "NVR")
    lists.fill(NVR, 1)
    (person,) = [each async for each in people.persons(PersonQuery())]
    assert person.picture
    assert await hub.fetch(person.picture) == JPEG


async def test_many_persons_are_removed_in_parts(
    people: People, lists: Lists, cloud: Cloud
) -> None:
    lists.have(NVR, "NVR")
    await people.remove(tuple(str(each) for each in range(150)), f"{NVR}_2")
    sent = cloud.asked("POST /v1/target/batch-delete")
    assert [len(each["target_ids"]) for each in sent] == [100, 50]


async def test_who_was_not_removed_is_told(people: People, lists: Lists) -> None:
    lists.have(NVR, "NVR")
    with pytest.raises(RejectedByHub) as caught:
        await people.remove(("1", "gone"), f"{NVR}_2")
    assert caught.value.code == "IVM.20090027"


async def test_persons_are_looked_for_where_no_list_is_named(
    people: People, lists: Lists, cloud: Cloud
) -> None:
    lists.have(NVR, "NVR")
    lists.have(SDC, "IPC")
    lists.fill(SDC, 5)
    await people.remove(("4",), None)
    assert cloud.asked("POST /v1/target/batch-delete") == [
        {"device_id": SDC, "group_id": 2, "target_ids": ["4"]}
    ]


@pytest.mark.parametrize("person", ["99", "1"])
async def test_an_id_of_nobody_or_of_two_removes_nobody(
    people: People, lists: Lists, cloud: Cloud, person: str
) -> None:
    lists.have(NVR, "NVR")
    lists.have(SDC, "IPC")
    lists.fill(NVR, 2)
    lists.fill(SDC, 2)
    with pytest.raises(InvalidRequest):
        await people.remove((person,), None)
    assert not cloud.asked("POST /v1/target/batch-delete")


async def test_a_cut_answer_is_told(people: People, lists: Lists, cloud: Cloud) -> None:
    lists.have(NVR, "NVR")
    lists.fill(NVR, 2)
    whole = json.dumps({"targets": lists.targets[NVR, 2]})
    cloud.answers["GET /v1/targets"] = lambda _: web.Response(
        text=whole[:40], content_type="application/json"
    )
    with pytest.raises(UnexpectedAnswer):
        await names(people)
