"""The object that every reader of JSON gives: its keys are found however they are spelt."""

from collections.abc import Mapping
from enum import Enum
from functools import lru_cache
from typing import Final, override

from ..model import Json

_SPELLINGS: Final[Mapping[str, tuple[str, ...]]] = {
    # Seen on servers whose C library cuts it off (CamGuard 3.3).
    "person_count": ("person_coun",),
    # Megvii 8.1.1, 9.1.1: the tables have these, other firmware has them right.
    "totalAlerts": ("totalAlarts",),
    "totalCaptures": ("toltalCaptures",),
    # Megvii 23.1.2: a capital i for the small l.
    "fullImage": ("fulIImage",),
    # Huawei 10.1.4.5.
    "trecord_type": ("trecored_type",),
    "target_age": ("taget_age",),
    # Uniview 6.6 and 6.7.
    "befor_alarmed_time": ("before_alarmed_time",),
}
"""Other spellings of a key, with who writes so. Letters' case, `_` and `-` never count."""


@lru_cache(maxsize=8192)
def folded(key: str) -> str:
    """Return a key as it is compared."""
    return key.casefold().replace("_", "").replace("-", "").replace(" ", "")


_OTHERS: Final[Mapping[str, tuple[str, ...]]] = {
    folded(each): tuple(folded(other) for other in (key, *spellings) if other != each)
    for key, spellings in _SPELLINGS.items()
    for each in (key, *spellings)
}


class _Absent(Enum):
    ABSENT = 0


_ABSENT: Final = _Absent.ABSENT


class Fields(dict[str, Json]):
    """A JSON object. A key that is there as asked for comes before its likes."""

    __slots__ = ("_spelt",)

    _spelt: dict[str, str]

    def __missing__(self, key: str) -> Json:
        """Find the value of a key that is spelt in another way."""
        spelt = self._find(key)
        if spelt is None:
            raise KeyError(key)
        return dict.get(self, spelt)

    @override
    def __contains__(self, key: object) -> bool:
        return dict.__contains__(self, key) or (
            isinstance(key, str) and self._find(key) is not None
        )

    @override
    def get(self, key: str, default: Json = None) -> Json:  # type: ignore[override]
        value = dict.get(self, key, _ABSENT)
        if value is not _ABSENT:
            return value
        spelt = self._find(key)
        return default if spelt is None else dict.get(self, spelt, default)

    def _find(self, key: str) -> str | None:
        try:
            spelt = self._spelt
        except AttributeError:
            spelt = self._spelt = {}
            for name in self:
                before = spelt.setdefault(folded(name), name)
                if before is not name and dict.get(self, before) is None:
                    spelt[folded(name)] = name
        wanted = folded(key)
        for each in (wanted, *_OTHERS.get(wanted, ())):
            if each in spelt:
                return spelt[each]
        return None
