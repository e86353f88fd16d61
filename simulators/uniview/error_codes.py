"""Error codes of chapter 14.1 and the answer envelope."""

from enum import IntEnum
from typing import Any

from simulators.json_types import Json


class Code(IntEnum):
    """Vendor error codes; the texts in MESSAGES keep the manual's spelling."""

    SUCCEED = 0
    COMMON_ERROR = 1
    INVALID_ARGUMENTS = 2
    NOT_AUTHORIZED = 3
    NOT_SUPPORTED = 4
    ABNORMAL_USER = 5
    BUSY = 6
    WRONG_CREDENTIALS = 1000
    NO_PERMISSION = 1001
    TOO_MANY_LOGINS = 1002
    TOO_MANY_ADDRESSES = 1003
    LOCKED = 1004
    TOO_MANY_LIBRARIES = 1100
    LIBRARY_EXISTS = 1101
    TOO_MANY_PEOPLE = 1200
    WRONG_CERTIFICATE_TYPE = 1201
    WRONG_PICTURE = 1202
    PICTURE_TOO_LARGE = 1203
    ALGORITHMS_CONFLICT = 1500
    WORKCLOTHES_LIBRARY_EXISTS = 1600
    TOO_MANY_WORKCLOTHES_LIBRARIES = 1601
    TOO_MANY_WORKCLOTHES = 1700
    WORKCLOTHES_TOO_LARGE = 1701
    WORKCLOTHES_FAILED = 1702
    DEVICE_INFO_UNREADABLE = 1800
    DEVICE_INFO_UNWRITABLE = 1801
    UPGRADE_FAILED = 1900
    UPGRADE_FILE = 1901
    UPGRADE_VERSION = 1902
    UPGRADE_MODEL = 1903
    UPGRADE_MEMORY = 1904
    UPGRADE_SIGNATURE = 1905
    UPGRADE_PROGRESS = 1906


MESSAGES: dict[int, str] = {
    Code.SUCCEED: "Succeed",
    Code.COMMON_ERROR: "Common Error",
    Code.INVALID_ARGUMENTS: "Invalid Arguments",
    Code.NOT_AUTHORIZED: "Not Authorized",
    Code.NOT_SUPPORTED: "Not Supported",
    Code.ABNORMAL_USER: "Abnormal User Status",
    Code.BUSY: "System Busy",
    Code.WRONG_CREDENTIALS: "Incorrect username or passwd",
    Code.NO_PERMISSION: "User does not have permission",
    Code.TOO_MANY_LOGINS: "The maxinum number of user logins has been reaches",
    Code.TOO_MANY_ADDRESSES: "The user login ip has reaches the upper limit.",
    Code.LOCKED: "User login ip locked.",
    Code.TOO_MANY_LIBRARIES: "Face lib num has reached the upper limit",
    Code.LIBRARY_EXISTS: "The face lib name already exists",
    Code.TOO_MANY_PEOPLE: "The number of faces has reached the max limit",
    Code.WRONG_CERTIFICATE_TYPE: "Wrong ID number type",
    Code.WRONG_PICTURE: "Image format error",
    Code.PICTURE_TOO_LARGE: "Image size is too large",
    Code.ALGORITHMS_CONFLICT: "Algo type does not support simultaneous config",
    Code.WORKCLOTHES_LIBRARY_EXISTS: "The workclothes lib name already exists",
    Code.TOO_MANY_WORKCLOTHES_LIBRARIES: (
        "Workclothes lib num has reached the upper limit"
    ),
    Code.TOO_MANY_WORKCLOTHES: "The number of workclothes has reached the max limit",
    Code.WORKCLOTHES_TOO_LARGE: "Image size is too large",
    Code.WORKCLOTHES_FAILED: "Importing picture failed",
    Code.DEVICE_INFO_UNREADABLE: "Error in obtaining device information",
    Code.DEVICE_INFO_UNWRITABLE: "Error setting device information",
    Code.UPGRADE_FAILED: "Upgrade failure",
    Code.UPGRADE_FILE: "File verification failure",
    Code.UPGRADE_VERSION: "The version number does not match",
    Code.UPGRADE_MODEL: "The device type does not match",
    Code.UPGRADE_MEMORY: "Failed to apply for memory or other reasons",
    Code.UPGRADE_SIGNATURE: "Digital signature verification fails",
    Code.UPGRADE_PROGRESS: "Failed to obtain upgrade progress",
}


class Refusal(Exception):
    """The box refuses a request with this code."""

    def __init__(self, code: int) -> None:
        """Keep the code."""
        super().__init__(f"{code}: {MESSAGES.get(code, 'unknown')}")
        self.code = code


def envelope(code: int, http_status: int, data: Json = None) -> dict[str, Any]:
    """Return code, msg, status_code (0 or the HTTP status) and, if any, data."""
    answer: dict[str, Any] = {
        "code": int(code),
        "msg": MESSAGES.get(code, "Common Error"),
        "status_code": 0 if code == Code.SUCCEED else http_status,
    }
    if data is not None:
        answer["data"] = data
    return answer
