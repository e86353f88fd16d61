"""Writes that replace a whole lose nothing that the server did not tell."""

from typing import Any

import pytest

from custom_components.vision_hub.vendors.camguard.hub import CamGuardHub
from custom_components.vision_hub.vendors.errors import WouldErase
from custom_components.vision_hub.vendors.model import PersonDetails, SettingKey

from .conftest import JPEG, Server

_TASK = {"task_id": 1, "threshold": 0.5}
_CAMERA = {"camera_id": 1, "remark": "north"}
_PERSON = {"lib_id": 1, "person_id": 5, "phone": "77"}
_ABSENT: Any = object()


@pytest.mark.parametrize(
    ("rows", "operation", "params", "untold"),
    [
        ("tasks", "task_update", _TASK, {"camera_list1": _ABSENT}),
        (
            *("tasks", "task_update", _TASK),
            {"camera_list1": _ABSENT, "camera_list2": _ABSENT},
        ),
        ("tasks", "task_update", _TASK, {"camera_list1": []}),
        ("tasks", "task_update", _TASK, {"camera_list1": None}),
        ("tasks", "task_update", _TASK, {"camera_list1": [{"name": "Gate in"}]}),
        ("tasks", "task_update", _TASK, {"camera_list2": _ABSENT}),
        ("tasks", "task_update", _TASK, {"lib_list": _ABSENT}),
        ("tasks", "task_update", _TASK, {"type": _ABSENT}),
        ("tasks", "task_update", _TASK, {"interval": None}),
        ("tasks", "task_update", _TASK, {"plan": _ABSENT}),
        ("cameras", "camera_update", _CAMERA, {"rtsp": _ABSENT}),
        ("cameras", "camera_update", _CAMERA, {"rtsp": "rtsp://u:***@10.0.0.1/1"}),
        ("cameras", "camera_update", _CAMERA, {"name": "", "type": _ABSENT}),
        ("persons", "person_update", _PERSON, {"pic_url": _ABSENT}),
        ("persons", "person_update", _PERSON, {"card_no": "******"}),
        ("persons", "person_update", _PERSON, {"category": _ABSENT, "sex": _ABSENT}),
    ],
)
async def test_what_would_be_erased_is_named_and_nothing_is_sent(
    server: Server,
    hub: CamGuardHub,
    rows: str,
    operation: str,
    params: dict[str, Any],
    untold: dict[str, Any],
) -> None:
    row = server.lists[rows][0]
    told = {name: row[name] for name in untold}
    for name, value in untold.items():
        row.pop(name) if value is _ABSENT else row.update({name: value})
    with pytest.raises(WouldErase) as caught:
        await hub.call(operation, params)
    assert set(caught.value.parts) == set(untold)
    assert all(path.startswith("/Query") for path, _ in server.requests)

    # Whoever gives it, too, may change the rest.
    given = {"name": "Gate", **told}
    if rows == "tasks":
        given |= {"camera_list1": "1", "camera_list2": "2", "lib_list": "1"}
    answer = await hub.call(operation, {**given, **params})
    assert answer["code"] == 0


@pytest.mark.parametrize("name", ["task_threshold", "task_interval"])
async def test_settings_of_a_task_whose_cameras_are_not_told(
    server: Server, hub: CamGuardHub, name: str
) -> None:
    assert hub.settings
    for part in ("camera_list1", "camera_list2"):
        del server.lists["tasks"][0][part]
    with pytest.raises(WouldErase, match=r"camera_list1, camera_list2$"):
        await hub.settings.write(SettingKey(name, None, "1"), 50)
    assert not server.asked("/UpdateTask")


async def test_a_new_picture_of_a_person_who_is_not_told_whole(
    server: Server, hub: CamGuardHub
) -> None:
    """It is not even uploaded."""
    assert hub.people
    person = server.lists["persons"][0]
    del person["pic_url"]
    await hub.people.update("5", "1", PersonDetails(), JPEG)
    del person["category"]
    with pytest.raises(WouldErase, match=r": category$"):
        await hub.people.update("5", "1", PersonDetails(), JPEG)
    assert len(server.pictures) == 1
    assert len(server.asked("/UpdatePerson")) == 1
