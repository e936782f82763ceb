"""What the tests of pages share: a page taken apart, and notices made up."""

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

from cerco.decide.justify import Justify
from cerco.decide.verdict import Action, Verdict
from cerco.desk.ask_form import Asking
from cerco.desk.layout import Site
from cerco.desk.notice_page import Notice
from cerco.extract.text import Unreadable, Why
from cerco.runtime.rulebook import load_rulebook
from cerco.runtime.settings import packaged_rules
from cerco.scan.finding import Finding
from cerco.state.grants import Standing, State

REFERENCE = "C-7K3M-9QXT"
AT = datetime(2026, 3, 5, 22, 12, 9, tzinfo=UTC)
BOOK = load_rulebook(packaged_rules())
RULES = {rule.id: rule for rule in BOOK.rules}
FILLED_IN = Site("Company, Lda.", "IT, 2871 0000", "https://share.test/a", "https://rules.test/", "five years")
VOID = {"meta", "input", "img", "br", "link"}


class Page(HTMLParser):
    """The tags of a page, checked for nesting on the way."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open[-1:] not in (["style"], ["script"]):
            self.words += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def finding(
    place: str = "body > 表.xlsx > Sheet1 > row 3", masked: str = "1••••••(8)", entity: str = "MO_ID_CARD"
) -> Finding:
    return Finding("macau-id-card", entity, "high", 0.9, place, 0, 9, masked, "FINGERPRINT", ("REASON",))


def notice(
    *findings: Finding,
    gaps: tuple[Why, ...] = (),
    action: str = "blocked",
    verdict: Action = Action.BLOCK,
    site: Site = FILLED_IN,
    state: State | None = None,
    token: str | None = "TOKEN",  # noqa: S107
) -> Notice:
    """Return a notice; with `state`, one that asks for a reason and stands so."""
    found = Verdict(
        Action.JUSTIFY if state else verdict,
        (),
        findings,
        tuple(Unreadable("body > a.zip > b.docx", why) for why in gaps),
    )
    asking = None
    if state:
        standing = Standing(state, AT + timedelta(minutes=10))
        asking = Asking(standing, Justify(), token, secure="https://notice.test/C-7K3M-9QXT")
    return Notice(REFERENCE, AT, action, "api.dingtalk.com", found, site, RULES, asking)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2, contrast ratio)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
