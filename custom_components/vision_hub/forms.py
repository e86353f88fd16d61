"""Forms from the fields that a vendor lists."""

from typing import Any

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

from .vendors.contract import ConfigField, FieldType

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
