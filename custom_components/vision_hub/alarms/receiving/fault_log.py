"""Logs faults of our own code without quoting what a hub sent."""

import logging
import traceback


class FaultLog:
    """Tells of every fault once."""

    def __init__(self, logger: logging.Logger) -> None:
        """Begin with none."""
        self._logger = logger
        self._known: set[tuple[type[BaseException], str]] = set()

    def log(self, what: str, fault: BaseException) -> None:
        """Log what failed and where; the text of a fault may be personal."""
        frames = traceback.format_tb(fault.__traceback__)
        known = (type(fault), frames[-1])
        if known not in self._known:
            self._known.add(known)
            self._logger.error(
                "%s: %s\n%s", what, type(fault).__name__, "".join(frames)
            )
