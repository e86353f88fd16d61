"""Keeps our secret out of what others log of requests that they refuse themselves."""

from collections.abc import Iterable
import logging
import traceback
from typing import Final, Protocol, override
from urllib.parse import unquote
from weakref import WeakSet

# Those that quote the path of a request, or the line that they cannot read.
LOGGERS: Final = (
    "aiohttp.access",
    "aiohttp.server",
    "homeassistant.components.http.ban",
    "homeassistant.components.http.security_filter",
    "homeassistant.helpers.http",
)

_MOST_QUOTED: Final = 8


class Secrets(Protocol):
    """Whoever knows what must not be told."""

    def tokens(self) -> Iterable[str]:
        """Return the secrets of all hubs."""


class _Redaction(logging.Filter):
    def __init__(self) -> None:
        super().__init__()
        self.secrets: WeakSet[Secrets] = WeakSet()

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        fault = record.exc_info[1] if record.exc_info else None
        if fault is not None:
            text += "".join(traceback.format_exception(fault))
        if self._tells(text):
            record.msg = "A request to the address for alarms was refused (%s)"
            record.args = (type(fault).__name__ if fault else record.name,)
            record.exc_info = record.exc_text = None
        return True

    def _tells(self, text: str) -> bool:
        for _ in range(_MOST_QUOTED):
            if any(token in text for each in self.secrets for token in each.tokens()):
                return True
            if (unquoted := unquote(text)) == text:
                return False
            text = unquoted
        # Whoever quotes so often has something to hide.
        return True


_REDACTION: Final = _Redaction()


def redact_logs(secrets: Secrets) -> None:
    """Keep secrets out of the logs of others, as long as somebody holds them."""
    _REDACTION.secrets.add(secrets)
    for name in LOGGERS:
        logging.getLogger(name).addFilter(_REDACTION)
