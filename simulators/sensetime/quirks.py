"""Where the manual contradicts itself or is silent: which way this node goes."""

from dataclasses import dataclass
from enum import StrEnum, auto


class NoImage(StrEnum):
    """`img` of a WebSocket push without an enrolled picture (appendix D)."""

    MINUS_ONE = auto()
    EMPTY = auto()
    MISSING = auto()


class WrongKey(StrEnum):
    """What a WebSocket subscription with a wrong key gets (not stated)."""

    ANSWER = auto()
    """A frame with an error code; the connection stays open."""
    CLOSE = auto()
    """The connection is closed without an answer."""
    SILENT = auto()
    """Nothing at all."""


class ScoreKey(StrEnum):
    """Spellings of the 1:1 score (5.2, 5.4)."""

    CAPITAL_I = "FaceImg1to1Rsp_Score"
    LETTER_L = "Facelmg1to1Rsp_Score"


class InPic(StrEnum):
    """Spellings of the input face of 1:N (5.1, 5.3)."""

    SAMPLE = "in_pic"
    TABLE_L = "ln_pic"
    TABLE_I = "In_pic"


@dataclass(slots=True)
class Quirks:
    """The defaults follow the samples; where there is none, the tables."""

    strict_msg_id: bool = True
    """A request whose `msg_id` is a number is refused with -3599."""
    http_msg_id_as_text: bool = False
    """HTTP pushes carry `msg_id` as text (tables 7.3, 7.4), not as number (samples)."""
    ws_msg_id_as_number: bool = False
    """WebSocket pushes carry `msg_id` as a number."""
    null_data: bool = False
    """Empty `data` is null (the tables' NULL) instead of "" (samples)."""
    echo_msg_id: bool = False
    """Answers repeat the `msg_id`."""
    score_key: ScoreKey = ScoreKey.CAPITAL_I
    in_pic: InPic = InPic.SAMPLE
    numbers_as_text: bool = False
    """Integers of pushes and records come as texts."""
    person_as_numbers: bool = False
    """`id`, `gender`, `age` of 1:N are numbers where they can be (sample 5.1)."""
    no_image: NoImage = NoImage.MINUS_ONE
    bare_base64: bool = False
    """Pictures of WebSocket pushes have no `data:` prefix."""
    broken_img: bool = False
    """`img` of 1032 is picture bytes pushed through text (sample 3.6)."""
    accept_data_uri: bool = False
    """Base64 pictures of requests may have a `data:` prefix."""
    stranger_minus_one: bool = False
    """A stranger has similarity -1 and no library, not the best match below."""
    below_threshold_pushed: bool = True
    """Results below the threshold are pushed too (sample 9.2)."""
    missing_optional: bool = False
    """Keys without a value are left out of pushes and records."""
    inverted_box: bool = False
    """`pos_top` and `pos_bottom` are exchanged (samples 7.4, 9.2)."""
    reserved_paths: bool = True
    """HTTP pushes carry `img_pic` and `snap_pic` instead of paths (7.4)."""
    times_follow_format: bool = False
    """All times are written in the format that 1282 set (not stated)."""
    heartbeat_key: bool = False
    """The heartbeat carries `key` like the result."""
    heartbeat_plain_json: bool = False
    """The heartbeat is a JSON body (its sample), not the form field `json`."""
    wrong_key: WrongKey = WrongKey.ANSWER
    one_time_key: bool = False
    """A WebSocket key serves for one subscription."""
    single_session: bool = False
    """A log in ends the other sessions of the user."""
    pictures_need_session: bool = False
    """Pictures need the `sessionid` header."""
    exports_downloadable: bool = True
    """Exports can be fetched below `/ws/` (not stated)."""
    oldest_first: bool = False
    """Lists begin with the oldest record."""
    clamp_pages: bool = False
    """A too long page is cut to the maximum instead of refused."""
    vendor_resets: bool = True
    """A modification without `vendor` makes the camera a dahua (field note)."""
    ntp_resets: bool = True
    """Fields left out of 1290 get their defaults (6.2)."""
    lower_gb28181: bool = False
    """The camera list says gb28181 (samples) instead of GB28181 (tables)."""
