"""English sentences with personal data in them, as presidio-research's data set has: Cerco beside stock Presidio.

Run: .venv/bin/python benchmarks/english_sentences.py [sentences]      needs: pip install --group bench

The sentences are made here, from templates and word lists of our own, in the manner of that data set: mail, chat,
support requests, small stories, of people from all over the world rather than from Macau. What both engines have an
entity for is labelled; cities and countries are right either way, since for Cerco a place is personal with its house
number only. A quarter of the sentences hold nothing but dates, prices, organisations and order numbers. Findings are
judged as `cerco bench` judges them, but that of an address the town alone is enough, which is what stock Presidio finds
of it. The target: no worse recall than stock Presidio, with fewer false positives.
"""

import sys
from collections.abc import Callable, Iterator
from random import Random
from typing import Final

from cerco.bench.engines import Engine, cerco_engine, presidio_engine
from cerco.bench.report import Column
from cerco.bench.rows import Found, Label, Row
from cerco.bench.score import score
from cerco.runtime.settings import packaged_rules

SHARED: Final = ("PERSON", "LOCATION", "CREDIT_CARD", "EMAIL_ADDRESS", "PHONE_NUMBER", "IBAN_CODE")

FIRST: Final = (
    "Amelia", "Babatunde", "Chiara", "Dmitri", "Esperanza", "Farid", "Gunnar", "Harpreet", "Ingrid", "Jerome", "Keiko",
    "Liam", "Mireille", "Nadia", "Omar", "Petra", "Quentin", "Rosalind", "Sanjay", "Tamara", "Ulrich", "Valentina",
    "Wesley", "Ximena", "Yusuf", "Zoe", "Bridget", "Curtis", "Deepa", "Elliot",
)  # fmt: skip
LAST: Final = (
    "Abernathy", "Bianchi", "Castellano", "Dubois", "Eriksson", "Fitzgerald", "Gonzalez", "Hashimoto", "Ivanov",
    "Jankowski", "Kaplan", "Lindberg", "Mbeki", "Novak", "O'Connell", "Petrov", "Quinn", "Rasmussen", "Sharma",
    "Thornton", "Usman", "Vargas", "Whitfield", "Yamamoto", "Zimmermann", "Ashworth", "Brennan", "Cavendish",
)  # fmt: skip
CITIES: Final = ("Leeds", "Boston", "Lyon", "Nairobi", "Osaka", "Toronto", "Seville", "Denver", "Oslo", "Perth")
LANDS: Final = ("France", "Kenya", "Japan", "Canada", "Norway", "Brazil", "Ireland", "Poland")
STREETS: Final = ("Maple Avenue", "Station Road", "King Street", "Elm Drive", "Harbour Lane", "Mill Road", "Park Place")
FIRMS: Final = ("Northwind Traders", "Blue Heron Bank", "Acorn Logistics", "Silverline Airways", "Copper Kettle Café")
DAYS: Final = ("next Tuesday", "on 14 March", "in early June", "on 2024-09-30", "last night", "at half past ten")

WITH: Final = (
    "Hi, this is {person}. Could someone call me back on {phone} about the delivery?",
    "{person} asked that the refund goes to {iban} rather than to the old account.",
    "My name is {person} and I live at {address}.",
    "Please charge the hotel to my card, {card}, and mail the receipt to {email}.",
    "We met {person} and {person} at the trade fair in {city} {day}.",
    "The parcel for {person}, {address}, came back undelivered.",
    "For questions write to {email} or ring {phone} during office hours.",
    "{person} moved from {city} to {land} {day} and kept her old number, {phone}.",
    "Is {card} still the card on file for {person}?",
    "I transferred the deposit to {iban} {day}; please confirm to {email}.",
    "Dear {person}, your appointment with Dr. {person} is {day}.",
    "The tenant at {address} has not paid since {day}.",
    "{person} ({email}) will chair the meeting, {person} takes the minutes.",
    "Card number {card} was declined twice at {firm}.",
    "You can reach my assistant {person} at {phone}.",
    "Send it to {person}, {address}. Thanks!",
    "Yesterday {person} told the police that his wallet had been stolen in {city}.",
    "her new address is {address} and her mail is {email}",
    "Attn: {person}\nTel: {phone}\nE-mail: {email}",
    "{person} has been with {firm} for eleven years.",
    "We could not verify the account {iban} that belongs to {person}.",
    "When did {person} last use the card ending in the statement, {card}?",
    "The lawyers of {person} replied from {city} {day}.",
    "Contact {person} before {day}; his mobile is {phone}.",
    "Sincerely,\n{person}\n{firm}",
)
WITHOUT: Final = (
    "The meeting with {firm} is moved to {day}.",
    "Order {number} for $249.99 will ship {day}.",
    "Flights to {city} are cheaper {day} than at the weekend.",
    "Our office in {land} is closed for the holidays until 2 January.",
    "Invoice {number}, total 1,380.00, is due within 30 days.",
    "Version 4.12.0 fixes the crash that {firm} reported {day}.",
    "The temperature in {city} reached 31 degrees {day}.",
    "Ticket {number} has been closed; the printer at 192.168.4.17 is back.",
    "About 60 percent of the visitors came from {land}.",
    "Please use reference {number} for the payment of 75 euros.",
)


def luhn(front: str) -> str:
    """Return the digits with the check digit that Luhn's formula asks for."""
    doubled = [int(one) * (1 if place % 2 else 2) for place, one in enumerate(reversed(front))]
    return f"{front}{-sum(one - 9 if one > 9 else one for one in doubled) % 10}"


def digits(rng: Random, count: int) -> str:
    """Return random digits."""
    return "".join(rng.choice("0123456789") for _ in range(count))


def card(rng: Random) -> str:
    """Return a card number with an issuer's test prefix."""
    number = luhn(rng.choice(("411111", "555555", "601111")) + digits(rng, 9))
    mark = rng.choice(("", " ", "-"))
    return mark.join(number[at : at + 4] for at in range(0, 16, 4))


def iban(rng: Random) -> str:
    """Return an account number that passes modulo 97."""
    land, body = rng.choice((("GB", "NWBK" + digits(rng, 14)), ("DE", "37040044" + digits(rng, 10))))
    check = 98 - int("".join(str(int(one, 36)) for one in f"{body}{land}00")) % 97
    return f"{land}{check:02}{body}"


def phone(rng: Random) -> str:
    """Return a number of the United States, the United Kingdom or Germany, in the ranges that are in use."""
    return rng.choice((
        f"({rng.choice(('212', '415', '617'))}) {rng.randint(200, 999)}-{digits(rng, 4)}",
        f"+1 {rng.choice(('303', '312', '206'))} {rng.randint(200, 999)} {digits(rng, 4)}",
        f"+44 20 7946 0{digits(rng, 3)}", f"07700 900{digits(rng, 3)}", f"+49 30 {rng.randint(200_000, 899_999)}",
    ))  # fmt: skip


def person(rng: Random) -> str:
    """Return a full name, at times with a middle initial."""
    middle = f"{rng.choice('ABCDEGHJKLMNPRSTW')}. " if rng.random() < 0.15 else ""
    return f"{rng.choice(FIRST)} {middle}{rng.choice(LAST)}"


def address(rng: Random) -> str:
    """Return a street with its house number and town."""
    return f"{rng.randint(2, 980)} {rng.choice(STREETS)}, {rng.choice(CITIES)}"


def email(rng: Random) -> str:
    """Return an address at a domain kept for examples."""
    return f"{rng.choice(FIRST)}.{rng.choice(LAST)}@example.{rng.choice(('com', 'org', 'net'))}".lower().replace(
        "'", ""
    )


# what stands in a template -> entity ("" is nobody's, "?" before it: right either way), maker
PLACES: Final[dict[str, tuple[str, Callable[[Random], str]]]] = {
    "person": ("PERSON", person),
    "address": ("LOCATION", address),
    "city": ("?LOCATION", lambda rng: rng.choice(CITIES)),
    "land": ("?LOCATION", lambda rng: rng.choice(LANDS)),
    "card": ("CREDIT_CARD", card),
    "iban": ("IBAN_CODE", iban),
    "phone": ("PHONE_NUMBER", phone),
    "email": ("EMAIL_ADDRESS", email),
    "firm": ("", lambda rng: rng.choice(FIRMS)),
    "day": ("", lambda rng: rng.choice(DAYS)),
    "number": ("", lambda rng: digits(rng, rng.choice((6, 8, 10)))),
}


def rows(count: int, rng: Random) -> Iterator[Row]:
    """Yield sentences, a quarter of them without personal data."""
    for number in range(count):
        template = rng.choice(WITHOUT if number % 4 == 3 else WITH)
        text, labels = "", []
        for piece in template.replace("{", "}").split("}"):
            entity, make = PLACES.get(piece, ("", lambda _, piece=piece: piece))
            written = make(rng)
            if entity:
                start, end = len(text), len(text) + len(written)
                town = (start + written.index(", ") + 2, end) if piece == "address" else None
                optional = entity.startswith("?")
                labels.append(Label(entity.lstrip("?"), start, end, also=town, optional=optional))
            text += written
        kind = "" if any(not label.optional for label in labels) else "no personal data"
        yield Row(f"s{number}", text, None, "en", "chat", "none", kind, tuple(labels))


def columns(engine: Engine, sentences: list[Row]) -> Iterator[Column]:
    """Run an engine, and judge what it finds of the shared entities at each of its thresholds."""
    found = {row.id: here for row, here in engine.run(sentences)}
    for threshold in engine.thresholds:
        yield Column(
            engine.name, threshold, score(sentences, {row: acting(here, threshold) for row, here in found.items()})
        )


def acting(found: tuple[Found, ...], threshold: float) -> tuple[Found, ...]:
    """Return the findings that count."""
    return tuple(one for one in found if one.score >= threshold and one.entity in SHARED)


def main(count: int) -> bool:
    """Print the table; return whether Cerco is no worse than stock Presidio at either threshold."""
    sentences = [*rows(count, Random(11))]
    stock = presidio_engine()
    if stock.note:
        print(f"presidio: {stock.note}")
    judged = [column for engine in (cerco_engine(packaged_rules()), stock) for column in columns(engine, sentences)]
    print(f"{count} sentences; recall, and false positives for a thousand sentences")
    print(f"{'':<16}{'labels':>8}" + "".join(f"{column.name:>22}" for column in judged))
    met = True
    for entity in SHARED:
        tallies = [column.score.clear[entity] for column in judged]
        cells = "".join(f"{tally.recall or 0:>14.3f}{1000 * tally.false / count:>8.1f}" for tally in tallies)
        ours, *theirs = tallies
        worse = any((ours.recall or 0) < (one.recall or 0) for one in theirs)
        met = met and not worse
        print(f"{entity:<16}{ours.labels:>8}{cells}{'   worse recall' if worse else ''}")
    false = [sum(column.score.clear[entity].false for entity in SHARED) for column in judged]
    print(f"{'all':<16}{'':>8}" + "".join(f"{'':>14}{1000 * one / count:>8.1f}" for one in false))
    met = met and all(false[0] < one for one in false[1:])
    print(f"target: no worse recall than stock Presidio, with fewer false positives: {'met' if met else 'missed'}")
    return met


if __name__ == "__main__":
    sys.exit(0 if main(int(sys.argv[1]) if len(sys.argv) > 1 else 1500) else 1)
