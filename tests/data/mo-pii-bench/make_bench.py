"""Make mo-pii-bench anew: `python make_bench.py [FOLDER]`. The same seed gives the same bytes.

In:    the templates and words beside this file, and SEED.
Out:   positives.tune.jsonl, positives.test.jsonl, negatives.tune.jsonl, negatives.test.jsonl.
Never: a row of one half that shares a template or a value with the other; two equal texts.
"""

import hashlib
import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

import bench_people
from bench_disguise import DIGITS_ONLY, FOR_EMAIL, SIMPLE, TECHNIQUES, Disguised, disguise, mixed_script
from bench_numbers import NUMBERS, Number
from bench_office import OFFICE
from bench_templates import LANGUAGES, SPLITS, Template, labels, negatives, positives

SEED: Final = "mo-pii-bench 1"
LABELLED: Final = (*NUMBERS, "EMAIL_ADDRESS", "LOCATION")
# What can be told by its shape alone, and in which printings.
STRONG: Final = {
    "MO_ID_CARD": ("card", "slashed", "wide_brackets"), "HK_ID_CARD": ("card", "wide_brackets", "bare"),
    "CN_RESIDENT_ID": ("bare", "lower"), "TW_ID": ("bare",), "MO_VEHICLE_PLATE": ("dashed",),
    "CREDIT_CARD": ("bare", "spaced", "dashed"), "IBAN_CODE": ("bare", "spaced"), "EMAIL_ADDRESS": (),
    "PHONE_NUMBER": ("international", "international_bare"),
}  # fmt: skip
GROUPS: Final = {"hrp_macau": "hrp", "hrp_hong_kong": "hrp", "eep": "eep", "eep_letter": "eep"}
TIMES: Final = {"zh-Hant": 3, "zh-Hans": 2, "pt": 2, "en": 2, "mixed": 3}  # rows of a template whose entity is free
PER_TECHNIQUE: Final = 28  # rows of a half
NEGATIVES: Final = 1500  # rows of a half
ORDER_OF_LANGUAGES: Final = ("zh-Hant", "zh-Hans", "zh-Hant", "pt", "en", "mixed")
SPEAKS: Final = {
    "chinese_numerals": {"zh-Hant", "zh-Hans", "mixed"}, "words_pt": {"pt", "mixed"}, "words_en": {"en", "mixed"},
    "words_en_double": {"en", "mixed"}, "words_jyutping": {"zh-Hant", "mixed"},
    "mixed_script": {"zh-Hant", "zh-Hans", "mixed"},
}  # fmt: skip
ONE_LINE: Final = frozenset({"csv", "tsv", "markdown", "json", "log", "filename", "title"})
FREE_NOISE: Final = frozenset({"date", "ymd", "stamp", "money", "amount", "company", "roc_date", "sum", "lottery",
                               "b64_zh", "b64_hans", "b64_pt", "b64_en", "redacted_id", "redacted_card", "plain8"})  # fmt: skip
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
        self.group = GROUPS.get(self.number.kind, self.number.kind) if self.number else ""
        speech = "zh-Hant" if technique == "mixed_script" else self.speech
        names = labels(entity, self.group, speech, self.split) if entity else ("",)
        if technique == "mixed_script":
            names = tuple(name for name in names if any(one in SIMPLE for one in name))
        self.label = rng.choice(names)
        self.first = True

    def draw(self, entity: str) -> Number:
        """Draw a number of this half."""
        while True:
            number = NUMBERS[entity](self.rng)
            if self.bench.fresh(number.value, self.split):
                return number

    def render(self) -> None:
        """Fill the template in."""
        at = 0
        for place in PLACE.finditer(self.template.text):
            self.text += self.template.text[at : place.start()]
            self.fill(place[1])
            at = place.end()
        self.text += self.template.text[at:]

    def fill(self, name: str) -> None:
        """Write what belongs in one place."""
        match name:
            case "label":
                mixed = self.technique == "mixed_script"
                self.text += mixed_script(self.rng, self.label) if mixed else self.label
            case "key":
                self.text += self.rng.choice(labels(self.entity, "", "key", self.split))
            case "value":
                self.value()
            case "phone":
                self.write_number(self.draw("PHONE_NUMBER"), None)
            case "email" | "address":
                self.write_words("EMAIL_ADDRESS" if name == "email" else "LOCATION")
            case _ if name.partition(".")[0] == "person":
                self.people(name.partition(".")[2])
            case _ if name in NUMBERS:
                self.write_number(self.draw(name), None)
            case _ if ":" in name:
                entity, words = name.split(":", 1)
                self.write(entity.lstrip("?"), "literal", words, words, optional=entity.startswith("?"))
            case _:
                self.text += self.noise(name)

    def people(self, form: str) -> None:
        """Write a name; two that stand side by side may be found as one."""
        written = bench_people.person(self.rng, self.split, self.language, form)
        whole = (len(self.text), len(self.text) + len(" ".join(one.text for one in written)))
        for place, one in enumerate(written):
            self.text += " " if place else ""
            at = len(self.text) + one.text.index(one.name)
            also = whole if len(written) > 1 else (at, at + len(one.name)) if one.name != one.text else None
            self.write("PERSON", one.kind, one.text, one.text, also=also)

    def noise(self, name: str) -> str:
        """Return something that is nobody's."""
        while True:
            text = OFFICE[name](self.rng, self.split, self.language)
            if name in FREE_NOISE or len(text) < 8 or self.bench.fresh(compact(text), self.split):
                return text

    def value(self) -> None:
        """Write the value the row is about: the first as drawn, later ones of the same group."""
        if self.entity in {"EMAIL_ADDRESS", "LOCATION"}:
            self.write_words(self.entity, self.technique)
        elif self.entity == "SWIFT_BIC":
            surface = bench_people.bic(self.rng, self.split)
            self.write("SWIFT_BIC", "bic", surface, surface)
        else:
            number = self.number
            while not (self.first and number):
                number = self.draw(self.entity)
                if GROUPS.get(number.kind, number.kind) == self.group or self.group not in {
                    "hrp",
                    "eep",
                    "employer",
                    "beneficiary",
                }:
                    break
            self.write_number(number, self.technique)
        self.first = False

    def write_words(self, entity: str, technique: str = "none") -> None:
        """Write an address or an e-mail address."""
        if entity == "LOCATION":
            surface, kind = bench_people.address(self.rng, self.split, self.language)
        else:
            surface, kind = bench_people.email(self.rng, self.split)
        if technique in {"none", "mixed_script"}:
            self.write(entity, kind, surface, surface)
        else:
            self.write_disguised(entity, kind, surface, surface)

    def write_number(self, number: Number, technique: str | None) -> None:
        """Write a number in one of its printings, or disguised; `technique` is None for what the row is not about."""
        ways = dict(number.printings)
        if technique in {None, "none", "mixed_script"}:
            names = list(ways)
            if "bare" in self.template.flags:
                names = [name for name in STRONG[number.entity] if name in ways]
            name = names[0] if technique is None or self.rng.random() < 0.35 else self.rng.choice(names)
            surface = ways[name]
            self.write(number.entity, number.kind, surface, compact(surface), printing=name)
        else:
            surface = number.printings[0][1].replace(" ", "")
            if technique in DIGITS_ONLY:
                surface = number.value
            elif (
                technique in {"zero_width", "bidi", "soft_hyphen", "full_width", "unicode_digits", "json_u"}
                and self.rng.random() < 0.3
            ):
                surface = ways.get("card", surface)
            self.write_disguised(number.entity, number.kind, surface, compact(surface))

    def write_disguised(self, entity: str, kind: str, surface: str, value: str) -> None:
        """Write a value in the row's disguise."""
        label = self.label
        for _ in range(20):
            hidden = disguise(self.technique, self.rng, surface, label)
            if hidden.text != surface:
                break
        self.write(entity, kind, hidden, value)

    def write(self, entity: str, kind: str, surface: str | Disguised, value: str, **more: Any) -> None:
        """Append text and its label."""
        hidden = surface if isinstance(surface, Disguised) else Disguised(surface, 0, len(surface))
        quoted = self.template.register == "csv" and "," in hidden.text and not self.text.endswith('"')
        self.text += '"' if quoted else ""
        at = len(self.text)
        span = {
            "entity": entity,
            "start": at + hidden.start,
            "end": at + hidden.end,
            "value_kind": kind,
            "value": value,
        }
        if hidden.also:
            span["also"] = (at + hidden.also[0], at + hidden.also[1])
        span |= {key: one for key, one in more.items() if one}
        if self.template.register in {"filename", "title"}:
            span["in"] = "title"
        elif entity == "CUSTOMER_DATA_TITLE":
            span["optional"] = True
        self.spans.append(span)
        self.text += hidden.text + ('"' if quoted else "")

    def finished(self) -> dict[str, Any] | None:
        """Return the row, or None where its text exists or its disguise changed nothing."""
        if self.text in self.bench.texts:
            return None
        if self.technique not in {"none", "mixed_script"} and all(
            one["value"] == self.text[one["start"] : one["end"]] for one in self.spans if one["entity"] == self.entity
        ):
            return None
        self.bench.texts.add(self.text)
        title = self.template.register in {"filename", "title"}
        row = {"split": self.split, "text": "" if title else self.text}
        if title:
            row["title"] = self.text
        row |= {"language": self.language, "register": self.template.register, "template": self.template.name}
        if self.template.kind:
            return {
                **row,
                "technique": "none",
                "negative": True,
                "negative_kind": self.template.kind,
                "spans": self.spans,
            }
        entity = self.entity or self.spans[0]["entity"]
        return {**row, "entity": entity, "technique": self.technique, "negative": False, "spans": self.spans}


def make(
    bench: Bench, template: Template, entity: str = "", technique: str = "none", tries: int = 30
) -> dict[str, Any] | None:
    """Return a row of a template, or None where no new one can be made of it."""
    where = (template.name, entity, technique)
    for _ in range(tries):
        bench.uses["rng", *where] += 1
        rng = Random(f"{SEED}/{where}/{bench.uses['rng', *where]}")
        row = Row(bench, template, rng, entity, technique)
        row.render()
        if finished := row.finished():
            return finished
    return None


def clear(bench: Bench, split: str) -> Iterator[dict[str, Any]]:
    """Yield rows in which values stand as people print them."""
    for language in LANGUAGES:
        for template in positives(language):
            if template.split != split:
                continue
            free = template.generic or "strong" in template.only
            times = TIMES[language] if free and "bare" not in template.flags else 2
            if "title" in template.flags:
                times = 1
            if "sensitive" in template.flags or "SWIFT_BIC" in template.only:
                times = 3
            for _ in range(times):
                entity = ""
                if "strong" in template.only:
                    entity = bench.least(STRONG, split, language, "bare")
                elif template.generic:
                    entity = bench.least(LABELLED, split, language)
                elif "[[value]]" in template.text:
                    entity = template.only[0]
                if row := make(bench, template, entity):
                    yield row


def disguised(bench: Bench, split: str) -> Iterator[dict[str, Any]]:
    """Yield rows in which the value is disguised, and named by its label."""
    usable = [
        template
        for language in LANGUAGES
        for template in positives(language)
        if template.split == split
        and template.generic
        and "[[label]]" in template.text
        and template.text.count("[[value]]") <= 2
    ]
    for technique in TECHNIQUES:
        made = 0
        while made < PER_TECHNIQUE:
            speaks = SPEAKS.get(technique, LANGUAGES)
            language = bench.least([one for one in ORDER_OF_LANGUAGES if one in speaks], split, technique, "language")
            entity = bench.least(_wearers(technique), split, technique, "entity")
            fit = [
                one for one in usable
                if one.language == language and not (technique == "line_break" and one.register in ONE_LINE)
            ]  # fmt: skip
            register = bench.least(sorted({one.register for one in fit}), split, "register", language)
            name = bench.least([one.name for one in fit if one.register == register], split, "disguised")
            template = next(one for one in fit if one.name == name)
            if row := make(bench, template, entity, technique, tries=3):
                made += 1
                yield row


def _wearers(technique: str) -> tuple[str, ...]:
    """Return the entities that can wear a disguise."""
    if technique in DIGITS_ONLY:
        return ("MO_ID_CARD", "BANK_ACCOUNT", "PHONE_NUMBER", "MO_SOCIAL_SECURITY", "CREDIT_CARD", "MO_ID_CARD",
                "MO_NON_RESIDENT_WORKER_ID", "MO_TAXPAYER", "PT_NIF")  # fmt: skip
    if technique == "mixed_script":
        return tuple(one for one in LABELLED if one not in {"IBAN_CODE", "LOCATION"})
    numbers = tuple(one for one in NUMBERS if one != "MO_VEHICLE_PLATE" or technique != "line_break")
    return (*numbers, "EMAIL_ADDRESS") if technique in FOR_EMAIL else numbers


def clean(bench: Bench, split: str) -> Iterator[dict[str, Any]]:
    """Yield hard negatives: every template once, then those that vary, evenly over their kinds."""
    templates = [one for language in LANGUAGES for one in negatives(language) if one.split == split]
    made = 0
    for template in templates:
        if row := make(bench, template):
            made += 1
            yield row
    varied = {one.name: one for one in templates if "[[" in one.text and "[[?" not in one.text}
    while made < NEGATIVES and varied:
        kind = bench.least(sorted({one.kind for one in varied.values()}), split, "kind")
        name = bench.least(sorted(one.name for one in varied.values() if one.kind == kind), split, "varied")
        if row := make(bench, varied[name], tries=5):
            made += 1
            yield row
        else:
            del varied[name]


def dump(row: dict[str, Any]) -> str:
    """Return a row as one line in which characters that nobody sees are written as escapes."""
    text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    return "".join(one if one.isprintable() else _escaped(one) for one in text)


def _escaped(one: str) -> str:
    return "".join(f"\\u{ord(half):04x}" for half in one) if ord(one) < 0x10000 else one


def main(folder: Path) -> None:
    """Write the four files."""
    bench = Bench()
    for split in SPLITS:
        files = {"positives": [*clear(bench, split), *disguised(bench, split)], "negatives": [*clean(bench, split)]}
        for name, rows in files.items():
            lines = [dump({"id": f"{name[:3]}-{split}-{number:04}", **row}) for number, row in enumerate(rows, 1)]
            (folder / f"{name}.{split}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
            print(f"{name}.{split}.jsonl: {len(lines)} rows")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
