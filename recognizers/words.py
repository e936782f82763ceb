"""The words people print beside a number that say whose or what it is, by the kind of number.

In:    nothing; this is a list.
Out:   `WORDS`: for each kind, words separated by commas; "身[份分]證" stands for both spellings.
Never: a word that stands beside every kind of number alike (編號, 號碼, number, n.º); a word that says what the number
       is not: those are in `recognizers.other_words`.

Han words are written in Traditional characters; comparing goes by `fold`, for which Simplified and Traditional are one.
The variants 份 / 分 and 帳 / 賬 are all in daily use in Macau.
"""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "id card": """
        身[份分]證, 居民證, 居留證, 認別證, 澳門居民身[份分]證, 澳門身[份分]證, 澳門居民證, 永久性居民身[份分]證,
        非永久性居民身[份分]證, BIR, BIRs, BIRP, BIRNP, BIRM, BI, BIRPM, BIRNPM, B.I.R., B.I., BIR no, BIRno,
        bilhete de identidade, bilhete de residente, cartão de identidade, cartão de residente, doc. de identidade,
        documento de identidade, documento de identificação, n.º de identidade, nº de identidade, número de identidade,
        cédula de identidade, cédula de identificação policial, Macau ID, Macao ID, MO ID, MSAR ID, resident ID,
        resident card, residents ID, residence card, identity card, identity cards, identitycard, identitycardno,
        identity cardno, identitycardnumber, IDcardnum, identity no, identity number, identity num, identity document,
        identity doc, ID card, ID cards, IDcard, ID card no, IDcardno, ID cardno, IDcardnumber, idcard no, ID no, IDno,
        ID nos, ID number, IDnumber, ID num, ID numbers, ID doc, ID document, IC no, national ID, personal ID,
        resident identity card, 身份證冧把, 身份證明書號, 澳門ID, 澳門 ID, 本地ID, 身份證ID, ID咭, 身份咭,
        身份證正副本, 永居, 非永居, 澳居民證, n.º do BIR, nº do BIR, n.º BIR, nº BIR, BIR/BIRNP, portador do BIR,
        titular do BIR, documento identificativo, Macau resident ID, Macao resident ID, Macau identity card,
        Macao identity card, Macau ID card, Macao ID card, Macau SAR ID, permanent resident ID,
        non-permanent resident ID, ID card#, identity card#, 身證, 身份證:, ID卡, ID咭號, cartão BIR, BIR:, Macau ID:,
        MO ID card
    """,
    "identity": """
        證件, 證件號, 證號, 持證人, 身份證明文件, ID, IDs, ID#, ID copy, identidade, identificação, identification,
        identification no, identification number, doc ident, titular do, titular da, holder of, ID holder, 旅遊證件,
        旅行證件, documento de viagem, travel document, 證件號碼, 證件編號, 證件冧把, 證件類型及號碼, 證件ID, 簽證號,
        簽證號碼, visa application, work visa, entry visa, visa number, visto n.º, proof of identity, identity proof,
        doc. de identificação n.º, tipo e n.º do documento, n.º do documento de identificação,
        document of identification, 🆔, 證:, 身份證明, 身份號碼, 證件:, 證件影印本
    """,
    "passport": """
        護照, 護照號, 護照號碼, 旅行證, 旅遊證, 澳門護照, 特區護照, 特別行政區護照, passaporte, passaportes,
        n.º do passaporte, n.º de passaporte, título de viagem, passport, passports, passport no, passport number,
        passportno, passport#, passport num, ppt no, passport copy, 護照ID, 護照冧把, 葡國護照, 葡萄牙護照, 香港護照,
        中國護照, 菲律賓護照, 越南護照, 印尼護照, 緬甸護照, 英國護照, BNO, BN(O), passaporte n.º, passaporte nº,
        nº do passaporte, nº passaporte, n.º passaporte, número do passaporte, número de passaporte, n.º pass.,
        passport nr, pp no, travel doc no, 護照編號, 外國護照, 旅行護照, 護照資料, passaporte estrangeiro, pasaporte,
        passeport, paspor, hộ chiếu, P/P no, pass no, passport details, passport holder, foreign passport,
        n.º do passaporte estrangeiro, passaporte português, passaporte chinês, passaporte filipino,
        passaporte vietnamita, passaporte indonésio, passaporte birmanês, passaporte de Macau, passaporte da RAEM,
        passaporte da RPC, passaporte de Hong Kong, 護照 no, passport #, passport ID, pass. n.º
    """,
    "worker id": """
        藍卡, 藍卡號, 外地僱員身[份分]認別證, 外僱證, 外僱身[份分]認別證, 外地僱員證, 外地僱員認別證, 外勞證, 外勞咭,
        藍咭, 外僱咭, 外僱卡, 外地僱員, 外勞藍卡, TNR, TNR no, trabalhador não residente, cartão azul, blue card,
        bluecard, blue card no, non-resident worker, non-resident worker ID, non-resident worker card,
        worker permit no, work permit no, 逗留許可, 外地僱員逗留許可, 外地僱員證號, 外勞證號, 藍卡編號, 藍卡號碼,
        藍咭號碼, 非本地勞工, 逗留許可證, 僱員逗留許可, n.º TNR, n.º do TNR, nº TNR, título de TNR, cartão de TNR,
        cartão azul n.º, TNR card, TNR number, non-resident worker's card, non-resident worker permit,
        blue card number, workers permit, worker's permit, 非本地僱員, 外地勞工, 外勞身份證, 外僱號碼, 工人證, TNR n.º,
        TI/TNR, cartão de trabalhador não residente, imported worker, foreign worker ID, migrant worker ID, NRW card,
        NRW ID, non-local worker, 外僱, 外勞, 非居民勞工, 非本地工人, 勞務證, cartão TNR, trabalhador TNR,
        foreign worker card, 外僱認別證, 外地僱員編號, 非居民僱員證, cartão de identificação de TNR, TNR ID
    """,
    "social security": """
        社保, 社保號, 社保編號, 社會保障, 社會保障基金, 社保基金, 受益人編號, 受益人號碼, 社保受益人, 僱主編號,
        僱主註冊編號, 僱主登記編號, 供款人編號, 社保供款, FSS, n.º de beneficiário, número de beneficiário,
        beneficiário do FSS, segurança social, fundo de segurança social, matrícula do empregador,
        n.º de contribuinte do FSS, social security, social security no, social security number, social security fund,
        FSS no, beneficiary no, beneficiary number, beneficiary ID, 社保號碼, 社保卡號, 社會保障編號, 社會保障號碼,
        受益人登記編號, 社保僱主, n.º FSS, nº FSS, n.º do FSS, n.º de inscrição no FSS, nº de beneficiário,
        beneficiário n.º, FSS number, FSS ID, FSS member no, social security ID, social security num, 社保帳號,
        社保登記號, 社保登記編號, FSS編號, FSS號碼, n.º de benef, FSS reg no, FSS account, Social Security Fund no,
        social security beneficiary, social security reg no, 社保供款編號, 供款人號碼, 受益人號, 社會保障號, 社保登記,
        強積金編號, n.º de segurado, segurado n.º, inscrição FSS, FSS beneficiary, FSS employer,
        employer registration no, 社保受益人號碼, 社保受益人編號, 社保基金編號, 僱主號碼, n.º de empregador,
        número do empregador, employer no, employer number, FSS beneficiary no, FSS beneficiary number, 供款編號
    """,
    "taxpayer": """
        納稅人, 納稅人編號, 納稅人號碼, 納稅編號, 稅務編號, 稅務號碼, 稅號, 納稅號, 場所登記, 場所登記編號, 營業稅,
        營業稅編號, 所得補充稅, 職業稅, n.º de contribuinte, nº de contribuinte, número de contribuinte, contribuinte,
        contribuinte n.º, cadastro n.º, n.º de cadastro, número fiscal, contribuição industrial, imposto complementar,
        imposto profissional, taxpayer, taxpayer no, taxpayer number, taxpayer ID, tax no, tax number, tax ID,
        tax file no, tax identification number, TIN, TIN no, 納稅人登記編號, 納稅人識別號, 稅務識別號, 稅務識別號碼,
        財政局編號, n.º contribuinte, nº contribuinte, contrib. n.º, contribuinte nº, tax reference, tax reference no,
        tax payer no, TIN number, tax payer ID, 納稅人號, 納稅人代號, 納稅識別號, 稅務登記號, 稅務登記編號, 稅籍編號,
        所得補充稅編號, 職業稅編號, 營業稅檔案, 場所編號, 開業編號, 澳門稅號, NIF de Macau, NIF Macau, NIF (Macau),
        TIN Macau, Macau TIN, Macao TIN, Macau tax no, Macau tax number, Macao tax number, Macau tax ID, n.º fiscal,
        nº fiscal, n.º fiscal de Macau, contribuinte de Macau, contribuinte em Macau, n.º de contribuinte da DSF,
        contribuinte da DSF, inscrição fiscal, registo fiscal, cadastro fiscal, taxpayer reference,
        taxpayer registration no, profits tax no, complementary tax no, professional tax no, 納稅, 報稅, 課稅, 繳稅人,
        稅務, 稅籍, 稅單編號, 稅檔, 財政局檔案, 收益稅, ID fiscal, código fiscal, DSF n.º, DSF no, tax code, tax ref,
        tax registration no, taxation no, fiscal no, fiscal number, business tax no, contributor no,
        contributor number, contributor ID, taxpayer identification no, taxpayer identification number,
        tax registration number, tax identification no, DSF number, DSF taxpayer no, Macau taxpayer no,
        Macao taxpayer no, contribuinte fiscal, número fiscal de contribuinte, identificação do contribuinte,
        n.º contrib, contrib, cadastro industrial, 納稅人識別, 職業稅納稅人編號, 納稅編碼, 稅務編碼, 納稅人檔案號,
        稅務檔案編號, 稅:, 稅編, 納編, M/1, M/8
    """,
    "plate": """
        車牌, 車牌號, 車牌號碼, 車輛註冊, 車輛號碼, 電單車牌, 牌照號碼, 車輛牌照, 車號, 泊車, 私家車, 的士車牌,
        matrícula, matrículas, chapa de matrícula, n.º de matrícula, veículo, viatura, automóvel, motociclo,
        ciclomotor, plate, plates, plate no, plate number, licence plate, license plate, number plate, car plate,
        vehicle, vehicle no, vehicle reg, registration plate, car no, parking, 車牌冧把, 電單車, 車牌編號, 登記車牌,
        n.º da matrícula, chapa n.º, licence plate no, license plate no, number plates, car registration,
        vehicle registration, vehicle registration no, vehicle plate, 架車, 部車, 泊喺, 停咗喺, 違泊, 抄牌, 驗車, 揸車,
        車輛註冊編號, 車輛登記編號, 車輛登記號碼, 登記車輛, 座駕, 私家車車牌, 輕型汽車, 重型電單車, 行車證, 車籍,
        placa, chapa, carro, mota, viatura n.º, veículo n.º, veículo com a matrícula, car reg, car reg no,
        vehicle reg no, vehicle number, plate#, registration mark, motorcycle, motorbike, scooter, 車主, 牌號, 車輛,
        汽車, 單車牌, 泊位車輛, 車輛登記, reg no, registration no of vehicle, plate nr, 車輛牌號, 車輛號牌, 號牌,
        車輛編號, 登記號碼牌, matrícula n.º, chapa de matrícula n.º, n.º de chapa, matrícula do veículo,
        matrícula da viatura, carro com matrícula, plate number#, car number, car number plate, vehicle number plate,
        vehicle registration number, vehicle registration mark, 🚗, 🚙, 🏍, 車:, 牌:, 車位, 告票, 的士, moto,
        motorizada, táxi, my car, reg. plate, parking permit
    """,
    "permit": """
        回鄉證, 回鄉卡, 回鄉咭, 港澳居民來往內地通行證, 來往內地通行證, 港澳通行證, 往來港澳通行證, 通行證, 通行證號,
        雙程證, 港澳台居民來往, 台胞證, 卡式回鄉證, 入境證, home return permit, home visit permit,
        mainland travel permit, HVP, HRP, re-entry permit, EEP, exit-entry permit, two-way permit, travel permit,
        permit to travel, salvo-conduto, cartão de regresso à terra natal, título de regresso,
        autorização de deslocação, 回鄉証號, 單程證, 往來台灣通行證, 台灣通行證, 入台證, 旅行證號, 通行證號碼,
        回鄉證號碼, home return card, home return permit no, HRP no, EEP no, Taiwan compatriot permit,
        travel permit no, salvo-conduto n.º, one-way permit, Hui Xiang Zheng, huixiangzheng, 港澳居民來往內地,
        來往港澳通行證, 赴港澳通行證, 往來內地通行證, 內地通行證, 港澳居民通行證, 回鄉證件, EEP number, HVP no,
        mainland permit, mainland travel permit no, China travel permit, home return permit number,
        travel permit number, salvo-conduto para o interior, título de regresso à terra natal, 回鄉, 出入境證, 往來證,
        出入境通行證, 港澳證, 往來證件, 過關證
    """,
    "mainland id": """
        內地身[份分]證, 大陸身[份分]證, 國內身[份分]證, 中國身[份分]證, 公民身[份分]號碼, 公民身[份分]證,
        中國居民身[份分]證, 內地居民身[份分]證, 二代身[份分]證, 港澳台居民居住證, 港澳居民居住證, 臺灣居民居住證,
        居住證, 居住證號, PRC ID, PRC ID card, Chinese ID, China ID, Chinese ID card, mainland ID, mainland ID card,
        resident identity card of the PRC, residence permit, bilhete de identidade da RPC, cartão de identidade chinês,
        bilhete de identidade chinês, 大陸ID, 國內ID, 內地ID, 中國ID, 居民身份證號碼, 公民身份號碼欄, 港澳台居住證,
        居住證號碼, 外國人永久居留身份證, 永久居留身份證, PRC identity card, PRC ID no, Chinese identity card,
        Chinese resident ID, mainland identity card, mainland resident ID, BI chinês, BI da RPC, cnid, prcid,
        國內居民身份證, 二代證, 國民身份證號, PRC resident ID, PRC national ID, documento de identificação da RPC,
        documento de identificação da China, BIR da RPC, cartão de identidade da RPC,
        documento de identificação chinês, China resident ID, Chinese national ID
    """,
    "hong kong id": """
        香港身[份分]證, 港身[份分]證, 香港居民身[份分]證, 香港永久性居民身[份分]證, 香港智能身[份分]證, HKID, HKIDs,
        HKID no, HKID card, HK ID, HK ID card, HK ID no, HKIC, HKIC no, Hong Kong ID, Hong Kong ID card,
        Hong Kong identity card, Hong Kong identity, bilhete de identidade de Hong Kong, residente de Hong Kong,
        BIR de Hong Kong, 香港ID, 香港 ID, 港ID, 香港身份證號碼, HK身[份分]證, 港人身[份分]證, HKID number, HKID#,
        HK ID number, Hong Kong ID no, Hong Kong ID number, HKIC number, BI de Hong Kong, 香港身份證明文件,
        香港永久居民身份證, HK identity card, HK ID#, H.K.I.D., cartão de identidade de Hong Kong
    """,
    "taiwan id": """
        台灣身[份分]證, 台身[份分]證, 身[份分]證字號, 國民身[份分]證, 統一證號, 居留證號, 統一編號, Taiwan ID,
        Taiwan ID card, TW ID, ROC ID, Taiwan identity card, ARC no, ARC number, bilhete de identidade de Taiwan,
        台灣ID, 身分證統一編號, 居留證統一證號, 外來人口統一證號, 國民身分證統一編號, Taiwan ID no, Taiwan ID number,
        Taiwan national ID, Taiwanese ID, BI de Taiwan, twid, twnid, 台灣居民身份證, 台灣證件,
        documento de identificação de Taiwan, cartão de identidade de Taiwan, Taiwan resident ID, Taiwan ARC
    """,
    "portuguese tax": """
        NIF, N.I.F., NIF n.º, n.º NIF, número de identificação fiscal, identificação fiscal,
        n.º de identificação fiscal, contribuinte português, Portuguese tax no, Portuguese tax number,
        Portugal tax number, NIPC, 葡國稅號, 葡萄牙稅號, 葡國納稅人, NIF português,
        n.º de identificação fiscal português, nº NIF, NIF no, NIF number, Portuguese NIF, Portuguese tax ID,
        Portuguese TIN, 葡國NIF, 葡國稅務編號, 葡萄牙稅務編號, VAT no, VAT number, VAT reg no, IVA n.º, 葡萄牙納稅編號,
        葡國納稅編號, 葡萄牙NIF, contribuinte em Portugal, NIF de Portugal, NIF Portugal, número fiscal português,
        Portuguese tax identification number, Portugal NIF, Portugal tax ID
    """,
    "citizen card": """
        cartão de cidadão, cartão cidadão, cartão do cidadão, n.º do cartão de cidadão, n.º CC, BI português,
        bilhete de identidade português, documento n.º CC, citizen card, Portuguese citizen card, Portuguese ID,
        Portuguese ID card, 葡國身[份分]證, 葡萄牙身[份分]證, 葡籍身[份分]證, 葡國公民證, 葡萄牙公民證, 葡國公民卡,
        CC n.º, CC português, n.º de identificação civil, número de identificação civil, cartão de cidadão n.º,
        n.º do CC, Portuguese BI, Portuguese identity card, 葡國ID, 葡國證件, 葡萄牙公民咭, 葡國公民咭, 葡萄牙公民卡,
        公民咭, 公民卡, 葡萄牙公民身份證, 葡國公民身份證, 葡萄牙證件, 葡萄牙居民證, cartão cidadão português,
        documento de identificação português, documento português, Portuguese national ID, Portuguese CC,
        Portuguese ID no, 葡公民證
    """,
    "account": """
        戶口, [帳賬]戶, [帳賬]號, 銀行[帳賬], 存摺, 儲蓄號, 收款[帳賬], 付款[帳賬], 過數[帳賬], 儲蓄戶, 支票戶, 來往戶,
        往來戶, 定期戶, 扣[帳賬]戶, 出糧戶, 銀行號碼, 開戶號碼, conta bancária, conta, contas, conta n.º, conta nº,
        n.º de conta, nº de conta, número de conta, número da conta, conta poupança, conta corrente, conta à ordem,
        NIB, titular da conta, account, accounts, account no, account number, accountno, accountnumber, bankaccount,
        bankaccountno, bank account, bank acct, acct, acct no, acctno, a/c, a/c no, ac no, acc no, savings account,
        current account, saving acct, account num, acc number, bank a/c, beneficiary account, 戶口冧把, 戶口號,
        帳號冧把, 入數戶口, 收款戶口, 自動轉帳戶口, 供款戶口, FPS識別碼, FPS identifier, 過數易識別碼, 過數易號碼,
        快速支付系統識別碼, n.º da conta, nº da conta, conta a débito, conta a crédito, conta a debitar,
        conta a creditar, conta de destino, conta destinatária, conta do beneficiário, conta bancária n.º,
        número de conta bancária, número da conta bancária, account#, acct#, payroll account, salary account,
        saving account, savings a/c, current a/c, saving a/c, credit account, debit account, settlement account,
        receiving account, beneficiary a/c, bank account no, bank account number, bank acc, bank acc no, a/c number,
        a/c #, 銀行戶口, 銀行帳戶, 存款帳號, 往來帳號, 儲蓄帳號, 收款人帳號, 收款帳戶, 出糧帳戶, 對方戶口, 對方帳號,
        n.º conta, nº conta, conta D.O., conta salário, conta ordenado, acct number, acct num, account nr,
        account holder's no, current account no, savings account no, bank details, remit to account, to account,
        from account, 戶號, 帳目號碼, 過數去, 入數到, 收款戶, 收款銀行, 存款戶, 扣款戶, 自動扣數, conta n,
        conta de depósito, conta destino, crédito em conta, deposit account, acc#, 戶:, 帳:, 賬:, 收數戶口, 過數戶口,
        銀行資料, ac:, a/c:, conta:
    """,
    "banking": """
        轉[帳賬], 匯款, 過數, 入數, 入[帳賬], 收款, 付款到, 自動轉, 過戶, 銀行, 中銀, 工銀, 大豐, 大西洋, 國際銀行,
        滙豐, 匯豐, 永亨, 華僑, 廣發, 建行, 過數易, 商業銀行, 發財, 存入, 存款, 支付到, banco, transferência,
        transferir, transferência bancária, depósito, depositar, beneficiário, beneficiary, payee, SWIFT, BIC, autopay,
        bank transfer, transfer to, wire, wire to, remit, remit to, remittance, bank, BNU, ICBC, BOC, BCM, OCBC, HSBC,
        CCB, CGB, Tai Fung, Luso, Banco da China, Banco Nacional Ultramarino, Delta Asia, direct debit, débito directo,
        pay into, deposit into, deposit to, pay to, salary to, FPS, 渣打, 恒生, 星展, 立橋, 儲金局, 轉數快, 出糧, 發薪,
        代發工資, 開戶行, 開戶銀行, 聯行號, 支付聯行號, CNAPS, CNAPS code, PayMe, MPay, 過戶到, 打錢, 找數俾, 過錢,
        匯到, remessa, creditar, transferir para, depositar em, Millennium BCP, Caixa Geral, bank code, branch code,
        bank name, sort code, 🏦, 打款, 收錢, 轉錢, 匯錢, 存錢, 入錢
    """,
    "card": """
        卡號, 行卡, 張卡, 個卡, 信用卡, 借記卡, 扣[帳賬]卡, 提款卡, 銀行卡, 銀聯, 持卡人, 閃付, 信用咭, 銀行咭, 提款咭,
        咭號, 儲值卡, 附屬卡, 白金卡, cartão, cartões, cartão de crédito, cartão de débito, n.º do cartão, credit card,
        debit card, bank card, card, cards, card no, card number, cardno, cardnumber, visa, mastercard, master card,
        unionpay, union pay, amex, american express, JCB, diners, PAN, CVV, CVC, card num, credit card no, creditcard,
        信用卡號, 信用卡冧把, 卡冧把, 銀行卡號, 借記卡號, 提款卡號, 付款卡, 刷卡, 碌卡, n.º de cartão,
        número do cartão, número de cartão, cartão n.º, titular do cartão, cartão multibanco, card#, cc no, cc number,
        credit card number, debit card no, debit card number, payment card, card holder, cardholder, card expiry,
        bank card no, card ending, cartão bancário, n.º de cartão de crédito, número do cartão de crédito,
        cartão de crédito n.º, cartão Visa, cartão Mastercard, 付款卡號, 銀行卡卡號, 銀聯卡號, VISA卡, 萬事達卡,
        銀聯卡, debit/credit card, credit/debit card, card details, 卡號碼, 扣賬卡號, 卡片號碼, 咭片號碼, 儲蓄卡,
        nº do cartão, charge card, atm card, debit, 💳, 卡:, 綁卡, 簽卡, 萬事達, 運通, 運通卡, 大來, 大來卡, 威士,
        威士卡, Maestro, MC, n.º cartão, card:
    """,
    "iban": """
        IBAN, IBAN no, IBAN number, n.º IBAN, 國際銀行[帳賬]號, 國際[帳賬]號, 國際銀行[帳賬]戶, IBAN#, IBAN code,
        IBAN n.º, código IBAN, IBAN號, IBAN號碼, IBAN do beneficiário, IBAN da conta
    """,
    "bic": """
        SWIFT code, SWIFT/BIC, BIC/SWIFT, BIC code, código SWIFT, código BIC, 銀行國際代碼, SWIFT代碼, 匯款代碼,
        SWIFT號, SWIFT no, SWIFT number, SWIFT#, SWIFT BIC, BIC n.º, código BIC/SWIFT, código SWIFT/BIC, SWIFT號碼,
        銀行SWIFT, 國際匯款代碼, 銀行識別碼, 銀行識別代碼
    """,
    "phone": """
        電話, 手機, 手提, 傳真, 熱線, 聯絡電話, 聯絡號碼, 流動電話, 手電, 手機號, 電話號碼, 緊急聯絡, 微信同號, 致電,
        電聯, WhatsApp, whatsapp no, WeChat, tel, tel no, telephone, phone, phone no, phone number, mobile, mobile no,
        mob, fax, hotline, cell, cell phone, cellphone, contact no, contact number, call me at, telefone, telefones,
        telemóvel, telem, telef, tlm, tlf, tlmv, telefax, contacto, contactos, contacto telefónico, +853, +852, +86,
        +351, 00853, 00852, contact:, contacts:, call:, 電話冧把, 手機冧把, 手提電話, 手提號碼, 聯繫電話, 聯繫方式,
        聯絡方式, 電話號, 家居電話, 公司電話, 內線電話, 打俾我, 打給我, 搵我, 短訊, 可致電, 撥打, 查詢電話, 預約電話,
        wa.me, n.º de telefone, nº de telefone, n.º de telemóvel, nº de telemóvel, número de telefone,
        número de telemóvel, telefone n.º, ligar para, tel#, phone#, mobile#, mobile number, mobile phone,
        mobile phone no, hp no, handphone, direct line, cell no, text me, viber, 聯絡:, 聯繫:, 聯絡資料, 聯繫號碼,
        緊急聯繫, 緊急聯絡電話, ph no, ph:, celular, móvel, n.º móvel, telemóvel n.º, n.º de contacto, nº de contacto,
        número de contacto, contacto n.º, n.º tel, nº tel, contact tel, contact phone, emergency contact, call back,
        callback no, mobile:, cell:, phone:, tel:, 聯絡, 熱線電話, 打電話, 打俾, 打畀, 短信, SMS, wts, wtsapp,
        whatsApp 號, 微信電話, 座機, 固話, 辦公電話, 回電, 傳呼, ligue para, contactar, call, call me, reach me at,
        contact, contacts, home phone, office phone, landline, ☎, ☏, ✆, 📞, 📱, 電:, 手機:, 電話:, T:, M:, ph, cel,
        telm, TM:, 手提號, 冧把, 聯係, 通電話, 打比, 打返, 覆電, 辦公室電話, 直線, 內線, 緊急電話, 家長電話, 客人電話,
        回撥, fone, tel/fax
    """,
    "email": """
        電郵, 電子郵件, 電子郵箱, 郵箱, 電郵地址, e-mail, email, e-mail address, email address, mail,
        correio electrónico, correio eletrónico, endereço electrónico, 電子信箱, 電郵信箱, e-mails, emails, email addr,
        email id, e-mail id, mailbox, endereço de e-mail, endereço de correio electrónico, endereço eletrónico,
        endereço de email, ✉, 📧, 📨, 電郵:, E:, email:
    """,
    "name": """
        姓名, 中文姓名, 英文姓名, 葡文姓名, 全名, 戶名, [帳賬]戶名稱, 戶口名, 持卡人姓名, 收款人, 收件人, 聯絡人,
        申請人, 投保人, 受保人, 承租人, 業主姓名, 住客姓名, 病人姓名, 學生姓名, 員工姓名, 客戶姓名, 會員姓名, 負責人,
        經辦人, 聯絡人姓名, 緊急聯絡人, 乘客, 姓氏, 持證人姓名, 名字, nome, nome completo, nome do cliente,
        nome do titular, nome do trabalhador, nome do utente, apelido, apelidos, titular, name, full name, fullname,
        surname, given name, given names, first name, last name, family name, customer name, client name, guest name,
        patient name, employee name, staff name, member name, passenger, passenger name, holder name, account name,
        contact person, applicant, cardholder name, name of applicant, payee name, beneficiary name, 聯繫人, 客戶名,
        客人名, 員工名, 病人名, 學生名, 戶主, 持卡人名, 帳戶持有人, 賬戶持有人, 姓名欄, 簽署人, 證人, 見證人,
        nome e apelido, nome do paciente, nome do aluno, nome do candidato, assinatura, beneficiário nome, nom, holder,
        signed by, signature of, prepared by, attn, attention
    """,
    "address": """
        地址, 住址, 通訊地址, 送貨地址, 收貨地址, 居住地址, 聯絡地址, 家庭住址, 收件地址, 寄送地址, 住宅地址, morada,
        endereço, residência, domicílio, residente na, residente em, address, home address, mailing address,
        residential address, delivery address, shipping address, lives at, living at, ship to, deliver to, 📍, 🏠,
        地址:, 住:, 住喺, 住在, 送去, 寄去, 送到, 寄到
    """,
    "person": """
        名單, 名冊, 客戶, 客人, 會員, 員工, 僱員, 學生, 病人, 住客, 先生, 小姐, 女士, 太太, 旅客, 業主, 租客, 家長,
        cliente, clientes, membro, membros, trabalhador, trabalhadores, utente, utentes, aluno, alunos, hóspede,
        customer, customers, client, clients, member, members, employee, employees, guest, guests, patient, patients,
        student, students, tenant, tenants, resident, residents, colega, colegas
    """,
}
