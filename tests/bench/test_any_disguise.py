"""Any valid number, in any disguise, wherever it stands in a text: found, and traced to the characters it came from."""

import re
from collections.abc import Callable
from pathlib import Path
from random import Random

import bench_accounts
import bench_numbers
import pytest
from bench_disguise import DIGITS_ONLY, TECHNIQUES, disguise
from bench_numbers import Number
from hypothesis import given, settings
from hypothesis import strategies as st

from cerco.extract.text import Text
from cerco.runtime.rulebook import load_rulebook
from cerco.scan.detector import Detector
from recognizers.digits import is_day

RULES = Path(__file__).parents[2] / "rules"
# Text that neither touches a number nor says what it is, and makes no table of it.
AROUND = st.text(st.sampled_from("的了在是我們今天好啊。!?\n \u3000「」éãç🙂"), max_size=30)
NUMBERS: dict[str, tuple[Callable[[Random], Number], str]] = {
    "MO_ID_CARD": (bench_numbers.mo_id_card, "澳門居民身份證號碼："),
    "MO_PASSPORT": (bench_numbers.mo_passport, "澳門護照號碼："),
    "MO_SOCIAL_SECURITY": (bench_numbers.mo_social_security, "社會保障基金編號："),
    "MO_TAXPAYER": (bench_numbers.mo_taxpayer, "納稅人編號："),
    "HOME_RETURN_PERMIT": (bench_numbers.home_return_permit, "回鄉證號碼："),
    "CN_RESIDENT_ID": (bench_numbers.cn_resident_id, "居民身份证号码："),
    "HK_ID_CARD": (bench_numbers.hk_id_card, "HKID no.: "),
    "TW_ID": (bench_numbers.tw_id, "台灣身分證字號："),
    "PT_NIF": (bench_numbers.pt_nif, "NIF: "),
    "PT_CITIZEN_CARD": (bench_numbers.pt_citizen_card, "Cartão de cidadão n.º "),
    "BANK_ACCOUNT": (bench_accounts.bank_account, "中國銀行戶口號碼："),
    "CREDIT_CARD": (bench_accounts.credit_card, "信用卡號碼："),
    "IBAN_CODE": (bench_accounts.iban, "IBAN: "),
}
# Where letters of the number's own look like digits, two numbers can be meant; a disguise of the label is none of the
# number. Letters are not put together across lines and marks of many kinds, since words would run together; and two
# numbers of one length on two lines are two.
UNDECIDED = {"letters_for_digits", "look_alikes", "mixed_script"}
TORN = {
    *(("line_break", one) for one in ("IBAN_CODE", "CN_RESIDENT_ID", "CREDIT_CARD")),
    *(("sep_mixed", one) for one in ("IBAN_CODE", "PT_CITIZEN_CARD", "HOME_RETURN_PERMIT")),
}

# A number with dots may be an address of the Internet, or an object identifier of X.500.
SOMETHING_ELSE = re.compile(r"([0-9]{1,3}\.){3}[0-9]{1,3}|(1\.3\.6\.1|2\.16|2\.5)(\.[0-9]+)+")


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector(load_rulebook(RULES).rules, b"k" * 32)


@pytest.mark.parametrize("technique", [one for one in TECHNIQUES if one not in UNDECIDED])
@settings(max_examples=60, derandomize=True)  # what is found once is found in every run
@given(entity=st.sampled_from(sorted(NUMBERS)), seed=st.integers(0, 2**32), before=AROUND, after=AROUND)
def test_any_valid_number_is_found_in_any_disguise(  # noqa: PLR0917 - what Hypothesis draws
    detector: Detector, technique: str, entity: str, seed: int, before: str, after: str
) -> None:
    rng = Random(seed)
    make, label = NUMBERS[entity]
    value = make(rng).value
    if (technique in DIGITS_ONLY and not value.isdigit()) or (technique, entity) in TORN:
        return
    written = disguise(technique, rng, value, label)
    if is_day(value) or SOMETHING_ELSE.fullmatch(written.text):
        return
    lead = f"{before}。{label}"
    start, end = len(lead) + written.start, len(lead) + written.end
    found = [one for one in detector.scan((Text("p", f"{lead}{written.text}。{after}"),)) if one.entity == entity]
    assert any(one.start < end and one.end > start for one in found)
    # What stands before the value in the same code comes with it; nothing else does.
    first, last = (len(lead) + place for place in written.also or (written.start, written.end))
    assert all(first <= one.start < one.end <= last for one in found)
