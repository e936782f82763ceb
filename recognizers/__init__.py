"""Presidio recognisers for what must not leave Macau unseen.

In:    text, in any of Macau's languages or a mixture of them.
Out:   Presidio `RecognizerResult`s for MO_ID_CARD, BANK_ACCOUNT, CREDIT_CARD and CUSTOMER_DATA_TITLE.
Never: a network or model of any kind; a timeout inside which a match could be lost: every search is linear.

Each works alone and in Presidio's `AnalyzerEngine`, under the one language "xx", because one message mixes several:

    AnalyzerEngine(
        registry=registry(),
        nlp_engine=NoOpNlpEngine(models=[{"lang_code": "xx", "model_name": "none"}]),
        supported_languages=["xx"],
        context_aware_enhancer=CharWindowEnhancer(),   # from cerco.scan.context
    ).analyze("身份證號碼12345678", language="xx")

Without the enhancer a number scores as if it stood alone: eight bare digits stay at 0.15.
"""

from presidio_analyzer import EntityRecognizer, RecognizerRegistry

from recognizers.bank_account import BankAccountRecognizer
from recognizers.customer_data_title import CustomerDataTitleRecognizer
from recognizers.macau_id_card import MacauIdCardRecognizer
from recognizers.payment_card import PaymentCardRecognizer

LANGUAGE = "xx"

# In order of precedence: where two claim the same characters with the same score, the first has them.
RECOGNIZERS: tuple[type[EntityRecognizer], ...] = (
    MacauIdCardRecognizer,
    PaymentCardRecognizer,
    BankAccountRecognizer,
    CustomerDataTitleRecognizer,
)

ENTITIES = ("MO_ID_CARD", "CREDIT_CARD", "BANK_ACCOUNT", "CUSTOMER_DATA_TITLE")


def registry() -> RecognizerRegistry:
    """Return a Presidio registry with these recognisers and no others."""
    recognizers: list[EntityRecognizer] = [
        MacauIdCardRecognizer(),
        PaymentCardRecognizer(),
        BankAccountRecognizer(),
        CustomerDataTitleRecognizer(),
    ]
    return RecognizerRegistry(recognizers, supported_languages=[LANGUAGE])
