"""The vendors whose messages are spoilt, and the ways in which they tell."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from hypothesis import (
    given,
    seed as seeded,
    settings as hypothesis_settings,
    strategies as st,
)

from simulators.huawei import HuaweiCloud
from simulators.megvii import MegviiBox
from simulators.sensetime import SenseTimeNode
from simulators.uniview import UniviewBox

from .spoiling import RECIPES, Recipe
from .spoilt_messages import Anatomy, Bench, Sending, bench


@dataclass(frozen=True, slots=True)
class Way:
    """How a vendor's hub is told."""

    vendor: str
    anatomy: Anatomy
    busy: Callable[[Any], Awaitable[object]]
    options: Mapping[str, str | bool] = field(default_factory=dict)


async def _uniview(box: UniviewBox) -> None:
    person = next(iter(box.device.people))
    pushes = [
        await box.alarm("SafetyHelmetAlarm", force=True),
        await box.alarm(
            "AbnormalParkingDetection", plate_no="EX 1234", object_type=2, force=True
        ),
        await box.alarm("FieldDetectorObjectsInside", person_id=person, force=True),
        await box.alarm("FieldDetectorObjectsInside", stranger=True, force=True),
        await box.face(force=True),
        await box.face(person_id=person, force=True),
        await box.face(stranger=True, force=True),
        await box.people_count(entered=2, left=1, force=True),
        await box.people_count(inside=3, force=True),
    ]
    pushes += [await box.recover(pushes[0]), await box.keep_alive()]
    for push in pushes:
        assert await push.delivered()
    await box.set_channel_status(1, online=False)
    await box.rename_channel(1, "东门")


async def _lively(device: Any) -> None:
    """Let happen what the device's own life makes happen."""
    activity = device.activity()
    for _ in range(40):
        await activity.one()


async def _megvii(box: MegviiBox) -> None:
    await _lively(box)
    for kind in ("human", "cycle", "vehicle", "face"):
        await box.capture(kind)


async def _huawei(cloud: HuaweiCloud) -> None:
    await _lively(cloud)
    device = cloud.devices[0].device_id
    cloud.set_device_status(device, online=False)
    cloud.set_device_status(device, online=True)


async def _sensetime(node: SenseTimeNode) -> None:
    await _lively(node)
    await node.heartbeat()


_MEGVII: Final = Anatomy(
    identity=frozenset({"objType", "alert_events", "alertor_type", "stranger_flag"}),
    channel=frozenset({"video_number", "stream_id"}),
    sender=frozenset({"device_id", "deviceId"}),
)
_SENSETIME: Final = Anatomy(
    identity=frozenset(
        {
            *("msg_id", "obj_label", "similarity", "threshold"),
            *("lib_id", "lib_name", "lib_type", "img_id"),
        }
    ),
    channel=frozenset({"channel"}),
)

WAYS: Final[Mapping[str, Way]] = {
    "uniview": Way(
        "uniview",
        Anatomy(
            identity=frozenset(
                {
                    *("type", "algo_model", "device_sn"),
                    *("compare_results", "person_id", "person_name"),
                }
            ),
            channel=frozenset({"channel_id"}),
            sender=frozenset({"device_sn", "type"}),
        ),
        _uniview,
    ),
    "megvii": Way("megvii", _MEGVII, _megvii, {"push": "http"}),
    "megvii by socket": Way("megvii", _MEGVII, _megvii, {"push": "websocket"}),
    "huawei": Way(
        "huawei",
        Anatomy(
            identity=frozenset(
                {
                    *("message_type", "method", "alarm_type", "alarm_status"),
                    *("device_id", "channel_id", "channel_state", "video_channel"),
                    *("itgt_type", "targets", "target_type", "match_type"),
                    *("obj_status", "target_id", "target_lib_type", "test"),
                }
            ),
            channel=frozenset({"device_id", "channel_id"}),
        ),
        _huawei,
    ),
    "sensetime": Way("sensetime", _SENSETIME, _sensetime, {"http_push": True}),
    "sensetime by socket": Way("sensetime", _SENSETIME, _sensetime),
}

_SENDINGS: Final = st.builds(
    Sending,
    st.sampled_from(
        (
            *(None,) * 4,
            "",
            "text/plain",
            "application/octet-stream",
            "application/x-www-form-urlencoded",
            "application/json; charset=gbk",
            "application/json;charset=nonsense",
        )
    ),
)


def check_messages(
    name: str,
    settings: hypothesis_settings,
    folder: Path,
    seed: int | None = None,
) -> None:
    """Spoil messages of a vendor and see what becomes of them."""
    way = WAYS[name]

    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        found: Bench = runner.run(
            stack.enter_async_context(
                bench(way.vendor, way.anatomy, folder, way.busy, **way.options)
            )
        )
        numbers = st.integers(0, len(found.seeds) - 1)

        @settings
        @given(st.lists(st.tuples(numbers, RECIPES, _SENDINGS), min_size=1, max_size=3))
        def check(messages: list[tuple[int, Recipe, Sending]]) -> None:
            async def send() -> None:
                for number, recipe, sending in messages:
                    sown = found.seeds[number]
                    spoilt = recipe.spoil(sown.tree)
                    delivered = await found.deliver(sown, spoilt, sending)
                    found.check(sown, spoilt, delivered)

            runner.run(send())

        try:
            (check if seed is None else seeded(seed)(check))()
        finally:
            runner.run(stack.aclose())
