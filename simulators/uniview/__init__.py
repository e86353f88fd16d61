"""A virtual Uniview box, made from the manual alone."""

from simulators.faults import Fault
from simulators.push_delivery import Attempt, Push, PushFault, ResendPolicy
from simulators.vendors import Vendor

from .box import UniviewBox
from .quirks import PushUrl, Quirks

__all__ = [
    "VENDOR",
    "Attempt",
    "Fault",
    "Push",
    "PushFault",
    "PushUrl",
    "Quirks",
    "ResendPolicy",
    "UniviewBox",
]

VENDOR = Vendor(UniviewBox, "a Uniview box", 8081, "admin123.")
