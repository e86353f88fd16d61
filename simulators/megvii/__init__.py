"""A virtual Megvii MegBox (B4H), made from the manual alone."""

from simulators.delivery import Attempt, Push, PushFault
from simulators.faults import Fault

from .box import MegviiBox
from .models import Message, Target
from .quirks import Ack, Order, PictureRoot, Quirks, SecondGet
from .reporter import Result

__all__ = [
    "Ack",
    "Attempt",
    "Fault",
    "MegviiBox",
    "Message",
    "Order",
    "PictureRoot",
    "Push",
    "PushFault",
    "Quirks",
    "Result",
    "SecondGet",
    "Target",
]
