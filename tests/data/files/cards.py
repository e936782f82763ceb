"""Cards, forms and lists as people photograph and scan them, drawn by us: nobody's numbers, and nobody's face.

In:    fonts of this machine, when they are drawn anew; the committed pictures otherwise.
Out:   `SHEETS`: one picture for each, with the identifiers on it; `LEVELS`: what befalls a picture on its way.
Never: anything random: a level gives the same pixels every time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from tests.data.files.planting import COMMITTED, card

FOLDER: Final = COMMITTED / "cards"
_FONT: Final = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"  # Debian: fonts-noto-cjk
_BOLD: Final = "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc"
_MONO: Final = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf"  # stands for OCR-B
_FACES: Final = {"sc": 2, "tc": 3, "hk": 4}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One picture: how it is drawn, and the identifiers a reader must find, as they are printed."""

    name: str
    size: tuple[int, int]
    paper: str
    words: tuple[tuple[int, int, int, str, str], ...] = field(repr=False)  # x, y, size in pixels, face, text
    identifiers: tuple[str, ...] = field(repr=False)

    def draw(self) -> Image.Image:
        """Draw it with the fonts of this machine."""
        picture = Image.new("RGB", self.size, self.paper)
        pen = ImageDraw.Draw(picture)
        ink = "#f4f4f4" if self.paper < "#7" else "#1c1c28"
        for x, y, size, face, text in self.words:
            pen.text((x, y), text, fill=ink, font=_font(face, size))
        return picture

    def picture(self) -> Image.Image:
        """Return it as committed."""
        return Image.open(FOLDER / f"{self.name}.png").convert("RGB")


def _font(face: str, size: int) -> ImageFont.FreeTypeFont:
    if face == "mono":
        return ImageFont.truetype(_MONO, size)
    bold = face.endswith("b")
    return ImageFont.truetype(_BOLD if bold else _FONT, size, index=_FACES[face.removesuffix("b")])


def _form(
    title: str, rows: Sequence[tuple[str, str]], face: str, *, left: int = 60, value: int = 400
) -> tuple[tuple[int, int, int, str, str], ...]:
    words = [(left, 40, 38, face + "b", title)]
    for at, (label, content) in enumerate(rows):
        words += [(left, 130 + 62 * at, 26, face, label), (value, 130 + 62 * at, 26, face, content)]
    return tuple(words)


def _table(
    title: str, rows: Sequence[Sequence[str]], face: str, columns: Sequence[int]
) -> tuple[tuple[int, int, int, str, str], ...]:
    words = [(60, 40, 34, face + "b", title)]
    for at, row in enumerate(rows):
        words += [(x, 120 + 44 * at, 22, face, cell) for x, cell in zip(columns, row, strict=True)]
    return tuple(words)


_LIST = [
    (f"{name}", card("list", name), f"66{at}1 23{at}4")
    for at, name in enumerate(["陳大文", "李小明", "何美玲", "黃志強", "林婉兒", "梁國華", "鄭思敏", "張家樂"])
]

SHEETS: Final[tuple[Sheet, ...]] = (
    Sheet(
        "resident-card",
        (1012, 638),
        "#dfe9ee",
        (
            (40, 24, 34, "hkb", "澳門特別行政區"),
            (40, 70, 24, "hk", "REGIÃO ADMINISTRATIVA ESPECIAL DE MACAU"),
            (40, 112, 30, "hk", "居民身份證  BILHETE DE IDENTIDADE DE RESIDENTE"),
            (360, 180, 22, "hk", "姓名 / Nome"),
            (360, 210, 40, "hkb", "陳大文"),
            (360, 262, 26, "hk", "CHAN, TAI MAN"),
            (360, 320, 22, "hk", "出生日期 / Data de nascimento"),
            (360, 350, 30, "hk", "01-02-1990"),
            (700, 320, 22, "hk", "性別 / Sexo"),
            (700, 350, 30, "hk", "M"),
            (360, 420, 22, "hk", "首次發出日期"),
            (360, 450, 30, "hk", "15-03-2005"),
            (600, 540, 22, "hk", "身份證編號 / No."),
            (600, 568, 44, "hkb", card("resident-card")),
        ),
        (card("resident-card"),),
    ),
    Sheet(
        "form-zh-hant",
        (1000, 720),
        "#ffffff",
        _form(
            "客戶資料登記表",
            [
                ("客戶姓名", "黃嘉欣"),
                ("澳門居民身份證號碼", card("form-zh-hant")),
                ("聯絡電話", "6612 3456"),
                ("住址", "澳門新馬路 88 號 3 樓 C 座"),
                ("信用卡號碼", "4539 1488 0343 6467"),
                ("電郵", "ka.ian@example.com"),
                ("備註", "請於星期五前回覆"),
            ],
            "hk",
        ),
        (card("form-zh-hant"), "4539 1488 0343 6467"),
    ),
    Sheet(
        "form-zh-hans",
        (1000, 720),
        "#fbfaf4",
        _form(
            "开户申请表",
            [
                ("姓名", "刘晓燕"),
                ("证件类型", "澳门居民身份证"),
                ("证件号码", card("form-zh-hans")),
                ("银行卡号", "6222 0210 0112 2334 450"),
                ("手机", "138 0013 8000"),
                ("地址", "珠海市香洲区情侣路 12 号"),
            ],
            "sc",
        ),
        (card("form-zh-hans"), "6222 0210 0112 2334 450"),
    ),
    Sheet(
        "form-pt",
        (1000, 720),
        "#ffffff",
        _form(
            "Ficha de Cliente",
            [
                ("Nome completo", "João Conceição da Silva"),
                ("Bilhete de Identidade n.º", card("form-pt")),
                ("Cartão de crédito", "5425 2334 3010 9903"),
                ("Endereço", "Avenida de Almeida Ribeiro, 25"),
                ("Profissão", "Técnico de informação"),
                ("Observações", "Não há restrições"),
            ],
            "hk",
        ),
        (card("form-pt"), "5425 2334 3010 9903"),
    ),
    Sheet(
        "form-en",
        (1000, 720),
        "#ffffff",
        _form(
            "Guest Registration",
            [
                ("Name", "Maria Fernandes"),
                ("Macau ID card no.", card("form-en")),
                ("Card number", "4111 1111 1111 1111"),
                ("Valid until", "09/29"),
                ("Telephone", "+853 6600 1122"),
                ("Room", "1208"),
            ],
            "hk",
        ),
        (card("form-en"), "4111 1111 1111 1111"),
    ),
    Sheet(
        "bank-card",
        (1012, 638),
        "#23395d",
        (
            (60, 50, 40, "hkb", "BANCO DO PORTO"),
            (60, 300, 62, "hkb", "5555 5555 5555 4444"),
            (60, 420, 24, "hk", "VALID THRU"),
            (240, 410, 38, "hk", "11/28"),
            (60, 500, 40, "hk", "LEONG KA WAI"),
            (800, 540, 44, "hkb", "debit"),
        ),
        ("5555 5555 5555 4444",),
    ),
    Sheet(
        "passport",
        (1250, 880),
        "#efe6e2",
        (
            (60, 30, 34, "hkb", "PASSPORT  護照  PASSAPORTE"),
            (460, 110, 22, "hk", "Type / 類別"),
            (460, 140, 30, "hk", "P"),
            (640, 110, 22, "hk", "Country code"),
            (640, 140, 30, "hk", "UTO"),
            (900, 110, 22, "hk", "Passport No. / 護照號碼"),
            (900, 140, 34, "hkb", "L898902C3"),
            (460, 220, 22, "hk", "Surname / Given names"),
            (460, 250, 32, "hk", "ERIKSSON, ANNA MARIA"),
            (460, 330, 22, "hk", "Date of birth"),
            (460, 360, 32, "hk", "12 AUG 1974"),
            (900, 330, 22, "hk", "Sex"),
            (900, 360, 32, "hk", "F"),
            (460, 440, 22, "hk", "Date of expiry"),
            (460, 470, 32, "hk", "15 APR 2012"),
            (30, 730, 44, "mono", "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"),
            (30, 795, 44, "mono", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"),
        ),
        ("L898902C3",),
    ),
    Sheet(
        "card-back",
        (1012, 638),
        "#e6eee2",
        (
            (50, 40, 26, "hk", "簽發機關 / Issuing authority"),
            (50, 80, 26, "hk", "REPUBLIC OF UTOPIA"),
            (50, 160, 22, "hk", "Residence permit"),
            (40, 400, 50, "mono", "I<UTOD231458907<<<<<<<<<<<<<<<"),
            (40, 470, 50, "mono", "7408122F1204159UTO<<<<<<<<<<<6"),
            (40, 540, 50, "mono", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"),
        ),
        ("D23145890",),
    ),
    Sheet(
        "customer-list",
        (1100, 560),
        "#ffffff",
        _table(
            "客戶名單 2026 年第三季",
            [("序號", "姓名", "身份證號碼", "電話"), *((str(at + 1), *row) for at, row in enumerate(_LIST))],
            "hk",
            (60, 180, 400, 760),
        ),
        tuple(number for _, number, _ in _LIST),
    ),
    Sheet(
        "chat",
        (828, 720),
        "#1b1d22",
        (
            (40, 40, 26, "hk", "VIP 房訂房群 (36)"),
            (110, 120, 24, "hk", "阿明:客人陳生要訂兩晚"),
            (110, 180, 24, "hk", f"佢個身份證號碼 {card('chat')}"),
            (110, 240, 24, "hk", "信用卡 4012 8888 8888 1881 到期 05/27"),
            (110, 300, 24, "hk", "收到,已經幫佢入咗房"),
            (110, 380, 24, "hk", "By the way, breakfast for two please"),
            (110, 440, 24, "hk", "Obrigado! Até amanhã."),
        ),
        (card("chat"), "4012 8888 8888 1881"),
    ),
)


def _rotated(angle: float) -> Callable[[Image.Image], Image.Image]:
    return lambda picture: picture.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor="#8a8478")


def _blurred(picture: Image.Image) -> Image.Image:
    return picture.filter(ImageFilter.GaussianBlur(2.8))


def _low(picture: Image.Image) -> Image.Image:
    width, height = picture.size
    return picture.resize((width * 34 // 100, height * 34 // 100), Image.Resampling.BILINEAR)


def _noisy(picture: Image.Image) -> Image.Image:
    """Add grain that is the same every time, and the blocks of a photo sent through several hands."""
    grain = _grain()
    tiled = Image.new("L", picture.size)
    for x in range(0, picture.width, grain.width):
        for y in range(0, picture.height, grain.height):
            tiled.paste(grain, (x, y))
    mixed = Image.blend(picture, Image.merge("RGB", (tiled,) * 3), 0.35)
    return _jpeg(mixed, 12)


def _grain() -> Image.Image:
    state = 12_345
    values = bytearray()
    for _ in range(199 * 211):
        state = (state * 1_103_515_245 + 12_345) % (1 << 31)
        values.append(state >> 23)
    return Image.frombytes("L", (199, 211), bytes(values))


def _jpeg(picture: Image.Image, quality: int) -> Image.Image:
    out = BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return Image.open(BytesIO(out.getvalue())).convert("RGB")


def _aslant(picture: Image.Image) -> Image.Image:
    """Photograph it lying on a table, from below and from the right."""
    width, height = picture.size
    wide = Image.new("RGB", (width * 13 // 10, height * 13 // 10), "#6b5d4f")
    wide.paste(picture, (width * 15 // 100, height * 15 // 100))
    # What stands at the corners of the result, from the top left on, counter-clockwise.
    corners = (-90, -40, 20, wide.height + 30, wide.width - 10, wide.height - 60, wide.width + 60, 50)
    return wide.transform(wide.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC)


def _faxed(picture: Image.Image) -> Image.Image:
    """Send it by fax: black and white, at 100 dots per inch."""
    width, height = picture.size
    grey = picture.convert("L").resize((width * 6 // 10, height * 6 // 10), Image.Resampling.BILINEAR)
    darkest, lightest = grey.getextrema()
    middle = (float(darkest) + float(lightest)) / 2  # type: ignore[arg-type]
    return grey.point(lambda value: 255 if value > middle else 0).convert("RGB")


def _far(picture: Image.Image) -> Image.Image:
    """Photograph it with a telephone from across the table, a little askew and out of focus."""
    table = Image.linear_gradient("L").resize((4032, 3024)).convert("RGB")
    sheet = picture.rotate(7, Image.Resampling.BICUBIC, expand=True, fillcolor="#7a7a7a")
    table.paste(sheet, (1400, 900))
    return _jpeg(table.filter(ImageFilter.GaussianBlur(1.2)), 40)


def _clean(picture: Image.Image) -> Image.Image:
    return picture


LEVELS: Final[dict[str, Callable[[Image.Image], Image.Image]]] = {
    "clean": _clean,
    "turned by 90": _rotated(90),
    "turned by 180": _rotated(180),
    "turned by 270": _rotated(270),
    "skewed by 4": _rotated(4),
    "skewed by -4": _rotated(-4),
    "skewed by 10": _rotated(10),
    "skewed by -10": _rotated(-10),
    "blurred": _blurred,
    "low resolution": _low,
    "noise and JPEG": _noisy,
    "aslant": _aslant,
    "faxed": _faxed,
    "far away": _far,
}


def produce(folder: Path) -> None:
    """Draw all sheets anew."""
    (folder / "cards").mkdir(exist_ok=True)
    for sheet in SHEETS:
        sheet.draw().quantize(32).save(folder / "cards" / f"{sheet.name}.png", optimize=True)
