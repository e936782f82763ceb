r"""The patterns that rules may be written in: regular expressions without anything that can run on, or away.

In:    a pattern, as a rule file holds it.
Out:   `Pattern`, ready to search with; or ValueError("what is wrong. What to do.").
Never: a match longer than `LONGEST`; a pattern whose search takes more time than its text is long.

    [A-Z]{2}-[0-9]{6}       two capitals, a hyphen, six digits
    (MO|HK)[0-9]{4,6}       one of two beginnings, four to six digits
    第[0-9]{1,4}號?         what comes before "?" may be missing

Letters stand for themselves; "." for any character of a line; [...] for one of several, [^...] for any other; \d, \w,
\s, \p{Han} and their like for a kind of character; "|" between choices; (...) around what belongs together; {4},
{4,6} and ? behind what repeats. Everything else is for programmers and refused by name.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import islice

import regex

LONGEST = 200  # characters: as far as is looked to the left of where a trigger ends (`cerco.scan.prefilter.BEFORE`)
MOST = 1000  # characters of a pattern; a longer one is several
PATIENCE = 0.1  # seconds of processor time that a search for the next match may take

# A match neither begins nor ends inside a word or number of Latin letters and digits. `\b` would not do: to it a
# Chinese character is a letter like any other.
_EDGES = (r"(?:(?<![0-9A-Za-z])|(?![0-9A-Za-z]))", r"(?:(?![0-9A-Za-z])|(?<![0-9A-Za-z]))")

_TRIAL = 8192  # characters of a text made to be slow to search
_KINDS = "dDwWsS"  # letters that name a kind of character behind a backslash
_EDGE_HELP = "Leave it out: a match never begins or ends inside a longer word or number."
_REPEAT_HELP = "Say how often at most: {1,20} instead of +, {0,20} instead of *."


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that passed every check.

    `source` is what Hyperscan and `regex` understand alike; `search` also keeps to the edges of words.
    """

    source: str = field(repr=False)
    ignore_case: bool
    search: regex.Pattern[str] = field(repr=False)

    def find(self, text: str, patience: float = 4 * PATIENCE) -> Iterator[tuple[int, int]]:
        """Yield the places of matches, which do not overlap; `patience` is for the second try of a search.

        Raises:
            TimeoutError: a search took far longer than `PATIENCE`; there may be more.
        """
        at = 0
        while (match := self._next(text, at, patience)) is not None:
            yield match.span()
            at = match.end()

    def _next(self, text: str, at: int, patience: float) -> regex.Match[str] | None:
        """Return the first match from a place on.

        The clock is the processor time of all of this process, other threads' included: a search that ran out of it is
        tried once more. No other Python thread may run meanwhile.
        """
        try:
            return self.search.search(text, at, concurrent=False, timeout=PATIENCE)
        except TimeoutError:
            return self.search.search(text, at, concurrent=False, timeout=patience)


@cache
def checked(source: str, *, ignore_case: bool = False) -> Pattern:
    """Check a pattern and make it ready.

    Raises:
        ValueError: it is none, or could run on or away; says what and where.
    """
    tree = _Reader(source).read()
    if tree.longest > LONGEST:
        raise ValueError(f"can match {tree.longest} characters, and {LONGEST} are the most. Shorten its repetitions.")
    if tree.shortest < 2:
        raise ValueError("can match a single character, or none. Make more of it needed.")
    flags = regex.IGNORECASE if ignore_case else regex.UNICODE
    try:
        made = Pattern(source, ignore_case, regex.compile(f"{_EDGES[0]}(?:{source}){_EDGES[1]}", flags))
    except regex.error as error:
        raise ValueError(f"is no pattern: {error}. Correct it.") from None
    for trial in dict.fromkeys(_trials(tree)):
        try:
            for _ in made.find(trial, PATIENCE):
                pass
        except TimeoutError:
            raise ValueError("takes too long on some texts. Let nothing that repeats contain what repeats.") from None
    return made


@dataclass(frozen=True, slots=True)
class _Node:
    """A piece of a pattern: how long its matches are, a few of them, and the pieces in it that repeat."""

    shortest: int
    longest: int
    samples: tuple[str, ...]
    repeats: tuple[tuple[str, str], ...] = ()  # (what comes before, what repeats)


class _Reader:
    """Reads a pattern from left to right."""

    def __init__(self, source: str) -> None:
        if len(source) > MOST:
            raise ValueError(f"is longer than {MOST} characters. Make several of it.")
        self._source = source
        self._at = 0
        # Characters that may tell one class from another: where they begin and end.
        self._telling = "".join(dict.fromkeys(char for char in f"0aA 一-{source}" if char not in "[](){}|?\\^"))

    def read(self) -> _Node:
        """Return the whole pattern."""
        node = self._choice()
        if self._at < len(self._source):
            raise self._fault(self._at, "has a `)` too many", "Take it out, or write \\) for the character.")
        return node

    def _choice(self) -> _Node:
        choices = [self._sequence()]
        while self._take("|"):
            choices.append(self._sequence())
        return _Node(
            min(choice.shortest for choice in choices),
            max(choice.longest for choice in choices),
            tuple(islice((sample for choice in choices for sample in choice.samples), 12)),
            tuple(repeat for choice in choices for repeat in choice.repeats),
        )

    def _sequence(self) -> _Node:
        shortest = longest = 0
        before = ""
        repeats: list[tuple[str, str]] = []
        while self._at < len(self._source) and self._source[self._at] not in "|)":
            atom = self._atom()
            least, most = self._quantity()
            if most > 1 or least == 0:
                repeats += ((before, sample) for sample in atom.samples)
            repeats += ((before + earlier, sample) for earlier, sample in atom.repeats)
            shortest += least * atom.shortest
            longest += most * atom.longest
            before += (atom.samples[0] if atom.samples else "") * max(least, 1)
        return _Node(shortest, longest, (before,), tuple(repeats))

    def _atom(self) -> _Node:
        start = self._at
        char = self._source[start]
        self._at += 1
        if char == "(":
            return self._group(start)
        if char == "[":
            self._class(start)
        elif char == "\\":
            self._escape()
        elif char in "*+?{":
            raise self._fault(start, f"repeats nothing at `{char}`", "Write what repeats before it.")
        elif char in "^$":
            raise self._fault(start, f"has an anchor `{char}`", _EDGE_HELP)
        elif char in "]}":
            raise self._fault(start, f"has a stray `{char}`", f"Write \\{char} for the character.")
        return self._one(start)

    def _one(self, start: int) -> _Node:
        """Return the node of what matches one character: a letter, a class, a kind."""
        written = self._source[start : self._at]
        if len(written) == 1 and written != ".":
            return _Node(1, 1, (written,))
        try:
            one = regex.compile(written)
        except regex.error as error:
            raise self._fault(start, f"is no pattern: {error}", "Correct it.") from None
        return _Node(1, 1, tuple(islice(filter(one.fullmatch, self._telling), 6)))

    def _group(self, start: int) -> _Node:
        if self._take("?") and not self._take(":"):
            raise self._fault(start, "looks around, or sets an option", "Take `(?…)` out; `near` says what stands by.")
        node = self._choice()
        if not self._take(")"):
            raise self._fault(start, "has a `(` that is not closed", "Close it, or write \\( for the character.")
        return node

    def _class(self, start: int) -> None:
        self._take("^")
        self._take("]")
        while self._at < len(self._source):
            char = self._source[self._at]
            self._at += 1
            if char == "]":
                return
            if char == "\\":
                self._escape()
            elif char == "[":
                raise self._fault(self._at - 1, "has a `[` within [...]", "Write \\[ for the character.")
        raise self._fault(start, "has a `[` that is not closed", "Close it, or write \\[ for the character.")

    def _escape(self) -> None:
        start = self._at - 1
        char = self._source[self._at : self._at + 1]
        self._at += 1
        if char in "bBAZzG" and char:
            raise self._fault(start, f"has an anchor `\\{char}`", _EDGE_HELP)
        if char in "pP" and char:
            end = self._source.find("}", self._at)
            if not self._source.startswith("{", self._at) or end < 0:
                raise self._fault(start, f"has `\\{char}` without a name", "Write \\p{Han}, \\p{Lu} or the like.")
            self._at = end + 1
        elif not char or (char.isalnum() and char not in _KINDS):
            raise self._fault(start, f"has `\\{char}`, which is not for rules", "Write the character itself.")

    def _quantity(self) -> tuple[int, int]:
        start = self._at
        least = most = 1
        if self._take("?"):
            least, most = 0, 1
        elif self._source.startswith(("*", "+"), self._at):
            raise self._fault(start, f"can match without end at `{self._source[self._at]}`", _REPEAT_HELP)
        elif self._take("{"):
            end = self._source.find("}", self._at)
            first, comma, last = self._source[self._at : max(end, self._at)].partition(",")
            if end < 0 or not first.isdecimal() or (comma and last and not last.isdecimal()):
                raise self._fault(start, "has a `{` that counts nothing", "Write {4}, {4,6}, or \\{ for the character.")
            if comma and not last:
                raise self._fault(start, f"can match without end at `{{{first},}}`", "Say how often at most: {2,20}.")
            least = int(first)
            most = int(last) if last else least
            self._at = end + 1
        if self._source.startswith(("?", "*", "+", "{"), self._at):
            raise self._fault(self._at, "repeats a repetition", "Keep one, or put (...) around the first.")
        return least, most

    def _take(self, char: str) -> bool:
        taken = self._source.startswith(char, self._at)
        self._at += taken
        return taken

    def _fault(self, at: int, problem: str, remedy: str) -> ValueError:
        return ValueError(f"{problem} (character {at + 1}). {remedy}")


def _trials(tree: _Node) -> Iterator[str]:
    """Yield texts that a careless pattern takes long to search: what repeats, over and over, and then no match."""
    for before, repeated in tree.repeats:
        if repeated:
            stretch = before + repeated * (LONGEST // len(repeated)) + "\0"
            yield stretch * (_TRIAL // len(stretch) + 1)
            yield before + repeated * (_TRIAL // len(repeated)) + "\0"
    for sample in tree.samples:
        yield sample * (_TRIAL // max(len(sample), 1))
