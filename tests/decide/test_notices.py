"""People are told what kind of data it was and what to do next, in their language, and never the value."""

import re
from collections.abc import Iterator, Sequence
from importlib.resources import files
from string import Formatter
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from cerco.decide.notices import LANGUAGES, TEXTS, Wording, advice, kinds, message, negotiate, telling
from cerco.decide.verdict import Action, Verdict
from cerco.extract.text import Unreadable, Why
from cerco.scan.finding import Finding

REFERENCE = "C-7K3M-9QXT"
URL = "http://notice.cerco.internal/C-7K3M-9QXT"
ENTITIES = ("MO_ID_CARD", "BANK_ACCOUNT", "CREDIT_CARD", "CUSTOMER_DATA_TITLE")


def found(entity: str, severity: str = "high") -> Finding:
    return Finding("rule-of-it", entity, severity, 0.9, "PLACE > B2", 3, 11, "1MASKED•(8)", "FINGERPRINT", ("REASON",))


def verdict(findings: Sequence[Finding] = (), gaps: Sequence[Why] = ()) -> Verdict:
    return Verdict(Action.BLOCK, ("id",), tuple(findings), tuple(Unreadable("PLACE > c.zip", why) for why in gaps))


def wordings(model: Any, path: str = "") -> Iterator[tuple[str, Wording]]:
    if isinstance(model, Wording):
        yield path, model
    elif isinstance(model, BaseModel):
        for name in type(model).model_fields:
            yield from wordings(getattr(model, name), f"{path}.{name}")
    else:
        for name, inner in model.items():
            yield from wordings(inner, f"{path}.{name}")


ALL = dict(wordings(TEXTS))
SENTENCES = {path: wording for path, wording in ALL.items() if path not in {".message.space", ".message.comma"}}


# ---- The texts ----


@pytest.mark.parametrize("path", SENTENCES)
def test_every_text_is_there_in_every_language(path: str) -> None:
    said = [getattr(ALL[path], name) for name in Wording.model_fields]
    assert len(said) == len(LANGUAGES)
    assert all(text.strip() == text and text for text in said)


@pytest.mark.parametrize("path", ALL)
def test_a_blank_is_a_blank_in_every_language(path: str) -> None:
    blanks = [
        sorted(name for _, name, _, _ in Formatter().parse(getattr(ALL[path], field)) if name is not None)
        for field in Wording.model_fields
    ]
    assert all(names == blanks[0] for names in blanks)


@pytest.mark.parametrize("path", SENTENCES)
def test_chinese_is_set_as_chinese(path: str) -> None:
    """Full-width marks beside Han characters, the right script, no gap where a long line was folded."""
    hant, hans = ALL[path].zh_hant, ALL[path].zh_hans
    for text in (hant, hans):
        assert not re.search(r"[\u4e00-\u9fff][,:;()!?]|[,:;()!?][\u4e00-\u9fff]|[\u3000-\u9fff] [\u3000-\u9fff]", text)
    assert not set(hant) & set("门资号户银发请标题称为么这样处连传输载链检编话语该时间网络")
    assert not set(hans) & set("門資號戶銀發請標題稱為麼這樣處連傳輸載鏈檢編話語該時間網絡檔")


def test_every_gap_has_words_and_a_remedy() -> None:
    assert set(TEXTS.gaps) == set(Why)
    assert set(TEXTS.remedies) == {"found", "title", *Why, *TEXTS.ways}
    assert set(TEXTS.kinds) == set(ENTITIES)


def test_no_key_is_written_twice() -> None:
    text = files("cerco.decide").joinpath("notices.yaml").read_text("utf-8")
    written = sum(isinstance(event, yaml.ScalarEvent) for event in yaml.parse(text, Loader=yaml.CSafeLoader))
    assert written == sum(1 for _ in _scalars(yaml.safe_load(text)))


def _scalars(data: Any) -> Iterator[Any]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield key
            yield from _scalars(value)
    else:
        yield data


def test_the_law_and_the_regulator_are_named_as_they_are_called() -> None:
    law, regulator = TEXTS.page.law, TEXTS.page.regulator
    assert "第8/2005號法律" in law.zh_hant
    assert "第十九條及第二十條" in law.zh_hant
    assert "第8/2005号法律" in law.zh_hans
    assert "Lei n.º 8/2005" in law.pt
    assert "19.º e 20.º" in law.pt
    assert "Law 8/2005" in law.en
    assert "articles 19 and 20" in law.en
    assert all("DSPDP" in getattr(regulator, name) for name in Wording.model_fields)
    assert "個人資料保護局" in regulator.zh_hant


def test_a_language_nobody_speaks_is_answered_in_english() -> None:
    assert TEXTS.other_kind.say("fr") == TEXTS.other_kind.en == "sensitive data"


# ---- Which language ----


@pytest.mark.parametrize(
    ("header", "language"),
    [
        pytest.param(None, "zh-Hant", id="no header"),
        pytest.param("", "zh-Hant", id="empty header"),
        pytest.param("zh-MO", "zh-Hant", id="Macau"),
        pytest.param("zh-HK", "zh-Hant", id="Hong Kong"),
        pytest.param("zh-TW,zh;q=0.9,en;q=0.8", "zh-Hant", id="Taiwan"),
        pytest.param("zh-Hant", "zh-Hant", id="script"),
        pytest.param("zh-Hant-CN", "zh-Hant", id="script before region"),
        pytest.param("zh-Hans-HK", "zh-Hans", id="the other script before region"),
        pytest.param("yue-HK", "zh-Hant", id="Cantonese"),
        pytest.param("zh", "zh-Hans", id="Chinese"),
        pytest.param("zh-CN,zh;q=0.9", "zh-Hans", id="mainland"),
        pytest.param("zh-SG", "zh-Hans", id="Singapore"),
        pytest.param("ZH-cn", "zh-Hans", id="any case"),
        pytest.param("pt", "pt", id="Portuguese"),
        pytest.param("pt-PT,pt;q=0.9,en;q=0.8", "pt", id="Portugal"),
        pytest.param("pt-BR", "pt", id="Brazil"),
        pytest.param("en-GB", "en", id="English"),
        pytest.param("fr,de;q=0.5", "en", id="none of ours"),
        pytest.param("fr, pt;q=0.3", "pt", id="one of ours, last"),
        pytest.param("en;q=0.4, pt;q=0.9", "pt", id="by weight, not by order"),
        pytest.param("pt;q=0, en", "en", id="refused"),
        pytest.param("pt ; Q=0.2 , en ; q=0.3", "en", id="spaces"),
        pytest.param("*", "zh-Hant", id="anything"),
        pytest.param("fil, *;q=0.1", "zh-Hant", id="anything else"),
        pytest.param("pt;q=much, en", "en", id="bad weight"),
        pytest.param("en;q=nan, pt;q=0.1", "pt", id="no number as weight"),
        pytest.param(",;,", "zh-Hant", id="nothing usable"),
        pytest.param("ptx", "en", id="a longer tag"),
    ],
)
def test_the_readers_language(header: str | None, language: str) -> None:
    assert negotiate(header) == language


# ---- Kinds ----


@pytest.mark.parametrize(
    ("given", "named"),
    [
        pytest.param(verdict([found("MO_ID_CARD")]), ["Macau resident ID number"], id="one"),
        pytest.param(verdict([found("MO_ID_CARD")] * 3), ["Macau resident ID number"], id="once each"),
        pytest.param(
            verdict([found("CUSTOMER_DATA_TITLE", "medium"), found("BANK_ACCOUNT")]),
            ["bank account number", "title or name that announces customer data"],
            id="gravest first",
        ),
        pytest.param(verdict([found("SITE_PROJECT_NAME")]), ["sensitive data"], id="of a site's own rule"),
        pytest.param(verdict(gaps=[Why.ENCRYPTED]), ["password-protected file that could not be read"], id="gap"),
        pytest.param(
            verdict([found("CREDIT_CARD")], [Why.UNKNOWN_FORMAT, Why.ENCRYPTED]),
            ["payment card number", "password-protected file that could not be read"],
            id="a photo beside a finding is no reason",
        ),
        pytest.param(
            verdict(gaps=[Why.UNKNOWN_FORMAT]),
            ["file of a kind that is not read (sound, video)"],
            id="a voice message alone is",
        ),
        pytest.param(verdict(), [], id="a fault of the gate"),
    ],
)
def test_kinds_in_plain_words(given: Verdict, named: list[str]) -> None:
    assert list(kinds(given, "en")) == named


def test_the_gravest_gap_is_told_first() -> None:
    given = verdict(gaps=[Why.UNSEEN, Why.TOO_LARGE])
    assert [gap.why for gap in telling(given)] == [Why.TOO_LARGE, Why.UNSEEN]


# ---- Messages ----


@pytest.mark.parametrize(
    ("given", "language", "said"),
    [
        pytest.param(
            verdict([found("MO_ID_CARD")]),
            "zh-Hant",
            "未送出：發現澳門居民身份證號碼。請刪除有關資料後再傳送，或改用公司內部途徑。"
            f"編號 {REFERENCE}。詳情：{URL}",
            id="Traditional Chinese",
        ),
        pytest.param(
            verdict([found("BANK_ACCOUNT"), found("CREDIT_CARD")]),
            "zh-Hans",
            "未发送：发现银行账户号码、银行卡号码。请删除有关资料后再发送，或改用公司内部渠道。"
            f"编号 {REFERENCE}。详情：{URL}",
            id="Simplified Chinese, two kinds",
        ),
        pytest.param(
            verdict([found("MO_ID_CARD")]),
            "pt",
            "Não enviado. Encontrado: número do BIR de Macau. Retire esses dados e envie de novo, "
            f"ou use os meios internos da empresa. Ref. {REFERENCE}. Mais: {URL}",
            id="Portuguese",
        ),
        pytest.param(
            verdict([found("CUSTOMER_DATA_TITLE", "medium")]),
            "en",
            "Not sent. Found: title or name that announces customer data. If it holds none, change the title and send "
            f"again; if it does, use internal channels. Ref. {REFERENCE}. More: {URL}",
            id="English, title only",
        ),
        pytest.param(
            verdict([found("CUSTOMER_DATA_TITLE", "medium")], [Why.ENCRYPTED, Why.UNKNOWN_FORMAT]),
            "en",
            "Not sent. Found: title or name that announces customer data, password-protected file that could not be "
            "read. If it holds none, change the title and send again; if it does, use internal channels. "
            f"Ref. {REFERENCE}. More: {URL}",
            id="English, title and password",
        ),
        pytest.param(
            verdict(gaps=[Why.ENCRYPTED]),
            "en",
            "Not sent: password-protected file that could not be read. Remove the password and send again, "
            f"or use your company's internal channels. Ref. {REFERENCE}. More: {URL}",
            id="English, password",
        ),
        *(
            pytest.param(
                given,
                "en",
                "Not sent: it could not be checked in time. Try again in a moment; if it fails again, call IT. "
                f"Ref. {REFERENCE}. More: {URL}",
                id=name,
            )
            for given, name in ((verdict(), "a fault of the gate"), (verdict(gaps=[Why.TIMED_OUT]), "not in time"))
        ),
        pytest.param(
            Verdict(Action.BLOCK, ("cleartext",), (), ()),
            "en",
            "Not sent: connection without encryption. Ask IT to switch this program to HTTPS. "
            f"Ref. {REFERENCE}. More: {URL}",
            id="without encryption",
        ),
        pytest.param(
            Verdict(Action.BLOCK, ("cleartext", "identity-number"), (found("MO_ID_CARD"),), ()),
            "en",
            "Not sent. Found: Macau resident ID number, connection without encryption. Take this data out "
            f"and send again, or use your company's internal channels. Ref. {REFERENCE}. More: {URL}",
            id="without encryption, and something found",
        ),
        pytest.param(
            verdict(gaps=[Why.TIMED_OUT, Why.TOO_LARGE]),
            "en",
            "Not sent: content not checked in time, file too large to be checked. Try again in a moment; "
            f"if it fails again, call IT. Ref. {REFERENCE}. More: {URL}",
            id="not in time, and more",
        ),
        pytest.param(
            verdict([found("MO_ID_CARD"), found("BANK_ACCOUNT"), found("CREDIT_CARD"), found("OTHER")]),
            "en",
            "Not sent. Found: Macau resident ID number, bank account number, payment card number, others. Take this "
            f"data out and send again, or use your company's internal channels. Ref. {REFERENCE}. More: {URL}",
            id="more kinds than fit",
        ),
    ],
)
def test_what_dingtalk_shows(given: Verdict, language: str, said: str) -> None:
    assert message(given, REFERENCE, URL, [language]) == said


def test_one_paragraph_for_each_language_in_the_order_asked() -> None:
    given = verdict([found("MO_ID_CARD")])
    both = message(given, REFERENCE, URL, ("zh-Hant", "en")).split("\n")
    assert both == [message(given, REFERENCE, URL, [language]) for language in ("zh-Hant", "en")]


EVERYTHING = [
    *(verdict([found(entity)]) for entity in ENTITIES),
    *(verdict(gaps=[why]) for why in Why),
    verdict(),
    verdict([found(entity) for entity in ENTITIES], list(Why)),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("given", EVERYTHING)
def test_a_message_says_enough_and_no_more(given: Verdict, language: str) -> None:
    said = message(given, REFERENCE, URL, [language])
    assert said.endswith(URL)  # nothing sticks to the link
    assert said.count(REFERENCE) == 2  # by itself, and in the link
    assert len(said) <= 260
    assert "\n" not in said
    assert "{" not in said
    secrets = ("PLACE", "MASKED", "FINGERPRINT", "REASON", "rule-of-it", "c.zip")
    assert not any(secret in said + str(kinds(given, language)) for secret in secrets)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("given", EVERYTHING)
def test_there_is_always_something_to_do(given: Verdict, language: str) -> None:
    todo = advice(given, language)
    assert todo
    assert len(set(todo)) == len(todo)


def test_advice_fits_what_happened() -> None:
    assert advice(Verdict(Action.BLOCK, ("cleartext",), (), ()), "en") == (TEXTS.remedies["cleartext"].en,)
    assert advice(verdict(), "en") == (TEXTS.remedies["timed_out"].en,)
    assert advice(verdict(gaps=[Why.ENCRYPTED]), "en") == (TEXTS.remedies["encrypted"].en,)
    assert advice(verdict([found("CUSTOMER_DATA_TITLE")]), "en") == (TEXTS.remedies["title"].en,)
    page = TEXTS.page
    assert advice(verdict([found("MO_ID_CARD")], [Why.UNSEEN]), "pt") == (page.next_remove.pt, page.next_internal.pt)
