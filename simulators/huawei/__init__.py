"""A virtual Huawei IVM cloud, made from the manual alone."""

from simulators.faults import Fault
from simulators.vendors import Vendor

from .behavior_rules import Rule
from .checkpoint_data import CheckpointScene
from .cloud import HuaweiCloud
from .device_messages import Method, Unbind
from .error_codes import Code
from .head_shoulder_data import CountScene
from .models import Limits, Move, Package, Place, Recording, RecordType, State, Timing
from .ptz_motion import Position
from .push_messages import Kind, Subscription
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
