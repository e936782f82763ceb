"""EMAIL_ADDRESS: mail addresses of persons, of functions, and those written so that no machine should find them.

In:    a text.
Out:   results, scored as if they stood alone.
Never: what only has an "@": image@2x.png, lodash@4.17.21, git@host:path, user@localhost, @decorator; a look-up of
       domains on a network.
"""

from collections.abc import Iterator

import regex

from recognizers.countries import COUNTRIES
from recognizers.labels import Kind
from recognizers.shape import Match, Shape, ShapeRecognizer, shapes_by_name

# An address is unmistakable, but info@ and hr@ are an office's, and nobody reads noreply@.
_SHAPES = (
    Shape("address", alone=0.9, labelled=0.95, hinted=0.95, contested=0.85),
    Shape("unknown-domain", alone=0.6, labelled=0.85, hinted=0.75, contested=0.3),
    Shape("internal-domain", alone=0.5, labelled=0.8, hinted=0.7, contested=0.3),
    Shape("role", alone=0.35, labelled=0.5, hinted=0.4, contested=0.3),
    Shape("unattended", alone=0.1, labelled=0.2, hinted=0.1, contested=0.1),
    Shape("disguised", alone=0.8, labelled=0.9, hinted=0.85, contested=0.7),
    Shape("spaced", alone=0.5, labelled=0.85, hinted=0.7, contested=0.3),
    Shape("spelled", alone=0.3, labelled=0.8, hinted=0.6, contested=0.1),
)
_BY_NAME = shapes_by_name(_SHAPES)


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# The last part of a domain: two letters are a country's. Of longer ones those that mail really comes from; any other
# is possible, but so are file extensions and names in programs.
_COUNTRIES = frozenset(map(str.lower, COUNTRIES)) | {"uk", "eu", "su"}
_GENERIC = _words("""
    com net org edu gov mil int info biz name pro mobi asia jobs post tel travel museum aero coop cat xxx app dev xyz
    top club vip online site website store shop tech cloud email work works live life world group ltd company inc llc
    bank finance financial insurance capital fund legal law lawyer consulting services solutions agency studio design
    media news blog social chat team space host page link click one global international network systems software
    digital academy school university college church clinic health hospital dental care hotel casino bet games game
    sport fitness restaurant cafe wine beauty fashion jewelry luxury auto car property properties estate realty house
    homes construction engineering energy green eco city hongkong taipei tokyo wang ren win fun ink wiki art today
    zone plus best center centre support help guru expert photo photos video film music events party wedding family
    baby pet love me icu cyou sbs bond
""")
_NATIVE = _words("""
    中国 中國 香港 澳門 澳门 台灣 台湾 新加坡 公司 网络 網絡 网址 網址 在线 中文网 网站 商城 政务 公益 移动 信息 集团
    我爱你
""")
_INTERNAL = _words("local lan corp internal intra intranet home private")
# What files and programs have behind their last dot, and what RFC 6761 says is no domain.
_NEVER = _words("""
    localhost localdomain invalid png jpg jpeg gif bmp svg ico webp avif heic tif tiff psd css scss less jsx mjs cjs
    tsx vue json yaml yml toml ini cfg conf xml html htm xhtml php asp aspx jsp pyc ipynb java class jar cpp hpp lua
    bash bat cmd exe dll dylib bin iso dmg apk ipa deb rpm whl zip rar tar tgz pdf doc docx xls xlsx xlsm ppt pptx
    csv tsv txt log rtf odt ods odp rst tex bak tmp old swp lock map min eml msg mov avi mkv wav flac sql sqlite mdb
    pem key crt cer pfx next latest beta alpha stable canary dist src lib node env git
""")

# Who reads it: an office, or nobody. Compared without digits, separators and what follows a plus.
_ROLES = _words("""
    info hello contact contactus contacto contactos geral sales vendas support suporte service services
    customerservice customercare customersupport cs help helpdesk ithelpdesk admin administration administracao
    office hr rh humanresources recruitment recruit career careers jobs enquiry enquiries inquiry inquiries query
    marketing mkt press media pr accounts accounting accountspayable finance billing invoice invoices procurement
    purchasing tender legal compliance privacy dpo security abuse webmaster hostmaster itsupport reservation
    reservations reservas booking bookings frontdesk reception concierge team all allstaff newsletter feedback
    membership order orders shop store mail email main general secretariat secretaria gabinete news events training
    admissions registry library
""")
_UNATTENDED = _words("""
    noreply donotreply naoresponder postmaster mailerdaemon daemon bounce bounces notification notifications notify
    alert alerts auto automated automailer system nobody root git ubuntu ecuser wwwdata
""")

_LETTER = r"A-Za-z0-9\u00c0-\u024f"
_IN_BRACKETS = r"[ ]?[(\[{{<][ ]?(?i:{})[ ]?[)\]}}>][ ]?"
_AT = regex.compile(rf"@(?![ ])|[ ]?@[ ]|{_IN_BRACKETS.format('at|arroba|@')}|(?<![ ])[ ](?i:at|arroba)[ ]")
# RFC 5322's dot-atom, without the characters that stand around addresses in URLs and programs: = & ? # | * ! $ { } / %
_LONGEST_LOCAL = 64
_LOCAL = regex.compile(
    rf"(?<![{_LETTER}])[{_LETTER}](?:(?:[.]|[_+'-]{{1,3}})?[{_LETTER}]){{0,{_LONGEST_LOCAL - 1}}}[_+-]{{0,2}}\Z"
)
_LABEL = rf"(?P<label>[{_LETTER}](?:[{_LETTER}-]{{0,61}}[{_LETTER}])?|[\u4e00-\u9fff]{{1,20}})"
_DOT = rf"(?P<dot>[.\u3002]|{_IN_BRACKETS.format('dot|ponto|[.]')}|[ ](?i:dot|ponto)[ ])"
_DOMAIN = regex.compile(rf"{_LABEL}(?:{_DOT}{_LABEL})+")
_LOGIN = regex.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,15}://[^\s/@]{0,64}\Z")  # https://user:password@host
_PATH = regex.compile(r":(?:~|[0-9A-Za-z_.-]{0,64}/)")  # git@host:path/to
_SCALED = regex.compile(r"[1-4]x", regex.IGNORECASE)  # icon@2x.png


class EmailAddressRecognizer(ShapeRecognizer):
    """Finds mail addresses, also glued to Chinese text, with "(at)" and "[dot]", and at domains in other scripts."""

    ENTITIES = ("EMAIL_ADDRESS",)
    SHAPES = _SHAPES
    NAMED_BY = frozenset({Kind.EMAIL})
    HINTED_BY = frozenset({Kind.NAME, Kind.PERSON, Kind.ADDRESS, Kind.PHONE})
    REACH = 140
    TRIGGERS = (
        r"@|\xef\xbc\xa0",  # in either width
        r"[(\[{<] ?(?:[aA][tT]|[aA][rR][rR][oO][bB][aA]|[dD][oO][tT]|[pP][oO][nN][tT][oO]) ?[)\]}>]",
        r"[a-zA-Z0-9] (?:[dD][oO][tT]|[pP][oO][nN][tT][oO]) [a-zA-Z]",
        r"[(\[{<] ?\. ?[)\]}>]",
    )

    def find(self, text: str) -> Iterator[Match]:
        """Yield every address whose domain is plausible."""
        end = 0
        for at in _AT.finditer(text):
            name = _LOCAL.search(text, max(end, at.start() - _LONGEST_LOCAL), at.start())
            domain = _DOMAIN.match(text, at.end()) if name else None
            if not name or not domain or not (found := _top_level(domain)):
                continue
            shape = _shape(name[0], at[0], set(domain.captures("dot")), found[1])
            if shape and not _is_login(text, name.start(), found[0]):
                end = found[0]
                yield Match(_BY_NAME[shape], name.start(), end)


def _top_level(domain: regex.Match[str]) -> tuple[int, str] | None:
    """Return where a domain ends, and what it is: "known", "internal" or "unknown".

    What follows a domain may look like a part of it: "chan@example.mo.Please", "chan@example.mo。謝謝".
    """
    labels, starts = domain.captures("label"), domain.starts("label")
    if _SCALED.fullmatch(labels[0]):
        return None
    unknown = None
    for label, start in zip(labels[:0:-1], starts[:0:-1], strict=True):
        length, kind = _end_of_domain(label)
        if kind in {"known", "internal"}:
            return start + length, kind
        if kind == "unknown" and label is labels[-1]:
            unknown = start + length, kind
    return unknown


def _end_of_domain(label: str) -> tuple[int, str]:
    """Return how many characters of a label are the end of a domain, and the kind of domain; "" for none."""
    if native := next((name for name in _NATIVE if label.startswith(name)), ""):
        return len(native), "known"
    lower = label.lower()
    if lower in _COUNTRIES or lower in _GENERIC or lower.startswith("xn--"):
        return len(lower), "known"
    if lower in _INTERNAL:
        return len(lower), "internal"
    possible = len(lower) > 2 and lower.isascii() and lower.isalpha() and lower not in _NEVER
    return (len(lower), "unknown") if possible else (0, "")


def _is_login(text: str, start: int, end: int) -> bool:
    """Tell whether an address is a user and a host: of a URL, of a remote repository, of a file to be copied."""
    behind = _PATH.match(text, end) is not None or text.startswith("@", end)
    return behind or _LOGIN.search(text, max(0, start - 80), start) is not None


def _shape(name: str, at: str, dots: set[str], domain: str) -> str:
    """Name the shape of an address by who reads it and how it is written; "" for two words with "at" between them."""
    disguised = not dots <= {".", "。"}
    spelled = at.strip().isalpha()
    if (at != "@" and domain != "known") or (spelled and not disguised):
        return ""
    reader = regex.sub("[^a-z]", "", name.lower().partition("+")[0])
    if reader in _UNATTENDED:
        return "unattended"
    if reader in _ROLES:
        return "role"
    if spelled:
        return "spelled"
    if disguised or at.strip() != "@":
        return "disguised"
    if at != "@":
        return "spaced"
    return "address" if domain == "known" else f"{domain}-domain"
