"""The demo's dashboard, made from what Home Assistant knows of the hubs' entities."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .home import Commands

type Card = dict[str, Any]

URL_PATH = "vision-hub"
PLATFORM = "vision_hub"


@dataclass
class Device:
    """A hub or a channel, with the entities that people look at every day."""

    id: str
    name: str
    via: str | None
    area: str | None
    entities: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    diagnostics: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


async def read_devices(commands: Commands) -> list[Device]:
    """Return hubs and channels in the order in which they were added."""
    entities = await commands.run("config/entity_registry/list")
    devices = {
        row["id"]: Device(
            id=row["id"],
            name=row["name_by_user"] or row["name"],
            via=row["via_device_id"],
            area=row["area_id"],
        )
        for row in await commands.run("config/device_registry/list")
        if any(domain == PLATFORM for domain, *_ in row["identifiers"])
    }
    for row in entities:
        hidden = row["disabled_by"] or row["hidden_by"]
        if row["platform"] == PLATFORM and row["device_id"] in devices and not hidden:
            device = devices[row["device_id"]]
            domain = row["entity_id"].partition(".")[0]
            kept = device.diagnostics if row["entity_category"] else device.entities
            kept[domain].append(row["entity_id"])
    return list(devices.values())


async def save_dashboard(commands: Commands) -> bool:
    """Write the dashboard anew, unless somebody changed it; tell whether it is ours."""
    boards = await commands.run("lovelace/dashboards/list")
    if not any(board["url_path"] == URL_PATH for board in boards):
        await commands.run(
            "lovelace/dashboards/create",
            url_path=URL_PATH,
            title="Vision Hub",
            icon="mdi:cctv",
            mode="storage",
        )
    else:
        present = await commands.run("lovelace/config", url_path=URL_PATH, force=True)
        if not present.get("made_by_demo"):
            return False
    config = build_dashboard(await read_devices(commands))
    await commands.run("lovelace/config/save", url_path=URL_PATH, config=config)
    return True


def build_dashboard(devices: Iterable[Device]) -> Card:
    """Return a tab for each hub."""
    devices = list(devices)
    hubs = [device for device in devices if device.via is None]
    return {
        "made_by_demo": True,
        "title": "Vision Hub",
        "views": [
            hub_view(
                hub, [device for device in devices if device.via == hub.id], number
            )
            for number, hub in enumerate(hubs, 1)
        ],
    }


def hub_view(hub: Device, channels: list[Device], number: int) -> Card:
    """Return a column for each channel, and below them what happened lately."""
    return {
        "title": hub.name,
        "path": f"cameras-{number}",
        "type": "sections",
        "max_columns": 4,
        "badges": [
            {"type": "entity", "entity": entity, "show_name": True}
            for entity in hub.diagnostics["binary_sensor"]
        ],
        "header": {"layout": "start", "badges_position": "bottom"},
        "sections": [
            *(channel_section(channel) for channel in channels),
            *recent_section(channels),
        ],
    }


def recent_section(devices: Iterable[Device]) -> list[Card]:
    """Return what happened lately, in words."""
    events = [entity for device in devices for entity in device.entities["event"]]
    if not events:
        return []
    return [
        {
            "type": "grid",
            "column_span": 4,
            "cards": [
                {
                    "type": "heading",
                    "heading": "Recent alarms",
                    "icon": "mdi:history",
                    "tap_action": {
                        "action": "navigate",
                        "navigation_path": "/media-browser/browser/"
                        f"app%2Cmedia-source%3A%2F%2F{PLATFORM}",
                    },
                    "badges": [],
                },
                {
                    "type": "logbook",
                    "target": {"entity_id": events},
                    "hours_to_show": 24,
                    "grid_options": {"columns": "full", "rows": 6},
                },
            ],
        }
    ]


def channel_section(channel: Device) -> Card:
    """Return one channel: live, last pictures, last events, what is on."""
    entities = channel.entities
    cards: list[Card] = [
        {
            "type": "heading",
            "heading": channel.name,
            "icon": "mdi:cctv",
            "badges": [
                {"type": "entity", "entity": entity, "show_state": True}
                for entity in channel.diagnostics["binary_sensor"][:1]
            ],
            "tap_action": {
                "action": "navigate",
                "navigation_path": f"/config/devices/device/{channel.id}",
            },
        }
    ]
    cards += [
        {
            "type": "picture-entity",
            "entity": entity,
            "camera_view": "auto",
            "show_name": False,
            "show_state": False,
            "aspect_ratio": "16x9",
            "grid_options": {"columns": "full"},
        }
        for entity in entities["camera"]
    ]
    # The scene of the last alarm is as wide as the camera; a face is a small picture.
    scenes, faces = entities["image"][:1], entities["image"][1:]
    cards += [image_card(entity, columns=12) for entity in scenes]
    cards += [
        {
            "type": "tile",
            "entity": entity,
            "name": {"type": "entity"},
            "color": "amber",
            "state_content": ["event_type", "state"],
            "visibility": seen(entity),
            "grid_options": {"columns": 12},
        }
        for entity in entities["event"]
    ]
    cards += [image_card(entity, columns=6) for entity in faces]
    cards += [
        {
            "type": "tile",
            "entity": entity,
            "name": {"type": "entity"},
            "color": "red",
            "grid_options": {"columns": 6},
        }
        for entity in entities["binary_sensor"]
    ]
    return {"type": "grid", "cards": cards}


def image_card(entity: str, *, columns: int) -> Card:
    """Return a picture that is not there before there is one."""
    return {
        "type": "picture-entity",
        "entity": entity,
        "show_name": False,
        "show_state": False,
        "visibility": seen(entity),
        "aspect_ratio": "16x9",
        "fit_mode": "cover" if columns == 12 else "contain",
        "grid_options": {"columns": columns},
    }


def seen(entity: str) -> list[Card]:
    """Return the condition that something has happened."""
    return [
        {
            "condition": "state",
            "entity": entity,
            "state_not": ["unknown", "unavailable"],
        }
    ]
