"""What was stopped, and what to do now -> one HTML page for the person who sent it.

In:    a `Notice`, or a reference that is not shown, and a language.
Out:   a complete page with its style inside and no script.
Never: anything unescaped, anything fetched from elsewhere, a value that is not masked, the name of a wire field.

The pages expect to be served at `/REFERENCE` and `/`. `?lang=` (one of `LANGUAGES`) chooses the language of both;
the form on `/` asks for `/?ref=…&lang=…`, the one on a notice posts to the notice's own address.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from html import escape
from types import MappingProxyType

from cerco.decide.notices import TEXTS as SAID
from cerco.decide.notices import advice, kind, telling
from cerco.decide.verdict import Action, Verdict
from cerco.decide.wording import Wording
from cerco.desk.ask_form import Asking, form
from cerco.desk.layout import Mood, Site, contact, heading, items, linked, page, paragraph, spoken, web
from cerco.desk.places import in_words
from cerco.desk.texts import TEXTS
from cerco.evidence.record import read_reference
from cerco.scan.rule import DetectRule
from cerco.state.grants import Standing

PLACES_SHOWN = 30  # about two printed pages; the record holds all of them

_MACAU = timezone(timedelta(hours=8))  # all year; Macau has had no summer time since 1979 (tz database, Asia/Macau)
_LONGEST_REFERENCE = 40  # of one that somebody typed; ours have eleven characters
_BLANK = "\0"  # stands for a reference in a sentence until the sentence is escaped
_NO_RULES: Mapping[str, DetectRule] = MappingProxyType({})
_NOWHERE = Site()


@dataclass(frozen=True, slots=True)
class Notice:
    """What a notice page shows about one outbound: nothing that was not masked before."""

    reference: str
    at: datetime
    action: str  # as recorded: "blocked", "tagged", "allowed", "observed"
    host: str
    verdict: Verdict
    site: Site = _NOWHERE
    rules: Mapping[str, DetectRule] = field(default_factory=lambda: _NO_RULES)  # in force now, by id
    asking: Asking | None = None

    def flawed(self, flaw: str, reason: str, sentence: str) -> "Notice":
        """Return it with a form that has a flaw, as it was filled in."""
        return replace(self, asking=self.asking and replace(self.asking, flaw=flaw, reason=reason, sentence=sentence))

    def standing(self, standing: Standing) -> "Notice":
        """Return it as it stands now."""
        return replace(self, asking=self.asking and replace(self.asking, standing=standing))


@dataclass(frozen=True, slots=True)
class Said:
    """The words a notice begins with."""

    mood: Mood
    heading: str
    lead: str


def opening(notice: Notice, language: str) -> Said:
    """Return how a notice begins: what happened, in a heading and a sentence."""
    text, asking = TEXTS.page, notice.asking
    mood: Mood
    if asking is not None:
        standing, limit = asking.standing, asking.justify.per_day
        states: dict[str, tuple[Mood, Wording, Wording]] = {
            "waiting": ("asks", text.asks, text.asks_lead),
            "open": ("open", text.open, text.open_lead),
            "used": ("passed", text.used, text.used_lead),
            "over": ("stopped", text.over, text.over_lead),
            "limited": ("stopped", text.limited, text.limited_lead),
        }
        mood, head, lead = states[standing.state]
        until = clock(standing.until) if standing.until else ""
        return Said(mood, head.say(language), lead.say(language, until=until, limit=limit))
    if notice.action == "blocked":
        return Said("stopped", text.stopped.say(language), text.stopped_lead.say(language))
    if notice.action == "tagged":
        return Said("labelled", text.labelled.say(language), text.labelled_lead.say(language))
    if notice.action == "allowed" and notice.verdict.action is Action.JUSTIFY:
        return Said("passed", text.used.say(language), text.used_lead.say(language))
    return Said("passed", text.passed.say(language), text.passed_lead.say(language))


def render(notice: Notice, language: str, *, address: str = "") -> str:
    """Return the page for one outbound.

    `address` is the page's own URL, for when it is shown in place of something else (a browser that was stopped on
    DingTalk's site): the language links lead there. Empty where the page is served at its own address.
    """
    said = opening(notice, language)
    state = notice.asking.standing.state if notice.asking else ""
    stopped = said.mood in {"stopped", "asks"}
    return page(
        language,
        said.mood,
        f"{said.heading} · {notice.reference}",
        paragraph(said.lead),
        f'<p class="noprint"><a class="button" href="#ask">{escape(TEXTS.ask.secure.say(language))}</a></p>'
        if state == "waiting"
        else "",
        items((escape(TEXTS.ask.again.say(language)), escape(TEXTS.ask.changed.say(language))))
        if state == "open"
        else "",
        _facts(notice, language),
        _found(notice, language),
        _next(notice, language) if stopped else "",
        form(notice.asking, language) if notice.asking and state == "waiting" else "",
        heading(TEXTS.page.why.say(language)) + paragraph(why(notice, language)),
        heading(TEXTS.page.ask.say(language)) + contact(notice.site, language),
        heading=said.heading,
        address=address,
    )


def missing(reference: str, language: str, site: Site = _NOWHERE) -> str:
    """Return the page for a reference that no record bears, or another device's; the two look alike."""
    text = TEXTS.page
    typed = " ".join(reference.split())
    shown = typed if len(typed) <= _LONGEST_REFERENCE else typed[:_LONGEST_REFERENCE] + "…"
    return page(
        language,
        "plain",
        text.missing.say(language),
        f"<p>{_unbroken(text.missing_lead.say(language, reference=_BLANK), shown)}</p>",
        items((escape(text.missing_check.say(language)), escape(text.missing_device.say(language)))),
        _look_up(language),
        heading(text.ask.say(language)) + contact(site, language),
        address="/",  # the reference that was not found is not asked for again in another language
    )


def crowded(language: str, site: Site = _NOWHERE) -> str:
    """Return the page for a device that has tried too many references."""
    text = TEXTS.page
    ask = heading(text.ask.say(language)) + contact(site, language)
    return page(
        language, "plain", text.crowded.say(language), paragraph(text.crowded_lead.say(language)), ask, address="/"
    )


def home(language: str) -> str:
    """Return the page at `/`: where to look a reference up, and the ways to the other pages."""
    text, shown = TEXTS.page, spoken(language)
    ways = tuple(
        f'<a href="/setup?lang={shown}{anchor}">{escape(name.say(language))}'
        f"<span>{escape(what.say(language))}</span></a>"
        for anchor, name, what in (("", text.setup, text.setup_text), ("#privacy", text.privacy, text.privacy_text))
    )
    return page(
        language,
        "plain",
        text.home.say(language),
        paragraph(text.home_lead.say(language)),
        _look_up(language),
        items(ways, kind="ways"),
        heading(text.why.say(language)) + paragraph(text.law.say(language)),
        address="/",
    )


def found(notice: Notice, language: str) -> tuple[tuple[str, str, str], ...]:
    """Return what was found as (kind of data, where, masked), each once; what was not read has no sample."""
    titles = {rule.id: rule.title for rule in notice.rules.values()}
    rows = [
        (kind(finding, language, titles), in_words(finding.place, language), finding.masked)
        for finding in notice.verdict.findings
    ]
    unread = [(SAID.gaps[gap.why].say(language), in_words(gap.place, language), "") for gap in telling(notice.verdict)]
    ways = [(SAID.ways[way].say(language), "", "") for way in notice.verdict.decisions if way in SAID.ways]
    return tuple(dict.fromkeys([*rows, *unread, *ways]))


def why(notice: Notice, language: str) -> str:
    """Return the law and the company's rule behind a notice; the law as the one rule that was hit explains it."""
    text, verdict = TEXTS.page, notice.verdict
    hit = {finding.rule for finding in verdict.findings}
    rule = notice.rules.get(next(iter(hit))) if len(hit) == 1 else None
    explained = {str(key): said for key, said in rule.explain.items()} if rule else {}
    law = explained.get(spoken(language)) or text.law.say(language)
    if notice.action != "blocked":
        return law
    if notice.asking is not None:
        ruled = text.rule_ask
    elif verdict.findings:
        ruled = text.rule_stop
    elif verdict.coverage or not any(way in SAID.ways for way in verdict.decisions):
        ruled = text.rule_unread
    else:
        return law
    return f"{law}{' ' if spoken(language) in {'pt', 'en'} else ''}{ruled.say(language)}"


def to_do(notice: Notice, language: str) -> tuple[tuple[str, str], ...]:
    """Return what the sender can do instead: sentences, each with the address it leads to, or ""."""
    text, site = TEXTS.page, notice.site
    lines = [(line, "") for line in advice(notice.verdict, language)]
    if site.share and notice.verdict.findings:
        lines.append((text.share.say(language, share=site.share), web(site.share)))
    lines.append((text.next_wrong.say(language), ""))
    if site.policy:
        lines.append((text.policy.say(language), web(site.policy)))
    return tuple(lines)


def capital(words: str) -> str:
    """Return a noun as it stands at the head of a line."""
    return words[:1].upper() + words[1:]


def clock(moment: datetime) -> str:
    """Return the time of day as Macau's clocks show it."""
    return f"{moment.astimezone(_MACAU):%H:%M}"


def _facts(notice: Notice, language: str) -> str:
    text = TEXTS.page
    aware = notice.at if notice.at.tzinfo else notice.at.replace(tzinfo=UTC)
    local = aware.astimezone(_MACAU)
    time = f'<time datetime="{local.isoformat(timespec="seconds")}">{local:%Y-%m-%d %H:%M}</time>'
    facts = (
        (text.reference, f'<span class="reference">{escape(notice.reference)}</span>'),
        (text.time, time),
        (text.destination, f"DingTalk <small>{escape(notice.host)}</small>"),
    )
    listed = "".join(f"<div><dt>{escape(name.say(language))}</dt><dd>{value}</dd></div>" for name, value in facts)
    return f'<dl class="facts">{listed}</dl>'


def _found(notice: Notice, language: str) -> str:
    text, rows = TEXTS.page, found(notice, language)
    if not rows:
        return heading(text.what.say(language)) + paragraph(text.unchecked.say(language))
    # The roles stay when a phone's style turns the rows into blocks.
    columns = "".join(
        f'<th scope="col" role="columnheader">{escape(name.say(language))}</th>'
        for name in (text.kind, text.where, text.sample)
    )
    shown = "".join(
        f'<tr role="row"><td role="cell">{escape(capital(what))}</td><td role="cell">{escape(place)}</td>'
        f'<td role="cell">{f"<code>{escape(masked)}</code>" if masked else ""}</td></tr>'
        for what, place, masked in rows[:PLACES_SHOWN]
    )
    rest = len(rows) - PLACES_SHOWN
    return (
        f"{heading(text.what.say(language), 'found')}"
        f'<table role="table" aria-labelledby="found"><thead role="rowgroup"><tr role="row">{columns}</tr></thead>'
        f'<tbody role="rowgroup">{shown}</tbody></table>'
        f"{paragraph(text.more_places.say(language, count=rest), 'quiet') if rest > 0 else ''}"
    )


def _next(notice: Notice, language: str) -> str:
    lines = tuple(linked(address, words) for words, address in to_do(notice, language))
    return heading(TEXTS.page.next.say(language)) + items(lines)


def _unbroken(sentence: str, reference: str) -> str:
    """Return a sentence with a reference in it that no line breaks, as long as it may be one."""
    kind = ' class="unbroken"' if read_reference(reference) else ""
    return escape(sentence).replace(_BLANK, f"<span{kind}>{escape(reference)}</span>")


def _look_up(language: str) -> str:
    text = TEXTS.page
    return (
        '<form action="/" method="get" role="search">'
        f'<label class="field" for="reference">{escape(text.look_up_label.say(language))}</label>'
        '<div class="row"><input type="text" id="reference" name="ref" required maxlength="40" autocomplete="off" '
        f'autocapitalize="characters" spellcheck="false"><input type="hidden" name="lang" value="{spoken(language)}">'
        f'<button type="submit">{escape(text.look_up.say(language))}</button></div></form>'
    )
