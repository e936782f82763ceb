"""Every notice there is, in every language, as files to look at before employees do.

In:    a site's settings and rules; nothing that was ever sent: all numbers here are made up.
Out:   `Sample`s: what each file is called, and what is in it; an index page of them.
Never: a notice made another way than the gate makes it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from html import escape

from cerco.decide.justify import Justify
from cerco.decide.notices import message
from cerco.decide.verdict import Action, Verdict
from cerco.decide.wording import LANGUAGES
from cerco.desk import in_page, notice_page, setup_page
from cerco.desk.ask_form import Asking
from cerco.desk.layout import NAMES, Site, page
from cerco.desk.notice_page import Notice
from cerco.dingtalk.outbound import Channel, Wire
from cerco.dingtalk.refuse import refuse
from cerco.extract.text import Unreadable, Why
from cerco.runtime.rulebook import Rulebook
from cerco.scan.finding import Finding
from cerco.state.grants import Standing, State

REFERENCE = "C-7K3M-9QXT"

_AT = datetime(2026, 11, 3, 2, 1, tzinfo=UTC)
_ID = Finding("macau-id-card", "MO_ID_CARD", "high", 0.95, "body[0].content.textContent.text", 0, 10, "1••••••(8)", "a")
_ACCOUNT = Finding(
    "bank-account", "BANK_ACCOUNT", "high", 0.9, "body > 名單.xlsx > Sheet1 > row 12", 0, 15, "18•••••••••••••", "b"
)
_TITLE = Finding("customer-data-title", "CUSTOMER_DATA_TITLE", "medium", 0.8, "name", 0, 4, "客戶名單", "c")
_LOCKED = Unreadable("body > 合同.zip > 附件.docx", Why.ENCRYPTED)

_STOPPED = Verdict(Action.BLOCK, ("identity-number",), (_ID, _ACCOUNT), ())
_ASKED = Verdict(Action.JUSTIFY, ("money",), (_ACCOUNT,), ())
_VERDICTS: dict[str, tuple[str, Verdict]] = {
    "blocked": ("blocked", _STOPPED),
    "unread": ("blocked", Verdict(Action.BLOCK, ("locked",), (), (_LOCKED,))),
    "fault": ("blocked", Verdict(Action.BLOCK, ("fault: TimeoutError",), (), ())),
    "labelled": ("tagged", Verdict(Action.TAG, ("customer-title",), (_TITLE,), ())),
    "passed": ("allowed", Verdict(Action.ALLOW, (), (_TITLE,), ())),
}
_STATES: tuple[State, ...] = ("waiting", "open", "used", "over", "limited")
_ANSWERS = (
    (Channel.OAPI, "POST"),
    (Channel.API, "POST"),
    (Channel.OSS, "PUT"),
    (Channel.MCP, "POST"),
    (Channel.LWP, "WEBSOCKET"),
    (Channel.OTHER, "POST"),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One file of the preview."""

    group: str  # "channel answers" | "notice page" | "in DingTalk's page" | "other pages"
    name: str
    language: str
    suffix: str
    content: str

    @property
    def file(self) -> str:
        """Return what the file is called."""
        return f"{self.name}.{self.language}.{self.suffix}"


def samples(site: Site, book: Rulebook, *, host: str, fingerprint: str | None) -> Iterator[Sample]:
    """Yield every notice in every language.

    Args:
        site: what the operator filled in.
        book: the rules, whose titles, explanations and reasons are shown.
        host: name of the notice pages.
        fingerprint: of the certificate; None for the page that has none to offer.
    """
    made = Notice(
        REFERENCE, _AT, "blocked", "webalfa.dingtalk.com", _STOPPED, site, {one.id: one for one in book.rules}
    )
    for language in LANGUAGES:
        yield from _channels(book, language, host)
        yield from _pages(made, book.policy.justify, language, host)
        yield from _inside(made, book.policy.justify, language, host)
        others = {
            "home": notice_page.home(language),
            "missing": notice_page.missing("C-1234-5678", language, site),
            "crowded": notice_page.crowded(language, site),
        }
        for kind in setup_page.DEVICES:
            test = f"https://{host}/setup"
            others[f"setup-{kind}"] = setup_page.render(
                language, site, kind=kind, fingerprint=fingerprint, test=test, secure=kind == "linux"
            )
        for name, content in others.items():
            yield Sample("other pages", name, language, "html", content)


def index(made: list[Sample]) -> str:
    """Return a page that leads to all files."""
    rows = ""
    for group in dict.fromkeys(sample.group for sample in made):
        named: dict[str, list[Sample]] = {}
        for sample in made:
            if sample.group == group:
                named.setdefault(sample.name, []).append(sample)
        lines = "".join(
            f"<tr><td>{escape(name)}</td><td>{' · '.join(_link(sample) for sample in found)}</td></tr>"
            for name, found in named.items()
        )
        rows += f"<h2>{escape(group)}</h2><table><tbody>{lines}</tbody></table>"
    return page("en", "plain", "All notices", rows, address="index.html")


def _link(sample: Sample) -> str:
    return f'<a href="{escape(sample.file)}" lang="{sample.language}">{NAMES[sample.language]}</a>'


def _channels(book: Rulebook, language: str, host: str) -> Iterator[Sample]:
    """Yield what clients are answered; frames carry the words of web chat."""
    titles = {rule.id: rule.title for rule in book.rules}
    for case, verdict in (("blocked", _STOPPED), ("asks", _ASKED), ("unread", _VERDICTS["unread"][1])):
        text = message(verdict, REFERENCE, f"http://{host}/{REFERENCE}", [language], titles)
        for channel, method in _ANSWERS:
            body = b'{"jsonrpc":"2.0","id":1,"method":"tools/call","headers":{"mid":"7c2f0011 0"}}'
            wire = Wire(method, "https", "dingtalk.com", 443, "/", (), body, "192.0.2.1")
            answer = refuse(wire, channel, reference=REFERENCE, message=text, page="")
            content = "\n".join([f"HTTP {answer.status}", "", answer.body.decode()])
            if method == "WEBSOCKET":
                content = answer.body.decode()
            yield Sample("channel answers", f"answer-{channel}-{case}", language, "txt", content)


def _pages(made: Notice, justify: Justify, language: str, host: str) -> Iterator[Sample]:
    for name, (action, verdict) in _VERDICTS.items():
        notice = replace(made, action=action, verdict=verdict)
        yield Sample("notice page", f"notice-{name}", language, "html", notice_page.render(notice, language))
    asked = replace(made, verdict=_ASKED)
    for state in _STATES:
        standing = Standing(state, _AT + timedelta(minutes=justify.minutes))
        notice = replace(asked, asking=Asking(standing, justify, token="-"))  # noqa: S106 - of no use to anybody
        yield Sample("notice page", f"notice-reason-{state}", language, "html", notice_page.render(notice, language))
        if state == "waiting":
            flawed = notice.flawed("write", justify.reasons[0].id, "")
            yield Sample("notice page", "notice-reason-flawed", language, "html", notice_page.render(flawed, language))
            clear = replace(asked, asking=Asking(standing, justify, secure=f"https://{host}/{REFERENCE}"))
            yield Sample("notice page", "notice-reason-http", language, "html", notice_page.render(clear, language))


def _inside(made: Notice, justify: Justify, language: str, host: str) -> Iterator[Sample]:
    """Yield pages in which the script shows what it would show in DingTalk's own."""
    waiting = replace(made, verdict=_ASKED, asking=Asking(Standing("waiting"), justify))
    given = waiting.standing(Standing("open", _AT + timedelta(minutes=justify.minutes)))
    cases: dict[str, Notice | None] = {"toast": made, "dialog-reason": waiting, "toast-unknown": None}
    for name, notice in cases.items():
        told = {one: in_page.told(notice, one) for one in LANGUAGES} if notice else None
        done = {one: in_page.told(given, one) for one in LANGUAGES}
        yield Sample("in DingTalk's page", name, language, "html", _stage(told, done, language, host))


def _stage(told: object, done: object, language: str, host: str) -> str:
    """Return a page that plays DingTalk's part: something in it was just refused, and the gate answers."""
    code = in_page.script(token="-" if told else "", notice=f"https://{host}/")
    play = (
        f"const told = {_safe(told)}, done = {_safe(done)};"
        "window.fetch = async (address, options) => {"
        f'const language = new URL(address, "https://x").searchParams.get("lang") ?? "{language}";'
        "return new Response(JSON.stringify((options.method ? done : told)[language])); };"
        f'Object.defineProperty(navigator, "languages", {{ value: ["{language}"] }});'
    )
    start = f'window.postMessage({{ cercoRefused: "{REFERENCE}" }}, "*");'
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>DingTalk</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<script>{play}</script><script>{code}</script></head>"
        f"<body><main><h1>DingTalk</h1></main><script>{start}</script></body></html>\n"
    )


def _safe(data: object) -> str:
    return json.dumps(data).replace("<", "\\u003c")
