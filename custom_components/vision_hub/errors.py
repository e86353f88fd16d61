"""From the vendors' errors to Home Assistant's, in the user's language."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from .alarms.archive import Archive, fault_of
from .const import DOMAIN
from .login_policy import async_refused
from .vendors.errors import AuthenticationFailed, HttpsRequired, VisionError, WouldErase


def placeholders(error: VisionError, hub: str) -> dict[str, str]:
    """Return what the texts of errors may mention."""
    port = str(error.port) if isinstance(error, HttpsRequired) else ""
    parts = error.parts if isinstance(error, WouldErase) else (str(error),)
    return {"hub": hub, "message": ", ".join(parts), "port": port}


def translated[ErrorT: HomeAssistantError](
    error: VisionError, hub: str, kind: type[ErrorT]
) -> ErrorT:
    """Return Home Assistant's error for a vendor's error."""
    return kind(
        translation_domain=DOMAIN,
        translation_key=error.key,
        translation_placeholders=placeholders(error, hub),
    )


@contextmanager
def translate_errors(hass: HomeAssistant, entry: ConfigEntry[Any]) -> Generator[None]:
    """Translate the errors of a hub, and keep count of refused logins."""
    try:
        yield
    except VisionError as error:
        if isinstance(error, AuthenticationFailed):
            async_refused(hass, entry, error)
        raise translated(error, entry.title, HomeAssistantError) from error
    if entry.state is ConfigEntryState.LOADED:
        entry.runtime_data.coordinator.async_answered()


def storage_placeholders(archive: Archive) -> dict[str, str]:
    """Return what the texts of the storage's faults may mention."""
    database, pictures = archive.places
    return {"database": f"{database}", "pictures": f"{pictures}"}


@contextmanager
def translate_storage_errors(
    archive: Archive, kind: type[HomeAssistantError] = HomeAssistantError
) -> Generator[None]:
    """Tell why the archive cannot be used."""
    try:
        yield
    except OSError as error:
        raise kind(
            translation_domain=DOMAIN,
            translation_key=f"storage_{archive.fault or fault_of(error)}",
            translation_placeholders=storage_placeholders(archive),
        ) from error
