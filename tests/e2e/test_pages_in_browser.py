"""Every page that people read, in Chromium: no barrier that axe-core finds, nothing cut off, nothing blocked."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Route, expect, sync_playwright

from cerco.decide.verdict import Action
from cerco.decide.wording import LANGUAGES
from cerco.desk import simulation_page
from cerco.desk.layout import CSP, Site
from cerco.desk.preview import Sample, samples
from cerco.runtime.rulebook import load_rulebook
from cerco.runtime.settings import packaged_rules
from cerco.runtime.tally import Judged, Tally
from cerco.scan.finding import Finding
from tests.e2e.browser import CHROMIUM, OPEN_SHADOWS, WHY_NOT, chromium

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=WHY_NOT)

HOST = "https://notice.test/"
SITE = Site(
    "Companhia Exemplo, Limitada · 示例有限公司",
    "資訊科技支援 · IT help desk, 2871 0000, it@example.test",
    "https://share.example.test/a-folder-with-quite-a-long-name/that-goes-on/and-on",
    "https://rules.example.test/",
    "5 anos · 五年",
)
MADE = {
    sample.file: sample
    for sample in samples(SITE, load_rulebook(packaged_rules()), host="notice.test", fingerprint="ab" * 32)
    if sample.suffix == "html"
}
TITLES = {rule.id: rule.title for rule in load_rulebook(packaged_rules()).rules}


def tally() -> Tally:
    """Return a report with something in every table."""
    made = Tally()
    found = Finding("macau-id-card", "MO_ID_CARD", "high", 0.9, "p", 0, 9, "1••••••(8)", "a")
    sides = [Judged(action, findings=(found,)) for action in Action] + [Judged(Action.BLOCK, observed=True)]
    for number, (before, after) in enumerate((one, other) for one in sides for other in sides):
        reference, groups = f"C-7K3M-{number:04d}", ("counter",) if number % 2 else ()
        made.add(before, after, reference=reference, at=AT, channel="oapi", groups=groups, sender=bytes([number % 7]))
    made.unasked["customer-data-title"] = 1234
    return made


AT = datetime(2026, 11, 3, 2, 1, tzinfo=UTC)
TALLY = tally()
NAMES = sorted({sample.name for sample in MADE.values()})
STAGED = [name for name in NAMES if MADE[f"{name}.en.html"].group == "in DingTalk's page"]
WIDTHS = (320, 390, 1280)  # CSS pixels: WCAG 2.2, 1.4.10; a telephone; a laptop
RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


@pytest.fixture(scope="module")
def context() -> Iterator[BrowserContext]:
    with sync_playwright() as playwright, chromium(playwright) as made:
        made.route(f"{HOST}**", serve)
        yield made


def serve(route: Route) -> None:
    """Answer as the gate does: the page under its policy. What plays DingTalk's part has none."""
    sample = MADE.get(route.request.url.removeprefix(HOST).partition("?")[0])
    if sample is None:
        route.fulfill(status=404)
        return
    headers = {} if sample.name in STAGED else {"Content-Security-Policy": CSP}
    route.fulfill(body=sample.content, content_type="text/html; charset=utf-8", headers=headers)


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    made = context.new_page()
    made.add_init_script(OPEN_SHADOWS)
    faults: list[str] = []
    made.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    made.on("pageerror", lambda error: faults.append(str(error)))
    yield made
    made.close()
    assert [fault for fault in faults if "favicon" not in fault and "404" not in fault] == []


def show(page: Page, name: str, language: str) -> Sample:
    """Open a page; what shows itself in DingTalk's page is waited for."""
    sample = MADE[f"{name}.{language}.html"]
    page.goto(HOST + sample.file)
    if name in STAGED:
        expect(page.locator("cerco-notice")).to_be_attached()
        expect(page.get_by_role("alertdialog").or_(page.get_by_role("alert")).first).to_be_visible()
        page.wait_for_timeout(250)  # it comes with a short movement, during which colours are mixed
    return sample


def violations(page: Page) -> list[tuple[str, Any]]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [(one["id"], [node["target"] for node in one["nodes"]]) for one in found]


@pytest.mark.parametrize("name", NAMES)
def test_no_barrier(page: Page, name: str) -> None:
    for language in LANGUAGES:
        show(page, name, language)
        assert violations(page) == [], language


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_barrier_in_what_the_toast_opens(page: Page, language: str) -> None:
    show(page, "toast", language)
    page.get_by_role("button").first.click()
    expect(page.get_by_role("alertdialog")).to_be_visible()
    page.wait_for_timeout(250)
    assert violations(page) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_barrier_once_a_reason_is_given(page: Page, language: str) -> None:
    show(page, "dialog-reason", language)
    page.get_by_role("radio").first.check()
    page.get_by_role("textbox").fill("a fine sentence")
    page.locator(".ask .main").click()
    expect(page.get_by_role("heading", level=2)).to_be_focused()
    expect(page.get_by_role("textbox")).not_to_be_attached()
    assert violations(page) == []


@pytest.mark.parametrize("name", ["notice-blocked", "notice-reason-flawed", "setup-ios", "toast", "dialog-reason"])
def test_no_barrier_in_the_dark(page: Page, name: str) -> None:
    page.emulate_media(color_scheme="dark")
    show(page, name, "pt")
    assert violations(page) == []


def test_barriers_would_be_found(page: Page) -> None:
    """Also within the shadow: what passes above does not pass for want of looking."""
    show(page, "dialog-reason", "en")
    root = "document.querySelector('cerco-notice').shadowRoot"
    page.evaluate(f"{root}.querySelector('.field').remove()")
    assert "label" in {name for name, _ in violations(page)}
    show(page, "notice-blocked", "en")
    page.evaluate("document.querySelector('h1').style.color = '#ddd'")
    assert "color-contrast" in {name for name, _ in violations(page)}


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_cut_off(page: Page, name: str) -> None:
    """No page scrolls sideways, in any language, on any width; nothing that can be pressed is too small to be hit."""
    for language in LANGUAGES:
        show(page, name, language)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            wide, small = page.evaluate(
                """() => {
                  const notices = [...document.querySelectorAll("cerco-notice")];
                  const roots = [document, ...notices.map((one) => one.shadowRoot)];
                  const all = (what) => roots.flatMap((root) => [...root.querySelectorAll(what)]);
                  const pressed = all("button, .button, nav a, summary");
                  const boxes = pressed.map((one) => [one.textContent, one.getBoundingClientRect()]);
                  const page = document.documentElement;
                  const small = ([, box]) => box.width && Math.min(box.height, box.width) < 24;
                  return [
                    Math.max(...[page, ...all("dialog, .toast")].map((one) => one.scrollWidth - one.clientWidth)),
                    boxes.filter(small).map(([words]) => words),
                  ];
                }"""
            )  # 24 pixels: WCAG 2.2, 2.5.8
            assert (wide, small) == (0, []), (width, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_printed_notice_is_the_notice_alone(page: Page, language: str) -> None:
    page.emulate_media(media="print")
    show(page, "notice-reason-waiting", language)
    for hidden in ("nav", "form", "a.button"):
        assert not any(one.is_visible() for one in page.locator(hidden).all())
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".reference")).to_have_text("C-7K3M-9QXT")
    links = page.locator("main li a[href^=http]").first
    printed = links.evaluate("(link) => getComputedStyle(link, '::after').content")
    assert "https://share.example.test/" in printed


@pytest.mark.parametrize("name", ["toast", "dialog-reason"])
def test_it_is_heard_as_it_is_seen(page: Page, name: str) -> None:
    show(page, name, "en")
    tree = page.locator("cerco-notice").aria_snapshot()
    if name == "toast":
        assert '- region "Notice from your company\'s outbound check"' in tree
        assert "- alert:" in tree
        assert page.evaluate("document.activeElement === document.body")  # it takes no focus
    else:
        for said in ('alertdialog "Not sent yet: a reason is needed"', 'group "What is the reason?"'):
            assert said in tree
        assert 'textbox "In one sentence: who needs it, and what for?"' in tree


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_barrier_in_the_report_of_a_simulation(page: Page, language: str, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(simulation_page.render(TALLY, TITLES, language), "utf-8")
    for width, scheme in ((320, "light"), (1280, "dark")):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.goto(file.as_uri())
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert (
            page.locator("th").first.evaluate("node => getComputedStyle(node).fontWeight") == "500"
        )  # its style holds
