"""The box-wide settings, with the defaults of the manual."""

from dataclasses import dataclass, field
from typing import Any

from .models import BLACK, PASSIVE

type Options = dict[str, Any]

# Hours ahead of UTC by `time.timeZone`.
TIME_ZONES = (
    *(-12, -11, -10, -9.5, -9, -8, -7, -6, -5, -4.5, -4, -3.5, -3, -2, -1, 0, 1, 2),
    *(3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5, 7, 8, 9, 9.5, 10, 10.5, 11, 11.5, 12, 13, 14),
)
_KEY = "0123456789ABCDEFGHIJKLMNOPQRSTUV"


def _model() -> Options:
    return {
        "videoMode": "videoStreamMode",
        "workMode": BLACK,
        "pushMode": "BestPushMode",
        "httpMode": "http",
        "libMode": False,
        "digestMode": False,
        "digestMaxAuthTries": 6,
        "digestUnlockTime": 30,
    }


def _functions() -> Options:
    return {
        "capturePicEnabled": True,
        "clipEnabled": False,
        "captureFullPicEnabled": True,
        "clipTime": 0,
        "detectType": 1,
        "alertReportBufferSize": 10_000,
        "captureReportBufferSize": 50_000,
        "fullPicCompressLevel": 80,
        "fullPicDrawRectEnabled": False,
        "minPushInterval": 500,
        "pictureRetryCount": 5,
        "pictureRetryInterval": 5,
        "pictureStrangerRetryCount": 2,
        "retryCount": 5,
        "retryInterval": 5,
        "strangerRetryCount": 2,
        "rtspServerEnabled": False,
    }


def _time() -> Options:
    return {
        "ntpEnable": False,
        "ntpServerAdd": "",
        "ntpInterval": 60,
        "ntpFailCount": 0,
        "timeZone": 27,
    }


def _port(address: str, mac: str) -> Options:
    return {
        "ethNetMode": 1,
        "ethIpAddr": address,
        "ethSubmask": "255.255.255.0",
        "ethGateway": "192.0.2.1",
        "ethDns": "192.0.2.2",
        "ethMac": mac,
    }


def _reports() -> Options:
    return {
        "alertConfig": {
            "alertReportMode": PASSIVE,
            "reportServerAdd": "",
            "alertInterval": 1,
            "alertResend": 2,
            "pushImageSW": True,
            "pushBigImageSW": True,
            "pushSmallImageSW": True,
        },
        "capture": {
            "captureReportMode": PASSIVE,
            "reportServerAdd": "",
            "pushImageSW": True,
            "pushBigImageSW": True,
            "pushSmallImageSW": True,
        },
    }


def _receiver() -> Options:
    return {
        "url": "",
        "captureUpload": True,
        "smallCaptureUpload": True,
        "bigCaptureUpload": True,
        "eventType": 2,
        "resend": 1,
        "interval": 1,
        "featureUpload": False,
    }


def _http_reports() -> Options:
    return {
        "enable": False,
        "main": {**_receiver(), "persistReport": False},
        "slave": _receiver(),
    }


def _ftp_upgrade() -> Options:
    return {
        "enableAuto": False,
        "dayOfWeek": [0] * 7,
        "timeStart": 0,
        "timeEnd": 0,
        "serverIp": "",
        "serverPath": "",
        "username": "",
        "password": "",
    }


def _ftp_upload() -> Options:
    return {
        "enable": False,
        "serverAddr": "",
        "serverPort": 21,
        "username": "",
        "password": "",
        "remoteDir": "",
        "enableBackground": False,
        "pathMode": [2, 3, 1],
        "customPath": "",
    }


def _gat1400() -> Options:
    return {
        "devInfo": [],
        "enable": False,
        "serverAddr": "",
        "serverPort": 8000,
        "username": "",
        "password": "",
        "keepInterval": 90,
        "syncTimeEnable": False,
        "syncTimeInterval": 60,
        "retransmissionTimes": 0,
        "retransmissionInterval": 1,
        "platformNo": 1,
        "backgroundUpload": False,
    }


def _gat1400_server() -> Options:
    return {
        "enable": False,
        "serverPort": 8000,
        "authEnable": False,
        "authMode": "digest",
        "username": "",
        "password": "",
        "keepInterval": 90,
    }


def _bridge() -> Options:
    return {
        "enable": False,
        "ip": "",
        "port": 0,
        "name": "",
        "id": _KEY,
        "key": _KEY.lower(),
    }


@dataclass(slots=True)
class Settings:
    """What a factory reset puts back, besides channels and faces."""

    model: Options = field(default_factory=_model)
    functions: Options = field(default_factory=_functions)
    time: Options = field(default_factory=_time)
    heartbeat: Options = field(
        default_factory=lambda: {"serverAdd": "", "htInterval": 30}
    )
    eth: Options = field(default_factory=lambda: _port("192.0.2.60", ""))
    eth1: Options | None = None
    reports: Options = field(default_factory=_reports)
    http_reports: Options = field(default_factory=_http_reports)
    megconnect: Options = field(
        default_factory=lambda: {"enable": False, "url": "", "port": 34567}
    )
    ftp_upgrade: Options = field(default_factory=_ftp_upgrade)
    ftp_upload: Options = field(default_factory=_ftp_upload)
    gat1400: Options = field(default_factory=_gat1400)
    gat1400_server: Options = field(default_factory=_gat1400_server)
    bridge: Options = field(default_factory=_bridge)
    relay: Options = field(
        default_factory=lambda: {"netMode": 0, "timeUnit": 0, "AESKey": ""}
    )
    layout: Options = field(
        default_factory=lambda: {"guiEnable": 0, "windowNum": 1, "videos": []}
    )
    telnet: bool = False

    def second_port(self, address: str, mac: str) -> None:
        """Make it a box with two network ports."""
        self.eth1 = {**_port(address, mac), "ethBondMode": 7}
