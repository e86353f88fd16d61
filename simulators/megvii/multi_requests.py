"""Chapter 26: several algorithms on one channel."""

from collections import Counter
from typing import Any

from simulators.request_fields import array, each, group, integer, number, switch

from .algorithms import (
    AREA_WORDS,
    BY_WORD,
    COLOURS,
    EVENTS,
    MASK_AREA,
    TARGET_WORDS,
    Store,
    abilities,
    rule_card,
)
from .channel_requests import video_fields
from .device import Device
from .error_codes import Code, demand, given, valid
from .operation import Call, Fields, Operation
from .request_fields import parse, text
from .structure_requests import OLD_RULES, check_old_rules, structure_rule

_UNIFORM = "uniform"
"""Stands in a sample of 26.1.1, but in no dictionary."""
_ALERTOR = (
    integer("alertor_id", 0),
    array("alertor_type", text(choices=BY_WORD), low=1),
    number("target_min", 0, 1, required=False),
    number("target_max", 0, 1, required=False),
    array("target_type", text(choices=(*TARGET_WORDS, _UNIFORM)), low=1),
    array("allowed_colors", text(choices=COLOURS), required=False),
    integer("expected_num", 1, required=False),
    integer("target_min_num", 0, required=False),
    integer("target_max_num", 0, required=False),
    integer("obj_count", 1, required=False),
    number("duty_ratio", 0, 1, required=False),
    integer("interrupt_endurance", 0, required=False),
    integer("personPreOverWall", required=False, choices=(0, 1)),
    integer("cooldown_duration", 0, 1800),
    integer("duration", 0, 86_399),
    array("timeRange", integer("", 0, 86_400), low=2, high=2),
)
_RULES = group(
    "alertRules",
    text("proc", choices=("init_rules",)),
    integer("width", 0, 1920, required=False),
    integer("height", 0, 1080, required=False),
    number("fps", 0, required=False),
    group(
        "customizedOptions",
        array(
            "area_list",
            each(
                text("area_type", choices=AREA_WORDS),
                integer("area_id", 0),
                array("alertor_ids", integer(), low=1),
                array("points", None, low=2),
            ),
            low=1,
        ),
        array("alertor_configs", each(*_ALERTOR), low=1),
    ),
)
_ARMING = (
    switch("surveillanceEnabled"),
    switch("alertRulesValidity", required=False),
    integer("algType", choices=[int(store) for store in Store]),
    integer("ruleIndex", 1, 2),
    switch("ruleEnable"),
    group("alertRules"),
)


async def _arm(device: Device, call: Call) -> None:
    channel = device.video(call.number("videoNo"))
    body = dict(call.body)
    rules = body["alertRules"]
    if body["algType"] in {Store.PERIMETER, Store.BEHAVIOUR} and "proc" not in rules:
        body |= parse((OLD_RULES,), {"alertRules": rules})
        check_old_rules(body["alertRules"])
    else:
        body |= parse((_RULES,), {"alertRules": rules})
        _check(body["alertRules"]["customizedOptions"])
    armed = body.pop("surveillanceEnabled")
    rest = {n: r for n, r in channel.multi.items() if n != body["ruleIndex"]}
    needed = sum(
        _cost(rule)
        for other in device.channels.values()
        for rule in (rest if other is channel else other.multi).values()
    )
    fits = needed + _cost(body) <= device.limits.calculations
    demand(fits, Code.HASHRATE_OVER_LIMIT)
    channel.armed = armed
    channel.multi[body["ruleIndex"]] = body


def _cost(rule: dict[str, Any]) -> int:
    if not rule["ruleEnable"]:
        return 0
    options = rule["alertRules"].get("customizedOptions", {})
    return len(options.get("alertor_configs", ())) or 1


def _check(options: Fields) -> None:
    """Refuse ids that are not unique, areas that do not fit, missing parameters."""
    areas, alertors = options["area_list"], options["alertor_configs"]
    for rows, name in ((areas, "area_id"), (alertors, "alertor_id")):
        valid(max(Counter(row[name] for row in rows).values()) == 1, name)
    known = {row["alertor_id"] for row in alertors}
    for area in areas:
        valid(set(area["alertor_ids"]) <= known, "alertor_ids")
        _check_points(area["area_type"], area["points"])
    for row in alertors:
        mask = MASK_AREA in row["alertor_type"]
        missing = [n for n in ("target_min", "target_max") if n not in row and not mask]
        given(not missing, *missing)
        valid(row.get("target_min", 0) < row.get("target_max", 1), "target_min")
        valid(row["timeRange"][0] <= row["timeRange"][1], "timeRange")


def _check_points(kind: str, points: list[Any]) -> None:
    lines = points if kind.startswith("multi_line") else [points]
    least, most = (3, 8) if kind == "polygon" else (2, 8)
    for line in lines:
        valid(isinstance(line, list) and least <= len(line) <= most, "points")
        parse(
            (array("points", each(number("x", 0, 1), number("y", 0, 1))),),
            {"points": line},
        )


async def _list(device: Device, _: Call) -> Fields:
    rows = []
    for channel in device.of_kind(pictures=False):
        rules: list[Fields] = []
        if channel.structure:
            settings = channel.structure
            rules.append(
                {
                    "ruleIndex": settings["ruleIndex"],
                    "ruleEnable": settings["ruleEnable"],
                    "algType": settings["surveillanceType"],
                    "structuresRule": structure_rule(device, settings),
                }
            )
        taken = {rule["ruleIndex"] for rule in rules}
        rules += [
            {name: rule[name] for name in sorted(rule) if name != "alertRulesValidity"}
            for number_, rule in sorted(channel.multi.items())
            if number_ not in taken
        ]
        rows.append({**video_fields(device, channel), "algRules": rules})
    return {"videos": rows}


async def _enable(device: Device, call: Call) -> None:
    channel = device.video(call.number("videoNo"))
    channel.armed = call.body["surveillanceEnabled"]


async def _abilities(_: Device, __: Call) -> Fields:
    return {"alg_infos": abilities()}


async def _rule_card(_: Device, call: Call) -> Fields:
    kind = call.number("typeNo")
    valid(kind in EVENTS, "typeNo")
    return rule_card(EVENTS[kind])


_ONE = "/multiAlgVideos/{videoNo}"

OPERATIONS = (
    Operation("POST", f"{_ONE}/multiAlert", _arm, _ARMING, multi_algorithm=True),
    Operation("GET", "/multiAlgVideos", _list, multi_algorithm=True),
    Operation(
        "POST",
        f"{_ONE}/surveillanceEnable",
        _enable,
        (switch("surveillanceEnabled"),),
        multi_algorithm=True,
    ),
    Operation("GET", "/getAlgInfos", _abilities, multi_algorithm=True),
    Operation("GET", "/getRuleTypeAttr/{typeNo}", _rule_card, multi_algorithm=True),
)
