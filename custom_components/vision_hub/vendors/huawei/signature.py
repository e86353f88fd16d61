"""Who sent a message: the signature that the cloud puts beside it (10.1.4).

The manual prints the headers as `X-lvm-…`, with a small L where the product's name has
a capital I, and not how the digest is written: both spellings are known here, and
digests in hexadecimal and in base64.
"""

import base64
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
import hashlib
import hmac
from typing import Final

WINDOW: Final = timedelta(minutes=5)
"""How far the time of a message may be from ours; the body is not signed."""

LONGEST_KEY: Final = 18
"""Characters of an `auth_key`; at least 6 (10.1.1)."""

_TIMESTAMPS: Final = frozenset({"x-lvm-timestamp", "x-ivm-timestamp"})
_SIGNATURES: Final = frozenset({"x-lvm-signature", "x-ivm-signature"})
_MAX_TEXT: Final = 128


def digest(url: str, timestamp: str, auth_key: str) -> bytes:
    """Return what the cloud makes of our address and our key."""
    return hashlib.sha256(f"{url}|{timestamp}|{auth_key}".encode()).digest()


def is_signed(headers: Mapping[str, str]) -> bool:
    """Tell whether a message has a signature, right or wrong."""
    return bool(_header(headers, _SIGNATURES))


def is_genuine(
    headers: Mapping[str, str], urls: Collection[str], auth_key: str, now: datetime
) -> bool:
    """Tell whether a message comes from who knows `auth_key`, and is of now.

    `urls` are the addresses that the cloud may have been given, byte for byte.
    """
    timestamp = _header(headers, _TIMESTAMPS)
    told = _header(headers, _SIGNATURES)
    if not (timestamp.isascii() and timestamp.isdigit()) or len(timestamp) > 12:
        return False
    if abs(int(timestamp) - now.timestamp()) > WINDOW.total_seconds():
        return False
    genuine = False
    for url in urls:
        right = digest(url, timestamp, auth_key)
        genuine |= _same(told.casefold(), right.hex())
        genuine |= _same(told, base64.b64encode(right).decode())
    return genuine


def _same(told: str, right: str) -> bool:
    return hmac.compare_digest(told.encode(errors="replace"), right.encode())


def _header(headers: Mapping[str, str], names: Collection[str]) -> str:
    for name, value in headers.items():
        if name.casefold() in names and len(value) <= _MAX_TEXT:
            return value.strip()
    return ""
