"""Every request of the manual: a good body, bodies that are refused."""

from dataclasses import dataclass, field
from typing import Any

from simulators.camguard import Code, md5_of

PASSWORD = md5_of("CamGuard123!")
NEW = md5_of("another")
# Stand for what the test makes: an uploaded picture, the record it can delete.
PICTURE, RECORD = "{picture}", "{record}"
PAGE = {"page_no": 1, "page_size": 10}
PERSON = {"lib_id": 1, "name": "Eve Hill", "pic_url": PICTURE}
CAMERA = {"name": "Shed", "rtsp": "rtsp://admin:x@192.0.2.9:554/1"}
TASK = {
    "name": "Night watch",
    "camera_list1": "1,2",
    "lib_list": "1,2",
    "interval": 3000,
    "threshold": 0.8,
}
CHANGE = {"task_id": 2, "camera_list1": "1", "lib_list": "1"}
STORAGE = {"name": "StorageServer", "config": '{"ip":"127.0.0.1","port":10009}'}
LIST = ("page_no", "page_size", "total_count", "items")


@dataclass(frozen=True)
class Row:
    """A request.

    `keys` stand beside code and msg, `info` inside `info`; `bad` are refused as wrong
    parameters, `refused` with other codes.
    """

    path: str
    body: dict[str, Any]
    required: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    info: tuple[str, ...] = ()
    bad: tuple[dict[str, Any], ...] = ()
    refused: dict[Code, dict[str, Any]] = field(default_factory=dict)


def listing(path: str, *bad: dict[str, Any], **filters: Any) -> Row:
    return Row(
        path,
        {**PAGE, **filters},
        ("page_no", "page_size"),
        ("info",),
        LIST,
        ({"page_no": 0}, {"page_no": "1"}, {"page_size": 0}, *bad),
    )


def by_id(path: str, name: str, number: int | str, unknown: int = 99) -> Row:
    return Row(
        path,
        {name: number},
        (name,),
        bad=({name: "1"}, {name: True}, {name: 1.5}),
        refused={Code.UNKNOWN_ID: {name: unknown}},
    )


ROWS = (
    Row(
        "/Login",
        {"username": "admin", "password": PASSWORD},
        ("username", "password"),
        ("user_id", "session"),
        bad=({"password": 1},),
        refused={Code.WRONG_CREDENTIALS: {"password": "CamGuard123!"}},
    ),
    Row(
        "/RegisterUser",
        {"name": "rose", "password": NEW, "remark": ""},
        ("name", "password"),
        bad=({"name": ""}, {"password": "plain"}, {"password": NEW.upper()}),
        refused={Code.EXISTS: {"name": "admin"}},
    ),
    Row(
        "/UpdateUser",
        {"user_id": 1, "old_password": PASSWORD, "password": NEW, "remark": "x"},
        ("user_id", "old_password"),
        bad=({"password": "plain"}, {"remark": 1}),
        refused={
            Code.WRONG_CREDENTIALS: {"old_password": NEW},
            Code.UNKNOWN_ID: {"user_id": 9},
        },
    ),
    by_id("/DeleteUser", "user_id", 2),
    Row(
        "/DownloadPersonPicture",
        {"pic_url": PICTURE},
        ("pic_url",),
        ("data",),
        bad=({"pic_url": ""},),
        refused={Code.NO_PICTURE: {"pic_url": "/storage/no.jpg"}},
    ),
    Row(
        "/DeletePicture",
        {"pic_url": PICTURE},
        ("pic_url",),
        refused={Code.NO_PICTURE: {"pic_url": "/storage/no.jpg"}},
    ),
    Row(
        "/AddLibrary",
        {"name": "lib1", "type": 0, "remark": ""},
        ("name", "type"),
        bad=({"name": ""}, {"type": "0"}, {"type": -1}, {"remark": None}),
    ),
    by_id("/DeleteLibrary", "lib_id", 4),
    listing("/QueryLibraryList", {"type": "0"}, type=0, name=""),
    Row(
        "/AddPerson",
        {**PERSON, "sex": 1, "card_no": "", "phone": "", "category": 1, "remark": ""},
        ("lib_id", "name", "pic_url"),
        bad=({"sex": 3}, {"category": 2}, {"lib_id": "1"}, {"card_no": 5}),
        refused={
            Code.UNKNOWN_ID: {"lib_id": 9},
            Code.NO_PICTURE: {"pic_url": "http://192.0.2.1/a.jpg"},
        },
    ),
    Row(
        "/DeletePerson",
        {"lib_id": 1, "person_id": 2},
        ("lib_id", "person_id"),
        bad=({"person_id": "2"},),
        refused={Code.UNKNOWN_ID: {"lib_id": 2}},
    ),
    Row(
        "/UpdatePerson",
        {"lib_id": 1, "person_id": 2, "phone": "555", "pic_url": PICTURE},
        ("lib_id", "person_id"),
        bad=({"sex": -1}, {"name": ""}, {"pic_url": ""}),
        refused={
            Code.UNKNOWN_ID: {"person_id": 99},
            Code.NO_PICTURE: {"pic_url": "/storage/no.jpg"},
        },
    ),
    listing("/QueryPersonList", {"category": 2}, name="", card_no="", category=0),
    Row(
        "/AddCamera",
        {**CAMERA, "type": 0, "remark": ""},
        ("name", "rtsp"),
        bad=({"rtsp": "http://192.0.2.9/"}, {"rtsp": ""}, {"type": "0"}),
    ),
    by_id("/DeleteCamera", "camera_id", 5),
    Row(
        "/UpdateCamera",
        {"camera_id": 1, "name": "Porch", "remark": "wet"},
        ("camera_id",),
        bad=({"rtsp": "x"}, {"name": ""}),
        refused={Code.UNKNOWN_ID: {"camera_id": 9}},
    ),
    listing("/QueryCameraList", {"name": 1}, name="", type=0),
    Row("/SearchCamera", {}, (), ("info",), ("total_count", "items")),
    Row(
        "/QueryCameraRtsp",
        {"ip": "192.0.2.201", "user": "admin", "password": "camera123"},
        ("ip",),
        ("info",),
        ("rtsp",),
        bad=({"ip": ""}, {"user": 1}),
        refused={
            Code.WRONG_CREDENTIALS: {"password": "wrong"},
            Code.UNREACHABLE: {"ip": "192.0.2.250"},
        },
    ),
    Row(
        "/AddTask",
        {**TASK, "type": 3, "camera_list2": "3,4", "plan": "", "remark": ""},
        ("name", "camera_list1", "lib_list", "interval", "threshold"),
        bad=(
            {"type": 2},
            {"camera_list1": "1,1"},
            {"camera_list1": "1,x"},
            {"camera_list1": [1]},
            {"camera_list1": ""},
            {"lib_list": ""},
            {"threshold": 1.5},
            {"threshold": "0.8"},
            {"interval": 3.5},
        ),
        refused={Code.UNKNOWN_ID: {"camera_list2": "9"}},
    ),
    by_id("/DeleteTask", "task_id", 2),
    Row(
        "/UpdateTask",
        {**CHANGE, "threshold": 1, "camera_list2": ""},
        ("task_id", "camera_list1", "lib_list"),
        bad=({"type": 2}, {"threshold": -0.1}),
        refused={Code.UNKNOWN_ID: {"lib_list": "9"}},
    ),
    listing("/QueryTaskList", {"state": 2}, {"type": 2}, name="", type=1, state=0),
    by_id("/StartTask", "task_id", 2),
    by_id("/StopTask", "task_id", 1),
    Row(
        "/Compare1V1",
        {"first_pic": PICTURE, "second_pic": PICTURE},
        ("first_pic", "second_pic"),
        ("similarity",),
        refused={Code.NO_PICTURE: {"second_pic": "/storage/no.jpg"}},
    ),
    Row(
        "/UpdateSystemConfig",
        {**STORAGE, "remark": ""},
        ("name", "config"),
        bad=({"config": {"ip": "127.0.0.1", "port": 1}}, {"config": "{"}),
        refused={Code.UNKNOWN_ID: {"name": "Other"}},
    ),
    Row(
        "/GetSystemConfig",
        {"name": "StorageServer"},
        ("name",),
        ("info",),
        ("name", "config"),
        refused={Code.UNKNOWN_ID: {"name": "Other"}},
    ),
    listing(
        "/QueryTaskCaptureRecord",
        {"classify": 2},
        {"similarity": 2},
        {"task_id": "1"},
        task_id=1,
        camera_id=1,
        person_name="",
        card_no="",
        classify=1,
        similarity=0.8,
    ),
    by_id("/DeleteTaskCaptureRecord", "record_id", RECORD),
)
