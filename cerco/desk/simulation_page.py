"""What a draft of the rules would change -> one HTML page for whoever decides about it.

In:    a `Tally`, the rules' titles, a language.
Out:   a complete page with its style inside and no script, which is a file of its own.
Never: anything unescaped, a value that is not masked, a sender.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from cerco.decide.wording import Language, Wording
from cerco.desk.layout import heading, page, paragraph, spoken
from cerco.desk.texts import TEXTS
from cerco.runtime.tally import KINDS, Change, Kind, Tally

_SHOWN = 60  # rules; of one that changes little the JSON says more

type Titles = Mapping[str, Mapping[Language, str]]


def render(tally: Tally, titles: Titles, language: str) -> str:
    """Return the page."""
    text, shown = TEXTS.simulation, spoken(language)
    span = ""
    if tally.first and tally.last:
        span = text.span.say(shown, first=f"{tally.first:%Y-%m-%d}", last=f"{tally.last:%Y-%m-%d}")
    lead = text.lead if tally.total.kinds else text.nothing
    changed = tally.total.kinds.total()
    rules = sorted(tally.rules, key=lambda rule: (-tally.rules[rule].kinds.total(), rule))[:_SHOWN]
    return page(
        shown,
        "plain",
        text.title.say(shown),
        paragraph(lead.say(shown, changed=changed, requests=tally.requests)),
        paragraph(span, "quiet") if span else "",
        _facts(tally.total, shown),
        _ways(tally, shown),
        _rules(tally, rules, titles, shown),
        _counts(text.channels, text.channel, tally.total.channels.most_common(), shown),
        _counts(text.departments, text.department, tally.total.groups.most_common(), shown),
        _examples(tally, rules, titles, shown),
        _unasked(tally, titles, shown),
        paragraph(text.limits.say(shown), "quiet"),
        alone=True,
    )


def _facts(change: Change, language: str) -> str:
    text = TEXTS.simulation
    if not change.kinds:
        return ""
    rows = [(_said(kind, language), str(change.kinds[kind])) for kind in KINDS if change.kinds[kind]]
    rows.append((text.senders.say(language), str(len(change.senders))))
    pairs = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in rows)
    return f'<dl class="facts">{pairs}</dl>'


def _ways(tally: Tally, language: str) -> str:
    text = TEXTS.simulation
    rows = [
        (_action(before, language), _action(after, language), str(n)) for (before, after), n in tally.ways.most_common()
    ]
    columns = (text.before, text.after, text.requests)
    return _table(text.ways.say(language), [one.say(language) for one in columns], rows, numbers=1)


def _rules(tally: Tally, rules: Sequence[str], titles: Titles, language: str) -> str:
    text = TEXTS.simulation
    columns = [text.rule.say(language), *(_said(kind, language) for kind in KINDS), text.senders.say(language)]
    rows = [
        (
            _title(rule, titles, language),
            *(str(change.kinds[kind] or "") for kind in KINDS),
            str(len(change.senders)),
        )
        for rule in rules
        if (change := tally.rules[rule])
    ]
    return _table(text.rules.say(language), columns, rows, numbers=len(KINDS) + 1)


def _counts(name: Wording, column: Wording, rows: Iterable[tuple[str, int]], language: str) -> str:
    text = TEXTS.simulation
    named = [(one or text.others.say(language), str(number)) for one, number in rows]
    columns = [column.say(language), text.requests.say(language)]
    return _table(name.say(language), columns, named, numbers=1)


def _examples(tally: Tally, rules: Sequence[str], titles: Titles, language: str) -> str:
    text = TEXTS.simulation
    columns = [one.say(language) for one in (text.rule, text.reference, text.before, text.after, text.sample)]
    rows = [
        (
            _title(rule, titles, language),
            one.reference,
            _action(one.before, language),
            _action(one.after, language),
            ", ".join(one.samples),
        )
        for rule in rules
        for one in tally.rules[rule].examples
    ]
    return _table(text.examples.say(language), columns, rows)


def _unasked(tally: Tally, titles: Titles, language: str) -> str:
    text = TEXTS.simulation
    rows = [(_title(rule, titles, language), str(number)) for rule, number in tally.unasked.most_common()]
    if not rows:
        return ""
    columns = [text.rule.say(language), text.requests.say(language)]
    name = text.unasked.say(language)
    return heading(name) + paragraph(text.unasked_lead.say(language)) + _table("", columns, rows, numbers=1, label=name)


def _table(
    name: str, columns: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: int = 0, label: str = ""
) -> str:
    """Return a table under a heading, or "" where it has no rows; the last so many columns are numbers."""
    first = len(columns) - numbers

    def cells(row: Sequence[str], tag: str) -> str:
        scope = ' scope="col"' if tag == "th" else ""
        kinds = ["" if at < first else ' class="number"' for at in range(len(row))]
        return "".join(f"<{tag}{scope}{kind}>{escape(cell)}</{tag}>" for kind, cell in zip(kinds, row, strict=True))

    lines = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in rows)
    if not lines:
        return ""
    # One can get to the edge of a wide table with the keyboard, too.
    return (
        (heading(name) if name else "")
        + f'<div class="wide" role="region" tabindex="0" aria-label="{escape(name or label)}">'
        f"<table><thead><tr>{cells(columns, 'th')}</tr></thead><tbody>{lines}</tbody></table></div>"
    )


def _title(rule: str, titles: Titles, language: str) -> str:
    known = titles.get(rule)
    return next((title for one, title in known.items() if one == language), rule) if known else rule


def _said(kind: Kind, language: str) -> str:
    text = TEXTS.simulation
    said = {
        "blocked": text.blocked, "asked": text.asked, "tagged": text.tagged,
        "softened": text.softened, "freed": text.freed, "observed": text.observed,
    }  # fmt: skip
    return said[kind].say(language)


def _action(shown: str, language: str) -> str:
    text = TEXTS.simulation
    name, _, observed = shown.partition(" ")
    said = {"ALLOW": text.allow, "TAG": text.tag, "JUSTIFY": text.justify, "BLOCK": text.block}[name].say(language)
    return text.only_noted.say(language, action=said) if observed else said
