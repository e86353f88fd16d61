"""Messages as they are on the wire."""

from dataclasses import dataclass

from ..toolkit.lenient import WireObject, flag, number, text


@dataclass(frozen=True, slots=True)
class Camera(WireObject):
    """One row of the list of cameras."""

    id: int | None = number()
    name: str = text()
    online: bool | None = flag()


@dataclass(frozen=True, slots=True)
class Message(WireObject):
    """What a box sees."""

    id: str = text()
    camera: int | None = number()
    what: str = text()
    time: int | None = number()
