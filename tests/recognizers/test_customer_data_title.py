import unicodedata

import pytest

from recognizers.customer_data_title import CustomerDataTitleRecognizer

RECOGNIZER = CustomerDataTitleRecognizer()


def found(text: str, recognizer: CustomerDataTitleRecognizer = RECOGNIZER) -> list[str]:
    return [text[each.start : each.end] for each in recognizer.analyze(text, ["CUSTOMER_DATA_TITLE"])]


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("2024客戶名單.xlsx", "客戶名單"),
        ("客戶聯絡人資料", "客戶聯絡人資料"),
        ("客戶_名單_v2", "客戶_名單"),
        ("員工10月薪酬", "員工10月薪酬"),
        ("ＶＩＰ客戶名單", "ＶＩＰ客戶名單"),
        ("会员信息.csv", "会员信息"),
        ("身份证复印件", "身份证复印件"),
        ("LISTA DE CLIENTES.pdf", "LISTA DE CLIENTES"),
        ("relacao de utentes", "relacao de utentes"),
        ("base_de_dados_de_clientes", "base_de_dados_de_clientes"),
        ("CustomerList_2024.csv", "CustomerList"),
        ("our client contact list", "client contact list"),
        ("list-of-patients.docx", "list-of-patients"),
        ("KYC forms", "KYC forms"),
    ],
)
def test_finds_phrases_of_four_languages(text: str, phrase: str) -> None:
    assert phrase in found(text)


def test_finds_decomposed_accents_as_far_as_they_keep_their_length() -> None:
    assert found("relação de clientes")
    assert not found(unicodedata.normalize("NFD", "relação de clientes"))  # the scan room composes them first


@pytest.mark.parametrize(
    "text",
    [
        "客戶服務熱線",
        "客戶滿意度調查資料",
        "個人資料保護政策",
        "客戶資料表範本",
        "會員大會通知",
        "客戶:附上價格資料",
        "个人信息保护声明",
        "客户端数据",
        "Lei da Protecção de Dados Pessoais",
        "lista de preços para clientes",
        "dados técnicos",
        "Personal Data Protection Act",
        "customer service guide",
        "client-side data",
        "price list for customers",
        "blank customer details form",
        "clientele list",
        "data list",
        "",
    ],
)
def test_leaves_alone(text: str) -> None:
    assert found(text) == []


def test_takes_the_longest_of_overlapping_phrases() -> None:
    assert found("客戶個人資料") == ["客戶個人資料"]  # 個人資料 is a phrase too


def test_own_phrases_replace_the_built_in_ones() -> None:
    own = CustomerDataTitleRecognizer({"zh-Hant": ["月結單 * 寄送"]}, {"zh-Hant": ["月結單 樣本"]})
    assert found("月結單電子寄送", own) == ["月結單電子寄送"]
    assert found("月結單樣本寄送", own) == []
    assert found("客戶名單", own) == []


def test_keeps_to_the_entities_asked_for() -> None:
    assert RECOGNIZER.analyze("客戶名單", ["MO_ID_CARD"]) == []
