"""Numbers that name a person, a vehicle, an account or a document: drawn at random, with their check digits, and printed.

In:    a seeded `random.Random`.
Out:   `Number`s: entity, kind, the value with nothing but letters and digits, and the ways in which people write it.
Never: a number that was looked up. Cards start with issuers' test prefixes; mainland cards carry the codes of whole
       cities, which are not issued to people; e-mail is at the example domains of RFC 2606. What is left is random.

The check digits are computed here and nowhere else in the product; the tests compute them again with python-stdnum.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

DIGITS: Final = "0123456789"
UPPER: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
FULL_WIDTH: Final = {ord(one): ord(one) + 0xFEE0 for one in DIGITS + UPPER + UPPER.lower() + "()-/."}


@dataclass(frozen=True, slots=True)
class Number:
    """One made-up value; `printings` are pairs of a name and what is written, the plainest first."""

    entity: str
    kind: str
    value: str
    printings: tuple[tuple[str, str], ...]


def digits(rng: Random, count: int) -> str:
    """Return random digits."""
    return "".join(rng.choice(DIGITS) for _ in range(count))


def _number(entity: str, kind: str, value: str, **printings: str) -> Number:
    ways = {"bare": value, **printings, "full_width": printings.get("card", value).translate(FULL_WIDTH)}
    return Number(entity, kind, value, tuple(ways.items()))


def grouped(value: str, sizes: tuple[int, ...], mark: str = " ") -> str:
    """Return the value cut into groups; what is left over is a last group."""
    groups, at = [], 0
    for size in sizes:
        groups.append(value[at : at + size])
        at += size
    return mark.join(group for group in (*groups, value[at:]) if group)


def _after_letters(value: str) -> str:
    """Return the value with a space after the letters it begins with."""
    rest = value.lstrip(UPPER)
    return f"{value.removesuffix(rest)} {rest}"


def birthday(rng: Random) -> date:
    """Return a day between 1945 and 2006."""
    return date(1945, 1, 1) + timedelta(days=rng.randrange(62 * 365))


def mo_id_card(rng: Random) -> Number:
    """Macau resident identity card: eight digits, the first 1, 5 or 7. No check digit is public: the last is random."""
    while True:
        v = rng.choice("1157") + digits(rng, 7)
        if not ("19" == v[:2] and "01" <= v[4:6] <= "12" and "01" <= v[6:] <= "31"):  # that would be a date
            break
    return _number(
        "MO_ID_CARD", "bir", v,
        card=f"{v[:7]}({v[7]})", card_spaced=f"{v[:4]} {v[4:7]} ({v[7]})", slashed=f"{v[0]}/{v[1:7]}/{v[7]}",
        spaced=f"{v[:4]} {v[4:]}", wide_brackets=f"{v[:7]}（{v[7]}）", dashed=f"{v[:7]}-{v[7]}",
    )  # fmt: skip


def mo_passport(rng: Random) -> Number:
    """Macau passport: MA or MB, then seven digits."""
    v = rng.choice(("MA", "MA", "MB")) + digits(rng, 7)
    return _number("MO_PASSPORT", "msar", v, spaced=f"{v[:2]} {v[2:]}", lower=v.lower())


def mo_worker(rng: Random) -> Number:
    """Non-resident worker's card: eight digits for life."""
    v = rng.choice("234") + digits(rng, 7)
    return _number("MO_NON_RESIDENT_WORKER_ID", "tnr", v, spaced=grouped(v, (4,)), card=f"{v[:7]}({v[7]})")


def mo_social_security(rng: Random) -> Number:
    """Social Security Fund: 1 for an employer or 2 for a beneficiary, eight digits, one check digit (unpublished)."""
    first = rng.choice("1222")
    v = first + digits(rng, 9)
    kind = "employer" if first == "1" else "beneficiary"
    return _number("MO_SOCIAL_SECURITY", kind, v, spaced=grouped(v, (1, 4, 4)), dashed=grouped(v, (9,), "-"))


def mo_taxpayer(rng: Random) -> Number:
    """Macau taxpayer: eight digits, 0 for a person in business, 8 for a company."""
    first = rng.choice("08")
    v = first + digits(rng, 7)
    return _number("MO_TAXPAYER", "individual" if first == "0" else "entity", v, spaced=grouped(v, (4,)))


def mo_plate(rng: Random) -> Number:
    """Macau plate: M, MA..MZ or AA and four digits in pairs; mopeds CM and five."""
    kind = rng.choice(("car", "car", "car", "moped"))
    if kind == "moped":
        n = digits(rng, 5)
        return _number("MO_VEHICLE_PLATE", kind, f"CM{n}", dashed=f"CM-{n}", spaced=f"CM {n}")
    letters = rng.choice(("M", "AA", *("M" + one for one in UPPER if one not in "IO")))
    n = digits(rng, 4)
    return _number(
        "MO_VEHICLE_PLATE", kind, letters + n,
        dashed=f"{letters}-{n[:2]}-{n[2:]}", spaced=f"{letters} {n[:2]} {n[2:]}", short=f"{letters}-{n}",
    )  # fmt: skip


def home_return_permit(rng: Random) -> Number:
    """Home return permit (M or H and eight digits, perhaps two of renewal) or the mainlanders' exit-entry permit."""
    kind = rng.choice(("hrp_macau", "hrp_macau", "hrp_hong_kong", "eep", "eep_letter"))
    match kind:
        case "eep":
            v = "C" + digits(rng, 8)
        case "eep_letter":
            v = "C" + rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ") + digits(rng, 7)
        case _:
            v = ("M" if kind == "hrp_macau" else "H") + digits(rng, 8) + rng.choice(("", f"0{rng.randint(0, 5)}"))
    return _number("HOME_RETURN_PERMIT", kind, v, spaced=_after_letters(v), lower=v.lower())


# GB/T 2260 codes of cities as a whole.
CITIES: Final = ("110100", "120100", "310100", "320100", "330100", "350100", "350200", "360100", "370100", "410100",
                 "420100", "430100", "440100", "440300", "440400", "450100", "460100", "500100", "510100", "610100")  # fmt: skip
REGIONS: Final = {"810000": "residence_hong_kong", "820000": "residence_macau", "830000": "residence_taiwan"}


def cn_check(first17: str) -> str:
    """Return the check character of GB 11643-1999."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(d) * w for d, w in zip(first17, weights, strict=True)) % 11]


def cn_resident_id(rng: Random) -> Number:
    """Mainland identity card, or the residence permit of Hong Kong, Macau and Taiwan people."""
    area = rng.choice((*CITIES, *list(REGIONS) * 3))
    v = f"{area}{birthday(rng):%Y%m%d}{digits(rng, 3)}"
    v += cn_check(v)
    return _number("CN_RESIDENT_ID", REGIONS.get(area, "mainland"), v, spaced=grouped(v, (6, 8)), lower=v.lower())


def hk_check(letters: str, six: str) -> str:
    """Return the check character of a Hong Kong identity card: letters are 10..35, no first letter 36, modulo 11."""
    values = [36] * (2 - len(letters)) + [ord(one) - 55 for one in letters] + [int(one) for one in six]
    rest = -sum(value * weight for value, weight in zip(values, range(9, 1, -1), strict=True)) % 11
    return "0123456789A"[rest]


def hk_id_card(rng: Random) -> Number:
    """Hong Kong identity card: one or two letters, six digits, a check character in brackets."""
    letters = rng.choice((*"ABCDEFGHKPRSVWYZ", "XA", "XB", "XC", "XD", "XE", "XG", "XH", "WX"))
    six = digits(rng, 6)
    c = hk_check(letters, six)
    v = letters + six + c
    return _number(
        "HK_ID_CARD", "hkid", v,
        card=f"{letters}{six}({c})", spaced=f"{letters} {six} ({c})", wide_brackets=f"{letters}{six}（{c}）",
        lower=f"{letters.lower()}{six}({c})",
    )  # fmt: skip


TW_LETTERS: Final = dict(zip("ABCDEFGHJKLMNPQRSTUVXYWZIO", range(10, 36), strict=True))


def tw_id(rng: Random) -> Number:
    """Taiwan identity card (1, 2) or residence certificate (8, 9): a letter and nine digits, weighted sum mod 10."""
    letter, second = rng.choice(UPPER), rng.choice("112289")
    seven = digits(rng, 7)
    tens, ones = divmod(TW_LETTERS[letter], 10)
    body = [tens, ones, *map(int, second + seven)]
    total = sum(value * weight for value, weight in zip(body, (1, 9, 8, 7, 6, 5, 4, 3, 2, 1), strict=True))
    v = f"{letter}{second}{seven}{-total % 10}"
    return _number("TW_ID", "arc" if second in "89" else "national", v, lower=v.lower())


def pt_nif(rng: Random) -> Number:
    """Portuguese taxpayer: nine digits, modulo 11."""
    eight = rng.choice("123") + digits(rng, 7)
    rest = 11 - sum(int(one) * weight for one, weight in zip(eight, range(9, 1, -1), strict=True)) % 11
    v = eight + str(rest if rest < 10 else 0)
    return _number("PT_NIF", "nif", v, spaced=grouped(v, (3, 3)))


def pt_citizen_card(rng: Random) -> Number:
    """Portuguese citizen card: eight digits, one, two alphanumerics, one: Luhn in which letters are 10..35."""
    for _ in range(1000):
        first = rng.choice("1") + digits(rng, 8) + rng.choice("ZZYX") + rng.choice(UPPER + DIGITS)
        for last in DIGITS:
            if _citizen_ok(first + last):
                v = first + last
                return _number("PT_CITIZEN_CARD", "cc", v, card=grouped(v, (8, 1)), dashed=grouped(v, (8, 1), "-"))
    raise AssertionError("no citizen card in a thousand")


def _citizen_ok(v: str) -> bool:
    total = 0
    for place, one in enumerate(reversed(v)):
        value = int(one, 36)
        if place % 2:
            value *= 2
            value -= 9 if value > 9 else 0
        total += value
    return total % 10 == 0


def passport(rng: Random) -> Number:
    """Return a passport of the communities that work in Macau: known by its context only."""
    kind = rng.choice(("ph", "ph", "id", "vn", "cn", "pt", "mm", "hk"))
    v = {
        "ph": lambda: "P" + digits(rng, 7) + rng.choice("ABC"),
        "id": lambda: rng.choice("BCX") + digits(rng, 7),
        "vn": lambda: rng.choice("BCN") + digits(rng, 7),
        "cn": lambda: rng.choice((f"E{digits(rng, 8)}", f"E{rng.choice('ABCDEFGHJK')}{digits(rng, 7)}")),
        "pt": lambda: rng.choice("CLP") + rng.choice("ABCDEFG") + digits(rng, 6),
        "mm": lambda: "M" + rng.choice("DEFGH") + digits(rng, 6),
        "hk": lambda: rng.choice("HK") + digits(rng, 8),
    }[kind]()
    return _number("PASSPORT", kind, v, spaced=_after_letters(v), lower=v.lower())


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
    return _number("BANK_ACCOUNT", kind, v, **ways)


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
    return _number("CREDIT_CARD", kind, v, spaced=grouped(v, sizes), dashed=grouped(v, sizes, "-"))


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
    number = int("".join(str(int(one, 36)) for one in f"{body}{country}00"))
    v = f"{country}{98 - number % 97:02}{body}"
    return _number("IBAN_CODE", country.lower(), v, spaced=grouped(v, (4,) * 8), dashed=grouped(v, (4,) * 8, "-"))


def _eleven(rng: Random) -> str:
    """Return ten digits that pass the Dutch test of eleven."""
    while True:
        v = digits(rng, 10)
        if sum(int(one) * weight for one, weight in zip(v, range(10, 0, -1), strict=True)) % 11 == 0:
            return v


PHONES: Final = {  # region -> (country code, kinds: name, prefixes, digits that follow, groups)
    "MO": ("853", (("mobile", ("66", "62", "63", "65", "68"), 6, (4,)), ("fixed", ("283", "285", "287"), 5, (4,)))),
    "HK": ("852", (("mobile", ("91", "93", "95", "61", "64"), 6, (4,)), ("fixed", ("23", "25", "27"), 6, (4,)))),
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
        return _number("PHONE_NUMBER", name, v, **home, **abroad)
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
