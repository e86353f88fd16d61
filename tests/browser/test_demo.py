"""Clone, start the demo, log in, add a box, see an alarm."""

import re
import socket
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect
import pytest

from .conftest import PATIENCE, Album, RunningDemo, started

pytestmark = pytest.mark.browser

INTEGRATION = "/config/integrations/integration/vision_hub"
MEDIA = "/media-browser/browser/app%2Cmedia-source%3A%2F%2Fvision_hub"
# Something for each camera of the demo's box.
ALGORITHMS = (
    "FieldDetectorObjectsInside",
    "AbnormalParkingDetection",
    "SafetyHelmetAlarm",
    "AreaPeopleCounting",
)


def log_in(page: Page, demo: RunningDemo) -> None:
    """Log in as the demo's user."""
    page.goto(demo.url)
    page.locator("input[name=username]").fill(demo.ready["username"])
    page.locator("input[name=password]").fill(demo.ready["password"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/vision-hub/cameras-1")
    expect(page.get_by_text("Front door").first).to_be_visible()


def add_box(page: Page, demo: RunningDemo, album: Album) -> None:
    """Add the box that waits, by what its form asks for."""
    page.get_by_role("button", name="Add hub").click()
    page.get_by_text("Uniview edge box").last.click()
    box = demo.box(added=False)
    form = page.locator("step-flow-form")
    form.locator("input[name=host]").fill(str(box["host"]))
    form.locator("input[type=number]").fill(str(box["port"]))
    form.locator("input[name=username]").fill(box["username"])
    form.locator("input[name=password]").fill("not the password")
    page.get_by_role("button", name="Submit").click()
    expect(form.get_by_text("refuses the login")).to_be_visible()
    form.locator("input[name=password]").fill(box["password"])
    album.keep("config-flow")
    page.get_by_role("button", name="Submit").click()
    page.get_by_role("button", name=re.compile("finish", re.IGNORECASE)).click()


def section(page: Page, heading: str) -> Locator:
    """Return the dashboard's column of a channel."""
    named = page.get_by_role("heading", name=heading)
    return page.locator("hui-grid-section").filter(has=named)


def test_user_journey(page: Page, demo: RunningDemo, album: Album) -> None:
    """A user looks at the first box, adds a second one and sees its alarm."""
    log_in(page, demo)
    expect_loaded(page.locator("hui-picture-entity-card img").first)

    page.goto(demo.url + INTEGRATION)
    hubs = page.locator("ha-config-entry-row")
    present = sum(box["added"] for box in demo.ready["boxes"])
    expect(hubs).to_have_count(present)
    add_box(page, demo, album)
    expect(hubs).to_have_count(present + 1)
    album.keep("integration")

    page.goto(f"{demo.url}/vision-hub/cameras-{present + 1}")
    door = section(page, "Front door")
    tile = door.locator("hui-tile-card").filter(has_text=re.compile(r"^\s*Intrusion"))
    expect(tile).to_contain_text("Clear")
    live, image = (door.locator("hui-picture-entity-card").nth(n) for n in (0, 1))
    expect(live).to_be_visible()
    expect(image).to_be_hidden()

    box = demo.box(added=False)
    alarm = {"channel_id": 1, "algo_model": "FieldDetectorObjectsInside"}
    demo.press(box, "alarm", **alarm)
    expect(tile).to_contain_text("Detected")
    expect(image).to_be_visible()
    picture = image.locator("img")
    expect_loaded(picture)
    first = picture.get_attribute("src")

    demo.press(box, "alarm", **alarm)
    expect(picture).not_to_have_attribute("src", first or "")
    expect_loaded(picture)
    expect_loaded(live.locator("img"))
    album.keep("alarm")


def expect_loaded(picture: Locator) -> None:
    """Wait until a picture has come."""
    expect(picture).to_be_attached()
    picture.page.wait_for_function(
        "e => e.naturalWidth > 0", arg=picture.element_handle(), timeout=PATIENCE
    )


def test_what_was_recorded(page: Page, demo: RunningDemo, album: Album) -> None:
    """Every camera shows its last alarm; the media browser has all of them."""
    box = demo.box(added=True)
    for channel, algorithm in enumerate(ALGORITHMS, 1):
        demo.press(box, "alarm", channel_id=channel, algo_model=algorithm)
    log_in(page, demo)
    for name in ("Front door", "Loading bay", "Workshop", "Checkout"):
        column = section(page, name)
        expect(column.locator("hui-tile-card").first).to_be_visible()
        expect_loaded(column.locator("hui-picture-entity-card img").last)
    album.keep("dashboard")

    page.goto(demo.url + MEDIA)
    folders = page.locator("ha-media-player-browse .child")
    folders.first.click()
    folders.filter(has_text="Front door").click()
    folders.first.click()
    expect(folders.filter(has_text="Intrusion").first).to_be_visible()
    album.keep("media")

    page.goto(demo.url + INTEGRATION)
    page.get_by_text("Front door").first.click()
    expect(page.get_by_text("Last alarm").first).to_be_visible()
    album.keep("device")


def test_ctrl_c(demo: RunningDemo) -> None:
    """Ctrl-C stops all of it; a second start goes on where the first one ended."""
    assert demo.stop() == 0
    for port in ports(demo):
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0
    check_log(demo)

    with started(demo.state) as again:
        assert again.ready["boxes"]
    check_log(again)


def ports(demo: RunningDemo) -> list[int]:
    """Return where a demo listens."""
    boxes = [box["port"] for box in demo.ready["boxes"]]
    return [urlsplit(demo.url).port or 0, *boxes]


def check_log(demo: RunningDemo) -> None:
    """Home Assistant had nothing to complain of."""
    log = (demo.state / "config" / "home-assistant.log").read_text()
    assert " ERROR " not in log, log
    assert "custom integration 'vision_hub'" not in log, log
