"""Life in front of the cameras: plausible people, vehicles and events."""

from simulators.activity import Activity as BaseActivity

from .actions import MegviiActions
from .algorithms import EVENTS
from .models import ALERT_MODE, FACE_MODE, Channel, Target
from .reporter import Result


class Activity(BaseActivity[MegviiActions, Result]):
    """Makes what the channels are armed for in the current mode."""

    async def one(self, at: float | None = None) -> Result | None:
        """Let one thing happen at a camera that is online and armed."""
        device, rng, send = self._box.device, self._rng, at is None
        ready = [c for c in device.channels.values() if c.online and c.armed]
        if not ready:
            return None
        channel = rng.choice(ready)
        words = self._words(channel)
        if words and (device.mode == ALERT_MODE or rng.random() < 0.3):
            word = rng.choice(words)
            return await self._box.alert(word, channel.number, at=at, send=send)
        if device.mode == ALERT_MODE:
            return None
        targets = self._targets(channel)
        if not targets:
            return None
        if "face" in targets and (len(targets) < 3 or rng.random() < 0.5):
            return await self._face(channel, at=at, send=send)
        kind = rng.choice([word for word in targets if word != "face"] or targets)
        return await self._box.capture(kind, channel.number, at=at, send=send)

    async def _face(self, channel: Channel, *, at: float | None, send: bool) -> Result:
        device, rng = self._box.device, self._rng
        watched = [
            row["groupName"] for row in device.watched(channel, at or device.now())
        ]
        known = [person for name in watched for person in device.members(name)]
        if known and rng.random() < 0.7:
            token = rng.choice(known).token
            return await self._box.recognize(token, channel.number, at=at, send=send)
        return await self._box.stranger(channel.number, at=at, send=send)

    def _targets(self, channel: Channel) -> list[str]:
        refusal = self._box.events.refusal
        return [t.word for t in Target if refusal(channel, t) is None]

    def _words(self, channel: Channel) -> list[int]:
        device = self._box.device
        if device.mode == FACE_MODE:
            return []
        rule = self._box.events.rule
        return [kind.number for kind in EVENTS.values() if rule(channel, kind)]
