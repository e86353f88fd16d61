"""The head of a camera that moves: where it looks at a moment."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from simulators.video import View

# Degrees, and factors of the zoom, in a second at speed 1.
PAN_SPEED, TILT_SPEED, ZOOM_SPEED = 4.0, 2.5, 0.4
# How long a step (POINT) lasts in seconds, and how fast presets are gone to.
STEP = 0.3
_TRAVEL = 10.0
_FULL_TURN = 360.0
_TILT = (-90.0, 90.0)
_ZOOM = (1.0, 30.0)


@dataclass(frozen=True, slots=True)
class Position:
    """Where a camera looks: degrees and the factor of the zoom."""

    pan: float = 0.0
    tilt: float = 0.0
    zoom: float = 1.0


def view_of(position: Position) -> View:
    """Return what moves the picture of the video."""
    return View(position.pan / _FULL_TURN, position.tilt / 180, position.zoom)


def _clamped(value: float, span: tuple[float, float]) -> float:
    return min(max(value, span[0]), span[1])


def _shortest(start: float, end: float) -> float:
    """Return the way between two pans, not the long way round."""
    return (end - start + _FULL_TURN / 2) % _FULL_TURN - _FULL_TURN / 2


@dataclass(frozen=True, slots=True)
class _Motion:
    """From a position at a moment, with constant speeds, until a moment."""

    since: float
    start: Position
    pan: float = 0.0
    tilt: float = 0.0
    zoom: float = 0.0
    turns_until: float = float("inf")
    zooms_until: float = float("inf")
    target: Position | None = None
    cruise: tuple[tuple[float, Position], ...] = ()

    def at(self, now: float) -> Position:
        """Return the position at a moment."""
        if self.cruise:
            left = (now - self.since) % sum(dwell for dwell, _ in self.cruise)
            for dwell, position in self.cruise:
                if left < dwell:
                    return position
                left -= dwell
        if self.target is not None and now >= self.turns_until:
            return self.target
        turned = max(0.0, min(now, self.turns_until) - self.since)
        zoomed = max(0.0, min(now, self.zooms_until) - self.since)
        return Position(
            (self.start.pan + self.pan * turned) % _FULL_TURN,
            _clamped(self.start.tilt + self.tilt * turned, _TILT),
            _clamped(self.start.zoom + self.zoom * zoomed, _ZOOM),
        )


@dataclass(slots=True)
class PtzMotion:
    """Movements of a camera, the last of them in force. Times are Unix seconds."""

    _motions: deque[_Motion] = field(
        default_factory=lambda: deque([_Motion(0.0, Position())], maxlen=200)
    )

    def at(self, now: float) -> Position:
        """Return where the camera looks, or looked, at a moment."""
        for motion in reversed(self._motions):
            if motion.since <= now:
                return motion.at(now)
        return self._motions[0].start

    def view(self, now: float) -> View:
        """Return what moves the picture of the video."""
        return view_of(self.at(now))

    def moving(self, now: float) -> bool:
        """Return whether the camera turns or zooms."""
        last = self._motions[-1]
        turns = (last.pan or last.tilt) and now < last.turns_until
        zooms = last.zoom and now < last.zooms_until
        return bool(turns or zooms or last.cruise)

    def turn(
        self, now: float, pan: float, tilt: float, *, seconds: float | None
    ) -> None:
        """Turn by degrees in a second, for a while or until stopped."""
        last = self._motions[-1]
        self._go(
            _Motion(
                now,
                self.at(now),
                pan,
                tilt,
                0.0 if last.cruise else last.zoom,
                float("inf") if seconds is None else now + seconds,
                last.zooms_until,
            )
        )

    def zoom(self, now: float, speed: float, *, seconds: float | None) -> None:
        """Zoom by a factor in a second, for a while or until stopped."""
        last = self._motions[-1]
        until = float("inf") if seconds is None else now + seconds
        self._go(
            _Motion(
                now,
                self.at(now),
                last.pan,
                last.tilt,
                speed,
                last.turns_until,
                until,
            )
        )

    def stop_turning(self, now: float) -> None:
        """Stand still."""
        self.turn(now, 0.0, 0.0, seconds=0.0)

    def stop_zooming(self, now: float) -> None:
        """Keep the zoom."""
        self.zoom(now, 0.0, seconds=0.0)

    def put(self, now: float, position: Position) -> None:
        """Look somewhere at once."""
        self._go(_Motion(now, position))

    def go(self, now: float, target: Position, scale: float = 1.0) -> float:
        """Travel to a position; return for how many seconds."""
        start = self.at(now)
        pan = _shortest(start.pan, target.pan)
        tilt, zoom = target.tilt - start.tilt, target.zoom - start.zoom
        seconds = scale * max(
            abs(pan) / (PAN_SPEED * _TRAVEL),
            abs(tilt) / (TILT_SPEED * _TRAVEL),
            abs(zoom) / (ZOOM_SPEED * _TRAVEL),
        )
        if seconds <= 0:
            self.put(now, target)
            return 0.0
        until = now + seconds
        speeds = pan / seconds, tilt / seconds, zoom / seconds
        self._go(_Motion(now, start, *speeds, until, until, target))
        return seconds

    def cruise(self, now: float, points: Sequence[tuple[float, Position]]) -> None:
        """Visit positions, each for its seconds, again and again."""
        self._go(_Motion(now, self.at(now), cruise=tuple(points)))

    def _go(self, motion: _Motion) -> None:
        self._motions.append(motion)
