"""What every vendor's hub offers, and what it may ask of us.

The layers above know hubs by this package alone. A capability that a vendor does not have
is None, and nothing is shown for it.
"""

from ..toolkit.operations import Danger, Direction, Operation, Operations
from .callbacks import (
    CallbackHandler,
    CallbackPart,
    CallbackReply,
    CallbackRequest,
    CallbackServer,
    ForeignMessage,
    MalformedMessage,
    SocketHandler,
)
from .control import Command, Commands, Relays, Tasks, Voices
from .discovery import Discovery, Inspection
from .history import AlarmQuery, History
from .hub import Hub
from .listening import AlarmSink, Refusal
from .media import HeatMap, HeatMaps, Recordings, Snapshots, Streams
from .movement import Ptz, PtzDirection
from .multipart import parts_in
from .people import EnrollmentProgress, People, PersonQuery
from .push_body import PushBody, open_body, read_messages
from .schedules import Schedules
from .settings import Settings, SettingScope, SettingSpec, SettingType
from .vendor import ConfigField, FieldType, HubStore, Vendor

__all__ = [
    "AlarmQuery",
    "AlarmSink",
    "CallbackHandler",
    "CallbackPart",
    "CallbackReply",
    "CallbackRequest",
    "CallbackServer",
    "Command",
    "Commands",
    "ConfigField",
    "Danger",
    "Direction",
    "Discovery",
    "EnrollmentProgress",
    "FieldType",
    "ForeignMessage",
    "HeatMap",
    "HeatMaps",
    "History",
    "Hub",
    "HubStore",
    "Inspection",
    "MalformedMessage",
    "Operation",
    "Operations",
    "People",
    "PersonQuery",
    "Ptz",
    "PtzDirection",
    "PushBody",
    "Recordings",
    "Refusal",
    "Relays",
    "Schedules",
    "SettingScope",
    "SettingSpec",
    "SettingType",
    "Settings",
    "Snapshots",
    "SocketHandler",
    "Streams",
    "Tasks",
    "Vendor",
    "Voices",
    "open_body",
    "parts_in",
    "read_messages",
]
