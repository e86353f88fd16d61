"""What all actions share: their targets, who may use them, how they answer."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum, auto

from homeassistant.auth.permissions.const import CAT_ENTITIES, POLICY_CONTROL
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError, Unauthorized, UnknownUser
from homeassistant.helpers import (
    config_validation as cv,
    device_registry as dr,
    entity_registry as er,
    service,
)
from homeassistant.helpers.typing import VolDictType
from homeassistant.util.json import JsonObjectType
import probatio

from ..const import DOMAIN
from ..coordinator import VisionHubConfigEntry, VisionHubData
from ..errors import translate_errors
from ..identity import channel_of, hub_identifier
from ..vendors.errors import Unsupported


class Scope(Enum):
    """What an action is about."""

    HUB = auto()
    """A channel stands for its hub."""
    CHANNEL = auto()
    BOTH = auto()


@dataclass(frozen=True, slots=True)
class Target:
    """A hub, or one channel of it."""

    entry_id: str
    channel: str | None
    device_id: str
    entry: VisionHubConfigEntry = field(compare=False, repr=False)

    @property
    def data(self) -> VisionHubData:
        """What the hub's config entry holds."""
        return self.entry.runtime_data


type Run = Callable[[ServiceCall, Target], Awaitable[JsonObjectType | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One action."""

    name: str
    run: Run
    fields: VolDictType
    scope: Scope = Scope.HUB
    response: SupportsResponse = SupportsResponse.NONE
    permission: str = POLICY_CONTROL
    admin: bool = False
    check: Callable[[VolDictType], VolDictType] = lambda fields: fields
    """What a schema of fields alone cannot tell."""


def invalid(key: str, **placeholders: str) -> ServiceValidationError:
    """Return the error for something that the user has to put right."""
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders=placeholders,
    )


def required[T](capability: T | None) -> T:
    """Return a capability of a hub, if it has it."""
    if capability is None:
        raise Unsupported
    return capability


async def async_check_permission(
    call: ServiceCall, entity_ids: list[str], permission: str
) -> None:
    """Let a user do only what one of these entities would let them do.

    Home Assistant's own check of whole domains would let in whoever controls any hub.
    """
    if call.context.user_id is None:
        return
    user = await call.hass.auth.async_get_user(call.context.user_id)
    if user is None:
        raise UnknownUser(
            context=call.context, permission=permission, user_id=call.context.user_id
        )
    if user.is_admin or any(
        user.permissions.check_entity(entity_id, permission) for entity_id in entity_ids
    ):
        return
    raise Unauthorized(
        context=call.context,
        permission=permission,
        user_id=call.context.user_id,
        perm_category=CAT_ENTITIES,
    )


@callback
def _async_target(hass: HomeAssistant, device_id: str, scope: Scope) -> Target:
    """Return what a device stands for."""
    device, entry = service.async_get_device_and_config_entry(
        hass, DOMAIN, device_id, include_child_devices=False
    )
    unique_id = entry.runtime_data.coordinator.unique_id
    channel = channel_of(device, unique_id)
    if scope is Scope.CHANNEL and channel is None:
        raise invalid(
            "not_a_camera", device=device.name_by_user or device.name or device_id
        )
    if channel is None or scope is Scope.HUB:
        # Also for a box that stands between.
        hub = dr.async_get(hass).async_get_device_by_identifier(
            hub_identifier(unique_id), entry.entry_id
        )
        return Target(entry.entry_id, None, hub.id if hub else device_id, entry)
    return Target(entry.entry_id, channel, device.id, entry)


@callback
def async_register(hass: HomeAssistant, action: Action) -> None:
    """Register one action."""

    async def run(call: ServiceCall, target: Target) -> JsonObjectType | None:
        with translate_errors(hass, target.entry):
            return await action.run(call, target)

    async def handle(call: ServiceCall) -> ServiceResponse:
        """Act on every target, each once, whichever way the user named it."""
        named: dict[Target, list[str]] = {}
        for device_id in call.data[ATTR_DEVICE_ID]:
            target = _async_target(hass, device_id, action.scope)
            named.setdefault(target, []).append(device_id)
        registry = er.async_get(hass)
        for target in named:
            entities = er.async_entries_for_device(registry, target.device_id)
            await async_check_permission(
                call, [entity.entity_id for entity in entities], action.permission
            )
        # What fails at one hub must not interrupt the others.
        answers = await asyncio.gather(
            *(run(call, target) for target in named), return_exceptions=True
        )
        response: JsonObjectType = {}
        for device_ids, answer in zip(named.values(), answers, strict=True):
            if isinstance(answer, BaseException):
                raise answer
            response.update(dict.fromkeys(device_ids, answer))
        return response if call.return_response else None

    schema = probatio.All(
        probatio.Schema(
            {
                probatio.Required(ATTR_DEVICE_ID): probatio.All(
                    probatio.EnsureList(), [cv.string], probatio.Length(min=1)
                ),
                **action.fields,
            }
        ),
        action.check,
    )
    if action.admin:
        service.async_register_admin_service(
            hass, DOMAIN, action.name, handle, schema, action.response
        )
    else:
        hass.services.async_register(
            DOMAIN, action.name, handle, schema, action.response
        )
