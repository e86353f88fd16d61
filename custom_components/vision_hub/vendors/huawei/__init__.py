"""Huawei Cloud Industry Video Management, IVM or HoloSens (manual 002)."""

from ..contract import ConfigField, FieldType, Vendor
from .hub import HuaweiHub
from .hub.streams import HLS, PROTOCOLS

VENDOR = Vendor(
    id="huawei",
    name="Huawei IVM",
    fields=(
        ConfigField("url", FieldType.URL, "https://api-ivm.myhuaweicloud.com"),
        ConfigField("user_id", FieldType.TEXT),
        ConfigField("access_key", FieldType.TEXT),
        ConfigField("secret_key", FieldType.PASSWORD),
        ConfigField("verify_ssl", FieldType.SWITCH, default=True),
    ),
    open=HuaweiHub,
    options=(
        ConfigField("stream_protocol", FieldType.SELECT, HLS, choices=tuple(PROTOCOLS)),
    ),
    in_cloud=True,
)
