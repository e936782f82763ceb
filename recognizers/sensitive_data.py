"""Words of the categories that Law 8/2005 protects most, and of criminal and credit records.

In:    a text.
Out:   results for HEALTH_DATA, GENETIC_OR_SEXUAL_DATA, POLITICAL_OR_UNION_DATA, RELIGIOUS_DATA, ETHNIC_DATA,
       PRIVATE_LIFE_DATA (art. 7), CRIMINAL_RECORD (art. 8) and CREDIT_RECORD (art. 22), scored as if they stood alone.
Never: a finding on the words alone: they are in every newspaper. They count beside a person or an identifier, which
       `cerco.scan` sees to, or where a label says whose they are.
"""

from collections.abc import Iterator, Mapping
from itertools import chain

import regex

from recognizers.folding import fold
from recognizers.labels import Kind
from recognizers.shape import Match, Shape, ShapeRecognizer
from recognizers.simplified import SIMPLIFIED

_MENTION = Shape("mention", alone=0.1, labelled=0.1, hinted=0.1, contested=0.1, beside=0.65)

# Han words in Traditional characters; `fold` makes Simplified ones equal. "*" ends a stem.
WORDS: Mapping[str, str] = {
    "HEALTH_DATA": """
        診斷, 確診, 病歷, 化驗報告, 化驗結果, 愛滋, 癌症, 肝癌, 肺癌, 乳癌, 腸癌, 胃癌, 腫瘤, 糖尿病, 高血壓, 心臟病,
        懷孕, 流產, 抑鬱症, 抑鬱, 焦慮症, 躁鬱, 精神科, 精神病, 思覺失調, 自閉症, 傷殘, 殘疾, 肢體殘障, 乙肝, 肝炎,
        梅毒, 性病, 傳染病, 肺結核, 病假紙, 醫生紙, 手術, 化療, 電療, 服藥, 用藥, 處方, 過敏史, 病史, 家族病史,
        體檢報告, 驗血, 血型, 透析, 洗腎, 中風, 癲癇, 濫藥, 戒毒, 陽性, diagnóstico, diagnosticad*, gravidez, grávida,
        deficiência, cancro, tumor, diabetes, hipertensão, VIH, SIDA, seropositiv*, depressão, psiquiatria,
        psiquiátric*, esquizofrenia, hepatite, tuberculose, epilepsia, quimioterapia, atestado médico, baixa médica,
        historial clínico, grupo sanguíneo, alergia*, doença crónica, doente oncológic*, HIV, AIDS, cancer, tumour,
        diabetic, hypertension, pregnant, pregnancy, miscarriage, depression, psychiatric, schizophrenia, bipolar,
        autism, disability, disabled, hepatitis, tuberculosis, epilepsy, chemotherapy, diagnosed, diagnosis,
        medical condition, medical history, sick leave, blood type, allergic to, prescription, dialysis, stroke,
        tested positive
    """,
    "GENETIC_OR_SEXUAL_DATA": """
        基因檢測, 基因報告, 基因測試, 遺傳病, 性取向, 同性戀, 雙性戀, 跨性別, 性生活, 性傾向, 變性, DNA 報告, DNA鑑定,
        親子鑑定, orientação sexual, homossexual, bissexual, transexual, transgénero, vida sexual, teste genético,
        dados genéticos, teste de ADN, sexual orientation, homosexual, bisexual, transgender, sex life, genetic test,
        genetic data, DNA test, paternity test, lesbian
    """,
    "POLITICAL_OR_UNION_DATA": """
        政治立場, 政治信念, 政治傾向, 政治聯繫, 政黨, 黨員, 入黨, 工會會員, 工會成員, 參加工會, 加入工會, 工會,
        社團理事, 社團成員, 選民登記, 投票意向, 罷工, 示威, 請願, filiação sindical, sindicato, sindicalizad*,
        filiação partidária, partido político, convicções políticas, militante, greve, trade union, union member,
        union membership, labour union, political party, party member, political opinion, political views,
        political affiliation, took part in the strike
    """,
    "RELIGIOUS_DATA": """
        宗教信仰, 宗教, 天主教徒, 基督徒, 佛教徒, 穆斯林, 伊斯蘭教, 回教徒, 教友, 受洗, 領洗, 信奉, 哲學信念, 法輪功,
        道教徒, religião, católic*, muçulman*, budista, evangélic*, batizad*, baptizad*, confissão religiosa,
        crença religiosa, convicções filosóficas, religion, religious belief, Catholic, Christian faith, Muslim,
        Buddhist, baptised, baptized, Hindu, Jewish, church member
    """,
    "ETHNIC_DATA": """
        族裔, 種族, 民族, 土生葡人, 少數民族, 原籍, 膚色, 血統, etnia, étnic*, raça, origem racial, macaense,
        cor da pele, ethnicity, ethnic origin, racial origin, race or ethnicity, mixed race, skin colour, skin color
    """,
    "PRIVATE_LIFE_DATA": """
        離婚, 家暴, 家庭暴力, 收養, 撫養權, 婚外情, 分居, 贍養費, 私生子, 非婚生, 婚姻狀況, 婚姻破裂, 感情破裂,
        打老婆, 外遇, divórcio, divorciad*, violência doméstica, adopção, adoptad*, guarda dos filhos,
        pensão de alimentos, relação extraconjugal, filho fora do casamento, vida privada, divorce, divorced,
        domestic violence, adopted child, custody, alimony, extramarital, affair with, separated from
    """,
    "CRIMINAL_RECORD": """
        刑事紀錄, 刑事記錄, 犯罪紀錄, 犯罪記錄, 前科, 案底, 被告人, 嫌犯, 嫌疑人, 涉嫌, 判處徒刑, 判囚, 監禁, 緩刑,
        假釋, 坐監, 行政處罰, 違例紀錄, 刑事紀錄證明, 良民證, 無犯罪紀錄, registo criminal, cadastro criminal,
        antecedentes criminais, arguid*, condenad*, pena de prisão, pena suspensa, suspeit* de,
        infracção administrativa, certificado de registo criminal, criminal record, criminal history, convicted,
        conviction, sentenced to, defendant, imprisonment, on probation, police record, suspected of, arrested for
    """,
    "CREDIT_RECORD": """
        信貸紀錄, 信貸記錄, 信貸評級, 信用評級, 信用報告, 壞帳, 壞賬, 呆帳, 拖欠, 欠款, 欠債, 逾期還款, 破產,
        償付能力, 追數, 黑名單, 債務重組, 高利貸, 賭債, 爛尾數, solvabilidade, incumprimento, em dívida, dívidas,
        insolvência, insolvente, crédito malparado, penhora, lista negra, cobrança judicial, credit score,
        credit record, credit report, credit rating, credit history, bad debt, defaulted, in arrears, overdue loan,
        bankrupt, bankruptcy, insolvent, gambling debt, blacklisted, debt collection, owes
    """,
}


def _pattern(entry: str) -> str:
    stem, star, _ = fold(entry).strip().partition("*")
    body: str = regex.escape(stem.strip()).replace(r"\ ", " ").replace(" ", " {1,2}")
    if not stem[:1].isascii():
        return body
    tail = rf"[a-z]{{0,6}}{regex.escape(fold(entry).strip().partition('*')[2])}" if star else ""
    return rf"(?<![a-z]){body}{tail}(?![a-z])"


_PATTERNS = {
    entity: regex.compile("|".join(_pattern(word) for word in sorted(words.split(","), key=len, reverse=True)))
    for entity, words in WORDS.items()
}


def _escaped(char: str) -> str:
    return "".join(rf"\x{octet:02x}" for octet in char.encode())


def _trigger(words: str) -> str:
    """Return a pattern over UTF-8 bytes that each of the words begins with, in any case, width of script or accent."""
    return (
        "(?i)(?:" + "|".join(sorted({_octets(fold(word).strip().partition("*")[0]) for word in words.split(",")})) + ")"
    )


def _octets(folded: str) -> str:
    """Write out a folded word: a character may have been Traditional, and a vowel or c or n may bear an accent."""
    return "".join(_UNFOLDED.get(char, char) for char in folded)


_TRADITIONAL: dict[str, list[str]] = {}
for _char, _simple in SIMPLIFIED.items():
    _TRADITIONAL.setdefault(_simple, []).append(_char)
_UNFOLDED = {
    **{char: rf"(?:{char}|\xc3[\x80-\xbf]|\xc4[\x80-\xbf])" for char in "aeiounc"},
    " ": r"[ _.\-]{1,2}",
    **{
        char: "(?:" + "|".join(_escaped(one) for one in (char, *_TRADITIONAL.get(char, ()))) + ")"
        for words in WORDS.values()
        for char in fold(words)
        if char > "\x7f"
    },
}


class SensitiveDataRecognizer(ShapeRecognizer):
    """Finds words of sensitive categories; each alone is a mention (0.1)."""

    COUNTRY_CODE = "mo"
    ENTITIES = tuple(WORDS)
    SHAPES = (_MENTION,)
    NAMED_BY = frozenset[Kind]()
    CONTESTED_BY = frozenset[Kind]()
    TRIGGERS = tuple(map(_trigger, WORDS.values()))

    def find(self, text: str) -> Iterator[Match]:
        """Yield every word of every category."""
        folded = fold(text)
        for entity, match in chain.from_iterable(
            ((entity, match) for match in pattern.finditer(folded)) for entity, pattern in _PATTERNS.items()
        ):
            yield Match(_MENTION, match.start(), match.end(), entity)
