"""Boxes, lines and areas as messages write them (10.1.4.5)."""

from collections.abc import Sequence

from simulators.pictures import WIDTH_HEIGHT, Box, in_pixels

type Point = tuple[int, int]

GRID = (352, 288)
_SCALE = 10_000


def rect(box: Box) -> dict[str, int]:
    """Return a box in ten-thousandths of the picture, of the device's own level."""
    left, top, right, bottom = box
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}


def rect_cor(box: Box) -> dict[str, int]:
    """Return a box in ten-thousandths, of the level that the cloud adds."""
    given = rect(box)
    return {
        "x_cor": given["x"],
        "y_cor": given["y"],
        "width": given["width"],
        "height": given["height"],
    }


def scaled(box: Box, size: Point = WIDTH_HEIGHT) -> dict[str, int]:
    """Return a box in pixels, or with GRID in the units of the old rule fields."""
    return rect(in_pixels(box, size))


def area(points: Sequence[Point], size: Point | None = None) -> dict[str, object]:
    """Return a polygon (`MetaArea`), in ten-thousandths unless a size is given."""
    return {
        "num": len(points),
        "points": [
            dict(zip("xy", _point(point, size), strict=True)) for point in points
        ],
    }


def line(start: Point, end: Point, size: Point | None = None) -> dict[str, int]:
    """Return a line (`MetaLine`), in ten-thousandths unless a size is given."""
    (x1, y1), (x2, y2) = _point(start, size), _point(end, size)
    return {"x1": x1, "x2": x2, "y1": y1, "y2": y2}


def _point(point: Point, size: Point | None) -> Point:
    if size is None:
        return point
    return point[0] * size[0] // _SCALE, point[1] * size[1] // _SCALE


def part(box: Box, top: float, bottom: float, inset: float) -> Box:
    """Return a part of a box: a face of a body, a plate of a car (shares 0 to 1)."""
    left, upper, right, lower = box
    wide, tall = right - left, lower - upper
    return (
        left + int(wide * inset),
        upper + int(tall * top),
        right - int(wide * inset),
        upper + int(tall * bottom),
    )
