"""Read text in whatever encoding it was written.

In:    bytes that look like text.
Out:   the text once for each encoding it may have been written in, its first line as a header, and what markup or
       escapes hide in it. Long texts come in pieces.
Never: a piece that has forgotten the head of its columns, or a number cut in two.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import replace

from cerco.extract import embedded, mrz
from cerco.extract.charset import LABELS, encodings
from cerco.extract.markup import has_tags, visible
from cerco.extract.source import Item, Opener, ReadError, Source
from cerco.extract.text import Text

_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})")
_HEADING = 80  # characters: a longer first line is a paragraph, unless it is a row of a table
_ROW = 4096
_DELIMITER = re.compile(r"[\t,;|]")

_HEAD_LINES = 6  # a header row stands among the first; see `cerco.scan.table`
_LEAD = 256  # characters of one piece that the next begins with: labels stand that far before a number
_CUT = re.compile(r"[\s,;|{}]")  # where a line that is longer than a piece may be cut
_CUT_REACH = 4096


def read(source: Source, open_: Opener, *, tags: bool = True, files: bool = True) -> Iterator[Item]:
    """Yield the text of a file, in each encoding that makes sense of it, best first; and files written into it.

    `tags` says that what stands between tags is to be read here, `files` that files written into it are.
    """
    for encoding in encodings(source.data):
        step = "text" if encoding.startswith("utf-8") else f"text ({LABELS.get(encoding, encoding)})"
        for text in pieces(decoded(source.data, encoding), source.place(step), source.budget.limits.piece):
            if not text.is_later and (first := heading(text.content)) is not None:
                yield Text(source.place("header"), first, "header")
            yield text
            yield from _hidden(text, source, tags=tags)
    for number, data in enumerate(embedded.files(source.data) if files else (), 1):
        source.budget.enter()
        source.budget.expand(len(data))
        yield from open_(source.within(data, f"embedded file {number}"))


def decoded(data: bytes, encoding: str, size: int = 256 * 1024) -> Iterator[str]:
    """Yield what the bytes say, `size` bytes at a time; what is no text in the encoding becomes U+FFFD."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    for at in range(0, len(data), size):
        content = decoder.decode(data[at : at + size], final=at + size >= len(data))
        yield content.removeprefix("\ufeff") if at == 0 else content


def pieces(contents: Iterator[str], place: str, size: int, unit: str | None = "line") -> Iterator[Text]:
    """Yield a text in pieces of about `size` characters, each cut at the end of a line where there is one.

    A later piece says which line it begins with, brings the first lines of the whole, and begins with the last words
    of the piece before it.

    Raises:
        ReadError: as `contents` does, once what came before has been yielded.
    """
    head = lead = held = ""
    line = 1  # that `held` begins with
    first = True

    def piece(content: str) -> Text:
        return Text(place, lead + content, unit=unit, head=head, line=line - lead.count("\n"), lead=len(lead))

    try:
        for content in contents:
            held += content
            while len(held) > size:
                end = _end(held, size)
                made = piece(held[:end])
                yield made
                head = _head(made.content) if first else head
                first = False
                line += held.count("\n", 0, end)
                lead, held = _tail(made.content), held[end:]
    except ReadError:
        if held:
            yield piece(held)
        raise
    if held or first:
        yield piece(held)


def heading(content: str) -> str | None:
    """Return the first line that is not blank, if it is short or a row of a table; its readers see it as a header."""
    lines = [line for line in content[: 2 * _ROW].splitlines() if line.strip()]
    if not lines:
        return None
    first = lines[0].strip()
    if len(first) <= _HEADING:
        return first
    tabular = _DELIMITER.search(first) and len(lines) > 1 and _DELIMITER.search(lines[1])
    return first[:_ROW] if tabular else None


def unescape(content: str) -> str:
    r"""Return the text with `\u8eab` written as the character it stands for, as JSON and property files hide it."""
    plain = _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), content)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # pairs become one character


def _hidden(text: Text, source: Source, *, tags: bool) -> Iterator[Text]:
    """Yield what tags and escapes hide in a piece, as a piece of its own reading."""
    if tags and has_tags(text.content):
        yield Text(source.place("text without tags"), visible(text.content[text.lead :]))
    if "\\u" in text.content and _ESCAPE.search(text.content):
        lead = len(unescape(text.content[: text.lead]))
        yield replace(text, place=source.place("text without escapes"), content=unescape(text.content), lead=lead)
    for document in mrz.find(text.content):
        yield Text(source.place("machine-readable zone"), document.words())


def _end(content: str, size: int) -> int:
    """Return where to cut: behind the last line that fits, else behind the last word, else where `size` says."""
    if end := content.rfind("\n", 0, size) + 1:
        return end
    words = [match.end() for match in _CUT.finditer(content, max(0, size - _CUT_REACH), size)]
    return words[-1] if words else size


def _tail(content: str) -> str:
    """Return the last words of a piece, whole lines where they are short enough."""
    begin = max(0, len(content) - _LEAD)
    if end := content.find("\n", begin, len(content) - 1) + 1:
        return content[end:]
    cut = _CUT.search(content, begin, len(content) - 1) if begin else None
    return content[cut.end() :] if cut else content[begin:]


def _head(content: str) -> str:
    lines = content[: _HEAD_LINES * _ROW].split("\n", _HEAD_LINES)[:_HEAD_LINES]
    return "\n".join(line[:_ROW] for line in lines)
