"""Error codes of appendix A and the answer envelope."""

from enum import IntEnum
from typing import Any

from simulators.json_types import Json


class Code(IntEnum):
    """Codes of appendix A that this node can answer, and those it never needs."""

    OK = 0
    UNKNOWN = -1
    NO_DATA = -105
    NO_USER = -108
    NO_CAMERA = -109
    EMPTY_LIBRARY = -110
    WRONG_CREDENTIALS = -113
    USER_EXISTS = -114
    CHANNEL_TAKEN = -115
    FACE_IN_LIBRARY = -116
    NO_LIBRARY = -117
    TOO_MANY_LIBRARIES = -118
    LIBRARY_EXISTS = -119
    LIBRARY_FULL = -122
    LIBRARY_BOUND = -123
    NO_FACE_IN_LIBRARY = -126
    NO_PERMISSION = -140
    NOT_LOGGED_IN = -141
    WEAK_PASSWORD = -142
    WRONG_CURRENT_USER = -145
    NO_COMPUTING_POWER = -151
    SNAP_MODE_FAILED = -610
    IMG_ID_EXISTS = -1100
    NO_FACE = -1101
    LOW_QUALITY = -1102
    BAD_PICTURE = -1104
    NOTHING_TO_EXPORT = -2100
    NO_DELETION_IN_HTTPS = -2617
    IMG_ID_TOO_LONG = -2754
    WRONG_PARAMETER = -3596
    WRONG_MSG_ID = -3599
    INTERNAL = -3524
    UPGRADE_FAILED = -3603
    WRONG_NETWORK = -3606
    ALREADY_IN_MODE = -3607
    MODE_SWITCH_FAILED = -3608
    NTP_UNREACHABLE = -3614
    NO_UPLOAD_IN_HTTPS = -3616
    HTTPS_SWITCH_FAILED = -3619
    NO_SNAP_MODE = -3620
    NO_CERTIFICATE = -3625


MESSAGES: dict[int, str] = {
    Code.OK: "",
    Code.UNKNOWN: "未知错误",
    Code.NO_DATA: "数据不存在",
    Code.NO_USER: "用户不存在",
    Code.NO_CAMERA: "相机不存在",
    Code.EMPTY_LIBRARY: "库中没有人脸图片",
    Code.WRONG_CREDENTIALS: "用户名或密码错误",
    Code.USER_EXISTS: "用户已存在",
    Code.CHANNEL_TAKEN: "该通道相机已存在",
    Code.FACE_IN_LIBRARY: "人脸库图片已存在",
    Code.NO_LIBRARY: "人脸库不存在",
    Code.TOO_MANY_LIBRARIES: "人脸库数量已达上限",
    Code.LIBRARY_EXISTS: "人脸库已存在",
    Code.LIBRARY_FULL: "图片数量已达库容上限",
    Code.LIBRARY_BOUND: "该库已和相机绑定，删除前请解绑",
    Code.NO_FACE_IN_LIBRARY: "人像库中没有此人脸图片",
    Code.NO_PERMISSION: "用户没有权限",
    Code.NOT_LOGGED_IN: "用户未登录/session会话已过期",
    Code.WEAK_PASSWORD: "用户密码太弱",
    Code.WRONG_CURRENT_USER: "当前用户名或密码错误",
    Code.NO_COMPUTING_POWER: "算力不足",
    Code.SNAP_MODE_FAILED: "抓拍模式切换失败",
    Code.IMG_ID_EXISTS: "img_id已存在",
    Code.NO_FACE: "未检测到人脸",
    Code.LOW_QUALITY: "人脸图片质量过低",
    Code.BAD_PICTURE: "图片格式不正确或图片破损",
    Code.NOTHING_TO_EXPORT: "无内容可导出",
    Code.NO_DELETION_IN_HTTPS: "https模式下不能删除crt或key文件",
    Code.IMG_ID_TOO_LONG: "人脸底库img_id太长",
    Code.WRONG_PARAMETER: "参数输入错误",
    Code.WRONG_MSG_ID: "msg_id错误",
    Code.INTERNAL: "系统内部错误",
    Code.UPGRADE_FAILED: "升级失败",
    Code.WRONG_NETWORK: "网络配置错误",
    Code.ALREADY_IN_MODE: "当前系统已经处于该模式",
    Code.MODE_SWITCH_FAILED: "切换模式失败",
    Code.NTP_UNREACHABLE: "ntp服务器访问错误",
    Code.NO_UPLOAD_IN_HTTPS: "https模式下不能导入crt或key文件",
    Code.HTTPS_SWITCH_FAILED: "切换https/http失败",
    Code.NO_SNAP_MODE: "图片模式下不能修改抓拍策略",
    Code.NO_CERTIFICATE: "尚未导入crt或key文件",
}


class Refusal(Exception):
    """The node refuses a request with this code."""

    def __init__(self, code: int) -> None:
        """Keep the code."""
        super().__init__(f"{code}: {MESSAGES.get(code, 'unknown')}")
        self.code = code


def demand(condition: object, code: Code = Code.WRONG_PARAMETER) -> None:
    """Refuse the request unless the condition holds."""
    if not condition:
        raise Refusal(code)


def envelope(code: int, data: Json = "") -> dict[str, Any]:
    """Return code, data ("" when there is none) and msg."""
    return {"code": int(code), "data": data, "msg": MESSAGES.get(code, "未知错误")}
