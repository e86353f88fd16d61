"""Every vendor that has a virtual device: each package here says how one is started."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
import pkgutil
from typing import Any

from .virtual_device import VirtualDevice


@dataclass(frozen=True, slots=True)
class Vendor:
    """How a device is started; `own` are the options that only it has."""

    make: Callable[..., VirtualDevice[Any, Any, Any]]
    what: str
    port: int
    password: str
    username: str = "admin"
    own: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def vendors() -> dict[str, Vendor]:
    """Return what the packages beside this module give as `VENDOR`, by their names."""
    package = __name__.rpartition(".")[0]
    return {
        found.name: import_module(f"{package}.{found.name}").VENDOR
        for found in pkgutil.iter_modules(import_module(package).__path__)
        if found.ispkg
    }
