"""CamGuard, a face recognition server for cameras (manual 004, which names no vendor)."""

from ..contract import ConfigField, FieldType, Vendor
from .hub import CamGuardHub

VENDOR = Vendor(
    id="camguard",
    name="CamGuard",
    fields=(
        ConfigField("host", FieldType.HOST),
        # The manual states no port.
        ConfigField("port", FieldType.PORT),
        ConfigField("username", FieldType.TEXT),
        ConfigField("password", FieldType.PASSWORD),
        ConfigField("ssl", FieldType.SWITCH, default=False),
        ConfigField("verify_ssl", FieldType.SWITCH, default=True),
    ),
    open=lambda config, session, _: CamGuardHub(config, session),
    # How the part of an upload is called that holds the picture; 2.1 does not tell.
    options=(ConfigField("upload_part", FieldType.TEXT, "file"),),
    has_serial=False,
)
