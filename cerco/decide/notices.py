"""A verdict -> words for the person it stopped, in four languages.

In:    a verdict, its reference and the address of its page; what the browser says about languages.
Out:   short messages, the kinds of data in plain words, and what to do about them.
Never: a value, a masked value, a place or a file name in a message: only kinds of data.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from cerco.decide.verdict import Action, Verdict
from cerco.decide.wording import LANGUAGES, Language, Section, Wording, texts
from cerco.extract.text import Unreadable, Why
from cerco.scan.finding import Finding

KINDS_IN_MESSAGE = 3  # what fits, with link and reference, into the two hundred characters that clients show whole

_SEVERITY = {"high": 0, "medium": 1, "low": 2}
_TITLE = "CUSTOMER_DATA_TITLE"

# Beside a finding these are not worth a word: the policy we ship lets them pass.
_USUALLY_ALLOWED = frozenset((Why.UNKNOWN_FORMAT, Why.UNSEEN))

# Languages whose sentences stand without a space between them.
_SET_SOLID = frozenset(("zh-Hant", "zh-Hans"))

type Titles = Mapping[str, Mapping[Language, str]]
"""What the site's rules call what they find: by id of the rule, and by language."""

UNTITLED: Titles = MappingProxyType({})


class MessageTexts(Section):
    """The sentences of a short message."""

    found: Wording
    unread: Wording
    unchecked: Wording
    asks_found: Wording
    asks_unread: Wording
    more: Wording
    close: Wording
    asks_close: Wording
    comma: Wording


class AdviceTexts(Section):
    """What to do about something that was found, where there is room for it."""

    remove: Wording
    internal: Wording


class Texts(Section):
    """What is said in a short message."""

    kinds: Mapping[str, Wording]  # by entity
    other_kind: Wording
    gaps: Mapping[Why, Wording]
    ways: Mapping[str, Wording]  # by id of a decision that the gate takes by itself
    remedies: Mapping[str, Wording]  # "found" and "title" by what was found; the others by value of `Why` or by way
    message: MessageTexts
    advice: AdviceTexts


TEXTS = texts(Texts)


def negotiate(accept_language: str | None) -> Language:
    """Choose the language of a reader from the Accept-Language header (RFC 9110, 12.5.4).

    Traditional Chinese where the header is missing or says nothing usable, English where it names only other languages.
    """
    wishes = []
    for place, item in enumerate((accept_language or "").split(",")):
        tag, _, parameters = item.partition(";")
        weight = _weight(parameters)
        if tag.strip() and weight > 0:
            wishes.append((-weight, place, tag.strip().lower()))
    known = (language for _, _, tag in sorted(wishes) if (language := _language(tag)))
    return next(known, "en" if wishes else LANGUAGES[0])


def kinds(verdict: Verdict, language: str, titles: Titles = UNTITLED) -> tuple[str, ...]:
    """Return the kinds of data found, gravest first, then what could not be read or go this way; each once.

    Empty only after a fault of the gate itself. What a site's own rule finds is called as `titles` calls it.
    """
    ordered = sorted(verdict.findings, key=lambda finding: _SEVERITY.get(finding.severity, 0))
    found = (kind(finding, language, titles) for finding in ordered)
    unread = (TEXTS.gaps[gap.why].say(language) for gap in telling(verdict))
    refused = (TEXTS.ways[way].say(language) for way in _ways(verdict))
    return _once((*found, *unread, *refused))


def kind(finding: Finding, language: str, titles: Titles = UNTITLED) -> str:
    """Return what kind of data a finding is, as a noun."""
    if (known := TEXTS.kinds.get(finding.entity)) is not None:
        return known.say(language)
    title = titles.get(finding.rule, {})
    return next((said for key, said in title.items() if key == language), TEXTS.other_kind.say(language))


def telling(verdict: Verdict) -> tuple[Unreadable, ...]:
    """Return the gaps worth telling the sender about, gravest first.

    A photo in a document is not why the document was stopped when something was found in it.
    """
    if verdict.findings:
        return tuple(gap for gap in verdict.coverage if gap.why not in _USUALLY_ALLOWED)
    return tuple(sorted(verdict.coverage, key=lambda gap: gap.why in _USUALLY_ALLOWED))


def advice(verdict: Verdict, language: str) -> tuple[str, ...]:
    """Return what the sender can do about a refusal, one sentence each; for a page, which has room for all of them."""
    others = [TEXTS.remedies[remedy].say(language) for remedy in _remedies(verdict)]
    if _titles_only(verdict):
        return _once((TEXTS.remedies["title"].say(language), *others))
    if verdict.findings:
        return _once((TEXTS.advice.remove.say(language), TEXTS.advice.internal.say(language), *others))
    return _once(others or (TEXTS.remedies[Why.TIMED_OUT].say(language),))


def asks(verdict: Verdict) -> bool:
    """Tell whether what was refused may still go, for a reason."""
    return verdict.action is Action.JUSTIFY and not verdict.observed


def message(verdict: Verdict, reference: str, url: str, languages: Sequence[str], titles: Titles = UNTITLED) -> str:
    """Return what a refused sender reads in DingTalk: one paragraph for each of `languages`, one line each.

    It says what kind of data was found or what could not be read, what to do next, the reference and where to read on.
    """
    return "\n".join(_paragraph(verdict, reference, url, language, titles) for language in languages)


def _paragraph(verdict: Verdict, reference: str, url: str, language: str, titles: Titles) -> str:
    said = TEXTS.message
    named = kinds(verdict, language, titles)
    if len(named) > KINDS_IN_MESSAGE:
        named = (*named[:KINDS_IN_MESSAGE], said.more.say(language))
    listed = said.comma.say(language).join(named)
    remedies = _remedies(verdict)
    sentences: tuple[str, ...]
    if asks(verdict):
        opening = said.asks_found if verdict.findings else said.asks_unread
        sentences = (opening.say(language, kinds=listed), said.asks_close.say(language, reference=reference, url=url))
    else:
        if verdict.findings:
            opened, remedy = said.found.say(language, kinds=listed), "title" if _titles_only(verdict) else "found"
        elif set(remedies) <= {Why.TIMED_OUT}:  # a fault of the gate leaves nothing to name
            opened, remedy = said.unchecked.say(language), Why.TIMED_OUT.value
        else:
            opened, remedy = said.unread.say(language, kinds=listed), remedies[0]
        closing = said.close.say(language, reference=reference, url=url)
        sentences = (opened, TEXTS.remedies[remedy].say(language), closing)
    return ("" if language in _SET_SOLID else " ").join(sentences)


def _ways(verdict: Verdict) -> tuple[str, ...]:
    return tuple(decision for decision in verdict.decisions if decision in TEXTS.ways)


def _remedies(verdict: Verdict) -> tuple[str, ...]:
    """Return the keys of the remedies for everything but findings."""
    return (*(gap.why.value for gap in telling(verdict)), *_ways(verdict))


def _titles_only(verdict: Verdict) -> bool:
    return bool(verdict.findings) and all(finding.entity == _TITLE for finding in verdict.findings)


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def _language(tag: str) -> Language | None:
    """Map one BCP 47 tag, lower case; a script named in it counts more than a region."""
    primary, *rest = tag.split("-")
    if primary in {"zh", "yue"}:
        traditional = primary == "yue" or not {"mo", "hk", "tw"}.isdisjoint(rest)
        if "hans" in rest or not (traditional or "hant" in rest):
            return "zh-Hans"
        return "zh-Hant"
    if primary == "*":
        return LANGUAGES[0]
    return "pt" if primary == "pt" else "en" if primary == "en" else None
