"""Presidio recognisers for what must not leave Macau unseen.

In:    text, in any of Macau's languages or a mixture of them.
Out:   Presidio `RecognizerResult`s for the entities of `ENTITIES`.
Never: a network or a model; a timeout inside which a match could be lost: every search is linear.

Each works alone and in Presidio's `AnalyzerEngine`, under the one language "xx", because one message mixes several:

    engine = AnalyzerEngine(registry=registry(), nlp_engine=NoOpNlpEngine([{"lang_code": "xx", "model_name": "none"}]),
                            supported_languages=["xx"], context_aware_enhancer=CharWindowEnhancer())
    engine.analyze("身份證號碼12345678", language="xx")

`NoOpNlpEngine` is Presidio's own; `CharWindowEnhancer` is in `cerco.scan.context`. Without the enhancer a number scores
as if it stood alone: eight bare digits stay at 0.15.
"""

from presidio_analyzer import EntityRecognizer, RecognizerRegistry

from recognizers.bank_account import BankAccountRecognizer
from recognizers.border_permit import BorderPermitRecognizer
from recognizers.cn_resident_id import CnResidentIdRecognizer
from recognizers.customer_data_title import CustomerDataTitleRecognizer
from recognizers.email_address import EmailAddressRecognizer
from recognizers.hk_id_card import HkIdCardRecognizer
from recognizers.iban_code import IbanCodeRecognizer
from recognizers.location import LocationRecognizer
from recognizers.macau_id_card import MacauIdCardRecognizer
from recognizers.macau_passport import MacauPassportRecognizer
from recognizers.macau_social_security import MacauSocialSecurityRecognizer
from recognizers.macau_taxpayer import MacauTaxpayerRecognizer
from recognizers.macau_vehicle_plate import MacauVehiclePlateRecognizer
from recognizers.macau_worker_id import MacauWorkerIdRecognizer
from recognizers.passport import PassportRecognizer
from recognizers.payment_card import PaymentCardRecognizer
from recognizers.person_name import PersonNameRecognizer
from recognizers.phone_number import PhoneNumberRecognizer
from recognizers.pt_citizen_card import PtCitizenCardRecognizer
from recognizers.pt_nif import PtNifRecognizer
from recognizers.sensitive_data import SensitiveDataRecognizer
from recognizers.shape import LANGUAGE, ShapeRecognizer
from recognizers.swift_bic import SwiftBicRecognizer
from recognizers.tw_id import TwIdRecognizer

__all__ = ["ENTITIES", "LANGUAGE", "RECOGNIZERS", "registry"]

# In order of precedence: where two claim the same characters with the same score, the first has them.
RECOGNIZERS: tuple[type[ShapeRecognizer], ...] = (
    MacauIdCardRecognizer,
    MacauPassportRecognizer,
    CnResidentIdRecognizer,
    HkIdCardRecognizer,
    TwIdRecognizer,
    PtCitizenCardRecognizer,
    PtNifRecognizer,
    PassportRecognizer,
    PaymentCardRecognizer,
    IbanCodeRecognizer,
    SwiftBicRecognizer,
    BorderPermitRecognizer,
    MacauSocialSecurityRecognizer,
    MacauWorkerIdRecognizer,
    MacauTaxpayerRecognizer,
    BankAccountRecognizer,
    MacauVehiclePlateRecognizer,
    EmailAddressRecognizer,
    PhoneNumberRecognizer,
    PersonNameRecognizer,
    LocationRecognizer,
    SensitiveDataRecognizer,
    CustomerDataTitleRecognizer,
)

ENTITIES: tuple[str, ...] = tuple(entity for recognizer in RECOGNIZERS for entity in recognizer.ENTITIES)


def registry() -> RecognizerRegistry:
    """Return a Presidio registry with these recognisers and no others."""
    recognizers: list[EntityRecognizer] = [recognizer() for recognizer in RECOGNIZERS]
    return RecognizerRegistry(recognizers, supported_languages=[LANGUAGE])
