"""Buttons: moving cameras, closing relays, commands to the hub."""

from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import override

from homeassistant.components.button import ButtonDeviceClass, ButtonEntity
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import VisionHubConfigEntry, VisionHubData
from .entity import Maker, VisionHubEntity, add_entities_as_they_come
from .errors import translate_errors
from .vendors.contract import Command, Commands, Ptz, PtzDirection, Relays, Voices
from .vendors.model import Relay, Voice

PARALLEL_UPDATES = 1

type Press = Callable[[], Awaitable[None]]


async def async_setup_entry(
    hass: HomeAssistant,
    entry: VisionHubConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the buttons of a hub."""

    def wanted(data: VisionHubData) -> Iterable[tuple[tuple[str | None, ...], Maker]]:
        if commands := data.hub.commands:
            for command in commands.catalog:
                yield (
                    (None, command),
                    partial(CommandButton, data, commands, command),
                )
        if relays := data.hub.relays:
            for relay in data.coordinator.data.relays:
                yield (
                    (None, "relay", relay.id),
                    partial(RelayButton, data, relays, relay),
                )
        if voices := data.hub.voices:
            for voice in data.coordinator.data.voices:
                yield (
                    (None, "voice", voice.id),
                    partial(VoiceButton, data, voices, voice),
                )
            if data.coordinator.data.voices:
                for channel_id in data.coordinator.data.channels:
                    yield (
                        (channel_id, "voice_cancel"),
                        partial(VoiceCancelButton, data, voices, channel_id),
                    )
        if ptz := data.hub.ptz:
            for channel in data.coordinator.data.channels.values():
                if channel.can_ptz:
                    for direction in (*PtzDirection, None):
                        yield (
                            (channel.id, "ptz", direction),
                            partial(PtzButton, data, ptz, direction, channel.id),
                        )

    add_entities_as_they_come(entry, async_add_entities, wanted)


class VisionHubButton(VisionHubEntity, ButtonEntity):
    """Does one thing when pressed."""

    _press: Press

    @override
    async def async_press(self) -> None:
        with translate_errors(self.hass, self.coordinator.config_entry):
            await self._press()


class CommandButton(VisionHubButton):
    """Tells the hub to do something."""

    _attr_entity_category = EntityCategory.CONFIG

    def __init__(
        self, data: VisionHubData, commands: Commands, command: Command
    ) -> None:
        """Run one command."""
        super().__init__(data, command, None)
        if command is Command.REBOOT:
            self._attr_device_class = ButtonDeviceClass.RESTART
        self._attr_entity_registry_enabled_default = command is Command.SET_CLOCK
        self._press = lambda: commands.run(command)


class RelayButton(VisionHubButton):
    """Closes a relay for the time that is set on the hub."""

    def __init__(self, data: VisionHubData, relays: Relays, relay: Relay) -> None:
        """Trigger one relay."""
        super().__init__(data, "relay", None)
        self._attr_unique_id = f"{data.coordinator.unique_id}_relay_{relay.id}"
        self._attr_translation_placeholders = {"relay": relay.name}
        self._press = lambda: relays.trigger(relay.id)


class VoiceButton(VisionHubButton):
    """Plays an announcement of the hub."""

    def __init__(self, data: VisionHubData, voices: Voices, voice: Voice) -> None:
        """Play one file."""
        super().__init__(data, "voice", None)
        self._attr_unique_id = f"{self._attr_unique_id}_{voice.id}"
        self._attr_translation_placeholders = {"voice": voice.name}
        self._press = lambda: voices.play(voice.id)


class VoiceCancelButton(VisionHubButton):
    """Ends what is played for a channel."""

    def __init__(self, data: VisionHubData, voices: Voices, channel: str) -> None:
        """Make one channel silent."""
        super().__init__(data, "voice_cancel", channel)
        self._press = lambda: voices.cancel(channel)


class PtzButton(VisionHubButton):
    """Moves a camera until the stop button, at the speed that is set."""

    def __init__(
        self,
        data: VisionHubData,
        ptz: Ptz,
        direction: PtzDirection | None,
        channel: str,
    ) -> None:
        """Move in one direction; None stops."""
        super().__init__(data, f"ptz_{direction or 'stop'}", channel)
        self._press = lambda: (
            ptz.move(channel, direction, data.ptz_speed[channel])
            if direction
            else ptz.stop(channel)
        )
