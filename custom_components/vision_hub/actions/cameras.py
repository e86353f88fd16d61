"""Actions that move cameras and close relays."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, ServiceCall, SupportsResponse, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.json import JsonObjectType
import probatio

from ..const import DOMAIN
from ..vendors.contract import Ptz, PtzDirection
from ..vendors.errors import Unsupported
from ..vendors.model import Preset, Relay
from .action import Action, Scope, Target, invalid, required

MOVEMENTS: HassKey[dict[Target, asyncio.Event]] = HassKey(f"{DOMAIN}_movements")
"""The movements that will be stopped when their time is over."""

MAX_DURATION: Final = timedelta(minutes=5)


def _ptz(target: Target) -> tuple[Ptz, str]:
    assert target.channel is not None
    ptz = required(target.data.hub.ptz)
    channel = target.data.coordinator.data.channels.get(target.channel)
    if channel is None or not channel.can_ptz:
        raise Unsupported
    return ptz, target.channel


@callback
def _supersede(call: ServiceCall, target: Target) -> dict[Target, asyncio.Event]:
    """Make an earlier movement leave the camera to what comes now."""
    movements = call.hass.data.setdefault(MOVEMENTS, {})
    if earlier := movements.pop(target, None):
        earlier.set()
    return movements


async def _async_move(call: ServiceCall, target: Target) -> None:
    ptz, channel = _ptz(target)
    movements = _supersede(call, target)
    direction: PtzDirection = call.data["direction"]
    speed: float = call.data.get("speed", target.data.ptz_speed[channel])
    if "duration" not in call.data:
        await ptz.move(channel, direction, speed)
        return

    over = movements[target] = asyncio.Event()

    @callback
    def end(_: Event | None = None) -> None:
        over.set()

    remove = (
        call.hass.bus.async_listen(EVENT_HOMEASSISTANT_STOP, end),
        target.entry.async_on_state_change(end),
    )
    try:
        await ptz.move(channel, direction, speed)
        async with asyncio.timeout(call.data["duration"].total_seconds()):
            await over.wait()
    except TimeoutError:
        pass
    finally:
        for each in remove:
            each()
        if movements.get(target) is over:
            del movements[target]
            # A camera must not go on moving because an automation was cancelled.
            await asyncio.shield(
                call.hass.async_create_task(ptz.stop(channel), eager_start=True)
            )


async def _async_stop(call: ServiceCall, target: Target) -> None:
    ptz, channel = _ptz(target)
    _supersede(call, target)
    await ptz.stop(channel)


def _find[T: (Preset, Relay)](known: Sequence[T], wanted: str) -> T | None:
    """Return what has this id, else what has this name."""
    return next(
        (item for item in known if item.id == wanted),
        next(
            (item for item in known if item.name.casefold() == wanted.casefold()), None
        ),
    )


def _preset(target: Target, wanted: str, *, new: bool = False) -> str:
    """Return the id of a preset.

    What is not listed may be an id: of a new preset, or on a hub that lists none.
    """
    assert target.channel is not None
    presets = target.data.coordinator.data.channels[target.channel].presets
    if found := _find(presets, wanted):
        return found.id
    if presets and not new:
        raise invalid("preset_not_found", preset=wanted)
    return wanted


async def _async_goto_preset(call: ServiceCall, target: Target) -> None:
    ptz, channel = _ptz(target)
    preset = _preset(target, call.data["preset"])
    _supersede(call, target)
    await ptz.goto_preset(channel, preset)


async def _async_save_preset(call: ServiceCall, target: Target) -> JsonObjectType:
    ptz, channel = _ptz(target)
    preset = None
    if "preset" in call.data:
        preset = _preset(target, call.data["preset"], new=True)
    saved = await ptz.save_preset(channel, preset, call.data["name"])
    target.data.coordinator.async_refresh_soon()
    return {"preset_id": saved}


async def _async_delete_preset(call: ServiceCall, target: Target) -> None:
    ptz, channel = _ptz(target)
    await ptz.delete_preset(channel, _preset(target, call.data["preset"]))
    target.data.coordinator.async_refresh_soon()


async def _async_trigger_relay(call: ServiceCall, target: Target) -> None:
    relays = required(target.data.hub.relays)
    relay = _find(target.data.coordinator.data.relays, call.data["relay"])
    if relay is None:
        raise invalid("relay_not_found", relay=call.data["relay"])
    await relays.trigger(relay.id)


ACTIONS = (
    Action(
        name="ptz_move",
        run=_async_move,
        fields={
            probatio.Required("direction"): probatio.Coerce(PtzDirection),
            probatio.Optional("speed"): probatio.All(
                probatio.Coerce(float), probatio.Range(min=1, max=100)
            ),
            probatio.Optional("duration"): probatio.All(
                cv.positive_time_period, probatio.Range(max=MAX_DURATION)
            ),
        },
        scope=Scope.CHANNEL,
    ),
    Action(name="ptz_stop", run=_async_stop, fields={}, scope=Scope.CHANNEL),
    Action(
        name="ptz_goto_preset",
        run=_async_goto_preset,
        fields={probatio.Required("preset"): cv.string},
        scope=Scope.CHANNEL,
    ),
    Action(
        name="ptz_save_preset",
        run=_async_save_preset,
        fields={
            probatio.Required("name"): cv.string,
            probatio.Optional("preset"): cv.string,
        },
        scope=Scope.CHANNEL,
        response=SupportsResponse.OPTIONAL,
    ),
    Action(
        name="ptz_delete_preset",
        run=_async_delete_preset,
        fields={probatio.Required("preset"): cv.string},
        scope=Scope.CHANNEL,
    ),
    Action(
        name="trigger_relay",
        run=_async_trigger_relay,
        fields={probatio.Required("relay"): cv.string},
    ),
)
