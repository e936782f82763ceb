"""Show a number the way its cell does, where that makes it the identifier it was typed as.

In:    a workbook's styles, and the number in a cell.
Out:   "5123456(7)" for 51234567 under the format 0000000"("0")", and a date for a day's number.
Never: a digit lost. Where a format hides digits or adds some of its own, the number follows as typed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cerco.extract import markup

_PREFIX = r"(?:\w+:)?"
_ATTRIBUTE = re.compile(r"""\b([\w]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')""")
_FORMAT = re.compile(rf"<{_PREFIX}numFmt\s([^<>]*)>")
_STYLE = re.compile(rf"<{_PREFIX}xf\s([^<>]*)>")
_STYLES = re.compile(rf"<{_PREFIX}cellXfs\b.*?</{_PREFIX}cellXfs\s*>", re.DOTALL)
# ECMA-376 part 1, 18.8.31: a quoted or escaped literal; space of a character's width; filling; colour or condition;
# a digit; anything else.
_TOKEN = re.compile(r'"([^"]*)"|\\(.)|_(.)|\*(.)|\[([^\]]*)\]|([0#?])|(.)', re.DOTALL)
_LITERALS = frozenset("()/-: $+")
_DATE = re.compile(r"[ymdhs]", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)))  # 18.8.30
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet's day has no time zone; 1900 counts as a leap year there
_LAST_DAY = 2_958_465  # 31 December 9999
_FEW = 2  # digits a pattern must place to be one for identifiers


@dataclass(frozen=True, slots=True)
class CellFormat:
    """How a cell shows a number: `pieces` are literals, None for a digit; a date has none. `least` digits are shown."""

    pieces: tuple[str | None, ...] = ()
    least: int = 0

    def show(self, value: str) -> str:
        """Return a number as it is shown; what is no whole number is returned as it is."""
        if not self.pieces:
            return _day(value)
        number = value.removesuffix(".0")
        if not (number.isascii() and number.isdecimal()):
            return value
        digits = number.zfill(self.least)
        begin = len(digits) - self.pieces.count(None)  # beyond the pattern, or, below 0, places that stay empty
        shown, at = [], 0
        for piece in self.pieces:
            if piece is not None:
                shown.append(piece)
                continue
            begin += 1
            shown.append(digits[at : max(begin, 0)])  # the first place takes all digits beyond the pattern
            at = max(begin, 0)
        text = "".join(shown)
        added = any(piece is not None and any(map(str.isdigit, piece)) for piece in self.pieces)
        return f"{text} {number}" if added or digits != number else text


def cell_formats(styles: str) -> Mapping[str, CellFormat]:
    """Return the formats that matter, by the number that cells refer to them with."""
    codes: dict[str, str] = {}
    for tag in _FORMAT.finditer(styles):
        attributes = _attributes(tag[1])
        codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
    found: dict[str, CellFormat] = {}
    block = _STYLES.search(styles)
    for number, tag in enumerate(_STYLE.finditer(block[0] if block else "")):
        form = _attributes(tag[1]).get("numFmtId", "")
        if form in codes:
            shape = parse(codes[form])
        else:
            shape = CellFormat() if form.isdecimal() and int(form[:9]) in _BUILT_IN_DATES else None
        if shape is not None:
            found[str(number)] = shape
    return found


def parse(code: str) -> CellFormat | None:
    """Return the format that a code describes, or None where it is for amounts, texts or anything else."""
    section = _first(code)
    if _DATE.search(_QUOTED.sub("", section)):
        return CellFormat()
    pieces: list[str | None] = []
    least = 0
    for quoted, escaped, _, _, _, digit, other in _TOKEN.findall(section):
        if digit:
            pieces.append(None)
            least += digit == "0" or least > 0
        elif quoted or escaped or other in _LITERALS:
            pieces.append(quoted or escaped or other)
        elif other:
            return None  # a decimal point, a separator of thousands, a percentage, an exponent, General, text
    return CellFormat(tuple(pieces), least) if pieces.count(None) >= _FEW else None


def _first(code: str) -> str:
    """Return the section of a format code that is for positive numbers."""
    at = 0
    while at < len(code) and code[at] != ";":
        found = _QUOTED.match(code, at)
        at = found.end() if found else at + 1
    return code[:at]


def _day(value: str) -> str:
    try:
        days = float(value)
    except ValueError:
        return value
    if not 1 <= days <= _LAST_DAY:
        return value
    day = _EPOCH + timedelta(days=days)
    return day.date().isoformat() if days.is_integer() else day.isoformat(" ", "seconds")


def _attributes(tag: str) -> dict[str, str]:
    found = _ATTRIBUTE.finditer(tag)
    return {match[1]: markup.plain(match[2] or match[3] or "") for match in found}
