"""Find the machine-readable zone of passports, visas and cards in a text, and say what it says in words.

In:    text as typed, or as read from a picture: with letters taken for digits, and fillers lost or doubled.
Out:   `Document`s, and whether every check digit holds.
Never: a zone whose dates no check digits bear out.

Formats and check digits: ICAO Doc 9303, parts 3 to 7.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

FILLER: Final = "<"
_WEIGHTS = (7, 3, 1)  # part 3, 4.9
_VALUES = {
    FILLER: 0,
    **{str(value): value for value in range(10)},
    **{chr(55 + value): value for value in range(10, 36)},
}

# What readers of OCR-B take for one another, and for the filler.
_DIGITS = str.maketrans("OQDUILZSGBAT", "000011256847")
_LETTERS = str.maketrans("01256847", "OIZSGBAT")
_OTHER = dict(zip("01256847OIZSGBATQDUL", "OIZSGBAT012568470001", strict=True))
_FILLERS = str.maketrans({"«": "<<", "《": "<<", "‹": "<", "〈": "<", "≤": "<", "(": "<", "{": "<", "[": "<"})

_MARK = re.compile("[<＜][ \t]?[<＜]|[«《]")  # two fillers, in whatever spelling
_SLACK = 3  # characters that a line may be too short or too long by; fillers make up for them
_FLIPS = 3  # characters of one number that are read anew, at most
_NARROWEST = 30 - _SLACK
_REACH = 120  # characters; no line of a zone is longer, with whatever spaces were read into it


type _Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Document:
    """What a zone says; `sure` where every check digit holds. Dates are as printed, YYMMDD."""

    format: str
    code: str  # "P", "V", "I": what kind of document
    state: str
    number: str = field(repr=False)
    names: str = field(repr=False)
    nationality: str = field(repr=False)
    birth: str = field(repr=False)
    sex: str = field(repr=False)
    expiry: str = field(repr=False)
    optional: str = field(repr=False)
    sure: bool

    def words(self) -> str:
        """Return it as lines that a person, or a rule, can make sense of."""
        kind = {"P": "passport", "V": "visa"}.get(self.code[0], "identity document")
        told = {
            f"{kind} number": self.number,
            "issuing state": self.state,
            "name": self.names,
            "nationality": self.nationality,
            "date of birth": _date(self.birth),
            "sex": self.sex,
            "date of expiry": _date(self.expiry),
            "personal number": self.optional,
        }
        return "\n".join(f"{label}: {content}" for label, content in told.items() if content)


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where everything is once the lines are put together."""

    name: str
    codes: str  # what the first character may be
    lines: int
    width: int
    names: _Span
    number: int  # where the number begins: nine characters, then its check digit
    nationality: _Span
    birth: int  # six digits, then the check digit
    sex: int
    expiry: int  # the same
    optional: tuple[_Span, ...]
    checked: int | None  # of the optional data, the check digit's place
    composite: int | None
    covers: tuple[_Span, ...] = ()  # what the composite check digit is of


_LAYOUTS = (
    _Layout(
        "TD1", "IAC", 3, 30, (60, 90), 5, (45, 48), 30, 37, 38, ((15, 30), (48, 59)), None, 59,
        ((5, 30), (30, 37), (38, 45), (48, 59)),
    ),
    _Layout(
        "TD3", "P", 2, 44, (5, 44), 44, (54, 57), 57, 64, 65, ((72, 86),), 86, 87,
        ((44, 54), (57, 64), (65, 87)),
    ),
    _Layout("MRV-A", "V", 2, 44, (5, 44), 44, (54, 57), 57, 64, 65, ((72, 88),), None, None),
    _Layout(
        "TD2", "IAC", 2, 36, (5, 36), 36, (46, 49), 49, 56, 57, ((64, 71),), None, 71,
        ((36, 46), (49, 56), (57, 71)),
    ),
    _Layout("MRV-B", "V", 2, 36, (5, 36), 36, (46, 49), 49, 56, 57, ((64, 72),), None, None),
)  # fmt: skip


def check_digit(data: str) -> str:
    """Return the check digit of some characters of a zone."""
    return str(sum(_VALUES[one] * weight for one, weight in zip(data, itertools.cycle(_WEIGHTS), strict=False)) % 10)


def find(text: str) -> Iterator[Document]:
    """Yield the documents whose zones are in a text."""
    at = 0
    while found := _MARK.search(text, at):
        begin, end = _line(text, found.start())
        at = end + 1
        if len(text[begin:end].strip()) < _NARROWEST:
            continue
        # The first line of a card may have no two fillers, and the second neither.
        for start in _starts(text, begin):
            lines, rest = _lines(text, start)
            if (document := _any(lines)) is not None:
                yield document
                at = max(at, rest)
                break


def _line(text: str, at: int) -> _Span:
    """Return the line that a place is on, as far as one of a zone may reach."""
    end = text.find("\n", at, at + _REACH)
    return text.rfind("\n", max(0, at - _REACH), at) + 1, min(len(text), at + _REACH) if end < 0 else end


def _starts(text: str, begin: int) -> Iterator[int]:
    yield begin
    for _ in range(2):
        if begin == 0:
            return
        begin = text.rfind("\n", max(0, begin - 1 - _REACH), begin - 1) + 1
        yield begin


def _lines(text: str, begin: int) -> tuple[list[str], int]:
    """Return up to three lines from a place on, cleaned, and where they end."""
    lines: list[str] = []
    while len(lines) < 3 and begin < len(text):
        end = text.find("\n", begin, begin + _REACH)
        end = min(len(text), begin + _REACH) if end < 0 else end
        line = unicodedata.normalize("NFKC", text[begin:end]).translate(_FILLERS)
        if cleaned := "".join(line.split()).upper():
            lines.append(cleaned)
        begin = end + 1
    return lines, begin


def _any(lines: Sequence[str]) -> Document | None:
    return next((document for layout in _LAYOUTS if (document := _read(lines, layout)) is not None), None)


def _read(lines: Sequence[str], layout: _Layout) -> Document | None:
    if len(lines) < layout.lines or lines[0][:1] not in layout.codes:
        return None
    fitted = [_fit(line, layout.width) for line in lines[: layout.lines]]
    if not all(fitted):
        return None
    zone = _as_meant("".join(line for line in fitted if line), layout)
    return None if zone is None else _document(_likeliest(zone, layout), layout)


def _likeliest(zone: str, layout: _Layout) -> str:
    """Return the zone with its number as it is most likely meant.

    The check digit of everything tells nothing more about the number than its own does, unless that was misread.
    """
    readings = list(_numbers(zone, layout))
    whole = [reading for reading in (*readings[:1], zone) if _composite_holds(reading, layout)]
    return next(iter((*whole, *readings, zone)))


def _fit(line: str, width: int) -> str | None:
    """Return a line at its proper width; the longest run of fillers makes up for those that were lost or doubled."""
    if any(character not in _VALUES for character in line) or abs(len(line) - width) > _SLACK:
        return None
    if len(line) == width:
        return line
    runs = [(len(run), at) for at, run in _runs(line)]
    if not runs:
        return None
    length, at = max(runs)
    wanted = length + width - len(line)
    return line[:at] + FILLER * wanted + line[at + length :] if wanted > 0 else None


def _runs(line: str) -> Iterator[tuple[int, str]]:
    at = 0
    for is_filler, group in itertools.groupby(line, key=lambda character: character == FILLER):
        run = "".join(group)
        if is_filler:
            yield at, run
        at += len(run)


def _as_meant(zone: str, layout: _Layout) -> str | None:
    """Read letters as digits where only digits can be, and the other way round; None if its dates are none."""
    fields = list(zone)

    def put(span: _Span, table: dict[int, int]) -> None:
        fields[slice(*span)] = zone[slice(*span)].translate(table)

    for span in ((2, 5), layout.nationality, layout.names):
        put(span, _LETTERS)
    for at in (layout.birth, layout.expiry):
        put((at, at + 7), _DIGITS)
    put((layout.number + 9, layout.number + 10), _DIGITS)
    for check in (layout.checked, layout.composite):
        if check is not None:
            put((check, check + 1), _DIGITS)
    meant = "".join(fields)
    dated = [at for at in (layout.birth, layout.expiry) if _holds(meant, at, 6)]
    return meant if len(dated) == 2 else None


def _holds(zone: str, at: int, length: int) -> bool:
    return zone[at + length] == check_digit(zone[at : at + length])


def _numbers(zone: str, layout: _Layout) -> Iterator[str]:
    """Yield the zone with its number read in every way that its check digit bears out, the likeliest first."""
    begin, end = layout.number, layout.number + 9
    if zone[end] == FILLER and _long(zone, layout):
        yield zone
        return
    read = zone[begin:end]
    doubtful = [at for at, character in enumerate(read) if character in _OTHER]
    for flips in range(_FLIPS + 1):
        for chosen in itertools.combinations(doubtful, flips):
            number = "".join(_OTHER[character] if at in chosen else character for at, character in enumerate(read))
            candidate = zone[:begin] + number + zone[end:]
            if _holds(candidate, begin, 9):
                yield candidate


def _long(zone: str, layout: _Layout) -> str | None:
    """Return a number that goes on in the optional data, check digit and all (part 5, 4.2.2, note j)."""
    if layout.name != "TD1":
        return None
    rest = zone[slice(*layout.optional[0])].partition(FILLER)[0]
    number = zone[layout.number : layout.number + 9] + rest
    return number if len(rest) > 1 and number[-1] == check_digit(number[:-1]) else None


def _composite_holds(zone: str, layout: _Layout) -> bool:
    if layout.composite is None:
        return True
    return zone[layout.composite] == check_digit("".join(zone[slice(*span)] for span in layout.covers))


def _document(zone: str, layout: _Layout) -> Document:
    """Return what a zone says. Its two dates are borne out by their check digits."""
    long = _long(zone, layout) if zone[layout.number + 9] == FILLER else None
    numbered = long is not None or _holds(zone, layout.number, 9)
    optional = [zone[slice(*span)].strip(FILLER).replace(FILLER, " ") for span in layout.optional]
    if long is not None:
        optional[0] = optional[0][len(long) - 9 :].strip()
    surname, _, given = zone[slice(*layout.names)].strip(FILLER).partition(FILLER * 2)
    names = ", ".join(" ".join(part.replace(FILLER, " ").split()) for part in (surname, given) if part.strip(FILLER))
    return Document(
        format=layout.name,
        code=zone[:2].rstrip(FILLER),
        state=zone[2:5].rstrip(FILLER),
        number=long[:-1] if long else zone[layout.number : layout.number + 9].rstrip(FILLER),
        names=names,
        nationality=zone[slice(*layout.nationality)].rstrip(FILLER),
        birth=zone[layout.birth : layout.birth + 6],
        sex=zone[layout.sex].replace(FILLER, ""),
        expiry=zone[layout.expiry : layout.expiry + 6],
        optional=" ".join(part for part in optional if part),
        sure=numbered and _composite_holds(zone, layout),
    )


def _date(printed: str) -> str:
    """Return YYMMDD so that it is read as a date, not as a number."""
    return f"{printed[:2]}-{printed[2:4]}-{printed[4:]}"
