"""Alarms as a Uniview box sends them, many and quickly."""

import base64
from itertools import count
import time

import orjson

PICTURE = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(150_000) + b"\xff\xd9"


class Messages:
    """Bodies of alarms with a picture of 150 KB, each with an id of its own."""

    def __init__(self, serial: str, prefix: str) -> None:
        """Make what all bodies share once."""
        self._ids = count(1)
        self._prefix = prefix
        body = orjson.dumps(
            {
                "type": 1,
                "event_id": "@ID@",
                "has_result": 0,
                "device_info": {
                    "device_code": 1,
                    "device_name": "bench",
                    "device_sn": serial,
                },
                "channel_info": {
                    "mode": 0,
                    "channel_id": "@CHANNEL@",
                    "channel_name": "Bench",
                },
                "behaviour": {
                    "algo_model": "FieldDetectorObjectsInside",
                    "capture_time": "@TIME@",
                    "capture_info": [
                        {"target_id": 1, "point_x": "1,2", "point_y": "3,4"}
                    ],
                    "image_base64": base64.b64encode(PICTURE).decode(),
                },
            }
        )
        self._head, rest = body.split(b'"@ID@"')
        self._middle, rest = rest.split(b'"@CHANNEL@"')
        self._late, self._tail = rest.split(b'"@TIME@"')

    def make(self, channel: int = 1) -> bytes:
        """Return the next body."""
        return b"".join(
            (
                self._head,
                f'"{self._prefix}-{next(self._ids)}"'.encode(),
                self._middle,
                str(channel).encode(),
                self._late,
                str(int(time.time())).encode(),
                self._tail,
            )
        )
