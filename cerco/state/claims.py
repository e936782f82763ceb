"""Tell whether an outbound is the one a reason was given for: the same content, sender and destination.

In:    an `Outbound`, what was found in it, and what is known of the uploads and messages it speaks of.
Out:   digests under the site's key, equal only for equal outbounds.
Never: a field left out because its value looks like a number: only what a client makes up anew for every request is.
"""

import hmac
import re
from collections.abc import Iterable, Sequence

from cerco.dingtalk.held import chunks
from cerco.dingtalk.outbound import Outbound, Part, Role
from cerco.extract.text import Unreadable
from cerco.scan.finding import Finding
from cerco.scan.normalise import normalise
from cerco.state.grants import Claim

# What clients make up for every request, or DingTalk for every upload: last names of fields, without marks between
# words. Whatever else differs makes another outbound; a client with a field of its own kind is asked again.
_FRESH = re.compile(
    r"mid|sid|(?:msg|message|client|request)?(?:uuid|guid)|nonce|(?:trace|request|client)?(?:msg|message|request|trace)ids?"
    r"|timestamp|ts|sign|signature|createat|createdat|outtrackid|uploadkey|uploadid|uploadinfo|(?:\w*)mediaids?"
    r"|expires|ossaccesskeyid|securitytoken|xoss(?:date|credential|signature|signatureversion|expires|securitytoken)"
)
_ID = re.compile(r"[A-Za-z0-9@+/=_.:#~ -]{1,600}")  # no words of anybody's: Han characters and sentences never match
_SPACES = re.compile(r"[a-z]+ [a-z]+", re.IGNORECASE)
_POSITION = re.compile(r"\[\d+\]")
# What steps of one upload may have in common, and how many of these are told apart.
_APART = frozenset({Role.FILE, Role.FILENAME, Role.TITLE})
_MOST_APART = 50
# The object store's own parameters say how a file is sent, not where to.
_SENDING = re.compile(r"query (?:partNumber|position|append|uploads)")


def contents(key: bytes, outbound: Outbound, whole: bytes = b"") -> tuple[str, ...]:
    """Return digests, in hex, of everything an outbound says and carries: of its files and names each, of the rest one.

    `whole` stands for the file that parts were put together to. Reads every byte: not for an event loop.
    """
    counted = [part for part in outbound.parts if not _fresh(part)]
    named = [part for part in counted if part.role in _APART]
    apart = named if len(named) <= _MOST_APART else []
    rest = sorted(_said(part, key) for part in counted if part not in apart)
    return tuple(
        dict.fromkeys(
            [
                *(digest(key, part) for part in apart),
                *([hmac.digest(key, _packed(b"rest", *rest), "sha256").hex()] if rest else []),
                *([hmac.digest(key, _packed(b"whole", whole), "sha256").hex()] if whole else []),
            ]
        )
    )


def digest(key: bytes, part: Part) -> str:
    """Return the digest of one file or name, as it stands among `contents`."""
    return hmac.digest(key, _packed(b"part", _said(part, key)), "sha256").hex()


def claim(
    key: bytes,
    outbound: Outbound,
    findings: Sequence[Finding],
    coverage: Sequence[Unreadable],
    *,
    carried: Iterable[str],
) -> Claim:
    """Return what a reason for an outbound would be given for.

    Args:
        key: 32 bytes, the same for the life of the grants.
        outbound: what is to be sent.
        findings: everything it was judged by, what was known of its upload before included.
        coverage: the same for what was not read.
        carried: digests of what it carries, and of what was carried before under its keys.
    """
    actor, destination = outbound.actor, outbound.destination
    way = (
        *(actor.address, actor.account or ""),
        *(destination.host, destination.region, destination.conversation or "", *sorted(destination.recipients)),
        *(str(outbound.channel), outbound.operation),
    )
    found = sorted({f"{finding.rule}\0{finding.fingerprint}" for finding in findings})
    gaps = sorted({f"{gap.why.value}\0{gap.place}" for gap in coverage})
    digests = sorted(set(carried))
    packed = _packed(
        b"outbound", *(_packed(*(item.encode(errors="surrogatepass") for item in group))
                       for group in (way, found, gaps, digests))
    )  # fmt: skip

    def named(kind: bytes, value: str) -> bytes:
        return hmac.digest(key, _packed(kind, value.encode(errors="surrogatepass")), "sha256")

    return Claim(
        outbound=hmac.digest(key, packed, "sha256"),
        person=named(b"person", actor.account or actor.address),
        device=named(b"device", actor.address),
    )


def _said(part: Part, key: bytes) -> bytes:
    if not isinstance(part.content, str):
        name = (part.filename or "").encode(errors="surrogatepass")
        mac = hmac.new(key, digestmod="sha256")
        for chunk in chunks(part.content):
            mac.update(chunk)
        return _packed(b"file", name, mac.digest())
    return _packed(b"text", normalise(part.content).text.encode(errors="surrogatepass"))


def _fresh(part: Part) -> bool:
    """Tell whether a part is a number made for one request."""
    if not isinstance(part.content, str):
        return False
    if part.place == "id" or _SENDING.fullmatch(part.place):
        return True
    name = _POSITION.sub("", part.place.partition(" (")[0]).rpartition(" ")[2].rpartition(".")[2]
    named = _FRESH.fullmatch(name.replace("_", "").replace("-", "").lower())
    return bool(named and _ID.fullmatch(part.content) and not _SPACES.search(part.content))


def _packed(*items: bytes) -> bytes:
    """Join items so that no other items give the same bytes."""
    return b"".join(len(item).to_bytes(8) + item for item in items)
