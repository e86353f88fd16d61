"""The condition for automations: an alarm is on."""

from collections.abc import Mapping
from typing import override

from homeassistant.components.binary_sensor import DOMAIN as BINARY_SENSOR_DOMAIN
from homeassistant.const import CONF_OPTIONS, STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.automation import DomainSpec
from homeassistant.helpers.condition import (
    ENTITY_STATE_CONDITION_SCHEMA_ANY_ALL,
    Condition,
    ConditionConfig,
    EntityStateConditionBase,
)
import probatio

from .const import DOMAIN
from .vendors.kinds import AlarmKind

CONF_KIND = "kind"

_BINARY_SENSORS: Mapping[str, DomainSpec] = {BINARY_SENSOR_DOMAIN: DomainSpec()}
_ON: set[str | bool] = {STATE_ON}

LASTING_KINDS = [kind.value for kind in AlarmKind if kind.traits.hold is not None]


class AlarmIsOnCondition(EntityStateConditionBase):
    """Some alarm of the chosen kinds is on."""

    _domain_specs = _BINARY_SENSORS
    _states = _ON
    _schema = ENTITY_STATE_CONDITION_SCHEMA_ANY_ALL.extend(
        {
            probatio.Required(CONF_OPTIONS, default={}): {
                probatio.Optional(CONF_KIND, default=LASTING_KINDS): probatio.All(
                    probatio.EnsureList(), [probatio.In(LASTING_KINDS)]
                ),
            },
        }
    )

    def __init__(self, hass: HomeAssistant, config: ConditionConfig) -> None:
        """Look at some kinds of alarm, or at all."""
        super().__init__(hass, config)
        assert config.options is not None
        self._kinds = set(config.options[CONF_KIND])

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        """Leave out binary sensors that are not about alarms."""
        registry = er.async_get(self._hass)
        return {
            entity_id
            for entity_id in super().entity_filter(entities)
            if (entry := registry.async_get(entity_id))
            and entry.platform == DOMAIN
            and entry.translation_key in self._kinds
        }


CONDITIONS: dict[str, type[Condition]] = {"is_alarm_on": AlarmIsOnCondition}


async def async_get_conditions(hass: HomeAssistant) -> dict[str, type[Condition]]:
    """Return the condition for alarms."""
    return CONDITIONS
