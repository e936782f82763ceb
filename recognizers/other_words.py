"""The words people print beside numbers that identify nobody: orders, invoices, dates, amounts, laws.

In:    nothing; this is a list.
Out:   `OTHER_WORDS`: as `recognizers.words.WORDS`, for the kinds that lower a weak number's score.
Never: a word that stands beside every kind of number alike (編號, 號碼, number, n.º).
"""

from collections.abc import Mapping

OTHER_WORDS: Mapping[str, str] = {
    "other": """
        發票, 訂單, 單號, 單據, 收據, 報價, 採購, 合同, 合約, 貨號, 批號, 條碼, 條形碼, 型號, 序號, 序列號, 流水號,
        案件, 檔案編號, 檔號, 申請編號, 參考, 參考編號, 運單, 快遞, 物流, 追蹤, 票號, 航班, 工單, 交易號, 交易編號,
        員工編號, 工號, 學號, 會員號, 會員編號, 客戶編號, 房號, 門票, 圖則, 產品, 商品, 庫存, 版本, 驗證碼, 支票, 傳票,
        憑證, [帳賬]單, 郵編, 倉單, 提單, 報關, 公函, 函件, 來函, 公文, 文號, 編號表, 表格編號, 表格, 商業登記, 公積金,
        登記編號, 統一社會信用, 戶口本, 戶口簿, 登入[帳賬][號戶], 登錄[帳賬]號, 用戶[帳賬][號戶], 微信, 微信[帳賬]號,
        支付寶[帳賬]號, 郵箱[帳賬]號, 遊戲[帳賬]號, 社交[帳賬]號, 支付寶, 釘釘, 群號, 會議號, 會議編號, 直播間, 房間號,
        桌號, 車次, 車廂, 樓面編號, 資產編號, 設備編號, 櫃號, 箱號, 標書, 招標, 投標, 國際標準書號, 書號, 刊號,
        統一書號, 彩票, 期數, 六合彩, 比分, 座標, 經度, 緯度, 端口, 提交, 雜湊, 校驗, 物業編號, 標示編號, 水錶, 電錶,
        煤氣錶, 水費, 電費, 工程編號, 項目編號, 預約編號, 排隊, 籌號, 輪候, 取號, factura, fatura, facturas, faturas,
        recibo, recibos, encomenda, encomendas, pedido, nota de encomenda, nota de crédito, guia, referência, ref,
        refª, processo, proc, contrato, orçamento, código, código de barras, lote, artigo, protocolo, requisição,
        por conta, conta com, em conta, da conta de, conta de água, conta de electricidade, conta da água,
        conta da luz, registo comercial, n.º de funcionário, n.º de cliente, n.º de sócio, ofício, ofício n.º,
        proposta, série, modelo, voo, sala, mesa, invoice, invoices, inv, inv no, order, orders, order no,
        order number, PO, P/O, PO no, purchase order, quotation, quote, receipt, receipts, ref no, reference,
        reference no, tracking, tracking no, shipment, awb, waybill, contract, case, case no, ticket, booking,
        booking ref, serial, serial no, s/n, SN, sku, part no, model, batch, lot, barcode, ISBN, ISSN, EAN, UPC, GTIN,
        version, build, voucher, cheque, check no, bill no, bill, job, policy no, staff no, employee no, member no,
        membership no, customer no, client no, student no, document no, doc no, product, item, asset, licence no,
        license no, IMEI, IMSI, account for, accounts for, on account of, phone account, email account, e-mail account,
        login account, user account, alipay, order ID, user ID, userID, case ID, ticket ID, task ID, device ID,
        meeting ID, transaction ID, transaction, txn, txn ID, product ID, item ID, asset ID, session ID, request ID,
        employee ID, staff ID, member ID, customer ID, client ID, app ID, group ID, chat ID, union ID, corp ID,
        agent ID, bot ID, zoom ID, project ID, record ID, message ID, msg ID, trace ID, payment ID, invoice ID,
        event ID, booking ID, apple ID, job ID, row ID, student ID, campaign ID, supplier ID, vendor ID, file ID,
        ID do pedido, ID da encomenda, ID do utilizador, ID do cliente, ID de cliente, ID da transacção, ID da reunião,
        openid, 訂單 ID, 用戶 ID, 會議 ID, 員工 ID, 會員 ID, 訂單ID, 用戶ID, 會議ID, verification code, OTP, passcode,
        one-time password, código de verificação, commit, hash, checksum, md5, sha1, sha256, uuid, guid, port,
        coordinates, latitude, longitude, lottery, score, flight, flight no, room no, meter, meter no, tender,
        permit no, queue no, seat, locker, container, parcel, 會員卡, 會員卡號, 員工卡, 員工證, 學生卡, 學生證, 名片,
        電話卡, SIM卡, 記憶卡, 飯卡, 門禁卡, 停車卡, 圖書證, 澳門通, 禮品卡, 積分卡, 貴賓卡號, 審批編號, 審批單號,
        會議密碼, 取餐號, 取件碼, 提貨碼, 優惠碼, 折扣碼, 激活碼, 啟動碼, 授權碼, 邀請碼, 集裝箱, 單號為, 憑單,
        帳單編號, 賬單編號, 收據編號, 發票編號, 合約編號, 報價單, 採購單, 送貨單, 提單號, 報關單, 機身編號, 產品編號,
        零件編號, 圖號, 樣本編號, 批次, 版號, Power BI, BI report, BI dashboard, BI tool, business card, name card,
        memory card, SD card, SIM card, graphics card, greeting card, report card, score card, scorecard, rate card,
        gift card, loyalty card, membership card, member card, staff card, student card, library card, time card,
        prepaid card, Macau Pass, PNR, HS code, coupon, promo code, discount code, activation code, redemption code,
        voucher no, quotation no, quote no, contract no, ticket no, delivery note, packing list, bill of lading, B/L,
        job no, project no, project code, tender no, file no, file ref, our ref, your ref, doc ref, MAC address,
        serial num, firmware, invoice number, order num, shipment no, cartão de sócio, cartão de membro,
        cartão de visita, cartão presente, factura n.º, fatura n.º, recibo n.º, encomenda n.º, processo n.º,
        contrato n.º, guia n.º, proposta n.º, nota n.º, referência n.º, requisição n.º, cotação, bilhete n.º,
        reserva n.º, código postal, NUIT
    """,
    "date": """
        日期, 出生, 生日, 年月日, 到期, 有效期, 截止, 時間, 簽發, 出生日期, 出生年月, 入職日期, 離職日期, 起飛,
        開會時間, data de, data, datas, nascimento, data de nascimento, validade, emissão, hora, prazo, date, dates,
        DOB, birth, birthday, date of birth, expiry, expires, issue date, date of issue, timestamp, time, deadline,
        valid until, 有效期至, 發證日期, 簽發日期, 屆滿日期, 出生地點及日期, 生效日期, 到職日期, bi-weekly, bi-monthly,
        bi-annual, data de emissão, data de validade, data de entrada, data de início, expiry date, expiration date,
        valid from, valid to, start date, end date, due date, joined on, effective date, as of
    """,
    "amount": """
        金額, 總額, 合計, 總計, 結餘, 餘額, 價格, 單價, 數量, 營業額, 收入, 支出, 預算, 總數, 利潤, 成本, 租金, 薪金,
        月薪, 件數, 面積, 人次, 人口, amount, total, subtotal, balance, price, qty, quantity, budget, revenue, cost,
        costs, profit, salary, rent, population, area, montante, valor, saldo, preço, quantidade, receita,
        orçamento de, verba, custo, custos, renda, salário, soma, 銀碼, 實收, 應付, 應收, 工資, 薪酬, 花紅, 獎金, 按金,
        訂金, 尾數, 預付, 手續費, 罰款, 稅款, 補貼, 津貼, 面值, 存貨量, 里程, valor total, montante total, total geral,
        preço unitário, quantia, comissão, imposto a pagar, fee, fees, deposit amount, grand total, tax due, turnover,
        wage, wages, bonus, allowance, payable, receivable
    """,
    "law": """
        法律, 法令, 行政法規, 批示, 行政命令, 公報, 訴訟, 卷宗, 判決, 案號, lei, decreto, decreto-lei, despacho,
        regulamento, boletim oficial, acórdão, portaria, law, decree, decree-law, regulation, ordinance,
        official gazette, court case, docket, 刑法典, 民法典, 商法典, 條例, 規章, 聲明異議, 上訴案, Lei n.º,
        Decreto-Lei n.º, despacho n.º, regulamento administrativo, artigo da lei, Código Civil, Código Penal,
        administrative regulation, law no, decree-law no, chief executive order, statute
    """,
    "currency": """
        澳門元, 澳門幣, 葡幣, 港元, 港幣, 人民幣, 美元, 歐元, patacas, pataca, MOP, MOP$, HKD, HK$, RMB, CNY, USD, US$,
        EUR, euros, TWD, NTD, 澳門圓, 加元, 英鎊, 日圓, 日元, 新台幣, 台幣, AUD, CAD, GBP, JPY, NT$, dollars, libras,
        dólares
    """,
}
