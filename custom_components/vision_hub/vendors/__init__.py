"""Every vendor, by id. Nothing below this package knows Home Assistant."""

from .contract import Vendor
from .sensetime import VENDOR as SENSETIME
from .uniview import VENDOR as UNIVIEW

VENDORS: dict[str, Vendor] = {vendor.id: vendor for vendor in (UNIVIEW, SENSETIME)}
