"""Check what Home Assistant reads besides Python: texts, icons, actions, manifest.

Prints one line for each thing that is wrong. The part of hassfest that needs no
checkout of Home Assistant, and a little more.
"""

from collections.abc import Iterable, Iterator
import json
from pathlib import Path
import re
import runpy
import subprocess
import sys
import tomllib
from typing import Any

import yaml

from custom_components.vision_hub.vendors import VENDORS

ROOT = Path(__file__).resolve().parents[2]
COMPONENT = ROOT / "custom_components" / "vision_hub"

# What takes a description: file, its place in the texts and in icons.json.
DESCRIBED = {
    "services.yaml": "services",
    "triggers.yaml": "triggers",
    "conditions.yaml": "conditions",
}

# Home Assistant's integration quality scale, Bronze to Platinum.
RULES = [
    "action-setup",
    "appropriate-polling",
    "brands",
    "common-modules",
    "config-flow-test-coverage",
    "config-flow",
    "dependency-transparency",
    "docs-actions",
    "docs-conditions",
    "docs-high-level-description",
    "docs-installation-instructions",
    "docs-removal-instructions",
    "docs-triggers",
    "entity-event-setup",
    "entity-unique-id",
    "has-entity-name",
    "runtime-data",
    "test-before-configure",
    "test-before-setup",
    "unique-config-entry",
    "action-exceptions",
    "config-entry-unloading",
    "docs-configuration-parameters",
    "docs-installation-parameters",
    "entity-unavailable",
    "integration-owner",
    "log-when-unavailable",
    "parallel-updates",
    "reauthentication-flow",
    "test-coverage",
    "devices",
    "diagnostics",
    "discovery-update-info",
    "discovery",
    "docs-data-update",
    "docs-examples",
    "docs-known-limitations",
    "docs-supported-devices",
    "docs-supported-functions",
    "docs-troubleshooting",
    "docs-use-cases",
    "dynamic-devices",
    "entity-category",
    "entity-device-class",
    "entity-disabled-by-default",
    "entity-translations",
    "exception-translations",
    "icon-translations",
    "reconfiguration-flow",
    "repair-issues",
    "stale-devices",
    "async-dependency",
    "inject-websession",
    "strict-typing",
]

type Problems = Iterator[str]


class Loader(yaml.SafeLoader):
    """Reads tags such as !input as plain values."""


def _plain(loader: Loader, _: str, node: yaml.Node) -> Any:  # noqa: ANN401
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node)
    return node.value


Loader.add_multi_constructor("!", _plain)


def read_yaml(path: Path) -> Any:  # noqa: ANN401
    """Return what a YAML file says; Home Assistant's own tags are not followed."""
    return yaml.load(path.read_text(encoding="utf8"), Loader)  # noqa: S506


def read_json(path: Path) -> Any:  # noqa: ANN401
    """Return what a JSON file says."""
    return json.loads(path.read_text(encoding="utf8"))


def flat(node: Any, path: str = "") -> dict[str, str]:  # noqa: ANN401
    """Return every text with the way to it."""
    if isinstance(node, dict):
        texts: dict[str, str] = {}
        for key, value in node.items():
            texts |= flat(value, f"{path}.{key}" if path else key)
        return texts
    return {path: str(node)}


def files(*suffixes: str) -> list[Path]:
    """Return the project's files, without what git ignores."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(
        command, cwd=ROOT, capture_output=True, check=True, text=True
    )
    names = filter(None, listed.stdout.split("\0"))
    paths = [ROOT / name for name in names if name.endswith(suffixes)]
    return [path for path in paths if path.is_file()]


def check_syntax() -> Problems:
    """Every JSON and YAML file can be read."""
    for path in files(".json", ".yaml", ".yml"):
        try:
            read_json(path) if path.suffix == ".json" else read_yaml(path)
        except (ValueError, yaml.YAMLError) as error:
            yield f"{path.relative_to(ROOT)}: {error}"


def check_languages() -> Problems:
    """English and Chinese say the same, each in its language."""
    english = flat(read_json(COMPONENT / "translations" / "en.json"))
    chinese = flat(read_json(COMPONENT / "translations" / "zh-Hans.json"))
    for name, missing in (
        ("zh-Hans", english.keys() - chinese.keys()),
        ("en", chinese.keys() - english.keys()),
    ):
        yield from (f"{name}.json: no {key}" for key in sorted(missing))
    for key in sorted(english.keys() & chinese.keys()):
        marks = [
            sorted(set(re.findall(r"\{(\w+)\}", text)))
            for text in (english[key], chinese[key])
        ]
        if marks[0] != marks[1]:
            yield f"{key}: placeholders differ: {marks[0]} and {marks[1]}"
        words = re.sub(r"\{\w+\}|Vision Hub", "", english[key])
        if re.search(r"[a-z]{3}", words) and not re.search(r"[一-鿿]", chinese[key]):
            yield f"zh-Hans.json: {key} is not Chinese: {chinese[key]}"
        if re.search(r"[一-鿿]", english[key]):
            yield f"en.json: {key} is not English: {english[key]}"
        for language, text in (("en", english[key]), ("zh-Hans", chinese[key])):
            if text != text.strip() or not text or "[%key:" in text:
                yield f"{language}.json: {key} is empty, padded or a reference"


def check_forms() -> Problems:
    """Every field of a form is explained, and nothing else."""
    texts = read_json(COMPONENT / "translations" / "en.json")
    for flow in ("config", "options"):
        for name, step in texts.get(flow, {}).get("step", {}).items():
            data, explained = step.get("data", {}), step.get("data_description", {})
            for key in sorted(data.keys() ^ explained.keys()):
                yield f"en.json: {flow}.step.{name}: {key} in data or data_description only"


def check_vendors() -> Problems:
    """Whatever a vendor asks its users for is named."""
    texts = flat(read_json(COMPONENT / "translations" / "en.json"))
    for vendor in VENDORS.values():
        asked = [field.name for field in vendor.fields]
        choices = {
            f"selector.{field.name}.options.{choice}"
            for field in (*vendor.fields, *vendor.options)
            for choice in field.choices
        }
        wanted = {
            f"config.step.user.menu_options.{vendor.id}",
            *(f"config.step.{vendor.id}.{key}" for key in ("title", "description")),
            *(f"config.step.{vendor.id}.data.{name}" for name in asked),
            *(f"config.step.reconfigure.data.{name}" for name in asked),
            *(f"options.step.init.data.{field.name}" for field in vendor.options),
            *choices,
        }
        yield from (f"en.json: no {key}" for key in sorted(wanted - texts.keys()))


def described_fields(fields: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return all fields, also those in sections."""
    for name, value in fields.items():
        if value and "fields" in value:
            yield from described_fields(value["fields"])
        else:
            yield name, value or {}


def check_selector(field: dict[str, Any], texts: Any) -> Problems:  # noqa: ANN401
    """Every option of a select has its text."""
    select = (field.get("selector") or {}).get("select") or {}
    if key := select.get("translation_key"):
        options = texts.get("selector", {}).get(key, {}).get("options", {})
        for option in select.get("options", ()):
            name = option if isinstance(option, str) else option["value"]
            if name not in options:
                yield f"en.json: no selector.{key}.options.{name}"


def check_described() -> Problems:
    """Actions, triggers and conditions have names, descriptions and icons."""
    texts = read_json(COMPONENT / "translations" / "en.json")
    icons = read_json(COMPONENT / "icons.json")
    for file, section in DESCRIBED.items():
        if not (COMPONENT / file).exists():
            continue
        content = read_yaml(COMPONENT / file) or {}
        for name, value in content.items():
            if name.startswith("."):
                continue
            said = texts.get(section, {}).get(name, {})
            for key in ("name", "description"):
                if key not in said:
                    yield f"en.json: no {section}.{name}.{key}"
            if name not in icons.get(section, {}):
                yield f"icons.json: no {section}.{name}"
            fields = dict(described_fields((value or {}).get("fields") or {}))
            said_fields = said.get("fields", {})
            for field, details in fields.items():
                place = f"{section}.{name}.fields.{field}"
                for key in ("name", "description"):
                    if key not in said_fields.get(field, {}):
                        yield f"en.json: no {place}.{key}"
                yield from check_selector(details, texts)
            for field in said_fields.keys() - fields.keys():
                yield f"en.json: {section}.{name} has no field {field}"
        for name in sorted(texts.get(section, {}).keys() - content.keys()):
            yield f"en.json: {section}.{name} is not in {file}"
        for name in sorted(icons.get(section, {}).keys() - content.keys()):
            yield f"icons.json: {section}.{name} is not in {file}"


def check_entities() -> Problems:
    """Icons and keys in the code have texts; every kind of alarm has a name."""
    texts = read_json(COMPONENT / "translations" / "en.json")
    icons = read_json(COMPONENT / "icons.json")
    for platform, keys in icons.get("entity", {}).items():
        for key in sorted(keys.keys() - texts["entity"].get(platform, {}).keys()):
            yield f"icons.json: entity.{platform}.{key} has no text"
    known: set[str] = set()
    for section in ("exceptions", "issues", "selector"):
        known |= texts.get(section, {}).keys()
    for platform in texts["entity"].values():
        known |= platform.keys()
    for path in COMPONENT.rglob("*.py"):
        for key in re.findall(r"translation_key=\"(\w+)\"", path.read_text("utf8")):
            if key not in known:
                yield f"{path.relative_to(ROOT)}: no text for {key}"
    yield from check_kinds(texts)


def check_kinds(texts: Any) -> Problems:  # noqa: ANN401
    """Every kind of alarm has a name wherever kinds are shown."""
    # Alone: the package around it needs Home Assistant.
    kinds = runpy.run_path(str(COMPONENT / "vendors" / "kinds.py"))
    entity = texts["entity"]
    events = entity["event"]["alarm"]["state_attributes"]["event_type"]["state"]
    for kind, traits in kinds["TRAITS"].items():
        if traits.hold is not None and kind.value not in entity["binary_sensor"]:
            yield f"en.json: no entity.binary_sensor.{kind.value}"
        if traits.group is not kinds["AlarmGroup"].FACE and kind.value not in events:
            yield f"en.json: no event type {kind.value} of entity.event.alarm"


def check_quality() -> Problems:
    """Every rule of the quality scale is done, or exempt for a reason."""
    rules = read_yaml(COMPONENT / "quality_scale.yaml")["rules"]
    for rule in RULES:
        match rules.get(rule):
            case None:
                yield f"quality_scale.yaml: no {rule}"
            case "done" | {"status": "done"}:
                pass
            case {"status": "exempt", "comment": str()}:
                pass
            case other:
                yield f"quality_scale.yaml: {rule}: {other}"
    yield from (
        f"quality_scale.yaml: {rule} is not a rule"
        for rule in rules
        if rule not in RULES
    )


def check_manifest() -> Problems:
    """Keys of the manifest are sorted; it agrees with the rest of the project."""
    manifest = read_json(COMPONENT / "manifest.json")
    keys = list(manifest)
    if keys != ["domain", "name", *sorted(set(keys) - {"domain", "name"})]:
        yield "manifest.json: domain, name, then the other keys by name"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    if manifest["version"] != project["version"]:
        yield "manifest.json: another version than pyproject.toml"
    pinned = (ROOT / "requirements" / "dev.txt").read_text().splitlines()
    for requirement in manifest["requirements"]:
        if requirement not in pinned:
            yield f"manifest.json: {requirement} is not what requirements/dev.txt has"


CHECKS = (
    check_syntax,
    check_languages,
    check_forms,
    check_vendors,
    check_described,
    check_entities,
    check_quality,
    check_manifest,
)


def problems() -> Iterable[str]:
    """Return all that is wrong."""
    for check in CHECKS:
        yield from check()


if __name__ == "__main__":
    found = list(dict.fromkeys(problems()))
    print("\n".join(found) or "Texts, icons and manifest are in order.")
    sys.exit(bool(found))
