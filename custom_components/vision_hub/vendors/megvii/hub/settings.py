"""What a user may change: how the box reports, network time, relays, what is armed."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import override

from ...contract import (
    Command,
    Commands,
    Settings,
    SettingScope,
    SettingSpec,
    SettingType,
    Tasks,
)
from ...errors import InvalidRequest, Unsupported
from ...model import Json, Reading, SettingKey
from ...toolkit.lenient import as_int
from ..transport import Transport
from .channels import RULE, SURVEILLANCE
from .details import ACCESS
from .readings import (
    CATALOG,
    FUNCTIONS,
    PARAMETER_CODES,
    PARAMETER_KEYS,
    PUSH_MODES,
    RELAY_CODES,
    RELAY_KEYS,
)
from .writer import Writer


class MegviiSettings(Settings):
    """Changes a setting and leaves everything else as it is."""

    catalog = CATALOG

    def __init__(self, writer: Writer) -> None:
        """Write through `writer`."""
        self._writer = writer

    @override
    async def write(self, key: SettingKey, value: Reading) -> None:
        spec = self.spec(key)
        if spec.scope is SettingScope.RELAY:
            await self._write_relay(spec, key.part, value)
        elif spec.name in PARAMETER_KEYS:
            code = _coded(spec, value, PARAMETER_CODES)
            await self._writer.write(
                "set_relay_work_para", {PARAMETER_KEYS[spec.name]: code}
            )
        elif spec.name == "ntp":
            await self._writer.write(
                "set_device", {"time": {"ntpEnable": _coded(spec, value, {})}}
            )
        elif spec.name == "push_mode":
            mode = PUSH_MODES[spec.option(value)]
            await self._writer.write("set_configs", {"modelSw": {"pushMode": mode}})
        else:
            functions: dict[str, Json] = {FUNCTIONS[spec.name]: _coded(spec, value, {})}
            await self._writer.write("set_configs", {"funcModule": functions})

    async def _write_relay(
        self, spec: SettingSpec, relay: str | None, value: Reading
    ) -> None:
        code = _coded(spec, value, RELAY_CODES)
        if spec.step > 1 and isinstance(code, int):
            # Multiples of a hundred only (13.1.1).
            code = round(code / spec.step) * round(spec.step)
        await self._writer.write_relay(relay or "", {RELAY_KEYS[spec.name]: code})


def _coded(
    spec: SettingSpec, value: Reading, codes: Mapping[str, Mapping[str, int]]
) -> bool | int:
    match spec.type:
        case SettingType.SWITCH:
            return spec.switch(value)
        case SettingType.NUMBER:
            return round(spec.number(value))
        case SettingType.SELECT:
            return codes[spec.name][spec.option(value)]


class MegviiTasks(Tasks):
    """Arms channels, their rules, and the rules of access."""

    def __init__(self, writer: Writer) -> None:
        """Write through `writer`."""
        self._writer = writer

    @override
    async def set_enabled(
        self, channel: str | None, task: str, *, enabled: bool
    ) -> None:
        what, _, name = task.partition(":")
        index = as_int(name)
        if channel is None and what == ACCESS and name:
            await self._writer.write(
                "update_access_rule", {"ruleName": name, "enable": enabled}
            )
        elif channel is not None and task == SURVEILLANCE:
            await self._writer.arm(channel, armed=enabled)
        elif channel is not None and what == RULE and index is not None:
            await self._writer.enable(channel, index, enabled=enabled)
        else:
            raise InvalidRequest("There is no such task")


class MegviiCommands(Commands):
    """Restarts the box and sets its clock."""

    catalog = (Command.REBOOT, Command.SET_CLOCK)

    def __init__(self, transport: Transport, writer: Writer) -> None:
        """Work through `transport`."""
        self._transport = transport
        self._writer = writer

    @override
    async def run(self, command: Command) -> None:
        match command:
            case Command.REBOOT:
                await self._transport.ask("reboot_device")
            case Command.SET_CLOCK:
                now = round(datetime.now(UTC).timestamp())
                await self._writer.write("set_device", {"time": {"deviceTime": now}})
            case _:
                raise Unsupported
