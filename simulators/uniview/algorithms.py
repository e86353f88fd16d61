"""Algorithms of chapter 14.3: region, parameters and product packages."""

from dataclasses import dataclass

SENSITIVE = "sensitive"
REPORT_RATE = "report_rate"

_S = (SENSITIVE,)
_R = (REPORT_RATE,)
_SR = (SENSITIVE, REPORT_RATE)


@dataclass(frozen=True, slots=True)
class Algorithm:
    """What an algorithm looks for.

    `region` is polygon, line or blend. `extended` are the settings that extend/get has
    for it. `target` tells what a drawn picture of its alarm shows.
    """

    code: str
    title: str
    region: str = "polygon"
    extended: tuple[str, ...] = _SR
    target: str = "person"


_ALL = (
    Algorithm("SafetyHelmetAlarm", "No safety helmet"),
    Algorithm("WorkClothesAlarm", "No work clothes"),
    Algorithm("TelephoningAlarm", "Telephoning"),
    Algorithm("SmokingAlarm", "Smoking", target="smoker"),
    Algorithm("SleepingDetectionAlarm", "Sleeping on duty", target="lying"),
    Algorithm("OffDutyDetectionAlarm", "Absent from post", "polygon", _R, "empty"),
    Algorithm(
        "ChannelBlockageDetection", "Escape route blocked", "polygon", _R, "boxes"
    ),
    Algorithm("ObjectRemoved", "Object removed", target="empty"),
    Algorithm("FieldDetectorObjectsInside", "Area intrusion", "polygon", _S),
    Algorithm("AccessElevatorAlarm", "Electric bicycle", target="bicycle"),
    Algorithm("NoMaskAlarm", "No mask"),
    Algorithm("FallOverAlarm", "Person fell", target="lying"),
    Algorithm("CrowdDensityCriticalAlarm", "Too many people", "polygon", _R, "crowd"),
    Algorithm("ReflectiveClothesDetectionAlarm", "No reflective clothes"),
    Algorithm("AbnormalParkingDetection", "Illegal parking", "polygon", _R, "vehicle"),
    Algorithm("FumesAlarmBegin", "Smoke", target="smoke"),
    Algorithm("PlayMobilePhoneDetection", "Playing with a phone"),
    Algorithm("FireDetection", "Open fire", target="fire"),
    Algorithm("LongStayDetection", "Loitering", "polygon", _R),
    Algorithm("FightDetectionAlarm", "Fighting", target="crowd"),
    Algorithm("LineDetectorCrossed", "Line crossed", "polygon", _S),
    Algorithm("EnterArea", "Entering area", "polygon", _S),
    Algorithm("LeaveArea", "Leaving area", "polygon", _S),
    Algorithm("AreaPeopleCounting", "People in area", "polygon", _S, "crowd"),
    Algorithm("LinePeopleCounting", "People over line", "line", _S, "crowd"),
    Algorithm("ObjectIsRecognized", "Face detection", "polygon", ()),
    Algorithm(
        "NonMotorAbnormalParkingDetection", "Bicycle parked", "polygon", _R, "bicycle"
    ),
    Algorithm("KnifeStickDetection", "Knife or stick"),
    Algorithm("ClimbingDetectionAlarm", "Climbing", "blend", ()),
    Algorithm("PeopleGathering", "People gathering", "polygon", (), "crowd"),
    Algorithm("FastMoving", "Fast movement"),
    Algorithm("ChefHatAlarm", "No chef hat"),
    Algorithm("ChefClothesDetection", "No chef clothes"),
    Algorithm("UncoveredTrashCanDetection", "Uncovered bin", target="boxes"),
    Algorithm("ShirtlessDetection", "Bare upper body"),
    Algorithm("MouseDetect", "Rodent", target="empty"),
    Algorithm("DisorderStackingDetection", "Disorderly stacking", target="boxes"),
    Algorithm("BareSoilCoverDetection", "Bare soil", target="empty"),
    Algorithm("UnwashedVehicleDetection", "Unwashed vehicle", "polygon", (), "vehicle"),
    Algorithm("SafetyHarnessDetection", "No safety harness"),
    Algorithm("StayAloneDetection", "Working alone", "polygon", _R),
    Algorithm("ExposedGarbageDetection", "Exposed rubbish", target="boxes"),
    Algorithm("OutsideTheStoreBusinessDetection", "Trading outside", target="boxes"),
    Algorithm("PackedGarbageDetection", "Packed rubbish", target="boxes"),
    Algorithm(
        "SharedBicylesRandomParkingDetection", "Shared bicycles", target="bicycle"
    ),
    Algorithm("FloatingObjOnRiverDetection", "Floating objects", target="empty"),
    Algorithm("WasteTruckDetection", "Waste truck", target="vehicle"),
    Algorithm("TrashOverflowingDetection", "Overflowing bin", target="boxes"),
    Algorithm("SetFileOnTheRoadDetection", "Burning at roadside", target="fire"),
    Algorithm("DirtyRoadDetection", "Dirty road", target="empty"),
    Algorithm("SurfaceWaterDetection", "Water on road", target="empty"),
    Algorithm("DogDetection", "Dog", target="empty"),
    Algorithm("IllegalUseOfAnUmbrellaDetection", "Umbrella"),
    Algorithm("IllegalBillboardsDetection", "Billboard", target="boxes"),
    Algorithm("DryingOnTheStreetDetection", "Drying laundry", target="empty"),
    Algorithm("StreetVendorDetection", "Street vendor"),
    Algorithm("RoadsideStallBusinessDetection", "Roadside stall", target="boxes"),
    Algorithm("LineRuleData", "People over line", "line", _S, "crowd"),
    Algorithm("AreaRuleData", "People in area", "polygon", _S, "crowd"),
)

ALGORITHMS: dict[str, Algorithm] = {row.code: row for row in _ALL}

# The ECS-X5X1-SF package is rows 1 to 27 of the table in 14.3.
SF_PACKAGE = tuple(row.code for row in _ALL[:27])

# Not in the manual, which only says that some cannot run together (code 1500).
EXCLUSIVE = (frozenset({"PeopleGathering", "CrowdDensityCriticalAlarm"}),)


def algorithm(code: str) -> Algorithm:
    """Return the row of a code, a plausible one for unknown codes."""
    return ALGORITHMS.get(code) or Algorithm(code, code)
