"""A virtual Uniview box, made from the manual alone."""

from simulators.delivery import Attempt, Push, PushFault, ResendPolicy
from simulators.faults import Fault

from .box import UniviewBox
from .quirks import PushUrl, Quirks

__all__ = [
    "Attempt",
    "Fault",
    "Push",
    "PushFault",
    "PushUrl",
    "Quirks",
    "ResendPolicy",
    "UniviewBox",
]
