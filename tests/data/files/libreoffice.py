"""What LibreOffice makes of documents with many hiding places: every format it can save them in.

The files are in committed/office. They were made with LibreOffice 7.4.7 as Debian 12 packages it without a desktop
(libreoffice-writer-nogui, -calc-nogui, -impress-nogui and python3-uno), by `make_files --produce --family libreoffice`:
a document that `word`, `excel` or `slides` writes is opened, and saved in each format. What a format cannot hold, or
LibreOffice does not put into it, is in no list below.
"""

import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import olefile  # type: ignore[import-untyped]

from tests.data.files import excel, slides, word
from tests.data.files.compound import compound
from tests.data.files.planting import Made, Planted, committed

type Everything = Callable[[str], tuple[bytes, tuple[tuple[str, str], ...]]]

_FOLDER = "office"


@dataclass(frozen=True, slots=True)
class _Saved:
    """A format that a document was saved in: what it was before, and the place of each hiding place in it."""

    suffix: str
    source: str
    everything: Everything
    places: Mapping[str, tuple[str, ...]]

    @property
    def name(self) -> str:
        """The name of the file."""
        return f"saved.{self.suffix}"


_TEXT: Mapping[str, tuple[str, ...]] = {
    "body": ("body",),
    "split over runs": ("body",),
    "table": ("body",),
    "tracked insertion": ("body",),
    "tracked deletion": ("body (before changes)",),
    "hidden text": ("body (with hidden text)",),
    "header": ("header",),
    "footer": ("footer",),
    "footnote": ("footnotes",),
    "endnote": ("endnotes",),
    "comment": ("comments",),
    "text box": ("body",),
    "title": ("properties (title)",),
    "keywords": ("properties",),
    "custom property": ("properties",),
}
_SHEETS: Mapping[str, tuple[str, ...]] = {
    "cell": ("客人", "A4"),
    "number": ("客人", "B5"),
    "number shown as 0(0)": ("客人", "B6"),
    "result of a formula": ("客人", "B7"),
    "row that is hidden": ("客人", "A8"),
    "column that is hidden": ("客人", "D9"),
    "sheet that is hidden": ("名單 (hidden)", "C7"),
    "comment": ("客人", "comments on B3"),
    "page header": ("客人", "outside of cells"),
    "list of a validation": ("客人", "outside of cells"),
    "prompt": ("客人", "outside of cells"),
    "text box": ("客人", "drawing 1"),
    "defined name": ("workbook",),
    "title": ("properties (title)",),
    "description": ("properties",),
    "custom property": ("properties",),
}
_SLIDES: Mapping[str, tuple[str, ...]] = {
    "text": ("slide 2",),
    "split over runs": ("slide 2",),
    "table": ("slide 2",),
    "slide that is hidden": ("slide 3 (hidden)",),
    "notes": ("slide 2", "notes"),
    "comment": ("slide 2", "comments"),
    "alternative text": ("slide 2 (names and links)",),
    "master": ("slide master",),
    "title": ("properties (title)",),
    "keywords": ("properties",),
}
_OPEN_TEXT = {
    **_TEXT,
    "hidden text": ("body",),
    "tracked deletion": ("deleted text",),
    "header": ("headers and footers",),
    "footer": ("headers and footers",),
    "footnote": ("notes",),
    "endnote": ("notes",),
}
_OPEN_SHEETS = {
    **_SHEETS,
    "page header": ("headers and footers",),
    "list of a validation": ("names and links",),
    "prompt": ("outside of sheets",),
    "text box": ("客人", "F6"),
    "defined name": ("names and links",),
}
_OPEN_SLIDES = {**_SLIDES, "master": ("body",), "alternative text": ("slide 2",)}
_OLD_TEXT = {
    **_TEXT,
    "header": ("headers and footers",),
    "footer": ("headers and footers",),
    "text box": ("text boxes",),
}
_OLD_SHEETS = {
    **_SHEETS,
    "page header": ("客人", "headers and footers"),
    "list of a validation": ("客人", "validations"),
    "prompt": ("客人", "validations"),
    "text box": ("客人", "text boxes"),
    "defined name": ("names",),
}
_RICH_TEXT = {**_TEXT, "endnote": ("footnotes",)}
_LOST = {"rtf": {"text box"}, "ppt": {"alternative text"}, "pptx": {"alternative text"}}  # on the way into the format

_SAVED = (
    _Saved("docx", "docx", word.everything, _TEXT),
    _Saved("doc", "docx", word.everything, _OLD_TEXT),
    _Saved("rtf", "docx", word.everything, _RICH_TEXT),
    _Saved("odt", "docx", word.everything, _OPEN_TEXT),
    _Saved("fodt", "docx", word.everything, {**_OPEN_TEXT, "tracked deletion": ("body",)}),
    _Saved("xlsx", "xlsx", excel.everything, _SHEETS),
    _Saved("xls", "xlsx", excel.everything, _OLD_SHEETS),
    _Saved("ods", "xlsx", excel.everything, _OPEN_SHEETS),
    _Saved("fods", "xlsx", excel.everything, _OPEN_SHEETS),
    _Saved("pptx", "pptx", slides.everything, _SLIDES),
    _Saved("ppt", "pptx", slides.everything, _SLIDES),
    _Saved("odp", "pptx", slides.everything, _OPEN_SLIDES),
    _Saved("fodp", "pptx", slides.everything, _OPEN_SLIDES),
)


def files() -> Iterator[Made]:
    """Yield each document as LibreOffice saved it."""
    for saved in _SAVED:
        values = dict(saved.everything(saved.name)[1])
        here = tuple(
            Planted(hiding, (saved.name, *place), values[hiding])
            for hiding, place in saved.places.items()
            if hiding not in _LOST.get(saved.suffix, ())
        )
        yield Made(saved.name, saved.suffix, committed(f"{_FOLDER}/{saved.name}"), here)
    yield _embedded()


def _embedded() -> Made:
    """Return a doc with an xls in it, as Word 97 embeds one: its streams in a storage among the document's own."""
    name = "workbook in a document.doc"
    parts = _streams("doc") | {f"ObjectPool/_1/{path}": data for path, data in _streams("xls").items()}
    values = dict(excel.everything("saved.xls")[1])
    here = (
        Planted("number in a workbook", (name, "embedded object 1", "客人", "B5"), values["number"]),
        Planted("comment in a workbook", (name, "embedded object 1", "客人", "comments on B3"), values["comment"]),
    )
    return Made(name, "doc", compound(parts), here)


def _streams(suffix: str) -> dict[str, bytes]:
    with olefile.OleFileIO(committed(f"{_FOLDER}/saved.{suffix}")) as box:
        return {"/".join(path): box.openstream(path).read() for path in box.listdir()}


def produce(folder: Path) -> None:
    """Have LibreOffice save each document in its format."""
    target = folder / _FOLDER
    target.mkdir(exist_ok=True)
    with TemporaryDirectory() as scratch:
        for saved in _SAVED:
            source = Path(scratch, "in", Path(saved.name).with_suffix(f".{saved.source}"))
            source.parent.mkdir(exist_ok=True)
            source.write_bytes(saved.everything(saved.name)[0])
            command = ("soffice", "--headless", "--convert-to", saved.suffix, "--outdir", str(target), str(source))
            subprocess.run(command, check=True, timeout=300, capture_output=True)
