"""10.1.4.5.6: rules that were broken, `behavior_analysis_data`."""

from typing import Any

from simulators.pictures import Box

from .behavior_rules import STATUS_OF, Rule, rule_area, rule_line
from .geometry import GRID, rect, scaled
from .intelligent_data import IntelligentData

PANORAMA = 1
_BEHAVIOUR = 21


def behavior_data(
    seen: IntelligentData,
    rule: Rule,
    box: Box,
    *,
    obj_type: int = 98,
    line_rule: bool = False,
) -> dict[str, Any]:
    """Return `data` of a rule that was broken: a picture entry and an object."""
    common = seen.common(
        **seen.sized(),
        intelligent_target_index=1 << 48,
        target_time_domain_info=1,
        target_type=_BEHAVIOUR,
    )
    picture = {
        "data_id": _behaviour_id(seen, seen.data_id.text(PANORAMA)),
        "panorama_pic": seen.url(PANORAMA),
        "panorama_pic_size": seen.bytes_of(PANORAMA),
        **seen.snapshot_times(),
        "target_type": _BEHAVIOUR,
    }
    thing = {
        "color": {"red": 0, "green": 0, "blue": 0, "conf_lev": 0, "color_id": 0},
        "data_id": _behaviour_id(seen, seen.data_id.text(0)),
        "global_object_id": seen.global_id(),
        "meta_type_mask": 2,
        "obj_id": seen.rng.randrange(1, 1000),
        "obj_pos": scaled(box, GRID),
        "obj_pos_r": rect(box),
        "obj_speed": {"x": 0, "y": 0},
        "obj_status": STATUS_OF.get(rule, 0),
        "obj_type": obj_type,
        "target_type": _BEHAVIOUR,
    }
    told = rule_line(rule) if line_rule else rule_area(rule)
    return seen.nested(common, told, [picture, thing])


def _behaviour_id(seen: IntelligentData, data_id: str) -> str | int:
    if seen.quirks.behaviour_id_as_number:
        return int("".join(char for char in data_id if char.isdecimal())[:18])
    return data_id
