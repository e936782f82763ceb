"""Make mo-pii-bench anew: `python make_bench.py [FOLDER]`. The same seed gives the same bytes.

In:    the templates and words beside this file, and SEED.
Out:   positives.tune.jsonl, positives.test.jsonl, negatives.tune.jsonl, negatives.test.jsonl.
Never: a row of one half that shares a template or a value with the other; two equal texts.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, Final

from bench_accounts import NUMBERS
from bench_disguise import DIGITS_ONLY, FOR_EMAIL, TECHNIQUES
from bench_row import STRONG, Bench, Row
from bench_templates import LANGUAGES, SPLITS, Template, negatives, positives

SEED: Final = "mo-pii-bench 1"
# What a template with a free place can be about.
LABELLED: Final = (*NUMBERS, "EMAIL_ADDRESS", "LOCATION")
TIMES: Final = {"zh-Hant": 4, "zh-Hans": 2, "pt": 2, "en": 2, "mixed": 3}  # rows of a template with a free place
PER_TECHNIQUE: Final = 26  # rows of a half
NEGATIVES: Final = 1500  # rows of a half
# Each disguise goes round the languages, Traditional Chinese twice; words are used where they are spoken.
ROUND: Final = ("zh-Hant", "zh-Hans", "pt", "en", "mixed")
SPEAKS: Final = {
    "chinese_numerals": ("zh-Hant", "zh-Hans", "mixed"),
    "words_pt": ("pt", "mixed"),
    "words_en": ("en", "mixed"),
    "words_en_double": ("en", "mixed"),
    "words_jyutping": ("zh-Hant", "mixed"),
    "mixed_script": ("zh-Hant", "zh-Hans", "mixed"),
}
# A line's end inside a value would end the row, the record or the name.
ONE_LINE: Final = frozenset({"csv", "tsv", "markdown", "json", "log", "filename", "title"})


def make(bench: Bench, template: Template, entity: str = "", technique: str = "none") -> dict[str, Any] | None:
    """Return a row of a template, or None where no new one can be made of it."""
    where = (template.name, entity, technique)
    for _ in range(10):
        bench.uses["made", *where] += 1
        # Seeded by what it is for: a template that comes or goes leaves the other rows as they are.
        rng = Random(f"{SEED}/{where}/{bench.uses['made', *where]}")
        if row := Row(bench, template, rng, entity, technique).finished():
            return row
    return None


def clear(bench: Bench, split: str) -> Iterator[dict[str, Any]]:
    """Yield rows in which values stand as people print them."""
    for template in (one for language in LANGUAGES for one in positives(language) if one.split == split):
        for _ in range(_times(template)):
            if row := make(bench, template, _subject(bench, template)):
                yield row


def _times(template: Template) -> int:
    if "title" in template.flags:
        return 1
    if "sensitive" in template.flags or "SWIFT_BIC" in template.only:
        return 3
    return TIMES[template.language] if template.generic else 2


def _subject(bench: Bench, template: Template) -> str:
    """Return the entity that a row of this template is about, in turn where it is free; "" if its places say it."""
    if "strong" in template.only:
        return bench.least(STRONG, template.split, template.language, "bare")
    if template.generic:
        return bench.least(LABELLED, template.split, template.language)
    return template.only[0] if "[[value]]" in template.text else ""


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
            language = bench.least(SPEAKS.get(technique, ROUND), split, technique, "language")
            entity = bench.least(_wearers(technique), split, technique, "entity")
            fit = {
                one.name: one
                for one in usable
                if one.language == language and not (technique == "line_break" and one.register in ONE_LINE)
            }
            register = bench.least(sorted({one.register for one in fit.values()}), split, "register", language)
            name = bench.least([one.name for one in fit.values() if one.register == register], split, "disguised")
            if row := make(bench, fit[name], entity, technique):
                made += 1
                yield row


def _wearers(technique: str) -> tuple[str, ...]:
    """Return the entities that can wear a disguise."""
    if technique in DIGITS_ONLY:
        numbers = ("MO_ID_CARD", "BANK_ACCOUNT", "PHONE_NUMBER", "MO_SOCIAL_SECURITY", "CREDIT_CARD")
        return (*numbers, "MO_NON_RESIDENT_WORKER_ID", "MO_TAXPAYER", "PT_NIF")
    if technique == "mixed_script":  # those whose Chinese labels differ between the scripts
        return tuple(one for one in LABELLED if one not in {"IBAN_CODE", "LOCATION"})
    return (*NUMBERS, "EMAIL_ADDRESS") if technique in FOR_EMAIL else tuple(NUMBERS)


def clean(bench: Bench, split: str) -> Iterator[dict[str, Any]]:
    """Yield hard negatives: every template once, then those that vary, evenly over their kinds."""
    templates = [one for language in LANGUAGES for one in negatives(language) if one.split == split]
    rows = [row for template in templates if (row := make(bench, template))]
    varied = {one.name: one for one in templates if "[[" in one.text and "[[?" not in one.text}
    while len(rows) < NEGATIVES and varied:
        kind = bench.least(sorted({one.kind for one in varied.values()}), split, "kind")
        name = bench.least(sorted(one.name for one in varied.values() if one.kind == kind), split, "varied")
        if row := make(bench, varied[name]):
            rows.append(row)
        else:
            del varied[name]
    yield from rows


def dump(row: dict[str, Any]) -> str:
    """Return a row as one line in which characters that nobody sees are written as escapes."""
    text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    return "".join(one if one.isprintable() or ord(one) > 0xFFFF else f"\\u{ord(one):04x}" for one in text)


def main(folder: Path) -> None:
    """Write the four files."""
    bench = Bench()
    for split in SPLITS:
        files = {"positives": [*clear(bench, split), *disguised(bench, split)], "negatives": [*clean(bench, split)]}
        for name, rows in files.items():
            lines = [dump({"id": f"{name[:3]}-{split}-{place:04}", **row}) for place, row in enumerate(rows, 1)]
            (folder / f"{name}.{split}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
            print(f"{name}.{split}.jsonl: {len(lines)} rows")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
