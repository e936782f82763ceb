"""The words people print beside a number, and what the number then is.

In:    a text.
Out:   `labels`: every such word in it, with its place and kind.
Never: a Latin word inside a longer one ("paid" holds no "id"); a short label inside a longer ("order id" is no "id").

Words are compared after `fold`: case, accents, width and the separators `_ - .` make no difference.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from ahocorasick_rs import AhoCorasick

from recognizers.folding import fold
from recognizers.other_words import OTHER_WORDS
from recognizers.words import WORDS


class Kind(StrEnum):
    """What a label says the number or words beside it are."""

    ID_CARD = "id card"  # the Macau resident's, unless a place is named with it
    IDENTITY = "identity"  # some identity document, or just "ID"
    PASSPORT = "passport"
    WORKER_ID = "worker id"
    SOCIAL_SECURITY = "social security"
    TAXPAYER = "taxpayer"
    PLATE = "plate"
    PERMIT = "permit"  # to cross the border with the mainland, in either direction
    MAINLAND_ID = "mainland id"
    HONG_KONG_ID = "hong kong id"
    TAIWAN_ID = "taiwan id"
    PORTUGUESE_TAX = "portuguese tax"
    CITIZEN_CARD = "citizen card"
    ACCOUNT = "account"
    BANKING = "banking"  # money moves, or a bank is named
    CARD = "card"
    IBAN = "iban"
    BIC = "bic"
    PHONE = "phone"
    EMAIL = "email"
    NAME = "name"  # a person's name follows
    ADDRESS = "address"
    PERSON = "person"  # a column or line about people
    OTHER = "other"  # an order, an invoice, a case: a number that identifies nobody
    SOME_PERMIT = "some permit"  # to build, to park, or to cross the border: what it is, its number's form says
    DATE = "date"
    AMOUNT = "amount"
    LAW = "law"
    CURRENCY = "currency"  # what an amount is counted in; accounts are named by it too


IDENTITY_KINDS = frozenset(
    {
        *(Kind.ID_CARD, Kind.IDENTITY, Kind.PASSPORT, Kind.WORKER_ID, Kind.SOCIAL_SECURITY, Kind.TAXPAYER, Kind.PERMIT),
        *(Kind.MAINLAND_ID, Kind.HONG_KONG_ID, Kind.TAIWAN_ID, Kind.PORTUGUESE_TAX, Kind.CITIZEN_CARD),
    }
)
"""What names an identity document or a number that an authority gave to one person."""

NO_ONES = frozenset({Kind.OTHER, Kind.SOME_PERMIT, Kind.DATE, Kind.AMOUNT, Kind.LAW, Kind.CURRENCY})
"""What names a number that identifies nobody."""

NUMBER_KINDS = (
    IDENTITY_KINDS | NO_ONES | {Kind.PLATE, Kind.ACCOUNT, Kind.CARD, Kind.IBAN, Kind.BIC, Kind.PHONE, Kind.EMAIL}
)
"""What names some number or code; each names every other kind of number wrong."""

COMPANIES = frozenset(
    (
        *("customer", "customers", "client", "clients", "cliente", "clientes", "客戶", "owner", "owners"),
        *("proprietário", "proprietária", "senhorio"),
    )
)
"""Words for people that companies are called as well."""

AHEAD = frozenset(
    (
        *("聯絡", "聯係", "致電", "可致電", "電聯", "撥打", "打電話", "回電", "查詢電話", "call", "call me", "contact"),
        *("contactar", "ligar para", "ligue para", "ligar", "ligue", "liga", "text me", "reach me at"),
        *("can reach", "could reach", "or ring", "please ring"),
        *("ppt", "pp", "sim", "hp"),
    )
)
"""Words that speak of the number that follows, and of none before: "code 12345678, please contact ..."."""


@dataclass(frozen=True, slots=True)
class Label:
    """A label found in a text: the word as listed here, its place, its kind."""

    word: str
    start: int
    end: int
    kind: Kind


def _spread(patterns: Iterable[str]) -> Iterator[str]:
    """Write out "身[份分]證" as the words it stands for."""
    for pattern in patterns:
        head, bracket, rest = pattern.partition("[")
        if not bracket:
            yield pattern
            continue
        choice, _, tail = rest.partition("]")
        for letter in choice:
            yield from _spread([head + letter + tail])


def _entries() -> dict[str, tuple[str, Kind]]:
    """Return every word, folded, as it is listed and with its kind."""
    entries: dict[str, tuple[str, Kind]] = {}
    for kind, words in chain(WORDS.items(), OTHER_WORDS.items()):
        for word in _spread(entry.strip() for entry in words.split(",") if entry.strip()):
            entries.setdefault(fold(word).strip(), (word, Kind(kind)))
    return entries


def labels(folded: str) -> Iterator[Label]:
    """Yield the labels of a text that went through `fold`, in reading order, none inside another.

    What a document is called may go on in a general word: "Macau ID card no" and 外地勞工證號 are one label each. Of
    "Document type: EEP, document no.: ..." the second label takes its kind from the first.
    """
    before: Label | None = None
    for label in _each(folded):
        if before and before.kind in _DOCUMENTS:
            between = folded[before.end : label.start]
            if label.word in _GENERAL and _GOES_ON.fullmatch(between) and not _is_general(before):
                before = Label(before.word, before.start, label.end, before.kind)
                continue
            if label.word in _PAPERS and _TYPE_BEFORE.fullmatch(between):
                yield before
                before = Label(before.word, label.start, label.end, before.kind)
                continue
        if before:
            yield before
        before = label
    if before:
        yield before


def _is_general(label: Label) -> bool:
    return label.word in _GENERAL


def _each(folded: str) -> Iterator[Label]:
    """Yield the longest word at each place, from left to right, that is not a part of a longer Latin word or number."""
    reached = -1
    for number, start, end in sorted(_WORDS.find_matches_as_indexes(folded, overlapping=True), key=_leftmost_longest):
        if start < reached or _runs_on(folded, start - 1, start):
            continue
        if _runs_on(folded, end - 1, end) and not _SUFFIX.match(folded, end):
            continue
        word = _FOLDED[number]
        if word in _KEYS and folded.startswith('"', end):
            continue  # {"field": "BIR", "valor": "…"}
        if word in _SURNAMES and not _ANNOUNCES.match(folded, end):
            continue  # Fernando Lei, 66123456
        if word in _SHORT and not _CODE.match(folded, end):
            continue  # ppt slides
        listed, kind = _ENTRIES[word]
        yield Label(listed, start, end, Kind.OTHER if word == "id" and _is_owned(folded, start) else kind)
        reached = end


def _leftmost_longest(match: tuple[int, int, int]) -> tuple[int, int]:
    return match[1], -match[2]


def _is_owned(folded: str, at: int) -> bool:
    """Tell whether an "ID" is the ID of some thing: "Steam ID", 商戶ID. A person's own is not: "my ID", 客人ID."""
    owner = folded[max(0, at - 16) : at].rstrip(" ")
    if not owner or not owner[-1].isalpha():
        return owner.endswith(("?", "&"))  # a parameter of a URL
    if _is_latin(owner[-1]):
        return _LAST_WORD.findall(owner)[-1] not in _PEOPLE
    return owner[-1] not in _PEOPLE_HAN


def _runs_on(folded: str, before: int, after: int) -> bool:
    """Tell whether two neighbouring characters belong to one Latin word, or to one number."""
    if before < 0 or after >= len(folded):
        return False
    one, other = folded[before], folded[after]
    return (_is_latin(one) and _is_latin(other)) or ("0" <= one <= "9" and "0" <= other <= "9")


def _is_latin(letter: str) -> bool:
    return "a" <= letter <= "z"


_DOCUMENTS = IDENTITY_KINDS
# What the name of a document goes on in, and what may stand between.
_GENERAL = frozenset(
    (
        *("card", "cards", "card no", "card number", "cardno", "cardnumber", "card:", "卡號", "咭號", "cartão", "卡:"),
        *("ID", "ID no", "ID number", "ID card", "ID card no", "identification card", "identification"),
        *("identification no", "identification number", "registration number", "registration no of vehicle", "reg no"),
        *("證:", "證號", "證件", "證件號", "證件號碼", "證件編號", "證件:", "document no", "document number", "doc no"),
    )
)
_PAPERS = frozenset(
    (
        *("document no", "document number", "doc no", "doc number", "doc nr", "doc#", "permit no", "permit number"),
        *("documento n.º", "nº do documento", "n.º do documento", "número do documento", "n.º de documento"),
        *("documento nº", "doc. n.º", "n.º doc.", "文件編號", "文件號"),
    )
)
_GOES_ON = re.compile(r"(?: |' ?s )?")
# Between the kind of a document and "document no.": the rest of a line or of a field.
_TYPE_BEFORE = re.compile(r"[^0-9\n]{0,12}(?:\n[^0-9\n]{0,4})?")
_LAST_WORD = re.compile(r"[a-z]+\Z")
# After these an "ID" is a document: whose it is, a word of the sentence, or the head of the column before.
_PEOPLE = frozenset(
    (
        *("my", "your", "his", "her", "their", "our", "the", "a", "an", "and", "or", "with", "is", "of", "for", "no"),
        *("s", "applicant", "passenger", "guest", "holder", "resident", "tenant", "driver", "owner", "buyer", "seller"),
        *("husband", "wife", "father", "mother", "son", "daughter", "child", "helper", "local", "macau", "new", "old"),
        *("check", "verify", "verified", "confirm", "see", "need", "needs", "send", "scan", "show", "shows", "showed"),
        *("bring", "copy", "update", "valid", "this", "that", "same", "photo", "by", "on", "to", "in", "has", "have"),
        *("got", "give", "gave", "provide", "provided", "presented", "produced", "w", "per", "if", "via", "as"),
        *("o", "os", "as", "do", "da", "de", "seu", "sua", "meu", "minha", "e", "com"),
        *("name", "sex", "gender", "birth", "phone", "tel", "nome", "sexo", "telefone"),  # the column before
    )
)
_PEOPLE_HAN = frozenset("我佢他她你您的嘅人生姐士太个是系和及同跟名别话址")
_KEYS = frozenset({"valor", "amount", "total", "data", "item", "case"})
# Words that are names as well, 李 and 羅 and 潘 and 田 and William: labels where a number is announced.
_SURNAMES = frozenset({"lei", "law", "pan", "tin", "bill"})
_ANNOUNCES = re.compile(r" ?(?:[:#=|]|n ?o?\b|nr\b|number\b|is\b|[0-9]|d[aeo]\b|of\b|on\b|basica\b|\Z)")
# Abbreviations that mean other things everywhere but right before a number or code.
_SHORT = frozenset({"ppt", "pp", "sim", "hp"})
_CODE = re.compile(r"(?: ?(?:no|number|num))?[ :#=|\n]{0,3}(?:[a-z]{0,2} ?[0-9(+]|\Z)")
# What programs put behind a word without a space: "passportNo", "nifNumber".
_SUFFIX = re.compile(r"(?:no|nos|num|number|numero|nr|id|code)(?![a-z])")
_ENTRIES = _entries()
_FOLDED = list(_ENTRIES)
_WORDS = AhoCorasick(_FOLDED)
