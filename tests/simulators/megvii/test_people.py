"""Chapters 5, 6, 10: what is enrolled is read back, found, deleted."""

import base64
from io import BytesIO

from PIL import Image

from simulators.megvii import MegviiBox
from simulators.megvii.uploaded_pictures import image_id

from ..waiting import until
from .client import OTHER, PORTRAIT, Client, form_of


async def enrol(client: Client, picture: bytes, name: str = "Eve Hill") -> str:
    form = form_of(("image", picture), ("description", name))
    return str((await client.post("/faces", form))["faceToken"])


async def test_face(client: Client) -> None:
    token = await enrol(client, PORTRAIT)
    assert len(token) == 24
    assert await client.post("/faceGroups", {"groupName": "New"}) == {}
    bind = {"faceGroupList": ["New", {"groupName": "Staff"}]}
    await client.post(f"/faceGroups/binding/{token}", bind)
    face = await client.get(f"/faces/faceToken/{token}")
    assert face["imageId"] == image_id(PORTRAIT)
    assert face["description"] == "Eve Hill"
    assert face["faceGroupList"] == [{"groupName": "New"}, {"groupName": "Staff"}]
    assert base64.b64decode(face["image"])[:2] == b"\xff\xd8"
    members = await client.get("/faceGroups/New")
    assert (members["totalFaces"], members["face"][0]["faceToken"]) == (1, token)
    form = form_of(("image", PORTRAIT), ("description", ""))
    assert await client.code("POST", "/faces", form) == 104204
    await client.send("DELETE", f"/faces/faceToken/{token}")
    rows = (await client.get("/faces?pageSize=100"))["face"]
    assert rows[-1] == {
        "imageId": image_id(PORTRAIT),
        "faceToken": "",
        "description": "Eve Hill",
    }
    await client.send("DELETE", f"/faces/image/{image_id(PORTRAIT)}")
    assert (await client.get("/faces"))["totalFaces"] == len(rows) - 1


async def test_pages(client: Client, box: MegviiBox) -> None:
    first = await client.get("/faces?pageSize=4")
    assert (first["totalFaces"], first["nextPageToken"]) == (6, 4)
    last = await client.get("/faces?pageToken=4&pageSize=4")
    assert len(last["face"]) == 2
    assert "nextPageToken" not in last
    box.quirks.pages_are_counted = True
    assert (await client.get("/faces?pageSize=4"))["nextPageToken"] == 1
    assert await client.get("/faces?pageToken=1&pageSize=4") == last


async def test_bad_pictures(client: Client) -> None:
    async def refused(image: Image.Image) -> str:
        stream = BytesIO()
        image.save(stream, "PNG")
        form = form_of(("image", stream.getvalue()), ("description", ""))
        return str((await client.send("POST", "/faces", form)).json["message"])

    plain = Image.new("RGB", (200, 200), "grey")
    assert await refused(plain) == "FACE_NOT_FOUND"
    small = Image.new("RGB", (99, 200))
    assert await refused(small) == "BAD_QUALITY:INVALID_RESOLUTION"
    form = form_of(("image", b"x" * (4 * 2**20 + 1)), ("description", ""))
    answer = await client.send("POST", "/faces", form)
    assert answer.json["message"] == "BAD_QUALITY:INVALID_SIZE"


async def test_originals_only_in_white_list_mode(
    client: Client, box: MegviiBox
) -> None:
    await client.post("/configs", {"modelSw": {"workMode": "WhiteNameListMode"}})
    assert (await client.get("/faces"))["totalFaces"] == 0
    assert (await client.get("/faceGroups"))["faceGroupList"] == []
    assert not any(row["group"] for row in (await client.get("/structures"))["videos"])
    assert await client.code("GET", "/captures") == 104400
    await enrol(client, PORTRAIT)
    answer = await client.send("GET", f"/faces/image/{image_id(PORTRAIT)}")
    assert answer.raw == PORTRAIT
    await client.post("/configs", {"modelSw": {"libMode": True}})
    form = form_of(("image", PORTRAIT), ("description", ""))
    assert await client.code("POST", "/faces", form) == 104402


async def test_search_and_compare(client: Client, box: MegviiBox) -> None:
    person = next(iter(box.device.people.values()))
    picture = await box.device.files.read(person.path)
    assert picture is not None
    form = form_of(
        ("image", picture),
        ("group", [{"groupName": "Staff"}]),
        ("featureUpload", "true"),
    )
    found = await client.post("/search", form)
    assert found["top1"]["description"] == "Iris Vale"
    assert found["top1"]["searchScore"] > 99
    assert found["top2"]["searchScore"] < found["top1"]["searchScore"]
    assert found["featureInfo"]["feature"]
    url = found["top1"]["imageUrl"].removeprefix(".")
    assert (await client.send("GET", url, prefix="")).raw[:2] == b"\xff\xd8"
    assert (await client.send("GET", url)).status == 404
    same = form_of(("image1", picture), ("image2", picture))
    assert (await client.post("/compare", same))["compareScore"] > 99
    form = form_of(("total", "2"), ("image", picture), ("image", b"no"))
    results = (await client.post("/feature", form))["result_array"]
    assert [row["ret_code"] for row in results] == [0, 104201]


async def test_delete_group(client: Client, box: MegviiBox) -> None:
    await client.post("/faceGroups", {"groupName": "New"})
    token = await enrol(client, PORTRAIT)
    names = {"faceGroupList": ["New", "Staff"]}
    await client.post(f"/faceGroups/binding/{token}", names)
    await client.send("DELETE", "/faceGroups/New?deleteAllFace=3")
    assert box.device.person(token).groups == ["Staff"]
    await client.post(f"/faceGroups/binding/{token}", {"faceGroupList": ["New"]})
    await client.send("DELETE", "/faceGroups/New?deleteAllFace=2")
    assert await client.code("GET", f"/faces/faceToken/{token}") == 104202


async def test_batch(client: Client, box: MegviiBox) -> None:
    def data(number: int, **more: object) -> dict[str, object]:
        return {"batchNum": number, "size": 1, "faceGroupList": ["Staff"], **more}

    form = form_of(
        ("total", 3),
        ("count", 2),
        ("data", data(1, imageMd5=image_id(PORTRAIT), description="Eve")),
        ("image", PORTRAIT),
        ("data", data(1, imageName="b.jpg")),
        ("image", b"no picture"),
    )
    answer = await client.post("/faces/batch", form)
    assert answer["recvCnt"] == 2
    assert answer["faceInfo"][0]["imageName"] == "b.jpg"
    form = form_of(
        ("total", 3),
        ("count", 1),
        ("data", data(2, imageName="c.jpg")),
        ("image", OTHER),
    )
    assert (await client.post("/faces/batch", form))["recvCnt"] == 3
    assert box.device.busy[0] == 4
    await until(lambda: not box.device.busy[0])
    status = await client.get("/faces/faceBatchStatus")
    assert status == {"totalCnt": 3, "recvCnt": 3, "successCnt": 2, "failCnt": 1}
    failures = await client.get("/faces/failList")
    assert failures["fails"][0]["failReason"] == "INVALID_TYPE"
    assert (await client.get("/faceGroups/Staff"))["totalFaces"] == 6
    await client.post("/faces/faceBatchStop")
    late = form_of(
        ("total", 9), ("count", 1), ("data", data(2, imageName="d")), ("image", OTHER)
    )
    assert await client.code("POST", "/faces/batch", late) == 104006


async def test_other_spellings(client: Client, box: MegviiBox) -> None:
    token = next(iter(box.device.people.values())).token
    box.quirks.other_paths = True
    assert (await client.send("GET", f"/faces/faceToken/{token}")).status == 404
    assert (await client.get(f"/faces/{token}"))["description"] == "Iris Vale"
    assert "totalFails" in await client.get("/faces/failList")
    assert await client.code("DELETE", "/faces/faceLib") == 0
    assert "netMode" in await client.get("/relayPara")
    box.quirks.two_generations = False
    assert (await client.send("POST", f"/faceGroups/a/{token}")).status == 404
