"""Numbers that name a person, a vehicle or a document: drawn at random, with their check digits, and printed.

In:    a seeded `random.Random`.
Out:   `Number`s: entity, kind, the value with nothing but letters and digits, and the ways in which people write it.
Never: a number that was looked up. Mainland cards carry the codes of whole cities, which are not issued to people;
       what is left is random.

The check digits are computed here and nowhere else in the product; the tests compute them again with python-stdnum.
"""

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


def number(entity: str, kind: str, value: str, **printings: str) -> Number:
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
        if not (v[:2] == "19" and "01" <= v[4:6] <= "12" and "01" <= v[6:] <= "31"):  # that would be a date
            break
    return number(
        "MO_ID_CARD", "bir", v,
        card=f"{v[:7]}({v[7]})", card_spaced=f"{v[:4]} {v[4:7]} ({v[7]})", slashed=f"{v[0]}/{v[1:7]}/{v[7]}",
        spaced=f"{v[:4]} {v[4:]}", wide_brackets=f"{v[:7]}（{v[7]}）", dashed=f"{v[:7]}-{v[7]}",
    )  # fmt: skip


def mo_passport(rng: Random) -> Number:
    """Macau passport: MA or MB, then seven digits."""
    v = rng.choice(("MA", "MA", "MB")) + digits(rng, 7)
    return number("MO_PASSPORT", "msar", v, spaced=f"{v[:2]} {v[2:]}", lower=v.lower())


def mo_worker(rng: Random) -> Number:
    """Non-resident worker's card: eight digits for life."""
    v = rng.choice("234") + digits(rng, 7)
    return number("MO_NON_RESIDENT_WORKER_ID", "tnr", v, spaced=grouped(v, (4,)), card=f"{v[:7]}({v[7]})")


def mo_social_security(rng: Random) -> Number:
    """Social Security Fund: 1 for an employer or 2 for a beneficiary, eight digits, one check digit (unpublished)."""
    first = rng.choice("1222")
    v = first + digits(rng, 9)
    kind = "employer" if first == "1" else "beneficiary"
    return number("MO_SOCIAL_SECURITY", kind, v, spaced=grouped(v, (1, 4, 4)), dashed=grouped(v, (9,), "-"))


def mo_taxpayer(rng: Random) -> Number:
    """Macau taxpayer: eight digits, 0 for a person in business, 8 for a company."""
    first = rng.choice("08")
    v = first + digits(rng, 7)
    return number("MO_TAXPAYER", "individual" if first == "0" else "entity", v, spaced=grouped(v, (4,)))


def mo_plate(rng: Random) -> Number:
    """Macau plate: M, MA..MZ or AA and four digits in pairs; mopeds CM and five."""
    kind = rng.choice(("car", "car", "car", "moped"))
    if kind == "moped":
        n = digits(rng, 5)
        return number("MO_VEHICLE_PLATE", kind, f"CM{n}", dashed=f"CM-{n}", spaced=f"CM {n}")
    letters = rng.choice(("M", "AA", *("M" + one for one in UPPER if one not in "IO")))
    n = digits(rng, 4)
    return number(
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
    return number("HOME_RETURN_PERMIT", kind, v, spaced=_after_letters(v), lower=v.lower())


# GB/T 2260 codes of cities as a whole.
CITIES: Final = (
    *("110100", "120100", "310100", "320100", "330100", "350100", "350200", "360100", "370100", "410100"),
    *("420100", "430100", "440100", "440300", "440400", "450100", "460100", "500100", "510100", "610100"),
)
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
    return number("CN_RESIDENT_ID", REGIONS.get(area, "mainland"), v, spaced=grouped(v, (6, 8)), lower=v.lower())


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
    return number(
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
    return number("TW_ID", "arc" if second in "89" else "national", v, lower=v.lower())


def pt_nif(rng: Random) -> Number:
    """Portuguese taxpayer: nine digits, modulo 11."""
    eight = rng.choice("123") + digits(rng, 7)
    rest = 11 - sum(int(one) * weight for one, weight in zip(eight, range(9, 1, -1), strict=True)) % 11
    v = eight + str(rest if rest < 10 else 0)
    return number("PT_NIF", "nif", v, spaced=grouped(v, (3, 3)))


def pt_citizen_card(rng: Random) -> Number:
    """Portuguese citizen card: eight digits, one, two alphanumerics, one: Luhn in which letters are 10..35."""
    for _ in range(1000):
        first = rng.choice("1") + digits(rng, 8) + rng.choice("ZZYX") + rng.choice(UPPER + DIGITS)
        for last in DIGITS:
            if _citizen_ok(first + last):
                v = first + last
                return number("PT_CITIZEN_CARD", "cc", v, card=grouped(v, (8, 1)), dashed=grouped(v, (8, 1), "-"))
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
    return number("PASSPORT", kind, v, spaced=_after_letters(v), lower=v.lower())
