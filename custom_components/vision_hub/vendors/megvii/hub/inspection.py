"""Analytics on a picture that we bring (30)."""

from typing import Final, override

import orjson

from ...contract import Inspection
from ...errors import RejectedByHub, UnexpectedAnswer
from ...model import Json, PictureRole, Target
from ...toolkit.picture_limits import PictureLimits
from ...toolkit.request_body import Part
from ...toolkit.shapes import as_object, content_of, list_in, objects_in
from ..attributes import TYPES, attributes_of, plate_of
from ..message_fields import box_of, sides_of
from ..transport import Transport

# 30.1; we do not look into BMP.
_PICTURES: Final = PictureLimits(most_bytes=4 * 1024 * 1024)
_MOST_TARGETS: Final = 32


class MegviiInspection(Inspection):
    """Finds targets, then asks for the attributes of each."""

    def __init__(self, transport: Transport) -> None:
        """Work through `transport`."""
        self._transport = transport

    @override
    async def inspect(self, picture: bytes) -> tuple[Target, ...]:
        await _PICTURES.check(picture)
        image = Part("image", picture, "picture.jpg")
        answer = await self._transport.ask_form("detect_picture", (image,))
        data = content_of(answer, "data")
        rows = list_in(data, "detectionResult") if data else []
        if rows is None:
            raise UnexpectedAnswer("The box did not tell what it sees")
        return tuple(
            [
                await self._target(image, picture, row)
                for row in objects_in(rows[:_MOST_TARGETS])
            ]
        )

    async def _target(
        self, image: Part, picture: bytes, row: dict[str, Json]
    ) -> Target:
        type_, rect = row.get("objType"), row.get("rect")
        told: dict[str, Json] = {}
        if isinstance(type_, str) and isinstance(rect, dict):
            parts = (
                image,
                Part("captureObjEnable", "false"),
                Part("objType", type_),
                # How an object stands in a form is not told.
                Part("rect", orjson.dumps(rect).decode()),
            )
            try:
                answer = await self._transport.ask_form(
                    "get_picture_object_attributes", parts
                )
            except RejectedByHub:
                # What it is and where it is are known all the same.
                answer = {}
            told = as_object(content_of(answer, "data"))
        return Target(
            type=TYPES.get(str(type_).casefold()),
            box=box_of(sides_of(rect), {PictureRole.SCENE: picture}),
            plate=plate_of(told),
            attributes=attributes_of(told),
        )
