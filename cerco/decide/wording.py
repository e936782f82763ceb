"""Words for people, in four languages, from the gettext catalogues in cerco/locale.

In:    messages.pot, where every text stands in English under the name the program knows it by (msgctxt), and one .po
       for each other language.
Out:   `Wording`s, one by one or as the fields of a model.
Never: a text that is missing: what a catalogue does not have, or only guesses ("fuzzy"), is said in English.
"""

from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any, Literal

from babel.messages.pofile import read_po
from pydantic import BaseModel, ConfigDict, Field

type Language = Literal["zh-Hant", "zh-Hans", "pt", "en"]

LANGUAGES: tuple[Language, ...] = ("zh-Hant", "zh-Hans", "pt", "en")
"""As in BCP 47; the first is what a reader gets whose client names no language."""

TEMPLATE = "messages.pot"


class Wording(BaseModel):
    """One thing to say, in all four languages; `{names}` are filled in by `say`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh_hant: str = Field(alias="zh-Hant", min_length=1)
    zh_hans: str = Field(alias="zh-Hans", min_length=1)
    pt: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def say(self, language: str, **values: object) -> str:
        """Return the words in `language`; English for one that is not in `LANGUAGES`."""
        by_language = {"zh-Hant": self.zh_hant, "zh-Hans": self.zh_hans, "pt": self.pt}
        return by_language.get(language, self.en).format_map(values)


class Section(BaseModel):
    """Texts that belong together; its fields are the names under which they stand in the catalogues."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def catalogue(language: Language) -> dict[str, tuple[str, str]]:
    """Return what a catalogue holds: for each name the English it was made from, and the words ("" if there are none).

    For English these are the same.
    """
    name = TEMPLATE if language == "en" else f"{language.replace('-', '_')}.po"
    read = read_po(BytesIO(files("cerco").joinpath("locale", name).read_bytes()))
    return {
        str(message.context): (said, said if language == "en" else "" if message.fuzzy else str(message.string))
        for message in read
        if message.context and (said := str(message.id))
    }


def texts[M: Section](model: type[M]) -> M:
    """Return the texts that a model has fields for: a field `page` of another `Section` takes "page.title" and so on.

    Raises:
        ValidationError: the template lacks one of them, or has others beside them.
    """
    tree = _tree()
    return model.model_validate({name: tree[name] for name in model.model_fields if name in tree})


@cache
def _tree() -> dict[str, Any]:
    """Return all texts as nested data, split at the dots of their names."""
    by_language = {language: catalogue(language) for language in LANGUAGES}
    tree: dict[str, Any] = {}
    for name, (english, _) in by_language["en"].items():
        said = {language: _said(known.get(name), english) for language, known in by_language.items()}
        *above, last = name.split(".")
        inside = tree
        for step in above:
            inside = inside.setdefault(step, {})
        inside[last] = said
    return tree


def _said(known: tuple[str, str] | None, english: str) -> str:
    """Return a translation, unless it is missing or of another English text than the one that is said now."""
    return known[1] if known and known[1] and known[0] == english else english
