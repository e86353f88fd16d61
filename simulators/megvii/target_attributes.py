"""What targets look like, in the codes of the two sets of the manual."""

from dataclasses import dataclass
import random
from typing import Any

# Meaning: set A (WebSocket, /alerts, /captures), set B (HTTP, lists of chapter 20).
_GENDER = {"male": (0, 1), "female": (1, 2), "unknown": (2, 0)}
_HAIR = {"bald": (0, 1), "little": (1, 2), "short": (2, 3), "long": (3, 4)}
_BEARD = {"none": (0, 1), "moustache": (1, 2), "full": (2, 3)}
_HAT = {"none": (0, 55), "helmet": (1, 48), "chef": (2, 49), "cap": (7, 54)}
_MASK = {"none": (0, 19), "medical": (1, 16), "ordinary": (3, 18)}
_GLASSES = {"none": (0, 36, 52), "dark": (1, 33, 49), "clear": (2, 34, 50)}
_GLASSES["sun"] = (3, 35, 51)


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceAttributes:
    """The attributes of a face, by meaning."""

    age: int
    gender: str
    hair: str = "short"
    beard: str = "none"
    hat: str = "none"
    mask: str = "none"
    glasses: str = "none"

    def flat(self) -> dict[str, int]:
        """Return set A."""
        return {
            "age": self.age,
            "gender": _GENDER[self.gender][0],
            "hair": _HAIR[self.hair][0],
            "beard": _BEARD[self.beard][0],
            "hat": _HAT[self.hat][0],
            "respirator": _MASK[self.mask][0],
            "glasses": _GLASSES[self.glasses][0],
        }

    def nested(self) -> dict[str, Any]:
        """Return set B."""
        wears = self.glasses != "none"
        return {
            "age": self.age,
            "gender": _GENDER[self.gender][1],
            "skinColor": 0,
            "hair": _HAIR[self.hair][1],
            "beard": _BEARD[self.beard][1],
            "hat": {
                "hatWear": 2 if self.hat == "none" else 1,
                "hatColor": 17 if self.hat == "chef" else 16,
                "hatType": _HAT[self.hat][1],
            },
            "respirator": {
                "respiratorWear": 2 if self.mask == "none" else 1,
                "respiratorType": _MASK[self.mask][1],
            },
            "glasses": {
                "glassLeftWear": 1 if wears else 2,
                "glassLeftType": _GLASSES[self.glasses][1],
                "glassRightWear": 17 if wears else 18,
                "glassRightType": _GLASSES[self.glasses][2],
            },
        }


def face_attributes(rng: random.Random, **wanted: Any) -> FaceAttributes:
    """Return a plausible face; `wanted` fixes some of its attributes."""
    gender = rng.choice(("male", "female"))
    drawn = {
        "age": rng.randrange(18, 70),
        "gender": gender,
        "hair": "long" if gender == "female" else "short",
        "glasses": "clear" if rng.random() < 0.3 else "none",
        "mask": "medical" if rng.random() < 0.1 else "none",
    }
    return FaceAttributes(**{**drawn, **wanted})


def human(rng: random.Random) -> dict[str, Any]:
    """Return a `humanAttr`."""
    helmet = rng.random() < 0.3
    return {
        "clothes": {
            "clothesColor": rng.randrange(1, 14),
            "clothesSleeve": rng.choice((33, 34)),
        },
        "pants": {
            "pantsColor": rng.randrange(1, 14),
            "pantsLen": rng.choice((33, 34)),
            "pantsSkirt": 50,
        },
        "bags": {"bagCarry": 1, "bagType": rng.choice((2, 4, 8, 10))},
        "rideBike": 2,
        "umbrella": 2,
        "gender": rng.choice((1, 2)),
        "hair": rng.choice((3, 4)),
        "hat": {"hatWear": 2, "hatColor": 16, "hatType": 55},
        "safetyHelmet": {
            "safetyHelmetWear": 1 if helmet else 2,
            "safetyHelmetColor": 16,
            "safetyHelmetType": 48 if helmet else 55,
        },
        "action": {
            "actionTumble": 2,
            "actionSmoke": 18,
            "actionRun": 34,
            "actionCalling": 50,
            "actionWatchPhone": 66,
        },
    }


def vehicle(rng: random.Random) -> dict[str, Any]:
    """Return a `vehicleAttr`."""
    return {
        "subClass": rng.randrange(1, 7),
        "brand": 0,
        "color": rng.randrange(0x2000, 0x200F),
        "orientation": rng.choice((0x2020, 0x2021)),
        "brandname": "保时捷_Cayenne_06年款",
    }


def cycle(rng: random.Random) -> dict[str, Any]:
    """Return a `cycleAttr`."""
    return {"subClass": rng.randrange(1, 5), "bindingCount": 1}


def plate(rng: random.Random, number: str | None = None) -> dict[str, Any]:
    """Return a `plateAttr`; the number is invented."""
    drawn = f"测A{rng.randrange(10**5):05d}"
    return {"type": 0, "color": 0, "num": number or drawn}
