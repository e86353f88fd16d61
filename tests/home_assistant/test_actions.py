"""What a user can have a hub do."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, override

from homeassistant.auth.models import User
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
    UnknownUser,
)
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.service import async_get_all_descriptions
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from PIL import Image
import probatio
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.vision_hub.actions import ACTIONS
from custom_components.vision_hub.const import DOMAIN
from custom_components.vision_hub.vendors import VENDORS
from custom_components.vision_hub.vendors.contract import (
    AlarmQuery,
    History,
    People,
    PersonQuery,
    PtzDirection,
)
from custom_components.vision_hub.vendors.errors import Busy, RejectedByHub
from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.model import (
    Alarm,
    Enrollment,
    HubStatus,
    Json,
    Library,
    LibraryKind,
    Match,
    Person,
    PersonDetails,
    Phase,
    Picture,
    PictureRole,
    Preset,
    Source,
    Target,
)
from custom_components.vision_hub.vendors.toolkit.operations import (
    Danger,
    Direction,
    Operation,
)

from ..conftest import entity_id
from ..helpers.memory_hub import MemoryHub, MemoryPtz, load, vendor

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


class MemoryPeople(People):
    """Keeps persons; resembles everybody to whoever is enrolled."""

    def __init__(self) -> None:
        self.lists = {
            "1": Library(id="1", name="Staff", kind=LibraryKind.ALLOWED, persons=0),
            "2": Library(id="2", name="Twins"),
            "3": Library(id="3", name="Twins"),
        }
        self.persons_now: dict[str, Person] = {}
        self.pictures: list[bytes] = []

    @override
    async def libraries(self) -> tuple[Library, ...]:
        return tuple(self.lists.values())

    @override
    async def create_library(
        self, name: str, *, kind: LibraryKind | None = None
    ) -> Library:
        library = Library(id=str(len(self.lists) + 1), name=name, kind=kind, persons=0)
        self.lists[library.id] = library
        return library

    @override
    async def update_library(
        self,
        library: str,
        *,
        name: str | None = None,
        kind: LibraryKind | None = None,
    ) -> None:
        old = self.lists[library]
        self.lists[library] = replace(old, name=name or old.name, kind=kind or old.kind)

    @override
    async def delete_library(self, library: str) -> None:
        del self.lists[library]

    @override
    async def persons(self, query: PersonQuery) -> AsyncIterator[Person]:
        for person in list(self.persons_now.values())[: query.limit]:
            if (
                (not query.libraries or person.library_id in query.libraries)
                and query.name in {None, person.details.name}
                and query.id_number in {None, person.details.id_number}
            ):
                yield person

    @override
    async def enroll(
        self, library: str, details: PersonDetails, picture: bytes
    ) -> Person:
        if details.name == "Nobody":
            raise RejectedByHub("7", "No face")
        self.pictures.append(picture)
        person = Person(
            id=f"P{len(self.persons_now) + 1}",
            library_id=library,
            details=details,
            enrollment=Enrollment.WAITING,
        )
        self.persons_now[person.id] = person
        return person

    @override
    async def update(
        self,
        person: str,
        library: str,
        details: PersonDetails,
        picture: bytes | None = None,
    ) -> None:
        self.persons_now[person] = replace(self.persons_now[person], details=details)
        if picture is not None:
            self.pictures.append(picture)

    @override
    async def remove(self, persons: tuple[str, ...], library: str | None) -> None:
        for person in persons:
            assert library in {None, self.persons_now.pop(person).library_id}

    @override
    async def search(
        self, picture: bytes, libraries: tuple[str, ...], limit: int
    ) -> tuple[Match, ...]:
        query = PersonQuery(libraries=libraries, limit=limit)
        return tuple(
            [
                Match(person_id=person.id, name=f"{person.details.name}", similarity=91)
                async for person in self.persons(query)
            ]
        )

    @override
    async def compare(self, first: bytes, second: bytes) -> float:
        return 100.0 if first == second else 12.5


class MemoryHistory(History):
    """Remembers one alarm for ever."""

    def __init__(self) -> None:
        self.queries: list[AlarmQuery] = []

    @override
    async def search(self, query: AlarmQuery) -> AsyncIterator[Alarm]:
        self.queries.append(query)
        yield alarm("r1", source=Source.HISTORY)


class PatientPtz(MemoryPtz):
    """Tells when a movement has begun."""

    moving = asyncio.Event()

    @override
    async def move(self, channel: str, direction: PtzDirection, speed: float) -> None:
        await super().move(channel, direction, speed)
        self.moving.set()


def operation(name: str, danger: Danger, kind: Direction = Direction.REQUEST) -> Any:
    return Operation(kind=kind, method="POST", path="/", name=name, danger=danger)


class BusyHub(MemoryHub):
    """Can do everything that actions ask for."""

    operations = {
        "clock": operation("Read clock", Danger.NONE),
        "name": operation("Set name", Danger.WRITES),
        "format": operation("Format disk", Danger.DESTRUCTIVE),
        "hello": operation("Alarm push", Danger.NONE, Direction.PUSH),
    }

    def __init__(self) -> None:
        super().__init__()
        self.people = MemoryPeople()
        self.history = MemoryHistory()
        self.ptz = PatientPtz(self.told)
        self.ptz.moving = asyncio.Event()
        self.presets = (Preset("1", "Street"), Preset("2", "Yard"))

    @override
    async def poll(self) -> HubStatus:
        status = await super().poll()
        gate = replace(status.channels["1"], presets=self.presets)
        wall = replace(gate, id="2", name="Wall", can_ptz=False)
        return replace(status, channels={"1": gate, "2": wall})

    @override
    async def call(
        self, operation: str, params: Mapping[str, Json]
    ) -> Mapping[str, Json]:
        self.told("call", operation)
        return {"echo": dict(params)}


@pytest.fixture
async def hub(monkeypatch: pytest.MonkeyPatch) -> BusyHub:
    hub = BusyHub()
    monkeypatch.setitem(VENDORS, "memory", vendor(hub))
    return hub


@pytest.fixture
async def entry(
    hass: HomeAssistant, enable_custom_integrations: None, hub: BusyHub, tmp_path: Path
) -> MockConfigEntry:
    hass.config.media_dirs = {"local": str(tmp_path / "media")}
    assert await async_setup_component(hass, "media_source", {})
    return await load(hass)


def device(hass: HomeAssistant, entry: MockConfigEntry, channel: str = "") -> str:
    """Return the device of the hub or of a channel."""
    identifier = f"{entry.unique_id}:{channel}" if channel else str(entry.unique_id)
    found = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, identifier), entry.entry_id
    )
    assert found is not None
    return found.id


@pytest.fixture
def box(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """The device of the hub."""
    return device(hass, entry)


@pytest.fixture
def gate(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """The device of the camera that moves."""
    return device(hass, entry, "1")


async def act(
    hass: HomeAssistant,
    action: str,
    device_id: str | list[str],
    context: Context | None = None,
    **data: Any,
) -> Any:
    """Call an action, with its answer if it has one."""
    answers = hass.services.supports_response(DOMAIN, action) != "none"
    answer = await hass.services.async_call(
        DOMAIN,
        action,
        {"device_id": device_id, **data},
        blocking=True,
        context=context,
        return_response=answers,
    )
    if answers and isinstance(device_id, str):
        assert answer is not None
        return answer[device_id]
    return answer


def alarm(
    alarm_id: str,
    kind: AlarmKind = AlarmKind.INTRUSION,
    channel: str | None = "1",
    time: datetime = NOON,
    **more: Any,
) -> Alarm:
    return Alarm(id=alarm_id, channel=channel, kind=kind, code="c", time=time, **more)


def picture(size: tuple[int, int] = (40, 30), kind: str = "JPEG", **more: Any) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", size, "teal").save(buffer, kind, **more)
    return buffer.getvalue()


def write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


@pytest.fixture
def photo(hass: HomeAssistant, tmp_path: Path) -> Path:
    """A picture in a folder that Home Assistant may read."""
    hass.config.allowlist_external_dirs.add(str(tmp_path))
    path = tmp_path / "photo.jpg"
    path.write_bytes(picture())
    return path


async def test_every_action_is_described(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """What is registered is in services.yaml, with the same fields and kinds."""
    described = (await async_get_all_descriptions(hass))[DOMAIN]
    assert set(described) == {action.name for action in ACTIONS}
    for action in ACTIONS:
        fields = {str(field) for field in action.fields}
        assert set(described[action.name]["fields"]) == {"device_id", *fields}
    kinds = described["search_alarms"]["fields"]["kind"]["selector"]["select"]
    assert kinds["options"] == [kind.value for kind in AlarmKind]
    directions = described["ptz_move"]["fields"]["direction"]["selector"]["select"]
    assert directions["options"] == [direction.value for direction in PtzDirection]


async def test_enroll_find_and_remove_a_person(
    hass: HomeAssistant, box: str, hub: BusyHub, photo: Path
) -> None:
    """A person goes in, is found by all that is known, is changed, and goes."""
    enrolled = await act(
        hass,
        "enroll_person",
        box,
        library="staff",
        name="Ada",
        birth_date="1815-12-10",
        gender="female",
        id_number="42",
        picture=str(photo),
    )
    assert enrolled == {
        "person_id": "P1",
        "library_id": "1",
        "enrollment": "waiting",
    }
    assert hub.people.pictures == [picture()]

    ada = {
        "person_id": "P1",
        "library_id": "1",
        "enrollment": "waiting",
        "name": "Ada",
        "gender": "female",
        "birth_date": "1815-12-10",
        "phone": None,
        "email": None,
        "id_number": "42",
        "remark": None,
        "kind": None,
    }
    for how in ({"name": "Ada"}, {"id_number": "42"}, {"name": "Ada", "library": "1"}):
        assert await act(hass, "find_person", box, **how) == {"people": [ada]}
    assert await act(hass, "find_person", box, name="Bob") == {"people": []}
    assert await act(hass, "list_people", box) == {"people": [ada]}
    found = await act(hass, "find_person", box, picture=str(photo), library=["Staff"])
    assert [(m["person_id"], m["similarity"]) for m in found["matches"]] == [("P1", 91)]

    await act(
        hass,
        "update_person",
        box,
        person_id="P1",
        library="1",
        name="Ada Lovelace",
        picture=str(photo),
    )
    await act(hass, "update_person", box, person_id="P1", library="1", phone="1")
    assert hub.people.persons_now["P1"].details == PersonDetails(phone="1")
    assert len(hub.people.pictures) == 2

    await act(hass, "remove_person", box, person_id="P1", library="Staff")
    assert await act(hass, "list_people", box) == {"people": []}


async def test_enroll_people(
    hass: HomeAssistant, box: str, hub: BusyHub, photo: Path
) -> None:
    """Whom the hub refuses holds up nobody else, and progress is told."""
    events = async_capture_events(hass, "vision_hub_enrollment")
    people = [
        {"name": name, "picture": str(photo)} for name in ("Ada", "Nobody", "Bob")
    ]
    assert await act(hass, "enroll_people", box, library="Staff", people=people) == {
        "library_id": "1",
        "done": 3,
        "failed": 1,
        "total": 3,
    }
    assert [(event.data["done"], event.data["failed"]) for event in events] == [
        (1, 0),
        (2, 1),
        (3, 1),
    ]
    assert {p.details.name for p in hub.people.persons_now.values()} == {"Ada", "Bob"}


async def test_kind_of_a_person(
    hass: HomeAssistant,
    box: str,
    hub: BusyHub,
    photo: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody is let in by mistake: where libraries decide, a person has no kind."""
    data = {"library": "Staff", "name": "Ada", "picture": str(photo)}
    with pytest.raises(HomeAssistantError) as caught:
        await act(hass, "enroll_person", box, **data, kind="blocked")
    assert caught.value.translation_key == "unsupported"
    assert hub.people.persons_now == {}

    monkeypatch.setattr(MemoryPeople, "person_kinds", True)
    await act(hass, "enroll_person", box, **data, kind="blocked")
    assert hub.people.persons_now["P1"].details.kind is LibraryKind.BLOCKED


async def test_remove_a_person_wherever_it_is(
    hass: HomeAssistant, box: str, hub: BusyHub, photo: Path
) -> None:
    """The library may be left out; a camera stands for its hub."""
    await act(hass, "enroll_person", box, library="2", name="Ada", picture=str(photo))
    await act(hass, "remove_person", box, person_id=["P1"])
    assert hub.people.persons_now == {}


async def test_find_person_one_way(hass: HomeAssistant, box: str, photo: Path) -> None:
    """Either a picture or words."""
    for how in ({}, {"name": "Ada", "picture": str(photo)}):
        with pytest.raises(probatio.Invalid, match="either a picture"):
            await act(hass, "find_person", box, **how)


async def test_compare_faces(
    hass: HomeAssistant, box: str, photo: Path, tmp_path: Path
) -> None:
    """Two pictures have a similarity."""
    other = tmp_path / "other.jpg"
    other.write_bytes(picture((50, 50)))
    same = await act(
        hass, "compare_faces", box, picture=str(photo), other_picture=str(photo)
    )
    different = await act(
        hass, "compare_faces", box, picture=str(photo), other_picture=str(other)
    )
    assert (same, different) == ({"similarity": 100}, {"similarity": 12.5})


async def test_libraries(hass: HomeAssistant, box: str, hub: BusyHub) -> None:
    """Libraries are made, renamed and deleted, the last with consent alone."""
    created = await act(hass, "create_library", box, name="Guests", kind="blocked")
    assert created == {
        "library_id": "4",
        "name": "Guests",
        "kind": "blocked",
        "persons": 0,
    }
    await act(hass, "update_library", box, library="guests", name="Visitors")
    listed = await act(hass, "list_libraries", box)
    assert [library["name"] for library in listed["libraries"]] == [
        "Staff",
        "Twins",
        "Twins",
        "Visitors",
    ]
    with pytest.raises(ServiceValidationError) as error:
        await act(hass, "delete_library", box, library="Visitors")
    assert error.value.translation_key == "confirm_library"
    assert "4" in hub.people.lists
    await act(hass, "delete_library", box, library="Visitors", confirm=True)
    assert "4" not in hub.people.lists


@pytest.mark.parametrize(
    ("library", "key"),
    [("Nobody", "library_not_found"), ("Twins", "library_ambiguous")],
)
async def test_wrong_library(
    hass: HomeAssistant, box: str, library: str, key: str
) -> None:
    with pytest.raises(ServiceValidationError) as error:
        await act(hass, "update_library", box, library=library, name="x")
    assert error.value.translation_key == key


async def test_hub_without_an_ability(
    hass: HomeAssistant, box: str, gate: str, hub: BusyHub
) -> None:
    """The user is told that the hub cannot do it."""
    hub.people = hub.ptz = hub.relays = hub.history = None
    for action, target, data in (
        ("list_libraries", box, {}),
        ("ptz_stop", gate, {}),
        ("trigger_relay", box, {"relay": "1"}),
        ("search_alarms", box, {"source": "hub"}),
    ):
        with pytest.raises(HomeAssistantError) as error:
            await act(hass, action, target, **data)
        assert error.value.translation_key == "unsupported"
        assert error.value.translation_placeholders["hub"] == "Memory"


async def test_errors_of_the_hub_are_translated(
    hass: HomeAssistant, gate: str, hub: BusyHub
) -> None:
    hub.told.failure = Busy("later")
    with pytest.raises(HomeAssistantError) as error:
        await act(hass, "ptz_stop", gate)
    assert error.value.translation_key == "busy"


async def test_move(hass: HomeAssistant, gate: str, hub: BusyHub) -> None:
    """A movement goes on until it is stopped; its speed is that of the buttons."""
    await act(hass, "ptz_move", gate, direction="left")
    await act(hass, "ptz_move", gate, direction="zoom_in", speed=80)
    await act(hass, "ptz_stop", gate)
    assert hub.told.calls == [
        ("move", "1", "left", "50"),
        ("move", "1", "zoom_in", "80"),
        ("stop", "1"),
    ]


async def test_move_for_some_time(hass: HomeAssistant, gate: str, hub: BusyHub) -> None:
    """The camera is stopped when the time is over."""
    await act(hass, "ptz_move", gate, direction="left", duration=0.01)
    assert hub.told.calls == [("move", "1", "left", "50"), ("stop", "1")]
    with pytest.raises(probatio.Invalid):
        await act(hass, "ptz_move", gate, direction="left", duration=3600)


async def long_move(hass: HomeAssistant, gate: str, hub: BusyHub) -> asyncio.Task[Any]:
    task = hass.async_create_task(
        act(hass, "ptz_move", gate, direction="up", duration=60)
    )
    await hub.ptz.moving.wait()
    return task


async def test_cancelled_movement(hass: HomeAssistant, gate: str, hub: BusyHub) -> None:
    """An automation that is stopped leaves no camera moving."""
    task = await long_move(hass, gate, hub)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert hub.told.calls[-1] == ("stop", "1")


async def test_movement_when_home_assistant_stops(
    hass: HomeAssistant, gate: str, hub: BusyHub
) -> None:
    task = await long_move(hass, gate, hub)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await task
    assert hub.told.calls[-1] == ("stop", "1")


async def test_movement_when_the_hub_is_unloaded(
    hass: HomeAssistant, entry: MockConfigEntry, gate: str, hub: BusyHub
) -> None:
    task = await long_move(hass, gate, hub)
    await hass.config_entries.async_unload(entry.entry_id)
    await task
    assert hub.told.calls[-1] == ("stop", "1")


async def test_new_movement_takes_over(
    hass: HomeAssistant, gate: str, hub: BusyHub
) -> None:
    """The end of an earlier movement does not stop a later one."""
    task = await long_move(hass, gate, hub)
    await act(hass, "ptz_goto_preset", gate, preset="yard")
    await task
    assert hub.told.calls == [("move", "1", "up", "50"), ("goto", "1", "2")]


async def test_presets(hass: HomeAssistant, gate: str, hub: BusyHub) -> None:
    """Presets are known by name and by id."""
    assert await act(hass, "ptz_save_preset", gate, name="Door") == {"preset_id": "9"}
    await act(hass, "ptz_save_preset", gate, name="Road", preset="street")
    await act(hass, "ptz_save_preset", gate, name="Sky", preset="17")
    await act(hass, "ptz_delete_preset", gate, preset="1")
    with pytest.raises(ServiceValidationError) as error:
        await act(hass, "ptz_goto_preset", gate, preset="Nowhere")
    assert error.value.translation_key == "preset_not_found"
    assert hub.told.calls == [
        ("save", "1", "new", "Door"),
        ("save", "1", "1", "Road"),
        ("save", "1", "17", "Sky"),
        ("delete", "1", "1"),
    ]


async def test_presets_of_a_hub_that_lists_none(
    hass: HomeAssistant, entry: MockConfigEntry, gate: str, hub: BusyHub
) -> None:
    hub.presets = ()
    await entry.runtime_data.coordinator.async_refresh()
    await act(hass, "ptz_goto_preset", gate, preset="7")
    assert hub.told.calls == [("goto", "1", "7")]


async def test_relay(hass: HomeAssistant, gate: str, hub: BusyHub) -> None:
    """A camera stands for its hub."""
    await act(hass, "trigger_relay", gate, relay="siren")
    assert hub.told.calls == [("trigger", "1")]
    with pytest.raises(ServiceValidationError) as error:
        await act(hass, "trigger_relay", gate, relay="Horn")
    assert error.value.translation_key == "relay_not_found"


async def test_targets(
    hass: HomeAssistant, entry: MockConfigEntry, box: str, gate: str, hub: BusyHub
) -> None:
    """Every target acts once and answers by its name; wrong targets are told."""
    wall = device(hass, entry, "2")
    answer = await act(hass, "create_library", [box, gate, wall], name="One")
    assert set(answer) == {box, gate, wall}
    assert [library.name for library in hub.people.lists.values()].count("One") == 1

    with pytest.raises(ServiceValidationError) as error:
        await act(hass, "ptz_stop", box)
    assert error.value.translation_key == "not_a_camera"
    with pytest.raises(HomeAssistantError) as cannot_move:
        await act(hass, "ptz_stop", wall)
    assert cannot_move.value.translation_key == "unsupported"
    with pytest.raises(ServiceValidationError) as unknown:
        await act(hass, "ptz_stop", "nothing")
    assert unknown.value.translation_key == "service_device_not_found"


async def test_permissions(
    hass: HomeAssistant,
    box: str,
    gate: str,
    hub: BusyHub,
    hass_read_only_user: User,
    hass_admin_user: User,
) -> None:
    """Who may only look may search and nothing else; some is for administrators."""
    reader = Context(user_id=hass_read_only_user.id)
    assert (await act(hass, "search_alarms", gate, reader)) == {"alarms": []}
    for action, data in (
        ("ptz_stop", {}),
        ("list_people", {}),
        ("remove_person", {"person_id": "P1"}),
        ("delete_library", {"library": "1", "confirm": True}),
        ("call_operation", {"operation": "clock"}),
    ):
        with pytest.raises(Unauthorized):
            await act(hass, action, gate, reader, **data)
    with pytest.raises(UnknownUser):
        await act(hass, "ptz_stop", gate, Context(user_id="nobody"))
    assert hub.told.calls == []

    await act(hass, "ptz_stop", gate, Context(user_id=hass_admin_user.id))
    assert hub.told.calls == [("stop", "1")]


async def test_call_operation(hass: HomeAssistant, box: str, hub: BusyHub) -> None:
    """Every request of the manual can be made; the dangerous ones with consent."""
    assert await act(hass, "call_operation", box, operation="clock") == {"echo": {}}
    assert await act(
        hass, "call_operation", box, operation="name", parameters={"name": "x"}
    ) == {"echo": {"name": "x"}}
    with pytest.raises(ServiceValidationError) as error:
        await act(hass, "call_operation", box, operation="format")
    assert error.value.translation_key == "confirm_operation"
    assert error.value.translation_placeholders["operation"] == "Format disk"
    await act(hass, "call_operation", box, operation="format", confirm=True)
    for unknown in ("hello", "nothing"):
        with pytest.raises(ServiceValidationError) as error:
            await act(hass, "call_operation", box, operation=unknown)
        assert error.value.translation_key == "unknown_operation"
    assert hub.told.calls == [("call", "clock"), ("call", "name"), ("call", "format")]


async def test_search_cameras(hass: HomeAssistant, box: str) -> None:
    """The hub looks for cameras, or for the streams of one."""
    assert await act(hass, "search_cameras", box) == {
        "cameras": [
            {
                "address": "192.0.2.9",
                "name": None,
                "manufacturer": "Nobody",
                "model": None,
            }
        ]
    }
    assert await act(
        hass, "search_cameras", box, address="192.0.2.9", username="a", password="b"
    ) == {"streams": ["rtsp://a:b@192.0.2.9/1"]}


async def test_inspect_picture(hass: HomeAssistant, box: str, photo: Path) -> None:
    """The hub tells what it recognises in a picture that it did not take."""
    assert await act(hass, "inspect_picture", box, picture=str(photo)) == {
        "targets": [
            {
                "type": "vehicle",
                "plate": None,
                "box": None,
                "attributes": {"color": "red"},
            }
        ]
    }


async def test_search_alarms(
    hass: HomeAssistant, entry: MockConfigEntry, box: str, gate: str
) -> None:
    """The archive is searched by all that is known of an alarm."""
    alarms = entry.runtime_data.alarms
    now = dt_util.utcnow()
    await alarms.accept(
        alarm(
            "1",
            AlarmKind.FACE_RECOGNIZED,
            time=now - timedelta(hours=2),
            matches=(Match(person_id="P1", name="Ada", similarity=90),),
        )
    )
    await alarms.accept(
        alarm(
            "2",
            AlarmKind.PLATE_RECOGNIZED,
            channel="2",
            time=now - timedelta(hours=1),
            targets=(Target(type="vehicle", plate="AB123"),),
        )
    )
    await alarms.accept(alarm("3", phase=Phase.ENDED, time=now - timedelta(minutes=1)))
    await alarms.accept(alarm("4", time=now - timedelta(days=3)))

    async def found(target: str, **how: Any) -> list[str]:
        answer = await act(hass, "search_alarms", target, **how)
        return [each["alarm_id"] for each in answer["alarms"]]

    assert await found(box) == ["3", "2", "1"]
    assert await found(gate) == ["3", "1"]
    assert await found(box, limit=1) == ["3"]
    assert await found(box, kind="plate_recognized") == ["2"]
    assert await found(box, person="Ada") == ["1"]
    assert await found(box, plate="123") == ["2"]
    assert await found(box, phase="ended") == ["3"]
    start = (now - timedelta(days=4)).isoformat()
    end = dt_util.as_local(now - timedelta(minutes=90)).replace(tzinfo=None)
    assert await found(box, start=start, end=end.isoformat()) == ["1", "4"]
    with pytest.raises(ServiceValidationError) as error:
        await found(box, start=now.isoformat(), end=start)
    assert error.value.translation_key == "end_before_start"


async def test_search_alarms_of_the_hub(
    hass: HomeAssistant, gate: str, hub: BusyHub
) -> None:
    """The hub's own memory is searched when the user wants it."""
    answer = await act(
        hass, "search_alarms", gate, source="hub", kind="intrusion", phase="started"
    )
    (found,) = answer["alarms"]
    assert (found["alarm_id"], found["key"], found["device_id"]) == ("r1", None, gate)
    (query,) = hub.history.queries
    assert query.channels == ("1",)
    assert query.kinds == {AlarmKind.INTRUSION}
    assert query.end - query.start == timedelta(hours=24)


async def enrolled(hass: HomeAssistant, box: str, hub: BusyHub, source: Any) -> bytes:
    """Enrol somebody and return the picture that reached the hub."""
    await act(hass, "enroll_person", box, library="1", name="Ada", picture=source)
    return hub.people.pictures[-1]


async def test_picture_from_media(
    hass: HomeAssistant, box: str, hub: BusyHub, tmp_path: Path
) -> None:
    """What the media browser gives, and the same as text."""
    (tmp_path / "media").mkdir(exist_ok=True)
    content = picture()
    (tmp_path / "media" / "ada.jpg").write_bytes(content)
    media = "media-source://media_source/local/ada.jpg"
    chosen = {"media_content_id": media, "media_content_type": "image/jpeg"}
    assert await enrolled(hass, box, hub, chosen) == content
    assert await enrolled(hass, box, hub, media) == content
    for missing in (
        "media-source://media_source/local/bob.jpg",
        "media-source://vision_hub/nothing",
    ):
        with pytest.raises(ServiceValidationError) as error:
            await enrolled(hass, box, hub, missing)
        assert error.value.translation_key == "picture_not_found"


async def test_picture_of_an_entity(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    box: str,
    hub: BusyHub,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What a camera sees now, or what an image entity shows."""

    async def take(channel: str) -> bytes:
        return picture((64, 48))

    monkeypatch.setattr(hub.snapshots, "take", take)
    await entry.runtime_data.alarms.accept(
        alarm(
            "1",
            time=dt_util.utcnow(),
            pictures=(Picture(PictureRole.SCENE, picture((80, 60))),),
        )
    )
    await hass.async_block_till_done()
    camera = entity_id(hass, entry, "1_camera")
    last_alarm = er.async_get(hass).async_get_entity_id(
        "image", DOMAIN, f"{entry.unique_id}_1_last_alarm"
    )
    assert last_alarm is not None
    for source, size in (
        (camera, (64, 48)),
        (f"media-source://camera/{camera}", (64, 48)),
        (last_alarm, (80, 60)),
        (f"media-source://image/{last_alarm}", (80, 60)),
    ):
        assert await enrolled(hass, box, hub, source) == picture(size)
    with pytest.raises(probatio.Invalid):
        await enrolled(hass, box, hub, "light.kitchen")


async def test_picture_of_an_alarm(
    hass: HomeAssistant, entry: MockConfigEntry, box: str, hub: BusyHub, gate: str
) -> None:
    """What a search found can be enrolled."""
    await entry.runtime_data.alarms.accept(
        alarm(
            "1",
            time=dt_util.utcnow(),
            pictures=(Picture(PictureRole.TARGET, picture((90, 60))),),
        )
    )
    (found,) = (await act(hass, "search_alarms", gate))["alarms"]
    (shown,) = found["pictures"]
    sent = await enrolled(hass, box, hub, shown["media_content_id"])
    assert sent == picture((90, 60))


async def test_pictures_are_put_right(
    hass: HomeAssistant, box: str, hub: BusyHub, photo: Path
) -> None:
    """The hub gets an upright JPEG of a size that it takes, whatever the user has."""

    async def sent(content: bytes) -> Image.Image:
        write(photo, content)
        return Image.open(BytesIO(await enrolled(hass, box, hub, str(photo))))

    assert (await sent(picture(kind="PNG"))).format == "JPEG"
    assert (await sent(picture((4000, 2000)))).size == (1920, 960)
    lying = Image.Exif()
    lying[0x0112] = 6
    assert (await sent(picture((40, 30), exif=lying))).size == (30, 40)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no picture",
        picture()[:200],
        picture((20, 20), "GIF"),
        picture((8000, 7000), "PNG"),
        bytes(24 * 1024 * 1024 + 1),
    ],
    ids=["empty", "text", "damaged", "gif", "many pixels", "many bytes"],
)
async def test_not_a_picture(
    hass: HomeAssistant, box: str, hub: BusyHub, photo: Path, content: bytes
) -> None:
    write(photo, content)
    with pytest.raises(ServiceValidationError) as error:
        await enrolled(hass, box, hub, str(photo))
    assert error.value.translation_key == "not_a_picture"


async def test_files_that_may_not_be_read(
    hass: HomeAssistant, box: str, hub: BusyHub, photo: Path
) -> None:
    with pytest.raises(ServiceValidationError) as error:
        await enrolled(hass, box, hub, "/etc/hostname")
    assert error.value.translation_key == "path_not_allowed"
    with pytest.raises(ServiceValidationError) as error:
        await enrolled(hass, box, hub, str(photo.with_name("none.jpg")))
    assert error.value.translation_key == "picture_not_found"
