"""What titles and file names say when what is below them is about people, in the four languages of Macau's offices.

In:    nothing; this is a list.
Out:   `PHRASES` and `EXCEPTIONS`, by language, in the syntax of `recognizers.phrases`.
Never: a word that by itself says nothing about people (confidential, VIP, list).
"""

from collections.abc import Mapping

PHRASES: Mapping[str, tuple[str, ...]] = {
    "zh-Hant": (
        (
            "客戶|顧客|客人|會員|貴賓|住客|旅客 * 資料|名單|清單|名冊|數據|檔案|資訊|信息|通訊錄|聯絡表|聯絡方式|"
            "明細|資料庫|數據庫|記錄|紀錄"
        ),
        "VIP * 名單|資料|清單|名冊",
        "客戶|顧客|客人|會員|員工|職員 * list|lists|data|database|file|files|excel|record|records|info",
        "client|clients|customer|customers|member|members|guest|patient|staff|employee * 資料|名單|清單|名冊|檔案",
        "盡職審查|盡職調查|KYC",
        "病人|患者|求診者|院友|長者 * 資料|名單|清單|名冊|檔案|紀錄|記錄",
        "投保人|受保人|被保人|保戶|受益人|持卡人|借款人|開戶人|供款人|股東 * 資料|名單|清單|名冊|檔案",
        "員工|僱員|職員|雇員|外僱|外勞 * 資料|名單|清單|名冊|檔案|通訊錄|薪酬|薪金|工資|糧單|證件|身份證",
        "學生|家長|學員 * 資料|名單|清單|名冊|檔案|通訊錄",
        "業主|租戶|住戶|租客|戶主 * 資料|名單|清單|名冊|通訊錄",
        "個人資料|個資|人事資料|人事檔案|開戶資料|開戶文件|客資",
        "薪酬表|薪金表|工資表|糧單|糧冊|出糧表",
        "身份證|身分證|身份証|身分証|證件|護照|BIR * 副本|影印本|掃描|照片|相片|資料|號碼表|清單|複印件|影本",
        "客戶|顧客|會員|住客|客人|旅客|病人 * 總表|登記表|流水",
        "客戶|顧客|會員|住客|客人|旅客|病人 登記",
        "玩家|賭客|博彩客 * 名單|資料|清單|名冊",
        "銀行|綜合 月結單",
        "開戶 申請",
        "薪金單|薪酬單",
        "身份證|身分證|身份証|身分証 * 正反面|正面|背面",
        "病歷|診斷證明|化驗報告|體檢報告|求診紀錄|就診紀錄",
        "盡職審查|盡職調查|KYC|反洗錢 * 表|表格|紀錄|記錄|報告|文件|資料|檔案",
        "帳戶|賬戶|戶口 * 清單|名單|資料|明細",
        "交易紀錄|交易記錄|交易流水|入數紀錄|轉帳紀錄|轉賬紀錄",
        "通訊錄|聯絡人名單|聯絡人資料|聯絡人清單",
    ),
    "zh-Hans": (
        (
            "客户|顾客|客人|会员|贵宾|住客|旅客|用户 * 资料|名单|清单|名册|数据|档案|信息|通讯录|联系表|联系方式|"
            "明细|资料库|数据库|记录"
        ),
        "VIP * 名单|资料|清单|名册",
        "病人|患者|求诊者|长者 * 资料|名单|清单|名册|档案|记录|信息",
        "投保人|受保人|被保人|保户|受益人|持卡人|借款人|开户人|股东 * 资料|名单|清单|名册|档案|信息",
        "员工|雇员|职员|外雇|外劳 * 资料|名单|清单|名册|花名册|档案|通讯录|信息|薪酬|薪资|工资|证件|身份证",
        "学生|家长|学员 * 资料|名单|清单|名册|档案|通讯录|信息",
        "业主|租户|住户|租客|户主 * 资料|名单|清单|名册|通讯录|信息",
        "个人信息|个人资料|人事资料|人事档案|开户资料|开户文件|花名册",
        "薪酬表|薪资表|工资表|工资条",
        "身份证|证件|护照|BIR * 副本|复印件|影印件|扫描|照片|资料|信息|号码表|清单",
        "客户|顾客|会员|住客|客人|旅客|病人 * 总表|登记表|登记|流水",
        "玩家|赌客 * 名单|资料|清单|名册",
        "银行 月结单|对账单",
        "开户 申请",
        "身份证 * 正反面|正面|背面",
        "病历|诊断证明|化验报告|体检报告|就诊记录",
        "尽职审查|尽职调查|KYC|反洗钱 * 表|表格|记录|报告|文件|资料|档案",
        "账户|帐户|户口 * 清单|名单|资料|明细|信息",
        "交易记录|交易流水|银行流水|转账记录",
        "通讯录|联系人名单|联系人资料|联系人清单",
    ),
    "pt": (
        (
            "dados|lista|listas|listagem|relação|ficha|fichas|ficheiro|registo|registos|cadastro|mapa|contactos|"
            "carteira de|do|da|dos|das cliente|clientes|membro|membros|sócio|sócios|utente|utentes|doente|doentes|"
            "paciente|pacientes|trabalhador|trabalhadores|funcionário|funcionários|colaborador|colaboradores|aluno|"
            "alunos|hóspede|hóspedes|beneficiário|beneficiários|segurado|segurados|inquilino|inquilinos|proprietário|"
            "proprietários|condóminos|titulares|accionistas"
        ),
        (
            "dados|lista|listagem|relação|ficheiro|cadastro * de|dos|das|dos clientes|membros|sócios|utentes|doentes|"
            "trabalhadores|funcionários|colaboradores|alunos|hóspedes|beneficiários|segurados|inquilinos|"
            "proprietários"
        ),
        "base|bases de dados * clientes|membros|sócios|utentes|doentes|trabalhadores|funcionários|alunos",
        "dados pessoais",
        "clientes|sócios|utentes|trabalhadores|funcionários|membros * lista|listagem|dados|contactos|cadastro",
        "abertura de conta|contas",
        (
            "cópia|cópias|fotocópia|fotocópias|digitalização|scan|scans de|do|dos BIR|bilhete|bilhetes|passaporte|"
            "passaportes"
        ),
        (
            "folha|folhas|processamento|mapa|recibo|recibos de salários|vencimentos|vencimento|salário|ordenados|"
            "remunerações"
        ),
        "mapa de pessoal",
        "processo|processos|ficha|fichas|relatório clínico|clínicos|clínica|clínicas|médico",
        "diligência devida|due",
        "diligência devida",
        "formulário|ficha KYC",
        "clientes|sócios|utentes|trabalhadores|funcionários|alunos * csv|xls|xlsx|json|sql|mdb",
        "extracto|extractos|extrato|extratos bancário|bancários",
        "lista de contactos",
        "extracto|extractos|extrato|extratos de conta|contas",
    ),
    "en": (
        (
            "customer|customers|client|clients|member|members|patron|patrons|guest|guests|patient|patients|"
            "policyholder|policyholders|cardholder|cardholders|subscriber|subscribers|tenant|tenants|shareholder|"
            "shareholders|beneficiary|beneficiaries * list|lists|listing|database|details|records|contacts|register|"
            "roster|export|dump|masterlist|particulars"
        ),
        (
            "customer|customers|client|clients|member|members|guest|guests|patient|patients|policyholder|cardholder|"
            "subscriber|tenant|shareholder|beneficiary data|dataset|info|information|master|profiles|profile|personal"
        ),
        "VIP list|guests|clients|customers|members|players|database",
        "player|players list|database|ratings",
        (
            "list|lists|listing|register|database|records|details|export|particulars|data of|for * customers|clients|"
            "members|guests|patients|policyholders|cardholders|employees|tenants|subscribers|students|shareholders"
        ),
        (
            "employee|employees|staff|student|students|worker|workers * list|roster|records|details|contacts|"
            "directory|particulars"
        ),
        (
            "employee|employees|staff|student|students|worker|workers data|info|information|ids|id|passports|"
            "salaries|salary|payroll|personal"
        ),
        "contact|contacts|mailing|distribution list|database|export",
        "contacts export|dump",
        "KYC|CDD|EDD * form|forms|file|files|report|reports|record|records|pack|documents|docs|data|checklist",
        "CIF|CRM list|export|data|dump|extract|records",
        "due diligence",
        "KYC",
        "account opening|openings",
        "personal data|information|details|particulars",
        "ID|IDs|passport|passports|BIR|BIRs copy|copies|scan|scans|photocopy|photos|list",
        "copy|copies|scan|scans|photocopy of * ID|IDs|passport|passports|BIR|BIRs",
        "payroll|payslip|payslips|salaries|salary * list|report|register|sheet|data|run|file",
        "payroll|payslip|payslips",
        "HR|personnel records|files|file|data",
        "medical|health|clinical records|record|history",
        "medical report|reports",
        (
            "customers|clients|members|guests|patients|users|passengers|employees|salary|salaries * "
            "csv|xls|xlsx|json|sql|mdb"
        ),
        "passenger|passengers list|manifest|details",
        "user|users data|list|database|export|dump",
        "transaction|transactions history|records|listing",
        "bank|account statement|statements",
    ),
}

# What reads like the phrases above and is about something else: rules on data, empty forms, service and sales.
# An exception that overlaps a phrase takes it out.
EXCEPTIONS: Mapping[str, tuple[str, ...]] = {
    "zh-Hant": (
        "客戶端",
        "個人資料|客戶資料|資料 保護|保障|保密|私隱|收集聲明|處理聲明|收集目的|安全",
        "個人資料保護|資料保護|資料收集",
        (
            "客戶|會員|顧客|客人|旅客 服務|滿意|經理|專員|關係|活動|大會|須知|守則|優惠|簡報|案例|需求|回饋|宣傳|"
            "教育|體驗|權益|章程|條款|政策"
        ),
        "客戶|會員|顧客|客人 * 服務|簡報|宣傳|產品|推廣|培訓|活動|會議 * 資料|數據|紀錄|記錄|名單|明細|資訊|信息",
        "員工|僱員|職員|學生|學員 手冊|守則|培訓|活動|須知|福利|旅行|聯歡",
        "員工|職員|學生 * 活動|培訓|課程|會議|旅行 * 資料|名單|紀錄|記錄|檔案",
        "資料|名單|清單|名冊|檔案|表格|副本|文件 * 範本|模板|樣本|樣板|格式說明|填寫說明|填寫指引|空白",
        "資料|名單|紀錄|記錄|通訊錄 * 手冊|說明|功能|通知|流程",
        "空白|範本|模板 * 資料|名單|清單|名冊|表",
        "盡職審查|盡職調查|KYC|反洗錢|個人資料 * 政策|指引|培訓|法規|法例|手冊|課程|講座|簡介",
        "旅客|住客|學生|長者 * 統計|數目|人次",
        "旅客|客人 資訊|資料 中心|服務",
    ),
    "zh-Hans": (
        "客户端",
        "个人信息|个人资料|客户资料|客户信息|资料|信息 保护|保障|保密|隐私|收集声明|处理声明|收集目的|安全",
        "个人信息保护|个人资料保护|资料保护|资料收集",
        (
            "客户|会员|顾客|客人|旅客|用户 服务|满意|经理|专员|关系|活动|大会|须知|守则|优惠|简报|案例|需求|反馈|"
            "宣传|教育|体验|权益|手册|协议|条款|政策"
        ),
        "客户|会员|顾客|客人|用户 * 服务|简报|宣传|产品|推广|培训|活动|会议 * 资料|数据|记录|名单|明细|信息",
        "员工|雇员|职员|学生|学员 手册|守则|培训|活动|须知|福利|旅行|联欢",
        "员工|职员|学生 * 活动|培训|课程|会议|旅行 * 资料|名单|记录|档案",
        "资料|名单|清单|名册|档案|表格|副本|文件|信息 * 范本|模板|样本|样板|格式说明|填写说明|填写指引|空白",
        "资料|名单|信息|记录|通讯录 * 手册|说明|功能|通知|流程",
        "空白|范本|模板 * 资料|名单|清单|名册|表",
        "尽职审查|尽职调查|KYC|反洗钱|个人信息|个人资料 * 政策|指引|培训|法规|法例|手册|课程|讲座|简介",
        "旅客|住客|学生|长者 * 统计|数目|人次",
    ),
    "pt": (
        "lei|protecção|proteção|política|direcção|direção|serviços|gabinete|comissão|tratamento * dados pessoais",
        "dados pessoais * formação|política|regulamento|formulário",
        "lista|tabela|mapa de preços|preço|produtos|materiais",
        "modelo|minuta|exemplo|instruções * ficha|fichas|lista|formulário|mapa|abertura|folha|dados",
        "ficha|fichas|lista|formulário|conta * modelo|minuta|exemplo|vazio|vazia|branco",
        "mapa|registo * férias|presenças * trabalhadores|funcionários|alunos",
        "membros do|da|dos júri|governo|comissão|conselho|direcção|assembleia",
    ),
    "en": (
        (
            "personal|client|customer|data data|information|protection|privacy|collection * act|law|policy|notice|"
            "statement|protection|security|privacy|training|bureau|office|guideline|guidelines|breach procedure"
        ),
        "personal data|information protection|privacy|collection|act|law|policy|notice|statement|security",
        (
            "customer|client|member|guest|patient|subscriber|tenant|player service|services|satisfaction|experience|"
            "journey|support|survey|feedback|success|side|library|app|centre|center|benefits|meeting|agreement|"
            "handbook|leaflet|guide|newsletter|terms|portal|app|software|policy"
        ),
        (
            "employee|staff|student|worker handbook|training|meeting|benefits|party|lunch|union|survey|newsletter|"
            "guide|policy"
        ),
        (
            "customer|client|member|guest|patient|student|staff|tenant information session|centre|center|desk|guide|"
            "leaflet|booklet|pack|sheet|evening"
        ),
        "KYC|CDD|EDD|AML * policy|training|procedure|procedures|manual|guideline|guidelines|template|handbook|law",
        "due diligence * policy|training|procedure|procedures|manual|guideline|guidelines|template|handbook|law",
        "template|blank|sample|specimen * form|forms|list|report|record|records|register|data|sheet|file",
        (
            "form|forms|list|report|record|records|register|data|sheet|file|details * template|blank|sample|specimen|"
            "format|instructions"
        ),
        "price|product|packing|shopping|check|to-do|task list * for|of clients|customers|members|guests",
        "list of products|services|items|prices * for|to clients|customers|members|guests",
        "data|database schema|structure|center|centre|model|migration",
        "members|shareholders general|annual|meeting",
        "member state|states",
        "members of parliament|congress|board|council|committee",
        "payroll system|manual|calendar|software|policy|procedure",
        "user|users data dictionary|model|flow|protection",
        "salary survey|benchmark|increment|guide",
    ),
}
