"""Where settings stand in what the box tells, and how they are written (3.1, 4.1, 13)."""

from collections.abc import Mapping
from typing import Final

from ...contract import SettingScope, SettingSpec, SettingType
from ...model import Channel, Json, Reading, Relay
from ...toolkit.lenient import as_bool, as_int, as_text
from ...toolkit.shapes import as_object
from ..wire import DeviceTime, RelayRow

PUSH_MODES: Final[Mapping[str, str]] = {"fast": "FastPushMode", "best": "BestPushMode"}
RELAY_CODES: Final[Mapping[str, Mapping[str, int]]] = {
    "relay_rest_state": {"open": 0, "closed": 1},
    "relay_trigger_condition": {"capture": 1, "recognition": 2, "both": 3},
}
PARAMETER_CODES: Final[Mapping[str, Mapping[str, int]]] = {
    "relay_protocol": {"tcp": 0, "udp": 1},
    "relay_time_unit": {"tenth_of_second": 0, "second": 1},
}

FUNCTIONS: Final[Mapping[str, str]] = {
    "push_interval": "minPushInterval",
    "recognition_retries": "retryCount",
    "recognition_retry_interval": "retryInterval",
    "stranger_retries": "strangerRetryCount",
    "scene_quality": "fullPicCompressLevel",
    "keep_captures": "capturePicEnabled",
    "keep_scenes": "captureFullPicEnabled",
}
"""Keys of `funcModule` (3.1.1)."""
RELAY_KEYS: Final[Mapping[str, str]] = {
    "relay_enabled": "enable",
    "relay_pulse": "triggerTime",
    "relay_delay": "delayTime",
    "relay_interval": "triggerInterval",
    "relay_rest_state": "relayMode",
    "relay_trigger_condition": "triggerCondition",
}
"""Keys of a row of 13.1.3."""
PARAMETER_KEYS: Final[Mapping[str, str]] = {
    "relay_protocol": "netMode",
    "relay_time_unit": "timeUnit",
}
"""Keys of 13.1.6."""


def _number(
    name: str,
    minimum: float,
    maximum: float,
    *,
    unit: str | None = None,
    step: float = 1,
    relay: bool = False,
    common: bool = True,
) -> SettingSpec:
    return SettingSpec(
        name=name,
        type=SettingType.NUMBER,
        scope=SettingScope.RELAY if relay else SettingScope.HUB,
        minimum=minimum,
        maximum=maximum,
        step=step,
        unit=unit,
        common=common,
    )


CATALOG: Final = (
    SettingSpec(name="push_mode", type=SettingType.SELECT, options=tuple(PUSH_MODES)),
    _number("push_interval", 500, 10_000, unit="ms", step=100),
    _number("recognition_retries", 0, 5000),
    _number("recognition_retry_interval", 0, 60, unit="s"),
    _number("stranger_retries", 0, 5),
    _number("scene_quality", 10, 100, unit="%", common=False),
    SettingSpec(name="keep_captures", type=SettingType.SWITCH, common=False),
    SettingSpec(name="keep_scenes", type=SettingType.SWITCH, common=False),
    SettingSpec(name="ntp", type=SettingType.SWITCH),
    *(
        SettingSpec(
            name=name, type=SettingType.SELECT, options=tuple(codes), common=False
        )
        for name, codes in PARAMETER_CODES.items()
    ),
    SettingSpec(
        name="relay_enabled", type=SettingType.SWITCH, scope=SettingScope.RELAY
    ),
    _number("relay_pulse", 100, 50_000, unit="ms", step=100, relay=True),
    _number("relay_delay", 0, 10, unit="s", relay=True, common=False),
    _number("relay_interval", 0, 50_000, unit="ms", step=100, relay=True, common=False),
    *(
        SettingSpec(
            name=name,
            type=SettingType.SELECT,
            scope=SettingScope.RELAY,
            common=False,
            options=tuple(codes),
        )
        for name, codes in RELAY_CODES.items()
    ),
)
SPECS: Final = {spec.name: spec for spec in CATALOG}


def hub_readings(
    configs: Mapping[str, Json],
    time: DeviceTime | None,
    parameters: Mapping[str, Json],
) -> dict[str, Reading]:
    """Read the settings of the box out of 3.1.2, 4.1.1 and 13.1.6."""
    functions, switches = configs.get("funcModule"), configs.get("modelSw")
    found: dict[str, Reading] = {}
    if functions := as_object(functions):
        for name, key in FUNCTIONS.items():
            switch = SPECS[name].type is SettingType.SWITCH
            value = functions.get(key)
            found[name] = as_bool(value) if switch else as_int(value)
    if switches := as_object(switches):
        mode = as_text(switches.get("pushMode"))
        found["push_mode"] = option_of(PUSH_MODES, mode)
    if time:
        found["ntp"] = time.ntp_enable
    for name, codes in PARAMETER_CODES.items():
        found[name] = option_of(codes, as_int(parameters.get(PARAMETER_KEYS[name])))
    return {name: value for name, value in found.items() if value is not None}


def relay_readings(row: RelayRow) -> dict[str, Reading]:
    """Read the settings of a relay out of its row."""
    found: dict[str, Reading] = {
        "relay_enabled": row.enable,
        "relay_pulse": row.trigger_time,
        "relay_delay": row.delay_time,
        "relay_interval": row.trigger_interval,
        "relay_rest_state": option_of(RELAY_CODES["relay_rest_state"], row.relay_mode),
        "relay_trigger_condition": option_of(
            RELAY_CODES["relay_trigger_condition"], row.trigger_condition
        ),
    }
    return {name: value for name, value in found.items() if value is not None}


def relay_of(row: RelayRow, channels: Mapping[str, Channel]) -> Relay:
    """Return a relay, which is known by the channel that it belongs to (13.1.4)."""
    id_ = str(row.video_no)
    channel = channels.get(id_)
    return Relay(
        id=id_,
        name=channel.name if channel else id_,
        online=row.online,
        closed=row.status,
    )


def option_of[T](options: Mapping[str, T], value: T | None) -> str | None:
    """Return the name of a code; None when there is none."""
    return next((name for name, code in options.items() if code == value), None)
