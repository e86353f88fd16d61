"""Which kinds names of alarms give by their words, whichever vendor has them."""

from collections import Counter
import json
from pathlib import Path
import tomllib

import pytest

from custom_components.vision_hub.vendors import kind_words
from custom_components.vision_hub.vendors.huawei.alarms import ALARM_TYPES
from custom_components.vision_hub.vendors.kind_words import kind_by_words, kind_of
from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.megvii.alarms import CAPTURES
from custom_components.vision_hub.vendors.megvii.events import EVENTS
from custom_components.vision_hub.vendors.uniview.alarms import KINDS

TABLE = Path(kind_words.__file__).with_suffix(".toml")
TRANSLATIONS = TABLE.parents[1] / "translations"

# What boxes with newer firmware call their algorithms, and what says nothing.
NAMES = {
    "fire": """
        SmokeAndFireDetectionEvent FireDetectionV2 fire_detection fire-alarm FIREDETECTION
        firedetection FireAlarm1 flames OpenFlameDetect st_fire smokefiredetect CameraNo3Fire
        烟火检测 明火检测 火焰识别 疑似火情 森林防火 烟雾火焰检测 AI烟火检测V2""",
    "smoke": "SmokeDetectionEvent SMOKEDETECTIONEVENT smog_alarm FumesAlarm 烟雾检测 冒烟告警",
    "gas_leak": "GasLeakDetection gas_leakage gasleakdetection 燃气泄漏 气体泄露检测 煤气泄漏",
    "liquid_leak": "OilLeakDetection LiquidLeakDetection OIL_SPILL water-leak 跑冒滴漏 漏油检测",
    "overheated": "HighTemperatureAlarm over_temperature 温度过高 高温报警",
    "weapon": "GunmanDetection HOLDWEAPON knives PersonWithKnife 持刀检测 持械",
    "hot_work": "FireOperationUnattended FLAME_WITHOUT_HUMAN welding 动火离人 违规动火",
    "dangerous_goods": "GasCylinderDetection IllegalAdditionOfBulkGasoline 气瓶检测 危险品",
    "fire_equipment_missing": """
        NoFireExtinguisherDetection FireExtinguisherMissing FIRE_EQUIPMENT fire-hydrant
        灭火器检测 消防设施检测(包含灭火器和灭火箱) 消火栓缺失""",
    "exit_blocked": """
        FireLaneOccupied fire_exit_blocked EscapeRouteBlockage PassageObstructed
        消防通道占用 安全出口堵塞 楼道堆物""",
    "fall": "PersonFallDown FALL person_fallen falls behavior_fall 人员倒地 摔倒检测 跌倒",
    "asleep": "SleepOnDuty post_sleep DriverFatigue fall_asleep 睡岗检测 疲劳驾驶 趴桌",
    "fight": "FightingDetection BrawlAlarm 打架斗殴 人员扭打",
    "drowning": "DrowningDetection SwimmingAlarm 溺水检测 人员落水",
    "help_requested": "SOSAlarm behavior_seekhelp CallForHelp 求救事件",
    "no_helmet": """
        NoSafetyHelmet NoHelmet nohelmet NOHELMET no-helmet NoHelmetDetection without_helmet
        PersonWithoutHelmet HelmetNotWorn NotWearingSafetyHelmet HelmetMissing unhelmeted
        SAFETY_CAP HardHatAlarm HelmetDetectionV2 helmets HelmetWearingDetection
        未戴安全帽 未佩戴安全帽报警 安全帽检测 安全帽佩戴检测 未正确佩戴安全帽 没戴安全帽
        骑电动车未戴头盔 是否佩戴安全帽""",
    "no_vest": "NoReflectiveVest REFLECTIVE_VEST HiVisVestDetect 未穿反光衣 反光衣检测",
    "no_workwear": """
        WorkwearDetect NoUniform UNIFORM_BY_FEATURE WorkClothes 未穿工服检测 工装识别""",
    "no_mask": """
        NoMask no_mask WithoutMask unmasked NoDustGasMaskDetection CHEF_RESPIRATOR
        未戴口罩 口罩告警""",
    "no_harness": "NoSafetyBeltDetection NotWearingSeatBelt SAFETY_BELT 未系安全带 安全绳检测",
    "no_gloves": "NoSafetyGlovesDetection RUBBER_GLOVE 未佩戴绝缘手套",
    "no_goggles": "NoSafetyGogglesDetection 未戴护目镜",
    "no_protective_gear": "NoPPE ExposedLongHairDetection 未穿防护服 劳保鞋检测",
    "no_chef_hat": "CHEF_HAT NoChefHat 未佩戴厨师帽",
    "no_chef_clothes": "CHEF_CLOTH 未穿戴厨师服",
    "shirtless": "UNCOVERED_SKIN Topless 光膀子检测 赤膊",
    "phone_call": "PhoneCallDetection CALL MakeAPhoneCall 打电话检测 接打电话",
    "phone_use": "WatchPhone PlayPhoneDetection UseMobilePhone CellPhones 玩手机检测 看手机",
    "smoking": "SmokingDetect SMOKING NoSmoking CigaretteDetection st_smoking 抽烟 吸烟行为检测",
    "off_duty": """
        LeavePostDetection LEAVE_POST leavepost area_leave_post OffDutyAlarmV2 AbsenceDetection FireControlRoomOffDuty 消防控制室无人值守
        POST_ABANDONMENT 离岗 人员值岗/离岗-离岗 脱岗检测 无人值守""",
    "staffing": "PERSON_LESS_QUERYING StayAlone 少员 单人作业",
    "e_bike": """
        ElevatorEBikeDetection ELECTRIC_BIKE_IN_ELEVATOR ElectricBicycleIntrusionDetection
        e-bike ebikes ElectricVehicleInLift 电动车进电梯 电瓶车入梯 电动自行车禁入""",
    "illegal_parking": """
        AbnormalParkingDetection_HighSpeedEvent PARK NoParking illegal_parkings 车辆违停
        违章停车 车辆滞留""",
    "illegal_cycle_parking": "NonMotorVehicleParking 非机动车违停 电动车乱停放",
    "shared_bike_parking": "SharedBikeParking 共享单车乱停放",
    "vehicle_unwashed": "UNCLEANED_CAR 车辆未喷淋",
    "waste_truck": "MuckTruckDetection 渣土车识别",
    "load_uncovered": "DumpTruckWithoutTarp 渣土车未盖篷布",
    "traffic_violation": """
        VehicleOverspeedDetection ForkliftOverspeedDetection Retrograde DriveSlowly
        OccupancyEmergencyLane RunRedLight 车辆逆行 超速 闯红灯 占用应急车道""",
    "wrong_way": "PedestrianAntiDirectionDetection ReverseMotionOnEscalator 行人逆行",
    "traffic_accident": "TrafficAccident 交通事故",
    "traffic_jam": "Congestion CampusVehicleCongestionDetection 交通拥堵",
    "vehicles_counted": "TrafficParameters VehicleCounting 车流量统计",
    "vehicle_left": "DriveAway VehicleLeave 车辆离开",
    "vehicle_detected": "ForkliftDetection cars cardetection FireTruck 车辆检测",
    "vehicle_blacklisted": "VehicleBlacklist 车辆黑名单",
    "plate_recognized": "CampusEntranceExitLPC LicensePlateRecognition 车牌识别",
    "face_blacklisted": "FaceBlacklistAlarm blacklist 黑名单报警",
    "face_recognized": "FaceRecognitionAlarm whitelist 人脸识别",
    "face_stranger": "StrangerAlarm 陌生人检测",
    "face_captured": "FaceCapture FACE 人脸抓拍",
    "person_detected": "Pedestrian body_capture PERSON people 人体检测",
    "people_counted": "FootFall HeadCount customer_flow 客流统计 区域人数统计 过线人数统计",
    "crowd": "CrowdDensity OverCrowded 人群密度 人数超限",
    "gathering": "GATHERING people_gatherings 人员聚集 聚众",
    "queue": "LongQueueDetection 排队长度",
    "intrusion": """
        INTRUSION area_Intrusion NonMotorVehicleIntrusionDetection Trespassers NoEntry
        区域入侵 周界报警 行人闯入""",
    "line_crossed": "TRIPWIRE CrossLine line_crossing 越界检测 单绊线越界",
    "region_entered": "RegionEntered EnterRegion 进入区域",
    "region_left": "ExitRegion LeaveRegion 离开区域",
    "loitering": "WANDER LoiteringDetection 徘徊 人员逗留",
    "climbing": "OVERWALL climbhigh ClimbingFence 翻墙 攀高检测",
    "fast_moving": "RUN FastMovement running 快速移动 奔跑",
    "motion": "MotionDetection 移动侦测",
    "tailgating": "TailgatingDetection 尾随检测",
    "door_open": "DoorNotClosed GateOpened 门未关",
    "object_thrown": """
        FallingObjectDetection RockFall falling_goods ThrowingEvent ObjectFalling 高空抛物 抛洒物""",
    "object_left": "UnattendedBaggage GOODS_FORGET AbandonedObjects 物品遗留",
    "object_removed": "GOODS_GUARD ObjectMissing 物品看守 物品丢失",
    "clutter": "SUNDRY_DETECT SUNDRYSTACK 杂物堆放",
    "garbage_exposed": "EXPOSED_GARBAGE GarbageDetection 垃圾暴露",
    "bin_uncovered": "TRASHBIN TrashCanUncovered 垃圾桶未盖报警",
    "bin_overflowing": "OVERFLOWED_GARBAGE BinOverflow 垃圾桶满溢 垃圾外溢",
    "road_flooded": "WATERGATHER SurfaceWaterDetectionV2 道路积水 内涝",
    "soil_uncovered": "UNCOVERED_GROUND 黄土裸露",
    "river_debris": "FloatingGarbage 水面垃圾",
    "water_polluted": "WaterOutletDischargeDetection 排污",
    "open_burning": "StrawBurning 秸秆焚烧",
    "street_vendor": "HAWKER 流动摊贩",
    "trading_outside": "OUTSTORE 店外经营",
    "roadside_stall": "RoadsideStall 占道经营检测",
    "illegal_billboard": "OUTDOOR_ADV 横幅",
    "dog": "dogs NoDogs 遛狗检测",
    "rodent": "MICE RatDetection 老鼠检测",
    "animal": "WildlifeIntrusionDetection 动物闯入",
    "boat": "ShipDetection 船只检测",
    "fishing": "RestrictedAreaFishingDetection 违规垂钓",
    "bad_weather": "Fogging SnowFall SnowCover 团雾",
    "manhole_open": "ManholeCoverMissing 井盖缺失",
    "tampered": "IMAGE_COVER_ALERT CameraOcclusion 画面遮挡",
    "video_lost": "VideoLoss NoSignal 视频丢失",
    "picture_fault": "VideoBlurred 画面模糊",
    "storage_failed": "DiskError SDCardAbnormal 硬盘故障",
    "storage_full": "DiskFull 磁盘已满",
    "channel_offline": "IPCOffline SmokeDetectorOffline 设备离线告警",
    "input_triggered": "AlarmInput 外部IO输入",
    "other": """
        firewall FirewallAlarm firewalldetection fireworks FireworksDetection FireDrill
        smokeless NoFire no_smoke CardDetection card_reader cardboard carpet waterfall notice
        category helpful WaterFall FireFighter GasStove FireStation WearingHelmet with_helmet helmet_worn GasStation PrivacyMask
        HandDetection PresetMarkerDetection teleportation Ext17 17 _ - e1 AI_V2 detection
        防火墙 烟花爆竹 火车站 无人机 已佩戴安全帽 未发现火焰 甲乙丙 检测""",
}
# What cameras of other makers call the same things, by their documentation.
OTHER_MAKERS = {
    "line_crossed": "linedetection CrossLineDetection VirtualLine smartDetectLine 绊线入侵",
    "intrusion": "fielddetection CrossRegionDetection FenceGuard ObjectsInField",
    "region_left": "regionExiting",
    "object_left": "unattendedBaggage LeftDetection IdleObject",
    "object_removed": "attendedBaggage TakenAwayDetection GOODS_GUARD",
    "motion": "VMD PIR MDAlarm MotionGuard cellMotion",
    "loitering": "LoiteringGuard WanderDetection overtimeTarry",
    "fall": "failDown",
    "climbing": "reachHight",
    "gathering": "RioterDetection crowd_gathering",
    "tampered": "VideoBlind shelteralarm ShockDetection",
    "input_triggered": "AlarmLocal",
    "storage_full": "StorageLowSpace diskfull",
    "channel_offline": "nicbroken",
    "hub_login": "illAccess",
    "tailgating": "TailDetection",
    "people_counted": "NumberStat ManNumDetection",
    "overheated": "HeatImagingTemper thermometry",
    "picture_fault": "UnFocusDetection",
    "fire": "Explosion SmokeFlame",
    "noise": "babyCryDetection audioexception",
    "illegal_parking": "StoppedVehicle",
    "no_workwear": "静电服",
    "face_blacklisted": "重点人员布控 blackListFaceMatch",
    "other": "安全帽佩戴正常 口罩佩戴合规",
}
# Words that mean something else there, or a manual's slips.
OF_ONE_VENDOR = {
    "smoke",
    "exit",
    "target_alarm",
    "mask_area",
    "people_count_region_alarm",
    "ObjectIsRecognized",
    "LineRuleData",
    "AreaRuleData",
}


def test_there_are_enough_names() -> None:
    told = Counter(name for text in NAMES.values() for name in text.split())
    assert len(told) > 400
    assert not [name for name, times in told.items() if times > 1]


@pytest.mark.parametrize("kind", NAMES)
@pytest.mark.parametrize("names", [NAMES, OTHER_MAKERS], ids=["these", "others"])
def test_names_give_a_kind(names: dict[str, str], kind: str) -> None:
    assert {
        name: found
        for name in names.get(kind, "").split()
        if (found := kind_by_words(name)) is not AlarmKind(kind)
    } == {}


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_every_kind_can_be_said(language: str) -> None:
    texts = json.loads((TRANSLATIONS / f"{language}.json").read_text("utf-8"))
    names = texts["selector"]["alarm_kind"]["options"]
    assert {kind: kind_by_words(names[kind]) for kind in AlarmKind} == {
        kind: kind for kind in AlarmKind
    }


def test_words_agree_with_what_the_manuals_say() -> None:
    """A code of one vendor is known, whichever box sends it."""
    known = {**KINDS, **ALARM_TYPES, **dict(EVENTS.values()), **CAPTURES}
    for code, kind in known.items():
        if code not in OF_ONE_VENDOR and not code.isdecimal():
            assert kind_by_words(code) is kind, code


def test_the_table_comes_first_then_the_code_then_names() -> None:
    table = {"smoke": AlarmKind.SMOKING}
    assert kind_of(table, "smoke", "明火") is AlarmKind.SMOKING
    assert kind_of(table, "FlameAlarm", "未戴口罩") is AlarmKind.FIRE
    assert kind_of(table, "algo_17", "", "未戴口罩") is AlarmKind.NO_MASK
    assert kind_of(table, "algo_17", "甲乙") is AlarmKind.OTHER
    assert kind_of(table, "") is AlarmKind.OTHER


@pytest.mark.parametrize(
    "name", ["x" * 100_000, "火" * 100_000, "fire" * 10_000, "\ud800"]
)
def test_absurd_names_cost_little(name: str) -> None:
    kind_by_words(name)


def test_the_table_is_sound() -> None:
    table = tomllib.loads(TABLE.read_text("utf-8"))
    words = table["words"]
    said = Counter(
        word.strip()
        for text in (table["opaque"], table["fillers"], *words.values())
        for word in text.split(",")
        if word.strip()
    )
    assert not [word for word, times in said.items() if times > 1]
    used = {
        part
        for text in table["kinds"].values()
        for part in text.replace(",", "").split()
    }
    assert used <= words.keys()
    assert words.keys() - used == {"no_kind", "ok", "on"}
    assert set(table["kinds"]) == set(AlarmKind) - {AlarmKind.OTHER}
    for text in (table["denied_by_no"], *table["kinds"]):
        assert {AlarmKind(kind.strip()) for kind in text.split(",")}
