"""What tests of the archive share."""

from datetime import timedelta
from pathlib import Path

from homeassistant.util import dt as dt_util

from custom_components.vision_hub.alarms.archive import Archive, StoredAlarm
from custom_components.vision_hub.vendors.model import Alarm


async def add(
    archive: Archive, alarm: Alarm, hub: str = "hub", age: timedelta = timedelta()
) -> StoredAlarm | None:
    return await archive.add(hub, alarm, received=dt_util.utcnow() - age, late=False)


def write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
