"""Writes that replace a whole lose nothing that the node did not tell."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import ClientSession
import pytest

from custom_components.vision_hub.vendors.contract import Command
from custom_components.vision_hub.vendors.errors import WouldErase
from custom_components.vision_hub.vendors.model import LibraryKind, SettingKey
from custom_components.vision_hub.vendors.sensetime.hub import SenseTimeHub

from ...helpers.doubles import Callbacks, Sink
from .conftest import IMAGE, RTSP, Node, done, open_hub

type Act = Callable[[SenseTimeHub], Awaitable[object]]

_NTP = {"ntp_cycle": "30", "ntp_disable": "0", "url": "ntp.lan"}
_CLOCK = {"sys_time": "2019-01-23 14:51:18", "time_format": "yyyy-MM-dd HH:mm:ss"}


def _without(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


def _set(name: str, value: float | str, channel: str | None = None) -> Act:
    async def act(hub: SenseTimeHub) -> None:
        assert hub.settings
        await hub.settings.write(SettingKey(name, channel), value)

    return act


def _library(**changes: Any) -> Act:
    async def act(hub: SenseTimeHub) -> None:
        assert hub.people
        await hub.people.update_library("1", **changes)

    return act


async def _set_clock(hub: SenseTimeHub) -> None:
    assert hub.commands
    await hub.commands.run(Command.SET_CLOCK)


_OFF = _set("ntp", value=False)
_THRESHOLD = _set("match_threshold", 90, "4")


@pytest.mark.parametrize(
    ("read", "told", "write", "act", "parts"),
    [
        ("1291", _without(_NTP, "url"), "1290", _OFF, ("url",)),
        ("1291", _NTP | {"url": ""}, "1290", _OFF, ("url",)),
        (
            *("1291", {"url": "ntp.lan"}, "1290"),
            *(_set("ntp", value=True), ("ntp_cycle",)),
        ),
        ("1291", {}, "1290", _OFF, ("url", "ntp_cycle")),
        (
            *("516", {"camera": [_without(IMAGE, "vendor")]}, "515"),
            *(_THRESHOLD, ("vendor",)),
        ),
        ("516", {"camera": [IMAGE | {"vendor": ""}]}, "515", _THRESHOLD, ("vendor",)),
        (
            *("516", {"camera": [_without(IMAGE, "vendor", "camera_mode")]}, "515"),
            *(_THRESHOLD, ("vendor",)),
        ),
        (
            *("1028", [{"lib_id": 1, "lib_type": 1}], "1027"),
            *(_library(kind=LibraryKind.ALLOWED), ("lib_name",)),
        ),
        (
            *("1028", [{"lib_id": 1, "lib_name": "Wanted"}], "1027"),
            *(_library(name="Banned"), ("lib_type",)),
        ),
        ("1283", _CLOCK, "1282", _set_clock, ("time_zone",)),
    ],
)
async def test_what_would_be_erased_is_named_and_nothing_is_sent(
    node: Node,
    hub: SenseTimeHub,
    read: str,
    told: Any,
    write: str,
    act: Act,
    parts: tuple[str, ...],
) -> None:
    node.answers |= {read: done(told), write: done()}
    with pytest.raises(WouldErase) as caught:
        await act(hub)
    assert caught.value.parts == parts
    assert not node.asked(int(write))


async def test_what_is_given_need_not_be_told(node: Node, hub: SenseTimeHub) -> None:
    node.answers |= {
        "1291": done({"ntp_disable": "0"}),
        "516": done({"camera": [_without(IMAGE, "vendor")]}),
        "1290": done(),
        "515": done(),
    }
    await hub.call("ntp_set", {"url": "time.lan", "ntp_cycle": "10"})
    assert node.asked(1290) == [
        {"url": "time.lan", "ntp_cycle": "10", "ntp_disable": "0"}
    ]
    await hub.call(
        "camera_modify", {"channel": 4, "threshold": 80, "vendor": "hikvision"}
    )
    assert node.asked(515)[0]["vendor"] == "hikvision"


async def test_what_is_left_out_stays(node: Node, hub: SenseTimeHub) -> None:
    """4.3 says so: a camera that streams needs nothing, hidden texts do not go back."""
    url = "rtsp://admin:******@10.5.4.178:554"
    node.answers |= {
        "516": done({"camera": [_without(RTSP, "lib_ids") | {"url": url}]}),
        "515": done(),
    }
    await _set("match_threshold", 90, "7")(hub)
    (written,) = node.asked(515)
    assert written["threshold"] == 90
    assert not {"lib_ids", "url", "vendor"} & set(written)


@pytest.mark.parametrize(
    ("told", "part"),
    [
        ({"key": "theirs"}, "url"),
        ({"url": "http://other:8088/snap"}, "key"),
        ({"url": "http://other:8088/snap", "key": "******"}, "key"),
        ({"url": "http://other:***@192.0.2.1/snap", "key": "theirs"}, "url"),
    ],
)
async def test_a_target_that_could_not_be_given_back(
    node: Node,
    session: ClientSession,
    sink: Sink,
    callbacks: Callbacks,
    told: dict[str, Any],
    part: str,
) -> None:
    node.answers |= {"1299": done(told), "1298": done()}
    hub = open_hub(session, node.port, http_push=True)
    await hub.connect()
    with pytest.raises(WouldErase) as caught:
        await hub.listen(sink, callbacks, take_over=True)
    assert caught.value.parts == (part,)
    assert not node.asked(1298)
    assert callbacks.memories == []
