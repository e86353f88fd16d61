"""Every repair has its words in both languages, and a section of the guide."""

import json
from pathlib import Path

import pytest

from custom_components.vision_hub.guide import SECTIONS
from custom_components.vision_hub.repairs import ISSUES

ROOT = Path(__file__).parents[2]
TEXTS = ROOT / "custom_components" / "vision_hub" / "translations"


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_words(language: str) -> None:
    texts = json.loads((TEXTS / f"{language}.json").read_text("utf8"))["issues"]
    assert texts.keys() == SECTIONS.keys()
    for key, text in texts.items():
        assert text["title"], key
        assert text.get("description") or text["fix_flow"]["step"], key


def test_all_are_known() -> None:
    assert {issue.key for issue in ISSUES} <= SECTIONS.keys()


@pytest.mark.parametrize("guide", ["troubleshooting.md", "troubleshooting.zh-Hans.md"])
def test_sections(guide: str) -> None:
    """An anchor stands right before its headline, and is there once."""
    lines = [
        line for line in (ROOT / "docs" / guide).read_text("utf8").split("\n") if line
    ]
    for anchor in set(SECTIONS.values()):
        (place,) = (
            i for i, line in enumerate(lines) if line == f'<a id="{anchor}"></a>'
        )
        assert lines[place + 1].startswith("### "), anchor
