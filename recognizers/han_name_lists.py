"""The surnames of the Chinese, how Macau, Hong Kong and the mainland spell them, and what stands beside a name.

In:    nothing; these are lists.
Out:   `SPELLED`, `SURNAMES`, `WORDY`, `RARE`, `COMPOUND`, `GIVEN`, `NEVER_GIVEN`, `NOT_NAMES`, and the words
       around a name.
Never: a list of people; a given name in full.

Written by hand in Traditional characters; `both` adds the Simplified ones. Macau's spellings follow the syllabary of
Decree-Law 88/85/M, which has been mandatory for residents' names since 1986; older and Hong Kong spellings and pinyin
are in daily use beside it.
"""

from recognizers.simplified import SIMPLIFIED

# Commonest first. Macau's spelling comes first, then Hong Kong's, then pinyin and what else is in use.
_SPELLED = """
陳 Chan Chen Tan,李 Lei Lee Li,黃 Wong Vong Huang Wang Ng,梁 Leong Leung Liang,張 Cheong Cheung Zhang Chang Teo,
吳 Ng Wu Ung,王 Wong Vong Wang Ong,劉 Lao Lau Liu Low,林 Lam Lin Lim,何 Ho He,楊 Ieong Yeung Yang Young Yeong,
郭 Kuok Kwok Guo Kuo,鄭 Cheang Cheng Zheng Tay,周 Chao Chau Chow Zhou Chou,馮 Fong Fung Feng,蔡 Choi Tsoi Cai Tsai,
許 Hoi Hui Xu Hsu,譚 Tam Tan,鄧 Tang Deng,曾 Chang Tsang Zeng,葉 Ip Yip Ye Yeh,謝 Che Tse Xie,蘇 Sou So Su,
盧 Lou Lo Lu,黎 Lai Li,鍾 Chong Chung Zhong,朱 Chu Zhu,胡 Wu Hu Woo,高 Kou Ko Gao Kao,羅 Lo Law Luo,余 U Yu Yue,
徐 Choi Chui Tsui Xu,趙 Chio Chiu Zhao Chao,孫 Sun Suen,馬 Ma Mah,麥 Mak Mai,潘 Pun Poon Pan,關 Kuan Kwan Guan,
甘 Kam Gan,呂 Loi Lui Lu Lyu,阮 Un Yuen Ruan,袁 Un Yuen Yuan,區 Ao Au Ou,歐 Ao Au Ou,鄺 Kuong Kwong Kuang,
蕭 Sio Siu Xiao Hsiao,方 Fong Fang,施 Si Sze Shi Sy,洪 Hong Hung,龍 Long Lung,杜 Tou To Du,溫 Wan Wen,沈 Sam Shum Shen,
唐 Tong Tang,容 Iong Yung Rong,岑 Sam Shum Cen,伍 Ng Wu,莫 Mok Mo,簡 Kan Jian,駱 Lok Luo,陸 Lok Luk Lu,
湯 Tong Tang,范 Fan,彭 Pang Peng,姚 Io Yiu Yao,韓 Hon Han,顏 Ngan Yan,蒙 Mong Mung Meng,程 Cheng Ching,江 Kong Jiang,
金 Kam Kum Jin,丁 Teng Ting Ding,石 Seak Shek Shi,田 Tin Tian,余 Yu,賴 Lai,連 Lin Lian,龔 Kong Kung Gong,童 Tong Tung,
董 Tong Tung Dong,侯 Hao Hau Hou,馬 Ma,崔 Choi Chui Cui,廖 Lio Liu Liao,熊 Hong Hung Xiong,戴 Tai Dai,宋 Song Sung,
任 Iam Yam Ren,傅 Fu,霍 Fok Huo,柯 O Or Ke,招 Chio Chiu,冼 Sin Xian,利 Lei Lee,文 Man Wen,尹 Wan Wen Yin,白 Pak Bai,
卓 Cheok Cheuk Zhuo,易 Iek Yik Yi,賀 Ho He,萬 Man Wan,古 Ku Gu,辛 San Sun Xin,魏 Ngai Wei,錢 Chin Qian,嚴 Im Yim Yan,
俞 U Yu,柳 Lao Lau Liu,凌 Leng Ling,倪 Ngai Ni,翁 Iong Yung Weng,殷 Ian Yan Yin,鄒 Chao Chau Zou,詹 Chim Zhan,
車 Che Che,紀 Kei Kee Ji,邱 Iao Yau Qiu,游 Iao Yau You,尤 Iao Yau You,邵 Sio Siu Shao,史 Si Shi,秦 Chon Chun Qin,
陶 Tou To Tao,姜 Keong Keung Jiang,賈 Ka Jia,夏 Ha Xia,雷 Loi Lui Lei,鮑 Pao Pau Bao,包 Pao Pau Bao,龐 Pong Pang,
聶 Nip Nie,祝 Chok Chuk Zhu,舒 Su Shu,符 Fu,梅 Mui Mei,莊 Chong Zhuang,康 Hong Kang,毛 Mou Mo Mao,孔 Hong Hung Kong,
常 Seong Sheung Chang,成 Seng Shing Cheng,管 Kun Koon Guan,樊 Fan,葛 Kot Ge,藍 Lam Lan,甄 Ian Yan Zhen,譚 Tam,
鄔 Wu,柏 Pak Bai,歐 Au,司 Si,于 U Yu,汪 Wong Wang,覃 Tam Qin,閔 Man Min,韋 Wai Wei,華 Wa Hua,巫 Mou Mo Wu,
勞 Lou Lo Lao,苗 Mio Miu Miao,談 Tam Tan,梅 Mui,應 Ieng Ying,阮 Yuen,薛 Sit Xue,姬 Kei Ji,池 Chi,涂 Tou To Tu,
房 Fong Fang,段 Tun Tuen Duan,申 San Shen,章 Cheong Cheung Zhang,季 Kuai Kwai Ji,屈 Wat Qu,項 Hong Xiang,
向 Heong Heung Xiang,練 Lin Lian,卜 Pok Puk Bu,佘 Se Shea She,仇 Sao Sau Qiu,寧 Neng Ning,闕 Kuet Kuit Que,
布 Pou Po Bu,歸 Kuai Kwai Gui,狄 Tek Dik Di,莘 San,畢 Pat But Bi,左 Cho Zuo,饒 Io Yiu Rao,桂 Kuai Kwai Gui,
敖 Ngou Ngo Ao,谷 Kok Kuk Gu,楚 Cho Chu,費 Fai Fei,耿 Kang Geng,鄢 In Yan,麗 Lai,繆 Mio Miu Miao,
歐陽 Ao-Ieong Ao-Yeong Au-Yeung Ouyang,司徒 Si-Tou Szeto Seto Situ,上官 Seong-Kun Sheung-Kwun Shangguan,
倫 Lon Lun,蔣 Cheong Tseung Jiang,曹 Chou Tso Cao,顧 Ku Koo Gu,孟 Mang Meng,喬 Kio Kiu Qiao,魯 Lou Lo Lu,郝 Kok Hao,
翟 Chak Zhai,
禤 Hun Huen,蒲 Pou Po Pu,湛 Cham Zhan,植 Chek Chik,甯 Neng Ning,諸葛 Chu-Kot Zhuge,司馬 Si-Ma Sima
"""

# Of the surnames above, those that are words or ends of words too (課程主任, 對方律師): in the middle of a sentence
# they count only where all that follows reads like a given name.
_WORDY = """
向 于 任 文 方 成 常 連 白 平 安 時 金 高 應 項 章 石 古 池 車 房 易 管 毛 萬 華 谷 季 田 利 招 施 包 江 夏 段 申 程
區 關 游 史 紀 費 康 范 容 布 歸 麗 寧 左 莊 談 司 龍 童 孔 單 余 植 倫
"""

# Surnames without a spelling above: they count only at an edge, before what reads like a given name.
_RARE = """
計 曲 伏 米 貝 冉 冷 卞 危 尚 慎 曹 查 柴 牛 班 瞿 祁 祖 秋 竺 羊 聞 臧 苑 茅 荀 荊 藺 虞 衛 詩 諸 郎 郝 郁 鄂 鄞 酈
鈕 閻 閆 闞 陰 雍 雲 霄 靳 鞏 須 魚 魯 麻 齊 丘 伊 冀 匡 卡 厲 吉 呼 單 喬 婁 孟 宓 宗 宣 宰 屠 岳 巴 幸 戚 戰 敬 景
晏 晁 暢 曠 木 樂 樓 欒 武 毋 淳 湛 滑 滕 漆 烏 牧 甯 盛 睦 稽 竇 裘 裴 褚 諶 豐 邢 邰 邸 閃 隆 隗 陽 隋 雙 靖 顧 佟
冒 仝 揭 蒲 蔚 蔣 蓋 麴 郜 戎 鮮 苟 鄢 佘
"""

_COMPOUND = """
歐陽 司徒 諸葛 上官 司馬 東方 皇甫 尉遲 公孫 慕容 令狐 夏侯 端木 軒轅 西門 南宮 長孫 宇文 獨孤 司空 鮮于 閭丘 百里
呼延 濮陽 淳于 單于 申屠 仲孫 鍾離 澹台 赫連 拓跋 完顏 納蘭 公羊 太史 左丘 范姜 張簡
"""

# Characters that given names are made of, here and on the mainland.
_GIVEN = """
一丹乃之乾亨享亮仁仕伊伍伯佑佩佳俊俏信倩倫偉健傑儀儉元兆先光克兒全冠冬冰凌凡凱利剛創力功加勇勉勝勤勳勵匡千升卓南博卿
厚原友吉同君吟和咏品哲唐善喜喬嘉囡國圓坤城基堂堅境塋增士壯壽夏夢大天奇奕奮女好如妃妍妙妤妮姍姚姬姸姿威娘娜娟娥娣婉婕
婧婭婷媚媛嫣嫦嫻嬋嬌子孝孟季學宇安宏宗定宜宣家容宸富寧寬寶小尚居屏山岐岳岩峰峻峯崇崑崙嵐川州巧平年幸廉廷建弘強彤彥彩
彪彬影征得德心志忠念思怡恆恒恩恭悅悠惟惠愉意愛慈慕慧慶憲懷懿成戎才承振捷揚政敏敬文斌斐新方旋旭旺昂昆昇昌明易昊昕星映
春昭晃晉晏晗晞晟晨景晴晶智暉暄暖暢曉曙曜曦曼月朋朗朝木杏杰松林果枝柏柔柱柳栢栩桂桐桓梁梅梓棟森植椿楊楓楚榕榮樂樺樹橋
歡欣正武毅民永求汝江池汶沁沛沅河波泉泓法泰洋洛洪津浚浩浪海涓涵淇淑淞淦淨深淳清渝渭港湖湘源溢溶滔滿漢漪潔潤潮澄澤濠濤
炎炘炳炯烈烽焜焯煇煊煌煒煜煥照煬熊熙燊燁燃燈燕燦爍爾牧玄玉玟玥玫玲珂珈珉珊珍珠珩珮珺現球理琛琦琨琪琬琳琴琼瑋瑕瑗瑚瑛
瑜瑞瑤瑩瑪瑰瑾璀璇璋璐璧環璿瓊甄甜生用田甲申男畅登發皓益盈盛真睿瞳石碧磊祐祖祥祺祿禎福禧禮秀秉秋科穎穗積立章童端竹筠
策簡米粵精紀純紅素紫細紹結絢統絲維綉綠綸綺綾緯練縈繁績繡繼續羚美群羨義翔翠翰翹翼耀聖聞聰肇育胤能臣至興舒航良艷艾芊芍
芙芝芬芯芮花芳芷芸苑苗若英茂茗茜茵荃荔荷莉莎莊菁菊華菱菲萍萬葆葉葦葵蒨蓉蓓蓮蔓蔚蔭蕊蕓蕙蕭蕾薇藍藝蘆蘇蘭蘊虎虹蝶融行
衍裕褀詠詩詳誠語誼諾謙謹譽豪貞貴賀賓賜賢贊起超越路軍軒輝轉辰迅迪迎逸逵進達遠適遙邦郁都里重金釗鈞鈴鉅鉉銀銘銳鋒鋼錕錚
錢錦鍇鎧鎮鏡鐘鐵鑫鑾長門開閔陽陞陶隆雁雄雅集雙雨雪雯雲雷電霆震霏霖霜霞露靄青靖靜韜韻順頌預頤願顯風飛首香馥馨駒駿騏騰
驄驊驥魁魯鳳鳴鴻鵑鵬鶯鶴鸞麒麗麟黛鼎龍齡衡珏珞韋添欽釧鏗鑑鈺懋旻昱晧梵棠沂泳洵浠涴淼湛滢漩澔炫熹爵甫禹祈稚穩竣聿芃芹
茹莹萱蓁蕎薰衛諭賡軾逢邑釋頎少展然夫妹根水有笑齊錫沃康洲灼畹笙藹觀貽道銓鎏鐸韶馳騫灝鍵暐楹莛葭飴世日啟啓仲廣業權標沖
滋濬璟璘篤羲翎聯致臻苓苡訓謀護豐輔遜雋霽颯鯤合守希庚序律恕悟擎樞歌治滄耕赫西言淘潼疇稼程祚穆裳暹湯漫瀅熾琸瑨盟紘縉肅
諄貫鉦鋆鵠佐伶侑侖勛卉坪埕堯壕妡姵婗嫺孜寅岱嵩巍帆彰忻恬愷戈拓挺攸旎旼昀晊朔杉柯樑歆殷澧煦燿珀琇琮瓏畇皚盺睎磬祉祟秦
筱箏粲紋綽翊聆肖舜芩菡葳蓀蘅裴謐谷賦邵鄰鈿錡閎韵頡飄駱鴦黎
"""

# Characters that no given name has; most of any sentence is made of them.
_NEVER_GIVEN = """
返埋仔住晝晒曬緊番掉局署廳處氏記的了是在不我你他她它們這那個與及或其被把就也很到從對為以於上下但而所還會可要說請等並
只已經時將給又去來嘅咗啲喺佢哋唔係冇嗎呢吧啊呀哦嗰咁點乜邊過著啦喇嚟俾畀睇講話嘢噉嘞喎咩嘛些么什甚麼誰哪怎您咱俺看叫
找問收寄發做買賣打開關送帶拿用每各此該另某第號至由向往因故且則卻再才都沒未必須應能需比使令讓替跟和自己角分期鐘件份張
間次位名種樣層樓街室座款項費錢證卡碼址電郵者
"""

# Words that begin with a surname and go on with characters that given names have, and places.
_NOT_NAMES = """
張單 張卡 張咭 張藍 張紅 張白 張證 張証 張票 張枱 張檯 張床 張凳 張相 張圖 張表 張紙 張收 張發 張支 張信 張銀
張身 張回 張護 張通 張機 張船 張門 張會 張八 張個 毛重 毛利 毛巾 毛病 毛衣 毛孩 凌晨 盛大 祝賀 祝福 祝您 祝君
賀卡 甘草 甘蔗 洪水 湯水 湯圓 魚生 路過 路人 路線 路口 路面 水上 喬遷
鍾意 鐘意 古怪 古靈 晏晝 連埋 成日 成個 成班 成件 成世 成功 時時 平到 易過 白費 白食 包埋 包住 金錢 金毛 盛惠 水塘
溫書 溫習 高大 龍船 麥記 石仔 冷氣 曾幾 高興 高度 高級 高層 高峰 高速 高中 高小 高考 高達 高士德 高清 高新 高原 高品
高端 高雄 高明 方便 方法 方面 方式 方向 方案 方針 方程 任何 任務 任意 任期 任命 任職 任教 何時 何處 何以 何必 何況
周末 周年 周圍 周期 周邊 周刊 周報 周日 周六 周一 周二 周三 周四 周五 周轉 金額 金融 金屬 金牌 金沙 金門 金華 金光
金山 金邊 金色 金庫 金銀 金價 金星 文件 文化 文字 文員 文書 文章 文明 文學 文教 文憑 文藝 文具 文物 黃金 黃色 黃昏
黃河 黃山 黃埔 黃大仙 黃海 黃石 時間 時候 時期 時代 時段 時常 程序 程度 程式 關於 關係 關閘 關注 關鍵 關心 關閉 關節
關愛 白色 白天 白雲 白酒 白金 白宮 白銀 平安 平均 平台 平日 平時 平常 平方 平衡 平等 平面 平板 連接 連同 連續 連線
連忙 連勝 連鎖 連帶 連結 連環 安全 安排 安裝 安心 安徽 安慰 安靜 安康 安定 安樂 馬上 馬路 馬達 馬來 馬場 馬尼拉 馬會
馬拉松 馬德里 馬祖 石油 石頭 石排灣 石材 石家莊 華人 華語 華僑 華南 華東 華北 華為 華中 江門 江西 江蘇 江河 江南
夏天 夏季 夏日 秋天 秋季 常常 常見 常用 常年 常務 常委 常識 常規 常州 常德 章程 章節 單位 單據 單獨 單一 單身 單純
單程 項目 經理 經濟 經常 經過 經驗 經營 經典 施工 施行 施政 施肥 包括 包裝 包含 包裹 包容 包機 計劃 計算 計時 成本
成員 成立 成為 成果 成績 成交 成都 成年 成長 成熟 成人 成份 成分 成品 孔雀 水費 水電 水平 水果 水泥 水源 水管 水晶
水務 水利 水坑尾 申請 申報 申訴 申明 古代 古典 古董 古蹟 古老 歷史 溫度 溫州 溫泉 溫馨 溫暖 車輛 車站 車位 車主 車費
車牌 齊全 齊心 龍頭 龍舟 龍年 龍華 湯水 湯圓 湯類 陳述 陳列 陳皮 陳舊 陳年 張開 張貼 許可 許多 許諾 謝謝 謝絕 謝意
謝幕 唐朝 唐人 唐山 唐卡 宋朝 曾經 林業 林木 林地 林區 林立 林茂塘 林則徐 沙田 余下 余額 余款 余數 萬一 萬元 萬人
萬事 萬里 萬能 應該 應用 應付 應收 應當 應對 應有 應急 原因 原來 原則 原本 原料 路程 路面 路線 路環 路氹 路人 路口
路牌 路段 國家 國際 國內 國慶 國語 國民 國外 國產 國王 年度 年齡 年級 年終 年初 年輕 年報 年薪 年金 明天 明白 明年
明細 明確 明顯 明星 明珠 全部 全面 全球 全日 全年 全國 全新 全家 全體 全程 全民 全文 全力 全職 生日 生產 生活 生效
生意 生物 生命 生態 生存 和平 和諧 同意 同時 同事 同學 同步 同等 同心 同樣 相關 相信 相同 相等 相機 相應 通知 通過
通常 通訊 通用 通行 通宵 信用 信息 信貸 信任 信心 信件 信託 信號 強調 強化 強制 強烈 都市 都會 說明 說法 家庭 家長
家居 家人 家屬 家鄉 家用 家電 公司 公開 公共 公里 公園 公布 公民 公眾 公平 公式 公正 公益 公寓 公務 公安 公路 公關
別人 別墅 別處 管理 管道 管家 管制 毛利 毛巾 毛衣 毛病 田徑 田野 田園 花園 花費 花生 花城 花卉 花旗 花地瑪 花市 紅色
紅利 紅包 紅酒 紅十字 紅茶 紅街市 海外 海關 海洋 海南 海上 海鮮 海邊 海景 海灣 海口 海濱 海珠 海運 年月 祖國 祖先
祖父 祖母 解決 解釋 解除 解放 解答 原價 沙灘 沙發 沙律 沙梨頭 米飯 米粉 米線 米蘭 牛肉 牛奶 牛角 牛扒 魚類 雲南 雲端
雲浮 甘肅 甘草 鄭州 柳州 徐州 蘇州 蘇格蘭 杭州 梅州 韶關 武漢 武器 武術 武裝 武警 洛陽 洪水 利潤 利益 利率 利息 利用
利物浦 利是 季度 季節 季軍 寧波 寧夏 寧願 寧靜 盛大 盛行 盛世 簡單 簡介 簡報 簡體 簡稱 簡歷 簡化 杜絕 康樂 康復 康健
童年 童裝 梅花 蘭州 莫非 莫斯科 莫名 左右 左手 左邊 游泳 游客 游戲 丁香 容易 容量 容納 容器 顏色 顏料 歐洲 歐元 歐盟
歐美 韓國 韓元 韓式 藍色 藍卡 藍天 藍牙 池塘 房間 房屋 房地產 房東 房產 房租 雷達 雷電 雷雨 溫室 祝福 祝賀 祝願 祝壽
符合 符號 符文 段落 布置 布局 布料 布吉 左岸 費用 費率 費時 應聘 官方 官員 官網 官邸 貝殼 冷靜 冷凍 冷水 尚未 尚有
尚書 支付 支持 支票 支援 支出 邊界 邊境 查詢 查看 查閱 查證 曹操 里斯本 里程 里面 吉林 吉祥 吉他 吉隆坡 富裕 富豪
富貴 富強 木材 樂園 樂器 樂隊 樂意 樓宇 樓下 樓價 樓梯 武夷山 豐富 豐收 豐田 豐盛 路透 通州 陽光 陽江 陽台 門口 門市
門票 門牌 門診 雙方 雙語 雙倍 雙人 雙月 顧客 顧問 顧慮 展示 展覽 展開 展望 展現 原子 凡是 才能 初步 初級 初中 由於
由此 過程 過去 過年 過敏 過關 倪虹 巴士 巴黎 巴西 幸福 幸運 幸好 景點 景色 景氣 仇恨 章魚 應變 招聘 招待 招商 招生
招標 招牌 利氏 包頭 談判 談話 談論 汪洋 蒙古 蒙特 伍佰 麥當勞 麥克 麥田 麥片 東方明珠 西門町 百里挑一 太史公 周知
周一至 江山 何賢公園 何東圖書館 盧廉若 二龍喉 鏡湖 紀念 紀律 紀錄 紀要 章則 龍環 馬閣 馬交 馬騮 馬介休 孔子 孟子
莊子 文華 文創 文康 錢幣 錢財 錢包 錢莊 田心 石英 高鐵 高通 高爾夫 金鐘 金鑽 金龍 金麗華 戴上 戴口罩 夏威夷 夏令
利安 安永 安盛 安泰 和記 匯豐 常青 常春 長者 華潤 華發 華夏 新馬路 司打口 司法 司機 司儀 司長 白鴿巢 白馬行 方正
方圓 連江 連雲 石歧 石岐 金寶 金豐 萬科 萬達 萬利 萬國 萬豪 田灣 林肯 馬可波羅 羅馬 羅湖 羅列 羅浮 羅拔 李寧 李錦記
周大福 周生生 謝瑞麟 陳李濟 王老吉 馬克思
"""

TITLES = (
    "先生|小姐|女士|太太|夫人|醫生|醫師|律師|大律師|總經理|經理|老師|主任|議員|同學|校長|教授|博士|師傅|司機|"
    "師兄|師姐|姑娘|阿姨|婆婆|伯母|院長|處長|局長|司長|科長|課長|隊長|警官|督察|法官|檢察官|秘書|顧問|部長|組長|"
    "會長|主席|理事長|院士|神父|修女|牧師|護士|藥師|會計師|工程師|建築師|董事長|董事|總監|總裁|老闆|老板|導師|"
    "大哥|大姐|伯伯|叔叔|主管|專員|行長|店長|副總|法師|居士"
)
"""What stands behind a name and is no part of it."""

TITLES_OF_SURNAMES = "生|太|總|董|哥|姐|叔|伯|嬸|sir|Sir|SIR"
"""What stands right behind a bare surname."""

NO_TITLE_AFTER = (
    "生產活命物意日成存長效態育動氣還理平陽多大極空古過子監結數體裁共和是部經公計額會程作人資業具廠藝商地費時姐哥媽父"
)
"""What makes another word of "生", "太", "總" …: 陳生產, 王太多, 李總結."""

ROLES = (
    "客戶|客人|顧客|員工|僱員|雇員|同事|學生|病人|患者|會員|業主|租客|住客|申請人|投保人|受保人|受益人|收款人|"
    "付款人|收件人|寄件人|聯絡人|聯繫人|負責人|經手人|經辦人|持證人|持卡人|當事人|委託人|代理人|法定代表|擔保人|"
    "借款人|承租人|出租人|買方|賣方|乘客|旅客|司機|股東|董事|經理|主任|律師|醫生|議員|校長|教授|主席|局長|處長|"
    "秘書|會計|姓名|名字|戶名|本人|我叫|叫做|名叫|先夫|亡妻|丈夫|妻子|家長|業戶|授權|茲證明|打款到|匯款給|匯款至|"
    "匯給|轉帳給|轉賬給|付款給|過數俾|過數畀|配偶|兒子|女兒|父親|母親|爸爸|媽媽|老公|老婆|太太|外僱|家傭|朋友|"
    "老闆|死者|嫌犯|被告人|被告|原告|證人"
)
"""What stands right before a name: a role, a form's question, a relation."""

OWNED = (
    "身份證|身分證|香港身份證|澳門身份證|證號|證件|駕駛執照|車牌|外地僱員|外僱證|居住證|納稅|稅號|葡國|銀行|"
    "信用卡|中國銀行|護照|回鄉證|藍卡|電話|手機|手提|電郵|郵箱|地址|住址|戶口|帳戶|賬戶|帳號|賬號|卡號|病歷|薪金|"
    "工資|薪酬|糧單|生日|出生|履歷|檔案|簽名|簽證|微信|資料|體檢|診斷|欠款|貸款|保單|社保"
)
"""What stands right behind a name, with or without 的: something that is that person's."""

CLOSINGS = "敬上|謹上|謹啟|敬啟|頓首|謹識|敬具|敬約|鞠躬|簽署"
"""What stands behind the name under a letter."""

NOT_AFTER = (
    "廣場|大馬路|馬路|街|路|道|巷|里|圍|前地|斜巷|公路|隧道|大橋|公園|花園|大廈|中心|紀念|基金|公司|有限|銀行|"
    "酒店|飯店|餐廳|茶餐廳|粥麵|餅家|中學|小學|學校|大學|書院|圖書館|醫院|藥房|藥業|珠寶|金行|集團|企業|工程|"
    "建築|貿易|地產|置業|證券|保險|物流|科技|國際|娛樂|寺|廟|堂|樓|閣|苑|邨|村|市|縣|省|區|鎮|島|灣|站|故居|"
    "博物館|獎|盃|杯|主義|時間|年代|系列|牌"
)
"""What makes a street, a company or a place of the name before it."""

EPONYMS = "廣場|大馬路|馬路|街|前地|斜巷|大橋|公園|紀念|故居|基金|圖書館|醫院|中學|小學|書院|大學|獎|盃|杯"
"""Behind a title, what makes a street or a prize of the person: 羅理基博士大馬路."""


def both(text: str) -> str:
    """Return a text and, where it differs, the text in Simplified characters, without spaces or line ends."""
    packed = "".join(text.split())
    simplified = "".join(SIMPLIFIED.get(char, char) for char in packed)
    return "".join(dict.fromkeys(packed + simplified))


def both_words(words: str) -> list[str]:
    """Return the words of a list, separated by spaces, line ends or "|", in both kinds of characters; longest first."""
    listed = words.replace("|", " ").split()
    simplified = ["".join(SIMPLIFIED.get(char, char) for char in word) for word in listed]
    return sorted(dict.fromkeys([*listed, *simplified]), key=len, reverse=True)


SPELLED: dict[str, frozenset[str]] = {}
"""Surname, in either kind of characters -> its spellings in Latin letters, in lower case, hyphens as spaces."""

for _entry in _SPELLED.replace("\n", "").split(","):
    _surname, *_spellings = _entry.split()
    for _form in both_words(_surname):
        _known = SPELLED.get(_form, frozenset())
        SPELLED[_form] = _known | {spelling.casefold().replace("-", " ") for spelling in _spellings}

SURNAMES = frozenset(surname for surname in SPELLED if len(surname) == 1)
WORDY = frozenset(both(_WORDY))
RARE = frozenset(both(_RARE)) - SURNAMES
COMPOUND = frozenset(both_words(_COMPOUND))
NEVER_GIVEN = frozenset(both(_NEVER_GIVEN))
GIVEN = frozenset(both(_GIVEN)) - NEVER_GIVEN
NOT_NAMES = frozenset(both_words(_NOT_NAMES))
