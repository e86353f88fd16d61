"""Pictures that a hub keeps are fetched."""

from homeassistant.core import HomeAssistant
import pytest

from custom_components.vision_hub.alarms import AlarmCenter, AlarmUpdate, Reason
from custom_components.vision_hub.vendors.errors import CannotConnect
from custom_components.vision_hub.vendors.model import Picture, PictureRole

from ..helpers.alarms import an_alarm, jpeg
from ..helpers.fake_hub import FakeHub
from .conftest import now


async def test_pictures_are_fetched(
    hass: HomeAssistant,
    center: AlarmCenter,
    hub: FakeHub,
    updates: list[AlarmUpdate],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "custom_components.vision_hub.alarms.picture_fetcher.WAITS", (0.001, 0.001)
    )
    hub.pictures = {"good": jpeg(), "bad": CannotConnect("no")}
    await center.accept(
        an_alarm(
            time=now(),
            pictures=tuple(
                Picture(PictureRole.SCENE, None, reference)
                for reference in hub.pictures
            ),
        )
    )
    assert "1" not in center.latest_picture
    await hass.async_block_till_done(wait_background_tasks=True)
    assert [update.reason for update in updates] == [Reason.ALARM, Reason.PICTURE]
    assert updates[1].stored == center.latest_picture["1"] == center.latest_alarm["1"]
    assert len(center.latest_picture["1"].pictures) == 1
