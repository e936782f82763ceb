"""A verdict -> words for the person it stopped, in four languages.

In:    a verdict, its reference and the address of its page; what the browser says about languages.
Out:   short messages, the kinds of data in plain words, and the texts of the notice pages.
Never: a value, a masked value, a place or a file name in a message: only kinds of data.
"""

from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from cerco.decide.load import load
from cerco.decide.verdict import Verdict
from cerco.extract.text import Unreadable, Why
from cerco.scan.finding import Finding

type Language = Literal["zh-Hant", "zh-Hans", "pt", "en"]

LANGUAGES: tuple[Language, ...] = ("zh-Hant", "zh-Hans", "pt", "en")
"""As in BCP 47; the first is what a reader gets whose client names no language."""

KINDS_IN_MESSAGE = 3  # what fits, with link and reference, into the two hundred characters that clients show whole

_SEVERITY = {"high": 0, "medium": 1, "low": 2}
_TITLE = "CUSTOMER_DATA_TITLE"

# Beside a finding these are not worth a word: the policy we ship lets them pass.
_USUALLY_ALLOWED = frozenset((Why.UNKNOWN_FORMAT, Why.UNSEEN))


class Wording(BaseModel):
    """One thing to say, in all four languages; `{names}` are filled in by `say`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh_hant: str = Field(alias="zh-Hant")
    zh_hans: str = Field(alias="zh-Hans")
    pt: str
    en: str

    def say(self, language: str, **values: object) -> str:
        """Return the words in `language`; English for one that is not in `LANGUAGES`."""
        by_language = {"zh-Hant": self.zh_hant, "zh-Hans": self.zh_hans, "pt": self.pt}
        return by_language.get(language, self.en).format_map(values)


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MessageTexts(_Section):
    """The sentences of a short message."""

    found: Wording
    unread: Wording
    unchecked: Wording
    more: Wording
    close: Wording
    comma: Wording
    space: Wording


class PageTexts(_Section):
    """The headings and sentences of the pages, in the order of the file."""

    language: Wording
    about: Wording
    stopped: Wording
    labelled: Wording
    passed: Wording
    stopped_lead: Wording
    labelled_lead: Wording
    passed_lead: Wording
    reference: Wording
    time: Wording
    destination: Wording
    what: Wording
    unchecked: Wording
    where: Wording
    place: Wording
    sample: Wording
    more_places: Wording
    why: Wording
    law: Wording
    next: Wording
    next_remove: Wording
    next_internal: Wording
    next_wrong: Wording
    ask: Wording
    ask_nobody: Wording
    regulator: Wording
    missing: Wording
    missing_lead: Wording
    home: Wording
    home_lead: Wording
    look_up_label: Wording
    look_up: Wording
    inspected: Wording
    inspected_text: Wording
    not_inspected: Wording
    not_inspected_text: Wording
    kept: Wording
    kept_text: Wording


class Texts(_Section):
    """The shape of notices.yaml."""

    kinds: Mapping[str, Wording]  # by entity
    other_kind: Wording
    gaps: Mapping[Why, Wording]
    ways: Mapping[str, Wording]  # by id of a decision that the gate takes by itself
    remedies: Mapping[str, Wording]  # "found" and "title" by what was found; the others by value of `Why` or by way
    message: MessageTexts
    page: PageTexts


TEXTS = load(files("cerco.decide").joinpath("notices.yaml").read_text("utf-8"), "notices.yaml", Texts)


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


def kinds(verdict: Verdict, language: str) -> tuple[str, ...]:
    """Return the kinds of data found, gravest first, then what could not be read or go this way; each once.

    Empty only after a fault of the gate itself.
    """
    refused = (TEXTS.ways[way].say(language) for way in _ways(verdict))
    return _once((*_found(verdict.findings, language), *_unread(telling(verdict), language), *refused))


def telling(verdict: Verdict) -> tuple[Unreadable, ...]:
    """Return the gaps worth telling the sender about, gravest first.

    A photo in a document is not why the document was stopped when something was found in it.
    """
    if verdict.findings:
        return tuple(gap for gap in verdict.coverage if gap.why not in _USUALLY_ALLOWED)
    return tuple(sorted(verdict.coverage, key=lambda gap: gap.why in _USUALLY_ALLOWED))


def advice(verdict: Verdict, language: str) -> tuple[str, ...]:
    """Return what the sender can do about a refusal, one sentence each; for a page, which has room for all of them."""
    page = TEXTS.page
    others = [TEXTS.remedies[remedy].say(language) for remedy in _remedies(verdict)]
    if _titles_only(verdict):
        return _once((TEXTS.remedies["title"].say(language), *others))
    if verdict.findings:
        return _once((page.next_remove.say(language), page.next_internal.say(language), *others))
    return _once(others or (TEXTS.remedies[Why.TIMED_OUT].say(language),))


def message(verdict: Verdict, reference: str, url: str, languages: Sequence[str]) -> str:
    """Return what a refused sender reads in DingTalk: one paragraph for each of `languages`, one line each.

    It says what kind of data was found or what could not be read, what to do next, the reference and where to read on.
    """
    return "\n".join(_paragraph(verdict, reference, url, language) for language in languages)


def _paragraph(verdict: Verdict, reference: str, url: str, language: str) -> str:
    texts = TEXTS.message
    named = kinds(verdict, language)
    if len(named) > KINDS_IN_MESSAGE:
        named = (*named[:KINDS_IN_MESSAGE], texts.more.say(language))
    listed = texts.comma.say(language).join(named)
    remedies = _remedies(verdict)
    if verdict.findings:
        opening, remedy = texts.found.say(language, kinds=listed), "title" if _titles_only(verdict) else "found"
    elif set(remedies) <= {Why.TIMED_OUT}:  # a fault of the gate leaves nothing to name
        opening, remedy = texts.unchecked.say(language), Why.TIMED_OUT.value
    else:
        opening, remedy = texts.unread.say(language, kinds=listed), remedies[0]
    sentences = (opening, TEXTS.remedies[remedy].say(language), texts.close.say(language, reference=reference, url=url))
    return texts.space.say(language).join(sentences)


def _ways(verdict: Verdict) -> tuple[str, ...]:
    return tuple(decision for decision in verdict.decisions if decision in TEXTS.ways)


def _remedies(verdict: Verdict) -> tuple[str, ...]:
    """Return the keys of the remedies for everything but findings."""
    return (*(gap.why.value for gap in telling(verdict)), *_ways(verdict))


def _titles_only(verdict: Verdict) -> bool:
    return bool(verdict.findings) and all(finding.entity == _TITLE for finding in verdict.findings)


def _found(findings: Iterable[Finding], language: str) -> tuple[str, ...]:
    ordered = sorted(findings, key=lambda finding: _SEVERITY.get(finding.severity, 0))
    return tuple(TEXTS.kinds.get(finding.entity, TEXTS.other_kind).say(language) for finding in ordered)


def _unread(gaps: Iterable[Unreadable], language: str) -> tuple[str, ...]:
    return tuple(TEXTS.gaps[gap.why].say(language) for gap in gaps)


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
