"""Messages as the manual shows or lists them."""

import base64
from io import BytesIO
import json
from typing import Any

from PIL import Image

from .conftest import DEVICE_ID, JPEG

TIME = 1543893775000
TRACK = 18446744073709551615
IMAGE_ID = "VsWi_xqPzxO4ruLVdEoimQ=="
TOKEN = "Eqv0cstHM_0DeNr-pAzA9Q=="

FACE_A = {
    "age": 31,
    "gender": 0,
    "hair": 2,
    "beard": 0,
    "hat": 1,
    "respirator": 0,
    "glasses": 3,
}
FACE_B = {
    "age": 31,
    "gender": 1,
    "skinColor": 0,
    "hair": 3,
    "beard": 1,
    "hat": {"hatWear": 1, "hatColor": 17, "hatType": 48},
    "respirator": {"respiratorWear": 2, "respiratorType": 19},
    "glasses": {
        "glassLeftWear": 0,
        "glassLeftType": 32,
        "glassRightWear": 17,
        "glassRightType": 51,
    },
}


def scene(width: int = 200, height: int = 100) -> bytes:
    """A picture that has a size."""
    file = BytesIO()
    Image.new("RGB", (width, height)).save(file, "JPEG")
    return file.getvalue()


def encoded(picture: bytes) -> str:
    return base64.b64encode(picture).decode()


def ws_alert(**changes: Any) -> dict[str, Any]:
    """23.1.2."""
    return {
        "deviceId": DEVICE_ID,
        "videoNo": 1,
        "channelName": "gate",
        "chnDetectType": 1,
        "alertGroup": [{"groupName": "staff"}],
        "group": [{"groupName": "staff"}, {"groupName": "guests"}],
        "faceToken": TOKEN,
        "imageId": IMAGE_ID,
        "images": {},
        "trackId": TRACK,
        "trackIdTimes": 1,
        "bindingInfo": [],
        "movingStatus": 0,
        "movingDirection": 0,
        "searchScore": 80.64,
        "livenessScore": 91.5,
        "description": "Ada",
        "timestamp": TIME,
        "openDoorStatus": 0,
        "objType": "face",
        "faceAttr": FACE_A,
        "detectionResult": {"left": 20, "top": 10, "right": 120, "bottom": 60},
        "targetResult": {"left": 1, "top": 1, "right": 90, "bottom": 40},
        **changes,
    }


def ws_capture(**changes: Any) -> dict[str, Any]:
    """23.1.3."""
    return {
        "deviceId": DEVICE_ID,
        "videoNo": 1,
        "channelName": "gate",
        "trackId": 6018,
        "trackIdTimes": 1,
        "bestStranger": False,
        "captureFace": 0,
        "fullImage": 0,
        "enterTimestamp": TIME - 2000,
        "catchTimestamp": TIME,
        "leaveTimestamp": "",
        "objType": "face",
        "faceAttr": FACE_A,
        **changes,
    }


def http_capture(**changes: Any) -> dict[str, Any]:
    """23.2, of a face."""
    return {
        "screen_token": "gate",
        "photo": encoded(JPEG),
        "photo_md5": "x",
        "age": 31.0,
        "gender": 1.0,
        "quality": 0.93,
        "confidence": 0.0,
        "event_type": 1,
        "fmp": 88.0,
        "fmp_error": 0,
        "track_id": str(TRACK),
        "track_die": False,
        "timestamp": TIME,
        "video_number": 1,
        "device_id": DEVICE_ID,
        "bestStranger": False,
        "objType": "face",
        "faceAttr": FACE_B,
        **changes,
    }


def http_recognition(**changes: Any) -> dict[str, Any]:
    """23.2, of a recognition."""
    message = http_capture(
        event_type=0,
        confidence=77.5,
        access_pass=1,
        stranger_flag=0,
        ImageID=IMAGE_ID,
        Description="Ada",
        alertGroup=[{"groupName": "staff"}],
    )
    del message["bestStranger"]
    return {**message, **changes}


# 25.3.
EVENT: dict[str, Any] = {
    "alert_events": [
        {
            "area_id": 0,
            "area_type": "polygon",
            "alertor_id": 0,
            "alertor_type": "tripwire",
            "target": {
                "target_type": "person",
                "target_id": 4593450,
                "points": [{"x": 20, "y": 10}, {"x": 120, "y": 60}],
            },
        }
    ],
    "photo": "",
    "deviceId": "M030201202105000021",
    "stream_id": 0,
    "frame_id": 3050,
    "dts": 1596503018000,
    "pts": 1596503018000,
    "recv_ts": 1596503018000,
    "algType": 2,
}


def framed(
    name: str,
    fields: dict[str, Any],
    *pictures: bytes,
    order: Any = "little",
    sequence: int = 7,
    padding: bytes = b"\0",
) -> bytes:
    """Put a header before JSON and pictures."""
    content = json.dumps(fields).encode()
    return (
        name.encode().ljust(8, padding)
        + len(content).to_bytes(4, order)
        + sequence.to_bytes(4, order)
        + content
        + b"".join(pictures)
    )


# 8.1.1.
ALERT_ROW: dict[str, Any] = {
    "channelName": "gate",
    "trackId": 623,
    "livenessScore": 0,
    "captureImageURL": "./record_CHN0/2019Y10M10D15H/A05M02S826_623_1_80.64.jpg",
    "captureFullImageURL": "./record_CHN0/2019Y10M10D15H/A05M02S826_623_0_80.64.jpg",
    "timestamp": 1570691102826,
    "top1": {
        "searchScore": 80.64,
        "faceToken": TOKEN,
        "imageId": IMAGE_ID,
        "description": "Ada",
        "faceImageURL": "./group/face_data/loe327/lte462/Dy9hOK9v.jpg",
        "group": [{"groupName": "staff"}],
        "alertGroup": [{"groupName": "staff"}],
    },
    "top2": {
        "searchScore": 30.1,
        "faceToken": "other",
        "description": "Bob",
        "group": [{"groupName": "staff"}],
        "alertGroup": [],
    },
    "top3": {},
    "top4": {},
    "top5": {},
    "faceAttr": FACE_A,
}

# 9.1.1.
CAPTURE_ROW: dict[str, Any] = {
    "channelName": "gate",
    "trackId": 684,
    "faceImageURI": "./record_CHN0/2019Y10M10D15H/N13M12S918_684_1_49.50.jpg",
    "fullImageURI": "./record_CHN0/2019Y10M10D15H/N13M12S918_684_0_49.50.jpg",
    "enterTimestamp": 1570691591343,
    "catchTimestamp": 1570691592918,
    "leaveTimestamp": 1570691593620,
    "faceAttr": FACE_A,
}

# 20.2.4, by its table.
VEHICLE_ROW: dict[str, Any] = {
    "videoNo": 2,
    "channelName": "yard",
    "trackId": 9,
    "trackIdTimes": 1,
    "imageURI": "./record_CHN1/a.jpg",
    "fullImageURI": "./record_CHN1/b.jpg",
    "catchTimestamp": 1570691592918,
    "vehicleAttr": {
        "subClass": 2,
        "brand": 0,
        "color": 0x2001,
        "orientation": 0x2020,
        "brandname": "保时捷_Cayenne_06年款",
    },
}

# 25.2.1, by its table.
EVENT_ROW: dict[str, Any] = {
    "videoNo": 3,
    "channelName": "fence",
    "trackId": 4593450,
    "trackIdTimes": 1,
    "imageURI": "./record_CHN2/a.jpg",
    "fullImageURI": "./record_CHN2/b.jpg",
    "catchTimestamp": 1596503018000,
    "rule_id": 1,
    "area_id": 2,
    "alertType": 29,
    "alertSubType": 3,
    "areaType": 5,
    "personPreOverWall": False,
    "objType": "person",
}
