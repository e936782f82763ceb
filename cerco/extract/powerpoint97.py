"""Read PowerPoint presentations in their binary form, ppt: slides, notes, comments, masters and what is embedded.

In:    the stream of records that a presentation is ([MS-PPT]).
Out:   text with the slide it is on, and the files in it.
Never: only the slides of the outline. Earlier versions of a slide stay in the file, and are read with it.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from cerco.extract import sweep
from cerco.extract.source import ReadError
from cerco.extract.text import Why

# 2.13.24: types of records.
_SLIDE, _NOTES, _MASTER, _HANDOUT = 1006, 1008, 1016, 4041
_OUTLINE, _OUTLINE_SLIDE = 4080, 1011
_TEXT_WIDE, _TEXT_NARROW, _STRING = 4000, 4008, 4026
_SHOWN = 1017  # how a slide is shown
_COMMENT, _HEADERS, _OBJECTS = 12000, 4057, 1033
_STORAGE = 4113
_TAG = 5003  # what newer versions add: records too, though it does not say so
_SESSION = 12052  # how a presentation is encrypted
_SHAPE_PROPERTIES = frozenset({0xF00B, 0xF121, 0xF122})  # [MS-ODRAW]: alternative texts are among them
_NAMES = {_MASTER: "slide master", _HANDOUT: "handout master", _HEADERS: "headers and footers", _OBJECTS: "links"}
_SLIDES = "slide"
_LISTS = {0: _SLIDES, 1: "slide master", 2: "notes"}  # 2.4.14.1, .3, .6: what an outline lists, by its instance
_HIDDEN = 0x04  # 2.6.6, of the flags at byte 10
_ENCRYPTED = 0xF3D1C4DF  # 2.3.2: the token in the stream "Current User"
_DEEPEST = 64  # records within records
_MARKS = str.maketrans({"\r": "\n", "\x0b": "\n", "\x00": None})


def is_locked(current_user: bytes) -> bool:
    """Tell from the stream "Current User" whether the presentation is under a password."""
    return len(current_user) >= 16 and struct.unpack_from("<I", current_user, 12)[0] == _ENCRYPTED


def records(data: bytes) -> Iterator[tuple[tuple[str, ...], str | bytes]]:
    """Yield (steps, text) for text, and (steps, bytes) for what is embedded, still packed.

    Raises:
        ReadError: it is under a password, or packed in a way that has no end.
    """
    yield from _Presentation(data).walk(0, len(data), (), 0)


def unpacked(data: bytes, most: int) -> bytes:
    """Return an embedded storage: 2.10.34. At most `most` bytes come out.

    Raises:
        zlib.error: it is damaged.
    """
    return zlib.decompressobj().decompress(data, most)


@dataclass(slots=True)
class _Presentation:
    """The records on the way through them, and how many slides there were."""

    data: bytes = field(repr=False)
    slides: int = 0
    numbers: dict[int, int] = field(default_factory=dict)  # what records call a slide -> its number
    outlined: int = 0
    listed: str = _SLIDES  # what the outline on the way lists

    def walk(
        self, at: int, end: int, steps: tuple[str, ...], depth: int
    ) -> Iterator[tuple[tuple[str, ...], str | bytes]]:
        """Yield what is in the records from `at` to `end`, and in those within them."""
        if depth > _DEEPEST:
            raise ReadError(Why.TOO_DEEP)
        while at + 8 <= end:
            version, kind, size = struct.unpack_from("<HHI", self.data, at)
            begin, at = at + 8, min(at + 8 + size, end)
            if kind == _SESSION:
                raise ReadError(Why.ENCRYPTED)
            if version & 0xF == 0xF or kind == _TAG:
                if kind == _OUTLINE:
                    self.outlined, self.listed = 0, _LISTS.get(version >> 4, _SLIDES)
                yield from self.walk(begin, at, self._steps(kind, begin, at, steps), depth + 1)
            elif kind == _OUTLINE_SLIDE:
                self.outlined += 1
                if self.listed == _SLIDES and at - begin >= 16:
                    self.numbers[struct.unpack_from("<I", self.data, begin + 12)[0]] = self.outlined
                steps = (f"{self.listed} {self.outlined}",)
            elif kind == _STORAGE:
                body = self.data[begin:at]
                yield steps, body[4:] if version >> 4 else zlib.compress(body)
            elif text := _text(kind, self.data[begin:at]):
                yield steps or ("presentation",), text

    def _steps(self, kind: int, begin: int, end: int, steps: tuple[str, ...]) -> tuple[str, ...]:
        """Return the place of what is in a container."""
        if kind == _SLIDE:
            self.slides += 1
            return (f"slide {self.slides}{' (hidden)' if _is_hidden(self.data, begin, end) else ''}",)
        if kind == _NOTES:
            slide = self.numbers.get(struct.unpack_from("<I", self.data, begin + 8)[0]) if begin + 12 <= end else None
            return (f"slide {slide}", "notes") if slide else ("notes master",)
        if kind == _COMMENT:
            return (*steps[:1], "comments")
        return (_NAMES[kind],) if kind in _NAMES else steps


def _text(kind: int, data: bytes) -> str:
    if kind in {_TEXT_WIDE, _STRING}:
        return data.decode("utf-16-le", errors="replace").translate(_MARKS).strip()
    if kind == _TEXT_NARROW:
        return data.decode("latin-1").translate(_MARKS).strip()
    return "\n".join(sweep.strings(data)) if kind in _SHAPE_PROPERTIES else ""


def _is_hidden(data: bytes, at: int, end: int) -> bool:
    while at + 8 <= end:
        _, kind, size = struct.unpack_from("<HHI", data, at)
        if kind == _SHOWN and at + 8 + 12 <= end:
            return bool(data[at + 8 + 10] & _HIDDEN)
        at += 8 + size
    return False
