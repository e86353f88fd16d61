"""A virtual Megvii MegBox (B4H), made from the manual alone."""

from simulators.faults import Fault
from simulators.push_delivery import Attempt, Push, PushFault
from simulators.vendors import Vendor

from .box import MegviiBox
from .models import Message, Target
from .quirks import Ack, Order, PictureRoot, Quirks, SecondGet
from .reporter import Result

__all__ = [
    "VENDOR",
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

VENDOR = Vendor(
    MegviiBox,
    "a Megvii MegBox",
    8085,
    "megbox",
    own={
        "--mode": {"type": int, "choices": (0, 1, 3), "default": 1},
        "--digest": {"action": "store_true", "help": "demand authentication"},
    },
)
