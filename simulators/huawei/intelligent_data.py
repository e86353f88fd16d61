"""What a camera reported: the fields that all intelligent data share (10.1.4.5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
import random
import string
from typing import Any
import uuid

from simulators.pictures import WIDTH_HEIGHT

from .push_quirks import PushQuirks
from .time_formats import ZONE_MS, compact, iso

_DEVICE_CHANNEL = 101
_LETTERS = string.ascii_lowercase
_UUID_SPACE = uuid.UUID("6f0f4d0e-3c0b-4b57-9a0e-2f1f5a0c8d11")


@dataclass(frozen=True, slots=True)
class DataId:
    """A record's id: 32 characters, with the bits of the pictures that it has."""

    millis: int
    kind: str
    index: int
    tail: str

    def text(self, bits: int) -> str:
        """Return the id of the record, or with one bit that of a picture."""
        return f"{self.millis:013d}{self.kind}{bits:03d}{self.index:04d}{self.tail}"


@dataclass(frozen=True, slots=True)
class IntelligentData:
    """One report of a channel. `pictures` are the bytes of each by its bit.

    `origin` is where the addresses of the pictures lead.
    """

    device_id: str
    channel_id: str
    at: float
    data_id: DataId
    quirks: PushQuirks
    origin: str
    pictures: Mapping[int, bytes] = field(default_factory=dict)
    rng: random.Random = field(default_factory=random.Random)
    size: tuple[int, int] = WIDTH_HEIGHT

    @property
    def id(self) -> str:
        """Return the `data_id`."""
        return self.data_id.text(sum(self.pictures))

    @property
    def ms(self) -> int:
        """Return when it was seen in Unix milliseconds."""
        return int(self.at * 1000)

    def key(self, bit: int) -> str:
        """Return the name that a picture is kept under."""
        return (
            f"tlv_{self.device_id}_{self.channel_id}_{compact(self.at)[:8]}"
            f"_tlv_{self.data_id.text(bit)}.jpg"
        )

    def url(self, bit: int) -> str:
        """Return the address of a picture; empty without the picture."""
        if bit not in self.pictures:
            return ""
        return f"{self.origin}/v1/holo/{self.key(bit)}/static"

    def bytes_of(self, bit: int) -> int:
        """Return how large a picture is."""
        return len(self.pictures.get(bit, b""))

    def outer(self, *, data_id: bool = True) -> dict[str, Any]:
        """Return the fields that every message begins with."""
        fields: dict[str, Any] = {
            "device_id": self.device_id,
            "channel_id": self.channel_id,
            "report_time": iso(self.at),
        }
        if data_id:
            fields["data_id"] = self.id
        return fields

    def common(self, **more: Any) -> dict[str, Any]:
        """Return the general data; `channel_id` in it is the device's own."""
        source = str(uuid.uuid5(_UUID_SPACE, f"{self.device_id}/{self.channel_id}"))
        return {
            "channel_id": _DEVICE_CHANNEL,
            "channel_id_ex": _DEVICE_CHANNEL,
            "meta_type_mask": 2,
            "pts": self.rng.randrange(10**11, 10**12),
            "sdc_uuid": source,
            **more,
        }

    def sized(self) -> dict[str, int]:
        """Return the size of the picture, which not every message tells."""
        return {"image_height": self.size[1], "image_width": self.size[0]}

    def snapshot_times(self, *, seconds: bool = True) -> dict[str, int]:
        """Return when the picture was taken, in all units."""
        times = {"pic_snapshot_dst_offset": 0}
        if seconds:
            times["pic_snapshot_time"] = self.ms // 1000
        times["pic_snapshot_timems"] = self.ms
        times["pic_snapshot_tzone"] = ZONE_MS
        return times

    def nested(
        self,
        common: dict[str, Any],
        rule: dict[str, Any] | None,
        targets: list[dict[str, Any]],
    ) -> dict[str, Any]:
        """Return `data` whose parts stand one level below, in `data.data` (10.1.4.5.5 on)."""
        quirks = self.quirks
        told: object = targets
        if quirks.targets_as_object and len(targets) == 1:
            told = targets[0]
        parts: dict[str, Any] = {"common": common}
        if rule is not None:
            parts["rule"] = dict(rule)
        if not quirks.doubled_data:
            return {**self.outer(), **parts, "targets": told}
        if not quirks.shallow_targets:
            return {**self.outer(), "data": {**parts, "targets": told}}
        if rule is not None:
            parts["rule_type"] = parts["rule"].pop("rule_type")
        return {**self.outer(), "data": parts, "targets": told}

    def global_id(self) -> int:
        """Return an id that no other object has."""
        return self.rng.randrange(7_190_000_000_000_000_000, 7_210_000_000_000_000_000)


def new_data_id(at: float, kind: str, number: int, rng: random.Random) -> DataId:
    """Return the id of a new record."""
    tail = "".join(rng.choices(_LETTERS, k=5)) + f"{rng.randrange(1000):03d}"
    return DataId(int(at * 1000), kind, number % 10_000, tail)
