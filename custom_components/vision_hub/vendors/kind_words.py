"""What a code or a name of an alarm says by its words, for all vendors alike.

A newer firmware has names that the manual at hand does not know, and third-party
algorithms have any. `kind_words.toml` tells of which words names are made, and which
words make which kind. A vendor's own table is asked first: there they may mean
something else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
import re
import tomllib
from typing import Final, Self
import unicodedata

from .kinds import AlarmKind

_MAX_NAME: Final = 256
# How long words must be that were written as one with others.
_LEAST_JOINED: Final = 3
_LEAST_FILLER: Final = 5
_LEAST_ALONE: Final = 4
_DENIALS: Final = frozenset({"no", "non", "not", "without"})

# A word, a number or a run of Chinese; `SDCard`, `EBike` and `NOHelmet` are two words.
_PARTS: Final = re.compile(
    r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[\u3400-\u9fff]+|[^\W\d_]+"
)
_CHINESE: Final = re.compile(r"[\u3400-\u9fff]")

_PLURALS: Final[Mapping[str, str]] = {"ies": "y", "es": "", "s": ""}

_NO: Final = "no"
_ON: Final = "on"
_OK: Final = "ok"
_FILLER: Final = ""
_UNKNOWN: Final = "?"
"""Parts what stands around it."""


def kind_of(table: Mapping[str, AlarmKind], code: str, *names: str) -> AlarmKind:
    """Tell a kind by a vendor's own table, else by the words of the code, or of a name.

    Names are what the maker calls an alarm, not what a user calls a place.
    """
    kind = table.get(code)
    return kind_by_words(code, *names) if kind is None else kind


def kind_by_words(*names: str) -> AlarmKind:
    """Tell a kind by words; the first name that tells one is right."""
    told = (_kind(name[:_MAX_NAME]) for name in names if name)
    return next((kind for kind in told if kind is not None), AlarmKind.OTHER)


@lru_cache(maxsize=1024)
def _kind(name: str) -> AlarmKind | None:
    meanings = [*_TABLE.meanings(unicodedata.normalize("NFKC", name))]
    there, denied = _TABLE.sort_out(meanings)
    best: AlarmKind | None = None
    most = 0
    for kind, words in _TABLE.rules:
        seen = there if kind in _TABLE.denied_by_no else there | denied
        if len(words) > most and words <= seen:
            best, most = kind, len(words)
    return best


@dataclass(frozen=True, slots=True)
class _Table:
    """`kind_words.toml`, ready for use."""

    words: Mapping[str, str]
    """What words stand for, those of several with blanks between them."""
    joined: Mapping[str, str]
    """The same without blanks."""
    parts: frozenset[str]
    """Every single word."""
    rules: tuple[tuple[AlarmKind, frozenset[str]], ...]
    denied_by_no: frozenset[AlarmKind]
    worn: frozenset[str]
    longest: int
    """Of how many words, or Chinese characters, the longest consist."""

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the table."""
        table = tomllib.loads(path.read_text("utf-8"))
        words = {
            word: meaning
            for meaning, text in (
                (_UNKNOWN, table["opaque"]),
                (_FILLER, table["fillers"]),
                *table["words"].items(),
            )
            for word in _listed(text)
        }
        joined = {word.replace(" ", ""): words[word] for word in words}
        return cls(
            words=words,
            joined=joined,
            parts=frozenset(part for word in words for part in word.split())
            | joined.keys(),
            rules=tuple(
                (AlarmKind(kind), frozenset(rule.split()))
                for kind, text in table["kinds"].items()
                for rule in _listed(text)
            ),
            denied_by_no=frozenset(map(AlarmKind, _listed(table["denied_by_no"]))),
            worn=frozenset(_listed(table["worn"])),
            longest=max(
                len(word) if _CHINESE.match(word) else len(word.split())
                for word in words
            ),
        )

    def meanings(self, name: str) -> Iterator[str]:
        """Yield what the words of a name stand for, without those that say nothing."""
        parts: list[str] = []
        for part in _PARTS.findall(name):
            if _CHINESE.match(part):
                yield from self._english(parts)
                parts.clear()
                yield from self._longest(part, "")
            else:
                parts.append(self._singular(part.lower()))
        yield from self._english(parts)

    def _english(self, parts: list[str]) -> Iterator[str]:
        yield from self._longest(parts, " ")

    def _longest(self, parts: str | list[str], blank: str) -> Iterator[str]:
        """Yield what stands for the longest words, from left to right."""
        start = 0
        while start < len(parts):
            for end in range(min(len(parts), start + self.longest), start, -1):
                meaning = self.words.get(blank.join(parts[start:end]))
                if meaning is not None:
                    found = [meaning]
                    break
            else:
                end = start + 1
                found = self._apart(parts[start]) or [_UNKNOWN]
            yield from (meaning for meaning in found if meaning != _FILLER)
            start = end

    def _singular(self, word: str) -> str:
        if word in self.parts:
            return word
        for plural, singular in _PLURALS.items():
            if word.endswith(plural):
                stem = word.removesuffix(plural) + singular
                if stem in self.parts:
                    return stem
        return word

    def _apart(self, word: str) -> list[str]:
        """Take apart what was written as one: `leavepost`, `nohelmetdetection`.

        Short words count only before one that says nothing: `cardetection` is about a
        car, `cartoon` is not.
        """
        if (meaning := self.joined.get(word)) is not None:
            return [meaning]
        # What the beginning, up to each letter, is made of.
        made: dict[int, list[str]] = {0: []}
        for end in range(2, len(word) + 1):
            for start in sorted(made):
                part = self._singular(word[start:end])
                meaning = self.joined.get(part)
                least = _LEAST_FILLER if meaning == _FILLER else _LEAST_JOINED
                if meaning is not None and (len(part) >= least or part in _DENIALS):
                    made[end] = [*made[start], part]
                    break
        parts = made.get(len(word), [])
        meanings = [self.joined[part] for part in parts]
        if not meanings or meanings[-1] == _FILLER:
            return meanings
        short = any(len(part) < _LEAST_ALONE and part not in _DENIALS for part in parts)
        return [] if short else meanings

    def sort_out(self, meanings: list[str]) -> tuple[frozenset[str], frozenset[str]]:
        """Tell what a name says to be there, and what it says not to be.

        What is worn, as it should be, is neither.
        """
        there: set[str] = set()
        denied: set[str] = set()
        for index, meaning in enumerate(meanings):
            before = meanings[index - 1] if index else ""
            rest = (each for each in meanings[index + 1 :] if each != _ON)
            after = next(rest, "")
            fine = before in (_ON, _OK) or after == _OK
            if meaning in self.worn and fine and _NO not in meanings[:index]:
                continue
            (denied if before == _NO else there).add(meaning)
        return frozenset(there), frozenset(denied)


def _listed(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


_TABLE: Final = _Table.load(Path(__file__).with_suffix(".toml"))
