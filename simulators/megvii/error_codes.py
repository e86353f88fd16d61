"""Error codes of chapter 23.5 (and those printed elsewhere) and the envelope."""

from enum import IntEnum
from typing import Any

from simulators.json_types import Json


class Code(IntEnum):
    """Codes that this box can answer."""

    OK = 0
    ILLEGAL_JSON_BODY = 104000
    ILLEGAL_ARGUMENT = 104001
    MISSING_ARGUMENT = 104002
    NO_ACCESS = 104004
    PASSWORD_ERROR = 104005
    REQUEST_TIMEOUT = 104006
    RESOURCES_NOT_FOUND = 104007
    VIDEO_CH_OVER_LIMIT = 104008
    NO_VIDEO = 104009
    VIDEO_CH_ACCESS_FAIL = 104010
    VIDEO_CH_EXIST = 104011
    PROCESS_BUSY = 104012
    CHANNEL_BIND_RULES = 104013
    DEVICE_ID_IS_EXIST = 104014
    VIDEO_CH_NOT_EXIST = 104017
    HASHRATE_OVER_LIMIT = 104019
    ACCOUNT_BLOCKED = 104101
    FACE_NOT_FOUND = 104200
    BAD_QUALITY = 104201
    FACE_TOKEN_NOT_EXIST = 104202
    IMAGE_ID_NOT_EXIST = 104203
    FACE_ALREADY_EXIST = 104204
    IMAGE_MD5_CHECK_FAIL = 104206
    GROUP_NAME_CONFLICT = 104300
    GROUP_NAME_NOT_EXIST = 104301
    GROUP_OVER_LIMIT = 104302
    GROUP_BINDING_NOT_EXIST = 104303
    GROUP_BEUSED = 104304
    GROUP_IS_BUSY = 104307
    IMAGE_OVER_LIMIT = 104308
    GROUP_BIND_RULES = 104309
    CAPTURE_DISABLE = 104400
    SERVER_BUSY = 104401
    WORK_MODE_NOT_MATCH = 104402
    FIRMWARE_TOO_BIG = 104403
    FIRMWARE_RECV_ERROR = 104404
    FIRMWARE_CHECK_ERROR = 104405
    FIRMWARE_MD5_ERROR = 104406
    FTP_UPGRADE_USER_PASSWORD_ERR = 104410
    FTP_UPGRADE_ADDR_CONNECT_ERR = 104411
    FTP_UPGRADE_PATH_IS_NOT_EXIST = 104412
    RELAY_VIDEO_UNUSED_OR_DISABLED = 104502
    RELAY_DOES_NOT_EXIST = 104503
    TRIGGER_RELAY_FAIL = 104504
    CALENDAR_BIND_RULES = 104601
    SCHEDULE_BIND_RULES = 104602
    CALENDAR_NOT_EXIST = 104603
    SCHEDULE_NOT_EXIST = 104604
    RULES_NOT_EXIST = 104605
    CALENDAR_TABLE_FULL = 104606
    SCHEDULE_TABLE_FULL = 104607
    RULES_TABLE_FULL = 104608
    CALENDAR_ALREADY_EXIST = 104609
    SCHEDULE_ALREADY_EXIST = 104610
    RULES_ALREADY_EXIST = 104611
    INVALID_TIME_RANGE = 104612
    INVALID_DATE_RANGE = 104613
    INVALID_DATE = 104614
    CHANNEL_NOT_EXIST = 104615
    GROUP_NOT_EXIST = 104616
    FTP_TEST_FAIL = 104618
    GUI_DISPLAY_CH_OVER_LIMIT = 104801
    GUI_CONNECT_DUPLICATE_CHN = 104802
    ETH_IS_ERR = 104900
    IP_ADDR_IS_ERR = 104901
    IP_ADDR_TEST_FAIL = 104902
    INTERNAL_ERROR = 105000


# The constants of the relays are printed with blanks.
_SPACED = frozenset(
    {
        Code.RELAY_VIDEO_UNUSED_OR_DISABLED,
        Code.RELAY_DOES_NOT_EXIST,
        Code.TRIGGER_RELAY_FAIL,
    }
)


class Refusal(Exception):
    """The box refuses a request with this code; `details` follow the constant."""

    def __init__(self, code: Code, *details: str) -> None:
        """Keep the code."""
        super().__init__(f"{int(code)}: {code.name} {','.join(details)}")
        self.code = code
        self.details = details


def demand(condition: object, code: Code, *details: str) -> None:
    """Refuse the request unless the condition holds."""
    if not condition:
        raise Refusal(code, *details)


def valid(condition: object, *names: str) -> None:
    """Refuse the request with 104001 and the names unless the condition holds."""
    demand(condition, Code.ILLEGAL_ARGUMENT, *names)


def given(condition: object, *names: str) -> None:
    """Refuse the request with 104002 and the names unless the condition holds."""
    demand(condition, Code.MISSING_ARGUMENT, *names)


def message(code: int, *details: str) -> str:
    """Return the constant, with what follows it."""
    try:
        known = Code(code)
    except ValueError:
        return "UNKNOWN"
    if known is Code.OK:
        return ""
    name = known.name.replace("_", " ") if known in _SPACED else known.name
    return f"{name}:{','.join(details)}" if details else name


def envelope(
    code: int,
    data: Json,
    *,
    details: tuple[str, ...] = (),
    at: float,
    cost: float,
    cost_key: str,
) -> dict[str, Any]:
    """Return the answer; `at` and `cost` are seconds."""
    return {
        "code": int(code),
        "message": message(code, *details),
        "timestamp": int(at * 1000),
        cost_key: int(cost * 1000),
        "data": data,
    }
