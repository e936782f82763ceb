"""Try a rule on its own examples.

In:    a rule, and a detector that holds it.
Out:   the examples it gets wrong.
Never: an example's text in what is said about it.
"""

from typing import Literal

from cerco.extract.text import Text
from cerco.scan.detector import Detector
from cerco.scan.rule import DetectRule

type Failing = tuple[Literal["match", "no_match"], int, str]


def check_examples(rule: DetectRule, detector: Detector) -> list[Failing]:
    """Return (field, index, problem) for each example that is not matched and should be, or is and should not be.

    A retired rule finds nothing and has no failing examples.
    """
    if rule.status == "retired":
        return []
    failing: list[Failing] = []
    for example, index, field in (
        *((example, index, "match") for index, example in enumerate(rule.examples.match)),
        *((example, index, "no_match") for index, example in enumerate(rule.examples.no_match)),
    ):
        text = Text("example", example.text, example.role or rule.applies_to[0])
        matched = any(finding.rule == rule.id for finding in detector.scan((text,)))
        if field == "match" and not matched:
            failing.append(("match", index, "not matched"))
        if field == "no_match" and matched:
            failing.append(("no_match", index, "matched"))
    return failing
