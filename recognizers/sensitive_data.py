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
from ahocorasick_rs import AhoCorasick

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
        tested positive, 乙型肝炎, 丙肝, 丙型肝炎, 甲肝, 帶菌, 帶菌者, 哮喘, 血癌, 白血病, 淋巴癌, 鼻咽癌,
        前列腺癌, 子宮癌, 卵巢癌, 化驗呈, 呈陽性, 驗出, 有咗BB, 落仔, 墮胎, 小產, 人流, 不孕, 產後抑鬱,
        精神分裂, 精神分裂症, 躁狂, 驚恐症, 強迫症, 過度活躍, 讀寫障礙, 智障, 弱智, 認知障礙, 腦退化, 老人癡呆,
        柏金遜, 帕金森, 羊癇, 抽筋症, 紅斑狼瘡, 痛風, 腎衰竭, 腎病, 肝硬化, 冠心病, 心臟搭橋, 通波仔, 中咗風, 濕疹,
        皮膚病, 椎間盤, 工傷, 病假, 長期病假, 入院, 留醫, 做手術, 覆診, 複診, 睇精神科, 心理治療,
        心理輔導, 吸毒, 毒癮, 酗酒, 自殘, 殘疾評估, 殘疾證, 傷殘津貼, 求診, 病患, 病情, 健康狀況, 肺炎,
        水痘, 猩紅熱, 登革熱, 愛滋病, 艾滋病, 艾滋, 服食精神科藥物, 長期服藥, 糖尿, 血壓高, 血糖高, doença,
        doente com, asma, artrite, leucemia, enfarte, AVC, insuficiência renal, hemodiálise, diálise, aborto, autismo,
        demência, alzheimer, parkinson, toxicodependência, toxicodependente, alcoolismo, ansiedade, burnout,
        seropositivo, internad*, cirurgia, operad* a, consulta de psiquiatria, incapacidade, invalidez,
        deficiente, obesidade, infectad*, infetad*, tratamento oncológico, sífilis, gonorreia, atestada,
        hérnia, lúpus, esclerose, anemia, problema cardíaco, problemas de saúde, asthma, arthritis,
        leukaemia, leukemia, heart attack, heart disease, heart condition, kidney failure, kidney disease, abortion,
        ADHD, dementia, anxiety, panic attacks, suicidal, self-harm, addiction, drug addict, alcoholic, rehab,
        surgery, chemo, radiotherapy, seizures, diabetes type, high blood pressure, breast cancer, lung cancer, hep B,
        hep C, syphilis, mental illness, mental health issue, mental breakdown, nervous breakdown,
        eating disorder, hospitalised, hospitalized, admitted to hospital, on dialysis, medical leave,
        maternity leave, test results, tests positive, HIV positive, learning disability, wheelchair,
        fertility treatment, IVF, covid positive, infected with, medication for, antidepressants, insulin,
        multiple sclerosis, lupus, anaemia, anemia, autistic, schizophrenic, depressed
    """,
    "GENETIC_OR_SEXUAL_DATA": """
        基因檢測, 基因報告, 基因測試, 遺傳病, 性取向, 同性戀, 雙性戀, 跨性別, 性生活, 性傾向, 變性, DNA 報告, DNA鑑定,
        親子鑑定, orientação sexual, homossexual, bissexual, transexual, transgénero, vida sexual, teste genético,
        dados genéticos, teste de ADN, sexual orientation, homosexual, bisexual, transgender, sex life, genetic test,
        genetic data, DNA test, paternity test, lesbian, 同性戀者, 基佬, 出櫃, 出咗櫃, 攣嘅, 同性伴侶, 男男,
        女同, 變性人, 變性手術, 性別認同, 性病史, 染色體, 基因缺陷, 基因突變, DNA檢測, DNA測試, 驗DNA, 性經驗, 性伴侶,
        homossexualidade, lésbica, gay, queer, bissexualidade, identidade de género, mudança de sexo,
        teste de paternidade, ADN, código genético, mutação genética, came out, coming out, sexuality,
        same-sex partner, gender identity, gender reassignment, non-binary, BRCA, gene mutation, genetic mutation,
        genetic disorder, chromosome, DNA profile, sexual partner, sexual partners, sexual history, 基因, 遺傳,
        遺傳性疾病, 性向, 同性婚姻, 同性伴侶關係, 無性戀, 泛性戀, 性別重置, 性行為, 性功能, 性病檢測, 性健康, 性伴,
        血緣鑑定, 親子關係鑑定, 染色體異常, DNA, genétic*, hereditári*, genoma, sexualidade, vida íntima,
        relações sexuais, parceiro sexual, disfunção sexual, homoafetiv*, LGBT, LGBTQ, trans man,
        asexual, genetic, hereditary, genome, genomic, gene test, paternity, sexual health,
        sexual behaviour, sexual behavior, sexually active, sex change, same-sex, homosexuality, bisexuality
    """,
    "POLITICAL_OR_UNION_DATA": """
        政治立場, 政治信念, 政治傾向, 政治聯繫, 政黨, 黨員, 入黨, 工會會員, 工會成員, 參加工會, 加入工會, 工會,
        社團理事, 社團成員, 選民登記, 投票意向, 罷工, 示威, 請願, filiação sindical, sindicato, sindicalizad*,
        filiação partidária, partido convicções políticas, militante, greve, trade union, union member,
        union membership, labour union, political party, party member, political opinion, political views,
        political affiliation, took part in the strike, 中共黨員, 共產黨員, 預備黨員, 黨籍, 政治面貌, 共青團員,
        民主派, 建制派, 社運, 參選, 助選, 政治背景, 街坊會理事, 工聯會, 工會理事, 工會幹事,
        工會代表, 職工會, 投咗邊個, 支持邊個候選人, filiad* no sindicato, dirigente sindical, delegad* sindical,
        membro do partido, membro do sindicato, sindicalista, comunista, socialista, candidat* às eleições, activista,
        convicção grevista, shop steward, union rep, union leader, union activist, member of the union,
        member of a union, joined the union, communist party, political activist, political beliefs, voted for,
        went on strike, pro-democracy, 政見, 政治觀點, 政治取態, 入黨申請, 黨支部, 退黨,
        票投, 工會活動, 勞工團體, 社團會員, 社團職務, 政治社團, sindical, sindicais, partidári*, político,
        política, voto em, votou em, eleitor*, eleições, comissão de trabalhadores,
        associação política, unionised, unionized, union dues, union membership card, union branch,
        party membership, works council,
        on strike, strike committee
    """,
    "RELIGIOUS_DATA": """
        宗教信仰, 宗教, 天主教徒, 基督徒, 佛教徒, 穆斯林, 伊斯蘭教, 回教徒, 教友, 受洗, 領洗, 信奉, 哲學信念, 法輪功,
        道教徒, religião, católic*, muçulman*, budista, evangélic*, batizad*, baptizad*, confissão religiosa,
        crença religiosa, convicções filosóficas, religion, religious belief, Catholic, Christian faith, Muslim,
        Buddhist, baptised, baptized, Hindu, Jewish, church member, 基督教徒,
        印度教徒, 信佛, 信主, 信耶穌, 拜神, 返教會, 教會會友, 教徒, 信徒, 守齋, 禮拜堂,
        耶和華見證人, 摩門教, 守齋戒, 祈禱時間, 出家, 皈依, cristã, cristão, islâmic*, judeu,
        judia, testemunha de jeová, mórmon, ateu, ateia, agnóstic*, hindu, taoísta,
        protestante, Jehovah's Witness, Mormon, atheist, Sikh,
        baptism, converted to, prays five times, church-goer, born again
    """,
    "ETHNIC_DATA": """
        族裔, 種族, 民族, 土生葡人, 少數民族, 原籍, 膚色, 血統, etnia, étnic*, raça, origem racial, macaense,
        cor da pele, ethnicity, ethnic origin, racial origin, race or ethnicity, mixed skin colour, skin color,
        漢族, 回族, 壯族, 滿族, 維吾爾族, 藏族, 蒙古族, 苗族, 彝族, 混血兒, 混血, 有色人種,
        葡裔, 菲裔, 種族背景, 族群, raça negra, raça branca, etnia han, mestiç*, ascendência, origem étnica,
        caucasian, macanese, Han Chinese, black african, mixed-race, of African descent, of Indian descent,
        ethnic group, ethnic minority, ethnic background, Eurasian, race
    """,
    "PRIVATE_LIFE_DATA": """
        離婚, 家暴, 家庭暴力, 收養, 撫養權, 婚外情, 分居, 贍養費, 私生子, 非婚生, 婚姻狀況, 婚姻破裂, 感情破裂,
        打老婆, 外遇, divórcio, divorciad*, violência doméstica, adopção, adoptad*, guarda dos filhos,
        pensão de alimentos, relação extraconjugal, filho fora do casamento, vida privada, divorce, divorced,
        domestic violence, adopted child, custody, alimony, extramarital, affair with, separated from, 離咗婚, 離過婚,
        離婚證, 離緊婚, 婚變, 有第三者, 小三, 包二奶, 外面有人, 私生女, 領養, 養子, 養女, 單親, 單親媽媽, 單親家庭,
        未婚生子, 未婚媽媽, 家庭糾紛, 家庭問題, 爭產, 分咗居, 虐妻, 虐兒, 性騷擾, 裸照, 私密照, 撫養費, 探視權,
        監護權, 婚姻問題, 夫妻不和, 被老公打, 被丈夫打, separad* de, separação judicial, em processo de separação,
        guarda do filho, guarda da filha, poder paternal, pensão alimentar, violência conjugal, maus tratos,
        vítima de violência, mãe solteira, pai solteiro, infidelidade, assédio sexual, divorciou-se,
        divorciar-se, divorcing, getting divorced, custody battle, child custody, custody of, single mother,
        single mum, single mom, single parent, cheating on, extra-marital, love affair, having an affair, mistress,
        abusive husband, abusive relationship, domestic abuse, restraining order, adopted son, adopted daughter,
        marital problems, marriage problems, illegitimate child, sexual harassment, 婚外, 偷情, 情婦, 情夫,
        二奶, 私生活, 婚姻危機, 離異, 喪偶, 寡婦, 棄養, 婆媳, 被家暴, 打仔, 虐待, 贍養, 撫養,
        caso amoroso, vida familiar, crise conjugal, conflito conjugal, adultério, traiu, bigamia,
        viúva, viúvo, tutela dos filhos, marriage breakdown, estranged, adultery, infidelity, private life,
        family problems, widowed, unwed mother, child support, foster child, girlfriend pregnant
    """,
    "CRIMINAL_RECORD": """
        刑事紀錄, 刑事記錄, 犯罪紀錄, 犯罪記錄, 前科, 案底, 被告人, 嫌犯, 嫌疑人, 涉嫌, 判處徒刑, 判囚, 監禁, 緩刑,
        假釋, 坐監, 行政處罰, 違例紀錄, 刑事紀錄證明, 良民證, 無犯罪紀錄, registo criminal, cadastro criminal,
        antecedentes criminais, arguid*, condenad*, pena de prisão, pena suspensa, suspeit* de,
        infracção administrativa, certificado de registo criminal, criminal record, criminal history, convicted,
        conviction, sentenced to, defendant, imprisonment, on probation, police record, suspected of, arrested for,
        有案底, 坐過監, 坐過牢, 坐牢, 入獄, 出獄, 服刑, 刑滿, 被告, 判監, 被拘捕, 拘留, 定罪, 有罪,
        認罪,
        詐騙罪, 盜竊罪, 傷人罪, 販毒罪, 犯罪史, 犯罪前科, 刑事檔案, 刑事案底, 留案底, 守行為, 感化令, 醉駕, 高利貸罪,
        洗黑錢罪, 司警拘捕, 嫌疑犯, 犯罪嫌疑人, 重犯, 累犯, 判刑, 黑社會成員, registo criminal limpo,
        presa por, detid*, prisão preventiva, foi julgad*, acusad* de, condenação, cumpriu pena, cadastrad*,
        reclus*, furto, burla, tráfico de droga, processo-crime, constituíd* arguid*, ex-recluso,
        acusação de, roubo, ex-presidiári*, criminal conviction, prior conviction, prior convictions, ex-convict,
        ex-con, served time, did time, jail time, in jail, went to jail, jailed, in prison, imprisoned,
        charged with, found guilty, pleaded guilty, felony, misdemeanour, convicted of, drug trafficking,
        drink driving, wanted by the police, criminal background, criminal charges, detained by
    """,
    "CREDIT_RECORD": """
        信貸紀錄, 信貸記錄, 信貸評級, 信用評級, 信用報告, 壞帳, 壞賬, 呆帳, 拖欠, 欠款, 欠債, 逾期還款, 破產,
        償付能力, 追數, 黑名單, 債務重組, 高利貸, 賭債, 爛尾數, solvabilidade, incumprimento, em dívida, dívidas,
        insolvência, insolvente, crédito malparado, penhora, lista negra, cobrança judicial, credit score,
        credit record, credit report, credit rating, credit history, bad debt, defaulted, in arrears, overdue loan,
        bankrupt, bankruptcy, insolvent, gambling debt, blacklisted, debt collection, owes, 信貸報告, 信用紀錄,
        信用記錄, 信用不良, 徵信, 徵信黑名單, 征信, 信用黑名單, 失信, 失信人, 老賴, 壞賬紀錄, 欠卡數, 爭卡數, 卡數,
        欠數, 走數, 爭人錢, 欠銀行, 欠賭場, 欠貴賓廳, 大耳窿, 財務公司追數, 破咗產, 申請破產, 被追債, 追債, 債仔,
        債務人, 無力償還, 還唔到錢, 遲還款, 逾期未還, 逾期貸款, 供樓斷供, 斷供, 拖數, 凍結戶口, 資不抵債, 欠薪紀錄,
        devedor, devedora, dívida, endividad*, sobre-endividad*, mau pagador, incumpriment*, prestações em atraso,
        prestação em atraso, falência, falid*, deve dinheiro, deve à, central de riscos, risco de crédito,
        historial de crédito, situação de mora, pagamentos em atraso, hipoteca em atraso, bad credit, poor credit,
        low credit score, credit default, default on, defaulting, delinquent, overdue payments, missed payments,
        late payments, in debt, heavily indebted, debtor, debt collector, debt collectors, loan shark,
        loan sharks, insolvency, foreclosure, repossessed, blacklist, credit bureau, casino marker, overdue loans,
        overdue on,
        unpaid loan, unpaid loans, owes money, owes us
    """,
}


def _pattern(entry: str) -> str:
    stem, star, _ = fold(entry).strip().partition("*")
    body: str = regex.escape(stem.strip()).replace(r"\ ", " ").replace(" ", " {1,2}")
    if not stem[:1].isascii():
        return body
    tail = rf"[a-z]{{0,6}}{regex.escape(fold(entry).strip().partition('*')[2])}" if star else ""
    return rf"(?<![a-z]){body}{tail}(?![a-z])"


def _heads() -> dict[str, list[tuple[str, regex.Pattern[str]]]]:
    """Return the words by what each begins with, up to its first space; with every category's pattern of them."""
    heads: dict[str, dict[str, list[str]]] = {}
    for entity, words in WORDS.items():
        for word in words.split(","):
            head = fold(word).strip().partition("*")[0].partition(" ")[0]
            heads.setdefault(head, {}).setdefault(entity, []).append(word)
    return {
        head: [
            (entity, regex.compile("|".join(_pattern(word) for word in sorted(words, key=len, reverse=True))))
            for entity, words in entities.items()
        ]
        for head, entities in heads.items()
    }


_HEADS = _heads()
_OPENINGS = list(_HEADS)
_AUTOMATON = AhoCorasick(_OPENINGS)


def _escaped(char: str) -> str:
    return "".join(rf"\x{octet:02x}" for octet in char.encode())


def _triggers(words: str) -> Iterator[str]:
    """Yield patterns over UTF-8 bytes that each of the words begins with, in any case, width of script or accent."""
    stems = sorted({fold(word).strip().partition("*")[0] for word in words.split(",")})
    # What begins with another word is found where that is.
    stems = [stem for at, stem in enumerate(stems) if not at or not any(map(stem.startswith, stems[:at]))]
    for first in range(0, len(stems), _AT_ONCE):
        yield "(?i)(?:" + "|".join(map(_octets, stems[first : first + _AT_ONCE])) + ")"


def _octets(folded: str) -> str:
    """Write out a folded word: a character may have been Traditional, and a vowel or c or n may bear an accent.

    One in letters begins no later than its word does: "raça", and not "reparação".
    """
    edge = "(?:^|[^A-Za-z])" if folded[:1].isascii() else ""
    return edge + "".join(_UNFOLDED.get(char, char) for char in folded)


_AT_ONCE = 60  # words; an automaton's patterns have a longest length
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
    TRIGGERS = tuple(chain.from_iterable(map(_triggers, WORDS.values())))

    def find(self, text: str) -> Iterator[Match]:
        """Yield every word of every category."""
        folded = fold(text)
        longest: dict[tuple[str, int], int] = {}
        for number, start, _ in _AUTOMATON.find_matches_as_indexes(folded, overlapping=True):
            for entity, pattern in _HEADS[_OPENINGS[number]]:
                if match := pattern.match(folded, start):
                    longest[entity, start] = max(match.end(), longest.get((entity, start), 0))
        reached = dict.fromkeys(self.ENTITIES, 0)
        for (entity, start), end in sorted(longest.items(), key=lambda found: found[0][1]):
            if start >= reached[entity]:
                reached[entity] = end
                yield Match(_MENTION, start, end, entity)
