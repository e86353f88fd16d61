"""Checks how the integration imports: itself by dots, components at their root."""

import ast
from collections.abc import Iterator
from pathlib import Path
import sys

INTEGRATION = Path("custom_components/vision_hub")
OWN = "custom_components.vision_hub"
COMPONENTS = "homeassistant.components."


def faults(path: Path) -> Iterator[str]:
    """Yield what is wrong in one file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf8"))):
        if isinstance(node, ast.ImportFrom) and not node.level:
            modules = [node.module or ""]
        elif isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        else:
            continue
        for module in modules:
            if module.startswith(OWN):
                yield f"{path}:{node.lineno}: import {module} by its relative name"
            elif module.startswith(COMPONENTS) and module.count(".") > 2:
                yield f"{path}:{node.lineno}: import {module} at the component's root"


def main() -> int:
    """Check every file of the integration."""
    found = [line for path in INTEGRATION.rglob("*.py") for line in faults(path)]
    print("\n".join(sorted(found)) or "Imports are in order.")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
