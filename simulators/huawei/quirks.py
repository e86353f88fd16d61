"""Where the manual contradicts itself or is silent: which way this cloud goes."""

from dataclasses import dataclass
from enum import StrEnum, auto

from .push_quirks import LibraryQuirks, PushQuirks


class Hurry(StrEnum):
    """What happens to commands that come too fast one after another (8.3)."""

    IGNORED = auto()
    """Answered, but the camera does not hear it: a stop that is lost lets it turn."""
    REFUSED = auto()
    """IVM.90000010: the device answered an error."""
    TAKEN = auto()
    """The camera keeps up."""


@dataclass(slots=True)
class Quirks(PushQuirks, LibraryQuirks):
    """The default of every quirk is what the tables say."""

    token_v1: bool = True
    """The token is had at /v1 too (overview table of chapter 2)."""
    eager_tokens: bool = False
    """Each log in makes a token until the pair has two (4.1 does not say)."""
    closed_root: bool = False
    """The root group takes no groups (5.4, taken literally)."""
    hurry: Hurry = Hurry.IGNORED
    numbers_as_text: bool = False
    """Counts of devices and channels are texts (samples of 5.2, 6.2, 7.2)."""
    org_list_object: bool = False
    """`org_list` of 6.2 is one object (sample)."""
    pages_of_records: bool = True
    """`offset` of recordings counts pages ("0 is the first page"), else rows."""
    no_records_is_error: bool = False
    """No recordings is IVM.20020012 (cloud) or IVM.20020014 (device)."""
    p2p_beside: bool = False
    """`p2p_connections` of 9.3 is beside `playback_connections` (sample)."""
    old_total_zero: bool = False
    """`total` of 9.7 is 0 (sample)."""
    sample_streams: bool = True
    """17.1 has texts as frame rates and the modes of its sample."""
    month_is_week: bool = True
    """10.4.1: a MONTH of less than seven days is a WEEK and the other way round."""
    preset_index_demanded: bool = True
    """15.2: `index` must be there for direct cameras and must not for others."""
    both_policies: bool = False
    """11.6 without `record_type` tells both kinds (sample), else the plan only."""
    unbind_normal: bool = False
    """12.2 takes NORMAL for continuous storage (message of IVM.20060014)."""
    unbound_is_error: bool = False
    """12.2 refuses what is not open with IVM.20060010 (error table)."""
    direct_channels_result: bool = True
    """18.1 has `channels_result` for direct cameras too (sample)."""
    mode_blank: bool = False
    """`mode` of resources has a blank at its end (samples of 13.1)."""
