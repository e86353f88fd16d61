"""Target groups and targets (chapter 14), by kind of device."""

import base64
from io import BytesIO
from typing import Any

from PIL import Image
import pytest

from simulators import pictures
from simulators.huawei import HuaweiCloud
from simulators.huawei.defaults import furnish_device
from simulators.huawei.models import Device, Protocol, State

from .client import OK, PORTRAIT, Client

PHOTO = base64.b64encode(PORTRAIT).decode()
GROUPS, TARGETS = "target-groups", "targets"
BATCH_ADD, BATCH_DELETE = "targets/batch-add", "target/batch-delete"


@pytest.fixture
def recorder(cloud: HuaweiCloud) -> Device:
    return cloud.devices[0]


@pytest.fixture
def camera(cloud: HuaweiCloud) -> Device:
    return cloud.devices[1]


@pytest.fixture
def edge(cloud: HuaweiCloud) -> Device:
    return furnish_device(
        cloud.device,
        device_id="21024129EDGE00000009",
        name="Edge",
        kind="MEdge",
        model="IVS1800",
    )


def _group(device: Device, **more: Any) -> dict[str, Any]:
    return {"device_id": device.device_id, "group_name": "Guests", **more}


def _person(number: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "name": f"Guest {number}",
        "gender": "female",
        "jpegBase64": PHOTO,
        "external_target_id": f"guest_{number}",
        **more,
    }


def _people(device: Device, *people: dict[str, Any], **more: Any) -> dict[str, Any]:
    group: dict[str, Any] = {"device_id": device.device_id, "group_id": 1}
    return {**group, "targets": list(people or (_person(),)), **more}


async def _ids(client: Client, device: Device, group: int = 1) -> list[str]:
    query = {"device_id": device.device_id, "group_id": group, "count": 5000}
    answer = await client.ok("GET", f"{TARGETS}/ids", **query)
    ids: list[str] = answer["target_ids"]
    return ids


# Groups


async def test_groups_from_the_start(
    client: Client,
    cloud: HuaweiCloud,
    recorder: Device,
    camera: Device,
    edge: Device,
) -> None:
    answer = await client.ok("GET", GROUPS, device_id=recorder.device_id)
    assert answer["group_max_count"] == 128
    told = [(g["name"], g["is_fixed"], g["is_hidden"]) for g in answer["groups"]]
    assert told == [
        ("Staff", True, True),
        ("Banned", True, False),
        ("Strangers", True, False),
    ]
    answer = await client.ok("GET", GROUPS, device_id=camera.device_id)
    assert [group["name"] for group in answer["groups"]] == ["Staff"]
    cloud.quirks.group_max_as_text = True
    answer = await client.ok("GET", GROUPS, device_id=edge.device_id)
    assert (answer["groups"], answer["group_max_count"]) == ([], "-1")
    await client.ok("POST", GROUPS, _group(edge))
    answer = await client.ok("GET", GROUPS, device_id=edge.device_id)
    assert "enable" not in answer["groups"][0]


@pytest.mark.parametrize(("version", "kind"), [(1, str), (2, int)])
async def test_both_versions(
    client: Client, recorder: Device, version: int, kind: type
) -> None:
    added = await client.ok("POST", GROUPS, _group(recorder), version=version)
    assert added == {"device_id": recorder.device_id, "group_id": kind(4)}
    changed = await client.ok(
        "PUT",
        GROUPS,
        _group(
            recorder, group_id=4, group_name="VIP", group_type="BLACK", enable="CLOSE"
        ),
        version=version,
    )
    assert changed == added
    groups = (await client.ok("GET", GROUPS, device_id=recorder.device_id))["groups"]
    assert groups[3] == {
        "name": "VIP",
        "group_id": 4,
        "enable": "CLOSE",
        "is_fixed": False,
        "is_hidden": False,
    }
    body = {"device_id": recorder.device_id, "group_id": 4}
    assert await client.ok("DELETE", GROUPS, body, version=version) == added
    assert await client.code("DELETE", GROUPS, body, version=version) == "IVM.20090018"


async def test_rules_of_groups(
    client: Client, recorder: Device, camera: Device, edge: Device
) -> None:
    twice = _group(camera, group_name="Staff")
    assert await client.code("POST", GROUPS, twice) == "IVM.20090025"
    await client.ok("POST", GROUPS, _group(recorder, group_name="Staff"))
    wrong = _group(camera, group_type="BLACK")
    assert await client.code("POST", GROUPS, wrong) == "IVM.10020001"
    for number in range(7):
        await client.ok("POST", GROUPS, _group(camera, group_name=f"Group {number}"))
    assert await client.code("POST", GROUPS, _group(camera)) == "IVM.20090023"
    empty = _group(camera, group_id=2, group_type="OTHER", enable="OPEN")
    assert await client.code("PUT", GROUPS, empty) == "IVM.20090028"
    del empty["enable"]
    assert await client.code("PUT", GROUPS, empty) == "IVM.10020001"
    fixed = {"device_id": recorder.device_id, "group_id": 1}
    assert await client.code("DELETE", GROUPS, fixed) == "IVM.20090024"
    full = {"device_id": camera.device_id, "group_id": 1}
    assert await client.code("DELETE", GROUPS, full) == "IVM.20090026"
    await client.ok("POST", GROUPS, _group(edge, group_type="RED"))
    await client.ok("POST", BATCH_ADD, _people(edge))
    await client.ok("PUT", GROUPS, _group(edge, group_id=1, group_type="WHITE"))
    await client.ok("DELETE", GROUPS, {"device_id": edge.device_id, "group_id": 1})


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"device_id": None}, "IVM.10022000"),
        ({"device_id": "short"}, "IVM.10022000"),
        ({"device_id": "unknown00000"}, "IVM.10022002"),
        ({"group_name": ""}, "IVM.10020001"),
        ({"group_name": "x" * 64}, "IVM.10020001"),
        ({"group_type": "GREEN"}, "IVM.10020001"),
    ],
)
async def test_wrong_groups(
    client: Client, recorder: Device, change: dict[str, Any], code: str
) -> None:
    assert await client.code("POST", GROUPS, _group(recorder, **change)) == code


async def test_which_devices(
    client: Client, cloud: HuaweiCloud, recorder: Device
) -> None:
    national = furnish_device(
        cloud.device,
        device_id="34020000001320000001",
        name="GB",
        kind="IPC",
        model="GB",
        protocol=Protocol.GB28181,
    )
    query = {"device_id": national.device_id}
    assert await client.code("GET", GROUPS, **query) == "IVM.20090017"
    recorder.device_state = State.OFFLINE
    query = {"device_id": recorder.device_id}
    assert await client.code("GET", GROUPS, **query) == "IVM.20000036"


# Targets


async def test_a_person_from_begin_to_end(client: Client, recorder: Device) -> None:
    before = await _ids(client, recorder)
    person = _person(age=31, country="中国", phone="13800000000", email="a@b.cd")
    added = await client.ok("POST", BATCH_ADD, _people(recorder, person))
    (row,) = added["targets"]
    assert (row["result"], row["external_target_id"]) == (OK, "guest_1")
    target_id = row["target_id"]
    assert await _ids(client, recorder) == [*before, target_id]
    query = {"device_id": recorder.device_id, "group_id": 1}
    counted = await client.ok("GET", f"{TARGETS}/count", **query)
    assert counted["target_count"] == len(before) + 1

    asked = {"device_id": recorder.device_id, "target_ids": [target_id]}
    (told,) = (await client.ok("POST", TARGETS, asked))["targets"]
    assert told == {**person, "target_id": target_id}

    changed = {"target_id": target_id, "name": "Guest X", "gender": "male"}
    body = _people(recorder, {**changed, "jpegBase64": PHOTO})
    answer = await client.ok("PUT", TARGETS, body)
    assert answer == {
        "group_id": 1,
        "target_ids": [
            {"target_id": target_id, "result": OK, "external_target_id": "guest_1"}
        ],
    }
    (told,) = (await client.ok("POST", TARGETS, asked))["targets"]
    assert (told["name"], "age" in told) == ("Guest X", False)

    gone = {**query, "target_ids": [target_id, "999"]}
    rows = (await client.ok("POST", BATCH_DELETE, gone))["target_ids"]
    assert [row["result"]["code"] for row in rows] == ["IVM.0", "IVM.20090027"]
    assert await _ids(client, recorder) == before
    assert await client.code("POST", TARGETS, asked) == "IVM.20090027"


async def test_lists(client: Client, cloud: HuaweiCloud, recorder: Device) -> None:
    query = {"device_id": recorder.device_id, "group_id": 1}
    everybody = await _ids(client, recorder)
    assert len(everybody) == 4
    window = await client.ok("GET", f"{TARGETS}/ids", **query, start=1, count=2)
    assert window["target_ids"] == everybody[1:3]
    cloud.quirks.start_is_page = True
    page = await client.ok("GET", TARGETS, **query, start=1, count=2)
    assert [row["target_id"] for row in page["targets"]] == everybody[2:4]
    assert base64.b64decode(page["targets"][0]["jpegBase64"]).startswith(b"\xff\xd8")
    cloud.quirks.photo_as_jpg = True
    page = await client.ok("GET", TARGETS, **query)
    assert "jpg" in page["targets"][0]
    cloud.quirks.ids_beside_targets = True
    asked = {"device_id": recorder.device_id, "target_ids": ["1"]}
    answer = await client.ok("POST", TARGETS, asked)
    beside = (answer["target_id"], answer["external_target_id"])
    assert beside == ("1", "person1")
    cloud.quirks.nobody_is_error = True
    empty = {**query, "group_id": 3}
    assert await client.code("GET", TARGETS, **empty) == "IVM.20090007"
    for wrong in ({"start": -1}, {"start": 5001}):
        assert await client.code("GET", TARGETS, **query, **wrong) == "IVM.10027003"
    for wrong in ({"count": 0}, {"count": 5001}):
        assert await client.code("GET", TARGETS, **query, **wrong) == "IVM.10027004"


async def test_a_camera_tells_less(
    client: Client, cloud: HuaweiCloud, camera: Device
) -> None:
    first, second = await _ids(client, camera)
    assert first == "1_1"
    query = {"device_id": camera.device_id, "group_id": 1}
    rows = (await client.ok("GET", TARGETS, **query))["targets"]
    assert not any("jpegBase64" in row for row in rows)
    asked = {"device_id": camera.device_id, "target_ids": [first]}
    (told,) = (await client.ok("POST", TARGETS, asked))["targets"]
    assert set(told) == {"jpegBase64", "external_target_id", "target_id"}
    two = _people(camera, _person(1), _person(2))
    assert await client.code("POST", BATCH_ADD, two) == "IVM.10027006"
    answer = await client.ok("POST", BATCH_ADD, _people(camera, _person(age=30)))
    assert answer["targets"][0]["target_id"] == "1_3"
    body = {**query, "target_ids": [first, "2_2"]}
    rows = (await client.ok("POST", BATCH_DELETE, body))["target_ids"]
    assert [row["result"]["code"] for row in rows] == ["IVM.0", "IVM.20090027"]
    cloud.quirks.prefixed_ids = False
    assert await _ids(client, camera) == [second.removeprefix("1_"), "3"]


async def test_an_edge_recorder_has_no_details(client: Client, edge: Device) -> None:
    await client.ok("POST", GROUPS, _group(edge))
    await client.ok("POST", BATCH_ADD, _people(edge, _person(native="Hangzhou")))
    query = {"device_id": edge.device_id, "group_id": 1}
    (row,) = (await client.ok("GET", TARGETS, **query))["targets"]
    assert "native" not in row
    asked = {"device_id": edge.device_id, "target_ids": ["1"]}
    assert await client.code("POST", TARGETS, asked) == "IVM.20160001"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": ""}, "IVM.10020001"),
        ({"name": "a<b>"}, "IVM.10020001"),
        ({"name": "中" * 65}, "IVM.10020001"),
        ({"gender": "unknown"}, "IVM.20090003"),
        ({"age": 0}, "IVM.20090004"),
        ({"age": "30"}, "IVM.20090004"),
        ({"email": "nobody"}, "IVM.20090005"),
        ({"phone": "123"}, "IVM.20090006"),
        ({"jpegBase64": ""}, "IVM.10020001"),
        ({"external_target_id": "a b"}, "IVM.10020001"),
        ({"work_no": "x" * 65}, "IVM.10020001"),
    ],
)
async def test_wrong_people(
    client: Client, recorder: Device, change: dict[str, Any], code: str
) -> None:
    body = _people(recorder, _person(**change))
    assert await client.code("POST", BATCH_ADD, body) == code


async def test_wrong_batches(
    client: Client, cloud: HuaweiCloud, recorder: Device
) -> None:
    many = _people(recorder, *[_person(number) for number in range(21)])
    assert await client.code("POST", BATCH_ADD, many) == "IVM.10027006"
    strangers = _people(recorder, group_id=3)
    assert await client.code("POST", BATCH_ADD, strangers) == "IVM.20090029"
    nowhere = _people(recorder, group_id=9)
    assert await client.code("POST", BATCH_ADD, nowhere) == "IVM.20090018"
    negative = _people(recorder, group_id=-1)
    assert await client.code("POST", BATCH_ADD, negative) == "IVM.20090001"
    heavy = base64.b64encode(pictures.padded(PORTRAIT, 60_000)).decode()
    large = _people(recorder, *[_person(n, jpegBase64=heavy) for n in range(12)])
    assert await client.code("POST", BATCH_ADD, large) == "IVM.20090014"
    one = _people(recorder, _person(jpegBase64=heavy))
    assert (await client.ok("POST", BATCH_ADD, one))["targets"][0]["result"] == OK
    cloud.quirks.strict_photo_size = True
    answer = await client.ok("POST", BATCH_ADD, one)
    assert answer["targets"][0]["result"]["code"] == "IVM.20090014"


def _drawn(kind: str, side: int) -> str:
    stream = BytesIO()
    Image.new("RGB", (side, 10)).save(stream, kind)
    return base64.b64encode(stream.getvalue()).decode()


async def test_photos(client: Client, recorder: Device) -> None:
    photos = {
        "IVM.0": [PHOTO, _drawn("PNG", 1200)],
        "IVM.20090014": ["&&&", "bm8=", _drawn("BMP", 10), _drawn("JPEG", 1201)],
    }
    for code, given in photos.items():
        people = [_person(n, jpegBase64=photo) for n, photo in enumerate(given)]
        rows = (await client.ok("POST", BATCH_ADD, _people(recorder, *people)))[
            "targets"
        ]
        assert {row["result"]["code"] for row in rows} == {code}
        assert all(("target_id" in row) == (code == "IVM.0") for row in rows)


async def test_desensitised(client: Client, recorder: Device) -> None:
    person = _person()
    del person["external_target_id"]
    body = _people(recorder, person, _person(2), storage=False)
    first, second = (await client.ok("POST", BATCH_ADD, body))["targets"]
    assert first["result"]["code"] == "IVM.10020001"
    changed = {**person, "target_id": second["target_id"]}
    answer = await client.ok("PUT", TARGETS, _people(recorder, changed))
    assert answer["target_ids"][0]["result"]["code"] == "IVM.20090009"


async def test_modification_may_keep_what_is_not_named(
    client: Client, cloud: HuaweiCloud, recorder: Device
) -> None:
    cloud.quirks.keep_omitted = True
    changed = {"target_id": "1", "name": "M", "gender": "female", "jpegBase64": PHOTO}
    await client.ok("PUT", TARGETS, _people(recorder, changed))
    asked = {"device_id": recorder.device_id, "target_ids": ["1"]}
    (told,) = (await client.ok("POST", TARGETS, asked))["targets"]
    assert (told["name"], told["age"]) == ("M", 34)
    wrong = {**changed, "target_id": "x"}
    body = _people(recorder, wrong)
    assert await client.code("PUT", TARGETS, body) == "IVM.20090002"


async def test_who_is_enrolled_is_recognised(
    client: Client, cloud: HuaweiCloud, recorder: Device
) -> None:
    await client.ok("POST", BATCH_ADD, _people(recorder, group_id=2))
    push = await cloud.target("guest_1")
    assert push.body["data"]["target"]["target_lib_name"] == "Banned"
    camera = cloud.channel(cloud.devices[1].device_id)
    own = await cloud.alarm("target_alarm", channel=camera, target_id="person1")
    assert own.body["data"]["target"]["group_id"] == 1
