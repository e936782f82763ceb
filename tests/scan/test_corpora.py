"""Days of honest office text, made up from templates and full of numbers: nothing in it may act."""

import random
from datetime import date, timedelta

import pytest

from cerco.extract.text import Text
from cerco.scan.detector import Detector
from tests.scan.conftest import severe

SENTENCES = {
    "zh-Hant": (
        "發票編號 {n8},日期 {ymd},總額 MOP {amount}。",
        "訂單{n8}已於{ymd}出貨,運單號 {n12}。",
        "請於{dmy}前致電 {phone} 或 {mobile} 與李小姐聯絡。",
        "根據第8/2005號法律第十九條及第二十條,資料不得擅自轉移。",
        "合約編號:{n8},續期至{iso}。",
        "採購單 PO-{n8} 及收據 {n8} 已核對。",
        "本月營業額 {n8} 元,較去年 {n8} 元上升。",
        "會議號 {n9},密碼 {n6},時間 {iso} 10:30。",
        "申請人請帶身份證正本,於{ymd}到大堂領取,輪候號碼 {n3}。",
        "貨號 {n13},批號 {n8},數量 {n3}。",
        "銀行假期 {iso},查詢熱線 {phone}。",
        "支票號碼 {n6},憑證編號 {n10}。",
        "供應商商業登記編號 {n8},開業日期{ymd}。",
        "請將款項過數後傳真收據至 {phone}。",
        "本行轉帳手續費為每筆 {n3} 元,上限 {n8} 元。",
        "信用卡優惠:消費滿 {n4} 元即享九折。",
        "版本 {n8},流水號 {n10}。",
        "員工編號 {n8} 的假期申請已批核。",
        "身份證到期日為{dmy}的同事請儘快續期。",
        "客戶編號 {n8},請回覆工單 {n9}。",
    ),
    "zh-Hans": (
        "发票号码:{n8},开票日期{ymd},金额{amount}元。",
        "快递单号 {n15},预计{iso}送达。",
        "订单号 {n19} 已付款。",
        "会议 ID:{n9},会议时间{iso}。",
        "联系电话 {mobile},传真 {phone}。",
        "合同编号 {n8} 已归档,凭证号 {n10}。",
        "库存数量 {n8} 件,条码 {n13}。",
        "请携带身份证于{ymd}前来办理。",
        "支付宝交易号 {n15}。",
        "统计显示共有 {n8} 人次入境。",
    ),
    "pt": (
        "Factura n.º {n8}, de {dmy}, no valor de MOP {amount}.",
        "Encomenda {n8} entregue em {iso}; guia n.º {n10}.",
        "Contacto: {phone} ou telemóvel {mobile}.",
        "Nos termos da Lei n.º 8/2005, artigos 19.º e 20.º, aguarde autorização.",
        "Processo n.º {n8}/2024, despacho de {dmy}.",
        "O orçamento ascende a {n8} patacas.",
        "Conta de água n.º {n8} paga em {dmy}.",
        "Recibo {n10} emitido; referência {n9}.",
        "O fornecedor do lote n.º {n8} foi pago por transferência.",
        "Traga o seu BIR no dia {dmy}, às 10:30.",
    ),
    "en": (
        "Invoice no. {n8} dated {iso}, total MOP {amount}.",
        "Order {n8} shipped, tracking {n12}.",
        "Please call {phone} or {mobile} before {dmy}.",
        "Meeting ID: {n9}, passcode {n6}.",
        "Ticket ID {n8} was closed, see case {n8}.",
        "ISBN 978-99937-{n1}-{n3}-0, barcode {n13}.",
        "Revenue was {n8} last year and {n8} this year.",
        "Quotation {n8}, PO {n8}, contract {n8}.",
        "Bring your ID card on {iso}; lot no. {n8}.",
        "Transfer of USD {n9} approved, reference {n10}.",
        "Build {n8}, timestamp {epoch}, commit {hex}.",
        "Bank holiday on {iso}; hotline {phone}.",
        "Booking {n8}, voucher {n10}, serial {n12}.",
        "Employee ID {n8}, device ID {n15}.",
    ),
}

TABLES = (
    ("單號\t日期\t金額\n", "{n8}\t{ymd}\t{amount}\n"),
    ("訂單編號,客戶,電話,金額\n", "{n8},甲公司,{phone},{n8}\n"),
    ("发票号码,日期,数量,运单号\n", "{n8},{iso},{n3},{n12}\n"),
    ("Factura;Data;Valor\n", "{n8};{dmy};{n8}\n"),
    ("Invoice,Date,Customer,Phone,Amount\n", "{n8},{iso},ACME,{mobile},{amount}\n"),
    ("SKU|Barcode|Qty\n", "{n8}|{n13}|{n3}\n"),
)

TITLES = (
    "會議紀錄 {iso}",
    "發票{n8}.pdf",
    "客戶服務熱線{phone}",
    "個人資料保護政策",
    "個人資料收集聲明.docx",
    "員工手冊2024",
    "報價單-{n8}.xlsx",
    "客户满意度调查",
    "产品价目表.pdf",
    "会员大会通知",
    "采购清单_{ymd}.xlsx",
    "Lista de preços {ymd}",
    "Acta da reunião de {dmy}",
    "Lei da Protecção de Dados Pessoais",
    "Orçamento {n8}.pdf",
    "Price list for customers",
    "Invoice {n8}.pdf",
    "Staff handbook",
    "Personal Data Protection Act",
    "IMG_{ymd}_{n6}.jpg",
    "Screenshot {iso}.png",
    "scan{n8}.pdf",
    "Marketing plan",
    "資料夾",
    "名單抽獎規則",
)


def seeded(seed: object) -> random.Random:
    return random.Random(str(seed))  # noqa: S311 - the same every time, on purpose


def values(chance: random.Random) -> dict[str, str]:
    day = date(2019, 1, 1) + timedelta(days=chance.randrange(2200))
    fields = {
        f"n{length}": "".join(chance.choices("0123456789", k=length))
        for length in (1, 3, 4, 6, 8, 9, 10, 12, 13, 15, 19)
    }
    # The worst case of every eight digits: they look like a resident's ID.
    fields["n8"] = chance.choice("157") + fields["n8"][1:]
    return fields | {
        "ymd": day.strftime("%Y%m%d"),
        "dmy": day.strftime("%d-%m-%Y"),
        "iso": day.isoformat(),
        "phone": f"28{chance.randrange(10**6):06}",
        "mobile": f"6{chance.randrange(10**7):07}",
        "amount": f"{chance.randrange(10**7):,}.{chance.randrange(100):02}",
        "epoch": str(1_700_000_000_000 + chance.randrange(10**10)),
        "hex": f"{chance.getrandbits(40):010x}",
    }


def filled(template: str, chance: random.Random) -> str:
    for name, value in values(chance).items():
        template = template.replace("{" + name + "}", value)
    return template


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("language", SENTENCES)
def test_letters_are_clean(detector: Detector, language: str, seed: int) -> None:
    chance = seeded(f"{language} {seed}")
    for _ in range(60):
        letter = "\n".join(filled(chance.choice(SENTENCES[language]), chance) for _ in range(chance.randrange(1, 8)))
        assert not severe(detector, Text("p", letter)), letter


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize(("header", "row"), TABLES)
def test_tables_are_clean(detector: Detector, header: str, row: str, seed: int) -> None:
    chance = seeded(seed)
    table = header + "".join(filled(row, chance) for _ in range(30))
    assert not severe(detector, Text("p", header, "header"), Text("p", table)), table


@pytest.mark.parametrize("title", TITLES)
def test_titles_are_clean(detector: Detector, title: str) -> None:
    for seed in range(5):
        content = filled(title, seeded(seed))
        for role in ("title", "filename"):
            assert not severe(detector, Text("p", content, role)), content


LEAKS = {
    "zh-Hant": (
        ("客人{name}的身份證號碼係{bare},麻煩跟進", "macau-id-card"),
        ("{name} {printed} 已核對", "macau-id-card"),
        ("麻煩幫我改返張單,證件號碼:{bare}", "macau-id-card"),
        ("澳門居民身份證編號為 {bare},聯絡電話 {mobile}", "macau-id-card"),
        ("訂單{n8}:買家身份證 {bare}", "macau-id-card"),
        ("請過數到 {name} 嘅大豐戶口 {account}", "bank-account"),
        ("收款銀行:中國銀行澳門分行\n帳號:{boc}", "bank-account"),
        ("退款卡號 {card}", "payment-card"),
    ),
    "zh-Hans": (
        ("客户{name},身份证号{bare}", "macau-id-card"),
        ("{name}({printed})已签收", "macau-id-card"),
        ("账户名:{name},账号:{account}", "bank-account"),
        ("银行卡 {card},有效期12/27", "payment-card"),
    ),
    "pt": (
        ("O cliente {name}, titular do BIR n.º {bare}, pediu reembolso.", "macau-id-card"),
        ("Bilhete de Identidade de Residente de Macau n.º {printed}", "macau-id-card"),
        ("Favor creditar a conta n.º {account} do BNU.", "bank-account"),
        ("Cartão n.º {card}", "payment-card"),
    ),
    "en": (
        ("Guest {name}, Macau ID {bare}, arrives tomorrow.", "macau-id-card"),
        ("Passport copy missing; ID card no. is {bare}.", "macau-id-card"),
        ("{name} - {printed}", "macau-id-card"),
        ("Please remit to account {account} at Tai Fung.", "bank-account"),
        ("His card is {card}, thanks", "payment-card"),
    ),
}


@pytest.mark.parametrize(("template", "rule"), [leak for leaks in LEAKS.values() for leak in leaks])
def test_the_same_text_with_a_leak_in_it_is_not(detector: Detector, template: str, rule: str) -> None:
    for seed in range(15):
        chance = seeded(seed)
        number = chance.choice("157") + f"{chance.randrange(10**7):07}"
        leak = filled(template, chance)
        for name, value in {
            "name": chance.choice(("陳大文", "Chan Tai Man", "João da Silva")),
            "bare": number,
            "printed": chance.choice((f"{number[:7]}({number[7]})", f"{number[0]}/{number[1:7]}/{number[7]}")),
            "account": f"{chance.randrange(3, 10)}{chance.randrange(10**9):09}",
            "boc": f"180{chance.randrange(10**12):012}",
            "card": chance.choice(("4111 1111 1111 1111", "5555555555554444", "378282246310005")),
        }.items():
            leak = leak.replace("{" + name + "}", value)
        assert [finding.rule for finding in severe(detector, Text("p", leak))] == [rule], leak
