"""10.1.4.5.4: motor vehicles, bicycles and the like, pedestrians, `vehicle_data`."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from simulators.pictures import Box

from .geometry import part, rect, rect_cor, scaled
from .intelligent_data import IntelligentData
from .time_formats import ZONE_MS

VEHICLE, PANORAMA, BODY, PLATE = 1, 2, 4, 8
_MOTOR_AND_OTHERS = 34
_DOWN = 4


class VehicleScene(IntEnum):
    """What was seen (`itgt_type`)."""

    PEDESTRIAN = 6
    MOTOR = 7
    NON_MOTOR = 8
    RIDER = 53

    @property
    def number(self) -> str:
        """Return the digits that it has in a `data_id`."""
        return {6: "0020", 7: "0021", 8: "0022", 53: "0023"}[self.value]


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A vehicle as the analytics describe it, in the codes of tables 20-5 to 20-9."""

    box: Box
    plate: str = ""
    plate_color: int = 1
    plate_type: int = 1
    color: int = 2
    type: int = 1
    exact_type: int = 17
    brand: tuple[int, str] = (74, "斯柯达")
    model: tuple[int, str] = (554, "明锐")
    year: str = "2010"
    lane: int = 2
    direction: int = _DOWN
    riders: int = 1
    helmet: bool = False

    @property
    def plate_box(self) -> Box:
        """Return where the plate is."""
        return part(self.box, 0.72, 0.86, 0.36)


@dataclass(frozen=True, slots=True)
class Walker:
    """A person from head to foot, in the codes of table 10-33."""

    box: Box
    gender: int = 0
    age: int = 0
    upper_color: int = 2
    lower_color: int = 2
    upper_style: int = 2
    lower_style: int = 1
    hair: int = 2
    shape: int = 1
    mask: int = 1
    hat: int = 1
    glass: int = 1
    view: int = 1
    backpack: int = 1


def motor_fields(seen: IntelligentData, vehicle: Vehicle) -> dict[str, Any]:
    """Return what 10.1.4.5.4 and 10.1.4.5.7 tell of a motor vehicle alike."""
    plate, whole = vehicle.plate_box, vehicle.box
    return {
        "car_pre_brand": vehicle.brand[1],
        "car_pre_brand_index": vehicle.brand[0],
        "car_sub_brand": vehicle.model[1],
        "car_sub_brand_index": vehicle.model[0],
        "car_year_brand": vehicle.year,
        "cur_snap_index": 0,
        "lane_id": vehicle.lane,
        **seen.snapshot_times(),
        "plate_char": vehicle.plate,
        "plate_color": vehicle.plate_color,
        "plate_pos": rect(plate),
        "plate_pos_abs": scaled(plate, seen.size),
        "plate_pos_com": rect(plate),
        "plate_type": vehicle.plate_type,
        "vehicle_color": vehicle.color,
        "vehicle_direction": vehicle.direction,
        "vehicle_pos": rect(whole),
        "vehicle_pos_abs": scaled(whole, seen.size),
        "vehicle_pos_com": rect(whole),
        "vehicle_type": vehicle.type,
        "vehicle_type_ext": vehicle.exact_type,
    }


def vehicle_data(
    seen: IntelligentData,
    scene: VehicleScene,
    *,
    vehicle: Vehicle | None = None,
    walker: Walker | None = None,
) -> dict[str, Any]:
    """Return `data` of a message; a rider (scene 53) has vehicle and person."""
    told = scene
    if scene is VehicleScene.RIDER and seen.quirks.scene_53_as_8:
        told = VehicleScene.NON_MOTOR
    track = seen.global_id()
    outer: dict[str, Any] = {"itgt_type": int(told), "global_obj_id": track}
    target: dict[str, Any] = {"global_object_id": track}
    if scene is VehicleScene.MOTOR and vehicle is not None:
        outer |= _motor_outside(vehicle)
        target |= motor_fields(seen, vehicle) | {"plate_pic": seen.url(PLATE)}
    elif vehicle is not None:
        outer |= _cycle_outside(seen, vehicle, scene)
        target |= _cycle_inside(vehicle, scene) | {"vehicle_pos": rect(vehicle.box)}
        if scene is VehicleScene.NON_MOTOR:
            target["vehicle_pos_abs"] = scaled(vehicle.box, seen.size)
    if vehicle is not None:
        outer["vehicle_url"] = target["vehicle_pic"] = seen.url(VEHICLE)
        outer["vehicle_pos"] = rect_cor(vehicle.box)
    if walker is not None:
        outer |= _walker_outside(walker) | {"target_all_pic_url": seen.url(BODY)}
        target |= _walker_inside(seen, walker)
    kind = outer.setdefault("vehicle_type", 9)
    outer.setdefault("lane_id", 1)
    outer["panorama_url"] = target["panorama_pic"] = seen.url(PANORAMA)
    if scene is VehicleScene.RIDER:
        target |= {
            "face_id": seen.rng.randrange(1, 1000),
            "face_pic_time": seen.ms,
            "face_pic_tzone": ZONE_MS,
        }
    record = "trecored_type" if seen.quirks.misprints else "trecord_type"
    target |= {
        "lane_id": outer["lane_id"],
        **seen.snapshot_times(),
        "target_type": int(told),
        record: _MOTOR_AND_OTHERS,
        "vehicle_type": kind,
        "vehicle_type_ext": target.get("vehicle_type_ext", kind),
        "vhd_object_id": seen.rng.randrange(1, 10**5),
    }
    return (
        seen.outer() | outer | {"common": seen.common(**seen.sized()), "target": target}
    )


def _motor_outside(vehicle: Vehicle) -> dict[str, Any]:
    return {
        "lane_id": vehicle.lane,
        "vehicle_direction": vehicle.direction,
        "plate_char": vehicle.plate,
        "plate_color": vehicle.plate_color,
        "vehicle_type": vehicle.type,
        "vehicle_color": vehicle.color,
        "car_pre_brand": vehicle.brand[0],
        "car_sub_brand": vehicle.model[0],
        "car_year_brand": vehicle.year,
    }


def _cycle_outside(
    seen: IntelligentData, vehicle: Vehicle, scene: VehicleScene
) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "motor_type" if seen.quirks.table_names else "moto_type": 1,
        "motor_color": 1,
        "rider_num": vehicle.riders,
        "lane_id": vehicle.lane,
        "vehicle_type": 8,
    }
    if scene is VehicleScene.RIDER:
        fields |= {
            "has_helmet": vehicle.helmet,
            "has_motor_sunshade": False,
            "has_motor_carry": False,
            "has_license_plate": bool(vehicle.plate),
        }
    return fields


def _cycle_inside(vehicle: Vehicle, scene: VehicleScene) -> dict[str, Any]:
    helmet = 1 + vehicle.helmet
    fields: dict[str, Any] = {
        "motor_color": 1,
        "motor_license_plate": 1 + bool(vehicle.plate),
        "motor_motor_carry": 1,
        "motor_sunshade": 1,
        "motor_sunshade_color": 0,
        "motor_type": 1,
        "riderman_age": 0,
        "riderman_gender": 0,
        "riderman_helmet": helmet,
        "riderman_helmetcolor": 0,
        "riderman_num": vehicle.riders,
        "riderman_uppercolor": 0,
        "riderman_upperstyle": 0,
    }
    if scene is VehicleScene.NON_MOTOR:
        fields["riderman_feature"] = {
            "age": 0,
            "gender": 0,
            "helmet": helmet,
            "helmet_color": 0,
            "upper_color": 0,
            "upper_style": 0,
        }
    return fields


def _walker_outside(walker: Walker) -> dict[str, Any]:
    return {
        "human_lowstyle": walker.lower_style,
        "human_gender": walker.gender,
        "human_uppercolor": walker.upper_color,
        "human_hair": walker.hair,
        "human_shape": walker.shape,
        "human_age": walker.age,
        "human_mouthmask": walker.mask,
        "human_lowercolor": walker.lower_color,
        "human_upperstyle": walker.upper_style,
        "human_pos": rect_cor(walker.box),
    }


def _walker_inside(seen: IntelligentData, walker: Walker) -> dict[str, Any]:
    shift = 16 if seen.quirks.shifted_features else 0
    parts = {
        "age": walker.age,
        "backpack": walker.backpack,
        "carry": 1,
        "gender": walker.gender,
        "hair": walker.hair,
        "lower_color": walker.lower_color,
        "lower_style": walker.lower_style,
        "luggage": 1,
        "mouth_mask": walker.mask,
        "satchel": 1,
        "shape": walker.shape,
        "umbrella": 1,
        "upper_color": walker.upper_color,
        "upper_style": walker.upper_style,
        "upper_texture": 1,
    }
    return {
        **{f"human_{name}": value for name, value in parts.items()},
        "human_direct": 2,
        "human_frontpack": 1,
        "human_glass": walker.glass,
        "human_hat": walker.hat,
        "human_speed": 2,
        "human_view": walker.view,
        "human_feature": {
            **parts,
            "front_pack": 1,
            "glass": walker.glass << shift,
            "hat": walker.hat << shift,
            "move_direct": 2,
            "move_speed": 0,
            "view": walker.view << shift,
        },
        "human_pic": seen.url(BODY),
        "human_pic_kps": 1,
        "human_pic_roi": {"x": 2916, "y": 0, "width": 4229, "height": 10_000},
        "human_rect_position": rect(walker.box),
    }
