"""Messages as devices spoil them: types, nulls, depth, size, encodings, cuts.

A `Recipe` says what happens to a message, in this order: values are lost, what is left
is written in another way that means the same, the text becomes bytes, bytes break. So
whoever takes the message can be told exactly what of it must still be understood.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
import json
from typing import Any, Final, override

from hypothesis import strategies as st

type Path = tuple[str | int, ...]


class Raw(str):
    """JSON that is written as it is."""

    __slots__ = ()

    @override
    def __repr__(self) -> str:
        return f"Raw({shortened(str(self))})"


def shortened(text: str | bytes) -> str:
    """Write what may be very long."""
    return repr(text) if len(text) < 80 else f"{text[:20]!r} ... of {len(text)}"


class _Gone:
    """What is not there any more."""


GONE: Final = _Gone()


@dataclass(frozen=True, slots=True)
class Both:
    """A key that an object has twice."""

    first: Any
    second: Any


BROKEN_TEXTS: Final[Mapping[str, bytes]] = {
    "\ue001": b"\xff\xfe\x80",
    "\ue002": "东门".encode("gbk"),
    "\ue003": "东门".encode()[:-1],
    "\ue004": b"caf\xe9",
    "\ue005": b"\xed\xa0\x80",
}
"""What becomes of a character after the message was encoded."""

JUNK: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, 1, -1, 7, 0.5, -0.25, 1e-300),
    *(2**31, 2**53 + 1, 2**63, 2**64, 2**70, -(2**70), 10**40),
    *("", " ", "0", "-1", "7", "true", "null", "NaN", "[]", "{}", "a,b", "1,2,3,4"),
    *("东门", "\0", "a\tb\r\nc", "\x7f\x1b[0m", "é" * 300, "9" * 400),
    *("../../etc/passwd", "http://192.0.2.1:99999/x", "rtsp://a:b#c@[::1", "{'a':1}"),
    *("2026-13-45 25:61:61", "99999999999999999999", "1e30", "data:image/jpeg;base64,"),
    *BROKEN_TEXTS,
    *([], {}, [None], [[]], [{}], {"": None}, [1, "2", None], [[0, 0], [1, 1]]),
    *({"a": {"b": {"c": [1]}}}, ["", 0, False], [0.5, 0.5, 0.5, 0.5]),
    *map(Raw, ("1e30", "-1e30", "1e999", "NaN", "Infinity", "-Infinity", "-0.0")),
    *map(Raw, ('"\\ud800"', '"\\udc00x"', '"\\u0000"', "9" * 5000, "1E400", "-0")),
    Raw(f'"{"x" * 20_000}"'),
    Raw("[" * 70 + "]" * 70),
    Raw('{"a":' * 90 + "1" + "}" * 90),
    Raw("[" * 3000 + "]" * 3000),
    Raw('{"a":[' * 5_000 + "]}" * 5_000),
)


@dataclass(slots=True)
class Draft:
    """A message on its way to be spoilt."""

    tree: Any
    lost: set[Path] = field(default_factory=set)

    def places(self) -> list[Path]:
        """Return where something stands, the message itself first."""
        return list(_places(self.tree, ()))

    def get(self, path: Path) -> Any:
        value = self.tree
        for step in path:
            value = value[step]
        return value

    def put(self, path: Path, value: Any) -> None:
        """Change the message, and nothing that it shares with others."""
        self.tree = _with(self.tree, path, value)

    def lose(self, path: Path, value: Any) -> None:
        """Put something else where a value was."""
        self.put(path, value)
        self.lost.add(path)


def _places(value: Any, path: Path) -> Iterator[Path]:
    yield path
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _places(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _places(item, (*path, index))


def _with(tree: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    copy = tree.copy()
    copy[path[0]] = _with(tree[path[0]], path[1:], value)
    return copy


def leaves(tree: Any) -> dict[Path, Any]:
    """Return what stands where and holds nothing else."""
    draft = Draft(tree)
    return {
        path: value
        for path in draft.places()
        if not isinstance(value := draft.get(path), dict | list)
    }


class Loss(ABC):
    """Something of the message is not there any more."""

    where: int

    def apply(self, draft: Draft) -> None:
        places = [path for path in draft.places() if path and path not in draft.lost]
        if places:
            self.change(draft, places[self.where % len(places)])

    @abstractmethod
    def change(self, draft: Draft, path: Path) -> None:
        """Spoil what stands at a place."""


@dataclass(frozen=True, slots=True)
class Replace(Loss):
    where: int
    value: Any

    @override
    def change(self, draft: Draft, path: Path) -> None:
        draft.lose(path, self.value)


@dataclass(frozen=True, slots=True)
class Drop(Loss):
    where: int

    @override
    def change(self, draft: Draft, path: Path) -> None:
        draft.lose(path, GONE)


@dataclass(frozen=True, slots=True)
class Misspell(Loss):
    where: int

    @override
    def change(self, draft: Draft, path: Path) -> None:
        value = draft.get(path)
        draft.lose(path, GONE)
        if isinstance(path[-1], str):
            outer = draft.get(path[:-1])
            draft.put(path[:-1], {**outer, f"{path[-1]}Qx": value})


@dataclass(frozen=True, slots=True)
class Twice(Loss):
    """A key is there twice, with two values."""

    where: int
    value: Any
    first: bool

    @override
    def change(self, draft: Draft, path: Path) -> None:
        if isinstance(path[-1], str):
            pair = (self.value, draft.get(path))
            draft.lose(path, Both(*(pair if self.first else pair[::-1])))


class Rewriting(ABC):
    """Something is written in another way, and means the same."""

    where: int

    def apply(self, draft: Draft) -> None:
        found = [path for path in draft.places() if self.fits(draft, path)]
        if found:
            path = found[self.where % len(found)]
            draft.put(path, self.written(draft.get(path)))

    @abstractmethod
    def fits(self, draft: Draft, path: Path) -> bool:
        """Tell whether this can be done there."""

    @abstractmethod
    def written(self, value: Any) -> Any:
        """Return what means the same."""


@dataclass(frozen=True, slots=True)
class NumberAsText(Rewriting):
    where: int

    @override
    def fits(self, draft: Draft, path: Path) -> bool:
        value = draft.get(path)
        return isinstance(value, int | float) and not isinstance(value, bool)

    @override
    def written(self, value: Any) -> str:
        return f" {value}" if self.where % 2 else str(value)


@dataclass(frozen=True, slots=True)
class TextAsNumber(Rewriting):
    where: int

    @override
    def fits(self, draft: Draft, path: Path) -> bool:
        value = draft.get(path)
        return (
            isinstance(value, str)
            and value.isascii()
            and value.isdigit()
            and len(value) < 16
            and str(int(value)) == value
        )

    @override
    def written(self, value: Any) -> int:
        return int(value)


@dataclass(frozen=True, slots=True)
class TruthAsOther(Rewriting):
    where: int

    @override
    def fits(self, draft: Draft, path: Path) -> bool:
        return isinstance(draft.get(path), bool)

    @override
    def written(self, value: Any) -> Any:
        return (int(value), str(value), str(int(value)))[self.where % 3]


@dataclass(frozen=True, slots=True)
class ListOfOneAsObject(Rewriting):
    where: int

    @override
    def fits(self, draft: Draft, path: Path) -> bool:
        value = draft.get(path)
        return (
            bool(path)
            and isinstance(value, list)
            and len(value) == 1
            and isinstance(value[0], dict)
            and bool(value[0])
        )

    @override
    def written(self, value: Any) -> Any:
        return value[0]


@dataclass(frozen=True, slots=True)
class ObjectAsListOfOne(Rewriting):
    where: int

    @override
    def fits(self, draft: Draft, path: Path) -> bool:
        value = draft.get(path)
        return (
            bool(path)
            and isinstance(path[-1], str)
            and isinstance(value, dict)
            and bool(value)
        )

    @override
    def written(self, value: Any) -> Any:
        return [value]


@dataclass(frozen=True, slots=True)
class ObjectAsText(Rewriting):
    where: int

    @override
    def fits(self, draft: Draft, path: Path) -> bool:
        value = draft.get(path)
        return (
            bool(path)
            and isinstance(path[-1], str)
            and isinstance(value, dict)
            and bool(value)
        )

    @override
    def written(self, value: Any) -> Any:
        return dumped(value)


@dataclass(frozen=True, slots=True)
class Recase(Rewriting):
    """All keys of an object in another case."""

    where: int

    @override
    def fits(self, draft: Draft, path: Path) -> bool:
        return isinstance(draft.get(path), dict)

    @override
    def written(self, value: Any) -> Any:
        change = (str.upper, str.lower, str.swapcase)[self.where % 3]
        changed = {change(key): item for key, item in value.items()}
        return changed if len(changed) == len(value) else value


@dataclass(frozen=True, slots=True)
class Reorder(Rewriting):
    where: int

    @override
    def fits(self, draft: Draft, path: Path) -> bool:
        return isinstance(draft.get(path), dict)

    @override
    def written(self, value: Any) -> Any:
        return dict(reversed(value.items()))


@dataclass(frozen=True, slots=True)
class Extra(Rewriting):
    """A key that no manual knows."""

    where: int
    value: Any
    first: bool

    @override
    def fits(self, draft: Draft, path: Path) -> bool:
        return isinstance(draft.get(path), dict)

    @override
    def written(self, value: Any) -> Any:
        extra = {f"qxExtra{self.where % 9}": self.value}
        return extra | value if self.first else value | extra


@dataclass(frozen=True, slots=True)
class OddRow(Rewriting):
    """Something between the objects of a list that is none of them."""

    where: int
    value: Any

    @override
    def fits(self, draft: Draft, path: Path) -> bool:
        value = draft.get(path)
        return isinstance(value, list) and any(isinstance(row, dict) for row in value)

    @override
    def written(self, value: Any) -> Any:
        index = self.where % (len(value) + 1)
        return [*value[:index], self.value, *value[index:]]


@dataclass(frozen=True, slots=True)
class Style:
    """How a text becomes bytes; it says the same in each."""

    encoding: str = "utf-8"
    ascii: bool = False
    raw_controls: bool = False
    before: bytes = b""
    after: bytes = b""


PLAIN: Final = Style()


@dataclass(frozen=True, slots=True)
class Cut:
    at: float

    def __call__(self, content: bytes) -> bytes:
        return content[: int(len(content) * self.at)]


@dataclass(frozen=True, slots=True)
class Put:
    """Bytes in the place of others."""

    at: float
    content: bytes
    instead_of: int

    def __call__(self, content: bytes) -> bytes:
        start = int(len(content) * self.at)
        return content[:start] + self.content + content[start + self.instead_of :]


@dataclass(frozen=True, slots=True)
class Instead:
    content: bytes

    @override
    def __repr__(self) -> str:
        return f"Instead({shortened(self.content)})"

    def __call__(self, content: bytes) -> bytes:
        return self.content


type Damage = Cut | Put | Instead


@dataclass(frozen=True, slots=True)
class Recipe:
    """What happens to a message."""

    losses: tuple[Loss, ...] = ()
    rewritings: tuple[Rewriting, ...] = ()
    style: Style = field(default_factory=Style)
    damage: Damage | None = None

    def spoil(self, tree: Any) -> Spoilt:
        """Return what a device sends instead of `tree`."""
        draft = Draft(tree)
        for loss in self.losses:
            loss.apply(draft)
        draft.tree = _pruned(draft.tree)
        for rewriting in self.rewritings:
            rewriting.apply(draft)
        content = encoded(dumped(draft.tree, self.style), self.style)
        if self.damage:
            content = self.damage(content)
        return Spoilt(content, frozenset(draft.lost), self.damage is None)


@dataclass(frozen=True, slots=True)
class Spoilt:
    """What a device sends, and what of it can no longer be known."""

    content: bytes = field(repr=False)
    lost: frozenset[Path]
    whole: bool
    """The bytes are those of a message."""

    def keeps(self, path: Path) -> bool:
        """Tell whether a value is still what it was."""
        return self.whole and not any(path[: len(each)] == each for each in self.lost)

    def keeps_names(self, names: frozenset[str]) -> bool:
        """Tell whether all that stands under some keys is still what it was."""
        return self.whole and not any(
            any(step in names for step in each) for each in self.lost
        )


def _pruned(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _pruned(item) for key, item in value.items() if item is not GONE}
    if isinstance(value, list):
        return [_pruned(item) for item in value if item is not GONE]
    if isinstance(value, Both):
        return Both(_pruned(value.first), _pruned(value.second))
    return value


def dumped(value: Any, style: Style = PLAIN) -> str:
    """Write a tree as JSON, or nearly."""
    pieces: list[str] = []
    _write(value, style, pieces.append)
    return "".join(pieces)


def _write(value: Any, style: Style, put: Callable[[str], object]) -> None:
    if isinstance(value, Raw):
        put(value)
    elif isinstance(value, str):
        put(_quoted(value, style))
    elif isinstance(value, dict):
        put("{")
        comma = ""
        for key, item in value.items():
            both = (item.first, item.second) if isinstance(item, Both) else (item,)
            for each in both:
                put(f"{comma}{_quoted(key, style)}:")
                _write(each, style, put)
                comma = ","
        put("}")
    elif isinstance(value, list):
        put("[")
        for index, item in enumerate(value):
            put("," if index else "")
            _write(item, style, put)
        put("]")
    else:
        put(json.dumps(value))


def _quoted(text: str, style: Style) -> str:
    written = json.dumps(text, ensure_ascii=style.ascii)
    if style.raw_controls and "\\" in written:
        for name, sign in (("\\t", "\t"), ("\\n", "\n"), ("\\r", "\r")):
            written = written.replace(name, sign)
    return written


def encoded(text: str, style: Style) -> bytes:
    """Make bytes of a text, with what is no character."""
    content = text.encode(style.encoding, "surrogatepass")
    for mark, broken in BROKEN_TEXTS.items():
        if mark in text:
            content = content.replace(mark.encode(style.encoding), broken)
    return style.before + content + style.after


_WHERE: Final = st.integers(0, 2**16)
_JUNK: Final = st.one_of(
    st.sampled_from(JUNK),
    st.sampled_from(JUNK),
    st.integers(),
    st.text(max_size=6),
    st.floats(allow_nan=False, allow_infinity=False),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.text(max_size=3), inner, max_size=3)
        ),
        max_leaves=5,
    ),
)
_LOSSES: Final = st.one_of(
    st.builds(Replace, _WHERE, _JUNK),
    st.builds(Replace, _WHERE, _JUNK),
    st.builds(Drop, _WHERE),
    st.builds(Misspell, _WHERE),
    st.builds(Twice, _WHERE, _JUNK, st.booleans()),
)
_REWRITINGS: Final = st.one_of(
    st.builds(Extra, _WHERE, _JUNK, st.booleans()),
    st.builds(OddRow, _WHERE, _JUNK),
    *(
        st.builds(kind, _WHERE)
        for kind in (
            NumberAsText,
            TextAsNumber,
            TruthAsOther,
            ListOfOneAsObject,
            ObjectAsListOfOne,
            ObjectAsText,
            Recase,
            Reorder,
        )
    ),
)
_STYLES: Final = st.one_of(
    st.just(Style()),
    st.builds(
        Style,
        encoding=st.sampled_from(("utf-8", "utf-8", "gb18030")),
        ascii=st.booleans(),
        raw_controls=st.booleans(),
        before=st.sampled_from((b"", b"\xef\xbb\xbf", b"\r\n \t")),
        after=st.sampled_from((b"", b"\0", b"\0\0\0\0", b"\r\n", b" ")),
    ),
)
_DAMAGES: Final = st.one_of(
    st.builds(Cut, st.floats(0, 1)),
    st.builds(
        Put, st.floats(0, 1), st.binary(max_size=8), st.sampled_from((0, 1, 2, 9))
    ),
    st.builds(
        Put,
        st.floats(0, 1),
        st.sampled_from((b'"', b"\\", b"{", b"]", b",")),
        st.just(0),
    ),
    st.builds(Instead, st.binary(max_size=64)),
    st.sampled_from(
        [
            Instead(b""),
            Instead(b"{}"),
            Instead(b"[]"),
            Instead(b"null"),
            Instead(b"[{}]"),
            Instead(b'""'),
            Instead(b"{" * 5000),
            Instead(b'{"a":' * 100_000),
            Instead(b"\xff\xd8\xff\xe0"),
        ]
    ),
)

RECIPES: Final = st.builds(
    Recipe,
    losses=st.lists(_LOSSES, max_size=2).map(tuple),
    rewritings=st.lists(_REWRITINGS, max_size=3).map(tuple),
    style=_STYLES,
    damage=st.one_of(*[st.none()] * 5, _DAMAGES),
)
