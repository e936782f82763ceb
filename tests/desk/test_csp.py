"""A policy of a page lets our one script and our one address in, and is otherwise what it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cerco.desk.csp import admit, forbids_scripts

HASH = "'sha256-abc='"
ADDRESS = "https://im.dingtalk.com/.well-known/cerco/"


def admitted(policy: str, *, script: str | None = HASH) -> str:
    return admit(policy, script=script, connect=ADDRESS)


@pytest.mark.parametrize(
    ("policy", "then"),
    [
        pytest.param("script-src 'self'", f"script-src 'self' {HASH}", id="scripts of its own"),
        pytest.param("script-src 'self' 'nonce-r4nd'", f"script-src 'self' 'nonce-r4nd' {HASH}", id="a nonce"),
        pytest.param("script-src 'strict-dynamic'", f"script-src 'strict-dynamic' {HASH}", id="strict"),
        pytest.param("script-src 'none'", f"script-src {HASH}", id="none"),
        pytest.param("script-src", f"script-src {HASH}", id="none, by saying nothing"),
        pytest.param(
            "script-src 'self' 'unsafe-inline'", "script-src 'self' 'unsafe-inline'", id="all of them, and so ours"
        ),
        pytest.param(
            "script-src 'unsafe-inline' 'nonce-x'",
            f"script-src 'unsafe-inline' 'nonce-x' {HASH}",
            id="all of them in old browsers only",
        ),
        pytest.param(
            "script-src 'self'; script-src-elem 'nonce-x'",
            f"script-src 'self'; script-src-elem 'nonce-x' {HASH}",
            id="elements apart from the rest",
        ),
        pytest.param("SCRIPT-SRC 'self'", f"SCRIPT-SRC 'self' {HASH}", id="capitals"),
        pytest.param(
            "script-src 'self'; script-src 'none'", f"script-src 'self' {HASH}; script-src 'none'", id="the first"
        ),
        pytest.param(
            "default-src 'self'; img-src *",
            f"default-src 'self'; img-src *; script-src 'self' {HASH}",
            id="the default, which stays for the others",
        ),
        pytest.param(
            "default-src 'none'",
            f"default-src 'none'; script-src {HASH}; connect-src {ADDRESS}",
            id="nothing at all",
        ),
        pytest.param("default-src 'self' 'unsafe-inline'", "default-src 'self' 'unsafe-inline'", id="default, open"),
        pytest.param("connect-src wss:", f"connect-src wss: {ADDRESS}", id="sockets only"),
        pytest.param("connect-src 'none'", f"connect-src {ADDRESS}", id="no connection"),
        pytest.param("connect-src 'self'", "connect-src 'self'", id="its own host, where we answer"),
        pytest.param("connect-src *", "connect-src *", id="everywhere"),
        pytest.param("connect-src https:", "connect-src https:", id="everywhere over TLS"),
        pytest.param("style-src 'self'", "style-src 'self'", id="of no concern to us"),
        pytest.param("upgrade-insecure-requests", "upgrade-insecure-requests", id="no sources"),
        pytest.param("", "", id="empty"),
        pytest.param(" ; ", ";", id="as good as empty"),
        pytest.param(
            "script-src 'self', default-src 'none'",
            f"script-src 'self' {HASH}, default-src 'none'; script-src {HASH}; connect-src {ADDRESS}",
            id="two policies, both of which count",
        ),
    ],
)  # fmt: skip
def test_what_becomes_of_a_policy(policy: str, then: str) -> None:
    assert admitted(policy) == then
    assert admitted(then) == then  # once is enough


def test_in_a_meta_only_the_address_is_let_in() -> None:
    """Our script stands before it, where it does not count yet."""
    assert admitted("default-src 'self' data:", script=None) == "default-src 'self' data:"
    assert (
        admitted("script-src 'none'; connect-src wss:", script=None) == f"script-src 'none'; connect-src wss: {ADDRESS}"
    )


DIRECTIVES = st.sampled_from(
    ["default-src", "script-src", "script-src-elem", "connect-src", "style-src", "img-src", "report-uri", "sandbox"]
)
SOURCES = st.lists(
    st.sampled_from(
        ["'self'", "'none'", "'unsafe-inline'", "'nonce-x'", "'sha256-y'", "*", "https:", "a.example", "/r"]
    ),
    max_size=4,
)
POLICIES = st.lists(st.tuples(DIRECTIVES, SOURCES), max_size=6).map(
    lambda parts: "; ".join(" ".join([name, *sources]) for name, sources in parts)
)


def parsed(policy: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for directive in policy.split(";"):
        if words := directive.split():
            found.setdefault(words[0], words[1:])
    return found


@given(POLICIES)
def test_nothing_else_is_let_in_and_nothing_is_shut_out(policy: str) -> None:
    before, after = parsed(policy), parsed(admitted(policy))
    for name, sources in after.items():
        old = before.get(name, before.get("default-src", []) if name in {"script-src", "connect-src"} else [])
        added = [source for source in sources if source not in old]
        assert set(added) <= {HASH, ADDRESS}
        assert [source for source in old if source not in sources] in ([], ["'none'"], ["'none'"] * old.count("'none'"))
        # A hash switches 'unsafe-inline' off, and scripts of the page's own with it.
        named = any(source.startswith(("'nonce-", "'sha256-")) for source in old)
        assert "'unsafe-inline'" not in sources or HASH not in sources or named
    assert before.keys() <= after.keys()


@pytest.mark.parametrize(
    ("policy", "forbids"),
    [
        ("sandbox", True),
        ("sandbox allow-forms", True),
        ("sandbox allow-scripts allow-forms", False),
        ("script-src 'self', sandbox", True),
        ("script-src 'none'", False),
        ("", False),
    ],
)
def test_a_sandbox_without_scripts_is_left_alone(policy: str, forbids: bool) -> None:
    assert forbids_scripts(policy) is forbids
