"""Any operation of the manual, and looking for cameras."""

import base64
from typing import Any

import orjson
import pytest

from custom_components.vision_hub.vendors.camguard.hub import CamGuardHub
from custom_components.vision_hub.vendors.errors import InvalidRequest, RejectedByHub
from custom_components.vision_hub.vendors.model import FoundCamera
from custom_components.vision_hub.vendors.toolkit.operations import Danger

from .conftest import JPEG, Server, fail, record

OK = {"code": 0, "msg": ""}
HASH = "e10adc3949ba59abbe56e057f20f883e"


async def test_cameras_in_the_network(server: Server, hub: CamGuardHub) -> None:
    assert hub.discovery
    server.answers["/SearchCamera"] = {
        "code": 0,
        "info": {
            "total_count": 3,
            "items": [
                {"ip": "10.0.0.9", "manufacturer": " "},
                {"ip": "10.0.0.8", "manufacturer": "Hik"},
                {"ip": ""},
            ],
        },
    }
    assert await hub.discovery.search() == (
        FoundCamera(address="10.0.0.9"),
        FoundCamera(address="10.0.0.8", manufacturer="Hik"),
    )
    server.answers["/QueryCameraRtsp"] = {"code": 0, "info": {"rtsp": "rtsp://x/1"}}
    assert await hub.discovery.streams("10.0.0.9", None, None) == ("rtsp://x/1",)
    await hub.discovery.streams("10.0.0.9", "root", "pass")
    assert server.asked("/QueryCameraRtsp") == [
        {"ip": "10.0.0.9"},
        # The password of a camera goes out as it is.
        {"ip": "10.0.0.9", "user": "root", "password": "pass"},
    ]
    with pytest.raises(InvalidRequest):
        await hub.discovery.streams(" ", None, None)


async def test_queries(server: Server, hub: CamGuardHub) -> None:
    server.lists["records"] = [record(1), record(2)]
    answer = await hub.call("capture_query", {"camera_id": 1, "session": "x"})
    assert answer["code"] == 0
    assert server.asked("/QueryTaskCaptureRecord") == [
        {"page_no": 1, "page_size": 50, "camera_id": 1}
    ]
    answer = await hub.call("camera_query", {"page_no": 2, "page_size": 1})
    assert isinstance(answer["info"], dict)
    assert [row["camera_id"] for row in answer["info"]["items"]] == [2]  # type: ignore[index, union-attr, call-overload]


@pytest.mark.parametrize(
    ("operation", "path", "params", "written"),
    [
        (
            "user_register",
            "/RegisterUser",
            {"name": "tom", "password": "123456"},
            {"name": "tom", "password": HASH, "remark": ""},
        ),
        (
            "user_update",
            "/UpdateUser",
            {"user_id": 1, "old_password": HASH, "password": "123456"},
            {"user_id": 1, "old_password": HASH, "password": HASH},
        ),
        ("user_delete", "/DeleteUser", {"user_id": 1}, {"user_id": 1}),
        (
            "config_update",
            "/UpdateSystemConfig",
            {"name": "StorageServer", "config": {"ip": "10.0.0.1", "port": 1}},
            {
                "name": "StorageServer",
                "config": '{"ip":"10.0.0.1","port":1}',
                "remark": "",
            },
        ),
        (
            "capture_delete",
            "/DeleteTaskCaptureRecord",
            {"record_id": 2**40},
            {"record_id": 2**40},
        ),
        ("picture_delete", "/DeletePicture", {"pic_url": "/a"}, {"pic_url": "/a"}),
    ],
)
async def test_writes(
    server: Server,
    hub: CamGuardHub,
    operation: str,
    path: str,
    params: dict[str, Any],
    written: dict[str, Any],
) -> None:
    server.answers[path] = OK
    assert await hub.call(operation, params) == OK
    assert server.asked(path) == [written]


async def test_what_is_added_tells_its_id(server: Server, hub: CamGuardHub) -> None:
    camera = await hub.call("camera_add", {"name": "Attic", "rtsp": "rtsp://x"})
    assert camera == {**OK, "camera_id": 3}
    wanted: dict[str, Any] = {
        "name": "Attic watch",
        "camera_list1": [3],
        "lib_list": [1, 2],
        "interval": 3000,
        "threshold": 0.8,
    }
    task = await hub.call("task_add", wanted)
    assert task["task_id"] == 3
    assert server.asked("/AddTask")[0]["camera_list1"] == "3"
    assert server.asked("/AddTask")[0]["lib_list"] == "1,2"
    assert (await hub.call("library_add", {"name": "L", "type": 0}))["lib_id"] == 3
    person: dict[str, Any] = {
        "lib_id": 1,
        "name": "Mallory",
        "pic_url": "/p",
        "category": 1,
    }
    assert (await hub.call("person_add", person))["person_id"] == 6
    for operation in ("camera_add", "task_add", "library_add", "person_add"):
        with pytest.raises(InvalidRequest):
            await hub.call(operation, {})


@pytest.mark.parametrize(
    ("operation", "path", "given", "sent"),
    [
        (
            "task_add",
            "/AddTask",
            {"name": "T", "camera_list1": [1, "2"], "lib_list": 1, "threshold": 1},
            (
                b'{"camera_list1":"1,2","camera_list2":"","interval":3000,"lib_list":"1",'
                b'"name":"T","plan":"","remark":"","threshold":1.0,"type":0}'
            ),
        ),
        (
            "task_add",
            "/AddTask",
            {
                "name": "T",
                "camera_list1": "1",
                "lib_list": "1",
                "threshold": "0.9",
                "interval": 5000.0,
                "type": "1",
                "plan": None,
            },
            (
                b'{"camera_list1":"1","camera_list2":"","interval":5000,"lib_list":"1",'
                b'"name":"T","plan":"","remark":"","threshold":0.9,"type":1}'
            ),
        ),
        (
            "camera_add",
            "/AddCamera",
            {"name": 7, "rtsp": "rtsp://x"},
            b'{"name":"7","remark":"","rtsp":"rtsp://x","type":0}',
        ),
        (
            "library_add",
            "/AddLibrary",
            {"name": "L"},
            b'{"name":"L","remark":"","type":0}',
        ),
        (
            "person_add",
            "/AddPerson",
            {"lib_id": "1", "name": "Ann", "pic_url": "/p", "card_no": 12},
            (
                b'{"card_no":"12","category":0,"lib_id":1,"name":"Ann","phone":"",'
                b'"pic_url":"/p","remark":"","sex":0}'
            ),
        ),
        (
            "task_update",
            "/UpdateTask",
            {"task_id": "1", "threshold": 1, "interval": 2000.0},
            (
                b'{"camera_list1":"1","camera_list2":"2","interval":2000,"lib_list":"1,2",'
                b'"name":"Gate watch","task_id":1,"threshold":1.0,"type":1}'
            ),
        ),
        (
            "capture_query",
            "/QueryTaskCaptureRecord",
            {"similarity": 1, "camera_id": 1.0},
            b'{"camera_id":1,"page_no":1,"page_size":50,"similarity":1.0}',
        ),
    ],
)
async def test_types_are_those_of_the_tables(
    server: Server,
    hub: CamGuardHub,
    operation: str,
    path: str,
    given: dict[str, Any],
    sent: bytes,
) -> None:
    """A whole number is no `double` to a server in C++, nor text an `int`."""
    await hub.call(operation, given)
    (written,) = server.asked(path)
    # As it was on the wire: Python, too, tells 1 from 1.0.
    assert orjson.dumps(written, option=orjson.OPT_SORT_KEYS) == sent


@pytest.mark.parametrize(
    ("operation", "params", "missing"),
    [
        ("task_add", {"name": "T", "lib_list": "1"}, "camera_list1"),
        (
            "task_add",
            {"name": "T", "camera_list1": [], "lib_list": "1"},
            "camera_list1",
        ),
        ("task_add", {"name": "T", "camera_list1": "1", "lib_list": ""}, "lib_list"),
        ("camera_add", {"name": "C"}, "rtsp"),
        ("person_add", {"lib_id": 1, "name": "Ann"}, "pic_url"),
        ("user_register", {"name": "tom"}, "password"),
        ("task_update", {"task_id": 1, "threshold": "high"}, "threshold"),
        ("person_add", {"lib_id": "x", "name": "A", "pic_url": "/p"}, "lib_id"),
    ],
)
async def test_what_the_server_would_refuse_is_refused_in_words(
    server: Server,
    hub: CamGuardHub,
    operation: str,
    params: dict[str, Any],
    missing: str,
) -> None:
    with pytest.raises(InvalidRequest, match=missing):
        await hub.call(operation, params)
    assert not [path for path, _ in server.requests if not path.startswith("/Query")]


async def test_updates_keep_what_is_not_named(server: Server, hub: CamGuardHub) -> None:
    await hub.call("camera_update", {"camera_id": 1, "remark": "north"})
    assert server.asked("/UpdateCamera") == [
        {
            "camera_id": 1,
            "name": "Gate in",
            "rtsp": "rtsp://u:p@10.0.0.1/1",
            "type": 0,
            "remark": "north",
        }
    ]
    await hub.call("person_update", {"person_id": 5, "lib_id": 1, "category": 0})
    assert server.asked("/UpdatePerson")[0]["name"] == "Rose"
    assert server.asked("/UpdatePerson")[0]["category"] == 0
    await hub.call("task_update", {"task_id": 1, "lib_list": [2]})
    (written,) = server.asked("/UpdateTask")
    assert (written["lib_list"], written["camera_list2"]) == ("2", "2")
    for operation in ("camera_update", "person_update", "task_update"):
        with pytest.raises(InvalidRequest):
            await hub.call(operation, {"task_id": 99, "camera_id": 99})


async def test_deleting(server: Server, hub: CamGuardHub) -> None:
    await hub.call("camera_delete", {"camera_id": 1})
    await hub.call("task_delete", {"task_id": 1})
    await hub.call("library_delete", {"lib_id": 1})
    await hub.call("person_delete", {"lib_id": 1, "person_id": 5})
    status = await hub.poll()
    assert (list(status.channels), [task.id for task in status.tasks]) == (["2"], ["2"])
    for operation in (
        "camera_delete",
        "task_delete",
        "library_delete",
        "person_delete",
    ):
        with pytest.raises(InvalidRequest):
            await hub.call(operation, {})


async def test_tasks_start_and_stop(server: Server, hub: CamGuardHub) -> None:
    await hub.call("task_stop", {"task_id": 1})
    await hub.call("task_start", {"task_id": "2"})
    assert [task["state"] for task in server.lists["tasks"]] == [0, 1]


async def test_pictures(server: Server, hub: CamGuardHub) -> None:
    encoded = base64.b64encode(JPEG).decode()
    answer = await hub.call("picture_upload", {"photo_base64": encoded})
    assert answer["pic_url"] == "/pics/new1.jpg"
    assert server.uploads == [("photo", "picture.jpg", JPEG)]
    answer = await hub.call("picture_download", {"pic_url": "/pics/new1.jpg"})
    assert answer["content_base64"] == encoded
    for params in (
        {},
        {"file_base64": "%"},
        {"file_base64": ""},
        {"file_base64": None},
    ):
        with pytest.raises(InvalidRequest):
            await hub.call("picture_upload", params)


async def test_a_configuration_that_wants_both_parameters(
    server: Server, hub: CamGuardHub
) -> None:
    server.answers["/GetSystemConfig"] = lambda body: (
        {"code": 0, "Info": {"config": '{"ip": "10.9.9.9"}'}}
        if "config" in body
        else fail()
    )
    assert await hub._details.storage_host() == "10.9.9.9"
    with pytest.raises(RejectedByHub):
        await hub.call("config_get", {"name": "StorageServer"})


async def test_the_session_stays_ours(server: Server, hub: CamGuardHub) -> None:
    assert await hub.call("login", {"username": "eve", "password": "x"}) == OK
    with pytest.raises(InvalidRequest):
        await hub.call("logout", {})
    with pytest.raises(InvalidRequest):
        await hub.call("camera_search", {"x": object()})  # type: ignore[dict-item]
    await hub.close()
    await hub.poll()
    assert server.logins == 2


def test_what_destroys_is_marked(hub: CamGuardHub) -> None:
    assert len(hub.operations) == 31
    assert {
        name for name, row in hub.operations.items() if row.danger is Danger.DESTRUCTIVE
    } == {
        "user_delete",
        "picture_delete",
        "library_delete",
        "person_delete",
        "camera_delete",
        "task_delete",
        "config_update",
        "capture_delete",
    }
