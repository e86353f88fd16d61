"""A SenseTime node in Home Assistant, over both ways that alarms may come."""

from typing import Any

from homeassistant.components import image as image_component
from homeassistant.components.camera import async_get_image
from homeassistant.components.camera.const import CameraEntityFeature
from homeassistant.config_entries import SOURCE_USER, ConfigEntryState
from homeassistant.const import STATE_ON, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er, issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.vision_hub.const import DOMAIN, OPTION_CALLBACK_URL
from simulators.faults import Fault
from simulators.sensetime import SenseTimeNode

from ...conftest import (
    PASSWORD,
    Setup,
    connection,
    entity_id,
    new_entry,
    until,
    until_true,
)
from ..conftest import until_login_is_asked_for


async def test_add(hass: HomeAssistant, node: SenseTimeNode, address: str) -> None:
    """A node is added through the config flow; a wrong password is told."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    flow = result["flow_id"]
    await hass.config_entries.flow.async_configure(flow, {"next_step_id": "sensetime"})
    result = await hass.config_entries.flow.async_configure(
        flow, connection(node, password="wrong")
    )
    assert result["errors"] == {"base": "invalid_auth"}
    result = await hass.config_entries.flow.async_configure(flow, connection(node))
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["result"].unique_id == f"sensetime_{node.serial}"
    assert result["result"].state is ConfigEntryState.LOADED


@pytest.mark.parametrize("http_push", [False, True])
async def test_faces(
    hass: HomeAssistant, node: SenseTimeNode, start_hub: Setup, http_push: bool
) -> None:
    """A face is told alike, however it comes."""
    entry = await start_hub(node, http_push=http_push)
    events = async_capture_events(hass, "vision_hub_alarm")
    face = entity_id(hass, entry, "1_face")

    await node.recognize("staff-0001", channel=1)
    state = await until(
        hass, face, lambda s: s.attributes["event_type"] == "recognized"
    )
    assert state.attributes["similarity"] > 0
    await node.recognize("watch-0001", channel=1)
    await until(hass, face, lambda s: s.attributes["event_type"] == "blacklisted")
    await node.face(channel=1, stranger=True)
    await until(hass, face, lambda s: s.attributes["event_type"] == "stranger")
    assert [event.data["kind"] for event in events] == [
        "face_recognized",
        "face_blacklisted",
        "face_stranger",
    ]
    roles = {picture["role"] for picture in events[0].data["pictures"]}
    assert roles == {"scene", "target", "library"}


async def test_expired_session(
    hass: HomeAssistant, node: SenseTimeNode, start_hub: Setup
) -> None:
    """A session that ended is renewed, and nobody notices."""
    entry = await start_hub(node)
    node.expire_session()
    await entry.runtime_data.coordinator.async_refresh()
    assert entry.runtime_data.coordinator.last_update_success


async def test_reauthentication(
    hass: HomeAssistant,
    node: SenseTimeNode,
    start_hub: Setup,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A changed password is asked for."""
    entry = await start_hub(node)
    node.sessions.password = "Another-Word-2"
    node.expire_session()
    flow = await until_login_is_asked_for(hass, entry, monkeypatch)
    result = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"username": "admin", "password": "Another-Word-2"}
    )
    await hass.async_block_till_done()
    assert result["reason"] == "reauth_successful"
    assert entry.state is ConfigEntryState.LOADED


async def test_storm_with_a_cut(
    hass: HomeAssistant, node: SenseTimeNode, start_hub: Setup
) -> None:
    """A WebSocket cut in the middle of a storm loses no alarm: we count."""
    entry = await start_hub(node)
    events = async_capture_events(hass, "vision_hub_alarm")
    sent = set()
    for number in range(40):
        if number in (10, 25):
            node.drop_subscribers()
        sent.add((await node.face(channel=1 + number % 2)).snap_id)
    await until_true(
        hass,
        lambda: len({event.data["alarm_id"] for event in events}) >= len(sent),
        "vision_hub_alarm",
        timeout=30,
    )
    assert len(events) == len(sent)
    usage = await entry.runtime_data.alarms.archive.usage()
    assert usage.alarms == len(sent)


async def test_surfaces(
    hass: HomeAssistant, node: SenseTimeNode, start_hub: Setup
) -> None:
    """Loads, storage, settings and commands of a node can be seen and used."""
    entry = await start_hub(node)
    for key in ("cpu_load", "memory_load", "storage_load", "computing_load"):
        assert 0 <= float(hass.states.get(entity_id(hass, entry, key)).state) <= 100
    assert hass.states.get(entity_id(hass, entry, "hub_storage_full")).state == "off"
    assert hass.states.get(entity_id(hass, entry, "1_online")).state == STATE_ON

    threshold = entity_id(hass, entry, "1_match_threshold")
    await hass.services.async_call(
        "number", "set_value", {"entity_id": threshold, "value": 77}, blocking=True
    )
    await until(hass, threshold, "77")
    strategy = entity_id(hass, entry, "storage_strategy")
    await hass.services.async_call(
        "select",
        "select_option",
        {"entity_id": strategy, "option": "stop"},
        blocking=True,
    )
    await until(hass, strategy, "stop")
    assert node.device.storage_strategy == 2
    await hass.services.async_call(
        "button",
        "press",
        {"entity_id": entity_id(hass, entry, "set_clock")},
        blocking=True,
    )


async def test_reconfigure_and_options(
    hass: HomeAssistant, node: SenseTimeNode, address: str, start_hub: Setup
) -> None:
    """A node that moved is found again; the way of alarms can be changed."""
    entry = await start_hub(node)
    async with SenseTimeNode(
        channels=2, password=PASSWORD, serial=node.serial
    ) as moved:
        result = await entry.start_reconfigure_flow(hass)
        result = await hass.config_entries.flow.async_configure(
            result["flow_id"], connection(moved)
        )
        await hass.async_block_till_done()
        assert result["reason"] == "reconfigure_successful"
        assert entry.data["port"] == moved.port

        result = await hass.config_entries.options.async_init(entry.entry_id)
        await hass.config_entries.options.async_configure(
            result["flow_id"],
            {
                OPTION_CALLBACK_URL: address,
                "keep_days": 7,
                "keep_megabytes": 100,
                "http_push": True,
            },
        )
        await hass.async_block_till_done()
        await until(hass, entity_id(hass, entry, "push"), STATE_ON)
        assert "/api/vision_hub/push/" in moved.device.push_url


async def test_another_target_is_kept(
    hass: HomeAssistant, node: SenseTimeNode, address: str
) -> None:
    """The node's only HTTP target is not taken without consent, and given back."""
    theirs = "http://192.0.2.7:8000/in"
    node.device.push_url = theirs
    entry = new_entry(node, address, http_push=True)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    issues, issue_id = ir.async_get(hass), f"subscription_taken_{entry.entry_id}"
    await until_true(
        hass,
        lambda: issues.async_get_issue(DOMAIN, issue_id),
        ir.EVENT_REPAIRS_ISSUE_REGISTRY_UPDATED,
    )
    assert node.device.push_url == theirs

    await entry.runtime_data.alarms.take_over()
    await until(hass, entity_id(hass, entry, "push"), STATE_ON)
    assert node.device.push_url != theirs
    await hass.config_entries.async_remove(entry.entry_id)
    assert node.device.push_url == theirs


@pytest.mark.parametrize("kind", ["onvif", "gb28181", "IMAGE"])
async def test_camera_without_stream(
    hass: HomeAssistant, node: SenseTimeNode, address: str, start_hub: Setup, kind: str
) -> None:
    """A camera whose address is not known offers no video but the last full frame."""
    channel = node.add_camera("Yard", kind=kind).channel
    entry = await start_hub(node)
    camera = entity_id(hass, entry, f"{channel}_camera")
    gate = hass.states.get(entity_id(hass, entry, "1_camera"))
    assert gate.attributes["supported_features"] == CameraEntityFeature.STREAM
    assert hass.states.get(camera).attributes["supported_features"] == 0

    result = await node.body(channel=channel)
    await until(
        hass,
        entity_id(hass, entry, f"{channel}_alarm"),
        lambda state: state.attributes["event_type"] == "person_detected",
    )
    shown = await async_get_image(hass, camera)
    assert shown.content == await node.device.files.read(result.capture.frame_path)


async def test_picture_of_the_person(
    hass: HomeAssistant, node: SenseTimeNode, start_hub: Setup
) -> None:
    """Who wants it sees the enrolled picture, also after a stranger passed."""
    entry = await start_hub(node)
    image = entity_id(hass, entry, "1_last_match")
    assert hass.states.get(image) is None
    er.async_get(hass).async_update_entity(image, disabled_by=None)
    await hass.config_entries.async_reload(entry.entry_id)
    await until(hass, entity_id(hass, entry, "push"), STATE_ON)

    result = await node.recognize("staff-0001", channel=1)
    await until(hass, image, lambda state: state.state != STATE_UNKNOWN)
    await node.face(channel=1, stranger=True)
    await until(
        hass,
        entity_id(hass, entry, "1_face"),
        lambda state: state.attributes["event_type"] == "stranger",
    )
    shown = await image_component.async_get_image(hass, image)
    assert result.capture.match is not None
    enrolled = await node.device.files.read(result.capture.match.img_path)
    assert shown.content == enrolled


async def test_web_pages(
    hass: HomeAssistant, node: SenseTimeNode, start_hub: Setup
) -> None:
    """The node's pages can be opened again, by those who enable the button."""
    entry = await start_hub(node)
    button = entity_id(hass, entry, "enable_web")
    assert hass.states.get(button) is None
    er.async_get(hass).async_update_entity(button, disabled_by=None)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    await hass.services.async_call(
        "button", "press", {"entity_id": button}, blocking=True
    )
    assert node.request_log.count("/api/json/1315") == 1


@pytest.mark.parametrize("path", ["/api/json/1281", "/api/json/516"])
async def test_sessions_do_not_pile_up(
    hass: HomeAssistant, node: SenseTimeNode, address: str, path: str
) -> None:
    """Whatever fails once we are logged in, we log out: a node has few places."""
    node.faults.add(Fault.HTTP_STATUS, path)
    entry = new_entry(node, address)
    entry.add_to_hass(hass)
    for _ in range(5):
        await hass.config_entries.async_setup(entry.entry_id)
        assert entry.state is ConfigEntryState.SETUP_RETRY
        assert len(node.sessions) == 0
        await hass.config_entries.async_unload(entry.entry_id)
    node.faults.clear()
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert len(node.sessions) == 1
    await hass.config_entries.async_unload(entry.entry_id)
    assert len(node.sessions) == 0


async def test_nobody_stays_logged_in_at_another_node(
    hass: HomeAssistant, node: SenseTimeNode, address: str
) -> None:
    """Neither a set-up that met another node nor the form that looked is left open."""
    entry = new_entry(node, address)
    async with SenseTimeNode(channels=1, password=PASSWORD, serial="OTHER") as other:
        data = {**entry.data, **connection(other)}
        entry.add_to_hass(hass)
        hass.config_entries.async_update_entry(entry, data=data)
        await hass.config_entries.async_setup(entry.entry_id)
        assert entry.state is not ConfigEntryState.LOADED
        result = await entry.start_reconfigure_flow(hass)
        result = await hass.config_entries.flow.async_configure(
            result["flow_id"], connection(other)
        )
        assert result["reason"] == "another_hub"
        assert len(other.sessions) == 0
        await hass.config_entries.async_remove(entry.entry_id)
        assert len(other.sessions) == 0


async def test_logged_out_when_home_assistant_stops(
    hass: HomeAssistant, node: SenseTimeNode, start_hub: Setup
) -> None:
    """A restart takes no second place on the node."""
    await start_hub(node)
    assert len(node.sessions) == 1
    await hass.async_stop(force=True)
    assert len(node.sessions) == 0


@pytest.mark.parametrize(
    ("fault", "changes", "error"),
    [
        (None, {"username": "nobody"}, "invalid_auth"),
        (None, {"port": 9}, "cannot_connect"),
        (None, {"ssl": True}, "https_unsupported"),
        (Fault.TRUNCATED, {}, "unexpected_answer"),
        (Fault.NULLS, {}, "unexpected_answer"),
        (Fault.HTTP_STATUS, {}, "unexpected_answer"),
        (Fault.RESET, {}, "cannot_connect"),
        (Fault.CODE, {}, "permission_denied"),
    ],
)
async def test_failures_to_add(
    hass: HomeAssistant,
    node: SenseTimeNode,
    address: str,
    fault: Fault | None,
    changes: dict[str, Any],
    error: str,
) -> None:
    """Every failure says what is wrong, and the form can be sent again."""
    if fault:
        node.faults.add(fault, "/api/json/1281", code=-140)
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    flow = result["flow_id"]
    await hass.config_entries.flow.async_configure(flow, {"next_step_id": "sensetime"})
    result = await hass.config_entries.flow.async_configure(
        flow, connection(node, **changes)
    )
    assert result["errors"] == {"base": error}
    node.faults.clear()
    result = await hass.config_entries.flow.async_configure(flow, connection(node))
    assert result["type"] is FlowResultType.CREATE_ENTRY
