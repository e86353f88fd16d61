"""Draw the brand pictures of the integration from docs/pictures/icon.svg.

Run it after a change of the icon: `.venv/bin/python -m scripts.lib.draw_brand`.
"""

from base64 import b64encode
from io import BytesIO
from pathlib import Path

import hass_frontend
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from .browser import launch

ROOT = Path(__file__).resolve().parents[2]
ICON = ROOT / "docs" / "pictures" / "icon.svg"
BRAND = ROOT / "custom_components" / "vision_hub" / "brand"
FONTS = Path(hass_frontend.where()) / "static" / "fonts" / "roboto"

# The icon, and the words of the logo beside it.
PAGE = """
<style>
  @font-face {{ font-family: brand; font-weight: 500; src: url(data:font/woff2;base64,{medium}); }}
  @font-face {{ font-family: brand; font-weight: 300; src: url(data:font/woff2;base64,{light}); }}
  body {{ margin: 0; }}
  main {{ display: inline-flex; align-items: center; height: {height}px; }}
  svg {{ height: {height}px; width: {height}px; }}
  b {{
    font: 500 {size}px/1 brand; letter-spacing: -0.02em; white-space: nowrap;
    margin-left: {gap}px; padding-right: {gap}px; color: {color};
  }}
  i {{ font: 300 {size}px/1 brand; }}
</style>
<main>{icon}{words}</main>
"""
WORDS = "<b>Vision <i>Hub</i></b>"
LIGHT, DARK = "#123a78", "#f2f7fd"


def draw(page: Page, height: int, *, words: bool = False, color: str = LIGHT) -> Image:
    """Return a picture without any margin, as high as the icon."""
    font = {
        name: b64encode((FONTS / f"Roboto-{name.capitalize()}.woff2").read_bytes())
        for name in ("medium", "light")
    }
    page.set_content(
        PAGE.format(
            icon=ICON.read_text(),
            words=WORDS if words else "",
            height=height,
            size=round(height * 0.6),
            gap=round(height * 0.19),
            color=color,
            **{name: content.decode() for name, content in font.items()},
        )
    )
    page.evaluate("document.fonts.ready")
    shot = page.locator("main").screenshot(omit_background=True)
    picture = Image.open(BytesIO(shot))
    return picture.crop(picture.getbbox())


def main() -> None:
    """Draw every picture that Home Assistant asks for."""
    BRAND.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        page = launch(playwright).new_page(viewport={"width": 2400, "height": 800})
        for suffix, scale in (("", 1), ("@2x", 2)):
            pictures = {
                "icon": draw(page, 256 * scale),
                "logo": draw(page, 128 * scale, words=True),
                "dark_logo": draw(page, 128 * scale, words=True, color=DARK),
            }
            for name, picture in pictures.items():
                path = BRAND / f"{name}{suffix}.png"
                picture.save(path, optimize=True)
                print(f"{path.relative_to(ROOT)}: {picture.width} x {picture.height}")


if __name__ == "__main__":
    main()
