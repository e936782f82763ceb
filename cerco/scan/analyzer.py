"""Run recognisers over a text: where anything could be at all, as written and as meant, and weigh what they find.

In:    a text as it was sent, the entities that are wanted and the least score for each.
Out:   `Hit`s with scores and reasons, in portions, in the order of the text.
Never: Presidio's own engine on the way of a message: its bookkeeping costs more than all the searching.

The recognisers and the weighing are the ones that `AnalyzerEngine` would run with `CharWindowEnhancer`.
"""

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cerco.scan.bulk import listed
from cerco.scan.company import accompanied
from cerco.scan.context import Surroundings, context_labels, reasons
from cerco.scan.decode import CODES, decoded
from cerco.scan.disguise import reversed_numbers, undisguised
from cerco.scan.names import Names
from cerco.scan.normalise import View, normalise
from cerco.scan.prefilter import Prefilter, Sight, Sign
from cerco.scan.table import Tables
from recognizers import RECOGNIZERS
from recognizers.folding import plain
from recognizers.labels import Kind, Label
from recognizers.sensitive_data import SensitiveDataRecognizer
from recognizers.shape import Match, Shape, ShapeRecognizer

_EDGE = 24  # characters
_CUT = 8  # characters at the edge of a place that a recogniser looks at, to see whether a match ends there
_AT_MOST = 24  # characters behind what was changed in which the number that it is a part of ends
_AROUND = 80  # characters on both sides of what was rewritten: a label within reach, and an edge
_PORTION = 1000  # hits; a portion is put together at a time
_MOST_READ = 24_000  # characters of one text that the models read: a second or less
_READ_AROUND = 120  # characters that they read around a place, on the average
_MODEL = Shape("model", alone=0.75, labelled=0.75, hinted=0.75, contested=0.75)
_SOMEONE = 0.6  # the least score of a person or an identifier that sensitive words can stand beside
_ALONE = 0.5  # the least score of what `find_alone` is sure to find
_REVERSED = 0.62  # the most a number read from its end can score, unless a check digit speaks for it

_OF_PEOPLE = frozenset({Kind.NAME, Kind.PERSON})

type Find = Callable[[str], Iterator[Match]]

SENSITIVE = frozenset(SensitiveDataRecognizer.ENTITIES)
PERSON = "PERSON"
_PERSONAL = SENSITIVE | {PERSON}


type Meant = Callable[[View, int, int], None]
"""Is shown a view of a text, and where in it a stretch begins and ends."""


@dataclass(slots=True)
class Hit:
    """Something that was recognised: its place in the text as sent, and what it is worth there."""

    entity: str
    start: int
    end: int
    score: float
    value: str = field(repr=False)  # as it reads after normalisation
    reasons: list[str]
    shape: Shape
    named: bool  # a label of its own stands beside it
    steps: tuple[str, ...] = ()
    at: int = -1  # in the view that is read as it was written, if it was found in that one


class Analyzer:
    """All recognisers that look for numbers, names and words, ready to run. Holds no state between texts."""

    def __init__(self) -> None:
        self._recognizers = tuple(recognizer() for recognizer in RECOGNIZERS if recognizer.TRIGGERS)
        self._prefilter = Prefilter([recognizer.TRIGGERS for recognizer in self._recognizers])
        # The most that a recogniser's matches can score where no label speaks of them.
        self._unlabelled = tuple(
            max(max(shape.alone, shape.listed, shape.beside) for shape in recognizer.SHAPES)
            for recognizer in self._recognizers
        )
        self._sensitive = frozenset(
            number for number, recognizer in enumerate(self._recognizers) if SENSITIVE & set(recognizer.ENTITIES)
        )
        self._people = frozenset(
            number for number, recognizer in enumerate(self._recognizers) if PERSON in recognizer.ENTITIES
        )

    def analyze(
        self,
        text: str,
        wanted: Mapping[str, float],
        about: str = "",
        *,
        head: str = "",
        meant: Meant | None = None,
        names: Names | None = None,
    ) -> Iterator[list[Hit]]:
        """Yield hits for the wanted entities that score at least as much as is wanted; several may overlap.

        Args:
            text: as it was sent.
            wanted: the least score for each entity. The caller may take entities out between portions.
            about: what stands above the text: its title, the name of its file and sheet.
            head: the first lines of a long text of which this is a later piece.
            meant: is shown every stretch that reads otherwise than it is written.
            names: the models that find people where the recognisers' lists and titles do not.

        Takes time linear to the length of the text, and next to none where no recogniser's trigger is in it.
        """
        work: _Work | None = None
        for sight in self._prefilter.sights(text):
            if not wanted and meant is None:
                return
            work = work or _Work(text, context_labels(about), head, meant, names)
            work.hits += self._look(work, sight, wanted)
            if len(work.hits) >= _PORTION:
                yield work.finish(wanted)
        if work and work.hits:
            yield work.finish(wanted)

    def _look(self, work: "_Work", sight: Sight, wanted: Mapping[str, float]) -> list[Hit]:
        written = work.text[sight.start : sight.end]
        view = View(written, sight.start)
        plainly = normalise(written)
        if plainly.text != written:
            view = view.then(plainly)
        surroundings = Surroundings(view.text, work.about)
        if view.layers:
            sought = self._prefilter.fired(view.text)
            if work.meant:
                work.meant(view, 0, len(view.text))
        else:
            sought = {number: [place - sight.start for place in places] for number, places in sight.recognizers.items()}
        hits = self._find(work, view, surroundings, sought, wanted)
        meant = _meant(view, sight.signs)
        for one in meant:
            hits += self._reread(work, one, len(view.layers), wanted, work.meant if one is meant[-1] else None)
        hits += self._backwards(work, meant[-1] if meant else view, wanted, hits)
        if hits or surroundings.kinds & _OF_PEOPLE:
            # Wherever there is anything of theirs, a person may stand beside it.
            beside = [hit.at for hit in hits if hit.at >= 0 and _is_somebody(hit)]
            beside += [label.end for label in surroundings.labels if label.kind in _OF_PEOPLE]
            hits += self._find(work, view, surroundings, dict.fromkeys(self._people, beside), wanted)
        if work.names and (wanted.keys() & _PERSONAL):
            hits += self._named(work, view, surroundings, hits)
        return hits

    def _reread(
        self, work: "_Work", view: View, since: int, wanted: Mapping[str, float], show: Meant | None
    ) -> Iterator[Hit]:
        """Yield the hits in what the layers of a view from number `since` on have changed."""
        changed = _changed(view, since)
        # What was in a code may say what a number beside it is. A number in disguise says nothing of its neighbours and
        # needs a label of its own: under any title some coordinates "17890.123" would be a number in disguise.
        coded = any(layer.step in CODES for layer in view.layers[since:])
        about = work.about if coded else ()
        at = 0
        for start, end in _merged(((first - _AROUND, last + _AROUND) for first, last in changed), len(view.text)):
            if show:
                show(view, start, end)
            piece = Surroundings(view.text[start:end], about, start)
            sought = self._prefilter.fired(piece.text)
            if not coded:
                last = bisect_left(changed, (end,), at)
                here = _merged(
                    ((one - start - _AT_MOST, other - start + _AT_MOST) for one, other in changed[at:last]), end - start
                )
                at = last
                sought = {number: near for number, places in sought.items() if (near := _within(places, here))}
            yield from self._find(work, view, piece, sought, wanted)

    @staticmethod
    def _named(work: "_Work", view: View, surroundings: Surroundings, hits: Sequence[Hit]) -> Iterator[Hit]:
        """Yield the people whom the models find beside what was found, and behind words that announce a name."""
        names = work.names
        if names is None or work.reading <= 0:
            return
        spans = [(hit.at, hit.at + 1) for hit in hits if hit.at >= 0 and _is_somebody(hit)]
        spans += [(label.start, label.end) for label in surroundings.labels if label.kind in _OF_PEOPLE]
        spans = spans[: max(1, work.reading // _READ_AROUND)]
        work.reading -= len(spans) * _READ_AROUND
        for found in names.find(view.text, spans) if spans else ():
            start, end, steps = view.trace(found.start, found.end)
            said = [f"model {found.model}", *(f"read as {step}" for step in steps)]
            value = view.text[found.start : found.end]
            yield Hit(found.entity, start, end, found.score, value, said, _MODEL, named=False, steps=steps)

    def _find(
        self,
        work: "_Work",
        view: View,
        surroundings: Surroundings,
        sought: Mapping[int, Sequence[int]],
        wanted: Mapping[str, float],
    ) -> list[Hit]:
        """Return the hits of some recognisers in the stretch of a view that `surroundings` were made of.

        `sought` are the places of that stretch around which each looks.
        """
        # A number at the edge of a stretch may be a part of a longer one; it is whole in the sight beside it.
        begin = surroundings.begin
        length = last = len(surroundings.text)
        if not length:
            return []
        first = _EDGE if view.offset or begin else 0
        if begin + last < len(view.text) or view.offset + len(view.written) < len(work.text):
            last -= _EDGE
        ends = (view.trace(begin, begin + 1)[0], view.trace(begin + length - 1, begin + length)[0])
        spoken = surroundings.kinds | {label.kind for label in work.tables.heads(*ends)}
        hits = []
        for number in sorted(sought):
            recognizer = self._recognizers[number]
            least = self._least(number, wanted)
            spoken_of = recognizer.is_spoken_of(surroundings.text, spoken)
            if least is None or not (spoken_of or self._unlabelled[number] >= least):
                continue
            most = {shape.name: _most(recognizer, shape, spoken, spoken_of=spoken_of) for shape in recognizer.SHAPES}
            find = recognizer.find if spoken_of or least < _ALONE else recognizer.find_alone
            for match in _matches(find, surroundings.text, self._near(number, sought[number], length)):
                enough = wanted.get(match.entity or recognizer.ENTITIES[0], _SOMEONE)
                if match.start < first or match.end > last or most[match.shape.name] < enough:
                    continue
                hit = _weighed(work, view, surroundings, recognizer, match)
                if hit.score >= enough or match.shape.listed or match.shape.beside:
                    hits.append(hit)
        return hits

    def _least(self, number: int, wanted: Mapping[str, float]) -> float | None:
        """Return the least score at which a recogniser's finds are wanted, or None if they are not."""
        least = min((wanted[entity] for entity in self._recognizers[number].ENTITIES if entity in wanted), default=None)
        if least is None and number not in self._sensitive and not SENSITIVE.isdisjoint(wanted):
            return _SOMEONE  # for what stands beside it
        return least

    def _near(self, number: int, places: Sequence[int], length: int) -> list[tuple[int, int]]:
        """Return the stretches around the ends of a recogniser's triggers in a text of that length."""
        reach = self._recognizers[number].REACH
        if len(places) * reach > length:
            return [(0, length)]
        return _merged(((place - reach, place + reach) for place in places), length)

    def _backwards(self, work: "_Work", view: View, wanted: Mapping[str, float], found: Sequence[Hit]) -> list[Hit]:
        """Return what numbers are when read from their ends, where a label names one and nothing was found forwards."""
        enough = (hit for hit in found if hit.score >= _SOMEONE)
        taken = _merged(((hit.start, hit.end) for hit in enough), len(work.text))
        names: Surroundings | None = None

        def named(first: int, last: int) -> bool:
            nonlocal names
            start, end, _ = view.trace(first, last)
            before = bisect_left(taken, (end,))
            if before and taken[before - 1][1] > start:
                return False
            names = names or Surroundings(view.text)
            return names.identifies(first, last)

        layer = reversed_numbers(view.text, named)
        if layer is None:
            return []
        hits = []
        for hit in self._reread(work, view.then(layer), len(view.layers), wanted, work.meant):
            # A telephone number is no identifier, and most numbers read from their ends are somebody's.
            if hit.named and layer.step in hit.steps and hit.entity != "PHONE_NUMBER":
                hit.score = min(hit.score, 0.9 if hit.shape.checksum else _REVERSED)
                hits.append(hit)
        return hits


class _Work:
    """What is known of one text while it is analysed."""

    def __init__(
        self,
        text: str,
        about: tuple[Label, ...],
        head: str = "",
        meant: Meant | None = None,
        names: Names | None = None,
    ) -> None:
        self.text = text
        self.head = head
        self.about = about
        self.meant = meant
        self.names = names
        self.reading = _MOST_READ  # characters that the models may still read
        self.tables = Tables(text, head)
        self.hits: list[Hit] = []
        self._plain: str | None = None

    def finish(self, wanted: Mapping[str, float]) -> list[Hit]:
        """Put together what was found so far: lists, and words in company; return what counts, in order."""
        hits = sorted(_best(self.hits), key=lambda hit: (hit.start, hit.end))
        self.hits = []
        self._list(hits)
        self._accompany(hits)
        return [hit for hit in hits if hit.score >= wanted.get(hit.entity, 2.0)]

    def _list(self, hits: Sequence[Hit]) -> None:
        bare: dict[tuple[int, int], Hit] = {}
        named: list[tuple[int, int]] = []
        for hit in hits:
            if hit.shape.listed > hit.score == hit.shape.alone:
                bare[hit.start, hit.end] = hit
            elif hit.shape.listed and hit.score >= hit.shape.listed:
                named.append((hit.start, hit.end))
        if len(bare) + len(named) > 2 and bare:
            self._plain = plain(self.text) if self._plain is None else self._plain
            for place in listed(self._plain, bare, named, Tables(self.text, self.head)):
                hit = bare[place]
                hit.score = hit.shape.listed
                hit.reasons.append("in a list of its like")

    def _accompany(self, hits: Sequence[Hit]) -> None:
        """Raise what stands beside somebody: numbers and names beside each other, then sensitive words.

        A name that the lists know in full and a sensitive word are enough for each other: "Marta Pinto está grávida".
        """
        weak = [hit for hit in hits if hit.shape.alone <= hit.score < hit.shape.beside]
        plainly = [hit for hit in weak if hit.entity not in SENSITIVE]
        sensitive = [hit for hit in hits if hit.entity in SENSITIVE]
        beside = {id(hit) for hit in plainly}
        _raise(
            self.text,
            plainly,
            [hit for hit in hits if hit.entity not in SENSITIVE and (hit.score >= _SOMEONE or id(hit) in beside)],
        )
        if sensitive:
            _raise(self.text, [hit for hit in plainly if hit.entity == PERSON and hit.score < _SOMEONE], sensitive)
            named = [hit for hit in hits if hit.entity not in SENSITIVE and hit.score >= _SOMEONE]
            _raise(self.text, [hit for hit in sensitive if hit.score < hit.shape.beside], named)


def _raise(text: str, weak: Sequence[Hit], company: Sequence[Hit]) -> None:
    """Give each weak hit that stands beside company of another entity the score that it has there."""
    near = [(hit.start, hit.end, hit.entity) for hit in company]
    for number, entity in accompanied(text, [(hit.start, hit.end, hit.entity) for hit in weak], near):
        weak[number].score = weak[number].shape.beside
        weak[number].reasons.append(f"beside {entity}")


def _is_somebody(hit: Hit) -> bool:
    """Tell whether a person may stand beside what was found: it is likely, or may be once more is known."""
    return hit.score >= _SOMEONE or bool(hit.shape.listed or hit.shape.beside)


def _weighed(work: _Work, view: View, surroundings: Surroundings, recognizer: ShapeRecognizer, match: Match) -> Hit:
    """Return what a match in the stretch of a view is worth where it stands."""
    first, last = surroundings.begin + match.start, surroundings.begin + match.end
    start, end, steps = view.trace(first, last)
    weight = surroundings.weigh(recognizer, match.shape, match.start, match.end, work.tables.row(start))
    said = reasons(match.shape, weight) + [f"read as {step}" for step in steps]
    value, at = surroundings.text[match.start : match.end], -1 if view.is_meant else first
    entity = match.entity or recognizer.ENTITIES[0]
    return Hit(entity, start, end, weight.score, value, said, match.shape, weight.named, steps, at)


def _most(recognizer: ShapeRecognizer, shape: Shape, spoken: Collection[Kind], *, spoken_of: bool) -> float:
    """Return the most that a shape can score where these kinds of labels are spoken of."""
    score = max(shape.alone, shape.listed, shape.beside)
    if not recognizer.NAMED_BY.isdisjoint(spoken):
        score = max(score, shape.labelled)
    return max(score, shape.hinted) if spoken_of else score


def _meant(view: View, signs: frozenset[Sign]) -> Sequence[View]:
    """Return the ways to read a view with codes and disguises undone; none where there are none.

    More than one where it can be read in several: "M-B06-573-13" and "Y106386616" are good base64, "B960492219" is a
    number, and so is it with an 8 in front. The last is the one in which most is undone.
    """
    if Sign.PLAIN in signs:
        signs |= {Sign.SEPARATED, Sign.NUMERALS, Sign.LETTERS}  # made plain, characters show what else they hid
    ways = [(view, signs)]
    if Sign.CODED in signs:
        for layer in decoded(view.text):
            # What was in code may be in disguise as well.
            ways.append((ways[-1][0].then(layer), frozenset(Sign)))
        inmost, every = ways[-1]
        if len(ways) > 1 and (plainly := normalise(inmost.text)).text != inmost.text:
            ways[-1] = (inmost.then(plainly), every)
    views: dict[str, View] = {}
    for way, shown in ways:
        for letters in (False, True) if Sign.LETTERS in shown else (True,):
            meant = way
            for layer in undisguised(way.text, shown, letters=letters):
                meant = meant.then(layer)
            if len(meant.layers) > len(view.layers):
                views.setdefault(meant.text, meant)
    return list(views.values())


def _changed(view: View, since: int) -> list[tuple[int, int]]:
    """Return the places in a view that its layers from number `since` on have changed, in order."""
    places: list[tuple[int, int]] = []
    for number in range(since, len(view.layers)):
        layer = view.layers[number]
        before = view.layers[number - 1].text if number else view.written
        places = [layer.forward(*place) for place in places]
        places += layer.changed(before)
    return sorted(places)


def _merged(places: Iterable[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """Return places cut to a text of that length, in order, those that overlap or touch as one."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted(places):
        start, end = max(0, first), min(length, last)
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        elif start < end:
            merged.append((start, end))
    return merged


def _within(places: Sequence[int], spans: Sequence[tuple[int, int]]) -> list[int]:
    """Return those of some places that are behind the start of a span and not behind its end."""
    near = []
    for place in places:
        before = bisect_left(spans, (place,))
        if before and place <= spans[before - 1][1]:
            near.append(place)
    return near


def _matches(find: Find, text: str, places: Sequence[tuple[int, int]]) -> Iterator[Match]:
    """Yield the matches at some places of a text; what touches the edge of a place, where the text goes on, is none."""
    for begin, until in places:
        end = min(until, len(text))
        for match in find(text[begin:end] if begin or end < len(text) else text):
            whole = (match.start >= _CUT or not begin) and (match.end <= end - begin - _CUT or end == len(text))
            if whole:
                yield replace(match, start=match.start + begin, end=match.end + begin) if begin else match


def _best(hits: Sequence[Hit]) -> list[Hit]:
    """Return the best hit of each entity at each place."""
    best: dict[tuple[str, int, int], Hit] = {}
    for hit in hits:
        key = (hit.entity, hit.start, hit.end)
        if key not in best or hit.score > best[key].score:
            best[key] = hit
    return list(best.values())
