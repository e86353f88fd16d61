"""A virtual SenseTime SenseNebula-M node, made from the manual alone."""

from simulators.faults import Fault
from simulators.push_delivery import Attempt, Push, PushFault, ResendPolicy
from simulators.vendors import Vendor

from .device import CHANNELS
from .node import SenseTimeNode
from .quirks import InPic, NoImage, Quirks, ScoreKey, WrongKey
from .reporter import Counts, Result

__all__ = [
    "VENDOR",
    "Attempt",
    "Counts",
    "Fault",
    "InPic",
    "NoImage",
    "Push",
    "PushFault",
    "Quirks",
    "ResendPolicy",
    "Result",
    "ScoreKey",
    "SenseTimeNode",
    "WrongKey",
]

VENDOR = Vendor(
    SenseTimeNode,
    "a SenseTime SenseNebula-M node",
    8082,
    "Nebula123!",
    own={
        "--model": {"choices": tuple(CHANNELS), "default": "M8s"},
        "--time-zone": {"default": "GMT+08:00", "help": "of the node"},
    },
)
