"""Read text in whatever encoding it was written.

In:    bytes that look like text.
Out:   the text once for each encoding it may have been written in, its first line as a header, and what markup or
       escapes hide in it.
Never: a guess that drops the others. Short Big5 and GBK texts cannot be told apart for certain, so both are read.
"""

import re
from collections.abc import Iterator
from functools import cache

from cerco.extract.markup import has_tags, visible
from cerco.extract.source import Item, Opener, Source
from cerco.extract.text import Text

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_NARROW = ("big5hkscs", "gb18030", "cp1252")
_WIDE = ("utf-16-le", "utf-16-be")
CODECS = (*(codec for _, codec in _BOMS), *_NARROW, *_WIDE, "cp437")  # every table that reading may need

_LABELS = {"gb18030": "gbk"}  # a place shows no five digits in a row
_CONTROL = bytes(value for value in range(0x20) if value not in b"\t\n\v\f\r\x1b") + b"\x7f"
_CONTROLS_ALLOWED = 0.02  # of all bytes; compressed or binary data has about a tenth
_CONTROLS_FEW = 4  # in a short text: enough for somebody else's signature in front of it
_MARKED_PRINTABLE = 0.97
_WIDE_FAMILIAR = 0.85  # UTF-16 without a mark must look like a language: ASCII read in pairs looks like rare Han
_NARROW_FAMILIAR = 0.5
_RIVAL = 0.6  # an encoding this close to the best is read as well
_WINDOW = 4096  # bytes of one sample
_WINDOWS = 16

_NON_ASCII = re.compile(rb"[\x80-\xff]")
_LETTERS_APART = re.compile(rb"(?<![\x80-\xff])[\x80-\xff]{1,2}(?![\x80-\xff])")
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})")
_HEADING = 80  # characters: a longer first line is a paragraph, unless it is a row of a table
_ROW = 4096
_DELIMITER = re.compile(r"[\t,;|]")


def read(source: Source, _open: Opener) -> Iterator[Item]:
    """Yield the text of a file, in each encoding that makes sense of it, best first."""
    for encoding in encodings(source.data):
        step = "text" if encoding.startswith("utf-8") else f"text ({_LABELS.get(encoding, encoding)})"
        content = source.data.decode(encoding, errors="replace").removeprefix("\ufeff")
        if (first := heading(content)) is not None:
            yield Text(source.place("header"), first, "header")
        yield Text(source.place(step), content, unit="line")
        if has_tags(content):
            yield Text(source.place("text without tags"), visible(content))
        if _ESCAPE.search(content):
            yield Text(source.place("text without escapes"), unescape(content), unit="line")


def encodings(data: bytes) -> tuple[str, ...]:
    """Return the codecs that the bytes are plausible text in, best first; none where they are not text."""
    for mark, codec in _BOMS:
        if data.startswith(mark) and _is_sane(_decode(data[: _WINDOW * 2], codec)):
            return (codec,)
    quiet = _is_quiet(data)
    if quiet and _is_utf8(data):
        return ("utf-8",)
    wide = _scores(data[: _WINDOW * 2], _WIDE, _WIDE_FAMILIAR)
    if not quiet:
        return _best(wide)
    sample = _sample(data)
    narrow = _scores(sample, ("utf-8", *_NARROW), _NARROW_FAMILIAR, ascii_counts=False)
    if "cp1252" in narrow:
        narrow["cp1252"] *= _apart(sample)
    # Nothing convinces: a short text of rare characters. Every way to read it keeps its ASCII digits.
    return _best(wide | narrow) or _NARROW


def heading(content: str) -> str | None:
    """Return the first line that is not blank, if it is short or a row of a table; its readers see it as a header."""
    lines = [line for line in content[: 2 * _ROW].splitlines() if line.strip()]
    if not lines:
        return None
    first = lines[0].strip()
    if len(first) <= _HEADING:
        return first
    tabular = _DELIMITER.search(first) and len(lines) > 1 and _DELIMITER.search(lines[1])
    return first[:_ROW] if tabular else None


def unescape(content: str) -> str:
    r"""Return the text with `\u8eab` written as the character it stands for, as JSON and property files hide it."""
    plain = _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), content)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # pairs become one character


def _decode(data: bytes, codec: str) -> str:
    return data.decode(codec, errors="replace")


def _is_quiet(data: bytes) -> bool:
    """Tell whether the bytes hold hardly any control characters, as text in an 8-bit encoding does."""
    controls = len(data) - len(data.translate(None, _CONTROL))
    few = min(_CONTROLS_FEW, len(data) // 5)
    return controls <= max(few, len(data) * _CONTROLS_ALLOWED)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _apart(data: bytes) -> float:
    """Return the share (0..1) of bytes beyond ASCII that stand alone or in twos: accented letters do, Han do not."""
    beyond = len(_NON_ASCII.findall(data))
    return sum(len(letters) for letters in _LETTERS_APART.findall(data)) / beyond if beyond else 0.0


def _is_sane(text: str) -> bool:
    """Tell whether nearly all characters are ones that print, in any script: random bytes behind a mark fail this."""
    printable = sum(character.isprintable() or character in "\t\n\r\ufeff" for character in text)
    return printable >= len(text) * _MARKED_PRINTABLE


def _sample(data: bytes) -> bytes:
    """Return pieces from all over the data, one of them where ASCII ends: a header in ASCII proves nothing."""
    if len(data) <= _WINDOW * (_WINDOWS + 1):
        return data
    first = _NON_ASCII.search(data)
    starts = [first.start() if first else 0, *range(0, len(data), len(data) // _WINDOWS)]
    return b"\n".join(data[start : start + _WINDOW] for start in starts)


def _scores(data: bytes, codecs: tuple[str, ...], least: float, *, ascii_counts: bool = True) -> dict[str, float]:
    scores = {codec: _familiar(_decode(data, codec), ascii_counts=ascii_counts) for codec in codecs}
    return {codec: score for codec, score in scores.items() if score >= least}


def _best(scores: dict[str, float]) -> tuple[str, ...]:
    top = max(scores.values(), default=0.0)
    return tuple(sorted((codec for codec in scores if scores[codec] >= _RIVAL * top), key=lambda codec: -scores[codec]))


def _familiar(text: str, *, ascii_counts: bool = True) -> float:
    """Return the share of characters that people in Macau write: 0..1."""
    counted = text if ascii_counts else "".join(character for character in text if character > "\x7f")
    if not counted:
        return 0.0
    known = _known()
    return sum(character in known for character in counted) / len(counted)


@cache
def _known() -> frozenset[str]:
    """Return ASCII text, Portuguese letters, CJK marks, and the Han of both standards' first levels.

    Big5 level 1 is A440-C67E (5,401 characters), GB 2312 level 1 is B0A1-D7F9 (3,755); A1-A3 hold the marks of both.
    """
    western = "".join(map(chr, range(0x20, 0x7F))) + "\t\n\r" + "áàâãäçéèêëíìîïóòôõöúùûüñ"
    characters = set(western) | set(western.upper()) | set("ªº«»€£°§·–—‘’“”…•\xa0¡¿®©™")
    trails = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    for codec, leads in (("big5", range(0xA1, 0xC7)), ("gb2312", range(0xA1, 0xD8))):
        for lead in leads:
            for trail in trails:
                characters.update(bytes((lead, trail)).decode(codec, errors="ignore"))
    characters.update("嘅咗哋喺嚟冇啲嗰咁嘢唔噉咩喎嘞啦囉噃嘥攞")  # Cantonese, from Big5's supplement
    return frozenset(characters)
