"""Leave alone one value that one rule is wrong about, until a day that somebody named.

In:    `Suppression` (the shape of a file under rules/suppressions/), findings, and the time.
Out:   the findings that are left, and which suppressions took the others.
Never: anything left alone but that fingerprint under that rule; anything after its day; a suppression without a day.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from cerco.decide.load import Fault
from cerco.decide.when import Name, Section
from cerco.scan.finding import Finding

NAMED = "suppressed"
"""In front of a suppression's id among the decisions of a verdict."""


def _day(written: Any) -> Any:
    if isinstance(written, str):
        try:
            return date.fromisoformat(written)
        except ValueError:
            raise ValueError("no day. Write it as 2027-03-31.") from None
    return written


_Day = Annotated[date, BeforeValidator(_day)]
_Print = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class SuppressionTest(Section):
    """What must become of a finding: by its rule and fingerprint, on a day."""

    rule: str
    fingerprint: _Print
    at: _Day
    expect: Literal["left alone", "found"]


class Suppression(Section):
    """The shape of a file under rules/suppressions/: one value that one rule leaves alone."""

    id: Name
    rule: str  # of rules/detect/
    fingerprint: _Print  # keyed, by the site: it says nothing about the value, and means nothing elsewhere
    until: _Day  # the last day, on the site's clock
    why: str = Field(min_length=1, max_length=1000)
    by: str = Field(min_length=1, max_length=200)  # who answers for it
    masked: str = Field(min_length=1, max_length=200)  # of the value, for people
    reference: str | None = None  # the evidence that it goes back to
    tests: tuple[SuppressionTest, ...] = Field(min_length=1)

    def holds(self, rule: str, fingerprint: str, day: date) -> bool:
        """Tell whether a finding is left alone on a day."""
        return rule == self.rule and fingerprint == self.fingerprint and day <= self.until


def spare(
    findings: Sequence[Finding], suppressions: Iterable[Suppression], now: datetime
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """Return the findings that are left, and the suppressions behind those that are not; `now` on the site's clock."""
    today = now.date()
    known = {(one.rule, one.fingerprint): one.id for one in suppressions if today <= one.until}
    if not known:
        return tuple(findings), ()
    left = tuple(finding for finding in findings if (finding.rule, finding.fingerprint) not in known)
    taken = dict.fromkeys(
        known[finding.rule, finding.fingerprint] for finding in findings if (finding.rule, finding.fingerprint) in known
    )
    return left, tuple(taken)


def contradicted(suppression: Suppression) -> Iterator[Fault]:
    """Yield a fault for each of its tests that does not come out, so that no gate may work by it."""
    for at, test in enumerate(suppression.tests):
        made = "left alone" if suppression.holds(test.rule, test.fingerprint, test.at) else "found"
        if made != test.expect:
            remedy = "Correct the test, or the suppression."
            yield Fault(("tests", at, "expect"), f"it is {made}, not {test.expect}", remedy)


def idle(suppression: Suppression, rule_ids: Collection[str], today: date) -> Iterator[Fault]:
    """Yield what it says in vain: an unknown rule, a day that is over, and what no test shows of it."""
    if suppression.rule not in rule_ids:
        remedy = "Write the id of a rule under rules/detect/, or delete the file."
        yield Fault(("rule",), f"no detect rule is called `{suppression.rule}`", remedy)
    if suppression.until < today:
        remedy = "Delete the file, or write a later day if it is still right."
        yield Fault(("until",), f"expired on {suppression.until}: it has no effect", remedy)
    found = [test for test in suppression.tests if test.expect == "found"]
    own = (suppression.rule, suppression.fingerprint)
    shown = {
        "leaves its finding alone": any(test.expect == "left alone" for test in suppression.tests),
        "ends": any((one.rule, one.fingerprint) == own and one.at > suppression.until for one in found),
        "spares no other value": any(
            one.rule == own[0] and one.fingerprint != own[1] and one.at <= suppression.until for one in found
        ),
        "spares no other rule's finding": any(
            one.rule != own[0] and one.fingerprint == own[1] and one.at <= suppression.until for one in found
        ),
    }
    for what, is_shown in shown.items():
        if not is_shown:
            yield Fault(("tests",), f"no test shows that it {what}", "Add one; `cerco rules suppress` writes all four.")


def doubled(suppressions: Sequence[Suppression]) -> Iterator[tuple[Suppression, Fault]]:
    """Yield those that say again what an earlier one says."""
    first: dict[tuple[str, str], Suppression] = {}
    for one in suppressions:
        earlier = first.setdefault((one.rule, one.fingerprint), one)
        if earlier is not one:
            yield one, Fault(("fingerprint",), f"is suppressed by `{earlier.id}`, too", "Keep one of the two files.")
