"""Web chat in Chromium, through the gate: what is refused is said where it happened; a reason given there counts."""

import json
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests
import yaml
from playwright.sync_api import BrowserContext, Page, Playwright, expect, sync_playwright
from websocket import create_connection

from cerco.runtime.settings import packaged_rules
from tests.e2e import world as worlds
from tests.e2e.browser import CHROMIUM, WHY_NOT, chromium, page_of
from tests.e2e.world import CERCO, PYTHON, World

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=WHY_NOT)

CHAT = "https://im.dingtalk.com/"
ID = "請替這位客人辦理登記，澳門居民身份證號碼 5123456(7)"  # made up
ACCOUNT = "請匯款到澳門中國銀行戶口號碼 180101234567890"
REFERENCE = re.compile(r"C-[0-9A-Z]{4}-[0-9A-Z]{4}")
LATER = str(Path(__file__).with_name("later.py"))


@dataclass(frozen=True)
class Site:
    """A world whose policy asks for a reason where it is about money, and whose clock can be put forward."""

    world: World
    playwright: Playwright
    context: BrowserContext
    clock: Path

    def wait(self, seconds: float) -> None:
        self.clock.write_text(str(float(self.clock.read_text()) + seconds))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("browser")
    shutil.copytree(packaged_rules(), folder / "rules")
    policy = yaml.safe_load((folder / "rules/policy.yaml").read_text("utf-8"))
    for one in (*policy["decisions"], *policy["tests"]):
        if "money" in {one.get("id"), one.get("decision")}:
            one["then" if "then" in one else "expect"] = "justify"
    (folder / "rules/policy.yaml").write_text(yaml.safe_dump(policy, allow_unicode=True), "utf-8")
    clock = folder / "clock"
    clock.write_text("0")
    settings = {"rules": str(folder / "rules"), "notice": {"contact": "IT, 2871 0000"}}
    with (
        worlds.regular(folder / "world", settings, launcher=(PYTHON, LATER, str(clock))) as running,
        sync_playwright() as playwright,
        chromium(playwright, running) as context,
    ):
        yield Site(running, playwright, context, clock)


@pytest.fixture
def chat(site: Site) -> Iterator[Page]:
    with page_of(site.context) as (page, faults):
        page.goto(CHAT)
        expect(page.get_by_text("Connected")).to_be_visible()
        yield page
        assert faults == []


def say(page: Page, text: str) -> None:
    """Type and send, as a person does."""
    page.locator("#text").focus()
    page.keyboard.insert_text(text)
    page.keyboard.press("Enter")


def toast(page: Page) -> str:
    """Wait for the notice at the edge of the page and return its words."""
    found = page.get_by_role("alert")
    expect(found).to_be_visible()
    return found.inner_text()


def reference(words: str) -> str:
    found = REFERENCE.search(words)
    assert found, words
    return found[0]


# ---- Refused ----


def test_a_refused_message_is_said_at_once_and_has_not_gone(site: Site, chat: Page) -> None:
    say(chat, ID)
    words = toast(chat)
    assert words.startswith("Not sent")
    assert "Macau resident ID number" in words
    record = site.world.record(words)
    assert record
    assert record["action"] == "blocked"
    assert site.world.received("5123456") == ()
    assert "5123456" not in words


def test_it_takes_nothing_away_from_who_is_typing(chat: Page) -> None:
    say(chat, ID)
    toast(chat)
    chat.keyboard.insert_text("still here")
    assert chat.locator("#text").input_value() == "still here"


def test_the_details_say_what_to_do(chat: Page) -> None:
    say(chat, ID)
    toast(chat)
    chat.get_by_role("button", name="Details").click()
    dialog = chat.get_by_role("alertdialog", name="Not sent")
    expect(dialog).to_be_visible()
    words = dialog.inner_text()
    assert "1••••" not in words  # the number begins with a 5
    assert "5••••••(7)" in words
    assert "Delete or cover that data" in words
    link = dialog.get_by_role("link", name="Open the full notice")
    assert link.get_attribute("href") == f"https://notice.cerco.internal/{reference(words)}"
    chat.keyboard.press("Escape")
    expect(dialog).not_to_be_attached()


@pytest.mark.parametrize(
    ("language", "title", "found"),
    [
        ("繁體中文", "未送出", "澳門居民身份證號碼"),
        ("简体中文", "未发送", "澳门居民身份证号码"),
        ("Português", "Não enviado", "Número do BIR"),
    ],
)
def test_it_is_said_in_four_languages(chat: Page, language: str, title: str, found: str) -> None:
    say(chat, ID)
    toast(chat)
    chat.get_by_role("button", name="Details").click()
    chat.get_by_role("button", name=language).click()
    dialog = chat.get_by_role("alertdialog", name=title)
    expect(dialog).to_contain_text(found)
    expect(chat.get_by_role("button", name=language)).to_be_focused()


@pytest.mark.parametrize("locale", ["zh-MO", "zh-CN", "pt-PT"])
def test_a_browser_is_answered_in_its_language(site: Site, locale: str) -> None:
    titles = {"zh-MO": "未送出", "zh-CN": "未发送", "pt-PT": "Não enviado"}
    with chromium(site.playwright, site.world, locale=locale) as context, page_of(context) as (page, faults):
        page.goto(CHAT)
        expect(page.get_by_text("Connected")).to_be_visible()
        say(page, ID)
        assert toast(page).startswith(titles[locale])
        assert faults == []


def test_a_refused_upload_is_said_as_well(site: Site, chat: Page, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("姓名,澳門居民身份證號碼\n陳大文,5123456(7)\n", "utf-8")
    chat.locator("#file").set_input_files(file)
    assert toast(chat).startswith("Not sent")
    expect(chat.locator("li.refused")).to_contain_text("Macau resident ID number")
    assert site.world.received("5123456") == ()


@pytest.mark.parametrize("where", ["strict", "meta"])
def test_it_works_under_the_pages_own_policy(site: Site, where: str) -> None:
    with page_of(site.context) as (page, faults):
        page.goto(f"{CHAT}{where}")
        expect(page.get_by_text("Connected")).to_be_visible()
        say(page, ID)
        assert "Macau resident ID number" in toast(page)
        assert faults == []


def test_in_a_page_inside_a_page_the_outer_one_says_it(site: Site) -> None:
    with page_of(site.context) as (page, faults):
        page.goto(f"{CHAT}frame")
        inner = page.frame_locator("iframe")
        expect(inner.get_by_text("Connected")).to_be_visible()
        inner.locator("#text").fill(ID)
        inner.locator("#text").press("Enter")
        assert "Macau resident ID number" in toast(page)
        assert inner.locator("cerco-notice").count() == 0
        assert faults == []


def test_a_frame_that_makes_references_up_is_soon_heard_no_more(site: Site) -> None:
    asked: list[str] = []
    with page_of(site.context) as (page, _):
        page.on("request", lambda request: asked.append(request.url) if "/.well-known/cerco/" in request.url else None)
        page.goto(CHAT)
        expect(page.get_by_text("Connected")).to_be_visible()
        page.evaluate("for (let n = 0; n < 10; n++) postMessage({ cercoRefused: `C-0000-000${n}` }, '*')")
        page.wait_for_timeout(1000)
        page.evaluate("postMessage({ cercoRefused: 'C-0000-0010' }, '*')")
        page.wait_for_timeout(500)
        assert len(asked) == 5
        say(page, ID)
        expect(page.locator("cerco-notice .toast")).to_contain_text("Macau resident ID number")


# ---- The page is the page ----


def test_nothing_else_in_the_page_is_touched(site: Site) -> None:
    """No element, no script and no global is there that was not; sockets and their methods look as they do."""
    with page_of(site.context, open_shadows=False) as (page, faults):
        page.goto(CHAT)
        expect(page.get_by_text("Connected")).to_be_visible()
        seen = page.evaluate(
            """() => ({
              scripts: document.scripts.length,
              config: document.documentElement.outerHTML.includes("const config"),
              ours: document.querySelectorAll("cerco-notice").length,
              globals: Object.keys(window).filter((name) => /cerco/i.test(name)),
              send: [WebSocket.prototype.send.name, WebSocket.prototype.send.length,
                     /\\[native code\\]/.test(String(WebSocket.prototype.send))],
              flags: ["writable", "enumerable", "configurable"].every(
                (flag) => Object.getOwnPropertyDescriptor(WebSocket.prototype, "send")[flag]),
              natives: [fetch, XMLHttpRequest.prototype.send].every((one) => /\\[native code\\]/.test(String(one))),
              illegal: (() => { try { WebSocket.prototype.send.call({}); } catch (error) { return error.name; } })(),
            })"""
        )
        assert seen == {
            "scripts": 1,
            "config": False,
            "ours": 0,
            "globals": [],
            "send": ["send", 1, True],
            "flags": True,
            "natives": True,
            "illegal": "TypeError",
        }
        say(page, ID)
        host = page.locator("cerco-notice")
        expect(host).to_be_attached()
        assert host.evaluate("(element) => element.shadowRoot") is None
        assert host.evaluate("(element) => element.parentNode === document.documentElement")
        assert faults == []


# ---- Asked for a reason ----


def test_with_the_keyboard_alone_a_reason_is_given_and_the_message_passes_once(site: Site, chat: Page) -> None:
    before = len(site.world.received("180101234567890"))
    say(chat, ACCOUNT)
    dialog = chat.get_by_role("alertdialog", name="Not sent yet: a reason is needed")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("heading", name="Not sent yet: a reason is needed")).to_be_focused()
    refused = reference(dialog.inner_text())

    chat.keyboard.press("Tab")  # to the reasons
    expect(dialog.get_by_role("radio", name="The customer asked for it")).to_be_focused()
    chat.keyboard.press("Space")
    chat.keyboard.press("ArrowDown")
    expect(dialog.get_by_role("radio", name="It is needed to carry out a contract or an order")).to_be_checked()
    chat.keyboard.press("Tab")  # to the sentence
    expect(dialog.get_by_role("textbox", name="In one sentence: who needs it, and what for?")).to_be_focused()
    chat.keyboard.type("no")
    chat.keyboard.press("Tab")  # to the button
    chat.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_have_text("Write a sentence: at least 5 characters.")
    expect(dialog.get_by_role("textbox")).to_be_focused()
    chat.keyboard.type(", order 12 is due today")
    chat.keyboard.press("Tab")
    chat.keyboard.press("Enter")
    done = chat.get_by_role("alertdialog", name="You can send it now")
    expect(done.get_by_role("heading", name="You can send it now")).to_be_focused()
    # The dialog holds the focus: Tab goes round in it, and the page behind cannot be reached.
    for _ in range(12):
        chat.keyboard.press("Tab")
        assert chat.evaluate("document.activeElement.localName") in {"cerco-notice", "body"}
    chat.keyboard.press("Escape")
    expect(done).not_to_be_attached()
    expect(chat.locator("#text")).to_be_focused()

    say(chat, f"{ACCOUNT}，謝謝")  # altered
    expect(chat.get_by_role("alertdialog", name="Not sent yet: a reason is needed")).to_be_visible()
    chat.keyboard.press("Escape")
    assert len(site.world.received("180101234567890")) == before

    assert say_from("127.0.0.2", site.world, ACCOUNT) == 403  # a second sender
    assert len(site.world.received("180101234567890")) == before

    say(chat, ACCOUNT)
    expect(chat.locator("li.mine", has_text="180101234567890")).to_have_count(1)
    chat.wait_for_timeout(500)
    assert len(site.world.received("180101234567890")) == before + 1

    say(chat, ACCOUNT)  # once is once
    expect(chat.get_by_role("alertdialog", name="Not sent yet: a reason is needed")).to_be_visible()
    chat.keyboard.press("Escape")
    assert len(site.world.received("180101234567890")) == before + 1
    passed = next(one for one in site.world.evidence(10) if f"justified: {refused}" in one["verdict"]["decisions"])
    assert passed["action"] == "allowed"


def say_from(address: str, world: World, text: str) -> int:
    """Say the same in the same conversation from another device; return the code of the answer."""
    raw = socket.create_connection(("127.0.0.1", world.proxy.port), timeout=15, source_address=(address, 0))
    raw.sendall(b"CONNECT webalfa.dingtalk.com:443 HTTP/1.1\r\n\r\n")
    assert b" 200 " in raw.recv(4096)
    trust = ssl.create_default_context(cafile=str(world.proxy.ca_file))
    line = create_connection(
        "wss://webalfa.dingtalk.com/long",
        socket=trust.wrap_socket(raw, server_hostname="webalfa.dingtalk.com"),
        origin="https://im.dingtalk.com",
    )
    content = {"contentType": 1, "textContent": {"text": text}, "atOpenIds": {}}
    message = {"uuid": "1", "conversationId": "1001:2002", "type": 1, "creatorType": 1, "content": content}
    line.send(json.dumps({"lwp": "/r/IDLSend/send", "headers": {"mid": "7c2f0011 0"}, "body": [message]}))
    code = int(json.loads(line.recv())["code"])
    line.close()
    return code


def test_after_its_time_it_does_not_pass(site: Site, chat: Page) -> None:
    before = len(site.world.received("180101234567890"))
    say(chat, ACCOUNT)
    answer(chat)
    site.wait(10 * 60 + 1)
    say(chat, ACCOUNT)
    expect(chat.get_by_role("alertdialog", name="Not sent yet: a reason is needed")).to_be_visible()
    assert len(site.world.received("180101234567890")) == before


def answer(chat: Page) -> None:
    dialog = chat.get_by_role("alertdialog", name="Not sent yet: a reason is needed")
    dialog.get_by_role("radio").first.check()
    dialog.get_by_role("textbox").fill("the customer asked for it")
    dialog.get_by_role("button", name="Give this reason").click()
    expect(chat.get_by_role("alertdialog", name="You can send it now")).to_be_visible()
    chat.keyboard.press("Escape")


def test_unanswered_is_not_sent(site: Site, chat: Page) -> None:
    before = len(site.world.received("180101234567890"))
    say(chat, ACCOUNT)
    expect(chat.get_by_role("alertdialog")).to_be_visible()
    chat.get_by_role("button", name="Close").click()
    say(chat, ACCOUNT)
    expect(chat.get_by_role("alertdialog")).to_be_visible()
    assert len(site.world.received("180101234567890")) == before


def test_a_script_of_the_page_cannot_press_the_button(site: Site, chat: Page) -> None:
    """With the shadow open, as it never is, a script can fill the form in; what it cannot do is be a person."""
    say(chat, ACCOUNT)
    dialog = chat.get_by_role("alertdialog")
    dialog.get_by_role("radio").first.check()
    dialog.get_by_role("textbox").fill("written by a script")
    given = len(site.world.evidence(1000))
    button = dialog.get_by_role("button", name="Give this reason")
    for forged in ("click()", "form.requestSubmit()", "form.dispatchEvent(new Event('submit'))"):
        button.evaluate(f"(button) => void button.{forged}")
    chat.wait_for_timeout(500)
    expect(chat.get_by_role("alertdialog", name="Not sent yet: a reason is needed")).to_be_visible()
    assert len(site.world.evidence(1000)) == given


# ---- Programs ----


def test_a_program_gives_its_reason_in_a_header_that_nobody_else_sees(site: Site) -> None:
    proxies, trust = {"https": site.world.proxy.url or ""}, str(site.world.proxy.ca_file)
    address = "https://oapi.dingtalk.com/robot/send?access_token=lab"

    def post(account: str, **headers: str) -> requests.Response:
        said: Any = {"msgtype": "text", "text": {"content": f"銀行戶口號碼 {account}"}}
        return requests.post(address, json=said, headers=headers, proxies=proxies, verify=trust, timeout=30)

    refused = post("180101234567899")
    assert refused.json()["errcode"] == 430104
    asked = refused.headers["Cerco-Reference"]
    reason = {"Cerco-Justification": f"{asked} contract {quote('訂單 12 的收款戶口')}"}
    other = post("180101234567898", **reason)
    assert (other.json()["errcode"], other.headers["Cerco-Justification"]) == (430104, "unknown")
    passed = post("180101234567899", **reason)
    assert passed.json() == {"errcode": 0, "errmsg": "ok"}
    again = post("180101234567899", **reason)
    assert (again.json()["errcode"], again.headers["Cerco-Justification"]) == (430104, "used")
    (arrived,) = site.world.received("180101234567899")
    assert not [name for name, _ in arrived.headers if name.lower().startswith("cerco")]
    assert site.world.received("訂單 12") == ()
    shown = subprocess.run(
        [CERCO, "evidence", "justifications", asked, "--json", "--config", str(site.world.config)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert json.loads(shown.stdout)["sentence"] == "訂單 12 的收款戶口"


# ---- The notice page ----


def test_a_reason_given_on_the_notice_page_counts_as_well(site: Site, chat: Page) -> None:
    before = len(site.world.received("180101234567890"))
    say(chat, ACCOUNT)
    dialog = chat.get_by_role("alertdialog")
    with chat.context.expect_page() as opened:
        dialog.get_by_role("link", name="Open the full notice").click()
    notice = opened.value
    expect(notice.get_by_role("heading", level=1)).to_have_text("Not sent yet: a reason is needed")
    notice.get_by_label("The person concerned has agreed").check()
    notice.get_by_label("In one sentence").fill("she wants it in writing")
    notice.get_by_role("button", name="Give this reason").click()
    expect(notice.get_by_role("heading", level=1)).to_have_text("You can send it now")
    notice.reload()
    expect(notice.get_by_role("heading", level=1)).to_have_text("You can send it now")
    chat.keyboard.press("Escape")
    say(chat, ACCOUNT)
    chat.wait_for_timeout(800)
    assert len(site.world.received("180101234567890")) == before + 1
    notice.reload()
    expect(notice.get_by_role("heading", level=1)).to_have_text("Sent with your reason")
    notice.close()


def test_no_other_site_can_give_a_reason(site: Site, chat: Page) -> None:
    say(chat, ACCOUNT)
    refused = reference(chat.get_by_role("alertdialog").inner_text())
    with page_of(site.context) as (evil, _):
        evil.route("https://evil.example.test/", lambda route: route.fulfill(content_type="text/html", body="<p>x"))
        evil.goto("https://evil.example.test/")
        fields = {"token": "guessed", "reason": "law", "sentence": "a fine sentence"}
        with evil.expect_navigation():
            evil.evaluate(
                """([address, fields]) => {
                  const form = document.createElement("form");
                  form.method = "post";
                  form.action = address;
                  for (const [name, value] of Object.entries(fields)) {
                    form.append(Object.assign(document.createElement("input"), { name, value }));
                  }
                  document.body.append(form);
                  form.submit();
                }""",
                [f"https://notice.cerco.internal/{refused}", fields],
            )
        assert "comes from elsewhere" in evil.content()
        framed = evil.evaluate(
            f"""async () => {{
              try {{ return (await fetch("https://im.dingtalk.com/.well-known/cerco/{refused}")).status; }}
              catch (error) {{ return "no answer"; }}
            }}"""
        )
        assert framed == "no answer"
    with page_of(site.context) as (notice, _):
        notice.goto(f"https://notice.cerco.internal/{refused}?lang=en")
        expect(notice.get_by_role("heading", level=1)).to_have_text("Not sent yet: a reason is needed")


def test_what_does_not_exist_is_said_plainly(site: Site) -> None:
    with page_of(site.context) as (page, _):
        page.goto("http://notice.cerco.internal/C-0000-0000?lang=en")
        expect(page.get_by_role("heading", level=1)).to_have_text("This notice cannot be shown here")


def test_a_device_finds_out_that_it_is_ready(site: Site) -> None:
    with page_of(site.context) as (page, faults):
        page.goto("http://notice.cerco.internal/setup?lang=en")
        page.get_by_role("link", name="Open the test page").click()
        expect(page.get_by_text("This device is ready")).to_be_visible()
        with page.expect_download() as got:
            page.get_by_role("link", name="Download the certificate").first.click()
        assert got.value.suggested_filename == "cerco-ca.cer"
        assert faults == []


def test_what_people_wrote_is_nowhere_in_clear(site: Site) -> None:
    """Runs last: by now reasons were given in every way there is."""
    written = ("the customer asked for it", "order 12 is due today", "she wants it in writing", "訂單 12 的收款戶口")
    given = subprocess.run(
        [CERCO, "evidence", "justifications", "--last", "99", "--json", "--config", str(site.world.config)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout
    for words in written:
        assert words in given
        for file in site.world.config.parent.rglob("*"):
            assert not file.is_file() or words.encode() not in file.read_bytes(), file
