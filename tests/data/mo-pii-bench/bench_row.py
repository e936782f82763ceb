"""One row in the making, and what has been drawn before it.

In:    a template, an entity, a disguise, a seeded `random.Random`.
Out:   a row with its labels, or None where it would repeat another.
Never: a value of the other half: a value's own hash says which half it belongs to.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

import bench_people
from bench_accounts import NUMBERS
from bench_disguise import DIGITS_ONLY, SIMPLE, Disguised, disguise, mixed_script
from bench_numbers import Number
from bench_office import OFFICE
from bench_templates import LANGUAGES, SPLITS, Template, labels

# What can be told by its shape alone, and in which printings.
STRONG: Final = {
    "MO_ID_CARD": ("card", "slashed", "wide_brackets"), "HK_ID_CARD": ("card", "wide_brackets", "bare"),
    "CN_RESIDENT_ID": ("bare", "lower"), "TW_ID": ("bare",), "MO_VEHICLE_PLATE": ("dashed",),
    "CREDIT_CARD": ("bare", "spaced", "dashed"), "IBAN_CODE": ("bare", "spaced"), "EMAIL_ADDRESS": (),
    "PHONE_NUMBER": ("international", "international_bare"),
}  # fmt: skip
# Kinds that share a name; labels and the other values of a row go by it.
GROUPS: Final = {"hrp_macau": "hrp", "hrp_hong_kong": "hrp", "eep": "eep", "eep_letter": "eep"}
NAMED_APART: Final = frozenset({"hrp", "eep", "employer", "beneficiary"})
# Office things that may come again: there are few of them, or they are long sentences.
FREE: Final = frozenset({
    "date", "ymd", "stamp", "money", "amount", "company", "roc_date", "sum", "lottery", "plain8",
    "b64_zh", "b64_hans", "b64_pt", "b64_en", "redacted_id", "redacted_card",
})  # fmt: skip
TITLED: Final = frozenset({"filename", "title"})
PLACE: Final = re.compile(r"\[\[([^\[\]\"]+)\]\]")


@dataclass(slots=True)
class Bench:
    """What has been drawn so far, so that nothing is drawn twice."""

    values: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    uses: Counter[tuple[str, ...]] = field(default_factory=Counter)

    def fresh(self, value: str, split: str) -> bool:
        """Take a value if it belongs to this half and is new. Its own hash says which half it belongs to."""
        if value in self.values or SPLITS[hashlib.sha256(value.encode()).digest()[0] & 1] != split:
            return False
        self.values.add(value)
        return True

    def least(self, names: Iterable[str], *where: str) -> str:
        """Return the name used least so far in this place, and count it."""
        chosen = min(names, key=lambda name: self.uses[*where, name])
        self.uses[*where, chosen] += 1
        return chosen


def compact(text: str) -> str:
    """Return letters and digits alone, in upper case."""
    return "".join(one for one in unicodedata.normalize("NFKC", text).upper() if one.isalnum())


class Row:
    """One row in the making: text grows, spans with it."""

    def __init__(self, bench: Bench, template: Template, rng: Random, entity: str, technique: str) -> None:
        self.bench, self.template, self.rng = bench, template, rng
        self.entity, self.technique = entity, technique
        self.split, self.language = template.split, template.language
        self.speech = rng.choice(LANGUAGES[:4]) if self.language == "mixed" else self.language
        self.text = ""
        self.spans: list[dict[str, Any]] = []
        self.number = self.draw(entity) if entity in NUMBERS else None
        self.group = self._group(self.number) if self.number else ""
        speech = "zh-Hant" if technique == "mixed_script" else self.speech
        names = labels(entity, self.group, speech, self.split) if entity else ("",)
        if technique == "mixed_script":
            names = tuple(name for name in names if any(one in SIMPLE for one in name))
        self.label = rng.choice(names)
        self.first = True
        self.unchanged = False  # whether a disguise had nothing to hold on to
        self._render()

    @staticmethod
    def _group(drawn: Number) -> str:
        return GROUPS.get(drawn.kind, drawn.kind)

    def draw(self, entity: str) -> Number:
        """Draw a number of this half."""
        while True:
            number = NUMBERS[entity](self.rng)
            if self.bench.fresh(number.value, self.split):
                return number

    def _render(self) -> None:
        at = 0
        for place in PLACE.finditer(self.template.text):
            self.text += self.template.text[at : place.start()]
            self._fill(place[1])
            at = place.end()
        self.text += self.template.text[at:]

    def _fill(self, name: str) -> None:
        """Write what belongs in one place."""
        match name:
            case "label":
                mixed = self.technique == "mixed_script"
                self.text += mixed_script(self.rng, self.label) if mixed else self.label
            case "key":
                self.text += self.rng.choice(labels(self.entity, "", "key", self.split))
            case "value":
                self._value()
            case "phone":
                self._write_number(self.draw("PHONE_NUMBER"), None)
            case "email" | "address":
                self._write_words("EMAIL_ADDRESS" if name == "email" else "LOCATION")
            case _ if name.partition(".")[0] == "person":
                self._people(name.partition(".")[2])
            case _ if name in NUMBERS:
                self._write_number(self.draw(name), None)
            case _ if ":" in name:
                entity, words = name.split(":", 1)
                self._write(entity.lstrip("?"), "literal", words, words, optional=entity.startswith("?"))
            case _:
                self.text += self._noise(name)

    def _people(self, form: str) -> None:
        """Write a name; two that stand side by side may be found as one."""
        written = bench_people.person(self.rng, self.split, self.language, form)
        whole = (len(self.text), len(self.text) + len(" ".join(one.text for one in written)))
        for place, one in enumerate(written):
            self.text += " " if place else ""
            at = len(self.text) + one.text.index(one.name)
            also = whole if len(written) > 1 else (at, at + len(one.name)) if one.name != one.text else None
            self._write("PERSON", one.kind, one.text, one.text, also=also)

    def _noise(self, name: str) -> str:
        """Return something that is nobody's."""
        while True:
            text = OFFICE[name](self.rng, self.split, self.language)
            if name in FREE or len(text) < 8 or self.bench.fresh(compact(text), self.split):
                return text

    def _value(self) -> None:
        """Write the value the row is about: the first as drawn, later ones of the same group."""
        if self.entity in {"EMAIL_ADDRESS", "LOCATION"}:
            self._write_words(self.entity, self.technique)
        elif self.entity == "SWIFT_BIC":
            surface = bench_people.bic(self.rng, self.split)
            self._write("SWIFT_BIC", "bic", surface, surface)
        else:
            drawn = self.number if self.first else None
            while drawn is None or (self.group in NAMED_APART and self._group(drawn) != self.group):
                drawn = self.draw(self.entity)
            self._write_number(drawn, self.technique)
        self.first = False

    def _write_words(self, entity: str, technique: str = "none") -> None:
        """Write an address or an e-mail address."""
        if entity == "LOCATION":
            surface, kind = bench_people.address(self.rng, self.split, self.language)
        else:
            surface, kind = bench_people.email(self.rng, self.split)
        if technique in {"none", "mixed_script"}:
            self._write(entity, kind, surface, surface, disguised=technique == "mixed_script")
        else:
            self._write_disguised(entity, kind, surface, surface)

    def _write_number(self, number: Number, technique: str | None) -> None:
        """Write a number in one of its printings, or disguised; `technique` is None for what the row is not about."""
        ways = dict(number.printings)
        if technique in {None, "none", "mixed_script"}:
            names = list(ways)
            if "bare" in self.template.flags:
                names = [name for name in STRONG[number.entity] if name in ways]
            name = names[0] if technique is None or self.rng.random() < 0.35 else self.rng.choice(names)
            surface = ways[name]
            disguised = technique == "mixed_script"  # its name is
            self._write(number.entity, number.kind, surface, compact(surface), printing=name, disguised=disguised)
        else:
            surface = number.printings[0][1].replace(" ", "")
            if technique in DIGITS_ONLY:
                surface = number.value
            elif (
                technique in {"zero_width", "bidi", "soft_hyphen", "full_width", "unicode_digits", "json_u"}
                and self.rng.random() < 0.3
            ):
                surface = ways.get("card", surface)
            self._write_disguised(number.entity, number.kind, surface, compact(surface))

    def _write_disguised(self, entity: str, kind: str, surface: str, value: str) -> None:
        """Write a value in the row's disguise."""
        for _ in range(20):
            hidden = disguise(self.technique, self.rng, surface, self.label)
            if hidden.text != surface:
                break
        else:
            self.unchanged = True
        self._write(entity, kind, hidden, value, disguised=True)

    def _write(self, entity: str, kind: str, surface: str | Disguised, value: str, **more: Any) -> None:
        """Append text and its label."""
        hidden = surface if isinstance(surface, Disguised) else Disguised(surface, 0, len(surface))
        quoted = self.template.register == "csv" and "," in hidden.text and not self.text.endswith('"')
        self.text += '"' if quoted else ""
        at = len(self.text)
        span = {"entity": entity, "start": at + hidden.start, "end": at + hidden.end, "value_kind": kind}
        if value != hidden.text[hidden.start : hidden.end]:
            span["value"] = value
        if hidden.also:
            span["also"] = (at + hidden.also[0], at + hidden.also[1])
        span |= {key: one for key, one in more.items() if one}
        if self.template.register in TITLED:
            span["in"] = "title"
        elif entity == "CUSTOMER_DATA_TITLE":
            span["optional"] = True
        self.spans.append(span)
        self.text += hidden.text + ('"' if quoted else "")

    def finished(self) -> dict[str, Any] | None:
        """Return the row, or None where its text exists or its disguise changed nothing."""
        if self.text in self.bench.texts or self.unchanged:
            return None
        self.bench.texts.add(self.text)
        kind = self.template.kind
        row = {"split": self.split, "text": self.text}
        if self.template.register in TITLED:
            row |= {"text": "", "title": self.text}
        row |= {"language": self.language, "register": self.template.register, "template": self.template.name}
        about = {"negative_kind": kind} if kind else {"entity": self.entity or self.spans[0]["entity"]}
        return {**row, **about, "technique": self.technique, "negative": bool(kind), "spans": self.spans}
