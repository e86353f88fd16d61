"""Clone, start the demo, log in, add a box, see an alarm."""

import re
import socket
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect
import pytest

from .conftest import PATIENCE, Album, RunningDemo

pytestmark = pytest.mark.browser

INTEGRATION = "/config/integrations/integration/vision_hub"


def log_in(page: Page, demo: RunningDemo) -> None:
    """Log in as the demo's user."""
    page.goto(demo.url)
    page.locator("input[name=username]").fill(demo.ready["username"])
    page.locator("input[name=password]").fill(demo.ready["password"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/vision-hub/cameras")
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
    expect(form.get_by_text("refuses the user name or the password")).to_be_visible()
    form.locator("input[name=password]").fill(box["password"])
    album.keep("config-flow")
    page.get_by_role("button", name="Submit").click()
    page.get_by_role("button", name=re.compile("finish", re.IGNORECASE)).click()


def section(page: Page, heading: str) -> Locator:
    """Return the dashboard's column of a channel."""
    return page.locator("hui-grid-section").filter(has_text=heading)


def test_user_journey(page: Page, demo: RunningDemo, album: Album) -> None:
    """A user looks at the first box, adds a second one and sees its alarm."""
    log_in(page, demo)
    expect_loaded(page.locator("hui-picture-entity-card img").first)

    page.goto(demo.url + INTEGRATION)
    hubs = page.locator("ha-config-entry-row")
    expect(hubs).to_have_count(1)
    add_box(page, demo, album)
    expect(hubs).to_have_count(2)
    album.keep("integration")

    page.goto(f"{demo.url}/vision-hub/cameras")
    door = section(page, ": Front door").last
    tile = door.locator("hui-tile-card").filter(has_text=re.compile(r"^\s*Intrusion"))
    expect(tile).to_contain_text("Clear")
    image = door.locator("hui-picture-entity-card").filter(has_text="Last alarm")
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
    tile.scroll_into_view_if_needed()
    album.keep("alarm")


def expect_loaded(picture: Locator) -> None:
    """Wait until a picture has come."""
    expect(picture).to_be_attached()
    picture.page.wait_for_function(
        "e => e.naturalWidth > 0", arg=picture.element_handle(), timeout=PATIENCE
    )


def test_ctrl_c(demo: RunningDemo) -> None:
    """Ctrl-C stops all of it."""
    ports = [urlsplit(demo.url).port]
    ports += [box["fields"]["port"] for box in demo.ready["boxes"]]
    assert demo.stop() == 0
    for port in ports:
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port or 0)) != 0
    log = (demo.state / "config" / "home-assistant.log").read_text()
    assert " ERROR " not in log, log
