"""Toy boxes, which have one camera and see one kind of thing."""

from ..contract import ConfigField, FieldType, Vendor
from .hub import open_hub

VENDOR = Vendor(
    id="toy",
    name="Toy",
    fields=(
        ConfigField("host", FieldType.HOST),
        ConfigField("port", FieldType.PORT, 80),
        ConfigField("password", FieldType.PASSWORD),
    ),
    open=open_hub,
)
