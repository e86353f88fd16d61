"""What has been recorded: what the plans kept, and what was put in."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from .account import Account
from .models import Channel, Package, Place, Recording, RecordType, Section
from .request_fields import BEIJING

_HOUR, _DAY = 3600, 86_400
_WHOLE_DAY = tuple((hour * _HOUR, (hour + 1) * _HOUR) for hour in range(24))


def _spans(sections: list[Section], weekday: int) -> list[tuple[int, int]]:
    return sorted((s.start, s.end) for s in sections if s.day_of_week == weekday)


def _planned(
    account: Account, channel: Channel, place: Place, start: float, end: float
) -> Iterator[Recording]:
    """Return what the plan of a channel has recorded, by pieces of an hour at most."""
    plan, now = channel.plan, account.now()
    first = max(start, now - account.limits.record_days * _DAY, channel.create_time)
    last = min(end, now)
    if plan is None or first >= last:
        return
    midnight = datetime.fromtimestamp(first, BEIJING).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    while (day := midnight.timestamp()) < last:
        weekday = midnight.isoweekday()
        spans = _WHOLE_DAY if plan.all_day else _spans(plan.sections, weekday)
        for begin, finish in spans:
            if day + begin < last and day + finish > first and day + begin < now:
                yield Recording(place, day + begin, min(day + finish, now))
        midnight += timedelta(days=1)


def _keeps(account: Account, channel: Channel, place: Place) -> bool:
    if place is Place.CLOUD:
        return channel.granted(Package.FULL_RECORD)
    direct = account.devices[channel.device_id].is_direct
    return channel.storage_card_status == "0" or not direct


def recorded(
    account: Account,
    channel: Channel,
    place: Place,
    start: float,
    end: float,
    kinds: frozenset[RecordType] = frozenset(RecordType),
) -> list[Recording]:
    """Return the recordings that a span of time touches, oldest first."""
    found = [
        recording
        for recording in channel.recordings
        if recording.place is place
        and recording.record_type in kinds
        and recording.start < end
        and recording.end > start
    ]
    if RecordType.NORMAL in kinds and _keeps(account, channel, place):
        found += _planned(account, channel, place, start, end)
    return sorted(found, key=lambda recording: (recording.start, recording.end))


def cut(recordings: list[Recording], start: float, end: float) -> tuple[Recording, ...]:
    """Return what is played between two moments: each moment once."""
    pieces: list[Recording] = []
    for recording in recordings:
        begin = max(recording.start, start, pieces[-1].end if pieces else start)
        finish = min(recording.end, end)
        if finish - begin >= 1:
            pieces.append(
                Recording(recording.place, begin, finish, recording.record_type)
            )
    return tuple(pieces)
