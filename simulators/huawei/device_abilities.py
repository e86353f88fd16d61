"""The names of abilities (20.5), and what more is told about some (chapter 19)."""

from typing import Any

ABILITIES = (
    "ptz",
    "talk",
    "localstorage",
    "flowstatis",
    "intelligent",
    "cloudstorage",
    "alarmvoice",
    "brotate",
    "mediaencryptgcm",
    "soundlightalarm",
    "algorithm",
    "reportupgrade",
    "logcollect",
    "audiovideoswitch",
    "sdcardformat",
    "lightcontrol",
    "wifiinfo",
    "supplement",
    "certdelive",
    "batch_upgrade",
    "ptzspin",
    "zoom",
    "autofocus",
    "volumnset",
    "reset",
    "maskmode",
    "motionflow",
    "iris",
    "preset",
    "cruise",
    "securitykey",
    "tlvframe",
    "alarmsound",
    "alarmlight",
    "microphone",
    "devnormalrecord",
    "abilityauth",
    "ptz_3d_locate",
)
SPECIFICATIONS: dict[str, dict[str, Any]] = {
    "soundlightalarm": {
        "alarm_voice_file_max_num": "6",
        "alarm_voice_one_file_max_size": "76800",
        "alarm_voice_file_max_size": "524288",
    }
}
