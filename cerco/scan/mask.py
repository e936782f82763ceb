"""What people are shown of a value, and what machines compare it by.

In:    a value as it was found, its entity, and the site's key.
Out:   `masked`, `fingerprint`, `bare`.
Never: enough of a value to tell it from its neighbours; a hash without a key, which for eight digits falls in a minute.
"""

import hmac

from recognizers.folding import fold

_DOT = "•"


def masked(entity: str, value: str) -> str:
    """Return the value with all but a few characters dotted out; its separators stay.

    Shown of a card: the last 4 digits, as on receipts; of an account: the first 2; of an ID: the first, and a check
    digit that is printed apart. A phrase is no one's data and is shown whole.
    """
    if entity == "CUSTOMER_DATA_TITLE":
        return value
    characters = [_DOT if char.isalnum() else char for char in value]
    places = [at for at, char in enumerate(value) if char.isalnum()]
    shown = {"CREDIT_CARD": places[-4:], "BANK_ACCOUNT": places[:2]}.get(entity, places[:1])
    if entity == "MO_ID_CARD" and not value[places[-2] + 1 : places[-1]].isspace() and places[-1] - places[-2] > 1:
        shown = [places[0], places[-1]]
    for at in shown:
        characters[at] = value[at]
    return "".join(characters)


def fingerprint(entity: str, value: str, key: bytes) -> str:
    """Return hex of HMAC-SHA-256 over entity and value; the same for every way the value can be printed."""
    return hmac.digest(key, f"{entity}\0{bare(value)}".encode(), "sha256").hex()


def bare(value: str) -> str:
    """Return what is the same of a value in every way it can be printed."""
    return "".join(char for char in fold(value) if char.isalnum())
