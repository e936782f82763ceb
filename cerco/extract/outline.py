"""Tell which part of an Office package belongs to which sheet or slide, and what people call it.

In:    the parts that say so: relations, the workbook's list of sheets, the presentation's list of slides.
Out:   for any part, the words of its place: "Sheet2 (hidden)", "slide 3", "footnotes", "chart 1".
Never: trust. A part that nothing names is read all the same, and has its own name for a place.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from cerco.extract import markup

_WORKBOOK = "xl/workbook.xml"
_MAINS = (_WORKBOOK, "ppt/presentation.xml")
_MAP = re.compile(r".*\.rels|xl/workbook\.xml|ppt/presentation\.xml")
_PREFIX = r"(?:\w+:)?"
_RELATION = re.compile(rf"<{_PREFIX}Relationship\s([^<>]*)>")
_LISTED = re.compile(rf"<{_PREFIX}(?:sheet|sldId)\s([^<>]*)>")
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')""")
_STATES = {"hidden": " (hidden)", "veryHidden": " (very hidden)"}  # ECMA-376 part 1, 18.18.68

# What people call a part; of several patterns the first counts.
_NAMES = tuple(
    (re.compile(pattern), name)
    for pattern, name in (
        (r"word/document\d*\.xml", "body"),
        (r"word/glossary/\w+\.xml", "building blocks"),
        (r"word/comments\w*\.xml", "comments"),
        (r"ppt/slides/slide(\d+)\.xml", "slide {}"),
        (r"ppt/notesSlides/notesSlide(\d+)\.xml", "notes {}"),
        (r"ppt/(?:comments/\w+|comments\w*|commentAuthors|authors)\.xml", "comments"),
        (r"ppt/slideMasters/slideMaster(\d+)\.xml", "slide master {}"),
        (r"ppt/slideLayouts/slideLayout(\d+)\.xml", "slide layout {}"),
        (r"xl/(?:comments\d*|comments/\w+|threadedComments/\w+)\.xml", "comments"),
        (r"xl/externalLinks/externalLink(\d+)\.xml", "linked workbook {}"),
        (r"xl/pivotCache/\w+?(\d+)\.xml", "pivot data {}"),
        (r"xl/revisions/\w+\.xml", "changes"),
        (r"\w+/charts/chart(?:Ex)?(\d+)\.xml", "chart {}"),
        (r"\w+/diagrams/[a-z]+(\d+)\.xml", "diagram {}"),
        (r"\w+/(?:drawings/)?(?:vmlDrawing|drawing)(\d+)\.(?:xml|vml)", "drawing {}"),
        (r"visio/pages/page(\d+)\.xml", "page {}"),
        (r"customXml/\w+\.xml", "custom data"),
        (r"docProps/\w+\.xml", "properties"),
        (r"(?:.*/)?([A-Za-z]+)\d*\.xml", "{}"),
        (r".*\.rels", "links"),
    )
)
_NOTES = re.compile(r"ppt/notesSlides/notesSlide\d+\.xml")  # "notes" are enough where the slide is named before them
_SHARED = re.compile(r"ppt/(?:slideLayouts|slideMasters|notesMasters|handoutMasters|theme)/.*")  # hang on no one slide
_DEEPEST = 8  # steps from a part up to its sheet: sheet, drawing, chart, its colours; relations may run in circles


@dataclass(frozen=True, slots=True)
class Outline:
    """What a package says about its own parts."""

    titles: Mapping[str, str] = field(default_factory=dict, repr=False)  # part of a sheet -> its name as typed
    _shown: Mapping[str, str] = field(default_factory=dict, repr=False)  # part of a sheet or slide -> words for people
    _owners: Mapping[str, str] = field(default_factory=dict, repr=False)  # part -> the part it hangs on

    def steps(self, name: str) -> tuple[str, ...]:
        """Return the steps of a part's place, below the package's own."""
        if name in self._shown:
            return (self._shown[name],)
        owner = self._owner(name)
        if owner is None:
            return (_words(name),)
        return owner, "notes" if _NOTES.fullmatch(name) else _words(name)

    def parent(self, name: str) -> str:
        """Return the part that a part hangs on, "" where none is named."""
        return self._owners.get(name, "")

    def _owner(self, name: str) -> str | None:
        """Return the sheet or slide that a part hangs on, however far below."""
        if _SHARED.fullmatch(name):
            return None
        if name.endswith(".rels"):
            above: str | None = _described(name)
        else:
            above = self._owners.get(name)
        for _ in range(_DEEPEST):
            if above is None or above in self._shown:
                break
            above = self._owners.get(above)
        return self._shown.get(above) if above is not None else None


def is_map(name: str) -> bool:
    """Tell whether a part describes others; these must be read before the rest."""
    return _MAP.fullmatch(name) is not None


def outline(maps: Mapping[str, str]) -> Outline:
    """Return what the parts that describe others say: part name -> content in, the outline out."""
    owners: dict[str, str] = {}
    for name, content in maps.items():
        if name.endswith(".rels"):
            owner = _described(name)
            for relation in _tags(_RELATION, content):
                owners.setdefault(_target(owner, relation), owner)
    titles: dict[str, str] = {}
    shown: dict[str, str] = {}
    for main in _MAINS:
        folder, _, base = main.rpartition("/")
        relations = _tags(_RELATION, maps.get(f"{folder}/_rels/{base}.rels", ""))
        targets = {relation.get("Id", ""): _target(main, relation) for relation in relations}
        for number, listed in enumerate(_tags(_LISTED, maps.get(main, "")), 1):
            target = next((value for key, value in listed.items() if key.endswith(":id")), "")
            part = targets.get(target, target)
            if main == _WORKBOOK:
                titles[part] = listed.get("name", "")
                shown[part] = titles[part] + _STATES.get(listed.get("state", ""), "")
            else:
                shown[part] = f"slide {number}"
    return Outline(titles, shown, owners)


def _words(name: str) -> str:
    for pattern, words in _NAMES:
        if match := pattern.fullmatch(name):
            return words.format(*match.groups())
    return name


def _described(name: str) -> str:
    """Return the part whose relations these are: "xl/_rels/workbook.xml.rels" belongs to "xl/workbook.xml"."""
    folder, base = posixpath.split(name)
    return posixpath.join(posixpath.dirname(folder), base.removesuffix(".rels"))


def _target(owner: str, relation: Mapping[str, str]) -> str:
    """Return the part a relation leads to; one that leads outside leads to no part there is."""
    path = posixpath.join("/", posixpath.dirname(owner), relation.get("Target", ""))
    return posixpath.normpath(path).lstrip("/")


def _tags(pattern: re.Pattern[str], content: str) -> Iterator[dict[str, str]]:
    for tag in pattern.finditer(content):
        found = _ATTRIBUTE.finditer(tag[1])
        yield {match[1]: markup.plain(match[2] or match[3] or "") for match in found}
