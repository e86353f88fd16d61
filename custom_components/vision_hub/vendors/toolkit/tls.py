"""Why HTTP or TLS fails: what a hub speaks at its port, and what is wrong with it."""

from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
import re
import ssl
from typing import Final

from aiohttp import (
    ClientConnectorCertificateError,
    ClientConnectorError,
    ClientError,
    ClientResponseError,
    ClientSession,
    ClientSSLError,
    ClientTimeout,
    ServerDisconnectedError,
)
from aiohttp.hdrs import LOCATION
from multidict import CIMultiDictProxy
from yarl import URL

from ..errors import (
    CannotConnect,
    CertificateExpired,
    CertificateOfAnother,
    CertificateRejected,
    HttpsRequired,
    HttpsUnsupported,
    TlsFailed,
    TlsTooOld,
    VisionError,
)
from ..network_address import HTTP_PORTS

_PATIENCE: Final = ClientTimeout(total=5)

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
# What web servers say who are spoken to without TLS: nginx, Apache, Go, others.
_WANTS_TLS: Final = re.compile(
    rb"plain HTTP|HTTP request to an? (?:HTTPS|SSL)"
    rb"|(?:use|using|via|over|through|\xe4\xbd\xbf\xe7\x94\xa8)(?: the)? ?HTTPS"
    rb"|HTTPS only|requires? (?:HTTPS|SSL|TLS)|(?:HTTPS|SSL|TLS) (?:is )?required",
    re.IGNORECASE,
)
_LEADS_TO_TLS: Final = re.compile(
    rb"(?:http-equiv\s*=\s*[\"']?refresh[^>]{0,200}"
    rb"|location(?:\.\w+)?\s*(?:=|\()\s*[\"'])https:",
    re.IGNORECASE,
)
_REFRESH: Final = "Refresh"
_SAID_WITH: Final = frozenset(
    {HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.UPGRADE_REQUIRED, 497}
)
_LONGEST_COMPLAINT: Final = 4096
# The head of an alert of TLS, as aiohttp quotes what is no HTTP.
_ALERT: Final = r"\x15\x03"

# X509_V_ERR_... of OpenSSL.
_CERTIFICATES: Final[Mapping[int, type[VisionError]]] = {
    9: CertificateExpired,
    10: CertificateExpired,
    62: CertificateOfAnother,
    64: CertificateOfAnother,
    66: TlsTooOld,
    67: TlsTooOld,
    68: TlsTooOld,
}
_REASONS: Final[Mapping[str, type[VisionError]]] = {
    "WRONG_VERSION_NUMBER": HttpsUnsupported,
    "HTTP_REQUEST": HttpsUnsupported,
    "UNSUPPORTED_PROTOCOL": TlsTooOld,
    "TLSV1_ALERT_PROTOCOL_VERSION": TlsTooOld,
    "TLSV1_ALERT_INSUFFICIENT_SECURITY": TlsTooOld,
    "UNSAFE_LEGACY_RENEGOTIATION_DISABLED": TlsTooOld,
    "DH_KEY_TOO_SMALL": TlsTooOld,
    "EE_KEY_TOO_SMALL": TlsTooOld,
    "CA_MD_TOO_WEAK": TlsTooOld,
}


def refusal_of(error: ClientSSLError | ssl.SSLError) -> VisionError:
    """Tell why TLS could not be agreed on."""
    if isinstance(error, ClientConnectorCertificateError):
        told = error.certificate_error
    else:
        told = getattr(error, "os_error", error)
    if isinstance(told, ssl.SSLCertVerificationError):
        return _CERTIFICATES.get(getattr(told, "verify_code", 0), CertificateRejected)()
    reason = getattr(told, "reason", None) or ""
    return _REASONS.get(reason, TlsFailed)(reason)


def port_of_https(
    url: URL, status: int, headers: CIMultiDictProxy[str], content: bytes
) -> int | None:
    """Tell where a hub wants HTTPS that was asked without; None when it does not."""
    if url.scheme != "http":
        return None
    if status in _REDIRECTS:
        with suppress(ValueError):
            target = URL(headers.get(LOCATION, "").strip())
            if target.scheme == "https":
                return target.port
    if status == HTTPStatus.UPGRADE_REQUIRED:
        return url.port
    if (
        status in _SAID_WITH
        and len(content) <= _LONGEST_COMPLAINT
        and _WANTS_TLS.search(content)
    ):
        return url.port
    if status == HTTPStatus.OK and _sends_on(headers, content):
        return HTTP_PORTS[True]
    return None


def _sends_on(headers: CIMultiDictProxy[str], content: bytes) -> bool:
    """Tell whether a page does nothing but to lead to HTTPS."""
    if "https:" in headers.get(_REFRESH, "").lower():
        return True
    is_page = content[:64].lstrip().startswith(b"<")
    return (
        is_page
        and len(content) <= _LONGEST_COMPLAINT
        and _LEADS_TO_TLS.search(content) is not None
    )


def is_alert(error: BaseException | None) -> bool:
    """Tell whether a hub answered HTTP by TLS."""
    return isinstance(error, ClientResponseError) and _ALERT in error.message


async def reason_of(
    error: CannotConnect, session: ClientSession, origin: URL
) -> CannotConnect:
    """Find out what a hub speaks of which nothing was understood yet."""
    cause = error.__cause__
    if origin.scheme == "http":
        if isinstance(cause, ServerDisconnectedError) and await _speaks_tls(
            session, origin
        ):
            return HttpsRequired(origin.port or HTTP_PORTS[True])
        return error
    hung_up = (
        isinstance(cause, ClientConnectorError)
        and isinstance(cause.os_error, ConnectionError)
        and not isinstance(cause.os_error, ConnectionRefusedError)
    )
    if not hung_up and not isinstance(error, TlsFailed):
        return error
    if await _speaks_http(session, origin):
        return HttpsUnsupported()
    return TlsTooOld() if await _speaks_tls(session, origin) else TlsFailed()


async def _speaks_tls(session: ClientSession, origin: URL) -> bool:
    """Tell whether TLS of any age can be agreed on; nothing secret goes over it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.options |= ssl.OP_LEGACY_SERVER_CONNECT
    context.set_ciphers("ALL:@SECLEVEL=0")
    url = origin.with_scheme("https").with_port(origin.port)
    try:
        async with session.head(
            url, ssl=context, timeout=_PATIENCE, allow_redirects=False
        ):
            return True
    except ClientConnectorError, TimeoutError:
        return False
    except ClientError:
        # It was agreed on, whatever came then.
        return True


async def _speaks_http(session: ClientSession, origin: URL) -> bool:
    url = origin.with_scheme("http").with_port(origin.port)
    try:
        async with session.get(
            url, timeout=_PATIENCE, allow_redirects=False
        ) as response:
            content = await response.content.read(_LONGEST_COMPLAINT)
    except ClientError, TimeoutError:
        return False
    return port_of_https(url, response.status, response.headers, content) is None
