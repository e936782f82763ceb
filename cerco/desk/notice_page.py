"""What was stopped, and what to do now -> one HTML page for the person who sent it.

In:    a `NoticeView`, or a reference that nobody knows, and a language.
Out:   a complete page with its style inside and no script; `CSP`, the header it is to be served under.
Never: anything unescaped, anything fetched from elsewhere, a value that is not masked.

The pages expect to be served at `/REFERENCE` and `/`. `?lang=` (one of `LANGUAGES`) chooses the language of both;
the form on `/` asks for `/?ref=…&lang=…`.
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from html import escape
from importlib.resources import files
from typing import Literal

from cerco.decide.notices import LANGUAGES, TEXTS, advice, kinds, telling
from cerco.decide.verdict import Verdict

PLACES_SHOWN = 30  # about two printed pages; the record holds all of them

_MACAU = timezone(timedelta(hours=8))  # all year; Macau has had no summer time since 1979 (tz database, Asia/Macau)
_NAMES = {"zh-Hant": "繁體中文", "zh-Hans": "简体中文", "pt": "Português", "en": "English"}
_STYLE = files("cerco.desk").joinpath("notice_page.css").read_text("utf-8")
_LONGEST_REFERENCE = 40  # of one that somebody typed; ours have eleven characters

CSP = (
    "default-src 'none'; "
    f"style-src 'sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Content-Security-Policy for these pages: their own style by its hash, their own form, nothing else."""

type Outcome = Literal["stopped", "labelled", "passed"]


@dataclass(frozen=True, slots=True)
class NoticeView:
    """What a notice page shows about one outbound: nothing that was not masked before."""

    reference: str
    at: str  # ISO 8601 with offset
    action: str  # "BLOCK", "JUSTIFY", "TAG", "ALLOW", or as recorded: "blocked", "tagged", "allowed", "observed"
    host: str
    kinds: Mapping[str, tuple[str, ...]]  # by language
    places: tuple[tuple[str, str], ...]  # (place, masked sample)
    contact: str | None  # whom to ask: a name, a telephone number, an e-mail address; as the site wrote it
    advice: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by language: what to do about it


def view(verdict: Verdict, *, reference: str, at: str, action: str, host: str, contact: str | None) -> NoticeView:
    """Return what may be shown of a verdict, in all languages; the arguments are the fields of `NoticeView`."""
    found = ((finding.place, finding.masked) for finding in verdict.findings)
    unread = ((gap.place, "—") for gap in telling(verdict))
    return NoticeView(
        reference=reference,
        at=at,
        action=action,
        host=host,
        kinds={language: kinds(verdict, language) for language in LANGUAGES},
        places=tuple(dict.fromkeys((*found, *unread))),
        contact=contact,
        advice={language: advice(verdict, language) for language in LANGUAGES},
    )


def render(notice: NoticeView, language: str, *, address: str = "") -> str:
    """Return the page for one outbound.

    `address` is the page's own URL, for when it is shown in place of something else (a browser that was stopped on
    DingTalk's site): the language links lead there. Empty where the page is served at its own address.
    """
    text = TEXTS.page
    outcome = _outcome(notice.action)
    heading = {"stopped": text.stopped, "labelled": text.labelled, "passed": text.passed}[outcome].say(language)
    lead = {"stopped": text.stopped_lead, "labelled": text.labelled_lead, "passed": text.passed_lead}[outcome]
    facts = (
        (text.reference.say(language), f'<span class="reference">{escape(notice.reference)}</span>'),
        (text.time.say(language), _time(notice.at)),
        (text.destination.say(language), escape(notice.host)),
    )
    listed = "".join(f"<div><dt>{escape(name)}</dt><dd>{value}</dd></div>" for name, value in facts)
    return _page(
        language,
        f"{heading} · {notice.reference}",
        f"<h1>{escape(heading)}</h1>",
        _paragraph(lead.say(language)),
        f'<dl class="facts">{listed}</dl>',
        _what(notice.kinds.get(language, notice.kinds.get("en", ())), language),
        _where(notice.places, language),
        _next(notice.advice.get(language, ()) if outcome == "stopped" else (), language),
        _ask(notice.contact, language),
        _heading(text.why.say(language)) + _paragraph(text.law.say(language)),
        outcome=outcome,
        address=address,
    )


def missing(reference: str, language: str) -> str:
    """Return the page for a reference that no record bears; `reference` is whatever somebody typed."""
    text = TEXTS.page
    typed = " ".join(reference.split())
    shown = typed if len(typed) <= _LONGEST_REFERENCE else typed[:_LONGEST_REFERENCE] + "…"
    return _page(
        language,
        text.missing.say(language),
        f"<h1>{escape(text.missing.say(language))}</h1>",
        _paragraph(text.missing_lead.say(language, reference=shown)),
        _form(language),
        address="/",  # the reference that was not found is not asked for again in another language
    )


def home(language: str) -> str:
    """Return the page at `/`: what Cerco does, what it reads and what not, and where to look a reference up."""
    text = TEXTS.page
    sections = (
        (text.inspected, text.inspected_text),
        (text.not_inspected, text.not_inspected_text),
        (text.kept, text.kept_text),
        (text.why, text.law),
    )
    return _page(
        language,
        text.home.say(language),
        f"<h1>{escape(text.home.say(language))}</h1>",
        _paragraph(text.home_lead.say(language)),
        _form(language),
        *(_heading(title.say(language)) + _paragraph(body.say(language)) for title, body in sections),
        address="/",
    )


def _page(language: str, title: str, *body: str, outcome: str = "plain", address: str = "") -> str:
    text = TEXTS.page
    shown = language if language in LANGUAGES else "en"
    links = "".join(
        f'<li><a href="{escape(address)}?lang={code}" lang="{code}" hreflang="{code}"'
        f"{' aria-current="true"' if code == shown else ''}>{_NAMES[code]}</a></li>"
        for code in LANGUAGES
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{shown}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="robots" content="noindex">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<header><p>Cerco <span>{escape(text.about.say(shown))}</span></p>"
        f'<nav aria-label="{escape(text.language.say(shown))}"><ul>{links}</ul></nav></header>\n'
        f'<main class="{outcome}">\n{"\n".join(part for part in body if part)}\n</main>\n'
        f"<footer>{_paragraph(text.regulator.say(shown))}</footer>\n</body>\n</html>\n"
    )


def _outcome(action: str) -> Outcome:
    word = action.lower()
    if word in {"allow", "allowed", "observed"}:
        return "passed"
    return "labelled" if word in {"tag", "tagged"} else "stopped"


def _what(kinds: Iterable[str], language: str) -> str:
    items = "".join(f"<li>{escape(kind)}</li>" for kind in kinds)
    body = f'<ul class="kinds">{items}</ul>' if items else _paragraph(TEXTS.page.unchecked.say(language))
    return _heading(TEXTS.page.what.say(language)) + body


def _where(places: tuple[tuple[str, str], ...], language: str) -> str:
    if not places:
        return ""
    text = TEXTS.page
    rows = "".join(
        f"<tr><td>{escape(place)}</td><td>{escape(masked)}</td></tr>" for place, masked in places[:PLACES_SHOWN]
    )
    columns = "".join(f'<th scope="col">{escape(name.say(language))}</th>' for name in (text.place, text.sample))
    rest = len(places) - PLACES_SHOWN
    # A wide table scrolls by itself on a phone, so it must be reachable by keyboard and have a name.
    return (
        f'<h2 id="where">{escape(text.where.say(language))}</h2>'
        '<div class="scroll" role="region" aria-labelledby="where" tabindex="0">'
        f"<table><thead><tr>{columns}</tr></thead><tbody>{rows}</tbody></table></div>"
        f"{_paragraph(text.more_places.say(language, count=rest)) if rest > 0 else ''}"
    )


def _next(advised: Iterable[str], language: str) -> str:
    lines = (*advised, TEXTS.page.next_wrong.say(language))
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"{_heading(TEXTS.page.next.say(language))}<ul>{items}</ul>"


def _ask(contact: str | None, language: str) -> str:
    return _heading(TEXTS.page.ask.say(language)) + _paragraph(contact or TEXTS.page.ask_nobody.say(language))


def _form(language: str) -> str:
    text = TEXTS.page
    shown = language if language in LANGUAGES else "en"
    return (
        '<form action="/" method="get" role="search">'
        f'<label for="reference">{escape(text.look_up_label.say(shown))}</label>'
        '<div class="row"><input id="reference" name="ref" required maxlength="40" autocomplete="off" '
        f'autocapitalize="characters" spellcheck="false"><input type="hidden" name="lang" value="{shown}">'
        f'<button type="submit">{escape(text.look_up.say(shown))}</button></div></form>'
    )


def _time(at: str) -> str:
    """Show an ISO time as Macau's clocks show it; something else as it stands."""
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return escape(at)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    local = aware.astimezone(_MACAU)
    return f'<time datetime="{local.isoformat(timespec="seconds")}">{local:%Y-%m-%d %H:%M}</time>'


def _heading(words: str) -> str:
    return f"<h2>{escape(words)}</h2>"


def _paragraph(words: str) -> str:
    return f"<p>{escape(words)}</p>"
