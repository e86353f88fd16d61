"""SenseTime SenseNebula-M edge nodes M4s and M8s (manual 003)."""

from ..contract import ConfigField, FieldType, Vendor
from .hub import SenseTimeHub

VENDOR = Vendor(
    id="sensetime",
    name="SenseTime",
    fields=(
        ConfigField("host", FieldType.HOST),
        ConfigField("port", FieldType.PORT, 80),
        ConfigField("username", FieldType.TEXT, "admin"),
        ConfigField("password", FieldType.PASSWORD),
        ConfigField("ssl", FieldType.SWITCH, default=False),
        ConfigField("verify_ssl", FieldType.SWITCH, default=True),
    ),
    open=lambda config, session, _: SenseTimeHub(config, session),
    # The node has one target for pushes by HTTP; WebSockets take it from nobody.
    options=(ConfigField("http_push", FieldType.SWITCH, default=False),),
)
