"""What encodes the streams of the video server: the present, or a recording."""

from dataclasses import dataclass

from simulators.video import LiveEncoder

from .account import Account
from .error_codes import Refusal
from .media_addresses import Carrier


@dataclass(slots=True)
class RecordedEncoder(LiveEncoder):
    """Plays what was seen from `start` (Unix seconds) on."""

    start: float = 0.0
    _first: float | None = None

    def next_picture(self, at: float) -> bytes:
        """Return the access unit of the next moment."""
        if self._first is None:
            self._first = at
        return LiveEncoder.next_picture(self, self.start + at - self._first)


def encoder_of(account: Account, path: str) -> LiveEncoder | None:
    """Return what encodes live/<token> or vod/<token> while the address serves."""
    address = account.media.use(path.rpartition("/")[2])
    if address is None or address.carrier is not Carrier.RTSP:
        return None
    channel = account.channel(*address.key)
    seen = channel.channel_name, channel.scene, channel.motion.view
    if address.pieces is not None:
        return RecordedEncoder(*seen, start=address.pieces[0].start)
    try:
        account.reachable_channel(*channel.key)
    except Refusal:
        return None
    return LiveEncoder(*seen)
