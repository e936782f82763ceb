"""What offices write that is nobody's: invoices, dates, amounts, hashes, parcels, codes that fail their check digit.

In:    a seeded `random.Random`, the half and the language.
Out:   the text of one such thing, by its name in the templates.
Never: a value that a person would be right to take for an identifier: candidates that pass a card's, a mainland
       card's, a Hong Kong card's or an IBAN's check digit are drawn again.
"""

import base64
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Final

from bench_accounts import luhn_digit
from bench_numbers import UPPER, cn_check, digits, grouped, hk_check
from bench_people import WORDS

Make = Callable[[Random, str, str], str]


def _day(rng: Random) -> date:
    return date(2016, 1, 1) + timedelta(days=rng.randrange(4200))


def _date(rng: Random, _: str, language: str) -> str:
    d = _day(rng)
    ways = {
        "zh-Hant": (f"{d.year}年{d.month}月{d.day}日", f"{d:%d/%m/%Y}", f"{d:%Y-%m-%d}", f"{d.month}月{d.day}號"),
        "zh-Hans": (f"{d.year}年{d.month}月{d.day}日", f"{d:%Y-%m-%d}", f"{d:%Y/%m/%d}", f"{d.month}月{d.day}号"),
        "pt": (f"{d:%d/%m/%Y}", f"{d:%d-%m-%Y}", f"{d.day} de {MONTHS_PT[d.month - 1]} de {d.year}"),
        "en": (f"{d:%d/%m/%Y}", f"{d.day} {d:%b} {d.year}", f"{d:%B} {d.day}, {d.year}", f"{d:%Y-%m-%d}"),
        "mixed": (f"{d:%d/%m/%Y}", f"{d.day} {d:%b}", f"{d.month}月{d.day}號"),
    }
    return rng.choice(ways[language])


MONTHS_PT: Final = ("Janeiro", "Fevereiro", "Março", "Abril", "Maio", "Junho", "Julho", "Agosto", "Setembro",
                    "Outubro", "Novembro", "Dezembro")  # fmt: skip


def _money(rng: Random, _: str = "", language: str = "en") -> str:
    n = rng.choice((rng.randrange(100, 9999), rng.randrange(10_000, 9_999_999)))
    text = f"{n:,}.{rng.choice(('00', '50', digits(rng, 2)))}"
    return text.replace(",", " ").replace(".", ",").replace(" ", ".") if language == "pt" else text


def _amount(rng: Random, split: str, language: str) -> str:
    m = _money(rng, split, language)
    ways = {
        "zh-Hant": (f"MOP {m}", f"澳門元{m}", f"${m}", f"HK${m}"), "zh-Hans": (f"人民币{m}元", f"¥{m}", f"MOP{m}"),
        "pt": (f"MOP {m}", f"{m} patacas", f"HKD {m}"), "en": (f"MOP {m}", f"HK${m}", f"MOP{m}"),
        "mixed": (f"MOP {m}", f"${m}"),
    }  # fmt: skip
    return rng.choice(ways[language])


def reference(rng: Random, length: int) -> str:
    """Return a serial number of so many digits; of card length it fails Luhn, of 18 the mainland check."""
    while True:
        v = rng.choice("123456789") + digits(rng, length - 1)
        if length >= 12 and luhn_digit(v[:-1]) == v[-1]:
            continue
        if length == 18 and cn_check(v[:17]) == v[17]:
            continue
        return v


def _ref(length: int) -> Make:
    return lambda rng, _, __: reference(rng, length)


def _tracking(rng: Random, _: str, __: str) -> str:
    return rng.choice(
        (f"SF{reference(rng, 13)}", f"YT{reference(rng, 13)}", reference(rng, 12), f"1Z{reference(rng, 10)}")
    )


def _postal(rng: Random, _: str, __: str) -> str:
    eight = digits(rng, 8)  # UPU S10
    total = sum(int(one) * weight for one, weight in zip(eight, (8, 6, 4, 2, 3, 5, 9, 7), strict=True))
    check = 11 - total % 11
    return f"R{rng.choice('ABCR')}{eight}{ {10: 0, 11: 5}.get(check, check) }MO"


def _awb(rng: Random, _: str, __: str) -> str:
    seven = digits(rng, 7)
    return f"{rng.choice(('675', '160', '999'))}-{seven}{int(seven) % 7}"


def _container(rng: Random, _: str, __: str) -> str:
    return f"{rng.choice(('MSKU', 'TCLU', 'OOLU', 'COSU'))}{digits(rng, 7)}"


def ean_digit(twelve: str) -> str:
    """Return the check digit of an EAN-13 or ISBN-13."""
    return str(-sum(int(one) * (3 if place % 2 else 1) for place, one in enumerate(twelve)) % 10)


def _isbn(rng: Random, _: str, __: str) -> str:
    twelve = f"978{rng.choice(('99937', '99965', '986', '962'))}"
    twelve += digits(rng, 12 - len(twelve))
    v = twelve + ean_digit(twelve)
    return rng.choice((v, f"{v[:3]}-{v[3:8]}-{v[8:10]}-{v[10:12]}-{v[12]}"))


def _ean(rng: Random, _: str, __: str) -> str:
    while True:
        twelve = rng.choice(("489", "690", "560", "471")) + digits(rng, 9)
        v = twelve + ean_digit(twelve)
        if luhn_digit(v[:-1]) != v[-1]:
            return v


def _issn(rng: Random, _: str, __: str) -> str:
    seven = digits(rng, 7)
    check = -sum(int(one) * weight for one, weight in zip(seven, range(8, 1, -1), strict=True)) % 11
    return f"{seven[:4]}-{seven[4:]}{'X' if check == 10 else check}"


def _roc(rng: Random, _: str, __: str) -> str:
    d = _day(rng)
    return f"{d.year - 1911}年{d.month}月{d.day}日"


def _law(rng: Random, _: str, __: str) -> str:
    return f"{rng.randint(1, 42)}/{rng.randint(1999, 2025)}"


def _version(rng: Random, _: str, __: str) -> str:
    return ".".join(str(rng.randint(0, 30)) for _ in range(rng.choice((3, 3, 4))))


def _ip(rng: Random, _: str, __: str) -> str:
    return rng.choice(
        (
            f"192.168.{rng.randint(0, 254)}.{rng.randint(1, 254)}",
            f"10.{rng.randint(0, 254)}.{rng.randint(0, 254)}.{rng.randint(1, 254)}",
        )
    )


def _hexdigits(length: int) -> Make:
    return lambda rng, _, __: f"{rng.getrandbits(length * 4):0{length}x}"


def _serial_no(rng: Random, _: str, __: str) -> str:
    letters = "".join(rng.choice("BCDFGHJKLNPQRSTVWXZ") for _ in range(3))
    return rng.choice(
        (
            f"{letters}{digits(rng, 4)}{rng.choice(UPPER)}{digits(rng, 2)}",
            f"CN-{letters}-{digits(rng, 5)}-{digits(rng, 3)}",
            f"{digits(rng, 2)}{letters}{digits(rng, 6)}",
        )
    )


def _model(rng: Random, _: str, __: str) -> str:
    return f"{rng.choice('TXQLZ')}{rng.choice('FGJ')}-{rng.randint(100, 9999)}{rng.choice('ADSX')}"


def _base64(language: str) -> Make:
    words = {
        "zh": ("各位同事早晨", "會議改到下午", "附件請查收", "多謝合作", "倉庫盤點完成", "今日休息"),
        "hans": ("会议改期", "请查收附件", "谢谢配合", "库存已更新"),
        "pt": ("bom dia a todos", "segue em anexo", "obrigado pela ajuda", "reunião adiada"),
        "en": ("hello world", "see attached minutes", "thank you all", "meeting moved to room three"),
    }[language]
    return lambda rng, _, __: base64.b64encode("，".join(rng.sample(words, 3)).encode()).decode()


def _luhn_bad(rng: Random, _: str, __: str) -> str:
    while True:
        v = rng.choice(("4", "51", "54", "62", "35")) + digits(rng, 14)
        v = v[:15] + digits(rng, 1)
        if luhn_digit(v[:-1]) != v[-1]:
            return rng.choice((v, grouped(v, (4, 4, 4, 4)), grouped(v, (4, 4, 4, 4), "-")))


def _hkid_bad(rng: Random, _: str, __: str) -> str:
    letters, six = rng.choice("ABCDEGHKPRVYZ"), digits(rng, 6)
    wrong = rng.choice([one for one in "0123456789" if one != hk_check(letters, six)])
    return f"{letters}{six}({wrong})"


def _iban_bad(rng: Random, _: str, __: str) -> str:
    while True:
        country, body = rng.choice((("GB", "NWBK" + digits(rng, 14)), ("DE", digits(rng, 18))))
        check = digits(rng, 2)
        number = int("".join(str(int(one, 36)) for one in f"{body}{country}{check}"))
        if number % 97 != 1:
            return f"{country}{check}{body}"


def _macau_phone_like(rng: Random, _: str, __: str) -> str:
    return rng.choice(("28", "66", "62", "85", "88", "63")) + digits(rng, 6)


def _redacted_id(rng: Random, _: str, __: str) -> str:
    d = digits(rng, 4)
    return rng.choice(
        (
            f"{d}XXX(X)",
            f"1•••••({d[0]})",
            f"5{d[1:3]}****({d[0]})",
            "1XXXXXX(X)",
            f"{d[:2]}******",
            f"440***********{d[0:3]}X",
        )
    )


def _redacted_card(rng: Random, _: str, __: str) -> str:
    d = digits(rng, 4)
    return rng.choice((f"****{d}", f"**** **** **** {d}", f"4*** **** **** {d}", f"xxxx-xxxx-xxxx-{d}", f"•••• {d}"))


def _sum(rng: Random, _: str, __: str) -> str:
    a, b = rng.randint(100, 99999), rng.randint(100, 9999)
    return rng.choice((f"{a} + {b} = {a + b}", f"{a} × {b} = {a * b}", f"({a} - {b}) / 2 = {(a - b) / 2}"))


def _lottery(rng: Random, _: str, __: str) -> str:
    return rng.choice((" ", ", ", " + ")).join(f"{n:02}" for n in sorted(rng.sample(range(1, 50), 6)))


@cache
def _companies() -> dict[str, tuple[str, ...]]:
    lines = (WORDS / "companies.txt").read_text("utf-8").splitlines()
    pairs = (line.split(": ", 1) for line in lines if line and not line.startswith("#"))
    return {head: tuple(names.split(" | ")) for head, names in pairs}


def _company(rng: Random, split: str, language: str) -> str:
    return rng.choice(_companies()[f"{language} {split}"])


def _stamp(rng: Random, _: str, __: str) -> str:
    return f"{_day(rng):%Y-%m-%d} {_clock(rng)}"


def _clock(rng: Random, _: str = "", __: str = "") -> str:
    return f"{rng.randrange(24):02}:{rng.randrange(60):02}:{rng.randrange(60):02}"


# Those of eight characters or more are never drawn twice, nor in both halves.
OFFICE: Final[dict[str, Make]] = {
    "date": _date, "ymd": lambda rng, _, __: f"{_day(rng):%Y%m%d}", "year": lambda rng, _, __: str(_day(rng).year),
    "roc_date": _roc, "stamp": _stamp, "hms": lambda rng, _, __: _clock(rng).replace(":", ""),
    "time": lambda rng, _, __: _clock(rng)[:5], "month": lambda rng, _, __: f"{rng.randint(1, 12)}月",
    "money": _money, "amount": _amount, "wan": lambda rng, _, __: str(rng.randint(12, 980)),
    "plain8": lambda rng, _, __: f"{rng.choice('1257')}{digits(rng, 4)}000",
    "fee": lambda rng, _, __: str(rng.randrange(100, 900, 10)),
    **{f"ref{length}": _ref(length) for length in (4, 6, 7, 8, 10, 12, 13, 15, 18, 19)},
    "tracking": _tracking, "postal": _postal, "awb": _awb, "container": _container,
    "isbn": _isbn, "issn": _issn, "ean": _ean, "law": _law, "version": _version, "ip": _ip,
    "port": lambda rng, _, __: str(rng.randint(1024, 65000)),
    "mac": lambda rng, _, __: ":".join(f"{rng.randrange(256):02x}" for _ in range(6)),
    "githash": _hexdigits(8), "sha1": _hexdigits(40), "md5": _hexdigits(32), "sha256": _hexdigits(64),
    "uuid": lambda rng, _, __: str(uuid.UUID(int=rng.getrandbits(128), version=4)),
    "meeting": lambda rng, _, __: grouped(reference(rng, rng.choice((9, 10, 11))), (3, 3), rng.choice(" -")),
    "otp": lambda rng, _, __: digits(rng, rng.choice((4, 6))), "otp8": lambda rng, _, __: digits(rng, 8),
    "room": lambda rng, _, __: f"{rng.randint(1, 38)}{rng.randint(1, 40):02}",
    "table_no": lambda rng, _, __: str(rng.randint(1, 49)),
    "flight": lambda rng, _, __: f"{rng.choice(('NX', 'TP', 'CX', 'BR', 'HX'))}{rng.randint(100, 999)}",
    "coords": lambda rng, _, __: f"22.{digits(rng, 6)}, 113.{digits(rng, 6)}",
    "moph": _macau_phone_like, "serial": lambda rng, _, __: digits(rng, 5), "serial_no": _serial_no, "model": _model,
    "b64_zh": _base64("zh"), "b64_hans": _base64("hans"), "b64_pt": _base64("pt"), "b64_en": _base64("en"),
    "colour": lambda rng, _, __: f"#{rng.getrandbits(24):06{rng.choice('xX')}}",
    "luhn_bad": _luhn_bad, "hkid_bad": _hkid_bad, "iban_bad": _iban_bad,
    "redacted_id": _redacted_id, "redacted_card": _redacted_card, "sum": _sum, "lottery": _lottery, "company": _company,
}  # fmt: skip
