"""Devices, channels, recordings and what else the cloud lists."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Final

from mashumaro import field_options

from ..errors import InvalidRequest
from ..model import Json
from ..toolkit.lenient import WireObject, as_int, as_text, flag, many, number, text
from ..toolkit.shapes import as_rows

BEIJING: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
"""Times without a zone are of Beijing."""

_TIME: Final = "%Y-%m-%d %H:%M:%S"

MAIN_STREAM: Final = "PRIMARY_STREAM"
STREAMS: Final[Mapping[str, str]] = {
    "main": MAIN_STREAM,
    "sub_1": "SECONDARY_STREAM_1",
    "sub_2": "SECONDARY_STREAM_2",
}


def channel_key(device_id: str, channel_id: str) -> str:
    """Name a channel: `<device_id>_<channel_id>`."""
    return f"{device_id}_{channel_id}"


def ids_of(channel: str | None) -> dict[str, Json]:
    """Return `device_id` and `channel_id` of a channel, as parameters."""
    device, _, number = (channel or "").rpartition("_")
    if not device or not number:
        raise InvalidRequest("There is no such channel")
    return {"device_id": device, "channel_id": number}


def time_of(value: str) -> datetime | None:
    """Read a time; some have a fraction of a second behind (7.2)."""
    try:
        return datetime.strptime(value[:19], _TIME).replace(tzinfo=BEIJING)
    except ValueError:
        return None


def text_of(time: datetime) -> str:
    """Write a time for a query."""
    return f"{time.astimezone(BEIJING):{_TIME}}"


def _as_words(value: object) -> frozenset[str]:
    """Read a list that may be one text with commas (5.2, 7.2)."""
    words = value.split(",") if isinstance(value, str) else as_rows(value)
    return frozenset(word for each in words if (word := as_text(each)))


def words() -> frozenset[str]:
    """Declare a set of words."""
    return field(default=frozenset(), metadata=field_options(deserialize=_as_words))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRow(WireObject):
    """`InnerChannelInfo` (5.2)."""

    channel_id: str = text()
    channel_name: str = text()
    channel_state: str = text()
    channel_system_state: str = text()
    channel_resource_state: frozenset[str] = words()
    channel_ability: frozenset[str] = words()
    channel_model: str = text()
    channel_model_e: str = text()
    invalid_type: str = text()
    storage_card_status: str = text()
    mask_mode: str = text()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRow(WireObject):
    """`InnerDeviceInfoMuti` (5.2)."""

    device_id: str = text()
    device_name: str = text()
    device_state: str = text()
    device_system_state: str = text()
    device_type: str = text()
    access_protocol: str = text()
    manufacture: str = text()
    model: str = text()
    firmware: str = text()
    device_ability: frozenset[str] = words()
    channels: tuple[ChannelRow, ...] = many(ChannelRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRow(WireObject):
    """A recording (9.2)."""

    record_type: str = text()
    start_time: str = text()
    end_time: str = text()


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSection(WireObject):
    """When to record on a day of the week (11.3); 1 is Monday."""

    day_of_week: int | None = number()
    start_time: str = text()
    end_time: str = text()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPlan(WireObject):
    """When a channel is recorded (11.3)."""

    all_day: bool | None = flag()
    time_sections: tuple[TimeSection, ...] = many(TimeSection)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePolicy(WireObject):
    """How long recordings are kept (11.6); 0 days: for ever."""

    storage_days: int | None = number()
    storage_type: str = text()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource(WireObject):
    """What was bought (13.1)."""

    resource_id: str = text()
    resource_name: str = text()
    resource_type_code: str = text()
    resource_state: str = text()
    total_num: int | None = number()
    usage_num: int | None = number()
    exp_time: str = text()
    """`Exp_time` in the manual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PresetRow(WireObject):
    """A stored position (15.1)."""

    preset_index: int | None = number()
    preset_name: str = text()


@dataclass(frozen=True, slots=True, kw_only=True)
class CruiseRow(WireObject):
    """A cruise track (15.6)."""

    cruises_id: int | None = number()
    cruises_name: str = text()
    enable_cruise: str = text()


def _as_counts(value: object) -> tuple[int, ...]:
    counts = value if isinstance(value, list) else [value]
    return tuple(max(as_int(each) or 0, 0) for each in counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleCounts(WireObject):
    """How many went in and out in each hour or day of a time (10.4.1)."""

    entered: tuple[int, ...] = field(
        default=(), metadata=field_options(alias="in", deserialize=_as_counts)
    )
    left: tuple[int, ...] = field(
        default=(), metadata=field_options(alias="out", deserialize=_as_counts)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatValues(WireObject):
    """Where people were (10.4.3)."""

    width: int | None = number()
    height: int | None = number()
    rawbase64: str = field(
        default="", repr=False, metadata=field_options(deserialize=as_text)
    )
