"""Text files in the encodings and dresses they travel in."""

from collections.abc import Iterator

from tests.data.files.planting import Made, planted, sentence

_CODECS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "big5hkscs", "gb18030")
_TALK = "各位同事早晨,附件是上星期五會議的紀錄,請大家看看有沒有需要修改的地方。\n" * 3


def files() -> Iterator[Made]:
    """Yield one text file for each encoding."""
    for codec in _CODECS:
        name = f"note-{codec}.txt"
        here = planted(name, codec, "text")
        yield Made(name, "txt", (_TALK + sentence(here.value) + "\n").encode(codec), (here,))


def clean() -> Iterator[Made]:
    """Yield text files with nothing to find."""
    for codec in _CODECS:
        yield Made(f"talk-{codec}.txt", "txt", (_TALK + "發票編號 12345678 已出貨\n").encode(codec))
