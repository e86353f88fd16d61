"""What a camera shows."""

from homeassistant.components.camera import async_get_image, async_get_stream_source
from homeassistant.const import STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulators.uniview import UniviewBox

from ..conftest import PASSWORD, Setup, entity_id, until


@pytest.mark.parametrize("expected_lingering_timers", [True])
async def test_still_picture(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """A camera shows a frame of its stream."""
    image = await async_get_image(hass, entity_id(hass, entry, "1_camera"))
    assert image.content.startswith(b"\xff\xd8")
    source = await async_get_stream_source(hass, entity_id(hass, entry, "1_camera"))
    assert source == f"rtsp://{box.host}:{box.rtsp_port}/channel/1"


async def test_still_picture_without_video(hass: HomeAssistant, set_up: Setup) -> None:
    """A camera without a stream shows the scene of its last alarm."""
    async with UniviewBox(channels=2, password=PASSWORD, video=False) as box:
        box.quirks.no_stream_urls = True
        entry = await set_up(box)
        await until(hass, entity_id(hass, entry, "push"), STATE_ON)
        camera = entity_id(hass, entry, "2_camera")
        with pytest.raises(HomeAssistantError):
            await async_get_image(hass, camera)
        push = await box.alarm("SafetyHelmetAlarm", channel_id=2)
        assert await push.delivered(timeout=5)
        image = await async_get_image(hass, camera)
        assert image.content.startswith(b"\xff\xd8")
