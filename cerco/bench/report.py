"""Scores as tables for a terminal, as Markdown for the docs, and as plain values for JSON.

In:    scores, each with its column's name.
Out:   `Section`s of rows; one mapping a column; Markdown.
Never: a figure without the number of labels or rows it was counted over.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cerco.bench.rows import ENTITIES, GROUPS, IDENTIFIERS
from cerco.bench.score import OTHER, Score, Tally

# What Cerco promises on the test half: see the bench's README.
TARGETS: Final[tuple[tuple[str, Callable[[Score], float | None], float, bool], ...]] = (
    ("recall of identifiers", lambda score: score.group("identifiers").recall, 0.97, True),
    ("precision of identifiers", lambda score: score.group("identifiers").precision, 0.97, True),
    ("recall of disguised identifiers", lambda score: score.all_disguised().recall, 0.90, True),
    ("false positives per 1000 negatives", lambda score: score.false_per_1000(), 5.0, False),
    ("lowest recall of a language", lambda score: lowest(score.languages), 0.95, True),
)


@dataclass(frozen=True, slots=True)
class Column:
    """A score, the engine it is of, and the score from which its findings were acted on (0: as its rules say)."""

    engine: str
    threshold: float
    score: Score

    @property
    def name(self) -> str:
        """Return what stands over the column."""
        return f"{self.engine} ≥{self.threshold:g}" if self.threshold else self.engine


@dataclass(frozen=True, slots=True)
class Section:
    """A table: a heading, a row of heads, and rows of cells."""

    heading: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def lowest(tallies: Mapping[str, Tally]) -> float | None:
    """Return the lowest recall there is."""
    return min((tally.recall for tally in tallies.values() if tally.recall is not None), default=None)


def missed_targets(score: Score) -> list[str]:
    """Return a sentence for each target that is not met."""
    missed = []
    for name, measure, target, at_least in TARGETS:
        value = measure(score)
        if value is None or (value < target if at_least else value > target):
            shown = "nothing to count" if value is None else f"{value:.3f}"
            missed.append(f"{name}: {shown}, target {'≥' if at_least else '≤'} {target:g}")
    return missed


def sections(columns: Sequence[Column]) -> list[Section]:
    """Return all tables, the overview first."""
    return [
        _overview(columns),
        _recall("As people write them, by entity", columns, ENTITIES, lambda score: score.clear, precise=True),
        _recall("Disguised identifiers by disguise", columns, None, lambda score: score.techniques),
        _recall("Disguised identifiers by entity", columns, IDENTIFIERS, lambda score: score.disguised),
        _recall("Identifiers by language", columns, None, lambda score: score.languages, precise=True),
        _recall("Identifiers by kind of text", columns, None, lambda score: score.registers, precise=True),
        _negatives(columns),
    ]


def _overview(columns: Sequence[Column]) -> Section:
    rows: list[tuple[str, ...]] = []

    def add(name: str, measure: Callable[[Score], object]) -> None:
        rows.append((name, *(str(measure(column.score)) for column in columns)))

    for group in GROUPS:
        tallies = [column.score.group(group) for column in columns]
        rows.append((f"{group}: labels", *(str(tally.labels) for tally in tallies)))
        rows.append((f"{group}: recall", *(_share(tally.recall) for tally in tallies)))
        rows.append((f"{group}: precision", *(_share(tally.precision) for tally in tallies)))
        if group == "identifiers":
            rows.append((f"{group}: found at the exact characters", *(_of(one.exact, one.found) for one in tallies)))
            rows.append((f"{group}: found under whatever name", *(_of(one.any, one.labels) for one in tallies)))
    add("disguised identifiers: labels", lambda score: score.all_disguised().labels)
    add("disguised identifiers: recall", lambda score: _share(score.all_disguised().recall))
    hidden = [column.score.all_disguised() for column in columns]
    rows.append(("disguised identifiers: found under whatever name", *(_of(one.any, one.labels) for one in hidden)))
    add("negatives: rows", lambda score: score.negatives)
    add("negatives: rows flagged per 1000", lambda score: f"{score.flagged_per_1000():.1f}")
    add("negatives: false positives per 1000", lambda score: f"{score.false_per_1000():.1f}")
    add("… of them identifiers", lambda score: f"{score.false_per_1000(*IDENTIFIERS, OTHER):.1f}")
    add("numbers that offices publish: found", lambda score: f"{score.published.found} of {score.published.labels}")
    return Section("Overview", ("measure", *(column.name for column in columns)), tuple(rows))


def _recall(
    heading: str,
    columns: Sequence[Column],
    names: Iterable[str] | None,
    tallies: Callable[[Score], Mapping[str, Tally]],
    *,
    precise: bool = False,
) -> Section:
    known = {name for column in columns for name in tallies(column.score)}
    order = [*(names or sorted(known)), *([OTHER] if names and precise else [])]
    rows = []
    for name in order:
        here = [tallies(column.score).get(name, Tally()) for column in columns]
        if any(tally.labels or tally.false for tally in here):
            cells = (_cells(tally, precise=precise) for tally in here)
            rows.append((name, str(max(tally.labels for tally in here)), *(cell for group in cells for cell in group)))
    heads = ("recall", "precision", "alarms") if precise else ("recall",)
    columns_of = (f"{column.name} {head}" for column in columns for head in heads)
    return Section(heading, ("", "labels", *columns_of), tuple(rows))


def _cells(tally: Tally, *, precise: bool) -> tuple[str, ...]:
    recall = _share(tally.recall)
    return (recall, _share(tally.precision), str(tally.alarms)) if precise else (recall,)


def _negatives(columns: Sequence[Column]) -> Section:
    kinds = sorted({kind for column in columns for kind in column.score.kinds})
    rows = tuple(
        (kind, str(columns[0].score.kinds[kind]), *(str(column.score.flagged[kind]) for column in columns))
        for kind in kinds
    )
    return Section("Negatives flagged, by kind", ("", "rows", *(column.name for column in columns)), rows)


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _of(part: int, whole: int) -> str:
    return _share(part / whole if whole else None)


def as_mapping(column: Column, splits: Sequence[str]) -> dict[str, Any]:
    """Return a column as JSON: `{engine, threshold, splits, groups, entities, …}`."""
    score = column.score

    def counts(tally: Tally) -> dict[str, Any]:
        return {
            "labels": tally.labels, "found": tally.found, "exact": tally.exact, "any": tally.any,
            "false_positives": tally.false, "in_negatives": tally.alarms,
            "recall": tally.recall, "precision": tally.precision,
        }  # fmt: skip

    def table(tallies: Mapping[str, Tally]) -> dict[str, Any]:
        return {name: counts(tally) for name, tally in sorted(tallies.items()) if tally.labels or tally.false}

    return {
        "engine": column.engine,
        "threshold": column.threshold,
        "splits": list(splits),
        "groups": {group: counts(score.group(group)) for group in GROUPS},
        "entities": table(score.clear),
        "disguised": counts(score.all_disguised()),
        "disguised_entities": table(score.disguised),
        "techniques": table(score.techniques),
        "languages": table(score.languages),
        "registers": table(score.registers),
        "negatives": {
            "rows": score.negatives,
            "flagged": score.flagged.total(),
            "false_positives": sum(tally.alarms for tally in score.clear.values()),
            "per_1000": score.false_per_1000(),
            "kinds": {
                kind: {"rows": count, "flagged": score.flagged[kind]} for kind, count in sorted(score.kinds.items())
            },
        },
        "published": {"labels": score.published.labels, "found": score.published.found},
    }


def markdown(columns: Sequence[Column], splits: Sequence[str]) -> str:
    """Return the tables as a page for the docs."""
    lines = [
        "# Results on mo-pii-bench",
        "",
        f"Half: {', '.join(splits)}. Written by `cerco bench --markdown`; not edited by hand.",
        "[README](README.md) says what each measure means.",
    ]
    for section in sections(columns):
        rule = ["---", *["---:"] * (len(section.heads) - 1)]
        lines += ["", f"## {section.heading}", "", _line(section.heads), _line(rule)]
        lines += [_line(row) for row in section.rows]
    return "\n".join(lines) + "\n"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
