"""The form on which a sender gives a reason.

In:    how a refusal stands, what the policy asks, and what was filled in so far.
Out:   a piece of HTML: the form, or the way to it.
Never: a form on a page that came without TLS: what is written on it is personal.
"""

from dataclasses import dataclass, field
from html import escape

from cerco.decide.justify import LEAST, MOST, Justify
from cerco.desk.layout import heading, paragraph, spoken
from cerco.desk.texts import TEXTS
from cerco.state.grants import Standing


@dataclass(frozen=True, slots=True)
class Asking:
    """Where a reason is asked for: how it stands, and what has been filled in so far."""

    standing: Standing
    justify: Justify
    token: str | None = field(default=None, repr=False)  # of the form; None: it is not shown here, but at `secure`
    secure: str = ""  # address of this page over TLS
    flaw: str | None = None  # what was wrong with the form: a `Flaw`, or "stale"
    reason: str = ""
    sentence: str = field(default="", repr=False)


def form(asking: Asking, language: str) -> str:
    """Return the form; or, on a page that came without TLS, the link to it."""
    text, justify = TEXTS.ask, asking.justify
    top = (
        '<section class="ask" aria-labelledby="ask">'
        f"{heading(text.heading.say(language), 'ask')}{paragraph(text.lead.say(language, minutes=justify.minutes))}"
    )
    if asking.token is None:
        link = f'<a class="button" href="{escape(asking.secure)}#ask">{escape(text.secure.say(language))}</a>'
        return f"{top}<p>{link}</p>{paragraph(text.secure_text.say(language), 'quiet')}</section>"
    flaws = {"choose": text.choose, "write": text.write, "shorten": text.shorten, "stale": text.stale}
    flaw = flaws[asking.flaw].say(language, least=LEAST, most=MOST) if asking.flaw in flaws else ""
    fault = (
        f'<div class="fault" role="alert"><strong>{escape(text.fault.say(language))}</strong>{escape(flaw)}</div>'
        if flaw
        else ""
    )
    choices = "".join(
        f'<label class="choice"><input type="radio" name="reason" value="{escape(reason.id)}" required'
        f"{' checked' if reason.id == asking.reason else ''}><span>{escape(reason.words.say(language))}</span></label>"
        for reason in justify.reasons
    )
    return (
        f'{top}{fault}<form method="post" action="?lang={spoken(language)}#ask">'
        f'<input type="hidden" name="token" value="{escape(asking.token)}">'
        f"<fieldset><legend>{escape(text.reason.say(language))}</legend>{choices}</fieldset>"
        f'<label class="field" for="sentence">{escape(text.sentence.say(language))}</label>'
        f'<p class="quiet hint" id="hint">{escape(text.hint.say(language))}</p>'
        f'<textarea id="sentence" name="sentence" rows="3" required minlength="{LEAST}" maxlength="{MOST}"'
        f' autocomplete="off" aria-describedby="hint kept">{escape(asking.sentence)}</textarea>'
        f'<p class="quiet" id="kept">{escape(text.kept.say(language, limit=justify.per_day))}</p>'
        f'<button type="submit">{escape(text.submit.say(language))}</button></form></section>'
    )
