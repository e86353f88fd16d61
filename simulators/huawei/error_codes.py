"""Error codes (20.2): their HTTP status, their message, and how a request is refused."""

import csv
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple


class Code(IntEnum):
    """The codes that this cloud gives by itself; `known` has all of the manual."""

    OK = 0
    TOKEN_OVERDUE = 10000002
    TOKEN_NULL = 10000004
    TOKEN_INVALID = 10000005
    USER_FROZEN = 10000006
    WRONG_USER = 10020000
    WRONG_PARAMETER = 10020001
    START_ILLEGAL = 10020005
    END_ILLEGAL = 10020006
    START_AFTER_END = 10020007
    NOT_JSON = 10020008
    WRONG_LIMIT = 10020009
    WRONG_OFFSET = 10020010
    WRONG_DIRECTION = 10020011
    WRONG_SORT = 10020012
    MEDIA_TYPE = 10020016
    START_NULL = 10020017
    END_NULL = 10020018
    WRONG_AK = 10020020
    WRONG_SK = 10020021
    NO_ENTERPRISE = 10020022
    ILLEGAL_DEVICE = 10022000
    ILLEGAL_CHANNEL = 10022001
    FOREIGN_DEVICE = 10022002
    TOO_MANY_DEVICES = 10022004
    NO_CHANNEL = 10022007
    WRONG_GB_PASSWORD = 10022009
    NOTHING_EDITED = 10022010
    WRONG_DEVICE_STATE = 10022011
    WRONG_DEVICE_NAME = 10022012
    WRONG_PROTOCOL = 10022013
    WRONG_DEVICE_TYPE = 10022014
    WRONG_SYSTEM_STATE = 10022015
    TOO_MANY_TO_DELETE = 10022016
    NOTHING_TO_DELETE = 10022017
    WRONG_CHANNEL_STATE = 10022020
    WRONG_CHANNEL_SYSTEM_STATE = 10022021
    WRONG_RESOURCE_STATE = 10022022
    WRONG_CHANNEL_NAME = 10022023
    WRONG_GB_ID = 10022024
    WRONG_GROUP_ID = 10022026
    WRONG_VERIFICATION_CODE = 10022033
    NOTHING_TO_MOVE = 10022034
    MOVED_IS_UNKNOWN = 10022035
    WRONG_CHANNEL_COUNT = 10024000
    SAME_CHANNELS = 10024001
    WRONG_DAY = 10024003
    OVERLAP = 10024004
    WRONG_STORAGE_DAYS = 10024005
    WRONG_STORAGE_TYPE = 10024006
    WRONG_SECTION = 10024007
    NO_SECTION = 10024009
    WRONG_ORG_SCOPE = 10024014
    WRONG_STREAM_TYPE = 10026000
    WRONG_PLAYBACK = 10026001
    WRONG_RECORD_TYPE = 10026002
    WRONG_LIVE_PROTOCOL = 10026003
    STREAM_TYPE_UNSUPPORTED = 10026004
    WRONG_START = 10027003
    WRONG_COUNT = 10027004
    TOO_LONG_ARRAY = 10027006
    UNKNOWN_ALARM = 10027007
    NO_SUCH_PICTURE = 10027008
    WRONG_DATA_ID = 10027009
    WRONG_SUBSCRIPTION = 10027022
    WRONG_AUTH_KEY = 10027061
    DEVICE_EXISTS = 20000001
    VERIFICATION_FAILED = 20000003
    DEVICE_FROZEN = 20000011
    USED_BY_OTHERS = 20000029
    DEVICE_ONLINE = 20000031
    CHANNEL_FROZEN = 20000035
    DEVICE_OFFLINE = 20000036
    NO_STATISTICS = 20000042
    GB_ONLY = 20000041
    CHANNEL_OFFLINE = 20000043
    CHANNEL_UNALLOCATED = 20000044
    DEVICE_UNREGISTERED = 20000045
    SAME_GROUP = 20000050
    TWICE_IN_BATCH = 20000051
    NO_GROUP = 20001001
    NOT_YOUR_GROUP = 20001003
    GROUP_NAME_EXISTS = 20001004
    WRONG_GROUP_NAME = 20001005
    NO_PARENT_GROUP = 20001006
    TOO_DEEP = 20001007
    GROUP_HAS_DEVICES = 20001008
    ROOT_FIXED = 20001009
    LOCK_EXPIRED = 20002001
    WRONG_METHOD_PARAMETER = 20002007
    NO_PTZ = 20002008
    LOCK_ILLEGAL = 20002009
    MEDIA_FROZEN = 20020007
    NO_MANAGEMENT = 20020008
    MANAGEMENT_ARREARS = 20020009
    MEDIA_GB_ONLY = 20020010
    MEDIA_HOLO_ONLY = 20020011
    CLOUD_URL_FAILED = 20020002
    DEVICE_URL_FAILED = 20020006
    NO_RECORDS = 20020012
    NO_DEVICE_RECORDS = 20020014
    PICTURE_FAILED = 20040004
    SNAPSHOT_TOO_OFTEN = 20040009
    NO_SNAPSHOT = 20040010
    NO_IMAGE = 20040011
    WRONG_STORAGE = 20040012
    WRONG_CALLBACK = 20050003
    NO_CALLBACK = 20050004
    CALLBACK_UNREACHABLE = 20050005
    NO_RESOURCE_TYPE = 20060001
    NO_ROOM_IN_RESOURCE = 20060004
    RESOURCE_UNUSABLE = 20060005
    RESOURCE_BOUND = 20060007
    RESOURCE_NOT_BOUND = 20060010
    NO_SWITCH = 20060011
    WRONG_RESOURCE_ID = 20060013
    WRONG_RESOURCE_TYPE = 20060014
    TOO_MANY_CHANNELS = 20060015
    WRONG_RESOURCE_DAYS = 20060017
    NO_DAYS_HERE = 20060018
    SAME_RESOURCE_CHANNELS = 20060022
    OTHERS_FIRST = 20060023
    MANAGEMENT_NEEDED = 20060026
    MASKED = 20070006
    WRONG_TARGET_GROUP = 20090001
    WRONG_TARGET = 20090002
    NO_DATA_FLOW = 20090016
    NO_GB_TARGETS = 20090017
    NO_TARGET_GROUP = 20090018
    WRONG_REPORT = 20090019
    NO_GB_HEATMAP = 20090022
    TOO_MANY_GROUPS = 20090023
    GROUP_FIXED = 20090024
    TARGET_GROUP_EXISTS = 20090025
    GROUP_NOT_EMPTY = 20090026
    NO_TARGET = 20090027
    GROUP_EMPTY = 20090028
    GROUP_TAKES_NONE = 20090029
    CHANNEL_UNSUPPORTED = 20130101
    PASSWORD_WEAK = 20140004
    PASSWORD_SAME = 20140005
    PASSWORD_WRONG = 20140006
    PASSWORD_ILLEGAL = 20140007
    SDC_ONLY = 20140008
    DEVICE_USER_LOCKED = 20140009
    STREAM_FIXED = 20150002
    STREAM_UNSUPPORTED = 20150004
    UNSUPPORTED = 20160001
    INTERNAL = 90000001
    NO_MESSAGE = 90000006
    NO_PATH = 90000007
    WRONG_METHOD = 90000009
    DEVICE_ERROR = 90000010
    BUSY = 90000011


class Known(NamedTuple):
    """A row of the table of error codes."""

    status: int
    message: str


def _table() -> dict[int, Known]:
    with Path(__file__).with_name("errors.tsv").open(encoding="utf-8") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {
            int(row["code"]): Known(int(row["http_status"]), row["message"])
            for row in rows
        }


known = _table()


def spelled(code: int) -> str:
    """Return a code as it is written: IVM.0, IVM.10020001."""
    return f"IVM.{code}"


class Refusal(Exception):
    """The cloud refuses a request, or an item of a batch, with this code.

    Not a ValueError, so that validators may raise it through voluptuous.
    """

    def __init__(self, code: int, detail: str = "") -> None:
        """Keep the code and what the message says besides its text."""
        message = known[code].message if code in known else "Unknown error"
        super().__init__(f"{message} ({detail})" if detail else message)
        self.code = int(code)

    @property
    def status(self) -> int:
        """Return the HTTP status."""
        row = known.get(self.code)
        return row.status if row is not None else 500

    def result(self) -> dict[str, str]:
        """Return the `result` of an item of a batch."""
        return {"code": spelled(self.code), "msg": str(self)}


def demand(
    condition: object, code: int = Code.WRONG_PARAMETER, detail: str = ""
) -> None:
    """Refuse the request unless the condition holds."""
    if not condition:
        raise Refusal(code, detail)


SUCCESS = {"code": spelled(Code.OK), "msg": "Success"}
