"""Make one file for each format and hiding place, and a manifest of what is planted where.

In:    a folder to write to; optionally the families wanted.
Out:   FOLDER/FAMILY/NAME for each file, FOLDER/manifest.json beside them.
Never: anything random or real: two runs give the same bytes.

Run: .venv/bin/python -m tests.data.files.make_files FOLDER [--family NAME]... [--produce]

A family is a module in this folder that has `files()`, which yields `Made`; to add one, add a module. It may also have

- `clean()`, which yields `Made` with nothing planted: files that resemble those with findings and must have none;
- `produce(folder)`, which makes the files in `committed/` anew with the programs that people make them with.

`--produce` calls the latter. Tests do not: what needs a large program is made once, by whoever changes it.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.data.files.planting import COMMITTED, Made, every

_HERE = Path(__file__).parent
_FRAME = {"make_files", "planting"}


def families() -> dict[str, ModuleType]:
    """Return name -> module of every family there is."""
    names = sorted(path.stem for path in _HERE.glob("*.py") if path.stem not in _FRAME)
    modules = {name: import_module(f"tests.data.files.{name}") for name in names}
    return {name: module for name, module in modules.items() if hasattr(module, "files")}


def files(family: ModuleType) -> Iterator[Made]:
    """Yield the files of a family that have something planted in them, or something that cannot be read."""
    yield from every(family.files())


def clean(family: ModuleType) -> Iterator[Made]:
    """Yield the files of a family that have nothing to find."""
    if hasattr(family, "clean"):
        yield from every(family.clean())


def entry(family: str, made: Made) -> dict[str, Any]:
    """Return a file's line of the manifest."""
    return {
        "file": f"{family}/{made.name}",
        "format": made.format,
        "planted": [asdict(one) for one in made.planted],
        "gaps": [{"place": place, "why": why} for place, why in made.gaps],
    }


def main(arguments: Sequence[str]) -> int:
    """Write everything; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where to write")
    parser.add_argument("--family", action="append", help="only this family; may be given again")
    parser.add_argument("--produce", action="store_true", help="first make the committed files with their programs")
    chosen = parser.parse_args(arguments)
    manifest: list[dict[str, Any]] = []
    for name, family in families().items():
        if chosen.family and name not in chosen.family:
            continue
        if chosen.produce and hasattr(family, "produce"):
            COMMITTED.mkdir(exist_ok=True)
            family.produce(COMMITTED)
        folder: Path = chosen.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        for made in (*files(family), *clean(family)):
            (folder / made.name).write_bytes(made.data)
            manifest.append(entry(name, made))
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    (chosen.folder / "manifest.json").write_text(text + "\n", "utf-8")
    sys.stdout.write(f"{len(manifest)} files in {chosen.folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
