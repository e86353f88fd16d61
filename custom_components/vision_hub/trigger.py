"""Triggers for automations: an alarm was raised, a face was seen."""

from collections.abc import Collection, Mapping
from typing import ClassVar, override

from homeassistant.components.event import (
    DOMAIN as EVENT_DOMAIN,
    EventEntityStateAttribute,
)
from homeassistant.const import CONF_OPTIONS
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import config_validation as cv, entity_registry as er
from homeassistant.helpers.automation import DomainSpec
from homeassistant.helpers.trigger import (
    ENTITY_STATE_TRIGGER_SCHEMA,
    NotTriggeredReasonReporter,
    StatelessEntityTriggerBase,
    Trigger,
    TriggerConfig,
)
import probatio

from .const import DOMAIN
from .event import FACE_EVENTS
from .vendors.kinds import AlarmGroup, AlarmKind

CONF_KIND = "kind"
CONF_PERSON = "person"
CONF_SEEN = "seen"

_EVENTS: Mapping[str, DomainSpec] = {EVENT_DOMAIN: DomainSpec()}

_TELLING = (EventEntityStateAttribute.EVENT_TYPE, "code", "time", "picture")

ALARM_KINDS = [
    kind.value for kind in AlarmKind if kind.traits.group is not AlarmGroup.FACE
]


class VisionHubTrigger(StatelessEntityTriggerBase):
    """Fires with an event entity of this integration."""

    _domain_specs = _EVENTS
    _key: ClassVar[str]
    """The translation key of the entities."""
    _event_types: Collection[str] = ()
    """Which event types fire; all when empty."""

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        """Leave out event entities of other kinds, which an area may have too."""
        registry = er.async_get(self._hass)
        return {
            entity_id
            for entity_id in super().entity_filter(entities)
            if (entry := registry.async_get(entity_id))
            and entry.platform == DOMAIN
            and entry.translation_key == self._key
        }

    @override
    def is_valid_transition(self, from_state: State, to_state: State) -> bool:
        """Tell alarms apart also when they come within one millisecond."""
        return super().is_valid_transition(from_state, to_state) or any(
            from_state.attributes.get(attribute) != to_state.attributes.get(attribute)
            for attribute in _TELLING
        )

    @override
    def is_valid_state(
        self, state: State, report_not_triggered: NotTriggeredReasonReporter
    ) -> bool:
        """Look at the event type."""
        event_type = state.attributes.get(EventEntityStateAttribute.EVENT_TYPE)
        return not self._event_types or event_type in self._event_types


class AlarmTrigger(VisionHubTrigger):
    """An alarm was raised."""

    _key = "alarm"
    _schema = ENTITY_STATE_TRIGGER_SCHEMA.extend(
        {
            probatio.Required(CONF_OPTIONS, default={}): {
                probatio.Optional(CONF_KIND): probatio.All(
                    probatio.EnsureList(), [probatio.In(ALARM_KINDS)]
                ),
            },
        }
    )

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Fire for some kinds of alarm, or for all."""
        super().__init__(hass, config)
        self._event_types = self._options.get(CONF_KIND, ())


class FaceTrigger(VisionHubTrigger):
    """A face was seen."""

    _key = "face"
    _schema = ENTITY_STATE_TRIGGER_SCHEMA.extend(
        {
            probatio.Required(CONF_OPTIONS, default={}): {
                probatio.Optional(CONF_SEEN): probatio.All(
                    probatio.EnsureList(), [probatio.In(list(FACE_EVENTS.values()))]
                ),
                probatio.Optional(CONF_PERSON): probatio.All(
                    probatio.EnsureList(), [cv.string]
                ),
            },
        }
    )

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Fire for some persons, or for all."""
        super().__init__(hass, config)
        self._event_types = self._options.get(CONF_SEEN, ())
        self._persons = {
            person.casefold() for person in self._options.get(CONF_PERSON, ())
        }

    @override
    def is_valid_state(
        self, state: State, report_not_triggered: NotTriggeredReasonReporter
    ) -> bool:
        """Look at the person too, by name or by id."""
        if not super().is_valid_state(state, report_not_triggered):
            return False
        return not self._persons or any(
            str(state.attributes.get(attribute, "")).casefold() in self._persons
            for attribute in ("person", "person_id")
        )


TRIGGERS: dict[str, type[Trigger]] = {
    "alarm": AlarmTrigger,
    "face": FaceTrigger,
}


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers for alarms and faces."""
    return TRIGGERS
