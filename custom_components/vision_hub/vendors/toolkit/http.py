"""What every conversation over HTTP needs: limits, clocks, one family of errors."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from ssl import SSLError
from typing import Final

from aiohttp import (
    ClientConnectionError,
    ClientConnectorDNSError,
    ClientError,
    ClientResponse,
    ClientSSLError,
)
from aiohttp.hdrs import DATE
from aiohttp.http_exceptions import HttpProcessingError

from ..errors import AnswerTimeout, CannotConnect, HostNotFound, UnexpectedAnswer
from .tls import refusal_of

BIG: Final = 256 * 1024
"""From this size on a body is worked on in a thread."""


async def body_of(response: ClientResponse, limit: int) -> bytes:
    """Read a body that has no more than `limit` bytes."""
    content = bytearray()
    async for chunk in response.content.iter_any():
        content += chunk
        if len(content) > limit:
            raise UnexpectedAnswer("The answer is too big")
    return bytes(content)


def clock_offset(headers: Mapping[str, str]) -> timedelta | None:
    """Read how far the clock of a hub is ahead; None when it does not tell."""
    try:
        theirs = parsedate_to_datetime(headers.get(DATE, ""))
    except ValueError:
        return None
    if theirs.tzinfo is None:
        theirs = theirs.replace(tzinfo=UTC)
    return offset_of(theirs, datetime.now(UTC))


def offset_of(theirs: datetime, now: datetime) -> timedelta:
    """Tell how far a time of whole seconds, cut off, is ahead."""
    # Half a second late on average.
    return timedelta(seconds=round((theirs - now).total_seconds() + 0.5))


@contextmanager
def translated() -> Generator[None]:
    """Turn what aiohttp raises into the family of the contract."""
    try:
        yield
    except TimeoutError as error:
        raise AnswerTimeout from error
    except (ClientSSLError, SSLError) as error:
        raise refusal_of(error) from error
    except ClientConnectorDNSError as error:
        raise HostNotFound from error
    except (ClientConnectionError, OSError) as error:
        raise CannotConnect from error
    except (ClientError, HttpProcessingError, ValueError) as error:
        raise UnexpectedAnswer from error
