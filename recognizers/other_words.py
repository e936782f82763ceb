"""The words people print beside numbers that identify nobody: orders, invoices, dates, amounts, laws.

In:    nothing; this is a list.
Out:   `OTHER_WORDS`: as `recognizers.words.WORDS`, for the kinds that lower a weak number's score.
Never: a word that stands beside every kind of number alike (編號, 號碼, number, n.º).
"""

from collections.abc import Mapping

OTHER_WORDS: Mapping[str, str] = {
    "other": """
        發票, 訂單, 單號, 單據, 收據, 報價, 採購, 合同, 合約, 貨號, 批號, 條碼, 條形碼, 型號, 序號, 序列號, 流水號, 案件,
        檔案編號, 檔號, 申請編號, 參考, 參考編號, 運單, 快遞, 物流, 追蹤, 票號, 航班, 工單, 交易號, 交易編號, 員工編號,
        工號, 學號, 會員號, 會員編號, 客戶編號, 房號, 門票, 圖則, 產品, 商品, 庫存, 版本, 驗證碼, 支票, 傳票, 憑證,
        [帳賬]單, 郵編, 倉單, 提單, 報關, 公函, 函件, 來函, 公文, 文號, 編號表, 表格編號, 表格, 商業登記, 公積金, 登記編號,
        統一社會信用, 戶口本, 戶口簿, 登入[帳賬][號戶], 登錄[帳賬]號, 用戶[帳賬][號戶], 微信, 微信[帳賬]號, 支付寶[帳賬]號,
        郵箱[帳賬]號, 遊戲[帳賬]號, 社交[帳賬]號, 支付寶, 釘釘, 群號, 會議號, 會議編號, 直播間, 房間號, 桌號, 車次,
        車廂, 樓面編號, 資產編號, 設備編號, 櫃號, 箱號, 標書, 招標, 投標, 國際標準書號, 書號, 刊號, 統一書號, 彩票, 期數,
        六合彩, 比分, 座標, 經度, 緯度, 端口, 提交, 雜湊, 校驗, 物業編號, 標示編號, 水錶, 電錶, 煤氣錶, 水費, 電費,
        工程編號, 項目編號, 預約編號, 排隊, 籌號, 輪候, 取號, factura, fatura, facturas, faturas, recibo, recibos,
        encomenda, encomendas, pedido, nota de encomenda, nota de crédito, guia, referência, ref, refª, processo, proc,
        contrato, orçamento, código, código de barras, lote, artigo, protocolo, requisição, por conta, conta com,
        em conta, da conta de, conta de água, conta de electricidade, conta da água, conta da luz, registo comercial,
        n.º de funcionário, n.º de cliente, n.º de sócio, ofício, ofício n.º, proposta, série, modelo, voo, sala, mesa,
        invoice, invoices, inv, inv no, order, orders, order no, order number, PO, P/O, PO no, purchase order,
        quotation, quote, receipt, receipts, ref no, reference, reference no, tracking, tracking no, shipment, awb,
        waybill, contract, case, case no, ticket, booking, booking ref, serial, serial no, s/n, SN, sku, part no,
        model, batch, lot, barcode, ISBN, ISSN, EAN, UPC, GTIN, version, build, voucher, cheque, check no, bill no, bill,
        job, policy no, staff no, employee no, member no, membership no, customer no, client no, student no,
        document no, doc no, product, item, asset, licence no, license no, IMEI, IMSI, account for, accounts for,
        on account of, phone account, email account, e-mail account, login account, user account, alipay, order ID,
        user ID, userID, case ID, ticket ID, task ID, device ID, meeting ID, transaction ID, transaction, txn, txn ID,
        product ID, item ID, asset ID, session ID, request ID, employee ID, staff ID, member ID, customer ID,
        client ID, app ID, group ID, chat ID, union ID, corp ID, agent ID, bot ID, zoom ID, project ID, record ID,
        message ID, msg ID, trace ID, payment ID, invoice ID, event ID, booking ID, apple ID, job ID, row ID,
        student ID, campaign ID, supplier ID, vendor ID, file ID, ID do pedido, ID da encomenda, ID do utilizador,
        ID do cliente, ID de cliente, ID da transacção, ID da reunião, openid, 訂單 ID, 用戶 ID, 會議 ID, 員工 ID, 會員 ID,
        訂單ID, 用戶ID, 會議ID, verification code, OTP, passcode, one-time password, código de verificação, commit,
        hash, checksum, md5, sha1, sha256, uuid, guid, port, coordinates, latitude, longitude, lottery, score,
        flight, flight no, room no, meter, meter no, tender, permit no, queue no, seat, locker, container, parcel
    """,
    "date": """
        日期, 出生, 生日, 年月日, 到期, 有效期, 截止, 時間, 簽發, 出生日期, 出生年月, 入職日期, 離職日期, 起飛, 開會時間,
        data de, data, datas, nascimento, data de nascimento, validade, emissão, hora, prazo, date, dates, DOB, birth,
        birthday, date of birth, expiry, expires, issue date, date of issue, timestamp, time, deadline, valid until
    """,
    "amount": """
        金額, 總額, 合計, 總計, 結餘, 餘額, 價格, 單價, 數量, 營業額, 收入, 支出, 預算, 總數, 利潤, 成本, 租金, 薪金, 月薪,
        件數, 面積, 人次, 人口, amount, total, subtotal, balance, price, qty, quantity, budget, revenue, cost, costs,
        profit, salary, rent, population, area, montante, valor, saldo, preço, quantidade, receita, orçamento de, verba,
        custo, custos, renda, salário, soma
    """,
    "law": """
        法律, 法令, 行政法規, 批示, 行政命令, 公報, 訴訟, 卷宗, 判決, 案號, lei, decreto, decreto-lei, despacho,
        regulamento, boletim oficial, acórdão, portaria, law, decree, decree-law, regulation, ordinance,
        official gazette, court case, docket
    """,
    "currency": """
        澳門元, 澳門幣, 葡幣, 港元, 港幣, 人民幣, 美元, 歐元, patacas, pataca, MOP, MOP$, HKD, HK$, RMB, CNY, USD, US$, EUR,
        euros, TWD, NTD
    """,
}
