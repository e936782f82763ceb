"""Workbooks in Excel's binary form of 2007, xlsb.

The cells of committed/office/saved.xlsb were written by pyxlsbwriter 0.1.0, the only program for that which runs
without Excel: `make_files --produce --family binary_workbooks`. Its parts for comments and the like are added here.
"""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from tests.data.files.excel import bare
from tests.data.files.planting import Made, committed, members, packed, planted, sentence

_NAME = "saved.xlsb"
_PATH = f"office/{_NAME}"
_CELL = planted(_NAME, "cell", "客人", "A3")
_NUMBER = planted(_NAME, "number", "客人", "B4")
_HIDDEN = planted(_NAME, "hidden sheet", "名單 (hidden)", "C7")
_COMMENT = planted("comment.xlsb", "comment", "comments1")


def files() -> Iterator[Made]:
    """Yield a workbook as it was written, and one with a comment."""
    yield Made(_NAME, "xlsb", committed(_PATH), (_CELL, _NUMBER, _HIDDEN))
    text = sentence(_COMMENT.value)
    # [MS-XLSB] 2.4.363: a record's type, its size, and a string that says how long it is.
    comment = b"\x00" + len(text).to_bytes(4, "little") + text.encode("utf-16-le")
    record = b"\xfd\x04" + bytes((len(comment) & 0x7F | 0x80, len(comment) >> 7)) + comment
    yield Made("comment.xlsb", "xlsb", packed({**members(committed(_PATH)), "xl/comments1.bin": record}), (_COMMENT,))


def produce(folder: Path) -> None:
    """Have pyxlsbwriter write the cells."""
    path = folder / _PATH
    writer = import_module("pyxlsbwriter").XlsbWriter(str(path))
    with writer:
        writer.add_sheet("客人")
        writer.write_sheet(
            [
                ["姓名", "身份證號碼", "電話"],
                ["陳小文", "(另附)", "66123456"],
                [sentence(_CELL.value), None, None],
                [None, int(bare(_NUMBER.value)), None],
            ]
        )
        writer.add_sheet("名單", hidden=True)
        writer.write_sheet([[None] * 3] * 6 + [[None, None, sentence(_HIDDEN.value)]])
