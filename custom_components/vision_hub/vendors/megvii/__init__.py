"""Megvii MegBox B3R and B4H (manual 001)."""

from ..contract import ConfigField, FieldType, Vendor
from .hub import MegviiHub

VENDOR = Vendor(
    id="megvii",
    name="Megvii",
    fields=(
        ConfigField("host", FieldType.HOST),
        ConfigField("port", FieldType.PORT, 80),
        # A box is open until digest is switched on (3.1.1).
        ConfigField("username", FieldType.TEXT, "admin", required=False),
        ConfigField("password", FieldType.PASSWORD, required=False),
        ConfigField("ssl", FieldType.SWITCH, default=False),
        ConfigField("verify_ssl", FieldType.SWITCH, default=True),
    ),
    open=lambda config, session, _: MegviiHub(config, session),
    options=(
        ConfigField(
            "push",
            FieldType.SELECT,
            "automatic",
            choices=("automatic", "http", "websocket", "polling"),
        ),
        # Boxes that dial no path need a port of our own for their WebSocket.
        ConfigField("socket_port", FieldType.PORT, required=False),
    ),
)
