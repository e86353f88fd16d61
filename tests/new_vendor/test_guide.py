"""CONTRIBUTING's "Add a vendor", followed to the letter in a copy of the project."""

import json
import os
from pathlib import Path
import re
import shutil
import subprocess
import sys
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
COMPONENT = Path("custom_components/vision_hub")
VENDORS = COMPONENT / "vendors" / "__init__.py"
IN_THE_DEMO = """
from scripts.lib.demo import BOXES
assert BOXES[-1].fields == {"host": "127.0.0.1", "port": 8090, "password": "toy"}
"""


def files_named_by_the_guide() -> set[str]:
    """Return the table of the files that change outside the folders of a vendor."""
    guide = (ROOT / "CONTRIBUTING.md").read_text()
    section = guide.partition("\n## Add a vendor\n")[2].partition("\n## ")[0]
    table = section.partition("| outside its folders |")[2].partition("\n\n")[0]
    return set(re.findall(r"^ *\| `([^`]+)` \|", table, re.MULTILINE))


class Project:
    """A copy of the project, in which a vendor is added."""

    def __init__(self, folder: Path) -> None:
        """Copy it."""
        self.folder = folder
        listed = ("ls-files", "--cached", "--others", "--exclude-standard")
        for name in self._git(ROOT, *listed).splitlines():
            if (source := ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, folder / name)
        self._git(folder, "init", "--quiet")
        self._git(folder, "add", "--all")

    @staticmethod
    def _git(folder: Path, *arguments: str) -> str:
        return subprocess.run(
            ["git", *arguments], cwd=folder, check=True, capture_output=True, text=True
        ).stdout

    def run(self, program: str, *arguments: str) -> tuple[int, str]:
        """Run a program of this Python; return its status and what it said."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("COV_", "PYTEST_"))
        }
        run = subprocess.run(
            [Path(sys.executable).with_name(program), *arguments],
            cwd=self.folder,
            env=kept,
            check=False,
            capture_output=True,
            text=True,
        )
        return run.returncode, run.stdout + run.stderr

    def passes(self, program: str, *arguments: str) -> None:
        """Run a program that has nothing to complain of."""
        status, said = self.run(program, *arguments)
        assert status == 0, said

    def add_folders(self) -> None:
        """Write the virtual hub, the vendor and their tests."""
        shutil.copytree(HERE / "simulator", self.folder / "simulators" / "toy")
        shutil.copytree(HERE / "vendor", self.folder / VENDORS.parent / "toy")
        tests = self.folder / "tests" / "home_assistant" / "toy"
        tests.mkdir()
        (tests / "__init__.py").write_text('"""A toy box in Home Assistant."""\n')
        shutil.copy(HERE / "in_home_assistant.py", tests / "test_box.py")

    def register(self) -> None:
        """Add the vendor to `VENDORS`."""
        path = self.folder / VENDORS
        text = path.read_text()
        last = re.findall(r"^from .*\n", text, re.MULTILINE)[-1]
        text = text.replace(last, f"from .toy import VENDOR as TOY\n{last}")
        path.write_text(re.sub(r"(for vendor in \([^)]*?),?\)", r"\1, TOY)", text))

    def add_texts(self) -> None:
        """Add the texts of the config flow in both languages."""
        texts = json.loads((HERE / "texts.json").read_text())
        for language, own in texts.items():
            path = self.folder / COMPONENT / "translations" / f"{language}.json"
            document: dict[str, Any] = json.loads(path.read_text())
            steps = document["config"]["step"]
            steps["user"]["menu_options"]["toy"] = own["name"]
            steps["toy"] = own["step"]
            content = json.dumps(document, ensure_ascii=False, indent=2)
            path.write_text(content + "\n")

    def changed(self) -> set[str]:
        """Return the files that were there and are others now."""
        return set(self._git(self.folder, "diff", "--name-only").splitlines())


@pytest.mark.timeout(300)
def test_a_vendor_is_added(tmp_path: Path) -> None:
    """Three files outside its folders change; then it is added, shown and alarms."""
    project = Project(tmp_path / "project")
    project.add_folders()
    project.register()
    status, said = project.run("python", "-m", "scripts.lib.check_texts")
    assert status == 1
    assert "en.json: no config.step.toy.data.host" in said
    project.add_texts()

    changed = project.changed()
    assert changed == files_named_by_the_guide()
    assert len(changed) == 3
    project.passes("ruff", "check", "--no-cache", ".")
    project.passes("ruff", "format", "--no-cache", "--check", ".")
    project.passes("lint-imports", "--no-cache")
    project.passes("python", "-m", "scripts.lib.check_texts")
    project.passes("pytest", "-p", "no:cacheprovider", "tests/home_assistant/toy")
    # The command line and the demo know it by its folder.
    project.passes("python", "-m", "simulators", "toy", "--help")
    project.passes("python", "-c", IN_THE_DEMO)
