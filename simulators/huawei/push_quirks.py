"""Where the manual contradicts itself about pushes, pictures and target libraries."""

from dataclasses import dataclass
from enum import StrEnum, auto


class Signature(StrEnum):
    """How the headers of the signature are spelt (10.1.4.1)."""

    LETTER_L = auto()
    """`X-lvm-…`, as printed."""
    CAPITAL_I = auto()
    """`X-Ivm-…`, as the product is called."""
    BOTH = auto()


class Static(StrEnum):
    """What the address of a stored picture answers (10.3.1, formats 1 and 2)."""

    BINARY = auto()
    JSON = auto()


@dataclass
class PushQuirks:
    """The defaults follow the samples; where there is none, the tables."""

    signature: Signature = Signature.LETTER_L
    upper_case_signature: bool = False
    """The digest is in capital hexadecimal digits (its form is not stated)."""
    sign_test: bool = True
    """The test message is signed too (not stated)."""
    half_lifts_silence: bool = False
    """After the ten minutes the first failure silences again (not stated)."""
    long_message_ids: bool = False
    """`message_id` has 32 digits (its text), more than an int64 (its type) holds."""
    new_fields: bool = False
    """Messages have a field that the manual does not know, as it announces."""
    head_should_data: bool = False
    """Head-shoulder messages are called `head_should_data` (10.1.4.5.1)."""
    vehicles_as_target_data: bool = False
    """Vehicle messages are called `target_data` (text of 10.1.4.5.4)."""
    third_data_id: bool = False
    """Third-party messages have a `data_id` (table), none (sample)."""
    doubled_data: bool = True
    """The nested messages have `data.data`, else their parts stand in `data`."""
    targets_as_object: bool = False
    """`targets` is one object where there is one (table 10-38), not a list."""
    shallow_targets: bool = False
    """`targets` and `rule_type` stand one level too high (samples 10.1.4.5.5, .7)."""
    table_names: bool = False
    """`taget_age`, `head_should_r_pos`, `mfr_main_sunvisor`, `motor_type` (tables)."""
    misprints: bool = False
    """`trecored_type` and `sdcc_uuid` (samples)."""
    attributes_by_table: bool = False
    """`target_feature` is coded 0/1 (table 10-28), not 0 unknown, 1 no, 2 yes."""
    shifted_features: bool = True
    """`glass`, `hat`, `view` of the nested features are shifted by 16 bits."""
    scene_53_as_8: bool = False
    """Who rides a vehicle is told with scene 8 (the sample called scene 53)."""
    crowd_as_count: bool = True
    """Crowd density has rule type 9 and a line (sample), else 10 and an area."""
    null_mask: bool = False
    """`meta_type_mask` of crowd density is null."""
    underflowing_times: bool = False
    """Times of crowd density count down from 2 to the 64th."""
    behaviour_id_as_number: bool = False
    """`data_id` of a behaviour target is a number (table 10-52)."""
    misnested_login: bool = False
    """Fields of `login` slip into their neighbours, as in the printed sample."""
    ability_as_text: bool = False
    """`channel_ability` of device states is a text with commas (table 10-18)."""
    target_only_with_target: bool = False
    """Alarms of class TARGET_DET have no `target` (text), though the sample has."""
    target_alarm_uuid: bool = False
    """`target` repeats the `alarm_uuid` (table 10-16)."""
    flow_prefix: str = "customer"
    """What stands before `_flow_statistics_alarm` (printed half translated)."""
    late_status: float = 0.0
    """Seconds from what happened to its device state message (up to five minutes)."""
    alarms_need_services: bool = True
    """Without access and data stream service nothing of a channel is pushed."""
    static: Static = Static.BINARY
    failed_id_without_urls: bool = False
    """A failed id of 10.2 has no addresses at all instead of empty ones."""


@dataclass
class LibraryQuirks:
    """Target groups and targets (chapter 14); the defaults follow the samples."""

    group_max_as_text: bool = False
    """`group_max_count` is a text (table 14-4)."""
    photo_as_jpg: bool = False
    """Photos are `jpg` (tables), not `jpegBase64` (samples)."""
    ids_beside_targets: bool = False
    """14.8 puts the ids of a single target beside `targets` (sample)."""
    start_is_page: bool = False
    """`start` of 14.9 and 14.10 counts pages, not targets."""
    nobody_is_error: bool = False
    """An empty list is IVM.20090007 instead of an empty answer."""
    prefixed_ids: bool = True
    """Lists of an SDC name targets with their group, `<group>_<target>`."""
    strict_photo_size: bool = False
    """Photos of more than 40 KB of base64 are refused (20.4)."""
    keep_omitted: bool = False
    """A modification keeps the optional fields that it does not name."""
