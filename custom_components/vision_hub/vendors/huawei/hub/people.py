"""Who is enrolled, and in which list of which device (chapter 14)."""

from collections.abc import AsyncIterator, Mapping
import logging
import re
from typing import Final, override

from ...contract import People, PersonQuery
from ...errors import (
    InvalidRequest,
    RejectedByHub,
    UnexpectedAnswer,
    Unsupported,
    VisionError,
)
from ...model import (
    Enrollment,
    Gender,
    Json,
    Library,
    LibraryKind,
    Person,
    PersonDetails,
)
from ...toolkit.lenient import as_int, as_text, rows_of
from ...toolkit.matches import kind_by_name
from ...toolkit.parameters import number_of
from ...toolkit.shapes import objects_in, rows_in
from ..error_codes import Meaning, code_in, error_of, meaning_of
from ..libraries import (
    DEFAULT_TYPES,
    EDGE,
    KINDS,
    NVR,
    TARGET_PREFIX,
    Group,
    TargetRow,
    check_list_name,
    check_person,
    device_name,
    family_of,
    group_type,
    kept_fields,
    target_body,
)
from ..transport import MAX_BATCH, Transport
from ..wire import DeviceRow, channel_key, ids_of
from .details import Details
from .face_pictures import encode_face_picture

_LOGGER = logging.getLogger(__name__)

_ONLINE: Final = "ONLINE"

# One of these is told by what compares faces (20.5).
_ABILITIES: Final = frozenset({"intelligent", "algorithm", "abilityauth"})

_PAGE: Final = 200
_MAX_PAGES: Final = 1000
_QUALIFIED: Final = re.compile(r"(?P<name>.*\S)\s*\((?P<device>[^()]+)\)\s*")


class HuaweiPeople(People):
    """Works on the lists of all devices. One is named `<device>_<group>`."""

    def __init__(self, transport: Transport, details: Details) -> None:
        """Work through `transport`, know the devices from `details`."""
        self._transport = transport
        self._details = details
        self._types: dict[str, str] = {}
        """`group_type` of the lists that we made or changed: it cannot be read."""
        self._incapable: set[str] = set()

    @override
    async def libraries(self) -> tuple[Library, ...]:
        found: list[tuple[DeviceRow, Group]] = []
        for device in await self._devices():
            try:
                found += [(device, group) for group in await self._groups(device)]
            except Unsupported:
                self._incapable.add(device.device_id)
            except RejectedByHub as error:
                # No algorithm is installed, or the disk is full: others may answer.
                _LOGGER.debug("The lists of a device cannot be read: %s", error)
        several = len({device.device_id for device, _ in found}) > 1
        return tuple(
            Library(
                id=library,
                name=f"{group.name} ({device_name(device)})" if several else group.name,
                kind=KINDS.get(self._types.get(library, ""))
                or kind_by_name(group.name),
            )
            for device, group in found
            if (library := channel_key(device.device_id, str(group.group_id)))
        )

    @override
    async def create_library(
        self, name: str, *, kind: LibraryKind | None = None
    ) -> Library:
        device, name = await self._device_for(name)
        check_list_name(name)
        params: dict[str, Json] = {"device_id": device.device_id, "group_name": name}
        told = group_type(device, kind) if kind else DEFAULT_TYPES[family_of(device)]
        params["group_type"] = told
        answer = await self._ask_group("target_group_add", params)
        group = as_int(answer.get("group_id"))
        if group is None:
            raise UnexpectedAnswer("The cloud did not tell the number of the list")
        library = channel_key(device.device_id, str(group))
        self._types[library] = told
        return Library(id=library, name=name, kind=KINDS.get(told), persons=0)

    @override
    async def update_library(
        self,
        library: str,
        *,
        name: str | None = None,
        kind: LibraryKind | None = None,
    ) -> None:
        device, group = await self._find(library)
        if name is not None:
            # Shown with its device where there are several.
            if qualified := _QUALIFIED.fullmatch(name):
                shown = qualified["device"]
                name = qualified["name"] if shown == device_name(device) else name
            check_list_name(name)
        told = group_type(device, kind) if kind else self._types.get(library)
        if told is None:
            # A guess may turn a list of blocked persons into one of allowed ones.
            raise InvalidRequest("Say the kind of the list too: it cannot be read")
        await self._write(library, device, group, name or group.name, told)

    @override
    async def delete_library(self, library: str) -> None:
        await self._ask_group("target_group_delete", _params(library))
        self._types.pop(library, None)

    @override
    def persons(self, query: PersonQuery) -> AsyncIterator[Person]:
        return query.select(self._persons(query))

    @override
    async def enroll(
        self, library: str, details: PersonDetails, picture: bytes
    ) -> Person:
        device, group = await self._find(library)
        target = {
            **target_body(details, family_of(device)),
            "jpegBase64": await encode_face_picture(picture),
        }
        check_person(target)
        answer = await self._transport.ask(
            "targets_batch_add", {**_params(library), "targets": [target]}
        )
        row = next(iter(rows_of(TargetRow, answer.get("targets"))), TargetRow())
        if not row.target_id:
            raise UnexpectedAnswer("The cloud did not tell the id of the person")
        await self._open(library, device, group)
        return Person(
            id=row.target_id,
            library_id=library,
            details=details,
            enrollment=Enrollment.READY,
            picture=_picture_of(library, row.target_id),
        )

    @override
    async def update(
        self,
        person: str,
        library: str,
        details: PersonDetails,
        picture: bytes | None = None,
    ) -> None:
        device, _ = await self._find(library)
        known = await self._row(person, library)
        if picture is not None:
            jpg = await encode_face_picture(picture)
        else:
            # Everything is replaced, the picture too (14.13).
            jpg = known.jpg or await self._jpg(person, library)
            if not jpg:
                raise InvalidRequest("The device does not give the picture: bring it")
        target: dict[str, Json] = {
            **kept_fields(known, family_of(device)),
            **target_body(details, family_of(device)),
            "target_id": person,
            "jpegBase64": jpg,
        }
        check_person(target)
        await self._transport.ask(
            "targets_batch_update", {**_params(library), "targets": [target]}
        )

    @override
    async def remove(self, persons: tuple[str, ...], library: str | None) -> None:
        places = (
            {library: list(persons)}
            if library is not None
            else await self._libraries_of(persons)
        )
        failures: list[VisionError] = []
        for place, ids in places.items():
            for start in range(0, len(ids), MAX_BATCH):
                some: list[Json] = list(ids[start : start + MAX_BATCH])
                answer = await self._transport.ask(
                    "targets_batch_delete", {**_params(place), "target_ids": some}
                )
                failures += _failures(answer.get("target_ids"))
        if failures:
            raise failures[0]

    async def picture(self, reference: str) -> str:
        """Return base64 of an enrolled picture by what follows `TARGET_PREFIX`."""
        library, _, person = reference.partition("/")
        if not (jpg := await self._jpg(person, library)):
            jpg = (await self._row(person, library)).jpg
        return jpg

    async def _devices(self) -> list[DeviceRow]:
        """Return who may have lists: not those that speak GB28181 (20090017)."""
        if not self._details.devices:
            await self._details.read_devices()
        return [
            device
            for device in self._details.devices.values()
            if device.access_protocol != "GB28181"
            and device.device_state == _ONLINE
            and device.device_id not in self._incapable
            and (not device.device_ability or device.device_ability & _ABILITIES)
        ]

    async def _groups(self, device: DeviceRow) -> list[Group]:
        answer = await self._transport.ask(
            "target_groups_list", {"device_id": device.device_id}
        )
        rows = rows_of(Group, answer.get("groups"))
        return [row for row in rows if row.group_id is not None]

    async def _find(self, library: str) -> tuple[DeviceRow, Group]:
        params = _params(library)
        if not self._details.devices:
            await self._details.read_devices()
        device = self._details.devices.get(as_text(params["device_id"]))
        if device is not None:
            for group in await self._groups(device):
                if group.group_id == params["group_id"]:
                    return device, group
        raise InvalidRequest("There is no such list")

    async def _device_for(self, name: str) -> tuple[DeviceRow, str]:
        """Find on which device a list shall be: `Staff (Recorder)`."""
        devices = await self._devices()
        if qualified := _QUALIFIED.fullmatch(name):
            wanted = qualified["device"].strip().casefold()
            fitting = [
                device
                for device in devices
                if wanted
                in {device_name(device).casefold(), device.device_id.casefold()}
            ]
            if len(fitting) == 1:
                return fitting[0], qualified["name"]
        if len(devices) == 1:
            return devices[0], name
        if not devices:
            raise Unsupported("No device that is online has lists of persons")
        raise InvalidRequest("Name the device too: Staff (Recorder)")

    async def _ask_group(
        self, operation: str, params: Mapping[str, Json]
    ) -> dict[str, Json]:
        """Change lists by the second version; older accounts have but the first."""
        try:
            return await self._transport.ask(f"{operation}_v2", params)
        except Unsupported:
            return await self._transport.ask(f"{operation}_v1", params)

    async def _write(
        self, library: str, device: DeviceRow, group: Group, name: str, told: str
    ) -> None:
        params: dict[str, Json] = {
            **_params(library),
            "group_name": name,
            "group_type": told,
        }
        if family_of(device) != EDGE:
            # Optional by the table, demanded by the text (14.4).
            params["enable"] = group.enable or "OPEN"
        await self._ask_group("target_group_update", params)
        self._types[library] = told

    async def _open(self, library: str, device: DeviceRow, group: Group) -> None:
        """Let a list of ours take effect: while it was empty it could not (20090028)."""
        told = self._types.get(library)
        if group.enable != "CLOSE" or told is None:
            return
        opened = Group(group_id=group.group_id, name=group.name, enable="OPEN")
        try:
            await self._write(library, device, opened, group.name, told)
        except RejectedByHub as error:
            _LOGGER.debug("A list stays closed: %s", error)

    async def _persons(self, query: PersonQuery) -> AsyncIterator[Person]:
        for library in await self.library_ids(query):
            async for row in self._rows(library):
                yield _person(row, library)

    async def _rows(self, library: str) -> AsyncIterator[TargetRow]:
        """Yield who is in a list, each once.

        Whether `start` counts pages or rows is told in both ways (14.9, chapter 2).
        """
        params = _params(library)
        seen: set[str] = set()
        by_page = False
        for page in range(_MAX_PAGES):
            start = page if by_page else len(seen)
            fresh = await self._page(params, start, seen)
            if not fresh and page == 1 and not by_page:
                by_page = True
                fresh = await self._page(params, page, seen)
            for row in fresh:
                seen.add(row.target_id)
                yield row
            if not fresh or len(seen) < _PAGE * (page + 1):
                return
        raise UnexpectedAnswer("The list has no end")

    async def _page(
        self, params: Mapping[str, Json], start: int, seen: set[str]
    ) -> list[TargetRow]:
        answer = await self._transport.ask(
            "targets_list", {**params, "start": start, "count": _PAGE}
        )
        told = self._transport.notes.identified(
            "targets_list", TargetRow, rows_in(answer, "targets"), "target_id"
        )
        rows = {row.target_id: row for row in told}
        return [row for key, row in rows.items() if key not in seen]

    async def _row(self, person: str, library: str) -> TargetRow:
        async for row in self._rows(library):
            if row.target_id == person:
                return row
        raise InvalidRequest("There is no such person")

    async def _jpg(self, person: str, library: str) -> str:
        """14.8; an IVS1800 cannot, and a camera wants the list before the id."""
        params = _params(library)
        device = self._details.devices.get(as_text(params["device_id"]))
        family = family_of(device) if device else ""
        if family == EDGE:
            return ""
        alone = family not in {NVR, EDGE} and "_" not in person
        wanted = f"{params['group_id']}_{person}" if alone else person
        answer = await self._transport.ask(
            "targets_get", {"device_id": params["device_id"], "target_ids": [wanted]}
        )
        return next((row.jpg for row in rows_of(TargetRow, answer.get("targets"))), "")

    async def _libraries_of(self, persons: tuple[str, ...]) -> dict[str, list[str]]:
        """Find in which list persons are; ids are those of one device only."""
        places: dict[str, list[str]] = {}
        found: set[str] = set()
        for library in await self.libraries():
            async for row in self._rows(library.id):
                if row.target_id in persons:
                    if row.target_id in found:
                        raise InvalidRequest("Several lists have this id: name one")
                    found.add(row.target_id)
                    places.setdefault(library.id, []).append(row.target_id)
        if len(found) < len(set(persons)):
            raise InvalidRequest("There is no such person")
        return places


def _params(library: str) -> dict[str, Json]:
    ids = ids_of(library)
    return {
        "device_id": ids["device_id"],
        "group_id": number_of(ids["channel_id"], "list"),
    }


def _person(row: TargetRow, library: str) -> Person:
    return Person(
        id=row.target_id,
        library_id=library,
        details=PersonDetails(
            name=row.name or None,
            gender=Gender(row.gender) if row.gender in set(Gender) else None,
            phone=row.phone or None,
            email=row.email or None,
            id_number=row.work_no or None,
            remark=row.remark or None,
        ),
        enrollment=Enrollment.READY,
        picture=_picture_of(library, row.target_id),
    )


def _picture_of(library: str, person: str) -> str:
    return f"{TARGET_PREFIX}{library}/{person}"


def _failures(rows: Json) -> list[VisionError]:
    """Return why some of a batch failed."""
    failures: list[VisionError] = []
    for row in objects_in(rows):
        code, message = code_in(row)
        if code and meaning_of(code) is not Meaning.DONE:
            failures.append(error_of(code, message))
    return failures
