"""What it means that somebody was recognised: the library they are in decides."""

import logging
from typing import Final

from ..kind_words import kind_by_words
from ..kinds import AlarmKind
from ..model import LibraryKind

_LOGGER = logging.getLogger(__name__)

_BY_WORDS: Final = {
    AlarmKind.FACE_BLACKLISTED: LibraryKind.BLOCKED,
    AlarmKind.FACE_RECOGNIZED: LibraryKind.ALLOWED,
}
_SHORT: Final = {
    "black": LibraryKind.BLOCKED,
    "blocked": LibraryKind.BLOCKED,
    "block": LibraryKind.BLOCKED,
    "white": LibraryKind.ALLOWED,
    "allowed": LibraryKind.ALLOWED,
}


def kind_by_name(name: str) -> LibraryKind | None:
    """Tell the kind of a library by a name that says nothing else, as boxes give it."""
    return _SHORT.get(name.strip().casefold()) or _BY_WORDS.get(kind_by_words(name))


def kind_of_match(
    own: LibraryKind | None, told: LibraryKind | None, key: str
) -> AlarmKind:
    """Tell what a match is.

    `own` is what the person's own library says, as far as it is known; `told` is what
    the message says of it, in its field `key`. A number of a message alone makes nobody
    suspicious who is enrolled as harmless, nor the other way round.
    """
    if own is not None and told is not None and own is not told:
        _LOGGER.debug("What %s says of a match is not what the library says", key)
    blocked = (told if own is None else own) is LibraryKind.BLOCKED
    return AlarmKind.FACE_BLACKLISTED if blocked else AlarmKind.FACE_RECOGNIZED
