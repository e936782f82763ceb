"""The words people print beside numbers, by what the number then is.

In:    nothing; this is a list.
Out:   `WORDS`: for each kind, words separated by commas; "身[份分][證証证]" stands for all six spellings.
Never: a word that stands beside every kind of number alike (編號, 號碼, number, n.º).

Written as people write them, in Traditional and Simplified Chinese, Portuguese and English. The variants 證 / 証 / 证,
份 / 分 and 帳 / 賬 / 账 are all in daily use in Macau.
"""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "id card": """
        身[份分][證証证], 居民[證証证], 居留[證証证], 認別[證証], 认别证, BIR, BIRs, BIRP, BIRNP, BIRM, BI, BIRPM,
        BIRNPM, B.I.R., B.I., BIR no, BIRno, bilhete de identidade, bilhete de residente, cartão de identidade,
        cartão de residente, documento de identidade, n.º de identidade, nº de identidade, número de identidade,
        cédula de identidade, cédula de identificação policial, Macau ID, Macao ID, MO ID, MSAR ID, resident ID,
        resident card, residents ID, residence card, identity card, identity cards, identitycard, identitycardno,
        identity cardno, identitycardnumber, IDcardnum, identity no, identity number, identity num,
        identity document, identity doc, ID card, ID cards, IDcard, ID card no, IDcardno, ID cardno, IDcardnumber,
        idcard no, ID no, IDno, ID nos, ID number, IDnumber, ID num, ID numbers, ID doc, ID document, IC no,
        national ID, personal ID
    """,
    "identity": """
        [證証证]件, [證証证]號, 证号, 持[證証证]人, ID, IDs, ID#, ID copy, identidade, identificação,
        identification, identification no, identification number, doc ident, doc. ident., titular do, holder of,
        ID holder
    """,
    "account": """
        戶口, 户口, [帳賬]戶, [帐账]户, [帳賬][號号], [帐账][号號], 銀行[帳賬], 银行[账帐], 存摺, 存折, 儲蓄號,
        收款[帳賬账], 付款[帳賬账], 過數[帳賬], conta bancária, conta, contas, conta n.º, conta nº, n.º de conta,
        nº de conta, número de conta, número da conta, conta poupança, conta corrente, conta à ordem, NIB, IBAN,
        titular da conta, account, accounts, account no, account number, accountno, accountnumber, bankaccount,
        bankaccountno, bank account, bank acct, acct, acct no, acctno, a/c, a/c no, ac no, acc no, savings account,
        current account, saving acct
    """,
    "banking": """
        轉[帳賬], 转[账帐], 匯款, 汇款, 過數, 过数, 入數, 入帳, 入賬, 收款, 付款到, 自動轉, 過戶, 銀行, 银行, 中銀,
        中银, 工銀, 工银, 大豐, 大丰, 大西洋, 國際銀行, 滙豐, 匯豐, 汇丰, 永亨, 華僑, 廣發, 广发, 建行, 過數易,
        banco, transferência, transferir, transferência bancária, depósito, depositar, beneficiário, beneficiary,
        payee, SWIFT, BIC, autopay, bank transfer, transfer to, wire, wire to, remit, remit to, remittance, bank,
        BNU, ICBC, BOC, BCM, OCBC, HSBC, CCB, CGB, Tai Fung, Luso, Banco da China, Banco Nacional Ultramarino,
        Delta Asia, direct debit, débito directo, pay into, deposit into
    """,
    "card": """
        卡號, 卡号, 行卡, 張卡, 张卡, 個卡, 个卡, 信用卡, 借記卡, 借记卡, 扣[帳賬]卡, 提款卡, 銀行卡, 银行卡, 銀聯,
        银联, 持卡人, 閃付, cartão, cartões, cartão de crédito, cartão de débito, n.º do cartão, credit card,
        debit card, bank card, card, cards, card no, card number, cardno, cardnumber, visa, mastercard,
        master card, unionpay, union pay, amex, american express, JCB, diners, PAN, CVV, CVC
    """,
    "other": """
        發票, 发票, 訂單, 订单, 單號, 单号, 單據, 单据, 收據, 收据, 報價, 报价, 採購, 采购, 合同, 合約, 合约, 貨號,
        货号, 批號, 批号, 條碼, 条码, 條形碼, 型號, 型号, 序號, 序列號, 序列号, 流水號, 流水号, 案件, 檔案編號,
        檔號, 申請編號, 申请编号, 參考, 参考, 運單, 运单, 快遞, 快递, 物流, 追蹤, 追踪, 票號, 票号, 航班, 工單,
        工单, 交易號, 交易号, 交易編號, 交易编号, 員工編號, 员工编号, 工號, 工号, 學號, 学号, 會員號, 会员号,
        會員編號, 会员编号, 客戶編號, 客户编号, 房號, 門票, 圖則, 產品, 产品, 商品, 庫存, 库存, 版本, 驗證碼,
        验证码, 支票, 傳票, 凭证, 憑證, [帳賬账]單, 账单, 郵編, 邮编, 倉單, 提單, 提单, 報關, 报关, 牌照, 車牌,
        车牌, 社保, 受益人編號, 納稅人, 纳税人, 商業登記, 營業[稅税], 公積金, 登記編號, 登记编号, 統一社會信用,
        户口本, 户口簿, 戶口簿, 登入[帳賬][號戶], 登[錄录][帳賬账][號号], 用戶[帳賬][號戶], 用户[账帐][号户], 微信,
        微信[帳賬账][號号], 支付[寶宝][帳賬账][號号], 郵箱[帳賬]號, 遊戲[帳賬]號, 游戏[账帐]号, 社交[帳賬]號,
        支付寶, 支付宝, 郵箱, 邮箱, 釘釘, 钉钉, 群號, 群号, 會議號, 会议号, factura, fatura, facturas, faturas,
        recibo, encomenda, pedido, nota de encomenda, guia, referência, ref, refª, processo, proc, contrato,
        orçamento, código, lote, artigo, protocolo, requisição, por conta, conta com, em conta, da conta de,
        conta de água, conta de electricidade, n.º de beneficiário, n.º de contribuinte, contribuinte, matrícula,
        registo comercial, n.º de funcionário, n.º de cliente, n.º de sócio, invoice, invoices, inv, order, orders,
        PO, P/O, quotation, quote, receipt, ref no, reference, tracking, shipment, awb, waybill, contract, case,
        ticket, booking, serial, s/n, SN, sku, part no, model, batch, lot, barcode, ISBN, ISSN, EAN, UPC, version,
        build, voucher, cheque, check no, bill no, bill, job, policy no, staff no, employee no, member no,
        membership no, customer no, client no, student no, document no, doc no, product, item, asset, license no,
        licence no, IMEI, tax no, account for, accounts for, on account of, phone account, email account,
        e-mail account, login account, user account, wechat, alipay, whatsapp, order ID, user ID, userID, case ID,
        ticket ID, task ID, device ID, meeting ID, transaction ID, transaction, txn, txn ID, product ID, item ID,
        asset ID, session ID, request ID, employee ID, staff ID, member ID, customer ID, client ID, app ID,
        group ID, chat ID, union ID, corp ID, agent ID, bot ID, zoom ID, project ID, record ID, message ID, msg ID,
        trace ID, payment ID, invoice ID, event ID, booking ID, apple ID, job ID, row ID, student ID, campaign ID,
        supplier ID, vendor ID, file ID, ID do pedido, ID da encomenda, ID do utilizador, ID do cliente,
        ID de cliente, ID da transacção, ID da reunião, openid, 訂單 ID, 用戶 ID, 用户 ID, 會議 ID, 会议 ID,
        員工 ID, 会员 ID, 會員 ID, 訂單ID, 订单ID, 用戶ID, 用户ID, 會議ID, 会议ID, 電話, 电话, 手機, 手机, 手提,
        傳真, 传真, 熱線, 热线, tel, telephone, phone, mobile, mob, fax, hotline, cell, telefone, telemóvel, telef,
        contacto, +853, +852, +86, 853, 852, 00853, 00852, 日期, 出生, 生日, 年月日, 到期, 有效期, 截止, 時間,
        时间, 簽發, 签发, data de, data, nascimento, validade, emissão, date, DOB, birth, birthday, expiry,
        expires, issue date, date of issue, timestamp, 金額, 金额, 總額, 总额, 合計, 合计, 總計, 总计, 結餘, 结余,
        餘額, 余额, 價格, 价格, 單價, 单价, 數量, 数量, 營業額, 营业额, 收入, 支出, 預算, 预算, amount, total,
        subtotal, balance, price, qty, quantity, budget, revenue, montante, valor, saldo, preço, quantidade,
        receita, orçamento de, verba, 法律, 法令, 行政法規, 批示, lei, decreto, despacho, regulamento, law, decree,
        regulation
    """,
    "currency": """
        澳門元, 澳门元, 澳門幣, 澳门币, 葡幣, 港元, 港幣, 港币, 人民幣, 人民币, 美元, 歐元, patacas, pataca, MOP,
        MOP$, HKD, HK$, RMB, CNY, USD, US$, EUR, euros
    """,
    "person": """
        姓名, 名字, 名單, 名单, 名冊, 名册, 客戶, 客户, 客人, 會員, 会员, 員工, 员工, 僱員, 雇员, 學生, 学生, 病人,
        住客, 先生, 小姐, 女士, nome, cliente, clientes, membro, trabalhador, utente, name, full name, customer,
        client, member, employee, guest, patient, surname, apelido
    """,
}
