"""Every vendor, by id. Nothing below this package knows Home Assistant."""

from .camguard import VENDOR as CAMGUARD
from .contract import Vendor
from .huawei import VENDOR as HUAWEI
from .megvii import VENDOR as MEGVII
from .sensetime import VENDOR as SENSETIME
from .uniview import VENDOR as UNIVIEW

VENDORS: dict[str, Vendor] = {
    vendor.id: vendor for vendor in (UNIVIEW, MEGVII, HUAWEI, SENSETIME, CAMGUARD)
}
