"""How alike two pictures are: enough for faces that are drawn."""

from collections.abc import Sequence

import numpy as np
from PIL import Image

_SIDE = 16
_DULLEST = 4.0


def features_of(image: Image.Image) -> tuple[float, ...] | None:
    """Return what a picture shows as numbers, None when it is of one colour."""
    grey = np.asarray(image.convert("L").resize((_SIDE, _SIDE)), float)
    if float(grey.std()) <= _DULLEST:
        return None
    centred = grey - grey.mean()
    features = (centred / np.linalg.norm(centred)).round(6)
    return tuple(float(value) for value in features.flat)


def similarity_of(first: Sequence[float], second: Sequence[float]) -> float:
    """Return how alike two pictures are, 0 to 100."""
    product = float(np.dot(np.asarray(first), np.asarray(second)))
    return max(0.0, min(100.0, product**3 * 100)) if product > 0 else 0.0
