"""Adding a hub: a menu of vendors, then one form built from the vendor's fields."""

from collections.abc import Mapping
from functools import partialmethod
from typing import Any, override
from uuid import uuid4

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigFlow,
    ConfigFlowResult,
    OptionsFlowWithReload,
)
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import callback
import probatio

from .alarms.receiving import new_token
from .const import CONF_TOKEN, CONF_VENDOR, DOMAIN
from .errors import placeholders
from .forms import form, normalized
from .hub_access import try_hub
from .login_policy import async_forget_refusals
from .options import checked_options, options_schema
from .replacement import known_unique_id
from .vendors import VENDORS
from .vendors.contract import FieldType, Vendor
from .vendors.errors import VisionError
from .vendors.model import HubInfo

# The fields that are asked for again when a hub refuses them.
CREDENTIALS = {"username", "password", "access_key", "secret_key"}


class VisionHubConfigFlow(ConfigFlow, domain=DOMAIN):
    """Adds, reauthenticates and reconfigures hubs."""

    VERSION = 1

    def __init__(self) -> None:
        """Know of no failure yet."""
        self._placeholders: dict[str, str] = placeholders(VisionError(), "")

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Choose a vendor."""
        return self.async_show_menu(step_id="user", menu_options=list(VENDORS))

    async def _step_vendor(
        self, vendor_id: str, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Enter where a hub is and who we are."""
        vendor = VENDORS[vendor_id]
        errors: dict[str, str] = {}
        if user_input is not None:
            data = normalized(vendor, user_input, errors)
            if info := await self._try(vendor, data, errors):
                await self._async_identify(vendor, info, data)
                return self.async_create_entry(
                    title=self._title(info),
                    data={**data, CONF_VENDOR: vendor.id, CONF_TOKEN: new_token()},
                )
        return self.async_show_form(
            step_id=vendor.id,
            data_schema=self.add_suggested_values_to_schema(
                form(vendor.fields), user_input
            ),
            errors=errors,
            description_placeholders=self._placeholders,
        )

    async def _async_identify(
        self, vendor: Vendor, info: HubInfo, data: Mapping[str, Any]
    ) -> None:
        """Abort if this hub is set up already, or is another than it was."""
        if not vendor.has_serial:
            # Who moves keeps its devices and its history.
            address = {key: data[key] for key in (CONF_HOST, CONF_PORT)}
            self._async_abort_entries_match({CONF_VENDOR: vendor.id, **address})
            if self.source == SOURCE_USER:
                await self.async_set_unique_id(f"{vendor.id}_{uuid4().hex}")
            return
        await self.async_set_unique_id(known_unique_id(self.hass, vendor, info))
        if self.source == SOURCE_USER:
            self._abort_if_unique_id_configured(updates=dict(data))
        else:
            self._abort_if_unique_id_mismatch(reason="another_hub")

    def _title(self, info: HubInfo) -> str:
        """Return the hub's name, told apart from others of the same name."""
        taken = {entry.title for entry in self._async_current_entries()}
        return f"{info.name} {info.serial[-4:]}" if info.name in taken else info.name

    async def async_step_reauth(
        self, entry_data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Begin when a hub refuses our credentials."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Enter new credentials."""
        entry = self._get_reauth_entry()
        vendor = VENDORS[entry.data[CONF_VENDOR]]
        fields = tuple(field for field in vendor.fields if field.name in CREDENTIALS)
        return await self._change_entry(
            "reauth_confirm", vendor, form(fields), entry.data, user_input
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Tell that a hub has moved or has other credentials."""
        entry = self._get_reconfigure_entry()
        vendor = VENDORS[entry.data[CONF_VENDOR]]
        schema = form(vendor.fields, keep_passwords=True)
        return await self._change_entry(
            "reconfigure", vendor, schema, entry.data, user_input
        )

    async def _change_entry(
        self,
        step: str,
        vendor: Vendor,
        schema: probatio.Schema,
        present: Mapping[str, Any],
        user_input: dict[str, Any] | None,
    ) -> ConfigFlowResult:
        """Take what was entered over the present data, if it leads to the same hub."""
        errors: dict[str, str] = {}
        if user_input is not None:
            changes = normalized(vendor, user_input, errors)
            if info := await self._try(vendor, {**present, **changes}, errors):
                await self._async_identify(vendor, info, {**present, **changes})
                entry = (
                    self._get_reconfigure_entry()
                    if self.source == SOURCE_RECONFIGURE
                    else self._get_reauth_entry()
                )
                async_forget_refusals(self.hass, entry)
                return self.async_update_reload_and_abort(entry, data_updates=changes)
        secret = {f.name for f in vendor.fields if f.type is FieldType.PASSWORD}
        shown = {key: value for key, value in present.items() if key not in secret}
        return self.async_show_form(
            step_id=step,
            data_schema=self.add_suggested_values_to_schema(
                schema, user_input or shown
            ),
            errors=errors,
            description_placeholders=self._placeholders,
        )

    async def _try(
        self, vendor: Vendor, data: Mapping[str, Any], errors: dict[str, str]
    ) -> HubInfo | None:
        """Connect once, unless there are `errors`; fill them when that fails."""
        if errors:
            return None
        try:
            async with try_hub(self.hass, vendor, data) as hub:
                return hub.info
        except VisionError as error:
            errors["base"] = error.key
            where = [str(data[key]) for key in (CONF_HOST, CONF_PORT) if key in data]
            self._placeholders = placeholders(error, ":".join(where) or vendor.name)
            return None

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: Any) -> VisionHubOptionsFlow:
        """Offer the options."""
        return VisionHubOptionsFlow()


# Home Assistant finds the step of a menu's choice by its name.
for _vendor in VENDORS:
    setattr(
        VisionHubConfigFlow,
        f"async_step_{_vendor}",
        partialmethod(VisionHubConfigFlow._step_vendor, _vendor),  # noqa: SLF001
    )


class VisionHubOptionsFlow(OptionsFlowWithReload):
    """Changes how alarms arrive and how long they stay."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show all options."""
        errors: dict[str, str] = {}
        vendor = VENDORS[self.config_entry.data[CONF_VENDOR]]
        secret = {f.name for f in vendor.options if f.type is FieldType.PASSWORD}
        stored = self.config_entry.options
        shown = {key: value for key, value in stored.items() if key not in secret}
        if user_input is not None:
            options = checked_options(user_input, errors)
            if not errors:
                # The form does not show passwords; empty leaves them as they are.
                kept = {key: stored[key] for key in secret & stored.keys()}
                return self.async_create_entry(data=kept | options)
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(
                options_schema(vendor), user_input or shown
            ),
            errors=errors,
        )
