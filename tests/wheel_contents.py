"""Check that a built wheel holds the product and nothing else: `python tests/wheel_contents.py dist/*.whl`."""

import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("cerco", "proxy_addons", "recognizers")


def expected() -> set[str]:
    """Return the paths a wheel of this checkout must hold, leaving its own metadata out."""
    code = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    rules = {
        f"cerco/rules/{path.relative_to(ROOT / 'rules')}" for path in (ROOT / "rules").rglob("*") if path.is_file()
    }
    return code | rules


def main(wheel: Path) -> int:
    """Compare and report; 0 if the wheel is as it should be."""
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    wanted = expected()
    for name in sorted(wanted - held):
        print(f"{wheel.name}: lacks {name}")
    for name in sorted(held - wanted):
        print(f"{wheel.name}: should not hold {name}")
    if wanted == held:
        rules = sum(name.startswith("cerco/rules/") for name in held)
        print(f"{wheel.name}: {len(held)} files, {rules} of them rules: as it should be")
    return int(wanted != held)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
