"""A virtual SenseTime SenseNebula-M node, made from the manual alone."""

from simulators.delivery import Attempt, Push, PushFault, ResendPolicy
from simulators.faults import Fault

from .node import SenseTimeNode
from .quirks import InPic, NoImage, Quirks, ScoreKey, WrongKey
from .reporter import Counts, Result

__all__ = [
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
