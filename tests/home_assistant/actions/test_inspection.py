"""What the hub finds in its network and in a picture."""

from pathlib import Path

from homeassistant.core import HomeAssistant

from ...helpers.actions import act


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
