"""Error codes and the answer envelope.

The manual has no table of codes; all but 0 are this server's own.
"""

from enum import IntEnum


class Code(IntEnum):
    """What this server answers with."""

    OK = 0
    FAILED = 1000
    WRONG_PARAMETER = 1001
    NOT_LOGGED_IN = 1002
    WRONG_CREDENTIALS = 1003
    UNKNOWN_ID = 1004
    EXISTS = 1005
    IN_USE = 1006
    NO_ROOM = 1007
    BAD_PICTURE = 1008
    NO_PICTURE = 1009
    NO_FACE = 1010
    UNREACHABLE = 1011
    WRONG_STATE = 1012


MESSAGES: dict[int, str] = {
    Code.OK: "",
    Code.FAILED: "操作失败",
    Code.WRONG_PARAMETER: "参数错误",
    Code.NOT_LOGGED_IN: "会话无效或已过期",
    Code.WRONG_CREDENTIALS: "账号或密码错误",
    Code.UNKNOWN_ID: "记录不存在",
    Code.EXISTS: "已存在",
    Code.IN_USE: "正在使用中",
    Code.NO_ROOM: "数量已达上限",
    Code.BAD_PICTURE: "照片格式不正确",
    Code.NO_PICTURE: "照片不存在",
    Code.NO_FACE: "未检测到人脸",
    Code.UNREACHABLE: "摄像头连接失败",
    Code.WRONG_STATE: "任务状态不允许该操作",
}


class Refusal(ValueError):
    """The server refuses a request with this code."""

    def __init__(self, code: Code, detail: str = "") -> None:
        """Keep the code and what `msg` says besides its text."""
        message = f"{MESSAGES[code]}: {detail}" if detail else MESSAGES[code]
        super().__init__(message)
        self.code = code
        self.message = message


def demand(
    condition: object, code: Code = Code.WRONG_PARAMETER, detail: str = ""
) -> None:
    """Refuse the request unless the condition holds."""
    if not condition:
        raise Refusal(code, detail)
