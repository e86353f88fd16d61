"""Pictures that a hub keeps are fetched, whatever comes between."""

import asyncio
from datetime import timedelta
import errno
from pathlib import Path

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.vision_hub.alarms import AlarmCenter, AlarmUpdate, Reason
from custom_components.vision_hub.alarms.archive import Archive, WaitingPicture
from custom_components.vision_hub.vendors.errors import (
    AnswerTimeout,
    AuthenticationFailed,
    CannotConnect,
    RejectedByHub,
    UnexpectedAnswer,
)
from custom_components.vision_hub.vendors.model import Alarm, Picture, PictureRole

from ..helpers.alarms import an_alarm, jpeg, scene
from ..helpers.disk import Disk
from ..helpers.fake_hub import FakeHub
from .conftest import make_center, now, until

GONE = RejectedByHub("404", "There is no such file")
FETCHER = "custom_components.vision_hub.alarms.picture_fetcher"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{FETCHER}.WAITS", (timedelta(milliseconds=10),))
    monkeypatch.setattr(f"{FETCHER}.FIRST_REST", 0.01)
    monkeypatch.setattr(f"{FETCHER}.LONGEST_REST", 0.05)


def pointing(*references: str, ago: float = 0) -> Alarm:
    return an_alarm(
        time=now(ago),
        pictures=tuple(
            Picture(PictureRole.SCENE, None, reference) for reference in references
        ),
    )


def pictures(center: AlarmCenter) -> int:
    stored = center.latest_alarm.get("1")
    return len(stored.pictures) if stored else 0


async def test_pictures_are_fetched(
    center: AlarmCenter, hub: FakeHub, updates: list[AlarmUpdate]
) -> None:
    """Each once, though others cannot be had."""
    center.start()
    hub.pictures = {
        "bad": CannotConnect("no"),
        "slow": AnswerTimeout(),
        "fault": KeyError("no"),
        "text": b"<html>",
        "good": jpeg(),
    }
    await center.accept(pointing(*hub.pictures))
    assert "1" not in center.latest_picture
    await until(lambda: pictures(center) == 1)
    told = [update for update in updates if update.reason is not Reason.PUSH]
    assert [update.reason for update in told] == [Reason.ALARM, Reason.PICTURE]
    assert told[1].stored == center.latest_picture["1"] == center.latest_alarm["1"]
    hub.pictures["bad"] = hub.pictures["slow"] = jpeg()
    await until(lambda: pictures(center) == 3)
    assert hub.fetched.count("good") == 1


async def test_after_a_restart(
    hass: HomeAssistant, entry: MockConfigEntry, hub: FakeHub, archive: Archive
) -> None:
    """What was being fetched goes on; what is here is not fetched again."""
    first = make_center(hass, entry, hub, archive)
    await first.load()
    first.start()
    hub.pictures = {"one": jpeg(1), "two": jpeg(2)}
    await first.accept(pointing("one"))
    await until(lambda: pictures(first) == 1)
    hub.hangs = True
    await first.accept(pointing("two"))
    await until(lambda: "two" in hub.fetched)
    await first.stop()

    hub.hangs = False
    second = make_center(hass, entry, hub, archive)
    await second.load()
    second.start()
    await until(lambda: pictures(second) == 1)
    await second.stop()
    assert hub.fetched == ["one", "two", "two"]


async def test_long_outage(center: AlarmCenter, hub: FakeHub) -> None:
    """No picture is lost, and the hub is not asked for each of them all the time."""
    center.start()
    names = [f"{number}" for number in range(50)]
    hub.pictures = dict.fromkeys(names, CannotConnect("off"))
    await asyncio.gather(*(center.accept(pointing(name)) for name in names))
    await asyncio.sleep(0.5)
    assert 4 < len(hub.fetched) < 40
    hub.fetched.clear()
    hub.pictures = {name: jpeg(int(name)) for name in names}
    await until(lambda: set(hub.fetched) == set(names))
    assert len(hub.fetched) == len(names)


async def test_lost(
    center: AlarmCenter,
    hub: FakeHub,
    archive: Archive,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A hub may still be writing what it told of; then it is gone for good."""
    center.start()
    hub.pictures = {"gone": GONE}
    await center.accept(pointing("gone"))
    await until(lambda: len(hub.fetched) > 3)
    assert await archive.next_waiting(entry.entry_id, ()) is not None
    monkeypatch.setattr(f"{FETCHER}.WRITTEN_WITHIN", timedelta())
    await until_none_waits(archive, entry)
    count = len(hub.fetched)
    await center.accept(pointing("gone"))
    await until_none_waits(archive, entry)
    assert len(hub.fetched) == count + 2


@pytest.mark.parametrize(
    ("trouble", "limit"),
    [
        (RejectedByHub("500", "Out of order"), "MOST_REFUSALS"),
        (UnexpectedAnswer(), "MOST_REFUSALS"),
        (KeyError("a fault of ours"), "MOST_REFUSALS"),
        (b"<html>", "MOST_REFUSALS"),
        (AnswerTimeout(), "MOST_ATTEMPTS"),
        (AuthenticationFailed(), "MOST_ATTEMPTS"),
    ],
)
async def test_attempts_have_an_end(
    center: AlarmCenter,
    hub: FakeHub,
    archive: Archive,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
    trouble: Exception | bytes,
    limit: str,
) -> None:
    """What may pass is waited for longer."""
    monkeypatch.setattr(f"{FETCHER}.WRITTEN_WITHIN", timedelta())
    monkeypatch.setattr(f"{FETCHER}.{limit}", 5)
    center.start()
    hub.pictures = {"trouble": trouble}
    await center.accept(pointing("trouble"))
    await until_none_waits(archive, entry)
    assert len(hub.fetched) == 5


async def test_disk_without_room(
    center: AlarmCenter,
    hub: FakeHub,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """A picture that could not be stored is fetched again, and nothing else."""
    health = "custom_components.vision_hub.alarms.archive.health"
    monkeypatch.setattr(f"{health}.FIRST_WAIT", 0.02)
    monkeypatch.setattr(f"{health}.LONGEST_WAIT", 0.05)
    disk = Disk(monkeypatch, tmp_path / "media")
    center.start()
    await center.accept(an_alarm(time=now(1), pictures=(scene(),)))
    disk.error = errno.ENOSPC
    hub.pictures = {"one": jpeg(1)}
    await center.accept(pointing("one"))
    await until(lambda: len(hub.fetched) > 2)
    disk.error = None
    await until(lambda: pictures(center) == 1)


async def until_none_waits(archive: Archive, entry: MockConfigEntry) -> None:
    waiting: object = WaitingPicture
    for _ in range(2000):
        waiting = await archive.next_waiting(entry.entry_id, ())
        if waiting is None:
            return
        await asyncio.sleep(0.005)
    pytest.fail(f"It still waits: {waiting}")
