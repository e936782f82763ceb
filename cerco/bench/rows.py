"""The nouns of the bench: rows with their labels, and what an engine found in one.

In:    a folder of JSON lines as `tests/data/mo-pii-bench/` has them (its README says what each field means).
Out:   `Row`, `Label`, `Found`.
Never: a row without an id, or a label that points outside its text.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

SPLITS: Final = ("tune", "test")
TEXT: Final = "text"
TITLE: Final = "title"
FILES: Final = ("positives", "negatives")

NAMES: Final = ("PERSON", "LOCATION")
TITLES: Final = ("CUSTOMER_DATA_TITLE",)
SENSITIVE: Final = (
    "HEALTH_DATA", "GENETIC_OR_SEXUAL_DATA", "POLITICAL_OR_UNION_DATA", "RELIGIOUS_DATA", "ETHNIC_DATA",
    "PRIVATE_LIFE_DATA", "CRIMINAL_RECORD", "CREDIT_RECORD",
)  # fmt: skip
IDENTIFIERS: Final = (
    "MO_ID_CARD", "MO_PASSPORT", "MO_NON_RESIDENT_WORKER_ID", "MO_SOCIAL_SECURITY", "MO_TAXPAYER", "MO_VEHICLE_PLATE",
    "HOME_RETURN_PERMIT", "CN_RESIDENT_ID", "HK_ID_CARD", "TW_ID", "PT_NIF", "PT_CITIZEN_CARD", "PASSPORT",
    "BANK_ACCOUNT", "CREDIT_CARD", "IBAN_CODE", "SWIFT_BIC", "PHONE_NUMBER", "EMAIL_ADDRESS",
)  # fmt: skip
GROUPS: Final = {"identifiers": IDENTIFIERS, "names": NAMES, "titles": TITLES, "sensitive": SENSITIVE}
ENTITIES: Final = (*IDENTIFIERS, *NAMES, *TITLES, *SENSITIVE)
# Where a statement or a title begins and ends is a matter of taste: these are found or not found in a row.
BY_ROW: Final = frozenset((*TITLES, *SENSITIVE))


class BenchError(ValueError):
    """Data or an answer that cannot be used; the message says where and what to do."""


@dataclass(frozen=True, slots=True)
class Label:
    """Something that is there. `also` is another pair of ends that is as right; `optional` is right either way."""

    entity: str
    start: int
    end: int
    place: str = TEXT  # or TITLE
    also: tuple[int, int] | None = None
    optional: bool = False
    disguised: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One message, form, table or file name, and what is in it."""

    id: str
    text: str
    title: str | None
    language: str
    register: str
    technique: str  # "none", or the disguise that its disguised labels wear
    negative_kind: str  # "" in positives
    labels: tuple[Label, ...]

    @property
    def negative(self) -> bool:
        """Whether nothing in the row may be flagged."""
        return bool(self.negative_kind)


@dataclass(frozen=True, slots=True)
class Found:
    """One finding of an engine; offsets in characters of the text, or of the title."""

    entity: str
    start: int
    end: int
    score: float
    place: str = TEXT


def load_rows(folder: Path, splits: Iterable[str]) -> list[Row]:
    """Read the rows of these halves.

    Raises:
        BenchError: a file is missing, or a line of it is not a row.
    """
    rows = []
    for split in splits:
        for name in FILES:
            path = folder / f"{name}.{split}.jsonl"
            if not path.is_file():
                raise BenchError(f"{path}: is missing. Name the folder that holds mo-pii-bench with --data.")
            for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
                try:
                    rows.append(_row(json.loads(line)))
                except (ValueError, KeyError, TypeError) as error:
                    raise BenchError(f"{path}:{number}: not a row of the bench ({type(error).__name__}).") from None
    return rows


def _row(fields: Mapping[str, Any]) -> Row:
    text, title = fields["text"], fields.get("title")
    labels = tuple(_label(span, text, title or "") for span in fields["spans"])
    kind = fields["negative_kind"] if fields["negative"] else ""
    language, register, technique = fields["language"], fields["register"], fields["technique"]
    return Row(fields["id"], text, title, language, register, technique, kind, labels)


def _label(span: Mapping[str, Any], text: str, title: str) -> Label:
    place = span.get("in", TEXT)
    start, end, size = span["start"], span["end"], len(title if place == TITLE else text)
    if not 0 <= start < end <= size:
        raise ValueError("a label outside its text")
    also = (span["also"][0], span["also"][1]) if "also" in span else None
    optional, disguised = span.get("optional", False), span.get("disguised", False)
    return Label(span["entity"], start, end, place, also, optional, disguised)
