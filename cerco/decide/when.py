"""What a decision looks at: things found or not read, and the circumstances they leave in.

In:    `When`, as rules/policy.yaml holds it; the groups, actors and times it names.
Out:   `Looks`, which tells of a finding, a gap or an outbound whether a decision looks at it.
Never: a clock: the time comes in as an argument. Never an expression: these are lists.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from datetime import time as clock_time
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ByteSize,
    ConfigDict,
    Field,
    IPvAnyNetwork,
    WithJsonSchema,
    model_validator,
)

from cerco.dingtalk.outbound import Actor, Channel, Outbound, Role
from cerco.extract.text import Unreadable
from cerco.scan.finding import Finding

ANY = "any"
"""In `rules` or `coverage`: every one of them, those of later releases included."""

type Region = Literal["mainland", "singapore", "international", "enterprise", "unknown"]
type Severity = Literal["low", "medium", "high"]
Gap = Literal[
    "encrypted", "too_large", "too_deep", "too_many", "unknown_format",
    "malformed", "timed_out", "opaque_protocol", "not_read", "unseen",
]  # the values of `Why`  # fmt: skip
GapOrAny = Literal[Gap, "any"]
Direction = Literal["out", "onward"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
Size = Annotated[ByteSize, Field(gt=0), WithJsonSchema({"type": "string", "pattern": "^[0-9]+ ?([KMG]i?B)?$"})]
type Name = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]


class Section(BaseModel):
    """A part of the policy; what is not known is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _hour(written: Any) -> Any:
    if isinstance(written, str):
        hour, colon, minute = written.partition(":")
        if not (colon and len(minute) == 2 and hour.isdecimal() and minute.isdecimal()):
            raise ValueError('no time of day. Write it as "09:00", in quotes.')
        if not (int(hour) < 24 and int(minute) < 60):
            raise ValueError('no time of day. The last is "23:59".')
        return clock_time(int(hour), int(minute))
    return written


_Hour = Annotated[
    clock_time, BeforeValidator(_hour), WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,2}:[0-9]{2}$"})
]


class Actors(Section):
    """People or programs, by where they send from or by the DingTalk account that the request names."""

    networks: tuple[IPvAnyNetwork, ...] = ()
    accounts: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _someone(self) -> Self:
        if not self.networks and not self.accounts:
            raise ValueError("names nobody. Add `networks` or `accounts`.")
        return self

    def has(self, actor: Actor) -> bool:
        """Tell whether a sender is one of them."""
        return actor.account in self.accounts or any(_within(actor.address, network) for network in self.networks)


class Hours(Section):
    """A span of time, every line of which narrows it; from 22:00 to 06:00 is over midnight."""

    weekdays: tuple[Weekday, ...] = ()
    start: _Hour | None = Field(None, alias="from")
    end: _Hour | None = Field(None, alias="to")  # the first minute that is not part of it
    first: date | None = None  # the first day, and the last
    last: date | None = None

    @model_validator(mode="after")
    def _some_time(self) -> Self:
        if not (self.weekdays or self.start or self.end or self.first or self.last):
            raise ValueError("names no time. Add `weekdays`, `from` and `to`, or `first` and `last`.")
        if self.first and self.last and self.last < self.first:
            raise ValueError("ends before it begins. Swap `first` and `last`.")
        if self.start and self.start == self.end:
            raise ValueError("lasts no time. Take `from` and `to` out for all day.")
        return self

    def has(self, now: datetime) -> bool:
        """Tell whether a time, on the site's clock, falls into it."""
        day, hour = now.date(), now.time()
        if (self.weekdays and WEEKDAYS[day.weekday()] not in self.weekdays) or (self.first and day < self.first):
            return False
        if self.last and day > self.last:
            return False
        start, end = self.start or clock_time.min, self.end
        if end is None:
            return hour >= start
        return start <= hour < end if start < end else hour >= start or hour < end


class Circumstances(Section):
    """How something leaves. Every line narrows; a line left out does not."""

    channels: tuple[Channel, ...] = ()
    regions: tuple[Region, ...] = ()
    directions: tuple[Direction, ...] = ()
    actors: tuple[str, ...] = ()  # names of groups under `actors`
    times: tuple[str, ...] = ()  # names of spans under `times`


class Count(Section):
    """How many different values must have been found."""

    at_least: int = Field(ge=1, le=10_000)


class Together(Section):
    """What else must have been found in the same outbound; a plain list in the file names the rules."""

    rules: tuple[str, ...] = Field(min_length=1)
    at_least: int = Field(1, ge=1, le=10_000)  # so many different values of them


def _spelled_out(together: Any) -> Any:
    return {"rules": together} if isinstance(together, list | tuple) and together else together or None


class When(Circumstances):
    """What a decision looks at: findings (`rules`, `severities`) or gaps (`coverage`), and how they leave.

    `count` and `together` ("with" in the file) look at the outbound as a whole, so a decision that has one of them is
    *conditional*. Where `unless` holds, the decision does not look at the outbound at all.
    """

    rules: tuple[str, ...] = ()
    severities: tuple[Severity, ...] = ()
    coverage: tuple[GapOrAny, ...] = ()
    larger_than: Size | None = None  # of gaps, those known to be of more bytes
    count: Count | None = None  # different values among the findings that this decision looks at
    together: Annotated[
        Together | None, BeforeValidator(_spelled_out, json_schema_input_type=Together | tuple[str, ...] | None)
    ] = Field(None, alias="with")
    unless: Circumstances | None = None

    @model_validator(mode="after")
    def _one_subject(self) -> Self:
        about_findings = bool(self.rules or self.severities or self.count)
        if about_findings and self.coverage:
            raise ValueError("looks at findings and at coverage. Split it into two decisions.")
        if not about_findings and not self.coverage:
            raise ValueError("names neither rules nor coverage. Add `rules: [any]` or `coverage: [any]`.")
        if self.larger_than is not None and not self.coverage:
            raise ValueError("`larger_than` is the size of what was not read. Add `coverage`, or take it out.")
        return self

    @model_validator(mode="after")
    def _some_circumstance(self) -> Self:
        if self.unless is not None and self.unless == Circumstances():
            raise ValueError("`unless` names no circumstance. Fill it in, or take it out.")
        return self


@dataclass(frozen=True, slots=True)
class Names:
    """What the names in a policy stand for: groups of rules, groups of actors, spans of time."""

    groups: Mapping[str, Sequence[str]]
    actors: Mapping[str, Actors]
    times: Mapping[str, Hours]

    def rules(self, named: Iterable[str]) -> frozenset[str]:
        """Return the rules that are named, by themselves or in a group."""
        return frozenset(rule for name in named for rule in self.groups.get(name, (name,)))


@dataclass(frozen=True, slots=True)
class Way:
    """How one outbound leaves."""

    outbound: Outbound
    direction: Direction
    now: datetime  # on the site's clock

    @classmethod
    def of(cls, outbound: Outbound, now: datetime) -> Self:
        """Return the way of an outbound. It goes *onward* if it only sends on what DingTalk holds already."""
        speaks = outbound.carries_file or any(part.role is not Role.FILENAME for part in outbound.parts)
        onward = not speaks and (outbound.completes or any(key.kind == "message" for key in outbound.keys))
        return cls(outbound, "onward" if onward else "out", now)


@dataclass(frozen=True, slots=True)
class Looks:
    """A `When` with its names filled in, ready to be asked."""

    when: When
    names: Names
    rules: frozenset[str] | None  # None: all of them
    together: frozenset[str]

    @classmethod
    def of(cls, when: When, names: Names) -> Self:
        """Fill in the names of a `When`."""
        every = not when.rules or ANY in when.rules
        together = names.rules(when.together.rules) if when.together else frozenset[str]()
        return cls(when, names, None if every else names.rules(when.rules), together)

    @property
    def conditional(self) -> bool:
        """Whether it depends on what else was found."""
        return bool(self.when.count or self.when.together)

    def goes(self, way: Way) -> bool:
        """Whether the outbound takes a way this decision looks at."""
        return self._takes(self.when, way) and not (self.when.unless and self._takes(self.when.unless, way))

    def _takes(self, how: Circumstances, way: Way) -> bool:
        outbound = way.outbound
        return (
            (not how.channels or outbound.channel in how.channels)
            and (not how.regions or outbound.destination.region in how.regions)
            and (not how.directions or way.direction in how.directions)
            and (not how.actors or any(one.has(outbound.actor) for one in _known(how.actors, self.names.actors)))
            and (not how.times or any(one.has(way.now) for one in _known(how.times, self.names.times)))
        )

    def sees(self, subject: Finding | Unreadable) -> bool:
        """Whether this finding or gap is one it looks at."""
        when = self.when
        if isinstance(subject, Unreadable):
            fits = when.larger_than is None or subject.size > when.larger_than
            return fits and (ANY in when.coverage or subject.why in when.coverage)
        if when.coverage:
            return False
        return (self.rules is None or subject.rule in self.rules) and (
            not when.severities or subject.severity in when.severities
        )

    def holds(self, findings: Sequence[Finding]) -> bool:
        """Whether `count` and `with` are met; more findings never undo it."""
        count, others = self.when.count, self.when.together
        if others:
            beside = {finding.fingerprint for finding in findings if finding.rule in self.together}
            if len(beside) < others.at_least:
                return False
        return count is None or len({one.fingerprint for one in findings if self.sees(one)}) >= count.at_least

    def covers(self, other: "Looks") -> bool:
        """Whether everything `other` looks at is looked at here too, whatever else was found."""
        mine, theirs = self.when, other.when
        pairs: list[tuple[Collection[str], Collection[str]]] = [
            (mine.severities, theirs.severities),
            (mine.coverage, theirs.coverage),
            (mine.channels, theirs.channels),
            (mine.regions, theirs.regions),
            (mine.directions, theirs.directions),
            (mine.actors, theirs.actors),
            (mine.times, theirs.times),
        ]
        if self.rules is not None:
            pairs.append((self.rules, other.rules or ()))
        wider = all(not one or ANY in one or (another and set(another) <= set(one)) for one, another in pairs)
        return (
            wider
            and not self.conditional
            and bool(mine.coverage) == bool(theirs.coverage)
            and mine.unless in {None, theirs.unless}
            and (mine.larger_than is None or mine.larger_than <= (theirs.larger_than or 0))
        )


def named(when: When) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Yield (path, kind, name) of every rule, group, sender and time that a `When` names."""
    for at, rule in enumerate(when.rules):
        yield ("rules", at), "rules", rule
    for at, rule in enumerate(when.together.rules if when.together else ()):
        yield ("with", "rules", at), "with", rule
    for path, how in (((), when), (("unless",), when.unless)):
        for at, name in enumerate(how.actors if how else ()):
            yield (*path, "actors", at), "actors", name
        for at, name in enumerate(how.times if how else ()):
            yield (*path, "times", at), "times", name


def _known[Value](names: Iterable[str], values: Mapping[str, Value]) -> Iterator[Value]:
    """Yield what the names stand for; one that stands for nothing, which `check_policy` refuses, holds for nobody."""
    return (values[name] for name in names if name in values)


def _within(address: str, network: IPv4Network | IPv6Network) -> bool:
    try:
        return ip_address(address) in network
    except ValueError:  # not an address: a request that was made here, by `cerco scan`
        return False
