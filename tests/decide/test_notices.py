"""People are told what kind of data it was and what to do next, in their language, and never the value."""

from collections.abc import Sequence
from typing import get_args

import pytest

from cerco.decide.notices import TEXTS, advice, asks, kind, kinds, message, negotiate, telling
from cerco.decide.verdict import Action, Verdict
from cerco.decide.wording import LANGUAGES, Language
from cerco.extract.text import Unreadable, Why
from cerco.scan.finding import Finding
from cerco.scan.rule import Language as RuleLanguage

REFERENCE = "C-7K3M-9QXT"
URL = "http://notice.cerco.internal/C-7K3M-9QXT"
ENTITIES = ("MO_ID_CARD", "BANK_ACCOUNT", "CREDIT_CARD", "CUSTOMER_DATA_TITLE")


def found(entity: str, severity: str = "high") -> Finding:
    return Finding("rule-of-it", entity, severity, 0.9, "PLACE > B2", 3, 11, "1MASKED•(8)", "FINGERPRINT", ("REASON",))


def verdict(findings: Sequence[Finding] = (), gaps: Sequence[Why] = (), action: Action = Action.BLOCK) -> Verdict:
    return Verdict(action, ("id",), tuple(findings), tuple(Unreadable("PLACE > c.zip", why) for why in gaps))


# ---- The texts ----


def test_every_gap_has_words_and_a_remedy() -> None:
    assert set(TEXTS.gaps) == set(Why)
    assert set(TEXTS.remedies) == {"found", "title", *Why, *TEXTS.ways}
    assert set(TEXTS.kinds) == set(ENTITIES)


def test_rules_and_notices_speak_the_same_languages() -> None:
    assert set(get_args(RuleLanguage)) == set(LANGUAGES)


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


def test_what_a_sites_own_rule_finds_is_called_as_the_rule_calls_it() -> None:
    titles: dict[str, dict[Language, str]] = {
        "rule-of-it": {"en": "name of a secret project", "pt": "nome de projecto"}
    }
    assert kind(found("SITE_PROJECT_NAME"), "en", titles) == "name of a secret project"
    assert kind(found("SITE_PROJECT_NAME"), "pt", titles) == "nome de projecto"
    assert kind(found("SITE_PROJECT_NAME"), "zh-Hant", titles) == TEXTS.other_kind.zh_hant
    assert kind(found("MO_ID_CARD"), "en", titles) == "Macau resident ID number"
    assert "name of a secret project" in message(verdict([found("SITE")]), REFERENCE, URL, ["en"], titles)


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
        pytest.param(
            verdict([found("BANK_ACCOUNT")], action=Action.JUSTIFY),
            "en",
            "Not sent yet: a reason is needed. Found: bank account number. "
            f"Ref. {REFERENCE}. Give the reason here, then send again: {URL}",
            id="a reason is asked for",
        ),
        pytest.param(
            verdict([found("BANK_ACCOUNT")], action=Action.JUSTIFY),
            "zh-Hant",
            f"暫未送出，須先說明理由：發現銀行帳戶號碼。編號 {REFERENCE}。請在此說明理由，然後再傳送一次：{URL}",
            id="a reason is asked for, in Chinese",
        ),
        pytest.param(
            verdict(gaps=[Why.ENCRYPTED], action=Action.JUSTIFY),
            "pt",
            "Ainda não enviado: é preciso indicar o motivo (ficheiro com palavra-passe que não pôde ser lido). "
            f"Ref. {REFERENCE}. Indique aqui o motivo e envie de novo: {URL}",
            id="a reason is asked for what could not be read",
        ),
    ],
)
def test_what_dingtalk_shows(given: Verdict, language: str, said: str) -> None:
    assert message(given, REFERENCE, URL, [language]) == said


def test_one_paragraph_for_each_language_in_the_order_asked() -> None:
    given = verdict([found("MO_ID_CARD")])
    both = message(given, REFERENCE, URL, ("zh-Hant", "en")).split("\n")
    assert both == [message(given, REFERENCE, URL, [language]) for language in ("zh-Hant", "en")]


def test_only_what_is_carried_out_asks() -> None:
    asked = verdict([found("BANK_ACCOUNT")], action=Action.JUSTIFY)
    assert asks(asked)
    assert not asks(verdict([found("BANK_ACCOUNT")]))
    tried = Verdict(Action.JUSTIFY, ("id",), asked.findings, (), observed=True)
    assert not asks(tried)


EVERYTHING = [
    *(verdict([found(entity)], action=Action.JUSTIFY) for entity in ENTITIES),
    *(verdict(gaps=[why], action=Action.JUSTIFY) for why in Why),
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
    both = (TEXTS.advice.remove.pt, TEXTS.advice.internal.pt)
    assert advice(verdict([found("MO_ID_CARD")], [Why.UNSEEN]), "pt") == both
