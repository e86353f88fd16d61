"""Where the manual contradicts itself or is silent: which way this box goes."""

from dataclasses import dataclass
from enum import StrEnum, auto


class Order(StrEnum):
    """What becomes of query parameters that are not in the order of the table."""

    REFUSED = auto()
    """104001 with their names."""
    IGNORED = auto()
    """The parser walks past them."""
    FREE = auto()


class SecondGet(StrEnum):
    """What becomes of a GET that arrives while another GET runs (1.4)."""

    WAITS = auto()
    REFUSED = auto()
    WINS = auto()
    """The one that runs is aborted ("as soon as any other call starts")."""


class Ack(StrEnum):
    """Which acknowledgement a WebSocket message needs (23.1.2)."""

    ANY = auto()
    """Number of the channel padded or not, time in ms or s."""
    PADDED_MS = auto()
    PADDED_SECONDS = auto()
    """As in the example: Alert_01_1543893775_6018_ACK."""
    PLAIN_MS = auto()


class PictureRoot(StrEnum):
    """Where the relative paths of pictures lead."""

    SITE = auto()
    API = auto()
    BOTH = auto()


@dataclass(slots=True)
class Quirks:
    """The defaults follow the chapters, not the lists of chapter 2."""

    query_order: Order = Order.REFUSED
    second_get: SecondGet = SecondGet.WAITS
    other_paths: bool = False
    """Only the other spelling of a path is known (`/faces/faceLib`, `/relayPara`, ...)."""
    two_generations: bool = True
    """`/faceGroups/{groupName}/{faceToken}` exists beside `/binding` and `/unbind`."""
    time_cost: bool = False
    """The envelope says `time_cost` (28.2), not `timeCost`."""
    pages_are_counted: bool = False
    """`nextPageToken` counts pages; else it is the next offset."""
    group_objects: bool = False
    """`faceGroupList` must be objects (tables), not texts (samples)."""
    faces_plural: bool = False
    """The faces of a group come as `faces` (table), not `face` (sample)."""
    full_names: bool = False
    """`totalAlerts` and `totalCaptures` instead of the manual's misspellings."""
    echo_writes: bool = False
    """Writes answer with data where the samples show some."""
    delete_by_body: bool = False
    """`deleteAllFace` is read from a JSON body only, else from the query first."""
    fetched_are_deleted: bool = False
    """What /alerts and /captures handed out is deleted (4.1.3, against 8 and 9)."""
    pushed_are_deleted: bool = True
    """What a WebSocket receiver acknowledged is deleted (4.1.3, 8, 9)."""
    mode_change_reboots: bool = False
    """POST /configs/detect restarts the box."""
    picture_root: PictureRoot = PictureRoot.SITE
    pictures_inline: bool = False
    """`captureImageURL` and `faceImage` of /alerts are Base64 (table)."""
    capture_nested: bool = False
    """GET /captures/{trackId}/{catchTimestamp} answers a list `captures`."""
    push_mode_text: bool = False
    """`pushMode` of /structures is a text (table), not an integer (sample)."""
    wrapped_structures: bool = False
    """GET /structures keeps the wrappers `structures` and `faces` of the POST."""
    big_endian: bool = False
    """Integers of the WebSocket header; the manual names no order."""
    blank_padding: bool = False
    """TYPE of the header is padded with blanks, not NUL."""
    ack: Ack = Ack.ANY
    text_ping: bool = False
    """Pings are text messages "ping", not control frames."""
    framed_alert_events: bool = False
    """Alert-mode events over WebSocket have the 16-byte header (TYPE Alert)."""
    http_seconds: bool = False
    """`timestamp` of HTTP pushes is in seconds."""
    device_id_key: bool = True
    """Alert-mode events say `deviceId` (sample), not `device_id` (table)."""
    streams_from_zero: bool = True
    """`stream_id` is the channel minus 1 (sample: 0), else the channel."""
