"""Forms from the fields that a vendor lists."""

from collections.abc import Mapping
from typing import Any

from homeassistant.const import CONF_HOST, CONF_PORT, CONF_SSL, CONF_VERIFY_SSL
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    Selector,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import probatio

from .vendors.contract import ConfigField, FieldType, Vendor
from .vendors.errors import InvalidAddress
from .vendors.network_address import HTTP_PORTS, NetworkAddress

SELECTORS: dict[FieldType, Selector[Any]] = {
    FieldType.HOST: TextSelector(),
    FieldType.TEXT: TextSelector(),
    FieldType.URL: TextSelector(TextSelectorConfig(type=TextSelectorType.URL)),
    FieldType.PASSWORD: TextSelector(
        TextSelectorConfig(
            type=TextSelectorType.PASSWORD, autocomplete="current-password"
        )
    ),
    FieldType.PORT: NumberSelector(
        NumberSelectorConfig(min=1, max=65535, mode=NumberSelectorMode.BOX)
    ),
    FieldType.SWITCH: BooleanSelector(),
}


def form(
    fields: tuple[ConfigField, ...], *, keep_passwords: bool = False
) -> probatio.Schema:
    """Return the form of a vendor; passwords that are kept may stay empty."""
    schema: dict[probatio.Marker, Selector[Any]] = {}
    for field in fields:
        optional = not field.required or (
            keep_passwords and field.type is FieldType.PASSWORD
        )
        marker = probatio.Optional if optional else probatio.Required
        default = probatio.UNDEFINED if field.default is None else field.default
        schema[marker(field.name, default=default)] = _selector(field)
    return probatio.Schema(schema)


def _selector(field: ConfigField) -> Selector[Any]:
    if field.type is FieldType.SELECT:
        return SelectSelector(
            SelectSelectorConfig(
                options=list(field.choices), translation_key=field.name
            )
        )
    return SELECTORS[field.type]


_ADDRESSES = {FieldType.HOST, FieldType.URL}

ADDRESS_FIELDS = frozenset({CONF_HOST, CONF_PORT, CONF_SSL, CONF_VERIFY_SSL})
"""The fields that tell where a hub is."""


def normalized(
    vendor: Vendor, user_input: Mapping[str, Any], errors: dict[str, str]
) -> dict[str, Any]:
    """Return what was entered, with addresses taken apart; fill `errors` by field."""
    data = dict(user_input)
    if CONF_PORT in data:
        data[CONF_PORT] = int(data[CONF_PORT])
    for field in vendor.fields:
        if field.name not in data or field.type not in _ADDRESSES:
            continue
        try:
            address = NetworkAddress.parse(data[field.name]).without_path()
        except InvalidAddress as error:
            errors[field.name] = error.key
            continue
        if field.type is FieldType.URL:
            data[field.name] = str(address.origin(ssl=True))
            continue
        data[field.name] = address.host
        if address.ssl is not None:
            data[CONF_SSL] = address.ssl
            if data[CONF_PORT] in HTTP_PORTS.values():
                # It was that of the other scheme, or nobody touched it.
                data[CONF_PORT] = HTTP_PORTS[address.ssl]
        data[CONF_PORT] = address.port or data[CONF_PORT]
    return data
