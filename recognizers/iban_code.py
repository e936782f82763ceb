"""IBAN_CODE: international bank account numbers.

In:    a text.
Out:   results, scored as if they stood alone.
Never: an IBAN of Macau, Hong Kong or the mainland: there are none.
"""

from collections.abc import Iterator

import regex

from recognizers.digits import AFTER, BEFORE, strictly
from recognizers.labels import NUMBER_KINDS, Kind
from recognizers.shape import Match, Shape, ShapeRecognizer, shapes_by_name

# A country, two check digits by ISO 7064, MOD 97-10, and an account of a length that each country has laid down.
# (ISO 13616; lengths by release 101 of SWIFT's registry, with territories that use their country's.)
_LENGTHS = {
    country: length
    for length, countries in (
        (15, "NO"),
        (16, "BE"),
        (18, "AX DK FI FK FO GL NL SD"),
        (19, "MK SI"),
        (20, "AT BA EE KZ LT LU MN XK"),
        (21, "CH HR LI LV"),
        (22, "BG BH CR DE GB GE GG IE IM JE ME RS VA"),
        (23, "AE GI IL IQ OM SO TL"),
        (24, "AD CZ ES MD PK RO SA SE SK TN VG"),
        (25, "LY PT ST"),
        (26, "IS TR"),
        (27, "BI DJ FR GR IT MC MR SM BL GF GP MF MQ NC PF PM RE TF WF YT"),
        (28, "AL AZ BY CY DO GT HN HU LB NI PL SV"),
        (29, "BR EG PS QA UA"),
        (30, "JO KW MU YE"),
        (31, "MT SC"),
        (32, "LC"),
        (33, "RU"),
    )
    for country in countries.split()
}

_SHAPES = (
    Shape("whole", alone=0.95, labelled=1.0, hinted=0.95, contested=0.9, checksum="MOD 97-10"),
    Shape("grouped", alone=0.95, labelled=1.0, hinted=0.95, contested=0.9, checksum="MOD 97-10"),
    Shape("spaced", alone=0.6, labelled=0.95, hinted=0.85, contested=0.4, checksum="MOD 97-10"),
    Shape("check-fails", alone=0.1, labelled=0.65, hinted=0.3, contested=0.02),
)
_BY_NAME = shapes_by_name(_SHAPES)

_START = regex.compile(rf"{BEFORE}(?=(?P<country>[A-Za-z]{{2}})[ -]?[0-9] ?[0-9])")
# One separator, of one kind, between any two characters.
_REST = {
    length: regex.compile(
        rf"[A-Za-z]{{2}}[ -]?[0-9] ?[0-9](?P<gap>[ .-]?)[0-9A-Za-z](?:(?P=gap)?[0-9A-Za-z]){{{length - 5}}}{AFTER}"
    )
    for length in set(_LENGTHS.values())
}
_CANDIDATE = regex.compile("[A-Za-z]{2}[ -]?[0-9] ?[0-9]")


class IbanCodeRecognizer(ShapeRecognizer):
    """Finds IBANs, whole or in groups, in capitals or small letters, and checks them.

    Not named for Presidio's own recogniser, which it would replace unseen.
    """

    ENTITIES = ("IBAN_CODE",)
    SHAPES = _SHAPES
    NAMED_BY = frozenset({Kind.IBAN})
    HINTED_BY = frozenset({Kind.ACCOUNT, Kind.BANKING, Kind.BIC})
    CONTESTED_BY = NUMBER_KINDS - {Kind.CURRENCY}
    TRIGGERS = (r"[A-Za-z]{2}[ \-]?[0-9] ?[0-9][ .\-]?[0-9A-Za-z]",)

    def find(self, text: str) -> Iterator[Match]:
        """Yield every code of a country's length."""
        end = 0
        for match in strictly(_START, _CANDIDATE, text):
            length = _LENGTHS.get(match["country"].upper(), 0)
            if not length or match.start() < end:
                continue
            printed = _REST[length].match(text, match.start())
            if printed and (shape := _shape(printed[0])):
                end = printed.end()
                yield Match(_BY_NAME[shape], match.start(), end)


def _shape(printed: str) -> str:
    """Name the shape of a code by its check and its groups; "" for a country, a number and words."""
    groups = regex.split("[ .-]", printed)
    code = "".join(groups).upper()
    if passes_check(code):
        if len(groups) == 1:
            return "whole"
        return "grouped" if {len(group) for group in groups[:-1]} == {4} and len(groups[-1]) <= 4 else "spaced"
    return "check-fails" if sum(char.isdigit() for char in code) * 2 > len(code) else ""


def passes_check(code: str) -> bool:
    """Tell whether an IBAN in capitals, without separators, is 1 modulo 97: letters count 10 to 35, the head last."""
    return int("".join(str(int(char, 36)) for char in code[4:] + code[:4])) % 97 == 1
