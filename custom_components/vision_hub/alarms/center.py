"""The alarms of one config entry: from the hub to the archive, then to all who care."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
import logging
from typing import Any, Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..vendors.contract import AlarmSink, Hub, Refusal
from ..vendors.errors import VisionError
from ..vendors.kinds import AlarmGroup, AlarmKind
from ..vendors.model import Alarm, Counts, HubStatus, Phase, Source
from .archive import Archive, Limits, StoredAlarm, Unstorable
from .catch_up import CatchUp
from .event_data import EVENT_ALARM, alarm_event_data
from .hub_clock import Clock, ClockCheck
from .measurements import Measurements, News, merged
from .picture_fetcher import PictureFetcher
from .receiving import CallbackEndpoint, Listening, PushState, Refusals
from .reception import OUTAGES, Outage, Reception
from .states import AlarmStates, Condition

_LOGGER = logging.getLogger(__name__)

LATE: Final = timedelta(seconds=60)

ALL: Final = "*"
"""Stands for every channel when listening."""

MARK_INTERVAL: Final = 300
TOLD_INTERVAL: Final = 5
TRIM_INTERVAL: Final = 3600
TRIM_PAUSE: Final = 10


class Reason(StrEnum):
    """Why listeners are called."""

    ALARM = "alarm"
    ENDED = "ended"
    """The hub told so, or the hold time is over."""
    PICTURE = "picture"
    """A picture or video came after its alarm."""
    PUSH = "push"
    """How alarms reach us has changed, whether they can be stored, the clock's offset."""
    RECEPTION = "reception"
    """What is said of alarms holds no more, or again: see `AlarmCenter.is_lost`."""


@dataclass(frozen=True, slots=True)
class AlarmUpdate:
    """Something changed."""

    channel: str | None
    kind: AlarmKind | None
    stored: StoredAlarm | None
    reason: Reason


type Listener = Callable[[AlarmUpdate], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmOptions:
    """What a user has decided."""

    callback_url: str | None
    hold: timedelta | None
    """None: each kind has its own."""
    limits: Limits


class AlarmCenter(AlarmSink):
    """What entities and actions see of the alarms of one hub."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        hub: Hub,
        archive: Archive,
        callbacks: CallbackEndpoint,
        options: AlarmOptions,
        *,
        on_changed: Callable[[], None],
        told_offset: Callable[[], timedelta | None] = lambda: None,
        read_clock: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """`on_changed` is told when the last status of the hub no longer holds.

        `told_offset` returns how far the hub's clock is ahead, where the hub tells;
        `read_clock` asks the hub for it.
        """
        self._hass = hass
        self._entry = entry
        self._hub = hub
        self._callbacks = callbacks
        self._limits = options.limits
        self._on_changed = on_changed
        self._told_offset = told_offset
        self._listeners: dict[str | None, list[Listener]] = {}
        self._clock = Clock()
        self._clock_check = ClockCheck(read_clock) if read_clock else None
        self._states = AlarmStates(hass, options.hold, self._hold_over)
        self._listening = Listening(hass, entry, hub, callbacks, self._push_changed)
        self._reception = Reception(hass, self._reception_changed)
        self._silenced: frozenset[str | None] = frozenset()
        self._catch_up = CatchUp(hub, entry.entry_id, archive, options.limits.days)
        self._fetcher = PictureFetcher(hub, entry.entry_id, archive, self._picture_came)
        self._too_much = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._accepting: set[asyncio.Task[None]] = set()
        self._was_listening = False
        self._unsubscribe: Callable[[], None] | None = None
        self._told: int | None = None
        """The key of the newest alarm that everybody was told of."""
        self._noted: int | None = None
        self._untold: list[StoredAlarm] = []
        self.archive = archive
        self.seen: frozenset[Condition] = frozenset()
        self.latest_alarm: dict[str, StoredAlarm] = {}
        self.latest_picture: dict[str, StoredAlarm] = {}
        self.latest_face: dict[str, StoredAlarm] = {}
        self._measurements = Measurements(hass, self._keep_sample)
        self.counts: dict[str, Counts] = {}
        """What each channel counted last."""

    # What entities see

    @property
    def push(self) -> PushState:
        """How alarms reach us."""
        return self._listening.state

    @property
    def owners(self) -> tuple[str, ...]:
        """Who has the places for receivers, when they are taken."""
        return self._listening.owners

    @property
    def error(self) -> VisionError | None:
        """Why listening failed."""
        return self._listening.error

    @property
    def last_heard(self) -> datetime | None:
        """When the hub reached us last."""
        return self._listening.last_heard

    @property
    def refusals(self) -> Refusals:
        """What was not taken."""
        return self._callbacks.refusals

    @property
    def clock_offset(self) -> timedelta | None:
        """How far the hub's clock is ahead, as the hub or else its alarms tell."""
        told = self._told_offset()
        return self._clock.offset if told is None else told

    @property
    def outage(self) -> Outage | None:
        """Why alarms cannot come now; None when they can.

        Listeners are called with `Reason.PUSH` when it changes.
        """
        if self.archive.fault is not None:
            return Outage.STORAGE
        if self.push is not PushState.LISTENING:
            return OUTAGES[self.push]
        if self._listening.deaf:
            return Outage.UNREACHABLE
        if self.refusals.reason is not None:
            return Outage.REFUSED
        return Outage.HINDERED if None in self._silenced else None

    def is_lost(self, channel: str | None) -> bool:
        """Tell whether nobody knows what goes on, since no alarms can come for a while.

        Listeners are called with `Reason.RECEPTION` when it changes.
        """
        return self._reception.lost or channel in self._silenced

    @property
    def lost(self) -> bool:
        """Whether that is so of the whole hub."""
        return self._reception.lost

    @property
    def catching_up(self) -> bool:
        """Whether something may be missing that the hub can still tell."""
        return self._catch_up.running

    def is_on(self, channel: str | None, kind: AlarmKind) -> bool:
        """Tell whether an alarm is on."""
        return self._states.is_on(channel, kind)

    @callback
    def subscribe(
        self, listener: Listener, channel: str | None = ALL
    ) -> Callable[[], None]:
        """Call a listener at every update, until the returned function is called.

        With a channel (None: the hub itself) it is called for that alone.
        """
        self._listeners.setdefault(channel, []).append(listener)
        return partial(self._listeners[channel].remove, listener)

    # Its life

    async def load(self) -> None:
        """Read what was known before; raises OSError."""
        await self._callbacks.load()
        self.seen = frozenset(await self.archive.seen(self._entry.entry_id))
        for stored in await self.archive.latest(self._entry.entry_id):
            self._keep_latest(stored)
            if stored.alarm.kind.traits.measured:
                self._measurements.recall(stored.alarm)
        self._untold = await self.archive.untold(self._entry.entry_id)

    @callback
    def start(self) -> None:
        """Begin to listen."""
        self._callbacks.on_refused = self._catch_up.refuse
        self.refusals.on_change = self._tell_push
        self._unsubscribe = self.archive.subscribe(self._storage_changed)
        self._reception.follow(self.outage)
        self._start(self._listening.run(self), "listen")
        self._start(
            self._catch_up.run(self._take, lambda: self.clock_offset),
            "catch up",
        )
        self._start(self._fetcher.run(), "pictures")
        self._start(self._mark(), "mark")
        self._start(self._tell_untold(), "tell")
        self._start(self._trim(), "trim")

    async def stop(self) -> None:
        """Stop listening, after what was taken is done."""
        self._measurements.stop()
        for task in self._tasks:
            task.cancel()
        if ending := {*self._tasks, *self._accepting}:
            await asyncio.wait(ending)
        self._tasks.clear()
        self._states.stop()
        self._reception.stop()
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        await self._note_told()

    @callback
    def polled(self, status: HubStatus, *, answered: bool) -> None:
        """Note whether the hub answers when it is asked, and what it told last."""
        silenced, self._silenced = self._silenced, status.silenced
        if silenced != self._silenced:
            self._tell_push()
            self._reception_changed()
        self._listening.polled(answered=answered)

    async def take_over(self) -> None:
        """Listen again, at the place of somebody else: the user consents."""
        self._listening.consent()

    def _start(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        task = self._entry.async_create_background_task(
            self._hass, work, f"vision_hub {self._entry.title} {name}"
        )
        self._tasks.append(task)
        return task

    async def _mark(self) -> None:
        while True:
            await asyncio.sleep(MARK_INTERVAL)
            if self.push is PushState.LISTENING:
                with suppress(OSError):
                    await self._catch_up.note_complete(self._listening.complete_until)

    async def _tell_untold(self) -> None:
        """Tell what a crash left untold; then keep note of what was told."""
        for stored in self._untold:
            self._publish(replace(stored, late=self._is_late(stored.alarm)))
        self._untold.clear()
        while True:
            await self._note_told()
            await asyncio.sleep(TOLD_INTERVAL)

    async def _note_told(self) -> None:
        if self._told != self._noted and self._told is not None:
            with suppress(OSError):
                await self.archive.set_told(self._entry.entry_id, self._told)
                self._noted = self._told

    async def _trim(self) -> None:
        while True:
            try:
                await self.archive.trim(self._entry.entry_id, self._limits)
            except OSError as error:
                _LOGGER.warning("Old alarms could not be deleted: %s", error)
            self._too_much.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(TRIM_INTERVAL):
                    await self._too_much.wait()
            await asyncio.sleep(TRIM_PAUSE)

    # What the hub brings

    @override
    async def accept(self, alarm: Alarm) -> None:
        try:
            await self._take(alarm, on_taken=self.refusals.end)
        except OSError:
            self._catch_up.refuse()
            raise
        except Unstorable as error:
            if alarm.source is Source.PUSH:
                raise
            # Who reads records goes on with the next.
            _LOGGER.debug("A record cannot be stored: %s", error)
            self.refused(Refusal.FAULT)

    async def _take(
        self, alarm: Alarm, on_taken: Callable[[], None] = lambda: None
    ) -> None:
        # An alarm that was stored is also told, though the hub may have hung up.
        task = self._hass.async_create_task(
            self._accept(alarm, on_taken), "vision_hub alarm", eager_start=True
        )
        if task.done():
            return task.result()
        self._accepting.add(task)
        task.add_done_callback(self._accepting.discard)
        return await asyncio.shield(task)

    async def _accept(self, alarm: Alarm, on_taken: Callable[[], None]) -> None:
        """Store an alarm, then tell all; `on_taken` first."""
        received = dt_util.utcnow()
        # A record of what has just happened is as good as a push of it.
        late = self._is_late(alarm)
        if late and alarm.source is Source.PUSH and self._clock_check:
            # Or it is the clock that is behind, as after a power cut.
            await self._clock_check.run()
            late = self._is_late(alarm)
        measured = alarm.kind.traits.measured and alarm.phase is Phase.STARTED
        if measured and not self._is_sample(alarm, received, late=late):
            on_taken()
            return
        try:
            stored = await self.archive.add(
                self._entry.entry_id,
                alarm,
                received=received,
                late=late,
                on_picture=self._picture_came,
            )
        except OSError:
            if measured:
                # What is measured is true whether or not it can be kept.
                self._publish(self._unkept(alarm, received, late=late))
            raise
        on_taken()
        if stored is None:
            return
        if alarm.source is Source.PUSH and self._clock.add(alarm.time, received):
            self._tell(AlarmUpdate(None, None, None, Reason.PUSH))
        self._publish(stored)
        if any(picture.data is None for picture in alarm.pictures):
            self._fetcher.want()
        if self.archive.exceeds(self._entry.entry_id, self._limits):
            self._too_much.set()

    @callback
    def _is_sample(self, alarm: Alarm, received: datetime, *, late: bool) -> bool:
        """Tell whether a measurement is to be archived; tell others when it changed."""
        if alarm.source is Source.HISTORY and alarm.counts is None:
            # The record of a counter that tells no count.
            return False
        news = self._measurements.take(alarm, late=late)
        if news is News.TELL:
            self._publish(self._unkept(alarm, received, late=late))
        return news is News.KEEP

    def _unkept(self, alarm: Alarm, received: datetime, *, late: bool) -> StoredAlarm:
        return StoredAlarm(
            key=0,
            hub=self._entry.entry_id,
            alarm=replace(alarm, pictures=()),
            received=received,
            late=late,
        )

    @callback
    def _keep_sample(self, alarm: Alarm) -> None:
        """Archive a measurement that was told before."""
        task = self._hass.async_create_task(
            self._archive_sample(alarm), "vision_hub sample"
        )
        self._accepting.add(task)
        task.add_done_callback(self._accepting.discard)

    async def _archive_sample(self, alarm: Alarm) -> None:
        try:
            stored = await self.archive.add(
                self._entry.entry_id, alarm, received=dt_util.utcnow(), late=False
            )
        except OSError as error:
            _LOGGER.debug("A sample was not archived: %s", error)
        else:
            if stored is not None:
                self._told = max(stored.key, self._told or 0)

    @override
    async def add_clip(self, name: str, content: bytes, content_type: str) -> None:
        stored = await self.archive.add_clip(
            self._entry.entry_id, name, content, content_type
        )
        self.refusals.end()
        if stored is not None:
            self._picture_came(stored)

    @override
    @callback
    def refused(self, reason: Refusal) -> None:
        self._callbacks.refuse(reason)

    @override
    @callback
    def heard(self) -> None:
        self._listening.heard()

    @override
    @callback
    def expect(self, within: timedelta | None) -> None:
        self._listening.expect(within)

    @override
    @callback
    def missed(self) -> None:
        self._catch_up.want()

    @override
    @callback
    def changed(self) -> None:
        self._on_changed()

    # What follows

    def _is_late(self, alarm: Alarm) -> bool:
        offset = self.clock_offset or timedelta()
        return dt_util.utcnow() - alarm.time + offset > LATE

    @callback
    def _publish(self, stored: StoredAlarm) -> None:
        alarm = stored.alarm
        if stored.key:
            self._told = max(stored.key, self._told or 0)
        condition = (alarm.channel, alarm.kind)
        if condition not in self.seen:
            self.seen |= {condition}
        self._keep_latest(stored)
        self._states.follow(alarm, late=stored.late)
        self._hass.bus.async_fire(
            EVENT_ALARM, alarm_event_data(self._hass, self._entry, stored)
        )
        ended = alarm.phase is Phase.ENDED
        self._tell(
            AlarmUpdate(*condition, stored, Reason.ENDED if ended else Reason.ALARM)
        )

    def _keep_latest(self, stored: StoredAlarm) -> None:
        alarm = stored.alarm
        if alarm.channel is None or stored.late or alarm.phase is Phase.ENDED:
            return
        if not alarm.kind.traits.measured:
            self.latest_alarm[alarm.channel] = stored
            if stored.pictures:
                self.latest_picture[alarm.channel] = stored
        if alarm.kind.traits.group is AlarmGroup.FACE:
            self.latest_face[alarm.channel] = stored
        if alarm.counts is not None:
            self.counts[alarm.channel] = merged(
                self.counts.get(alarm.channel), alarm.counts
            )

    @callback
    def _picture_came(self, stored: StoredAlarm) -> None:
        channel = stored.alarm.channel
        if channel is not None:
            for latest in (self.latest_alarm, self.latest_face):
                if channel in latest and latest[channel].key == stored.key:
                    latest[channel] = stored
            shown = self.latest_picture.get(channel)
            if not stored.late and (shown is None or shown.key <= stored.key):
                self.latest_picture[channel] = stored
        self._tell(AlarmUpdate(channel, stored.alarm.kind, stored, Reason.PICTURE))

    @callback
    def _hold_over(self, condition: Condition) -> None:
        self._tell(AlarmUpdate(*condition, None, Reason.ENDED))

    @callback
    def _push_changed(self) -> None:
        listening = self.push is PushState.LISTENING
        if listening and not self._was_listening:
            self._catch_up.want()
            self._fetcher.want()
        self._was_listening = listening
        self._tell_push()

    @callback
    def _tell_push(self) -> None:
        """Tell that `push` or `outage` changed; then whether that is to be shown."""
        self._tell(AlarmUpdate(None, None, None, Reason.PUSH))
        self._reception.follow(self.outage)

    @callback
    def _reception_changed(self) -> None:
        update = AlarmUpdate(None, None, None, Reason.RECEPTION)
        for listeners in tuple(self._listeners.values()):
            for listener in tuple(listeners):
                listener(update)

    @callback
    def _storage_changed(self) -> None:
        if self.archive.fault is None:
            self._fetcher.want()
            if self._catch_up.running:
                self._catch_up.want()
            # What was to be remembered meanwhile was not written.
            self._entry.async_create_background_task(
                self._hass,
                self._callbacks.remember(self._callbacks.memory),
                "vision_hub memory",
            )
        self._tell_push()

    def _tell(self, update: AlarmUpdate) -> None:
        # A hub may have a thousand channels: only those who care are asked.
        for channel in (ALL, update.channel):
            for listener in tuple(self._listeners.get(channel, ())):
                listener(update)
