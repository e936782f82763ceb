"""What the clients send: invented content, clean or sensitive, in three languages and four file formats.

In:    a kind, a language, a file format and a seed.
Out:   `Payload`: a message, a title, a file, each with a marker that occurs nowhere else.
Never: a real person's number. Every number is drawn at random in the printed shape of its kind.
"""

import io
import random
import string
import zipfile
from dataclasses import dataclass, field
from enum import StrEnum
from xml.sax.saxutils import escape


class Kind(StrEnum):
    """What a payload holds."""

    CLEAN = "clean"
    ID = "Macau ID"
    BANK = "bank account"
    TITLE = "customer-data title"  # the title and the file name announce customer data; the content is clean


LANGUAGES = ("zh-Hant", "pt", "en")
FORMATS = ("txt", "csv", "xlsx", "docx")

MIME = {
    "txt": "text/plain",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}

_TEXTS = {
    (Kind.CLEAN, "zh-Hant"): "下星期的例會改在三樓會議室，請各部門準備季度簡報。",
    (Kind.CLEAN, "pt"): "A reunião da próxima semana passa para a sala do terceiro andar.",
    (Kind.CLEAN, "en"): "Next week's meeting moves to the room on the third floor.",
    (Kind.ID, "zh-Hant"): "請替這位客人辦理登記，澳門居民身份證號碼：{identity}。",
    (Kind.ID, "pt"): "Favor registar o cliente, titular do BIR n.º {identity}.",
    (Kind.ID, "en"): "Please register this guest, Macau resident ID card no. {identity}.",
    (Kind.BANK, "zh-Hant"): "請把款項匯到澳門中國銀行戶口號碼 {account}，收款人是本公司。",
    (Kind.BANK, "pt"): "Transferir para a conta bancária n.º {account} do Banco da China em Macau.",
    (Kind.BANK, "en"): "Please pay into Bank of China Macau branch, account no. {account}.",
}
_TITLES = {"zh-Hant": "會議安排", "pt": "Agenda da reunião", "en": "Meeting plan"}
_CUSTOMER_TITLES = {"zh-Hant": "客戶名單", "pt": "Lista de clientes", "en": "Customer list"}
_HEADERS = {
    Kind.CLEAN: ("品名", "顏色"),
    Kind.ID: ("姓名", "澳門居民身份證號碼"),
    Kind.BANK: ("收款人", "銀行戶口號碼"),
}
_ROWS = 12


@dataclass(frozen=True, slots=True)
class Payload:
    """One thing to send, in every form a client may need it.

    `marker` is in the text and in the bytes of the file (uncompressed), never in a name; `name_marker` is in the
    title and the file name only. So what arrived can be told apart: the content, or the name, or both.
    """

    kind: Kind
    language: str
    marker: str
    name_marker: str
    title: str = field(repr=False)
    text: str = field(repr=False)
    filename: str = field(repr=False)
    mime: str
    data: bytes = field(repr=False)


def make(kind: Kind, language: str = "zh-Hant", form: str = "txt", seed: int | str | None = None) -> Payload:
    """Make a payload; the same arguments give the same one, and `seed` None a new one each time."""
    rng = random.SystemRandom() if seed is None else random.Random(seed)  # noqa: S311 - nothing here is secret
    marker, name_marker = _marker(rng), _marker(rng)
    content = Kind.CLEAN if kind is Kind.TITLE else kind
    filled = _TEXTS[content, language].format(identity=identity(rng), account=account(rng))
    text = f"{filled} {marker}"
    titles = _CUSTOMER_TITLES if kind is Kind.TITLE else _TITLES
    title = f"{titles[language]} {name_marker}"
    rows = [list(_HEADERS[content]), *_rows(content, rng)]
    data = _file(form, text, rows, marker)
    return Payload(kind, language, marker, name_marker, title, text, f"{title}.{form}", MIME[form], data)


def identity(rng: random.Random) -> str:
    """Draw a number in the shape printed on the Macau resident card: seven digits, then a check digit in brackets.

    The first digit is 1, 5 or 7; the second is not 9, so that it never looks like a date of birth.
    """
    return f"{rng.choice('157')}{rng.choice('2345678')}{rng.randrange(10**5):05d}({rng.randrange(10)})"


def account(rng: random.Random) -> str:
    """Draw a number in the shape of the Bank of China's Macau accounts: 180 and twelve more digits."""
    return f"180{rng.randrange(10**12):012d}"


def _marker(rng: random.Random) -> str:
    """Draw letters only: digits could look like part of a number somebody guards."""
    return "mk" + "".join(rng.choice(string.ascii_lowercase) for _ in range(16))


def _rows(kind: Kind, rng: random.Random) -> list[list[str]]:
    if kind is Kind.CLEAN:
        return [[rng.choice(("茶杯", "雨傘", "毛巾")), rng.choice(("紅", "藍", "綠"))] for _ in range(_ROWS)]
    draw = identity if kind is Kind.ID else account
    names = ("陳大文", "Maria Silva", "李小明", "João Santos")  # the specimen names of forms
    return [[rng.choice(names), draw(rng)] for _ in range(_ROWS)]


def _file(form: str, text: str, rows: list[list[str]], marker: str) -> bytes:
    if form == "txt":
        return (text + "\n").encode()
    if form == "csv":
        return "".join(",".join(row) + "\r\n" for row in [*rows, [marker, ""]]).encode("utf-8-sig")
    return _xlsx(rows, marker) if form == "xlsx" else _docx([text, *(" ".join(row) for row in rows)], marker)


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_FORMATS = "http://schemas.openxmlformats.org"
_OFFICE = f"{_FORMATS}/officeDocument/2006/relationships"


def _xlsx(rows: list[list[str]], marker: str) -> bytes:
    cells = "".join(
        f'<row r="{r}">'
        + "".join(
            f'<c r="{chr(64 + c)}{r}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
            for c, value in enumerate(row, 1)
        )
        + "</row>"
        for r, row in enumerate(rows, 1)
    )
    main = f"{_FORMATS}/spreadsheetml/2006/main"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    sheets = '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets>'
    return _package(
        marker,
        "xl/workbook.xml",
        {
            "xl/workbook.xml": (
                f"{kind}.sheet.main+xml",
                f'<workbook xmlns="{main}" xmlns:r="{_OFFICE}">{sheets}</workbook>',
            ),
            "xl/worksheets/sheet1.xml": (
                f"{kind}.worksheet+xml",
                f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
            ),
        },
        {
            "xl/_rels/workbook.xml.rels": _relations(
                [("rId1", f"{_OFFICE}/worksheet", "worksheets/sheet1.xml")],
            )
        },
    )


def _docx(paragraphs: list[str], marker: str) -> bytes:
    body = "".join(f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>' for text in paragraphs)
    return _package(
        marker,
        "word/document.xml",
        {
            "word/document.xml": (
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
                f'<w:document xmlns:w="{_FORMATS}/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>',
            )
        },
        {},
    )


def _package(marker: str, main: str, parts: dict[str, tuple[str, str]], relations: dict[str, str]) -> bytes:
    """Zip an Office document; the properties hold the marker and are not compressed, so that bytes can be searched."""
    core = "docProps/core.xml"
    properties = (
        f'<cp:coreProperties xmlns:cp="{_FORMATS}/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:identifier>{marker}</dc:identifier></cp:coreProperties>"
    )
    types = {name: kind for name, (kind, _) in parts.items()}
    types[core] = "application/vnd.openxmlformats-package.core-properties+xml"
    overrides = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in types.items())
    content_types = (
        f'<Types xmlns="{_FORMATS}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )
    root = _relations(
        [
            ("rId1", f"{_OFFICE}/officeDocument", main),
            ("rId2", f"{_FORMATS}/package/2006/relationships/metadata/core-properties", core),
        ]
    )
    members = {"[Content_Types].xml": content_types, core: properties, "_rels/.rels": root, **relations}
    members |= {name: xml for name, (_, xml) in parts.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, xml in members.items():
            info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))  # the same bytes every time
            info.compress_type = zipfile.ZIP_STORED if name == core else zipfile.ZIP_DEFLATED
            archive.writestr(info, _XML + xml)
    return out.getvalue()


def _relations(entries: list[tuple[str, str, str]]) -> str:
    inner = "".join(f'<Relationship Id="{i}" Type="{kind}" Target="{target}"/>' for i, kind, target in entries)
    return f'<Relationships xmlns="{_FORMATS}/package/2006/relationships">{inner}</Relationships>'
