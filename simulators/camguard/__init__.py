"""A virtual CamGuard server, made from the manual alone."""

from simulators.faults import Fault
from simulators.vendors import Vendor

from .error_codes import Code
from .models import Category, Classify, Record, TaskType
from .quirks import Beyond, Order, PicUrl, Quirks, UploadSession
from .server import CamGuardServer
from .sessions import md5_of

__all__ = [
    "VENDOR",
    "Beyond",
    "CamGuardServer",
    "Category",
    "Classify",
    "Code",
    "Fault",
    "Order",
    "PicUrl",
    "Quirks",
    "Record",
    "TaskType",
    "UploadSession",
    "md5_of",
]

VENDOR = Vendor(
    CamGuardServer,
    "a CamGuard server",
    8084,
    "CamGuard123!",
    own={"--time-zone": {"default": None, "help": "IANA name; else this one's"}},
)
