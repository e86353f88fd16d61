"""Issues that a user should know of, and the one that is fixed by consent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, override

from homeassistant.components.repairs import (
    ConfirmRepairFlow,
    RepairsFlow,
    RepairsFlowResult,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
import probatio

from .alarms import AlarmUpdate, Outage, Reason
from .alarms.archive import Archive, StorageFault
from .alarms.receiving import ACCIDENTS, PushState
from .const import CONF_VENDOR, DOMAIN
from .coordinator import VisionHubConfigEntry, VisionHubData
from .errors import storage_placeholders
from .forms import ADDRESS_FIELDS, form, normalized
from .guide import learn_more
from .hub_access import try_hub, visit_hub
from .replacement import AnotherHub, async_replace, is_same_hub, known_unique_id
from .vendors import VENDORS
from .vendors.contract import Hub, Refusal
from .vendors.errors import (
    AuthenticationFailed,
    CannotConnect,
    UnexpectedAnswer,
    VisionError,
)
from .vendors.model import Hindrance, HindranceKind, HubInfo

CLOCK_TOLERANCE = timedelta(seconds=60)
EXPIRY_NOTICE = timedelta(days=14)
MOST_NAMES = 12

# What hubs say is told with what mends it.
MENDABLE = frozenset(
    {
        HindranceKind.ALARMS_HELD_BACK,
        HindranceKind.TASK_STOPPED,
        HindranceKind.STORAGE_STOPPED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """Something that may be wrong with a hub."""

    key: str
    present: Callable[[VisionHubData], bool]
    details: Callable[[VisionHubData], dict[str, str]] = lambda _: {}
    fixable: bool = False


def clock_offset(data: VisionHubData) -> timedelta:
    """Return how far the hub's clock is ahead; nothing while nobody knows."""
    return data.alarms.clock_offset or timedelta()


def ending_services(data: VisionHubData) -> list[str]:
    """Return the services of a hub that have ended or will soon, with their day."""
    soon = dt_util.utcnow() + EXPIRY_NOTICE
    return [
        f"{service.name} ({dt_util.as_local(service.expires).date()})"
        for service in data.coordinator.data.services
        if service.expires is not None and service.expires < soon
    ]


def is_refused(reason: Refusal, data: VisionHubData) -> bool:
    """Tell whether nothing comes of a hub but messages that are refused for a reason."""
    alarms = data.alarms
    return alarms.outage is Outage.REFUSED and alarms.refusals.reason is reason


def found_hindrances(kind: HindranceKind, data: VisionHubData) -> list[Hindrance]:
    """Return what a hub tells of one kind."""
    return [each for each in data.coordinator.data.hindrances if each.kind is kind]


def names_of(kind: HindranceKind, data: VisionHubData) -> str:
    """Tell what hindrances are about: cameras, tasks, services."""
    channels = data.coordinator.data.channels
    told: list[str] = []
    for hindrance in found_hindrances(kind, data):
        channel = channels.get(hindrance.channel or "")
        names = (channel.name if channel else None, hindrance.name)
        if name := ": ".join(filter(None, names)):
            told.append(name)
    shown = ", ".join(told[:MOST_NAMES])
    return f"{shown} …" if len(told) > MOST_NAMES else shown


def is_hindered(kind: HindranceKind, data: VisionHubData) -> bool:
    """Tell whether a hub tells something of a kind."""
    return bool(found_hindrances(kind, data))


def hindrance_details(kind: HindranceKind, data: VisionHubData) -> dict[str, str]:
    """Return what the text of a hindrance mentions."""
    return {"names": names_of(kind, data)}


ISSUES = (
    Issue(
        key="callback_not_reachable",
        present=lambda data: data.alarms.push is PushState.SILENT,
    ),
    Issue(
        key="no_callback_address",
        present=lambda data: data.alarms.push is PushState.NO_ADDRESS,
    ),
    Issue(
        key="push_failed",
        present=lambda data: data.alarms.push is PushState.FAILED,
        details=lambda data: {"message": str(data.alarms.error or "")},
    ),
    Issue(
        key="hub_unreachable",
        present=lambda data: (
            data.alarms.outage is Outage.UNREACHABLE and data.alarms.lost
        ),
    ),
    Issue(
        key="subscription_taken",
        present=lambda data: data.alarms.push is PushState.TAKEN,
        details=lambda data: {"owners": ", ".join(data.alarms.owners)},
        fixable=True,
    ),
    *(
        Issue(
            key=f"refused_{reason}",
            present=partial(is_refused, reason),
            details=lambda data: {"count": str(data.alarms.refusals.in_a_row)},
        )
        for reason in Refusal
        if reason not in ACCIDENTS
    ),
    *(
        Issue(
            key=kind,
            present=partial(is_hindered, kind),
            details=partial(hindrance_details, kind),
            fixable=kind in MENDABLE,
        )
        for kind in HindranceKind
    ),
    Issue(
        key="clock_wrong",
        present=lambda data: abs(clock_offset(data)) > CLOCK_TOLERANCE,
        details=lambda data: {"seconds": f"{clock_offset(data).total_seconds():+.0f}"},
    ),
    Issue(
        key="service_expires",
        present=lambda data: bool(ending_services(data)),
        details=lambda data: {"services": ", ".join(ending_services(data))},
    ),
)


def _issue_id(issue: Issue, entry: VisionHubConfigEntry) -> str:
    return f"{issue.key}_{entry.entry_id}"


@callback
def async_watch(hass: HomeAssistant, entry: VisionHubConfigEntry) -> None:
    """Keep the issues of a hub in step with its state."""
    data = entry.runtime_data

    @callback
    def look() -> None:
        for issue in ISSUES:
            if not issue.present(data):
                ir.async_delete_issue(hass, DOMAIN, _issue_id(issue, entry))
                continue
            ir.async_create_issue(
                hass,
                DOMAIN,
                _issue_id(issue, entry),
                data={"entry_id": entry.entry_id},
                is_fixable=issue.fixable,
                learn_more_url=learn_more(issue.key),
                severity=ir.IssueSeverity.WARNING,
                translation_key=issue.key,
                translation_placeholders={"hub": entry.title, **issue.details(data)},
            )

    @callback
    def look_at_push(update: AlarmUpdate) -> None:
        if update.reason in (Reason.PUSH, Reason.RECEPTION):
            look()

    look()
    entry.async_on_unload(data.coordinator.async_add_listener(look))
    entry.async_on_unload(data.alarms.subscribe(look_at_push))


@callback
def async_watch_archive(hass: HomeAssistant, archive: Archive) -> None:
    """Keep the issues of the archive in step with its state, as long as it lives."""

    @callback
    def look() -> None:
        for fault in StorageFault:
            if fault is not archive.fault:
                ir.async_delete_issue(hass, DOMAIN, f"storage_{fault}")
        if archive.fault is not None:
            ir.async_create_issue(
                hass,
                DOMAIN,
                f"storage_{archive.fault}",
                is_fixable=False,
                learn_more_url=learn_more(f"storage_{archive.fault}"),
                severity=ir.IssueSeverity.ERROR,
                translation_key=f"storage_{archive.fault}",
                translation_placeholders=storage_placeholders(archive),
            )
        if archive.moved_aside is None:
            ir.async_delete_issue(hass, DOMAIN, "archive_damaged")
        else:
            ir.async_create_issue(
                hass,
                DOMAIN,
                "archive_damaged",
                is_fixable=False,
                learn_more_url=learn_more("archive_damaged"),
                severity=ir.IssueSeverity.ERROR,
                translation_key="archive_damaged",
                translation_placeholders={"file": archive.moved_aside.name},
            )

    archive.subscribe(look)


@callback
def async_delete_issues(hass: HomeAssistant, entry: VisionHubConfigEntry) -> None:
    """Forget the issues of a hub that is unloaded."""
    for issue in ISSUES:
        ir.async_delete_issue(hass, DOMAIN, _issue_id(issue, entry))


class TakeOverFlow(ConfirmRepairFlow):
    """Asks whether alarms may go to Home Assistant instead of another platform."""

    def __init__(self, entry: VisionHubConfigEntry) -> None:
        """Remember which hub it is about."""
        super().__init__()
        self._entry = entry

    @override
    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        if user_input is not None:
            await self._entry.runtime_data.alarms.take_over()
            return self.async_create_entry(data={})
        return self.async_show_form(
            step_id="confirm",
            description_placeholders={
                "hub": self._entry.title,
                "owners": ", ".join(self._entry.runtime_data.alarms.owners),
            },
        )


class MendFlow(ConfirmRepairFlow):
    """Asks whether a hub is to be set so that its alarms come."""

    def __init__(self, entry: VisionHubConfigEntry, kind: HindranceKind) -> None:
        """Remember what is to be mended."""
        super().__init__()
        self._entry = entry
        self._kind = kind

    @override
    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        data, errors = self._entry.runtime_data, {}
        if user_input is not None:
            try:
                await self._mend(data.hub)
            except VisionError:
                errors["base"] = "failed"
            else:
                await data.coordinator.async_refresh()
                return self.async_create_entry(data={})
        return self.async_show_form(
            step_id="confirm",
            errors=errors,
            description_placeholders={
                "hub": self._entry.title,
                "names": names_of(self._kind, data),
            },
        )

    async def _mend(self, hub: Hub) -> None:
        found = found_hindrances(self._kind, self._entry.runtime_data)
        for key, value in (pair for each in found for pair in each.settings):
            if hub.settings is not None:
                await hub.settings.write(key, value)
        for task in dict.fromkeys(each.task for each in found):
            if hub.tasks is not None and task is not None:
                await hub.tasks.set_enabled(None, task, enabled=True)


def _error_key(error: VisionError) -> str:
    """Return the text of the form for what went wrong."""
    for kind in (CannotConnect, AuthenticationFailed):
        if isinstance(error, kind):
            return kind.key
    return UnexpectedAnswer.key


class AnotherHubFlow(RepairsFlow):
    """Asks whether a hub has moved, or was replaced by the one that answers."""

    def __init__(self, entry: VisionHubConfigEntry) -> None:
        """Remember which hub it is about."""
        super().__init__()
        self._entry = entry
        self._vendor = VENDORS[entry.data[CONF_VENDOR]]

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Choose."""
        return self.async_show_menu(
            step_id="init",
            menu_options=["moved", "replaced"],
            description_placeholders={"hub": self._entry.title},
        )

    async def async_step_moved(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Enter where the hub is now."""
        errors: dict[str, str] = {}
        if user_input is not None:
            changes = normalized(self._vendor, user_input, errors)
            info = await self._async_meet(changes, errors)
            if info and not is_same_hub(self._entry, info.serial):
                errors["base"] = AnotherHub.key
            elif info:
                return self._async_go_on(changes)
        fields = tuple(f for f in self._vendor.fields if f.name in ADDRESS_FIELDS)
        return self.async_show_form(
            step_id="moved",
            data_schema=self.add_suggested_values_to_schema(
                form(fields), user_input or self._entry.data
            ),
            errors=errors,
            description_placeholders={"hub": self._entry.title},
        )

    async def async_step_replaced(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Let the hub that answers go on with what the earlier one had."""
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                async with visit_hub(self.hass, self._entry) as hub:
                    status = await hub.poll()
            except VisionError as error:
                errors["base"] = _error_key(error)
            else:
                unique_id = known_unique_id(self.hass, self._vendor, hub.info)
                if any(
                    entry.unique_id == unique_id and entry is not self._entry
                    for entry in self.hass.config_entries.async_entries(DOMAIN)
                ):
                    return self.async_abort(reason="already_configured")
                await async_replace(self.hass, self._entry, unique_id, status.channels)
                return self._async_go_on({})
        return self.async_show_form(
            step_id="replaced",
            data_schema=probatio.Schema({}),
            errors=errors,
            description_placeholders={"hub": self._entry.title},
        )

    async def _async_meet(
        self, changes: Mapping[str, Any], errors: dict[str, str]
    ) -> HubInfo | None:
        if errors:
            return None
        config = {**self._entry.data, **changes}
        try:
            async with try_hub(self.hass, self._vendor, config) as hub:
                return hub.info
        except VisionError as error:
            errors["base"] = _error_key(error)
            return None

    @callback
    def _async_go_on(self, changes: Mapping[str, Any]) -> RepairsFlowResult:
        config_entries = self.hass.config_entries
        config_entries.async_update_entry(
            self._entry, data={**self._entry.data, **changes}
        )
        config_entries.async_schedule_reload(self._entry.entry_id)
        return self.async_create_entry(data={})


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, Any] | None
) -> RepairsFlow:
    """Return the flow that mends an issue."""
    assert data is not None
    entry = hass.config_entries.async_get_known_entry(data["entry_id"])
    key = issue_id.removesuffix(f"_{entry.entry_id}")
    if key == AnotherHub.key:
        return AnotherHubFlow(entry)
    if key in MENDABLE:
        return MendFlow(entry, HindranceKind(key))
    return TakeOverFlow(entry)
