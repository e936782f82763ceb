"""The disguises: a value in, the same value out as somebody writes it who would rather not have it found.

In:    a seeded `random.Random` and a value as printed.
Out:   `Disguised`: what is written, and which characters of it carry the value.
Never: a disguise that a reader could not undo. `tests/bench/undo.py` undoes each of them, written apart from this.
"""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final


@dataclass(frozen=True, slots=True)
class Disguised:
    """What is written; `start` and `end` are the characters that carry the value.

    `also` is the whole encoded run, which is as good an answer, where an encoding hides more than the value.
    """

    text: str
    start: int
    end: int
    also: tuple[int, int] | None = None


def _whole(text: str) -> Disguised:
    return Disguised(text, 0, len(text))


ZERO_WIDTH: Final = "\u200b\u200c\u200d\u2060\ufeff"
BIDI: Final = "\u200e\u200f\u202a\u202c\u2066\u2069\u061c"
# The digit nought in Arabic-Indic, Persian, Devanagari, Bengali, Thai, Lao, Khmer, Burmese, bold, double-struck, sans.
NOUGHTS: Final = (0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50, 0x0ED0, 0x17E0, 0x1040, 0x1D7CE, 0x1D7D8, 0x1D7E2)
CIRCLED: Final = ("⓪①②③④⑤⑥⑦⑧⑨", "⓿❶❷❸❹❺❻❼❽❾", "🄋➀➁➂➃➄➅➆➇➈", "⓪⑴⑵⑶⑷⑸⑹⑺⑻⑼")
CHINESE: Final = (
    "〇一二三四五六七八九",
    "零一二三四五六七八九",
    "零壹貳叁肆伍陸柒捌玖",
    "零壹贰叁肆伍陆柒捌玖",
    "〇一二三四五六七八九",
)
WORDS: Final = {
    "words_en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    "words_pt": ("zero", "um", "dois", "três", "quatro", "cinco", "seis", "sete", "oito", "nove"),
    "words_jyutping": ("ling4", "jat1", "ji6", "saam1", "sei3", "ng5", "luk6", "cat1", "baat3", "gau2"),
}
SEPARATORS: Final = {
    "sep_space": " ", "sep_dot": ".", "sep_dash": "-", "sep_underscore": "_", "sep_slash": "/", "sep_star": "*",
}  # fmt: skip
EMOJI: Final = ("😀", "🔥", "👍", "⭐", "❤️", "🎉")
LETTERS: Final = {"0": "Oo", "1": "lI", "5": "S", "8": "B", "2": "Z"}
LOOK_ALIKES: Final = {
    **dict(zip("ABCEHKMOPTXIYSZNabceopxyi", "АВСЕНКМОРТХІУЅΖΝаЬсеорхуі", strict=True)),
    "0": "О", "3": "З", "6": "б",
}  # fmt: skip
SIMPLE: Final = dict(
    zip(
        "身證號碼戶帳銀電話護車納稅編聯絡鄉國際轉動僱門區灣臺認別藍會險務檔財職業輛註記來內陸統遊機郵訊糧賬總額個",
        "身证号码户帐银电话护车纳税编联络乡国际转动雇门区湾台认别蓝会险务档财职业辆注记来内陆统游机邮讯粮账总额个",
        strict=True,
    )
)


def _sprinkle(marks: str, rng: Random, surface: str) -> str:
    """Return the surface with marks between some of its characters, at least one."""
    gaps = [place for place in range(1, len(surface)) if rng.random() < 0.5] or [len(surface) // 2]
    return "".join((rng.choice(marks) if place in gaps else "") + one for place, one in enumerate(surface))


def _digits(table: str, surface: str) -> str:
    return "".join(table[int(one)] if one in "0123456789" else one for one in surface)


def _unicode_digits(rng: Random, surface: str) -> str:
    nought = rng.choice(NOUGHTS)
    return _digits("".join(chr(nought + digit) for digit in range(10)), surface)


def _chinese(rng: Random, surface: str) -> str:
    table = rng.choice(CHINESE)
    written = _digits(table, surface)
    # 廿三 for 23, 卅五 for 35: not before a nought, where 廿 alone would say it.
    if table[1] == "一" and rng.random() < 0.5:
        written = re.sub("二([一二三四五六七八九])", r"廿\1", written, count=1)
    return written


def _words(name: str) -> Callable[[Random, str], str]:
    def write(rng: Random, surface: str) -> str:
        words: tuple[str, ...] = WORDS[name]
        if name == "words_jyutping" and rng.random() < 0.4:
            words = tuple(word[:-1] for word in words)
        mark = rng.choice((" ", " ", ", ", "-"))
        return mark.join(words[int(one)] if one.isdigit() else one for one in surface)

    return write


def _words_double(rng: Random, surface: str) -> str:
    """Write as on the telephone: "double five", "oh" for nought."""
    words = (rng.choice(("oh", "zero")), *WORDS["words_en"][1:])
    runs = re.findall(r"(\d)\1|(\d)|(\D)", surface)
    return " ".join(
        f"double {words[int(two)]}" if two else words[int(one)] if one else other for two, one, other in runs
    )


def _separated(mark: str) -> Callable[[Random, str], str]:
    def write(rng: Random, surface: str) -> str:
        if rng.random() < 0.6:
            return mark.join(surface)
        pieces, at = [], 0
        while at < len(surface):
            size = rng.choice((1, 2, 3))
            pieces.append(surface[at : at + size])
            at += size
        return mark.join(pieces)

    return write


def _mixed_separators(rng: Random, surface: str) -> str:
    marks = [*SEPARATORS.values(), " - ", "、", "·", "~", *EMOJI[:2]]
    return surface[0] + "".join(rng.choice(marks) + one for one in surface[1:])


def _letters(rng: Random, surface: str) -> str:
    places = [place for place, one in enumerate(surface) if one in LETTERS]
    chosen = set(rng.sample(places, min(len(places), rng.randint(1, 3))))
    return "".join(rng.choice(LETTERS[one]) if place in chosen else one for place, one in enumerate(surface))


def _look_alikes(_: Random, surface: str) -> str:
    return "".join(LOOK_ALIKES.get(one, one) for one in surface)


def _line_break(rng: Random, surface: str) -> str:
    place = rng.randint(2, len(surface) - 2)
    return surface[:place] + rng.choice(("\n", "\r\n", "\n ", "\n> ")) + surface[place:]


def _html(rng: Random, surface: str) -> str:
    way = rng.choice(("&#{:d};", "&#x{:x};", "&#{:04d};"))
    return "".join(way.format(ord(one)) for one in surface)


def _url(_: Random, surface: str) -> str:
    return "".join(f"%{byte:02X}" for byte in surface.encode())


def _quoted_printable(rng: Random, surface: str) -> str:
    pieces = [f"={byte:02X}" for byte in surface.encode()]
    if rng.random() < 0.4:
        pieces.insert(len(pieces) // 2, "=\n")
    return "".join(pieces)


def _json_u(_: Random, surface: str) -> str:
    return "".join(f"\\u{ord(one):04x}" for one in surface)


CHARACTERS: Final[dict[str, Callable[[Random, str], str]]] = {
    "zero_width": lambda rng, surface: _sprinkle(ZERO_WIDTH, rng, surface),
    "bidi": lambda rng, surface: _sprinkle(BIDI, rng, surface),
    "soft_hyphen": lambda rng, surface: _sprinkle("\u00ad", rng, surface),
    "full_width": lambda _, surface: "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in surface),
    "unicode_digits": _unicode_digits,
    "circled": lambda rng, surface: _digits(rng.choice(CIRCLED), surface),
    "keycap": lambda _, surface: "".join(f"{one}\ufe0f\u20e3" if one.isdigit() else one for one in surface),
    "chinese_numerals": _chinese,
    "words_en": _words("words_en"),
    "words_en_double": _words_double,
    "words_pt": _words("words_pt"),
    "words_jyutping": _words("words_jyutping"),
    **{name: _separated(mark) for name, mark in SEPARATORS.items()},
    "sep_emoji": lambda rng, surface: rng.choice(EMOJI).join(surface),
    "sep_mixed": _mixed_separators,
    "letters_for_digits": _letters,
    "look_alikes": _look_alikes,
    "line_break": _line_break,
    "html_entities": _html,
    "url": _url,
    "quoted_printable": _quoted_printable,
    "json_u": _json_u,
}


def _base64(rng: Random, data: bytes) -> tuple[str, float]:
    encode = rng.choice((base64.b64encode, base64.b64encode, base64.urlsafe_b64encode))
    text = encode(data).decode()
    return (text.rstrip("=") if rng.random() < 0.2 else text), 4 / 3


def _base32(_: Random, data: bytes) -> tuple[str, float]:
    return base64.b32encode(data).decode(), 8 / 5


def _hex(rng: Random, data: bytes) -> tuple[str, float]:
    way = rng.choice(("{:02x}", "{:02X}", "\\x{:02x}", "{:02x} "))
    text = "".join(way.format(byte) for byte in data).strip()
    return text, len(way.format(0))


BLOBS: Final[dict[str, Callable[[Random, bytes], tuple[str, float]]]] = {
    "base64": _base64, "base32": _base32, "hex": _hex,
}  # fmt: skip
NESTED: Final = (  # inner, outer
    *(("url", "base64"), ("base64", "base64"), ("json_u", "base64"), ("base64", "hex"), ("html_entities", "url")),
    *(("url", "url"), ("base64", "url"), ("hex", "base64"), ("quoted_printable", "base64")),
)


def _blob(name: str, rng: Random, before: str, surface: str) -> Disguised:
    """Encode the surface with what stands before it; the place of a part is where its bytes went."""
    text, per_byte = BLOBS[name](rng, (before + surface).encode())
    start = int(len(before.encode()) * per_byte)
    end = min(len(text), -int(-len((before + surface).encode()) * per_byte // 1))
    return Disguised(text, start, max(end, start + 1), (0, len(text)))


def _layer(name: str, rng: Random, surface: str) -> str:
    if name in BLOBS:
        return BLOBS[name](rng, surface.encode())[0]
    return CHARACTERS[name](rng, surface)


def disguise(technique: str, rng: Random, surface: str, label: str) -> Disguised:
    """Return the value in this disguise. `label` is what it is called, for those that hide the two together."""
    if technique in BLOBS:
        return _blob(technique, rng, f"{label}: " if rng.random() < 0.4 else "", surface)
    if technique == "nested":
        inner, outer = rng.choice(NESTED)
        text = _layer(outer, rng, _layer(inner, rng, surface))
        return Disguised(text, 0, len(text), (0, len(text)))
    if technique == "reversed":
        return _reversed(rng, surface)
    return _whole(CHARACTERS[technique](rng, surface))


REVERSED: Final = ("（倒轉寫）", " (reversed)", " (倒序)", " (ao contrário)", "（由尾讀起）", " backwards", "", "")


def _reversed(rng: Random, surface: str) -> Disguised:
    return Disguised(surface[::-1] + rng.choice(REVERSED), 0, len(surface))


def mixed_script(rng: Random, label: str) -> str:
    """Return a label of which some characters are simplified and some are not."""
    places = [place for place, one in enumerate(label) if one in SIMPLE]
    chosen = set(rng.sample(places, max(1, len(places) // 2)))
    return "".join(SIMPLE[one] if place in chosen else one for place, one in enumerate(label))


TECHNIQUES: Final = (*CHARACTERS, *BLOBS, "nested", "reversed", "mixed_script")
# Techniques that need digits and nothing else; those that an e-mail address can wear.
DIGITS_ONLY: Final = frozenset(
    {"chinese_numerals", "words_en", "words_en_double", "words_pt", "words_jyutping", "reversed", "letters_for_digits"}
)
FOR_EMAIL: Final = frozenset({"zero_width", "bidi", "soft_hyphen", "full_width", "look_alikes", "html_entities", "url",
                              "quoted_printable", "json_u", "base64", "base32", "hex", "nested"})  # fmt: skip
