"""Log in, session ids and WebSocket keys (chapters 1, 2 and 9.1)."""

from collections.abc import Callable
import hmac
import time

from .device import Device
from .error_codes import Code, Refusal, demand


class Sessions:
    """Who is logged in. A session ends after 30 idle minutes, scaled.

    The manual has no lock-out; while locked, every log in is answered with -113.
    """

    def __init__(
        self,
        device: Device,
        username: str,
        password: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start without sessions."""
        self.device = device
        self.username = username
        self.password = password
        self.keys: set[str] = set()
        self._clock = clock
        self._seen: dict[str, float] = {}
        self._locked_until = 0.0

    def __len__(self) -> int:
        """Return how many sessions are alive."""
        return len(self._seen)

    def log_in(self, username: str, password: str) -> str:
        """Return a new session id, or refuse with -113."""
        right = (
            hmac.compare_digest(username.encode(), self.username.encode())
            and hmac.compare_digest(password.encode(), self.password.encode())
            and self._clock() >= self._locked_until
        )
        demand(right, Code.WRONG_CREDENTIALS)
        if self.device.quirks.single_session:
            self._seen.clear()
        session = str(self.device.rng.randrange(10**18, 2**64))
        self._seen[session] = self._clock()
        return session

    def check(self, session: str | None) -> None:
        """Refuse with -141 unless the session is alive; it lives on."""
        if session is None or session not in self._seen:
            raise Refusal(Code.NOT_LOGGED_IN)
        now = self._clock()
        idle = self.device.timing.session * self.device.time_scale
        if now - self._seen[session] > idle:
            del self._seen[session]
            raise Refusal(Code.NOT_LOGGED_IN)
        self._seen[session] = now

    def log_out(self, session: str) -> None:
        """End a session."""
        self._seen.pop(session, None)

    def expire(self) -> None:
        """End every session."""
        self._seen.clear()

    def lock(self, seconds: float) -> None:
        """Refuse every log in for a while."""
        self._locked_until = self._clock() + seconds

    def unlock(self) -> None:
        """Let the right password in again."""
        self._locked_until = 0.0

    def new_key(self) -> str:
        """Return a new key for a WebSocket subscription (9.1)."""
        key = self.device.uuid()
        self.keys.add(key)
        return key

    def take_key(self, key: object) -> bool:
        """Return whether a subscription with this key is allowed."""
        if not isinstance(key, str) or key not in self.keys:
            return False
        if self.device.quirks.one_time_key:
            self.keys.discard(key)
        return True
