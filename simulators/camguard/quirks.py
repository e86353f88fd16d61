"""Where the manual contradicts itself or is silent: which way this server goes."""

from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Self

from .error_codes import Code


class Order(StrEnum):
    """In which order a list comes (not stated)."""

    ASCENDING = auto()
    """Lowest id first."""
    DESCENDING = auto()
    """Highest id first."""
    UNORDERED = auto()
    """Any order; it is the same at every request."""
    LATEST_CAPTURE = auto()
    """The latest `capture_time` first, which need not be the highest id."""


class Beyond(StrEnum):
    """`items` of a page that has none (not stated)."""

    EMPTY = auto()
    NULL = auto()
    MISSING = auto()


class PicUrl(StrEnum):
    """Form of `pic_url` and `capture_url` (not stated, the samples are empty)."""

    RELATIVE = auto()
    """A path without scheme and host."""
    HTTP = auto()
    """An http address at the `StorageServer` (7.1)."""


class UploadSession(StrEnum):
    """Where an upload has its session (2.1: nothing is said)."""

    ANY = auto()
    """A text part or the query."""
    FORM = auto()
    QUERY = auto()
    NONE = auto()
    """Uploads need no session."""


SPELLINGS = (
    "camera_state",
    "task_name",
    "capital_info",
    "config_as_text",
    "numbers_as_text",
    "blank_times",
    "blank_texts",
    "missing_record_id",
    "missing_comma",
    "missing_cameras",
    "whole_threshold",
    "interval_in_seconds",
    "capital_content_type",
)


@dataclass(slots=True)
class Quirks:
    """The defaults follow the tables; `samples()` follows the printed samples."""

    camera_state: bool = False
    """Cameras say `state` (sample 5.4) instead of `online` (table)."""
    task_name: bool = False
    """Tasks say `task_name` (sample 6.4) instead of `name` (table)."""
    capital_info: bool = False
    """7.2 says `Info` (sample) instead of `info` (table)."""
    config_as_text: bool = False
    """`config` of 7.2 is a text (sample) instead of an object (table)."""
    numbers_as_text: bool = False
    """Numbers of answers besides `code` are texts."""
    blank_times: bool = False
    """Times have blanks after the hour and at the end (samples)."""
    blank_texts: bool = False
    """Empty texts of lists are one blank (samples)."""
    missing_record_id: bool = False
    """Records have no `record_id` (sample 8.1)."""
    missing_comma: bool = False
    """The comma before `msg` is missing after `info` (samples of all lists)."""
    missing_cameras: bool = False
    """Tasks of 6.4 do not tell their cameras (seen on a real server)."""
    whole_threshold: bool = False
    """`threshold` of 6.4 is an integer (table): 0.8 reads as 0."""
    interval_in_seconds: bool = False
    """`interval` of 6.4 is in seconds (sample: 1) while 6.1 takes milliseconds."""

    order: Order = Order.DESCENDING
    """Order of the records."""
    list_order: Order = Order.ASCENDING
    """Order of every other list."""
    beyond: Beyond = Beyond.EMPTY
    echo_page_size: bool = False
    """`page_size` of answers is what was asked for even where fewer rows come."""

    expired_code: int = Code.NOT_LOGGED_IN
    """Code for a session that is not alive."""
    expired_http_401: bool = False
    """A session that is not alive gets HTTP 401 besides the code."""
    single_code: int | None = None
    """Every refusal has this code."""
    single_session: bool = False
    """A log in ends the other sessions of the account."""
    require_md5: bool = True
    """Log in takes the MD5 only, not the plain password."""
    strict_content_type: bool = True
    """Requests must be application/json, uploads multipart/form-data."""

    upload_session: UploadSession = UploadSession.ANY
    file_part: str | None = "file"
    """Name of the file part of an upload; None takes any."""
    pic_url: PicUrl = PicUrl.RELATIVE
    pictures_over_http: bool = True
    """Pictures can be fetched by GET without a session."""
    data_uri: bool = False
    """Downloads have a `data:` prefix before the base64."""
    capture_scene: bool = False
    """`capture_url` shows the whole scene instead of the face."""

    black_list_classify: int = 1
    """`classify` of a matched black-list person (1 is all that the table offers)."""
    stranger_best_match: bool = False
    """A stranger's record names the person that was nearest."""
    double_records: bool = False
    """Each record is written twice, with ids of their own."""
    refuse_duplicates: bool = False
    """Names of libraries, cameras, tasks and identity numbers must be unique."""
    refuse_in_use: bool = True
    """Pictures, cameras and libraries in use cannot be deleted (not stated)."""
    omitted_cleared: bool = False
    """Fields left out of a modification get their defaults instead of staying."""
    running_tasks_locked: bool = False
    """A running task can neither be modified nor deleted nor started again."""
    closed_when_stopped: bool = False
    """Cameras of a stopped task have `state` 0."""
    get_needs_config: bool = False
    """7.2 requires `config` (its table) though the sample has none."""

    connection_close: bool = False
    """Answers end the connection."""
    chunked: bool = False
    """Answers are chunked, without Content-Length."""
    blank_date: bool = False
    """Answers do not tell the time in their headers."""
    capital_content_type: bool = False
    """Answers are `Application/json`, as the manual writes it."""

    @classmethod
    def samples(cls) -> Self:
        """Return what the printed samples show, as far as it is valid JSON."""
        return cls(
            camera_state=True,
            task_name=True,
            capital_info=True,
            config_as_text=True,
            blank_times=True,
            blank_texts=True,
            missing_record_id=True,
            interval_in_seconds=True,
            capital_content_type=True,
        )
