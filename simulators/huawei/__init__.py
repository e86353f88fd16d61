"""A virtual Huawei IVM cloud, made from the manual alone."""

from simulators.faults import Fault
from simulators.vendors import Vendor

from .cloud import HuaweiCloud
from .codes import Code
from .events import Method, Unbind
from .head import Position
from .messages import Kind, Subscription
from .models import Limits, Move, Package, Place, Recording, RecordType, State, Timing
from .nested_data import CheckpointScene, CountScene, Rule
from .push_quirks import Signature, Static
from .quirks import Hurry, Quirks
from .target_data import TargetScene
from .vehicle_data import VehicleScene

__all__ = [
    "VENDOR",
    "CheckpointScene",
    "Code",
    "CountScene",
    "Fault",
    "HuaweiCloud",
    "Hurry",
    "Kind",
    "Limits",
    "Method",
    "Move",
    "Package",
    "Place",
    "Position",
    "Quirks",
    "RecordType",
    "Recording",
    "Rule",
    "Signature",
    "State",
    "Static",
    "Subscription",
    "TargetScene",
    "Timing",
    "Unbind",
    "VehicleScene",
]

VENDOR = Vendor(
    HuaweiCloud,
    "a Huawei IVM cloud account (user: AK, password: SK)",
    8086,
    "example-sk-123",
    username="EXAMPLEAK",
    own={"--devices": {"type": int, "default": 3, "help": "how many"}},
)
