"""Who is enrolled on the devices of a Huawei account."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.vision_hub.const import DOMAIN
from simulators import pictures
from simulators.huawei import HuaweiCloud
from simulators.huawei.target_libraries import libraries_of

from ...conftest import Setup


@pytest.fixture
async def cloud() -> AsyncIterator[HuaweiCloud]:
    """A recorder with five persons, and two cameras."""
    async with HuaweiCloud(seed=7) as cloud:
        yield cloud


@pytest.fixture
async def entry(
    hass: HomeAssistant, cloud: HuaweiCloud, start_hub: Setup
) -> MockConfigEntry:
    """A loaded entry."""
    return await start_hub(cloud)


async def act(
    hass: HomeAssistant, entry: MockConfigEntry, action: str, **data: Any
) -> Any:
    """Call an action on the account; return its answer if it has one."""
    device = entry.runtime_data.coordinator.hub_device_id
    answers = hass.services.supports_response(DOMAIN, action) != "none"
    answer = await hass.services.async_call(
        DOMAIN,
        action,
        {"device_id": device, **data},
        blocking=True,
        return_response=answers,
    )
    return answer[device] if answer is not None else None


def enrolled(cloud: HuaweiCloud, name: str) -> list[tuple[str, str]]:
    """Return where somebody is enrolled: devices and groups."""
    return [
        (device.device_name, group.name)
        for device, group, target in libraries_of(cloud.device).everybody()
        if target.fields["name"] == name
    ]


async def test_enrol_find_and_remove(
    hass: HomeAssistant, cloud: HuaweiCloud, entry: MockConfigEntry, tmp_path: Path
) -> None:
    """Somebody is enrolled in a list of the recorder, found, changed and removed."""
    hass.config.allowlist_external_dirs.add(str(tmp_path))
    picture = tmp_path / "face.jpg"
    picture.write_bytes(pictures.face(11))
    recorder = cloud.devices[0].device_name

    found = await act(hass, entry, "list_libraries")
    (staff,) = [
        library["library_id"]
        for library in found["libraries"]
        if library["name"].startswith("Staff") and recorder in library["name"]
    ]
    people = await act(hass, entry, "list_people", library=staff)
    names = {person["name"] for person in people["people"]}
    assert {"Mira Solberg", "Liu Chen"} <= names

    answer = await act(
        hass,
        entry,
        "enroll_person",
        library=staff,
        picture=str(picture),
        name="Ada Quist",
        gender="female",
    )
    assert enrolled(cloud, "Ada Quist") == [(recorder, "Staff")]
    found = await act(hass, entry, "find_person", name="Ada Quist", library=staff)
    assert [each["person_id"] for each in found["people"]] == [answer["person_id"]]

    person = answer["person_id"]
    await act(
        hass,
        entry,
        "update_person",
        person_id=person,
        library=staff,
        name="Ada Lind",
    )
    assert enrolled(cloud, "Ada Quist") == []
    assert enrolled(cloud, "Ada Lind") == [(recorder, "Staff")]
    await act(hass, entry, "remove_person", person_id=[person])
    assert enrolled(cloud, "Ada Lind") == []
