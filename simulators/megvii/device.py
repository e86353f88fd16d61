"""The state of the box that the requests read and change."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from simulators.device_state import DeviceState, do_nothing
from simulators.file_store import FileStore

from .error_codes import Code, demand
from .models import (
    BLACK,
    FACE_MODE,
    MIXED_MODE,
    Alert,
    Batch,
    Capture,
    Channel,
    Limits,
    LogEntry,
    Output,
    Person,
    Sound,
    Timing,
    VoiceFile,
)
from .quirks import Quirks
from .settings import TIME_ZONES, Settings

type Named = dict[str, dict[str, Any]]

USER_LOG, ALARM_LOG, SYSTEM_LOG = 1, 2, 3


def in_time(row: dict[str, Any], clock: str) -> bool:
    """Return whether a group is valid at HHMMSS; all zeros is the whole day."""
    begin, end = str(row["startTime"]), str(row["endTime"])
    return begin == end == "000000" or begin <= clock <= end


@dataclass(slots=True)
class Device(DeviceState[Quirks, Timing, Limits]):
    """One box. `clock_offset` (seconds) makes its clock wrong.

    `mode` is the type of /configs/detect. `multi_algorithm` False is a firmware
    without chapter 26: its requests are not there (404).
    """

    model: str = "MegCube-B4H16-311"
    port: int = 0
    quirks: Quirks = field(default_factory=Quirks)
    limits: Limits = field(default_factory=Limits)
    timing: Timing = field(default_factory=Timing)
    mode: int = MIXED_MODE
    supported_modes: tuple[int, ...] = (0, 1, 3)
    multi_algorithm: bool = True
    mac: str = "00:00:5e:00:53:c0"
    version: str = "B4H-v1.3.0"
    settings: Settings = field(default_factory=Settings)
    channels: dict[int, Channel] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    """By imageId."""
    groups: list[str] = field(default_factory=list)
    failures: list[dict[str, Any]] = field(default_factory=list)
    batch: Batch = field(default_factory=Batch)
    waiting: list[Callable[[], None]] = field(default_factory=list)
    """Pictures of a batch that are not enrolled yet."""
    alerts: list[Alert] = field(default_factory=list)
    captures: list[Capture] = field(default_factory=list)
    calendars: Named = field(default_factory=dict)
    schedules: Named = field(default_factory=dict)
    rules: Named = field(default_factory=dict)
    relays: dict[int, dict[str, Any]] = field(default_factory=dict)
    """By videoNo: the fields of POST /relay."""
    outputs: dict[tuple[str, int], Output] = field(default_factory=dict)
    """By address of the relay and its output."""
    voice_files: dict[int, VoiceFile] = field(default_factory=dict)
    voices: dict[int, dict[str, Any]] = field(default_factory=dict)
    sounds: list[Sound] = field(default_factory=list)
    logs: list[LogEntry] = field(default_factory=list)
    files: FileStore = field(default_factory=FileStore)
    onvif: list[dict[str, str]] = field(default_factory=list)
    ftp_packages: dict[str, str] = field(default_factory=dict)
    """What the FTP server of upgrades has: file name, version."""
    unreachable: set[str] = field(default_factory=set)
    """Hosts and addresses that the box cannot reach (FTP, ping, cameras)."""
    busy: tuple[int, int] = (0, 0)
    upgrade: dict[str, Any] = field(default_factory=dict)
    durations: dict[str, float] = field(default_factory=dict)
    """How long requests run ("POST /configs" or a shell pattern), in seconds."""
    on_upgrade: Callable[[int, str, int], None] = do_nothing
    on_factory: Callable[[bool], None] = do_nothing
    on_batch: Callable[[], None] = do_nothing
    on_targets: Callable[[], None] = do_nothing
    on_password: Callable[[str], None] = do_nothing
    on_digest: Callable[[], None] = do_nothing

    @property
    def device_id(self) -> str:
        """Return the 20 characters of the core board: its MAC and zeros."""
        return self.mac.replace(":", "").upper().ljust(20, "0")

    # Clock

    def stamp(self) -> int:
        """Return the device's time in ms."""
        return int(self.now() * 1000)

    def local(self, at: float) -> datetime:
        """Return Unix seconds in the zone of the box."""
        hours = TIME_ZONES[self.settings.time["timeZone"]]
        return datetime.fromtimestamp(at, UTC).astimezone(
            timezone(timedelta(hours=hours))
        )

    def scaled(self) -> float:
        """Return a steady clock in seconds before `time_scale`."""
        return self.steady() / self.time_scale if self.time_scale else self.steady()

    def token(self) -> str:
        """Return 24 characters as faceToken has them."""
        return base64.urlsafe_b64encode(self.rng.randbytes(16)).decode()

    def log(self, kind: int, text: str, address: str = "") -> None:
        """Write a line of the log."""
        at = int(self.now())
        self.logs.append(LogEntry(self.next_id("log"), kind, address, at, text))
        del self.logs[: -self.limits.logs]

    # Channels

    def channel(self, number: int, code: Code = Code.NO_VIDEO) -> Channel:
        """Return a channel, or refuse."""
        demand(number in self.channels, code)
        return self.channels[number]

    def video(self, number: int, code: Code = Code.NO_VIDEO) -> Channel:
        """Return a video channel, or refuse."""
        channel = self.channel(number, code)
        demand(not channel.is_picture, code)
        return channel

    def of_kind(self, *, pictures: bool) -> list[Channel]:
        """Return the video or the picture channels."""
        return [c for c in self.channels.values() if c.is_picture is pictures]

    def add_channel(self, channel: Channel) -> Channel:
        """Keep a channel, in the order of the numbers."""
        self.channels[channel.number] = channel
        self.channels = dict(sorted(self.channels.items()))
        return channel

    def remove_channel(self, number: int) -> None:
        """Take a channel away, with its history, relay and voices."""
        del self.channels[number]
        self.relays.pop(number, None)
        self.voices.pop(number, None)
        self.alerts = [alert for alert in self.alerts if alert.channel != number]
        self.captures = [one for one in self.captures if one.channel != number]

    def faces_of(self, channel: Channel) -> dict[str, Any]:
        """Return how the channel compares faces in the current mode."""
        if self.mode == FACE_MODE or channel.is_picture:
            return channel.face
        found: dict[str, Any] = channel.structure.get("faces", {})
        return found

    def watched(self, channel: Channel, at: float) -> list[dict[str, Any]]:
        """Return the groups that the channel compares with at that time."""
        clock = f"{self.local(at):%H%M%S}"
        rows = self.faces_of(channel).get("group", ())
        return [row for row in rows if in_time(row, clock)]

    def usage(self, group: str) -> list[int]:
        """Return the channels that a group is bound to."""
        return [
            channel.number
            for channel in self.channels.values()
            for bound in (channel.face, channel.structure.get("faces", {}))
            if any(row["groupName"] == group for row in bound.get("group", ()))
        ]

    # People

    def person(self, token: str) -> Person:
        """Return an enrolled face by its faceToken, or refuse with 104202."""
        found = self.find(token)
        demand(found, Code.FACE_TOKEN_NOT_EXIST)
        assert found is not None
        return found

    def find(self, token: str) -> Person | None:
        """Return an enrolled face by its faceToken."""
        for person in self.people.values():
            if person.token and person.token == token:
                return person
        return None

    def members(self, group: str) -> list[Person]:
        """Return the faces of a group."""
        return [p for p in self.people.values() if p.token and group in p.groups]

    def forget_face(self, person: Person) -> None:
        """Delete the crop and the bindings; the original stays."""
        self.files.remove(person.crop)
        person.token, person.crop = "", ""
        person.groups.clear()

    def forget_person(self, person: Person) -> None:
        """Delete original and face."""
        self.forget_face(person)
        self.files.remove(person.path)
        del self.people[person.image_id]

    def wipe(self) -> None:
        """Lose faces, groups and surveillance, as a change of workMode does (3.1.1)."""
        for person in list(self.people.values()):
            self.forget_person(person)
        self.groups.clear()
        self.failures.clear()
        for channel in self.channels.values():
            channel.armed = False
            channel.face, channel.structure, channel.alert = {}, {}, {}
            channel.multi = {}

    @property
    def keeps_originals(self) -> bool:
        """Return whether originals can be downloaded: not in black-list mode."""
        return bool(self.settings.model["workMode"] != BLACK)

    # History

    def remember_alert(self, alert: Alert) -> None:
        """Keep an alert; beyond the buffer the oldest are dropped."""
        self.alerts.append(alert)
        keep = self.settings.functions["alertReportBufferSize"]
        self.alerts = self.alerts[max(0, len(self.alerts) - keep) :]

    def remember_capture(self, capture: Capture) -> None:
        """Keep a capture; beyond the buffer the oldest are dropped."""
        self.captures.append(capture)
        keep = self.settings.functions["captureReportBufferSize"]
        self.captures = self.captures[max(0, len(self.captures) - keep) :]

    def forget(self, sighting: Alert | Capture) -> None:
        """Delete a record, as after a push that was acknowledged."""
        if isinstance(sighting, Alert):
            self.alerts = [one for one in self.alerts if one is not sighting]
        else:
            self.captures = [one for one in self.captures if one is not sighting]
