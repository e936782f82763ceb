from collections.abc import Callable

import pytest

from cerco.scan.finding import Finding

type Scan = Callable[..., tuple[Finding, ...]]


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
