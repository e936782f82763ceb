"""What offices send all day: documents full of numbers, none of which is anybody's."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.data.files import excel, ooxml, slides, word
from tests.data.files.planting import Made

_CHANGE = 'w:id="3" w:author="文員" w:date="2026-05-04T09:00:00Z"'


@dataclass(frozen=True, slots=True)
class _Topic:
    """What a document is about: a heading, sentences, and a table."""

    name: str
    heading: str
    sentences: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]


_TOPICS = (
    _Topic("invoices", "五月發票", ("總額 MOP 12,345,678.00。", "請於 2026-05-31 前付款。"),
           (("發票編號", "金額"), ("71234567", "1,250.00"), ("51234568", "980.50"), ("11234569", "77.00"))),
    _Topic("orders", "訂單狀況", ("訂單編號 12345678 已出貨。", "追蹤號碼 123456789012。"),
           (("訂單編號", "數量"), ("51234567", "3"), ("51234568", "12"), ("51234569", "1"))),
    _Topic("minutes", "會議紀錄", ("時間:2026年5月4日 10:30-11:45。", "會議號 712 345 678。"),
           (("議題", "負責"), ("新系統", "資訊部"), ("搬遷", "行政部"))),
    _Topic("prices", "價目表", ("價格以 MOP 計,由 1/5/2026 起生效。",),
           (("貨號", "單價"), ("10023456", "128.00"), ("10023457", "256.00"), ("10023458", "64.50"))),
    _Topic("timetable", "更表", ("第19週,共 7 班。",), (("日期", "時"), ("2026/05/04", "09"), ("20260505", "13"))),
    _Topic("offices", "Contactos", ("Tel. geral: 28331234; fax 28331235.", "Horário: 9h00-17h45."),
           (("Secção", "Extensão"), ("Contabilidade", "1234"), ("Expediente", "5678"))),
    _Topic("measures", "Site survey", ("Plot 12/345678 is 1234.567 m2.", "Grid 20345.678, 17890.123."),
           (("Point", "East", "North"), ("A1", "20345.678", "17890.123"), ("A2", "20346.001", "17891.456"))),
    _Topic("software", "Release notes", ("Build 1.2.3456789 is out.", "GUID {5C7D1234-5678-90AB-CDEF-1234567890AB}."),
           (("Ticket", "Hash"), ("BUG-1234567", "5e1234567a"), ("BUG-1234568", "7f7654321b"))),
    _Topic("laws", "法規摘要", ("第8/2005號法律第十九條。", "澳門居民身份證號碼須予保密,表格以 5555XXX(X) 表示。"),
           (("法規", "日期"), ("8/2002", "2002-08-05"), ("8/2005", "2005-08-22"))),
    _Topic("stock", "庫存", ("盤點日期 20260430。", "條碼 4891234567890。"),
           (("條碼", "存量"), ("4891234567890", "55"), ("4897654321098", "8"))),
    _Topic("newsletter", "內部通訊", ("三月份有 1234567 人次入場。", "下載連結已以電郵寄出。"),
           (("月份", "人次"), ("一月", "1023456"), ("二月", "1123456"))),
)  # fmt: skip


def files() -> Iterator[Made]:
    """Yield nothing: there is nothing to find."""
    return iter(())


def clean() -> Iterator[Made]:
    """Yield each topic as a document, a workbook, a presentation and a rich text."""
    for topic in _TOPICS:
        yield Made(f"{topic.name}.docx", "docx", _document(topic))
        yield Made(f"{topic.name}.xlsx", "xlsx", _workbook(topic))
        yield Made(f"{topic.name}.pptx", "pptx", _presentation(topic))
        yield Made(f"{topic.name}.rtf", "rtf", _rich_text(topic))


def _document(topic: _Topic) -> bytes:
    rows = "".join(
        f"<w:tr>{''.join(f'<w:tc>{word.paragraph(cell)}</w:tc>' for cell in row)}</w:tr>" for row in topic.table
    )
    changed = word.paragraph(
        "第",
        f"<w:del {_CHANGE}>{word.run('1234567', tag='delText')}</w:del>",
        f"<w:ins {_CHANGE}>{word.run('(8)')}</w:ins>",
        "號附件",
    )
    drawing = (
        '<w:r><w:drawing><wp:inline><wp:extent cx="5274310" cy="71234567"/><wp:docPr id="51234567" name="Picture 1"/>'
        "</wp:inline></w:drawing></w:r>"
    )
    return word.document(
        word.paragraph(topic.heading),
        *(word.paragraph(sentence) for sentence in topic.sentences),
        f"<w:tbl>{rows}</w:tbl>",
        changed,
        word.paragraph("", drawing),
        parts=(ooxml.core(title=topic.heading, creator="行政部"),),
    )


def _workbook(topic: _Topic) -> bytes:
    rows = "".join(
        excel.row(at, *(excel.text(f"{letter}{at}", cell) for letter, cell in zip("ABC", cells, strict=False)))
        for at, cells in enumerate(topic.table, 1)
    )
    notes = "".join(
        excel.row(at, excel.text(f"E{at}", sentence))
        for at, sentence in enumerate(topic.sentences, len(topic.table) + 2)
    )
    amount = excel.row(60, excel.text("A60", "總額"), excel.number("B60", "12345678", 1))
    return excel.book(excel.Sheet(topic.heading, rows + notes + amount), formats="#,##0.00")


def _presentation(topic: _Topic) -> bytes:
    return slides.show(
        slides.slide(1, slides.box(topic.heading)),
        slides.slide(2, *(slides.box(sentence) for sentence in topic.sentences), parts=(slides.notes(2, "請慢講"),)),
    )


def _rich_text(topic: _Topic) -> bytes:
    def written(text: str) -> str:
        return "".join(
            character if character.isascii() else f"\\u{ord(character) - 65536 * (ord(character) > 32767)}?"
            for character in text.replace("\\", "\\\\").replace("{", "\\{").replace("}", "\\}")
        )

    lines = "".join(f"{written(line)}\\par\n" for line in (topic.heading, *topic.sentences))
    rows = "".join(f"\\trowd {''.join(f'{written(cell)}\\cell ' for cell in row)}\\row\n" for row in topic.table)
    return f"{{\\rtf1\\ansi\\ansicpg950\\uc1\\rsid5123456\n{lines}{rows}}}".encode("ascii")
