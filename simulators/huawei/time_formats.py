"""How messages write times: Beijing time everywhere."""

from datetime import datetime

from .request_fields import BEIJING

ZONE_MS = 28_800_000


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(int(at), BEIJING)


def stamp(at: float) -> str:
    """Return Unix seconds as `2021-03-30 14:34:50`."""
    return f"{_moment(at):%Y-%m-%d %H:%M:%S}"


def iso(at: float) -> str:
    """Return Unix seconds as `2023-02-10T17:37:30+08:00`."""
    return _moment(at).isoformat()


def compact(at: float) -> str:
    """Return Unix seconds as `20230210173730`."""
    return f"{_moment(at):%Y%m%d%H%M%S}"
