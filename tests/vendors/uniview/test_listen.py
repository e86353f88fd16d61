"""Our place among the platforms, and what comes to it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from custom_components.vision_hub.vendors.errors import (
    AuthenticationFailed,
    CannotConnect,
    InvalidRequest,
    NoCallbackAddress,
    SubscriptionTaken,
    UnexpectedAnswer,
    Unsupported,
    WouldErase,
)
from custom_components.vision_hub.vendors.uniview.hub import UniviewHub

from ...helpers.doubles import Callbacks, Sink, listening
from .conftest import Platforms, ScriptedBox, done

OTHER: dict[str, Any] = {
    "id": 1,
    "url": "http://user:secret@217.1.1.188:8000/token?key=1",
    "enabled": 1,
    "picture_enable": 0,
    "video_enable": 0,
    "http_alive": 0,
    "alive_interval": 30,
    "channel_enable": 0,
    "version_code": "20240423AIBOX",
}
SECOND = OTHER | {"id": 2, "url": "http://217.1.1.188:8002"}
URL = Callbacks().url


def ours(slot: int) -> dict[str, Any]:
    return {
        "id": slot,
        "version_code": "V2.0",
        "enabled": 1,
        "url": URL,
        "picture_enable": 1,
        "video_enable": 1,
        "http_alive": 1,
        "alive_interval": 60,
        "channel_enable": 1,
    }


async def subscribe(
    hub: UniviewHub, sink: Sink, callbacks: Callbacks, *, take_over: bool = False
) -> None:
    async with listening(hub, sink, callbacks, take_over=take_over):
        pass


async def test_a_free_place_is_taken(
    platforms: Platforms, hub: UniviewHub, sink: Sink, callbacks: Callbacks
) -> None:
    platforms.rows = [OTHER]
    await subscribe(hub, sink, callbacks)
    (written,) = platforms.written
    assert written == {
        "platform": [OTHER, ours(2)],
        # Raw numbers, and only the keys of 12.1.
        "time_conf": [
            {"channel_id": 1, "enable": 0, "interval": 100},
            {"channel_id": 5, "enable": 2, "interval": 500},
        ],
    }
    assert callbacks.memories == [{"slot": 2, "platform": None, "address": URL}]
    assert sink.silences == [timedelta(seconds=180)]
    assert callbacks.handler is None


async def test_nothing_is_written_twice(
    scripted: ScriptedBox,
    platforms: Platforms,
    hub: UniviewHub,
    sink: Sink,
    callbacks: Callbacks,
) -> None:
    await subscribe(hub, sink, callbacks)
    await subscribe(hub, sink, callbacks)
    assert len(platforms.written) == 1
    assert len(callbacks.memories) == 1
    assert len(scripted.asked("docking/ability/get")) == 1


@pytest.mark.parametrize(
    ("rows", "slot"),
    [
        ([], 1),
        ([OTHER, SECOND | {"enabled": 0}], 2),
        ([OTHER | {"enabled": 0}, SECOND], 1),
        ([OTHER, SECOND | {"enabled": "2"}], 2),
        ([OTHER, SECOND | {"url": ""}], 2),
        ([OTHER | {"enabled": 0}, SECOND | {"url": None}], 2),
        ([OTHER | {"id": "2"}], 1),
    ],
)
async def test_which_place(
    platforms: Platforms,
    hub: UniviewHub,
    sink: Sink,
    callbacks: Callbacks,
    rows: list[dict[str, Any]],
    slot: int,
) -> None:
    platforms.rows = rows
    await subscribe(hub, sink, callbacks)
    assert platforms.slots()[slot]["url"] == URL
    assert all(row["id"] in {1, 2} for row in platforms.written[-1]["platform"])
    others = [row["url"] for row in rows if row["url"] and row["id"] != slot]
    assert [
        row["url"] for row in platforms.written[-1]["platform"] if row["id"] != slot
    ] == others


@pytest.mark.parametrize(
    "untold",
    [
        ("version_code",),
        ("enabled",),
        ("picture_enable", "video_enable"),
        ("http_alive", "channel_enable"),
        ("alive_interval",),
    ],
)
async def test_a_platform_of_somebody_else_that_is_not_told_whole(
    platforms: Platforms,
    hub: UniviewHub,
    sink: Sink,
    callbacks: Callbacks,
    untold: tuple[str, ...],
) -> None:
    """All platforms go out together: what is not known of one would be switched off."""
    alive = OTHER | {"http_alive": 1}
    platforms.rows = [
        {name: value for name, value in alive.items() if name not in untold}
    ]
    with pytest.raises(WouldErase) as caught:
        async with listening(hub, sink, callbacks) as task:
            await task
    assert set(caught.value.parts) == {f"platform.{name}" for name in untold}
    assert platforms.written == []
    assert callbacks.memories == []

    # One that is off, or without an address, has nothing to lose.
    platforms.rows[0] |= {"enabled": 0}
    platforms.rows.append({"id": 2})
    await subscribe(hub, sink, callbacks)
    assert platforms.slots()[2] == ours(2)


async def test_what_12_2_may_leave_out_is_filled_in(
    platforms: Platforms, hub: UniviewHub, sink: Sink, callbacks: Callbacks
) -> None:
    platforms.rows = [
        {name: value for name, value in OTHER.items() if name != "alive_interval"}
    ]
    await subscribe(hub, sink, callbacks)
    assert platforms.slots()[1] == OTHER


@pytest.mark.parametrize(
    ("data", "parts"),
    [
        ({"time_conf": []}, ("platform",)),
        ({"platform": [OTHER]}, ("time_conf",)),
        ({"platform": [OTHER], "time_conf": "?"}, ("time_conf",)),
        ({"platform": [OTHER], "time_conf": ["?"]}, ("time_conf",)),
        (
            {"platform": [OTHER], "time_conf": [{"channel_id": 1}]},
            ("time_conf.interval", "time_conf.enable"),
        ),
    ],
)
async def test_throttles_and_platforms_that_are_not_told(
    scripted: ScriptedBox,
    platforms: Platforms,
    hub: UniviewHub,
    sink: Sink,
    callbacks: Callbacks,
    data: dict[str, Any],
    parts: tuple[str, ...],
) -> None:
    scripted.answers["docking/config/get"] = done(data)
    with pytest.raises(WouldErase) as caught:
        async with listening(hub, sink, callbacks) as task:
            await task
    assert caught.value.parts == parts
    assert platforms.written == []


async def test_nothing_is_an_empty_list_of_platforms(
    scripted: ScriptedBox,
    platforms: Platforms,
    hub: UniviewHub,
    sink: Sink,
    callbacks: Callbacks,
) -> None:
    scripted.answers["docking/config/get"] = done({"platform": None, "time_conf": ""})
    await subscribe(hub, sink, callbacks)
    assert platforms.written == [{"platform": [ours(1)], "time_conf": []}]


@pytest.mark.parametrize(
    "url",
    [
        "http://192.0.2.77/api/vision_hub/push/our-secret-token",
        "https://home.example/ha/api/vision_hub/push/our-secret-token",
    ],
)
async def test_our_place_is_known_again(
    platforms: Platforms, hub: UniviewHub, sink: Sink, callbacks: Callbacks, url: str
) -> None:
    platforms.rows = [OTHER, ours(2) | {"url": url}]
    await subscribe(hub, sink, callbacks)
    assert platforms.slots() == {1: OTHER, 2: ours(2)}
    assert callbacks.memories == []


@pytest.mark.parametrize(
    "changes",
    [{"url": f"{URL}/"}, {"version_code": "AapiV2.0"}, {"alive_interval": "60"}],
)
async def test_another_spelling_is_no_difference(
    platforms: Platforms,
    hub: UniviewHub,
    sink: Sink,
    callbacks: Callbacks,
    changes: dict[str, Any],
) -> None:
    platforms.rows = [OTHER, ours(2) | changes]
    await subscribe(hub, sink, callbacks)
    assert platforms.written == []


async def test_our_place_that_was_changed_is_mended_and_the_memory_kept(
    platforms: Platforms, hub: UniviewHub, sink: Sink, callbacks: Callbacks
) -> None:
    callbacks.memory = {"slot": 2, "platform": SECOND, "address": URL}
    platforms.rows = [OTHER, ours(2) | {"enabled": 0}]
    await subscribe(hub, sink, callbacks)
    assert platforms.slots()[2] == ours(2)
    assert callbacks.memories == []


async def test_another_home_assistant_is_not_us(
    platforms: Platforms, hub: UniviewHub, sink: Sink, callbacks: Callbacks
) -> None:
    other = "http://192.0.2.9:8123/api/vision_hub/push/another-token"
    platforms.rows = [OTHER, ours(2) | {"url": other}]
    with pytest.raises(SubscriptionTaken):
        async with listening(hub, sink, callbacks) as task:
            await task


async def test_taken_places_are_left_to_their_owners(
    platforms: Platforms, hub: UniviewHub, sink: Sink, callbacks: Callbacks
) -> None:
    platforms.rows = [OTHER, SECOND | {"url": "not a url: ["}]
    with pytest.raises(SubscriptionTaken) as caught:
        async with listening(hub, sink, callbacks) as task:
            await task
    assert caught.value.owners[0] == "http://217.1.1.188:8000"
    assert "secret" not in str(caught.value)
    assert "token" not in str(caught.value)
    assert platforms.written == []
    assert callbacks.memories == []


async def test_take_over_and_give_back(
    platforms: Platforms, hub: UniviewHub, sink: Sink, callbacks: Callbacks
) -> None:
    platforms.rows = [OTHER, SECOND]
    await subscribe(hub, sink, callbacks, take_over=True)
    assert platforms.slots() == {1: OTHER, 2: ours(2)}
    assert callbacks.memory == {"slot": 2, "platform": SECOND, "address": URL}
    await hub.unsubscribe(callbacks)
    assert platforms.slots() == {1: OTHER, 2: SECOND}
    assert callbacks.memory is None


async def test_unsubscribe_where_nothing_was(
    platforms: Platforms, hub: UniviewHub, sink: Sink, callbacks: Callbacks
) -> None:
    await subscribe(hub, sink, callbacks)
    callbacks.url = None
    await hub.unsubscribe(callbacks)
    assert platforms.slots()[1] == ours(1) | {"enabled": 0}
    assert callbacks.memory is None
    await hub.unsubscribe(callbacks)
    assert len(platforms.written) == 2


async def test_unsubscribe_leaves_others_alone(
    platforms: Platforms, hub: UniviewHub, callbacks: Callbacks
) -> None:
    callbacks.memory = {"slot": 2, "platform": SECOND, "address": URL}
    platforms.rows = [OTHER, SECOND | {"url": "http://third"}]
    await hub.unsubscribe(callbacks)
    assert platforms.written == []
    assert callbacks.memory is None


@pytest.mark.parametrize(
    ("version", "code"),
    [
        (done({"list": [{"version_code": "v2.0"}]}), "v2.0"),
        (done({"list": [{"version_code": "AapiV2.0"}]}), "AapiV2.0"),
        (done({"list": [{"version_code": 2.0}]}), "2.0"),
        (done({"list": []}), "V2.0"),
        (done(), "V2.0"),
        ({"code": 4, "msg": "Not Supported"}, "V2.0"),
        ({"code": 1, "msg": "Common Error"}, "V2.0"),
    ],
)
async def test_version_codes(
    platforms: Platforms,
    hub: UniviewHub,
    sink: Sink,
    callbacks: Callbacks,
    version: Any,
    code: str,
) -> None:
    platforms.version = version
    await subscribe(hub, sink, callbacks)
    assert platforms.slots()[1]["version_code"] == code


async def test_only_another_version(
    platforms: Platforms, hub: UniviewHub, sink: Sink, callbacks: Callbacks
) -> None:
    platforms.version = done(
        {"list": [{"version_code": "V1.0"}, {"version_code": "20240423AIBOX"}]}
    )
    with pytest.raises(Unsupported, match="20240423AIBOX"):
        async with listening(hub, sink, callbacks) as task:
            await task


@pytest.mark.parametrize(
    ("url", "error"),
    [
        (None, NoCallbackAddress),
        ("http://" + "x" * 260, InvalidRequest),
        ("http://[", InvalidRequest),
    ],
)
async def test_addresses_that_cannot_be(
    platforms: Platforms,
    hub: UniviewHub,
    sink: Sink,
    callbacks: Callbacks,
    url: str | None,
    error: type[Exception],
) -> None:
    callbacks.url = url
    with pytest.raises(error):
        async with listening(hub, sink, callbacks) as task:
            await task


async def test_platforms_that_cannot_be_read(
    scripted: ScriptedBox,
    platforms: Platforms,
    hub: UniviewHub,
    sink: Sink,
    callbacks: Callbacks,
) -> None:
    for data in (
        [],
        {"platform": [{"url": "http://x"}], "time_conf": []},
        {"platform": ["?"], "time_conf": []},
    ):
        scripted.answers["docking/config/get"] = done(data)
        with pytest.raises(UnexpectedAnswer):
            async with listening(hub, sink, callbacks) as task:
                await task
    assert platforms.written == []


async def test_a_take_over_by_somebody_else_is_noticed(
    platforms: Platforms, hub: UniviewHub, sink: Sink, callbacks: Callbacks
) -> None:
    hub.recheck_interval = timedelta(0)
    platforms.rows = [OTHER, SECOND]
    async with listening(hub, sink, callbacks, take_over=True) as task:
        platforms.rows = [OTHER, SECOND | {"url": "http://third"}]
        with pytest.raises(SubscriptionTaken):
            await task
    assert len(platforms.written) == 1


async def test_a_hub_that_forgot_us_is_told_again(
    platforms: Platforms, hub: UniviewHub, sink: Sink, callbacks: Callbacks
) -> None:
    hub.recheck_interval = timedelta(0)
    async with listening(hub, sink, callbacks):
        platforms.updated.clear()
        assert not sink.missing.is_set()
        platforms.rows = []
        await platforms.updated.wait()
        await sink.missing.wait()
    assert platforms.slots() == {1: ours(1)}


async def test_a_check_that_fails_does_no_harm(
    scripted: ScriptedBox,
    platforms: Platforms,
    hub: UniviewHub,
    sink: Sink,
    callbacks: Callbacks,
) -> None:
    hub.recheck_interval = timedelta(0)
    failures = asyncio.Semaphore(0)

    def busy(_: Any) -> Any:
        failures.release()
        return {"code": 6, "msg": "System Busy"}

    async with listening(hub, sink, callbacks) as task:
        scripted.answers["docking/config/get"] = busy
        for _ in range(3):
            await failures.acquire()
        assert not task.done()
        scripted.answers["docking/config/get"] = {"code": 1000, "msg": "Incorrect"}
        with pytest.raises(AuthenticationFailed):
            await task


async def test_an_unreachable_hub(
    scripted: ScriptedBox,
    platforms: Platforms,
    hub: UniviewHub,
    sink: Sink,
    callbacks: Callbacks,
) -> None:
    await hub.connect()
    assert scripted.server
    await scripted.server.close()
    with pytest.raises(CannotConnect):
        await hub.listen(sink, callbacks)


async def test_somebody_else_comes_at_the_same_time(
    scripted: ScriptedBox,
    platforms: Platforms,
    hub: UniviewHub,
    sink: Sink,
    callbacks: Callbacks,
) -> None:
    """Who registers between our read and our write keeps the place."""
    tell = scripted.answers["docking/config/get"]
    assert callable(tell)
    reads = 0

    def told(params: Any) -> Any:
        nonlocal reads
        reads += 1
        if reads == 2:
            platforms.rows = [OTHER]
        return tell(params)

    scripted.answers["docking/config/get"] = told
    await subscribe(hub, sink, callbacks)
    assert platforms.slots() == {1: OTHER, 2: ours(2)}
    assert callbacks.memory == {"slot": 2, "platform": None, "address": URL}


async def test_newer_firmware_has_an_address_for_keep_alives(
    platforms: Platforms, hub: UniviewHub, sink: Sink, callbacks: Callbacks
) -> None:
    """It is set where the box has it, and given back as it was."""
    theirs = OTHER | {"enabled": 0, "alive_url": "http://217.1.1.188:8000/alive"}
    platforms.rows = [SECOND | {"alive_url": ""}, theirs]
    await subscribe(hub, sink, callbacks)
    assert platforms.slots()[1] == ours(1) | {"alive_url": URL}
    assert platforms.slots()[2] == SECOND | {"alive_url": ""}
    await hub.unsubscribe(callbacks)
    assert platforms.slots()[1] == theirs
