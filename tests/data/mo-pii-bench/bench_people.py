"""Names, addresses, e-mail addresses and bank codes, put together from word lists that are halved between the splits.

In:    the tables in `words/` and a seeded `random.Random`.
Out:   what is written, as a person of that language would write it.
Never: a name taken from a person: surnames and given names are combined at random, and no surname, given name,
       street or building is in both halves.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

WORDS: Final = Path(__file__).parent / "words"
Rows = tuple[tuple[str, ...], ...]

ZH_TITLES: Final = {
    "zh-Hant": ("先生", "小姐", "女士", "太太", "生", "太", "醫生", "經理", "律師", "主任"),
    "zh-Hans": ("先生", "小姐", "女士", "太太", "总", "医生", "经理", "律师", "主任", "工"),
}
PT_TITLES: Final = ("Sr.", "Sra.", "Dr.", "Dra.", "Eng.")
EN_TITLES: Final = ("Mr.", "Ms.", "Mrs.", "Dr.")


@cache
def table(name: str, split: str, kind: str) -> Rows:
    """Return the rows of a word list of one half and kind, without those two columns."""
    lines = (WORDS / name).read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return tuple(tuple(row[2:]) for row in rows if row[:2] == [split, kind])


@dataclass(frozen=True, slots=True)
class Chinese:
    """One made-up Chinese name in its scripts: surname and given name apart."""

    surname: tuple[str, ...]  # traditional, simplified, romanised, telegraph codes
    given: tuple[str, ...]

    def zh(self, language: str) -> str:
        """Return the name in characters."""
        script = 1 if language == "zh-Hans" else 0
        return self.surname[script] + self.given[script]

    def roman(self) -> str:
        """Return the name as Macau's documents romanise it."""
        return f"{self.surname[2]} {self.given[2]}"

    def codes(self) -> str:
        """Return the telegraph codes that Decree-Law 88/85/M asks for."""
        return f"{self.surname[3]} {self.given[3]}"


def chinese(rng: Random, split: str) -> Chinese:
    """Draw a Chinese name."""
    return Chinese(
        rng.choice(table("chinese_names.tsv", split, "surname")), rng.choice(table("chinese_names.tsv", split, "given"))
    )


def western(rng: Random, split: str, kind: str) -> str:
    """Draw from one list of Western names."""
    return rng.choice(table("western_names.tsv", split, kind))[0]


@dataclass(frozen=True, slots=True)
class Written:
    """A name as written, what kind of writing it is, and the name alone, without title and codes."""

    text: str
    kind: str
    name: str


USUAL: Final = {  # how each language writes names, by weight
    "zh-Hant": ("zh",), "zh-Hans": ("zh",), "pt": ("pt", "pt", "roman", "full"),
    "en": ("roman", "roman", "caps", "en", "full"), "mixed": ("zh", "zh", "roman", "caps", "pt", "en"),
}  # fmt: skip


def person(rng: Random, split: str, language: str, form: str = "") -> tuple[Written, ...]:
    """Return a name in the form that is asked for, else in a usual one; `both` is two that stand side by side."""
    one = chinese(rng, split)
    zh, roman = one.zh(language), one.roman()
    match form or rng.choice(USUAL[language]):
        case "zh":
            return (Written(zh, "zh", zh),)
        case "titled":
            surname = one.surname[language == "zh-Hans"]
            return (Written(surname + rng.choice(ZH_TITLES.get(language, ("先生", "小姐"))), "zh_titled", surname),)
        case "telegraph":
            way = rng.choice(("{}({})", "{} ({})", "{}（{}）", "{} {}"))
            return (Written(way.format(zh, one.codes()), "telegraph", zh),)
        case "roman":
            return (Written(roman, "roman", roman),)
        case "caps":
            text = rng.choice(("{} {}", "{}, {}")).format(one.surname[2], one.given[2]).upper()
            return (Written(text, "roman_caps", text),)
        case "both":
            return Written(zh, "zh", zh), Written(roman.upper(), "roman_caps", roman.upper())
        case "en":
            text = f"{western(rng, split, 'en_first')} {one.surname[2]}"
            return (Written(text, "en", text),)
        case "en_titled":
            return (Written(f"{rng.choice(EN_TITLES)} {roman}", "en_titled", roman),)
        case "full":
            text = western(rng, split, "full")
            return (Written(text, "abroad", text),)
        case portuguese:
            text = f"{western(rng, split, 'pt_first')} {western(rng, split, 'pt_last')}"
            text = text.upper() if portuguese == "pt_caps" else text
            title = f"{rng.choice(PT_TITLES)} " if portuguese == "pt_titled" else ""
            return (Written(title + text, portuguese, text),)


def address(rng: Random, split: str, language: str) -> tuple[str, str]:
    """Return a Macau address with a house number, and its kind."""
    street = rng.choice(table("places.tsv", split, "street"))
    building = rng.choice(table("places.tsv", split, "building"))
    district = rng.choice(table("places.tsv", split, "district"))
    number, block = rng.randint(3, 480), rng.randint(1, 6)
    floor, door = rng.randint(1, 32), rng.choice("ABCDEFGHJKLM")
    if language == "mixed":
        language = rng.choice(("zh-Hant", "pt"))
    if language in {"zh-Hant", "zh-Hans"}:
        s = int(language == "zh-Hans")
        end = ("號", "座", "樓") if not s else ("号", "座", "楼")
        text = rng.choice((
            f"澳{'门' if s else '門'}{street[s]}{number}{end[0]}{building[s]}{floor}{end[2]}{door}",
            f"{district[s]}{street[s]}{number}-{number + 8}{end[0]}{building[s]}第{block}座{floor}{end[2]}{door}座",
            f"澳{'门' if s else '門'}{district[s]}{street[s]}{number}{end[0]}{building[s]}{floor}{end[2]}{door}室",
            f"{street[s]} {number} {end[0]} {building[s]} {floor}/{door}",
            f"{street[s]}{number}{end[0]}地下",
        ))  # fmt: skip
        return text, "zh"
    if language == "pt":
        text = rng.choice((
            f"{street[2]}, n.º {number}, {building[2]}, {floor}.º andar {door}, {district[2]}",
            f"{street[2]}, n.os {number}-{number + 6}, {building[2]}, Bloco {block}, {floor}.º {door}, Macau",
            f"{street[2]} n.º {number}, r/c, Macau",
            f"{street[2]}, {number}, {building[2]}, {floor}º{door}, {district[2]}, Macau",
        ))  # fmt: skip
        return text, "pt"
    text = rng.choice((
        f"Flat {door}, {floor}/F, {building[2]}, {number} {street[2]}, Macau",
        f"No. {number}, {street[2]}, {building[2]}, {floor}th floor {door}, {district[2]}, Macau",
        f"{street[2]}, No. {number}, {building[2]}, {floor}-{door}, Macau",
    ))  # fmt: skip
    return text, "en"


def email(rng: Random, split: str) -> tuple[str, str]:
    """Return an e-mail address of a person at a domain that is kept for examples."""
    one = chinese(rng, split)
    surname, given = (part[2].lower().replace(" ", "") for part in (one.surname, one.given))
    first = western(rng, split, "en_first").lower()
    local = rng.choice((
        f"{given}.{surname}", f"{surname}{given}{rng.randint(1, 99)}", f"{first}_{surname}", f"{first}{surname}.mo",
        f"{surname}-{given}", f"{given[0]}{surname}+{rng.choice(('crm', 'news', 'bank'))}",
    ))  # fmt: skip
    hosts = {
        "tune": ("example.com", "mail.example.com", "mo.example.org", "office.example.net"),
        "test": ("example.org", "post.example.net", "macau.example.com", "staff.example.org"),
    }
    text = f"{local}@{rng.choice(hosts[split])}"
    return (text, "plain") if rng.random() < 0.9 else (text.upper(), "caps")


def bic(rng: Random, split: str) -> str:
    """Return the public code of a bank."""
    lines = (WORDS / "bics.tsv").read_text("utf-8").splitlines()
    return rng.choice([line.split("\t")[1] for line in lines if line.startswith(split)])
