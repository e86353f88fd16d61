"""The options of a hub: the form, and what the form means."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import UnitOfInformation, UnitOfTime
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import probatio

from .alarms import AlarmOptions
from .alarms.archive import Limits
from .const import (
    DEFAULT_KEEP_DAYS,
    DEFAULT_KEEP_MEGABYTES,
    OPTION_CALLBACK_URL,
    OPTION_HOLD_TIME,
    OPTION_KEEP_DAYS,
    OPTION_KEEP_MEGABYTES,
)
from .forms import form
from .vendors.contract import Vendor
from .vendors.errors import InvalidAddress
from .vendors.network_address import NetworkAddress


def _number(minimum: int, maximum: int, unit: str) -> NumberSelector:
    return NumberSelector(
        NumberSelectorConfig(
            min=minimum,
            max=maximum,
            mode=NumberSelectorMode.BOX,
            unit_of_measurement=unit,
        )
    )


def options_schema(vendor: Vendor) -> probatio.Schema:
    """Return the form."""
    schema: dict[probatio.Marker, object] = {
        probatio.Optional(OPTION_CALLBACK_URL): TextSelector(
            TextSelectorConfig(type=TextSelectorType.URL)
        ),
        probatio.Optional(OPTION_HOLD_TIME): _number(1, 3600, UnitOfTime.SECONDS),
        probatio.Required(OPTION_KEEP_DAYS, default=DEFAULT_KEEP_DAYS): _number(
            1, 3650, UnitOfTime.DAYS
        ),
        probatio.Required(
            OPTION_KEEP_MEGABYTES, default=DEFAULT_KEEP_MEGABYTES
        ): _number(16, 10_000_000, UnitOfInformation.MEGABYTES),
    }
    return probatio.Schema(schema).extend(form(vendor.options).schema)


def checked_options(
    user_input: Mapping[str, Any], errors: dict[str, str]
) -> dict[str, Any]:
    """Return the options with our address as hubs need it; fill `errors` by field."""
    options = dict(user_input)
    if typed := options.get(OPTION_CALLBACK_URL):
        try:
            address = NetworkAddress.parse(typed)
        except InvalidAddress:
            address = None
        if address is None or address.ssl is None or "?" in address.path:
            errors[OPTION_CALLBACK_URL] = "invalid_url"
        else:
            # A proxy may have us in a folder.
            folder = address.path.rstrip("/")
            options[OPTION_CALLBACK_URL] = f"{address.origin()}{folder}"
    return options


def alarm_options(entry: ConfigEntry[Any]) -> AlarmOptions:
    """Return what the options mean for the alarm pipeline."""
    options = entry.options
    hold = options.get(OPTION_HOLD_TIME)
    return AlarmOptions(
        callback_url=options.get(OPTION_CALLBACK_URL),
        hold=None if hold is None else timedelta(seconds=hold),
        limits=Limits(
            days=int(options.get(OPTION_KEEP_DAYS, DEFAULT_KEEP_DAYS)),
            megabytes=int(options.get(OPTION_KEEP_MEGABYTES, DEFAULT_KEEP_MEGABYTES)),
        ),
    )
