"""Every vendor, by id. Nothing below this package knows Home Assistant."""

from . import uniview
from .contract import Vendor

VENDORS: dict[str, Vendor] = {vendor.id: vendor for vendor in (uniview.VENDOR,)}
