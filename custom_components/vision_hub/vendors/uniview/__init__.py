"""Uniview edge boxes of the IA57 and ECS families (manual 000)."""

from ..contract import ConfigField, FieldType, Vendor
from .hub import UniviewHub

VENDOR = Vendor(
    id="uniview",
    name="Uniview",
    fields=(
        ConfigField("host", FieldType.HOST),
        ConfigField("port", FieldType.PORT, 80),
        ConfigField("username", FieldType.TEXT, "admin"),
        ConfigField("password", FieldType.PASSWORD),
        ConfigField("ssl", FieldType.SWITCH, default=False),
        ConfigField("verify_ssl", FieldType.SWITCH, default=True),
    ),
    open=lambda config, session, _: UniviewHub(config, session),
    options=(
        # Stream addresses come without user name and password.
        ConfigField("stream_username", FieldType.TEXT, required=False),
        ConfigField("stream_password", FieldType.PASSWORD, required=False),
    ),
)
