"""Every text is there in every language, says the same blanks, and is written the way its readers write."""

import re
from io import BytesIO
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po, write_po

import cerco
from cerco.decide.justify import _Texts as JustifyTexts
from cerco.decide.notices import Texts
from cerco.decide.wording import LANGUAGES, TEMPLATE, Language, Wording, catalogue
from cerco.desk.texts import DeskTexts

LOCALE = Path(cerco.__file__).parent / "locale"
OTHERS: tuple[Language, ...] = ("zh-Hant", "zh-Hans", "pt")
READ = {language: catalogue(language) for language in LANGUAGES}
SOURCE = {name: english for name, (english, _) in READ["en"].items()}
HAN = r"\u3400-\u9fff"


def said(language: Language, name: str) -> str:
    return READ[language][name][1]


def blanks(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


# ---- Whole ----


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_has_just_what_the_template_has(language: Language) -> None:
    assert list(READ[language]) == list(SOURCE)
    assert {path.stem for path in LOCALE.glob("*.po")} == {one.replace("-", "_") for one in OTHERS}


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated_from_the_english_of_today(language: Language) -> None:
    known = READ[language]
    assert [name for name in SOURCE if known[name][0] != SOURCE[name]] == [], "the English has changed since"
    assert [name for name in SOURCE if not known[name][1]] == [], "missing or fuzzy"
    assert [name for name in SOURCE if known[name][1] != known[name][1].strip()] in ([], ["message.comma"])


@pytest.mark.parametrize("language", OTHERS)
def test_a_blank_is_a_blank_in_every_language(language: Language) -> None:
    assert [name for name in SOURCE if blanks(said(language, name)) != blanks(SOURCE[name])] == []


def test_no_text_is_there_for_nothing() -> None:
    """What no model has a field for fails when the models are loaded; a whole section must be somebody's, too."""
    sections = {name.partition(".")[0] for name in SOURCE}
    assert sections == {field for model in (Texts, DeskTexts, JustifyTexts) for field in model.model_fields}


@pytest.mark.parametrize("name", [TEMPLATE, *(f"{language.replace('-', '_')}.po" for language in OTHERS)])
def test_a_catalogue_is_written_as_translators_tools_write_it(name: str) -> None:
    """So that a translator's save changes nothing but what was translated."""
    data = (LOCALE / name).read_bytes()
    written = BytesIO()
    write_po(written, read_po(BytesIO(data), locale=None if name == TEMPLATE else name.removesuffix(".po")), width=110)
    assert written.getvalue().decode() == data.decode()


# ---- Written as its readers write ----


def encodable(char: str, codec: str) -> bool:
    try:
        char.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


@pytest.mark.parametrize(("language", "codec"), [("zh-Hant", "big5"), ("zh-Hans", "gb2312")])
def test_each_chinese_keeps_to_its_own_script(language: Language, codec: str) -> None:
    """Big5 has no character that is only simplified, GB 2312 none that is only traditional."""
    foreign = {
        name: char
        for name in SOURCE
        for char in re.findall(f"[{HAN}]", said(language, name))
        if not encodable(char, codec)
    }
    assert foreign == {}


@pytest.mark.parametrize(
    ("codec", "char", "fits"),
    [
        ("big5", "這", True),
        ("big5", "这", False),
        ("gb2312", "这", True),
        ("gb2312", "這", False),
        ("big5", "号", False),
    ],
)
def test_the_codecs_tell_the_scripts_apart(codec: str, char: str, fits: bool) -> None:
    assert encodable(char, codec) is fits


# Words of the other side of the border, or of the other side of the Atlantic.
FOREIGN_WORDS: dict[Language, str] = {
    "zh-Hant": r"信息|默認|保存到|發送|點擊|文件(?!證明)|設備|軟件包|服務器|網絡端口|硬盤|打印",
    "zh-Hans": r"檔|傳送|訊息|裝置|伺服器|程式|開啟|点按|憑|私隱|影片|资讯|滑鼠",
    "pt": r"\b(?:tela|celular|usu[aá]rio|senha|baixar|salvar|cadastro|planilha|você|compartilh\w+|clique|direto"
    r"|diretamente|proteção|direção|retificação|ação|ações|seleção|exato|exatamente|ativ[oe]r?)\b",
}


@pytest.mark.parametrize("language", OTHERS)
def test_words_are_those_of_macau_or_of_the_mainland(language: Language) -> None:
    foreign = re.compile(FOREIGN_WORDS[language], re.IGNORECASE)
    menus = re.compile(r"«[^»]*»|“[^”]*”|「[^」]*」")  # called what systems call them
    found = {name: match[0] for name in SOURCE if (match := foreign.search(menus.sub("", said(language, name))))}
    assert found == {}


@pytest.mark.parametrize("language", ["zh-Hant", "zh-Hans"])
def test_chinese_is_set_as_chinese(language: Language) -> None:
    """Full-width marks beside Han characters, quotation marks of its own, no gap where a long line was folded."""
    quotes = "[“”]" if language == "zh-Hant" else "[「」]"
    badly = re.compile(rf"[{HAN}][,:;()!?.]|[,:;()!?][{HAN}]|[\u3000{HAN}] [\u3000{HAN}]|[\"']|{quotes}")
    assert {name: match[0] for name in SOURCE if (match := badly.search(said(language, name)))} == {}


@pytest.mark.parametrize("language", OTHERS)
def test_it_is_a_translation_and_not_a_copy(language: Language) -> None:
    names_of_things = ["setup.windows", "setup.macos", "setup.android"]
    kept = [name for name in SOURCE if said(language, name) == SOURCE[name] and name != "message.comma"]
    assert kept == names_of_things
    if language != "pt":
        plain = [name for name in SOURCE if not re.search(f"[{HAN}、，]", said(language, name))]
        assert plain == names_of_things


def test_the_two_chinese_are_two_wordings_where_usage_differs() -> None:
    pairs = (("傳送", "发送"), ("檔案", "文件"), ("訊息", "消息"), ("裝置", "设备"), ("憑證", "证书"), ("上載", "上传"))
    converted = [
        name
        for name in SOURCE
        for traditional, simplified in pairs
        if traditional in said("zh-Hant", name) and simplified not in said("zh-Hans", name)
    ]
    assert converted == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_accused(language: Language) -> None:
    harsh = re.compile(r"violat|breach|illegal|unauthori|違規|违规|違法|违法|infrac|proibid|!|！", re.IGNORECASE)
    assert [name for name in SOURCE if harsh.search(said(language, name))] == []


# ---- Said ----


def test_a_language_nobody_speaks_is_answered_in_english() -> None:
    words = Wording.model_validate({"zh-Hant": "甲", "zh-Hans": "乙", "pt": "c", "en": "d {n}"})
    assert [words.say(language) for language in ("zh-Hant", "zh-Hans", "pt")] == ["甲", "乙", "c"]
    assert words.say("fr", n=3) == words.say("en", n=3) == "d 3"


@pytest.mark.parametrize("name", ["page.law", "privacy.lead"])
def test_the_law_is_named_as_it_is_called(name: str) -> None:
    assert "第8/2005號法律《個人資料保護法》" in said("zh-Hant", name)
    assert "第8/2005号法律《个人资料保护法》" in said("zh-Hans", name)
    assert "Lei n.º 8/2005 (Lei da Protecção de Dados Pessoais)" in said("pt", name)
    assert "Law 8/2005 (Personal Data Protection Act)" in said("en", name)


@pytest.mark.parametrize("name", ["page.regulator", "privacy.complaint_text"])
def test_the_regulator_is_named_as_it_is_called(name: str) -> None:
    assert all("DSPDP" in said(language, name) for language in LANGUAGES)
    assert "個人資料保護局" in said("zh-Hant", name)
    assert "个人资料保护局" in said("zh-Hans", name)
    assert "Direcção dos Serviços da Protecção de Dados Pessoais" in said("pt", name)


def test_rights_are_those_of_articles_10_to_12() -> None:
    assert re.findall(r"article (\d+)", said("en", "privacy.rights_text")) == ["10", "11", "12"]
    assert re.findall(r"artigo (\d+)\.º", said("pt", "privacy.rights_text")) == ["10", "11", "12"]
    for language in ("zh-Hant", "zh-Hans"):
        text = said(language, "privacy.rights_text")
        assert re.findall(r"第(.{1,2})[條条]", text) == ["十", "十一", "十二"]
