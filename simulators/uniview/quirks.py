"""Where the manual contradicts itself or is silent: which way this box goes."""

from dataclasses import dataclass
from enum import StrEnum, auto


class PushUrl(StrEnum):
    """How the target of a push is made from the platform's url (chapter 13)."""

    APPEND = auto()
    """`/custom/router1` and `/custom/router2` are appended."""
    VERBATIM = auto()
    """The url is used as it was configured."""


@dataclass(slots=True)
class Quirks:
    """The defaults follow the samples; where there is none, the tables."""

    push_url: PushUrl = PushUrl.APPEND
    rfc_challenge: bool = False
    """Challenge with unquoted algorithm and stale=false, as in RFC 7616."""
    unquoted_qop: bool = False
    """Challenge with qop=auth instead of qop="auth"."""
    nonce_uses: int | None = None
    """A nonce expires after this many requests."""
    refusal_status: int = 401
    """HTTP status of codes 1000 to 1004; with 401 comes a new challenge."""
    error_status: int = 200
    """HTTP status of all other error codes."""
    code_as_string: bool = False
    """`code` is a text in person/list and channel/list (tables 3.5, 4.6)."""
    no_status_code: bool = False
    """`status_code` is missing everywhere, not only in 4.1, 4.4 and 4.7."""
    generic_list_key: bool = False
    """Lists come as `list` instead of channel_list, workcloth_lib_list, ..."""
    face_size_as_string: bool = False
    """`face_param` has texts (table 6.6) instead of integers (its sample)."""
    threshold_as_string: bool = True
    """`person_control_info.alarm_threshold` is a text (table 6.2)."""
    leading_blank: bool = False
    """`algo_model` starts with a blank in 11.3 (its sample)."""
    plate_no_as_table: bool = False
    """Pushes spell `plate_no` (table 13.1) instead of `PlateNo` (its sample)."""
    throttle_off_is_2: bool = False
    """`time_conf[].enable` reports off as 2 (table 12.1) instead of 0."""
    all_in_one: bool = False
    """Channels report `flv` and no `transport_type`, as all-in-one machines do."""
    no_stream_urls: bool = False
    """Channels report neither `rtsp` nor `flv` (sample 4.6)."""
    always_has_result: bool = False
    """`has_result` is 1 without `compare_results` (sample 13.1)."""
    recovery_repeats_event_id: bool = True
    """A recovery carries the `event_id` of its alarm."""
    empty_event_id: bool = False
    """Keep-alive and channel pushes carry an empty `event_id`."""
    directory_image_path: bool = False
    """Library pictures have paths that end in a slash (sample 3.5)."""
    keep_detour_area: bool = False
    """smart/list returns `detour_area`, which table 6.2 does not have."""
    longest_page: int | None = None
    """Lists return at most this many rows, whatever `pagesize` says."""
    strict_content_type: bool = True
    """The Content-Type that the manual requires is demanded (code 2)."""
