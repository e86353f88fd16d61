"""Records of captures as alarms (8.1)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from ..kinds import AlarmKind
from ..model import (
    Alarm,
    LibraryKind,
    Match,
    Passage,
    Picture,
    PictureRole,
    Source,
    Target,
)
from ..toolkit.matches import kind_of_match
from .server_clock import ServerClock
from .wire import Capture, Category, Classify, Task, TaskType, percent

_MAX_TEXT: Final = 256

_STRANGER: Final = f"classify_{int(Classify.STRANGER)}"

# A record has no code of its own. `classify` knows no black list, `category` does,
# and means nothing with a stranger.
KINDS: Final[Mapping[str, AlarmKind]] = {
    _STRANGER: AlarmKind.FACE_STRANGER,
    f"category_{int(Category.WHITE)}": AlarmKind.FACE_RECOGNIZED,
    f"category_{int(Category.BLACK)}": AlarmKind.FACE_BLACKLISTED,
}
LISTS: Final[Mapping[int | None, LibraryKind]] = {
    Category.WHITE: LibraryKind.ALLOWED,
    Category.BLACK: LibraryKind.BLOCKED,
}
_PASSING: Final = frozenset({TaskType.ROLL_CALL, TaskType.SIGN_IN})


def read_record(
    row: Capture,
    clock: ServerClock,
    tasks: Mapping[int, Task],
    now: datetime,
    own: LibraryKind | None = None,
) -> Alarm:
    """Make an alarm of a record; `now` stands for a time that is unreadable.

    `own` is the list that the person is on, as far as the server told it elsewhere.
    """
    code = _code(row)
    known = is_match(row) and (row.person_id or row.person_name)
    task = tasks.get(-1 if row.task_id is None else row.task_id)
    name = row.task_name or (task.name if task else "")
    return Alarm(
        id=row.key,
        source=Source.HISTORY,
        channel=None if row.camera_id is None else str(row.camera_id),
        channel_name=row.camera_name[:_MAX_TEXT] or None,
        kind=_kind(row, code, own),
        code=code,
        time=clock.read(row.capture_time) or clock.read(row.create_time) or now,
        matches=(_match(row),) if known else (),
        targets=(Target(type="face"),),
        task=name[:_MAX_TEXT] or None,
        passage=_passage(row.camera_id, task),
        pictures=_pictures(row, known=bool(known)),
    )


def is_match(row: Capture) -> bool:
    """Tell whether somebody was recognised."""
    return _code(row) != _STRANGER


def _kind(row: Capture, code: str, own: LibraryKind | None) -> AlarmKind:
    if not is_match(row):
        return KINDS[_STRANGER]
    told = LISTS.get(row.category)
    if row.classify in {None, Classify.WHITE} or LibraryKind.BLOCKED in {own, told}:
        return kind_of_match(own, told, "category")
    return AlarmKind.OTHER


def _code(row: Capture) -> str:
    """Name what was found out, in the words of the manual."""
    if row.classify is None:
        # Then the person tells.
        if not row.person_id and not row.person_name:
            return _STRANGER
    elif row.classify == Classify.STRANGER:
        return _STRANGER
    elif row.classify != Classify.WHITE and row.category != Category.BLACK:
        return f"classify_{row.classify}"
    category = Category.WHITE if row.category is None else row.category
    return f"category_{int(category)}"


def _match(row: Capture) -> Match:
    return Match(
        person_id="" if row.person_id is None else str(row.person_id),
        name=row.person_name[:_MAX_TEXT],
        library_id=None if row.lib_id is None else str(row.lib_id),
        library=row.lib_name[:_MAX_TEXT] or None,
        similarity=percent(row.similarity),
    )


def _passage(camera: int | None, task: Task | None) -> Passage | None:
    """Tell which way a camera watches; ordinary tasks know no ways (6.1)."""
    if task is None or task.type not in _PASSING:
        return None
    enters, leaves = camera in task.entries, camera in task.exits
    if enters == leaves:
        return None
    return Passage.ENTRY if enters else Passage.EXIT


def _pictures(row: Capture, *, known: bool) -> tuple[Picture, ...]:
    addresses = {
        PictureRole.TARGET: row.capture_url,
        PictureRole.LIBRARY: row.pic_url if known else "",
    }
    return tuple(
        Picture(role, None, address) for role, address in addresses.items() if address
    )
