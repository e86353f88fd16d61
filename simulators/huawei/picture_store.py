"""Pictures of alarms and intelligent data, and their short-lived addresses (10.2)."""

from collections import OrderedDict
from dataclasses import dataclass, field
from enum import StrEnum
import math
from urllib.parse import urlencode

from simulators.file_store import Content

from .account import Account

_KEPT = 5000
_WEEK = 7 * 86_400.0
_STORE = "pictures"


class DataClass(StrEnum):
    """`data_classification` (10.2.1)."""

    TARGET = "TARGET"
    VEHICLE = "VEHICLE"


# What each bit of a `data_id` is called, by class.
KINDS: dict[DataClass, dict[int, str]] = {
    DataClass.TARGET: {1: "TARGET", 2: "BODY", 4: "BACKGROUND"},
    DataClass.VEHICLE: {1: "VEHICLE", 2: "BACKGROUND", 4: "BODY", 8: "PLATE"},
}


@dataclass(frozen=True, slots=True)
class Record:
    """The pictures of intelligent data: their names by kind."""

    data_class: DataClass
    pictures: dict[str, str]


@dataclass(frozen=True, slots=True)
class AlarmPictures:
    """The pictures of an alarm; empty names where there is none."""

    at: float
    picture: str
    photo: str = ""


def _remember[T](rows: OrderedDict[str, T], key: str, value: T) -> None:
    rows[key] = value
    while len(rows) > _KEPT:
        rows.popitem(last=False)


@dataclass(slots=True)
class PictureStore:
    """Knows which pictures there are and who may fetch them."""

    account: Account
    records: OrderedDict[str, Record] = field(default_factory=OrderedDict)
    alarms: OrderedDict[str, AlarmPictures] = field(default_factory=OrderedDict)
    _addresses: OrderedDict[str, tuple[str, float]] = field(default_factory=OrderedDict)

    def keep(self, key: str, content: Content) -> str:
        """Keep a picture under its name."""
        return self.account.files.capture(_path(key), content)

    async def read(self, key: str) -> bytes | None:
        """Return a picture."""
        return await self.account.files.read(_path(key))

    def remember(self, data_id: str, record: Record) -> None:
        """Keep which pictures intelligent data have."""
        _remember(self.records, data_id, record)

    def remember_alarm(self, uuid: str, pictures: AlarmPictures) -> None:
        """Keep which pictures an alarm has."""
        _remember(self.alarms, uuid, pictures)

    def is_expired(self, pictures: AlarmPictures) -> bool:
        """Return whether the pictures of an alarm are gone: after a week."""
        return self.account.now() - pictures.at > _WEEK * self.account.time_scale

    def address(self, origin: str, key: str) -> str:
        """Return where a picture can be fetched for five minutes, without a token."""
        account = self.account
        life = account.timing.picture_url * account.time_scale
        secret = f"{account.rng.getrandbits(168):042x}"
        _remember(self._addresses, secret, (key, account.steady() + life))
        query = {
            "secret": secret,
            "type": 0,
            "expire": math.ceil(account.now() + life),
            "extend": 0,
        }
        return f"{origin}/v1/holo/{key}?{urlencode(query)}"

    def is_allowed(self, key: str, secret: str) -> bool:
        """Return whether an address is right and not over."""
        known, until = self._addresses.get(secret, ("", 0.0))
        return known == key and self.account.steady() < until


def _path(key: str) -> str:
    return f"holo/{key}"


def picture_store_of(account: Account) -> PictureStore:
    """Return the pictures of an account."""
    store = account.extras.setdefault(_STORE, PictureStore(account))
    assert isinstance(store, PictureStore)
    return store
