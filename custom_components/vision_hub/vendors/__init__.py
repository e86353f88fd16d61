"""Every vendor, by id. Nothing below this package knows Home Assistant."""

from .contract import Vendor

VENDORS: dict[str, Vendor] = {}
