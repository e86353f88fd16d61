"""How tests call actions."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import device_registry as dr
from PIL import Image
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.vision_hub.const import DOMAIN
from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.model import Alarm

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def device(hass: HomeAssistant, entry: MockConfigEntry, channel: str = "") -> str:
    """Return the device of the hub or of a channel."""
    identifier = f"{entry.unique_id}:{channel}" if channel else str(entry.unique_id)
    found = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, identifier), entry.entry_id
    )
    assert found is not None
    return found.id


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
