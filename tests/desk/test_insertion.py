"""One script goes in at the head of a page; every other byte comes out as it went in, however it comes."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cerco.desk.insertion import LONGEST, PRESCAN, Inserter

CODE = "mark()"
PIECE = b"<script>mark()</script>"


def same(policy: str) -> str:
    return policy


def passed(page: bytes, cuts: Sequence[int] = (), *, declared: bool = True) -> bytes:
    inserter = Inserter(CODE, declared=declared, policy=same)
    edges = sorted({0, len(page), *(cut % (len(page) + 1) for cut in cuts)})
    out = [inserter.feed(page[a:b]) for a, b in pairwise(edges)]
    return b"".join([*out, inserter.finish()])


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(b"<!doctype html><html><head>|<title>x</title></head><body>x", id="as usual"),
        pytest.param(
            b"<!DOCTYPE html>\n<html lang='a>b'>\n<HEAD data-x=\"<head>\">|\n<script>a</script>", id="attributes"
        ),
        pytest.param(b"<!-- <head> --><!doctype html><html>|<body>", id="a head in a comment"),
        pytest.param(b"<!--><!doctype html>|<p>x", id="an empty comment"),
        pytest.param(b"\xef\xbb\xbf<!doctype html>|<p>x", id="byte order mark"),
        pytest.param(b"  \n<!doctype html>\n|<meta charset=utf-8><p>x", id="no head tag"),
        pytest.param(b"<html>|<header>x</header>", id="a header is no head"),
        pytest.param(b"|<p>x</p>", id="a fragment"),
        pytest.param(b"|<script>x</script>", id="scripts first"),
        pytest.param(b"<!doctype html>|text", id="text after a doctype"),
        pytest.param(b"<!doctype html>|", id="nothing after a doctype"),
        pytest.param(b"<html><head>|", id="nothing after the head"),
        pytest.param(b"<?xml version='1.0'?><!doctype html><html><head>|<title>", id="an XML declaration"),
        pytest.param(b"<!doctype html><html><head>|<!-- " + b"x" * 500 + b" --></head>", id="a long comment"),
    ],
)
def test_where_the_script_goes(page: bytes) -> None:
    before, _, after = page.partition(b"|")
    assert passed(before + after) == before + PIECE + after


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b'{"not": "html"}', id="JSON"),
        pytest.param(b"just text", id="text"),
        pytest.param(b"  \n ", id="blanks"),
        pytest.param(b"\xff\xfe<\x00h\x00t\x00", id="UTF-16"),
        pytest.param(b"<3 you", id="a sign that is no tag"),
        pytest.param(b"<", id="one sign"),
        pytest.param(b"<!-- only a comment", id="an open comment"),
        pytest.param(b"\x1f\x8b\x08\x00", id="bytes"),
        pytest.param(b"<!-- " + b"x" * (LONGEST + 10) + b" --><html><head>", id="longer than anybody waits"),
    ],
)
def test_what_is_no_page_stays_as_it_is(page: bytes) -> None:
    assert passed(page) == page


PAGES = [
    b'\xef\xbb\xbf<!DOCTYPE html>\n<!-- c -->\n<html lang="x">\n<head>\n <meta charset="gbk">\n</head><body>',
    b"<!doctype html><p>x</p>",
    b"<html><head><script>var a = '<meta http-equiv=x>';</script><link rel=x></head>",
    b"text only",
    b"<HTML><HEAD></HEAD><FRAMESET></FRAMESET>",
]


@given(
    page=st.one_of(st.sampled_from(PAGES), st.binary(max_size=300).map(lambda tail: b"<!doctype html><head>" + tail)),
    tail=st.binary(max_size=40),
    cuts=st.lists(st.integers(0, 5_000), max_size=12),
    declared=st.booleans(),
)
@settings(max_examples=400)
def test_however_it_comes_it_goes_out_alike(page: bytes, tail: bytes, cuts: list[int], declared: bool) -> None:
    whole = passed(page + tail, declared=declared)
    assert passed(page + tail, cuts, declared=declared) == whole
    assert whole.count(PIECE) <= 1
    head, found, rest = whole.partition(PIECE)
    head = head.removesuffix(b'<meta charset="gbk">') if found and not declared else head
    assert head + rest == page + tail


@given(st.binary(max_size=400), st.lists(st.integers(0, 400), max_size=6))
def test_any_bytes_come_out_whole(page: bytes, cuts: list[int]) -> None:
    out = passed(page, cuts)
    assert out.replace(PIECE, b"", 1) == page or PIECE in page


def test_a_page_goes_on_as_it_comes() -> None:
    """A server that sends the head and thinks about the rest is not waited for."""
    inserter = Inserter(CODE, declared=True, policy=same)
    assert inserter.feed(b"<!doctype html><html><head><title>a</title>") == (
        b"<!doctype html><html><head>" + PIECE + b"<title>a</title>"
    )
    assert inserter.feed(b"</head><body>") == b"</head><body>"
    assert inserter.feed(b"<") == b"<"
    assert inserter.finish() == b""


def test_the_charset_stays_where_browsers_look_for_it() -> None:
    """They read 1,024 bytes; the script would push it out of them."""
    page = b"<!doctype html><html><head><meta charset=Big5><title>x</title></head>" + b"y" * 2_000
    out = passed(page, declared=False)
    assert b'<head><meta charset="Big5"><script>' in out
    assert b"Big5" in out[:PRESCAN]
    assert passed(page, declared=True) == page.replace(b"<head>", b"<head>" + PIECE)
    marked = b"\xef\xbb\xbf" + page
    assert passed(marked, declared=False) == marked.replace(b"<head>", b"<head>" + PIECE)


def test_without_a_charset_in_the_header_the_page_is_waited_for_that_long() -> None:
    inserter = Inserter(CODE, declared=False, policy=same)
    assert inserter.feed(b"<!doctype html><html><head>" + b" " * 500) == b""
    assert PIECE in inserter.feed(b" " * 500)


# ---- Policies in the page ----

META = b"<meta http-equiv=content-security-policy content=a>"


def with_policy(page: bytes, cuts: Sequence[int] = ()) -> bytes:
    inserter = Inserter(CODE, declared=True, policy=lambda said: f'{said}; connect-src "x"')
    edges = sorted({0, len(page), *(cut % (len(page) + 1) for cut in cuts)})
    out = [inserter.feed(page[a:b]) for a, b in pairwise(edges)]
    return b"".join([*out, inserter.finish()]).replace(PIECE, b"")


@pytest.mark.parametrize(
    ("page", "then"),
    [
        pytest.param(
            b'<head><meta http-equiv="Content-Security-Policy" content="script-src &#39;self&#39;">',
            b'<head><meta http-equiv="Content-Security-Policy" '
            b'content="script-src &#x27;self&#x27;; connect-src &quot;x&quot;">',
            id="a policy",
        ),
        pytest.param(
            b"<head><meta content=a HTTP-EQUIV=content-security-policy /><body>",
            b'<head><meta content="a; connect-src &quot;x&quot;" HTTP-EQUIV=content-security-policy /><body>',
            id="without quotes",
        ),
        pytest.param(b'<head><meta http-equiv="refresh" content="3">', None, id="another meta"),
        pytest.param(b"<head><script>'" + META + b"'</script>", None, id="in a script"),
        pytest.param(b"<head><!-- " + META + b" -->", None, id="in a comment"),
        pytest.param(b"<head></head><body>" + META, None, id="in the body"),
        pytest.param(b"<head><title>" + META + b"</title>", None, id="in a title"),
    ],
)  # fmt: skip
def test_a_policy_in_a_meta_is_changed_and_nothing_else(page: bytes, then: bytes | None) -> None:
    expected = page if then is None else then
    assert with_policy(page) == expected
    assert with_policy(page, range(0, len(page), 7)) == expected
