"""Let one script of ours into a page under a Content-Security-Policy, and nothing else (W3C, CSP Level 3).

In:    a policy as a header or a `<meta>` has it, the hash of the script, and the one address it asks.
Out:   the policy with just these two let in; what it says of everything else stays.
Never: 'unsafe-inline' for a page that has not got it; a hash beside an 'unsafe-inline' that it would switch off.
"""

import re
from collections.abc import Sequence

HEADERS = ("Content-Security-Policy", "Content-Security-Policy-Report-Only")

_NAMED = re.compile(r"'(?:nonce-|sha(?:256|384|512)-).+'|'strict-dynamic'", re.IGNORECASE)
_NONE = "'none'"


def admit(header: str, *, script: str | None, connect: str) -> str:
    """Return a header's policies, each with our script and our address let in where it would keep them out.

    Args:
        header: one or more policies with commas between them (CSP3, 3.1).
        script: the script's hash as a source expression; None if the script is not governed by this policy.
        connect: the address that the script asks, ending in a slash.
    """
    return ", ".join(_admit(policy.strip(), script, connect) for policy in header.split(","))


def forbids_scripts(header: str) -> bool:
    """Tell whether a policy keeps all scripts from running, so that ours is of no use."""
    for policy in header.split(","):
        sandbox = _directives(policy).get("sandbox")
        if sandbox is not None and "allow-scripts" not in (word.lower() for word in sandbox):
            return True
    return False


def _admit(policy: str, script: str | None, connect: str) -> str:
    directives = _directives(policy)
    if not directives:
        return policy
    added: list[str] = []
    changed = dict[str, Sequence[str]]()
    if script is not None:
        name, sources = _governing(directives, ("script-src-elem", "script-src", "default-src"))
        if sources is not None and not _inline_allowed(sources, script):
            _put(name, "script-src", _with(sources, script), changed, added)
    name, sources = _governing(directives, ("connect-src", "default-src"))
    if sources is not None and not _connects(sources, connect):
        _put(name, "connect-src", _with(sources, connect), changed, added)
    if not changed and not added:
        return policy
    kept = [_replaced(directive, changed) for directive in policy.split(";") if directive.strip()]
    return "; ".join([*kept, *added])


def _put(name: str, own: str, sources: Sequence[str], changed: dict[str, Sequence[str]], added: list[str]) -> None:
    """Change the directive that governs, unless it is the default for everything: then say it in its own."""
    if name == "default-src":
        added.append(f"{own} {' '.join(sources)}")
    else:
        changed[name] = sources


def _replaced(directive: str, changed: dict[str, Sequence[str]]) -> str:
    words = directive.split()
    sources = changed.pop(words[0].lower(), None)  # of several with one name the first counts, and it alone
    return directive.strip() if sources is None else " ".join([words[0], *sources])


def _directives(policy: str) -> dict[str, list[str]]:
    """Return the directives of one policy; of several with one name the first counts."""
    found: dict[str, list[str]] = {}
    for directive in policy.split(";"):
        if words := directive.split():
            found.setdefault(words[0].lower(), words[1:])
    return found


def _governing(directives: dict[str, list[str]], names: Sequence[str]) -> tuple[str, list[str] | None]:
    return next(((name, directives[name]) for name in names if name in directives), ("", None))


def _inline_allowed(sources: Sequence[str], script: str) -> bool:
    """Tell whether scripts in the page may run: by name, or all of them, which any hash or nonce switches off."""
    if script in sources:
        return True
    everything = any(source.lower() == "'unsafe-inline'" for source in sources)
    return everything and not any(_NAMED.fullmatch(source) for source in sources)


def _connects(sources: Sequence[str], connect: str) -> bool:
    """Tell whether the address is let in already; the page's own origin is where we answer."""
    scheme = connect.partition("//")[0]
    return any(source.lower() in {"*", "'self'", scheme, connect} for source in sources)


def _with(sources: Sequence[str], source: str) -> list[str]:
    return [*(known for known in sources if known.lower() != _NONE), source]
