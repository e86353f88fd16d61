"""Where a picture may come from, and how it reaches the hub."""

from io import BytesIO
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from PIL import Image
import probatio
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.vision_hub.const import DOMAIN
from custom_components.vision_hub.vendors.model import Picture, PictureRole

from ...conftest import entity_id
from ...helpers.actions import act, alarm, picture
from .conftest import BusyHub, write


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
