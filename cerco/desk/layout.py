"""The frame of every page: head, language switch, footer, the one style sheet, and the policy it is served under.

In:    a language, a title, and pieces of HTML that are escaped already.
Out:   a complete page with its style inside and no script; `CSP`, the header it is to be served under.
Never: anything fetched from elsewhere; a piece of HTML made here of a text that was not escaped.
"""

import base64
import hashlib
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from typing import Literal

from cerco.decide.wording import LANGUAGES, Wording
from cerco.desk.texts import TEXTS

NAMES = {"zh-Hant": "繁體中文", "zh-Hans": "简体中文", "pt": "Português", "en": "English"}
"""What each language calls itself."""

_STYLE = files("cerco.desk").joinpath("desk.css").read_text("utf-8")

CSP = (
    "default-src 'none'; "
    f"style-src 'sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Content-Security-Policy for these pages: their own style by its hash, their own form, nothing else."""

_ALONE = CSP.partition("; form-action")[0] + "; form-action 'none'; base-uri 'none'"  # no more can a file say

type Mood = Literal["stopped", "asks", "open", "labelled", "passed", "plain"]
"""What a page has to say, as far as its colour shows it; the words say it too."""

# One simple figure for each mood, of lines only, so that it prints; readers hear the heading instead.
_FIGURES: dict[Mood, str] = {
    "stopped": '<circle cx="12" cy="12" r="9.5"/><path d="M6.5 12h11"/>',
    "asks": (
        '<circle cx="12" cy="12" r="9.5"/>'
        '<path d="M9.4 9.4a2.7 2.7 0 1 1 3.9 2.6c-.9.5-1.3 1-1.3 2"/><path d="M12 17v.1"/>'
    ),
    "open": '<circle cx="12" cy="12" r="9.5"/><path d="M12 6.5V12l3.5 2"/>',
    "labelled": '<path d="M3 11V3.5h7.5L21 14l-7 7z"/><path d="M7.2 7.7v.1"/>',
    "passed": '<circle cx="12" cy="12" r="9.5"/><path d="m7.8 12.3 2.9 2.9 5.5-6"/>',
    "plain": '<circle cx="12" cy="12" r="9.5"/><path d="M12 11v6"/><path d="M12 7.4v.1"/>',
}


@dataclass(frozen=True, slots=True)
class Site:
    """What the operator filled in for the pages: whom to ask and where things are, as the site wrote it."""

    company: str | None = None
    contact: str | None = None  # a name, a telephone number, an e-mail address
    share: str | None = None  # the internal share: an address or words
    policy: str | None = None  # address of the company's rules
    retention: str | None = None  # "five years"


def page(
    language: str,
    mood: Mood,
    title: str,
    *body: str,
    heading: str | None = None,
    address: str = "",
    alone: bool = False,
) -> str:
    """Return a complete page.

    Args:
        language: one of `LANGUAGES`, or English.
        mood: what colour and figure the heading has.
        title: of the window; and the heading, unless `heading` is another. Not escaped yet.
        body: pieces of HTML; empty ones are left out.
        heading: the heading, not escaped yet.
        address: where the language links lead, for a page that is shown in place of something else.
        alone: it is a file: in one language, and says itself what may be in it.
    """
    text = TEXTS.page
    shown = spoken(language)
    links = "".join(
        f'<li><a href="{escape(address)}?lang={code}" lang="{code}" hreflang="{code}"'
        f"{' aria-current="true"' if code == shown else ''}>{NAMES[code]}</a></li>"
        for code in LANGUAGES
    )
    switch = f'<nav aria-label="{escape(text.language.say(shown))}"><ul>{links}</ul></nav>'
    policy = f'<meta http-equiv="Content-Security-Policy" content="{_ALONE}">\n'
    figure = f'<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">{_FIGURES[mood]}</svg>'
    return (
        f'<!DOCTYPE html>\n<html lang="{shown}">\n<head>\n<meta charset="utf-8">\n{policy if alone else ""}'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="robots" content="noindex">\n'
        f"<title>{escape(title)} · Cerco</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<header><p>Cerco <span>{escape(text.about.say(shown))}</span></p>"
        f"{'' if alone else switch}</header>\n"
        f'<main class="{mood}">\n<div class="head">{figure}<h1>{escape(heading or title)}</h1></div>\n'
        f"{'\n'.join(piece for piece in body if piece)}\n</main>\n"
        f"<footer>{paragraph(text.regulator.say(shown))}</footer>\n</body>\n</html>\n"
    )


def spoken(language: str) -> str:
    """Return the language a page is in: the one asked for, or English."""
    return language if language in LANGUAGES else "en"


def paragraph(words: str, kind: str = "") -> str:
    """Return a paragraph of plain words."""
    return f"<p{f' class="{kind}"' if kind else ''}>{escape(words)}</p>"


def heading(words: str, anchor: str = "") -> str:
    """Return the heading of a section."""
    return f"<h2{f' id="{anchor}"' if anchor else ''}>{escape(words)}</h2>"


def items(lines: tuple[str, ...], *, kind: str = "", ordered: bool = False) -> str:
    """Return a list of pieces of HTML."""
    tag = "ol" if ordered else "ul"
    return f"<{tag}{f' class="{kind}"' if kind else ''}>{''.join(f'<li>{line}</li>' for line in lines)}</{tag}>"


def web(address: str) -> str:
    """Return an address if it is one of the Web's, else "": it may as well be the name of a folder."""
    return address if address.startswith(("https://", "http://")) else ""


def linked(address: str, words: str) -> str:
    """Return a link to an address of the Web; plain words for none."""
    return f'<a href="{escape(address)}" rel="noreferrer">{escape(words)}</a>' if address else escape(words)


def contact(site: Site, language: str) -> str:
    """Return whom to ask."""
    text: Wording = TEXTS.page.ask_nobody
    return paragraph(site.contact or text.say(language), "contact")
