"""A demo of its own, and a browser to look at it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
import json
import os
from pathlib import Path
import signal
import subprocess
import time
from typing import Any
from urllib.request import Request, urlopen

from playwright.sync_api import Browser, Page, expect, sync_playwright
import pytest

from scripts.lib.browser import find_browser, launch

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30_000
"""Milliseconds that a user waits for something on the page."""

FAILED = pytest.StashKey[bool]()

expect.set_options(timeout=PATIENCE)


@dataclass
class RunningDemo:
    """What `scripts/demo` says of itself."""

    process: subprocess.Popen[str]
    state: Path
    ready: dict[str, Any]

    @property
    def url(self) -> str:
        """Home Assistant's address."""
        return str(self.ready["url"])

    def box(self, *, added: bool) -> dict[str, Any]:
        """What a user types to add the demo's box, or the one that waits."""
        box = next(box for box in self.ready["boxes"] if box["added"] is added)
        return dict(box["fields"])

    def press(self, box: dict[str, Any], command: str, **arguments: Any) -> None:
        """Press a button of a box's control page."""
        url = f"http://{box['host']}:{box['port']}/_control/{command}"
        request = Request(url, json.dumps(arguments).encode(), method="POST")
        with urlopen(request, timeout=10) as answer:
            assert json.load(answer)["ok"]

    def stop(self) -> int:
        """Press Ctrl-C; return the status it ends with."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)


@contextmanager
def started(state: Path) -> Iterator[RunningDemo]:
    """Run `scripts/demo` on free ports."""
    command = [ROOT / "scripts" / "demo", "--state", state, "--port", "0"]
    log = state.with_suffix(".log")
    with log.open("w") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, text=True
        )
    ready = state / "demo.json"
    try:
        end = time.monotonic() + 240
        while not ready.exists():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.2)
        yield RunningDemo(process, state, json.loads(ready.read_text()))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    """Start a demo from nothing."""
    with started(tmp_path_factory.mktemp("demo") / "state") as demo:
        yield demo


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the browser."""
    if find_browser() is None:
        pytest.skip("no chromium")
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


class Album:
    """Keeps screenshots, for the README and for whoever wonders what went wrong."""

    def __init__(self, page: Page, folder: Path) -> None:
        self._page = page
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def keep(self, name: str) -> None:
        """Take one when the pictures on the page have come."""
        self._page.wait_for_timeout(1500)
        self._page.screenshot(path=self._folder / f"{name}.png")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a window that nobody is logged in to."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 1000}, locale="en-US"
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    yield page
    context.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Remember for the album how the test ended."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture
def album(page: Page, request: pytest.FixtureRequest) -> Iterator[Album]:
    """Keep pictures where scripts/test-browser wants them."""
    folder = os.environ.get("VISION_HUB_PICTURES") or ROOT / ".demo" / "pictures"
    album = Album(page, Path(folder))
    yield album
    if request.node.stash.get(FAILED, True):
        album.keep("failed")
