"""The client against the virtual box, which was written from the manual apart."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
import pytest

from custom_components.vision_hub.vendors.contract import (
    AlarmQuery,
    CallbackPart,
    CallbackRequest,
    MalformedMessage,
    PersonQuery,
)
from custom_components.vision_hub.vendors.errors import LockedOut, RejectedByHub
from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.model import (
    Enrollment,
    Gender,
    PersonDetails,
    Phase,
    PictureRole,
    SettingKey,
)
from custom_components.vision_hub.vendors.uniview.hub import UniviewHub
from simulators.uniview import PushUrl, Quirks, UniviewBox

from ...helpers.doubles import Callbacks, Sink
from .conftest import open_hub

QUIRKS = {
    "plain": Quirks(),
    "verbatim": Quirks(push_url=PushUrl.VERBATIM, no_status_code=True),
    "rfc": Quirks(rfc_challenge=True, code_as_string=True, generic_list_key=True),
    "unquoted": Quirks(unquoted_qop=True, face_size_as_string=True, leading_blank=True),
    "short_nonces": Quirks(nonce_uses=3, recovery_repeats_event_id=False),
    "odd": Quirks(
        empty_event_id=True,
        throttle_off_is_2=True,
        plate_no_as_table=True,
        longest_page=2,
        all_in_one=True,
        directory_image_path=True,
        always_has_result=True,
        no_stream_urls=True,
    ),
}


@pytest.fixture(params=QUIRKS)
async def box(request: pytest.FixtureRequest) -> AsyncIterator[UniviewBox]:
    quirks = replace(QUIRKS[request.param])
    async with UniviewBox(channels=5, quirks=quirks, seed=1, time_scale=0.01) as box:
        yield box


@pytest.fixture
def hub(box: UniviewBox, session: ClientSession) -> UniviewHub:
    return open_hub(session, box.port)


@pytest.fixture
async def listening(
    hub: UniviewHub, sink: Sink, callbacks: Callbacks
) -> AsyncIterator[asyncio.Task[None]]:
    """Give the hub a real address and let it push."""

    async def handle(request: web.Request) -> web.Response:
        parts: list[CallbackPart] = []
        content = b""
        if request.content_type.startswith("multipart/"):
            async for part in await request.multipart():
                assert hasattr(part, "read")
                kind = part.headers.get("Content-Type", "")
                data = bytes(await part.read())
                parts.append(CallbackPart(part.name or "", part.filename, kind, data))
        else:
            content = await request.read()
        assert callbacks.handler
        try:
            reply = await callbacks.handler(
                CallbackRequest(
                    method=request.method,
                    tail=request.match_info["tail"].strip("/"),
                    query=dict(request.query),
                    headers=dict(request.headers),
                    content_type=request.content_type,
                    content=content,
                    parts=tuple(parts),
                )
            )
        except MalformedMessage:
            return web.Response(status=400)
        return web.json_response(reply.content, status=reply.status)

    app = web.Application(client_max_size=32 * 1024 * 1024)
    app.router.add_post("/api/vision_hub/push/secret{tail:.*}", handle)
    async with TestServer(app) as server:
        callbacks.url = str(server.make_url("/api/vision_hub/push/secret"))
        await hub.connect()
        task = asyncio.create_task(hub.listen(sink, callbacks))
        async with asyncio.timeout(5):
            await sink.subscribed.wait()
        yield task
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_poll(box: UniviewBox, hub: UniviewHub) -> None:
    await hub.connect()
    assert hub.info.serial == box.serial
    status = await hub.poll()
    assert len(status.channels) == 5
    assert status.clock_offset is not None
    assert any(channel.kinds for channel in status.channels.values())
    names = {key.name for key in status.settings}
    assert {"alarm_video", "face_min_width", "custom_sensitivity"} <= names
    assert status.libraries
    assert all(library.persons is not None for library in status.libraries)


@pytest.mark.usefixtures("listening")
async def test_alarms(box: UniviewBox, hub: UniviewHub, sink: Sink) -> None:
    alarm = await box.alarm("SafetyHelmetAlarm", force=True)
    assert await alarm.delivered()
    assert await (await box.recover(alarm)).delivered()
    assert await (await box.face(stranger=True, force=True)).delivered()
    assert await (await box.people_count(entered=2, left=1, force=True)).delivered()
    started, ended, stranger, counted = sink.alarms
    assert started.kind is AlarmKind.NO_HELMET
    assert started.pictures[0].role is PictureRole.SCENE
    assert started.pictures[0].data
    assert started.pictures[0].reference
    fetched = await hub.fetch(started.pictures[0].reference)
    assert fetched == started.pictures[0].data
    assert (ended.kind, ended.phase) == (AlarmKind.NO_HELMET, Phase.ENDED)
    assert ended.id != started.id
    assert stranger.kind is AlarmKind.FACE_STRANGER
    assert counted.counts
    assert counted.counts.entered == 2
    assert abs(datetime.now(UTC) - started.time) < timedelta(seconds=10)
    heard = sink.heards
    assert await (await box.keep_alive()).delivered()
    assert sink.heards > heard
    await box.set_channel_status(2, online=False)
    status = await hub.poll()
    assert status.channels["2"].online is False


@pytest.mark.usefixtures("listening")
async def test_history_tells_what_was_pushed(
    box: UniviewBox, hub: UniviewHub, sink: Sink
) -> None:
    for algo_model in ("SafetyHelmetAlarm", "FallOverAlarm", "SmokingAlarm"):
        assert await (await box.alarm(algo_model, force=True)).delivered()
    assert await (await box.face(stranger=True, force=True)).delivered()
    assert hub.history
    now = datetime.now(UTC)
    query = AlarmQuery(
        start=now - timedelta(seconds=30), end=now + timedelta(seconds=30)
    )
    found = [alarm async for alarm in hub.history.search(query)]
    assert {alarm.code for alarm in found} == {alarm.code for alarm in sink.alarms}
    assert len({alarm.id for alarm in found}) == len(found) == len(sink.alarms)
    kinds = frozenset({AlarmKind.SMOKING})
    (smoking,) = [
        alarm async for alarm in hub.history.search(replace(query, kinds=kinds))
    ]
    assert smoking.code == "SmokingAlarm"


@pytest.mark.usefixtures("listening")
async def test_give_back(
    hub: UniviewHub, callbacks: Callbacks, box: UniviewBox
) -> None:
    await hub.unsubscribe(callbacks)
    assert callbacks.memory is None
    held = await box.alarm("SafetyHelmetAlarm", force=True)
    assert not held.targets


async def test_people(box: UniviewBox, hub: UniviewHub, sink: Sink) -> None:
    assert hub.people
    everybody = [person async for person in hub.people.persons(PersonQuery())]
    assert everybody
    assert everybody[0].picture
    picture = await hub.fetch(everybody[0].picture)
    library = await hub.people.create_library("Night shift")
    person = await hub.people.enroll(
        library.id, PersonDetails(name="Zoe", gender=Gender.FEMALE), picture
    )
    assert person.enrollment in {Enrollment.WAITING, Enrollment.READY}
    await hub.people.update(person.id, library.id, PersonDetails(phone="5551"))
    query = PersonQuery(libraries=(library.id,), name="Zoe")
    (found,) = [person async for person in hub.people.persons(query)]
    assert found.details.phone == "5551"
    assert found.details.gender is Gender.FEMALE
    counts = {item.id: item.persons for item in await hub.people.libraries()}
    assert counts[library.id] == 1
    await hub.people.remove((person.id,), library.id)
    await hub.people.delete_library(library.id)


async def test_settings_are_taken(hub: UniviewHub) -> None:
    assert hub.settings
    assert hub.tasks
    await hub.poll()
    changes: dict[str, Any] = {
        "alarm_video": True,
        "alarm_video_before": 6,
        "report_recovery": True,
        "face_min_height": 44,
        "custom_sensitivity": True,
    }
    for name, value in changes.items():
        await hub.settings.write(SettingKey(name, "1"), value)
    await hub.settings.write(SettingKey("analysis_mode", "1"), "round_robin")
    await hub.tasks.set_enabled("1", "analysis", enabled=True)
    hub._details.forget_channel(1)
    status = await hub.poll()
    for name, value in changes.items():
        assert status.settings[SettingKey(name, "1")] == value


async def test_every_question(hub: UniviewHub) -> None:
    paging = {"page": 1, "pagesize": 10}
    window = {"channel_id": [1], "start_time": 1716480000, "end_time": 1716566399}
    questions: dict[str, Any] = {
        "algo_list": {},
        "device_get": {},
        "rsa_publickey": {},
        "extend_get": {},
        "docking_config_get": {},
        "docking_ability_get": {},
        "smart_list": {"channel_id": 1},
        "smart_params_get": {"channel_id": 1},
        "control_time_get": {"channel_id": 1, "algo_model": "FallOverAlarm"},
        "channel_list": paging,
        "personlib_list": paging,
        "workclotheslib_list": paging,
        "person_list": {**paging, "lib_id": 1},
        "search_behavior": {**paging, **window},
        "search_facecap": {**paging, **window, "compare_flag": 1},
        "search_behaviormatch": {**paging, **window},
        "search_facematch": {**paging, **window},
    }
    for operation, params in questions.items():
        answer = await hub.call(operation, params)
        assert answer["msg"] == "Succeed", operation


async def test_no_upgrade_ever_ran(hub: UniviewHub) -> None:
    with pytest.raises(RejectedByHub, match="1906"):
        await hub.call("upgrade_status", {})


async def test_a_locked_address(box: UniviewBox, hub: UniviewHub) -> None:
    box.lock_out()
    with pytest.raises(LockedOut):
        await hub.connect()
    box.unlock()
    await hub.connect()
