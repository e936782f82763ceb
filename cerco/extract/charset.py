"""Tell in which encodings bytes are text.

In:    bytes.
Out:   the codecs they are plausible text in, best first; none where they are not text.
Never: a guess that drops the others. Short Big5 and GBK texts cannot be told apart for certain, so both are read.
"""

import codecs
import re
from collections.abc import Iterator
from functools import cache

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_NARROW = ("big5hkscs", "gb18030", "cp1252")
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_JAPANESE = "cp932"
_SEVEN = "utf-7"
_CLAIMED = (
    "ascii", "latin-1", "iso8859-15", "big5", "cp950", "gbk", "gb2312", "hz", "iso2022_jp", "iso2022_kr", "euc_jp",
    "euc_kr", "cp949", "shift_jis", "koi8-r", "cp1250", "cp1251",
)  # fmt: skip
# All that reading may need: those above, those of zip, and those that mail claims to be in.
CODECS = (*(codec for _, codec in _BOMS), *_NARROW, *_WIDE, _JAPANESE, _SEVEN, "cp437", *_CLAIMED)
LABELS = {"gb18030": "gbk", "cp932": "shift_jis"}  # in places; a place shows no five digits in a row

_CONTROL = bytes(value for value in range(0x20) if value not in b"\t\n\v\f\r\x1b") + b"\x7f"
_CONTROLS_ALLOWED = 0.02  # of all bytes; compressed or binary data has about a tenth
_CONTROLS_FEW = 4  # in a short text: enough for somebody else's signature in front of it
_MARKED_PRINTABLE = 0.97
_WIDE_FAMILIAR = 0.85  # UTF-16 without a mark must look like a language: ASCII read in pairs looks like rare Han
_NARROW_FAMILIAR = 0.5
_KANA_FAMILIAR = 0.25  # of what is not ASCII in Japanese text, kana are a third at the least
_RIVAL = 0.6  # an encoding this close to the best is read as well
_WINDOW = 4096  # bytes of one sample
_WINDOWS = 16
_CHUNK = 1024 * 1024  # bytes looked at in one go

_NON_ASCII = re.compile(rb"[\x80-\xff]")
_LETTERS_APART = re.compile(rb"(?<![\x80-\xff])[\x80-\xff]{1,2}(?![\x80-\xff])")
_SHIFTED = re.compile(rb"\+[A-Za-z0-9+/]{3,}")  # RFC 2152: how UTF-7 writes what is not ASCII
_KANA = re.compile("[\u3041-\u30fe]")


def encodings(data: bytes) -> tuple[str, ...]:
    """Return the codecs that the bytes are plausible text in, best first; none where they are not text."""
    for mark, codec in _BOMS:
        if data.startswith(mark) and _is_sane(_decode(data[: _WINDOW * 2], codec)):
            return (codec,)
    quiet = _is_quiet(data)
    if quiet and _is_utf8(data):
        return ("utf-8", _SEVEN) if _is_utf7(data) else ("utf-8",)
    wide = _scores(data[: _WINDOW * 2], _WIDE, _WIDE_FAMILIAR)
    if not quiet:
        return _best(wide)
    sample = _sample(data)
    narrow = _scores(sample, ("utf-8", *_NARROW), _NARROW_FAMILIAR, ascii_counts=False)
    if "cp1252" in narrow:
        narrow["cp1252"] *= _apart(sample)
    if (kana := _kana(sample)) >= _KANA_FAMILIAR:
        narrow[_JAPANESE] = max(narrow.values(), default=kana)
    # Nothing convinces: a short text of rare characters. Every way to read it keeps its ASCII digits.
    return _best(wide | narrow) or _NARROW


def _decode(data: bytes, codec: str) -> str:
    return data.decode(codec, errors="replace")


def _chunks(data: bytes) -> Iterator[bytes]:
    """Cut what is long, so that looking at it takes no second copy of it."""
    return (data[at : at + _CHUNK] for at in range(0, len(data), _CHUNK))


def _is_quiet(data: bytes) -> bool:
    """Tell whether the bytes hold hardly any control characters, as text in an 8-bit encoding does."""
    few = min(_CONTROLS_FEW, len(data) // 5)
    allowed = max(few, len(data) * _CONTROLS_ALLOWED)
    controls = 0
    for chunk in _chunks(data):
        controls += len(chunk) - len(chunk.translate(None, _CONTROL))
        if controls > allowed:
            return False
    return True


def _is_utf8(data: bytes) -> bool:
    if data.isascii():
        return True
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in _chunks(data):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_utf7(data: bytes) -> bool:
    """Tell whether ASCII holds text that UTF-7 has hidden in it: decoded, it is a language people here write."""
    first = _SHIFTED.search(data)
    if first is None:
        return False
    try:
        decoded = data[first.start() : first.start() + _WINDOW].rpartition(b"\n")[0] or data[first.start() :][:_WINDOW]
        hidden = "".join(character for character in decoded.decode(_SEVEN) if character > "\x7f")
    except UnicodeDecodeError:
        return False
    return bool(hidden) and _familiar(hidden) >= _WIDE_FAMILIAR


def _apart(data: bytes) -> float:
    """Return the share (0..1) of bytes beyond ASCII that stand alone or in twos: accented letters do, Han do not."""
    beyond = len(_NON_ASCII.findall(data))
    return sum(len(letters) for letters in _LETTERS_APART.findall(data)) / beyond if beyond else 0.0


def _kana(data: bytes) -> float:
    """Return the share (0..1) of kana in what is not ASCII, read as Shift-JIS: Chinese read so gives next to none."""
    beyond = "".join(character for character in _decode(data, _JAPANESE) if character > "\x7f")
    return len(_KANA.findall(beyond)) / len(beyond) if beyond else 0.0


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
