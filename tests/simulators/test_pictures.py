"""Drawn pictures: their size in bytes, and what is in them."""

import time

import pytest

from simulators import pictures
from simulators.scene_figures import FIGURES


@pytest.mark.parametrize("size", [70_000, 131_080, 131_083, 131_087, 1_000_000])
def test_exact_sizes(size: int) -> None:
    assert len(pictures.huge(size)) == size


def test_padding_cannot_shrink() -> None:
    picture = pictures.face(1)
    assert pictures.padded(picture, 10) == picture
    assert pictures.padded(picture, len(picture) + 3) == picture
    assert pictures.face(1) == picture


@pytest.mark.parametrize("target", sorted(FIGURES))
def test_every_target_is_drawn(target: str) -> None:
    drawn = pictures.scene("nowhere", channel_name="A", at=time.time(), target=target)
    assert drawn.startswith(b"\xff\xd8")
