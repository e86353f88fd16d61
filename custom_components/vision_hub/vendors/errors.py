"""What can go wrong with a hub. Nothing else leaves a vendor.

`key` is the translation key that tells a user about it.
"""

from typing import ClassVar


class VisionError(Exception):
    """Base of the family."""

    key: ClassVar[str] = "unknown"


class CannotConnect(VisionError):
    """The hub could not be reached or did not answer in time."""

    key = "cannot_connect"


class HostNotFound(CannotConnect):
    """The name of the hub means nothing to the network."""

    key = "host_not_found"


class InvalidAddress(CannotConnect):
    """What was entered as the address of a hub leads nowhere."""


class InvalidHost(InvalidAddress):
    """It holds no host name and no IP address."""

    key = "invalid_host"


class InvalidPort(InvalidAddress):
    """It holds a port that cannot be."""

    key = "invalid_port"


class InvalidScheme(InvalidAddress):
    """It is of another protocol than HTTP."""

    key = "invalid_scheme"


class AddressWithPath(InvalidAddress):
    """It leads to a folder, but hubs are spoken to at the root of their host."""

    key = "address_with_path"


class AddressWithLogin(InvalidAddress):
    """It holds a user name, which has a field of its own."""

    key = "address_with_login"


class AnswerTimeout(CannotConnect):
    """The hub took the request and stayed silent."""

    key = "timeout"


class CertificateRejected(CannotConnect):
    """The hub's certificate is not trusted."""

    key = "invalid_certificate"


class CertificateExpired(CannotConnect):
    """The hub's certificate has expired, or is not valid yet."""

    key = "certificate_expired"


class CertificateOfAnother(CannotConnect):
    """The hub's certificate is for another name than it was called by."""

    key = "certificate_of_another"


class TlsTooOld(CannotConnect):
    """The hub offers no encryption that is still thought safe."""

    key = "tls_too_old"


class TlsFailed(CannotConnect):
    """The hub hangs up while encryption is agreed on, or wants what we do not have."""

    key = "tls_failed"


class HttpsRequired(CannotConnect):
    """The hub wants HTTPS and was spoken to without."""

    key = "https_required"

    def __init__(self, port: int) -> None:
        """Keep where it wants it."""
        super().__init__(f"The hub wants HTTPS, on port {port}")
        self.port = port


class HttpsUnsupported(CannotConnect):
    """The hub speaks plain HTTP where it was spoken to by HTTPS."""

    key = "https_unsupported"


class UnexpectedAnswer(VisionError):
    """Whatever answered is broken or is not a hub of this vendor."""

    key = "unexpected_answer"


class AuthenticationFailed(VisionError):
    """User name or password are wrong."""

    key = "invalid_auth"


class LockedOut(AuthenticationFailed):
    """The hub refuses us for a while because of too many wrong attempts."""

    key = "locked_out"
    seconds: float = 600
    """How long it does, as far as we know."""


class PermissionDenied(VisionError):
    """The user exists and may not do this."""

    key = "permission_denied"


class Busy(VisionError):
    """The hub asks to come back later."""

    key = "busy"


class Unsupported(VisionError):
    """The hub has no such ability."""

    key = "unsupported"


class InvalidRequest(VisionError):
    """The request breaks the manual's rules; it was not sent."""

    key = "invalid_request"


class WouldErase(InvalidRequest):
    """The write replaces a whole of which the hub did not tell some parts."""

    key = "would_erase"

    def __init__(self, *parts: str) -> None:
        """Keep the names of what would be lost."""
        names = ", ".join(parts)
        super().__init__(f"The hub did not tell what this would erase: {names}")
        self.parts = parts


class NoCallbackAddress(VisionError):
    """We do not know an address of our own that the hub could call."""

    key = "no_callback_address"


class PortInUse(VisionError):
    """The port that a hub shall dial belongs to another program."""

    key = "port_in_use"


class SubscriptionTaken(VisionError):
    """Every place for a receiver of pushes belongs to somebody else."""

    key = "subscription_taken"

    def __init__(self, owners: tuple[str, ...]) -> None:
        """Keep who holds the places, as addresses without credentials."""
        super().__init__(", ".join(owners))
        self.owners = owners


class RejectedByHub(VisionError):
    """The hub understood and said no."""

    key = "rejected_by_hub"

    def __init__(self, code: str, message: str) -> None:
        """Keep the vendor's own code and text."""
        super().__init__(f"{message} ({code})" if message else code)
        self.code = code
        self.message = message
