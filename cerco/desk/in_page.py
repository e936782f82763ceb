"""The script that shows notices in DingTalk's own pages, and what it is told.

In:    a token and the addresses the script needs; a `Notice` and a language.
Out:   the script as it is put into a page, with its hash; a notice as plain JSON types.
Never: a character in the script that depends on the page's charset; markup: the script sets text only.
"""

import base64
import hashlib
import json
from importlib.resources import files
from typing import Any

from cerco.decide.justify import LEAST, MOST
from cerco.decide.notices import TEXTS as SAID
from cerco.decide.wording import LANGUAGES
from cerco.desk.layout import NAMES, spoken
from cerco.desk.notice_page import Notice, capital, found, opening, to_do
from cerco.desk.texts import TEXTS

PATH = "/.well-known/cerco/"
"""Under this path (RFC 8615) the gate itself answers on every DingTalk host, so that no policy of the page needs to
let the script reach another host."""

ROWS_SHOWN = 6  # what fits above the form on a laptop; the page shows more

_FOLDER = files("cerco.desk")
_SCRIPT = "\n".join(
    line
    for raw in _FOLDER.joinpath("in_page.js").read_text("ascii").splitlines()
    if (line := raw.strip()) and not line.startswith("//")
)
_STYLE = _FOLDER.joinpath("in_page.css").read_text("ascii")


def script(*, token: str, notice: str, parent: str = "") -> str:
    """Return the script, ready to stand in a `<script>` of any page; ASCII only.

    Args:
        token: lets it ask the gate for notices; empty: it only says that something was stopped.
        notice: address of the notice pages, to which a reference is appended.
        parent: origin of the page that this one is shown inside of, which shows the notices then.
    """
    words = {language: _words(language) for language in LANGUAGES}
    config = {
        "path": PATH,
        "token": token,
        "notice": notice,
        "parent": parent,
        "style": _STYLE,
        "languages": NAMES,
        "words": words,
    }
    return _SCRIPT.replace('"CONFIG"', json.dumps(config, separators=(",", ":")).replace("<", "\\u003c"), 1)


def source_hash(code: str) -> str:
    """Return a script's source expression for a Content-Security-Policy."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"


def told(notice: Notice, language: str) -> dict[str, Any]:
    """Return a notice as the script shows it."""
    said, asking = opening(notice, language), notice.asking
    rows = found(notice, language)
    state = asking.standing.state if asking else ""
    kinds = SAID.message.comma.say(language).join(dict.fromkeys(row[0] for row in rows))
    now = (TEXTS.ask.again, TEXTS.ask.changed) if state == "open" else ()
    short = TEXTS.toast.asks if state == "waiting" else TEXTS.toast.stopped
    return {
        "reference": notice.reference,
        "mood": said.mood,
        "title": said.heading if asking else short.say(language),
        "lead": said.lead,
        "found": TEXTS.toast.found.say(language, kinds=kinds) if kinds else "",
        "rows": [[capital(what), place, masked] for what, place, masked in rows[:ROWS_SHOWN]],
        "next": [list(line) for line in to_do(notice, language)] if said.mood == "stopped" else [],
        "steps": [[step.say(language), ""] for step in now],
        "asking": _asking(notice, language) if state == "waiting" else None,
        "words": _words(language),
    }


def flawed(flaw: str, language: str) -> dict[str, str]:
    """Return what is wrong with a form, as the script shows it."""
    text = TEXTS.ask
    flaws = {"choose": text.choose, "write": text.write, "shorten": text.shorten}
    return {"flaw": flaw, "said": flaws.get(flaw, text.stale).say(language, least=LEAST, most=MOST)}


def _asking(notice: Notice, language: str) -> dict[str, Any] | None:
    if notice.asking is None:
        return None
    text, justify = TEXTS.ask, notice.asking.justify
    return {
        "lead": text.lead.say(language, minutes=justify.minutes),
        "reason": text.reason.say(language),
        "reasons": [[reason.id, reason.words.say(language)] for reason in justify.reasons],
        "sentence": text.sentence.say(language),
        "hint": text.hint.say(language),
        "kept": text.kept.say(language, limit=justify.per_day),
        "submit": text.submit.say(language),
        "most": MOST,
    }


def _words(language: str) -> dict[str, str]:
    text = TEXTS.toast
    return {
        "language": spoken(language),
        "languages": TEXTS.page.language.say(language),
        "region": text.region.say(language),
        "stopped": text.stopped.say(language),
        "unknown": text.unknown.say(language),
        "reference": TEXTS.page.reference.say(language),
        "details": text.details.say(language),
        "close": text.close.say(language),
        "notice": text.notice.say(language),
        "what": TEXTS.page.what.say(language),
        "next": TEXTS.page.next.say(language),
        "sending": text.sending.say(language),
        "failed": text.failed.say(language),
    }
