"""Debian's chromium, driven by playwright: no browser is downloaded."""

import os
import shutil

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_browser() -> str | None:
    """Return where the browser of this machine is; CHROMIUM names another."""
    if chosen := os.environ.get("CHROMIUM"):
        return chosen
    return next(filter(None, map(shutil.which, NAMES)), None)


def launch(playwright: Playwright) -> Browser:
    """Start the browser."""
    path = find_browser()
    if path is None:
        raise FileNotFoundError("no chromium: install it, or name it in CHROMIUM")
    return playwright.chromium.launch(executable_path=path, args=[*ARGUMENTS])
