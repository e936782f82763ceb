from collections.abc import Callable

import pytest

from cerco.scan.analyzer import Analyzer
from cerco.scan.finding import Finding
from recognizers import ENTITIES

ANALYZER = Analyzer()
type Scan = Callable[..., tuple[Finding, ...]]


def entities(text: str) -> list[str]:
    """Return what is found at a score one acts on, without the models."""
    hits = [hit for hits in ANALYZER.analyze(text, dict.fromkeys(ENTITIES, 0.6)) for hit in hits]
    return [hit.entity for hit in sorted(hits, key=lambda hit: hit.start)]


@pytest.mark.parametrize(
    ("text", "rule", "reason"),
    [
        pytest.param("身份證12345678", "macau-id-card", "context 身份證 -1", id="before"),
        pytest.param("12345678 係我身份證", "macau-id-card", "context 身份證 +10", id="after"),
        pytest.param("訂單已收,身份證12345678", "macau-id-card", "context 身份證 -1", id="nearest wins"),
        pytest.param("請提供。身份證12345678", "macau-id-card", "context 身份證 -1", id="same sentence"),
        pytest.param("ID card no. 12345678", "macau-id-card", "context ID card no -3", id="no sentence's end"),
        pytest.param("身份證號碼:\n(甲) 12345678", "macau-id-card", "column 身份證", id="line below"),
        pytest.param("姓名,證件號碼,電話\n甲,12345678,6", "macau-id-card", "column 證件號碼", id="column"),
        pytest.param("TFBLMOMX\n2012345678", "bank-account", "context bank code", id="BIC"),
        pytest.param("BNU 9012345678", "bank-account", "context BNU -2", id="bank's name"),
        pytest.param("ID / passport: P1234567A", "foreign-passport", "context passport -3", id="either of two"),
        pytest.param("BIR? 12345678", "macau-id-card", "context BIR -3", id="a question and its answer"),
        pytest.param("居民身份證號碼12345678", "macau-id-card", "context 居民身份證號碼 -1", id="what both call it"),
        pytest.param("permit no. C12345678", "border-permit", "context permit no -3", id="a permit of some kind"),
        pytest.param("Doc type: EEP\nDoc no.: C12345678", "border-permit", "context EEP -4", id="the type above"),
        pytest.param("4111111111111111", "payment-card", "checksum luhn", id="checksum"),
    ],
)
def test_says_why(scan: Scan, text: str, rule: str, reason: str) -> None:
    [finding] = scan(text)
    assert finding.rule == rule
    assert reason in finding.reasons


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("身份證已收,訂單 12345678", id="nearer label says otherwise"),
        pytest.param("身份證," + "的" * 41 + "12345678", id="out of reach"),
        pytest.param("12345678\n身份證", id="next line"),
        pytest.param("訂單 12345678 身份證", id="labels come first"),
        pytest.param("請帶身份證。共 12345678", id="next sentence"),
        pytest.param("Bring your ID card. Code 12345678", id="next sentence in English"),
        pytest.param("請帶身份證前來\n以便我們為你辦理手續及登記 12345678", id="far into the next line"),
        pytest.param("身份證 12345678 元", id="an amount"),
        pytest.param("姓名,訂單號,電話\n身份證,12345678,6", id="column says otherwise"),
        pytest.param("BNU 12345678", id="eight digits beside a bank's name"),
        pytest.param("HELLOMOX\n2012345678", id="not a BIC"),
        pytest.param("訂單 4111111111111111", id="order number that passes the check"),
        pytest.param("錯誤代碼 32126210，請聯絡管理員", id="whom to call about it"),
        pytest.param("Client,Folio no\nA,66123456", id="another column's heading"),
        pytest.param("conta SNC 16347074", id="an account of bookkeeping"),
        pytest.param("准考證號 12345678", id="what ends like a document's number"),
    ],
)
def test_leaves_alone(scan: Scan, text: str) -> None:
    assert scan(text) == ()


def test_reach_is_forty_characters(scan: Scan) -> None:
    assert scan("身份證" + "的" * 39 + "12345678")
    assert not scan("身份證" + "的" * 40 + "12345678")


def test_strong_forms_need_no_context_and_mind_none(scan: Scan) -> None:
    [finding] = scan("訂單 1234567(8)")
    assert finding.score == 0.85


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "call 66123456 re MK-74-99, tel 66123457",
            ["PHONE_NUMBER", "MO_VEHICLE_PLATE", "PHONE_NUMBER"],
            id="a label has its own number",
        ),
        pytest.param(
            "- Teresa Couto, TNR 4921 9431, 66123456",
            ["PERSON", "MO_NON_RESIDENT_WORKER_ID", "PHONE_NUMBER"],
            id="a telephone behind somebody's number",
        ),
        pytest.param("Contact: Fernando Lei, 853-66123456", ["PERSON", "PHONE_NUMBER"], id="a surname is no law"),
        pytest.param(
            "證件號碼\n1234567(8)\n聯絡電話\n6612 3456",
            ["MO_ID_CARD", "PHONE_NUMBER"],
            id="one heading below another",
        ),
        pytest.param("Nome,Data de emissão do BIR\nA,12345678", [], id="a day is no number"),
        pytest.param("Nome,Código de contribuinte\nA,81234567", ["MO_TAXPAYER"], id="the label that names it"),
        pytest.param("Nome,Ref. do BIR\nA,12345678", ["MO_ID_CARD"], id="of an ID"),
        pytest.param("Nome,BIR file ref.\nA,12345678", [], id="of a file"),
        pytest.param(
            "Name,Blue Card\nSomchai Prasert,21345678",
            ["PERSON", "MO_NON_RESIDENT_WORKER_ID"],
            id="a name no list knows",
        ),
        pytest.param("Client,Account\nGolden Harvest,9012345678", ["BANK_ACCOUNT"], id="a client may be a company"),
    ],
)
def test_what_each_number_is(text: str, expected: list[str]) -> None:
    assert entities(text) == expected
