"""Drift against all published operations: none of them is news, and each of them would be if it were not published."""

import gzip
import json
import random
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cerco.dingtalk.catalogue import PACKAGED, Catalogue, parse
from cerco.dingtalk.drift import Sighting, observe
from cerco.dingtalk.endpoints import Endpoints
from cerco.dingtalk.folding import fold_path, is_named
from cerco.dingtalk.outbound import Channel, Wire
from cerco.dingtalk.read import read
from cerco.dingtalk.scope import Scope

type See = Callable[[Wire, Catalogue], Sighting | None]
type Send = Callable[..., Wire]

FIELDS = Path(__file__).parents[1] / "data/dingtalk/text_fields.tsv.gz"
OPERATIONS = parse(PACKAGED.read_text())
# An id of DingTalk's own kind.
AN_ID = "LWCPv1kD93nX"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue(OPERATIONS)


def line(method: str, template: str) -> str:
    return f"{method} api.dingtalk.com{re.sub(r'{[^}]*}', AN_ID, template)}"


def planted(paths: list[str]) -> Any:
    """Build one body that has a value at every path."""
    body: Any = None
    for path in paths:
        steps = re.findall(r"\[\]|\{\}|[^.\[\]{}]+", path)
        if steps[:2] == ["body", "[]"]:
            steps = steps[1:]  # the body is a list itself
        body = _put(body, steps)
    return body


def _put(node: Any, steps: list[str]) -> Any:
    if not steps:
        return "x"
    step, *rest = steps
    if step == "[]":
        return [_put(node[0] if isinstance(node, list) else None, rest)]
    node = node if isinstance(node, dict) else {}
    step = "entry" if step in {"{}", "*"} else step
    return node | {step: _put(node.get(step), rest)}


@pytest.fixture(scope="module")
def see(scope: Scope) -> See:
    """Look at a request without any family, by a catalogue alone."""
    nothing = Endpoints()
    return lambda wire, catalogue: observe(wire, read(wire, scope, endpoints=nothing), catalogue, nothing)


def test_no_published_operation_is_news_and_every_new_field_is(
    see: See, send: Send, catalogue: Catalogue, capsys: pytest.CaptureFixture[str]
) -> None:
    false, missed, with_fields, tried = list[str](), list[str](), 0, 0
    rows = [row.split("\t") for row in gzip.decompress(FIELDS.read_bytes()).decode().splitlines()]
    for method, template, paths, _ in rows:
        if not paths:
            continue
        body = planted(paths.split())
        tried += 1
        false += [template] if see(send(line(method, template), body), catalogue) else []
        if isinstance(body, dict) and catalogue.keys(template):
            with_fields += 1
            sighting = see(send(line(method, template), body | {"brandNew": {"text": "x"}}), catalogue)
            missed += [] if sighting and sighting.new_keys == ("brandNew",) else [template]
    with capsys.disabled():
        sys.stdout.write(
            f"\n{tried} operations: {len(false)} taken for news; a new field of {with_fields}: {len(missed)} missed\n"
        )
    assert not false
    assert not missed
    assert (tried, with_fields) == (1863, 1815)


def test_an_operation_that_was_not_published_yet_is_news_without_its_ids(
    see: See, send: Send, capsys: pytest.CaptureFixture[str]
) -> None:
    by_api = [operation for operation in OPERATIONS if operation.method != "*"]
    later = set(random.Random(7).sample(by_api, 300))  # noqa: S311 - any choice will do, as long as it is the same
    before = Catalogue(operation for operation in OPERATIONS if operation not in later)
    exact, seen = 0, 0
    for operation in sorted(later, key=lambda one: (one.template, one.method)):
        sighting = see(send(line(operation.method, operation.template), {"a": "x"}), before)
        if sighting is None:
            continue
        seen += 1
        assert AN_ID not in json.dumps([sighting.template, sighting.shape])
        exact += _folded(sighting.template) == _folded(operation.template)
    with capsys.disabled():
        sys.stdout.write(f"\n{len(later)} operations as if new: {seen} noticed, {exact} by their full template\n")
    assert seen >= 295, "the others fit the template of a published one, such as /tasks/{id}"
    assert exact >= 0.8 * seen, "where a word is not known, it is folded like an id"


def test_names_that_dingtalk_gives_are_names() -> None:
    keys = {key for operation in OPERATIONS for key in operation.keys}
    folded = [key for key in keys if not is_named(key)]
    assert len(folded) < 0.01 * len(keys), folded
    assert all(
        fold_path(operation.template, Channel.OAPI, lambda _method, _path: None) == operation.template
        for operation in OPERATIONS
        if operation.method == "*"
    )


def _folded(template: str) -> str:
    return re.sub(r"{[^}]*}", "{id}", template)
