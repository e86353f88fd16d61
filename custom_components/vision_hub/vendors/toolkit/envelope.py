"""Answers in an envelope: a code that is 0 when all is well, a message, the data."""

from collections.abc import Mapping

from ..errors import RejectedByHub, Unsupported, VisionError
from ..model import Json
from .connection import Answer
from .lenient import as_int, as_text
from .shapes import object_in


async def envelope_of(answer: Answer) -> dict[str, Json] | None:
    """Return the envelope of an answer; None when it has none."""
    envelope = object_in(await answer.json(), "code")
    return None if as_int(envelope.get("code")) is None else envelope


def complaint_of(
    envelope: Mapping[str, Json],
    message: str,
    errors: Mapping[int, type[VisionError]],
    *,
    absent: bool = False,
) -> VisionError | None:
    """Return what an envelope complains of, by a vendor's table; None if of nothing.

    What is not in the table means that the hub has no such thing if it is `absent`.
    """
    code = as_int(envelope.get("code"))
    if code == 0:
        return None
    if code is not None and code in errors:
        return errors[code](message)
    if absent:
        return Unsupported(message)
    return RejectedByHub(as_text(envelope.get("code")), message)
