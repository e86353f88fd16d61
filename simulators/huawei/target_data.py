"""10.1.4.5.2: faces and persons, `target_data`."""

import base64
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from simulators.pictures import Box

from .geometry import rect, rect_cor
from .intelligent_data import IntelligentData
from .time_formats import ZONE_MS

FACE, BODY, PANORAMA = 1, 2, 4
_VERSION = "SDC_FR V1.8.1b030s001"
_PEDESTRIAN = 9
_TARGET_DETECTION, _TARGET_RECOGNITION = 3, 4
_EXPRESSIONS = ("smile", "anger", "sad", "normal", "surprised")


class TargetScene(IntEnum):
    """What the analytics were after (`itgt_type`)."""

    ATTRIBUTES = 1
    RECOGNITION = 2
    MASTER_AND_SLAVES = 20
    COOPERATION = 22

    @property
    def number(self) -> str:
        """Return the digits that it has in a `data_id`."""
        return {1: "0010", 2: "0011", 20: "0013", 22: "0012"}[self.value]


class LibraryType(IntEnum):
    """`target_lib_type`."""

    DEFAULT = 0
    BLACK = 1
    WHITE = 2


@dataclass(frozen=True, slots=True)
class Match:
    """Who a face was taken for."""

    target_id: int
    library_name: str
    library_type: LibraryType
    rate: int
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Face:
    """How somebody looks."""

    box: Box
    body: Box
    gender: str = "unknown"
    age: int = 0
    glasses: bool = False
    mask: bool = False
    hat: bool = False
    hair: str = "short"
    expression: str = "normal"
    quality: int = 80

    @property
    def age_class(self) -> int:
        """Return 0 unknown, 4 child, 1 juvenile, 2 young, 5 middle-aged, 3 old."""
        if not self.age:
            return 0
        steps = ((12, 4), (18, 1), (36, 2), (60, 5))
        return next((code for below, code in steps if self.age < below), 3)


def target_data(
    seen: IntelligentData, scene: TargetScene, face: Face, match: Match | None = None
) -> dict[str, Any]:
    """Return `data` of a message about a face."""
    track, number = seen.global_id(), seen.rng.randrange(1000, 10**6)
    words = {
        "age_group": str(face.age_class),
        "gender": face.gender,
        "glasses": _word(face.glasses),
        "hair": face.hair,
        "hat": _word(face.hat),
        "mouth_mask": _word(face.mask),
    }
    data = seen.outer() | {"itgt_type": int(scene)}
    if scene is not TargetScene.ATTRIBUTES:
        data |= {
            "itgt_version": _VERSION,
            "age": face.age,
            "quality_score": face.quality,
            "target_cap_feature": _feature(seen),
            "target_expression": face.expression,
        }
    data |= words | {"target_id": number, "global_obj_id": track}
    if BODY in seen.pictures:
        data["human_pos"] = rect_cor(face.body)
        data["target_all_pic_url"] = seen.url(BODY)
    data |= {
        "target_url": seen.url(FACE),
        "panorama_url": seen.url(PANORAMA),
        "target_pos": rect_cor(face.box),
        "target_pic_time": seen.ms,
        "common": _common(seen, scene),
    }
    data["target"] = _target(seen, scene, face, data, match)
    return data


def _common(seen: IntelligentData, scene: TargetScene) -> dict[str, Any]:
    common = seen.common()
    if scene is TargetScene.ATTRIBUTES:
        return common | seen.sized() | {"sdc_device_id": common["sdc_uuid"]}
    common["intelligence_type"] = 1
    if scene is TargetScene.RECOGNITION:
        return common | {"target_type": int(scene)}
    return common | {"sdc_device_id": common["sdc_uuid"]}


def _target(
    seen: IntelligentData,
    scene: TargetScene,
    face: Face,
    outer: dict[str, Any],
    match: Match | None,
) -> dict[str, Any]:
    quirks = seen.quirks
    fields: dict[str, Any] = {
        "target_age_group": face.age_class,
        "target_feature": _attributes(seen, face),
        "target_gender": face.gender,
        "target_glass": _word(face.glasses),
        "target_glass_type": 2 if face.glasses else 1,
        "target_hair": face.hair,
        "target_hat": _word(face.hat),
        "target_id": outer["target_id"],
        "target_mouth_mask": _word(face.mask),
        "target_mustache": 1,
        "target_panorama": seen.url(PANORAMA),
        "target_pic": seen.url(FACE),
        "target_pic_position": rect(face.box),
        "target_pic_time": seen.ms,
        "target_pic_tzone": ZONE_MS,
        "global_object_id": outer["global_obj_id"],
        "obj_appear_timems": seen.ms,
        "pic_snapshot_dst_offset": 0,
        "pic_snapshot_time": seen.ms // 1000,
        "pic_snapshot_tzone": ZONE_MS,
        "target_type": int(scene),
    }
    if scene is TargetScene.ATTRIBUTES:
        fields |= {
            "target_panopic_size": seen.bytes_of(PANORAMA),
            "target_pic_kps": 1,
            "trecord_type": _TARGET_DETECTION,
            "vehicle_type": _PEDESTRIAN,
            "vehicle_type_ext": _PEDESTRIAN,
        }
    else:
        fields |= {
            "taget_age" if quirks.table_names else "target_age": face.age,
            "target_cap_feature": outer["target_cap_feature"],
            "target_expression": face.expression,
            "target_quality_score": face.quality,
            "target_rec_version": _VERSION,
            "trecord_type": _TARGET_RECOGNITION,
        }
    if BODY in seen.pictures:
        fields |= {
            "body_panopic_size": seen.bytes_of(BODY),
            "human_pic": seen.url(BODY),
            "human_pic_kps": 1,
            "human_pic_roi": {"x": 0, "y": 109, "width": 10_000, "height": 9796},
            "human_rect_position": rect(face.body),
        }
    if scene is TargetScene.RECOGNITION:
        fields |= _matched(match)
    if scene is TargetScene.MASTER_AND_SLAVES:
        fields |= {"total_snap_num": 1, "snap_target_num": 1}
    return fields


def _matched(match: Match | None) -> dict[str, Any]:
    """Return what a comparison gave; a stranger is found in no library."""
    if match is None:
        return {"match_type": 0, "target_matchrate": 0, "visitor_type": 1}
    return {
        "match_type": 1,
        "target_lib_type": int(match.library_type),
        "target_lib_name": match.library_name,
        "target_lib_recordid": match.target_id,
        "target_match": match.picture,
        "target_matchrate": match.rate,
        "snap_matchrate_million": match.rate * 10_000,
        "visitor_type": 0,
    }


def _attributes(seen: IntelligentData, face: Face) -> dict[str, int]:
    """Return `TargetAttrubites`; table 10-28 and the samples code them differently."""
    glasses, mask = 1 + face.glasses, 1 + face.mask
    if seen.quirks.attributes_by_table:
        glasses, mask = int(not face.glasses), int(face.mask)
    return {
        "glasses": glasses,
        "gender": {"female": 1, "male": 2}.get(face.gender, 0),
        "age": face.age,
        "mouth_mask": mask,
        "expression": _EXPRESSIONS.index(face.expression),
    }


def _word(value: bool) -> str:
    return "true" if value else "false"


def _feature(seen: IntelligentData) -> str:
    return base64.b64encode(seen.rng.randbytes(512)).decode()
