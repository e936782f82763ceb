"""SWIFT_BIC: business identifier codes of banks.

In:    a text.
Out:   results, scored as if they stood alone.
Never: a word in capitals: HELLOMOX, FACEBOOK, BUSINESS and BENEFICIARY have a BIC's make, and even a country in them.
"""

from collections import defaultdict
from collections.abc import Iterator

import regex

from recognizers.countries import COUNTRIES
from recognizers.labels import NUMBER_KINDS, Kind
from recognizers.shape import Match, Shape, ShapeRecognizer, shapes_by_name

# ISO 9362: four letters of the institution, two of the country, two of the place, which is neither 0 nor 1 first nor O
# second, and three more of a branch. (No code among 10 000 of the bank registries that schwifty collects breaks this.)
_SHAPES = (
    Shape("bank-of-macau", alone=0.9, labelled=1.0, hinted=0.95, contested=0.8),
    Shape("macau", alone=0.7, labelled=0.95, hinted=0.9, contested=0.4),
    Shape("usual-place", alone=0.3, labelled=0.95, hinted=0.8, contested=0.1),
    Shape("unusual-place", alone=0.02, labelled=0.5, hinted=0.1, contested=0.0),
    Shape("lower-case", alone=0.05, labelled=0.8, hinted=0.3, contested=0.01),
)
_BY_NAME = shapes_by_name(_SHAPES)


def _codes(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Banks in Macau, by lists of the last ten years: AMCM, BNU, Bank of China, ICBC, Tai Fung, Luso, BCM, OCBC, HSBC,
# Delta Asia, CCB, CGB, BCP, BEA, BoCom, CITIC, CMB Wing Lung, Chong Hing, Hang Seng, DBS, Standard Chartered, Hua Nan,
# First Commercial, SinoPac, MDB, Well Link, Postal Savings.
_MACAU_BANKS = _codes("""
    MFAM BNUL BKCH ICBK TFBL LUSO CMAC WIHB HSBC DABG CCBQ GDBK BCOM BEAS COMM KWHK WUBA LCHB HASE DBSS SCBL HNBK
    FCBK SINO MCHN BESC CIEP
""")
# Country and place of the financial centres that people in Macau send money to. Elsewhere a digit in the place, or XXX
# for the branch, tells a code from a word.
_PLACES = _codes("""
    HKHH HKHX CNBJ CNBS CNSH CNSX CNSZ CNGZ CNNS CNNB PTPL PTPX PTPP TWTP TWTX SGSG SGSX PHMM PHMX IDJA IDJX MYKL
    MYKX MYKA THBK THBX VNVX VNHX MMMY NPKA KRSE KRSX JPJT JPJX INBB INDE GBLX CATT CAMM CAVV NZNZ BRSP BRRJ AOLU
    MZMA CVCV TLTL DEFF DEDB DEMM DEHH DEDD DESS DEBB FRPP ESMM ESBB ITMM ITRR CHZH CHZZ CHGG CHBB NLNA LULL ATWW
    BEBB IEIE DKKK SESS NOKK FIHH PLPW CZPP HUHB GRAA ROBU TRIS AEAD AEAA SARI SAJE QAQA ILIT RUMM ZAJJ USNY
""")


def _trigger() -> str:
    by_first = defaultdict(list)
    for country in sorted(COUNTRIES):
        by_first[country[0]].append(country[1])
    countries = "|".join(f"{first}[{''.join(seconds)}]" for first, seconds in by_first.items())
    return rf"[A-Z]{{4}}(?:{countries})[A-Z2-9][A-NP-Z0-9]"


_PATTERN = regex.compile(
    r"(?<![0-9A-Za-z])(?:[A-Z]{4}(?P<country>[A-Z]{2})(?P<place>[A-Z2-9][A-NP-Z0-9])(?P<branch>[0-9A-Z]{3})?"
    r"|(?P<lower>[a-z]{4}mom[x1](?:[0-9a-z]{3})?))(?![0-9A-Za-z])"
)


class SwiftBicRecognizer(ShapeRecognizer):
    """Finds BICs: of Macau's banks anywhere, of others beside a word for them or a bank's name."""

    ENTITIES = ("SWIFT_BIC",)
    SHAPES = _SHAPES
    NAMED_BY = frozenset({Kind.BIC})
    HINTED_BY = frozenset({Kind.BANKING, Kind.IBAN, Kind.ACCOUNT})
    CONTESTED_BY = NUMBER_KINDS - {Kind.CURRENCY, Kind.AMOUNT, Kind.DATE}  # which stand in every order to pay
    TRIGGERS = (_trigger(), r"[a-z]{4}mom[x1]")

    def find(self, text: str) -> Iterator[Match]:
        """Yield every code with a country in its place."""
        for match in _PATTERN.finditer(text):
            if match["lower"] or match["country"] in COUNTRIES:
                yield Match(_BY_NAME[_shape(match)], match.start(), match.end())


def _shape(match: regex.Match[str]) -> str:
    if match["lower"]:
        return "lower-case"
    country, place = match["country"], match["place"]
    if country == "MO" and place in {"MX", "M1"}:  # which every bank in Macau has
        return "bank-of-macau" if match[0][:4] in _MACAU_BANKS else "macau"
    usual = country + place in _PLACES or not place.isalpha() or match["branch"] == "XXX"
    return "usual-place" if usual else "unusual-place"
