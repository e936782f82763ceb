"""Bundles: pieces of a frame are judged as the frame they make, in whatever order they come."""

import base64
import gzip
import json
import zlib
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from cerco.dingtalk import bundles as module
from cerco.dingtalk.bundles import AGAIN, BUNDLES, Bundled, Bundles
from cerco.dingtalk.outbound import Role, Wire
from cerco.dingtalk.read import read
from cerco.dingtalk.scope import Scope

type Send = Callable[..., Wire]

MARK = "客戶名單 1234567(8)"
BODY = [{"conversationId": "1:2", "content": {"contentType": 1, "textContent": {"text": MARK}}}]
SPELLED = json.dumps(BODY)


def piece(frame: Send, body: object, at: object, total: object, name: object = "b1", **more: object) -> Wire:
    headers = {"mid": f"7c2f0011 {at}", "bundle-id": name, "bundle-seq": at, "bundle-total": total, **more}
    return frame({"lwp": "/r/IDLSend/send", "headers": headers, "body": body})


def said(wire: Wire, scope: Scope) -> list[str]:
    return [part.content for part in read(wire, scope).parts if isinstance(part.content, str)]


def take(bundles: Bundles, wire: Wire) -> Bundled:
    taken = bundles.take(wire)
    assert taken is not None
    return taken


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
@pytest.mark.parametrize("base", [0, 1])
def test_the_last_piece_is_judged_with_all_the_others(
    frame: Send, scope: Scope, order: tuple[int, ...], base: int
) -> None:
    cuts = [SPELLED[:40], SPELLED[40:-10], SPELLED[-10:]]
    assert not any("1234567(8)" in cut for cut in cuts)
    bundles = Bundles()
    taken = [take(bundles, piece(frame, cuts[at], at + base, 3)) for at in order]
    assert [(one.whole, one.lost) for one in taken] == [(False, False), (False, False), (True, False)]
    outbound = read(taken[-1].wire, scope)
    assert outbound.operation == "lwp:/r/IDLSend/send"
    assert outbound.destination.conversation == "1:2"
    assert any(part.content == MARK and part.role is Role.TEXT for part in outbound.parts)


def test_a_piece_that_waits_is_judged_as_it_stands(frame: Send) -> None:
    wire = piece(frame, SPELLED, 0, 2)
    assert take(Bundles(), wire).wire is wire


SPELLINGS: dict[str, Callable[[str], Sequence[object]]] = {
    "text": lambda text: [text[:9], text[9:]],
    "text in lists": lambda text: [[text[:9]], [text[9:]]],
    "lists of objects": lambda text: [json.loads(text), []],
    "base64": lambda text: halves(base64.b64encode(text.encode()).decode()),
    "gzip, then cut": lambda text: halves(base64.b64encode(gzip.compress(text.encode())).decode()),
    "zlib, url-safe": lambda text: halves(base64.urlsafe_b64encode(zlib.compress(text.encode())).decode().rstrip("=")),
    "cut, then gzip": lambda text: [base64.b64encode(gzip.compress(half.encode())).decode() for half in halves(text)],
}


def halves(text: str) -> list[str]:
    return [text[: len(text) // 2], text[len(text) // 2 :]]


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
def test_pieces_are_read_however_they_are_spelled(
    frame: Send, scope: Scope, spell: Callable[[str], Sequence[object]]
) -> None:
    bundles = Bundles()
    first, second = spell(SPELLED)
    bundles.take(piece(frame, first, 0, 2))
    assert MARK in said(take(bundles, piece(frame, second, 1, 2)).wire, scope)


def test_a_frame_that_is_only_zipped_is_opened(frame: Send, scope: Scope) -> None:
    packed = base64.b64encode(gzip.compress(SPELLED.encode())).decode()
    wire = frame({"lwp": "/r/IDLSend/send", "headers": {"mid": "1 0", "zip": "gzip"}, "body": packed})
    assert MARK not in said(wire, scope)
    assert MARK in said(take(Bundles(), wire).wire, scope)


def test_names_and_numbers_may_be_spelled_in_any_way(frame: Send, scope: Scope) -> None:
    bundles = Bundles()
    bundles.take(piece(frame, SPELLED[:60], "0", "2", 7))
    raw = json.dumps({"headers": {"bundle-id": 7, "bundle-seq": 1, "bundle-total": 2}, "body": SPELLED[60:]})
    escaped = raw.replace("bundle", "\\u0062undle")
    assert MARK in said(take(bundles, frame(escaped.encode())).wire, scope)


def test_all_that_the_newest_piece_says_is_judged_too(frame: Send, scope: Scope) -> None:
    bundles = Bundles()
    bundles.take(piece(frame, "[", 0, 2))
    raw = (
        '{"lwp":"/r/x","headers":{"bundle-id":"b1","bundle-seq":1,"bundle-total":2,"note":"in a header"},'
        '"body":"doubled","body":"]","newest":"a name of ours","other":"beside"}'
    )
    texts = said(take(bundles, frame(raw.encode())).wire, scope)
    for text in ("in a header", "doubled", "a name of ours", "beside", "b1"):
        assert any(text in one for one in texts), text


@pytest.mark.parametrize(
    ("first", "again"), [(SPELLED[:60], "clean"), ("clean", SPELLED[:60])], ids=["first dirty", "last dirty"]
)
def test_a_piece_sent_twice_is_read_both_ways(frame: Send, scope: Scope, first: str, again: str) -> None:
    bundles = Bundles()
    for body in (first, again):
        bundles.take(piece(frame, body, 0, 2))
    assert any(MARK in text for text in said(take(bundles, piece(frame, SPELLED[60:], 1, 2)).wire, scope))


def test_a_last_piece_sent_again_is_judged_with_the_others_again(frame: Send, scope: Scope) -> None:
    bundles = Bundles()
    bundles.take(piece(frame, SPELLED[:60], 0, 2))
    assert take(bundles, piece(frame, "]", 1, 2)).whole
    again = take(bundles, piece(frame, SPELLED[60:], 1, 2))
    assert again.whole
    assert any(MARK in text for text in said(again.wire, scope))


def test_the_smallest_total_that_was_named_counts(frame: Send) -> None:
    bundles = Bundles()
    assert not take(bundles, piece(frame, "[", 0, 2)).whole
    assert take(bundles, piece(frame, "]", 1, 99)).whole


LOST = {
    "no number": {"bundle-id": "b", "bundle-total": 2},
    "no name": {"bundle-seq": 0, "bundle-total": 2},
    "no total": {"bundle-id": "b", "bundle-seq": 0},
    "a total of none": {"bundle-id": "b", "bundle-seq": 0, "bundle-total": 0},
    "a number in words": {"bundle-id": "b", "bundle-seq": "one", "bundle-total": 2},
    "a number below none": {"bundle-id": "b", "bundle-seq": -1, "bundle-total": 2},
    "a fraction": {"bundle-id": "b", "bundle-seq": 1.5, "bundle-total": 2},
    "a name that is none": {"bundle-id": ["b"], "bundle-seq": 0, "bundle-total": 2},
}


@pytest.mark.parametrize("headers", LOST.values(), ids=LOST)
def test_a_piece_without_its_place_is_lost(frame: Send, headers: dict[str, object]) -> None:
    wire = frame({"lwp": "/r/x", "headers": headers, "body": "x"})
    assert Bundles().take(wire) == Bundled(wire, whole=False, lost=True)


def test_what_cannot_be_held_is_lost_and_stays_so(frame: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HELD", 1_000)
    bundles = Bundles()
    assert not take(bundles, piece(frame, "x" * 600, 0, 3)).lost
    assert take(bundles, piece(frame, "x" * 600, 1, 3)).lost
    assert take(bundles, piece(frame, "x", 2, 3)).lost
    assert not take(bundles, piece(frame, "x" * 600, 0, 2, "b2")).lost, "its room is free again"


def test_whole_bundles_make_room_for_new_ones_and_are_not_started_over(
    frame: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "HELD", 1_000)
    bundles = Bundles()
    assert take(bundles, piece(frame, "x" * 600, 0, 1)).whole
    assert take(bundles, piece(frame, "x" * 600, 0, 1, "b2")).whole
    assert take(bundles, piece(frame, "y", 0, 1)).lost, "the others of its pieces are gone"


def test_too_many_unfinished_bundles_are_lost(frame: Send) -> None:
    bundles = Bundles()
    for number in range(BUNDLES):
        assert not take(bundles, piece(frame, "x", 0, 2, number)).lost
    assert take(bundles, piece(frame, "x", 0, 2, "more")).lost
    assert take(bundles, piece(frame, "x", 1, 2, 5)).whole
    assert not take(bundles, piece(frame, "x", 0, 2, "more")).lost


def test_too_many_versions_of_a_piece_are_lost(frame: Send) -> None:
    bundles = Bundles()
    for number in range(AGAIN):
        assert not take(bundles, piece(frame, f"x{number}", 0, 2)).lost
    assert not take(bundles, piece(frame, "x0", 0, 2)).lost, "the same again is no version"
    assert take(bundles, piece(frame, "another", 0, 2)).lost


def test_what_expands_without_measure_is_lost(frame: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "UNZIPPED", 10_000)
    packed = base64.b64encode(gzip.compress(b"x" * 20_000)).decode()
    wire = frame({"lwp": "/r/x", "headers": {"zip": 1}, "body": packed})
    assert take(Bundles(), wire).lost


def test_what_is_nested_without_measure_is_lost(frame: Send) -> None:
    wire = frame(f'{{"headers":{{"zip":1}},"body":{"[" * 3_000}{"]" * 3_000}}}'.encode())
    taken = Bundles().take(wire)
    assert taken is None or taken.lost


@pytest.mark.parametrize(
    "body",
    [
        {"lwp": "/r/x", "headers": {"mid": "1 0"}, "body": ["a bundle of things, zipped"]},
        {"lwp": "/!", "headers": {"mid": "1 0"}},
        ["bundle"],
        b"bundle, not JSON",
        b"\xff\xfebundle",
    ],
)
def test_any_other_frame_is_judged_as_it_stands(frame: Send, body: object) -> None:
    assert Bundles().take(frame(body)) is None


@given(st.data())
@hypothesis(max_examples=60, deadline=None)
def test_any_cut_in_any_order_makes_the_same_frame(frame: Send, scope: Scope, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(1, len(SPELLED) - 1), max_size=5)))
    ends = [0, *cuts, len(SPELLED)]
    pieces = [piece(frame, SPELLED[ends[at] : ends[at + 1]], at, len(cuts) + 1) for at in range(len(cuts) + 1)]
    bundles = Bundles()
    taken = [take(bundles, wire) for wire in data.draw(st.permutations(pieces))]
    assert [one.whole for one in taken] == [False] * len(cuts) + [True]
    assert MARK in said(taken[-1].wire, scope)
