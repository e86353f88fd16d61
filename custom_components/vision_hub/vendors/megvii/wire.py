"""Configuration and status as they are on the wire, read leniently.

`videoNo` is `video_no` here, `relayIP` is `relay_ip`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta, timezone
from enum import IntEnum
from typing import Final

from ..model import serial_key
from ..toolkit.lenient import (
    WireObject,
    flag,
    many,
    number,
    numbers,
    object_of,
    secret,
    text,
)


class DetectMode(IntEnum):
    """`type` of 3.1.3: which family of operations means something."""

    FACE = 0
    MIXED = 1
    ALERT = 3


class VideoState(IntEnum):
    """`videoConStatus`; all others are kinds of failure."""

    CONNECTED = 0
    AUTHENTICATION_FAILED = 2
    WRONG_FORMAT = 3
    TOO_LARGE = 4
    DECODING_FAILED = 5
    NO_CAPACITY = 6


# A device id that is made of a MAC (23.2).
_PADDED_MAC: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Detect(WireObject):
    """3.1.3."""

    type: int | None = number()
    support: tuple[int, ...] = numbers()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hardware(WireObject):
    """`hardwareStatus` of 4.1.1: percent, degrees Celsius, megabytes."""

    cpu_use_rate: int | None = number()
    cpu_temp: int | None = number()
    gpu_temp: int | None = number()
    case_temp: int | None = number()
    mem_size: int | None = number()
    mem_use: int | None = number()
    storage_size: int | None = number()
    storage_use_size: int | None = number()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceTime(WireObject):
    """`time` of 4.1.1; `deviceTime` in Unix seconds."""

    device_time: int | None = number()
    ntp_enable: bool | None = flag()
    ntp_fail_count: int | None = number()
    time_zone: int | None = number()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ethernet(WireObject):
    """`eth` and `eth1` of 4.1.1."""

    eth_ip_addr: str = text()
    eth_mac: str = text()


@dataclass(frozen=True, slots=True, kw_only=True)
class Device(WireObject):
    """4.1.1."""

    device_id: str = text()
    device_model: str = text()
    serial_number: str = text()
    firmware_ver: str = text()
    hardware_ver: str = text()
    channel_num: int | None = number()
    hardware_status: Hardware | None = field(default=None, metadata=object_of(Hardware))
    time: DeviceTime | None = field(default=None, metadata=object_of(DeviceTime))
    eth: Ethernet | None = field(default=None, metadata=object_of(Ethernet))
    eth1: Ethernet | None = field(default=None, metadata=object_of(Ethernet))

    @property
    def names(self) -> frozenset[str]:
        """What the box may call itself in messages, as `serial_key` writes it.

        In heartbeats it is a MAC, filled up to 20 characters (23.2); in alerts it is
        neither that nor the id of the samples.
        """
        ports = (port for port in (self.eth, self.eth1) if port)
        macs = {port.eth_mac.replace(":", "") for port in ports}
        told = {self.device_id, self.serial_number, *macs}
        padded = {mac.ljust(_PADDED_MAC, "0") for mac in macs if mac}
        return frozenset(serial_key(name) for name in told | padded if name)


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayRow(WireObject):
    """13.1.3, one row: the relay of a channel."""

    video_no: int | None = number()
    relay_ip: str = text()
    trigger_channel: int | None = number()
    enable: bool | None = flag()
    relay_mode: int | None = number()
    trigger_time: int | None = number()
    delay_time: int | None = number()
    trigger_interval: int | None = number()
    trigger_condition: int | None = number()
    status: bool | None = flag()
    online: bool | None = flag()


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceFile(WireObject):
    """29.1.2, one row."""

    voice_file_no: int | None = number()
    voice_file_name: str = text()


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceGroup(WireObject):
    """6.1.1, one row."""

    group_name: str = text()
    group_faces: int | None = number()


@dataclass(frozen=True, slots=True, kw_only=True)
class OnvifDevice(WireObject):
    """22.1, one row."""

    ipv4: str = text()
    uri: str = text()


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamUrls(WireObject):
    """22.2."""

    main_url: str = secret()
    sub_url: str = secret()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rect(WireObject):
    """A rectangle in pixels."""

    left: int | None = number()
    top: int | None = number()
    right: int | None = number()
    bottom: int | None = number()


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected(WireObject):
    """30.1, one row."""

    obj_type: str = text()
    rect: Rect | None = field(default=None, metadata=object_of(Rect))


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectedTargets(WireObject):
    """30.1."""

    detection_result: tuple[Detected, ...] = many(Detected)


_HALF_HOURS: Final = (
    *(-24, -22, -20, -19, -18, -16, -14, -12, -10, -9, -8, -7, -6, -4, -2, 0, 2, 4, 6),
    *(7, 8, 9, 10, 11, 12, 13, 14, 16, 18, 19, 20, 21, 22, 23, 24, 26, 28),
)
_DEFAULT_ZONE: Final = 27


def zone_of(index: int | None) -> timezone:
    """Return the zone of `timeZone`, 0 to 36 (4.1.1)."""
    if index is None or not 0 <= index < len(_HALF_HOURS):
        index = _DEFAULT_ZONE
    return timezone(timedelta(minutes=30 * _HALF_HOURS[index]))


# 23.5: what the codes mean.
MEANINGS: Final[Mapping[int, str]] = {
    104000: "The request is no JSON",
    104001: "A parameter is wrong",
    104002: "A parameter is missing",
    104003: "The box restarts",
    104004: "Another request is running",
    104005: "The password is wrong",
    104006: "The request took too long",
    104007: "There is no such thing",
    104008: "There can be no more channels",
    104009: "There is no such channel",
    104010: "The stream of the camera cannot be opened",
    104011: "There is such a channel already",
    104012: "The box is at its limit",
    104013: "Access rules still use the channel",
    104014: "There is such a device already",
    104017: "There is no such channel",
    104019: "Not enough computing power",
    104100: "The box is not activated",
    104101: "Too many wrong passwords: locked for a while",
    104200: "There is no face in the picture",
    104201: "The face is not good enough",
    104202: "There is no such face",
    104203: "There is no such picture",
    104204: "There is such a face already",
    104205: "The disk or the library is full",
    104206: "The picture was damaged on its way",
    104207: "The picture cannot be read",
    104208: "The picture cannot be resized",
    104209: "The file cannot be read",
    104210: "The picture is too small or too big",
    104211: "The format of the picture is wrong",
    104212: "The picture has too many bytes",
    104213: "The face is blurred",
    104214: "The face is turned away",
    104215: "The picture is too bright or too dark",
    104216: "The face is too small",
    104300: "There is such a group already",
    104301: "There is no such group",
    104302: "There can be no more groups",
    104303: "The face is not in the group",
    104304: "Channels still use the group",
    104305: "The version of the features is another",
    104306: "The library is being synchronised",
    104307: "The library is enrolling",
    104308: "There are too many pictures",
    104309: "Access rules still use the group",
    104400: "The function is switched off",
    104401: "The box is busy",
    104402: "Not possible in this mode",
    104403: "The package is too big",
    104404: "The package did not arrive",
    104405: "This is no package of this box",
    104406: "The package was damaged on its way",
    104410: "The FTP server refuses the login",
    104411: "The FTP server cannot be reached",
    104412: "The FTP server has no such directory",
    104502: "The channel is not armed",
    104503: "There is no such relay",
    104504: "The relay cannot be triggered",
    104601: "Access rules still use the holidays",
    104602: "Access rules still use the schedule",
    104603: "There are no such holidays",
    104604: "There is no such schedule",
    104605: "There is no such access rule",
    104606: "There can be no more holidays",
    104607: "There can be no more schedules",
    104608: "There can be no more access rules",
    104609: "There are such holidays already",
    104610: "There is such a schedule already",
    104611: "There is such an access rule already",
    104612: "A time range is wrong",
    104613: "A range of dates is wrong",
    104614: "A date is wrong",
    104615: "The rule names a channel that is not there",
    104616: "The rule names a group that is not there",
    104618: "The FTP server does not answer as it should",
    104800: "The local display cannot be started",
    104801: "There are too many videos on the display",
    104802: "A video can be in one window only",
    104900: "There is no such network port",
    104901: "The address is wrong",
    104902: "The address does not answer",
    105000: "Internal error",
}
