"""A virtual Huawei IVM cloud, made from the manual alone."""

from simulators.faults import Fault

from .cloud import HuaweiCloud
from .codes import Code
from .models import Limits, Package, State, Timing
from .quirks import Hurry, Quirks

__all__ = [
    "Code",
    "Fault",
    "HuaweiCloud",
    "Hurry",
    "Limits",
    "Package",
    "Quirks",
    "State",
    "Timing",
]
