"""Every kind of alarm, whichever vendor reports it."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class AlarmGroup(StrEnum):
    """Kinds that belong together."""

    PERIMETER = "perimeter"
    SAFETY = "safety"
    CROWD = "crowd"
    FACE = "face"
    VEHICLE = "vehicle"
    OBJECT = "object"
    ENVIRONMENT = "environment"
    HUB = "hub"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class KindTraits:
    """What is known of a kind beside its name."""

    group: AlarmGroup
    hold: timedelta | None
    """How long it stays on when the hub never says that it ended.

    None: something that happened rather than something that is the case.
    """
    device_class: str | None
    """The device class of its binary sensor in Home Assistant."""
    measured: bool = False
    """A count rather than an alarm; some hubs tell it once a second."""


class AlarmKind(StrEnum):
    """A kind of alarm; the value is its translation key."""

    INTRUSION = "intrusion"
    LINE_CROSSED = "line_crossed"
    REGION_ENTERED = "region_entered"
    REGION_LEFT = "region_left"
    LOITERING = "loitering"
    CLIMBING = "climbing"
    FAST_MOVING = "fast_moving"
    MOTION = "motion"
    PERSON_DETECTED = "person_detected"
    TAILGATING = "tailgating"
    WRONG_WAY = "wrong_way"
    DOOR_OPEN = "door_open"

    FIRE = "fire"
    SMOKE = "smoke"
    FALL = "fall"
    FIGHT = "fight"
    WEAPON = "weapon"
    NO_HELMET = "no_helmet"
    NO_VEST = "no_vest"
    NO_WORKWEAR = "no_workwear"
    NO_MASK = "no_mask"
    NO_HARNESS = "no_harness"
    NO_GLOVES = "no_gloves"
    NO_GOGGLES = "no_goggles"
    NO_PROTECTIVE_GEAR = "no_protective_gear"
    NO_CHEF_HAT = "no_chef_hat"
    NO_CHEF_CLOTHES = "no_chef_clothes"
    SHIRTLESS = "shirtless"
    PHONE_CALL = "phone_call"
    PHONE_USE = "phone_use"
    SMOKING = "smoking"
    OFF_DUTY = "off_duty"
    ASLEEP = "asleep"
    STAFFING = "staffing"
    E_BIKE = "e_bike"
    LIQUID_LEAK = "liquid_leak"
    GAS_LEAK = "gas_leak"
    DANGEROUS_GOODS = "dangerous_goods"
    HOT_WORK = "hot_work"
    DROWNING = "drowning"
    HELP_REQUESTED = "help_requested"
    FIRE_EQUIPMENT_MISSING = "fire_equipment_missing"
    OVERHEATED = "overheated"
    NOISE = "noise"

    CROWD = "crowd"
    GATHERING = "gathering"
    QUEUE = "queue"
    PEOPLE_COUNTED = "people_counted"

    FACE_RECOGNIZED = "face_recognized"
    FACE_BLACKLISTED = "face_blacklisted"
    FACE_STRANGER = "face_stranger"
    FACE_CAPTURED = "face_captured"
    FACE_FREQUENT = "face_frequent"

    PLATE_RECOGNIZED = "plate_recognized"
    VEHICLE_DETECTED = "vehicle_detected"
    CYCLE_DETECTED = "cycle_detected"
    VEHICLE_LEFT = "vehicle_left"
    ILLEGAL_PARKING = "illegal_parking"
    ILLEGAL_CYCLE_PARKING = "illegal_cycle_parking"
    SHARED_BIKE_PARKING = "shared_bike_parking"
    EXIT_BLOCKED = "exit_blocked"
    VEHICLE_UNWASHED = "vehicle_unwashed"
    WASTE_TRUCK = "waste_truck"
    VEHICLE_BLACKLISTED = "vehicle_blacklisted"
    TRAFFIC_VIOLATION = "traffic_violation"
    TRAFFIC_JAM = "traffic_jam"
    TRAFFIC_ACCIDENT = "traffic_accident"
    VEHICLES_COUNTED = "vehicles_counted"
    LOAD_UNCOVERED = "load_uncovered"

    OBJECT_LEFT = "object_left"
    OBJECT_REMOVED = "object_removed"
    OBJECT_THROWN = "object_thrown"

    GARBAGE_EXPOSED = "garbage_exposed"
    GARBAGE_PACKED = "garbage_packed"
    BIN_UNCOVERED = "bin_uncovered"
    BIN_OVERFLOWING = "bin_overflowing"
    ROAD_DIRTY = "road_dirty"
    ROAD_FLOODED = "road_flooded"
    RIVER_DEBRIS = "river_debris"
    SOIL_UNCOVERED = "soil_uncovered"
    CLUTTER = "clutter"
    OPEN_BURNING = "open_burning"
    TRADING_OUTSIDE = "trading_outside"
    STREET_VENDOR = "street_vendor"
    ROADSIDE_STALL = "roadside_stall"
    ILLEGAL_UMBRELLA = "illegal_umbrella"
    ILLEGAL_BILLBOARD = "illegal_billboard"
    LAUNDRY_OUTSIDE = "laundry_outside"
    DOG = "dog"
    RODENT = "rodent"
    ANIMAL = "animal"
    FISHING = "fishing"
    BOAT = "boat"
    WATER_POLLUTED = "water_polluted"
    BAD_WEATHER = "bad_weather"
    MANHOLE_OPEN = "manhole_open"

    CHANNEL_OFFLINE = "channel_offline"
    VIDEO_LOST = "video_lost"
    TAMPERED = "tampered"
    STORAGE_FAILED = "storage_failed"
    STORAGE_FULL = "storage_full"
    INPUT_TRIGGERED = "input_triggered"
    HUB_UPGRADED = "hub_upgraded"
    HUB_LOGIN = "hub_login"
    PICTURE_FAULT = "picture_fault"

    THIRD_PARTY = "third_party"
    OTHER = "other"

    @property
    def traits(self) -> KindTraits:
        """What is known of this kind."""
        return TRAITS[self]


_KINDS: dict[AlarmGroup, dict[AlarmKind, tuple[int | None, str | None]]] = {
    AlarmGroup.PERIMETER: {
        AlarmKind.INTRUSION: (30, "motion"),
        AlarmKind.LINE_CROSSED: (30, "motion"),
        AlarmKind.REGION_ENTERED: (30, "motion"),
        AlarmKind.REGION_LEFT: (30, "motion"),
        AlarmKind.LOITERING: (60, "motion"),
        AlarmKind.CLIMBING: (30, "motion"),
        AlarmKind.FAST_MOVING: (30, "motion"),
        AlarmKind.MOTION: (30, "motion"),
        AlarmKind.PERSON_DETECTED: (30, "occupancy"),
        AlarmKind.TAILGATING: (30, "safety"),
        AlarmKind.WRONG_WAY: (30, "safety"),
        AlarmKind.DOOR_OPEN: (120, "door"),
    },
    AlarmGroup.SAFETY: {
        AlarmKind.FIRE: (120, "heat"),
        AlarmKind.SMOKE: (120, "smoke"),
        AlarmKind.FALL: (120, "safety"),
        AlarmKind.FIGHT: (60, "safety"),
        AlarmKind.WEAPON: (120, "safety"),
        AlarmKind.NO_HELMET: (60, "safety"),
        AlarmKind.NO_VEST: (60, "safety"),
        AlarmKind.NO_WORKWEAR: (60, "safety"),
        AlarmKind.NO_MASK: (60, "safety"),
        AlarmKind.NO_HARNESS: (60, "safety"),
        AlarmKind.NO_GLOVES: (60, "safety"),
        AlarmKind.NO_GOGGLES: (60, "safety"),
        AlarmKind.NO_PROTECTIVE_GEAR: (60, "safety"),
        AlarmKind.NO_CHEF_HAT: (60, "safety"),
        AlarmKind.NO_CHEF_CLOTHES: (60, "safety"),
        AlarmKind.SHIRTLESS: (60, "safety"),
        AlarmKind.PHONE_CALL: (60, "safety"),
        AlarmKind.PHONE_USE: (60, "safety"),
        AlarmKind.SMOKING: (60, "safety"),
        AlarmKind.OFF_DUTY: (120, "safety"),
        AlarmKind.ASLEEP: (120, "safety"),
        AlarmKind.STAFFING: (120, "safety"),
        AlarmKind.E_BIKE: (60, "safety"),
        AlarmKind.LIQUID_LEAK: (300, "moisture"),
        AlarmKind.GAS_LEAK: (300, "gas"),
        AlarmKind.DANGEROUS_GOODS: (120, "safety"),
        AlarmKind.HOT_WORK: (120, "safety"),
        AlarmKind.DROWNING: (120, "safety"),
        AlarmKind.HELP_REQUESTED: (120, "safety"),
        AlarmKind.FIRE_EQUIPMENT_MISSING: (300, "safety"),
        AlarmKind.OVERHEATED: (120, "heat"),
        AlarmKind.NOISE: (30, "sound"),
    },
    AlarmGroup.CROWD: {
        AlarmKind.CROWD: (60, "occupancy"),
        AlarmKind.GATHERING: (60, "occupancy"),
        AlarmKind.QUEUE: (60, "occupancy"),
        AlarmKind.PEOPLE_COUNTED: (None, None),
    },
    AlarmGroup.FACE: {
        AlarmKind.FACE_RECOGNIZED: (15, "occupancy"),
        AlarmKind.FACE_BLACKLISTED: (60, "safety"),
        AlarmKind.FACE_STRANGER: (15, "occupancy"),
        AlarmKind.FACE_CAPTURED: (15, "occupancy"),
        AlarmKind.FACE_FREQUENT: (60, "occupancy"),
    },
    AlarmGroup.VEHICLE: {
        AlarmKind.PLATE_RECOGNIZED: (15, "occupancy"),
        AlarmKind.VEHICLE_DETECTED: (15, "occupancy"),
        AlarmKind.CYCLE_DETECTED: (15, "occupancy"),
        AlarmKind.VEHICLE_LEFT: (30, "motion"),
        AlarmKind.ILLEGAL_PARKING: (300, "problem"),
        AlarmKind.ILLEGAL_CYCLE_PARKING: (300, "problem"),
        AlarmKind.SHARED_BIKE_PARKING: (300, "problem"),
        AlarmKind.EXIT_BLOCKED: (300, "safety"),
        AlarmKind.VEHICLE_UNWASHED: (60, "problem"),
        AlarmKind.WASTE_TRUCK: (60, "problem"),
        AlarmKind.VEHICLE_BLACKLISTED: (60, "safety"),
        AlarmKind.TRAFFIC_VIOLATION: (60, "problem"),
        AlarmKind.TRAFFIC_JAM: (300, "problem"),
        AlarmKind.TRAFFIC_ACCIDENT: (300, "safety"),
        AlarmKind.VEHICLES_COUNTED: (None, None),
        AlarmKind.LOAD_UNCOVERED: (60, "problem"),
    },
    AlarmGroup.OBJECT: {
        AlarmKind.OBJECT_LEFT: (120, "problem"),
        AlarmKind.OBJECT_REMOVED: (120, "problem"),
        AlarmKind.OBJECT_THROWN: (60, "safety"),
    },
    AlarmGroup.ENVIRONMENT: {
        AlarmKind.GARBAGE_EXPOSED: (300, "problem"),
        AlarmKind.GARBAGE_PACKED: (300, "problem"),
        AlarmKind.BIN_UNCOVERED: (300, "problem"),
        AlarmKind.BIN_OVERFLOWING: (300, "problem"),
        AlarmKind.ROAD_DIRTY: (300, "problem"),
        AlarmKind.ROAD_FLOODED: (300, "moisture"),
        AlarmKind.RIVER_DEBRIS: (300, "problem"),
        AlarmKind.SOIL_UNCOVERED: (300, "problem"),
        AlarmKind.CLUTTER: (300, "problem"),
        AlarmKind.OPEN_BURNING: (120, "smoke"),
        AlarmKind.TRADING_OUTSIDE: (300, "problem"),
        AlarmKind.STREET_VENDOR: (300, "problem"),
        AlarmKind.ROADSIDE_STALL: (300, "problem"),
        AlarmKind.ILLEGAL_UMBRELLA: (300, "problem"),
        AlarmKind.ILLEGAL_BILLBOARD: (300, "problem"),
        AlarmKind.LAUNDRY_OUTSIDE: (300, "problem"),
        AlarmKind.DOG: (30, "motion"),
        AlarmKind.RODENT: (60, "problem"),
        AlarmKind.ANIMAL: (30, "motion"),
        AlarmKind.FISHING: (60, "problem"),
        AlarmKind.BOAT: (30, "motion"),
        AlarmKind.WATER_POLLUTED: (300, "problem"),
        AlarmKind.BAD_WEATHER: (300, "problem"),
        AlarmKind.MANHOLE_OPEN: (300, "safety"),
    },
    AlarmGroup.HUB: {
        AlarmKind.CHANNEL_OFFLINE: (60, "problem"),
        AlarmKind.VIDEO_LOST: (60, "problem"),
        AlarmKind.TAMPERED: (60, "tamper"),
        AlarmKind.STORAGE_FAILED: (300, "problem"),
        AlarmKind.STORAGE_FULL: (300, "problem"),
        AlarmKind.INPUT_TRIGGERED: (30, None),
        AlarmKind.HUB_UPGRADED: (None, None),
        AlarmKind.HUB_LOGIN: (None, None),
        AlarmKind.PICTURE_FAULT: (300, "problem"),
    },
    AlarmGroup.OTHER: {
        # An algorithm of somebody else, which nobody but its maker can read.
        AlarmKind.THIRD_PARTY: (30, None),
        AlarmKind.OTHER: (30, None),
    },
}

_MEASURED = frozenset({AlarmKind.PEOPLE_COUNTED, AlarmKind.VEHICLES_COUNTED})

TRAITS: dict[AlarmKind, KindTraits] = {
    kind: KindTraits(
        group,
        None if hold is None else timedelta(seconds=hold),
        device_class,
        measured=kind in _MEASURED,
    )
    for group, kinds in _KINDS.items()
    for kind, (hold, device_class) in kinds.items()
}
