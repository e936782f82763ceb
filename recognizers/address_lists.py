"""Streets of Macau, its parishes, and the words that addresses are made of, in Chinese and in Portuguese.

In:    nothing; these are lists.
Out:   `STREETS_HAN`, `STREETS_LATIN`: streets by name; `REGIONS_HAN`, `REGIONS_LATIN`: what they lie in; the kinds of
       street and of building, and the words that end like one.
Never: a house number; a copy of a register. The list was written by hand: main streets and those whose names would not
       be known for streets. A street that is not in it is found by its form.
"""

from recognizers.han_name_lists import both_words

STREETS_HAN = """
亞美打利庇盧大馬路 新馬路 宋玉生廣場 友誼大馬路 高士德大馬路 荷蘭園大馬路 荷蘭園正街 南灣大馬路 殷皇子大馬路
蘇亞利斯博士大馬路 孫逸仙大馬路 孫逸仙博士大馬路 水坑尾街 羅理基博士大馬路 馬揸度博士大馬路 冼星海大馬路 北京街
上海街 廣州街 巴黎街 倫敦街 柏林街 布魯塞爾街 波爾圖街 里斯本街 罅些喇提督大馬路 提督馬路 渡船街 連勝馬路 連勝街
雅廉訪大馬路 美副將大馬路 士多紐拜斯大馬路 慕拉士大馬路 黑沙環馬路 黑沙環海邊馬路 黑沙環中街 黑沙環新街 馬場海邊馬路
馬場東大馬路 東北大馬路 東方明珠街 菜園路 關閘馬路 關閘廣場 拱形馬路 青洲大馬路 青洲河邊馬路 林茂海邊大馬路
爹美刁施拿地大馬路 火船頭街 河邊新街 下環街 媽閣街 媽閣上街 十月初五日街 十月初五街 草堆街 營地大街 議事亭前地
大堂前地 板樟堂街 板樟堂前地 白馬行 伯多祿局長街 羅保博士街 約翰四世大馬路 商業大馬路 家辣堂街 西灣街 西灣湖街
民國大馬路 司打口 福隆新街 清平直街 庇山耶街 大關斜巷 俾利喇街 文第士街 鏡湖馬路 沙梨頭海邊街 沙梨頭海邊大馬路
沙梨頭街 沙梨頭南街 嘉路米耶圓形地 三盞燈 柯利維喇街 飛良韶街 賈伯樂提督街 得勝馬路 東望洋街 東望洋新街 加思欄馬路
海邊馬路 地厘古工程師馬路 二龍喉街 士多鳥拜斯大馬路 若憲馬路 亞馬喇馬路 松山馬路 水塘馬路 友誼巷 皇朝街 畢仕達大馬路
馬濟時總督大馬路 何鴻燊博士大馬路 觀音堂街 賈羅布大馬路 大三巴街 賣草地街 果欄街 關前街 關前正街 關前後街 高尾街
蘆石塘 爐石塘街 康公廟前地 新埗頭街 惠愛街 木橋街 新橋街 大興街 大纜巷 渡船巷 蓮溪新街 永樂街 同安街 瘋堂斜巷
瘋堂新街 聖味基街 肥利喇亞美打大馬路 塔石廣場 塔石街 盧廉若馬路 柯高馬路 高園街 高樓街 龍頭左巷 亞婆井前地
亞婆井斜巷 風順堂街 三巴仔街 崗頂前地 東方斜巷 夜呣斜巷 主教巷 燒灰爐街 竹室正街 媽閣廟前地 成都街 埃武拉街 米尼奧街
布拉干薩街 柯維納馬路 史伯泰海軍將軍馬路 哥英布拉街 基馬拉斯大馬路 官也街 地堡街 巴波沙總督街 海洋花園大馬路
徐日昇寅公馬路 望德聖母灣大馬路 路氹連貫公路 體育館大馬路 機場大馬路 偉龍馬路 大學大馬路 奧林匹克大馬路 廣東大馬路
佛山街 南京街 施督憲正街 消防隊巷 告利雅施利華街 木鐸街 嘉模斜路 龍環葡韻 七潭公路 聯生海濱路 石排灣馬路 黑沙馬路
竹灣馬路 船人街 恩尼斯總統前地 計單奴街 蝴蝶谷大馬路 蓮花海濱大馬路 蓮花路 溜冰路 射擊路
"""

STREETS_LATIN = """
Almeida Ribeiro,Alameda Dr. Carlos d'Assumpção,Amizade,Horta e Costa,Conselheiro Ferreira de Almeida,Praia Grande,
Infante D. Henrique,Doutor Mário Soares,Dr. Sun Yat Sen,Rua do Campo,Dr. Rodrigo Rodrigues,Francisco Vieira Machado,
Xian Xing Hai,Rua de Pequim,Rua de Xangai,Rua de Cantão,Rua de Paris,Rua de Londres,Rua de Berlim,Rua do Porto,
Almirante Lacerda,Rua da Barca,Coelho do Amaral,Ouvidor Arriaga,Coronel Mesquita,Sidónio Pais,Venceslau de Morais,
Marginal da Areia Preta,Marginal do Hipódromo,Avenida do Nordeste,Istmo de Ferreira do Amaral,Portas do Cerco,
Estrada do Arco,Conselheiro Borja,Demétrio Cinatti,Rua das Lorchas,Almirante Sérgio,Praia do Manduco,Rua da Barra,
Cinco de Outubro,Rua das Estalagens,Rua dos Mercadores,Largo do Senado,Largo da Sé,Rua de São Domingos,
Pedro Nolasco da Silva,Dr. Pedro José Lobo,D. João IV,Avenida Comercial,Rua de Santa Clara,Avenida da República,
Ponte e Horta,Rua da Felicidade,Camilo Pessanha,Francisco Xavier Pereira,Estrada do Repouso,Ribeira do Patane,
Carlos da Maia,Almirante Costa Cabral,Estrada da Vitória,Ferreira do Amaral,Estrada de São Francisco,
Engenheiro Trigo,Cacilhas,Adolfo Loureiro,Marciano Baptista,Governador Jaime Silvério Marques,Rua de São Paulo,
Rua da Palha,Rua dos Ervanários,Nossa Senhora do Amparo,Pedro Coutinho,Lou Lim Ieoc,Praça do Tap Seac,
Tomás da Rosa,Conselheiro Tap Siac,Calçada da Vitória,Rua Central,Padre António,São Lourenço,Rua do Seminário,
Calçada da Barra,Largo do Lilau,Santo Agostinho,Rua de Évora,Rua do Minho,Rua de Bragança,Albano de Oliveira,
Almirante Marques Esparteiro,Rua de Coimbra,Avenida de Guimarães,Rua do Cunha,Correia da Silva,Tamagnini Barbosa,
Jardins do Oceano,Padre Tomás Pereira,Nossa Senhora da Esperança,Estrada do Istmo,Nave Desportiva,Wai Long,
Avenida da Universidade,Avenida Olímpica,Avenida de Kwong Tung,Rua de Fat San,Rua de Nam Keng,Seng Tou,
Regedor,Sete Tanques,Seac Pai Van,Estrada de Hac Sá,Cheoc Van,Rua dos Navegantes,Presidente António Ramalho Eanes,
Rua do Caetano,Vale das Borboletas,Marginal Flor de Lótus,Flor de Lótus,Rua da Patinagem,Rua do Tiro,Aeroporto
"""

REGIONS_HAN = (
    "澳門特別行政區|澳門半島|澳門|氹仔|凼仔|路環|路氹城|路氹|花地瑪堂區|聖安多尼堂區|花王堂區|大堂區|望德堂區|"
    "風順堂區|嘉模堂區|聖方濟各堂區|新口岸|黑沙環|祐漢|台山|筷子基|青洲|沙梨頭|新橋|下環|南灣|西灣|石排灣|香港|"
    "九龍|新界|珠海|廣州|深圳|中山"
)
REGIONS_LATIN = (
    "Macau|Macao|MACAU|Taipa|TAIPA|Coloane|COLOANE|Cotai|COTAI|RAEM|Hong Kong|Kowloon|New Territories|N\\.T\\.|"
    "Zhuhai|Nossa Senhora de Fátima|Santo António|São Lázaro|São Lourenço|Areia Preta|ZAPE|NAPE|Ilha Verde|"
    "Iao Hon|San Kio|Patane|Horta da Mitra"
)

STREET_KINDS_HAN = "大馬路|馬路|前地|斜巷|斜路|斜坡|石級|圓形地|街|巷|廣場|公路|大道|圍|路|道|里|台|徑|坊|弄|胡同"
ENDINGS_OF_WORDS = frozenset(both_words("路|道|里|台|徑|坊|弄|圍"))
"""Kinds of street that words end with, too: 知道, 公里. They take a region or a unit beside them."""

NO_STREETS = (
    "知道|報道|頻道|渠道|味道|軌道|赤道|街道|通道|隧道|管道|人道|跑道|車道|賽道|道路|公里|這里|那里|哪里|家里|"
    "心里|夜里|鐵路|網路|思路|線路|電路|一路|走路|上路|出路|半路|絲路|後台|平台|電台|陽台|前台|櫃台|舞台|窗台|"
    "月台|講台|範圍|周圍|外圍|包圍|氛圍|上街|行街|逛街|出街|落街|大街|過馬路|鐵道|國道|高速公路|時代廣場"
)
"""Words that end like a street, and what they are followed by is no house."""

BUILDING_KINDS_HAN = (
    "工業大廈|商業大廈|大廈|花園|廣場|中心|新邨|新村|豪庭|豪園|別墅|山莊|大樓|公寓|小區|家園|半島|名門|酒店|宿舍|"
    "邨|村|閣|苑|軒|樓|居|城|台|庭|灣|園|峰|薈|匯|府"
)

STREET_KINDS_LATIN = (
    "Rua|Avenida|Av\\.|Ave\\.|Travessa|Trav\\.|Estrada|Calçada|Calcada|Beco|Pátio|Patio|Largo|Praça|Praca|"
    "Praceta|Alameda|Rotunda|Rampa|Caminho|Azinhaga|Escada|Istmo"
)
STREET_KINDS_ENGLISH = (
    "Road|Street|Avenue|Lane|Drive|Terrace|Crescent|Boulevard|Highway|Path|Praya|Rd\\.?|St\\.?|Ave\\.?|Blvd\\.?"
)
