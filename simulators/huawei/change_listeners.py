"""What happens at the account, for whoever reports it to subscribers."""

from collections.abc import Callable
from dataclasses import dataclass

from simulators.device_state import do_nothing

from .models import Channel, Device


@dataclass(slots=True)
class ChangeListeners:
    """Called after the state has changed. The reporter puts its own in.

    `unbound` is told the kind (E23), device id, channel id ("" for a whole device)
    and the id of the resource ("" without one).
    """

    device_state: Callable[[Device], None] = do_nothing
    channel_state: Callable[[Channel], None] = do_nothing
    channel_name: Callable[[Channel], None] = do_nothing
    unbound: Callable[[str, str, str, str], None] = do_nothing
