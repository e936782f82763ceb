"""Numbers that reach a person's money or telephone: accounts, cards, IBANs, telephone numbers; and the list of all.

In:    a seeded `random.Random`.
Out:   `Number`s, and `NUMBERS`, which makes one of each entity.
Never: a card of an issuer: cards start with the prefixes that are published for tests.
"""

from collections.abc import Callable
from random import Random
from typing import Final

from bench_numbers import (
    Number,
    cn_resident_id,
    digits,
    grouped,
    hk_id_card,
    home_return_permit,
    mo_id_card,
    mo_passport,
    mo_plate,
    mo_social_security,
    mo_taxpayer,
    mo_worker,
    number,
    passport,
    pt_citizen_card,
    pt_nif,
    tw_id,
)


def bank_account(rng: Random) -> Number:
    """Account numbers by bank. BOC, ICBC and BNU as on public payment instructions; others by context only."""
    kind = rng.choice(
        ("boc", "boc", "boc", "icbc", "icbc", "bnu", "bnu", "tai_fung", "luso", "ocbc", "hsbc_hk", "boc_hk", "hk", "cn")
    )
    match kind:
        case "boc":
            v = "180" + digits(rng, 12)
            ways = {"dashed": grouped(v, (2, 2, 2, 6), "-"), "spaced": grouped(v, (4, 4, 4))}
        case "icbc":
            v = "01" + digits(rng, 17)
            ways = {"spaced": grouped(v, (4, 4, 4, 4)), "dashed": grouped(v, (4, 4), "-")}
        case "bnu":
            v = rng.choice("19") + digits(rng, 9)
            ways = {"dashed": grouped(v, (9,), "-"), "spaced": grouped(v, (4, 3))}
        case "tai_fung" | "luso" | "ocbc":
            v = rng.choice("123456789") + digits(rng, {"tai_fung": 9, "luso": 11, "ocbc": 11}[kind])
            ways = {"dashed": grouped(v, (3, 5), "-"), "spaced": grouped(v, (4, 4))}
        case "hsbc_hk" | "boc_hk" | "hk":
            v = {"hsbc_hk": "004", "boc_hk": "012", "hk": rng.choice(("003", "024", "015"))}[kind] + digits(rng, 12)
            ways = {"dashed": grouped(v, (3, 3, 6), "-"), "spaced": grouped(v, (3, 3, 6))}
        case _:
            v = rng.choice("4567") + digits(rng, 16)
            ways = {"spaced": grouped(v, (4, 4, 4, 4))}
    return number("BANK_ACCOUNT", kind, v, **ways)


# Prefixes that issuers and payment services publish for tests.
CARDS: Final = (("visa", "411111", 16), ("visa", "400000", 16), ("mastercard", "555555", 16),
                ("mastercard", "520082", 16), ("mastercard_2", "222300", 16), ("amex", "378282", 15),
                ("jcb", "356600", 16), ("diners", "305693", 14), ("discover", "601111", 16),
                ("unionpay", "620000", 16), ("unionpay_19", "620000", 19), ("visa_13", "422222", 13))  # fmt: skip


def luhn_digit(front: str) -> str:
    """Return the digit that makes `front` pass Luhn."""
    total = 0
    for place, one in enumerate(reversed(front)):
        value = int(one) * (1 if place % 2 else 2)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def credit_card(rng: Random) -> Number:
    """Payment card of 13 to 19 digits, valid by Luhn."""
    kind, prefix, length = rng.choice(CARDS)
    v = prefix + digits(rng, length - len(prefix) - 1)
    v += luhn_digit(v)
    sizes = (4, 6) if length in {14, 15} else (4, 4, 4, 4)
    return number("CREDIT_CARD", kind, v, spaced=grouped(v, sizes), dashed=grouped(v, sizes, "-"))


def iban(rng: Random) -> Number:
    """International account number, modulo 97; Portugal's has a second check inside."""
    country = rng.choice(("PT", "PT", "DE", "GB", "NL", "IE"))
    match country:
        case "PT":
            body = "0035" + digits(rng, 15)
            body += f"{98 - int(body + '00') % 97:02}"
        case "DE":
            body = "37040044" + digits(rng, 10)
        case "GB":
            body = "NWBK" + digits(rng, 14)
        case "IE":
            body = "AIBK" + digits(rng, 14)
        case _:
            body = "ABNA" + _eleven(rng)
    rest = int("".join(str(int(one, 36)) for one in f"{body}{country}00")) % 97
    v = f"{country}{98 - rest:02}{body}"
    return number("IBAN_CODE", country.lower(), v, spaced=grouped(v, (4,) * 8), dashed=grouped(v, (4,) * 8, "-"))


def _eleven(rng: Random) -> str:
    """Return ten digits that pass the Dutch test of eleven."""
    while True:
        v = digits(rng, 10)
        if sum(int(one) * weight for one, weight in zip(v, range(10, 0, -1), strict=True)) % 11 == 0:
            return v


MACAU_MOBILE: Final = ("621", "628", "630", "635", "638", "652", "655", "661", "663", "665", "668", "681", "685", "688")
PHONES: Final = {  # region -> (country code, kinds: name, prefixes, digits that follow, groups)
    "MO": ("853", (("mobile", MACAU_MOBILE, 5, (4,)), ("fixed", ("283", "285", "287", "882", "839"), 5, (4,)))),
    "HK": (
        "852",
        (("mobile", ("913", "933", "951", "612", "645"), 5, (4,)), ("fixed", ("233", "251", "275"), 5, (4,))),
    ),
    "CN": ("86", (("mobile", ("138", "139", "150", "158", "186", "188"), 8, (3, 4)),)),
    "PT": ("351", (("mobile", ("912", "916", "932", "961", "966"), 6, (3, 3)),)),
    "TW": ("886", (("mobile", ("0912", "0921", "0932", "0963"), 6, (4, 3)),)),
    "PH": ("63", (("mobile", ("0917", "0918", "0927", "0905"), 7, (4, 3)),)),
    "VN": ("84", (("mobile", ("090", "091", "098", "097"), 7, (3, 3)),)),
    "ID": ("62", (("mobile", ("0812", "0813", "0852"), 8, (4, 4)),)),
}


def phone_number(rng: Random) -> Number:
    """Telephone numbers of Macau and of the places its people call; those from elsewhere with their country code."""
    region = rng.choice(("MO", "MO", "MO", "MO", "HK", "HK", "CN", "CN", "PT", "TW", "PH", "VN", "ID"))
    code, kinds = PHONES[region]
    kind, prefixes, more, sizes = rng.choice(kinds)
    v = rng.choice(prefixes) + digits(rng, more)
    trunk = v.removeprefix("0") if region in {"TW", "PH", "VN", "ID"} else v
    split = sizes if trunk == v else (sizes[0] - 1, *sizes[1:])
    abroad = {
        "international": f"+{code} {grouped(trunk, split)}",
        "international_bare": f"+{code}{trunk}",
        "zeros": f"00{code} {trunk}",
    }
    name = f"{region.lower()}_{kind}"
    if region in {"MO", "CN"}:
        home = {"spaced": grouped(v, sizes), "dashed": grouped(v, sizes, "-"), "code": f"({code}) {trunk}"}
        return number("PHONE_NUMBER", name, v, **home, **abroad)
    return Number("PHONE_NUMBER", name, code + trunk, tuple(abroad.items()))


NUMBERS: Final[dict[str, Callable[[Random], Number]]] = {
    "MO_ID_CARD": mo_id_card,
    "MO_PASSPORT": mo_passport,
    "MO_NON_RESIDENT_WORKER_ID": mo_worker,
    "MO_SOCIAL_SECURITY": mo_social_security,
    "MO_TAXPAYER": mo_taxpayer,
    "MO_VEHICLE_PLATE": mo_plate,
    "HOME_RETURN_PERMIT": home_return_permit,
    "CN_RESIDENT_ID": cn_resident_id,
    "HK_ID_CARD": hk_id_card,
    "TW_ID": tw_id,
    "PT_NIF": pt_nif,
    "PT_CITIZEN_CARD": pt_citizen_card,
    "PASSPORT": passport,
    "BANK_ACCOUNT": bank_account,
    "CREDIT_CARD": credit_card,
    "IBAN_CODE": iban,
    "PHONE_NUMBER": phone_number,
}
