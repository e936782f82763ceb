"""Fold what may be somebody's data out of hosts, paths and field names, so that what is left may be kept and shown.

In:    names as they stand in a request.
Out:   the same with "{id}" or "{key}" where a name was not chosen by whoever made the interface.
Never: a name kept because nothing speaks against it. Beyond a service's own name, it is kept for a word it is made of.
"""

import re
from collections.abc import Callable, Iterator
from itertools import zip_longest
from urllib.parse import unquote

from cerco.dingtalk.outbound import Channel

ID = "{id}"
KEY = "{key}"
ADDRESS = "{address}"
MORE = "{more}"

# DingTalk's longest path has 13 segments, its longest name of a field 37 letters.
SEGMENTS = 16
LONGEST = 40

_NAME = re.compile(r"[$_@]{0,2}[A-Za-z][A-Za-z0-9_-]*")
_PIECE = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_VERSION = re.compile(r"v\d{1,2}(?:\.\d{1,2})?")
# Hexadecimal, DingTalk's ids of conversations, a letter three times over, and capitals beyond any abbreviation.
_DATA = re.compile(r"[0-9a-fA-F]{8,}|cid.{12,}|.*?([A-Za-z])\1\1.*|(?=.*[a-z]).*[A-Z]{7}.*")
_VOWEL = re.compile(r"[aeiouy]", re.IGNORECASE)
_UNSPEAKABLE = re.compile(r"[bcdfghjklmnpqrstvwxz]{6}", re.IGNORECASE)
_ADDRESS = re.compile(r"[0-9.]+|\[.*\]|[0-9a-f:]*:[0-9a-f:.]*")
_DINGTALK = re.compile(r"dingtalk\.(?:com|cn|net|io|com\.cn)")
# Second labels under which anybody may have a name of their own.
_SHARED = frozenset({"com", "net", "org", "gov", "edu", "co"})
_METHODS = ("POST", "GET", "PUT", "DELETE", "PATCH")
# Objects whose fields the sender names: variables of cards, columns of tables, people.
_OPEN = re.compile(
    r"(?:.*(?:map|mapping|i18n|extension|extensions|extinfo|extendinfo|extdata|extenddata|extradata))"
    r"|(?-i:ext|.*Ext)|.+(?:params|headers)|extras?|propert(?:y|ies)|attributes?|metadata|variables|fields|at\w*ids|privatedata"
    r"|privatecarddata|publiccarddata|contents?|context",
    re.IGNORECASE,
)

# Pieces of two letters and fewer that field names are made of; in random letters there are others soon.
_SHORT = frozenset(
    re.findall(
        "[a-z]+",
        "a ai an at by cc co db do dt e en h i id im in io ip is md me my n no of on op or os pc qr to ui uk up v vo x",
    )
)

# What interfaces call things and what is done to them, in the singular. Mostly from DingTalk's published operations.
_WORDS = frozenset(
    re.findall(
        "[a-z]+",
        """
        abort accept access account action activate activation active activity add address adjust adjustment
        admin administrative administrator agent agree ai alarm alert all allow amount analysis answer api app
        append application apply approval approve approver archive argument ask asset assign assignment assistant async
        attach attachment attendance attribute audio audit auth authorization backup balance bank banner base
        basic batch begin benefit bill billing bind biz blackboard block body bookmark branch build bulk bundle
        business button calculate calendar call callback campus cancel candidate card category cell center cert
        certificate change channel chart chat check checkin checklist chunk city class clear clone close cloud
        code collect college column comment commit company complete conference config configuration confirm
        connector consume contact content contract conversation convert cool copy corp correction cost count
        course create credit crm crowd custom customer customization data dataset date day decode decrypt delete
        deliver delivery dentry deny department deploy dept description design detach detail device ding
        directory disable discard dismiss dismission dispatch doc document download draft drive duration edit
        embed embedding emotion emp employee enable encrypt ensure enterprise entity error esign essay event
        exam exchange exclusive execute executor exist experience export external extract family favorite feed
        feedback fetch field file filter find finish firmware flight flow folder follow follower form formula
        forward freeze function general generate get group handover hide history holiday homepage hotel icon
        identification identity ids im image import index indicator industry info init inner insert inspect
        inspection inst install instance instant institution interconnection internal interview invalid invite
        invoice invoke item job join json judge key keyword kick knowledge label launch learning leave level
        license like link list live load location lock log login logout lookup mail manage management manager
        manufacture map markdown market mass master material me media medical meeting member memory mention
        merge message meta metadata migration minute mobile model modify monitor month move msg multi multipart
        mute name new node notable notice notify number oapi object objective ocr okr open operation operator
        opportunity option order org organization owner package page param parent parse part partner parts patch
        pause pay payment perf period permission personal personality phone photo picture pin ping pinned plan
        platform play plugin point poll portal position post pre premium prepare preview print private process
        product progress project prompt property publish pull purchase push put quality query question quit
        quota quote range reaction read reason recall receipt receive receiver recent recognize recommend record
        recording recover recruit recycle redeem refresh refund register reject relation release reload remark
        remind remove rename render reopen reorder replace replay reply report request reset resident resolve
        resource restart restore result resumable resume retrieve retry return reverse revert review revoke risk
        robot role rollback room roster row rule run salary sale save scan scene schedule schema scheme school
        scope screen seal search select send service session set setting share sheet shift shop shortcut show
        sign signature single site skill skip smart snapshot snippet sns solution sort source space sso staff
        star start stat state statistic status sticker stop storage store stream streaming structure student sub
        subject submit subscribe suite summary supplier survey switch sync tab table tag target task tax teacher
        team temp template tenant terminate test text thread ticket time title todo token top total trace track
        trade train training transfer transform translate trigger trip type uid unbind undo uninstall union unit
        university unlock unpin unsubscribe update upgrade upload upsert urge url usage use user userid uuid
        vacation validate value vector verify version video view vip visibility visible voice vote voucher wage
        watch watermark web webhook week widget with withdraw word work workbook workflow worksheet workspace
        write
        """,
    )
)


def is_named(text: str) -> bool:
    """Tell whether a name looks chosen by a programmer: words, run together or with "_" between them.

    Numbers, hexadecimal, base64, addresses and everything beyond ASCII do not. A person's name in Latin letters does.
    """
    if len(text) > LONGEST or not _NAME.fullmatch(text) or sum(char.isdigit() for char in text) > 2:
        return False
    pieces = _PIECE.findall(text)
    if _DATA.fullmatch(text) or any(_UNSPEAKABLE.search(piece) for piece in pieces):
        return False
    if len(text) < 8 or (("_" in text or "-" in text) and text in {text.lower(), text.upper()}):
        return True
    letters = sum(map(len, pieces))
    speakable = all(
        piece.lower() in _SHORT if len(piece) <= 2 else len(piece) == 3 or _VOWEL.search(piece) for piece in pieces
    )
    return speakable and letters >= 2.5 * len(pieces)


def is_worded(text: str) -> bool:
    """Tell whether a name has a word in it that interfaces use. Few people are called so."""
    return is_named(text) and any(
        _singular(piece.lower()) in _WORDS and (len(piece) > 2 or piece == text) for piece in _PIECE.findall(text)
    )


def is_open(name: str) -> bool:
    """Tell whether an object of this name holds fields that the sender names."""
    return _OPEN.fullmatch(name) is not None


def fold_path(path: str, channel: Channel, known: Callable[[str, str], str | None]) -> str:
    """Return the template of a path that nobody published.

    Where it goes on from a published path, of any method, ids are where that has them. Names in oapi's paths are all
    DingTalk's own: ids stand in its queries. Elsewhere only the service is called anything.
    """
    segments = [segment for segment in path.partition("?")[0].split("/") if segment]
    first = 1 if segments and _VERSION.fullmatch(segments[0]) else 0
    free = SEGMENTS if channel is Channel.OAPI else first + 1
    published = _published(segments[:SEGMENTS], known)
    folded = [
        _segment(segment, template or "", free=index < free)
        for index, (segment, template) in enumerate(zip_longest(segments[:SEGMENTS], published))
    ]
    return "/" + "/".join([*folded, *([MORE] if len(segments) > SEGMENTS else [])])


def fold_host(host: str, channel: Channel) -> str:
    """Return a host's name without what may stand for one company, bucket or connection."""
    if _ADDRESS.fullmatch(host):
        return ADDRESS
    labels = host.split(".")
    own = next((size for size in (2, 3) if _DINGTALK.fullmatch(".".join(labels[-size:]))), None)
    if own is not None or channel not in {Channel.OTHER, Channel.OSS}:
        return ".".join([*(_label(label) for label in labels[: -(own or 2)]), *labels[-(own or 2) :]])
    size = 3 if labels[-2:-1] and labels[-2] in _SHARED and len(labels) > 2 else 2
    return ".".join(["*" if len(labels) > size else "", *labels[-size:]]).lstrip(".")


def fold_key(key: str, *, within_open: bool = False) -> str:
    """Return a field's name, or "{key}" if it looks like data; where the sender names fields, most names do."""
    return key if (is_worded(key) if within_open else is_named(key)) else KEY


def fold_call(name: str) -> str:
    """Return the name of a call: a tool, a gateway's method or the uri of a frame, word by word."""
    return "".join(
        piece if not piece or piece in "/." or piece in {"r", "oapi"} or _VERSION.fullmatch(piece) or is_named(piece)
        else ID
        for piece in re.split(r"([/.])", name[:200])
    )  # fmt: skip


def _published(segments: list[str], known: Callable[[str, str], str | None]) -> list[str]:
    """Return the segments of the longest published path that a path goes on from."""
    for length in range(len(segments), 1, -1):
        path = "/" + "/".join(segments[:length])
        for method in _METHODS:
            if (template := known(method, path)) is not None:
                return list(_split(template))
    return []


def _split(path: str) -> Iterator[str]:
    return (segment for segment in path.split("/") if segment)


def _segment(segment: str, published: str, *, free: bool) -> str:
    if published and "{" not in published:
        return published
    if unquote(segment) != segment:
        return published or ID
    if _VERSION.fullmatch(segment) or is_worded(segment) or (free and is_named(segment)):
        return segment  # in place of an id, as well: more often a new action than somebody's id
    return published or ID


def _label(label: str) -> str:
    return label if is_named(label) else ID


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("ses", "xes", "ches", "shes")):
        return word if word in _WORDS else word[:-1] if word[:-1] in _WORDS else word[:-2]
    return word[:-1] if word.endswith("s") and word not in _WORDS and len(word) > 3 else word
