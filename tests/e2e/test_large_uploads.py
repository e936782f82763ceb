"""Uploads of hundreds of megabytes through a real gate: held until the verdict, on disk, and then nowhere.

What is sent is text that is quick to scan: how long it takes is the benchmarks' business.
"""

import hashlib
import http.client
import json
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cerco.lab.journal import read
from tests.e2e import world as worlds
from tests.e2e.world import World

STORE = "zjk.trans.dingtalk.com"
API = "api.dingtalk.com"
OAPI = "oapi.dingtalk.com"
LINE = b"The quick brown fox jumps over the lazy dog, and not a word here is about anybody at all\n"
BLOCK = LINE * (1_000_000 // len(LINE))
NUMBER = "澳門居民身份證號碼：5123456(7)\n".encode()
LARGE = 300  # blocks
SOME = 4
TOO_MANY = 12
MIB = 1024 * 1024
GROWTH = 200_000_000  # bytes of memory that the proxy may take for an upload of 300 MB
NARROW = {"in_memory": MIB, "held": 10 * MIB}


@pytest.fixture(scope="module")
def large_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with worlds.regular(tmp_path_factory.mktemp("large") / "world") as running:
        yield running
        running.journal.unlink()  # hundreds of megabytes


@pytest.fixture(scope="module")
def narrow_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with worlds.regular(tmp_path_factory.mktemp("narrow") / "world", {"limits": NARROW}) as running:
        yield running
        running.journal.unlink()


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def connect(world: World, host: str) -> http.client.HTTPSConnection:
    assert world.proxy.host
    context = ssl.create_default_context(cafile=str(world.proxy.ca_file))
    connection = http.client.HTTPSConnection(world.proxy.host, world.proxy.port, context=context, timeout=150)
    connection.set_tunnel(host, 443)
    return connection


def send(world: World, host: str, method: str, path: str, body: Any = b"", **headers: str) -> Answer:
    """Send a request; a body that is an iterator is sent as it comes, in chunks unless its length is given."""
    connection = connect(world, host)
    try:
        connection.request(method, path, body, headers, encode_chunked="Content-Length" not in headers)
        answer = connection.getresponse()
        return Answer(answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.read())
    finally:
        connection.close()


def offered(world: World) -> tuple[str, dict[str, str]]:
    """Ask for leave to upload a file; return the path to put it to, and the headers that go with it."""
    wanted, path = {"protocol": "HEADER_SIGNATURE"}, "/v1.0/storage/spaces/1/files/uploadInfos/query?unionId=u"
    named = {"x-acs-dingtalk-access-token": "t", "Content-Type": "application/json"}
    asked = send(world, API, "POST", path, json.dumps(wanted), **named)
    told = json.loads(asked.body)["headerSignatureInfo"]
    return told["resourceUrls"][0].partition(STORE)[2], told["headers"]


def put(world: World, blocks: int, last: bytes = b"", **headers: str) -> tuple[Answer, str]:
    """Put a file of so many blocks and an end; return the answer and the file's MD5."""
    path, signed = offered(world)
    digest = hashlib.md5(usedforsecurity=False)

    def body() -> Iterator[bytes]:
        for piece in (*[BLOCK] * blocks, last):
            digest.update(piece)
            yield piece

    size = str(blocks * len(BLOCK) + len(last))
    answer = send(world, STORE, "PUT", path, body(), **{"Content-Length": size, **signed, **headers})
    return answer, digest.hexdigest().upper()


def arrived(world: World) -> list[bytes]:
    """Return the bodies of all files that reached the store, as far as they did."""
    return [entry.body for entry in read(world.journal) if entry.method == "PUT"]


def on_disk(world: World) -> int:
    """Return the bytes of bodies that the gate holds on disk; their files have no names to look for."""
    folder = str(world.config.parent / "data" / "held")
    size = 0
    for link in Path(f"/proc/{world.pid}/fd").iterdir():
        try:
            size += link.stat().st_size if str(link.readlink()).startswith(folder) else 0
        except OSError:  # closed since
            continue
    return size


class Memory:
    """How much more memory the proxy takes at its peak, without its scanner processes."""

    def __init__(self, world: World) -> None:
        self._status = Path(f"/proc/{world.pid}/status")
        Path(f"/proc/{world.pid}/clear_refs").write_text("5")  # proc(5): the peak begins anew
        self._before = self._said("VmRSS")

    def growth(self) -> int:
        return self._said("VmHWM") - self._before

    def _said(self, name: str) -> int:
        line = next(line for line in self._status.read_text().splitlines() if line.startswith(name))
        return int(line.split()[1]) * 1024


def test_a_number_at_the_end_of_300_mb_is_found_and_not_a_byte_leaves(large_world: World) -> None:
    memory = Memory(large_world)
    answer, _ = put(large_world, LARGE, NUMBER + LINE)
    assert answer.status == 403
    record = large_world.record(answer.body.decode())
    assert record is not None
    assert (record["action"], [found["rule"] for found in record["verdict"]["findings"]]) == (
        "blocked",
        ["macau-id-card"],
    )
    assert arrived(large_world) == []
    assert memory.growth() < GROWTH
    assert on_disk(large_world) == 0


def test_300_mb_without_one_arrive_as_they_were_sent(large_world: World) -> None:
    memory = Memory(large_world)
    answer, digest = put(large_world, LARGE, b"the end")
    assert (answer.status, answer.headers["etag"].strip('"')) == (200, digest)
    assert memory.growth() < GROWTH
    assert on_disk(large_world) == 0
    assert large_world.journal.stat().st_size > LARGE * len(BLOCK)


def test_a_client_that_goes_away_half_way_leaves_nothing(narrow_world: World) -> None:
    connection = connect(narrow_world, STORE)
    connection.putrequest("PUT", "/yundisk0/abandoned.file")
    connection.putheader("Content-Length", str(2 * SOME * len(BLOCK)))
    connection.endheaders()
    for _ in range(SOME):
        connection.send(BLOCK)
    worlds.until(lambda: on_disk(narrow_world) > SOME * len(BLOCK) // 2, "the body being held", narrow_world.log)
    connection.close()
    worlds.until(lambda: on_disk(narrow_world) == 0, "the body being let go of", narrow_world.log)
    assert not any(b"abandoned" in entry.path.encode() for entry in narrow_world.entries())


@pytest.mark.parametrize("announced", [True, False])
def test_without_room_it_is_refused_and_the_next_is_served(narrow_world: World, announced: bool) -> None:
    size = {"Content-Length": str(TOO_MANY * len(BLOCK))} if announced else {}
    answer = send(narrow_world, STORE, "PUT", "/yundisk0/no-room.file", iter([BLOCK] * TOO_MANY), **size)
    assert answer.status == 403
    record = narrow_world.record(answer.body.decode())
    assert record is not None
    assert record["operation"] == "oversize.no-room"
    assert not any(b"no-room" in entry.path.encode() for entry in narrow_world.entries())
    assert on_disk(narrow_world) == 0
    assert put(narrow_world, SOME)[0].status == 200


def test_two_at_once_are_judged_each_for_itself(narrow_world: World) -> None:
    answers: dict[bytes, tuple[Answer, str]] = {}

    def run(last: bytes) -> None:
        answers[last] = put(narrow_world, SOME, last)

    threads = [threading.Thread(target=run, args=(last,)) for last in (NUMBER, b"the end of one of two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert answers[NUMBER][0].status == 403
    answer, digest = answers[b"the end of one of two"]
    assert (answer.status, answer.headers["etag"].strip('"')) == (200, digest)
    assert any(body.endswith(b"the end of one of two") for body in arrived(narrow_world))
    assert not any(NUMBER in body for body in arrived(narrow_world))


def test_nothing_leaves_before_the_last_byte_is_here(narrow_world: World) -> None:
    connection = connect(narrow_world, STORE)
    connection.putrequest("PUT", "/yundisk0/unfinished.file")
    connection.putheader("Content-Length", str(SOME * len(BLOCK)))
    connection.endheaders()
    for _ in range(SOME - 1):
        connection.send(BLOCK)
    connection.send(BLOCK[:-1])
    time.sleep(1)
    assert not any("unfinished" in entry.path for entry in narrow_world.entries())
    connection.send(BLOCK[-1:])
    connection.getresponse().read()
    connection.close()
    assert any("unfinished" in entry.path for entry in narrow_world.entries())


def test_a_form_is_refused_in_its_own_language(narrow_world: World) -> None:
    head = b'--b\r\nContent-Disposition: form-data; name="media"; filename="a.txt"\r\n\r\n'
    body = iter([head, *[BLOCK] * SOME, NUMBER, b"\r\n--b--\r\n"])
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = send(narrow_world, OAPI, "POST", "/media/upload?access_token=t&type=file", body, **kind)
    assert (answer.status, json.loads(answer.body)["errcode"]) == (200, 430104)
    assert not any(entry.path.startswith("/media/upload") for entry in narrow_world.entries())


def test_parts_that_make_a_number_are_not_put_together(narrow_world: World) -> None:
    upload = "/yundisk0/in-parts.file?uploadId=lab"
    for number, (first, last) in enumerate([(b"", NUMBER[:34]), (NUMBER[34:], b"")], 1):
        body = iter([first, *[BLOCK] * SOME, last])
        send(narrow_world, STORE, "PUT", f"{upload}&partNumber={number}", (piece for piece in body if piece))
    answer = send(narrow_world, STORE, "POST", upload, b"")
    assert answer.status == 403
    record = narrow_world.record(answer.body.decode())
    assert record is not None
    assert [found["rule"] for found in record["verdict"]["findings"]] == ["macau-id-card"]
    assert on_disk(narrow_world) == 0
