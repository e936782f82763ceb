"""Try a rule on its own examples.

In:    a rule, and a detector that holds it.
Out:   how each of them went.
Never: an example's text in a `Trial`: it names the place.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from cerco.extract.text import Text
from cerco.scan.detector import Detector
from cerco.scan.rule import DetectRule, Example, Spoken

type Side = Literal["match", "no_match"]


@dataclass(frozen=True, slots=True)
class Trial:
    """How one example went: where it stands in the rule's file, and whether the rule found something in it."""

    side: Side
    language: Spoken
    index: int
    matched: bool

    @property
    def kept(self) -> bool:
        """Whether the rule does what the example says."""
        return self.matched is (self.side == "match")

    @property
    def path(self) -> tuple[str | int, ...]:
        """The keys and positions that lead to the example in the rule's file."""
        return "examples", self.side, self.language, self.index

    @property
    def said(self) -> str:
        """What happened, in words."""
        return "matched" if self.matched else "not matched"

    def example(self, rule: DetectRule) -> Example:
        """Return the example itself."""
        return (rule.examples.match if self.side == "match" else rule.examples.no_match)[self.language][self.index]


def try_examples(rule: DetectRule, detector: Detector) -> Iterator[Trial]:
    """Try every example of a rule. A retired rule finds nothing, and its examples are not tried."""
    if rule.status == "retired":
        return
    sides: tuple[tuple[Side, Mapping[Spoken, tuple[Example, ...]]], ...] = (
        ("match", rule.examples.match),
        ("no_match", rule.examples.no_match),
    )
    for side, groups in sides:
        for language, examples in groups.items():
            for index, example in enumerate(examples):
                text = Text("example", example.text, example.role or rule.applies_to[0])
                matched = any(finding.rule == rule.id for finding in detector.scan((text,)))
                yield Trial(side, language, index, matched)


def check_examples(rule: DetectRule, detector: Detector) -> list[Trial]:
    """Return the examples that are not matched and should be, or are and should not be."""
    return [trial for trial in try_examples(rule, detector) if not trial.kept]
