"""What a policy says that cannot be meant, or that its own tests contradict.

In:    a `Policy`, and the ids of the detect rules it may name.
Out:   faults, each with the path to it.
Never: a decision taken on trust: one that no test shows is a fault.
"""

from collections.abc import Collection, Iterator

from cerco.decide.explain import nearest
from cerco.decide.load import Fault, Path
from cerco.decide.policy import Policy, PolicyTest, decide
from cerco.decide.verdict import Action, Verdict
from cerco.decide.when import ANY, Looks, Names, When, named
from cerco.dingtalk.outbound import Actor, Destination, Key, Outbound
from cerco.extract.text import Unreadable, Why
from cerco.scan.finding import Finding


def check_policy(policy: Policy, rule_ids: Collection[str]) -> list[Fault]:
    """Return everything a policy says that cannot be meant; an empty list if all is well.

    Args:
        policy: as loaded.
        rule_ids: ids of the detect rules in force.
    """
    return [*broken(policy, rule_ids), *untidy(policy)]


def broken(policy: Policy, rule_ids: Collection[str]) -> list[Fault]:
    """Return the faults with which a policy does not do what it says, so that no gate may work by it."""
    return [*_unknown(policy, rule_ids), *_unanswered(policy), *_contradicted(policy)]


def untidy(policy: Policy) -> list[Fault]:
    """Return what is said in vain: decisions that are never reached or never tested, names that nothing uses."""
    return [*_unreachable(policy), *_unused(policy), *_untested(policy)]


def _unknown(policy: Policy, rule_ids: Collection[str]) -> Iterator[Fault]:
    for name, rules in policy.groups.items():
        if name in rule_ids or name == ANY:
            yield Fault(("groups", name), "is the name of a detect rule, too", "Rename the group.")
        for at, rule in enumerate(rules):
            if rule not in rule_ids:
                yield _no_such(("groups", name, at), "detect rule", rule, rule_ids)
    named_rules = {*rule_ids, *policy.groups}
    known: dict[str, tuple[str, Collection[str]]] = {
        "rules": ("detect rule or group", {*named_rules, ANY}),
        "with": ("detect rule or group", named_rules),
        "actors": ("group under `actors`", policy.actors),
        "times": ("span under `times`", policy.times),
    }
    for at, decision in enumerate(policy.decisions):
        for path, kind, name in named(decision.when):
            what, names = known[kind]
            if name not in names:
                yield _no_such(("decisions", at, "when", *_as_written(decision.when, path)), what, name, names)
    yield from _unknown_in_tests(policy, rule_ids)


def _unknown_in_tests(policy: Policy, rule_ids: Collection[str]) -> Iterator[Fault]:
    for at, test in enumerate(policy.tests):
        for number, found in enumerate(test.findings):
            if found.rule not in {*rule_ids, ANY}:
                yield _no_such(("tests", at, "findings", number, "rule"), "detect rule", found.rule, rule_ids)
        if test.actor is not None and test.actor not in policy.actors:
            yield _no_such(("tests", at, "actor"), "group under `actors`", test.actor, policy.actors)


def _as_written(when: When, path: Path) -> Path:
    """Return a path as the file has it: a plain list below `with` has no `rules`."""
    plain = (
        path[:2] == ("with", "rules") and when.together is not None and "at_least" not in when.together.model_fields_set
    )
    return (path[0], *path[2:]) if plain else path


def _no_such(path: Path, what: str, name: str, known: Collection[str]) -> Fault:
    meant = nearest(name, sorted(known))
    remedy = (
        "Add the rule under rules/detect/, or take it out here." if "rule" in what else "Add it, or take it out here."
    )
    return Fault(path, f"no {what} is called `{name}`", f"Did you mean `{meant}`?" if meant else remedy)


def _unreachable(policy: Policy) -> Iterator[Fault]:
    for at, (decision, looks) in enumerate(policy.looks):
        before = policy.looks[:at]
        if any(earlier.id == decision.id for earlier, _ in before):
            yield Fault(("decisions", at, "id"), f"`{decision.id}` is given twice", "Rename one of the two.")
        wider = next((earlier for earlier, their in before if their.covers(looks)), None)
        if wider:
            remedy = f"Move it above `{wider.id}`, or delete it."
            yield Fault(("decisions", at), f"never reached: `{wider.id}` answers first", remedy)
    names = [test.name for test in policy.tests]
    for at, name in enumerate(names):
        if name in names[:at]:
            yield Fault(("tests", at, "name"), "is the name of another test, too", "Rename one of the two.")


def _unused(policy: Policy) -> Iterator[Fault]:
    used = {(kind, name) for decision in policy.decisions for _, kind, name in named(decision.when)}
    for section, kinds in (("groups", ("rules", "with")), ("actors", ("actors",)), ("times", ("times",))):
        for name in getattr(policy, section):
            if not any((kind, name) in used for kind in kinds):
                yield Fault((section, name), "no decision names it", "Name it in a decision, or take it out.")


def _unanswered(policy: Policy) -> Iterator[Fault]:
    names = Names(policy.groups, policy.actors, policy.times)
    for subject, line in (("findings", "rules: [any]"), ("coverage", "coverage: [any]")):
        everything = Looks.of(When(rules=(ANY,)) if subject == "findings" else When(coverage=(ANY,)), names)
        if not any(looks.covers(everything) for _, looks in policy.looks):
            problem = f"nothing answers for the {subject} that no decision names"
            yield Fault(("decisions",), problem, f"End the list with a decision `when: {{{line}}}`.")


def _contradicted(policy: Policy) -> Iterator[Fault]:
    for at, test in enumerate(policy.tests):
        verdict = _try(policy, test)
        decision = verdict.decisions[0] if verdict.decisions else None
        said = f"the policy says {verdict.action.name.lower()} by {decision or 'no decision'}"
        remedy = "Correct the test, or the decisions."
        if verdict.action is not Action[test.expect.upper()]:
            yield Fault(("tests", at, "expect"), f"{said}, not {test.expect}", remedy)
        elif decision != test.decision:
            yield Fault(("tests", at, "decision"), f"{said}, not by {test.decision or 'no decision'}", remedy)
        if test.label is not None and verdict.label != test.label:
            yield Fault(("tests", at, "label"), f"the label is {verdict.label or 'none'}", remedy)
        if test.observed is not None and verdict.observed is not test.observed:
            is_not = "is carried out" if test.observed else "is only observed"
            yield Fault(("tests", at, "observed"), f"the decision {is_not}", remedy)


def _untested(policy: Policy) -> Iterator[Fault]:
    tested = {
        verdict.decisions[0]
        for test in policy.tests
        if (verdict := _try(policy, test)).decisions[:1] == (test.decision,)
    }
    for at, made in enumerate(policy.decisions):
        if made.id not in tested:
            remedy = f"Add a test with `decision: {made.id}`."
            yield Fault(("decisions", at), "no test shows what it does", remedy)


def _try(policy: Policy, test: PolicyTest) -> Verdict:
    findings = [
        Finding(found.rule, "TEST", found.severity, 1.0, "test", 0, 0, "", f"{place}-{value}", draft=found.draft)
        for place, found in enumerate(test.findings)
        for value in range(found.count)
    ]
    gaps = [Unreadable("test", Why(gap), test.size or 0) for gap in test.coverage]
    onward = (Key("message", "test"),) if test.direction == "onward" else ()
    outbound = Outbound(_actor(policy, test), Destination("", test.region), test.channel, "test", (), keys=onward)
    return decide(policy, outbound, findings, gaps, test.at.replace(tzinfo=policy.zone))


def _actor(policy: Policy, test: PolicyTest) -> Actor:
    """Return somebody of the group that a test names."""
    group = policy.actors.get(test.actor or "")
    if group is None:
        return Actor("")
    address = str(group.networks[0].network_address) if group.networks else ""
    return Actor(address, group.accounts[0] if group.accounts else None)
