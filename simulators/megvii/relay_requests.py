"""Chapter 13: relays, bound to channels."""

from typing import Any

from simulators.request_fields import integer, switch

from .device import Device
from .error_codes import Code, Refusal, demand, given, valid
from .models import Output
from .operation import Call, Fields, Operation
from .request_fields import text

NORMALLY_CLOSED = 1
_RELAY = (
    integer("videoNo", 1, 16),
    text("relayIP", low=1),
    text("relayMAC", required=False),
    integer("triggerChannel", 0, 1),
    switch("enable"),
    integer("relayMode", choices=(0, 1)),
    integer("triggerTime", 100, 50_000),
    integer("delayTime", 0, 10),
    integer("triggerInterval", 0, 50_000),
    integer("triggerCondition", choices=(1, 2, 3)),
)
_WORK = (
    integer("netMode", required=False, choices=(0, 1)),
    integer("timeUnit", required=False, choices=(0, 1)),
    text("AESKey", 64, required=False),
)


def output_of(device: Device, binding: dict[str, Any]) -> Output:
    """Return the output that a binding switches; several may share it."""
    key = binding["relayIP"], binding["triggerChannel"]
    return device.outputs.setdefault(key, Output())


def is_closed(device: Device, binding: dict[str, Any]) -> bool:
    """Return `status`: whether the output conducts now."""
    now = device.steady()
    pulses = output_of(device, binding).pulses
    active = any(begin <= now < end for begin, end in pulses)
    return active is not (binding["relayMode"] == NORMALLY_CLOSED)


def pulse(device: Device, binding: dict[str, Any]) -> bool:
    """Switch an output for a while; False within `triggerInterval` of the last."""
    output, scale, now = output_of(device, binding), device.time_scale, device.steady()
    pause = binding["triggerInterval"] / 1000 * scale
    if output.last is not None and now - output.last < pause:
        return False
    begin = now + binding["delayTime"] * scale
    output.last = now
    output.pulses = [p for p in output.pulses if p[1] > now]
    output.pulses.append((begin, begin + binding["triggerTime"] / 1000 * scale))
    return True


def trigger_by_event(device: Device, channel: int, *, recognised: bool) -> None:
    """Let a capture or recognition switch the channel's relay."""
    binding = device.relays.get(channel)
    if binding is None or not binding["enable"]:
        return
    wanted = (2, 3) if recognised else (1, 3)
    if binding["triggerCondition"] in wanted and output_of(device, binding).online:
        pulse(device, binding)


async def _bind(device: Device, call: Call) -> None:
    body = call.body
    valid(body["triggerTime"] % 100 == 0, "triggerTime")
    device.video(body["videoNo"], Code.VIDEO_CH_NOT_EXIST)
    new = body["videoNo"] not in device.relays
    demand(not new or len(device.relays) < device.limits.relays, Code.PROCESS_BUSY)
    device.relays[body["videoNo"]] = body
    output_of(device, body)


async def _unbind(device: Device, call: Call) -> None:
    number = call.number("videoNo")
    demand(number in device.relays, Code.RELAY_DOES_NOT_EXIST)
    del device.relays[number]


async def _list(device: Device, _: Call) -> Fields:
    return {
        "relay": [
            {
                **binding,
                "status": is_closed(device, binding),
                "online": output_of(device, binding).online,
            }
            for _, binding in sorted(device.relays.items())
        ]
    }


async def _trigger(device: Device, call: Call) -> None:
    number = call.number("videoNo")
    channel = device.channels.get(number)
    armed = channel is not None and channel.armed
    demand(armed, Code.RELAY_VIDEO_UNUSED_OR_DISABLED)
    binding = device.relays.get(number)
    if binding is None or not output_of(device, binding).online:
        raise Refusal(Code.TRIGGER_RELAY_FAIL)
    demand(binding["enable"], Code.RELAY_VIDEO_UNUSED_OR_DISABLED)
    pulse(device, binding)


async def _set_work(device: Device, call: Call) -> None:
    given(call.body, *(field.name for field in _WORK))
    device.settings.relay.update(call.body)


async def _get_work(device: Device, _: Call) -> Fields:
    return device.settings.relay


OPERATIONS = (
    Operation("POST", "/relay", _bind, _RELAY),
    Operation("DELETE", "/relay/{videoNo}", _unbind),
    Operation("GET", "/relay", _list),
    Operation("POST", "/relayTrigger/{videoNo}", _trigger),
    Operation("POST", "/relayWorkPara", _set_work, _WORK, other="/relayPara"),
    Operation("GET", "/relayWorkPara", _get_work, other="/relayPara"),
)
