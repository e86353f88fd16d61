"""How alarms come in: the address and the ports that hubs reach, and who listens."""

from .callbacks import (
    CallbackEndpoint,
    PushView,
    async_expect_token,
    async_register_push_view,
    async_registry,
    new_token,
)
from .fault_log import FaultLog, end_of
from .listening import Listening, PushState
from .refusals import ACCIDENTS, Refusals
from .request_body import MAX_BODY

__all__ = [
    "ACCIDENTS",
    "MAX_BODY",
    "CallbackEndpoint",
    "FaultLog",
    "Listening",
    "PushState",
    "PushView",
    "Refusals",
    "async_expect_token",
    "async_register_push_view",
    "async_registry",
    "end_of",
    "new_token",
]
