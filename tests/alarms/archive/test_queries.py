"""What is found in the archive."""

from datetime import timedelta

from custom_components.vision_hub.alarms.archive import Archive, ArchiveQuery
from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.model import Counts, Match, Phase, Target

from ...helpers.alarms import NOON, an_alarm, scene
from .conftest import add


async def test_search(archive: Archive) -> None:
    for number in range(30):
        await add(
            archive,
            an_alarm(
                channel=str(number % 3),
                time=NOON + timedelta(minutes=number // 2),
                kind=AlarmKind.FIRE if number % 2 else AlarmKind.FALL,
                phase=Phase.ENDED if number == 4 else Phase.STARTED,
                matches=(Match(person_id=f"p{number}", name=f"Ann_{number}%"),),
                targets=(Target(plate=f"B-{number:03}"),),
            ),
            hub=f"hub{number % 5}",
        )

    async def found(**query: object) -> list[int]:
        return [
            stored.key - 1 for stored in await archive.search(ArchiveQuery(**query))
        ]

    assert await found() == list(range(29, -1, -1))
    assert await found(limit=3) == [29, 28, 27]
    assert await found(limit=3, before_key=28) == [26, 25, 24]
    assert await found(hubs=("hub1", "hub2"), channels=("0",)) == [27, 21, 12, 6]
    assert await found(kinds=(AlarmKind.FIRE,), limit=2) == [29, 27]
    assert await found(
        start=NOON + timedelta(minutes=3), end=NOON + timedelta(minutes=4)
    ) == [7, 6]
    assert await found(phase=Phase.ENDED) == [4]
    assert await found(person="p7") == [7]
    assert await found(person="p") == []
    assert await found(person="ann_7%") == [7]
    assert await found(person="_2%") == [2]
    assert await found(plate="029") == [29]


async def test_latest_and_seen(archive: Archive) -> None:
    await add(archive, an_alarm(id="picture", pictures=(scene(),)))
    await add(
        archive,
        an_alarm(id="face", kind=AlarmKind.FACE_CAPTURED, time=NOON + timedelta(1)),
    )
    await add(
        archive,
        an_alarm(
            id="count",
            kind=AlarmKind.PEOPLE_COUNTED,
            counts=Counts(inside=1),
            time=NOON - timedelta(1),
        ),
    )
    await add(archive, an_alarm(id="another", channel="2", time=NOON + timedelta(2)))
    await archive.add("hub", an_alarm(), received=NOON, late=True)
    latest = [stored.alarm.id for stored in await archive.latest("hub")]
    assert latest == ["count", "picture", "face", "another"]
    assert await archive.seen("hub") == {
        ("1", AlarmKind.INTRUSION),
        ("1", AlarmKind.FACE_CAPTURED),
        ("1", AlarmKind.PEOPLE_COUNTED),
        ("2", AlarmKind.INTRUSION),
    }
    assert await archive.last_time("hub") == NOON + timedelta(2)
    await archive.set_complete("hub", NOON + timedelta(3))
    assert await archive.last_time("hub") == NOON + timedelta(3)
    assert await archive.last_time("another") is None
