"""A Macau ID planted at every place that DingTalk's published interfaces have for text.

tests/data/dingtalk/text_fields.tsv.gz lists, for each operation of api.dingtalk.com that is no GET and takes text, its
method, path template, the paths of all strings in its body, and the names of all strings in its query. It was made
from the source of alibabacloud-dingtalk 2.2.65; "[]" is a list, "{}" a map, "*" any name in one, and a path that
begins with "body[]" or "body{}" is that of a body which is a list or map itself.
"""

import gzip
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import pytest

from cerco.dingtalk.catalogue import PACKAGED, parse
from cerco.dingtalk.outbound import Outbound, Wire

type Read = Callable[..., Outbound]
type Send = Callable[..., Wire]

ID = "1234567(8)"
TEXT = f"身份證號碼 {ID}"
FIELDS = Path(__file__).parents[1] / "data/dingtalk/text_fields.tsv.gz"
OPERATIONS = [line.split("\t") for line in gzip.decompress(FIELDS.read_bytes()).decode().splitlines()]
OAPI = [operation.template for operation in parse(PACKAGED.read_text()) if operation.method == "*"]
FORM = "application/x-www-form-urlencoded"


def planted(path: str) -> tuple[object, str]:
    """Build a body with the text at a path, and say where it stands."""
    steps = re.findall(r"\[\]|\{\}|[^.\[\]{}]+", path)
    if steps[0] == "body" and steps[1:2] in (["[]"], ["{}"]):
        steps = steps[1:]
    body: object = TEXT
    for step in reversed(steps):
        body = [body] if step == "[]" else {_name(step): body}
    place = "".join("[0]" if step == "[]" else f".{_name(step)}" for step in steps)
    return body, place.removeprefix(".")


def asked(key: str) -> tuple[dict[str, str], str]:
    """Build a query with the text under a key, in JSON where the key goes on, and say where it stands."""
    body, place = planted(key)
    if not isinstance(body, dict):
        raise TypeError(key)
    (name, value), *_ = body.items()
    if isinstance(value, str):
        return {name: value}, f"query {name}"
    inner = place.removeprefix(name).removeprefix(".")
    return {name: json.dumps(value)}, f"query {name} > {inner}"


def _name(step: str) -> str:
    return "entry" if step in {"{}", "*"} else step


def found(outbound: Outbound, place: str) -> bool:
    return any(part.place == place and part.content == TEXT for part in outbound.parts)


def lost(read: Read, wire: Wire, place: str) -> list[str]:
    return [] if found(read(wire), place) else [f"{wire.method} {wire.path.partition('?')[0]} {place}"]


def test_text_is_found_at_every_place_of_every_operation(
    read: Read, send: Send, capsys: pytest.CaptureFixture[str]
) -> None:
    misses, bodies, queries = list[str](), 0, 0
    for method, template, body_paths, query_keys in OPERATIONS:
        line = f"{method} api.dingtalk.com{re.sub(r'{[^}]*}', 'LWCPv1', template)}"
        for path in body_paths.split():
            body, place = planted(path)
            misses += lost(read, send(line, body), place)
            bodies += 1
        for key in query_keys.split():
            pair, place = asked(key)
            misses += lost(read, send(f"{line}?{urlencode(pair)}"), place)
            queries += 1
    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(OPERATIONS)} operations: {bodies} body paths, {queries} query keys, {len(misses)} not found\n"
        )
    assert not misses
    assert (len(OPERATIONS), bodies, queries) == (2128, 10923, 867)


def test_text_is_found_in_every_shape_of_every_older_call(
    read: Read, send: Send, capsys: pytest.CaptureFixture[str]
) -> None:
    misses, encoded = list[str](), urlencode({"note": TEXT})
    for path in OAPI:
        line = f"POST oapi.dingtalk.com{path}"
        misses += lost(read, send(line, {"note": TEXT}), "note")
        misses += lost(read, send(line, encoded.encode(), FORM), "form note")
        misses += lost(read, send(f"{line}?{encoded}"), "query note")
        misses += lost(read, send(f"GET oapi.dingtalk.com{path}?{encoded}"), "query note")
    with capsys.disabled():
        sys.stdout.write(f"\n{len(OAPI)} older paths in JSON, form and query: {len(misses)} not found\n")
    assert not misses
    assert len(OAPI) == 419


def test_what_is_not_planted_is_not_found(read: Read, send: Send) -> None:
    outbound = read(send("POST api.dingtalk.com/v1.0/robot/ding/send", json.dumps({"content": "-"}).encode()))
    assert not found(outbound, "content")
    assert planted("body[].a{}") == ([{"a": {"entry": TEXT}}], "[0].a.entry")
    assert asked("m[].a") == ({"m": json.dumps([{"a": TEXT}])}, "query m > [0].a")
    assert planted("m.*.a[][]") == ({"m": {"entry": {"a": [[TEXT]]}}}, "m.entry.a[0][0]")
