"""A virtual toy box."""

from simulators.vendors import Vendor

from .box import ToyBox

__all__ = ["VENDOR", "ToyBox"]

VENDOR = Vendor(ToyBox, "a toy box", 8090, "toy")
