"""The template files: sentences, forms and tables with places in double brackets.

In:    `templates/positive.LANGUAGE.txt`, `templates/negative.LANGUAGE.txt`, `words/labels.txt`.
Out:   `Template`s and the labels of entities.
Never: a template of one half in the other: each section says which half it is of.

A section begins with `@`. In positive files: `@ register split [multi] [for=ENTITY,..] [bare|title|intitle|sensitive]`;
one template a line, or with `multi` several lines up to a line `%`. In negative files: `@ split kind=KIND`, then
`register| text` with `\\n` for a line's end.

Places: `[[value]]` the value the row is about, `[[label]]` and `[[key]]` what people and programs call it;
`[[person]]`, `[[person.FORM]]`, `[[phone]]`, `[[email]]`, `[[address]]`, `[[BANK_ACCOUNT]]` something else that is
labelled too; `[[HEALTH_DATA:words]]` these very words, labelled; `[[?PHONE_NUMBER:words]]` labelled, but right
either way; all other names are from `bench_office.OFFICE`, and are nobody's.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from bench_people import WORDS

FOLDER: Final = Path(__file__).parent / "templates"
LANGUAGES: Final = ("zh-Hant", "zh-Hans", "pt", "en", "mixed")
SPLITS: Final = ("tune", "test")


@dataclass(frozen=True, slots=True)
class Template:
    """One text with places. `only` are the entities it is meant for (none: any that has a label)."""

    name: str  # "positive/zh-Hant/chat/17": file, register, line
    language: str
    split: str
    register: str
    text: str
    only: tuple[str, ...] = ()
    flags: frozenset[str] = frozenset()
    kind: str = ""  # of a negative

    @property
    def generic(self) -> bool:
        """Whether the row's entity is free to choose."""
        return "[[value]]" in self.text and not self.only


def positives(language: str) -> list[Template]:
    """Return the templates of texts that hold something."""
    found: list[Template] = []
    head: list[str] = []
    block: list[str] = []
    lines = (FOLDER / f"positive.{language}.txt").read_text("utf-8").splitlines()
    for number, line in enumerate([*lines, "@ end end"], 1):
        ends = line.startswith("@ ") or line == "%"
        if "multi" in head and not ends:
            block.append(line)
        elif head and not ends and line and not line.startswith("#"):
            found.append(_positive(language, head, number, line.replace("\\n", "\n")))
        if ends and block:
            found.append(_positive(language, head, number, "\n".join(block).strip("\n")))
            block = []
        if line.startswith("@ "):
            head = line.split()[1:]
    return found


def _positive(language: str, head: list[str], number: int, text: str) -> Template:
    register, split, *rest = head
    only = next((part.removeprefix("for=").split(",") for part in rest if part.startswith("for=")), [])
    flags = frozenset(part for part in rest if not part.startswith("for="))
    return Template(f"positive/{language}/{register}/{number}", language, split, register, text, tuple(only), flags)


def negatives(language: str) -> list[Template]:
    """Return the templates of texts that hold nothing, though they may look it."""
    found: list[Template] = []
    split = kind = ""
    for number, line in enumerate((FOLDER / f"negative.{language}.txt").read_text("utf-8").splitlines(), 1):
        if line.startswith("@ "):
            split, kind = line[2:].split(" kind=")
        elif line and not line.startswith("#"):
            register, text = line.split("| ", 1)
            name = f"negative/{language}/{register}/{number}"
            found.append(Template(name, language, split, register, text.replace("\\n", "\n"), kind=kind))
    return found


@cache
def _labels() -> dict[str, tuple[str, ...]]:
    lines = (WORDS / "labels.txt").read_text("utf-8").splitlines()
    pairs = (line.split(": ", 1) for line in lines if line and not line.startswith("#"))
    return {head: tuple(one.strip() for one in labels.split(" | ")) for head, labels in pairs}


def labels(entity: str, group: str, language: str, split: str) -> tuple[str, ...]:
    """Return what this half calls an entity; `group` is the kind of value where kinds have names of their own."""
    heads = (f"{entity}.{group} {language} {split}", f"{entity} {language} {split}")
    return next(_labels()[head] for head in heads if head in _labels())
